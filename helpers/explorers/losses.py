"""Lesson 5: from logits to probabilities and to the loss."""

import math
from collections.abc import Sequence

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch.nn import functional as F

from ..figures import COLOURS
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
        return draw_loss(list(logits.values()), CLASSES.index(label), CLASSES)

    return Explorer("Logits, their softmax and the cross entropy", controls, draw)


def draw_loss(values: list[float], label: int, classes: Sequence[str]) -> tuple[Figure, str]:
    logits = torch.tensor([values])
    shares = logits.softmax(dim=1)[0]
    loss = F.cross_entropy(logits, torch.tensor([label])).item()
    figure = Figure(figsize=(WIDE, 3.4))
    figure.cuts = [0.335, 0.665]
    left, middle, right = (figure.add_axes((x, 0.17, 0.26, 0.72)) for x in (0.05, 0.39, 0.725))
    colours = [COLOURS[1] if i == label else COLOURS[0] for i in range(len(classes))]
    hatches = ["//" if i == label else "" for i in range(len(classes))]
    for axis, heights, title, limits, ticks, form in [
        (left, logits[0], "logits", (-9.5, 9.5), [-8, -4, 0, 4, 8], "{:.1f}"),
        (middle, shares, "softmax: shares", (0, 1.12), [0, 0.5, 1], "{:.3f}"),
    ]:
        bars = axis.bar(range(len(classes)), heights.tolist(), color=colours, hatch=hatches, edgecolor="white")
        axis.bar_label(bars, [form.format(height) for height in heights.tolist()])
        axis.set_xticks(range(len(classes)), classes)
        axis.set(title=title, yticks=ticks, ylim=limits)
        axis.axhline(0, color="black", linewidth=0.8)
    share = torch.logspace(-17 / math.log(10), 0, 300)
    right.plot(share, -share.log(), color="0.5")
    right.plot([shares[label]], [loss], "o", color=COLOURS[1], markersize=9, clip_on=False)
    right.set(title="cross entropy", xlabel="share of the right class", ylabel="loss", xlim=(0, 1), ylim=(0, 17))
    right.set(xticks=[0, 0.5, 1], yticks=[0, 5, 10, 15])
    return figure, (
        f"The label is {classes[label]} (hatched), which gets a share of {shares[label]:.3g}. "
        f"The loss is −log({shares[label]:.3g}) = {loss:.3f}; guessing has {torch.tensor(len(classes)).log():.3f}."
    )
