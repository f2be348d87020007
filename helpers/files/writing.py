"""Files that are whole at any moment, and that two programs do not write at once."""

import errno
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_held: dict[Path, BinaryIO] = {}  # open as long as this program lives


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A name to write under, of this process and thread alone. It becomes `path`, or after an error nothing."""
    path = path.resolve()  # a link stays one
    if path.exists() and not path.is_file():
        raise OSError(errno.EEXIST, "it is no file, but a folder or a device", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in _left_behind(path.parent, f"{path.name}.*.unfinished"):
        with suppress(OSError):
            left.unlink()
    unfinished = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.unfinished")
    try:
        yield unfinished
        if path.exists():
            shutil.copymode(path, unfinished)
        os.replace(unfinished, path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def _left_behind(folder: Path, pattern: str) -> Iterator[Path]:
    """What programs that were killed have left in folder a day ago or longer."""
    for left in folder.glob(pattern):
        with suppress(OSError):  # another program was faster
            if time.time() - left.stat().st_mtime > 86_400:
                yield left


def write_whole(path: Path, text: str) -> None:
    """Write a text file that is whole at any moment."""
    with written_whole(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """A folder's name to fill. At the end it becomes `target`; after an error, or a kill, there is no half of it.

    FileExistsError if another program was faster.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in _left_behind(target.parent, f"{target.name}.*/all"):
        shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}.") as unfinished:
        yield Path(unfinished, "all")
        try:
            Path(unfinished, "all").rename(target)
        except OSError:
            raise FileExistsError(f"{target} exists by now. Another program has made it.") from None


def release(path: Path) -> None:
    """Let other programs write to `path` again."""
    if file := _held.pop(_lock_of(path), None):
        file.close()


def _lock_of(path: Path) -> Path:
    return path.resolve().with_name(f".{path.name}.lock")


def hold(path: Path) -> str:
    """Keep `path` for this program, as long as it lives. Returns "", or the number of the process that has it already.

    The system frees it when the process ends, in whatever way; worker processes do not inherit it.
    """
    lock = _lock_of(path)
    if lock in _held:
        return ""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = open(lock, "a+b", buffering=0)
    except OSError:
        return ""  # nothing can be written there: whoever tries will say so
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.seek(1)
        who = file.read(20).decode(errors="replace")
        file.close()
        return who or "unknown"
    except OSError:
        pass  # a disk without locks
    file.truncate(0)
    file.write(f" {os.getpid()}".encode())
    _held[lock] = file
    return ""
