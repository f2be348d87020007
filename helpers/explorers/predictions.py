"""Lesson 0: what the network says about a picture, and about the same picture turned or darkened."""

import copy

import ipywidgets as widgets
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn
from torchvision.datasets import ImageFolder
from torchvision.transforms.v2 import functional as F

from ..figures import COLOURS
from ..plotting import IMAGENET_MEAN, IMAGENET_STD, unnormalize
from .base import Explorer, put_picture, shorten

MOST = 6  # classes shown


def change_picture(image: Tensor, turn: float, light: float) -> Tensor:
    """The picture turned and brightened, (3, H, W) in [0, 1].

    image: (3, H, W) normalized. turn: degrees counter-clockwise. light: brightness, times what it was.
    """
    return F.adjust_brightness(F.rotate(unnormalize(image), turn, F.InterpolationMode.BILINEAR), light)


@torch.no_grad()
def predict(model: nn.Module, picture: Tensor) -> Tensor:
    """The shares of the classes (C,), summing to 1, for a picture (3, H, W) in [0, 1]. Leaves the model as it was."""
    batch = F.normalize(picture, IMAGENET_MEAN, IMAGENET_STD).unsqueeze(0)
    return eval_shell(model)(batch.to(next(model.parameters()).device)).softmax(dim=1)[0].cpu()


def eval_shell(model: nn.Module) -> nn.Module:
    """A second shell around the same tensors, in eval mode: a training that runs meanwhile keeps its own mode."""
    return copy.deepcopy(model, {id(t): t for t in [*model.parameters(), *model.buffers()]}).eval()


def explore_predictions(model: nn.Module, dataset: ImageFolder, number: int = 0) -> Explorer:
    """Pick a picture of `dataset` (normalized tensors), turn it, darken it, and see what the model says.

    number: of the picture to begin with.
    """
    controls = {
        "index": widgets.IntSlider(number, min=0, max=len(dataset) - 1, description="picture (number)"),
        "turn": widgets.IntSlider(0, min=-180, max=180, step=10, description="turn (degrees)"),
        "light": widgets.FloatSlider(1.0, min=0.1, max=2.0, step=0.1, description="brightness (times)"),
    }

    def draw(index: int, turn: int, light: float) -> tuple[Figure, str]:
        image, label = dataset[index]
        picture = change_picture(image, turn, light)
        return draw_prediction(picture, predict(model, picture), label, dataset.classes)

    return Explorer("A picture, and how sure the network is of each class", controls, draw, photo=True)


def draw_prediction(picture: Tensor, shares: Tensor, label: int | None, classes: list[str]) -> tuple[Figure, str]:
    """The picture, (3, H, W) in [0, 1], and the likeliest classes. label: None for a photo of one's own."""
    figure = Figure(figsize=(10, 3.6))
    figure.cuts = [0.4]
    truth = "your photo" if label is None else f"truth: {shorten(classes[label], 30)}"
    put_picture(figure, F.to_pil_image(picture), (0.01, 0.02, 0.37, 0.88), truth)
    right = figure.add_axes((0.55, 0.17, 0.38, 0.72))
    return figure, draw_shares(right, shares, label, classes)


def draw_shares(axis: Axes, shares: Tensor, label: int | None, classes: list[str]) -> str:
    """The likeliest classes as bars. Returns the answer in words, and whether it is right (label None: unknown)."""
    best = shares.topk(min(MOST, len(classes)))
    bars = axis.barh(range(len(best.indices)), best.values.tolist(), color=COLOURS[0])
    axis.bar_label(bars, [f" {share:.0%}" for share in best.values.tolist()])
    axis.set_yticks(range(len(best.indices)), [shorten(classes[i]) for i in best.indices.tolist()])
    axis.invert_yaxis()
    axis.set(xlim=(0, 1), xlabel="share (all classes together: 1)", title="what the network says")
    share, answer = best.values[0].item(), best.indices[0].item()
    said = f"The network says {classes[answer]}, {share:.0%} sure."
    if label is None:
        return said
    return said + (" That is right." if answer == label else f" That is wrong: it shows {classes[label]}.")
