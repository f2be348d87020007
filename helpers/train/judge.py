"""How good a network is: on val after each epoch, on test once, at the end."""

import json
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from ..training import evaluate, wilson_interval
from . import processes
from .checkpoint import Training, write_whole
from .messages import in_a_sentence


def measure(network: nn.Module, loader: DataLoader, device: torch.device) -> tuple[float, float]:
    """Mean loss and accuracy over the pictures of all processes, of which loader has this one's share."""
    share = len(loader.sampler)
    numbers = evaluate(network, loader, nn.CrossEntropyLoss(), device) if share else (0.0, 0.0)
    return processes.over_all_pictures(*numbers, share, device)


def judge(out: Path, training: Training, network: nn.Module, loader: DataLoader, device: torch.device) -> None:
    """Measure best.pt on the test pictures, once: whoever chooses by a second look has made them a second val.

    network holds training's model. The result is kept in test.json, and said again when it is there already.
    """
    processes.wait_for_all()
    kept, before = out / "test.json", ""
    with in_a_sentence(OSError):
        if kept.exists():
            found, before = json.loads(kept.read_text(encoding="utf-8")), "measured before, and not again: "
        else:
            best = torch.load(out / "best.pt", map_location="cpu", weights_only=True)
            training.model.load_state_dict(best["model"])
            pictures = len(loader.dataset)
            correct = round(measure(network, loader, device)[1] * pictures)
            found = {"epoch": best["epoch"], "correct": correct, "pictures": pictures}
            if processes.RANK == 0:
                write_whole(kept, json.dumps(found) + "\n")
    correct, pictures = found["correct"], found["pictures"]
    low, high = wilson_interval(correct, pictures)
    print(
        f"Test: {before}epoch {found['epoch']} names {correct} of {pictures} right, {correct / pictures:.1%} "
        f"(95% interval: {low:.1%} to {high:.1%})."
    )
