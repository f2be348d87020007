"""A checkpoint on the disk, or in memory where nothing can be written."""

import errno
import pickle
import shutil
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import torch
from torch import Tensor

from .kinds import kind_of_file
from .writing import hold, written_whole

UNREADABLE = (OSError, RuntimeError, EOFError, ValueError, KeyError, AttributeError, TypeError, pickle.UnpicklingError)
ELSEWHERE = "another folder (the lessons: set BRICKS_CHECKPOINTS)"

in_memory: dict[Path, bytes] = {}  # what could not be written


def keep_checkpoint(path: Path, checkpoint: dict) -> str:
    """Write a checkpoint, or keep it in memory. Returns "", or a sentence that says why it could not be written."""
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


def write_checkpoint(path: Path, checkpoint: dict) -> None:
    """OSError, in a sentence, if it cannot be written. Then the old file is whole, and nothing else is left."""
    try:
        with written_whole(path) as unfinished:
            torch.save(checkpoint, unfinished)
    except (OSError, RuntimeError) as error:  # torch's own writer raises the latter, most often where a disk is full
        reason, advice = getattr(error, "strerror", None) or type(error).__name__, "Choose"
        if getattr(error, "errno", errno.ENOSPC) == errno.ENOSPC:
            with suppress(OSError):
                reason += f"; {shutil.disk_usage(path.parent).free / 1e6:,.0f} MB are free, up to 200 are needed"
            advice = "Make room, or choose"
        raise OSError(f"{path} cannot be written ({reason}). {advice} {ELSEWHERE}.") from None


def read_checkpoint(path: str | Path, parts: set[str]) -> dict:
    """The checkpoint at path. FileNotFoundError if there is none, ValueError if it cannot be read or lacks parts."""
    path = Path(path).expanduser()
    source = BytesIO(in_memory[path]) if path in in_memory else path
    try:
        checkpoint = torch.load(source, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise FileNotFoundError(f"No checkpoint at {path}. Train for at least one epoch first.") from None
    except UNREADABLE as error:
        raise ValueError(f"{path} cannot be read: {_explain(path, error)}") from None  # torch's words are dangerous
    if isinstance(checkpoint, dict) and checkpoint and all(isinstance(value, Tensor) for value in checkpoint.values()):
        raise ValueError(f"{path} holds weights alone. Expected a checkpoint; model.load_state_dict takes weights.")
    missing = parts - checkpoint.keys() if isinstance(checkpoint, dict) else parts
    if missing:
        raise ValueError(f"{path} has no {', '.join(sorted(missing))}: another program wrote it. Choose another file.")
    return checkpoint


def _explain(path: Path, error: Exception) -> str:
    """What lies there instead of a checkpoint, and what helps."""
    if isinstance(error, IsADirectoryError):
        return "it is a folder. Expected a file."
    if isinstance(error, OSError):
        return f"{error.strerror or error}. Choose another file."
    with open(path, "rb") as file:
        begin = file.read(2000)
    if begin.startswith(b"PK") and not zipfile.is_zipfile(path):
        return f"its end is missing, after {path.stat().st_size:,} bytes. Copy it again, or train anew."
    if isinstance(error, pickle.UnpicklingError) and begin.startswith((b"PK", b"\x80")):
        return "it holds more than numbers and texts, which may be a program. It was not opened. Use one of your own."
    unknown = f"it is no checkpoint, it begins with {begin[:12]!r}", "Choose another file."
    return ". ".join(kind_of_file(begin) or unknown)
