"""Pictures and plots, each with a text alternative, readable in grey and by colour-blind eyes."""

import base64
import io
import math
import warnings
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from IPython.display import DisplayHandle, display
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from torch import Tensor

from .settings import setting

# Colours of Okabe & Ito (2008), told apart by colour-blind eyes; markers and dashes tell them apart in grey.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
LINES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1))]
SHADES = [COLOURS[i] for i in (0, 5, 2, 3, 1, 4)]  # for areas: dark and light by turns, told apart in grey
MARKERS = ["o", "s", "^", "D", "v", "x"]

# For letters that matplotlib's own font lacks: what Windows, Macs and Linux bring, where it is.
MORE_FONTS = [
    "Noto Sans CJK JP",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Malgun Gothic",
    "Arial Unicode MS",
]
plt.rcParams["font.family"] = [
    "DejaVu Sans",
    *(f for f in MORE_FONTS if f in {font.name for font in fontManager.ttflist}),
]

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


def show_figure(
    figure: Figure, alt: str, handle: DisplayHandle | None = None, photo: bool = False
) -> DisplayHandle | None:
    """Display a matplotlib figure with the text alternative `alt`, and close it.

    photo: True stores JPEG, a tenth of the size of PNG for photographs.
    handle: what an earlier call returned; the picture then replaces the earlier one in place.
    """
    kind = "jpeg" if photo else "png"
    buffer = io.BytesIO()
    save_figure(figure, buffer, kind, bbox_inches="tight", pil_kwargs={"quality": 82} if photo else None)
    plt.close(figure)
    data = {f"image/{kind}": base64.b64encode(buffer.getvalue()).decode(), "text/plain": alt}
    metadata = {f"image/{kind}": {"alt": alt}}
    if handle is None:
        return display(data, raw=True, metadata=metadata, display_id=True)
    handle.update(data, raw=True, metadata=metadata)
    return handle


def save_figure(figure: Figure, buffer: io.BytesIO, kind: str, **settings) -> None:
    """Write a figure. Class names come out as they are: a `$` makes no formula, and letters without a font are said."""
    for axis in figure.axes:
        axis.get_xticklabels(), axis.get_yticklabels()  # this writes them
    for text in figure.findobj(Text):
        if not text.get_text().startswith(r"$\mathdefault"):  # as matplotlib writes powers of ten
            text.set_parse_math(False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(buffer, format=kind, dpi=80, facecolor="white", **settings)
    if any("missing from" in str(warning.message) for warning in caught):
        print("This computer has no font for some letters of the names, so they are drawn as boxes. All else is right.")


def readable(name: str) -> str:
    """A name that can be drawn: a file's name may hold bytes that are no letters."""
    return str(name).encode("utf-8", "replace").decode()


def show_widget(widget, still: dict[str, str], metadata: dict | None = None) -> None:
    """Display an ipywidget, and `still` where widgets don't show (a web page, print).

    still: what stands for it, by kind, such as {"text/plain": ..., "image/png": ...}. With the environment variable
    BRICKS_WIDGETS=off only that, which is what the committed notebooks hold.
    """
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    live = {} if setting("BRICKS_WIDGETS") == "off" else {"application/vnd.jupyter.widget-view+json": view}
    display({**still, **live}, metadata=metadata, raw=True)


def show_pictures(pictures: Sequence, titles: Sequence[str], alt: str = "", columns: int = 6) -> None:
    """A grid of pictures, each with its title.

    pictures: PIL pictures, or tensors (3, H, W), float in [0, 1] or uint8. alt: what the pictures show together.
    columns: the most pictures in a row; the rows are filled evenly.
    """
    rows = -(-len(pictures) // columns)
    columns = -(-len(pictures) // rows)
    figure, axes = plt.subplots(rows, columns, figsize=(1.7 * columns, 2.0 * rows), squeeze=False, layout="constrained")
    for axis in axes.flat:
        axis.axis("off")
    for axis, picture, title in zip(axes.flat, pictures, titles, strict=False):
        if isinstance(picture, Tensor):
            picture = picture.detach().cpu().permute(1, 2, 0).numpy()
            picture = picture.clip(0, 1) if picture.dtype.kind == "f" else picture
        axis.imshow(picture)
        axis.set_title(readable(title), fontsize=10)
    spoken = ", ".join(readable(title).replace("\n", ", ") for title in titles)
    show_figure(figure, alt=f"{alt or f'{len(pictures)} pictures'}: {spoken}.", photo=True)


def unnormalize(images: Tensor) -> Tensor:
    """Undo Normalize with ImageNet's mean and std. (..., 3, H, W) normalized -> the same shape in [0, 1]."""
    mean = torch.tensor(IMAGENET_MEAN, device=images.device).view(3, 1, 1)
    std = torch.tensor(IMAGENET_STD, device=images.device).view(3, 1, 1)
    return (images * std + mean).clamp(0, 1)


def show_batch(images: Tensor, labels: Tensor, classes: Sequence[str], alt: str = "a batch of pictures") -> None:
    """A batch as a grid with class names. images: (N, 3, H, W) normalized; labels: (N,) class numbers."""
    show_pictures(list(unnormalize(images)), [classes[label] for label in labels], alt=alt)


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
    figure, axis = plt.subplots(figsize=(8, 3.2), layout="constrained")
    _draw_lines(axis, lines, x, xlabel, ylabel, drawstyle)
    axis.set(**axis_settings)
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))  # beside the lines, not over them
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
    figure, axis = plt.subplots(figsize=(8, 0.6 + 0.36 * len(values)), layout="constrained")
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    epochs = range(1, len(history["val_loss"]) + 1)
    for axis, what in ((left, "loss"), (right, "accuracy")):
        lines = {split: history[f"{split}_{what}"] for split in ("train", "val")}
        _draw_lines(axis, lines, epochs, "epoch", what)
    right.set_ylim(0, 1.02)
    lost = [
        epoch
        for epoch in epochs
        if not math.isfinite(history["train_loss"][epoch - 1] + history["val_loss"][epoch - 1])
    ]
    if lost:
        left.set_title(f"From epoch {lost[0]} on the loss is no number: try a smaller learning rate.", fontsize=9)
    last = {name: f"{values[-1]:.2f}" for name, values in history.items() if values}
    numbers = ", ".join(f"{name} {value}" for name, value in last.items()) or "nothing to see yet"
    alt = f"Loss and accuracy after {len(epochs)} epochs: {numbers}." + f" {left.get_title()}" * bool(lost)
    return show_figure(figure, alt, handle)


def plot_confusion_matrix(matrix: Tensor, classes: Sequence[str]) -> None:
    """Counts, true classes down, predicted classes across. matrix: (C, C) integers.

    Of more than a dozen classes only colours are drawn, and the ten most frequent mistakes are said.
    """
    classes, counts, few = [readable(name) for name in classes], matrix.tolist(), len(classes) <= 12
    side = 0.9 * min(len(classes), 12)
    figure, axis = plt.subplots(figsize=(1.6 + side, 1.2 + side), layout="constrained")
    axis.imshow(matrix.numpy(), cmap="Blues")
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
                axis.text(j, i, count, ha="center", va="center", fontsize=14, color="white" if dark else "black")
    else:
        wrong = sorted(
            ((n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if n and i != j), reverse=True
        )
        most = ", ".join(f"{classes[i]} as {classes[j]} {n} times" for n, i, j in wrong[:10]) or "none"
        right = matrix.diagonal().sum().item()
        alt = f"{len(classes)} classes; {right} of {matrix.sum().item()} right. Most frequent mistakes: {most}."
        print(alt)
    show_figure(figure, alt=f"Confusion matrix. {alt}")
