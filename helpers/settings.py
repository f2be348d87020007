"""Where the course lies, and what a person may set. Environment variables are read here and nowhere else."""

import functools
import inspect
import os
from collections.abc import Callable
from numbers import Integral
from pathlib import Path

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
    return os.environ.get(name, "").strip()


def checkpoint_folder() -> Path:
    """Where checkpoints lie: the folder in the environment variable BRICKS_CHECKPOINTS, or notebooks/checkpoints."""
    return Path(setting("BRICKS_CHECKPOINTS") or NOTEBOOKS / "checkpoints").expanduser()


def expects(**least: int) -> Callable:
    """A decorator that refuses, in a sentence, an argument that is no whole number from `least` on.

    An argument that has a length, such as a loader, needs at least that length.
    """

    def decorate(function: Callable) -> Callable:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def checked(*values, **named):
            bound = signature.bind(*values, **named)
            given = bound.arguments
            for name, value in ((name, given[name]) for name in least if name in given):
                if hasattr(value, "__iter__") and not isinstance(value, str):
                    if hasattr(value, "__len__") and len(value) < least[name]:
                        raise ValueError(
                            f"{name} has {len(value)} batches, expected {least[name]} or more. With drop_last, a set "
                            "needs as many pictures as a batch: make batch_size smaller."
                        )
                elif not isinstance(value, Integral) or isinstance(value, bool) or value < least[name]:
                    raise ValueError(f"{name} is {value!r}, expected a whole number from {least[name]} on.")
                else:
                    given[name] = int(value)  # numpy's numbers are not taken everywhere
            return function(*bound.args, **bound.kwargs)

        return checked

    return decorate
