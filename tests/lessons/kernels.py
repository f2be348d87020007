"""A kernel that runs a lesson, cell by cell, and stays open for questions."""

import os
import re

import nbformat
from conftest import HANG, lower_numbers
from jupyter_client.manager import start_new_kernel

OUTPUTS = {"stream", "display_data", "execute_result"}
MEMORY = """
import psutil
from pathlib import Path
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


class Kernel:
    """A Python kernel in the folder `cwd`, with `environment` on top of this process's own."""

    def __init__(self, cwd, environment):
        self.manager, self.client = start_new_kernel(HANG, env={**os.environ, **environment}, cwd=str(cwd))

    def run(self, code):
        """The outputs of a cell. AssertionError with the traceback if it raises."""
        outputs = []

        def listen(message):
            if message["msg_type"] in OUTPUTS:
                outputs.append(nbformat.v4.output_from_msg(message))

        reply = self.client.execute_interactive(code, timeout=HANG, allow_stdin=False, output_hook=listen)["content"]
        assert reply["status"] == "ok", "\n".join([code, *reply.get("traceback", [])])
        return outputs

    def printed(self, code):
        """What a cell prints."""
        return "".join(output.text for output in self.run(code) if output.output_type == "stream")

    def run_notebook(self, notebook):
        """Run all code cells. Returns all outputs."""
        outputs = []
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = self.run(cell.source)
                outputs += cell.outputs
        return outputs

    def peak_memory(self):
        """The most bytes that the kernel has held so far."""
        return int(self.printed(MEMORY))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def read_lesson(path):
    """The notebook at path with fewer epochs and seeds."""
    notebook = nbformat.read(path, as_version=4)
    lower_numbers(notebook)
    return notebook


def assign(notebook, name, value):
    """Put another value into each line `name = ...`; name is a regular expression."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = re.sub(rf"^({name}) = .*$", lambda line: f"{line[1]} = {value!r}", cell.source, flags=re.M)


def said_on_stderr(outputs):
    return "".join(output.text for output in outputs if output.get("name") == "stderr")
