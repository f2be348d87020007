"""Where the pictures are, whether they are sound, and the loaders of lessons 1 to 3."""

import csv
import random
import shutil
import socket
import tempfile
import zipfile
import zlib
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.datasets.utils import download_and_extract_archive
from torchvision.transforms import v2

COURSE = Path(__file__).resolve().parent.parent
SAMPLES = COURSE / "data_samples"
DOWNLOADS = SAMPLES / "downloads"
HYMENOPTERA_URL = "https://download.pytorch.org/tutorial/hymenoptera_data.zip"
SPLITS = ("train", "val", "test")
ENDINGS = datasets.folder.IMG_EXTENSIONS  # of the files that ImageFolder takes for pictures


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
    classes = {split: _check_split(folder / split) for split in SPLITS}
    for split in SPLITS:
        if classes[split] != classes["train"]:
            raise ValueError(
                f"train and {split} have different classes: {classes['train']} and {classes[split]}. "
                f"Give both folders the same class names, or every label in {split} may be wrong."
            )


def _check_split(split: Path) -> list[str]:
    folders = sorted(entry for entry in split.iterdir() if entry.is_dir())
    if not folders:
        files = sum(1 for entry in split.iterdir() if entry.is_file())
        raise ValueError(f"{split} has no class folders (found {files} files). Put each class in a folder of its own.")
    hidden = [entry for entry in folders if entry.name.startswith((".", "__MACOSX"))]
    if hidden:
        raise ValueError(
            f"{hidden[0]} would become a class of its own: ImageFolder takes every folder. Delete it and run again."
        )
    for entry in folders:
        if not _pictures(entry):
            raise ValueError(f"{entry} has no pictures ({', '.join(ENDINGS)}). Add some, or delete the folder.")
    return [entry.name for entry in folders]


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
        for split, paths in (("val", _pictures(folder)[0::2]), ("test", _pictures(folder)[1::2])):
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


def split_pictures(source: str | Path, target: str | Path, val: float = 0.2, test: float = 0.2, seed: int = 0) -> Path:
    """Copy a folder of class folders into target/train, target/val and target/test. The source stays as it is.

    val, test: shares of each class, in [0, 1), val + test < 1 (ValueError otherwise). Each split gets at least one.
    FileExistsError if target exists already; ValueError if a class has fewer than three pictures.
    """
    source, target = Path(source).expanduser(), Path(target).expanduser()
    if not (val >= 0 and test >= 0 and val + test < 1):
        raise ValueError(f"Expected shares with val + test < 1, found val={val}, test={test}.")
    if target.exists():
        raise FileExistsError(f"{target} exists already. Choose another target, or delete it first.")
    pictures = {name: _pictures(source / name) for name in _check_split(source)}
    for name, paths in pictures.items():
        if len(paths) < len(SPLITS):
            raise ValueError(
                f"{source / name} has {len(paths)} pictures. Expected at least {len(SPLITS)}, one for each split."
            )
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, paths in pictures.items():
        random.Random(seed).shuffle(paths)
        n_val = min(max(1, round(val * len(paths))), len(paths) - 2)
        n_test = min(max(1, round(test * len(paths))), len(paths) - n_val - 1)
        parts = {"val": paths[:n_val], "test": paths[n_val : n_val + n_test], "train": paths[n_val + n_test :]}
        for split, members in parts.items():
            for path in members:
                copy = unfinished / split / name / path.relative_to(source / name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
    unfinished.rename(target)  # last, so that an interrupted run leaves no half set
    return target


def _pictures(folder: Path) -> list[Path]:
    """All pictures below folder, in the same order on every system. "._" files are what Macs add to archives."""
    found = (p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and not p.name.startswith("._"))
    return sorted(found, key=Path.as_posix)


def find_broken_pictures(folder: str | Path) -> dict[Path, str]:
    """Lesson 1: open every file below folder as a training run would. Returns {path: what is wrong}, or {}.

    Pictures in another mode than RGB are fine: ImageFolder converts them.
    """
    problems = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            try:
                with Image.open(path) as image:
                    image.convert("RGB")
            except Exception as error:
                problems[path] = f"{type(error).__name__}: {error}"
            else:
                if path.suffix.lower() not in datasets.folder.IMG_EXTENSIONS:
                    problems[path] = f"ImageFolder skips files that end in {path.suffix!r}"
    return problems


class CsvDataset(torch.utils.data.Dataset):
    """Lesson 1: pictures listed in a CSV file. It stands in a module, so that DataLoader workers can import it.

    csv_file: one line `file,class name` for each picture, UTF-8; file is relative to the folder of csv_file. No header.
    Index it to get (PIL picture, or what transform makes of it, class number).
    """

    def __init__(self, csv_file, transform=None):
        self.folder, self.transform = Path(csv_file).parent, transform
        with open(csv_file, newline="", encoding="utf-8-sig") as file:
            self.rows = [row for row in csv.reader(file) if row]
        self.classes = sorted({name for _, name in self.rows})

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        file, name = self.rows[index]
        image = Image.open(self.folder / file).convert("RGB")
        if self.transform:
            image = self.transform(image)
        return image, self.classes.index(name)


def build_datasets(data_dir: Path, transforms: dict) -> dict[str, datasets.ImageFolder]:
    """Lesson 1: one ImageFolder for each of train, val and test. Index it to get (picture, class number)."""
    return {split: datasets.ImageFolder(data_dir / split, transforms[split]) for split in ["train", "val", "test"]}


def build_transforms(image_size: int) -> dict:
    """Lesson 2: random crops and flips for train, a fixed centre crop for val and test.

    PIL picture in, tensor (3, image_size, image_size) float32 out, normalized with ImageNet's mean and std.
    """
    to_tensor = [
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),
    ]
    crop_and_flip = [v2.RandomResizedCrop(image_size, scale=(0.5, 1.0)), v2.RandomHorizontalFlip()]
    train = v2.Compose([*crop_and_flip, *to_tensor])
    fixed = v2.Compose([v2.Resize(image_size * 8 // 7), v2.CenterCrop(image_size), *to_tensor])
    return {"train": train, "val": fixed, "test": fixed}


def build_loaders(data_dir: Path, image_size: int, batch_size: int = 16) -> dict[str, DataLoader]:
    """Lesson 3: batches ((N, 3, image_size, image_size) float32, (N,) int64); only train is shuffled.

    The class names are in loaders["train"].dataset.classes.
    """
    datasets = build_datasets(data_dir, build_transforms(image_size))
    pin_memory = torch.cuda.is_available()
    return {
        split: DataLoader(dataset, batch_size, shuffle=(split == "train"), pin_memory=pin_memory)
        for split, dataset in datasets.items()
    }
