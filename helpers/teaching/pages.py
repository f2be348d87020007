"""What of a notebook goes into its slides, its card and its key: by slide types, tags, and the guide's words."""

import itertools
import re

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ..settings import NOTEBOOKS

GUIDE = NOTEBOOKS / "TEACH.md"  # its words on each lesson become speaker notes
LONG = 8  # lines of code that leave room for a picture on the same slide
EXPLORER = re.compile(r"\b(explore_\w+|train_with_dashboard)\(")
QUIZ = re.compile(r"^quiz\([\"'](.+?)[\"']\)", re.MULTILINE)
BOXES = {"🟦": "predict", "🟨": "question", "🟩": "check"}  # what a quotation begins with, and its class in CSS
OWN = re.compile(r"^@exercise\(|^QUIZZES\[", re.MULTILINE)  # checks and questions that stand in the notebook itself


def slide_type(cell: NotebookNode) -> str:
    """Where a cell goes in the slides. What would give an answer away goes nowhere."""
    is_code = cell.cell_type == "code"
    gives_away = "<details>" in cell.source or is_code and (QUIZ.search(cell.source) or OWN.search(cell.source))
    return "skip" if gives_away else cell.metadata.get("slideshow", {}).get("slide_type", "-")


def heading(notebook: NotebookNode) -> str:
    """Its title, such as "# 3 · The DataLoader", or ""."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return (re.findall(r"^# .*", text, re.MULTILINE) or [""])[0]


def tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    """The cells that have this tag. ValueError if none has it."""
    cells = [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]
    if not cells:
        raise ValueError(f'no cell has the tag "{tag}". Give it one in JupyterLab: Property Inspector, Common Tools.')
    return cells


def guide_notes(notebook: NotebookNode) -> dict[int, str]:
    """What the guide says to the lesson of this title, by the number of the cell to whose slide it belongs.

    Its first bold words (the objectives) go to the first slide, the last ones before its last table (what to ask) to
    the explorer or else the first code, and that table (misconceptions) to the recap.
    """
    title = heading(notebook).removeprefix("# ")
    section = rf"^### .*\b{re.escape(title)}\n([\s\S]*?)(?=^##|\Z)"
    section = title and GUIDE.is_file() and re.search(section, GUIDE.read_text("utf-8"), re.MULTILINE)
    if not section:
        return {}
    blocks = section[1].strip().split("\n\n")
    first = next((i for i, block in enumerate(blocks) if "**" in block), 0)
    table = max((i for i, block in enumerate(blocks) if block.startswith("|")), default=len(blocks))
    ask = max((i for i in range(first + 1, table) if blocks[i].startswith("**")), default=table)
    cells = list(enumerate(notebook.cells))
    shown = [i for i, cell in cells if slide_type(cell) not in ("skip", "notes")]
    explorers = [i for i, cell in cells if EXPLORER.search(cell.source)]
    code = [i for i in shown if notebook.cells[i].cell_type == "code"]
    recap = [i for i, cell in cells if "recap" in cell.metadata.get("tags", [])]
    notes = {}
    for places, said in [
        (shown, re.sub(r"^.*?(?=\*\*)", "", blocks[first])),  # without the link before it
        (explorers or code, "\n\n".join(blocks[ask:table])),
        (recap, "\n\n".join(blocks[table : table + 1])),
    ]:
        if places and said:
            notes[places[0]] = f"{notes.get(places[0], '')}\n\n{said}"
    return notes


def slide_cells(notebook: NotebookNode) -> NotebookNode:
    """The notebook for the slides: without what is skipped, split at headings and before pictures below long code.

    What follows an output waits as the output does: nobody reads an answer before the question.
    """
    cells, notes, waits = [], guide_notes(notebook), False
    for place, cell in enumerate(notebook.cells):
        kind = slide_type(cell)
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
        if place in notes:
            new.insert(1, new_markdown_cell(notes[place]))
            kinds.insert(1, "notes")
        for number, (part, kind) in enumerate(zip(new, kinds, strict=True)):
            kind = "fragment" if kind == "-" and waits else kind
            if kind not in ("skip", "notes"):
                waits = bool(part.source and part.get("outputs"))
            part.id, part.metadata["slideshow"] = f"{cell.get('id', place)}-{number}", {"slide_type": kind}
            cells += [part] if kind != "skip" else []
    return new_notebook(cells=cells)


def card_cells(notebook: NotebookNode) -> NotebookNode:
    """The notebook for the card: title and aim, the brick's code, and the lists and tables of the recap."""
    aim = tagged(notebook, "aim")[0].source
    bold = re.search(r"^\*\*.*", aim, re.MULTILINE)
    recap = "\n\n".join(cell.source for cell in tagged(notebook, "recap") if cell.cell_type == "markdown")
    recap = re.split(r"\n## ", recap)[0]  # what comes below the next heading is no recap
    blocks = re.findall(r"^```[\s\S]*?^```|^(?:(?:###|[|-]).*(?:\n|\Z))+", recap, re.MULTILINE)
    fences = "\n\n".join(block for block in blocks if block.startswith("```"))
    lists = "\n".join(block for block in blocks if not block.startswith("```"))
    title = f"{heading(notebook)}\n\n{bold[0] if bold else aim}"
    title, fences, lists = map(new_markdown_cell, [title, fences, lists])
    code = [new_code_cell(cell.source) for cell in notebook.cells if "card" in cell.metadata.get("tags", [])]
    return new_notebook(cells=[title, *code, fences, lists])


def key_cells(notebook: NotebookNode) -> NotebookNode | None:
    """The notebook for the key: exercises with their solutions, questions with their answers. None if it has none."""
    cells = []
    for place, cell in enumerate(notebook.cells):
        if "exercise" in cell.metadata:
            below = itertools.takewhile(lambda cell: "exercise" not in cell.metadata, notebook.cells[place + 1 :])
            solution = next((cell.source for cell in below if "<details>" in cell.source), "")
            if not solution:
                raise ValueError(f"no solution is folded (<details>) below exercise {cell.metadata['exercise']}.")
            solution = re.sub(r"<summary>(.*?)</summary>", r"**\1**", re.sub(r"</?details>", "", solution))
            task = notebook.cells[place - 1].source
            cells += [new_markdown_cell(task), new_code_cell(cell.source), new_markdown_cell(solution)]
        elif cell.cell_type == "code" and "QUIZZES[" in cell.source and OWN.search(cell.source):
            cells.append(new_code_cell(cell.source))
        elif cell.cell_type == "code" and (found := QUIZ.search(cell.source)):
            cells += [new_markdown_cell(question) for question in _answered(found[1])]
    return new_notebook(cells=[new_markdown_cell(heading(notebook)), *cells]) if cells else None


def _answered(lesson: str) -> list[str]:
    """Each question of this lesson's quiz as HTML: its choices, which are right, and why."""
    from ..practice import QUIZZES  # brings torch, which slides do not need
    from ..practice.looks import to_html

    questions = []
    for number, question in enumerate(QUIZZES.get(lesson, ()), 1):
        rows = "".join(
            f"<li><b>{'✓' if choice.right else '✗'} {to_html(choice.text)}</b><br>{to_html(choice.why)}</li>"
            for choice in question.choices
        )
        questions.append(f'<h3>Quiz {number} · {to_html(question.text)}</h3><ol type="A">{rows}</ol>')
    return questions
