"""Exercises that answer back, quizzes that explain each choice, and what a learner has solved so far."""

from . import (  # noqa: F401 - each registers its own
    lesson0,
    lesson1,
    lesson2,
    lesson3,
    lesson4,
    lesson5,
    lesson6,
    lesson7,
    lesson8,
)
from .checks import EXERCISES, check
from .quizzes import QUIZZES, quiz
from .summary import show_progress

__all__ = ["EXERCISES", "QUIZZES", "check", "quiz", "show_progress"]
