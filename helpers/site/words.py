"""What the lessons say, collected from them: their terms, their calls of PyTorch, and what has changed since 2017."""

import ast
import importlib
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from nbformat import NotebookNode
from PIL.Image import Image

BOLD = re.compile(r"\*\*([^*\s][^*\n]*[^*\n.:?])\*\*")  # not "**Predict.**" and the like
CODE = re.compile(r"```.*?```|`[^`\n]*`|<!--.*?-->|\]\([^)]*\)", re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
THEN = re.compile(r"^> 🟪 (.*)$", re.MULTILINE)
PACKAGES = ("torch", "torchvision")
# Whose methods are listed, and whose have the same names.
OWNERS = ("torch.nn.Module", "torch.optim.Optimizer", "torch.optim.lr_scheduler.LRScheduler", "torch.Tensor")
OTHERS = (str, list, dict, set, Path, Image, Axes, random.Random)
# Bold words that explain no term.
PLAIN = {"after this lesson you can", "takes", "needs", "shift + enter", "predict", "folded", "last line", "cells"}
PLAIN |= {"and", "shorter side", "n, c, h, w", "channel"}


class Found(NamedTuple):
    """A word or a sentence, and where it stands."""

    what: str
    text: str  # Markdown
    lesson: int  # which of the notebooks, counted from 0
    heading: str  # the nearest above


def prose(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """(number of the cell, its text without code) of all text below the title and its promises."""
    for number, cell in enumerate(notebook.cells[1:], start=1):
        if cell.cell_type == "markdown":
            yield number, CODE.sub(lambda code: " " * len(code[0]), cell.source)


def terms(notebooks: list[NotebookNode]) -> list[Found]:
    """Each bold term at its first use, with the sentence that explains it, by the alphabet."""
    found = {}
    for lesson, notebook in enumerate(notebooks):
        for number, text in prose(notebook):
            for bold in BOLD.finditer(text):
                name, source = bold[1].strip(), notebook.cells[number].source
                if name.lower() not in found and name.lower() not in PLAIN:
                    sentence = _sentence(source, bold.start())
                    found[name.lower()] = Found(name, sentence, lesson, _heading(notebook, number, bold.start()))
    return sorted(found.values(), key=lambda term: term.what.lower())


def _sentence(text: str, place: int) -> str:
    """The sentence around a place in a text, and the next one on the same line."""
    start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place) % (len(text) + 1)
    ends = [match.end() for match in re.finditer(r"[.!?]\)?(?= )", text[start:end])]
    before = [start + stop for stop in ends if start + stop <= place]
    after = [start + stop for stop in ends if start + stop > place]
    first = before[-1] if before else start
    if re.match(r"Then |It |That |If |\(", text[first:]) and before:  # it takes up the sentence before
        first = before[-2] if len(before) > 1 else start
    said = re.sub(r"^[->\s]+|^\d\. |[:;]$", "", text[first : after[1] if len(after) > 1 else end].strip())
    return said if said[-1] in ".!?)" else f"{said}."


def _heading(notebook: NotebookNode, number: int, place: int) -> str:
    """The nearest heading above a place in a cell."""
    above = [cell.source for cell in notebook.cells[:number] if cell.cell_type == "markdown"]
    return HEADING.findall("\n".join([*above, notebook.cells[number].source[:place]]))[-1]


def then_and_now(notebooks: list[NotebookNode]) -> list[Found]:
    """What has changed since 2017, in the order of the lessons, with the code that it announces."""
    found = []
    for lesson, notebook in enumerate(notebooks[1:], start=1):  # lesson 0 says what the boxes are
        for number, cell in enumerate(notebook.cells):
            for then in THEN.finditer(cell.source if cell.cell_type == "markdown" else ""):
                said = re.sub(r"^\*\*Then and now\.\*\* | [^.!?]*\?$", "", then[1])  # without a question at its end
                if said.endswith(":"):
                    code = next(after.source for after in notebook.cells[number:] if after.cell_type == "code")
                    said += f"\n\n```python\n{code}\n```"
                found.append(Found("", said, lesson, _heading(notebook, number, then.start())))
    return found


def calls(notebooks: list[NotebookNode]) -> list[Found]:
    """Each name of PyTorch that a lesson's code takes, such as torch.nn.Linear, where it is taken first."""
    found = {}
    for lesson, notebook in enumerate(notebooks):
        known = {}  # what a name of the notebook stands for
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type != "code" or "source_hidden" in cell.metadata.get("jupyter", {}):
                continue
            for name in _names(ast.parse(cell.source), known):
                if name not in found:
                    found[name] = Found(name, "", lesson, _heading(notebook, number, 0))
    return sorted(found.values(), key=lambda call: call.what.lower())


def _names(tree: ast.AST, known: dict[str, str]) -> Iterator[str]:
    """Full names of what is taken from PACKAGES, and of methods of their objects. Remembers imports in `known`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                known[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        parts, base = [], node
        while isinstance(base, ast.Attribute):
            parts, base = [base.attr, *parts], base.value
        if isinstance(base, ast.Name) and known.get(base.id, "").split(".")[0] in PACKAGES:
            full = ".".join([known[base.id], *parts])
            if callable(_look_up(full)):
                yield full
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            owners = [owner for owner in OWNERS if hasattr(_look_up(owner), name)]
            owners = ["torch.Tensor"] if "torch.Tensor" in owners else owners  # whose it is, the code does not tell
            if not any(hasattr(other, name) for other in OTHERS):
                yield from (f"{owner}.{name}" for owner in owners)


def _look_up(name: str) -> object:
    """What a full name stands for, or None."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part, None)
        return thing
    return None
