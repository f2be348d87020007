"""Exercises that answer back, quizzes that explain each choice, and what a learner has solved so far."""

from . import cells, lessons  # noqa: F401 - the lessons register themselves
from .checks import EXERCISES, check, exercise, hint, right
from .quizzes import QUIZZES, Choice, Question, quiz
from .summary import show_progress

cells.watch()

__all__ = ["EXERCISES", "QUIZZES", "check", "quiz", "show_progress"]
__all__ += ["Choice", "Question", "exercise", "hint", "right"]  # what makes an exercise or a quiz of one's own
