"""A finished brick in helpers/ is the very code that the learner wrote in a notebook."""

import ast
import inspect
import json
import re
import textwrap

import pytest
from conftest import COURSE

from helpers import backbone, data, faster, pictures, predicting, training

MODULES = (pictures, data, backbone, training, predicting, faster)
BRICKS = {
    "01_data_loading": ["build_datasets", "CsvDataset", "find_broken_pictures"],
    "02_transforms": ["build_transforms"],
    "03_dataloader": ["build_loaders"],
    "04_model_surgery": ["set_train_mode", "build_model"],
    "05_loss_and_optimizer": ["build_optimizer"],
    "06_training_loop": ["train_one_epoch", "evaluate", "fit"],
    "07_predict_and_explain": ["predict"],
    "08_faster": ["decode_once", "compute_features"],
}


FINISHED = {
    name: value
    for module in MODULES
    for name, value in vars(module).items()
    if inspect.getmodule(value) is module and re.match(r"Lesson \d", inspect.getdoc(value) or "")
}


def tree(code):
    """The syntax tree of one definition, without what only helpers/ need: docstrings, type hints, checks of values."""
    definition = ast.parse(textwrap.dedent(code)).body[0]
    for node in ast.walk(definition):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            node.decorator_list = [one for one in node.decorator_list if not ast.unparse(one).startswith("expects(")]
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.dump(definition, indent=1)


def definition_in_notebook(lesson, name):
    notebook = json.loads((COURSE / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    (found,) = (n for n in ast.parse(code).body if getattr(n, "name", None) == name)
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    return "\n".join(code.splitlines()[first - 1 : found.end_lineno])


@pytest.mark.parametrize("lesson, name", [(lesson, name) for lesson, names in BRICKS.items() for name in names])
def test_brick_is_the_code_of_its_lesson(lesson, name):
    assert tree(definition_in_notebook(lesson, name)) == tree(inspect.getsource(FINISHED[name]))


def test_a_changed_brick_would_be_noticed():
    code = inspect.getsource(training.train_one_epoch)
    assert tree(code) != tree(code.replace("optimizer.zero_grad()", "model.zero_grad()"))
    assert tree(code) == tree(re.sub(r'""".*?"""', '"""Other words."""', code, flags=re.DOTALL))


def test_every_brick_named_after_a_lesson_is_compared():
    assert set(FINISHED) == {name for names in BRICKS.values() for name in names}
