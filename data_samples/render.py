"""Renders the pictures again: `python data_samples/render.py`. See `--help` and README.md."""

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # so that spawned workers find the renderer too

from PIL import Image  # noqa: E402
from renderer.picture import take_picture  # noqa: E402

COUNTS = {"train": 120, "val": 60, "test": 60}  # pictures per class; half as many of an extra class
CLASSES = ("ants", "bees", "ladybirds")  # the place in this order is part of a picture's seed
EXTRA = ("ladybirds",)  # classes in a folder of their own, so that the default data set keeps its two
SEED, SIZE, QUALITY = 2026, 256, {"ants": 86, "bees": 86, "ladybirds": 81}  # of the JPEG files
SHEET = {
    "ants": (6, 8, 13, 12, 19, 17, 22, 27, 30, 31, 36, 3),
    "bees": (4, 6, 7, 20, 14, 21, 33, 35, 22, 41, 9, 40),
    "ladybirds": (8, 17, 50, 33, 39, 43, 42, 46, 55, 34, 57, 60),
}
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def picture_seed(seed: int, split: str, kind: str, index: int) -> tuple[int, int, int, int]:
    """Four integers that belong to one picture alone, whoever renders it and in whatever order."""
    return seed, list(COUNTS).index(split), CLASSES.index(kind), index


def place(split: str, kind: str, index: int) -> Path:
    """Where a picture lies below the output folder."""
    return Path(kind if kind in EXTRA else "", split, kind, f"{kind}_{index:04d}.jpg")


def render_one(job) -> Path:
    """Renders and saves one picture. job: (out, seed, split, kind, index)."""
    out, seed, split, kind, index = job
    path = Path(out) / place(split, kind, index)
    picture = take_picture(kind, picture_seed(seed, split, kind, index), SIZE)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(path, quality=QUALITY[kind], optimize=True)
    return path


def list_jobs(out: Path, seed: int = SEED, only: str | None = None, count: int | None = None) -> list[tuple]:
    """All pictures to render. only: a class, a split or "class/split"; count: at most so many of each."""
    wanted = set(only.split("/")) if only else set()
    unknown = wanted - set(COUNTS) - set(CLASSES)
    if unknown:
        names = ", ".join([*CLASSES, *COUNTS])
        raise SystemExit(f"--only {only}: don't know {sorted(unknown)}; use {names} or ants/train")
    jobs = []
    for split, total in COUNTS.items():
        for kind in CLASSES:
            if (wanted & set(COUNTS) and split not in wanted) or (wanted & set(CLASSES) and kind not in wanted):
                continue
            most = total // 2 if kind in EXTRA else total
            jobs += [(str(out), seed, split, kind, i + 1) for i in range(min(count or most, most))]
    return jobs


@contextmanager
def single_threaded_children():
    """Processes started inside use one thread each in numpy: the workers share out the cores already."""
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def share_out(work, jobs: list, workers: int, what: str) -> None:
    """Calls work(job) for all jobs in `workers` processes, with a one-line progress bar. what: a noun for it."""
    start = time.monotonic()
    # "spawn" on every system: it is what Windows and macOS do anyway.
    with single_threaded_children(), get_context("spawn").Pool(workers) as pool:
        for done, _ in enumerate(pool.imap_unordered(work, jobs), 1):
            spent = time.monotonic() - start
            left = spent / done * (len(jobs) - done)
            bar = "#" * (30 * done // len(jobs))
            print(f"\r[{bar:<30}] {done}/{len(jobs)} {what}, {left / 60:4.1f} minutes left ", end="", flush=True)
    print(f"\n{len(jobs)} {what} in {(time.monotonic() - start) / 60:.1f} minutes")


def draw_sheet(folder: Path, path: Path, kinds: tuple[str, ...]) -> None:
    """A contact sheet of training pictures (the numbers in SHEET): two rows of six for each of `kinds`."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    rows = 2 * len(kinds)
    figure, axes = plt.subplots(rows, 6, figsize=(9, 1.65 * rows), layout="constrained")
    for row, line in enumerate(axes):
        kind = kinds[row // 2]
        for column, axis in enumerate(line):
            index = SHEET[kind][(row % 2) * 6 + column]
            axis.imshow(Image.open(folder / place("train", kind, index)))
            axis.set_title(kind, fontsize=9, pad=2)
            axis.axis("off")
    figure.savefig(path, dpi=100, pil_kwargs={"quality": 82, "optimize": True})
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=HERE, help="folder for train/, val/, test/ and ladybirds/ (default: here)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"another seed gives other pictures (default {SEED})")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: all cores)")
    parser.add_argument("--only", help="a class, a split, or both: ants, test, ants/train")
    parser.add_argument("--count", type=int, help="at most this many pictures of each class and split")
    parser.add_argument("--sheet", action="store_true", help="only draw the contact sheets from the pictures in --out")
    options = parser.parse_args()
    if options.sheet:
        draw_sheet(options.out, options.out / "contact_sheet.jpg", tuple(k for k in CLASSES if k not in EXTRA))
        for kind in EXTRA:
            draw_sheet(options.out, options.out / kind / "contact_sheet.jpg", (kind,))
        return
    if options.out == HERE and (options.seed != SEED or options.only or options.count):
        parser.error("that would replace pictures that ship with the course. Add --out FOLDER.")
    jobs = list_jobs(options.out, options.seed, options.only, options.count)
    # Rendered beside the old set and moved when complete: an interrupted run leaves the old pictures whole.
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out, prefix=".render-") as temporary:
        share_out(render_one, [(temporary, *job[1:]) for job in jobs], options.workers, "pictures")
        for job in jobs:
            target = options.out / place(*job[2:])
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(Path(temporary) / place(*job[2:]), target)


if __name__ == "__main__":
    main()
