"""Slides and cards: built from the committed notebooks, opened in a real browser without a network."""

import copy
import json
import re

import nbformat
import pytest
from conftest import NOTEBOOKS, PROJECT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.teaching import handouts

pytest_plugins = ["lab"]

LESSONS = [path.stem for path in NOTEBOOKS]
FORMULAS = "99_formulas"
SLIDE = {"width": 1280, "height": 720}

# What every slide shows once its fragments are there, and what of it is wrong.
WALK = """() => deck.getSlides().map(slide => {
    const {h, v} = deck.getIndices(slide)
    deck.slide(h, v, 99)
    const seen = [...slide.querySelectorAll('*')].filter(e => e.getClientRects().length)
    const outside = e => {
        const {left, top, right, bottom} = e.getBoundingClientRect()
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight
    }
    const hasText = e => [...e.childNodes].some(node => node.nodeType == Node.TEXT_NODE && node.data.trim())
    return {
        text: slide.innerText,
        outside: seen.filter(e => outside(e) || e.scrollWidth > e.clientWidth + 1 && e.tagName == 'PRE'),
        scrolls: slide.scrollHeight > innerHeight || slide.scrollWidth > innerWidth,
        small: seen.filter(e => hasText(e) && !e.closest('math') && parseFloat(getComputedStyle(e).fontSize) < 16),
        hidden: seen.filter(e => !e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})),
        blind: [...slide.querySelectorAll('img')].filter(i => !i.complete || !i.naturalWidth || i.alt.length < 20),
    }
}).map(row => Object.fromEntries(Object.entries(row).map(([key, value]) =>
    [key, Array.isArray(value) ? value.map(e => e.outerHTML.slice(0, 120)) : value])))"""


def formulas():
    """A notebook such as nobody has committed yet: formulas, a picture in the text, notes."""
    kinds = {
        "slide": "# Formulas\n\n**After this lesson you can** write $\\sqrt{x}$.\n\n## Recap\n\n- It is a root.",
        "subslide": "## 1. Fractions\n\nInline $\\frac{a}{b}$, and `$HOME` stays.\n\n$$\\sum_{i=1}^n x_i^2$$",
        "fragment": "![All pictures that ship with the course](../data_samples/contact_sheet.jpg)",
        "notes": "Say it slowly.",
        "skip": "Too long for a slide.",
    }
    cells = [new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}}) for kind, text in kinds.items()]
    cells.append(new_code_cell("1 + 1", outputs=[new_output("execute_result", {"text/plain": "the answer"})]))
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the slides and cards of all lessons, and of the notebook with formulas."""
    try:
        handouts.fetch_packages()
    except OSError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("handouts")
    nbformat.write(formulas(), folder / f"{FORMULAS}.ipynb")
    files = handouts.build([*NOTEBOOKS, folder / f"{FORMULAS}.ipynb"], folder)
    assert sorted(f.name for f in files) == sorted(
        f"{n}_{k}.html" for n in [*LESSONS, FORMULAS] for k in ("slides", "card")
    )
    return folder


@pytest.fixture
def show(built, chromium):
    """`show(name)` opens a built file as a page without a network, and proves at the end that it asked nobody."""
    context = chromium.new_context(viewport=SLIDE, offline=True)
    context.set_default_timeout(600_000)  # for what hangs, not for a slow machine
    asked, errors = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: errors.append(str(error.error)))

    def open_page(name):
        page = context.new_page()
        page.goto((built / name).as_uri())
        if name.endswith("_slides.html"):
            page.wait_for_function("window.deck && deck.isReady()")
        return page

    yield open_page
    context.close()
    assert asked and not errors, errors
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]


@pytest.mark.parametrize("lesson", [*LESSONS, FORMULAS])
def test_every_slide_fits_and_shows_all(show, lesson):
    slides = show(f"{lesson}_slides.html").evaluate(WALK)
    assert len(slides) >= (15 if lesson in LESSONS else 3)
    for number, slide in enumerate(slides, 1):
        text = slide.pop("text")
        assert not any(slide.values()), (number, text[:80], slide)
        assert "$$" not in text


def test_the_walk_would_notice(show):
    page = show(f"{FORMULAS}_slides.html")
    page.evaluate("""() => document.querySelectorAll('section section')[1].insertAdjacentHTML('beforeend',
        '<p style="font-size: 8px">small</p><img src="data:," alt=""><pre>' + 'x'.repeat(300) + '</pre>'
        + '<p style="height: 900px; visibility: hidden">tall</p>')""")
    slide = page.evaluate(WALK)[1]
    assert all(slide.values()), slide


def test_the_arrow_key_goes_everywhere_and_answers_come_last(show):
    page = show(f"{LESSONS[1]}_slides.html")
    steps = page.evaluate("deck.getTotalSlides() + document.querySelectorAll('.fragment').length") - 1
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('section.present section.present .predict')")
    output = page.locator("section.present section.present .output").first
    assert not output.is_visible() and page.locator("section.present section.present .input").first.is_visible()
    page.keyboard.press("ArrowRight")
    output.wait_for(state="visible")
    for _ in range(steps - 2):
        assert not page.evaluate("deck.isLastSlide() && !deck.availableFragments().next")
        page.keyboard.press("ArrowRight")
    assert page.evaluate("deck.isLastSlide() && !deck.availableFragments().next")


def test_formulas_pictures_and_notes_are_there(show):
    page = show(f"{FORMULAS}_slides.html")
    page.evaluate(WALK)  # ends on the last slide, which is the one with the fractions
    top, bottom = (page.locator("mfrac > *").nth(i).bounding_box() for i in (0, 1))
    assert top["height"] > 5 and top["y"] + top["height"] <= bottom["y"] + 2, "a over b"
    assert page.locator("math[display=block] munderover").bounding_box()["height"] > 30
    assert page.locator("code", has_text="$HOME").count() == 1
    assert page.locator("img").evaluate("image => image.naturalWidth") > 300
    assert page.locator("aside.notes").text_content().strip() == "Say it slowly."
    assert not page.locator("aside.notes").is_visible() and page.get_by_text("Too long").count() == 0


def pages_of(page):
    pdf = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox \[0 0 59[45][\d.]* 84[12][\d.]*\]", pdf), "A4"
    return len(re.findall(rb"/Type /Page\b", pdf))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_card_is_one_page_with_code_calls_and_traps(show, path):
    page = show(f"{path.stem}_card.html")
    assert pages_of(page) == 1
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 8 * 96 / 72  # points
    text = page.inner_text("body")
    notebook = nbformat.read(path, as_version=4)
    assert text.splitlines()[1:2] == [notebook.cells[0].source.splitlines()[0].removeprefix("# ")]
    for cell in notebook.cells:
        if "card" in cell.metadata.get("tags", []):
            assert cell.source.splitlines()[0] in text
    assert page.locator(".highlight").count() and page.locator("tr").count() > 4
    assert page.locator("h3", has_text="Traps").locator("xpath=following-sibling::ul[1]/li").count() > 2
    page.evaluate("document.querySelector('main').append(document.querySelector('main').cloneNode(true))")
    assert pages_of(page) > 1, "this test would notice a second page"


def test_each_cell_was_given_a_place():
    for path in [*NOTEBOOKS, PROJECT]:
        for cell in nbformat.read(path, as_version=4).cells:
            kind = cell.metadata.get("slideshow", {}).get("slide_type")
            assert kind in ("slide", "subslide", "fragment", "skip", "notes", "-"), f"{path.name}: {cell.source[:60]}"


def test_packages_are_fetched_once(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(
        OSError, match=r"need sphinx-revealjs==.* not there, and pip could not.*Connect to the internet"
    ):
        handouts.fetch_packages(tmp_path / "packages")
    assert not list(tmp_path.iterdir())
    for package in handouts.PACKAGES:
        (tmp_path / "packages" / f"{package.replace('-', '_').replace('==', '-')}.dist-info").mkdir(parents=True)
    assert handouts.fetch_packages(tmp_path / "packages") == tmp_path / "packages"


def test_the_command_says_what_it_did_not_find(capsys):
    with pytest.raises(SystemExit):
        handouts.main(["77"])
    assert "begins with 77" in capsys.readouterr().err


def odd_notebooks(folder):
    """Notebooks as other programs and people leave them: {name: what is made of it}."""
    base = json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))
    colab, old, formula = (copy.deepcopy(base) for _ in range(3))
    widgets = {"application/vnd.jupyter.widget-state+json": {"version_major": 2, "version_minor": 0}}
    colab["metadata"]["widgets"] = widgets  # without a state, as Colab saves it
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a", "version_major": 2, "version_minor": 0}}
    output = {"output_type": "display_data", "metadata": {}, "data": view}
    cell = {"cell_type": "code", "id": "w", "metadata": {}, "execution_count": 1, "source": "w", "outputs": [output]}
    colab["cells"].insert(1, cell)
    for cell in old["cells"]:
        del cell["id"]
    old["nbformat_minor"] = 0
    slip = r"$\begin{aligned} a \frac{1}{2} $"
    formula["cells"].insert(1, {"cell_type": "markdown", "id": "m", "metadata": {}, "source": slip})
    notes = {"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Notes"}]}
    notes |= {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    both = ["slides", "card"]
    contents = {"colab": (colab, both), "old": (old, both), "formula": (formula, both), "notes": (notes, ["slides"])}
    for name, (content, _) in contents.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(content), encoding="utf-8")
    (folder / "Untitled.ipynb").touch()
    return {name: made for name, (_, made) in contents.items()} | {"Untitled": []}


def test_a_strange_notebook_stops_nobody(built, tmp_path, capsys):
    expected = odd_notebooks(tmp_path)
    written = handouts.build([tmp_path / f"{name}.ipynb" for name in expected], tmp_path / "out")
    assert [path.name for path in written] == [
        f"{name}_{kind}.html" for name, made in expected.items() for kind in made
    ]
    said = capsys.readouterr().err
    assert "notes.ipynb: no card, it has no line **After this lesson you can**" in said
    assert "Untitled.ipynb: no slides, " in said and "Untitled.ipynb: no card, " in said and said.count("\n") == 3
    assert r"<code>\begin{aligned}" in (tmp_path / "out" / "formula_slides.html").read_text(encoding="utf-8")
