"""What a learner has solved, kept in one file beside the notebooks. No account, no network."""

import errno
import itertools
import json
import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path

from ..files.kinds import to_path
from ..files.writing import write_whole
from ..settings import NOTEBOOKS, setting

KINDS = ("exercises", "questions")
NUMBER = re.compile(r"(0|[1-9][0-9]?)\.[1-9][0-9]?")  # of an exercise or a question: its lesson, and its place in it
_closed: set[Path] = set()  # files that may not be read
_unsaved: dict[tuple[Path, str], dict[str, str]] = {}  # what could not be written


def progress_file() -> Path:
    """The path in the environment variable BRICKS_PROGRESS, or notebooks/my_progress.json."""
    return to_path(setting("BRICKS_PROGRESS") or NOTEBOOKS / "my_progress.json")


def read() -> dict[str, dict[str, str]]:
    """What is solved: {"exercises": {"3.1": day}, "questions": {"3.1": day}}. A damaged file is put aside."""
    path = progress_file()
    found = {kind: {} for kind in KINDS}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(content[kind], dict) for kind in KINDS):
            raise TypeError
        found = {kind: dict(content[kind]) for kind in KINDS}
    except (ValueError, KeyError, TypeError, RecursionError):
        names = (path.with_suffix(f".damaged{n or ''}.json") for n in itertools.count())
        aside = next(name for name in names if not name.exists())  # what was put aside before stays
        with suppress(OSError):
            if path.is_file():
                os.replace(path, aside)
            print(f"{path.name} could not be read. It is now {aside.name}, and a new one begins.")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        pass
    except OSError:  # there is one, but it may not be read: it must not be replaced
        _unsaved.update({(path, kind): _unsaved.get((path, kind), {}) for kind in KINDS})
        _closed.add(path)
    return {kind: _unsaved.get((path, kind), found[kind]) for kind in KINDS}


def record(kind: str, number: str) -> str:
    """Note that an exercise or a question is solved. Returns "" or, where no file can be written, why not."""
    known = read()
    if number in known[kind] and (progress_file(), kind) not in _unsaved:
        return ""
    known[kind].setdefault(number, date.today().isoformat())
    return _write(known)


def forget(lesson: str) -> None:
    """Forget what is solved in a lesson, such as "03"."""
    known = read()
    _write({kind: {n: day for n, day in known[kind].items() if not belongs(n, lesson)} for kind in KINDS})


def belongs(number: str, lesson: str) -> bool:
    """Whether the exercise or question "3.1" is of the lesson "03"."""
    return number.split(".")[0] == str(lesson_number(lesson))


def lesson_number(lesson: str) -> int:
    """ "03" -> 3. ValueError if it is not the number of a lesson."""
    if not re.fullmatch("[0-9]{2}", str(lesson)):
        raise ValueError(f"A lesson is called {lesson!r}, expected its number in two digits, such as '03' or '10'.")
    return int(lesson)


def in_order(number: str) -> tuple[int, ...]:
    """What sorts numbers: "3.2", "3.10", "10.1"."""
    return tuple(map(int, number.split(".")))


def _write(known: dict) -> str:
    path = progress_file()
    try:
        if path in _closed:
            raise PermissionError(errno.EACCES, "it may not be read")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(known, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        _unsaved.update({(path, kind): known[kind] for kind in KINDS})
        return f"(Your progress could not be saved: {error.strerror or error}. It lasts until this kernel ends.)"
    for kind in KINDS:
        _unsaved.pop((path, kind), None)
    return ""
