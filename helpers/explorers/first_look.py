"""Lesson 0: the finished network that a reader can ask before building one, and the pictures to ask about."""

import io
from contextlib import redirect_stdout

import torch
from torch import nn
from torchvision.datasets import ImageFolder

from ..backbone import load_resnet18
from ..data import build_datasets, build_transforms
from ..settings import SAMPLES

HEAD = SAMPLES / "ants_bees_head.pth"


def load_first_look() -> tuple[nn.Module, ImageFolder]:
    """The network for ants and bees that ships, in eval mode, and the new pictures (`val`). It asks no network.

    The head is what data_samples/train_head.py made for the backbone that ships.
    """
    if not HEAD.exists():
        raise FileNotFoundError(f"{HEAD} is missing. Run `python data_samples/train_head.py`, which makes it again.")
    head = torch.load(HEAD, map_location="cpu", weights_only=True)
    with redirect_stdout(io.StringIO()):  # which weights it has is explained further down in the lesson
        model, _ = load_resnet18("offline")
    model.fc = nn.Linear(model.fc.in_features, len(head["classes"]))
    model.fc.load_state_dict(head["state_dict"])
    fixed = build_transforms(head["image_size"])["val"]
    return model.eval(), build_datasets(SAMPLES, dict.fromkeys(("train", "val", "test"), fixed))["val"]
