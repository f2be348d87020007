"""An exercise, a question and a lesson of one's own: in a fresh kernel, and in the tests of a copy of the course."""

import json
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from conftest import COURSE, NOTEBOOKS, copy_course
from kernels import Kernel

CHECK = """
from helpers.practice import check, exercise, hint, right, show_progress

@exercise("10.1", "How many bricks?")
def check_bricks(bricks):
    if bricks == 6:
        return right("2 rows of 3 bricks are 6.")
    if bricks == 5:
        return hint("That is 2 + 3. Each row has 3 bricks.")
    return hint("Count the rows. How many bricks are in each?")
"""
QUIZ = """
from helpers.practice import QUIZZES, Choice, Question, quiz

QUIZZES["10"] = [
    Question("Is a row of 3 bricks half of this wall?", (
        Choice("Yes", "There are 2 rows, and each has 3 bricks.", right=True),
        Choice("No", "Compare: 3 bricks are in a row, and 6 in the wall."),
    )),
]
quiz("10")
"""
TASK = "### Exercise 10.1 · Fill in: how many bricks?\n\nA wall has 2 rows of 3 bricks. How many are there?"
SOLUTION = "<details><summary>Solution</summary>\n\n```python\nbricks = 6\n```\n</details>"
ANSWERS = """
ANSWERS = {}
ANSWERS["10.1"] = {
    "right": ["bricks = 2 * 3"],
    "wrong": [("bricks = 5", "That is 2 + 3"), ("bricks = 8", "Count the rows")],
}
"""


def own_lesson():
    """The cells of a lesson of one's own: the first of any lesson, then check, task, stub, solution, quiz and wall."""
    first = next(cell for cell in nbformat.read(NOTEBOOKS[3], as_version=4).cells if cell.cell_type == "code")
    cells = [("code", first.source), ("code", CHECK), ("markdown", TASK), ("code", "bricks = ...")]
    cells += [("code", 'check("10.1")'), ("markdown", SOLUTION), ("code", QUIZ), ("code", 'show_progress("10")')]
    new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return nbformat.v4.new_notebook(cells=[new[kind](source.strip()) for kind, source in cells])


def said(outputs):
    return "".join(output.data["text/plain"] for output in outputs if output.output_type == "execute_result")


def test_in_a_fresh_kernel_each_cell_twice(tmp_path):
    """In my_notebooks/, beside the course's own; what is solved is kept for the next kernel."""
    (tmp_path / "my_notebooks").mkdir()
    copy_course(tmp_path, rooms=("helpers",))
    progress = tmp_path / "my_progress.json"
    code = [cell.source for cell in own_lesson().cells if cell.cell_type == "code"]
    for day in range(2):
        kernel = Kernel(tmp_path / "my_notebooks", {"BRICKS_PROGRESS": str(progress), "BRICKS_WIDGETS": ""})
        try:
            outputs = [said(kernel.run(source)) for source in code for _ in range(2)]
            assert outputs[6].startswith("○ Not solved yet.") and outputs[6] == outputs[7]
            assert f"In this lesson: {day} of 1 exercise and 0 of 1 question solved." in outputs[-1] == outputs[-2]
            for answer, begin in [
                ("5", "→ Not quite. That is 2"),
                ("8", "→ Not quite. Count"),
                ("6", "✓ Right. 2 rows"),
            ]:
                kernel.run(f"bricks = {answer}")
                assert said(kernel.run('check("10.1")')).startswith(begin)
            assert "1 of 1 exercise and 0 of 1 question solved." in said(kernel.run('show_progress("10")'))
            assert list(json.loads(progress.read_text())["exercises"]) == ["10.1"]
        finally:
            kernel.close()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the course with its tests, and without its pictures."""
    folder = tmp_path_factory.mktemp("own")
    copy_course(folder, rooms=("helpers", "notebooks"))
    (folder / "data_samples").mkdir()
    ignore = shutil.ignore_patterns("__pycache__")
    for room in ("tests", ".github"):
        shutil.copytree(COURSE / room, folder / room, ignore=ignore)
    for file in ("pyproject.toml", ".gitignore"):
        shutil.copy(COURSE / file, folder)
    return folder


def told_by_tests(folder, *words):
    command = [sys.executable, "-m", "pytest", "-q", "tests/lessons/test_practice.py", "--everything", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


@pytest.mark.everything
def test_the_tests_know_a_lesson_of_ones_own(copied):
    nbformat.write(own_lesson(), copied / "notebooks" / "10_own.ipynb")
    answers = copied / "tests" / "lessons" / "answers" / "lesson10.py"
    told = told_by_tests(copied, "-k", "whole_and or 10_own")
    assert "1 failed, 2 passed" in told and "Traceback" not in told and "KeyError" not in told
    assert "Exercise 10.1 has no answers to be tested with" in told and 'ANSWERS["10.1"] = {' in told
    answers.write_text(ANSWERS)
    assert "6 passed" in told_by_tests(copied, "-k", "whole_and or 10_own")
    answers.write_text(ANSWERS.replace("That is 2 + 3", "Another hint"))
    assert "10_own-10.1-wrong-0" in (told := told_by_tests(copied, "-k", "10_own")) and "1 failed, 4 passed" in told


@pytest.mark.everything
def test_the_tests_say_what_an_exercise_in_a_file_lacks(copied):
    """Its cells, its answers, and new outputs of the walls."""
    file = copied / "helpers" / "practice" / "lessons" / "lesson3.py"
    own = CHECK.partition("\n\n")[2].replace("10.1", "3.5")
    file.write_text(file.read_text(encoding="utf-8") + "\n\n" + own, encoding="utf-8")
    told = told_by_tests(copied, "-k", "whole_and or wall")
    assert 'No notebook asks exercise 3.5: a cell check("3.5") is missing' in told
    assert told.count("Execute the lessons again, and commit them:\nBRICKS_DEVICE=cpu ") == len(NOTEBOOKS)
    path = copied / "notebooks" / "03_dataloader.ipynb"
    lesson = nbformat.read(path, as_version=4)
    lesson.cells += [nbformat.v4.new_code_cell("bricks = ..."), nbformat.v4.new_code_cell('check("3.5")')]
    nbformat.write(lesson, path)
    told = told_by_tests(copied, "-k", "whole_and")
    assert "Exercise 3.5 of 03_dataloader.ipynb lacks a part that the tests need. These are four cells" in told
    lesson.cells[-2:-2] = [nbformat.v4.new_markdown_cell(TASK.replace("10.1", "3.5"))]
    lesson.cells += [nbformat.v4.new_markdown_cell(SOLUTION)]
    nbformat.write(lesson, path)
    told = told_by_tests(copied, "-k", "whole_and")
    form = re.search(r'Exercise 3.5 has no answers.*?(\n    ANSWERS\["3.5"\] = {.*?\n    }\n)', told, re.DOTALL)[1]
    answers = copied / "tests" / "lessons" / "answers" / "lesson3.py"
    form = re.sub("^    ", "", form, flags=re.MULTILINE)
    answers.write_text(answers.read_text(encoding="utf-8") + form, encoding="utf-8")
    assert "1 passed" in told_by_tests(copied, "-k", "whole_and"), "the form can be copied as it stands"
    file.write_text(file.read_text(encoding="utf-8").replace('@exercise("3.5"', '@exercise("3.6"'), encoding="utf-8")
    told = told_by_tests(copied, "-k", "whole_and")
    assert "Nothing checks exercise 3.5: there is no function below @exercise" in told and "asks exercise 3.6" in told
