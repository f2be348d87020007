"""An exercise, a question and a lesson of one's own: in a fresh kernel, and in the tests of a copy of the course."""

import json
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


@pytest.mark.everything
def test_the_tests_know_what_is_ones_own(tmp_path):
    """In a copy of the course: a lesson with its check in a cell, and an exercise of lesson 3 with one in a file."""
    copy_course(tmp_path, rooms=("helpers", "notebooks"))
    (tmp_path / "data_samples").mkdir()
    for room in ("tests", ".github"):
        shutil.copytree(COURSE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", ".gitignore"):
        shutil.copy(COURSE / file, tmp_path)
    nbformat.write(own_lesson(), tmp_path / "notebooks" / "10_own.ipynb")
    file, path = tmp_path / "helpers/practice/lessons/lesson3.py", tmp_path / "notebooks" / "03_dataloader.ipynb"
    check = CHECK.partition("\n\n")[2].replace("10.1", "3.5")
    file.write_text(f"{file.read_text(encoding='utf-8')}\n\n{check}", encoding="utf-8")
    lesson = nbformat.read(path, as_version=4)
    lesson.cells += [cell for cell in own_lesson().cells if "10.1" in cell.source or "bricks = " in cell.source][1:]
    for cell in lesson.cells:
        cell.source = cell.source.replace("10.1", "3.5")
    nbformat.write(lesson, path)

    def told(*words):
        command = [sys.executable, "-m", "pytest", "-q", "tests/lessons/test_practice.py", "--everything", "-rN"]
        return subprocess.run([*command, *words], cwd=tmp_path, capture_output=True, text=True).stdout

    text = told("-k", "whole_and or today or 10_own")
    assert f"{1 + len(NOTEBOOKS)} failed, 2 passed" in text and "Error" not in text, text
    for number in ("10.1", "3.5"):
        assert f"Exercise {number} has no answers to be tested with" in text and f'ANSWERS["{number}"] = {{' in text
    assert text.count("Execute the lessons again, and commit them:\n.venv/bin/python tests/measure/refresh.py") == len(
        NOTEBOOKS
    )
    answers = tmp_path / "tests" / "lessons" / "answers"
    (answers / "lesson10.py").write_text(ANSWERS)
    with open(answers / "lesson3.py", "a", encoding="utf-8") as file:
        file.write(ANSWERS.replace("10.1", "3.5").partition("ANSWERS = {}")[2])
    assert "6 passed" in (text := told("-k", "whole_and or 10_own")), text


@pytest.mark.everything
def test_where_an_output_differs_it_is_said_how_to_make_it_anew(tmp_path):
    cell = nbformat.v4.new_code_cell("1 + 1", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "3"}, execution_count=1)]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "other.ipynb")
    command = [sys.executable, "-m", "pytest", "tests/conftest.py", str(tmp_path / "other.ipynb")]
    told = subprocess.run(command, cwd=COURSE, capture_output=True, text=True).stdout
    assert "An output differs. If it should, execute the notebook again: .github/CONTRIBUTING.md" in told
