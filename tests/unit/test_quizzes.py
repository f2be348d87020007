"""Quizzes, the wall, and how a check speaks: without a notebook, and with Colab's widgets too (see .ci/run)."""

import json
import re
import sys
from urllib.parse import unquote
from xml.etree import ElementTree

import ipywidgets
import pytest
import torch
from conftest import NOTEBOOKS
from IPython.core.interactiveshell import InteractiveShell
from torch import nn
from torchvision.datasets import ImageFolder

from helpers.practice import EXERCISES, QUIZZES, cells, check, checks, looks, progress, quiz, show_progress, summary
from helpers.practice.progress import progress_file
from helpers.practice.quizzes import Choice, Question

QUESTIONS = [(lesson, i) for lesson, questions in QUIZZES.items() for i in range(len(questions))]
MISCONCEPTIONS = {  # what people believe -> words of the wrong choice that tempts them
    "pretrained means that it knows my classes": "That is what pretrained means",
    "100 % on the training pictures means that it works": "100 % or nearly: there is nothing left to learn",
    "a GPU gives better answers": "Its answers get better",
    "ImageFolder returns a list": "A list of 10,000 pairs",
    "train and val are ImageFolder's convention": "since `train` and `val` are its convention",
    "crop and flip take PIL pictures only": "because crop and flip take only those",
    "Normalize takes a PIL picture, and gives 0 to 1": "A PIL picture goes in, and values from 0 to 1 come out",
    "validation should be augmented too": "since both must be treated alike",
    "a DataLoader is a dataset": "with `loader[5]`, since it is a dataset",
    "frozen means fixed": "all is frozen, and frozen means fixed",
    "requires_grad=False keeps BatchNorm's statistics": "holds for the whole BatchNorm, with its statistics",
    "in_features counts channels": "How many channels a picture must have",
    "logits are probabilities": "with a probability of 5 %",
    "softmax is needed before CrossEntropyLoss": "since the loss needs probabilities",
    "gradients stay in param_groups after zero_grad": "the optimizer's `param_groups` keep them",
    "an optimizer built before the new head trains it": "the optimizer looks the parameters up in `model`",
    "SGD with momentum is Adam": "Adam is SGD with momentum",
    "testing is only forward": "testing is only forward",
    "eval() switches the gradients off": "it also switches the gradients off",
    "no_grad() switches dropout off": "it also switches dropout off",
    "the best epoch on validation is a test result": "the network was never trained on the val pictures",
    "one picture more is a better network": "B is the better network, by 0.83 points",
    "a share is the probability of being right": "With a probability of 97 %, the answer is right",
    "sure means that it has seen such a thing": "so it has been trained on pictures like this one",
    "a picture of neither class gets low shares": "Low ones for both classes, since it is neither",
    "Grad-CAM proves a right reason": "The network is right for the right reason",
    "calibration is accuracy": "Both are calibrated equally well, since their accuracy is the same",
    "one picture needs no eval()": "with one picture there is no batch",
    "a GPU makes every training many times as fast": "it should make the training 40 times as fast",
    "mixed precision always gains": "since it makes every training faster",
    "more workers are always faster": "the more of them, the faster the pictures come",
    "bfloat16 needs a GradScaler": "since 16 bits are too few for small gradients",
    "the network twice as fast, the training twice as fast": "Twice.",
    "half the digits, half the time": "half the bits, half the work",
    "half the digits, half the accuracy": "The accuracy falls clearly",
    "the first step counts like the others": "both steps did the same work",
    "with DDP each process has its own network": "There are two different networks",
    "two processes halve the time": "It took half of the time",
    "out of memory means too many weights": "the 14.10 GiB are its weights",
    "only what was missing must be freed": "since only these were missing",
    "accumulated parts are noisier than a whole batch": "four small batches are noisier",
    "accumulation needs another learning rate": "so the learning rate should be a quarter",
    "the best of several tests is a test": "because each of the five tests ran only once",
    "features can be cached with augmentation": "if you compute them with the training transform",
    "features can be cached while the backbone learns": "Also while the backbone learns",
}


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("BRICKS_PROGRESS", str(tmp_path / "my_progress.json"))
    return tmp_path / "my_progress.json"


@pytest.fixture
def task():
    """An exercise that wants `answer` to be 4; what the check does besides can be set."""

    @checks.exercise("99.1", "Four")
    def four(answer):
        answer = checks.solved(answer() if callable(answer) else answer)
        return checks.right("Because.") if answer == 4 else checks.hint(f"{answer} is not `4`.")

    yield four
    del EXERCISES["99.1"]


# --- what a check says ----------------------------------------------------------------------------------------


def test_a_check_tells_the_four_apart(task):
    assert check("99.1", {}).state == "open" and "There is no `answer` yet" in check("99.1", {}).text
    for untouched in (..., [1, ...], (...,), {"a": ...}, lambda: ..., lambda: ... + 1):
        assert check("99.1", {"answer": untouched}).state == "open", untouched
    assert check("99.1", {"answer": 5}).state == "hint"
    assert check("99.1", {"answer": 4}).state == "right"
    error = check("99.1", {"answer": lambda: 1 / 0})
    assert error.state == "error" and "divided by 0" in error.text
    assert error.details.endswith("ZeroDivisionError: division by zero") and "checks.py" not in error.details
    assert "<details><summary>The whole message</summary><pre>" in error._repr_html_()


def test_a_check_finds_names_where_it_is_called(task):
    names = {"check": check, "answer": 4}
    exec('result = check("99.1")', names)
    assert names["result"].state == "right"


@pytest.mark.parametrize("slip", ["answer = 1 + 'a'", "print(unknown)\nanswer = 2", "answer = (2", "class answer(:"])
def test_a_cell_that_raised_is_not_judged_by_an_older_value(slip, task, monkeypatch, capsys):
    shell = InteractiveShell()
    monkeypatch.setattr(cells, "get_ipython", lambda: shell)
    cells.watch()

    def said_after(source):
        shell.run_cell(source)
        shell.run_cell("from helpers.practice import check\nresult = check('99.1')")
        return shell.user_ns["result"].text

    assert said_after("answer = 2") == "2 is not `4`."
    assert "`answer` ended in an error, so `answer` is still the one from before" in said_after(slip)
    assert "ended in an error" in said_after("1 / 0")  # a cell of something else changes nothing
    assert said_after("answer = 3") == "3 is not `4`."
    checks.exercise("99.1", "A cell that makes two")(lambda answer, counts: checks.hint(f"{counts} is not `4`."))
    assert "no line below `answer` makes it" in said_after("counts = ...\ndef answer(): return 4\nprint(answer())")
    assert said_after("counts = ...\ndef answer(): return ...").startswith("Write your answer")
    assert "`counts` ended in an error, so `counts` is still" in said_after("answer = 4\ncounts = unknown")
    assert said_after("answer = 4\ncounts = 3") == "3 is not `4`."
    checks.exercise("99.1", "Four")(task)
    assert "5 is not `4`. (The cell ended in an error" in said_after("def answer():\n    return 5\n\n1 / 0")
    assert not cells.failed


@pytest.mark.parametrize(
    ("number", "function", "sentence"),
    [
        ("own", lambda answer: 1, "has the number 'own', expected lesson and place in it, such as '10.1'"),
        ("03.5", lambda answer: 1, "has the number '03.5', expected"),
        ("3.05", lambda answer: 1, "has the number '3.05', expected"),
        (3.5, lambda answer: 1, "has the number 3.5, expected"),
        ("99.2", lambda: 1, "The check of 99.2 has no argument. Its first one must be the name of the answer"),
        (
            "3.1",
            lambda answer: 1,
            "There is an exercise 3.1 in helpers.practice.lessons.lesson3 already. Give this one",
        ),
    ],
)
def test_an_exercise_that_cannot_be_is_refused(number, function, sentence):
    before = dict(EXERCISES)
    with pytest.raises(ValueError, match=sentence):
        checks.exercise(number, "Title")(function)
    assert before == EXERCISES


def test_a_check_that_forgets_to_return_is_told():
    checks.exercise("99.1", "Four")(lambda answer: None)
    assert (
        check("99.1", {"answer": 4}).text == "The check gave None, expected what `right(...)` or `hint(...)` returns."
    )
    del EXERCISES["99.1"]


def test_a_check_with_the_name_of_its_answer_is_not_the_answer(task):
    @checks.exercise("99.1", "Once more")
    def answer(answer):
        return checks.right("It is 4.") if answer == 4 else checks.hint("No.")

    assert "There is no `answer` yet" in check("99.1", {"answer": answer}).text
    assert check("99.1", {"answer": 4}).state == "right"


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match="There is no exercise '98'. There are "):
        check("98")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("nn.Linear(4, 2)(torch.ones(1, 3))", "another number of features than its `in_features`"),
        ("torch.stack([torch.ones(2), torch.ones(3)])", "stacked only when all have the same shape"),
        ("nn.functional.cross_entropy(torch.zeros(1, 2), torch.tensor([2]))", "A label is larger than"),
        ("nn.functional.cross_entropy(torch.zeros(1, 2), torch.tensor([2.0]))", "different kinds of numbers"),
        ("nn.functional.cross_entropy(torch.tensor([1]), torch.zeros(1, 2))", "labels where it wants"),
        ("torch.optim.SGD([], lr=0.1)", "was given no parameters"),
        ("torch.tensor(1.0).backward()", "No part of this loss can learn"),
        ("nn.BatchNorm1d(2)(torch.ones(1, 2))", "cannot work with a single picture"),
        ("nn.Linear(2, 2, device='meta')(torch.ones(1, 2))", "different devices"),
        ("None.shape", "Something is `None`"),
        ("'ants' in None", "Something is `None`"),
        ("ImageFolder('.')", "wants the folder that holds the class folders"),
        ("len()", "more, fewer or other arguments"),
        ("spelt_wrong", "does not know this name"),
        ("a, b = 1, 2, 3", "more or fewer values than names"),
        ("[0][1]", "beyond the end"),
        ("{}['ants']", "has no such key"),
        ("open('no_such_file')", "no such file"),
    ],
)
def test_errors_are_explained_in_plain_words(code, meaning, tmp_path, monkeypatch):
    """As the installed PyTorch words them."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exception) as caught:
        exec(code, {"torch": torch, "nn": nn, "ImageFolder": ImageFolder})
    assert meaning in checks.explain(caught.value), caught.value


def test_a_check_puts_back_what_it_stirs():
    model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model.eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    random_state = torch.get_rng_state()
    with checks.untouched(model, optimizer):
        model.train()
        model(torch.rand(4, 3)).sum().backward()
        optimizer.step()
        optimizer.param_groups[0]["lr"] = 1.0
        torch.set_grad_enabled(False)
        model[0].requires_grad_(False)
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    assert not model.training and not model[1].training and torch.is_grad_enabled()
    assert model[0].weight.requires_grad and model[0].weight.grad is None
    assert optimizer.param_groups[0]["lr"] == 0.1 and not optimizer.state
    assert torch.equal(torch.get_rng_state(), random_state)


def test_html_shows_code_and_hides_tags():
    text = "`a < b` and *this*, 2 * 3 * 4"
    assert looks.to_html(text) == "<code>a &lt; b</code> and <em>this</em>, 2 * 3 * 4"
    assert looks.to_words(text) == "a < b and this, 2 * 3 * 4"


def test_each_verdict_has_its_colour_and_its_words_have_none():
    shown = {state: checks.Result(state, "`x` < y")._repr_html_() for state in checks.TITLES}
    edges = {
        state: re.search(r"border-left-color: (var\(--jp-[^)]+\))", html).group(1) for state, html in shown.items()
    }
    assert len(set(edges.values())) == 4
    for state, html in shown.items():
        mark, words = re.search(r"<span style=(.*?)</span>(.*)", html).groups()
        assert mark.endswith(f'{edges[state]}">{checks.MARKS[state]}')
        assert words == f" {checks.TITLES[state]}</b> <code>x</code> &lt; y</div>"
        plain = looks.COLOURS[state][1]
        assert f"border-left: 4px solid {plain}; " in html, "as long as JupyterLab does not trust the notebook"
        assert min(contrast(plain, page) for page in ("#ffffff", "#1e1e1e")) >= 3


def contrast(one, other):
    """How much two colours differ in brightness, as WCAG counts it."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# --- what is solved -------------------------------------------------------------------------------------------


def is_solved():
    """Whether the exercise 99.1 is solved, as it is said where it belongs to."""
    words = {
        "In this lesson: 0 of 1 exercise and 0 of 0 questions solved. Still open: exercise 99.1.": False,
        "In this lesson: 1 of 1 exercise and 0 of 0 questions solved. Nothing is open.": True,
    }
    return words[repr(show_progress("99")).splitlines()[0]]


def test_progress_is_kept_and_can_be_reset(task, own_progress):
    assert not is_solved()
    check("99.1", {"answer": 4})
    assert list(json.loads(own_progress.read_text())["exercises"]) == ["99.1"]
    assert is_solved()
    check("99.1", {"answer": 5})
    assert is_solved(), "what was solved stays solved"
    show_progress("03", reset=True)
    assert is_solved(), "another lesson was reset"
    show_progress("99", reset=True)
    assert not is_solved()


def test_only_a_right_answer_is_kept(task, own_progress):
    for answer in (..., 5, lambda: 1 / 0):
        check("99.1", {"answer": answer})
    assert not own_progress.exists()


@pytest.mark.parametrize("content", ["{", "[]", '{"exercises": 3, "questions": {}}', "ÿ"])
def test_a_damaged_file_is_put_aside(task, own_progress, capsys, content):
    own_progress.write_text(content, encoding="latin-1")
    assert check("99.1", {"answer": 4}).state == "right"
    assert "my_progress.json could not be read. It is now my_progress.damaged.json" in capsys.readouterr().out
    assert own_progress.with_suffix(".damaged.json").read_text(encoding="latin-1") == content
    assert is_solved()


def test_a_place_that_cannot_be_written_costs_only_the_progress(task, monkeypatch, tmp_path):
    (tmp_path / "a file").touch()
    monkeypatch.setenv("BRICKS_PROGRESS", str(tmp_path / "a file" / "my_progress.json"))
    result = check("99.1", {"answer": 4})
    assert result.state == "right" and "(Your progress could not be saved: " in result.text
    assert is_solved(), "it lasts until the kernel ends"
    show_progress("99", reset=True)
    assert not is_solved()


def test_a_second_damaged_file_does_not_replace_the_first(task, own_progress, capsys):
    for content in ("first", "second", "third"):
        own_progress.write_text(content)
        check("99.1", {"answer": 4})
    put_aside = sorted(path.name for path in own_progress.parent.glob("*.damaged*"))
    assert put_aside == ["my_progress.damaged.json", "my_progress.damaged1.json", "my_progress.damaged2.json"]
    assert [(own_progress.parent / name).read_text() for name in put_aside] == ["first", "second", "third"]


def test_a_file_that_may_not_be_read_is_not_replaced(task, own_progress, monkeypatch):
    check("99.1", {"answer": 4})
    before = own_progress.read_bytes()

    def refuse(path, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(progress, "_closed", set())
    monkeypatch.setattr(progress, "_unsaved", {})
    with monkeypatch.context() as only_now:
        only_now.setattr(type(own_progress), "read_text", refuse)
        assert "(Your progress could not be saved: " in check("99.1", {"answer": 4}).text
        assert is_solved()
    assert own_progress.read_bytes() == before


def test_a_file_without_its_parts_is_put_aside_too(task, own_progress):
    own_progress.write_text('{"exercises": "", "questions": {}}')
    check("99.1", {"answer": 4})
    assert own_progress.with_suffix(".damaged.json").exists()


def test_it_lies_beside_the_notebooks_and_git_ignores_it(monkeypatch):
    from conftest import COURSE

    monkeypatch.delenv("BRICKS_PROGRESS")
    assert progress_file() == COURSE / "notebooks" / "my_progress.json"
    assert "notebooks/my_progress*" in (COURSE / ".gitignore").read_text().splitlines()


def test_its_folder_is_made_and_may_be_named_from_home(task, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("BRICKS_PROGRESS", "~/bricks/my_progress.json")
    check("99.1", {"answer": 4})
    assert "99.1" in (tmp_path / "bricks" / "my_progress.json").read_text()


# --- the wall -------------------------------------------------------------------------------------------------


def bricks(html):
    """Of each row of the wall: the text that stands for its picture, and how many bricks are laid and open in it."""
    for alt, svg in re.findall(r'<img alt="([^"]+)"[^>]* src="data:image/svg\+xml,([^"]+)">', html):
        paths = ElementTree.fromstring(unquote(svg)).iter("{http://www.w3.org/2000/svg}path")
        yield alt, [path.get("d").count("z") for path in paths]


def test_the_wall_has_a_brick_for_each_exercise_and_question(own_progress):
    solved = {"exercises": ["0.1", "3.1", "3.3"], "questions": ["3.2", "9.1", "9.99", "77.1"]}
    own_progress.write_text(json.dumps({kind: dict.fromkeys(numbers, "") for kind, numbers in solved.items()}))
    wall = show_progress("03")
    html = wall._repr_html_()
    rows = list(bricks(html))
    of_3 = [n for n in EXERCISES if progress.belongs(n, "03")], [f"3.{i + 1}" for i in range(len(QUIZZES["03"]))]
    assert [sum(counts) for _, counts in rows] == [
        sum(progress.belongs(n, lesson) for n in EXERCISES) + len(QUIZZES[lesson]) for lesson in sorted(QUIZZES)
    ]
    assert [laid for _, (laid, _) in rows] == [1, 0, 0, 3, 0, 0, 0, 0, 0, 1], "without what is no longer asked"
    assert rows[3][0] == f"2 of {len(of_3[0])} exercises and 1 of {len(of_3[1])} questions"
    total = f"{len(EXERCISES)} exercises and 2 of {sum(map(len, QUIZZES.values()))} questions solved."
    still = [[n for n in numbers if n not in solved[kind]] for kind, numbers in zip(progress.KINDS, of_3, strict=True)]
    questions = ", ".join(number.split(".")[1] for number in still[1])
    assert repr(wall).splitlines() == [
        f"In this lesson: {rows[3][0]} solved. Still open: exercises {', '.join(still[0])} and questions {questions}.",
        f"In all lessons: 3 of {total}",
    ]
    assert all(line in html for line in repr(wall).splitlines()) and len(html.encode()) < 12_000


def test_a_lesson_of_ones_own_has_a_row(task, asked):
    check("99.1", {"answer": 4})
    html = show_progress("99")._repr_html_()
    assert "<b " in html and ">99 · Extra lesson</b>" in html and "<b>1 of 3, here</b>" in html
    *_, (words, counts) = bricks(html)
    assert words == "1 of 1 exercise and 0 of 2 questions" and counts == [1, 2]
    assert ">99 · Extra lesson</span>" in show_progress("03")._repr_html_(), "no link: its file may lie anywhere"


def test_many_bricks_in_a_lesson_are_in_the_order_of_numbers_and_all_seen(monkeypatch):
    for i in range(5, 13):
        monkeypatch.setitem(EXERCISES, f"3.{i}", EXERCISES["3.1"])
    assert "3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9, 3.10, 3.11, 3.12 and" in repr(show_progress("03"))
    html = show_progress("03")._repr_html_()
    widths = [int(width) for width in re.findall(r'<img alt="[^"]+" width="(\d+)"', html)]
    svg = unquote(re.findall(r'src="data:image/svg\+xml,([^"]+)"', html)[3])
    furthest = max(int(x) for x in re.findall(r"M(\d+)\.5", svg)) + 33
    assert widths[3] > furthest and {*widths[:3], *widths[4:]} == {200} and f"width='{widths[3]}'" in svg


@pytest.mark.parametrize("lesson", ["3", "own", "٠٣", 3])
def test_what_is_no_lesson_is_named(lesson):
    with pytest.raises(ValueError, match=f"A lesson is called {lesson!r}, expected its number in two digits"):
        show_progress(lesson)


def test_a_lesson_without_gaps_says_so(own_progress):
    everything = {"exercises": list(EXERCISES), "questions": [f"{int(of)}.{i + 1}" for of, i in QUESTIONS]}
    own_progress.write_text(json.dumps({kind: dict.fromkeys(numbers, "") for kind, numbers in everything.items()}))
    assert "solved. Nothing is open.\n" in repr(show_progress("04"))
    assert not any(gaps for _, (_, gaps) in bricks(show_progress("04")._repr_html_()))


def test_the_wall_leads_to_the_other_lessons(monkeypatch):
    html = show_progress("03")._repr_html_()
    count = sum(progress.belongs(n, "03") for n in EXERCISES) + len(QUIZZES["03"])
    others = [path.name for path in NOTEBOOKS if path.name[:2] != "03"]
    assert re.findall(r'<a href="([^"]+)"', html) == others and list(summary.LESSONS) == [p.stem for p in NOTEBOOKS]
    assert re.findall(r"<b[^>]*>([^<]+)</b>", html) == ["3 · DataLoader", f"0 of {count}, here"]
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert "<a " not in show_progress("03")._repr_html_() and "6 · Training loop" in show_progress("03")._repr_html_()


# --- quizzes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lesson", "i"), QUESTIONS)
def test_a_question_has_the_answers_it_claims_and_explains_each_choice(lesson, i):
    question, name = QUIZZES[lesson][i], f"question {i + 1} of lesson {lesson}"
    assert question.text.strip().endswith(("?", ".", ":")), f"{name} ends in the middle of a sentence"
    assert len({choice.text for choice in question.choices}) == len(question.choices), f"{name} has a choice twice"
    whys = [choice.why for choice in question.choices]
    assert all(len(why) > 25 for why in whys), f"{name}: each choice is explained in a sentence"
    assert len(set(whys)) == len(whys), f"{name}: each choice has an explanation of its own"
    for text in (question.text, *whys, *(choice.text for choice in question.choices)):
        assert text.count("`") % 2 == 0, f"{name}: a ` is missing in {text!r}"
        slow = re.search(r"\b(simply|just|obviously|of course|trivial)\b", text, re.I)
        assert not slow, f"{name}: {slow and slow[0]!r} makes a beginner feel slow"


def choices(*right):
    return tuple(Choice(f"choice {i}", f"why {i}", right=is_right) for i, is_right in enumerate(right))


def test_two_choices_are_enough_and_one_is_wrong():
    """Yes or no is a fair question where both explanations teach; a third choice that nobody believes does not."""
    assert Question("Frozen?", choices(True, False)).answers == 1
    for answers, given in [(1, [True]), (1, [False, False]), (1, [True, True, False]), (2, [True, True]), (1, [])]:
        with pytest.raises(ValueError, match=f"'Frozen.' has {len(given)} choices, {sum(given)} of them right. Expect"):
            Question("Frozen?", choices(*given), answers)
    with pytest.raises(ValueError, match="has 7 choices, 1 of them right. Expected 2 to 6"):
        Question("Frozen?", choices(True, *[False] * 6))


def test_the_right_answer_has_no_favourite_letter():
    places = [[choice.right for choice in QUIZZES[lesson][i].choices].index(True) for lesson, i in QUESTIONS]
    often = {letter: places.count(place) for place, letter in enumerate("ABCDEF")}
    assert max(often.values()) <= 0.5 * len(places), f"the right answer stands so often at each letter: {often}"


def test_what_people_believe_is_a_tempting_wrong_choice():
    wrong = [c.text for lesson, i in QUESTIONS for c in QUIZZES[lesson][i].choices if not c.right]
    for belief, words in MISCONCEPTIONS.items():
        assert any(words in text for text in wrong), belief


@pytest.fixture
def asked(monkeypatch):
    """A quiz with a question of one right answer, and one of two."""
    one = Question("One?", (Choice("a `x`", "why a"), Choice("b", "why b", right=True)))
    two = Question("Two?", (Choice("c", "why c", right=True), Choice("d", "why d"), Choice("e", "why e", True)), 2)
    monkeypatch.setitem(QUIZZES, "99", [one, two])
    return quiz("99")


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def buttons_of(quiz):
    return [part for part in walk(quiz) if isinstance(part, ipywidgets.Button)]


def test_each_row_explains_its_choice_below_itself(asked):
    buttons = buttons_of(asked)
    assert [button.description for button in buttons] == ["A a x", "B b", "A c", "B d", "C e"]
    question = asked.children[0].children  # its text, and for each choice a row and an explanation
    assert question[1].children[1] is buttons[0] and question[3].children[1] is buttons[1]
    assert "a <code>x</code>" in question[1].children[0].value
    assert all(part.layout.display == "none" for part in (question[2], question[4])), "no gap below an unread choice"
    buttons[0].click()
    first = question[2].value
    assert "A, no.</b> why a" in first and looks.COLOURS["error"][1] in first and 'role="status"' in first
    assert question[2].layout.display is None and question[4].layout.display == "none"
    assert "0 of 2 answered" in asked.score.value
    buttons[1].click()
    assert "B, right.</b> why b" in question[4].value and looks.COLOURS["right"][1] in question[4].value
    assert question[2].value == first, "what was read stays"
    assert "1 of 2 answered" in asked.score.value
    buttons[2].click()
    buttons[2].click()
    assert "1 of 2 answered" in asked.score.value, "the second right answer is still to be found"
    buttons[4].click()
    assert "2 of 2 answered" in asked.score.value


def test_answered_questions_are_kept(asked, own_progress):
    buttons_of(asked)[1].click()
    assert list(json.loads(own_progress.read_text())["questions"]) == ["99.1"]
    assert "1 of 2 questions solved. Still open: question 2." in repr(show_progress("99"))


def test_the_plain_text_has_all_of_it(asked):
    for text in (repr(asked), asked._repr_html_()):
        for words in ("One?", "Two? (2 answers are right)" if text == repr(asked) else "Two?", "why a", "why d"):
            assert words in text
    assert repr(asked).splitlines()[:3] == ["1. One?", "   A) a `x`", "   B) b"]
    assert asked._repr_html_().count("<details>") == 2


def test_without_widgets_only_the_text_is_shown(asked, monkeypatch):
    shown = []
    monkeypatch.setattr("helpers.plotting.display", lambda bundle, **_: shown.append(set(bundle)))
    asked._ipython_display_()
    monkeypatch.setenv("BRICKS_WIDGETS", "off")
    asked._ipython_display_()
    text = {"text/plain", "text/html"}
    assert shown == [text | {"application/vnd.jupyter.widget-view+json"}, text]


def test_an_unknown_quiz_is_named():
    with pytest.raises(ValueError, match="There is no quiz '99'. There are 0"):
        quiz("99")
