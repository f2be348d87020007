"""The small table at the end of each lesson: what is solved, and what is open."""

from dataclasses import dataclass

from .checks import EXERCISES
from .progress import belongs, forget, read
from .quizzes import QUIZZES


@dataclass(frozen=True)
class Summary:
    """rows: (what, whether it is solved); solved: how many exercises and questions, in all lessons together."""

    rows: list[tuple[str, bool]]
    solved: tuple[int, int]

    @property
    def total(self) -> str:
        return f"In all lessons together: {self.solved[0]} exercises and {self.solved[1]} questions solved."

    def __repr__(self) -> str:
        return "\n".join([*(f"{_state(done):8}  {what}" for what, done in self.rows), self.total])

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{_state(done)}</td><td>{what}</td></tr>" for what, done in self.rows)
        head = '<tr><th scope="col">state</th><th scope="col">what</th></tr>'
        return f'<table style="text-align: left">{head}{rows}</table><p>{self.total}</p>'


def _state(done: bool) -> str:
    return "✓ solved" if done else "○ open"


def show_progress(lesson: str, reset: bool = False) -> Summary:
    """What is solved in a lesson, such as "03", and how much in all. reset: forget what is solved in this lesson."""
    if reset:
        forget(lesson)
    known = read()
    rows = [
        (f"Exercise {number} · {task.title}", number in known["exercises"])
        for number, task in sorted(EXERCISES.items())
        if belongs(number, lesson)
    ]
    for i in range(1, len(QUIZZES.get(lesson, [])) + 1):
        rows.append((f"Question {i} of the quiz", f"{int(lesson)}.{i}" in known["questions"]))
    return Summary(rows, (len(known["exercises"]), len(known["questions"])))
