"""helpers/: right results, and clear words when something is wrong."""

import base64
import io
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch
from conftest import COURSE
from PIL import Image
from torch import nn

import helpers
from helpers import device, plotting, settings


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
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7 and all(line.startswith("ok") for line in lines)


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
    assert "note    0.4 GB of free memory\n        Lesson 6 needs up to 1.5 GB. Close" in capsys.readouterr().out


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
    assert len(set(map(str, plotting.LINES))) == len(set(plotting.MARKERS)) == len(plotting.COLOURS) == 6


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
