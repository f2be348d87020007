"""Slides, cards and keys: built from the committed notebooks, opened in a real browser without a network."""

import copy
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from conftest import COURSE, NOTEBOOKS, PROJECT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.practice import QUIZZES
from helpers.practice.looks import to_words
from helpers.teaching import handouts, pages

pytest_plugins = ["lab"]

LESSONS = [path.stem for path in NOTEBOOKS]
FORMULAS, LONG, TRANSLATED = "97_formulas", "98_long", "99_translated"
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
        small: seen.filter(e => hasText(e) && !e.closest('math') && parseFloat(getComputedStyle(e).fontSize) < 20),
        hidden: seen.filter(e => !e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})),
        blind: [...slide.querySelectorAll('img')].filter(i => !i.complete || !i.naturalWidth || i.alt.length < 20),
    }
}).map(row => Object.fromEntries(Object.entries(row).map(([key, value]) =>
    [key, Array.isArray(value) ? value.map(e => e.outerHTML.slice(0, 120)) : value])))"""


# Each predict box, code, output and text in its order, with the number of the click after which it is seen.
ORDER = """() => {
    const kinds = ['predict', 'input', 'output', 'text_cell_render'], seen = new Map()
    const parts = [...document.querySelectorAll(kinds.map(kind => '.slides .' + kind))].filter(e => !e.closest('aside'))
    let click = 0
    for (const slide of deck.getSlides()) {
        const {h, v} = deck.getIndices(slide)
        for (let step = -1; step < slide.querySelectorAll('.fragment').length; step++, click++) {
            deck.slide(h, v, step)
            for (const e of parts.filter(e => slide.contains(e) && !seen.has(e)))
                if (e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) seen.set(e, click)
        }
    }
    return parts.map(e => [kinds.find(kind => e.classList.contains(kind)), seen.get(e), e.innerText])
}"""


def on_slide(text, kind, *tags):
    return new_markdown_cell(text, metadata={"slideshow": {"slide_type": kind}, "tags": list(tags)})


def formulas():
    """A notebook such as nobody has committed yet: formulas, a picture in the text, notes."""
    cells = [
        on_slide("# Formulas\n\nWrite $\\sqrt{x}$.", "slide", "aim"),
        on_slide("## Summary\n\n- It is a root.", "slide", "recap"),
        on_slide("## 1. Fractions\n\nInline $\\frac{a}{b}$, and `$HOME` stays.\n\n$$\\sum_{i=1}^n x_i^2$$", "subslide"),
        on_slide("![All pictures that ship with the course](../data_samples/contact_sheet.jpg)", "fragment"),
        on_slide("Say it slowly.", "notes"),
        on_slide("Too long for a slide.", "skip"),
    ]
    cells.append(new_code_cell("1 + 1", outputs=[new_output("execute_result", {"text/plain": "the answer"})]))
    return new_notebook(cells=cells)


def too_long():
    """A notebook without slide types, with more on each cell than a slide can hold."""
    code = "\n".join(f"line_{i} = {i}" for i in range(70)) + f"\nwide = '{'x' * 150}'"
    text = "# Long\n\n" + "\n".join(f"- item {i}" for i in range(50)) + "\n\n" + "Many words follow here. " * 100
    output = new_output("stream", text="\n".join(f"row {i}" for i in range(40)))
    return new_notebook(
        cells=[new_markdown_cell(text), new_code_cell(code, outputs=[output]), new_markdown_cell("The end.")]
    )


def translated():
    """Lesson 3 in other words: what builders must not depend on."""
    text = NOTEBOOKS[3].read_text(encoding="utf-8")
    words = {"Predict.": "Devinez.", "Question.": "Demande.", "Check.": "Essai.", "Recap": "Bilan", "Traps": "Pièges"}
    words |= {
        "After this lesson you can": "Après cette leçon vous savez",
        "Exercise ": "Exercice ",
        "Solution": "Corrigé",
    }
    for word, other in words.items():
        assert word in text
        text = text.replace(word, other)
    return nbformat.reads(text, as_version=4)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the handouts of all lessons, and of three notebooks of somebody's own."""
    try:
        handouts.fetch_packages()
    except OSError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("handouts") / "built"
    own = folder.parent / "own"
    own.mkdir()
    (folder.parent / "data_samples").mkdir()
    shutil.copy(COURSE / "data_samples/contact_sheet.jpg", folder.parent / "data_samples")
    for name, notebook in {FORMULAS: formulas(), LONG: too_long(), TRANSLATED: translated()}.items():
        nbformat.write(notebook, own / f"{name}.ipynb")
    files = handouts.build([*NOTEBOOKS, *sorted(own.iterdir())], folder)
    kinds = dict.fromkeys([*LESSONS, TRANSLATED], ("slides", "card", "key")) | {FORMULAS: ("slides", "card")}
    kinds[LONG] = ("slides",)
    assert sorted(file.name for file in files) == sorted(f"{n}_{kind}.html" for n in kinds for kind in kinds[n])
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


@pytest.mark.parametrize("lesson", [*LESSONS, FORMULAS, LONG])
def test_every_slide_fits_and_shows_all(show, lesson):
    slides = show(f"{lesson}_slides.html").evaluate(WALK)
    assert len(slides) >= (15 if lesson in LESSONS else 3)
    for number, slide in enumerate(slides, 1):
        text = slide.pop("text")
        assert not any(slide.values()), (number, text[:80], slide)
        assert "$$" not in text


def test_what_is_too_long_goes_on_to_the_next_slide(show):
    page = show(f"{LONG}_slides.html")
    page.evaluate("deck.slide(0, 0)")
    for step in range(page.evaluate("deck.getTotalSlides() + document.querySelectorAll('.fragment').length") - 1):
        assert not page.evaluate("deck.isLastSlide() && !deck.availableFragments().next"), f"a click too many: {step}"
        page.keyboard.press("ArrowRight")
    text = page.locator("main").evaluate("main => main.textContent")
    rows = [*(f"line_{i} = {i}\n" for i in range(70)), *(f"item {i}\n" for i in range(50)), "'xxx", "The end."]
    places = [text.index(row) for row in rows]
    assert places[:70] == sorted(places[:70]) and all(text.count(row) == 1 for row in rows)


def misplaced(parts):
    """The predict boxes with which, or before which, their output or what follows it is seen."""
    wrong = []
    for i, (kind, click, text) in enumerate(parts):
        if kind == "predict":
            output = next(j for j in range(i, len(parts)) if parts[j][0] == "output")
            after = next((part for part in parts[output:] if part[0] == "text_cell_render"), parts[-1])
            if not click < parts[output][1] <= after[1]:
                wrong.append((text, parts[output], after))
    return wrong


@pytest.mark.parametrize("lesson", [*LESSONS, TRANSLATED])
def test_no_answer_is_seen_before_its_question(show, lesson):
    page = show(f"{lesson}_slides.html")
    parts = page.evaluate(ORDER)
    assert sum(kind == "predict" for kind, *_ in parts) == page.locator(".predict").count() >= 2
    assert not misplaced(parts)
    page.evaluate("document.querySelectorAll('.fragment').forEach(e => e.classList.remove('fragment'))")
    assert misplaced(page.evaluate(ORDER)), "this test would notice"


def misconceptions():
    """How each lesson's section of the guide begins, and its last table: {title: (objectives, rows)}"""
    found = {}
    for section in re.split(r"^### ", pages.GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        if match := re.match(r"Lesson (.*)\n", section):
            rows = re.search(r"^\| misconception .*\n.*\n((?:\|.*\n)+)", section, re.MULTILINE)[1].splitlines()
            found[match[1]] = re.search(r"\*\*Objectives\.\*\* (.*)", section)[1], rows
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_speaker_sees_what_the_guide_says(show, path):
    title = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")
    objectives, rows = misconceptions()[title]
    page = show(f"{path.stem}_slides.html")
    slide = page.locator("section section")
    assert objectives in slide.first.locator("aside.notes").first.text_content()
    ask = slide.filter(has=page.locator("aside.notes", has_text=re.compile("explorer")))
    assert ask.count() and re.search(
        r'(Say|Ask|Begin|Before).*[".?]', ask.first.locator("aside.notes").last.text_content()
    )
    if "explore_" in path.read_text(encoding="utf-8"):
        assert re.search(r"explore_\w+\(|^$", ask.first.locator(".input").last.text_content())
    table = slide.filter(has=page.locator("aside.notes table")).locator("aside.notes table")
    assert table.count() == 1 and table.locator("tbody tr").count() == len(rows) >= 3
    assert not page.locator("aside.notes").first.is_visible()


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_solutions_are_in_the_key_and_nowhere_else(show, path):
    cells = nbformat.read(path, as_version=4).cells
    solutions = [re.search(r"```python\n(.*?)```", c.source, re.DOTALL)[1] for c in cells if "<details>" in c.source]
    stubs = [cell.source for cell in cells if "exercise" in cell.metadata]
    choices = [choice for question in QUIZZES[path.stem[:2]] for choice in question.choices]
    whys = [to_words(choice.why) for choice in choices]
    key = show(f"{path.stem}_key.html")
    text = squeezed(key.inner_text("body"))
    assert len(stubs) == len(solutions) >= 3 and len(whys) >= 9
    assert all(squeezed(part) in text for part in [*stubs, *solutions, *whys, *(to_words(c.text) for c in choices)])
    assert [row.startswith("✓") for row in key.locator("ol > li").all_inner_texts()] == [c.right for c in choices]
    assert pages_of(key) >= 2 and key.locator("details").count() == 0
    for kind in ("slides", "card"):
        page = (
            (show(f"{path.stem}_{kind}.html"))
            .locator("body > div, body > main")
            .evaluate_all("all => all.map(e => e.textContent)")
        )
        assert not [part for part in [*solutions, *whys] if squeezed(part) in squeezed("".join(page))], kind


def test_the_walk_would_notice(show):
    page = show(f"{FORMULAS}_slides.html")
    page.evaluate("""() => document.querySelectorAll('section section')[1].insertAdjacentHTML('beforeend',
        '<p style="font-size: 8px">small</p><img src="data:," alt=""><pre>' + 'x'.repeat(300) + '</pre>'
        + '<p style="height: 900px; visibility: hidden">tall</p>')""")
    slide = page.evaluate(WALK)[1]
    assert all(slide.values()), slide


def test_words_may_be_translated(show):
    for name in (LESSONS[3], TRANSLATED):
        boxes = show(f"{name}_slides.html").locator("blockquote").evaluate_all("all => all.map(e => e.className)")
        assert {"predict", "question", "check", ""} == set(boxes)
    ours, theirs = (squeezed(show(f"{name}_card.html").inner_text("main")) for name in (LESSONS[3], TRANSLATED))
    assert "Aprèscetteleçonvoussavezturnadataset" in theirs and "Pièges" in theirs and theirs[-150:] == ours[-150:]


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


def test_checks_and_questions_of_ones_own_are_in_the_key_only():
    sources = ["@exercise('10.1', 'Bricks')\ndef check_bricks(bricks): ...", "bricks = ...", 'check("10.1")']
    sources += ["QUIZZES['10'] = [Question('Bricks?', (Choice('6', 'Yes.', right=True), Choice('5', 'No.')))]"]
    cells = [new_code_cell(source) for source in [*sources, 'quiz("10")']]
    cells[1].metadata["exercise"] = "10.1"
    folded = "<details><summary>Solution</summary>\n\n```python\nbricks = 6\n```\n</details>"
    cells[3:3] = [new_markdown_cell(folded)]
    own = new_notebook(cells=[new_markdown_cell("# 10 · Own\n\n### Exercise 10.1 · Fill in: bricks"), *cells])
    told = "\n".join(cell.source for cell in pages.key_cells(own).cells)
    assert "bricks = 6" in told and "right=True" in told
    shown = "\n".join(cell.source for cell in own.cells if pages.slide_type(cell) != "skip")
    assert 'check("10.1")' in shown and "right" not in shown and "bricks = 6" not in shown and "def check" not in shown


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


def test_words_name_lessons_folders_and_notebooks(built, monkeypatch):
    monkeypatch.chdir(built.parent)
    own = [built.parent / "own" / f"{name}.ipynb" for name in (FORMULAS, LONG, TRANSLATED)]
    assert handouts.find_notebooks([]) == [*NOTEBOOKS, PROJECT]
    assert handouts.find_notebooks(["02", "01_data", "0", "02"]) == [
        NOTEBOOKS[2],
        NOTEBOOKS[1],
        NOTEBOOKS[0],
        *NOTEBOOKS[3:],
    ]
    assert handouts.find_notebooks(["own/", "03", f"own/{LONG}.ipynb"]) == [*own, NOTEBOOKS[3]]


@pytest.mark.parametrize("words", [["02", "77"], ["no_folder/"], ["empty"], ["02", "other/02_transforms.ipynb"]])
def test_the_command_refuses_what_it_cannot_make(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("other").mkdir()
    Path("other/02_transforms.ipynb").touch()
    with pytest.raises(SystemExit) as stopped:
        handouts.main([*words, "--out", "out"])
    said = capsys.readouterr().err
    assert stopped.value.code == 2 and words[-1] in said and not Path("out").exists()
    assert ("Lessons are 00_start_here, 01_data" in said) != ("in turn, with another --out" in said)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(
            SystemExit, match=rf"^Nothing can be written into {folder}: .*Name another folder with --out"
        ):
            handouts.main(["00", "--out", str(folder)])


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
    unsolved = copy.deepcopy(base)
    unsolved["cells"] = [cell for cell in base["cells"] if "<details>" not in "".join(cell["source"])]
    all_kinds = ["slides", "card", "key"]
    contents = {"colab": (colab, all_kinds), "old": (old, all_kinds), "formula": (formula, all_kinds)}
    contents |= {"notes": (notes, ["slides"]), "unsolved": (unsolved, ["slides", "card"])}
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
    assert 'notes.ipynb: no card, no cell has the tag "aim". Give it one in JupyterLab' in said
    assert "unsolved.ipynb: no key, no solution is folded (<details>) below exercise 0.1." in said
    assert all(f"Untitled.ipynb: no {kind}, " in said for kind in ("slides", "card", "key")) and said.count("\n") == 5
    assert r"<code>\begin{aligned}" in (tmp_path / "out" / "formula_slides.html").read_text(encoding="utf-8")
