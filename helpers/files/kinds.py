"""What a person gave for a path, and words for what was found there: a file of another kind, or a closed place."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUOTES = " \"'“”"  # around a path: Windows copies it so
AS_JPEG = "Save it as JPEG or PNG with another program."
BEGINNINGS = [  # how a file begins: what it is, and what helps
    (rb"\s*$", "the file is empty", "Copy it again."),
    (rb".{4}ftyp(hei|hev|mif1|msf1)", "it is a HEIC photo, as iPhones make them", AS_JPEG),
    (rb".{4}ftypavi", "it is an AVIF picture", AS_JPEG),
    (rb".{4}ftyp|\x1a\x45\xdf\xa3", "it is a film", "Choose a picture."),
    (rb"(<\?xml.*?)?\s*(<!--.*?-->\s*)*(<!DOCTYPE svg.*?)?<svg", "it is an SVG drawing", "Export it as PNG."),
    (rb"\s*<(!doctype|html|\?xml|head)", "it is a web page", "Fetch the file itself, not a page about it."),
    (rb"%PDF", "it is a PDF", "Export its picture as JPEG or PNG."),
    (rb"PK\x03\x04|\x1f\x8b|Rar!|7z", "it is an archive", "Unpack it first."),
    (rb"version https://git-lfs", "it only says where git-lfs keeps the file", "Run `git lfs pull` in its folder."),
]


def to_path(given: str | os.PathLike) -> Path:
    """The path that a person means, who may write ~, or copy quotation marks. ValueError if it is none."""
    if not isinstance(given, str | os.PathLike) or not str(given).strip(QUOTES):
        raise ValueError(f"{given!r} is no path. Expected a text such as 'my_photos/train'.")
    try:
        return Path(given.strip(QUOTES) if isinstance(given, str) else given).expanduser()
    except RuntimeError:
        raise ValueError(f"{given} begins with the home folder of nobody here. Write the whole path.") from None


@contextmanager
def explained() -> Iterator[None]:
    """What the system refuses becomes a sentence. Others, such as those of the course, pass. Also a decorator."""
    try:
        yield
    except OSError as error:
        if not error.filename or not error.strerror:
            raise
        place, advice = error.filename2 or error.filename, "Choose another place."
        if isinstance(error, PermissionError):
            advice = "Change its permissions, or choose another place."
        raise type(error)(f"{place} cannot be used ({error.strerror}). {advice}") from None


def kind_of_file(content: bytes) -> tuple[str, str] | None:
    """What a file of this content is, and what helps; None for one that is not known."""
    begin = content[:2000].removeprefix(b"\xef\xbb\xbf")
    for beginning, found, advice in BEGINNINGS:
        if re.match(beginning, begin, re.DOTALL | re.IGNORECASE):
            return found, advice
    return None
