"""The optimizer of lesson 5, the training loop of lesson 6, and the interval of an accuracy."""

import math
from collections.abc import Callable, Iterable, Iterator

import torch
from torch import nn
from torch.optim import AdamW, Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler
from torch.utils.data import DataLoader

from .backbone import set_train_mode
from .settings import expects


@expects(epochs=1, lr=0.0, weight_decay=0.0)
def build_optimizer(
    model: nn.Module, epochs: int, lr: float = 0.001, weight_decay: float = 0.05
) -> tuple[Optimizer, LRScheduler]:
    """Lesson 5: AdamW over the trainable parameters; the learning rate warms up, then falls like a cosine.

    epochs: of the whole training. The first has half the learning rate lr; after the last it is 0.
    Call it after the surgery: an optimizer only knows the parameters it was given.
    """
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = AdamW(trainable, lr=lr, weight_decay=weight_decay)

    def factor(epoch):
        warm_up = min(1, (epoch + 1) / 2)
        cosine = (1 + math.cos(math.pi * min(epoch / epochs, 1))) / 2
        return warm_up * cosine

    return optimizer, LambdaLR(optimizer, factor)


def some_batches(data_loader: Iterable) -> Iterator:
    """Its batches, one by one. ValueError if there are none: a mean needs some."""
    batch = None
    for batch in data_loader:
        yield batch
    if batch is None:
        advice = "Give it pictures. A generator gives them only once."
        if getattr(data_loader, "drop_last", False):
            advice = "With drop_last, a set needs as many pictures as a batch: make batch_size smaller."
        raise ValueError(f"data_loader has no batches, expected one or more. {advice}")


@expects(data_loader=some_batches)
def train_one_epoch(
    model: nn.Module, data_loader: DataLoader, criterion: nn.Module, optimizer: Optimizer, device: torch.device
) -> tuple[float, float]:
    """Lesson 6: one pass over the training pictures, one optimizer step a batch.

    data_loader yields (N, 3, H, W) float32 and (N,) int64. Returns mean loss and accuracy in [0, 1], each weighted
    by pictures, as they were while the network was still learning.
    """
    set_train_mode(model)
    total_loss, correct, seen = 0.0, 0, 0
    for images, labels in data_loader:
        images, labels = images.to(device), labels.to(device)
        logits = model(images)
        loss = criterion(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(labels)
        correct += (logits.argmax(dim=1) == labels).sum().item()
        seen += len(labels)
    return total_loss / seen, correct / seen


@expects(data_loader=some_batches)
@torch.no_grad()
def evaluate(
    model: nn.Module, data_loader: DataLoader, criterion: nn.Module, device: torch.device
) -> tuple[float, float]:
    """Lesson 6: mean loss and accuracy in [0, 1] over all pictures of data_loader, in eval mode; changes nothing."""
    model.eval()
    total_loss, correct, seen = 0.0, 0, 0
    for images, labels in data_loader:
        images, labels = images.to(device), labels.to(device)
        logits = model(images)
        total_loss += criterion(logits, labels).item() * len(labels)
        correct += (logits.argmax(dim=1) == labels).sum().item()
        seen += len(labels)
    return total_loss / seen, correct / seen


@expects(epochs=0)
def fit(
    model: nn.Module,
    loaders: dict[str, DataLoader],
    criterion: nn.Module,
    optimizer: Optimizer,
    scheduler: LRScheduler,
    epochs: int,
    device: torch.device,
    history: dict[str, list[float]] | None = None,
    after_epoch: Callable[[dict], None] | None = None,
    seed: int = 0,
) -> dict[str, list[float]]:
    """Lesson 6: train on loaders["train"] and look at loaders["val"] until `epochs` epochs are done in all.

    history: what an earlier call or a checkpoint returned, to go on from there.
    after_epoch: called with the history after each epoch, to draw or save.
    The notebook's stop button ends it early; model and history keep what was learnt.
    Returns lists of one number an epoch: train_loss, train_accuracy, val_loss, val_accuracy.
    """
    names = ["train_loss", "train_accuracy", "val_loss", "val_accuracy"]
    history = history or {name: [] for name in names}
    try:
        for epoch in range(len(history["val_loss"]), epochs):
            torch.manual_seed(seed + epoch)
            train = train_one_epoch(model, loaders["train"], criterion, optimizer, device)
            val = evaluate(model, loaders["val"], criterion, device)
            scheduler.step()
            for name, value in zip(names, [*train, *val]):  # noqa: B905 - as in the notebook
                history[name].append(value)
            if after_epoch:
                after_epoch(history)
    except KeyboardInterrupt:
        done = len(history["val_loss"])
        print(f"Stopped. Complete epochs: {done}. The model keeps what it has learnt.")
    return history


@expects(correct=0, total=1, z=0.0)
def wilson_interval(correct: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Confidence interval of an accuracy (Wilson, J. Am. Stat. Assoc. 1927); z = 1.96 gives 95 %.

    correct, total: counts; at most total, and at least 1 (ValueError otherwise). Returns (low, high) in [0, 1].
    """
    if correct > total:
        raise ValueError(f"correct is {correct}, expected at most total, {total}.")
    share = correct / total
    centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z * math.sqrt(share * (1 - share) / total + z**2 / (4 * total**2)) / (1 + z**2 / total)
    # At the ends the formula gives exactly 0 and 1, but floats may miss them by a rounding.
    return 0.0 if correct == 0 else centre - half, 1.0 if correct == total else centre + half
