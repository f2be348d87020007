"""Exercises that answer back, quizzes that explain each choice, and what a learner has solved so far."""

from . import cells, lessons  # noqa: F401 - the lessons register themselves
from .checks import EXERCISES, check
from .quizzes import QUIZZES, quiz
from .summary import show_progress

cells.watch()

__all__ = ["EXERCISES", "QUIZZES", "check", "quiz", "show_progress"]
