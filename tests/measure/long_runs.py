"""Does anything grow? Large folders, a lesson run ten times, fifty explorers, a training of 200 epochs.

python tests/measure/long_runs.py    some minutes; prints a line for each
"""

import gc
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

COURSE = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(COURSE), *(str(COURSE / "tests" / room) for room in ("", "lessons", "unit"))]
ENVIRONMENT = {"BRICKS_WIDGETS": "off", "BRICKS_DEVICE": "cpu", "BRICKS_WEIGHTS": "offline", "OMP_NUM_THREADS": "1"}


def megabytes():
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def large_folder(folder, count=20_000):
    """From the folder to the first batch."""
    import helpers

    source = next((COURSE / "data_samples" / "train" / "ants").glob("*.jpg"))
    for name in ("ants", "bees"):
        for split, share in (("train", count // 2), ("val", 8), ("test", 8)):
            (folder / split / name).mkdir(parents=True)
            for i in range(share):
                os.link(source, folder / split / name / f"{i:05}.jpg")
    begin = time.perf_counter()
    loaders = helpers.build_loaders(helpers.find_data(folder), 128, 16)
    next(iter(loaders["train"]))
    print(f"{count:,} files: first batch after {time.perf_counter() - begin:.2f} s")


def ten_times(folder, lesson="02_transforms"):
    """All cells of a lesson ten times in one kernel: its memory after each run."""
    from kernels import Kernel

    kernel = Kernel(COURSE / "notebooks", ENVIRONMENT | {"BRICKS_PROGRESS": str(folder / "progress.json")})
    notebook, used = nbformat.read(COURSE / "notebooks" / f"{lesson}.ipynb", as_version=4), []
    for _ in range(10):
        kernel.run_notebook(notebook)
        used.append(int(kernel.printed("import gc, psutil; gc.collect(); print(psutil.Process().memory_info().rss)")))
    kernel.manager.shutdown_kernel(now=True)
    print(f"{lesson} ten times: MB after each run", *(f"{bytes_ / 1e6:.0f}" for bytes_ in used))


def fifty_explorers():
    """Opened, moved, closed: memory, and widgets that are left."""
    from ipywidgets.widgets import widget as module

    from helpers import find_data
    from helpers.explorers import explore_data

    def once():
        explorer = explore_data(find_data())
        explorer.controls["index"].value = 7
        for part in [*explorer.controls.values(), *explorer.children, explorer]:
            part.close()

    once()
    used, left = [megabytes()], []
    for _ in range(5):
        for _ in range(10):
            once()
        used.append(megabytes())
        left.append(len(module._instances))
    print("50 explorers: MB", *(f"{mb:.0f}" for mb in used), "; widgets left after each ten", *left)


def long_training(folder, epochs=200):
    """A dashboard: seconds to draw at the beginning and at the end, memory, size of what it shows."""
    from test_dashboard import make

    from helpers.explorers import dashboard as module

    dashboard, drawn = make(folder / "run.pt", epochs=epochs), []
    draw = module._draw_curves

    def timed(board):
        begin = time.perf_counter()
        figure = draw(board)
        drawn.append((board.done, time.perf_counter() - begin))
        return figure

    module._draw_curves, before = timed, megabytes()
    dashboard.wait()
    parts = [[s for done, s in drawn if low <= done < low + epochs // 4] for low in (0, 3 * epochs // 4)]
    first, last = (sorted(part)[len(part) // 2] * 1000 for part in parts)
    size = len(dashboard.picture.value) / 1000
    print(
        f"{epochs} epochs: drawing takes {first:.0f} ms at first and {last:.0f} ms in the end; memory grew by "
        f"{megabytes() - before:.0f} MB; the picture has {size:.0f} kB"
    )


if __name__ == "__main__":
    os.environ |= ENVIRONMENT
    with tempfile.TemporaryDirectory(dir=COURSE / "data_samples") as near:  # on the same disk, for links
        large_folder(Path(near) / "large")
    with tempfile.TemporaryDirectory() as folder:
        ten_times(Path(folder))
        fifty_explorers()
        long_training(Path(folder))
