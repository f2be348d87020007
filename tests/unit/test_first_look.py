"""The first look of lesson 0: the head that ships is what its command makes, and the lesson's sentences are true."""

import urllib.request

import pytest
import torch
import train_head
from conftest import NOTEBOOKS

from helpers.explorers import explore_predictions, load_first_look
from helpers.explorers.first_look import HEAD
from helpers.explorers.predictions import change_picture, predict
from helpers.training import evaluate

LESSON = NOTEBOOKS[0].read_text(encoding="utf-8")
ANT = 32  # the picture that the lesson begins with


@pytest.fixture(scope="module")
def first_look():
    return load_first_look()


@pytest.fixture(scope="module")
def made_again():
    return train_head.train()


@pytest.mark.everything
def test_the_file_is_what_the_command_makes(made_again):
    content, _ = made_again
    shipped = torch.load(HEAD, weights_only=True)
    assert {key: shipped[key] for key in ("classes", "image_size")} == {
        "classes": ["ants", "bees"],
        "image_size": train_head.IMAGE_SIZE,
    }
    assert sum(part.numel() for part in shipped["state_dict"].values()) == 1026
    for name, part in content["state_dict"].items():
        torch.testing.assert_close(part, shipped["state_dict"][name], rtol=0.02, atol=2e-3)


@pytest.mark.everything
def test_its_accuracy_is_that_of_the_readme(made_again):
    """Another processor rounds differently, and may turn a picture that hangs in the balance."""
    _, right = made_again
    assert [right[split] for split in ("train", "val", "test")] == pytest.approx([240, 115, 118], abs=2)
    readme = (HEAD.parent / "README.md").read_text(encoding="utf-8")
    assert "115 of 120 on `val` (95.8 %) and 118 of 120 on `test` (98.3 %)" in readme


def test_the_fit_knows_no_chance():
    x = torch.randn(40, 512, generator=torch.Generator().manual_seed(0))
    y = (x[:, 0] > 0).long()
    torch.manual_seed(1)
    one = train_head.fit_head(x, y, 2)
    torch.manual_seed(2)
    assert torch.equal(one.weight, train_head.fit_head(x, y, 2).weight)
    assert (one(x).argmax(dim=1) == y).all()


def test_the_lesson_names_its_accuracy(first_look):
    model, pictures = first_look
    loader = torch.utils.data.DataLoader(pictures, batch_size=40)
    _, accuracy = evaluate(model, loader, torch.nn.CrossEntropyLoss(), torch.device("cpu"))
    assert accuracy * len(pictures) == pytest.approx(115, abs=2)
    assert "The first slider shows 120 new ones: it names 115 correctly" in LESSON and len(pictures) == 120


def test_a_turn_changes_its_mind_as_the_lesson_says(first_look):
    model, pictures = first_look
    assert "At 90 and 180 degrees it sees an ant; at 150 it says *bees*, more than 80 % sure" in LESSON
    image, label = pictures[ANT]
    ants = {turn: predict(model, change_picture(image, turn, 1))[label].item() for turn in (0, 90, 150, 180)}
    assert ants[0] > 0.9 and ants[90] > 0.6 and ants[180] > 0.6 and 1 - ants[150] > 0.8


def test_the_explorer_begins_with_the_ant_and_comes_back_to_it(first_look):
    assert f"explore_predictions(network, pictures, number={ANT})" in LESSON
    explorer = explore_predictions(*first_look, number=ANT)
    assert "says ants" in explorer.caption.value
    explorer.controls["index"].value, explorer.controls["turn"].value = 61, 150
    assert "says bees" in explorer.caption.value
    explorer.reset()
    assert explorer.values["index"] == ANT and "says ants" in explorer.caption.value


def test_it_is_quiet_asks_no_network_and_ignores_other_weights(monkeypatch, capsys):
    monkeypatch.setenv("BRICKS_WEIGHTS", "auto")
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: pytest.fail("asked the network"))
    model, _ = load_first_look()
    assert not model.training and capsys.readouterr().out == ""


def test_a_missing_head_says_how_to_make_it(monkeypatch, tmp_path):
    monkeypatch.setattr("helpers.explorers.first_look.HEAD", tmp_path / "head.pth")
    with pytest.raises(FileNotFoundError, match="Run `python data_samples/train_head.py`"):
        load_first_look()


@pytest.mark.everything
def test_the_command_writes_the_file(made_again, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(train_head, "OUT", tmp_path / "head.pth")
    monkeypatch.setattr(train_head, "train", lambda: made_again)
    train_head.main()
    written = torch.load(tmp_path / "head.pth", weights_only=True)
    assert torch.equal(written["state_dict"]["weight"], made_again[0]["state_dict"]["weight"])
    assert "1026 numbers" in capsys.readouterr().out
