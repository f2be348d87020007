"""What happens when a learner skips a cell? Each code cell of a lesson is left out once, and the rest is run.

    python tests/measure/skipped_cells.py        all lessons
    python tests/measure/skipped_cells.py 03 06  some

Long trainings are shortened as the cells' metadata say ("fast"). Prints, for each cell whose absence is noticed in
another way than by a NameError, the first error after it. On Linux and macOS only: it forks.
"""

import ast
import io
import os
import re
import sys
import tempfile
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import nbformat

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def code_cells(path):
    """(source, whether it may raise) of each code cell of a lesson, with short trainings."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            source = cell.source
            for name, value in cell.metadata.get("fast", {}).items():
                source = re.sub(rf"^(\s*){name} = .*$", rf"\g<1>{name} = {value!r}", source, flags=re.MULTILINE)
            yield source, "raises-exception" in cell.metadata.get("tags", [])


def run(shell, cells):
    """The first error of these cells as (number, text), or None."""
    for number, (source, may_raise) in cells:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            result = shell.run_cell(source, store_history=True)
        error = result.error_in_exec or result.error_before_exec
        if error and not may_raise:
            return number, "".join(traceback.format_exception_only(error)).strip()
    return None


def skip_each(path):
    """Run the lesson once without each of its cells, each time in a process of its own."""
    from IPython.core.interactiveshell import InteractiveShell

    import helpers.explorers  # noqa: F401 - once, for all processes

    cells, begin, found = list(enumerate(code_cells(path))), time.time(), {}
    for skipped, _ in cells:
        reader, writer = os.pipe()
        if not os.fork():
            shell = InteractiveShell.instance()
            shell.history_manager.enabled = False
            with tempfile.TemporaryDirectory() as folder:
                os.environ |= {"BRICKS_CHECKPOINTS": folder, "BRICKS_PROGRESS": f"{folder}/progress.json"}
                answer = run(shell, cells[:skipped] + cells[skipped + 1 :])
            os.write(writer, repr(answer).encode()[:4000])
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as answer:
            found[skipped] = ast.literal_eval(answer.read().decode() or "(-1, 'the process died')")
        os.wait()
        if sys.stdout.isatty() or skipped % 10 == 9:
            print(f"{path.stem}: {skipped + 1} of {len(cells)} cells, {time.time() - begin:.0f} s", flush=True)
    names = sum(1 for error in found.values() if error and error[1].startswith("NameError"))
    others = {number: error for number, error in found.items() if error and not error[1].startswith("NameError")}
    print(f"{path.stem}: of {len(cells)} skipped cells, {names} lead to a NameError, {len(others)} to another error")
    for skipped, (number, words) in others.items():
        line = cells[skipped][1][0].splitlines()[-1]
        print(f"  without cell {skipped} ({line[:60]!r}): cell {number}, {words[:300]}")


if __name__ == "__main__":
    os.environ |= {"BRICKS_WIDGETS": "off", "BRICKS_DEVICE": "cpu", "BRICKS_WEIGHTS": "offline", "OMP_NUM_THREADS": "1"}
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    sys.path.insert(0, str(NOTEBOOKS.parent))
    os.chdir(NOTEBOOKS)
    for lesson in sorted(NOTEBOOKS.glob("0*.ipynb")):
        if not sys.argv[1:] or lesson.name.startswith(tuple(sys.argv[1:])):
            skip_each(lesson)
