"""Lesson 6: the training loop with buttons. It runs in a thread of its own, so that they answer."""

import copy
import html
import itertools
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from math import isclose, isfinite
from pathlib import Path

import ipywidgets as widgets
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader

from ..backbone import UNREADABLE, set_train_mode
from ..plotting import COLOURS, _draw_lines, unnormalize
from ..training import evaluate, load_checkpoint, save_checkpoint, train_one_epoch
from .base import LivePicture, to_base64

NAMES = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
SHOWN = 6  # most wrong pictures
BUSY = ("running", "paused", "stopping")  # the states in which the thread lives

_newest: dict[Path, "Dashboard"] = {}  # by checkpoint: only the newest dashboard of a file writes to it


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
    old = _newest.get(path)
    if old and old.state != "broken" and old.parts == (model, optimizer, scheduler):
        old.loaders, old.criterion, old.epochs, old.device, old.seed = loaders, criterion, epochs, device, seed
        if old.state not in BUSY and old.done >= epochs:
            old.state = "done"
        old._set("stopped" if old.state == "done" and old.done < epochs else old.state)
    elif old and old.state in BUSY:
        old._show("This training was begun before, here it is. It has its own model: dashboard.model.")
    else:
        _newest[path] = Dashboard(model, loaders, criterion, optimizer, scheduler, epochs, device, path, seed)
        _newest[path]._show()  # only now it is the newest, and its buttons may be clicked
        if old:
            old._initial = None  # it cannot begin anew any more; these are 45 MB and more
            old._show()
    return _newest[path]


class Stopped(Exception):
    """Leaves an epoch before its end. Not an error."""


class Dashboard(LivePicture):
    """Buttons, learning rate, curves and the most wrong pictures of a training. Made by `train_with_dashboard`.

    parts: what is being trained: model, optimizer, scheduler. history: as `fit` returns it; done: its complete epochs.
    most_wrong: of the last validation, (loss, class number, answered class number, picture), highest loss first.
    state: ready, running, paused, stopping, stopped, done, failed (see error), or broken (the file cannot be used).
    The random numbers are torch's own. Cells that draw some while it runs change which ones the training gets.
    """

    def __init__(self, model, loaders, criterion, optimizer, scheduler, epochs, device, path, seed):
        self.loaders, self.criterion, self.epochs, self.device = loaders, criterion, epochs, device
        self.model, self.parts, self.path, self.seed = model, (model, optimizer, scheduler), path, seed
        self.classes = _class_names(loaders["train"])
        self._initial = copy.deepcopy([part.state_dict() for part in self.parts])
        # Held while anything here is changed, and told about each change of state: JupyterLab calls back from several
        # threads. The thread that holds it may take it again.
        self._lock = threading.Condition()
        self._next_words = self._next_picture = 0.0  # times
        self._waited = False  # a cell waits, so no button can answer
        self._drawn = None  # the most wrong pictures that were shown last
        self._forget()
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
        super().__init__([widgets.HBox([*self.buttons.values()], layout={"flex_flow": "row wrap"}), self.rate])
        self.wrong = widgets.HTML()
        self.children = [*self.children[:-1], self.wrong, self.caption]
        self._read_file()

    def __repr__(self) -> str:
        return "A training with buttons. They don't show here? The next cell trains without them."

    # What the buttons do. None of it waits for the thread.

    def start(self) -> None:
        """Train, or go on: after a pause with the next batch, after a stop with the first batch of that epoch."""
        with self._lock:
            if self.state == "paused":
                self._set("running")
            elif self.state in BUSY or self.state == "broken" or self._outdated():
                self._show("It runs already." if self.state in BUSY else "")
            elif self.done >= self.epochs and self.state != "failed":
                self._set("done")
            else:
                self.error, self._raised, self._seen = None, False, {"train": 0, "val": 0}
                self._curve = [point for point in self._curve if point[0] <= self.done]  # the epoch begins again
                self._spent = {split: np.zeros(3) for split in ("train", "val")}  # seconds, batches, pictures
                self.state = "running"
                threading.Thread(target=self._train, name="training", daemon=True).start()
                self._show()

    def pause(self) -> None:
        """Wait before the next batch. `start` goes on with it."""
        with self._lock:
            if self.state == "running":
                self._set("paused")

    def stop(self) -> None:
        """End before the next batch. The model keeps what it has learnt; the file has the complete epochs."""
        with self._lock:
            if self.state in BUSY:
                self._set("stopping")

    def begin_anew(self) -> None:
        """Back to model, optimizer and scheduler as they were given. An existing file gets another name."""
        with self._lock:
            if self.state in BUSY or self._outdated():
                return self._show("Stop it first." if self.state in BUSY else "")
            try:
                if self.path.exists():
                    os.replace(self.path, self._aside)
            except OSError as error:
                return self._show(f"{self.path.name} could not be renamed ({error}). Close what uses it.")
            self._restore()
            self._set("ready")

    def wait(self) -> dict[str, list[float]]:
        """Start if nobody has, go on if paused; return the history when all epochs are done or it was stopped.

        A training that was stopped before is not started again; start() does that.
        While a cell runs, no button of the dashboard can answer. The notebook's ■ then ends the training like Stop.
        Errors: once, the one that ended the training; RuntimeError if the checkpoint cannot be used.
        """
        if self.state == "broken":
            raise RuntimeError(self._words()) from self.error
        try:
            self._waited = True
            if self.state in ("ready", "paused") or (self.state == "failed" and self._raised):
                self.start()
            self._until_idle()
        except KeyboardInterrupt:
            self.stop()
            self._until_idle()
        finally:
            self._waited = False
            self._show()
        if self.state == "failed" and not self._raised:
            self._raised = True
            raise self.error
        return self.history

    def _until_idle(self) -> None:
        while self.state in BUSY:
            time.sleep(0.1)  # not _lock.wait, which an interrupt can leave without the lock
        with self._lock:
            pass  # the thread has shown its last state

    def _outdated(self) -> bool:
        return _newest.get(self.path, self) is not self

    # What the thread does.

    def _train(self) -> None:
        model, optimizer, scheduler = self.parts
        try:
            self._save()
            while self.done < self.epochs and self.state != "stopping":
                torch.manual_seed(self.seed + self.done)
                train = train_one_epoch(model, self._watch("train"), self._note, optimizer, self.device)
                val = evaluate(model, self._watch("val"), self._note, self.device)
                scheduler.step()
                for name, value in zip(NAMES, [*train, *val], strict=True):
                    self.history[name].append(value)
                self.most_wrong = self._found
                self._seen = {"train": 0, "val": 0}
                self._save()
                self._show()
            optimizer.zero_grad()  # as much memory as the network; nobody needs it before the next batch
            self._set("stopped" if self.done < self.epochs else "done")
        except Stopped:
            self._set("stopped")
        except BaseException as error:  # whatever it is, it is shown, and raised by wait()
            with self._lock:
                self.error = error
                # The notebook's stop button also ends the loader's workers, which is an error in this thread.
                self._set("stopped" if self.state == "stopping" else "failed")

    def _watch(self, split: str) -> Iterator:
        """The loader's batches. Before each, what the learner wishes is done; after each, it is counted."""
        self._found, begin = [], time.perf_counter()
        for images, labels in self.loaders[split]:
            begin += self._obey(split)
            yield images, labels
            self._seen[split] += 1
            self._count(split, images)
            self._spent[split] += time.perf_counter() - begin, 1, len(labels)
            now = time.perf_counter()
            if now > self._next_words:
                self._show(draw=now > self._next_picture)
            begin = time.perf_counter()

    def _obey(self, split: str) -> float:
        """Wait while paused, leave if stopped, set the learning rate. Returns the seconds waited."""
        with self._lock:
            begin = time.perf_counter()
            if self.state == "paused":
                random = torch.get_rng_state()
                self._show()
                self._lock.wait_for(lambda: self.state != "paused")
                torch.set_rng_state(random)  # cells that ran meanwhile may have drawn numbers,
                set_train_mode(self.model) if split == "train" else self.model.eval()  # or changed the mode
            if self.state == "stopping":
                raise Stopped
            if split == "train" and self._wish:
                first = self._rate
                for group in self.parts[1].param_groups:  # several groups keep their proportions
                    group["lr"] = self._wish * (group["lr"] / first if first else 1)
                self._moves.append((self._place, self._wish))
                self._wish = None
            return time.perf_counter() - begin

    def _note(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The criterion, which also keeps what it saw for `_count`."""
        loss = self.criterion(logits, labels)
        self._noted = loss.detach(), logits.detach(), labels
        return loss

    def _count(self, split: str, images: Tensor) -> None:
        """Add the batch just worked on to the curve, or its pictures to the most wrong so far."""
        loss, logits, labels = self._noted
        answers = logits.argmax(dim=1)
        if split == "train":
            self._recent.append((loss.item(), (answers == labels).float().mean().item()))
            self._curve.append((self._place, *np.mean(self._recent, axis=0)))
            return
        losses = [self.criterion(logits[i : i + 1], labels[i : i + 1]).item() for i in range(len(labels))]
        self._found += zip(losses, labels.tolist(), answers.tolist(), images, strict=True)
        self._found = sorted(self._found, key=lambda one: -one[0])[:SHOWN]

    # The file.

    def _save(self) -> None:
        if self.done > self._saved:  # also what could not be saved before, because the disk was full
            save_checkpoint(self.path, *self.parts, self.history, self.classes)
            self._saved = self.done

    @property
    def _aside(self) -> Path:
        """A name that no file has yet."""
        names = (self.path.with_suffix(f".before{n or ''}{self.path.suffix}") for n in itertools.count())
        return next(path for path in names if not path.exists())

    def _forget(self) -> None:
        self.history: dict[str, list[float]] = {name: [] for name in NAMES}
        self.most_wrong: list[tuple[float, int, int, Tensor]] = []
        self.error = None
        self._wish = self._followed = None  # learning rates: the learner's, until a batch uses it; the last one shown
        self._saved = 0  # epochs that the file has
        self._curve, self._moves = [], []  # (place in epochs, loss, accuracy); (place, learning rate)
        self._recent = deque(maxlen=10)  # loss and accuracy of the last batches
        self._seen = {"train": 0, "val": 0}  # batches of this epoch

    def _restore(self) -> None:
        for part, state in zip(self.parts, copy.deepcopy(self._initial), strict=True):
            part.load_state_dict(state)
        self._forget()

    def _read_file(self) -> None:
        """Go on from the checkpoint, if there is one that fits."""
        if not self.path.exists():
            return self._set("ready")
        try:
            history, classes = load_checkpoint(self.path, *self.parts)
            if classes != self.classes:
                raise ValueError(f"it was trained for {', '.join(classes)}, and here are {', '.join(self.classes)}")
            self.history = {name: list(history[name]) for name in NAMES}
            self._saved = self.done
        except UNREADABLE as error:
            self._restore()
            self.error = error
            return self._set("broken")
        self._set("done" if self.done >= self.epochs else "ready")

    # What is shown.

    @property
    def done(self) -> int:
        return len(self.history["val_loss"])

    @property
    def _rate(self) -> float:
        return float(self.parts[1].param_groups[0]["lr"])

    @property
    def _place(self) -> float:
        """How many epochs of training pictures have been worked through."""
        return self.done + self._seen["train"] / len(self.loaders["train"])

    def _rate_moved(self, change: dict) -> None:
        with self._lock:
            shown = min(max(self._rate, 10**self.rate.min), 10**self.rate.max)
            self._wish = None if isclose(change["new"], shown, rel_tol=1e-3) else change["new"]
            if self._wish:
                self._show(f"Learning rate {self._wish:.3g} from the next batch on.")

    def _set(self, state: str) -> None:
        with self._lock:
            self.state = state
            self._lock.notify_all()
            self._show()

    def _show(self, notice: str = "", draw: bool = True) -> None:
        """Bring buttons, slider and words up to date, and the pictures if `draw`."""
        with self._lock:
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
            self.caption.value = f"<b>{html.escape(f'{notice} {state}'.strip())}</b> {html.escape(numbers)}"
            begin = time.perf_counter()
            if draw:
                try:
                    self.show(_draw_curves(self), f"Loss and accuracy by epoch. {state} {numbers}", self.caption.value)
                    if self._drawn is not self.most_wrong:
                        self.wrong.value, self._drawn = _draw_wrong(self), self.most_wrong
                except Exception as error:  # a picture that cannot be drawn ends no training
                    self.caption.value += f" No picture: {html.escape(f'{type(error).__name__}: {error}')}"
            self._next_words = time.perf_counter() + 1
            if draw:  # drawing takes a sixteenth of the time at most
                self._next_picture = self._next_words - 1 + max(1, 15 * (self._next_words - 1 - begin))

    def _words(self) -> str:
        """Where the training stands."""
        epoch, batches, file = self.done + 1, len(self.loaders["train"]) + len(self.loaders["val"]), self.path.name
        part = sum(self._seen.values()) / batches
        here = f"epoch {epoch} of {self.epochs}, {100 * part:.0f} % of it"
        where = f"in epoch {epoch}" if part else f"before epoch {epoch}"
        kept = f"Complete epochs: {self.done}. The model keeps what it has learnt."
        if self.state == "running" and self._waited:
            return f"E{here[1:]}.{self._speed()} A cell waits for the end; only the toolbar's ■ can stop it now."
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
            "broken": f"{file} is there, but it cannot be used: {_reason(self.error)}. Nothing was changed. Begin anew "
            f"trains from the start and renames it to {self._aside.name}. Or give another checkpoint file.",
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


def _reason(error: Exception | None) -> str:
    if "state_dict" in str(error):
        return "the network in it has another shape"
    return str(error) if isinstance(error, ValueError) else f"it is damaged ({type(error).__name__})"


def _class_names(loader: DataLoader) -> list[str]:
    """The class names of the dataset of a loader, also through Subset."""
    dataset = loader.dataset
    while not hasattr(dataset, "classes") and hasattr(dataset, "dataset"):
        dataset = dataset.dataset
    return list(dataset.classes)


def _draw_curves(dashboard: Dashboard) -> Figure:
    figure, epochs = Figure(figsize=(11, 2.9)), range(1, dashboard.done + 1)
    for column, (left, what) in enumerate([(0.06, "loss"), (0.57, "accuracy")], start=1):
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
        axis.text(i, 0.69, spoken[-1].replace(", answered", "\nanswered").replace("$", r"\$"), fontsize=8)
    axis.set(xlim=(0, SHOWN), ylim=(0, 0.92))
    title = f"The most wrong validation pictures after epoch {dashboard.done}"
    figure.text(0.01, 0.92, title, fontsize=10)
    alt = html.escape(f"{title}: {'; '.join(spoken)}.")
    return f'<img alt="{alt}" src="data:image/png;base64,{to_base64(figure, "png")}" style="max-width: 100%">'
