"""A JupyterLab on a copy of the course and a headless Chromium for it: fixtures for tests in a real browser.

A test module that wants them says `pytest_plugins = ["lab"]`. Then `lab.open(name)` gives a Playwright page with
that notebook, and `lab.run_all(page)` executes it. Chromium is this machine's own; where there is none, tests skip.
(A test module doesn't import this file at its top: pytest wants to load its plugins itself.)
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from conftest import COURSE, HANG, copy_course, lower_numbers
from kernels import assign

from helpers.files.folders import SPLITS

CHROMIUM = [
    "google-chrome",
    "chromium",
    "chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SCREEN = {"width": 1280, "height": 800}  # a 13-inch laptop
TOKEN = "bricks"
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
RESPONSES = []

RUN_ALL = """() => {
    window.hasRun = false
    jupyterapp.commands.execute('notebook:run-all-cells').finally(() => { window.hasRun = true })
}"""
FIND_BARRIERS = """async selector => {
    const {violations} = await axe.run(selector, {resultTypes: ['violations']})
    return violations.filter(rule => ['serious', 'critical'].includes(rule.impact)).flatMap(rule => rule.nodes
        .map(node => [rule.id, rule.impact, node.html.slice(0, 200), node.failureSummary.slice(0, 300)]))
}"""


def pytest_terminal_summary(terminalreporter):
    """How fast the explorers answered: the limits in test_browser.py are looser than the promise."""
    for row in RESPONSES:
        terminalreporter.write_line(
            f"{row['notebook']}: {row['control']}: median {row['median_ms']} ms, 95th percentile {row['p95_ms']} ms,"
            f" {row['redraws']} pictures in a drag of {row['moves']} moves"
        )


@pytest.fixture(scope="session")
def shots(request, tmp_path_factory):
    """The folder for screenshots and responses.json: that of --shots, or a temporary one."""
    folder = Path(request.config.option.shots or tmp_path_factory.mktemp("shots"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "responses.json").unlink(missing_ok=True)
    return folder


@pytest.fixture(scope="session")
def responses():
    """The list of what was measured, for the summary at the end."""
    return RESPONSES


@pytest.fixture(scope="session")
def chromium_file():
    """Where this machine's Chromium (or Chrome, or Edge) is. Skips where there is none."""
    pytest.importorskip("playwright", reason="No playwright: install tests/requirements.txt for the browser's tests.")
    found = list(filter(None, map(shutil.which, CHROMIUM)))
    if not found:
        pytest.skip("No Chromium: install it (Debian: sudo apt-get install chromium) for the browser's tests.")
    return found[0]


@pytest.fixture(scope="module")
def chromium(chromium_file):
    """A headless browser. For one module only: while it runs, asyncio can't be used in this thread by other tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_file, args=FLAGS)
        yield browser
        browser.close()


def copy_for_browser(folder):
    """The course without what its lessons wrote. JupyterLab saves notebooks; the committed ones stay as they are."""
    copy_course(folder)
    shutil.copy(COURSE / "pyproject.toml", folder)
    samples = folder / "data_samples"
    for split in SPLITS:
        for picture in sorted((samples / split).glob("*/*"))[::4]:
            copy = samples / "few" / picture.relative_to(samples)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, copy)
    # Lessons 6 and 8 would train for minutes. The others keep the size of pictures: slow explorers shall be noticed.
    for path in sorted(folder.glob("notebooks/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        lower_numbers(notebook, keep=() if path.name[:2] in ("06", "08") else ("image_size",))
        if path.name[:2] in ("00", "06", "07", "08", "09"):  # they train
            assign(notebook, "DATA", "data_samples/few")
        nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def server(chromium_file, tmp_path_factory):
    """The address of a JupyterLab whose root is a copy of the course."""
    folder, own = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("jupyter")
    copy_for_browser(folder)
    (own / "overrides.json").write_text(json.dumps(NO_NEWS))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The reader's own settings, workspaces and profiles neither matter nor change.
    environment = {**os.environ, "BRICKS_CHECKPOINTS": str(own / "checkpoints")}
    environment.update({f"JUPYTER_{kind}_DIR": str(own / kind) for kind in ("CONFIG", "DATA", "RUNTIME")})
    environment.update({f"JUPYTERLAB_{kind}_DIR": str(own / kind) for kind in ("SETTINGS", "WORKSPACES")})
    environment.update(
        {
            "IPYTHONDIR": str(own / "ipython"),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "BRICKS_WIDGETS": "",
            "BRICKS_PROGRESS": "",
        }
    )
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": TOKEN,
        "LabApp.app_settings_dir": own,
        "LabApp.expose_app_in_browser": True,
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    address, log = f"http://127.0.0.1:{port}", own / "lab.log"
    with open(log, "w") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + HANG
        while True:
            try:
                urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=HANG).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < end, log.read_text()
                time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=HANG)


class Lab:
    """`open` gives pages; what went wrong in them stands in `page.errors`, whom they asked in `page.hosts`."""

    screen = SCREEN

    def __init__(self, address, browser):
        self.address, self.browser = address, browser
        self.host = urlsplit(address).netloc

    def open(self, name):
        """A page (Playwright's) with a notebook of the copy, such as "05_loss_and_optimizer.ipynb", kernel idle."""
        page = self.browser.new_page(viewport=SCREEN)
        page.set_default_timeout(1000 * HANG)
        page.errors, page.hosts = [], set()
        page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda request: page.hosts.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda websocket: page.hosts.add(urlsplit(websocket.url).netloc))
        page.goto(f"{self.address}/lab/tree/notebooks/{name}?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=1000 * HANG)
        page.wait_for_selector("text=/\\| Idle/", timeout=1000 * HANG)
        return page

    def open_cells(self, name, sources):
        """A page with a new notebook of these code cells, beside those of the copy."""
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
        notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, sources)), metadata=kernel)
        request = urllib.request.Request(
            f"{self.address}/api/contents/notebooks/{name}.ipynb?token={TOKEN}",
            data=json.dumps({"type": "notebook", "content": notebook}).encode(),
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=HANG).close()
        return self.open(f"{name}.ipynb")

    def set_theme(self, page, name):
        """ "JupyterLab Dark" or "JupyterLab Light"."""
        page.evaluate("name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
        dark = "Dark" in name
        page.wait_for_function("dark => (document.body.dataset.jpThemeLight === 'false') === dark", arg=dark)

    def run_all(self, page):
        """Run All Cells, wait until the last one has finished, and return the cells with their outputs (as dicts)."""
        page.evaluate(RUN_ALL)
        page.wait_for_function("() => window.hasRun", timeout=1000 * HANG, polling=200)
        return page.evaluate("() => jupyterapp.shell.currentWidget.content.model.toJSON().cells")

    def scroll_to(self, page, index):
        """The cell with this number (a Locator), in view. Some JupyterLabs have only cells in view in the page."""
        page.evaluate("i => jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", index)
        cell = page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')
        cell.wait_for()
        return cell

    def close(self, page):
        """Close the page, and stop its kernel, which would slow the next one."""
        page.evaluate("() => jupyterapp.serviceManager.sessions.shutdownAll()")
        page.close()


@pytest.fixture(scope="module")
def lab(server, chromium):
    """JupyterLab in a browser: `page = lab.open(name)`, `lab.run_all(page)`, `lab.close(page)`."""
    return Lab(server, chromium)


@pytest.fixture(scope="session")
def barriers(chromium_file):
    """`barriers(page, selector)`: what axe-core finds serious or critical there, one line for each element."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

    def find(page, selector):
        page.evaluate(f"() => {{ if (!window.axe) {{ {axe} }} }}")
        return [": ".join(line) for line in page.evaluate(FIND_BARRIERS, selector)]

    return find
