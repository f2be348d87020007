"""Settings that every test and every notebook kernel needs, so that nobody has to remember them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell

COURSE = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((COURSE / "notebooks").glob("0*.ipynb"))  # lessons of one's own, from 10 on, have their own rules
PROJECT = COURSE / "notebooks" / "final_project.ipynb"
sys.path[:0] = [str(COURSE / room) for room in (".", "data_samples", "tests/browser", "tests/measure", "tests/lessons")]
ROOMS_OF_EVERYTHING = {"browser", "tools"}
# Long files first, so that no process is left with one at the end.
LONGEST = ("06_", "test_practice", "test_rehearsals", "test_browser.", "08_", "09_", "test_train.", "00_", "07_")
HANG = 900  # seconds until a cell, a kernel or a page counts as hanging; nothing may fail because a machine is slow


def pytest_addoption(parser):
    # Write these with "=": pytest takes a path that stands alone for a place to look for tests.
    group = parser.getgroup("the course")
    group.addoption(
        "--everything",
        action="store_true",
        help="also rehearsals in other modes, every exercise in its kernel, the browser, torchrun, handouts, class kit",
    )
    group.addoption("--colab", metavar="FOLDER", help="Colab's versions (see requirements-colab.txt)")
    group.addoption("--shots", metavar="FOLDER", help="where the browser's screenshots and responses.json go")
    group.addoption(
        "--patience",
        type=float,
        default=20,
        help="by which factor the browser may answer later than promised (default: %(default)s; 1: as promised)",
    )


def pytest_collection_modifyitems(config, items):
    """Without --everything, leave out what is marked so. Sort the longest files to the front."""
    for item in items:
        if item.path.parent.name in ROOMS_OF_EVERYTHING or item.path == PROJECT:  # it trains for a minute
            item.add_marker("everything")
        if isinstance(item, IPyNbCell):
            item.output_timeout = HANG
    if not config.option.everything:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("everything")])
        items[:] = [item for item in items if not item.get_closest_marker("everything")]
    ranks = [*LONGEST, ""]
    items.sort(key=lambda item: [item.path.name.startswith(start) for start in ranks].index(True))


class BrokenCells:
    """Below a cell that raised or hung, nothing can be judged. (Where only an output differs, it can.)

    A plugin of its own: hooks that stand in this file are not asked about notebooks, which lie in another folder.
    """

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if broken := getattr(item.parent, "broken_cell", None):
            pytest.skip(f"{item.path.name}: {broken} failed, so the cells below it did not run")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        if isinstance(item, IPyNbCell) and report.failed and not getattr(item, "comparison_traceback", []):
            item.parent.broken_cell = item.name
        return report


def pytest_configure(config):
    config.pluginmanager.register(BrokenCells())
    config.addinivalue_line("markers", "everything: runs with --everything only")
    config.option.loadscopereorder = False  # xdist would sort files by their number of tests
    config.option.nbval_cell_timeout = config.option.nbval_kernel_startup_timeout = HANG
    # Many processes share the cores here, and only those with equally many threads compute bit for bit the same.
    # Read when torch is loaded.
    os.environ["OMP_NUM_THREADS"] = "1"
    # Outputs are compared with those of a CPU, whatever GPU this machine has.
    os.environ["BRICKS_DEVICE"] = "cpu"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    # The weights that ship, whatever network and cache this machine has; the reader's own cache is not touched.
    os.environ["BRICKS_WEIGHTS"] = "offline"
    config._temporary = tempfile.mkdtemp(prefix="bricks_")
    os.environ["TORCH_HOME"] = config._temporary
    os.environ["BRICKS_WIDGETS"] = ""
    # The reader's own checkpoints and progress are not touched either.
    os.environ["BRICKS_PROGRESS"] = str(Path(config._temporary, "progress.json"))
    os.environ["BRICKS_CHECKPOINTS"] = str(Path(config._temporary, "notebook_checkpoints"))


def pytest_unconfigure(config):
    shutil.rmtree(config._temporary, ignore_errors=True)


def pytest_terminal_summary(terminalreporter):
    """How long each notebook took: the lessons promise minutes."""
    seconds = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            path = getattr(report, "nodeid", "").split("::")[0]
            if path.endswith(".ipynb") and hasattr(report, "duration"):  # not what was deselected
                seconds[path] = seconds.get(path, 0) + report.duration
    for path, total in sorted(seconds.items()):
        terminalreporter.write_line(f"{path}: {total:.0f} s")
    if any("outputs differ" in str(report.longrepr) for report in terminalreporter.getreports("failed")):
        terminalreporter.write_line(
            "An output differs. If it should, execute the notebook again: .github/CONTRIBUTING.md"
        )


def copy_course(folder, rooms=("helpers", "notebooks", "data_samples")):
    """The rooms that the lessons need, without what these wrote."""
    ignore = shutil.ignore_patterns(
        "__pycache__", ".ipynb_checkpoints", "checkpoints", "downloads", "pretraining", "handouts"
    )
    for name in rooms:
        shutil.copytree(COURSE / name, folder / name, ignore=ignore)


def commit(folder, *files):
    """Make the folder a git repository with one commit of these files, whatever this machine's git settings are."""
    nobody = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}  # no hooks, no signing
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", *files], [*identity, "commit", "-q", "-m", "course"]):
        subprocess.run(["git", *command], cwd=folder, check=True, env=nobody)


def lower_numbers(notebook, keep=()):
    """Fewer epochs and seeds: a line `epochs = ...` says 1 where the cell's metadata say {"fast": {"epochs": 1}}."""
    for cell in notebook.cells:
        for name, value in cell.metadata.get("fast", {}).items():
            if name in keep:
                continue
            cell.source, found = re.subn(rf"^{name} = .*$", f"{name} = {value!r}", cell.source, flags=re.MULTILINE)
            assert found == 1, f"{name} is not assigned in the cell that has it in its metadata"


def to_html(notebook):
    """A notebook as a web page, as CONTRIBUTING says for screen readers and print."""
    from nbconvert import HTMLExporter

    templates = COURSE / "helpers" / "teaching" / "templates"
    exporter = HTMLExporter(template_name="accessible", extra_template_basedirs=[str(templates)])
    return exporter.from_filename(str(notebook))[0]


@pytest.fixture(scope="session")
def imagenet_file(tmp_path_factory):
    """A file with the tensors of torchvision's ImageNet weights (with random values), named by its own SHA-256."""
    import hashlib

    import torch
    from torchvision.models import resnet18

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("imagenet") / "resnet18.pth"
    torch.save(resnet18(weights=None).state_dict(), path)
    return path.rename(path.with_stem(f"resnet18-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"))


@pytest.fixture
def pictures(tmp_path):
    """A folder with train, val and test of two classes, three small pictures each."""
    from PIL import Image

    for blue, split in enumerate(("train", "val", "test")):
        for shade, name in ((60, "cats"), (200, "dogs")):
            (tmp_path / "pets" / split / name).mkdir(parents=True)
            for i in range(3):
                Image.new("RGB", (20, 16), (shade, 10 * i, 80 * blue)).save(
                    tmp_path / "pets" / split / name / f"{i}.png"
                )
    return tmp_path / "pets"
