"""Lesson 2: eight random views of one picture."""

from functools import cache
from typing import NamedTuple

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageOps
from torchvision import tv_tensors
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2
from torchvision.transforms.v2.functional import to_pil_image

from ..figures import COLOURS, LINES, take_out_moving
from .base import WIDE, Explorer, put_picture

VIEWS, SIDE = 8, 560  # pixels of the original as it is drawn
EIGHT = [*COLOURS, "#F0E442", "black"]  # one for each view


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
        return draw_views(draw_axes(), image, views)

    return Explorer(
        "A picture with eight random crops marked, the eight views, and their colours", controls, draw, photo=True
    )


@cache
def draw_axes() -> Figure:
    """The axes of the colours, with lines that have no points yet."""
    figure = Figure(figsize=(WIDE, 3.5))
    figure.cuts = [0.3, 0.75]
    histogram = figure.add_axes((0.8, 0.19, 0.18, 0.69))
    for channel, (name, colour) in enumerate([("red", COLOURS[1]), ("green", COLOURS[2]), ("blue", COLOURS[0])]):
        histogram.plot([], [], color=colour, linestyle=LINES[channel], label=name)
    histogram.set(xlabel="value (0 dark, 1 bright)", ylabel="how often", yticks=[], xlim=(0, 1), xticks=[0, 0.5, 1])
    histogram.set_title("colours of the views")
    histogram.legend(loc="upper left", fontsize=10, handlelength=1.4)
    return figure


def draw_views(figure: Figure, image, views: list[View]) -> tuple[Figure, str]:
    """Put the picture, its views and their colours into the figure of draw_axes; and what they show in words."""
    take_out_moving(figure)
    scale = SIDE / max(image.size)  # all pictures are drawn large first, so that their lines are sharp
    original = image.resize((round(scale * image.width), round(scale * image.height)))
    middle, holding, pen = (image.width / 2, image.height / 2), 0, ImageDraw.Draw(original)
    tiles = Image.new("RGB", (4 * SIDE // 2 + 24, SIDE + 8), "white")
    for i, (view, colour) in enumerate(zip(views, EIGHT, strict=True)):
        left, top, right, bottom = view.box
        pen.rectangle([scale * edge for edge in (left, top, right + 1, bottom + 1)], outline=colour, width=6)
        tile = to_pil_image(view.image).resize((SIDE // 2 - 14, SIDE // 2 - 14))
        tiles.paste(ImageOps.expand(tile, 7, colour), (i % 4 * (SIDE // 2 + 8), i // 4 * (SIDE // 2 + 8)))
        holding += left <= middle[0] <= right + 1 and top <= middle[1] <= bottom + 1
    x, y = (scale * place for place in middle)
    for colour, width, length in (("white", 10, 24), ("black", 4, 21)):
        pen.line((x - length, y, x + length, y), colour, width)
        pen.line((x, y - length, x, y + length), colour, width)
    put_picture(figure, original, (0.0, 0.02, 0.29, 0.86), "original and crops")
    put_picture(figure, tiles, (0.31, 0.02, 0.43, 0.86), "eight views, framed alike")
    stack, [histogram] = torch.stack([view.image for view in views]), figure.axes
    counts = [torch.histc(stack[:, channel], bins=32, min=0, max=1) for channel in range(3)]
    shares = [count / count.sum() for count in counts]
    histogram.set_ylim(0, 1.5 * max(share.max().item() for share in shares))  # with room for the legend
    for line, share in zip(histogram.lines[:3], shares, strict=True):
        histogram.plot(
            torch.linspace(0, 1, 32), share, color=line.get_color(), linestyle=line.get_linestyle(), animated=True
        )
    size = [(right - left + 1) * (bottom - top + 1) / (image.width * image.height) for left, top, right, bottom in
            (view.box for view in views)]  # fmt: skip
    return figure, (
        f"{holding} of {len(views)} views hold the middle of the picture (the cross). They show "
        f"{min(size):.0%} to {max(size):.0%} of its area; their mean brightness is {stack.mean():.2f}."
    )
