"""The site as people use it: built once, read from its files and from a server under a path, without a network."""

import functools
import http.server
import re
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from conftest import HANG, NOTEBOOKS, PROJECT

from helpers.practice import QUIZZES, quizzes
from helpers.site import sources
from helpers.site.__main__ import build, main
from helpers.site.live import draw_live
from helpers.teaching.pages import EXPLORER

pytest_plugins = ["lab"]

LESSONS = {path.stem: nbformat.read(path, as_version=4) for path in [*NOTEBOOKS, PROJECT]}
WIDTHS = (390, 768, 1280)  # a phone, a tablet, a laptop
MOST = 1_000_000  # bytes of an explorer's pictures
WHERE = ("file", "server")
EVERY_KIND = {
    "index",
    "00_start_here",
    "05_loss_and_optimizer",
    "final_project",
    "glossary",
    "calls",
    "TEACH",
}  # of page


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site. Sphinx found nothing to warn of, such as a link that leads nowhere."""
    folder = tmp_path_factory.mktemp("www") / "course"
    assert build(folder) == 0
    return folder


@pytest.fixture(scope="module")
def addresses(site):
    """Where the site begins: on the disk, and on a server that has other things, too."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=site.parent)
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"file": site.as_uri(), "server": f"http://127.0.0.1:{server.server_port}/course"}
        server.shutdown()


class Page(HTMLParser):
    """What a page holds: names for links, what it loads, what it links to, words for pictures."""

    def __init__(self, path: Path):
        super().__init__()
        self.ids, self.loads, self.links, self.pictures = set(), [], [], []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload"):
            self.loads.append(found["href"])
        elif tag in ("script", "img", "iframe", "source") and "src" in found:
            self.loads.append(found["src"])
        if tag == "img":
            self.pictures.append(found.get("alt"))


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html") if "_static" not in path.parts}


def test_every_link_leads_somewhere_and_nothing_comes_from_another_host(site, pages):
    wrong = []
    for path, page in pages.items():
        for target in page.links + page.loads:
            parts = urlsplit(target)
            if parts.scheme == "data" or (parts.scheme and target in page.links):
                continue
            file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if parts.scheme or parts.netloc or not file.is_file():
                wrong.append(f"{path.relative_to(site)}: {target}")
            elif parts.fragment and file in pages and unquote(parts.fragment) not in pages[file].ids:
                wrong.append(f"{path.relative_to(site)}: {target}: no such section")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lesson", LESSONS)
def test_pictures_keep_their_words_and_explorers_move(site, pages, lesson):
    page = pages[site / f"notebooks/{lesson}.html"]
    text = (site / f"notebooks/{lesson}.html").read_text("utf-8")
    assert None not in page.pictures
    for cell in LESSONS[lesson].cells:
        explorer = cell.cell_type == "code" and EXPLORER.search(cell.source)
        if explorer:
            assert f'data-explorer="{explorer[1]}"' in text
            pictures = list((site / "_static/live" / explorer[1]).iterdir())
            assert pictures and sum(picture.stat().st_size for picture in pictures) <= MOST
        for output in [] if explorer else cell.get("outputs", []):
            for about in output.get("metadata", {}).values():
                assert about.get("alt", "") in page.pictures


def test_a_folder_with_other_things_stays_as_it_is(tmp_path):
    (tmp_path / "thesis.txt").write_text("the only copy")
    with pytest.raises(SystemExit, match="is no older site, and not empty. Nothing was written."):
        main(["--out", str(tmp_path)])
    assert (tmp_path / "thesis.txt").read_text() == "the only copy"


def test_an_explorer_without_pictures_is_named(tmp_path):
    with pytest.raises(ValueError, match="explore_depth stands in a lesson, and helpers/site/live.py does not say"):
        draw_live("explore_depth", tmp_path / "live", "../live")


def test_with_an_address_pages_launch_and_questions_can_be_reported(tmp_path, monkeypatch):
    for module in (sources, quizzes):
        monkeypatch.setattr(module, "read_address", lambda: "https://github.com/you/course")
    sources.write_sources(tmp_path, lambda name: "")
    cells = nbformat.read(tmp_path / "notebooks/03_dataloader.ipynb", as_version=4).cells
    for place in ("colab.research.google.com/github", "mybinder.org/v2/gh", "codespaces.new"):
        assert f"https://{place}/you/course" in cells[0].source
    quiz = next(cell for cell in cells if cell.source.startswith("quiz("))
    report = "https://github.com/you/course/issues/new?template=lesson.yml&amp;lesson=Question%203.1"
    assert report in quiz.outputs[0].data["text/html"]
    assert "(https://github.com/you/course/blob/main/LICENSE)" in (tmp_path / "index.md").read_text("utf-8")


def open_page(chromium, address, width=1280, theme="light", script=True):
    """A page that keeps what went wrong in `errors`, and never asks another host."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, has_touch=width < 500, java_script_enabled=script
    )
    page = context.new_page()
    page.set_default_timeout(1000 * HANG)
    page.errors = []
    page.on("console", lambda message: message.type in ("error", "warning") and page.errors.append(message.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    # What the browser gives up because it goes on to another page is no failure.
    page.on("requestfailed", lambda r: "ERR_ABORTED" in r.failure or page.errors.append(f"failed: {r.url}"))
    here = urlsplit(address)[:2]
    page.on("request", lambda r: urlsplit(r.url)[:2] in (here, ("data", "")) or page.errors.append(f"asked: {r.url}"))
    page.goto(address)
    return page


@pytest.mark.parametrize("where", WHERE)
def test_every_page_opens_without_an_error(chromium, addresses, site, pages, where):
    page = open_page(chromium, f"{addresses[where]}/index.html")
    for path in pages:
        page.goto(f"{addresses[where]}/{path.relative_to(site).as_posix()}")
        page.wait_for_load_state("networkidle" if where == "server" else "load")
        assert page.errors == [], path
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_cut_off_and_everybody_can_read_it(chromium, addresses, site, pages, barriers, shots, theme):
    page = open_page(chromium, addresses["file"] + "/index.html", theme=theme)
    for path in pages:
        if path.parent.name == "handouts":  # files of their own, with tests of their own
            continue
        name = path.relative_to(site).as_posix()
        page.goto(f"{addresses['file']}/{name}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (name, width)
        if path.parent.name == "book":  # all pages once more
            continue
        if path.stem in EVERY_KIND:
            assert barriers(page, "main") == [], name
        live = page.locator(".bricks-live")
        for number in range(live.count()):
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                live.nth(number).scroll_into_view_if_needed()
                page.screenshot(path=shots / f"site_{path.stem}_{number}_{width}_{theme}.png")
    page.context.close()


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("words, found", [("device-side assert", "Help"), ("BatchNorm", "4 · Model surgery")])
def test_search_finds(chromium, addresses, where, words, found):
    page = open_page(chromium, f"{addresses[where]}/index.html")
    page.goto(f"{addresses[where]}/search.html?q={words}")
    page.locator("#search-results li", has_text=found).first.wait_for()
    assert page.errors == []
    page.context.close()


@pytest.mark.parametrize("lesson", [name for name, book in LESSONS.items() if EXPLORER.search(str(book))])
def test_explorers_move_by_key_and_by_touch(chromium, addresses, lesson):
    page = open_page(chromium, f"{addresses['file']}/notebooks/{lesson}.html", width=390)
    for live in page.locator(".bricks-live").all():
        live.scroll_into_view_if_needed()
        slider, caption, picture = live.locator("input"), live.locator("[role=status]"), live.locator("img").first
        seen = [(caption.inner_text(), picture.get_attribute("alt"), picture.get_attribute("src"))]
        slider.focus()
        for move in ("Home", "End", "touch"):
            if move == "touch":
                box = slider.bounding_box()
                page.touchscreen.tap(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
            else:
                slider.press(move)
            page.wait_for_function("image => image.complete && image.naturalWidth", arg=picture.element_handle())
            seen.append((caption.inner_text(), picture.get_attribute("alt"), picture.get_attribute("src")))
            assert slider.get_attribute("aria-valuetext") == live.locator("output").inner_text()
        captions, words, files = (set(what) for what in zip(*seen[1:], strict=True))
        assert len(captions) > 1 and len(words) == len(files) == 3, seen
    assert page.errors == []
    page.context.close()


@pytest.mark.parametrize("lesson", [path.stem for path in NOTEBOOKS])
def test_quizzes_answer_and_remember(chromium, addresses, lesson):
    page, questions = open_page(chromium, f"{addresses['file']}/notebooks/{lesson}.html"), QUIZZES[lesson[:2]]

    def wait_for_score(solved):
        page.locator(".bricks-quiz > [role=status]", has_text=f"{solved} of {len(questions)} answered.").wait_for()

    wait_for_score(0)
    for question, asked in zip(questions, page.locator(".bricks-ask").all(), strict=True):
        for choice, row in zip(question.choices, asked.locator("details").all(), strict=True):
            row.locator("summary").press("Enter")
            assert ("✓" if choice.right else "✗") in row.locator("p").inner_text()
    wait_for_score(len(questions))
    page.reload()
    wait_for_score(len(questions))
    assert page.errors == []
    page.context.close()


def test_without_script_and_on_paper_the_pictures_stand_still(chromium, addresses):
    page = open_page(chromium, f"{addresses['file']}/notebooks/{NOTEBOOKS[0].stem}.html", script=False)
    live = page.locator(".bricks-live").first
    assert live.locator("img").first.is_visible() and not live.locator("input").is_visible()
    row = page.locator(".bricks-ask details").first
    row.locator("summary").click()
    assert row.locator("p").is_visible()
    page.context.close()
    page = open_page(chromium, f"{addresses['file']}/notebooks/{NOTEBOOKS[0].stem}.html")
    page.emulate_media(media="print")
    assert not page.locator(".bricks-live input").first.is_visible()
    assert not page.locator(".bd-sidebar-primary").is_visible()
    assert re.search(rb"/Type\s*/Page\b", page.pdf())
    page.context.close()
