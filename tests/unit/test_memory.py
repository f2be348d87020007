"""What layers keep for the backward pass, counted against what can be told by hand."""

import torch
from torch import nn

from helpers.memory import Kept


def test_counts_what_goes_in_once_and_no_weights():
    model = nn.Sequential(nn.Linear(10, 1000), nn.ReLU(), nn.Linear(1000, 2))
    with Kept() as kept:
        assert kept.megabytes == 0
        answer = model(torch.zeros(500, 10))
        # The pictures, and what leaves the ReLU: it keeps that itself, and the next layer the same again.
        assert kept.megabytes == 4 * (500 * 10 + 500 * 1000) / 1e6
        answer.sum().backward()
        assert kept.megabytes == 0


def test_holds_as_long_as_the_answer():
    layer = nn.Linear(10, 5)
    with Kept() as kept:
        answers = [layer(torch.zeros(100, 10)) for _ in range(3)]
        assert kept.megabytes == 3 * 4 * 1000 / 1e6
        answers.pop()
        assert kept.megabytes == 2 * 4 * 1000 / 1e6
        with torch.no_grad():
            answers.append(layer(torch.zeros(100, 10)))
        assert kept.megabytes == 2 * 4 * 1000 / 1e6
    answers.append(layer(torch.zeros(100, 10)))  # nobody counts any more
    assert kept.megabytes == 2 * 4 * 1000 / 1e6


def test_frozen_weights_are_weights_too():
    model = nn.Sequential(nn.Linear(10, 20), nn.Linear(20, 30))
    model[1].requires_grad_(False)
    with Kept() as kept:
        answer = model(torch.zeros(100, 10))
        assert answer.requires_grad and kept.megabytes == 4 * 100 * 10 / 1e6  # what went into the first one
