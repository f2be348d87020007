"""A pretrained ResNet-18, with a network or without, and the surgery of lesson 4 on it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path

import torch
from torch import nn
from torchvision.models import ResNet18_Weights, resnet18

from .files.fetching import download
from .files.kinds import to_path
from .files.saving import UNREADABLE
from .files.writing import written_whole
from .settings import SAMPLES, expects, setting

SHIPPED = SAMPLES / "resnet18_rendered.pth"
SHIPPED_SHA256 = "e6e8cbab7218a0ad50fe61455318743832e7bb816b4e78bcfc83123ea4e57b8c"

_failure = ""  # why a download failed; it is not tried again, since a bad network can take long to say no


@dataclass(frozen=True)
class RenderedWeights:
    """The weights that ship with the course, described as torchvision describes its own.

    url: of the file. meta: a dict with "categories" and "num_params". transforms(): prepares a picture for them.
    """

    url: str
    meta: dict
    transforms: Callable = partial(ResNet18_Weights.DEFAULT.transforms, crop_size=128, resize_size=146)


def load_resnet18(source: str | Path | None = None) -> tuple[nn.Module, ResNet18_Weights | RenderedWeights]:
    """A pretrained ResNet-18 and its weights object (`meta["categories"]`, `transforms()`). Never random weights.

    source: "auto" takes ImageNet weights from torch's cache or else from the network, and without these the weights
    that ship with the course; "offline" takes the shipped ones; a path takes that file (torchvision's or the
    course's). None: what the environment variable BRICKS_WEIGHTS says, or else "auto".
    Prints one sentence that says which it is.
    The network: input (N, 3, H, W) float32, normalized; output (N, number of categories) logits.
    Errors: FileNotFoundError or RuntimeError, with the file and what to do, if a file is missing or damaged.
    """
    source = source or setting("BRICKS_WEIGHTS") or "auto"
    if source == "offline":
        return _shipped("offline")
    if source != "auto":
        try:
            return _from_file(to_path(source))
        except PermissionError:
            return _shipped(f"{source} may not be read")
    problem = _fetch_imagenet()
    if not problem:
        try:
            model = resnet18(weights=ResNet18_Weights.DEFAULT, progress=False)
        except UNREADABLE as error:
            problem = f"{_cached()} cannot be read ({type(error).__name__}). Delete it to have it fetched again"
        else:
            print("Backbone: ResNet-18 with weights pretrained on ImageNet.")
            return model, ResNet18_Weights.DEFAULT
    return _shipped(problem)


def _cached() -> Path:
    """Where torch keeps the ImageNet weights."""
    return Path(torch.hub.get_dir(), "checkpoints", Path(ResNet18_Weights.DEFAULT.url).name)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fetch_imagenet() -> str:
    """Sees to it that torch's cache holds the ImageNet weights, whole. Returns "" or what is wrong."""
    global _failure
    path, url = _cached(), ResNet18_Weights.DEFAULT.url
    start = path.stem.rpartition("-")[2]  # the name ends with the first digits of the file's SHA-256
    try:
        if path.exists():
            whole = _sha256(path).startswith(start)
            return "" if whole else f"{path} is damaged or altered. Delete it to have it fetched again"
    except OSError as error:
        return f"{path} may not be read: {error.strerror}"
    if _failure:
        return _failure
    # torchvision's own download waits for ever on a server that sends a byte now and then.
    try:
        with written_whole(path) as unfinished:
            download(url, unfinished, "ImageNet weights")
            if not _sha256(unfinished).startswith(start):
                raise OSError("what came is not the file; a login page, perhaps")
    except (OSError, HTTPException, ValueError) as error:
        _failure = f"the ImageNet weights could not be fetched: {getattr(error, 'reason', '') or error}"
    return _failure


def _shipped(why: str) -> tuple[nn.Module, RenderedWeights]:
    """The weights that ship, after a check that nobody changed them. They know no ants, bees or wasps."""
    again = f"Restore it with `git checkout -- {SHIPPED.relative_to(SAMPLES.parent)}`, or fetch the course again."
    if not SHIPPED.exists():
        raise FileNotFoundError(f"The course's own weights are missing: {SHIPPED}. {again}")
    if _sha256(SHIPPED) != SHIPPED_SHA256:
        raise RuntimeError(f"The course's own weights are damaged or altered: {SHIPPED}. {again}")
    model, weights = _read(SHIPPED)
    print(f"Backbone: ResNet-18 with the course's own weights, pretrained on rendered pictures ({why}).")
    return model, weights


def _from_file(path: Path) -> tuple[nn.Module, ResNet18_Weights | RenderedWeights]:
    """A file of torchvision's ImageNet weights, or one that data_samples/pretrain.py has written."""
    if not path.is_file():
        raise FileNotFoundError(f'There is no weights file {path.absolute()}. Give its path, "auto" or "offline".')
    try:
        model, weights = _read(path)
    except PermissionError:
        raise
    except UNREADABLE as error:
        raise RuntimeError(
            f"{path} holds no ResNet-18 that can be read ({type(error).__name__}). Expected the file of "
            f"{ResNet18_Weights.DEFAULT.url}, or one of data_samples/pretrain.py. Fetch it again, or choose another."
        ) from None  # torch's own words advise what would let a file run programs
    print(f"Backbone: ResNet-18 with the weights in {path}.")
    return model, weights


def _read(path: Path) -> tuple[nn.Module, ResNet18_Weights | RenderedWeights]:
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "state_dict" not in content:
        model = resnet18(weights=None)
        model.load_state_dict(content)
        return model, ResNet18_Weights.DEFAULT
    categories = content["categories"]
    model = resnet18(weights=None, num_classes=len(categories))
    model.load_state_dict(content["state_dict"])
    count = sum(parameter.numel() for parameter in model.parameters())
    return model, RenderedWeights(path.absolute().as_uri(), {"categories": categories, "num_params": count})


@expects(num_classes=1)
def build_model(num_classes: int, freeze: bool = False) -> nn.Module:
    """Lesson 4: a pretrained ResNet-18 whose last layer answers for num_classes classes.

    freeze: True leaves only the new last layer trainable.
    Input (N, 3, H, W) float32, normalized; output (N, num_classes) logits.
    """
    model, _ = load_resnet18()
    if freeze:
        model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model


def set_train_mode(model: nn.Module) -> None:
    """Lesson 4: model.train(), except that frozen BatchNorm layers stay in eval mode and keep their statistics."""
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and not module.weight.requires_grad:
            module.eval()
