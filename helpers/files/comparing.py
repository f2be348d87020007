"""What a checkpoint was trained with, compared with what is here, in words."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader

WRAPPERS = {"module.": "DDP: save model.module", "_orig_mod.": "torch.compile: save what was compiled"}


def class_names(loader: object) -> list[str]:
    """The class names of the dataset of a loader, also through Subset; [] if it has none."""
    while not hasattr(loader, "classes") and hasattr(loader, "dataset"):
        loader = loader.dataset
    return list(getattr(loader, "classes", []))


def labelled_files(dataset: object) -> list[tuple[Path, str]]:
    """(file, class name) of each picture of a dataset, also through Subset and ConcatDataset; [] if it names none."""
    if hasattr(dataset, "indices"):
        files = labelled_files(dataset.dataset)
        return [files[i] for i in dataset.indices] if files else []
    if hasattr(dataset, "datasets"):
        parts = [labelled_files(part) for part in dataset.datasets]
        return sum(parts, []) if all(parts) else []
    pairs, names = getattr(dataset, "samples", getattr(dataset, "rows", [])), getattr(dataset, "classes", None)
    return [(Path(file), names[label] if names and isinstance(label, int) else label) for file, label in pairs]


def describe_pictures(loaders: dict | None, splits: Sequence[str] = ("train", "val")) -> str:
    """ "240 train, 120 val, 0c1ff2…": other if a name, label or size is. "" if the datasets do not name their files."""
    known, counts = hashlib.sha256(), []
    for split in splits if loaders else ():
        dataset = loaders[split].dataset if isinstance(loaders[split], DataLoader) else loaders[split]
        if not (files := labelled_files(dataset)):
            return ""
        for file, name in files:
            with suppress(OSError):  # a picture that was deleted meanwhile
                line = f"{split}/{name}/{file.name} {file.stat().st_size}\n"
                known.update(line.encode("utf-8", "surrogateescape"))
        counts.append(f"{len(files)} {split}")
    return ", ".join([*counts, known.hexdigest()[:12]]) if counts else ""


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
    yield from odd_history(checkpoint["history"])
    if loaders:
        pictures = describe_pictures(loaders)
        yield from odd_classes(checkpoint["classes"], loaders)
        if pictures and checkpoint.get("pictures") not in (None, "", pictures):
            yield f"it was trained with other pictures ({checkpoint['pictures']}; here are {pictures})"


def odd_classes(classes: object, loaders: dict) -> Iterator[str]:
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        yield f"its classes are {classes!r:.50}, and no list of names"
    elif (here := class_names(loaders["train"])) and here != classes:
        yield f"its classes are {', '.join(classes)}, and here they are {', '.join(here)}"


def tell_other_plan(checkpoint: dict, optimizer: Optimizer) -> None:
    """Say so where the optimizer, which goes on as it was saved, was just built with other values."""
    saved, here = checkpoint["optimizer"]["param_groups"][0], optimizer.param_groups[0]
    for name, key in (("lr", "initial_lr" if "initial_lr" in here else "lr"), ("weight_decay", "weight_decay")):
        if key in saved and saved[key] != here[key]:
            print(f"It goes on with the {name} that was saved, {saved[key]:g}, not with {here[key]:g}.")


def odd_history(history: object) -> Iterator[str]:
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
