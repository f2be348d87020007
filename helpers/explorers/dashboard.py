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

from ..figures import COLOURS, render
from ..plotting import _draw_lines, unnormalize
from .base import WIDE, LivePicture, shorten, to_html
from .training_thread import BUSY, WORST, Training, newest

# Behind the words lies an unseen text, as long as they become: so nothing below moves, however wide the page is.
ROOM = f'<div style="visibility: hidden"><b>{"epoch " * 19}</b>{"epoch " * 14}</div>'
STYLE = r"""<style>
.bricks-words { display: grid; } .bricks-words > div { grid-area: 1 / 1; }
.bricks-explorer .jupyter-button:disabled { opacity: 0.4; cursor: default; box-shadow: none; }
.bricks-explorer .fa-play::before { content: "\f04b" / ""; }
.bricks-explorer .fa-pause::before { content: "\f04c" / ""; }
.bricks-explorer .fa-stop::before { content: "\f04d" / ""; }
.bricks-explorer .fa-refresh::before { content: "\f021" / ""; }
</style>"""  # the icons are not spoken: the words of a button are its name


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
        self._strip = None  # the most wrong pictures that were shown last
        Training.__init__(self, *training)
        self.buttons = {}
        for name, icon, action, tooltip in [
            ("Start", "play", self.start, "Train"),
            ("Pause", "pause", self.pause, "Wait after this batch"),
            ("Continue", "play", self.start, "Go on"),
            ("Stop", "stop", self.stop, "End after this batch and keep what was learnt"),
            ("Begin anew", "refresh", self.begin_anew, "Back to the state before the first epoch"),
        ]:
            self.buttons[name] = widgets.Button(description=name, icon=icon, tooltip=tooltip, layout={"width": "auto"})
            self.buttons[name].on_click(lambda _, action=action: action())
        self.progress = widgets.FloatProgress(layout={"width": "auto"}, style={"description_width": "initial"})
        self.rate = widgets.FloatLogSlider(
            self._rate, base=10, min=-7, max=0, step=0.1, description="learning rate", continuous_update=False
        )
        self.rate.layout.max_width = "420px"
        self.rate.observe(self._rate_moved, names="value")
        row, self.wrong = widgets.HBox([*self.buttons.values()], layout={"flex_flow": "row wrap"}), widgets.HTML()
        LivePicture.__init__(self, [row, self.progress])
        self.look.value += STYLE
        self.children = [row, self.progress, self.caption, self.rate, self.picture, self.wrong, self.look]

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
            names = [name for name in self.buttons if enabled[name] and not self._waited]
            following = names[:1] if self.state != "done" else []  # what one would do next
            for name, button in self.buttons.items():
                button.disabled = name not in names
                button.button_style = "primary" if name in following else ""
            self.progress.max, self.progress.value = max(self.epochs, self.done), self.done + self._part
            self.progress.description = f"{self.done} of {self.epochs} epochs"
            self.rate.disabled = self._waited
            if self._wish is None and self._followed != self._rate:
                self._followed = self.rate.value = self._rate
            state, numbers = self._words(), self.numbers()
            wish = f"Learning rate {self._wish:.3g} from the next batch on." if self._wish else ""
            bold = " ".join(filter(None, [self._notice, wish, state, self._unsaved]))
            spoken = "" if self.state == "running" else ' role="status"'  # nobody wants to hear every batch
            words = f"<div{spoken}><b>{html.escape(bold)}</b> {html.escape(numbers)}</div>"
            self.caption.value = f'<div class="bricks-words">{ROOM}{words}</div>'
            if draw:
                try:
                    self.show(_draw_curves(self), f"Loss and accuracy by epoch. {state} {numbers}", self.caption.value)
                    if self._strip is not self.most_wrong:
                        self.wrong.value, self._strip = _draw_wrong(self), self.most_wrong
                except Exception as error:  # a picture that cannot be drawn ends no training
                    self.caption.value += f" No picture: {html.escape(f'{type(error).__name__}: {error}')}"
            end = time.perf_counter()
            self._next_words = end + 1
            if draw:  # drawing takes a sixteenth of the time at most
                self._next_picture = end + max(1, 15 * (end - begin))

    @property
    def _part(self) -> float:  # of the epoch, how much is done
        return sum(self._seen.values()) / (len(self.loaders["train"]) + len(self.loaders["val"]))

    def _words(self) -> str:
        """Where the training stands."""
        epoch, file = self.done + 1, self.path.name
        here = f"epoch {epoch} of {self.epochs}, {100 * self._part:.0f} % of it"
        where = f"in epoch {epoch}" if self._part else f"before epoch {epoch}"
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

    def numbers(self) -> str:
        """The learning rate, and loss and accuracy after the last epoch that is complete."""
        numbers = f"Learning rate {self._rate:.3g}."
        if self.done:
            last = {name: f"{values[-1]:.2f}" for name, values in self.history.items()}
            parts = (f"{s} loss {last[f'{s}_loss']}, accuracy {last[f'{s}_accuracy']}" for s in ("train", "val"))
            numbers += f" After epoch {self.done}: {'; '.join(parts)}."
        return numbers


def _draw_curves(dashboard: Dashboard) -> Figure:
    figure, epochs = Figure(figsize=(WIDE, 2.6)), range(1, dashboard.done + 1)
    figure.cuts = (0.5,)
    for column, (left, what) in enumerate([(0.065, "loss"), (0.565, "accuracy")], start=1):
        axis = figure.add_axes((left, 0.19, 0.415, 0.77))
        points = [point[0] for point in dashboard._curve], [point[column] for point in dashboard._curve]
        axis.plot(*points, color=COLOURS[0], linewidth=0.8, alpha=0.6, label="train, last 10 batches")
        for place, rate in dashboard._moves:
            axis.axvline(place, color="0.5", linestyle=":", linewidth=1)
            axis.text(place, 0.98, f" lr {rate:.2g}", transform=axis.get_xaxis_transform(), fontsize=9.5, va="top")
        lines = {split: dashboard.history[f"{split}_{what}"] for split in ("train", "val")}
        _draw_lines(axis, lines, epochs, "epoch", what)
        axis.set_xlim(0, max(dashboard.epochs, dashboard.done) + 0.1)
        values = [*points[1], *lines["train"], *lines["val"]]
        if not values:
            words = {"ready": "Press ▶ Start", "broken": "Press Begin anew"}.get(dashboard.state, "No batch yet")
            axis.text(0.5, 0.5, words, transform=axis.transAxes, ha="center", va="center", fontsize=14, color="0.35")
            axis.set_yticks([])
        if what == "accuracy" or not values:  # one legend will do, and more take time
            axis.get_legend().remove()
        if what == "accuracy":
            axis.set(ylim=(0, 1.02), yticks=[0, 0.25, 0.5, 0.75, 1])
        elif values:  # a learning rate far too high can make a loss of thousands, beside which nothing else is seen
            first, highest = [*lines["train"], *points[1]][0], max(filter(isfinite, values), default=1)
            axis.set_ylim(0, 1.1 * min(highest, 5 * first))
            axis.set_ylabel("loss (the highest are cut off)" if highest > 5 * first else "loss")
            axis.get_legend().set_loc("upper right")
            axis.yaxis.get_major_locator().set_params(nbins=5)  # ticks are slow to draw
    return figure


def _draw_wrong(dashboard: Dashboard) -> str:
    """The most wrong pictures as HTML; before there are any, a place of the same size."""
    figure, spoken = Figure(figsize=(WIDE, 1.45)), []
    axis = figure.add_axes((0, 0, 1, 1))  # one for all pictures: axes are slow to draw
    axis.axis("off")
    for i, (loss, label, answer, picture) in enumerate(dashboard.most_wrong):
        height, width = picture.shape[-2:]
        image = unnormalize(picture.cpu()).permute(1, 2, 0).numpy()
        axis.imshow(image, extent=(i, i + 0.6 * width / height, 0, 0.6))
        label, answer = dashboard.classes[label], dashboard.classes[answer]
        spoken.append(f"{label}, loss {loss:.2f}, answered {answer}")
        axis.text(i, 0.64, f"{shorten(label, 9)}, loss {loss:.2f}\nanswered {shorten(answer, 9)}", fontsize=10)
    axis.set(xlim=(0, WORST), ylim=(0, 0.84))
    title = f"The most wrong validation pictures after {f'epoch {dashboard.done}' if spoken else 'each epoch'}"
    alt = f"{title}: {'; '.join(spoken) or 'none yet'}."
    return f"<b>{title}</b>{to_html(render(figure), alt, cuts=(1 / 3, 2 / 3))}"
