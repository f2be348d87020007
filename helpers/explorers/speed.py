"""Lesson 8: what a picture costs with this trick and that, measured on the machine where the notebook runs."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torchvision.datasets import ImageFolder
from torchvision.models import resnet18

from ..data import build_transforms
from ..faster import augment, decode_once
from ..figures import COLOURS
from .base import Explorer

LARGEST = {"cpu": 8, "cuda": 64, "mps": 64}  # batch size on the slider: an answer should come within a second
SMALLEST = 64  # pixels: below, the last BatchNorm has one number for a single picture, and no spread
BUDGET = 0.15  # seconds for repeating what is short


@dataclass(frozen=True)
class Setting:
    """What is switched on, and how large pictures and batches are."""

    image_size: int  # pixels
    batch_size: int  # pictures
    decode_once: bool = False
    mixed_precision: bool = False


class SpeedMeter:
    """Measures what a picture of `dataset` costs in training, on `device`; each setting once.

    dataset: an ImageFolder with at least one picture; they are used again and again when a batch needs more.
    amp_dtype: for mixed precision, as choose_amp_dtype returns it; None is where that brings nothing.
    """

    def __init__(self, dataset: ImageFolder, device: torch.device, amp_dtype: torch.dtype | None):
        self.dataset, self.device, self.amp_dtype = dataset, torch.device(device), amp_dtype
        with self._numbers_kept():
            self.model = resnet18(weights=None, num_classes=max(2, len(dataset.classes))).to(self.device)
        self.known: dict[Setting, tuple[float, float]] = {}

    def __call__(self, setting: Setting) -> tuple[float, float]:
        """Milliseconds a picture: to prepare it, and to learn from it (forward, backward, step)."""
        if setting not in self.known:
            with self._numbers_kept():
                self.known[setting] = self._measure(setting)
        return self.known[setting]

    def _numbers_kept(self):
        """The lesson's random numbers are none of our business."""
        return torch.random.fork_rng([self.device] if self.device.type == "cuda" else [])

    def _measure(self, setting: Setting) -> tuple[float, float]:
        make_batch = self._maker(setting)
        learn = self._learner(setting, make_batch())
        prepare_ms, learn_ms = self._fastest(make_batch), self._fastest(learn)
        self.model.zero_grad()  # gives their 45 MB back
        return prepare_ms / setting.batch_size, learn_ms / setting.batch_size

    def _maker(self, setting: Setting) -> Callable[[], Tensor]:
        size = setting.image_size
        chosen = [self.dataset.samples[k % len(self.dataset)] for k in range(setting.batch_size)]
        if setting.decode_once:
            few = copy.copy(self.dataset)
            few.samples, few.targets = chosen, [label for _, label in chosen]
            images = decode_once(few, size * 8 // 7).tensors[0].to(self.device)
            return lambda: augment(images, size)
        load, transform = self.dataset.loader, build_transforms(size)["train"]
        return lambda: torch.stack([transform(load(path)) for path, _ in chosen]).to(self.device)

    def _learner(self, setting: Setting, batch: Tensor) -> Callable[[], None]:
        model, criterion = self.model.train(), nn.CrossEntropyLoss()
        labels = torch.zeros(len(batch), dtype=torch.int64, device=self.device)
        dtype = self.amp_dtype if setting.mixed_precision else None
        # A learning rate of 0: the same work, and the network stays as it is.
        optimizer = torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9)

        def learn() -> None:
            with torch.autocast(self.device.type, dtype=dtype, enabled=dtype is not None):
                loss = criterion(model(batch), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

        return learn

    def _fastest(self, run: Callable[[], object]) -> float:
        """Milliseconds of the fastest of at least three runs: the first warms up, a busy machine slows others."""
        times: list[float] = []
        end = time.perf_counter() + BUDGET
        while len(times) < 3 or time.perf_counter() < end:
            start = time.perf_counter()
            run()
            if self.device.type != "cpu":
                torch.accelerator.synchronize(self.device)
            times.append(1000 * (time.perf_counter() - start))
        return min(times)


def explore_speed(meter: SpeedMeter, image_size: int = 128) -> Explorer:
    """Switch tricks on and off and see, measured here, what a picture costs beside the plain loop.

    If the meter's amp_dtype is None, the switch for mixed precision is missing, since on such a device a single answer
    can take a minute. image_size: pixels at the start, at least 64.
    """
    image_size = max(image_size, SMALLEST)
    largest = LARGEST.get(meter.device.type, 8)
    sizes = [2**k for k in range(7) if 2**k <= largest]
    controls = {
        "image_size": widgets.IntSlider(
            image_size, min=SMALLEST, max=max(128, image_size), step=32, description="picture size (pixels)"
        ),
        "batch_size": widgets.SelectionSlider(options=sizes, value=largest, description="batch size (pictures)"),
        "decode_once": widgets.Checkbox(False, description="decode once, augment batches", indent=True),
    }
    if meter.amp_dtype is not None:
        controls["mixed_precision"] = widgets.Checkbox(False, description="mixed precision", indent=True)
    start = Setting(image_size, largest)

    def draw(**values) -> tuple[Figure, str]:
        return draw_costs(meter(start), meter(Setting(**values)), start == Setting(**values))

    return Explorer("What a picture costs, as bars: the plain loop, and your setting", controls, draw)


def draw_costs(plain: tuple[float, float], now: tuple[float, float], same: bool) -> tuple[Figure, str]:
    """Two bars of two parts, (milliseconds to prepare, to learn) each, and what they show in words."""
    figure = Figure(figsize=(6.6, 2.6))
    axis = figure.add_axes((0.19, 0.24, 0.79, 0.6))
    longest = max(sum(plain), sum(now))
    for row, (prepare, learn) in enumerate((plain, now)):
        axis.barh(row, prepare, color=COLOURS[5], hatch="//", edgecolor="white", label=None if row else "prepare")
        axis.barh(row, learn, left=prepare, color=COLOURS[0], label=None if row else "learn")
        axis.text(prepare + learn + longest / 100, row, f"{prepare:.2f} + {learn:.2f} ms", va="center")
    axis.set_yticks([0, 1], ["plain loop", "your setting"])
    axis.invert_yaxis()
    axis.set(xlabel="milliseconds a picture", xlim=(0, 1.5 * longest))
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    ratio = sum(plain) / sum(now)
    verdict = f"{ratio:.1f} times as fast as the plain loop" if ratio >= 1 else f"{1 / ratio:.1f} times as slow"
    if same:
        verdict = "this is the plain loop"
    return figure, (
        f"Measured here: {now[0]:.2f} ms to prepare a picture and {now[1]:.2f} ms to learn from it, "
        f"{1000 / sum(now):.0f} pictures a second: {verdict}."
    )
