"""The cell that finds the course: here, elsewhere, on Colab with and without an address, and with a wrong kernel."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import COURSE, NOTEBOOKS, commit

CELL = "".join(
    next(c for c in json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code")["source"]
)
COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')\n"
SAY = "\nprint('course:', course)"


def run(code, cwd, **environment):
    environment = {**os.environ, "JPY_SESSION_NAME": "", "PYTHONPATH": "", **environment}
    result = subprocess.run([sys.executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True)
    return result.stdout.strip().splitlines()[-1:] or result.stderr.strip().splitlines()[-1:]


def with_address(address):
    return re.sub(r'REPOSITORY = "[^"]*"', f'REPOSITORY = "{address}"', CELL)


@pytest.mark.parametrize("folder", ["notebooks", "."])
def test_inside_the_course(folder):
    assert run(CELL + SAY, COURSE / folder) == [f"course: {COURSE}"]


def test_elsewhere_jupyter_tells_where_the_notebook_is(tmp_path):
    assert run(CELL + SAY, tmp_path, JPY_SESSION_NAME=str(NOTEBOOKS[0])) == [f"course: {COURSE}"]


def test_outside_the_course_it_says_what_to_do(tmp_path):
    (line,) = run(CELL, tmp_path)
    assert "No folder 'helpers'" in line and "Open this notebook inside the course" in line


def test_a_kernel_without_torch_is_explained():
    hide = (
        "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'torch' else f(n, *a)\n"
    )
    (line,) = run(hide + CELL, COURSE)
    assert "has no PyTorch" in line and "notebooks/HELP.md" in line


def test_colab_fetches_the_course_once(tmp_path):
    """From a real git remote, twice in a row; nothing is installed."""
    remote, content = tmp_path / "remote", tmp_path / "content"
    content.mkdir()
    shutil.copytree(COURSE / "helpers", remote / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    commit(remote, ".")
    cell = COLAB + with_address(remote.as_uri()) + SAY
    for _ in range(2):
        assert run(cell, content) == [f"course: {content / 'course'}"]
    assert (content / "course" / "helpers" / "data.py").exists()
    assert "pip" not in CELL


def test_colab_without_an_address_explains_what_to_upload(tmp_path):
    cell = COLAB + with_address("")
    (line,) = run(cell, tmp_path)
    assert "Upload the course as a zip" in line and "unzip" in line
    shutil.copytree(COURSE / "helpers", tmp_path / "course-main" / "helpers")
    assert run(cell + SAY, tmp_path) == [f"course: {tmp_path / 'course-main'}"]
