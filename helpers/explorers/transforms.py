"""Lesson 2: eight random views of one picture."""

from typing import NamedTuple

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torchvision import tv_tensors
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2
from torchvision.utils import make_grid

from ..plotting import COLOURS, LINES
from .base import Explorer, shrink

VIEWS = 8


class View(NamedTuple):
    """What a random transform made of a picture."""

    image: torch.Tensor  # (3, image_size, image_size) float32 in [0, 1]
    box: tuple[int, int, int, int]  # the part of the picture that it shows: left, top, right, bottom in pixels


def build_augmentation(image_size: int, area: tuple[float, float], stretch: float, flip: float, colour: float):
    """The random transforms of lesson 2, up to Normalize. area: smallest and largest share of the picture."""
    transforms = [
        v2.RandomResizedCrop(image_size, scale=area, ratio=(1 / stretch, stretch)),
        v2.RandomHorizontalFlip(flip),
    ]
    if colour:
        transforms.append(v2.ColorJitter(brightness=colour, contrast=colour, saturation=colour))
    return v2.Compose([*transforms, v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])


def make_views(image, augmentation: v2.Compose, seed: int) -> list[View]:
    """Eight views. Each pixel's row and column travel along as a mask, and tell which part was cut out."""
    torch.manual_seed(seed)
    places = torch.meshgrid(torch.arange(image.height), torch.arange(image.width), indexing="ij")
    mask = tv_tensors.Mask(torch.stack(places).short())
    views = []
    for _ in range(VIEWS):
        view, (rows, columns) = augmentation(image, mask)
        views.append(View(view, (columns.min().item(), rows.min().item(), columns.max().item(), rows.max().item())))
    return views


def explore_transforms(dataset: ImageFolder, image_size: int) -> Explorer:
    """Crop, stretch, flip and colour on sliders, and eight views that they give of a picture of `dataset`.

    dataset: gives PIL pictures. image_size: width and height of the views in pixels.
    """
    controls = {
        "area": widgets.FloatRangeSlider(
            value=(0.5, 1.0), min=0.05, max=1.0, step=0.05, description="crop (share of area)"
        ),
        "stretch": widgets.FloatSlider(1.3, min=1.0, max=3.0, step=0.1, description="stretch up to (times)"),
        "flip": widgets.FloatSlider(0.5, min=0.0, max=1.0, step=0.1, description="flip (probability)"),
        "colour": widgets.FloatSlider(0.0, min=0.0, max=0.8, step=0.1, description="change colours by"),
        "index": widgets.IntSlider(0, min=0, max=len(dataset) - 1, description="picture (number)"),
        "seed": widgets.IntSlider(0, min=0, max=50, description="seed (number)"),
    }

    def draw(index: int, seed: int, **settings) -> tuple[Figure, str]:
        image = dataset[index][0]
        with torch.random.fork_rng():  # the lesson's own random numbers stay as they are
            views = make_views(image, build_augmentation(image_size, **settings), seed)
        return draw_views(image, views)

    return Explorer(
        "A picture with eight random crops marked, the eight views, and their colours", controls, draw, photo=True
    )


def draw_views(image, views: list[View]) -> tuple[Figure, str]:
    figure = Figure(figsize=(11, 3.5))
    original = figure.add_axes((0.0, 0.03, 0.29, 0.86))
    original.imshow(shrink(image), extent=(0, image.width, image.height, 0))
    original.set_title("original and crops", fontsize=10)
    original.axis("off")
    middle, holding = (image.width / 2, image.height / 2), 0
    original.plot(*middle, "+", color="white", markersize=14, markeredgewidth=4)
    original.plot(*middle, "+", color="black", markersize=12, markeredgewidth=2)
    for i, (left, top, right, bottom) in enumerate(view.box for view in views):
        original.add_patch(
            Rectangle((left, top), right - left, bottom - top, fill=False, color=COLOURS[i % 6], linestyle=LINES[i % 6])
        )
        holding += left <= middle[0] <= right + 1 and top <= middle[1] <= bottom + 1
    tiles = figure.add_axes((0.3, 0.03, 0.44, 0.86))
    grid = make_grid(torch.stack([view.image for view in views]), nrow=4, padding=3, pad_value=1)
    tiles.imshow(grid.permute(1, 2, 0).numpy())
    tiles.set_title("eight views", fontsize=10)
    tiles.axis("off")
    histogram = figure.add_axes((0.79, 0.17, 0.2, 0.72))
    stack = torch.stack([view.image for view in views])
    for channel, (name, colour) in enumerate([("red", COLOURS[1]), ("green", COLOURS[2]), ("blue", COLOURS[0])]):
        counts = torch.histc(stack[:, channel], bins=32, min=0, max=1)
        histogram.plot(
            torch.linspace(0, 1, 32), counts / counts.sum(), color=colour, linestyle=LINES[channel], label=name
        )
    histogram.set(xlabel="value (0 dark, 1 bright)", ylabel="how often", yticks=[], xlim=(0, 1))
    histogram.set_title("colours of the views", fontsize=10)
    histogram.legend(fontsize=8)
    size = [(right - left + 1) * (bottom - top + 1) / (image.width * image.height) for left, top, right, bottom in
            (view.box for view in views)]  # fmt: skip
    return figure, (
        f"{holding} of {len(views)} views hold the middle of the picture (the cross). They show "
        f"{min(size):.0%} to {max(size):.0%} of its area; their mean brightness is {stack.mean():.2f}."
    )
