"""A checkpoint: all that is needed to go on with a training, or to use its network. Lesson 6 has the short form."""

from pathlib import Path
from weakref import WeakKeyDictionary

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .files.comparing import find_differences, in_words, odd_classes, odd_history, tell_other_plan
from .files.kinds import to_path
from .files.saving import in_memory, keep_checkpoint, pack, read_checkpoint

PARTS = {"model", "optimizer", "scheduler", "history", "classes"}

_trained_with: WeakKeyDictionary[nn.Module, str] = WeakKeyDictionary()  # which pictures, as describe_pictures says


def save_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    scheduler: LRScheduler,
    history: dict[str, list[float]],
    classes: list[str],
    loaders: dict | None = None,
) -> None:
    """Write everything needed to go on later. A program that is killed meanwhile leaves the old file whole.

    loaders: with "train" and "val"; names and sizes of their pictures are remembered for load_checkpoint to compare.
    Where nothing can be written, a sentence says so once, and load_checkpoint finds it in this kernel's memory.
    TypeError if history or classes hold what no checkpoint can; ValueError if its epochs had other pictures before.
    """
    path = to_path(path)
    checkpoint = pack(model, optimizer, scheduler, history, classes, loaders)
    history = checkpoint["history"]
    if problems := [*odd_history(history)]:
        raise ValueError(f"Not saved: {problems[0]}. Expected a dictionary of lists of numbers, such as fit returns.")
    if loaders and (problems := [*odd_classes(checkpoint["classes"], loaders)]):
        raise ValueError(f'Not saved: {problems[0]}. Expected loaders["train"].dataset.classes.')
    before, pictures = _trained_with.get(model, ""), checkpoint["pictures"]
    if before and pictures and before != pictures and len(history.get("val_loss", [])) > 1:
        raise ValueError(
            f"This network was trained with other pictures before ({before}; now {pictures}). Nothing was saved. "
            "Run the cell with the fresh start, to begin with these."
        )
    _trained_with[model] = pictures or before
    said, problem = path in in_memory, keep_checkpoint(path, checkpoint)
    if problem and not said:
        print(problem)


def load_checkpoint(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer | None = None,
    scheduler: LRScheduler | None = None,
    loaders: dict | None = None,
) -> tuple[dict[str, list[float]], list[str]]:
    """Put a saved checkpoint back into model (and optimizer, scheduler). Returns history and class names.

    loaders: compared with those that it was trained with.
    FileNotFoundError if there is none; ValueError, and nothing is changed, if it cannot be read or does not fit.
    """
    checkpoint = read_checkpoint(path, PARTS)
    if differ := in_words(find_differences(checkpoint, model, optimizer, scheduler, loaders)):
        raise ValueError(f"{path} does not fit: {'; '.join(differ)}. Nothing was changed.")
    if optimizer:
        tell_other_plan(checkpoint, optimizer)
        optimizer.load_state_dict(checkpoint["optimizer"])
    if scheduler:
        scheduler.load_state_dict(checkpoint["scheduler"])
    model.load_state_dict(checkpoint["model"])
    _trained_with[model] = checkpoint.get("pictures", "")
    return checkpoint["history"], checkpoint["classes"]
