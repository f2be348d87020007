"""Slides, a card and a key for print from each notebook: files that need no network and no other file.

    python -m helpers.teaching.handouts                  # all lessons, into notebooks/handouts/
    python -m helpers.teaching.handouts 02 05 --out DIR  # some, elsewhere
    python -m helpers.teaching.handouts my_notebooks     # those of a folder; a notebook's path will do, too

Slides: they follow the slide type of each cell (JupyterLab: Property Inspector → Common Tools). Besides, a heading
inside a cell starts a slide, and so does a picture below long code. The guide's words become speaker notes.
Card: the aim of the lesson (the cell tagged "aim"), the code cells tagged "card", and the code, lists and tables of
the cells tagged "recap". Key: each exercise with its solution, and each question with its answers, for the instructor.
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

from ..files.writing import write_whole
from ..settings import NOTEBOOKS
from .pages import BOXES, card_cells, key_cells, slide_cells

HANDOUTS = NOTEBOOKS / "handouts"
# Read as files, never run as packages: the first brings reveal.js 5.2, the second writes formulas as MathML.
PACKAGES = ["sphinx-revealjs==3.2.1", "latex2mathml==3.81.1"]


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


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown, with formulas as MathML, pictures inside the page, and links that work from there."""

    folder = NOTEBOOKS  # of the notebook that is read

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
        if (file := self.folder / url).is_file():
            content = base64.b64encode(file.read_bytes()).decode()
            url = f"data:{mimetypes.guess_type(file)[0]};base64,{content}"
        return super().image(text, url, title)

    def link(self, text, url, title=None):
        url = re.sub(r"^([^/]*)\.ipynb$", r"\1_slides.html", url)
        return super().link(text, url, title) if url.startswith("http") or url.endswith("_slides.html") else text

    def block_quote(self, text):
        kind = next((kind for mark, kind in BOXES.items() if text.strip().startswith(f"<p>{mark}")), "")
        return f'<blockquote class="{kind}">{text}</blockquote>\n'


def _exporter(template: str, renderer: _Renderer) -> HTMLExporter:
    exporter = HTMLExporter(template_name=template, extra_template_basedirs=[str(Path(__file__).parent / "templates")])
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    exporter.register_filter("markdown2html", lambda source: MarkdownWithMath(renderer).render(source))
    return exporter


def find_notebooks(words: list[str]) -> list[Path]:
    """The notebooks that words name: by a path, of a notebook or a folder, or as the name of a lesson begins.

    Without words: all lessons. ValueError, with what there is, for a word that names none, and if two have one name.
    """
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    found = [] if words else lessons
    for word in words:
        path = Path(word)
        named = [path] if path.is_file() and path.suffix == ".ipynb" else sorted(path.glob("*.ipynb"))
        named = named or [lesson for lesson in lessons if lesson.name.startswith(word)]
        if not named:
            there = ", ".join(lesson.stem for lesson in lessons)
            raise ValueError(f"{word} is no notebook, no folder that holds one, and no lesson. Lessons are {there}.")
        found += [path.resolve() for path in named]
    by_name = {}
    for path in dict.fromkeys(found):
        if path is not (other := by_name.setdefault(path.stem, path)):
            raise ValueError(f"{other} and {path} would have the same handouts. Make them in turn, with another --out.")
    return list(by_name.values())


def build(notebooks: list[Path], out: Path = HANDOUTS) -> list[Path]:
    """Write `<lesson>_slides.html`, `<lesson>_card.html` and `<lesson>_key.html` into `out`. Returns these files.

    Of a notebook that cannot be read, or lacks what a file shows, that file is named and left out. A notebook without
    exercises and quiz has no key. OSError if `out` cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        raise OSError(f"Nothing can be written into {out}: {error.strerror}. Name another folder with --out.") from None
    packages = fetch_packages()
    if str(packages) not in sys.path:
        sys.path.append(str(packages))
    reveal = packages / "sphinx_revealjs/_static/revealjs"
    files = {"css": "dist/reveal.css", "js": "dist/reveal.js", "notes": "plugin/notes/notes.js"}
    reveal = {name: (reveal / file).read_text("utf-8") for name, file in files.items()}
    renderer = _Renderer(escape=False, exclude_anchor_links=True)
    slides, paper = _exporter("slides", renderer), _exporter("print", renderer)
    kinds = {"slides": (slide_cells, slides), "card": (card_cells, paper), "key": (key_cells, paper)}
    written = []
    for path in notebooks:
        renderer.folder = path.parent
        for kind, (cells, exporter) in kinds.items():
            resources = {"metadata": {"name": f"{path.stem} {kind}"}, "reveal": reveal, "kind": kind}
            try:
                if not (content := cells(nbformat.read(path, as_version=4))):
                    continue
                page = exporter.from_notebook_node(content, resources)[0]
            except Exception as error:  # a stranger's notebook makes these libraries raise almost anything
                print(f"{path.name}: no {kind}, {str(error) or type(error).__name__}", file=sys.stderr)
                continue
            write_whole(out / f"{path.stem}_{kind}.html", page)
            written.append(out / f"{path.stem}_{kind}.html")
    return written


def main(words: list[str] | None = None):
    parser = argparse.ArgumentParser(prog="python -m helpers.teaching.handouts", description=__doc__.splitlines()[0])
    what = 'how names of lessons begin, such as "02", or paths of notebooks or folders; default: all lessons'
    parser.add_argument("notebooks", nargs="*", help=what)
    parser.add_argument("--out", type=Path, default=HANDOUTS, help="folder, default: notebooks/handouts")
    chosen = parser.parse_args(words)
    try:
        print(*build(find_notebooks(chosen.notebooks), chosen.out), sep="\n")
    except ValueError as error:
        parser.error(str(error))
    except OSError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
