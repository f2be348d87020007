"""Lesson 4: through the network part by part: shapes, weights, feature maps, and what freezing leaves moving."""

import copy

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torchvision.datasets import ImageFolder
from torchvision.transforms.v2.functional import to_pil_image
from torchvision.utils import make_grid

from ..backbone import set_train_mode
from ..figures import COLOURS
from ..plotting import unnormalize
from .base import WIDE, Explorer, put_picture

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

    def draw(part: str, index: int, frozen: int, eval_where_frozen: bool) -> tuple[Figure, str]:
        probe.load_state_dict(dict(model.named_buffers()), strict=False)
        freeze_first(probe, frozen)
        image = dataset[index][0]
        maps = feature_maps(probe, image.to(device), part).cpu()
        return draw_network(probe, image, part, maps, batchnorm_movement(probe, batch, eval_where_frozen))

    return Explorer(
        "A picture inside the network, the weights of its parts, and its BatchNorms", controls, draw, photo=True
    )


def draw_network(
    model: nn.Module, image: Tensor, part: str, maps: Tensor, movement: dict[str, float]
) -> tuple[Figure, str]:
    figure = Figure(figsize=(WIDE, 4))
    figure.cuts = [0.5]
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

    weights = figure.add_axes((0.575, 0.21, 0.17, 0.66))
    counts, free = {}, {}
    for name, module in model.named_children():
        counts[name] = sum(p.numel() for p in module.parameters())
        free[name] = sum(p.numel() for p in module.parameters() if p.requires_grad)
    counts = {name: count for name, count in counts.items() if count}  # relu and the pools have no weights
    colours = [COLOURS[5] if name == part else COLOURS[0] for name in counts]
    hatches = ["//" if free[name] < count else "" for name, count in counts.items()]
    weights.barh(list(counts), list(counts.values()), color=colours, hatch=hatches, edgecolor="white")
    weights.invert_yaxis()
    title = f"{part} is orange" if part in counts else "parts"
    weights.set(xscale="log", xlim=(100, 3e7), xlabel="weights" + ", hatched: frozen" * any(hatches), title=title)
    weights.set_xticks([1e3, 1e5, 1e7], ["1,000", "100,000", "10 million"], rotation=30)
    weights.minorticks_off()

    norms = figure.add_axes((0.83, 0.21, 0.16, 0.66))
    norms.bar(range(1, len(movement) + 1), list(movement.values()), color=COLOURS[1])
    owners = [name.split(".")[0] for name in movement]
    names = sorted(set(owners), key=owners.index)
    middles = [owners.index(name) + (owners.count(name) + 1) / 2 for name in names]
    norms.set_xticks(middles, names)
    norms.tick_params(axis="x", rotation=60)
    norms.set(ylabel="running mean moved by (std)", title="BatchNorms")
    norms.set_ylim(0, max(0.05, max(movement.values(), default=0) * 1.1))
    moved, trainable = sum(value > 0 for value in movement.values()), sum(free.values())
    return figure, (
        f"Behind {part}: {channels} maps of {height} × {width}. This part has {counts.get(part, 0):,} weights. "
        f"Trainable: {trainable:,} of {sum(counts.values()):,} weights ({trainable / sum(counts.values()):.1%}). "
        f"After one pass in training mode, {moved} of {len(movement)} BatchNorms have moved."
    )
