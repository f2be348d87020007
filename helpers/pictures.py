"""Folders of pictures: which files belong to them, which are broken, and a division in three."""

import os
import random
import re
import shutil
from collections import Counter
from pathlib import Path

from torchvision import datasets

from .files.reading import read_picture
from .files.writing import made_whole
from .settings import COURSE

SPLITS = ("train", "val", "test")
ENDINGS = datasets.folder.IMG_EXTENSIONS  # of the files that ImageFolder takes for pictures
TAKEN = f"ImageFolder opens only {', '.join(ENDINGS)}. Rename .jfif to .jpg, and save others, such as .heic, as .jpg."
OTHER_NAMES = dict.fromkeys(("training", "trn"), "train") | dict.fromkeys(("testing", "tst", "holdout"), "test")
OTHER_NAMES |= dict.fromkeys(("valid", "validation", "eval", "dev"), "val")
OF_SYSTEMS = ("__macosx", "@eadir", "@recycle", "#recycle", "#snapshot", "$recycle.bin", "lost+found", "__pycache__")


def find_folder(path: str | Path) -> Path:
    """The folder at path. A relative one may start in the course's folder, because a notebook runs in notebooks/."""
    folder = Path(path).expanduser()
    return COURSE / folder if not folder.is_dir() and (COURSE / folder).is_dir() else folder


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name comes from a system or a program, not from a person."""
    return name.startswith(".") or name.lower() in OF_SYSTEMS


def meant_split(name: str) -> str:
    """ "valid" -> "val", "Train_set2" -> "train"; "" for a name that means none of the three."""
    words = [OTHER_NAMES.get(word, word) for word in re.split("[^a-z]+", name.lower())]
    return next((word for word in words if word in SPLITS), "")


def list_files(folder: Path) -> list[Path]:
    """All files below folder, links followed, in the same order on every system. ValueError for a folder met twice."""
    found, known = [], {}
    for top, _, names in os.walk(folder, followlinks=True):
        before = known.setdefault(os.path.realpath(top), top)
        if before != top:
            raise ValueError(f"{top} is the same folder as {before}: its pictures would come twice. Delete the link.")
        found += [Path(top, name) for name in names]
    return sorted(found, key=Path.as_posix)


def list_pictures(folder: Path) -> list[Path]:
    """The files below folder that ImageFolder would open. It goes by their endings, and takes hidden ones, too."""
    return [path for path in list_files(folder) if path.name.lower().endswith(ENDINGS)]


def _is_below_hidden(path: Path, folder: Path) -> bool:
    return any(map(is_hidden, path.relative_to(folder).parts))


def own_pictures(folder: Path) -> tuple[list[Path], str]:
    """The pictures that a person has put into folder, and in words what else is there: "20 .heic, 3 hidden", or ""."""
    own, others = [], Counter()
    for path in list_files(folder):
        if _is_below_hidden(path, folder):
            others["hidden"] += 1
        elif not path.is_file():
            others["links that lead nowhere"] += 1
        elif path.name.lower().endswith(ENDINGS):
            own.append(path)
        else:
            others[path.suffix.lower()] += 1
    return own, ", ".join(f"{count} {kind or 'without ending'}" for kind, count in sorted(others.items()))


def check_split(split: Path) -> list[str]:
    """The class names of a folder of class folders. ValueError if ImageFolder would see something else there."""
    classes = sorted(entry.name for entry in split.iterdir() if entry.is_dir())
    if not classes:
        files = sum(1 for entry in split.iterdir() if entry.is_file())
        raise ValueError(f"{split} has no class folders (found {files} files). Put each class in a folder of its own.")
    for name in classes:
        if is_hidden(name):
            raise ValueError(
                f"{split / name} would become a class of its own: ImageFolder takes every folder. Delete it, run again."
            )
        pictures = list_pictures(split / name)
        if not pictures:
            found = own_pictures(split / name)[1] or "nothing"
            raise ValueError(f"{split / name} has no pictures (found {found}). Add some, or delete the folder. {TAKEN}")
        hidden = [path for path in pictures if _is_below_hidden(path, split)]
        if hidden:
            raise ValueError(
                f"{hidden[0]} is hidden, and ImageFolder would take it for one of {name} ({len(hidden)} such files). "
                "Delete it, or let split_pictures copy the folder without it."
            )
    if len(classes) == 1:
        raise ValueError(
            f"{split} has only one class, {classes[0]}. Expected a folder for each of two classes or more."
        )
    return classes


def split_pictures(source: str | Path, target: str | Path, val: float = 0.2, test: float = 0.2, seed: int = 0) -> Path:
    """Copy a folder of class folders into target/train, target/val and target/test. The source stays as it is.

    val, test: shares of each class, in [0, 1), val + test < 1 (ValueError otherwise). Each split gets at least one.
    Prints how many pictures each split has, and what was left out: hidden files, and what ImageFolder would not open.
    FileNotFoundError without source; FileExistsError if there is a target; ValueError if source holds it, is divided
    already, has one class only, or fewer than three pictures of a class.
    """
    source, target = find_folder(source), Path(target).expanduser()
    if not (val >= 0 and test >= 0 and val + test < 1):
        raise ValueError(f"Expected shares with val + test < 1, found val={val}, test={test}.")
    if not source.is_dir():
        raise FileNotFoundError(f"There is no folder {source.absolute()}. Expected one with a folder for each class.")
    if target.exists():
        raise FileExistsError(f"{target} exists already. Choose another target, or delete it first.")
    if target.resolve().is_relative_to(source.resolve()):
        raise ValueError(f"{target} lies inside {source}, and would become a class there. Choose a place beside it.")
    classes = _classes_to_split(source)
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
    beside = len(own) - counts.total()
    if others or beside:
        others = ", ".join(filter(None, [others, f"{beside} in no class folder" if beside else ""]))
        print(f"Left out: {others}. {TAKEN}")
    return target


def _classes_to_split(source: Path) -> dict[str, list[Path]]:
    """The pictures of each class folder. ValueError if these are no classes, or have too few pictures."""
    names = sorted(entry.name for entry in source.iterdir() if entry.is_dir() and not is_hidden(entry.name))
    parts = [name for name in names if meant_split(name)]
    if len({meant_split(part) for part in parts}) > 1:
        raise ValueError(
            f"{source} is divided already (found {', '.join(parts)}). Name these train, val and test, and use it "
            f"as it is; or divide one of them, such as {source / parts[0]}."
        )
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
            found = f" and {others}. {TAKEN}" if others else "."
            raise ValueError(
                f"{source / name} has {len(classes[name])} pictures{found} Expected at least three, one for each split."
            )
    return classes


def find_broken_pictures(folder: str | Path) -> tuple[dict[Path, str], list[Path]]:
    """Lesson 1: read every picture that ImageFolder would open, as a training does.

    Returns ({file that would stop a training: why}, [files that ImageFolder leaves out]). FileNotFoundError if folder
    is missing or has no class folders. Grey pictures and the like are fine: read_picture converts them.
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
