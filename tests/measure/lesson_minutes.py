"""How many minutes does a learner need? Counted from each notebook, section by section, plus measured run times.

    python tests/measure/lesson_minutes.py                  all lessons; runs them, which takes minutes
    python tests/measure/lesson_minutes.py 03 05 --no-run   two lessons, from their text alone
    python tests/measure/lesson_minutes.py --update         write minutes and run times into INSTRUCTORS.md, too

Prints a Markdown table for each lesson. The constants below are fitted to
one reader, so a lesson may take another person a third more or less.
"""

import argparse
import os
import re
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE))

# Chosen so that the nine lessons as they were in November 2026 come out as long as one careful reader without PyTorch
# took for their steps (20, 42, 37, 33, 45, 80, 50, 75, 115 minutes; counted: 26, 44, 41, 37, 40, 62, 65, 78, 112).
WORDS_PER_MINUTE = 110
SECONDS = {"words": 60 / WORDS_PER_MINUTE, "code": 8, "figures": 20, "predict": 40, "explorers": 300, "quiz": 60}
EXERCISE_MINUTES = {"Fill in": 3, "Put in order": 5, "Find the bug": 5}  # by the kind in the heading
OTHER_EXERCISE = 10  # minutes for the open kinds: "Change", "Make" and so on
COUNTS = [*SECONDS, "exercises", "run"]

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
EXERCISE = re.compile(r"^### Exercise \d+\.\d+ · ([^:\n]+)", re.MULTILINE)
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


def count_text(text: str, counts: dict) -> None:
    text = SOLUTION.sub("", text)
    counts["predict"] += text.count("**Predict.**")
    counts["exercises"] += sum(EXERCISE_MINUTES.get(kind.strip(), OTHER_EXERCISE) for kind in EXERCISE.findall(text))
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


def count_sections(notebook) -> dict[str, dict]:
    """For each heading of level 2: words, lines of code, figures and so on; exercises in minutes, run in seconds."""
    sections = {"Introduction": dict.fromkeys(COUNTS, 0)}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            count_code(cell, list(sections.values())[-1])
            continue
        before, *parts = HEADING.split(cell.source)
        count_text(before, list(sections.values())[-1])
        for title, text in zip(parts[::2], parts[1::2], strict=True):
            sections[title] = dict.fromkeys(COUNTS, 0)
            count_text(f"{title}\n{text}", sections[title])
    return sections


def minutes(counts: dict) -> float:
    return (sum(counts[k] * SECONDS[k] for k in SECONDS) + counts["run"]) / 60 + counts["exercises"]


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


def update(page: Path, name: str, rows: list[str]) -> None:
    """Put a table between the marks of that name, such as <!-- minutes 03 --> and <!-- /minutes -->."""
    block = re.compile(rf"(<!-- minutes {name} -->\n)(?:\|.*\n)*(<!-- /minutes -->)")  # rows only, nothing else
    text = block.sub(lambda found: found[1] + "\n".join(rows) + "\n" + found[2], page.read_text(encoding="utf-8"))
    page.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="such as 03; default: all")
    parser.add_argument("--no-run", action="store_true", help="count the text only; run times are then 0")
    parser.add_argument("--update", action="store_true", help="write the minutes into notebooks/INSTRUCTORS.md")
    options = parser.parse_args()
    if options.update and options.no_run:
        parser.error("--update also writes run times, so the lessons must run. Leave out --no-run.")
    print(f"{WORDS_PER_MINUTE} words a minute; seconds each: {SECONDS}; exercises: {EXERCISE_MINUTES} min,")
    print(f"others {OTHER_EXERCISE} min. " + ("Not run." if options.no_run else f"Run on {os.cpu_count()} CPU cores."))
    overview = ["| lesson | steps and explorer | exercises | quiz | together |", "|---|--:|--:|--:|--:|"]
    for path in sorted((COURSE / "notebooks").glob("[0-9]*.ipynb")):
        if options.lessons and path.name[:2] not in options.lessons:
            continue
        notebook = nbformat.read(path, as_version=4)
        if not options.no_run:
            run(notebook, path.parent)
        sections = {title: counts for title, counts in count_sections(notebook).items() if minutes(counts) >= 0.5}
        print(f"\n### {path.stem}\n\n{table(sections)}", flush=True)
        steps, exercises, quiz = parts(sections)
        total = steps + exercises + quiz
        overview.append(f"| [{path.stem}]({path.name}) | {steps} | {exercises} | {quiz} | {total} |")
        if options.update:
            rows = ["| section | minutes | of these, cells run for |", "|---|--:|--:|"]
            rows += [f"| {title} | {minutes(n):.0f} | {n['run']:.0f} s |" for title, n in sections.items()]
            update(COURSE / "notebooks" / "INSTRUCTORS.md", path.name[:2], rows)
    print("\n" + "\n".join(overview))
    if options.update and not options.lessons:
        update(COURSE / "notebooks" / "INSTRUCTORS.md", "all", overview)


if __name__ == "__main__":
    main()
