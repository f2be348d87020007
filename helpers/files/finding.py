"""Where the pictures are: those that ship, the real photos, or a learner's own."""

import getpass
import os
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from itertools import product
from pathlib import Path

from ..settings import SAMPLES
from .fetching import download
from .folders import (
    SPLITS,
    check_split,
    is_hidden,
    list_classes,
    list_pictures,
    meant_split,
    open_folder,
    own_pictures,
    say_left_out,
    say_repeated,
)
from .kinds import explained
from .writing import made_whole

DOWNLOADS = SAMPLES / "downloads"
LARGEST = 200_000_000  # bytes, of an archive's content
HYMENOPTERA_URL = "https://download.pytorch.org/tutorial/hymenoptera_data.zip"


@explained()
def find_data(data: str | Path = "samples") -> Path:
    """The folder with train, val and test, each with one folder a class.

    data: "samples" (the pictures that ship), "three classes" (the same with ladybirds, put together once),
    "hymenoptera" (real photos, fetched once), or the path of a folder of your own (a relative one may start in the
    course's folder).
    Errors: FileNotFoundError if a folder is missing, ValueError if the layout is wrong, ConnectionError if the photos
    cannot be fetched.
    """
    if not isinstance(data, str | Path) or not str(data).strip():
        raise ValueError(f'{data!r} is no folder. Expected "samples", "hymenoptera", "three classes", or a path.')
    made = {"samples": lambda: SAMPLES, "three classes": _join_ladybirds, "hymenoptera": _fetch_hymenoptera}
    folder = open_divided(made[data]() if data in made else data, check_split)
    known = {}
    for place in (folder / split / name for split in SPLITS for name in list_classes(folder / split)):
        if (before := known.setdefault(place.resolve(), place)) != place:
            raise ValueError(f"{place} is the same folder as {before}: its pictures would come twice. Delete the link.")
    pictures, others = zip(*(own_pictures(folder / split) for split in SPLITS), strict=True)
    say_repeated(pictures[0], pictures[1] + pictures[2])
    others = sum(others, Counter())
    say_left_out(Counter({kind: others[kind] for kind in others if kind.startswith(".")}))
    return folder


@explained()
def open_divided(path: str | Path, look: Callable[[Path], list[str]] = list_classes) -> Path:
    """The folder at path. ValueError, in a sentence, if it has no train, val and test with the same class folders.

    look: gives the class names of each, and may raise, too.
    """
    folder = open_folder(path, f"{', '.join(SPLITS)}, each with class folders")
    missing = [split for split in SPLITS if not (folder / split).is_dir()]
    if missing:
        found = ", ".join(sorted(entry.name for entry in folder.iterdir())[:8]) or "nothing"
        raise ValueError(
            f"{folder} has no folder {', '.join(missing)} (found {found}). {_how_to_mend(folder, missing)}"
        )
    classes = {split: look(folder / split) for split in SPLITS}
    for split in SPLITS:
        if classes[split] != classes["train"]:
            letters = [[unicodedata.normalize("NFC", name) for name in classes[part]] for part in ("train", split)]
            why = "Their names look alike, but are stored in two ways, as Macs do: type them anew in both."
            raise ValueError(
                f"train and {split} have different classes: {classes['train']} and {classes[split]}. "
                + (why if letters[0] == letters[1] else "Give both the same class names, or labels may be wrong.")
            )
    return folder


def _how_to_mend(folder: Path, missing: list[str]) -> str:
    """What to do about a folder that is not divided in three as it should be."""
    folders = [entry for entry in sorted(folder.iterdir()) if entry.is_dir() and not is_hidden(entry.name)]
    meant = {split: [entry.name for entry in folders if meant_split(entry.name) == split] for split in SPLITS}
    renames = [f"{' or '.join(meant[split])} to {split}" for split in missing if meant[split]]
    inner = [entry for entry in folders if (entry / "train").is_dir()]
    if renames and sum(map(bool, meant.values())) > 1:  # one alone may be a class of this name
        return f"Rename {', and '.join(renames)}."
    if inner:
        return f"Is {inner[0]} meant?"
    if missing != list(SPLITS):
        return (
            f"Move a part of the pictures there, each class in its folder: {', '.join(SPLITS)} need the same classes."
        )
    return "If it holds a folder for each class, split_pictures(source, target) makes train, val and test from them."


def _downloads() -> Path:
    """The folder for what is fetched or put together once; a temporary one where the course cannot be written."""
    try:
        DOWNLOADS.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=DOWNLOADS):
            return DOWNLOADS
    except OSError:
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a container's user may have a number only
            user = os.getuid()
        folder = Path(tempfile.gettempdir(), f"brick-by-brick-{user}")
        folder.mkdir(mode=0o700, exist_ok=True)
        print(f"{DOWNLOADS} cannot be written, so this goes to {folder}.")
        return folder


def _join_ladybirds() -> Path:
    """Ants, bees and ladybirds in one folder: copies, because ImageFolder wants all classes side by side."""
    target = DOWNLOADS / "three_classes"
    if not target.exists() and not (target := _downloads() / target.name).exists():
        with suppress(FileExistsError), made_whole(target) as folder:  # another notebook may be faster
            for split in SPLITS:
                for picture in [*(SAMPLES / split).glob("*/*"), *(SAMPLES / "ladybirds" / split).glob("*/*")]:
                    copy = folder / split / picture.parent.name / picture.name
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(picture, copy)  # not its permissions: the course may be read-only
    return target


def _fetch_hymenoptera() -> Path:
    """The 397 photos of ants and bees of PyTorch's own tutorial; every second one of its val becomes our test.

    Nobody publishes a checksum of the file, so its size, its layout and what is in it are looked at instead.
    """
    target = DOWNLOADS / "hymenoptera"
    if target.exists() or (target := _downloads() / target.name).exists():
        return target
    brought = [path for name in ("hymenoptera_data", "hymenoptera_data*.zip") for path in target.parent.glob(name)]
    by_hand = min(brought, default=target.with_name("hymenoptera_data.zip"))  # a browser may unpack it, or add " (1)"
    temporary = tempfile.TemporaryDirectory(dir=target.parent)
    with suppress(FileExistsError), made_whole(target) as folder, temporary as near:
        archive = by_hand if by_hand.exists() else Path(near, by_hand.name)
        try:
            if archive != by_hand:
                download(HYMENOPTERA_URL, archive, "photos of ants and bees")
            photos = _unpack(archive, Path(near, "unpacked"))
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:  # the last: encrypted, or unknown
            advice = f"Replace or delete {by_hand}" if archive == by_hand else "Run the cell again to fetch them anew"
            raise ConnectionError(f"The photos arrived damaged ({error}). {advice}.") from error
        except (OSError, HTTPException) as error:
            raise ConnectionError(
                f'The photos could not be fetched from {HYMENOPTERA_URL} ({error}). Use DATA = "samples", or fetch '
                f"that file with a browser, put it into {target.parent} and run the cell again."
            ) from error
        for (split, name), paths in photos.items():
            parts = ("val", "test") if split == "val" else (split,)
            for i, part in enumerate(parts):
                (folder / part / name).mkdir(parents=True)
                for path in paths[i :: len(parts)]:
                    path.rename(folder / part / name / path.name)
    if not by_hand.is_dir():
        by_hand.unlink(missing_ok=True)
    return target


def _unpack(archive: Path, folder: Path) -> dict[tuple[str, str], list[Path]]:
    """The photos of the archive, by split and class. BadZipFile if it lacks some, or holds more than it should.

    archive: also the folder that came out of it.
    """
    if archive.is_dir():
        shutil.copytree(archive, folder / archive.name)
    else:
        with zipfile.ZipFile(archive) as file:
            members = file.infolist()
            if len(members) > 2_000 or sum(member.file_size for member in members) > LARGEST:
                raise zipfile.BadZipFile(f"it holds more than 2,000 files or {LARGEST / 1e6:.0f} MB")
            file.extractall(folder)  # never outside of folder: zipfile takes dots and slashes out of the names
    places = {key: Path(folder, "hymenoptera_data", *key) for key in product(("train", "val"), ("ants", "bees"))}
    photos = {key: list_pictures(place) if place.is_dir() else [] for key, place in places.items()}
    if min(map(len, photos.values())) < 2:  # one for val, one for test
        raise zipfile.BadZipFile("it holds no hymenoptera_data with train and val, each with photos of ants and bees")
    return photos
