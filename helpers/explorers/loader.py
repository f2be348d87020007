"""Lesson 3: which pictures land in which batch, and how long it takes."""

import time
from collections import Counter
from functools import cache

import ipywidgets as widgets
import torch
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.patches import Patch
from PIL import Image, ImageDraw, ImageFont
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision.datasets import ImageFolder
from torchvision.transforms.v2.functional import to_pil_image
from torchvision.utils import make_grid

from ..figures import SHADES, take_out_moving
from ..plotting import unnormalize
from .base import WIDE, Explorer, put_picture, shorten

PICTURES, ROWS = 22, (960, 520)  # ROWS: pixels of the rows of squares


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
    """Up to 22 pictures spread evenly over the dataset, in its order: so all classes are among them."""
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
    """Settings of a DataLoader, and the batches it makes of 22 pictures of `dataset` (normalized tensors)."""
    few = choose_pictures(dataset)
    controls = {
        "batch_size": widgets.IntSlider(8, min=2, max=PICTURES, description="batch_size (pictures)"),
        "shuffle": widgets.Checkbox(False, description="shuffle", indent=True),
        "drop_last": widgets.Checkbox(False, description="drop_last", indent=True),
        "num_workers": widgets.IntSlider(0, min=0, max=2, description="num_workers (slow start)"),
        "seed": widgets.IntSlider(0, min=0, max=20, description="seed (number)"),
    }

    def draw(**settings) -> tuple[Figure, str]:
        return draw_batches(few, *make_pass(few, **settings))

    return Explorer("Batches as rows, one square for each picture, and the first batch", controls, draw, photo=True)


def draw_rows(batches: list, targets: list[int]) -> Image.Image:
    """A row for each batch, and in it for each picture a square with its index, in the colour of its class."""
    wide, high = ROWS[0] // max(map(len, batches), default=1), ROWS[1] // max(len(batches), 1)
    page = Image.new("RGB", ROWS, "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(findfont("DejaVu Sans"), 23)
    for row, batch in enumerate(batches):
        for column, index in enumerate(batch.tolist()):
            shade, left, top = SHADES[targets[index] % len(SHADES)], column * wide, row * high
            pen.rectangle((left, top, left + wide - 2, top + high - 2), shade)
            ink = "white" if sum(to_rgb(shade)) < 1.35 else "black"
            if wide > 34:  # else too small to be read
                pen.text((left + wide / 2, top + high / 2), str(index), ink, font, "mm")
    return page


@cache
def draw_axes(classes: tuple[str, ...]) -> Figure:
    """What stays: which colour is which class."""
    figure = Figure(figsize=(WIDE, 4.2))
    figure.cuts = [0.6]
    figure.text(0.005, 0.5, "← batch", rotation=90, va="center")
    kinds = [Patch(color=SHADES[i % len(SHADES)], label=shorten(name)) for i, name in enumerate(classes[:4])]
    figure.legend(handles=kinds, loc="lower left", bbox_to_anchor=(0.02, 0.0), ncols=4)
    return figure


def draw_batches(few: Subset, batches: list, first: torch.Tensor, seconds: float) -> tuple[Figure, str]:
    classes, targets = few.dataset.classes, [few.dataset.targets[index] for index in few.indices]
    sizes = [len(batch) for batch in batches]
    take_out_moving(figure := draw_axes(tuple(classes)))
    put_picture(
        figure, draw_rows(batches, targets), (0.03, 0.12, 0.55, 0.78), "place in the batch →", fontweight="normal"
    )
    if len(first):
        tiles = to_pil_image(make_grid(unnormalize(first[:16]), nrow=4, padding=4, pad_value=1))
        title = "the first batch" if len(first) <= 16 else "the first 16 of the first batch"
        put_picture(figure, tiles, (0.62, 0.02, 0.37, 0.88), title)
    counts = Counter(classes[targets[index]] for index in batches[0].tolist()) if batches else {}
    seen = sum(sizes)
    return figure, (
        f"{seen} of {len(few)} pictures in {len(batches)} batches; the last has {sizes[-1] if sizes else 0}. "
        f"The first has {', '.join(f'{count} {name}' for name, count in counts.items()) or 'nothing'}. "
        f"The pass took {seconds:.2f} s, {seen / seconds:.0f} pictures a second."
    )
