"""Folders of pictures: a division in three, and which files are broken."""

import random
import shutil
from collections import Counter
from pathlib import Path

from torchvision import datasets

from .files.folders import (
    SPLITS,
    TAKEN,
    class_folders,
    counted,
    open_classes,
    open_folder,
    own_pictures,
    say_copies,
    say_left_out,
)
from .files.folders import find_folder as find_folder  # for the lessons
from .files.folders import list_pictures as list_pictures
from .files.kinds import explained, to_path
from .files.reading import read_picture
from .files.writing import made_whole
from .settings import expects


@explained()
@expects(source=open_folder, val=0.0, test=0.0)
def split_pictures(source: str | Path, target: str | Path, val: float = 0.2, test: float = 0.2, seed: int = 0) -> Path:
    """Copy a folder of class folders into target/train, target/val and target/test. The source stays as it is.

    val, test: shares of each class, in [0, 1), val + test < 1 (ValueError otherwise). Each split gets at least one.
    Prints how many pictures each split has, and what was left out: hidden files, and what ImageFolder would not open.
    FileNotFoundError without source; FileExistsError if there is a target; ValueError if source holds it, is divided
    already, has one class only, or fewer than three pictures of a class.
    """
    target = to_path(target)
    if val + test >= 1:
        raise ValueError(f"Expected shares with val + test < 1, found val={val}, test={test}.")
    here, there = source.resolve(), target.resolve()
    if there.is_relative_to(here) or here.is_relative_to(there):
        raise ValueError(f"{target} lies in {source}, or around it. Choose a new folder, such as {here}_split.")
    if target.exists():
        raise FileExistsError(f"{target} exists already. Choose another target, such as {there}_2.")
    classes = _classes_to_split(source)
    say_copies(sum(classes.values(), []))
    counts = Counter()
    with made_whole(target) as unfinished:
        for name, paths in classes.items():
            random.Random(seed).shuffle(paths)
            n_val = min(max(1, round(val * len(paths))), len(paths) - 2)
            n_test = min(max(1, round(test * len(paths))), len(paths) - n_val - 1)
            for i, path in enumerate(paths):
                split = "val" if i < n_val else "test" if i < n_val + n_test else "train"
                copy = Path(unfinished, split, name, path.relative_to(source / name))
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
                counts[split] += 1
    print(f"{target.name}: {', '.join(f'{counts[split]} {split}' for split in SPLITS)}.")
    own, others = own_pictures(source)
    others["in no class folder"] = len(own) - counts.total()
    say_left_out(+others)
    return target


def _classes_to_split(source: Path) -> dict[str, list[Path]]:
    """The pictures of each class folder. ValueError if these are no classes, or have too few pictures."""
    names = class_folders(source)
    for name in names:
        class_folders(source / name)  # two sets side by side
    if len(names) < 2:
        raise ValueError(
            f"{source} has {len(names)} class folders{''.join(f', {name}' for name in names)}. Expected two or more."
            + "".join(f" Is {source / name} meant?" for name in names)
        )
    classes, known = {}, {}
    for name in names:
        classes[name], others = own_pictures(source / name)
        inner = sorted({path.relative_to(source / name).parts[0] for path in classes[name] if path.parent.name != name})
        if len(inner) > 1:
            inner = f"{', '.join(inner[:6])}{' …' * (len(inner) > 6)}"
            print(f"{name} holds the folders {inner}: all become one class, {name}.")
        for path in classes[name]:
            if (before := known.setdefault(path.resolve(), path)) != path:
                raise ValueError(f"{path} is the same file as {before}: it would come twice. Delete the link.")
        if len(classes[name]) < len(SPLITS):
            found = f" and {counted(others)}. {TAKEN}" if others else "."
            raise ValueError(
                f"{source / name} has {len(classes[name])} pictures{found} Expected at least three, one for each split."
            )
    return classes


@expects(folder=open_classes)
def find_broken_pictures(folder: str | Path) -> tuple[dict[Path, str], list[Path]]:
    """Lesson 1: read every picture that ImageFolder would open, as a training does.

    Returns ({file that would stop a training: why}, [files that ImageFolder leaves out]). FileNotFoundError if folder
    is missing, ValueError if it has no class folders. Grey pictures and the like are fine: read_picture converts them.
    """
    pictures = [Path(path) for path, _ in datasets.ImageFolder(folder, allow_empty=True).samples]
    broken = {}
    for path in pictures:
        try:
            read_picture(path)
        except ValueError as error:
            broken[path] = str(error)
    files = {path for path in Path(folder).rglob("*") if path.is_file()}
    return broken, sorted(files - set(pictures))
