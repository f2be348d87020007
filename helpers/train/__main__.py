"""python -m helpers.train: read the options, train, and end with a sentence where that is possible."""

import os
import sys

from ..files.writing import release
from . import processes
from .loop import train
from .messages import stop, stop_if_abandoned
from .options import read_options


def main(arguments: list[str] | None = None) -> None:
    """Train as the command line says, or a list such as ["--epochs", "3"]. --help tells the exit codes."""
    for stream in (sys.stdout, sys.stderr):  # a class name that a file's encoding lacks must not end a training
        if hasattr(stream, "reconfigure"):  # not one that a notebook or nobody reads
            stream.reconfigure(errors="backslashreplace")
    if processes.RANK > 0:
        sys.stdout = open(os.devnull, "w")  # the first process speaks for all
    options = read_options(arguments)
    try:
        train(options)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on after the last complete epoch.")
        sys.exit(130)
    except BrokenPipeError:  # such as by `| head`
        sys.stdout = open(os.devnull, "w")  # what is left to say would fail again
        stop("nobody reads what it says any more. The same command goes on after the last complete epoch.")
    except RuntimeError as error:
        if not processes.lost_another(error):
            raise
        stop_if_abandoned()  # the other one noticed first
        rank = processes.RANK
        stop(f"process {rank} has lost the connection to another one. torchrun ends all, or starts all again.")
    finally:
        release(options.out / "last.pt")
        processes.leave()


if __name__ == "__main__":
    main()
