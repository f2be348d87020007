"""Write what Sphinx reads: each notebook and each page of the course, with links that work there, and collections."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import nbformat

from ..settings import COURSE, NOTEBOOKS
from ..teaching.pages import heading
from ..teaching.stamp import BADGES, badges, read_address, read_branch
from .lesson import to_page
from .words import Found, calls, terms, then_and_now

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
MOVED = {
    "README.md": "index.md",
    ".github/CONTRIBUTING.md": "contributing.md",
    ".github/CHANGELOG.md": "changelog.md",
    "tests/README.md": "tests.md",
}
SIDE = {  # the table of contents; {} stands for all lessons
    "Lessons": "{}",
    "Look up": "notebooks/HELP more/glossary more/calls more/then_and_now more/cards",
    "Teach": "notebooks/TEACH notebooks/PREPARE notebooks/MAKE_YOURS",
    "Behind it": "changelog data_samples/README contributing tests",
}


def write_sources(folder: Path, live: Callable[[str], str]) -> None:
    """Write the pages into `folder`. live: the HTML of an explorer, by the name of the function that makes it."""
    address, branch = read_address(), read_branch()
    lessons = sorted(NOTEBOOKS.glob("*.ipynb"))
    notebooks = [nbformat.read(path, as_version=4) for path in lessons]
    texts = [*(COURSE / path for path in MOVED), *COURSE.glob("notebooks/*.md"), *COURSE.glob("data_samples/*.md")]
    pages = {path.relative_to(COURSE): path.relative_to(COURSE) for path in [*lessons, *texts]}
    pages |= {Path(path): Path(page) for path, page in MOVED.items()}

    def linked(text: str, path: Path, page: Path) -> str:
        """The text of a file of the course with links that work from `page`. What the site lacks: in the repository."""

        def change(link: re.Match) -> str:
            picture, words, target = link.groups()
            name, mark, anchor = target.partition("#")
            if not name or re.match(r"\w+:", name):
                return link[0]
            file = Path(os.path.relpath(COURSE / path.parent / unquote(name), COURSE))
            if picture:
                new = Path("pictures", file.name)
                (folder / new).parent.mkdir(exist_ok=True)
                shutil.copy(COURSE / file, folder / new)
            elif file in pages:
                new = pages[file]
            else:
                return f"[{words}]({address}/blob/{branch}/{file.as_posix()}{mark}{anchor})" if address else words
            return f"{picture}[{words}]({Path(os.path.relpath(new, page.parent)).as_posix()}{mark}{anchor})"

        return LINK.sub(change, text)

    def write(page: Path, text: str) -> None:
        (folder / page).parent.mkdir(exist_ok=True)
        (folder / page).write_text(text, encoding="utf-8")

    def where(found: Found) -> str:
        path = lessons[found.lesson]
        return _link(heading(notebooks[found.lesson]).removeprefix("# "), found.heading, f"../notebooks/{path.name}")

    def said(found: Found) -> str:
        return linked(found.text, lessons[found.lesson].relative_to(COURSE), Path("more/page.md"))

    def collect(name: str, title: str, aim: str, rows: list[str]) -> None:
        write(Path(f"more/{name}.md"), "\n".join([f"# {title}\n\n{aim}\n", *rows]))

    rows = [f"**{term.what}**\n: {said(term)} ({where(term)})\n" for term in terms(notebooks)]
    collect("glossary", "Glossary", "Each term, as the lesson that needs it first explains it.", rows)
    rows = [f"**{where(then)}**\n\n{said(then)}\n" for then in then_and_now(notebooks)]
    collect("then_and_now", "Then and now", "Calls of 2017 to 2020, and what they are today.", rows)
    rows = [f"| `{call.what}` | {where(call)} |" for call in calls(notebooks)]
    rows = ["| call | lesson |", "|---|---|", *rows]
    collect("calls", "Calls", "What the lessons take from PyTorch, and where first.", rows)
    rows = ["| lesson | to print | to project |", "|---|---|---|"]
    for notebook, path in zip(notebooks, lessons, strict=True):
        if path.name[0] != "0":
            continue
        links = [f'<a href="../handouts/{path.stem}_{kind}.html">{kind}</a>' for kind in ("card", "slides")]
        title = _link(heading(notebook).removeprefix("# "), "", f"../notebooks/{path.name}")
        rows.append(f"| {title} | {' | '.join(links)} |")
    book = '<a href="../book/index.html">The whole course on one page</a>: 250 sheets. What is open is printed, too.'
    collect("cards", "Cards and slides", f"The brick of each lesson on one page, and its slides. {book}", rows)
    for path in texts:
        path = path.relative_to(COURSE)
        side = _side(lessons) if path.name == "README.md" and path.parent == Path() else ""
        text = BADGES.sub(
            "**Read and try it here: [0 · Start here](notebooks/00_start_here.ipynb).**" if side else "",
            (COURSE / path).read_text("utf-8"),
        )
        write(pages[path], linked(text, path, pages[path]) + side)
    for notebook, path in zip(notebooks, lessons, strict=True):
        path = path.relative_to(COURSE)
        links = re.sub(r"<!--.*?--> · |<!--.*?-->", "", badges(address, path.as_posix(), branch))
        page = to_page(notebook, live, links or "[install the course](../README.md#start).")
        for cell in page.cells:
            if cell.cell_type == "markdown":
                cell.source = linked(cell.source, path, path)
        write(path, nbformat.writes(page))


def _side(lessons: list[Path]) -> str:
    """The table of contents at the side of each page."""
    names = " ".join(f"notebooks/{path.stem}" for path in lessons)
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + entries.format(names).replace(" ", "\n") + "\n```\n"
        for caption, entries in SIDE.items()
    )


def _link(title: str, section: str, page: str) -> str:
    """A link to a section of a lesson, which says both."""
    from myst_parser.mdit_to_docutils.base import github_slugify  # one of the site's own packages

    plain = re.sub(r"[`*]", "", section)
    return f"[{title}]({page})" if plain in ("", title) else f"[{title}, {plain}]({page}#{github_slugify(plain)})"
