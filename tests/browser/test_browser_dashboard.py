"""The training dashboard, driven by mouse and keyboard in JupyterLab, through a reload of the page."""

import re
from types import SimpleNamespace

import pytest

pytest_plugins = ["lab"]

SLOW = """
import sys, time
sys.path.insert(0, "..")
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from helpers import checkpoint_folder
from helpers.explorers.dashboard import train_with_dashboard

class Slow(TensorDataset):
    classes = ["ants", "bees"]

    def __getitem__(self, index):
        time.sleep(0.02)
        return super().__getitem__(index)

data = Slow(torch.randn(64, 3, 8, 8), torch.arange(64) % 2)
loaders = {"train": DataLoader(data, 8, shuffle=True), "val": DataLoader(data, 16)}
model = nn.Sequential(nn.Flatten(), nn.Linear(192, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.003, momentum=0.9)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1000)
path = checkpoint_folder() / "NAME.pt"
"""
DASHBOARD = """
dashboard = train_with_dashboard(
    model, loaders, nn.CrossEntropyLoss(), optimizer, scheduler, 500, torch.device("cpu"), path
)
dashboard
"""


def open_dashboard(lab, name):
    """A page with a notebook of its own, whose training takes long enough to be driven."""
    page = lab.open_cells(name, [SLOW.replace("NAME", name), DASHBOARD])
    lab.run_all(page)
    return page


@pytest.fixture(scope="module")
def page(lab):
    page = open_dashboard(lab, "dashboard")
    yield page
    lab.close(page)


def words(page):
    return page.locator(".bricks-explorer .widget-html").first.inner_text().strip()


def until(page, text):
    """Wait until the dashboard's words match, and return them."""
    script = "t => new RegExp(t).test(document.querySelector('.bricks-explorer .widget-html')?.innerText)"
    page.wait_for_function(script, arg=text)
    return words(page)


def until_enabled(page, *names):
    """Wait until these buttons can be clicked, and no others."""
    script = (
        "names => [...document.querySelectorAll('.bricks-explorer button:enabled')].map(b => b.innerText.trim()).join()"
        " === names.join()"
    )
    page.wait_for_function(script, arg=names)


def until_epoch_after(page, number):
    script = "n => document.querySelector('.bricks-explorer .widget-html')?.innerText.match(/Epoch (\\d+)/)?.[1] > n"
    page.wait_for_function(script, arg=number)


def primary(page):
    """The buttons that stand out."""
    return [name.strip() for name in page.locator(".bricks-explorer button.mod-primary").all_inner_texts()]


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_driven_from_start_to_stop(page, shots, barriers):
    assert "Click Start." in until(page, "Ready")
    until_enabled(page, "Start")
    assert primary(page) == ["Start"]

    click(page, "Start")
    until(page, r"Epoch ([2-9]|\d\d).* pictures a second, about .* left\..*val loss")
    until_enabled(page, "Pause", "Stop")
    assert primary(page) == ["Pause"]

    slider = page.get_by_role("slider", name="learning rate")
    slider.press("ArrowRight")
    until(page, r"Learning rate 0\.00398\.")  # the rate that the optimizer uses now

    click(page, "Pause")
    until(page, "Paused in epoch")
    until_enabled(page, "Continue", "Stop")
    assert primary(page) == ["Continue"]
    paused = words(page)
    page.wait_for_timeout(1500)  # time to go on in, if it did
    assert words(page) == paused
    page.locator(".bricks-explorer").scroll_into_view_if_needed()
    page.screenshot(path=shots / "dashboard.png")
    assert page.locator(".bricks-explorer").bounding_box()["height"] <= 700
    assert barriers(page, ".bricks-explorer") == []

    click(page, "Continue")
    before = int(re.search(r"Epoch (\d+)", until(page, "Epoch .* pictures a second"))[1])
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.reload()  # as when the tab was closed and opened again
    until_epoch_after(page, before)
    slider.wait_for()
    assert slider.count() == 1

    click(page, "Stop")
    assert "The model keeps what it has learnt." in until(page, "Stopped (in|before) epoch")
    until_enabled(page, "Continue", "Begin anew")
    assert page.errors == []


def test_new_kernel_shows_where_it_stands(lab, page):
    done = re.search(r"Complete epochs: (\d+)", words(page))[1]
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    lab.run_all(page)
    assert f"{done} of 500 epochs are done" in until(page, "was found")
    until_enabled(page, "Continue", "Begin anew")
    click(page, "Begin anew")
    until(page, "Ready for 500 epochs")
    # JupyterLab's own when a kernel is restarted: its debugger, and what the new kernel first says on stderr.
    own = ("debugger state", "Kernel message validation error")
    assert [error for error in page.errors if not any(words in error for words in own)] == []


# Where the parts of the dashboard stand, seen from its upper edge, and how high it is; the lengths of its sliders.
MEASURE = """e => {
    const top = e.getBoundingClientRect().top
    return {
        places: [...e.children].map(part => part.getBoundingClientRect().top - top).concat(e.offsetHeight),
        tracks: [...e.querySelectorAll('.noUi-target')].map(track => track.clientWidth),
    }
}"""
# Notes its height in each frame of the screen.
WATCH = """e => {
    e.heights = []
    const look = () => { e.heights.push(e.offsetHeight); requestAnimationFrame(look) }
    look()
}"""


@pytest.mark.parametrize("width, scale, theme", [(1280, 2, "Dark"), (1024, 1, "Light"), (640, 2, "Dark")])
def test_nothing_moves_when_pictures_arrive(lab, shots, barriers, width, scale, theme):
    from test_browser import CUT_OFF  # not above: its tests would be collected here, too

    screen = {"viewport": {"width": width, "height": 800}, "device_scale_factor": scale}
    browser = SimpleNamespace(new_page=lambda **_: lab.browser.new_page(**screen))
    page = open_dashboard(type(lab)(lab.address, browser), f"dashboard_{width}")
    lab.set_theme(page, f"JupyterLab {theme}")
    until(page, "Ready for 500 epochs")
    dashboard = page.locator(".bricks-explorer")
    dashboard.evaluate("e => e.scrollIntoView()")
    page.get_by_alt_text("The most wrong validation pictures after each epoch: none yet.").wait_for()
    page.wait_for_timeout(1000)  # the page has found its form
    before = dashboard.evaluate(MEASURE)
    words_place, rate, curves, wrong = before["places"][2:6]
    assert words_place < 120 and words_place < rate < curves < wrong, "the words stand above the pictures"
    assert len(before["tracks"]) == 1 and before["tracks"][0] >= 120
    assert dashboard.evaluate(CUT_OFF) == []

    dashboard.evaluate(WATCH)
    click(page, "Start")
    page.get_by_alt_text(re.compile(r"pictures after epoch [2-9]:")).wait_for()
    until(page, r"Epoch .* left\..*val loss")
    assert dashboard.evaluate(MEASURE)["places"] == pytest.approx(before["places"], abs=2)
    assert dashboard.evaluate("e => Math.max(...e.heights) - Math.min(...e.heights)") <= 2
    assert dashboard.evaluate(CUT_OFF) == [] and barriers(page, ".bricks-explorer") == []
    page.screenshot(path=shots / f"dashboard_{width}_{scale}_{theme}.png")
    assert page.evaluate("[innerWidth, devicePixelRatio]") == [width, scale]

    click(page, "Stop")
    until(page, "Stopped (in|before) epoch")
    assert primary(page) == ["Continue"]
    assert dashboard.evaluate(MEASURE)["places"] == pytest.approx(before["places"], abs=2)
    lab.close(page)
