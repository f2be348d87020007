"""Explorers without a kernel: each position of the main control is drawn when the site is built.

The explorers are those of the lessons, on the pictures and the network that ship. Their pictures come into a folder,
and the page gets a range input, the picture and the caption, which bricks.js moves.
"""

import html
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from PIL import Image
from torch import nn
from torchvision.datasets import ImageFolder

from .. import explorers
from ..backbone import build_model
from ..data import build_datasets, build_loaders, build_transforms
from ..explorers.base import Explorer, parts_of, say
from ..explorers.speed import SpeedMeter
from ..figures import DENSITY
from ..pictures import read_picture
from ..settings import SAMPLES
from ..training import build_optimizer

QUALITY = 70  # of WebP: letters stay sharp
EPOCHS = 6  # of the training that lesson 6 shows
CPU = torch.device("cpu")


class Position(NamedTuple):
    """What the page shows at one position of the control."""

    words: str  # the position itself, such as "30"
    parts: list[Image.Image]  # side by side, or one below the other on a narrow page
    alt: str
    caption: str


def moved(
    explorer: Explorer, control: str, values: Iterable = (), **settings
) -> tuple[str, int, str, Iterator[Position]]:
    """The label of one control, which of `values` it begins with, the other controls, and what is shown at each.

    values: without any, all that the control offers. settings: what other controls shall say.
    """
    for name, value in settings.items():
        explorer.controls[name].value = value
    widget, values = explorer.controls[control], list(values)
    values = values or list(widget.options)
    others = ", ".join(other.description for other in explorer.controls.values() if other is not widget)
    return widget.description, values.index(widget.value), others, _move(explorer, widget, values)


def _move(explorer: Explorer, widget, values: list) -> Iterator[Position]:
    for value in values:
        widget.value = value
        parts = parts_of(explorer.drawn, explorer.cuts)
        yield Position(say(value), parts, explorer.alt, explorer.findings)


def trained() -> tuple[str, int, str, Iterator[Position]]:
    """A training from the pretrained weights, after each epoch."""
    return "after so many epochs", EPOCHS - 1, "Start, Pause, Stop, and the learning rate", _train()


def _train() -> Iterator[Position]:
    torch.manual_seed(0)
    loaders, criterion, model = build_loaders(SAMPLES, 64), nn.CrossEntropyLoss(), build_model(num_classes=2)
    parts = build_optimizer(model, EPOCHS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "dashboard.pt")
        for epoch in range(1, EPOCHS + 1):
            dashboard = explorers.train_with_dashboard(model, loaders, criterion, *parts, epoch, CPU, file)
            dashboard.start()
            dashboard.wait()
            dashboard = explorers.train_with_dashboard(model, loaders, criterion, *parts, EPOCHS, CPU, file)
            alt = f"Loss and accuracy by epoch, after {epoch} of {EPOCHS} epochs."
            yield Position(str(epoch), parts_of(dashboard.drawn, dashboard.cuts), alt, dashboard.numbers())


def fixed_pictures() -> ImageFolder:
    """The validation pictures as a network takes them."""
    return build_datasets(SAMPLES, build_transforms(128))["val"]


def raw_pictures() -> ImageFolder:
    """The training pictures as they are in their files."""
    return ImageFolder(SAMPLES / "train", loader=read_picture)


def speed() -> Explorer:
    return explorers.explore_speed(SpeedMeter(raw_pictures(), CPU, None))


LIVE = {  # what stands in a lesson's cell, and what moves there
    "explore_predictions": lambda: moved(
        explorers.explore_predictions(*explorers.load_first_look(), 32), "turn", range(-180, 181, 10)
    ),
    "explore_data": lambda: moved(explorers.explore_data(SAMPLES), "index", range(0, 240, 16)),
    "explore_transforms": lambda: moved(
        explorers.explore_transforms(raw_pictures(), 128), "area", [(k / 20, 1.0) for k in range(1, 21)]
    ),
    "explore_loader": lambda: moved(explorers.explore_loader(fixed_pictures()), "batch_size", range(2, 23)),
    "explore_layers": lambda: moved(explorers.explore_layers(*explorers.load_first_look()), "part"),
    "explore_loss": lambda: moved(explorers.explore_loss(), "logit0", range(-8, 9)),
    "explore_optimizers": lambda: moved(explorers.explore_optimizers(), "lr", [k / 100 for k in range(2, 50, 3)]),
    "train_with_dashboard": trained,
    "explore_explanations": lambda: moved(
        explorers.explore_explanations(*explorers.load_first_look()), "index", range(0, 120, 8), method="Grad-CAM"
    ),
    "explore_speed": lambda: moved(speed(), "image_size", [64, 96, 128]),
}


def draw_live(name: str, folder: Path, address: str) -> str:
    """The HTML of an explorer whose pictures are written into `folder`, which the page finds at `address`.

    ValueError if `name` has no pictures here.
    """
    if name not in LIVE:
        raise ValueError(f"{name} stands in a lesson, and helpers/site/live.py does not say what moves there. Add it.")
    label, start, others, shown = LIVE[name]()
    positions, images = [], []
    folder.mkdir(parents=True)
    for place, position in enumerate(shown):
        files = [f"{place}-{letter}.webp" for letter, _ in zip("abcd", position.parts, strict=False)]
        for file, part in zip(files, position.parts, strict=True):
            part.save(folder / file, quality=QUALITY)
        if place == start:
            for file, part in zip(files, position.parts, strict=True):
                alt = html.escape(position.alt if file == files[0] else "")
                size = f'width="{part.width // DENSITY}" height="{part.height // DENSITY}"'
                images.append(f'<img src="{address}/{file}" alt="{alt}" {size} loading="lazy">')
            caption = html.escape(position.caption)
        positions.append({"words": position.words, "files": files, "alt": position.alt, "caption": position.caption})
    data = json.dumps(positions, ensure_ascii=False).replace("<", "\\u003c")  # so that it ends no script
    return (
        f'<div class="bricks-live" data-explorer="{name}" data-at="{address}">'
        f"<label hidden>{html.escape(label)} <output>{html.escape(positions[start]['words'])}</output>"
        f'<input type="range" min="0" max="{len(positions) - 1}" value="{start}"></label>'
        f'<div class="bricks-card">{"".join(images)}</div><p role="status">{caption}</p>'
        f'<p class="bricks-note">In the notebook also: {html.escape(others)}.</p>'
        f'<script type="application/json">{data}</script></div>'
    )
