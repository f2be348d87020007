"""A checkpoint on the disk, or in memory where nothing can be written."""

import errno
import math
import os
import pickle
import shutil
import warnings
import zipfile
from collections import Counter
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import torch
from torch import Tensor

from .comparing import describe_pictures
from .kinds import kind_of_file, to_path
from .writing import hold, written_whole

UNREADABLE = (OSError, RuntimeError, EOFError, ValueError, KeyError, AttributeError, TypeError, pickle.UnpicklingError)
ELSEWHERE = "another folder (the lessons: set BRICKS_CHECKPOINTS)"

STATES = (Tensor, Counter)  # what optimizers and schedulers hold besides plain values

in_memory: dict[Path, bytes] = {}  # what could not be written


def pack(model, optimizer, scheduler, history, classes, loaders=None) -> dict:
    """What save_checkpoint writes: tensors, numbers, texts, lists and dictionaries only."""
    return {
        "model": model.state_dict(),
        "optimizer": to_plain(optimizer.state_dict(), keep=STATES),
        "scheduler": to_plain(scheduler.state_dict(), keep=STATES),
        "history": to_plain(history),
        "classes": to_plain(classes),
        "optimizer_kind": type(optimizer).__name__,
        "pictures": describe_pictures(loaders),
    }


def to_plain(value: object, keep: type | tuple = ()) -> object:
    """The same with Python's own types and those of `keep` only, as torch.load takes it with weights_only=True."""
    if keep and isinstance(value, keep):
        return value
    if isinstance(value, dict):
        return {to_plain(key): to_plain(inner, keep) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        kind = tuple if type(value) is tuple and keep else list  # AdamW's betas are a tuple
        return kind(to_plain(inner, keep) for inner in value)
    if hasattr(value, "tolist"):  # numpy and tensors
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value) in (bool, int, float, str, type(None)):
        return value
    raise TypeError(f"A checkpoint cannot hold a {type(value).__name__} ({value!r:.50}). Expected numbers and texts.")


def keep_checkpoint(path: Path, checkpoint: dict) -> str:
    """Write a checkpoint, or keep it in memory. Returns "", or a sentence that says why it was not written."""
    losses = [value for name in ("train_loss", "val_loss") for value in checkpoint["history"].get(name, [])[-1:]]
    if not all(map(math.isfinite, losses)):
        return f"Not saved: the loss is no number any more. {path.name} stays as it is. Try a smaller learning rate."
    try:
        if who := hold(path):
            raise OSError(f"another program trains into {path} (process {who}). Shut it down, or choose {ELSEWHERE}.")
        write_checkpoint(path, checkpoint)
    except OSError as error:
        buffer = BytesIO()
        torch.save(checkpoint, buffer)
        in_memory[path] = buffer.getvalue()
        return f"Not saved: {error} It is kept in memory, until this kernel ends."
    in_memory.pop(path, None)
    return ""


def write_checkpoint(path: Path, checkpoint: dict, elsewhere: str = ELSEWHERE) -> None:
    """OSError, in a sentence, if it cannot be written. Then the old file is whole, and nothing else is left."""
    try:
        with written_whole(path) as unfinished:
            torch.save(checkpoint, unfinished)
    except (OSError, RuntimeError) as error:  # torch's own writer raises the latter, most often where a disk is full
        reason, advice = getattr(error, "strerror", None) or "the disk may be full", "Choose"
        if getattr(error, "errno", errno.ENOSPC) == errno.ENOSPC:
            with suppress(OSError):
                reason += f"; {shutil.disk_usage(path.parent).free / 1e6:,.0f} MB are free, up to 200 are needed"
            advice = "Make room, or choose"
        raise OSError(f"{path} cannot be written ({reason}). {advice} {elsewhere}.") from None


def read_checkpoint(path: str | Path, parts: set[str], instead: str = "") -> dict:
    """The checkpoint at path. FileNotFoundError if there is none, ValueError if it cannot be read or lacks parts.

    instead: what helps, where another file cannot be chosen.
    """
    path = to_path(path)
    source = BytesIO(in_memory[path]) if path in in_memory else path
    try:
        with warnings.catch_warnings(action="ignore"):  # torch's, before the error about TorchScript
            checkpoint = torch.load(source, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise FileNotFoundError(f"No checkpoint at {path}. Train for at least one epoch first.") from None
    except UNREADABLE as error:
        found, advice = _explain(path, error)  # torch's words are dangerous
        raise ValueError(f"{path} cannot be read: {found}. {instead or advice}") from None
    if isinstance(checkpoint, dict) and checkpoint and all(isinstance(value, Tensor) for value in checkpoint.values()):
        advice = instead or "Expected a checkpoint; model.load_state_dict takes weights."
        raise ValueError(f"{path} holds weights alone. {advice}")
    missing = parts - checkpoint.keys() if isinstance(checkpoint, dict) else parts
    if missing:
        lacks = f"{path} has no {', '.join(sorted(missing))}: another program wrote it"
        raise ValueError(f"{lacks}. {instead or 'Choose another file.'}")
    return checkpoint


def _explain(path: Path, error: Exception) -> tuple[str, str]:
    """What lies there instead of a checkpoint, and what helps."""
    if isinstance(error, IsADirectoryError):
        return "it is a folder", "Expected a file."
    if isinstance(error, OSError):
        return error.strerror or str(error), "Choose another file."
    with open(path, "rb") as file:
        begin = file.read(2000)
    if begin.startswith(b"PK") and not zipfile.is_zipfile(path):
        return f"its end is missing, after {path.stat().st_size:,} bytes", "Copy it again, or train anew."
    if "TorchScript" in str(error):
        return "it holds a network as a program (TorchScript)", "Expected what save_checkpoint writes."
    if isinstance(error, pickle.UnpicklingError) and begin.startswith((b"PK", b"\x80")):
        found = "it holds more than numbers and texts, which may be a program. It was not opened"
        return found, "Use one of your own."
    return kind_of_file(begin) or (f"it is no checkpoint, it begins with {begin[:12]!r}", "Choose another file.")
