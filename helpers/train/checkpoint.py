"""What a training leaves in --out: last.pt to go on from, best.pt, log.jsonl, and with --test its test.json."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from ..files.comparing import find_differences, in_words
from ..files.saving import pack, read_checkpoint, write_checkpoint
from ..files.writing import hold, write_whole
from .messages import stop
from .processes import all_have

NUMBERS = [
    "train_loss",
    "train_accuracy",
    "val_loss",
    "val_accuracy",
    "lr",
    "seconds",
    "images_per_second",
    "world_size",
]


@dataclass
class Training:
    """All that a training needs to go on.

    settings: the options that decide the result, and which pictures there are.
    history: for each name in NUMBERS a list of one number an epoch.
    """

    model: nn.Module
    optimizer: Optimizer
    scheduler: LambdaLR
    scaler: torch.amp.GradScaler
    classes: list[str]
    settings: dict[str, int | float | str]
    history: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in NUMBERS})

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return len(self.history["val_loss"])

    @property
    def best_epoch(self) -> int:
        """The epoch with the best validation accuracy, counted from 1. Of equal ones, the one with the lowest loss."""
        accuracies, losses = self.history["val_accuracy"], self.history["val_loss"]
        return 1 + max(range(self.epoch), key=lambda epoch: (accuracies[epoch], -losses[epoch]))

    def to_checkpoint(self) -> dict:
        """What save_checkpoint writes, and what only this script needs. load_checkpoint reads it, too."""
        return {
            **pack(self.model, self.optimizer, self.scheduler, self.history, self.classes),
            "pictures": self.settings["pictures"],
            "epoch": self.epoch,
            "settings": self.settings,
            "scaler": self.scaler.state_dict(),
        }

    def take_over(self, checkpoint: dict) -> None:
        self.history = checkpoint["history"]
        self.model.load_state_dict(checkpoint["model"])
        self.optimizer.load_state_dict(checkpoint["optimizer"])
        self.scheduler.load_state_dict(checkpoint["scheduler"])
        # The optimizer has the learning rate that was planned then. --epochs may be another now, and so the plan.
        plan = zip(self.scheduler.base_lrs, self.scheduler.lr_lambdas, self.optimizer.param_groups, strict=True)
        for lr, factor, group in plan:
            group["lr"] = lr * factor(self.scheduler.last_epoch)
        if checkpoint["scaler"]:  # empty if the epochs so far needed none: --amp may change
            self.scaler.load_state_dict(checkpoint["scaler"])


def resume(path: Path, training: Training, device: torch.device) -> None:
    """Go on from the checkpoint at path, if there is one.

    ValueError if it is damaged, belongs to another training, or is not seen by all processes. Nothing is changed then.
    """
    if path.exists():
        instead = "To begin anew, move it away, or choose another --out."
        checkpoint = read_checkpoint(path, training.to_checkpoint().keys(), instead)
        parts = find_differences(checkpoint, training.model, training.optimizer, training.scheduler)
        differ = in_words(find_settings(checkpoint, training), parts)
        if differ:
            raise ValueError(
                f"{path} belongs to another training: {'; '.join(differ)}. Give the options it was begun with, "
                "choose another --out, or delete that folder to begin anew."
            )
        training.take_over(checkpoint)
        print(f"Going on after epoch {training.epoch}.")
        planned, now = checkpoint["settings"]["--epochs"], training.settings["--epochs"]
        if training.epoch < now != planned:
            print(
                f"Planned were {planned} epochs, now {now}: from here on the learning rate follows the plan for {now}. "
                f"The result will not be that of {now} epochs in one go."
            )
    if not all_have(training.epoch, device):
        raise ValueError(f"Not all machines see the same {path}. --out must be one folder that all of them share.")


def find_settings(checkpoint: dict, training: Training) -> Iterator[str]:
    """Which options, classes or pictures of the checkpoint are others than those of this training, in words."""
    found = {"classes": checkpoint["classes"], **checkpoint["settings"]}
    now = {"classes": training.classes, **training.settings}
    if "--epochs" in found:
        found["--epochs"] = now["--epochs"]  # may differ
    yield from (f"{name} {found.get(name)}, now {value}" for name, value in now.items() if found.get(name) != value)
    if any(len(checkpoint["history"].get(name, [])) != checkpoint["epoch"] for name in NUMBERS):
        yield f"its history is not one of {checkpoint['epoch']} epochs"


def begin_log(out: Path, history: dict[str, list[float]]) -> None:
    """See that the folder can be written before the first epoch, which would be in vain otherwise.

    ValueError if it cannot, or if another training writes there: it is kept for this one, as long as the process lives.
    """
    try:
        if who := hold(out / "last.pt"):
            raise ValueError(
                f"Another training writes in {out} (process {who}). Wait until it ends, or choose another --out."
            )
        write_log(out / "log.jsonl", history)
    except OSError as error:
        raise ValueError(f"Nothing can be written in {out} ({error}). Choose another --out.") from error


def save(out: Path, training: Training, is_best: bool) -> None:
    """Write checkpoints and log after an epoch. Killed at any moment, it leaves whole files only."""
    try:
        # Killed between the two, it does this epoch again. The other way round, its best.pt would be missing.
        for name in ["best.pt", "last.pt"] if is_best else ["last.pt"]:
            write_checkpoint(out / name, training.to_checkpoint(), "another --out")
        write_log(out / "log.jsonl", training.history)
    except OSError as error:
        stop(f"This epoch could not be saved: {error} The same command then goes on after the epoch before.")


def write_log(path: Path, history: dict[str, list[float]]) -> None:
    """A JSON object in a line for each epoch, written anew each time, so that it agrees with the checkpoint."""
    lines = [
        json.dumps({"epoch": epoch, **dict(zip(NUMBERS, values, strict=True))}) + "\n"
        for epoch, values in enumerate(zip(*(history[name] for name in NUMBERS), strict=True), 1)
    ]
    write_whole(path, "".join(lines))
