"""The wall at the end of each lesson: a brick for each exercise and each question, laid when it is solved."""

import sys
from collections.abc import Sized
from dataclasses import dataclass
from urllib.parse import quote

from .checks import EXERCISES
from .progress import KINDS, belongs, forget, in_order, lesson_number, read
from .quizzes import QUIZZES

LESSONS = {  # a lesson's notebook: its name on the wall
    "00_start_here": "Start here",
    "01_data_loading": "Data loading",
    "02_transforms": "Transforms",
    "03_dataloader": "DataLoader",
    "04_model_surgery": "Model surgery",
    "05_loss_and_optimizer": "Loss and optimizer",
    "06_training_loop": "Training loop",
    "07_predict_and_explain": "Predict and judge",
    "08_faster": "Faster",
    "09_from_notebook_to_script": "Notebook to script",
}
LAID, OPEN = "#b5482a", "#8a8a8a"  # seen on white and on black


@dataclass(frozen=True)
class Wall:
    """lesson: the one that shows it, such as "03"; solved: by kind and number ("3.1"), whether it is solved."""

    lesson: str
    solved: dict[str, dict[str, bool]]

    def of(self, lesson: str) -> dict[str, dict[str, bool]]:
        """What of the wall belongs to a lesson."""
        return {kind: {n: done for n, done in self.solved[kind].items() if belongs(n, lesson)} for kind in KINDS}

    def __repr__(self) -> str:
        here = self.of(self.lesson)
        still = f"Still open: {_open(here)}." if _open(here) else "Nothing is open."
        return f"In this lesson: {_counted(here)} solved. {still}\nIn all lessons: {_counted(self.solved)} solved."

    def _repr_html_(self) -> str:
        numbers = {in_order(number)[0] for of_kind in self.solved.values() for number in of_kind}
        own = sorted(numbers - {int(notebook[:2]) for notebook in LESSONS})  # lessons that someone has added
        lessons = LESSONS | {f"{number:02}": "Extra lesson" for number in own}
        rows = "".join(self._row(notebook, name) for notebook, name in lessons.items())
        lines = ["In each row: exercises above, questions below.", *repr(self).splitlines()]
        words = "".join(f'<p style="margin: 8px 0 0">{line}</p>' for line in lines)
        return f'<ul style="list-style: none; margin: 0; padding: 0; line-height: 24px">{rows}</ul>{words}'

    def _row(self, notebook: str, name: str) -> str:
        solved, here = self.of(notebook[:2]), notebook[:2] == self.lesson
        name, place = f"{int(notebook[:2])} · {name}", 'style="display: inline-block; width: 15em"'
        count = f"{sum(sum(of.values()) for of in solved.values())} of {sum(map(len, solved.values()))}"
        if here:
            link, count = f"<b {place}>{name}</b>", f"<b>{count}, here</b>"
        elif notebook not in LESSONS or "google.colab" in sys.modules:  # there, outputs are far from the notebooks
            link = f"<span {place}>{name}</span>"
        else:
            link = f'<a href="{notebook}.ipynb" {place}>{name}</a>'
        return f'<li style="margin: 0">{link} {_bricks(solved)} {count}</li>'


def _bricks(solved: dict[str, dict[str, bool]]) -> str:
    """A picture of two courses of bricks, exercises above questions. An <img>, since JupyterLab takes out <svg>."""
    paths = {True: "", False: ""}
    for y, of_kind in enumerate(solved.values()):
        for x, done in enumerate(of_kind.values()):
            paths[done] += f"M{36 * x + 18 * y}.5 {12 * y + 1}.5h33v9h-33z"
    width = max(200, *(36 * len(of_kind) + 20 for of_kind in solved.values()))
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='24'>"
        f"<path d='{paths[True]}' fill='{LAID}' stroke='{LAID}'/><path d='{paths[False]}' fill='none' stroke='{OPEN}'/>"
        "</svg>"
    )
    address = "data:image/svg+xml," + quote(svg, safe=" /=:'")
    style = "display: inline; vertical-align: top; margin: 0"
    return f'<img alt="{_counted(solved)}" width="{width}" height="24" style="{style}" src="{address}">'


def _counted(solved: dict[str, dict[str, bool]]) -> str:
    """-> "1 of 4 exercises and 0 of 1 question"."""
    return " and ".join(f"{sum(of.values())} of {len(of)} {_one_or_more(kind, of)}" for kind, of in solved.items())


def _open(solved: dict[str, dict[str, bool]]) -> str:
    """-> "exercises 3.1, 3.2 and question 4": questions have the numbers that they have in the quiz."""
    still = {kind: [number for number, done in of.items() if not done] for kind, of in solved.items()}
    still["questions"] = [number.split(".")[1] for number in still["questions"]]
    return " and ".join(f"{_one_or_more(kind, of)} {', '.join(of)}" for kind, of in still.items() if of)


def _one_or_more(kind: str, things: Sized) -> str:
    return kind.removesuffix("s") if len(things) == 1 else kind


def all_numbers() -> dict[str, list[str]]:
    """The numbers of all exercises and questions, such as "3.1", in their order."""
    questions = [f"{lesson_number(of)}.{i}" for of in sorted(QUIZZES) for i in range(1, len(QUIZZES[of]) + 1)]
    return {"exercises": sorted(EXERCISES, key=in_order), "questions": questions}


def show_progress(lesson: str, reset: bool = False) -> Wall:
    """What is solved in all lessons, and what is open in one, such as "03". reset: forget what is solved in it."""
    lesson_number(lesson)  # or a sentence that it is none
    if reset:
        forget(lesson)
    numbers, known = all_numbers(), read()
    return Wall(lesson, {kind: {number: number in known[kind] for number in numbers[kind]} for kind in KINDS})
