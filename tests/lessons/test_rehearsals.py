"""Every notebook also runs on a reader's own pictures, there with each cell run twice in a row, and as on Colab.

As on Colab: from an empty folder that holds only the notebook; its first cell fetches the course from a git
repository. Set the environment variable BRICKS_COLAB to the folder into which you installed Colab's versions with
pip install --no-deps --target FOLDER -r tests/requirements-colab.txt; without it, yours are used.
Those that load a network run with weights of torchvision's shape too, as they do when there is a network, and those
that choose a device also on a GPU that is only pretended (pretend_gpu.py).

To save time, numbers such as epochs and seeds are lowered: a code cell may carry the metadata
{"fast": {"epochs": 1}}, and its line `epochs = ...` then says 1. Set the environment variable
BRICKS_FULL=1 to run the real numbers here too (nbval always does).
"""

import ast
import asyncio
import copy
import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import torch
from conftest import COURSE, NOTEBOOKS, commit, copy_course, lower_numbers
from nbclient import NotebookClient
from PIL import Image

from helpers import split_pictures
from helpers.teaching.stamp import _stamp_notebook

MODES = ["own pictures, each cell twice", "as on Colab", "ImageNet weights", "on a pretended GPU"]
RUNS = [(path, mode) for mode in MODES for path in NOTEBOOKS]
RUNS = [(path, mode) for path, mode in RUNS if mode != "ImageNet weights" or path.stem[:2] in ("00", "04", "06", "07")]
RUNS = [(path, mode) for path, mode in RUNS if mode != "on a pretended GPU" or path.stem[:2] not in ("01", "02")]
MEMORY = """
import psutil
peak = getattr(psutil.Process().memory_info(), "peak_wset", 0)
try:  # not ru_maxrss, which on Linux begins with what the process had that started this one
    peak = 1024 * int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
except OSError:
    pass
try:
    import resource
    peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
except ImportError:
    pass
print(peak)
"""
LISTING = """
print({str(p): p.stat().st_mtime_ns for p in sorted(Path.cwd().rglob("*"))})
"""
VERSIONS = """
import importlib.metadata
print({name: importlib.metadata.version(name) for name in ("ipywidgets", "ipykernel", "ipython", "matplotlib")})
"""


def make_own_pictures(folder):
    """Three classes of few pictures, of many sizes and kinds, divided as the README says."""
    generator = torch.Generator().manual_seed(0)
    for name, mode, count in (("cups", "RGB", 11), ("dice", "L", 9), ("keys", "RGBA", 7)):
        (folder / "sorted" / name / "from my camera").mkdir(parents=True)
        for i in range(count):
            pixels = torch.randint(256, (60 + 20 * i, 100 + 30 * (i % 4), 3), dtype=torch.uint8, generator=generator)
            ending = "JPG" if mode == "RGB" else "png"
            place = folder / "sorted" / name / ("from my camera" if i % 2 else "") / f"{i}.{ending}"
            Image.fromarray(pixels.numpy()).convert(mode).save(place)
    return split_pictures(folder / "sorted", folder / "split")


def run(path, mode, folder, imagenet_file):
    """Execute the notebook in `mode`. Returns it with its outputs; the last cell's is the peak memory in bytes."""
    notebook = nbformat.read(path, as_version=4)
    if os.environ.get("BRICKS_FULL", "") in ("", "0"):
        lower_numbers(notebook)
    if mode == "own pictures, each cell twice":
        doubled = []
        for cell in notebook.cells:
            cell.source = re.sub(r"^DATA = .*$", f"DATA = {str(folder / 'split')!r}", cell.source, flags=re.MULTILINE)
            doubled += [cell, copy.deepcopy(cell)] if cell.cell_type == "code" else [cell]
        notebook.cells = doubled

    # JupyterLab tells the kernel where its notebook is; that is how a kernel started elsewhere finds the course.
    environment = {**os.environ, "JPY_SESSION_NAME": str(path)}
    environment["BRICKS_CHECKPOINTS"] = str(folder / mode / "checkpoints")
    cwd = path.parent
    if mode == "ImageNet weights":
        environment["BRICKS_WEIGHTS"] = str(imagenet_file)
    if mode == "as on Colab":
        cwd = prepare_colab(notebook, path.name, folder, environment)
    if mode == "on a pretended GPU":
        environment["PYTHONPATH"] = str(Path(__file__).parent)
        first = next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        notebook.cells.insert(first + 1, nbformat.v4.new_code_cell("import pretend_gpu; pretend_gpu.start()"))
        for cell in notebook.cells:  # pretending is slow
            cell.source = re.sub(r"^(image|compare)_size = .*$", r"\1_size = 32", cell.source, flags=re.MULTILINE)
    notebook.cells.append(nbformat.v4.new_code_cell(MEMORY))
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{i}"
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(cwd)}})
    # pyzmq wants this kind of loop on Windows too.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(client.async_execute(env=environment))
    return notebook


def make_repository(folder):
    """The course as a git repository from which one can clone."""
    copy_course(folder)
    shutil.copy(COURSE / ".gitignore", folder)
    commit(folder, ".")


def prepare_colab(notebook, name, folder, environment):
    """Write the notebook's address, add its first cells once more at its end, change the environment.

    Returns the folder to run in, which holds only the notebook.
    """
    stamped = _stamp_notebook(nbformat.writes(notebook), (folder / "repository").as_uri(), name)
    notebook.cells = nbformat.reads(stamped, as_version=4).cells
    first = next(i for i, cell in enumerate(notebook.cells) if cell.source.startswith("DATA = ")) + 1
    again = [copy.deepcopy(cell) for cell in notebook.cells[:first] if cell.cell_type == "code"]
    listing, listing_after = nbformat.v4.new_code_cell(LISTING), nbformat.v4.new_code_cell(LISTING)
    notebook.cells += [listing, *again, listing_after, nbformat.v4.new_code_cell(VERSIONS)]

    machine = folder / "as on Colab" / name[:2]  # short: a worker's socket must have less than 108 characters
    for part in ("content", "tmp", "home"):
        (machine / part).mkdir(parents=True)
    (machine / "content" / name).write_text(stamped, encoding="utf-8")
    for variable in ("JPY_SESSION_NAME", "BRICKS_CHECKPOINTS", "BRICKS_PROGRESS"):
        environment.pop(variable, None)
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "IPYTHONDIR": str(machine / "home")}
    environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(machine / "tmp"))
    environment["BRICKS_RECORD"] = str(machine / "record.jsonl")
    paths = [str(Path(__file__).parent / "pretend_colab"), os.environ.get("BRICKS_COLAB", "")]
    environment["PYTHONPATH"] = os.pathsep.join(str(Path(path).absolute()) for path in paths if path)
    return machine / "content"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    make_own_pictures(folder)
    make_repository(folder / "repository")
    return folder


@pytest.fixture(scope="module")
def runs(request, folder, imagenet_file):
    """All selected runs, two at a time; each test waits for its own."""
    tests = [item.callspec.params for item in request.session.items if item.nodeid.startswith(request.node.nodeid)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {(t["path"], t["mode"]): pool.submit(run, t["path"], t["mode"], folder, imagenet_file) for t in tests}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(("path", "mode"), RUNS, ids=lambda value: getattr(value, "stem", value))
def test_runs(runs, folder, path, mode):
    notebook = runs[path, mode].result()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    stderr = "".join(output.text for output in outputs if output.get("name") == "stderr")
    if mode == "as on Colab":
        stderr = stderr.replace("Cloning into 'course'...\n", "")
        check_colab(notebook, outputs, folder / mode / path.name[:2], path.name)
    assert stderr == ""
    peak = int(notebook.cells[-1].outputs[0].text)
    if mode == "on a pretended GPU":  # whose memory is this one, too
        return
    assert peak < 1.5e9, f"peak memory {peak / 1e9:.2f} GB"


def check_colab(notebook, outputs, machine, name):
    """One clone and no pip; the first cells, run again, change nothing; what was written lies in its folder."""
    content = machine / "content"
    assert sorted(path.name for path in content.iterdir()) == sorted([name, "course"])
    status = ["git", "status", "--porcelain"]
    assert subprocess.run(status, cwd=content / "course", check=True, capture_output=True, text=True).stdout == ""
    before, after = (cell.outputs[0].text for cell in notebook.cells if cell.source == LISTING)
    assert before == after

    record = [json.loads(line) for line in (machine / "record.jsonl").read_text(encoding="utf-8").splitlines()]
    starts = [what for event, what in record if event == "start"]
    assert sum(what.startswith("git clone") for what in starts) == 1
    assert not [what for what in starts if re.search(r"(^|[ /\\])(pip3?|uv|conda|mamba)(\.exe)?([ ,]|$)", what)]
    inside = [str(machine), os.devnull, os.environ["TORCH_HOME"]]
    outside = [what for event, what in record if event == "write" and not what.startswith(tuple(inside))]
    assert outside == []

    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    if os.environ.get("BRICKS_COLAB"):
        pinned = (COURSE / "tests" / "requirements-colab.txt").read_text(encoding="utf-8")
        for name, version in ast.literal_eval(notebook.cells[-2].outputs[0].text).items():
            assert f"{name}=={version}\n" in pinned
