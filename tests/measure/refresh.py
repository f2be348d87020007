"""Execute notebooks in fresh kernels and write them with their outputs; the last line of each says with which versions.

.venv/bin/python tests/measure/refresh.py        # all, in about eight minutes on a quiet machine
.venv/bin/python tests/measure/refresh.py 02 05  # some
"""

import importlib.metadata
import os
import platform
import sys
import tempfile
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def sign(notebook: nbformat.NotebookNode) -> None:
    """Write the versions of this environment into the last cell, which is made if it is missing."""
    versions = [f"{name} {importlib.metadata.version(name).split('+')[0]}" for name in ("torch", "torchvision")]
    line = f"*Last run from top to bottom with Python {platform.python_version()}, {' and '.join(versions)}.*"
    if notebook.cells[-1].id != "versions":
        metadata = {"slideshow": {"slide_type": "skip"}}
        notebook.cells.append(nbformat.v4.new_markdown_cell(id="versions", metadata=metadata))
    notebook.cells[-1].source = line


def main(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:  # shared: lesson 7 takes the network of lesson 6
        os.environ |= {"BRICKS_DEVICE": "cpu", "BRICKS_WEIGHTS": "offline", "BRICKS_WIDGETS": "off"}
        os.environ |= {"BRICKS_CHECKPOINTS": folder, "BRICKS_PROGRESS": f"{folder}/progress.json"}
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            if words and not path.name.startswith(tuple(words)):
                continue
            print(path.name, flush=True)
            notebook = nbformat.read(path, as_version=4)
            run = ExecutePreprocessor(timeout=None, record_timing=False, store_widget_state=False)
            run.preprocess(notebook, {"metadata": {"path": str(NOTEBOOKS)}})
            sign(notebook)
            nbformat.write(notebook, path)


if __name__ == "__main__":
    main(sys.argv[1:])
