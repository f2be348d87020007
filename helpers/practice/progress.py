"""What a learner has solved, kept in one file beside the notebooks. No account, no network."""

import json
import os
from datetime import date
from pathlib import Path

from ..settings import NOTEBOOKS, setting

KINDS = ("exercises", "questions")


def progress_file() -> Path:
    """The path in the environment variable BRICKS_PROGRESS, or notebooks/my_progress.json."""
    return Path(setting("BRICKS_PROGRESS") or NOTEBOOKS / "my_progress.json")


def read() -> dict[str, dict[str, str]]:
    """What is solved: {"exercises": {"3.1": day}, "questions": {"3.1": day}}. A damaged file is put aside."""
    path = progress_file()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {kind: dict(found[kind]) for kind in KINDS}
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (ValueError, KeyError, TypeError):
        aside = path.with_suffix(".damaged.json")
        os.replace(path, aside)
        print(f"{path.name} could not be read. It is now {aside.name}, and a new one begins.")
    return {kind: {} for kind in KINDS}


def record(kind: str, number: str) -> str:
    """Note that an exercise or a question is solved. Returns "" or, where no file can be written, why not."""
    try:
        known = read()
        if number not in known[kind]:
            known[kind][number] = date.today().isoformat()
            _write(known)
    except OSError as error:
        return f"(Your progress could not be saved: {error.strerror or error}.)"
    return ""


def forget(lesson: str) -> None:
    """Forget what is solved in a lesson, such as "03"."""
    known = read()
    _write({kind: {n: day for n, day in known[kind].items() if not belongs(n, lesson)} for kind in KINDS})


def belongs(number: str, lesson: str) -> bool:
    """Whether the exercise or question "3.1" is of the lesson "03"."""
    return number.split(".")[0] == str(int(lesson))


def _write(known: dict) -> None:
    path = progress_file()
    unfinished = path.with_suffix(f".{os.getpid()}.unfinished")  # another notebook may write at the same time
    unfinished.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(unfinished, path)
