"""Lesson 6: the training loop with buttons: what they look like, the words, the curves and the most wrong pictures."""

import html
import time
from math import isclose, isfinite
from pathlib import Path

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader

from ..plotting import COLOURS, _draw_lines, unnormalize
from .base import LivePicture, to_base64
from .training_thread import BUSY, WORST, Training, newest


def train_with_dashboard(
    model: nn.Module,
    loaders: dict[str, DataLoader],
    criterion: nn.Module,
    optimizer: Optimizer,
    scheduler: LRScheduler,
    epochs: int,
    device: torch.device,
    checkpoint: Path,
    seed: int = 0,
) -> "Dashboard":
    """Like `fit`, with buttons. Untouched, it gives what `fit` gives. `.wait()` on the result returns the history.

    checkpoint: the file that is written after each epoch. If it exists, the training goes on from there.
    While a training with this file runs, a second call returns the running one, with its own model.
    """
    path = Path(checkpoint).resolve()
    old = newest.get(path)
    if old and old.state != "broken" and old.parts == (model, optimizer, scheduler):
        with old._lock:  # it may be ending at this moment
            old.loaders, old.criterion, old.epochs, old.device, old.seed = loaders, criterion, epochs, device, seed
            if old.state not in BUSY and old.done >= epochs:
                old.state = "done"
            old._set("stopped" if old.state == "done" and old.done < epochs else old.state)
    elif old and old.state in BUSY:
        old._say("This training was begun before, here it is. It has its own model: dashboard.model.")
    else:
        newest[path] = Dashboard(model, loaders, criterion, optimizer, scheduler, epochs, device, path, seed)
        newest[path]._show()  # only now it is the newest, and its buttons may be clicked
        if old:
            old._initial = None  # it cannot begin anew any more; these are 45 MB and more
            old._show()
    return newest[path]


class Dashboard(Training, LivePicture):  # in this order: a widget's __init__ calls that of the class behind it
    """Buttons, learning rate, curves and the most wrong pictures of a training. Made by `train_with_dashboard`."""

    def __init__(self, *training):
        self._next_words = self._next_picture = 0.0  # times
        self._drawn = None  # the most wrong pictures that were shown last
        Training.__init__(self, *training)
        self.buttons = {}
        for name, action, tooltip in [
            ("Start", self.start, "Train"),
            ("Pause", self.pause, "Wait after this batch"),
            ("Continue", self.start, "Go on"),
            ("Stop", self.stop, "End after this batch and keep what was learnt"),
            ("Begin anew", self.begin_anew, "Back to the state before the first epoch"),
        ]:
            self.buttons[name] = widgets.Button(description=name, tooltip=tooltip, layout={"width": "110px"})
            self.buttons[name].on_click(lambda _, action=action: action())
        self.rate = widgets.FloatLogSlider(
            self._rate, base=10, min=-7, max=0, step=0.1, description="learning rate", continuous_update=False
        )
        self.rate.style.description_width, self.rate.layout.width = "100px", "420px"
        self.rate.observe(self._rate_moved, names="value")
        controls = [widgets.HBox([*self.buttons.values()], layout={"flex_flow": "row wrap"}), self.rate]
        LivePicture.__init__(self, controls)
        self.wrong = widgets.HTML()
        self.children = [*self.children[:-1], self.wrong, self.caption]

    def __repr__(self) -> str:
        return "A training with buttons. They don't show here? The next cell trains without them."

    def _forget(self) -> None:
        super()._forget()
        self._followed = None  # the training's learning rate that the slider has shown last

    def _rate_moved(self, change: dict) -> None:
        with self._lock:
            shown = min(max(self._rate, 10**self.rate.min), 10**self.rate.max)
            wish = None if isclose(change["new"], shown, rel_tol=1e-3) else change["new"]
            if self._wish != wish:
                self._wish = wish
                self._show()

    def _show(self, at_once: bool = True) -> None:
        """Bring buttons, slider, words and pictures up to date. After a batch (at_once=False) only now and then."""
        with self._lock:
            begin = time.perf_counter()
            if not at_once and begin < self._next_words:
                return
            draw = at_once or begin > self._next_picture
            idle, begun = self.state not in BUSY, self.done > 0 or self.state in ("stopped", "failed")
            may_go = idle and self.state != "broken" and not self._outdated()
            may_go = may_go and (self.done < self.epochs or self.state == "failed")
            enabled = {
                "Start": may_go and not begun,
                "Pause": self.state == "running",
                "Continue": self.state == "paused" or (may_go and begun),
                "Stop": self.state in ("running", "paused"),
                "Begin anew": idle and (begun or self.state == "broken") and not self._outdated(),
            }
            for name, button in self.buttons.items():
                button.disabled = self._waited or not enabled[name]
            self.rate.disabled = self._waited
            if self._wish is None and self._followed != self._rate:
                self._followed = self.rate.value = self._rate
            state, numbers = self._words(), self._numbers()
            wish = f"Learning rate {self._wish:.3g} from the next batch on." if self._wish else ""
            bold = " ".join(filter(None, [self._notice, wish, state, self._unsaved]))
            self.caption.value = f"<b>{html.escape(bold)}</b> {html.escape(numbers)}"
            if draw:
                try:
                    self.show(_draw_curves(self), f"Loss and accuracy by epoch. {state} {numbers}", self.caption.value)
                    if self._drawn is not self.most_wrong:
                        self.wrong.value, self._drawn = _draw_wrong(self), self.most_wrong
                except Exception as error:  # a picture that cannot be drawn ends no training
                    self.caption.value += f" No picture: {html.escape(f'{type(error).__name__}: {error}')}"
            end = time.perf_counter()
            self._next_words = end + 1
            if draw:  # drawing takes a sixteenth of the time at most
                self._next_picture = end + max(1, 15 * (end - begin))

    def _words(self) -> str:
        """Where the training stands."""
        epoch, batches, file = self.done + 1, len(self.loaders["train"]) + len(self.loaders["val"]), self.path.name
        part = sum(self._seen.values()) / batches
        here = f"epoch {epoch} of {self.epochs}, {100 * part:.0f} % of it"
        where = f"in epoch {epoch}" if part else f"before epoch {epoch}"
        kept = f"Complete epochs: {self.done}. The model keeps what it has learnt."
        if self.state == "running" and self._waited:
            return f"E{here[1:]}.{self._speed()} A cell waits for the end; only the toolbar's ■ can stop it now."
        if self.state == "paused" and not self._resting:
            return "Pausing after this batch."
        if self.state == "ready" and self.done:
            return f"{file} was found: {self.done} of {self.epochs} epochs are done. Click Continue to go on."
        return {
            "ready": f"Ready for {self.epochs} epochs of {len(self.loaders['train'])} batches. Click Start.",
            "running": f"E{here[1:]}.{self._speed()}",
            "paused": f"Paused in {here}. Continue goes on with the next batch.",
            "stopping": "Stopping after this batch.",
            "stopped": f"Stopped {where}. {kept} Continue goes on with the first batch of epoch {epoch}.",
            "failed": f"Error {'while saving' if self.done > self._saved else f'in epoch {epoch}'}: "
            f"{type(self.error).__name__}: {self.error}. {kept} Mend the cause, then click Continue.",
            "done": f"Done: {self.done} of {self.epochs} epochs, saved in {file}.",
            "broken": self._complaint,
        }[self.state] + (" A newer dashboard has taken over this file." if self._outdated() else "")

    def _speed(self) -> str:
        """Pictures a second and the time left, from the batches since the start."""
        if self.state != "running" or not self._spent["train"][1]:
            return ""
        each, left = self._spent["train"][0] / self._spent["train"][1], 0.0  # seconds a batch
        for split, (seconds, batches, _) in self._spent.items():
            remaining = len(self.loaders[split]) * (self.epochs - self.done) - self._seen[split]
            left += remaining * (seconds / batches if batches else each)
        speed = self._spent["train"][2] / self._spent["train"][0]
        return f" {speed:.0f} pictures a second, about {f'{left:.0f} s' if left < 90 else f'{left / 60:.0f} min'} left."

    def _numbers(self) -> str:
        numbers = f"Learning rate {self._rate:.3g}."
        if self.done:
            last = {name: f"{values[-1]:.2f}" for name, values in self.history.items()}
            parts = (f"{s} loss {last[f'{s}_loss']}, accuracy {last[f'{s}_accuracy']}" for s in ("train", "val"))
            numbers += f" After epoch {self.done}: {'; '.join(parts)}."
        return numbers


def _draw_curves(dashboard: Dashboard) -> Figure:
    figure, epochs = Figure(figsize=(11, 2.9)), range(1, dashboard.done + 1)
    for column, (left, what) in enumerate([(0.07, "loss"), (0.58, "accuracy")], start=1):
        axis = figure.add_axes((left, 0.17, 0.41, 0.8))
        points = [point[0] for point in dashboard._curve], [point[column] for point in dashboard._curve]
        axis.plot(*points, color=COLOURS[0], linewidth=0.8, alpha=0.6, label="train, last 10 batches")
        for place, rate in dashboard._moves:
            axis.axvline(place, color="0.5", linestyle=":", linewidth=1)
            axis.text(place, 0.98, f" lr {rate:.2g}", transform=axis.get_xaxis_transform(), fontsize=8, va="top")
        lines = {split: dashboard.history[f"{split}_{what}"] for split in ("train", "val")}
        _draw_lines(axis, lines, epochs, "epoch", what)
        axis.set_xlim(0, max(dashboard.epochs, dashboard.done) + 0.1)
        axis.legend(loc="upper right" if what == "loss" else "lower right", fontsize=8)
        if not points[0] and not lines["val"]:
            axis.text(0.5, 0.5, "no batch yet", transform=axis.transAxes, ha="center", color="0.4")
            axis.set_ylim(0, 1.02)
        values = [*points[1], *lines["train"], *lines["val"]]
        if what == "accuracy":
            axis.set_ylim(0, 1.02)
        elif values:  # a learning rate far too high can make a loss of thousands, beside which nothing else is seen
            first, highest = [*lines["train"], *points[1]][0], max(filter(isfinite, values), default=1)
            axis.set_ylim(0, 1.1 * min(highest, 5 * first))
            axis.set_ylabel("loss (the highest are cut off)" if highest > 5 * first else "loss")
    return figure


def _draw_wrong(dashboard: Dashboard) -> str:
    """The most wrong pictures as HTML."""
    if not dashboard.most_wrong:
        return ""
    figure, spoken = Figure(figsize=(11, 1.9)), []
    axis = figure.add_axes((0.01, 0.01, 0.98, 0.87))  # one for all pictures: axes are slow to draw
    axis.axis("off")
    for i, (loss, label, answer, picture) in enumerate(dashboard.most_wrong):
        height, width = picture.shape[-2:]
        image = unnormalize(picture.cpu()).permute(1, 2, 0).numpy()
        axis.imshow(image, extent=(i, i + 0.66 * width / height, 0, 0.66))
        spoken.append(f"{dashboard.classes[label]}, loss {loss:.2f}, answered {dashboard.classes[answer]}")
        axis.text(i, 0.69, spoken[-1].replace(", answered", "\nanswered"), fontsize=8)
    axis.set(xlim=(0, WORST), ylim=(0, 0.92))
    title = f"The most wrong validation pictures after epoch {dashboard.done}"
    figure.text(0.01, 0.92, title, fontsize=10)
    alt = html.escape(f"{title}: {'; '.join(spoken)}.")
    return f'<img alt="{alt}" src="data:image/png;base64,{to_base64(figure, "png")}" style="max-width: 100%">'
