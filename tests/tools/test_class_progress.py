"""What a class has solved: from files that checks and quizzes have written, and from files of all other kinds."""

import csv
import json
import os
import shutil
import subprocess
import sys

import ipywidgets
import pytest
import torch
from conftest import COURSE
from torch.utils.data import default_collate

from helpers.practice import EXERCISES, QUIZZES, check, quiz, show_progress
from helpers.practice.checks import exercise, right
from helpers.teaching import progress

IMAGES = torch.zeros(2, 3, 4, 4)
SOLUTIONS = {"3.1": {"numbers_per_batch": 96, "images": IMAGES}, "3.2": {"collate": default_collate}}


@pytest.fixture
def solves(tmp_path, monkeypatch):
    """Solve exercises, and questions such as "3.1", as a learner who hands in the file at this path in a class."""
    (tmp_path / "class").mkdir()

    def solve(file, *exercises, questions=()):
        path = tmp_path / "class" / file
        monkeypatch.setenv("BRICKS_PROGRESS", str(path))
        for number in exercises:
            assert check(number, SOLUTIONS.get(number, {"answer": 4})).state == "right"
        for lesson, i in (number.split(".") for number in questions):
            press_what_is_right(f"{int(lesson):02}", int(i) - 1)
        return path

    return solve


def press_what_is_right(lesson, i):
    rows = quiz(lesson).children[i].children[1::2]  # its text, and for each choice a row and an explanation
    for row, choice in zip(rows, QUIZZES[lesson][i].choices, strict=True):
        if choice.right:
            next(part for part in row.children if isinstance(part, ipywidgets.Button)).click()


@pytest.fixture
def told(tmp_path, capsys):
    """What the program prints about the class."""

    def tell(*words):
        progress.main([str(tmp_path / "class"), *map(str, words)])
        return capsys.readouterr().out

    return tell


def row_of(told, name):
    """A learner's line in the table."""
    (line,) = (line for line in told.splitlines() if line.endswith(f"  {name}"))
    return line.split()


def test_who_has_solved_what(solves, told):
    solves("ada.json", "3.1", "3.2", questions=["3.1", "9.2"])
    solves("bob/my_progress.json", "3.1")
    text = told()
    assert "2 learners. Solved exercises + questions, by lesson:" in text and "Left out" not in text
    in_3 = [f"{len([n for n in EXERCISES if n.startswith('3.')])}+{len(QUIZZES['03'])}"]
    assert row_of(text, "(all there are)")[3:4] == in_3
    assert row_of(text, "(all there are)")[10] == f"{len(EXERCISES)}+{sum(map(len, QUIZZES.values()))}"
    assert row_of(text, "ada") == [*"...", "2+1", *".....", "0+1", "2+2", "ada"]
    assert row_of(text, "bob") == [*"...", "1+0", *"......", "1+0", "bob"]


def test_what_stops_most_is_counted_among_those_who_have_begun(solves, told):
    for name in ("ada", "bob", "eve"):
        solves(f"{name}.json", "3.1")
    solves("eve.json", "3.2")
    solves("zoe.json", questions=["9.1"])
    lines = told().partition("What stops most")[2].splitlines()[1:]
    of_9 = [f"9.{i}" for i in range(1, sum(n.startswith("9.") for n in EXERCISES) + 1)]
    expected = [("3.3", "0 of 3"), ("3.4", "0 of 3"), *((n, "0 of 1") for n in of_9), ("3.2", "1 of 3")]
    assert [tuple(line.split(maxsplit=1)) for line in lines] == [
        (number, f"{count}  {EXERCISES[number].title}") for number, count in expected
    ]
    assert "3.1" not in [number for number, *_ in map(str.split, lines)], "all who have begun have solved it"


def test_a_class_that_nothing_stops_is_told_so(solves, told):
    path = solves("ada.json")
    solved = {"exercises": dict.fromkeys(EXERCISES, ""), "questions": {}}
    path.write_text(json.dumps(solved))
    assert told().endswith("Nothing stops.\n")


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("ada.json", "ada (1).json", "ada"),
        ("ada.json", "ada(12).json", "ada"),
        ("ada/my_progress.json", "ada/my_progress (2).json", "ada"),
        ("ada/my_progress.json", "ada.json", "ada"),
        ("zo\u00eb.json", "zoe\u0308 (1).json", "zo\u00eb"),
        ("my_progress.json", "my_progress (1).json", "class"),
    ],
)
def test_two_files_of_one_learner_are_joined(solves, told, one, other, name):
    solves(one, "3.1", questions=["3.1"])
    solves(other, "3.1", "3.2")
    text = told()
    assert row_of(text, name)[3] == "2+1" and "1 learner." in text
    assert f"Joined as {name}: " in text and one in text and other in text


def test_two_learners_of_one_name_are_told_apart(solves, told):
    for file in (
        "monday/ada.json",
        "tuesday/ada.json",
        "tuesday/bob/my_progress.json",
        "class.json",
        "my_progress.json",
    ):
        solves(file, "3.1")
    text = told()
    assert "5 learners. Solved" in text
    names = ["monday/ada", "tuesday/ada", "bob", "class", "."]
    assert [row_of(text, name)[3] for name in names] == ["1+0"] * 5


def test_an_exercise_of_ones_own_is_counted_and_named(solves, told):
    exercise("10.1", "Four")(lambda answer: right("Yes."))
    solves("ada.json", "10.1")
    solves("bob.json", "3.1")
    assert "Not in this course" not in told(), "this kernel has it"
    del EXERCISES["10.1"]
    text = told()
    assert "Not in this course, but counted: exercises 10.1. Are they your own, or of another version?" in text
    assert row_of(text, "(all there are)")[10] == row_of(text, "ada")[10] == "1+0" and row_of(text, "bob")[10] == "."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty. Copy it again."),
        (b"<!DOCTYPE html>", "it is a web page."),
        (b"PK\x03\x04", "it is an archive. Unpack it first."),
        (b" " * 2_000_000, "it has 2.0 MB, expected some kB. Ask for it once more."),
        (None, "it is no file."),
        *(
            (content, "it is not what the checks write. Ask for notebooks/my_progress.json.")
            for content in (
                b'{"exercises": {"3.1": "2026-',
                b"[]",
                b"3",
                b"[" * 100_000,
                b"\xff\xfe\x00",
                b'{"exercises": {}}',
                b'{"exercises": [], "questions": {}}',
                b'{"exercises": {"b": 1}, "questions": {}}',
                b'{"exercises": {"\\u0663.1": 1}, "questions": {}}',
            )
        ),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_another_file_is_named_in_a_line_and_the_rest_goes_on(solves, told, tmp_path, content, said):
    solves("ada.json", "3.1")
    odd = tmp_path / "class" / "odd.json"
    odd.mkdir() if content is None else odd.write_bytes(content)
    text = told()
    assert text.splitlines()[0].startswith(f"Left out: odd.json: {said}") and text.count("odd") == 1
    assert row_of(text, "ada")[3] == "1+0"


def test_the_file_of_windows_notepad_is_read_and_hidden_ones_are_not(solves, told, tmp_path):
    path = solves("ada.json", "3.1")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    for hidden in (".ipynb_checkpoints/ada-checkpoint.json", "__MACOSX/._ada.json"):
        (tmp_path / "class" / hidden).parent.mkdir()
        shutil.copy(path, tmp_path / "class" / hidden)
    text = told()
    assert "1 learner." in text and row_of(text, "ada")[3] == "1+0"


def test_a_file_that_was_reset_is_a_learner_without_anything(solves, told):
    solves("ada.json", "3.1")
    show_progress("03", reset=True)
    assert row_of(told(), "ada") == [*"..........", ".", "ada"]


def test_a_spreadsheet_has_each_exercise_and_question(solves, told, tmp_path):
    solves("zo\u00eb.json", "3.1", questions=["3.2"])
    solves("=1+1.json", "3.2")
    told("--csv", tmp_path / "class.csv")
    content = (tmp_path / "class.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "or Excel garbles names"
    rows = {row["learner"]: row for row in csv.DictReader(content.decode("utf-8-sig").splitlines())}
    assert list(rows) == ["'=1+1", "zo\u00eb"], "no formula"
    assert [name for name, value in rows["zo\u00eb"].items() if value == "1"] == ["exercise 3.1", "question 3.2"]
    assert [name for name, value in rows["'=1+1"].items() if value == "1"] == ["exercise 3.2"]
    assert len(rows["'=1+1"]) == 1 + len(EXERCISES) + sum(map(len, QUIZZES.values()))


def test_what_cannot_be_is_said_with_exit_code_2(solves, tmp_path, capsys):
    folder = tmp_path / "class"

    def refused(*words):
        with pytest.raises(SystemExit) as end:
            progress.main([str(word) for word in words])
        assert end.value.code == 2
        return capsys.readouterr().err

    assert "class has no file of a learner. Expected copies of notebooks/my_progress.json" in refused(folder)
    assert "nowhere is no folder. Expected one that holds" in refused(tmp_path / "nowhere")
    path = solves("ada.json", "3.1")
    before = path.read_bytes()
    assert "ada.json is no folder" in refused(path)
    assert "ada.json does not end in .csv. Expected" in refused(folder, "--csv", path)
    assert "cannot be written (" in refused(folder, "--csv", path / "class.csv")
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_a_terminal_cannot_show_are_escaped(solves, tmp_path):
    path = solves("ada.json", "3.1")
    shutil.copy(path, tmp_path / "class" / "zo\u00eb\n\x1b[31m.json")
    shutil.copy(path, os.fsencode(tmp_path / "class") + b"/\xff.json")
    command = [sys.executable, "-m", "helpers.teaching.progress", tmp_path / "class", "--csv", tmp_path / "class.csv"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=COURSE, env=environment, capture_output=True)
    assert done.returncode == 0 and done.stderr == b""
    names = [line.split()[-1] for line in done.stdout.decode("ascii").splitlines() if line.endswith(("ada", "m", "ff"))]
    assert names == ["ada", r"zo\xeb\n\x1b[31m", r"\udcff"]
    assert r"\udcff,0" in (tmp_path / "class.csv").read_text("utf-8")
