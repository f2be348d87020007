"""Makes the pictures for pretraining: `python data_samples/generate.py`. See `--help` and README.md.

One file for each class, pretraining/<family>/<class>.npz; classes that have theirs already are left alone,
so an interrupted run goes on where it stopped.
"""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # so that spawned workers find the renderer too

import numpy as np  # noqa: E402
from render import share_out  # noqa: E402
from renderer import backgrounds, formulas  # noqa: E402
from renderer.kinds import KINDS  # noqa: E402
from renderer.picture import take_pictures  # noqa: E402

FOLDER, SEED, SIZE = HERE / "pretraining", 1965, 112
SCENES, VIEWS = 48, 4  # of each kind of thing, and pictures of each scene
FORMULAS = {  # family -> picture(rng, which, size), how many classes, pictures of each
    "fractals": (formulas.fractal, formulas.FRACTALS, 100),
    "textures": (formulas.texture, formulas.TEXTURES, 100),
    "fallen": (formulas.fallen_leaves, len(formulas.FALLEN), 160),
}
GROUNDS = sorted({ground.__name__ for ground in backgrounds.GROUNDS})


def list_jobs(folder: Path, size: int, scenes: int) -> list[tuple]:
    """(path, family, which, size, scenes) of every class that has no file yet. which: its index or name."""
    jobs = [(folder / "kinds" / f"{kind}.npz", "kinds", kind, size, scenes) for kind in KINDS]
    for family, (_, classes, _) in FORMULAS.items():
        jobs += [(folder / family / f"{k:03}.npz", family, k, size, scenes) for k in range(classes)]
    return [job for job in jobs if not job[0].exists()]


def make_class(job: tuple) -> None:
    """Writes one class: pictures (n, size, size, 3) uint8 and, for kinds, the index in GROUNDS below each."""
    path, family, which, size, scenes = job
    if family == "kinds":
        backgrounds.SIZE = 256  # texels of a ground: enough for small pictures, and four times faster
        pictures, grounds = [], []
        for scene in range(scenes):
            # A kind's scenes must not depend on which other kinds there are, so its name makes the seed.
            few, setting = take_pictures(which, (SEED, *which.encode(), scene), size, VIEWS)
            pictures += few
            grounds += [GROUNDS.index(setting.ground.kind)] * VIEWS
        arrays = {"pictures": np.stack(pictures), "grounds": np.array(grounds)}
    else:
        draw, _, count = FORMULAS[family]
        seeds = ([SEED, *family.encode(), which, k] for k in range(count))
        arrays = {"pictures": np.stack([draw(np.random.default_rng(seed), which, size) for seed in seeds])}
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".part"), "wb") as file:
        np.savez(file, **arrays)
    os.replace(path.with_suffix(".part"), path)  # a killed run leaves no half file that looks whole


def draw_sheet(folder: Path, path: Path) -> None:
    """A contact sheet: one picture of every second kind of thing, and a row of formulas below."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    shown = [(folder / "kinds" / f"{kind}.npz", kind) for kind in sorted(KINDS)[::2]]
    shown += [(folder / family / f"{7 * k:03}.npz", family) for family in FORMULAS for k in range(1, 4)]
    columns = 10
    rows = -(-len(shown) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(10, 1.12 * rows), layout="constrained")
    for axis in axes.flat:
        axis.axis("off")
    for axis, (file, title) in zip(axes.flat, shown, strict=False):
        with np.load(file) as arrays:
            axis.imshow(arrays["pictures"][4])
        axis.set_title(title, fontsize=7, pad=2)
    figure.savefig(path, dpi=110, pil_kwargs={"quality": 82, "optimize": True})
    plt.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to (default: %(default)s)")
    parser.add_argument("--size", type=int, default=SIZE, help="pixels a side (default: %(default)s)")
    parser.add_argument("--scenes", type=int, default=SCENES, help="of each kind of thing (default: %(default)s)")
    parser.add_argument("--only", choices=["kinds", *FORMULAS], help="one family")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: all cores)")
    parser.add_argument("--sheet", action="store_true", help="only draw pretraining_sheet.jpg from what is there")
    options = parser.parse_args()
    if options.sheet:
        draw_sheet(options.out, HERE / "pretraining_sheet.jpg")
        return
    jobs = [j for j in list_jobs(options.out, options.size, options.scenes) if options.only in (None, j[1])]
    if jobs:
        share_out(make_class, jobs, options.workers, "classes")
    print(f"All pictures are in {options.out}.")


if __name__ == "__main__":
    main()
