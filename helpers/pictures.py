"""Picture files: which ones a folder holds, which are broken, a division in three, and one read from anywhere."""

import random
import shutil
import time
import warnings
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

from PIL import Image, ImageOps
from torchvision import datasets

SPLITS = ("train", "val", "test")
ENDINGS = datasets.folder.IMG_EXTENSIONS  # of the files that ImageFolder takes for pictures


def list_pictures(folder: Path) -> list[Path]:
    """All pictures below folder, in the same order on every system. "._" files are what Macs add to archives."""
    found = (p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and not p.name.startswith("._"))
    return sorted(found, key=Path.as_posix)


def check_split(split: Path) -> list[str]:
    """The class names of a folder of class folders. ValueError if ImageFolder would see something else there."""
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
        if not list_pictures(entry):
            raise ValueError(f"{entry} has no pictures ({', '.join(ENDINGS)}). Add some, or delete the folder.")
    return [entry.name for entry in folders]


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
    pictures = {name: list_pictures(source / name) for name in check_split(source)}
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


def fetch_bytes(url: str, most: int = 50_000_000, seconds: float = 20) -> bytes:
    """What lies at an http(s) address. ValueError above `most` bytes or `seconds`, OSError without answer."""
    end, content = time.monotonic() + seconds, bytearray()
    address = quote(url, safe="%/:?&=#@+,;~!$'()*[]")  # ä and spaces become codes
    request = Request(address, headers={"User-Agent": "Brick by Brick, a course"})
    with urlopen(request, timeout=seconds) as answer:
        while part := answer.read1(65_536):
            content += part
            if len(content) > most or time.monotonic() > end:
                size = f"{len(content) / 1e6:.1f} MB"
                limit = f"{most / 1e6:.0f} MB and {seconds:.0f} s"
                raise ValueError(f"{size} came and no end, expected at most {limit}")
    return bytes(content)


def to_rgb(picture: Image.Image) -> Image.Image:
    """A picture of any Pillow mode as RGB with 8 bits, what is transparent on white.

    A file with more than 8 bits does not say which value is white. Taken is the least of 255, 4,095 (12 bits, as many
    instruments have) and 65,535 that is not below the largest value; for floats also 1.
    """
    if picture.mode[0] in "IF":  # more than 8 bits: scale them, convert("RGB") would clip
        whites = (255, 4_095, 65_535) if picture.mode[0] == "I" else (1, 255, 4_095, 65_535)
        picture = picture.convert("F")
        largest = picture.getextrema()[1]
        full = next((white for white in whites if largest <= white), largest)
        picture = picture.point(lambda value: value * (255 / full)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture.convert("RGBA"))
    return page.convert("RGB")


def read_picture(source: str | Path | bytes) -> Image.Image:
    """The picture at a path or an http(s) address, or in bytes; RGB, upright, at most 2000 pixels long.

    The first picture, if there are several. ValueError if there is none that can be read.
    """
    name = "This upload"
    try:
        if isinstance(source, bytes | bytearray | memoryview):
            content = bytes(source)
        else:
            name = str(source)
            is_url = name.lower().startswith(("http://", "https://"))
            content = fetch_bytes(name) if is_url else Path(source).expanduser().read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, about large or slightly odd files
            picture = Image.open(BytesIO(content))
            picture.thumbnail((2000, 2000))  # a JPEG is decoded small, which saves memory
            return to_rgb(ImageOps.exif_transpose(picture))
    except Exception as error:  # a damaged file makes Pillow raise almost anything
        reason = str(error).split(" <_io")[0]  # without the name of an object in memory
        raise ValueError(
            f"{name} is no picture that can be read: {reason}. Expected a whole JPEG, PNG or similar file. "
            "Try to open it in another program, save it anew, or choose another."
        ) from error
