"""What a person in front of the terminal reads: how far it is, how good, and in one sentence why it ends."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import psutil
from torch import Tensor

from ..files.kinds import explained
from . import processes

SMALLER = "Try a smaller --batch-size, then a smaller --image-size."


def stop(reason: object, aloud: bool = True) -> NoReturn:
    """End with exit code 2, and say why."""
    if aloud:
        with suppress(OSError):  # where nobody reads
            print(f"helpers.train: {str(reason).strip() or repr(reason)}", file=sys.stderr)
    sys.exit(2)


def stop_if_abandoned() -> None:
    """End if torchrun has died. Its processes would go on without it, beside those that a new torchrun starts."""
    if processes.is_abandoned():
        stop("torchrun has died, so this process ends, too. Run the same command again.", processes.RANK == 0)


@contextmanager
def in_a_sentence(*errors: type[Exception], aloud: bool = True) -> Iterator[None]:
    """End with the message of an expected error, which says what to do. A traceback would hide it."""
    try:
        with explained():
            yield
    except errors as error:
        if processes.lost_another(error):
            raise
        stop(error, aloud)
    except RuntimeError as error:
        if "allocate memory" not in str(error):
            raise
        stop(f"The memory is full ({psutil.virtual_memory().available / 1e9:.1f} GB are free). {SMALLER}", aloud)


class Progress:
    """A data loader that says how far it is: in a line that changes (terminal), or a line each quarter (log file).

    seen: the number of pictures that this process has had.
    """

    def __init__(self, data_loader: Iterable[tuple[Tensor, Tensor]], name: str, batch_size: int):
        self.data_loader, self.name, self.batch_size, self.seen = data_loader, name, batch_size, 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        begin, total = time.perf_counter(), len(self.data_loader)
        for done, (images, labels) in enumerate(self.data_loader, 1):
            yield images, labels
            self.seen += len(labels)
            stop_if_abandoned()
            if done < total and (sys.stdout.isatty() or 4 * done // total > 4 * (done - 1) // total):
                speed = done * self.batch_size / (time.perf_counter() - begin)
                report(f"{self.name}   {done / total:.0%}   {speed:.0f} pictures/s", "\r")


def report(line: str, end: str = "\n") -> None:
    """Print at once. end="\\r": in a terminal the next line is written over this one."""
    terminal = sys.stdout.isatty()
    print(line.ljust(50) if terminal else line, end=end if terminal else "\n", flush=True)


def report_epoch(name: str, numbers: dict[str, float], is_best: bool) -> None:
    """numbers: one for each name in checkpoint.NUMBERS."""
    report(
        f"{name}   train loss {numbers['train_loss']:.3f} accuracy {numbers['train_accuracy']:.3f}   "
        f"val loss {numbers['val_loss']:.3f} accuracy {numbers['val_accuracy']:.3f}{' (best)' if is_best else ''}   "
        f"lr {numbers['lr']:g}   {numbers['seconds']:.1f} s, {numbers['images_per_second']:.0f} pictures/s"
    )
