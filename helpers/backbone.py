"""A pretrained ResNet-18 and the surgery of lesson 4 on it."""

import pickle
from contextlib import redirect_stderr, redirect_stdout
from http.client import HTTPException
from io import StringIO
from pathlib import Path
from urllib.error import HTTPError, URLError

import torch
from torch import nn
from torchvision.models import ResNet18_Weights, resnet18

from .data import network_timeout

_failure = ""  # why a download failed; it is not tried again, since a bad network can take a minute to say no


def load_resnet18() -> nn.Module:
    """ResNet-18 with ImageNet weights from torch's cache or the network; with random weights if neither has them.

    Prints one sentence that says which. Input (N, 3, H, W) float32, normalized; output (N, 1000) logits.
    RuntimeError if the file in torch's cache is damaged: it names the file and what to do.
    """
    global _failure
    weights = ResNet18_Weights.DEFAULT
    cached = Path(torch.hub.get_dir(), "checkpoints", Path(weights.url).name)
    if not cached.exists():
        if _failure:
            return _start_from_random_weights(_failure)
        print("Backbone: fetching pretrained weights (45 MB, once) ...")
    try:
        with network_timeout(), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            model = resnet18(weights=weights, progress=False)
    except (OSError, HTTPException, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        if cached.exists():
            raise RuntimeError(
                f"The weights file of ResNet-18 is damaged: {cached}. Delete it and run the cell again for a new one."
            ) from error
        offline = isinstance(error, URLError) and not isinstance(error, HTTPError)
        _failure = "no internet" if offline else f"the download failed ({error})"
        return _start_from_random_weights(_failure)
    print("Backbone: ResNet-18 with weights pretrained on ImageNet.")
    return model


def _start_from_random_weights(why: str) -> nn.Module:
    print(f"Backbone: {why}, no pretrained weights. ResNet-18 starts from random weights.")
    return resnet18(weights=None)


def build_model(num_classes: int, freeze: bool = False) -> nn.Module:
    """Lesson 4: a pretrained ResNet-18 whose last layer answers for num_classes classes.

    freeze: True leaves only the new last layer trainable.
    Input (N, 3, H, W) float32, normalized; output (N, num_classes) logits.
    """
    model = load_resnet18()
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
