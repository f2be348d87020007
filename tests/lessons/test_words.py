"""A term is explained where it first appears, in bold; what a reader was asked to predict is answered afterwards."""

import re

import nbformat
import pytest
from conftest import COURSE

from helpers.site.words import BOLD, prose

LESSONS = [nbformat.read(path, as_version=4) for path in sorted((COURSE / "notebooks").glob("*.ipynb"))]
EVERYDAY = {"and", "mean", "train", "transform", "label", "channel", "pictures a second"}  # plain words before, too


def test_a_term_is_explained_where_it_first_appears():
    texts = [(lesson, number, text) for lesson, notebook in enumerate(LESSONS) for number, text in prose(notebook)]
    early, explained = [], set()
    for place, (lesson, number, text) in enumerate(texts):
        for term in (found.strip().lower() for found in BOLD.findall(text)):
            if term in EVERYDAY or term in explained:
                continue
            explained.add(term)
            word = re.compile(rf"(?<!\w){re.escape(term)}(?:s|es)?(?!\w)", re.IGNORECASE)
            before = [(a, b) for a, b, earlier in texts[:place] if word.search(earlier)]
            if before:
                early.append(f"{term!r}: explained in lesson {lesson}, cell {number}, used in {before[:3]}")
    assert not early, "\n".join(early)


@pytest.mark.parametrize("lesson", range(len(LESSONS)))
def test_what_was_predicted_is_answered(lesson):
    open_ones = []
    cells = LESSONS[lesson].cells
    for number, cell in enumerate(cells):
        if cell.cell_type != "markdown" or "**Predict.**" not in cell.source:
            continue
        after = [c for c in cells[number + 1 :] if not c.metadata.get("jupyter", {}).get("source_hidden")]
        text = next((place for place, c in enumerate(after) if c.cell_type == "markdown"), len(after))
        if text == 0 or text == len(after) or re.match(r"#|> 🟦 \*\*Predict", after[text].source):
            open_ones.append(f"cell {number}: {cell.source[-90:]!r}")
    assert not open_ones, "no sentence after the cells that follow:\n" + "\n".join(open_ones)
