"""Where the pictures are: those that ship, the real photos, or a learner's own."""

import shutil
import socket
import tempfile
import zipfile
import zlib
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

from torchvision.datasets.utils import download_and_extract_archive

from .pictures import SPLITS, check_split, list_pictures
from .settings import COURSE, SAMPLES

DOWNLOADS = SAMPLES / "downloads"
HYMENOPTERA_URL = "https://download.pytorch.org/tutorial/hymenoptera_data.zip"


def find_data(data: str | Path = "samples") -> Path:
    """The folder with train, val and test, each with one folder a class.

    data: "samples" (the pictures that ship), "three classes" (the same with ladybirds, put together once),
    "hymenoptera" (real photos, fetched once), or the path of a folder of your own (a relative one may start in the
    course's folder).
    Errors: FileNotFoundError if a folder is missing, ValueError if the layout is wrong, ConnectionError if the photos
    cannot be fetched.
    """
    if data == "samples":
        folder = SAMPLES
    elif data == "three classes":
        folder = _join_ladybirds()
    elif data == "hymenoptera":
        folder = _fetch_hymenoptera()
    else:
        folder = Path(data).expanduser()
        if not folder.is_dir() and (COURSE / folder).is_dir():
            folder = COURSE / folder  # a notebook runs in notebooks/, not in the course's folder
    _check_layout(folder)
    return folder


def _check_layout(folder: Path) -> None:
    if not folder.is_dir():
        raise FileNotFoundError(
            f"There is no folder {folder.absolute()}. Expected one with {', '.join(SPLITS)}, each with class folders."
        )
    missing = [split for split in SPLITS if not (folder / split).is_dir()]
    if missing:
        found = ", ".join(sorted(entry.name for entry in folder.iterdir())[:8]) or "nothing"
        raise ValueError(
            f"{folder} has no folder {', '.join(missing)} (found {found}). Expected {', '.join(SPLITS)}, each with one "
            "folder a class. If it holds your class folders, split_pictures(source, target) makes the three for you."
        )
    classes = {split: check_split(folder / split) for split in SPLITS}
    for split in SPLITS:
        if classes[split] != classes["train"]:
            raise ValueError(
                f"train and {split} have different classes: {classes['train']} and {classes[split]}. "
                f"Give both folders the same class names, or every label in {split} may be wrong."
            )


def _join_ladybirds() -> Path:
    """Ants, bees and ladybirds in one folder: copies, because ImageFolder wants all classes side by side."""
    target = DOWNLOADS / "three_classes"
    if not target.exists():
        DOWNLOADS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=DOWNLOADS) as unfinished:
            for split in SPLITS:
                for source in (SAMPLES / split, SAMPLES / "ladybirds" / split):
                    shutil.copytree(source, Path(unfinished, "all", split), dirs_exist_ok=True)
            with suppress(OSError):  # another notebook was faster
                Path(unfinished, "all").rename(target)  # last, so that an interrupted run leaves no half set
    return target


def _fetch_hymenoptera() -> Path:
    """The 397 photos of ants and bees of PyTorch's own tutorial; every second one of its val becomes our test."""
    target = DOWNLOADS / "hymenoptera"
    if target.exists():
        return target
    archive, unpacked = DOWNLOADS / "hymenoptera_data.zip", DOWNLOADS / "unpacked"
    photos = unpacked / "hymenoptera_data"
    came_by_hand = archive.exists()
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        with network_timeout():
            download_and_extract_archive(HYMENOPTERA_URL, DOWNLOADS, unpacked)
        if not all((photos / split).is_dir() for split in ("train", "val")):
            raise zipfile.BadZipFile("it holds no hymenoptera_data with train and val")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        archive.unlink()
        raise ConnectionError(
            f"The photos arrived damaged ({error}). Run the cell again to fetch them anew."
        ) from error
    except (OSError, RuntimeError, HTTPException) as error:
        if not came_by_hand:
            archive.unlink(missing_ok=True)  # half a file: the next try must not take it for the whole
        raise ConnectionError(
            f'The photos could not be fetched from {HYMENOPTERA_URL} ({error}). Use DATA = "samples", or fetch that '
            f"file with a browser, put it into {DOWNLOADS} and run the cell again."
        ) from error
    for split in ("val", "test"):
        (photos / "halves" / split).mkdir(parents=True)
    for folder in sorted((photos / "val").iterdir()):
        for split, paths in (("val", list_pictures(folder)[0::2]), ("test", list_pictures(folder)[1::2])):
            (photos / "halves" / split / folder.name).mkdir()
            for path in paths:
                path.rename(photos / "halves" / split / folder.name / path.name)
    (photos / "train").rename(photos / "halves" / "train")
    (photos / "halves").rename(target)  # last, so that an interrupted run starts again
    shutil.rmtree(unpacked, ignore_errors=True)
    archive.unlink()
    return target


@contextmanager
def network_timeout(seconds: float = 10):
    """Give up on a server that stays silent for this long; by default Python waits for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
