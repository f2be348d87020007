"""The pages for instructors: short, plain, their plans true, and what a plan runs needs nothing that it leaves out."""

import re
from itertools import groupby, pairwise

import pytest
from conftest import NOTEBOOKS
from kernels import Kernel, read_lesson
from lesson_minutes import FENCE, TEACH, choose, live_of, name_sections, pieces, read_live, read_plans
from test_practice import exercises_of

PAGES = [TEACH.with_name(f"{name}.md") for name in ("TEACH", "PREPARE", "MAKE_YOURS")]
PAGE = TEACH.read_text(encoding="utf-8")
LESSONS = {path.name[:2]: path for path in NOTEBOOKS}
PLANS = {name: list(rows) for name, rows in groupby(read_plans(PAGE), key=lambda row: row.plan)}


def prose(page):
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def test_the_pages_are_short():
    words = [word for page in PAGES for word in page.read_text(encoding="utf-8").split() if re.search("[a-zA-Z]", word)]
    assert len(words) <= 6000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_plain_sentences_and_links_that_resolve(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if not target.startswith("https://"):
            file, _, anchor = target.partition("#")
            other = (page.parent / file) if file else page
            assert other.exists(), target
            if anchor and other.suffix == ".md":
                headings = re.findall(r"^#+ (.+)$", prose(other), re.MULTILINE)
                assert anchor in [re.sub(r"[^\w-]", "", h.lower().replace(" ", "-")) for h in headings], target
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|^[|>#-].*$", " ", prose(page), flags=re.MULTILINE)
    assert not re.search(r"\b(simply|just|obviously|of course|trivial)\b", text, re.IGNORECASE)
    for sentence in re.split(r"(?<=[.!?:])\s+|\n\n", text):
        assert len(sentence.split()) <= 32, sentence


@pytest.mark.parametrize("rows", PLANS.values(), ids=PLANS)
def test_a_plan_has_the_minutes_that_it_needs(rows):
    for row in rows:
        if row.lesson and row.minutes:
            assert int(row.live) == live_of(row, PAGE), f"run lesson_minutes.py --no-run --update: {row.text}"
            assert int(row.minutes) >= int(row.live), row.text
    if ":" in rows[0].when:
        clock = [60 * int(hour) + int(minute) for hour, minute in (row.when.split(":") for row in rows)]
        for (row, begin), (_, end) in pairwise(zip(rows, clock, strict=True)):
            assert begin + int(row.minutes) == end, row.text
    else:
        weeks = {row.when: 0 for row in rows if row.when != "home"}
        for row in rows:
            weeks[row.when] = weeks.get(row.when, 0) + int(row.minutes or 0)
        assert set(weeks.values()) == {0, 50}


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_page_has_the_sections_of_each_lesson(lesson):
    notebook = read_lesson(LESSONS[lesson])
    names = name_sections(title for title, _ in pieces(notebook)).values()
    assert set(read_live(lesson, PAGE)) <= set(names)
    assert {name for name in names if name.isdigit()} <= set(read_live(lesson, PAGE))


def partial_lessons():
    """Which exercises come with which sections in a plan, or when a lesson's first cut is made."""
    for rows in PLANS.values():
        for lesson in {row.lesson for row in rows if row.lesson}:
            own = [row for row in rows if row.lesson == lesson]
            yield lesson, sum((row.names for row in own), []), sum((row.exercises for row in own), [])
    for lesson, path in LESSONS.items():
        cut = re.search(rf"<!-- minutes {lesson} -->[\s\S]*?\*\*Cut first:\*\* ([\d, ]+)", PAGE)[1]
        yield lesson, ["start", *choose(f"all but {cut}", lesson, PAGE)], list(exercises_of(path)[0])


PARTS = {}
for lesson, names, exercises in partial_lessons():
    names = [name for name in names if name != "recap"]
    if names != [name for name in read_live(lesson, PAGE) if name == "start" or name.isdigit()]:
        PARTS.setdefault((lesson, *names), set()).update(exercises)


@pytest.mark.everything
@pytest.mark.parametrize("part", sorted(PARTS), ids=" ".join)
def test_what_a_plan_runs_needs_nothing_that_it_leaves_out(part, tmp_path):
    lesson, *names = part
    notebook, solutions, exercises = read_lesson(LESSONS[lesson]), exercises_of(LESSONS[lesson])[0], PARTS[part]
    titles = name_sections(title for title, _ in pieces(notebook))
    own = {"BRICKS_CHECKPOINTS": str(tmp_path), "BRICKS_PROGRESS": str(tmp_path / "progress.json")}
    kernel = Kernel(LESSONS[lesson].parent, own)
    try:
        for name in [*names, "exercises"]:
            for title, cell in pieces(notebook):
                if titles[title] != name or isinstance(cell, str) or cell.source.startswith("check("):
                    continue
                number = cell.metadata.get("exercise")
                if number in exercises:
                    kernel.run(solutions[number][1])
                    assert "✓ Right" in str(kernel.run(f'check("{number}")')), number
                elif number is None and (name != "exercises" or exercises):
                    kernel.run(cell.source)
    finally:
        kernel.close()
