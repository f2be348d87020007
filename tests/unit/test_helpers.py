"""helpers/: right results, and clear words when something is wrong."""

import base64
import io
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from conftest import COURSE
from matplotlib.text import Text
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader

import helpers
from helpers import device, figures, plotting, settings


# ---------------------------------------------------------------- settings
def test_settings_are_read_in_one_place_and_documented():
    page = (COURSE / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in settings.SETTINGS)
    for path in COURSE.glob("helpers/**/*.py"):
        if path.name != "settings.py":
            assert not re.search(r"environ\S*BRICKS_", path.read_text(encoding="utf-8")), path


def test_a_setting_that_nobody_documented_is_refused():
    with pytest.raises(KeyError):
        settings.setting("BRICKS_TYPO")


# ---------------------------------------------------------------- device
def test_device_on_cpu(capsys):
    assert helpers.choose_device().type == "cpu"
    assert "No GPU is needed" in capsys.readouterr().out


def test_device_colab_without_gpu_gets_a_kind_hint(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    helpers.choose_device()
    assert "Runtime > Change runtime type" in capsys.readouterr().out


def test_device_cuda_is_named_with_its_memory(monkeypatch, capsys):
    monkeypatch.delenv("BRICKS_DEVICE")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    gpu = SimpleNamespace(name="Tesla T4", total_memory=15.8e9)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: gpu)
    assert helpers.choose_device().type == "cuda"
    assert "Tesla T4 with 16 GB" in capsys.readouterr().out


def test_device_mps_is_found(monkeypatch, capsys):
    monkeypatch.delenv("BRICKS_DEVICE")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch, "__version__", "2.7.0")  # older ones cannot resize there
    assert helpers.choose_device().type == "mps"
    assert "Mac" in capsys.readouterr().out


def test_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setenv("BRICKS_DEVICE", "tpu")
    with pytest.raises(RuntimeError, match="'tpu'.*only cpu"):
        helpers.choose_device()


@pytest.fixture
def good_machine(monkeypatch):
    monkeypatch.setattr(device.shutil, "which", lambda name: None)
    monkeypatch.setattr(device.psutil, "virtual_memory", lambda: SimpleNamespace(available=4e9))


def test_preflight_is_content_here(good_machine, capsys):
    assert helpers.preflight()
    *lines, report = capsys.readouterr().out.splitlines()
    assert len(lines) == 7 and all(line.startswith("ok") for line in lines)
    assert f"torch {torch.__version__.split('+')[0]}" in report and report.startswith("To report a fault, copy")


@pytest.mark.parametrize(
    "name, value, advice",
    [
        ("_version", lambda name: None, "torch is missing.*pip install -r requirements.txt"),
        ("_version", lambda name: "0.4.1", "torch 0.4.1.*need torch 2.6"),
    ],
)
def test_preflight_says_what_to_do(monkeypatch, capsys, name, value, advice):
    monkeypatch.setattr(device, name, value)
    assert not helpers.preflight()
    out = capsys.readouterr().out
    assert "PROBLEM" in out and "notebooks/HELP.md" in out
    assert any(re.search(advice, line) for line in out.splitlines())


def test_preflight_notices_little_memory(good_machine, monkeypatch, capsys):
    monkeypatch.setattr(device.psutil, "virtual_memory", lambda: SimpleNamespace(available=4e8))
    assert helpers.preflight()
    assert "note    0.4 GB of free memory\n        Lesson 6 needs up to 1.6 GB. Close" in capsys.readouterr().out


def test_preflight_notices_a_gpu_that_torch_cannot_use(good_machine, monkeypatch, capsys):
    monkeypatch.setattr(device.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert helpers.preflight()
    assert "NVIDIA GPU that PyTorch cannot use" in capsys.readouterr().out


def test_preflight_asks_for_what_requirements_install():
    requirements = dict(line.split(">=") for line in (COURSE / "requirements.txt").read_text().split())
    assert device.OLDEST.items() <= requirements.items()


def test_versions_compare_as_numbers():
    assert device._numbers("2.11.0+cu128") == [2, 11, 0] > device._numbers("2.6")


def test_importing_helpers_brings_no_widgets():
    code = "import sys, helpers; print([m for m in ('ipywidgets', 'jupyterlab') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


# ---------------------------------------------------------------- plotting
def shown(monkeypatch):
    calls = []
    monkeypatch.setattr(plotting, "display", lambda data, **options: calls.append((data, options["metadata"])))
    return calls


def decode(data):
    (kind,) = (kind for kind in data if kind.startswith("image/"))
    return kind, Image.open(io.BytesIO(base64.b64decode(data[kind])))


def test_every_plot_has_a_text_alternative(monkeypatch):
    calls = shown(monkeypatch)
    history = {
        "train_loss": [0.7, 0.5],
        "train_accuracy": [0.5, 0.8],
        "val_loss": [0.7, 0.6],
        "val_accuracy": [0.5, 0.7],
    }
    helpers.plot_history(history)
    helpers.plot_history({name: [] for name in history})
    helpers.plot_lines({"a": [1, 2], "b": [2, 1]}, "step", "value", alt="Two lines that cross")
    helpers.plot_confusion_matrix(torch.tensor([[5, 1], [0, 6]]), ["cats", "dogs"])
    helpers.show_pictures([Image.new("RGB", (9, 9)), torch.zeros(3, 9, 9)], ["one", "two"], alt="Two pictures")
    alts = []
    for data_, metadata in calls:
        kind, image = decode(data_)
        assert image.width > 100
        alts.append(metadata[kind]["alt"])
        assert data_["text/plain"] == alts[-1]
    assert "val_accuracy 0.70" in alts[0] and "after 2 epochs" in alts[0]
    assert "cats: 5 as cats, 1 as dogs" in alts[3]
    assert alts[4] == "Two pictures: one, two."
    assert not plotting.plt.get_fignums(), "figures left open fill the memory and appear twice"


def test_a_handle_redraws_in_place():
    updates = []
    handle = SimpleNamespace(update=lambda data, **options: updates.append(data))
    history = dict.fromkeys(["train_loss", "train_accuracy", "val_loss", "val_accuracy"], [0.5])
    assert helpers.plot_history(history, handle) is handle and len(updates) == 1


def test_lines_differ_without_colour():
    assert len(set(map(str, figures.LINES))) == len(set(figures.MARKERS)) == len(figures.COLOURS) == 6


def test_unnormalize_undoes_the_transform():
    image = torch.rand(2, 3, 4, 4)
    normalize = helpers.build_transforms(4)["val"].transforms[-1]
    assert torch.allclose(helpers.unnormalize(normalize(image)), image, atol=1e-6)


def test_surgery_and_freezing():
    model = helpers.build_model(3, freeze=True)
    trainable = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert trainable == ["fc.weight", "fc.bias"] and model(torch.zeros(2, 3, 32, 32)).shape == (2, 3)
    helpers.set_train_mode(model)
    assert model.training and not any(m.training for m in model.modules() if isinstance(m, nn.BatchNorm2d))
    whole = helpers.build_model(3)
    helpers.set_train_mode(whole)
    assert all(m.training for m in whole.modules())


# ---------------------------------------------------------------- odd names, many classes, a lost training
@pytest.mark.parametrize("name", ["$$", "$1-$5 bill", "a_b^c \\frac{", "k\udce4fer", "猫"])
def test_class_names_are_drawn_as_they_are(monkeypatch, capsys, name):
    calls = shown(monkeypatch)
    helpers.show_pictures([Image.new("RGB", (9, 9))], [name])
    helpers.plot_confusion_matrix(torch.eye(2, dtype=torch.int64), [name, "b"])
    helpers.plot_lines({name: [1, 100]}, "step", "value", alt="One line", yscale="log")
    helpers.plot_bars({name: 1.0}, "value", alt="One bar")
    assert len(calls) == 4 and all(decode(data_)[1].width > 100 for data_, _ in calls)
    said = capsys.readouterr().out
    assert said == "" or name == "猫" and "no font for some letters of the names" in said


def test_a_formula_in_a_name_is_not_set_as_one(monkeypatch):
    calls = shown(monkeypatch)
    for name in ("$x$", "xyz"):
        helpers.show_pictures([Image.new("RGB", (9, 9))], [name])
    assert "$x$" in calls[0][0]["text/plain"]
    figure, axis = plotting.plt.subplots()
    axis.set_title("$x$")
    figures.render(figure)
    assert not next(text for text in axis.findobj(Text) if text.get_text() == "$x$").get_parse_math()
    other, axis = plotting.plt.subplots()
    axis.set(xscale="log", xlim=(1e-5, 1))
    figures.render(other)
    assert all(label.get_parse_math() for label in axis.get_xticklabels()), "powers of ten are formulas"
    plotting.plt.close("all")


def test_a_confusion_matrix_of_102_classes_stays_small(monkeypatch, capsys):
    calls = shown(monkeypatch)
    matrix = torch.eye(102, dtype=torch.int64) * 5
    matrix[7, 9] = 3
    helpers.plot_confusion_matrix(matrix, [f"flower {i}" for i in range(102)])
    (data_, metadata) = calls[0]
    assert max(metadata["image/png"][side] for side in ("width", "height")) < 1_100 and len(data_["text/plain"]) < 300
    assert "102 classes; 510 of 513 right. Most frequent mistakes: flower 7 as flower 9 3 times" in data_["text/plain"]


def test_a_grid_of_many_pictures_has_an_end(monkeypatch, capsys):
    calls = shown(monkeypatch)
    monkeypatch.setattr(plotting, "MOST", 3)
    helpers.show_batch(torch.zeros(8, 3, 9, 9), torch.arange(8), list("abcdefgh"))
    assert capsys.readouterr().out == "These are the first 3 of 8 pictures.\n"
    assert calls[0][0]["text/plain"] == "a batch of pictures: a, b, c."


def test_a_loss_that_is_no_number_is_said_in_the_plot(monkeypatch):
    calls = shown(monkeypatch)
    names = ["train_loss", "train_accuracy", "val_loss", "val_accuracy"]
    helpers.plot_history({name: [0.5, float("nan")] for name in names})
    assert "From epoch 2 on the loss is no number: try a smaller learning rate." in calls[0][0]["text/plain"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: helpers.build_transforms("128"), "image_size is '128', expected a whole number from 1 on"),
        (lambda: helpers.build_transforms(image_size=128.5), "image_size is 128.5"),
        (lambda: helpers.build_loaders(Path("data"), 128, 0), "batch_size is 0, expected a whole number from 1 on"),
        (lambda: helpers.build_loaders(Path("data"), 128, batch_size=True), "batch_size is True"),
        (lambda: helpers.build_optimizer(nn.Linear(1, 1), "4"), "epochs is '4'"),
        (lambda: helpers.fit(*[None] * 5, epochs=2.5, device=None), "epochs is 2.5, expected a whole number from 0 on"),
        (lambda: helpers.build_transforms([64]), r"image_size is \[64\], expected a whole number from 1 on"),
        (lambda: helpers.build_model(0), "num_classes is 0, expected a whole number from 1 on"),
        (lambda: helpers.build_optimizer(nn.Linear(1, 1), 4, lr="0.1"), "lr is '0.1', expected a number from 0 on"),
        (lambda: helpers.evaluate(nn.Linear(1, 1), [], None, None), "no batches, expected one or more. Give it pic"),
        (lambda: helpers.train_one_epoch(nn.Linear(1, 1), iter(()), None, None, None), "A generator gives them only"),
        (
            lambda: helpers.evaluate(nn.Linear(1, 1), DataLoader(range(2), 4, drop_last=True), None, None),
            "no batches, expected one or more. With drop_last, .* batch_size smaller",
        ),
        (lambda: helpers.find_data(" "), "' ' is no folder. Expected"),
    ],
)
def test_values_out_of_range_get_a_sentence_where_they_are_first_used(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_helpers_that_take_a_folder_take_text_too(pictures):
    loaders = helpers.build_loaders(str(pictures), 32, 2)
    assert len(loaders["train"].dataset) == 6
