"""Lesson 5: what learning-rate schedulers do, epoch by epoch."""

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch.optim import lr_scheduler

from ..plotting import COLOURS, LINES, MARKERS
from .base import Explorer, plain_log_ticks

SHOWN = ("StepLR", "ExponentialLR", "CosineAnnealingLR", "OneCycleLR")
LR = 0.1


def make_schedulers(optimizer: torch.optim.Optimizer, epochs: int, step_size: int, gamma: float) -> dict:
    """Functions that make the schedulers of the explorer for this optimizer, by name."""
    lr = optimizer.param_groups[0]["lr"]
    return {
        "StepLR": lambda: lr_scheduler.StepLR(optimizer, step_size=step_size, gamma=gamma),
        "ExponentialLR": lambda: lr_scheduler.ExponentialLR(optimizer, gamma=gamma),
        "CosineAnnealingLR": lambda: lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs),
        "OneCycleLR": lambda: lr_scheduler.OneCycleLR(optimizer, max_lr=lr, total_steps=epochs + 1),
    }


def learning_rates(name: str, lr: float, epochs: int, step_size: int, gamma: float) -> list[float]:
    """The learning rate that each epoch uses under this scheduler."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make_schedulers(optimizer, epochs, step_size, gamma)[name]()
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()  # stands for all the training steps of the epoch
        scheduler.step()
    return rates


def explore_schedules() -> Explorer:
    """Four schedulers beside each other, with their settings on sliders."""
    controls = {
        "step_size": widgets.IntSlider(3, min=1, max=12, description="step_size (epochs)"),
        "gamma": widgets.FloatSlider(0.1, min=0.1, max=1.0, step=0.1, description="gamma (factor)"),
        "epochs": widgets.IntSlider(12, min=2, max=30, description="training (epochs)"),
        "name": widgets.Dropdown(options=list(SHOWN), description="describe"),
    }
    return Explorer("Learning rates of four schedulers, epoch by epoch", controls, draw_schedules)


def draw_schedules(step_size: int, gamma: float, epochs: int, name: str) -> tuple[Figure, str]:
    figure = Figure(figsize=(11, 3.6))
    axis = figure.add_axes((0.07, 0.15, 0.68, 0.8))
    x = range(1, epochs + 1)
    for i, shown in enumerate(SHOWN):
        rates = learning_rates(shown, LR, epochs, step_size, gamma)
        width = 2.5 if shown == name else 1
        axis.semilogy(x, rates, label=shown, color=COLOURS[i], linestyle=LINES[i], marker=MARKERS[i], linewidth=width)
    axis.set(xlabel="epoch", ylabel="learning rate", ylim=(1e-6, 0.2))
    plain_log_ticks(axis, -6, -1)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.grid(alpha=0.3)
    axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    rates = learning_rates(name, LR, epochs, step_size, gamma)
    peak, ratio = rates.index(max(rates)) + 1, rates[0] / rates[-1]
    return figure, (
        f"{name} begins with {rates[0]:.3g}, has its largest value, {max(rates):.3g}, in epoch {peak}, and ends with "
        f"{rates[-1]:.3g}. That is the first value divided by {f'{ratio:.3g}' if ratio < 100 else f'{ratio:,.0f}'}."
    )
