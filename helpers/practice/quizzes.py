"""A quiz: rows that explain each choice when pressed, and the same as plain text where widgets don't show."""

from dataclasses import dataclass

import ipywidgets as widgets

from ..plotting import show_widget
from ..teaching.stamp import read_address
from .looks import STYLE, box, to_html, to_words
from .progress import lesson_number, record

QUIZZES: dict[str, list["Question"]] = {}  # by lesson, such as "03"; filled in by each lesson's file, and by cells
LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Choice:
    """One choice of a question, and why it is right or tempting but wrong."""

    text: str
    why: str
    right: bool = False

    @property
    def verdict(self) -> str:
        return "right" if self.right else "no"


@dataclass(frozen=True)
class Question:
    """A question with `answers` right choices, and at least one wrong one. ValueError if it has others."""

    text: str
    choices: tuple[Choice, ...]
    answers: int = 1

    def __post_init__(self):
        count, right = len(self.choices), sum(choice.right for choice in self.choices)
        if not 0 < right == self.answers < count <= len(LETTERS):
            raise ValueError(
                f"The question {self.text!r} has {count} choices, {right} of them right. Expected 2 to {len(LETTERS)}, "
                f"with `right=True` in {self.answers} of them, as `answers` says, and at least one that is wrong."
            )


class Quiz(widgets.VBox):
    """The questions of a lesson, one below the other. Each choice is a button, and its explanation opens below it."""

    def __init__(self, lesson: str):
        self.lesson, self.questions = lesson_number(lesson), QUIZZES[lesson]
        self.found = [set() for _ in self.questions]  # the right choices that were pressed
        self.score = widgets.HTML()
        super().__init__([*(self._ask(i) for i in range(len(self.questions))), self.score, widgets.HTML(STYLE)])
        self.layout.max_width = "800px"
        self.add_class("bricks-quiz")
        self._count()

    def _ask(self, i: int) -> widgets.VBox:
        question = self.questions[i]
        rows = [widgets.HTML(f"<b>{i + 1}. {to_html(question.text)}</b>{how_many(question)}")]
        for letter, choice in _lettered(question):
            rows += self._choice(i, letter, choice)
        if link := report_link(f"{self.lesson}.{i + 1}"):
            rows.append(widgets.HTML(link))
        return widgets.VBox(rows, layout={"margin": "0 0 18px"})

    def _choice(self, i: int, letter: str, choice: Choice) -> tuple[widgets.Box, widgets.HTML]:
        seen = f'<div aria-hidden="true"><b>{letter}</b> <span>{to_html(choice.text)}</span></div>'
        button = widgets.Button(description=f"{letter} {to_words(choice.text)}", tooltip="")
        row, why = widgets.Box([widgets.HTML(seen), button]), widgets.HTML(layout={"display": "none"})
        row.add_class("bricks-choice")

        def press(button):
            why.layout.display = None
            state, mark = ("right", "✓") if choice.right else ("error", "✗")
            why.value = box(state, mark, f"{letter}, {choice.verdict}.", choice.why)
            if choice.right:
                self.found[i].add(letter)
                self._count(record("questions", f"{self.lesson}.{i + 1}") if self.solved(i) else "")

        button.on_click(press)
        return row, why

    def solved(self, i: int) -> bool:
        """Whether all right choices of question i were pressed."""
        return len(self.found[i]) == self.questions[i].answers

    def _count(self, trouble: str = "") -> None:
        solved = sum(self.solved(i) for i in range(len(self.questions)))
        self.score.value = f'<div role="status">{solved} of {len(self.questions)} answered. {to_html(trouble)}</div>'

    def __repr__(self) -> str:
        lines = []
        for i, question in enumerate(self.questions, 1):
            lines.append(f"{i}. {question.text}{how_many(question)}")
            lines += [f"   {letter}) {choice.text}" for letter, choice in _lettered(question)]
        for i, question in enumerate(self.questions, 1):
            lines += [f"{i} {x}, {c.verdict}. {c.why}" for x, c in _lettered(question)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = []
        for i, question in enumerate(self.questions, 1):
            choices = "".join(f"<li>{to_html(choice.text)}</li>" for choice in question.choices)
            whys = "".join(f"<p>{_explain(letter, choice)}</p>" for letter, choice in _lettered(question))
            parts.append(
                f'<p><b>{i}. {to_html(question.text)}</b>{how_many(question)}</p><ol type="A">{choices}</ol>'
                f"<details><summary>Answer to question {i}</summary>{whys}</details>"
            )
        return "".join(parts)

    def _ipython_display_(self, **_) -> None:
        """The widget, and for places without widgets the text."""
        show_widget(self, {"text/plain": repr(self), "text/html": self._repr_html_()})


def quiz(lesson: str) -> Quiz:
    """The quiz of a lesson, such as "03". ValueError if there is none."""
    if lesson not in QUIZZES:
        known = ", ".join(sorted(QUIZZES))
        raise ValueError(f"There is no quiz {lesson!r}. There are {known}. If a cell makes it, run that cell first.")
    return Quiz(lesson)


def report_link(question: str) -> str:
    """A link to the form for reports, as HTML; "" while the course has no public address. question: such as "3.1"."""
    try:
        address = read_address()
    except ValueError:  # a copy without its pyproject.toml
        address = ""
    link = f"{address}/issues/new?template=lesson.yml&amp;lesson=Question%20{question}"
    return f'<a href="{link}" target="_blank">Report this question</a>' if address else ""


def _lettered(question: Question):
    return zip(LETTERS, question.choices, strict=False)


def _explain(letter: str, choice: Choice) -> str:
    return f"<b>{letter}, {choice.verdict}.</b> {to_html(choice.why)}"


def how_many(question: Question) -> str:
    return f" ({question.answers} answers are right)" if question.answers > 1 else ""
