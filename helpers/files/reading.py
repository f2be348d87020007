"""One picture, read from anywhere: upright, RGB, and never too large."""

import re
import warnings
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError, URLError

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin, UnidentifiedImageError

from .fetching import fetch_bytes
from .kinds import QUOTES, kind_of_file, to_path

PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY  # drawing programs keep long notes in a PNG
LONGEST, THINNEST = 2000, 20  # pixels; how many times as long as wide
TURNS = {  # what the note in a photo says: what brings it upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(source: str | Path | bytes | Image.Image) -> Image.Image:
    """The picture at a path or an http(s) address, in bytes, or opened by PIL: RGB, upright, at most 2000 pixels long.

    The first picture, if there are several. One that is very thin gets white borders: made as wide as others, it would
    fill the memory. ValueError, with what was found and what helps, if there is none that can be read.
    """
    source = source.strip().strip(QUOTES) if isinstance(source, str) else source
    name = str(source) if isinstance(source, str | Path) else "This upload"
    content = b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, about large or slightly odd files
            is_open = isinstance(source, Image.Image)
            content = b"" if is_open else _fetch(source)
            picture = source if is_open else Image.open(BytesIO(content))
            if picture.format != "JPEG" and picture.width * picture.height > Image.MAX_IMAGE_PIXELS:
                raise Image.DecompressionBombError
            small = eight_bits(picture) if picture.mode[0] in "IF" else picture.copy() if is_open else picture
            small.thumbnail((LONGEST, LONGEST))  # a JPEG is decoded small, which saves memory
            small.load()
            turn = _read_turn(picture)  # not before: Pillow turns a TIFF when it loads it
            picture = to_rgb(small)
    except Exception as error:  # a damaged file makes Pillow raise almost anything
        found, advice = _explain(source, content, error)
        raise ValueError(f"{name} is no picture that can be read: {found}. {advice}") from error
    for note in ("exif", "xmp", "XML:com.adobe.xmp"):  # they say that it lies on its side
        picture.info.pop(note, None)
    return _widen(picture if turn is None else picture.transpose(turn))


def _fetch(source: str | Path | bytes) -> bytes:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    if not isinstance(source, str | Path):
        raise TypeError
    if str(source).lower().startswith(("http://", "https://")):
        return fetch_bytes(str(source))
    return to_path(source).read_bytes()


def _explain(source: object, content: bytes, error: Exception) -> tuple[str, str]:
    """What was found instead of a picture, and what helps."""
    if isinstance(error, HTTPError):
        return f"the server answers {error.code}, {error.reason}", "Open the address in a browser, and check it there."
    if isinstance(error, URLError | TimeoutError | ConnectionError):
        reason = getattr(error, "reason", None) or error
        return f"the network does not reach it ({reason})", "Download the picture elsewhere, and give its path."
    if not content and isinstance(source, str) and re.match(r"(?!https?:)\w\w+:|www\.", source, re.IGNORECASE):
        return "it is no address that can be fetched", "Give one that begins with https://, or the path of a file."
    if isinstance(source, str) and source.startswith("~") and isinstance(error, ValueError):
        return "it begins with the home folder of nobody here", "Write the whole path."
    if isinstance(error, FileNotFoundError):
        return f"there is no such file in {to_path(source).absolute().parent}", "Check name and folder."
    if isinstance(error, IsADirectoryError) or isinstance(source, str | Path) and Path(source).is_dir():
        return "it is a folder, or no name is given", "Give the path of one picture."
    if isinstance(error, PermissionError):
        return "you may not read it", "Change its permissions, or choose another."
    if isinstance(error, TypeError) and not content:
        kind = type(source).__name__
        return f"it is of the type {kind}", "Give a path, an address, bytes, or a picture opened with PIL's Image.open."
    if isinstance(error, Image.DecompressionBombError):
        return f"it has more than {Image.MAX_IMAGE_PIXELS / 1e6:.0f} million pixels", "Make it smaller first."
    if isinstance(error, UnidentifiedImageError):
        return kind_of_file(content) or (
            f"it begins with {content[:12]!r}",
            "Expected a JPEG, PNG or similar file. Choose another.",
        )
    reason = str(error).split(" <_io")[0].strip() or type(error).__name__  # without the name of an object in memory
    return f"it is damaged ({reason})", "Fetch or copy it again, or leave it out."


def _read_turn(picture: Image.Image) -> Image.Transpose | None:
    """What brings a photo upright. Other notes, which may be odd, are not looked at."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # such notes make Pillow raise almost anything, and the pixels may be sound
        return None


def _widen(picture: Image.Image) -> Image.Image:
    """The picture on white, if one of its sides is more than THINNEST times as long as the other."""
    least = -(-max(picture.size) // THINNEST)
    if min(picture.size) >= least:
        return picture
    page = Image.new("RGB", (max(picture.width, least), max(picture.height, least)), "white")
    page.paste(picture, ((page.width - picture.width) // 2, (page.height - picture.height) // 2))
    return page


def eight_bits(picture: Image.Image) -> Image.Image:
    """A picture with integers or floats as grey. Not convert("L"), which would clip, and before it is made smaller.

    A file with more than 8 bits does not say which value is white. Taken is the least of 255, 4,095 (12 bits, as many
    instruments have) and 65,535 that is not below the largest value; for floats also 1. What is no number is black.
    """
    whites = (255, 4_095, 65_535) if picture.mode[0] == "I" else (1, 255, 4_095, 65_535)
    values = np.array(picture, dtype=np.float32)
    largest = np.max(values, initial=0, where=np.isfinite(values))
    full = next((white for white in whites if largest <= white), largest)
    values = np.nan_to_num(values, nan=0, posinf=full, neginf=0).clip(0, full) * (255 / full) + 0.5
    return Image.fromarray(values.astype(np.uint8))


def to_rgb(picture: Image.Image) -> Image.Image:
    """A picture of any Pillow mode as RGB with 8 bits, what is transparent on white."""
    if picture.mode[0] in "IF":
        picture = eight_bits(picture)
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture.convert("RGBA"))
    return page.convert("RGB")
