"""How good a network is: on val after each epoch, on test once, at the end."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from ..files.comparing import describe_pictures, find_differences, in_words
from ..files.saving import read_checkpoint
from ..files.writing import write_whole
from ..training import evaluate, wilson_interval
from . import processes
from .checkpoint import Training
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
    kept, path, before = out / "test.json", out / "best.pt", ""
    with in_a_sentence(OSError, ValueError):
        best = read_checkpoint(path, {"model", "epoch"})
        differ = in_words(find_differences(best | {"history": {}}, training.model))
        if differ:
            raise ValueError(f"{path} does not fit: {'; '.join(differ)}. Choose another --out.")
        asked = {
            "epoch": best["epoch"],
            "network": hashlib.sha256(path.read_bytes()).hexdigest()[:12],
            "test_pictures": describe_pictures({"test": loader.dataset.pictures}, ["test"]),
        }
        with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):  # none yet, or none that can be read
            found = json.loads(kept.read_text(encoding="utf-8"))
            if asked.items() <= found.items() and 0 <= found["correct"] <= found["pictures"]:
                before = "measured before, and not again: "
            else:
                told = f"{found['correct']} of {found['pictures']}"
                print(f"Tested before, with another network or other pictures: {told}. Choose by val, not by test.")
        if not before:
            training.model.load_state_dict(best["model"])
            pictures = len(loader.dataset)
            correct = round(measure(network, loader, device)[1] * pictures)
            found = {**asked, "correct": correct, "pictures": pictures}
            if processes.RANK == 0:
                write_whole(kept, json.dumps(found) + "\n")
    correct, pictures = found["correct"], found["pictures"]
    low, high = wilson_interval(correct, pictures)
    print(
        f"Test: {before}epoch {found['epoch']} names {correct} of {pictures} right, {correct / pictures:.1%} "
        f"(95% interval: {low:.1%} to {high:.1%})."
    )
