"""How many minutes does a learner need? Counted from each notebook, section by section, plus measured run times.

    python tests/measure/lesson_minutes.py                  all lessons; runs them, which takes minutes
    python tests/measure/lesson_minutes.py 03 05 --no-run   two lessons; run times as TEACH.md has them
    python tests/measure/lesson_minutes.py --update         write all minutes into TEACH.md, too, and check its plans

Prints a Markdown table for each lesson. The constants below are fitted to one reader, so a lesson may take another
person a third more or less. Minutes *alone* are those of one learner; *live* ones those of a room with an instructor.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

COURSE = Path(__file__).resolve().parents[2]
TEACH = COURSE / "notebooks" / "TEACH.md"
sys.path.insert(0, str(COURSE))

# Chosen so that the nine lessons as they were in November 2026 come out as long as one careful reader without PyTorch
# took for their steps (20, 42, 37, 33, 45, 80, 50, 75, 115 minutes; counted: 26, 44, 41, 37, 40, 62, 65, 78, 112).
WORDS_PER_MINUTE = 110
SECONDS = {"words": 60 / WORDS_PER_MINUTE, "code": 8, "figures": 20, "predict": 40, "explorers": 300, "quiz": 60}
EXERCISE_MINUTES = {"Fill in": 3, "Put in order": 5, "Find the bug": 5}  # by the kind in the heading
OTHER_EXERCISE = 10  # minutes for the open kinds: "Change", "Make" and so on
COUNTS = [*SECONDS, "exercises", "run"]
# In a room: hands are counted at a prediction, an explorer is talked about, and exercises wait for beginners.
LIVE_PREDICT, LIVE_EXPLORER, LIVE_EXERCISES = 90 - SECONDS["predict"], 180, 2

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
EXERCISE = re.compile(r"^### Exercise (\d+\.\d+) · ([^:\n]+)", re.MULTILINE)
EXPLORER = re.compile(r"^(?:\w+ = )?(?:explore_\w+|train_with_dashboard)\(", re.MULTILINE)
QUIZ = re.compile(r'^quiz\("(\w+)"\)', re.MULTILINE)
IMPORT = re.compile(r"^(?:import|from) [^(\n]*(?:\([^)]*\))?$", re.MULTILINE)  # skimmed, not read
SOLUTION = re.compile(r"<details>.*?</details>", re.DOTALL)  # reading it belongs to its exercise
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
NO_WORDS = re.compile(r"<!--.*?-->|\]\([^)]*\)|^\|[-|: ]+$", re.MULTILINE)


def questions(lesson: str) -> int:
    """How many questions the quiz of a lesson asks."""
    from helpers.practice import QUIZZES  # here, because it takes a second and only quizzes need it

    return len(QUIZZES.get(lesson, ()))


def exercise_minutes(text: str) -> dict[str, int]:
    """The minutes of each exercise in a text, alone, by its number."""
    return {number: EXERCISE_MINUTES.get(kind.strip(), OTHER_EXERCISE) for number, kind in EXERCISE.findall(text)}


def count_text(text: str, counts: dict) -> None:
    text = SOLUTION.sub("", text)
    counts["predict"] += text.count("**Predict.**")
    counts["exercises"] += sum(exercise_minutes(text).values())
    counts["code"] += sum(len(fence.splitlines()) - 2 for fence in FENCE.findall(text))
    counts["words"] += len(re.findall(r"\w[\w'’.-]*", NO_WORDS.sub(" ", FENCE.sub(" ", text))))


def count_code(cell, counts: dict) -> None:
    source = cell.source
    folded = cell.metadata.get("jupyter", {}).get("source_hidden")  # run, not read
    if not folded and "exercise" not in cell.metadata:
        counts["code"] += sum(bool(line.strip()) for line in IMPORT.sub("", source).splitlines())
    explorers = len(EXPLORER.findall(source))
    counts["explorers"] += explorers
    pictures = [kind for output in cell.outputs for kind in output.get("data", {}) if kind.startswith("image/")]
    counts["figures"] += 0 if explorers else len(pictures)
    counts["quiz"] += sum(questions(lesson) for lesson in QUIZ.findall(source))
    times = [cell.metadata.get("execution", {}).get(k) for k in ("iopub.execute_input", "shell.execute_reply")]
    if all(times):
        begin, end = (datetime.fromisoformat(time.replace("Z", "+00:00")) for time in times)
        counts["run"] += (end - begin).total_seconds()


def pieces(notebook) -> Iterator[tuple[str, object]]:
    """(heading of level 2 above it, text or code cell) of all that a notebook holds."""
    title = "Introduction"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield title, cell
            continue
        before, *parts = HEADING.split(cell.source)
        yield title, before
        for title, text in zip(parts[::2], parts[1::2], strict=True):
            yield title, f"{title}\n{text}"


def count_sections(notebook) -> dict[str, dict]:
    """For each heading of level 2: words, lines of code, figures and so on; exercises in minutes, run in seconds."""
    sections = {}
    for title, piece in pieces(notebook):
        counts = sections.setdefault(title, dict.fromkeys(COUNTS, 0))
        count_text(piece, counts) if isinstance(piece, str) else count_code(piece, counts)
    return sections


def name_sections(titles: Iterable[str]) -> dict[str, str]:
    """What the plans call each section: start, 1, 2, 3 ..., exercises, quiz, recap, and what follows it."""
    names = {}
    for title in dict.fromkeys(titles):
        word = re.match(r"\w+", title.lstrip("🟥 "))[0].lower()
        if title in ("Introduction", "Set up"):
            names[title] = "start"
        elif word in ("exercises", "quiz", "recap", "further", "appendix"):
            names[title] = word
        else:
            names[title] = str(len({name for name in names.values() if name.isdigit()}) + 1)
    return names


def minutes(counts: dict) -> float:
    return (sum(counts[k] * SECONDS[k] for k in SECONDS) + counts["run"]) / 60 + counts["exercises"]


def live_minutes(counts: dict) -> float:
    """Of a section, with a room full of learners."""
    more = counts["predict"] * LIVE_PREDICT + counts["explorers"] * LIVE_EXPLORER
    return minutes(counts) + more / 60 + (LIVE_EXERCISES - 1) * counts["exercises"]


def parts(sections: dict[str, dict]) -> tuple[int, int, int]:
    """Minutes of a lesson: steps with explorer and recap, exercises, quiz."""
    rounded = {title: round(minutes(counts)) for title, counts in sections.items()}
    exercises, quiz = rounded.get("Exercises", 0), rounded.get("Quiz", 0)
    return sum(rounded.values()) - exercises - quiz, exercises, quiz


def run(notebook, folder: Path) -> None:
    """Run all cells as the tests do. Their times stay in the cells' metadata."""
    with tempfile.TemporaryDirectory() as temporary:
        settings = {"BRICKS_DEVICE": "cpu", "BRICKS_WEIGHTS": "offline", "OMP_WAIT_POLICY": "PASSIVE"}
        paths = {"BRICKS_CHECKPOINTS": f"{temporary}/checkpoints", "BRICKS_PROGRESS": f"{temporary}/progress.json"}
        os.environ.update(settings | paths)
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(folder)}}).execute()


def table(sections: dict[str, dict]) -> str:
    total = {name: sum(counts[name] for counts in sections.values()) for name in COUNTS}
    lines = ["| section | words | code lines | figures | predict | explorers | quiz | exercises | run | minutes |"]
    lines.append("|---" + "|--:" * (len(COUNTS) + 1) + "|")
    for title, counts in (sections | {"**together**": total}).items():
        cells = [f"{counts[name]:.0f}" for name in SECONDS] + [f"{counts['exercises']} min", f"{counts['run']:.0f} s"]
        lines.append(f"| {title} | {' | '.join(cells)} | {minutes(counts):.0f} |")
    return "\n".join(lines)


def block(lesson: str) -> re.Pattern:
    """The table between <!-- minutes 03 --> and <!-- /minutes -->."""
    return re.compile(rf"(?<=<!-- minutes {lesson} -->\n)(?:\|.*\n)*(?=<!-- /minutes -->)")


def fields(row: str) -> list[str]:
    return [field.strip() for field in row.strip().strip("|").split("|")]


def read_live(lesson: str, page: str) -> dict[str, list[str]]:
    """What TEACH.md says of each section: [live minutes, seconds that its cells run], by name."""
    names, _, *rows = map(fields, block(lesson).search(page)[0].splitlines())
    return dict(zip(names[1:], zip(*(row[1:] for row in rows), strict=True), strict=True))


@dataclass
class Row:
    """A row of a plan. names: of its sections, in the order in which they are taught."""

    plan: str
    when: str
    minutes: str
    live: str
    lesson: str
    names: list[str]
    exercises: list[str]
    text: str


def read_plans(page: str) -> list[Row]:
    """All rows of the tables below "## Plans" that name a lesson, or a break."""
    rows, met = [], set()
    for part in page.split("\n## Plans\n")[1].split("\n## ")[0].split("\n### ")[1:]:
        for line in re.findall(r"^\|.*\|$", part, re.MULTILINE)[2:]:
            when, length, live, lesson, sections, exercises, _ = fields(line)
            plan, lesson = part.splitlines()[0], lesson.zfill(2) if lesson else ""
            names = choose(sections, lesson, page) if lesson else []
            if lesson and (plan, lesson) not in met:
                names.insert(0, "start")
            met.add((plan, lesson))
            rows.append(Row(plan, when, length, live, lesson, names, re.findall(r"\d\.\d", exercises), line))
    return rows


def choose(sections: str, lesson: str, page: str) -> list[str]:
    """The names behind "all", "all but 6" or "1-4, 7"."""
    all_names = [name for name in read_live(lesson, page) if name.isdigit() or name == "recap"]
    but = sections.startswith("all")
    named = {
        str(number)
        for low, high in re.findall(r"(\d+)(?:-(\d+))?", sections)
        for number in range(int(low), int(high or low) + 1)
    }
    if wrong := named - set(all_names):
        raise ValueError(f"lesson {lesson} has no section {', '.join(sorted(wrong))}")
    return [name for name in all_names if (name in named) != but]


def live_of(row: Row, page: str) -> int:
    """The live minutes that a row needs."""
    sections = read_live(row.lesson, page)
    notebook = nbformat.read(next((COURSE / "notebooks").glob(f"{row.lesson}*.ipynb")), as_version=4)
    alone = exercise_minutes("\n".join(piece for _, piece in pieces(notebook) if isinstance(piece, str)))
    return sum(int(sections[name][0]) for name in row.names) + sum(LIVE_EXERCISES * alone[n] for n in row.exercises)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="such as 03; default: all")
    parser.add_argument("--no-run", action="store_true", help="count the text; run times as TEACH.md has them")
    parser.add_argument("--update", action="store_true", help="write the minutes into notebooks/TEACH.md")
    options = parser.parse_args()
    print(f"{WORDS_PER_MINUTE} words a minute; seconds each: {SECONDS}; exercises: {EXERCISE_MINUTES} min,")
    print(f"others {OTHER_EXERCISE} min. " + ("Not run." if options.no_run else f"Run on {os.cpu_count()} CPU cores."))
    page = TEACH.read_text(encoding="utf-8")
    overview = [
        "| lesson | steps and explorer | exercises | quiz | together | live: steps |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for path in sorted((COURSE / "notebooks").glob("0*.ipynb")):
        lesson, notebook = path.name[:2], nbformat.read(path, as_version=4)
        if options.lessons and lesson not in options.lessons:
            continue
        if not options.no_run:
            run(notebook, path.parent)
        sections = count_sections(notebook)
        names, by_name = name_sections(sections), {}
        if options.no_run:
            known = read_live(lesson, page)
            for title, name in reversed(names.items()):  # to the last one of a name: Introduction runs nothing
                sections[title]["run"] = int(known.pop(name, (0, 0))[1])
        sections = {title: counts for title, counts in sections.items() if minutes(counts) >= 0.5}
        print(f"\n### {path.stem}\n\n{table(sections)}", flush=True)
        for title, counts in sections.items():
            live, seconds = by_name.get(names[title], (0, 0))
            by_name[names[title]] = live + live_minutes(counts), seconds + counts["run"]
        steps, exercises, quiz = parts(sections)
        live = sum(round(live) for name, (live, _) in by_name.items() if name not in ("exercises", "quiz"))
        overview.append(
            f"| [{path.stem}]({path.name}) | {steps} | {exercises} | {quiz} | {steps + exercises + quiz} | {live} |"
        )
        rows = [["section", *by_name], ["---", *["--:"] * len(by_name)]]
        rows += [["live minutes", *(f"{live:.0f}" for live, _ in by_name.values())]]
        rows += [["cells run, s", *(f"{seconds:.0f}" for _, seconds in by_name.values())]]
        page = block(lesson).sub("".join(f"| {' | '.join(row)} |\n" for row in rows), page)
    print("\n" + "\n".join(overview))
    if not options.lessons:
        page = block("all").sub("\n".join(overview) + "\n", page)
    for row in read_plans(page):
        if row.lesson:
            cells = fields(row.text)
            cells[2] = str(live_of(row, page))
            page = page.replace(row.text, f"| {' | '.join(cells)} |")
            if row.minutes and int(row.minutes) < int(cells[2]):
                print(f"{row.plan}, {row.when}: {row.minutes} minutes, and lesson {row.lesson} needs {cells[2]}")
    if options.update:
        TEACH.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
