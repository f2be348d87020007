"""The checks and the quiz of each lesson, one file a lesson. Each registers its own."""

from . import lesson0, lesson1, lesson2, lesson3, lesson4, lesson5, lesson6, lesson7, lesson8, lesson9  # noqa: F401
