"""Every notebook also runs on a reader's own pictures, with each cell run twice in a row and weights of ImageNet's
shape, and on a GPU that is only pretended (pretend_gpu.py). As on Colab: see test_practice.py.

To save time, numbers such as epochs and seeds are lowered: a code cell may carry the metadata
{"fast": {"epochs": 1}}, and its line `epochs = ...` then says 1. (nbval runs the real numbers.)
"""

import copy
from pathlib import Path

import nbformat
import pytest
import torch
from conftest import NOTEBOOKS, PROJECT
from kernels import Kernel, assign, read_lesson, said_on_stderr
from PIL import Image

from helpers import split_pictures

pytestmark = pytest.mark.everything


@pytest.fixture(scope="module")
def own_pictures(tmp_path_factory):
    """Three classes of few pictures, of many sizes and kinds, divided as the README says."""
    folder = tmp_path_factory.mktemp("own")
    generator = torch.Generator().manual_seed(0)
    for name, mode, count in (("cups", "RGB", 11), ("dice", "L", 9), ("keys", "RGBA", 7)):
        (folder / "sorted" / name / "from my camera").mkdir(parents=True)
        for i in range(count):
            pixels = torch.randint(256, (60 + 20 * i, 100 + 30 * (i % 4), 3), dtype=torch.uint8, generator=generator)
            ending = "JPG" if mode == "RGB" else "png"
            place = folder / "sorted" / name / ("from my camera" if i % 2 else "") / f"{i}.{ending}"
            Image.fromarray(pixels.numpy()).convert(mode).save(place)
    return split_pictures(folder / "sorted", folder / "split")


@pytest.mark.parametrize(
    ("path", "folder"),
    [*((path, "split") for path in NOTEBOOKS), (PROJECT, "split"), (PROJECT, "sorted")],
    ids=lambda value: getattr(value, "stem", value),
)
def test_own_pictures_each_cell_twice_with_imagenet_weights(path, folder, own_pictures, imagenet_file, tmp_path):
    notebook = read_lesson(path)
    assign(notebook, "DATA", str(own_pictures.with_name(folder)))
    notebook.cells = [copy.copy(cell) for cell in notebook.cells if cell.cell_type == "code" for _ in range(2)]
    environment = {"BRICKS_CHECKPOINTS": str(tmp_path), "BRICKS_WEIGHTS": str(imagenet_file)}
    kernel = Kernel(path.parent, environment)
    try:
        assert said_on_stderr(kernel.run_notebook(notebook)) == ""
        peak = kernel.peak_memory()
        assert peak < 1.6e9, f"peak memory {peak / 1e9:.2f} GB"
    finally:
        kernel.close()


@pytest.mark.parametrize(
    "path", [path for path in [*NOTEBOOKS, PROJECT] if path.stem[:2] not in ("01", "02")], ids=lambda path: path.stem
)
def test_on_a_pretended_gpu(path, own_pictures, tmp_path):
    notebook = read_lesson(path)
    assign(notebook, "DATA", str(own_pictures))  # few, since pretending is slow
    first = next(i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(first + 1, nbformat.v4.new_code_cell("import pretend_gpu; pretend_gpu.start()"))
    assign(notebook, "image_size|compare_size", 48)
    kernel = Kernel(path.parent, {"BRICKS_CHECKPOINTS": str(tmp_path), "PYTHONPATH": str(Path(__file__).parent)})
    try:
        assert said_on_stderr(kernel.run_notebook(notebook)) == ""
    finally:
        kernel.close()
