"""Every exercise in the kernel of its lesson: its solution, other right answers, mistakes, and the untouched `...`.

The solutions are those that stand folded in the notebooks; the other answers are in `answers/`, one file a lesson.
"""

import importlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
from conftest import NOTEBOOKS, lower_numbers
from jupyter_client.manager import start_new_kernel

from helpers.practice import EXERCISES, QUIZZES
from helpers.practice.progress import belongs

PROBE = """
import json, random
import numpy, torch

def _global_state():
    # whatever a check must leave alone: random states, grad mode, networks, optimizers
    state = [torch.get_rng_state().tolist(), random.getstate(), numpy.random.get_state()[1].tolist()]
    state += [torch.is_grad_enabled(), torch.get_default_dtype()]
    for name, value in sorted(globals().items()):
        if isinstance(value, torch.nn.Module):
            state += [(name, part.training) for part in value.modules()]
            tensors = value.state_dict().items()
            state += [(key, tensor.double().sum().item()) for key, tensor in tensors if not tensor.is_meta]
            for parameter in value.parameters():
                state += [parameter.requires_grad, parameter.grad is None or parameter.grad.double().sum().item()]
        if isinstance(value, torch.optim.Optimizer):
            state += [str(value.state_dict()["param_groups"]), len(value.state)]
    return str(state)

def _probe(number):
    before = _global_state()
    results = [check(number) for _ in range(2)]
    after = _global_state()
    print("PROBE" + json.dumps([[r.state, r.text, r.details] for r in results] + [before == after]))
"""


def exercises_of(path):
    """number -> (stub, solution) as they stand in the notebook."""
    cells = nbformat.read(path, as_version=4).cells
    found = {}
    for i, cell in enumerate(cells):
        if "exercise" in cell.metadata:
            number = cell.metadata["exercise"]
            assert re.search(rf"^### Exercise {re.escape(number)} · \w[\w ]*: ", cells[i - 1].source), cells[
                i - 1
            ].source
            assert cells[i + 1].source == f'check("{number}")'
            solution = re.search(r"<details>.*?```python\n(.*?)\n```\s*</details>", cells[i + 2].source, re.DOTALL)
            found[number] = cell.source, solution.group(1)
    return found


TASKS, ANSWERS = {}, {}
for path in NOTEBOOKS:
    file = f"lesson{int(path.stem[:2])}"
    if (Path(__file__).parent / "answers" / f"{file}.py").exists():
        TASKS |= exercises_of(path)
        ANSWERS |= importlib.import_module(f"answers.{file}").ANSWERS
CASES = [(number, kind, 0) for number in TASKS for kind in ("untouched", "solution")]
CASES += [(number, kind, i) for number in TASKS for kind, given in ANSWERS[number].items() for i in range(len(given))]
CASES.sort(key=lambda case: float(case[0]))  # all of a lesson together, since its kernel takes a while to start


class Lesson:
    """The kernel of a lesson, which has run all its cells down to the exercises."""

    def __init__(self, path):
        environment = {**os.environ, "BRICKS_WIDGETS": "off"}
        environment["BRICKS_PROGRESS"] += f".{path.stem}"  # nbval compares what is solved: nothing
        self.manager, self.client = start_new_kernel(env=environment, cwd=str(path.parent))
        notebook = nbformat.read(path, as_version=4)
        lower_numbers(notebook)
        for cell in notebook.cells:
            if "exercise" in cell.metadata:
                break
            if cell.cell_type == "code":
                self.run(cell.source)
        self.run(PROBE)

    def run(self, code):
        """What the code prints. AssertionError if it raises."""
        printed = []

        def listen(message):
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self.client.execute_interactive(code, timeout=120, output_hook=listen)["content"]
        assert reply["status"] == "ok", "\n".join(reply.get("traceback", []))
        return "".join(printed)

    def answer(self, number, code):
        """[state, text, details] of the check of this answer, after it was found to answer the same way twice."""
        self.run(TASKS[number][0])  # forget the answer before
        self.run(code)
        first, second, untouched = json.loads(self.run(f'_probe("{number}")').split("PROBE")[-1])
        assert first == second, "a check must answer the same way twice"
        assert untouched, "a check must change no global state"
        return first

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def lessons(request):
    """The kernel of the lesson that is asked for. The next one starts meanwhile."""
    cases = [item for item in request.session.items if item.path == request.path and hasattr(item, "callspec")]
    asked = {item.callspec.params["number"] for item in cases}
    paths = [path for path in NOTEBOOKS if any(belongs(number, path.stem[:2]) for number in asked)]
    open_ones = {}
    with ThreadPoolExecutor(max_workers=1) as pool:

        def find(number):
            now = next(i for i, path in enumerate(paths) if belongs(number, path.stem[:2]))
            for path in paths[:now]:
                if path in open_ones:
                    open_ones.pop(path).result().close()
            for path in paths[now : now + 2]:
                open_ones[path] = open_ones.get(path) or pool.submit(Lesson, path)
            return open_ones[paths[now]].result()

        yield find
        for lesson in open_ones.values():
            lesson.result().close()


def test_every_lesson_has_its_exercises():
    assert list(TASKS) == sorted(EXERCISES) == sorted(ANSWERS)
    for path in NOTEBOOKS:
        numbers = list(exercises_of(path))
        assert numbers == [f"{int(path.stem[:2])}.{i}" for i in range(1, len(numbers) + 1)]
        text = path.read_text(encoding="utf-8")
        assert len(numbers) >= 3 and "· Put in order: " in text and "· Find the bug: " in text, path.stem
        assert f"### Exercise {numbers[-1]} · Make: " in text and "**Goal:**" in text, path.stem
        assert len(QUIZZES[path.stem[:2]]) >= 3
        last = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert f'quiz("{path.stem[:2]}")' in last and f'show_progress("{path.stem[:2]}")' in last
    assert all(len(given["right"]) >= 1 and len(dict(map(reversed, given["wrong"]))) >= 3 for given in ANSWERS.values())


@pytest.mark.parametrize(("number", "kind", "i"), CASES)
def test_answer(lessons, number, kind, i):
    if kind in ("untouched", "solution"):
        code, fragment = "" if kind == "untouched" else TASKS[number][1], ""
    else:
        answer = ANSWERS[number][kind][i]
        code, fragment = (answer, "") if kind == "right" else answer
    state, text, details = lessons(number).answer(number, code)
    assert state == {"untouched": "open", "wrong": "hint"}.get(kind, "right"), (text, details)
    assert fragment in text and not details
    others = {part for _, part in ANSWERS[number]["wrong"]} - {fragment}
    assert state != "hint" or not any(part in text for part in others), "each mistake has its own hint"
