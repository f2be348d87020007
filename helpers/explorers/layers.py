"""Lesson 4: through the network part by part: shapes, weights, feature maps, and what freezing leaves moving."""

import copy
from functools import lru_cache

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torchvision.datasets import ImageFolder
from torchvision.transforms.v2.functional import to_pil_image
from torchvision.utils import make_grid

from ..backbone import set_train_mode
from ..figures import COLOURS, take_out_moving
from ..plotting import unnormalize
from .base import WIDE, Explorer, put_picture

TOPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # ends of the axis: it stays while the bars move
MAPS, BATCH = 16, 8  # feature maps shown; pictures that run through in training mode


@torch.no_grad()
def feature_maps(model: nn.Module, image: Tensor, part: str) -> Tensor:
    """What leaves a part of the network for one picture: image (3, H, W) normalized -> (channels, height, width)."""
    caught = {}
    hook = model.get_submodule(part).register_forward_hook(lambda module, inputs, output: caught.update(maps=output))
    try:
        model.eval()
        model(image.unsqueeze(0))
    finally:
        hook.remove()
    maps = caught["maps"][0]
    return maps.reshape(len(maps), *(maps.shape[1:] or (1, 1))).clone()  # the head's output is a list of numbers


def freeze_first(model: nn.Module, count: int) -> None:
    """Freezes the first `count` parts, and only these."""
    for place, part in enumerate(model.children()):
        part.requires_grad_(place >= count)


@torch.no_grad()
def batchnorm_movement(model: nn.Module, images: Tensor, eval_where_frozen: bool) -> dict[str, float]:
    """How far each BatchNorm's running mean moves when one batch runs through in training mode.

    images: (N, 3, H, W) normalized. eval_where_frozen: as set_train_mode does it. Changes the model's statistics.
    Returns the mean change by name, in standard deviations of the channel.
    """
    set_train_mode(model) if eval_where_frozen else model.train()
    norms = {name: module for name, module in model.named_modules() if isinstance(module, nn.BatchNorm2d)}
    before = {name: norm.running_mean.clone() for name, norm in norms.items()}
    scale = {name: (norm.running_var + norm.eps).sqrt() for name, norm in norms.items()}
    model(images)
    return {
        name: ((norm.running_mean - before[name]).abs() / scale[name]).mean().item() for name, norm in norms.items()
    }


def explore_layers(model: nn.Module, dataset: ImageFolder) -> Explorer:
    """Feature maps, weights and BatchNorm of a copy of `model` (a ResNet), for pictures of `dataset`.

    dataset: gives normalized tensors. The model itself is not touched.
    """
    device = next(model.parameters()).device
    # Statistics of its own, but the model's own numbers as weights: a cell that is run fifty times costs no memory.
    probe = copy.deepcopy(model, {id(p): nn.Parameter(p.detach()) for p in model.parameters()})
    batch = torch.stack([dataset[k * len(dataset) // BATCH][0] for k in range(BATCH)]).to(device)
    parts = [name for name, _ in probe.named_children()]
    controls = {
        "part": widgets.SelectionSlider(options=parts, value=parts[0], description="look behind"),
        "index": widgets.IntSlider(0, min=0, max=len(dataset) - 1, description="picture (number)"),
        "frozen": widgets.IntSlider(0, min=0, max=len(parts), description="frozen (first parts)"),
        "eval_where_frozen": widgets.Checkbox(False, description="frozen BatchNorm in eval mode"),
    }

    @lru_cache(maxsize=32)  # a pass takes longer than all the rest; it comes again only if something has changed
    def movement(frozen: int, eval_where_frozen: bool, changes: int) -> dict[str, float]:
        return batchnorm_movement(probe, batch, eval_where_frozen)

    def draw(part: str, index: int, frozen: int, eval_where_frozen: bool) -> tuple[Figure, str]:
        probe.load_state_dict(dict(model.named_buffers()), strict=False)
        freeze_first(probe, frozen)
        image = dataset[index][0]
        maps = feature_maps(probe, image.to(device), part).cpu()
        changes = sum(tensor._version for tensor in model.state_dict().values())  # of the reader's model, by training
        moved = movement(frozen, eval_where_frozen, changes)
        highest = max(moved.values(), default=0)
        top = next((top for top in TOPS if not top < highest), highest)  # which is no number if a training ran away
        figure = draw_axes(tuple(count_weights(probe)), tuple(moved), top)
        return draw_network(figure, probe, image, part, maps, moved)

    return Explorer(
        "A picture inside the network, the weights of its parts, and its BatchNorms", controls, draw, photo=True
    )


@lru_cache(maxsize=2)
def draw_axes(parts: tuple[str], batchnorms: tuple[str], top: float) -> Figure:
    """The axes for the weights of the parts and for the BatchNorms, whose bars reach at most to `top`."""
    figure = Figure(figsize=(WIDE, 4))
    figure.cuts = [0.5]
    weights, norms = figure.add_axes((0.575, 0.21, 0.17, 0.66)), figure.add_axes((0.83, 0.21, 0.16, 0.66))
    weights.set(xscale="log", xlim=(100, 3e7), xlabel="weights (hatched: frozen)")
    weights.set_xticks([1e3, 1e5, 1e7], ["1,000", "100,000", "10 million"], rotation=30)
    weights.set_yticks(range(len(parts)), parts)
    weights.set_ylim(len(parts) - 0.5, -0.5)
    weights.minorticks_off()
    owners = [name.split(".")[0] for name in batchnorms]
    names = sorted(set(owners), key=owners.index)
    norms.set_xticks([owners.index(name) + (owners.count(name) + 1) / 2 for name in names], names)
    norms.tick_params(axis="x", rotation=60)
    norms.set(ylabel="running mean moved by (std)", title="BatchNorms", ylim=(0, top), xlim=(0, len(owners) + 1))
    return figure


def count_weights(model: nn.Module) -> dict[str, int]:
    """How many weights each part has. The others, such as relu, have none."""
    counts = {name: sum(p.numel() for p in module.parameters()) for name, module in model.named_children()}
    return {name: count for name, count in counts.items() if count}


def draw_network(
    figure: Figure, model: nn.Module, image: Tensor, part: str, maps: Tensor, movement: dict[str, float]
) -> tuple[Figure, str]:
    """Put the picture, the maps and the bars into the figure of draw_axes; and what they show in words."""
    take_out_moving(figure)
    put_picture(figure, to_pil_image(unnormalize(image).cpu()), (0.0, 0.3, 0.14, 0.55), "the picture")
    strongest = maps.mean(dim=(1, 2)).topk(min(MAPS, len(maps))).indices
    shown = maps[strongest].unsqueeze(1)
    axes = (2, 3) if shown[0].numel() > 1 else (0, 2, 3)  # maps of one number each: all on one scale
    low, high = shown.amin(axes, True), shown.amax(axes, True)
    shown = (shown - low) / (high - low).clamp(min=1e-6)
    tiles = torch.nn.functional.interpolate(shown, (128, 128))  # nearest: one square for each number
    grid = to_pil_image(make_grid(tiles, nrow=4, padding=6, pad_value=1))
    channels, height, width = maps.shape
    title = f"behind {part}: {len(shown)} of {channels} maps,\n{height} × {width}, the strongest"
    put_picture(figure, grid, (0.16, 0.0, 0.33, 0.84), title)

    counts, (weights, norms) = count_weights(model), figure.axes
    frozen = [not any(p.requires_grad for p in model.get_submodule(name).parameters()) for name in counts]
    colours = [COLOURS[5] if name == part else COLOURS[0] for name in counts]
    hatches = ["//" if is_so else "" for is_so in frozen]
    weights.barh(
        range(len(counts)), list(counts.values()), color=colours, hatch=hatches, edgecolor="white", animated=True
    )
    title = f"{part} is orange" if part in counts else "parts"
    weights.text(0, 1.02, title, transform=weights.transAxes, fontweight="bold", animated=True)
    norms.bar(range(1, len(movement) + 1), list(movement.values()), color=COLOURS[1], animated=True)
    moved = sum(value > 0 for value in movement.values())
    trainable = sum(count for count, is_so in zip(counts.values(), frozen, strict=True) if not is_so)
    return figure, (
        f"Behind {part}: {channels} maps of {height} × {width}. This part has {counts.get(part, 0):,} weights. "
        f"Trainable: {trainable:,} of {sum(counts.values()):,} weights ({trainable / sum(counts.values()):.1%}). "
        f"After one pass in training mode, {moved} of {len(movement)} BatchNorms have moved."
    )
