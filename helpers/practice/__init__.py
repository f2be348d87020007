"""Exercises that answer back, quizzes that explain each choice, and what a learner has solved so far."""

from . import lessons  # noqa: F401 - they register themselves
from .checks import EXERCISES, check
from .quizzes import QUIZZES, quiz
from .summary import show_progress

__all__ = ["EXERCISES", "QUIZZES", "check", "quiz", "show_progress"]
