"""Lesson 6: a training in a thread of its own, which obeys between two batches. What it is doing is shown elsewhere."""

import copy
import itertools
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..backbone import set_train_mode
from ..checkpoints import load_checkpoint
from ..files.comparing import class_names
from ..files.saving import UNREADABLE, keep_checkpoint, pack
from ..training import evaluate, train_one_epoch

NAMES = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
WORST = 6  # most wrong pictures
BUSY = ("running", "paused", "stopping")  # the states in which the thread lives

newest: dict[Path, "Training"] = {}  # by checkpoint: only the newest training of a file writes to it


class Stopped(Exception):
    """Leaves an epoch before its end. Not an error."""


class Training:
    """A training that can be paused, stopped, gone on with and begun anew. Untouched, it gives what `fit` gives.

    parts: what is being trained: model, optimizer, scheduler. history: as `fit` returns it; done: its complete epochs.
    most_wrong: of the last validation, (loss, class number, answered class number, picture), highest loss first.
    state: ready, running, paused, stopping, stopped, done, failed (see error), or broken (the file cannot be used).
    The random numbers are torch's own. Cells that draw some while it runs change which ones the training gets.
    """

    def __init__(self, model, loaders, criterion, optimizer, scheduler, epochs, device, path, seed):
        self.loaders, self.criterion, self.epochs, self.device = loaders, criterion, epochs, device
        self.model, self.parts, self.path, self.seed = model, (model, optimizer, scheduler), path, seed
        self.classes = class_names(loaders["train"])
        self._initial = copy.deepcopy([part.state_dict() for part in self.parts])
        # Held while anything here is changed or shown, and told about each change of state: JupyterLab calls back from
        # several threads. The thread that holds it may take it again.
        self._lock = threading.Condition()
        self._waited = False  # a cell waits, so no button can answer
        self._forget()
        self.state = self._read_file()

    def _show(self, at_once: bool = True) -> None:
        """Called when something has changed, for those who show it. After a batch (at_once=False) it need not be."""

    # What a learner asks for. None of it waits for the thread, but wait().

    def start(self) -> None:
        """Train, or go on: after a pause with the next batch, after a stop with the first batch of that epoch."""
        with self._lock:
            if self.state == "paused":
                self._set("running")
            elif self.state in BUSY or self.state == "broken" or self._outdated():
                self._say("It runs already." if self.state in BUSY else "")
            elif self.done >= self.epochs and self.state != "failed":
                self._set("done")
            else:
                self.error, self._raised, self._seen = None, False, {"train": 0, "val": 0}
                self._curve = [point for point in self._curve if point[0] <= self.done]  # the epoch begins again
                self._spent = {split: np.zeros(3) for split in ("train", "val")}  # seconds, batches, pictures
                threading.Thread(target=self._train, name="training", daemon=True).start()
                self._set("running")

    def pause(self) -> None:
        """Wait before the next batch. `start` goes on with it. Not while a cell waits for the end."""
        with self._lock:
            if self.state == "running" and not self._waited:
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
                return self._say("Stop it first." if self.state in BUSY else "")
            try:
                if self.path.exists():
                    os.replace(self.path, self._aside)
            except OSError as error:
                return self._say(f"{self.path.name} could not be renamed ({error}). Close what uses it.")
            self._restore()
            self._set("ready")

    def wait(self) -> dict[str, list[float]]:
        """Start if nobody has, go on if paused; return the history when all epochs are done or it was stopped.

        A training that was stopped before is not started again; start() does that.
        While a cell runs, no button of the dashboard can answer. The notebook's ■ then ends the training like Stop.
        Errors: once, the one that ended the training; RuntimeError if the checkpoint cannot be used.
        """
        if self.state == "broken":
            raise RuntimeError(self._complaint) from self.error
        try:
            with self._lock:
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

    def _set(self, state: str) -> None:
        with self._lock:
            self.state, self._notice = state, ""
            self._lock.notify_all()
            self._show()

    def _say(self, notice: str) -> None:
        """An answer in words. It stands until the state changes, whoever shows something before."""
        with self._lock:
            self._notice = notice
            self._show()

    # Where it stands.

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

    def _outdated(self) -> bool:
        return newest.get(self.path, self) is not self

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
                with self._lock:
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
            loss, right = self._look(split, images)
            with self._lock:
                self._seen[split] += 1
                self._spent[split] += time.perf_counter() - begin, 1, len(labels)
                if split == "train":
                    self._recent.append((loss, right))
                    self._curve.append((self._place, *np.mean(self._recent, axis=0)))
                self._show(at_once=False)
            begin = time.perf_counter()

    def _obey(self, split: str) -> float:
        """Wait while paused, leave if stopped, set the learning rate. Returns the seconds waited."""
        with self._lock:
            begin = time.perf_counter()
            if self.state == "paused":
                random, self._resting = torch.get_rng_state(), True
                self._show()
                self._lock.wait_for(lambda: self.state != "paused")
                self._resting = False
                torch.set_rng_state(random)  # cells that ran meanwhile may have drawn numbers,
                set_train_mode(self.model) if split == "train" else self.model.eval()  # or changed the mode
            if self.state == "stopping":
                raise Stopped
            if split == "train" and self._wish:
                first, (_, optimizer, scheduler) = self._rate, self.parts
                for group in optimizer.param_groups:  # several groups keep their proportions
                    group["lr"] = self._wish * (group["lr"] / first if first else 1)
                if first:  # a schedule that starts from these would forget the wish after the epoch
                    scheduler.base_lrs = [rate * self._wish / first for rate in scheduler.base_lrs]
                self._moves.append((self._place, self._wish))
                self._wish = None
            return time.perf_counter() - begin

    def _note(self, logits: Tensor, labels: Tensor) -> Tensor:
        """The criterion, which also keeps what it saw for `_look`."""
        loss = self.criterion(logits, labels)
        self._noted = loss.detach(), logits.detach(), labels
        return loss

    def _look(self, split: str, images: Tensor) -> tuple[float, float]:
        """Loss and accuracy of the batch just worked on. In validation, its pictures join the most wrong so far."""
        loss, logits, labels = self._noted
        answers = logits.argmax(dim=1)
        if split == "val":
            losses = [self.criterion(logits[i : i + 1], labels[i : i + 1]).item() for i in range(len(labels))]
            self._found += zip(losses, labels.tolist(), answers.tolist(), images, strict=True)
            self._found = sorted(self._found, key=lambda one: -one[0])[:WORST]
        return loss.item(), (answers == labels).float().mean().item()

    # The file.

    def _save(self) -> None:
        if self.done > self._saved:
            self._unsaved = keep_checkpoint(self.path, pack(*self.parts, self.history, self.classes, self.loaders))
            self._saved = self.done

    @property
    def _aside(self) -> Path:
        """A name that no file has yet."""
        names = (self.path.with_suffix(f".before{n or ''}{self.path.suffix}") for n in itertools.count())
        return next(path for path in names if not path.exists())

    @property
    def _complaint(self) -> str:
        """Why the file cannot be used, and what to do."""
        reason = str(self.error).removeprefix(str(self.path)).strip()
        return (
            f"{self.path.name} {reason} Begin anew trains from the start and renames it to {self._aside.name}. "
            "Or give another checkpoint file."
        )

    def _forget(self) -> None:
        self.history: dict[str, list[float]] = {name: [] for name in NAMES}
        self.most_wrong: list[tuple[float, int, int, Tensor]] = []
        self.error, self._notice, self._resting = None, "", False  # resting: paused, and the batch has ended
        self._wish = None  # the learner's learning rate, until a batch uses it
        self._saved, self._unsaved = 0, ""  # epochs that the file has; why it does not have them
        self._curve, self._moves = [], []  # (place in epochs, loss, accuracy); (place, learning rate)
        self._recent = deque(maxlen=10)  # loss and accuracy of the last batches
        self._seen = {"train": 0, "val": 0}  # batches of this epoch

    def _restore(self) -> None:
        for part, state in zip(self.parts, copy.deepcopy(self._initial), strict=True):
            part.load_state_dict(state)
        self._forget()

    def _read_file(self) -> str:
        """Go on from the checkpoint, if there is one that fits. Returns the state."""
        if not self.path.exists():
            return "ready"
        try:
            history, _ = load_checkpoint(self.path, *self.parts, self.loaders)
            self.history = {name: list(history[name]) for name in NAMES}
            self._saved = self.done
        except UNREADABLE as error:
            self._restore()
            self.error = error
            return "broken"
        return "done" if self.done >= self.epochs else "ready"
