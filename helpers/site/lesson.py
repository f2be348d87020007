"""A notebook as a page of the site: what needs a kernel there is replaced by what a browser can do alone."""

import re
from collections.abc import Callable

from nbformat import NotebookNode
from nbformat.v4 import new_output

from ..practice import QUIZZES
from ..practice.looks import to_html
from ..practice.quizzes import LETTERS, how_many, report_link
from ..teaching.pages import BOXES, EXPLORER, QUIZ

CHECK = re.compile(r"^check\(", re.MULTILINE)
PROGRESS = re.compile(r"(?<!import )\bshow_progress\(")
READING = """{{.bricks-launch}}
> **You are reading.** The outputs are of our run. Here, {here}. *Run*, *press* and *check* mean the notebook: {launch}
"""
KINDS = BOXES | {"🟪": "then"}
QUOTE = re.compile(rf"^(?=> ({'|'.join(KINDS)}))", re.MULTILINE)


def to_page(notebook: NotebookNode, live: Callable[[str], str], launch: str) -> NotebookNode:
    """The notebook, changed for the site.

    live: gives the HTML of an explorer by the name of the function that makes it.
    launch: Markdown links that open the notebook where it runs.
    """
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    here = ["one slider of each explorer moves"] if EXPLORER.search(code) else []
    here = ", ".join([*here, *(["the quiz answers"] if QUIZ.search(code) else []), "and solutions open"])
    box = READING.format(here=here.removeprefix("and "), launch=launch)
    title = notebook.cells[0]  # the links to its neighbours stand on the page already
    title.source = re.sub(r"\n*.*<!-- colab -->.*", "", title.source).replace("\n", f"\n\n{box}\n", 1)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if PROGRESS.search(cell.source):
                cell.source = "Your answers are kept in this browser, and nowhere else."
            cell.source = QUOTE.sub(lambda found: f"{{.bricks-{KINDS[found[1]]}}}\n", cell.source)
            continue
        tags, pictures = cell.metadata.setdefault("tags", []), {}
        for output in cell.outputs:
            for kind, about in output.get("metadata", {}).items():
                if kind.startswith("image/"):  # without this, MyST-NB drops both
                    pictures = {"alt": about["alt"], "width": f"{about['width']}px"}
        cell.metadata["mystnb"] = {"image": pictures} if pictures else {}
        if PROGRESS.search(cell.source):
            tags.append("remove-cell")
        elif cell.metadata.get("jupyter", {}).get("source_hidden"):
            tags.append("hide-input")
        if found := EXPLORER.search(cell.source):
            cell.outputs = _html(live(found[1]))
        elif found := QUIZ.search(cell.source):
            tags.append("remove-input")
            cell.outputs = _html(quiz_html(found[1]))
        elif CHECK.search(cell.source):
            cell.outputs = _html('<p class="bricks-note">The check needs the notebook: it looks at what you made.</p>')
    return notebook


def _html(text: str) -> list[NotebookNode]:
    return [new_output("display_data", {"text/html": text})]


def quiz_html(lesson: str) -> str:
    """The questions of a lesson. Each choice opens its explanation, without any script; bricks.js keeps the answers."""
    questions = []
    for number, question in enumerate(QUIZZES[lesson], 1):
        name, rows = f"{int(lesson)}.{number}", []
        for letter, choice in zip(LETTERS, question.choices, strict=False):
            kind, mark = ("right", "✓") if choice.right else ("wrong", "✗")
            rows.append(
                f'<details class="bricks-{kind}"><summary><b>{letter}</b> <span>{to_html(choice.text)}</span></summary>'
                f"<p><b>{mark} {letter}, {choice.verdict}.</b> {to_html(choice.why)}</p></details>"
            )
        if link := report_link(name):
            rows.append(f'<p class="bricks-note">{link}</p>')
        questions.append(
            f'<section class="bricks-ask" data-question="{name}" data-answers="{question.answers}">'
            f"<p><b>{number}. {to_html(question.text)}</b>{how_many(question)}</p>{''.join(rows)}</section>"
        )
    end = '<p role="status"></p><button class="bricks-forget" hidden>Close all answers</button>'
    return f'<div class="bricks-quiz">{"".join(questions)}{end}</div>'
