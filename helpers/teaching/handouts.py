"""Slides and a card for print from each notebook: two files that need no network and no other file.

    python -m helpers.teaching.handouts                  # all lessons, into notebooks/handouts/
    python -m helpers.teaching.handouts 02 05 --out DIR  # some, elsewhere

The slides follow the slide type of each cell (JupyterLab: Property Inspector → Common Tools). Besides, a heading
inside a cell starts a slide, and so does a picture below long code. The card holds the aim of the lesson, the code
cells tagged "card", and the code, lists and tables of the recap.
"""

import argparse
import base64
import html
import mimetypes
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..files.writing import write_whole
from ..settings import COURSE

NOTEBOOKS = COURSE / "notebooks"
HANDOUTS = NOTEBOOKS / "handouts"
# Read as files, never run as packages: the first brings reveal.js 5.2, the second writes formulas as MathML.
PACKAGES = ["sphinx-revealjs==3.2.1", "latex2mathml==3.81.1"]
LONG = 8  # lines of code that leave room for a picture on the same slide


def fetch_packages(folder: Path = HANDOUTS / ".packages") -> Path:
    """The folder with PACKAGES, which pip fetches the first time. OSError, with what to do, if it can't."""
    if all((folder / f"{name.replace('-', '_').replace('==', '-')}.dist-info").exists() for name in PACKAGES):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as new:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=1", "--timeout=10", "--no-deps"]
        command += ["--only-binary=:all:", f"--target={new}/packages", *PACKAGES]
        pip = subprocess.run(command, capture_output=True, text=True)
        if pip.returncode:
            reason = (pip.stderr.strip().splitlines() or ["no message"])[-1]
            raise OSError(
                f"The slides need {' and '.join(PACKAGES)} in {folder}. They are not there, and pip could not fetch "
                f"them ({reason}). Connect to the internet and run this command again, once. Or copy that folder "
                "from a computer where it has run."
            )
        if folder.exists():  # with other versions
            folder.rename(Path(new, "old"))
        Path(new, "packages").rename(folder)
    return folder


BOXES = ("Predict", "Question", "Check")  # quotations that begin with these words have colours of their own


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas as MathML, pictures inside the page, and links that work from there."""

    def inline_math(self, body, display="inline"):
        from latex2mathml.converter import convert

        try:
            return convert(body, display=display)
        except Exception:  # a slip in a formula makes it raise almost anything
            return f"<code>{html.escape(body)}</code>"

    def block_math(self, body):
        return f"<p>{self.inline_math(body, 'block')}</p>"

    def latex_environment(self, name, body):
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def image(self, text, url, title=None):
        if (file := NOTEBOOKS / url).is_file():
            content = base64.b64encode(file.read_bytes()).decode()
            url = f"data:{mimetypes.guess_type(file)[0]};base64,{content}"
        return super().image(text, url, title)

    def link(self, text, url, title=None):
        url = re.sub(r"^([^/]*)\.ipynb$", r"\1_slides.html", url)
        return super().link(text, url, title) if url.startswith("http") or url.endswith("_slides.html") else text

    def block_quote(self, text):
        kind = next((kind for kind in BOXES if f"<strong>{kind}.</strong>" in text), "").lower()
        return f'<blockquote class="{kind}">{text}</blockquote>\n'


def _exporter(template: str) -> HTMLExporter:
    exporter = HTMLExporter(template_name=template, extra_template_basedirs=[str(Path(__file__).parent / "templates")])
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    exporter.register_filter("markdown2html", lambda source: MarkdownWithMath(renderer).render(source))
    return exporter


def slide_cells(notebook):
    """The notebook for the slides: without what is skipped, split at headings and before pictures below long code."""
    cells = []
    for place, cell in enumerate(notebook.cells):
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if cell.cell_type == "markdown":
            parts = [part for part in re.split(r"^(?=##+ )", cell.source, flags=re.MULTILINE) if part.strip()]
            kinds = [kind, *("slide" if part.startswith("## ") else "subslide" for part in parts[1:])]
            new = [new_markdown_cell(part) for part in parts]
        else:
            outputs, is_long = cell.get("outputs", []), cell.source.count("\n") >= LONG
            pictures = [o for o in outputs if is_long and any("image/" in mime for mime in o.get("data", {}))]
            text = [output for output in outputs if output not in pictures]
            new = [new_code_cell(cell.source, outputs=text), new_code_cell(outputs=pictures)]
            kinds = [kind, "subslide" if pictures and kind != "skip" else "skip"]
        for number, (part, kind) in enumerate(zip(new, kinds, strict=True)):
            part.id, part.metadata["slideshow"] = f"{cell.get('id', place)}-{number}", {"slide_type": kind}
            cells += [part] if kind != "skip" else []
    return new_notebook(cells=cells)


def card_cells(notebook):
    """The notebook for the card: title and aim, the brick's code, and the lists and tables of the recap."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    aim = re.search(r"^\*\*After this lesson you can\*\*.*$", text, re.MULTILINE)
    recap = re.search(r"^## Recap.*\n([\s\S]*?)(?=^## |\Z)", text, re.MULTILINE)
    if not aim or not recap:
        raise ValueError("it has no line **After this lesson you can**, or no part ## Recap")
    aim, blocks = aim[0], re.findall(r"^```[\s\S]*?^```|^(?:[#|-].*(?:\n|\Z))+", recap[1], re.MULTILINE)
    fences = "\n\n".join(block for block in blocks if block.startswith("```"))
    lists = "\n".join(block for block in blocks if not block.startswith("```"))
    title, fences, lists = map(new_markdown_cell, [f"{text.splitlines()[0]}\n\n{aim}", fences, lists])
    code = [new_code_cell(cell.source) for cell in notebook.cells if "card" in cell.metadata.get("tags", [])]
    return new_notebook(cells=[title, *code, fences, lists])


def build(notebooks: list[Path], out: Path = HANDOUTS) -> list[Path]:
    """Write `<lesson>_slides.html` and `<lesson>_card.html` for each notebook into `out`. Returns these files.

    A notebook that cannot be read, or lacks what a card shows, is named and left out.
    """
    packages = fetch_packages()
    if str(packages) not in sys.path:
        sys.path.append(str(packages))
    reveal = packages / "sphinx_revealjs/_static/revealjs"
    files = {"css": "dist/reveal.css", "js": "dist/reveal.js", "notes": "plugin/notes/notes.js"}
    reveal = {name: (reveal / file).read_text("utf-8") for name, file in files.items()}
    kinds = {"slides": (slide_cells, _exporter("slides")), "card": (card_cells, _exporter("card"))}
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for path in notebooks:
        for kind, (cells, exporter) in kinds.items():
            resources = {"metadata": {"name": f"{path.stem} {kind}"}, "reveal": reveal}
            try:
                page = exporter.from_notebook_node(cells(nbformat.read(path, as_version=4)), resources)[0]
            except Exception as error:  # a stranger's notebook makes these libraries raise almost anything
                print(f"{path.name}: no {kind}, {str(error) or type(error).__name__}", file=sys.stderr)
                continue
            write_whole(out / f"{path.stem}_{kind}.html", page)
            written.append(out / f"{path.stem}_{kind}.html")
    return written


def main(words: list[str] | None = None):
    parser = argparse.ArgumentParser(prog="python -m helpers.teaching.handouts", description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help='how the names of the lessons begin, such as "02"; default: all')
    parser.add_argument("--out", type=Path, default=HANDOUTS, help="folder, default: notebooks/handouts")
    chosen = parser.parse_args(words)
    notebooks = [p for p in sorted(NOTEBOOKS.glob("*.ipynb")) if p.name.startswith(tuple(chosen.lessons) or "")]
    if not notebooks:
        parser.error(f"no notebook in {NOTEBOOKS} has a name that begins with {' or '.join(chosen.lessons)}")
    try:
        print(*build(notebooks, chosen.out), sep="\n")
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
