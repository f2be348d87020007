"""Verdicts, a quiz and the wall in JupyterLab: their colours in both themes, rows as buttons, links to lessons."""

import re

import pytest

pytest_plugins = ["lab"]

CELLS = [
    "import sys\nsys.path.insert(0, '..')\nfrom helpers.practice import checks, quiz, show_progress",
    "for state in checks.TITLES:\n    display(checks.Result(state, 'Look at `this` line.', 'All of it.'))",
    "quiz('03')",
    "show_progress('03')",
]
ALL_OF_IT = ".jp-OutputArea-output"
COLOUR = "e => getComputedStyle(e).{}"


@pytest.fixture
def page(lab):
    """A notebook with nothing but verdicts, a quiz and the wall, executed."""
    page = lab.open_cells("practice", CELLS)
    lab.run_all(page)
    page.locator(".bricks-quiz").wait_for()
    yield page
    lab.close(page)


def press(page, row, x=0.5, y=0.5):
    """Click the row of a choice at a place, from 0 to 1 of its width and height."""
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_words_can_be_read_and_colours_differ_in_both_themes(lab, page, shots, barriers):
    for row in (0, 2):  # a wrong choice, and the right one
        press(page, page.locator(".bricks-choice").nth(row))
    page.locator(".bricks-quiz [role=status]").nth(2).wait_for()
    for folded in page.locator(f"{ALL_OF_IT} summary").all():
        folded.click()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        lab.set_theme(page, theme)
        verdicts = page.locator(".jp-RenderedHTMLCommon > [role=status]")
        edges = [verdict.evaluate(COLOUR.format("borderLeftColor")) for verdict in verdicts.all()]
        assert len(set(edges)) == len(edges) == 4, edges
        page_colour = page.locator(".jp-RenderedHTMLCommon").first.evaluate(COLOUR.format("color"))
        assert {verdict.evaluate(COLOUR.format("color")) for verdict in verdicts.all()} == {page_colour}
        explained = page.locator(".bricks-quiz [role=status][style]")
        assert [explained.nth(i).evaluate(COLOUR.format("borderLeftColor")) for i in (0, 1)] == [edges[2], edges[3]]
        assert barriers(page, ALL_OF_IT) == []
        page.screenshot(path=shots / f"practice_{theme[-5:].strip().lower()}.png")


@pytest.mark.parametrize("width", [1280, 640])
def test_a_whole_row_is_a_button_and_its_explanation_opens_below(page, width):
    from test_browser import CUT_OFF

    page.set_viewport_size({"width": width, "height": 800})
    rows = page.locator(".bricks-choice")
    corners = [(0.02, 0.1), (0.98, 0.9), (0.5, 0.5)]
    for i, (x, y) in enumerate(corners):
        assert page.locator(".bricks-quiz [role=status][style]").count() == i
        press(page, rows.nth(i), x, y)
        explanation = rows.nth(i).locator("xpath=following-sibling::*[1]").get_by_role("status")
        explanation.get_by_text(re.compile(f"{'ABC'[i]}, (right|no)\\.")).wait_for()
        row, words, after = (part.bounding_box() for part in (rows.nth(i), explanation, rows.nth(i + 1)))
        assert row["y"] + row["height"] <= words["y"] < words["y"] + words["height"] <= after["y"]
        assert words["y"] - row["y"] - row["height"] < 20
    assert page.locator(".bricks-quiz").evaluate(CUT_OFF) == []
    name = "C Walk through it, as often as you like."
    assert page.get_by_role("button", name=name, exact=True).count() == 1
    assert rows.nth(2).locator("[aria-hidden]").inner_text().split() == name.split()


def test_the_wall_shows_bricks_and_leads_to_the_lessons(page):
    wall = page.locator(f"{ALL_OF_IT} ul")
    assert wall.locator("li").count() == 10 and wall.get_by_role("link").count() == 9
    pictures = wall.get_by_role("img")
    sizes = pictures.evaluate_all("all => all.map(image => [image.naturalWidth, image.width, image.height])")
    assert sizes == [[200, 200, 24]] * 10
    assert len({round(picture.bounding_box()["x"]) for picture in pictures.all()}) == 1, "one column of bricks"
    wall.get_by_role("link", name="6 · Training loop").click()
    page.wait_for_function("() => jupyterapp.shell.currentWidget.title.label === '06_training_loop.ipynb'")
    assert page.errors == []
