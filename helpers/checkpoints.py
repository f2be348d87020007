"""A checkpoint: all that is needed to go on with a training, or to use its network. Lesson 6 has the short form."""

import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from .data import class_names, describe_pictures
from .files.saving import in_memory, keep_checkpoint, read_checkpoint

PARTS = {"model", "optimizer", "scheduler", "history", "classes"}
WRAPPERS = {"module.": "DDP: save model.module", "_orig_mod.": "torch.compile: save what was compiled"}
STATES = (Tensor, Counter)  # what optimizers and schedulers hold besides plain values

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
    path = Path(path).expanduser()
    checkpoint = pack(model, optimizer, scheduler, history, classes, loaders)
    history = checkpoint["history"]
    if problems := [*_odd_history(history)]:
        raise ValueError(f"Not saved: {problems[0]}. Expected a dictionary of lists of numbers, such as fit returns.")
    if not all(map(math.isfinite, history.get("train_loss", [])[-1:] + history.get("val_loss", [])[-1:])):
        print(f"Not saved: the loss is no number any more. {path.name} stays as it is. Try a smaller learning rate.")
        return
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
        optimizer.load_state_dict(checkpoint["optimizer"])
    if scheduler:
        scheduler.load_state_dict(checkpoint["scheduler"])
    model.load_state_dict(checkpoint["model"])
    _trained_with[model] = checkpoint.get("pictures", "")
    return checkpoint["history"], checkpoint["classes"]


def pack(model, optimizer, scheduler, history, classes, loaders=None) -> dict:
    """What save_checkpoint writes: tensors, numbers, texts, lists and dictionaries only."""
    return {
        "model": model.state_dict(),
        "optimizer": _plain(optimizer.state_dict(), keep=STATES),
        "scheduler": _plain(scheduler.state_dict(), keep=STATES),
        "history": _plain(history),
        "classes": _plain(classes),
        "optimizer_kind": type(optimizer).__name__,
        "pictures": describe_pictures(loaders),
    }


def _plain(value: object, keep: type | tuple = ()) -> object:
    """The same with Python's own types only, which is what torch.load takes with weights_only=True."""
    if keep and isinstance(value, keep):
        return value
    if isinstance(value, dict):
        return {_plain(key): _plain(inner, keep) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        kind = tuple if type(value) is tuple and keep else list  # AdamW's betas are a tuple
        return kind(_plain(inner, keep) for inner in value)
    if hasattr(value, "tolist"):  # numpy and tensors
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value) in (bool, int, float, str, type(None)):
        return value
    raise TypeError(f"A checkpoint cannot hold a {type(value).__name__} ({value!r:.50}). Expected numbers and texts.")


def find_differences(
    checkpoint: dict,
    model: nn.Module,
    optimizer: Optimizer | None = None,
    scheduler: LRScheduler | None = None,
    loaders: dict | None = None,
) -> Iterator[str]:
    """What in a checkpoint does not fit these, each in a few words."""
    saved, here = checkpoint["model"], model.state_dict()
    wrapped = [how for how in WRAPPERS if any(name.startswith(how) for name in saved.keys() - here.keys())]
    other = [name for name in here if name not in saved or saved[name].shape != here[name].shape]
    if wrapped:
        yield f"the names of its weights begin with {wrapped[0]} ({WRAPPERS[wrapped[0]]})"
    elif other in (["fc.weight"], ["fc.weight", "fc.bias"]) and saved.keys() == here.keys():
        yield f"its network has {len(saved['fc.weight'])} classes, and this one {len(here['fc.weight'])}"
    elif other or saved.keys() != here.keys():
        yield f"its network has other layers (the first is {(other or sorted(saved.keys() - here.keys()))[0]})"
    if optimizer:
        was, kind = checkpoint.get("optimizer_kind"), type(optimizer).__name__
        states = checkpoint["optimizer"], optimizer.state_dict()
        sizes, now = ([len(group["params"]) for group in state["param_groups"]] for state in states)
        if was and was != kind:
            yield f"its optimizer is {was}, and this one {kind}"
        elif sizes != now:
            advice = "freeze the same layers" if sum(sizes) != sum(now) else "give it the same groups"
            was, here = (" + ".join(map(str, groups)) for groups in (sizes, now))
            yield f"its optimizer trains {was} tensors, and this one {here} ({advice})"
        else:
            tensors = [tensor for group in optimizer.param_groups for tensor in group["params"]]
            for number, state in checkpoint["optimizer"]["state"].items():
                moments = (state.get(name) for name in ("exp_avg", "momentum_buffer", "square_avg"))
                if any(isinstance(m, Tensor) and m.shape != tensors[number].shape for m in moments):
                    yield "its optimizer trains other tensors (freeze the same layers)"
                    break
    if scheduler and checkpoint["scheduler"].keys() != scheduler.state_dict().keys():
        yield "its schedule is of another kind"
    yield from _odd_history(checkpoint["history"])
    if loaders:
        classes, pictures = class_names(loaders["train"]), describe_pictures(loaders)
        if classes and classes != checkpoint["classes"]:
            yield f"its classes are {', '.join(checkpoint['classes'])}, and here they are {', '.join(classes)}"
        if pictures and checkpoint.get("pictures") not in (None, "", pictures):
            yield f"it was trained with other pictures ({checkpoint['pictures']}; here are {pictures})"


def _odd_history(history: object) -> Iterator[str]:
    names = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
    if not isinstance(history, dict):
        yield f"its history is a {type(history).__name__}"
        return
    lists = [history[name] for name in names if name in history]
    if not all(isinstance(one, list) and all(isinstance(n, int | float) for n in one) for one in lists):
        yield "its history holds no lists of numbers"
    elif len({len(one) for one in lists}) > 1:
        yield "its history is not one of whole epochs"


def in_words(*differences: Iterator[str]) -> list[str]:
    """All differences; or one, for a checkpoint whose parts are of unexpected types."""
    try:
        return [words for each in differences for words in each]
    except (TypeError, KeyError, AttributeError, IndexError):
        return ["its parts are not those that save_checkpoint writes"]
