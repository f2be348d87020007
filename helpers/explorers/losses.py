"""Lesson 5: from logits to probabilities and to the loss."""

import math
from collections.abc import Sequence
from functools import lru_cache

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch.nn import functional as F

from ..figures import COLOURS, take_out_moving
from .base import WIDE, Explorer

CLASSES = ("ants", "bees", "beetles")


def explore_loss() -> Explorer:
    """Logits of three classes on sliders and a label, and the shares and the loss that they give."""
    controls = {
        f"logit{i}": widgets.FloatSlider(value, min=-8, max=8, step=0.5, description=f"logit of {name}")
        for i, (name, value) in enumerate(zip(CLASSES, [2.0, -1.0, 0.5], strict=True))
    }
    controls["label"] = widgets.Dropdown(options=CLASSES, description="label (right class)")

    def draw(label: str, **logits: float) -> tuple[Figure, str]:
        return draw_loss(draw_axes(CLASSES), list(logits.values()), CLASSES.index(label), CLASSES)

    return Explorer("Logits, their softmax and the cross entropy", controls, draw)


@lru_cache(maxsize=1)
def draw_axes(classes: Sequence[str]) -> Figure:
    """The axes of logits, shares and loss, which stay as they are."""
    figure = Figure(figsize=(WIDE, 3.4))
    figure.cuts = [0.335, 0.665]
    left, middle, right = (figure.add_axes((x, 0.17, 0.26, 0.72)) for x in (0.05, 0.39, 0.725))
    left.set(title="logits", yticks=[-8, -4, 0, 4, 8], ylim=(-9.5, 9.5))
    middle.set(title="softmax: shares", yticks=[0, 0.5, 1], ylim=(0, 1.12))
    for axis in (left, middle):
        axis.set_xticks(range(len(classes)), classes)
        axis.set_xlim(-0.6, len(classes) - 0.4)
    share = torch.logspace(-17 / math.log(10), 0, 300)
    right.plot(share, -share.log(), color="0.5")
    right.set(title="cross entropy", xlabel="share of the right class", ylabel="loss", xlim=(0, 1), ylim=(0, 17))
    right.set(xticks=[0, 0.5, 1], yticks=[0, 5, 10, 15])
    return figure


def draw_loss(figure: Figure, values: list[float], label: int, classes: Sequence[str]) -> tuple[Figure, str]:
    """Put the bars and the point into the figure of draw_axes; and what they show in words."""
    logits = torch.tensor([values])
    shares = logits.softmax(dim=1)[0]
    loss = F.cross_entropy(logits, torch.tensor([label])).item()
    take_out_moving(figure)
    left, middle, right = figure.axes
    colours = [COLOURS[1] if i == label else COLOURS[0] for i in range(len(classes))]
    hatches = ["//" if i == label else "" for i in range(len(classes))]
    for axis, heights, form in [(left, logits[0].tolist(), "{:.1f}"), (middle, shares.tolist(), "{:.3f}")]:
        bars = axis.bar(range(len(classes)), heights, color=colours, hatch=hatches, edgecolor="white", animated=True)
        axis.bar_label(bars, map(form.format, heights), animated=True)
        axis.axhline(0, color="black", linewidth=0.8, animated=True)
    right.plot([shares[label]], [loss], "o", color=COLOURS[1], markersize=9, clip_on=False, animated=True)
    return figure, (
        f"The label is {classes[label]} (hatched), which gets a share of {shares[label]:.3g}. "
        f"The loss is −log({shares[label]:.3g}) = {loss:.3f}; guessing has {torch.tensor(len(classes)).log():.3f}."
    )
