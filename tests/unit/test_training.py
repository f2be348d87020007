"""The loop learns, measures rightly, stops without loss, and resumes to the same result in a new process."""

import subprocess
import sys

import pytest
import torch
from conftest import COURSE
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import helpers

CPU = torch.device("cpu")


def small_loaders():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(40, 3, 8, 8, generator=generator)
    dataset = TensorDataset(x, (x.mean(dim=(1, 2, 3)) > 0).long())
    return {"train": DataLoader(dataset, 16, shuffle=True), "val": DataLoader(dataset, 16)}


def small_model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(288, 2))


def train(epochs, history=None, model=None, optimizer=None, scheduler=None, after_epoch=None):
    model = model or small_model()
    if optimizer is None:
        optimizer, scheduler = helpers.build_optimizer(model, epochs=5, lr=0.01)
    criterion = nn.CrossEntropyLoss()
    history = helpers.fit(model, small_loaders(), criterion, optimizer, scheduler, epochs, CPU, history, after_epoch)
    return model, optimizer, scheduler, history


def test_fit_learns():
    _, _, _, history = train(5)
    assert history["train_loss"][-1] < 0.75 * history["train_loss"][0]
    assert history["train_accuracy"][-1] > 0.75
    assert [len(values) for values in history.values()] == [5] * 4


def test_evaluate_weights_by_pictures_and_changes_nothing():
    model, loaders = small_model(), small_loaders()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    loss, accuracy = helpers.evaluate(model, loaders["val"], nn.CrossEntropyLoss(), CPU)
    x, y = loaders["val"].dataset.tensors
    logits = model.eval()(x)
    assert loss == pytest.approx(nn.CrossEntropyLoss()(logits, y).item(), abs=1e-5)
    assert accuracy == pytest.approx((logits.argmax(dim=1) == y).float().mean().item())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_optimizer_takes_only_trainable_parameters():
    model = small_model().requires_grad_(False)
    model[4].requires_grad_(True)
    optimizer, scheduler = helpers.build_optimizer(model, epochs=4, lr=0.02, weight_decay=0.3)
    assert optimizer.param_groups[0]["params"] == list(model[4].parameters())
    assert optimizer.defaults["weight_decay"] == 0.3 and type(optimizer) is torch.optim.AdamW


def test_the_learning_rate_warms_up_and_falls_to_nothing():
    optimizer, scheduler = helpers.build_optimizer(small_model(), epochs=4, lr=0.02)
    rates = []
    for _ in range(4):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert rates == pytest.approx([0.01, 0.02 * 0.8536, 0.01, 0.02 * 0.1464], rel=1e-3)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0)


def test_stopping_keeps_what_was_learnt(capsys):
    def stop(history):
        if len(history["val_loss"]) == 2:
            raise KeyboardInterrupt

    model, optimizer, scheduler, history = train(5, after_epoch=stop)
    assert len(history["val_loss"]) == 2
    assert "Stopped. Complete epochs: 2." in capsys.readouterr().out
    resumed, _, _, history = train(5, history, model, optimizer, scheduler)
    straight = train(5)[0].state_dict()
    assert len(history["val_loss"]) == 5
    assert all(torch.equal(value, straight[name]) for name, value in resumed.state_dict().items())


@pytest.mark.everything
def test_a_new_process_resumes_to_the_same_result(tmp_path):
    straight, _, _, straight_history = train(4)
    model, optimizer, scheduler, history = train(3)
    path = tmp_path / "run" / "three.pt"
    helpers.save_checkpoint(path, model, optimizer, scheduler, history, ["no", "yes"])
    code = (
        "import sys, torch, test_training as t, helpers; from pathlib import Path\n"
        "model = t.small_model(); optimizer, scheduler = helpers.build_optimizer(model, 5, lr=0.01)\n"
        f"history, classes = helpers.load_checkpoint(Path({str(path)!r}), model, optimizer, scheduler)\n"
        "assert classes == ['no', 'yes'], classes\n"
        "model, _, _, history = t.train(4, history, model, optimizer, scheduler)\n"
        f"torch.save((model.state_dict(), history), {str(tmp_path / 'four.pt')!r})\n"
    )
    search = (
        f"import sys; sys.path[:0] = [{str(COURSE)!r}, {str(COURSE / 'tests')!r}, {str(COURSE / 'tests' / 'unit')!r}]\n"
    )
    subprocess.run([sys.executable, "-c", search + code], check=True)
    weights, history = torch.load(tmp_path / "four.pt", weights_only=True)
    assert history == straight_history
    assert all(torch.equal(value, weights[name]) for name, value in straight.state_dict().items())


def test_wilson_interval():
    # Figures of the textbook example in Newcombe, Statistics in Medicine 1998, table I: 81 of 263, 15 of 148, 0 of 20.
    assert helpers.wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert helpers.wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert helpers.wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    for total in range(1, 401):  # rounding never leaves the share outside
        assert helpers.wilson_interval(0, total)[0] == 0 and helpers.wilson_interval(total, total)[1] == 1
    for correct, total, words in [
        (3, 2, "correct is 3, expected at most total, 2"),
        (-1, 2, "correct is -1, expected a whole number from 0 on"),
        (0.93, 120, "correct is 0.93, expected a whole number from 0 on"),  # an accuracy is no count
        (0, 0, "total is 0, expected a whole number from 1 on"),
    ]:
        with pytest.raises(ValueError, match=words):
            helpers.wilson_interval(correct, total)
