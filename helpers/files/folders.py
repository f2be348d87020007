"""What a folder of pictures holds: which files and classes belong to it, and which do not."""

import filecmp
import hashlib
import os
import re
import unicodedata
from collections import Counter
from itertools import islice
from pathlib import Path

from torchvision import datasets

from ..settings import COURSE
from .kinds import explained, kind_of_file, to_path

SPLITS = ("train", "val", "test")
ENDINGS = datasets.folder.IMG_EXTENSIONS  # of the files that ImageFolder takes for pictures
TAKEN = f"ImageFolder opens only {', '.join(ENDINGS)}. Rename .jfif to .jpg, and save others, such as .heic, as .jpg."
OTHER_NAMES = dict.fromkeys(("training", "trn"), "train") | dict.fromkeys(("testing", "tst", "holdout"), "test")
OTHER_NAMES |= dict.fromkeys(("valid", "validation", "eval", "dev"), "val")
OF_SYSTEMS = ("__macosx", "@eadir", "@recycle", "#recycle", "#snapshot", "$recycle.bin", "lost+found", "__pycache__")
OF_SYSTEMS += ("system volume information", "thumbs.db", "desktop.ini")


def find_folder(path: str | Path) -> Path:
    """The folder at path. A relative one may start in the course's folder, because a notebook runs in notebooks/."""
    meant = to_path(path)
    places = (meant, COURSE / meant, Path(path))  # the last: a name that ends in a space
    return next((folder for folder in places if folder.is_dir()), meant)


@explained()
def open_folder(path: str | Path, holding: str = "class folders") -> Path:
    """The folder that find_folder finds. OSError, in a sentence, if there is none, or if it is closed."""
    folder = find_folder(path)
    if folder.is_dir():
        return folder
    place, found, advice = folder.absolute(), "", f"Expected one with {holding}."
    if str(path).lower().startswith(("http:", "https:")):
        place, found, advice = path, " (it is an address)", "Download it, unpack it, and name the folder."
    elif folder.is_file():
        with open(folder, "rb") as file:
            kind, advice = kind_of_file(file.read(2000)) or ("it is a file", advice)
        found = f" ({kind})"
    raise FileNotFoundError(f"There is no folder {place}{found}. {advice}")


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name comes from a system or a program, not from a person."""
    return name.startswith(".") or name.lower() in OF_SYSTEMS


def meant_split(name: str) -> str:
    """ "valid" -> "val"; "Train_set2", "TrainingSet" and "trainset" -> "train"; "" for one that means none of them."""
    words = (re.sub("(set|data|images)$", "", word.lower()) for word in re.findall("[A-Z]?[a-z]+|[A-Z]+", name))
    return next((split for word in words if (split := OTHER_NAMES.get(word, word)) in SPLITS), "")


def folder_names(folder: Path) -> list[str]:
    """The names of the folders in folder. ValueError if two of them look alike."""
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    looks = Counter(unicodedata.normalize("NFC", name) for name in names)
    if twice := [name for name in looks if looks[name] > 1]:
        raise ValueError(
            f"{folder} has two folders {twice[0]}. Their names look alike, but are stored in two ways, as Macs do. "
            "Put the pictures of both into one."
        )
    return names


def class_folders(folder: Path) -> list[str]:
    """The names of the folders in one that is to be divided. ValueError if it is divided already."""
    names = [name for name in folder_names(folder) if not is_hidden(name)]
    parts = [name for name in names if meant_split(name)]
    if len(set(map(meant_split, parts))) > 1:
        raise ValueError(
            f"{folder} is divided already (found {', '.join(parts)}). Name these train, val and test, and use it "
            f"as it is; or divide one of them, such as {folder / parts[0]}."
        )
    return names


def list_files(folder: Path) -> list[Path]:
    """All files below folder, links followed, in the same order on every system.

    ValueError for a folder met twice, OSError for one that is closed, unless it is of the system.
    """
    found, known = [], {}
    for top, _, names in os.walk(folder, followlinks=True, onerror=_refuse):
        before = known.setdefault(os.path.realpath(top), top)
        if before != top:
            raise ValueError(f"{top} is the same folder as {before}: its pictures would come twice. Delete the link.")
        found += [Path(top, name) for name in names]
    return sorted(found, key=Path.as_posix)


def _refuse(error: OSError) -> None:
    if not is_hidden(Path(error.filename).name):
        raise error


def list_pictures(folder: Path) -> list[Path]:
    """The files below folder that ImageFolder would open. It goes by their endings, and takes hidden ones, too."""
    return [path for path in list_files(folder) if path.name.lower().endswith(ENDINGS)]


def is_below_hidden(path: Path, folder: Path) -> bool:
    return any(map(is_hidden, path.relative_to(folder).parts))


def own_pictures(folder: Path) -> tuple[list[Path], Counter]:
    """The pictures that a person has put into folder, and how many there are of each other kind."""
    own, others = [], Counter()
    for path in list_files(folder):
        if is_below_hidden(path, folder):
            others["hidden"] += 1
        elif not path.is_file():
            others["links that lead nowhere"] += 1
        elif path.name.lower().endswith(ENDINGS):
            own.append(path)
        else:
            others[path.suffix.lower() or "without ending"] += 1
    return own, others


def counted(others: Counter) -> str:
    """ "20 .heic, 3 hidden"; "" for none."""
    return ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))


def say_left_out(others: Counter) -> None:
    if others:
        print(f"Left out: {counted(others)}. {TAKEN}")


def say_copies(pictures: list[Path]) -> None:
    """Say if some of the pictures, which are to be divided, are the same."""
    sizes = {path: path.stat().st_size for path in pictures}
    alike, known, copies = Counter(sizes.values()), {}, []
    for path in (path for path in pictures if alike[sizes[path]] > 1):
        if (first := known.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)) != path:
            copies.append(f"{path.parent.name}/{path.name} of {first.parent.name}/{first.name}")
    if copies:
        print(
            f"{len(copies)} pictures are copies, such as {copies[0]}. Delete them, and divide "
            "anew: with one in train and one in val, the numbers would be too good."
        )


def say_repeated(train: list[Path], others: list[Path]) -> None:
    """Say if pictures to measure with are also in train, under the same class and name. At most fifty are compared."""
    known = {path.parts[-2:]: path for path in train}
    pairs = ((path, known[path.parts[-2:]]) for path in others if path.parts[-2:] in known)
    alike = [path for path, twin in islice(pairs, 50) if filecmp.cmp(path, twin, shallow=False)]
    if alike:
        print(f"{alike[0]} is also in train, as others may be. Numbers measured with it are too good: choose others.")


def list_classes(folder: Path) -> list[str]:
    """The class names of a folder of class folders. ValueError if it has none."""
    if classes := folder_names(folder):
        return classes
    files = sum(1 for entry in folder.iterdir() if entry.is_file())
    raise ValueError(
        f"{folder} has no class folders (found {files} files). Put each class in a folder of its own, and name the "
        "folder that holds these."
    )


@explained()
def open_classes(path: str | Path) -> Path:
    """A folder of class folders, all in it open: ImageFolder passes over what is closed without a word."""
    list_files(folder := open_folder(path))
    list_classes(folder)
    return folder


def check_split(split: Path) -> list[str]:
    """The class names of a folder of class folders. ValueError if ImageFolder would see something else there."""
    classes = list_classes(split)
    for name in classes:
        if is_hidden(name):
            raise ValueError(
                f"{split / name} would become a class of its own: ImageFolder takes every folder. Delete it, run again."
            )
        pictures = list_pictures(split / name)
        if not pictures:
            found = counted(own_pictures(split / name)[1]) or "nothing"
            raise ValueError(
                f"{split / name} has no pictures (found {found}). Add some, or move the folder elsewhere. {TAKEN}"
            )
        hidden = [path for path in pictures if is_below_hidden(path, split)]
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
