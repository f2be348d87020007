"""Lesson 1: a look through an ImageFolder, picture by picture."""

from collections import Counter
from pathlib import Path

import ipywidgets as widgets
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from torchvision.datasets import ImageFolder

from ..pictures import read_picture
from ..plotting import SHADES
from .base import Explorer, shorten, shrink


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
    figure = Figure(figsize=(11, 4))
    large = figure.add_axes((0.0, 0.02, 0.34, 0.88))
    large.imshow(shrink(image))
    large.set_title(f"{name}[{index}]")
    large.axis("off")
    for place, near in enumerate(range(index - 2, index + 3)):
        axis = figure.add_axes((0.37 + 0.125 * place, 0.48, 0.12, 0.4))
        axis.axis("off")
        if 0 <= near < len(dataset):
            axis.imshow(dataset[near][0].resize((96, 96), reducing_gap=2), alpha=1 if near == index else 0.75)
            axis.set_title(f"{near}: {shorten(dataset.classes[dataset.targets[near]], 9)}", fontsize=9)
    band = figure.add_axes((0.38, 0.17, 0.6, 0.12))
    band.imshow([[to_rgb(SHADES[target % len(SHADES)]) for target in dataset.targets]], aspect="auto")
    band.axvline(index, color="black", linewidth=3)
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
