"""Lesson 5: the paths that optimizers take down a surface."""

from collections.abc import Callable
from functools import lru_cache

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure

from ..figures import COLOURS, LINES, MARKERS
from .base import WIDE, Explorer, plain_log_ticks

FLAT, STEEP = 1.0, 10.0  # how steep the valley is along its floor and across it
START = (-9.0, 2.0)


def surface(x, y):
    """A long valley: ten times as steep across as along. Its lowest point is (0, 0), with value 0."""
    return 0.5 * (FLAT * x**2 + STEEP * y**2)


def walk_down(make_optimizer: Callable[[list], torch.optim.Optimizer], steps: int) -> torch.Tensor:
    """The path of an optimizer over the surface, from START: (steps + 1, 2) float32."""
    point = torch.tensor(START, requires_grad=True)
    optimizer = make_optimizer([point])
    path = [point.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        surface(*point).backward()
        optimizer.step()
        path.append(point.detach().clone())
    return torch.stack(path)


def walk_all(lr: float, momentum: float, steps: int) -> dict[str, torch.Tensor]:
    """The paths of three optimizers with the same learning rate."""
    return {
        "SGD": walk_down(lambda p: torch.optim.SGD(p, lr=lr), steps),
        "SGD with momentum": walk_down(lambda p: torch.optim.SGD(p, lr=lr, momentum=momentum), steps),
        "Adam": walk_down(lambda p: torch.optim.Adam(p, lr=lr), steps),
    }


def explore_optimizers() -> Explorer:
    """Learning rate and momentum, and the paths of SGD, SGD with momentum and Adam down a valley."""
    controls = {
        "lr": widgets.FloatSlider(0.05, min=0.01, max=0.5, step=0.01, description="learning rate"),
        "momentum": widgets.FloatSlider(0.9, min=0, max=0.99, step=0.01, description="momentum"),
        "steps": widgets.IntSlider(30, min=1, max=100, description="steps (number)"),
    }

    def draw(lr: float, momentum: float, steps: int) -> tuple[Figure, str]:
        return draw_paths(draw_valley(steps), walk_all(lr, momentum, steps))

    return Explorer("Paths of three optimizers down a valley", controls, draw)


@lru_cache(maxsize=1)  # drawn anew only when the number of steps changes
def draw_valley(steps: int) -> Figure:
    """The valley and the axes of the losses, with lines that have no points yet."""
    figure = Figure(figsize=(WIDE, 3.8))
    figure.cuts = [0.56]
    left, right = figure.add_axes((0.06, 0.15, 0.48, 0.82)), figure.add_axes((0.65, 0.15, 0.34, 0.82))
    x, y = torch.meshgrid(torch.linspace(-10, 10, 60), torch.linspace(-4, 4, 40), indexing="xy")
    left.contour(x, y, surface(x, y), levels=[1, 5, 12, 25, 45, 75, 115], colors="0.8", linewidths=0.8)
    left.plot(0, 0, "*", color="black", markersize=12)
    for i, name in enumerate(["SGD", "SGD with momentum", "Adam"]):
        style = dict(color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i], markersize=3, linewidth=1, animated=True)
        left.plot([], [], **style)
        right.semilogy([], [], label=name, **style)
    left.set(xlim=(-10, 10), ylim=(-4, 4), xlabel="first weight", ylabel="second weight")
    left.set(xticks=[-10, -5, 0, 5, 10], yticks=[-4, -2, 0, 2, 4])
    right.set(xlabel="step", ylabel="loss", xlim=(-steps / 20, 1.05 * steps), ylim=(1e-6, 1e6))
    plain_log_ticks(right, -6, 6, 3)
    right.grid(alpha=0.3)
    right.legend(loc="upper right")
    return figure


def draw_paths(figure: Figure, paths: dict[str, torch.Tensor]) -> tuple[Figure, str]:
    """Give the lines of draw_valley their points; and what they show in words."""
    losses, steps = {name: surface(*path.T) for name, path in paths.items()}, len(paths["SGD"]) - 1
    left, right = (axis.lines for axis in figure.axes)
    for i, (name, path) in enumerate(paths.items()):
        left[i - 3].set_data(*path.clamp(-1e3, 1e3).T)
        right[i].set_data(range(steps + 1), losses[name].clamp(1e-6, 1e6))
    ends = [
        f"{name} {'runs away' if not loss[-1] <= loss[0] else f'ends at loss {loss[-1]:.2g}'}"
        for name, loss in losses.items()
    ]
    return figure, f"After {steps} step{'s' * (steps > 1)} from loss {losses['SGD'][0]:.1f}: {', '.join(ends)}."
