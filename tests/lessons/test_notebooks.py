"""What every notebook promises its readers, checked in the file as it is committed."""

import ast
import json
import re
import shutil
import statistics
import subprocess
import sys
import warnings

import nbformat
import pytest
from conftest import COURSE, NOTEBOOKS, PROJECT, to_html
from lesson_minutes import FENCE, count_sections, parts

from helpers.teaching.stamp import read_address, stamp

LESSONS = [
    "00_start_here",
    "01_data_loading",
    "02_transforms",
    "03_dataloader",
    "04_model_surgery",
    "05_loss_and_optimizer",
    "06_training_loop",
    "07_predict_and_explain",
    "08_faster",
    "09_from_notebook_to_script",
]
MACHINE_PATH = re.compile(r"(/home/|/Users/|/root/|/tmp/|/var/folders/|/content/|[A-Z]:\\\\)")


def cells_of(path, cell_type=None):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell_type in (None, cell["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", [])


def markdown(path):
    return FENCE.sub("", "\n\n".join(source(cell) for cell in cells_of(path, "markdown")))


def test_the_lessons_are_all_there():
    assert [path.stem for path in NOTEBOOKS][: len(LESSONS)] == LESSONS


@pytest.fixture(params=[*NOTEBOOKS, PROJECT], ids=lambda path: path.stem)
def notebook(request):
    return request.param


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def lesson(request):
    return request.param


def test_was_executed_from_top_to_bottom(notebook):
    counts = [cell["execution_count"] for cell in cells_of(notebook, "code")]
    assert counts == list(range(1, len(counts) + 1))


def test_the_last_line_says_with_which_versions(notebook):
    said = r"\*Last run from top to bottom with Python 3\.\d+\.\d+, torch [\d.]+ and torchvision [\d.]+\.\*"
    assert re.fullmatch(said, source(cells_of(notebook, "markdown")[-1]))


def test_outputs_hold_no_error_warning_or_machine_path(notebook):
    for cell in cells_of(notebook, "code"):
        for output in cell["outputs"]:
            assert output["output_type"] != "error", source(cell)
            assert output.get("name") != "stderr", output
            text = json.dumps({k: v for k, v in output.get("data", {}).items() if not k.startswith("image/")})
            text += "".join(output.get("text", []))
            assert not MACHINE_PATH.search(text) and str(COURSE) not in text, text


def test_file_is_small_and_without_widget_state(notebook):
    assert notebook.stat().st_size < 500_000
    metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
    assert "widgets" not in metadata
    assert metadata["accelerator"] == "GPU", "Colab gives a GPU when the notebook asks for it"


def test_every_picture_has_a_text_alternative(notebook):
    for cell in cells_of(notebook, "code"):
        for output in cell["outputs"]:
            for kind in output.get("data", {}):
                if kind.startswith("image/"):
                    assert len(output["metadata"].get(kind, {}).get("alt", "")) > 20, source(cell)
    assert not re.search(r"!\[\s*\]\(", markdown(notebook))


@pytest.mark.everything
def test_the_text_alternatives_survive_an_export(notebook):
    """With the template that CONTRIBUTING names; JupyterLab and the default template drop them."""
    html = to_html(notebook)
    outputs = [output for cell in cells_of(notebook, "code") for output in cell["outputs"]]
    pictures = sum(kind.startswith("image/") for output in outputs for kind in output.get("data", {}))
    pictures += sum("".join(output.get("data", {}).get("text/html", "")).count("<img ") for output in outputs)
    assert len(re.findall(r"<img[^>]*\salt=", html)) == pictures
    assert "No description has been provided for this image" not in html


def test_headings_are_one_h1_and_ordered(notebook):
    levels = [len(line.split()[0]) for line in markdown(notebook).splitlines() if re.match(r"#{1,6} ", line)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_cells_are_short(notebook):
    lines = [source(cell).count("\n") + 1 for cell in cells_of(notebook, "code")]
    assert max(lines) <= 25
    assert statistics.median(lines) <= 6
    for cell in cells_of(notebook, "code"):
        assert max(map(len, source(cell).splitlines())) <= 100, "a laptop's screen shows 100 characters"


def test_first_cell_is_the_same_everywhere(notebook):
    first = cells_of(notebook, "code")[0]
    assert source(first) == source(cells_of(NOTEBOOKS[0], "code")[0])
    assert is_folded(first) and first["metadata"]["cellView"] == "form", "in JupyterLab and on Colab"


def test_an_import_says_what_to_do_if_it_was_stopped(notebook):
    """One that was stopped leaves modules half made: nothing runs until the kernel is restarted."""
    words = "# This takes some seconds the first time. If you stop it (■), restart the kernel.\n"
    codes = [source(cell) for cell in cells_of(notebook, "code")]
    first = next(code for code in codes if re.search("^(import|from) (torch|helpers)", code, re.MULTILINE))
    assert first.startswith(words) and sum(words in code for code in codes) == 1


def is_folded(cell):
    return cell["metadata"].get("jupyter", {}).get("source_hidden", False)


def test_cells_that_only_assert_are_folded(notebook):
    """They prove the lesson, and teach nothing. (One with a message for the reader may be seen.)"""
    for cell in cells_of(notebook, "code"):
        parts = [] if "exercise" in cell["metadata"] else ast.parse(source(cell)).body
        if parts and all(isinstance(part, ast.Assert) and not part.msg for part in parts):
            assert is_folded(cell), source(cell)


def test_few_cells_opt_out_and_each_is_asserted_next(notebook):
    cells = cells_of(notebook, "code")
    opted_out = [i for i, cell in enumerate(cells) if "nbval-ignore-output" in tags(cell)]
    assert len(opted_out) <= 0.25 * len(cells), f"{len(opted_out)} of {len(cells)}"
    assert not any(tag.startswith(("nbval-skip", "raises")) for cell in cells for tag in tags(cell))
    for i in opted_out:
        assert re.search(r"^assert ", source(cells[i + 1]), re.MULTILINE), source(cells[i])


def test_has_the_parts_of_a_lesson(lesson):
    text = markdown(lesson)
    for part in ("After this lesson you can", "**Takes** about", "**Predict.**", "Then and now", "Break it, fix it"):
        assert part in text, part
    assert "\n## Recap" in text and "\n## Further reading" in text
    first_assignments = "\n".join(source(cell) for cell in cells_of(lesson, "code")[:6])
    assert re.search(r'^DATA = "[^"]+"$', first_assignments, re.MULTILINE)
    assert re.search(r"^image_size = ", first_assignments, re.MULTILINE)


def test_promises_the_minutes_that_were_counted(lesson):
    """In its head, in the README, and in the table for instructors (see tests/measure/lesson_minutes.py)."""
    head = re.search(r"\*\*Takes\*\* about (\d+) minutes, and (\d+) for exercises and quiz;", markdown(lesson))
    promised, practice = map(int, head.groups())
    steps, exercises, quiz = parts(
        count_sections(nbformat.read(lesson, as_version=4))
    )  # without what the cells run, at most 2 minutes
    assert steps <= 45 and abs(promised - steps) <= 4, f"counted {steps} minutes for the steps"
    assert abs(practice - exercises - quiz) <= 4, f"counted {exercises + quiz} for exercises and quiz"
    readme = (COURSE / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\(notebooks/{lesson.name}\) \|.*\| {promised} \| {practice} \|$", readme, re.MULTILINE)
    page = (COURSE / "notebooks" / "TEACH.md").read_text(encoding="utf-8")
    steps, exercises, quiz, *_ = map(int, re.search(rf"\({lesson.name}\) \|(.*)\|\n", page)[1].split("|"))
    assert abs(steps - promised) <= 5 and abs(exercises + quiz - practice) <= 5


def test_the_project_fits_two_hours_and_its_rubric_has_ten_lines():
    text = markdown(PROJECT)
    assert sum(map(int, re.findall(r"^\| (\d+) \| \d+ · ", text, re.MULTILINE))) == 120
    rubric = re.findall(r"^\| (\d+) [a-z][^|]*\|[^|]+\|[^|]+\|[^|]+\|$", text, re.MULTILINE)
    assert rubric == [str(number) for number in range(1, 11)]


@pytest.mark.filterwarnings("always")
def test_sentences_are_plain(notebook):
    """Advice, which never fails: no word that makes a beginner feel slow, and no endless sentence."""
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|^[|>#-].*$", " ", markdown(notebook), flags=re.MULTILINE)
    for sentence in re.split(r"(?<=[.!?:])\s+|\n\n", prose):
        if re.search(r"\b(simply|just|obviously|of course|trivial)\b", sentence, re.IGNORECASE):
            warnings.warn(f"{notebook.stem}: a word that makes a beginner feel slow: {sentence}", stacklevel=1)
        if len(sentence.split()) > 32:
            warnings.warn(f"{notebook.stem}: a sentence of {len(sentence.split())} words: {sentence}", stacklevel=1)


@pytest.mark.parametrize(
    "page",
    [
        *NOTEBOOKS,
        PROJECT,
        COURSE / "README.md",
        COURSE / "data_samples" / "README.md",
        COURSE / "notebooks" / "HELP.md",
        COURSE / ".github" / "CONTRIBUTING.md",
    ],
    ids=str,
)
def test_links_resolve(page):
    text = markdown(page) if page.suffix == ".ipynb" else FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    assert targets
    for target in targets:
        if target.startswith("http"):
            assert target.startswith("https://"), target
        else:
            assert (page.parent / target.split("#")[0]).exists(), target


def test_lessons_link_to_their_neighbours():
    for before, after in zip(NOTEBOOKS, NOTEBOOKS[1:], strict=False):
        assert f"({after.name})" in markdown(before) and f"({before.name})" in markdown(after)


def test_then_and_now_is_taught_where_it_belongs():
    taught = {path.stem[:2]: "\n".join(source(cell) for cell in cells_of(path)) for path in NOTEBOOKS}
    for lesson, old, new in [
        ("01", "isinstance(train_set, list)", "torch.utils.data.Dataset"),
        ("02", "RandomSizedCrop", "v2.RandomResizedCrop"),
        ("02", "Scale", "v2.Resize"),
        ("02", "ToTensor", "v2.ToImage()"),
        ("03", ".cuda()", ".to(device)"),
        ("04", "pretrained=True", "weights=ResNet18_Weights.DEFAULT"),
        ("05", "Variable(x)", "detach()"),
        ("05", "x.data", "x.detach()"),
        ("05", "at the *start* of an epoch", "scheduler.step()"),
        ("06", "model.train(True)", "model.eval()"),
        ("06", "torch.max(out.data, 1)", "argmax(dim=1)"),
        ("07", "register_backward_hook", "register_full_backward_hook"),
        ("08", "torch.cuda.amp", "torch.amp"),
        ("09", "nn.DataParallel", "DistributedDataParallel"),
        ("09", "torch.distributed.launch", "torchrun"),
    ]:
        assert old in taught[lesson] and new in taught[lesson], (lesson, old, new)


@pytest.fixture
def a_copy(tmp_path):
    """What `python -m helpers.teaching.stamp` works on, in a folder of its own."""
    (tmp_path / "notebooks").mkdir()
    for path in [COURSE / "pyproject.toml", COURSE / "README.md", *NOTEBOOKS, PROJECT]:
        shutil.copy(path, tmp_path / path.relative_to(COURSE))
    return tmp_path


def test_stamped_with_the_address_of_pyproject(a_copy):
    assert stamp(a_copy) == []


def test_a_fork_can_stamp_its_own_address(a_copy):
    stamp(a_copy, "")
    readme, notebook = a_copy / "README.md", a_copy / "notebooks" / NOTEBOOKS[1].name
    before = readme.read_text(encoding="utf-8"), notebook.read_text(encoding="utf-8")
    assert len(stamp(a_copy, "https://github.com/ada/bricks")) == 2 + len(NOTEBOOKS)  # with README and project
    assert 'REPOSITORY, BRANCH = "https://github.com/ada/bricks", "main"' in source(cells_of(notebook, "code")[0])
    colab = f"https://colab.research.google.com/github/ada/bricks/blob/main/notebooks/{notebook.name}"
    assert colab in markdown(notebook)
    assert "ada/bricks/blob/main/notebooks/00_start_here.ipynb" in readme.read_text(encoding="utf-8")
    assert stamp(a_copy, "https://github.com/ada/bricks") == []
    stamp(a_copy, "")
    assert before == (readme.read_text(encoding="utf-8"), notebook.read_text(encoding="utf-8"))


def test_an_address_that_colab_cannot_open_is_refused(tmp_path):
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text('[tool.brick-by-brick]\nrepository = "https://example.org/ada/bricks"\n')
    with pytest.raises(ValueError, match="example.org/ada/bricks' in pyproject.toml is no address such as"):
        read_address(pyproject)
    pyproject.write_text('[tool.brick-by-brick]\nrepository = "https://github.com/ada/bricks.git"\n')
    assert read_address(pyproject) == "https://github.com/ada/bricks"


@pytest.mark.everything
def test_below_a_cell_that_raised_the_others_are_told_in_one_line(tmp_path):
    cells = [nbformat.v4.new_code_cell(code, execution_count=1) for code in ("x = 1", "1 / 0", *["x"] * 5)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "broken.ipynb")
    command = [sys.executable, "-m", "pytest", "tests/conftest.py", str(tmp_path / "broken.ipynb")]
    told = subprocess.run(command, cwd=COURSE, capture_output=True, text=True).stdout
    assert "1 failed, 1 passed, 5 skipped" in told
    assert "SKIPPED [5]" in told and "Cell 1 failed, so the cells below it did not run" in told
