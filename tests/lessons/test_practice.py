"""Every lesson as on Colab, and then, in the same kernel, every exercise: its solution, other right answers, mistakes,
and the untouched `...`.

As on Colab: from an empty folder that holds only the notebook; its first cell fetches the course from a git
repository. --colab=FOLDER names the folder into which you installed Colab's versions with
pip install --no-deps --target FOLDER -r tests/requirements-colab.txt; without it, yours are used.
The solutions are those that stand folded in the notebooks; the other answers are in `answers/`, one file a lesson.
"""

import ast
import importlib
import json
import os
import re
import shutil
import statistics
import subprocess
import textwrap
from pathlib import Path

import nbformat
import pytest
from conftest import COURSE, NOTEBOOKS, commit, copy_course
from kernels import Kernel, read_lesson, said_on_stderr
from matplotlib import get_cachedir

from helpers.practice import EXERCISES, QUIZZES
from helpers.practice.progress import in_order
from helpers.teaching.stamp import _stamp_notebook

LISTING = """
from pathlib import Path
print({str(p): p.stat().st_mtime_ns for p in sorted(Path.cwd().rglob("*"))})
"""
VERSIONS = """
import importlib.metadata
print({name: importlib.metadata.version(name) for name in ("ipywidgets", "ipykernel", "ipython", "matplotlib")})
"""
PROBE = """
import json, random
import numpy, torch

def _global_state():
    total = lambda tensor: tensor.sum(dtype=torch.float64).item()
    # whatever a check must leave alone: random states, grad mode, networks, optimizers
    state = [torch.get_rng_state().tolist(), random.getstate(), numpy.random.get_state()[1].tolist()]
    state += [torch.is_grad_enabled(), torch.get_default_dtype()]
    for name, value in sorted(globals().items()):
        if isinstance(value, torch.nn.Module):
            state += [(name, part.training) for part in value.modules()]
            tensors = value.state_dict().items()
            state += [(key, total(tensor)) for key, tensor in tensors if not tensor.is_meta]
            for parameter in value.parameters():
                state += [parameter.requires_grad, parameter.grad is None or total(parameter.grad)]
        if isinstance(value, torch.optim.Optimizer):
            state += [str(value.state_dict()["param_groups"]), len(value.state)]
    return str(state)

def _probe(number):
    before = _global_state()
    results = [check(number) for _ in range(2)]
    after = _global_state()
    print("PROBE" + json.dumps([[r.state, r.text, r.details] for r in results] + [before == after]))
"""


FORM = """Exercise {number} of {name} lacks a part that the tests need. These are four cells, in this order:

    ### Exercise {number} · Fill in: how many bricks?

    bricks = ...

    check("{number}")

    <details><summary>Solution</summary>

    ```python
    bricks = 6
    ```
    </details>
"""
WITHOUT_ANSWERS = """Exercise {number} has no answers to be tested with. Give some in this form, at the end of
tests/lessons/answers/lesson{lesson}.py, or in a new file of this name that begins with ANSWERS = {{}}:

    ANSWERS["{number}"] = {{
        "right": ["bricks = 2 * 3"],
        "wrong": [("bricks = 5", "words of the hint that it must get"), ("bricks = 8", "words of another hint")],
    }}
"""
PRACTISED = sorted((COURSE / "notebooks").glob("[0-9][0-9]_*.ipynb"))  # also lessons of one's own, from 10 on


def exercises_of(path):
    """number -> (stub, solution) as they stand around the cells `check("3.1")` of a notebook, and what is amiss."""
    sources = ["", "", *(cell.source for cell in nbformat.read(path, as_version=4).cells), ""]
    found, amiss = {}, []
    for i, source in enumerate(sources):
        if asked := re.fullmatch(r"check\(\"([\d.]+)\"\)", source):
            (number,), head, below = asked.groups(), sources[i - 2], sources[i + 1]
            solution = re.search(r"<details>.*?```python\n(.*?)\n```\s*</details>", below, re.DOTALL)
            if solution and re.search(rf"^### Exercise {re.escape(number)} · \w[\w ]*: ", head):
                found[number] = sources[i - 1], solution[1]
            else:
                amiss.append(FORM.format(number=number, name=path.name))
    return found, amiss


def checked_by_a_cell(path):
    """The numbers of the exercises whose checks stand in the notebook itself."""
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return {number for source in code for number in re.findall(r"^@exercise\(\"([\d.]+)\"", source, re.MULTILINE)}


def what_is_missing(tasks, checked, answers):
    """A sentence for each exercise that lacks its cells, its check or its answers. All are known by number."""
    for number in sorted({*checked, *answers} - {*tasks}, key=in_order):
        yield f'No notebook asks exercise {number}: a cell check("{number}") is missing, or parts around it.'
    for number in sorted({*tasks} - {*checked}, key=in_order):
        yield f'Nothing checks exercise {number}: there is no function below @exercise("{number}", ...).'
    for number in sorted({*tasks} - {*answers}, key=in_order):
        yield WITHOUT_ANSWERS.format(number=number, lesson=number.split(".")[0])


TASKS, AMISS, ANSWERS, CHECKED = {}, [], {}, set(EXERCISES)
CASES = []  # (notebook, exercise, kind, i): all of a lesson together, since it runs once for them
for file in sorted((Path(__file__).parent / "answers").glob("lesson*.py")):
    ANSWERS |= importlib.import_module(f"answers.{file.stem}").ANSWERS
for path in PRACTISED:
    tasks, amiss = exercises_of(path)
    TASKS |= tasks
    AMISS += amiss
    CHECKED |= checked_by_a_cell(path)
    if path in NOTEBOOKS:
        CASES.append(pytest.param(path, "", "as on Colab", 0, id=f"{path.stem}-as on Colab"))
    for number in tasks:
        kinds = {"untouched": [0], "solution": [0], **ANSWERS.get(number, {})}
        cases = [(number, kind, i) for kind, given in kinds.items() for i in range(len(given))]
        CASES += [pytest.param(path, *case, id="-".join(map(str, (path.stem, *case)))) for case in cases]


def test_every_exercise_is_whole_and_has_answers():
    if missing := [*AMISS, *what_is_missing(TASKS, CHECKED, ANSWERS)]:
        pytest.fail("\n".join(missing), pytrace=False)
    for number, given in ANSWERS.items():
        needed = f"{number} needs at least one answer that is right, and one that is wrong"
        assert given.get("right") and given.get("wrong"), needed
    assert statistics.median(len(dict(map(reversed, given["wrong"]))) for given in ANSWERS.values()) >= 3


def test_what_an_exercise_lacks_is_told_in_a_form_to_copy(tmp_path):
    def told_of(*sources):
        new = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=new), tmp_path / "03_own.ipynb")
        return exercises_of(tmp_path / "03_own.ipynb")

    parts = re.search(r"(    ###.*)", FORM.format(number="3.5", name=""), re.DOTALL)[1].replace("\n    ", "\n").strip()
    head, task, check, *solution = parts.split("\n\n")
    assert check == 'check("3.5")'
    for sources in [(check,), (task, check), (head, task, check), (task, check, "\n\n".join(solution))]:
        found, amiss = told_of(*sources)
        assert not found and len(amiss) == 1, sources
        assert amiss[0].startswith(
            "Exercise 3.5 of 03_own.ipynb lacks a part that the tests need. These are four cells"
        )
    assert told_of(head, task, check, "\n\n".join(solution)) == ({"3.5": (task, "bricks = 6")}, [])
    told_of(
        '@exercise("3.5", "Bricks")\ndef bricks(bricks): ...', '@exercise("3.6", "Bricks")\ndef bricks(bricks): ...'
    )
    assert checked_by_a_cell(tmp_path / "03_own.ipynb") == {"3.5", "3.6"}

    (answers,) = what_is_missing(["3.5"], ["3.5"], [])
    assert "Exercise 3.5 has no answers to be tested with" in answers and "tests/lessons/answers/lesson3.py" in answers
    names = {"ANSWERS": {}}
    exec(textwrap.dedent(answers.partition("\n\n")[2]), names)
    assert len(names["ANSWERS"]["3.5"]["right"]) == 1 and len(names["ANSWERS"]["3.5"]["wrong"]) == 2
    assert list(what_is_missing(["3.5"], ["3.5"], ["3.5"])) == []
    assert "Nothing checks exercise 3.5" in next(what_is_missing(["3.5"], [], ["3.5"]))
    for checked, answered in [(["3.5"], []), ([], ["3.5"])]:
        (sentence,) = what_is_missing([], checked, answered)
        assert "No notebook asks exercise 3.5" in sentence


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_lesson_has_its_exercises(path):
    numbers = list(exercises_of(path)[0])
    assert numbers == [f"{int(path.stem[:2])}.{i}" for i in range(1, len(numbers) + 1)], "they are numbered in order"
    text = path.read_text(encoding="utf-8")
    assert len(numbers) >= 3 and "· Put in order: " in text and "· Find the bug: " in text
    assert "· Make: " in text and "**Goal:**" in text
    assert len(QUIZZES[path.stem[:2]]) >= 3
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert f'quiz("{path.stem[:2]}")' in code and f'show_progress("{path.stem[:2]}")' in code


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_committed_wall_has_today_s_bricks(path):
    exercises = len({*EXERCISES, *checked_by_a_cell(path)})
    total = f"In all lessons: 0 of {exercises} exercises and 0 of {sum(map(len, QUIZZES.values()))} questions solved."
    outputs = [cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells]
    walls = [output[0].data["text/plain"] for output in outputs if output and "In all lessons: " in str(output[0])]
    if not any(total in wall for wall in walls):
        pytest.fail(
            f"The wall in {path.name} is an older one. Expected: {total}\nExecute the lessons again, and commit them:\n"
            ".venv/bin/python tests/measure/refresh.py",
            pytrace=False,
        )


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """The course as a git repository from which one can clone."""
    folder = tmp_path_factory.mktemp("repository")
    copy_course(folder)
    shutil.copy(COURSE / ".gitignore", folder)
    commit(folder, ".")
    return folder


class ColabLesson:
    """A lesson that has run as on Colab, in a kernel that stays open for the exercises."""

    def __init__(self, path, machine, repository, colab):
        """machine: an empty folder, with a short path: a worker's socket must have less than 108 characters."""
        self.machine, self.content = machine, machine / "content"
        for part in ("content", "tmp", "home"):
            (machine / part).mkdir()
        text = _stamp_notebook(nbformat.writes(read_lesson(path)), repository.as_uri(), path.name)
        (self.content / path.name).write_text(text, encoding="utf-8")
        code = [cell.source for cell in nbformat.reads(text, as_version=4).cells if cell.cell_type == "code"]
        first = next((i for i, source in enumerate(code) if source.startswith("DATA = ")), 0) + 1

        folders = [str(Path(__file__).parent / "pretend_colab"), *([str(Path(colab).absolute())] if colab else [])]
        environment = {"PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= dict.fromkeys(("JPY_SESSION_NAME", "BRICKS_CHECKPOINTS", "BRICKS_PROGRESS"), "")
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(machine / "tmp"))
        environment["IPYTHONDIR"] = str(machine / "home")
        self.kernel = Kernel(self.content, environment)
        self.outputs = [output for source in code for output in self.kernel.run(source)]
        self.peak = self.kernel.peak_memory()
        before = self.kernel.printed(LISTING)
        for source in code[:first]:
            self.kernel.run(source)
        self.unchanged = self.kernel.printed(LISTING) == before
        self.files = sorted(path.name for path in self.content.iterdir())
        self.record = (machine / "record.jsonl").read_text(encoding="utf-8")
        self.kernel.run(PROBE)

    def answer(self, number, code):
        """[state, text, details] of the check of this answer, after it was found to answer the same way twice."""
        self.kernel.run(TASKS[number][0])  # forget the answer before
        self.kernel.run(code)
        first, second, untouched = json.loads(self.kernel.printed(f'_probe("{number}")').split("PROBE")[-1])
        assert first == second, "a check must answer the same way twice"
        assert untouched, "a check must change no global state"
        return first


@pytest.fixture(scope="module")
def lessons(request, tmp_path_factory, repository):
    """The lesson of a notebook, run as on Colab. It stays open until another one is asked for."""
    running = {}

    def close():
        while running:
            running.popitem()[1].kernel.close()

    def find(path):
        if path not in running:
            close()
            machine = tmp_path_factory.mktemp("c")
            running[path] = ColabLesson(path, machine, repository, request.config.option.colab)
        return running[path]

    yield find
    close()


def check_colab(lesson, colab):
    """One clone and no pip; the first cells, run again, change nothing; what was written lies in its folder."""
    assert said_on_stderr(lesson.outputs).replace("Cloning into 'course'...\n", "") == ""
    assert lesson.peak < 1.6e9, f"peak memory {lesson.peak / 1e9:.2f} GB"
    notebook = next(lesson.content.glob("*.ipynb")).name
    assert lesson.files == sorted([notebook, "course"]) and lesson.unchanged
    status = ["git", "status", "--porcelain"]
    where = lesson.content / "course"
    assert subprocess.run(status, cwd=where, check=True, capture_output=True, text=True).stdout == ""

    record = [json.loads(line) for line in lesson.record.splitlines()]
    starts = [what for event, what in record if event == "start"]
    assert sum(what.startswith("git clone") for what in starts) == 1
    assert not [what for what in starts if re.search(r"(^|[ /\\])(pip3?|uv|conda|mamba)(\.exe)?([ ,]|$)", what)]
    fonts = get_cachedir()  # matplotlib lists them once
    inside = (str(lesson.machine), os.devnull, os.environ["TORCH_HOME"], fonts)
    assert [what for event, what in record if event == "write" and not what.startswith(inside)] == []

    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in lesson.outputs)
    if colab:
        pinned = (COURSE / "tests" / "requirements-colab.txt").read_text(encoding="utf-8")
        for name, version in ast.literal_eval(lesson.kernel.printed(VERSIONS)).items():
            assert f"{name}=={version}\n" in pinned


def check_answer(lesson, number, kind, i):
    if kind in ("untouched", "solution"):
        code, fragment = "" if kind == "untouched" else TASKS[number][1], ""
    else:
        answer = ANSWERS[number][kind][i]
        code, fragment = (answer, "") if kind == "right" else answer
    state, text, details = lesson.answer(number, code)
    assert state == {"untouched": "open", "wrong": "hint"}.get(kind, "right"), (text, details)
    assert fragment in text and not details
    others = {part for _, part in ANSWERS.get(number, {}).get("wrong", [])} - {fragment}
    assert state != "hint" or not any(part in text for part in others), "each mistake has its own hint"


@pytest.mark.everything
@pytest.mark.parametrize(("path", "number", "kind", "i"), CASES)
def test_case(lessons, request, path, number, kind, i):
    lesson = lessons(path)
    if kind == "as on Colab":
        check_colab(lesson, request.config.option.colab)
    else:
        check_answer(lesson, number, kind, i)
