"""What a class has solved, from the progress files that learners have handed in.

    python -m helpers.teaching.progress FOLDER                  a table, and the exercises that stop most
    python -m helpers.teaching.progress FOLDER --csv class.csv  also a file for a spreadsheet

A learner hands in notebooks/my_progress.json. In FOLDER, give it the learner's name (ada.json), or put it into a folder
of this name (ada/my_progress.json). What a browser calls "ada (1).json" is joined with ada.json.
"""

import argparse
import csv
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path, PurePosixPath

from ..files.kinds import kind_of_file
from ..files.writing import written_whole
from ..practice import EXERCISES
from ..practice.progress import KINDS, NUMBER, in_order
from ..practice.summary import all_numbers

LARGEST = 1_000_000  # bytes; a file of a whole course has about 3,000
MOST = 10  # exercises that are listed as those that stop most

Solved = dict[str, set[str]]  # by kind, the numbers of what is solved


def read_file(path: Path) -> Solved:
    """What a learner's file says is solved. ValueError, in a sentence, if it is no such file."""
    content = b""
    try:
        if not path.is_file():
            raise OSError(0, "it is no file")
        if (size := path.stat().st_size) > LARGEST:
            raise OSError(0, f"it has {size / 1e6:,.1f} MB, expected some kB")
        content = path.read_bytes()
        found = json.loads(content)
        solved = {kind: set(found[kind].keys()) for kind in KINDS}
        if not all(NUMBER.fullmatch(number) for numbers in solved.values() for number in numbers):
            raise ValueError
        return solved
    except OSError as error:
        raise ValueError(f"{error.strerror or error}. Ask for it once more.") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        unknown = "it is not what the checks write", "Ask for notebooks/my_progress.json."
        raise ValueError(". ".join(kind_of_file(content) or unknown)) from None


def learner_of(path: PurePosixPath) -> str:
    """Whose file it is: "ada" for ada.json, "ada (1).json" and ada/my_progress.json; "b/ada" for b/ada.json."""
    stem = re.sub(r" ?\([0-9]+\)$", "", path.stem)
    place = path.parent if stem == "my_progress" else path.parent / stem
    return unicodedata.normalize("NFC", str(place))  # macOS writes é as two characters


def read_class(folder: Path) -> tuple[dict[str, Solved], list[str]]:
    """What each learner has solved, by name, and a line for each file that was left out or joined with another."""
    learners, files, notes = {}, defaultdict(list), []
    for path in sorted(folder.rglob("*.json")):
        inside = PurePosixPath(path.relative_to(folder).as_posix())
        if any(part.startswith(".") for part in inside.parts):  # what a system hides is not handed in
            continue
        try:
            solved = read_file(path)
        except ValueError as error:
            notes.append(f"Left out: {inside}: {error}")
            continue
        learner = learner_of(inside)
        before = learners.get(learner, {kind: set() for kind in KINDS})
        learners[learner] = {kind: before[kind] | solved[kind] for kind in KINDS}
        files[learner].append(str(inside))
    names = {learner: PurePosixPath(learner).name or folder.resolve().name for learner in learners}
    counts = Counter(names.values())
    for learner, name in sorted(names.items(), key=lambda pair: pair[1].casefold()):
        shown = name if counts[name] == 1 else learner
        learners[shown] = learners.pop(learner)
        if len(files[learner]) > 1:
            notes.append(f"Joined as {shown}: {', '.join(files[learner])}")
    return learners, notes


def count_all(learners: dict[str, Solved]) -> tuple[dict[str, list[str]], str]:
    """All numbers, also those that only learners' files have, and a line that names the latter."""
    known = all_numbers()
    own = {kind: set().union(*(solved[kind] for solved in learners.values())) - {*known[kind]} for kind in KINDS}
    numbers = {kind: sorted({*known[kind], *own[kind]}, key=in_order) for kind in KINDS}
    named = [f"{kind} {', '.join(sorted(own[kind], key=in_order))}" for kind in KINDS if own[kind]]
    note = f"Not in this course, but counted: {' and '.join(named)}. Are they your own, or of another version?"
    return numbers, note if named else ""


def in_lesson(numbers, lesson: int) -> int:
    """How many of these numbers belong to a lesson."""
    return sum(in_order(number)[0] == lesson for number in numbers)


def table(learners: dict[str, Solved], numbers: dict[str, list[str]]) -> list[str]:
    """A line for each learner: solved exercises + questions, by lesson. Names stand last, as they have any width."""
    lessons = sorted({in_order(number)[0] for of_kind in numbers.values() for number in of_kind})

    def line(solved: dict, name: str) -> str:
        counts = ["+".join(str(in_lesson(solved[kind], lesson)) for kind in KINDS) for lesson in lessons]
        counts.append("+".join(str(len(solved[kind])) for kind in KINDS))
        return "".join(f"{'.' if count == '0+0' else count:>6}" for count in counts) + f"  {name}"

    head = "".join(f"{name:>6}" for name in [*lessons, "all"]) + "  lesson"
    return [head, line(numbers, "(all there are)"), *(line(solved, name) for name, solved in learners.items())]


def what_stops(learners: dict[str, Solved], exercises: list[str]) -> list[tuple[str, int, int]]:
    """(exercise, how many have solved it, how many have begun its lesson), those first that the fewest have solved."""
    found = []
    for number in exercises:
        lesson = in_order(number)[0]
        begun = [solved for solved in learners.values() if any(in_lesson(solved[kind], lesson) for kind in KINDS)]
        done = sum(number in solved["exercises"] for solved in begun)
        if done < len(begun):
            found.append((number, done, len(begun)))
    return sorted(found, key=lambda row: (row[1] / row[2], -row[2], in_order(row[0])))


def write_csv(file: Path, learners: dict[str, Solved], numbers: dict[str, list[str]]) -> None:
    """A row for each learner, a column for each exercise and question: 1 where it is solved, else 0."""
    columns = [(kind, number) for kind in KINDS for number in numbers[kind]]
    with written_whole(file) as unfinished, open(unfinished, "w", encoding="utf-8-sig", newline="") as rows:
        writer = csv.writer(rows)
        writer.writerow(["learner", *(f"{kind.removesuffix('s')} {number}" for kind, number in columns)])
        for name, solved in learners.items():
            safe = f"'{name}" if name[0] in "=+-@" else name  # or a spreadsheet takes it for a formula
            writer.writerow([printable(safe), *(int(number in solved[kind]) for kind, number in columns)])


def printable(text: str) -> str:
    """What no page can show, such as a line break in a name, as its code."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def main(words: list[str] | None = None) -> None:
    sys.stdout.reconfigure(errors="backslashreplace")  # a name that the terminal's encoding lacks
    parser = argparse.ArgumentParser(prog="python -m helpers.teaching.progress", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the files lie, also in folders of their own")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="also write each learner's exercises and questions")
    chosen = parser.parse_args(words)
    if chosen.csv and chosen.csv.suffix != ".csv":
        parser.error(f"{chosen.csv} does not end in .csv. Expected a name such as class.csv.")
    if not chosen.folder.is_dir():
        parser.error(f"{chosen.folder} is no folder. Expected one that holds files such as ada.json.")
    learners, notes = read_class(chosen.folder)
    for note in notes:
        print(printable(note))
    if not learners:
        parser.error(
            f"{chosen.folder} has no file of a learner. Expected copies of notebooks/my_progress.json, called "
            "ada.json or ada/my_progress.json."
        )
    numbers, note = count_all(learners)
    lines = [note, "", f"{len(learners)} learner{'s' * (len(learners) > 1)}. Solved exercises + questions, by lesson:"]
    lines += ["", *table(learners, numbers), ""]
    stops = what_stops(learners, numbers["exercises"])
    lines.append(
        "What stops most: solved by how many of those who have begun its lesson" if stops else "Nothing stops."
    )
    for number, done, begun in stops[:MOST]:
        title = EXERCISES[number].title if number in EXERCISES else ""
        lines.append(f"  {number:>5}  {f'{done} of {begun}':>9}  {title}".rstrip())
    print("\n".join(map(printable, lines)).strip("\n"))
    if chosen.csv:
        try:
            write_csv(chosen.csv, learners, numbers)
        except OSError as error:
            parser.error(f"{chosen.csv} cannot be written ({error.strerror or error}). Choose another place.")


if __name__ == "__main__":
    main()
