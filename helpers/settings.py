"""Where the course lies, and what a person may set. Environment variables are read here and nowhere else."""

import functools
import inspect
import os
from collections.abc import Callable
from numbers import Integral, Real
from pathlib import Path

from .files.kinds import QUOTES, to_path

COURSE = Path(__file__).resolve().parent.parent
NOTEBOOKS = COURSE / "notebooks"
SAMPLES = COURSE / "data_samples"

SETTINGS = {  # name: what it does
    "BRICKS_DEVICE": "computes on this device (cpu, cuda or mps) instead of the fastest that is found",
    "BRICKS_WEIGHTS": "pretrained weights: auto, offline (those that ship, without asking the network), or a file",
    "BRICKS_WIDGETS": "off shows each explorer as a still picture, as in the committed notebooks",
    "BRICKS_CHECKPOINTS": "another folder for checkpoints than notebooks/checkpoints",
    "BRICKS_PROGRESS": "another file for what is solved than notebooks/my_progress.json",
}


def setting(name: str) -> str:
    """What the environment variable `name` says now, "" if it is not set."""
    if name not in SETTINGS:
        raise KeyError(f"{name} is not a setting. There are {', '.join(SETTINGS)}.")
    return os.environ.get(name, "").strip(QUOTES)


def checkpoint_folder() -> Path:
    """Where checkpoints lie: the folder in the environment variable BRICKS_CHECKPOINTS, or notebooks/checkpoints."""
    return to_path(setting("BRICKS_CHECKPOINTS") or NOTEBOOKS / "checkpoints")


def expects(**how: int | float | Callable) -> Callable:
    """A decorator that refuses, in a sentence, an argument that is not as it should be.

    how: for a name the least number, an int if it must be whole; or a function that returns the argument to use.
    """

    def decorate(function: Callable) -> Callable:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def checked(*values, **named):
            bound = signature.bind(*values, **named)
            given = bound.arguments
            for name, least in ((name, how[name]) for name in how if name in given):
                if callable(least):
                    given[name] = least(given[name])
                    continue
                value, whole = given[name], isinstance(least, int)
                if not isinstance(value, Integral if whole else Real) or isinstance(value, bool) or not value >= least:
                    kind = "whole number" if whole else "number"
                    raise ValueError(f"{name} is {value!r}, expected a {kind} from {least:g} on.")
                given[name] = type(least)(value)  # numpy's numbers are not taken everywhere
            return function(*bound.args, **bound.kwargs)

        return checked

    return decorate
