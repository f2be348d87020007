"""Where the course lies, and what a person may set. Environment variables are read here and nowhere else."""

import os
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
