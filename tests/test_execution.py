"""Every notebook also runs with each cell run twice in a row, started somewhere else, and on a reader's own pictures.

Those that load a network run with weights of torchvision's shape too, as they do when there is a network.

To save time, numbers such as epochs and seeds are lowered: a code cell may carry the metadata
{"fast": {"epochs": 1}}, and its line `epochs = ...` then says 1. Set the environment variable
BRICKS_FULL=1 to run the real numbers here too (nbval always does).
"""

import asyncio
import copy
import os
import re
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
import torch
from conftest import NOTEBOOKS
from nbclient import NotebookClient
from PIL import Image

from helpers import split_pictures

MODES = ["each cell twice", "elsewhere", "own pictures", "ImageNet weights"]
RUNS = [(path, mode) for mode in MODES for path in NOTEBOOKS]
RUNS = [(path, mode) for path, mode in RUNS if mode != "ImageNet weights" or path.stem[:2] in ("00", "04", "06")]
MEMORY = """
import psutil
peak = getattr(psutil.Process().memory_info(), "peak_wset", 0)
try:
    import resource
    peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
except ImportError:
    pass
print(peak)
"""


def lower_numbers(notebook):
    for cell in notebook.cells:
        for name, value in cell.metadata.get("fast", {}).items():
            cell.source, found = re.subn(rf"^{name} = .*$", f"{name} = {value!r}", cell.source, flags=re.MULTILINE)
            assert found == 1, f"{name} is not assigned in the cell that has it in its metadata"


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
    """Execute the notebook in `mode`. Returns (peak memory in bytes, stderr)."""
    notebook = nbformat.read(path, as_version=4)
    if os.environ.get("BRICKS_FULL", "") in ("", "0"):
        lower_numbers(notebook)
    if mode == "each cell twice":
        doubled = []
        for cell in notebook.cells:
            doubled += [cell, copy.deepcopy(cell)] if cell.cell_type == "code" else [cell]
        for i, cell in enumerate(doubled):
            cell["id"] = f"cell-{i}"
        notebook.cells = doubled
    if mode == "own pictures":
        for cell in notebook.cells:
            cell.source = re.sub(r"^DATA = .*$", f"DATA = {str(folder / 'split')!r}", cell.source, flags=re.MULTILINE)
    notebook.cells.append(nbformat.v4.new_code_cell(MEMORY))

    # JupyterLab tells the kernel where its notebook is; that is how a kernel started elsewhere finds the course.
    environment = {**os.environ, "JPY_SESSION_NAME": str(path), "OMP_NUM_THREADS": "1"}
    environment["BRICKS_CHECKPOINTS"] = str(folder / mode / "checkpoints")
    if mode == "ImageNet weights":
        environment["BRICKS_WEIGHTS"] = str(imagenet_file)
    cwd = folder if mode == "elsewhere" else path.parent
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(cwd)}})
    # pyzmq wants this kind of loop on Windows too.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(client.async_execute(env=environment))
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    stderr = "".join(output.text for output in outputs if output.get("name") == "stderr")
    return int(notebook.cells[-1].outputs[0].text), stderr


@pytest.fixture(scope="module")
def runs(tmp_path_factory, imagenet_file):
    """All runs, two at a time; each test waits for its own."""
    folder = tmp_path_factory.mktemp("elsewhere")
    make_own_pictures(folder)
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {(path, mode): pool.submit(run, path, mode, folder, imagenet_file) for path, mode in RUNS}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize(("path", "mode"), RUNS, ids=lambda value: getattr(value, "stem", value))
def test_runs(runs, path, mode):
    peak, stderr = runs[path, mode].result()
    assert stderr == ""
    assert peak < 1.5e9, f"peak memory {peak / 1e9:.2f} GB"
