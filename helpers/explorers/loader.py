"""Lesson 3: which pictures land in which batch, and how long it takes."""

import time
from collections import Counter

import ipywidgets as widgets
import numpy as np
import torch
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision.datasets import ImageFolder
from torchvision.utils import make_grid

from ..plotting import SHADES, unnormalize
from .base import Explorer, shorten

PICTURES = 40


class Numbered(Dataset):
    """A dataset whose examples also bring their index. In a file of its own, so that workers can import it."""

    def __init__(self, dataset: Dataset):
        self.dataset = dataset

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int):
        image, label = self.dataset[index]
        return image, label, index


def choose_pictures(dataset: ImageFolder) -> Subset:
    """Up to 40 pictures spread evenly over the dataset, in its order: so all classes are among them."""
    count = min(PICTURES, len(dataset))
    return Subset(dataset, [k * len(dataset) // count for k in range(count)])


def make_pass(dataset: Dataset, seed: int, **settings) -> tuple[list[torch.Tensor], torch.Tensor, float]:
    """One pass of a DataLoader: the indices of each batch, the first batch's pictures, and the seconds it took."""
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(Numbered(dataset), generator=generator, **settings)
    begin = time.perf_counter()
    batches = list(loader)
    seconds = time.perf_counter() - begin
    first = batches[0][0] if batches else torch.empty(0)
    return [indices for _, _, indices in batches], first, seconds


def explore_loader(dataset: ImageFolder) -> Explorer:
    """Settings of a DataLoader, and the batches it makes of 40 pictures of `dataset` (normalized tensors)."""
    few = choose_pictures(dataset)
    controls = {
        "batch_size": widgets.IntSlider(12, min=2, max=PICTURES, description="batch_size (pictures)"),
        "shuffle": widgets.Checkbox(False, description="shuffle", indent=True),
        "drop_last": widgets.Checkbox(False, description="drop_last", indent=True),
        "num_workers": widgets.IntSlider(0, min=0, max=2, description="num_workers (slow start)"),
        "seed": widgets.IntSlider(0, min=0, max=20, description="seed (number)"),
    }

    def draw(**settings) -> tuple[Figure, str]:
        return draw_batches(few, *make_pass(few, **settings))

    return Explorer("Batches as rows, one square for each picture, and the first batch", controls, draw, photo=True)


def draw_batches(few: Subset, batches: list, first: torch.Tensor, seconds: float) -> tuple[Figure, str]:
    classes, targets = few.dataset.classes, [few.dataset.targets[index] for index in few.indices]
    sizes = [len(batch) for batch in batches]
    figure = Figure(figsize=(11, 4.2))
    axis = figure.add_axes((0.06, 0.14, 0.54, 0.78))
    wide = max(sizes, default=1)
    squares = np.ones((max(len(batches), 1), wide, 3))
    for row, batch in enumerate(batches):
        for column, index in enumerate(batch.tolist()):
            squares[row, column] = to_rgb(SHADES[targets[index] % len(SHADES)])
            dark = squares[row, column].mean() < 0.45
            axis.text(
                column,
                row,
                index,
                ha="center",
                va="center",
                fontsize=8 if wide < 26 else 5,
                color="white" if dark else "black",
            )
    axis.imshow(squares, aspect="auto")
    axis.set(xlabel="place in the batch", ylabel="batch", xticks=[], yticks=range(len(batches)))
    axis.legend(
        handles=[Patch(color=SHADES[i % len(SHADES)], label=shorten(name)) for i, name in enumerate(classes[:4])],
        loc="upper right", bbox_to_anchor=(1, -0.02), ncols=4, frameon=False,
    )  # fmt: skip
    pictures = figure.add_axes((0.62, 0.05, 0.38, 0.87))
    pictures.set_title("the first batch" if len(first) <= 16 else "the first 16 of the first batch", fontsize=10)
    pictures.axis("off")
    if len(first):
        tiles = torch.nn.functional.interpolate(unnormalize(first[:16]), (96, 96))
        pictures.imshow(make_grid(tiles, nrow=4, padding=2, pad_value=1).permute(1, 2, 0).numpy())
    counts = Counter(classes[targets[index]] for index in batches[0].tolist()) if batches else {}
    seen = sum(sizes)
    return figure, (
        f"{seen} of {len(few)} pictures in {len(batches)} batches; the last has {sizes[-1] if sizes else 0}. "
        f"The first has {', '.join(f'{count} {name}' for name, count in counts.items()) or 'nothing'}. "
        f"The pass took {seconds:.2f} s, {seen / seconds:.0f} pictures a second."
    )
