"""What a training leaves in --out: last.pt to go on from, best.pt, log.jsonl, and with --test its test.json."""

import json
import math
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from ..backbone import UNREADABLE
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

    settings: the options that decide the result, and the number of training pictures.
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
        """Numbers, texts, lists and tensors only: torch.load reads them with weights_only=True."""
        return {
            "epoch": self.epoch,
            "settings": self.settings,
            "classes": self.classes,
            "history": self.history,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
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
        checkpoint = read_checkpoint(path, training)
        differ = find_differences(checkpoint, training)
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


def read_checkpoint(path: Path, training: Training) -> dict:
    """The checkpoint at path. ValueError if it cannot be read, or does not hold what this script writes."""
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        missing = training.to_checkpoint().keys() - checkpoint.keys()
    except UNREADABLE as error:
        raise ValueError(f"{path} cannot be read ({type(error).__name__}). Delete it to begin anew.") from error
    if missing:
        raise ValueError(
            f"{path} has no {', '.join(sorted(missing))}, so an older helpers.train wrote it, or a notebook. "
            "Choose another --out, or delete it to begin anew."
        )
    return checkpoint


def find_differences(checkpoint: dict, training: Training) -> list[str]:
    """What in the checkpoint is not as it must be for this training, in words."""
    found = {"classes": checkpoint["classes"], **checkpoint["settings"]}
    now = {"classes": training.classes, **training.settings}
    if "--epochs" in found:
        found["--epochs"] = now["--epochs"]  # may differ
    differ = [f"{name} {found.get(name)}, now {value}" for name, value in now.items() if found.get(name) != value]
    saved, model = checkpoint["model"], training.model.state_dict()
    if saved.keys() != model.keys() or any(saved[name].shape != model[name].shape for name in model):
        differ.append("its network has other layers")
    if any(len(checkpoint["history"].get(name, [])) != checkpoint["epoch"] for name in NUMBERS):
        differ.append(f"its history is not one of {checkpoint['epoch']} epochs")
    return differ


def begin_log(out: Path, history: dict[str, list[float]]) -> None:
    """See that the folder can be written before the first epoch, which would be in vain otherwise (ValueError)."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_log(out / "log.jsonl", history)
    except OSError as error:
        raise ValueError(f"Nothing can be written in {out} ({error}). Choose another --out.") from error


def save(out: Path, training: Training, is_best: bool) -> None:
    """Write checkpoints and log after an epoch. Killed at any moment, it leaves whole files only."""
    with told_what_is_free(out):
        # Killed between the two, it does this epoch again. The other way round, its best.pt would be missing.
        for name in ["best.pt", "last.pt"] if is_best else ["last.pt"]:
            unfinished = out / f"{Path(name).stem}.unfinished"
            torch.save(training.to_checkpoint(), unfinished)
            os.replace(unfinished, out / name)
        write_log(out / "log.jsonl", training.history)


def write_log(path: Path, history: dict[str, list[float]]) -> None:
    """A JSON object in a line for each epoch; null for a loss that is no number any more.

    Written anew each time, also at the start, so that it agrees with the checkpoint.
    """
    lines = []
    for epoch, values in enumerate(zip(*(history[name] for name in NUMBERS), strict=True), 1):
        numbers = (value if math.isfinite(value) else None for value in values)
        lines.append(json.dumps({"epoch": epoch, **dict(zip(NUMBERS, numbers, strict=True))}) + "\n")
    write_whole(path, "".join(lines))


def write_whole(path: Path, text: str) -> None:
    """Write a file that is whole at any moment."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)


@contextmanager
def told_what_is_free(out: Path) -> Iterator[None]:
    """If a checkpoint cannot be written, most likely to a full disk, delete its beginning and end with a sentence."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # torch's own writer raises RuntimeError
        for file in out.glob("*.unfinished"):
            file.unlink(missing_ok=True)
        free = shutil.disk_usage(out).free / 1e6
        stop(
            f"This epoch could not be saved in {out} ({type(error).__name__}): {free:,.0f} MB are free, and up to 300 "
            "are needed. Make room; the same command then goes on after the epoch before."
        )
