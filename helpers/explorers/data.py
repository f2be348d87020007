"""Lesson 1: a look through an ImageFolder, picture by picture."""

from collections import Counter
from pathlib import Path

import ipywidgets as widgets
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from torchvision.datasets import ImageFolder

from ..figures import SHADES
from ..pictures import read_picture
from .base import WIDE, Explorer, put_picture, shorten


def explore_data(data_dir: Path) -> Explorer:
    """The pictures of a folder with train, val and test: by split and by index."""
    datasets = {split: ImageFolder(data_dir / split, loader=read_picture) for split in ("train", "val", "test")}
    split = widgets.Dropdown(options=list(datasets), description="split")
    index = widgets.IntSlider(0, min=0, max=len(datasets["train"]) - 1, description="index (number)")
    # The splits have different lengths: the slider ends where the dataset does.
    split.observe(lambda change: setattr(index, "max", len(datasets[change["new"]]) - 1), names="value")

    def draw(split: str, index: int) -> tuple[Figure, str]:
        return draw_example(datasets[split], f'all_sets["{split}"]', index)

    return Explorer(
        "One picture of a dataset, its neighbours, and its place", {"split": split, "index": index}, draw, photo=True
    )


def draw_example(dataset: ImageFolder, name: str, index: int) -> tuple[Figure, str]:
    image, label = dataset[index]
    path = Path(dataset.samples[index][0])
    figure = Figure(figsize=(WIDE, 4))
    figure.cuts = [0.4]
    put_picture(figure, image, (0.0, 0.02, 0.38, 0.88), f"{name}[{index}]")
    first = max(0, min(index - 2, len(dataset) - 5))
    for place, near in enumerate(range(first, min(first + 5, len(dataset)))):
        title = f"{near}: {shorten(dataset.classes[dataset.targets[near]], 8)}"
        box, weight = (0.415 + 0.118 * place, 0.48, 0.11, 0.4), "bold" if near == index else "normal"
        put_picture(figure, dataset[near][0], box, title, fontsize=10, fontweight=weight)
    band = figure.add_axes((0.415, 0.2, 0.58, 0.1))
    band.imshow([[to_rgb(SHADES[target % len(SHADES)]) for target in dataset.targets]], aspect="auto")
    band.axvline(index, color="black", linewidth=3, clip_on=False)
    band.set(yticks=[], title=f"where it stands among {len(dataset)}")
    band.legend(
        handles=[
            Patch(color=SHADES[i % len(SHADES)], label=f"{i}: {shorten(kind)}")
            for i, kind in enumerate(dataset.classes[:8])
        ],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.5),
        ncols=min(4, len(dataset.classes)),
        frameon=False,
    )
    counts = Counter(dataset.classes[target] for target in dataset.targets)
    return figure, (
        f"{name}[{index}] gives a picture, {image.width} × {image.height} pixels, and the number {label}, which stands "
        f"for {dataset.classes[label]}. It lies in {path.parent.name}/{path.name}. "
        f"This split has {', '.join(f'{count} {kind}' for kind, count in counts.items())}."
    )
