"""Pictures and plots, each with a text alternative, readable in grey and by colour-blind eyes."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from IPython.display import DisplayHandle, display
from matplotlib.figure import Figure
from torch import Tensor

from .figures import COLOURS, LINES, MARKERS, WIDTH, readable, render, to_output
from .settings import setting

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
MOST = 50  # pictures of a grid: more take longer than a reader waits, and are too many to look at


def show_figure(
    figure: Figure, alt: str, handle: DisplayHandle | None = None, photo: bool = False
) -> DisplayHandle | None:
    """Display a matplotlib figure with the text alternative `alt`, and close it.

    photo: True stores JPEG, a tenth of the size of PNG for photographs.
    handle: what an earlier call returned; the picture then replaces the earlier one in place.
    """
    data, metadata = to_output(render(figure), alt, photo)
    plt.close(figure)
    if handle is None:
        return display(data, raw=True, metadata=metadata, display_id=True)
    handle.update(data, raw=True, metadata=metadata)
    return handle


def show_widget(widget, still: dict[str, str], metadata: dict | None = None) -> None:
    """Display an ipywidget, and `still` where widgets don't show (a web page, print).

    still: what stands for it, by kind, such as {"text/plain": ..., "image/png": ...}. With the environment variable
    BRICKS_WIDGETS=off only that, which is what the committed notebooks hold.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    live = {} if setting("BRICKS_WIDGETS") == "off" else {"application/vnd.jupyter.widget-view+json": view}
    display({**still, **live}, metadata=metadata, raw=True)


def show_pictures(pictures: Sequence, titles: Sequence[str], alt: str = "", columns: int = 5) -> None:
    """A grid of pictures, each with its title.

    pictures: PIL pictures, or tensors (3, H, W), float in [0, 1] or uint8. alt: what the pictures show together.
    columns: the most pictures in a row; the rows are filled evenly. Drawn are at most MOST pictures.
    """
    if not 0 < len(pictures) == len(titles):
        raise ValueError(f"Found {len(pictures)} pictures and {len(titles)} titles. Expected as many, one at least.")
    if len(pictures) > MOST:
        print(f"These are the first {MOST} of {len(pictures)} pictures.")
        pictures, titles = pictures[:MOST], titles[:MOST]
    rows = -(-len(pictures) // columns)
    columns = -(-len(pictures) // rows)
    side = min(WIDTH / columns, 2.2)
    lines = 1 + max((str(title).count("\n") for title in titles), default=0)
    size = side * columns, (side + 0.22 * lines) * rows
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    for axis in axes.flat:
        axis.axis("off")
    for axis, picture, title in zip(axes.flat, pictures, titles, strict=False):
        if isinstance(picture, Tensor):
            picture = picture.detach().cpu().permute(1, 2, 0).numpy()
            picture = picture.clip(0, 1) if picture.dtype.kind == "f" else picture
        axis.imshow(picture)
        axis.set_title(readable(title), loc="center", fontweight="normal")
    spoken = ", ".join(readable(title).replace("\n", ", ") for title in titles)
    show_figure(figure, alt=f"{alt or f'{len(pictures)} pictures'}: {spoken}.", photo=True)


def unnormalize(images: Tensor) -> Tensor:
    """Undo Normalize with ImageNet's mean and std. (..., 3, H, W) normalized -> the same shape in [0, 1]."""
    mean = torch.tensor(IMAGENET_MEAN, device=images.device).view(3, 1, 1)
    std = torch.tensor(IMAGENET_STD, device=images.device).view(3, 1, 1)
    return (images * std + mean).clamp(0, 1)


def show_batch(images: Tensor, labels: Tensor, classes: Sequence[str], alt: str = "a batch of pictures") -> None:
    """A batch as a grid with class names. images: (N, 3, H, W) normalized; labels: (N,) class numbers."""
    show_pictures(list(unnormalize(images)), [classes[label] for label in labels], alt, columns=6)


def plot_lines(
    lines: dict[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    alt: str,
    x: Sequence[float] | None = None,
    drawstyle: str = "default",
    **axis_settings,
) -> None:
    """Named lines over a common x axis (default 1, 2, 3, ...), told apart by colour, dash and marker.

    drawstyle: as matplotlib's Line2D; axis_settings: as its Axes.set, such as ylim=(0, 1) or yscale="log".
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 3.2), layout="constrained")
    _draw_lines(axis, lines, x, xlabel, ylabel, drawstyle)
    axis.set(**axis_settings)
    if len(lines) > 1:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))  # beside the lines, not over them
    else:
        axis.get_legend().remove()
    show_figure(figure, alt)


def _draw_lines(
    axis, lines: dict, x: Sequence[float] | None, xlabel: str, ylabel: str, drawstyle: str = "default"
) -> None:
    for i, (name, values) in enumerate(lines.items()):
        steps = x if x is not None else range(1, len(values) + 1)
        axis.plot(
            steps,
            values,
            label=readable(name),
            color=COLOURS[i % 6],
            linestyle=LINES[i % 6],
            drawstyle=drawstyle,
            marker=MARKERS[i % 6] if len(values) <= 30 else None,
        )
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    axis.grid(alpha=0.3)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.legend()


def plot_bars(values: dict[str, float], xlabel: str, alt: str, pattern: str = "{:.2f}", **axis_settings) -> None:
    """A horizontal bar for each name, with its number beside it.

    pattern: how a number is written. axis_settings: as matplotlib's Axes.set, such as xscale="log".
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 0.6 + 0.38 * len(values)), layout="constrained")
    bars = axis.barh(range(len(values)), list(values.values()), color=COLOURS[0], height=0.7)
    values = {readable(name): value for name, value in values.items()}
    numbers = [pattern.format(value) for value in values.values()]
    axis.bar_label(bars, numbers, padding=4)
    axis.set_yticks(range(len(values)), values)
    axis.invert_yaxis()
    axis.margins(x=0.12)
    axis.set(xlabel=xlabel, **axis_settings)
    axis.grid(axis="x", alpha=0.3)
    axis.set_axisbelow(True)
    show_figure(
        figure, f"{alt}: {', '.join(f'{name} {number}' for name, number in zip(values, numbers, strict=True))}."
    )


def plot_history(history: dict[str, Sequence[float]], handle: DisplayHandle | None = None) -> DisplayHandle | None:
    """Loss and accuracy of train and val, epoch by epoch. Pass the returned handle to redraw in place.

    history: lists train_loss, train_accuracy, val_loss, val_accuracy, one number an epoch.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3), layout="constrained")
    epochs = range(1, len(history["val_loss"]) + 1)
    for axis, what in ((left, "loss"), (right, "accuracy")):
        lines = {split: history[f"{split}_{what}"] for split in ("train", "val")}
        _draw_lines(axis, lines, epochs, "epoch", what)
    right.set_ylim(0, 1.02)
    finite = [math.isfinite(sum(losses)) for losses in zip(history["train_loss"], history["val_loss"], strict=True)]
    last = {name: f"{values[-1]:.2f}" for name, values in history.items() if values}
    numbers = ", ".join(f"{name} {value}" for name, value in last.items()) or "nothing to see yet"
    alt = f"Loss and accuracy after {len(epochs)} epochs: {numbers}."
    if not all(finite):
        lost = f"From epoch {finite.index(False) + 1} on the loss is no number: try a smaller learning rate."
        figure.suptitle(lost)
        alt += f" {lost}"
    return show_figure(figure, alt, handle)


def plot_confusion_matrix(matrix: Tensor, classes: Sequence[str]) -> None:
    """Counts, true classes down, predicted classes across. matrix: (C, C) integers.

    Of more than a dozen classes only colours are drawn, and the ten most frequent mistakes are said.
    """
    classes, counts, few = [readable(name) for name in classes], matrix.tolist(), len(classes) <= 12
    side = 0.9 * min(len(classes), 12)
    figure, axis = plt.subplots(figsize=(1.6 + side, 1.2 + side), layout="constrained")
    axis.imshow(matrix.numpy(), cmap="Blues")
    axis.spines[:].set_visible(True)
    ticks = range(0, len(classes), -(-len(classes) // 30))  # at most 30 names
    axis.set_xticks(ticks, [classes[i] for i in ticks], rotation=0 if few else 90)
    axis.set_yticks(ticks, [classes[i] for i in ticks], rotation=90 if few else 0, va="center")
    axis.set_xlabel("predicted class")
    axis.set_ylabel("true class")
    rows = [
        f"{name}: " + ", ".join(f"{n} as {classes[j]}" for j, n in enumerate(counts[i]))
        for i, name in enumerate(classes)
    ]
    alt = f"Of the pictures of {'; of '.join(rows)}."
    if few:
        for i, row in enumerate(counts):
            for j, count in enumerate(row):
                dark = count > matrix.max().item() / 2
                axis.text(j, i, count, ha="center", va="center", fontsize=15, color="white" if dark else "black")
    else:
        wrong = sorted(
            ((n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if n and i != j), reverse=True
        )
        most = ", ".join(f"{classes[i]} as {classes[j]} {n} times" for n, i, j in wrong[:10]) or "none"
        right = matrix.diagonal().sum().item()
        alt = f"{len(classes)} classes; {right} of {matrix.sum().item()} right. Most frequent mistakes: {most}."
        print(alt)
    show_figure(figure, alt=f"Confusion matrix. {alt}")
