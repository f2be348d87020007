"""What answers an exercise: not solved yet, this mistake and a hint, an error in plain words, or right and why."""

import copy
import html
import inspect
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from numbers import Number
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer

from . import cells
from .looks import box
from .plain_words import explain
from .progress import NUMBER, in_order, record

EXERCISES: dict[str, "Exercise"] = {}  # by number, such as "3.1"; filled in by each lesson's file, and by cells
TITLES = {"open": "Not solved yet.", "hint": "Not quite.", "error": "An error.", "right": "Right."}
MARKS = {"open": "○", "hint": "→", "error": "!", "right": "✓"}


class NotSolved(Exception):
    """Raised by a check that meets a `...` where an answer should be."""


@dataclass(frozen=True)
class Result:
    """What a check found. state: "open", "hint", "error" or "right"; details: shown folded."""

    state: str
    text: str
    details: str = ""

    def __repr__(self) -> str:
        return "\n".join(filter(None, [f"{MARKS[self.state]} {TITLES[self.state]} {self.text}", self.details]))

    def _repr_html_(self) -> str:
        folded = ""
        if self.details:
            folded = f"<details><summary>The whole message</summary><pre>{html.escape(self.details)}</pre></details>"
        return box(self.state, MARKS[self.state], TITLES[self.state], self.text, folded)


@dataclass(frozen=True)
class Exercise:
    """number: "3.1"; title: for the summary; needs: the answer's name, then other names that `check` looks at."""

    number: str
    title: str
    needs: tuple[str, ...]
    check: Callable[..., Result]


def exercise(number: str, title: str) -> Callable:
    """Register a function as the check of an exercise, in a lesson's file or in a cell.

    number: lesson and place in it, such as "3.1". The function's arguments are names of the notebook, the answer first;
    it returns `right(...)` or `hint(...)`. ValueError if one of these cannot be.
    """

    def register(function: Callable[..., Result]) -> Callable[..., Result]:
        needs = tuple(inspect.signature(function).parameters)
        taken = EXERCISES[number].check.__module__ if number in EXERCISES else function.__module__
        if not isinstance(number, str) or not NUMBER.fullmatch(number):
            raise ValueError(f"An exercise has the number {number!r}, expected lesson and place in it, such as '10.1'.")
        if not needs:
            raise ValueError(f"The check of {number} has no argument. Its first one must be the name of the answer.")
        if taken != function.__module__:
            raise ValueError(f"There is an exercise {number} in {taken} already. Give this one another number.")
        EXERCISES[number] = Exercise(number, title, needs, function)
        return function

    return register


def right(text: str) -> Result:
    """Solved. text: why it works, and what to try next."""
    return Result("right", text)


def hint(text: str) -> Result:
    """A mistake that the check recognizes. text: a thought that leads on without giving the answer away."""
    return Result("hint", text)


def check(number: str, namespace: dict | None = None) -> Result:
    """Judge the exercise `number` by what the notebook's names now hold. Changes nothing but the learner's progress.

    namespace: where the names are; by default those of the caller, which is the notebook.
    ValueError if there is no such exercise.
    """
    if number not in EXERCISES:
        known = ", ".join(sorted(EXERCISES, key=in_order))
        raise ValueError(
            f"There is no exercise {number!r}. There are {known}. If a cell makes it, run that cell first."
        )
    task = EXERCISES[number]
    notebook = inspect.currentframe().f_back.f_globals
    namespace = notebook if namespace is None else namespace
    # A check that stands in a cell may have the name of the answer. It is not the answer.
    missing = [name for name in task.needs if namespace.get(name, task.check) is task.check]
    if missing:
        return Result(
            "open",
            f"There is no `{missing[0]}` yet. Run the exercise's cell above. If it shows an error, read its last line. "
            "If it needs an earlier cell: *Run → Run All Above Selected Cell*.",
        )
    answer = task.needs[0]
    stale = [name for name in task.needs if name in cells.failed and (name == answer or namespace[name] is ...)]
    if stale and namespace is notebook:
        return Result(
            "open",
            f"The cell that makes `{stale[0]}` ended in an error, so `{stale[0]}` is still the one from before. "
            "Read the last line of that error and mend it. Run the cell, then this one.",
        )
    result = _judge(task, {name: namespace[name] for name in task.needs})
    if answer in cells.raised and namespace is notebook and result.state == "hint":
        result = replace(result, text=f"{result.text} (The cell ended in an error. Read its last line, too.)")
    trouble = record("exercises", number) if result.state == "right" else ""
    return replace(result, text=f"{result.text} {trouble}".strip())


def _judge(task: Exercise, values: dict) -> Result:
    try:
        for value in values.values():
            solved(value)
        with untouched(*values.values()):
            torch.manual_seed(0)
            result = task.check(**values)
        if isinstance(result, Result):
            return result
        return Result("error", f"The check gave {result!r}, expected what `right(...)` or `hint(...)` returns.")
    except Exception as error:
        if isinstance(error, NotSolved) or "ellipsis" in str(error).lower():
            where = "Write your answer where the `...` stands, or delete that line if it says so."
            answer, *others = task.needs
            code = getattr(values[answer], "__code__", None)
            if code and ... not in code.co_consts and (lost := [name for name in others if values[name] is ...]):
                where = f"`{lost[0]}` is still `...`: no line below `{answer}` makes it. Put that line back."
            return Result("open", f"{where} Run that cell, then this one.")
        return Result("error", f"{type(error).__name__}: {explain(error)}", _shorten(error))


def solved(value):
    """The value itself, or NotSolved if it is `...`, or a list, tuple or dictionary that holds one."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    if value is ... or any(part is ... for part in parts):
        raise NotSolved
    return value


def is_number(value) -> bool:
    """Whether it is a number, or a tensor that holds one."""
    return isinstance(value, Number) or (isinstance(value, torch.Tensor) and value.numel() == 1)


def no_number(value) -> Result | None:
    """What to say of a function that gave this instead of a number. None if it is one."""
    if value is None:
        return hint("The function returns nothing. Is its last line still there?")
    if not is_number(value):
        return hint(f"Out comes a {type(value).__name__}. One number is wanted, by itself and without quotes.")


def close(a, b, tolerance: float = 1e-3) -> bool:
    """Whether two numbers, or tensors that hold one, are equal up to rounding."""
    return abs(float(a) - float(b)) < tolerance


def _shorten(error: Exception) -> str:
    """The traceback without the frames of this package: what remains is the learner's code and what it called."""
    own = Path(__file__).parent
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if own not in Path(frame.filename).parents]
    lines = traceback.format_list(frames) + traceback.format_exception_only(error)
    return "".join(lines).strip()


@contextmanager
def untouched(*values) -> Iterator[None]:
    """Put back what a check may stir: random states, grad mode, and the modules and optimizers among `values`."""
    modules = [value for value in values if isinstance(value, nn.Module)]
    optimizers = [value for value in values if isinstance(value, Optimizer)]
    modes = [(part, part.training) for module in modules for part in module.modules()]
    weights = [copy.deepcopy(module.state_dict()) for module in modules]  # deepcopy: it holds versions, too
    parameters = [parameter for module in modules for parameter in module.parameters()]
    learnable = [parameter.requires_grad for parameter in parameters]
    gradients = [None if parameter.grad is None else parameter.grad.clone() for parameter in parameters]
    steps = [copy.deepcopy(optimizer.state_dict()) for optimizer in optimizers]
    states = torch.get_rng_state(), random.getstate(), np.random.get_state(), torch.is_grad_enabled()
    try:
        yield
    finally:
        torch.set_rng_state(states[0])
        random.setstate(states[1])
        np.random.set_state(states[2])
        torch.set_grad_enabled(states[3])
        for part, training in modes:
            part.training = training
        for module, saved in zip(modules, weights, strict=True):
            module.load_state_dict(saved)
        for parameter, grad, learns in zip(parameters, gradients, learnable, strict=True):
            parameter.grad = grad
            parameter.requires_grad_(learns)
        for optimizer, saved in zip(optimizers, steps, strict=True):
            optimizer.load_state_dict(saved)
