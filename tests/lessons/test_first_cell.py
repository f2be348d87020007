"""The cell that finds the course: here, elsewhere, on Colab with and without an address, and with a wrong kernel."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import COURSE, NOTEBOOKS, commit

from helpers.teaching.stamp import ADDRESS

CELL = "".join(
    next(c for c in json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code")["source"]
)
COLAB = "import sys, types; sys.modules['google.colab'] = types.ModuleType('google.colab')\n"
SAY = "\nprint('course:', course)"


def run(code, cwd, **environment):
    environment = {**os.environ, "JPY_SESSION_NAME": "", "PYTHONPATH": "", **environment}
    result = subprocess.run([sys.executable, "-c", code], cwd=cwd, env=environment, capture_output=True, text=True)
    return result.stdout.strip().splitlines()[-1:] or result.stderr.strip().splitlines()[-1:]


def with_address(address, branch="main"):
    cell, stamped = ADDRESS.subn(lambda _: f'REPOSITORY, BRANCH = "{address}", "{branch}"', CELL)
    assert stamped == 1
    return cell


def course_at(folder):
    """As much of the course as the cell looks for."""
    shutil.copytree(COURSE / "helpers", folder / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


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
    commit(course_at(remote), ".")
    cell = COLAB + with_address(remote.as_uri()) + SAY
    for _ in range(2):
        assert run(cell, content) == [f"course: {content / 'course'}"]
    assert (content / "course" / "helpers" / "data.py").exists()
    assert "pip" not in CELL


def test_colab_fetches_the_branch_of_the_class(tmp_path):
    """Not the default one. A branch that is not there is named by git."""
    remote = course_at(tmp_path / "remote")
    commit(remote, ".")
    subprocess.run(["git", "checkout", "-q", "-b", "autumn-2.0"], cwd=remote, check=True)
    (remote / "helpers" / "data.py").write_text("a change for this class")
    commit(remote, ".")
    subprocess.run(["git", "checkout", "-q", "main"], cwd=remote, check=True)
    address = remote.as_uri()
    for branch, changed in (("main", False), ("autumn-2.0", True)):
        (content := tmp_path / branch).mkdir()
        assert run(COLAB + with_address(address, branch) + SAY, content) == [f"course: {content / 'course'}"]
        assert ((content / "course/helpers/data.py").read_text() == "a change for this class") == changed
    (content := tmp_path / "none").mkdir()
    (line,) = run(COLAB + with_address(address, "spring"), content)
    assert "spring" in line and not list(content.iterdir())


def test_colab_without_an_address_explains_what_to_upload(tmp_path):
    cell = COLAB + with_address("")
    (line,) = run(cell, tmp_path)
    assert "Upload the course as a zip" in line and "unzip" in line


@pytest.mark.parametrize("place", ["course", "brick-by-brick-main", "classroom/course", "kit for monday/course"])
@pytest.mark.parametrize("address", ["", "file:///nowhere"], ids=["without an address", "with an address"])
def test_colab_finds_what_was_unzipped(tmp_path, place, address):
    """The course, GitHub's zip, and a class kit, beside what Colab has there. Then nothing is fetched."""
    course = course_at(tmp_path / place)
    (tmp_path / "sample_data").mkdir()
    (tmp_path / f"{place.split('/')[0]}.zip").touch()
    assert run(COLAB + with_address(address) + SAY, tmp_path) == [f"course: {course}"]
