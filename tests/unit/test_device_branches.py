"""Every branch that depends on the device, forced without one: GPUs old and new, Macs, CPUs with bfloat16 or not."""

import json
import os
import platform
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch
from conftest import COURSE, NOTEBOOKS

from helpers import (
    build_loaders,
    build_transforms,
    choose_amp_dtype,
    choose_device,
    data,
    device,
)
from helpers.data import build_datasets
from helpers.train.options import read_options
from helpers.train.shares import build_shares

CODE = {
    path.stem: [
        "".join(cell["source"])
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    for path in NOTEBOOKS
}


@pytest.mark.parametrize(
    ("capability", "dtype", "reason"),
    [
        ((9, 0), torch.bfloat16, "from 8.0 on"),  # H100
        ((8, 0), torch.bfloat16, "from 8.0 on"),  # A100
        ((7, 5), torch.float16, "7.5: it computes fast with float16, and bfloat16 needs 8.0"),  # T4
        ((7, 0), torch.float16, "float16"),  # V100
        ((6, 1), None, "no gain"),  # GTX 1080
    ],
)
def test_mixed_precision_on_nvidia(monkeypatch, capsys, capability, dtype, reason):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    assert choose_amp_dtype(torch.device("cuda")) is dtype
    (line,) = capsys.readouterr().out.splitlines()
    assert reason in line and str(dtype).removeprefix("torch.").lower() in line


@pytest.mark.parametrize(("version", "dtype"), [("2.7.1", None), ("2.8.0", torch.float16), ("2.11.0", torch.float16)])
def test_mixed_precision_on_a_mac(monkeypatch, capsys, version, dtype):
    """Before 2.8, GradScaler asked the Mac's GPU for float64, which it has not."""
    monkeypatch.setattr(torch, "__version__", version)
    assert choose_amp_dtype(torch.device("mps")) is dtype
    assert ("2.8 or newer" in capsys.readouterr().out) == (dtype is None)


@pytest.mark.parametrize(
    ("machine", "has", "dtype"),
    [
        ("x86_64", "_is_avx512_bf16_supported", torch.bfloat16),
        ("AMD64", "_is_amx_tile_supported", torch.bfloat16),
        ("x86_64", None, None),
        ("aarch64", "mkldnn", torch.bfloat16),
        ("aarch64", None, None),
        ("arm64", "mkldnn", None),  # a Mac: PyTorch's convolutions there do not use its bfloat16
        ("riscv64", None, None),
    ],
)
@pytest.mark.parametrize("names_exist", [True, False])
def test_mixed_precision_on_a_cpu(monkeypatch, capsys, machine, has, dtype, names_exist):
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sys, "platform", "darwin" if machine == "arm64" else "linux")
    mkldnn = SimpleNamespace(_is_mkldnn_bf16_supported=lambda: has == "mkldnn" or machine == "x86_64")
    monkeypatch.setattr(torch.ops, "mkldnn", mkldnn if names_exist else SimpleNamespace())
    for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        monkeypatch.setattr(torch.cpu, name, lambda name=name: name == has, raising=False)
        if not names_exist:
            monkeypatch.delattr(torch.cpu, name)
    expected = dtype if names_exist else None
    assert choose_amp_dtype(torch.device("cpu")) is expected
    assert ("No gain here" in capsys.readouterr().out) == (expected is None)


def test_mixed_precision_is_what_this_cpu_can():
    """Not forced: what PyTorch says about the CPU that runs this test."""
    if hasattr(torch.cpu, "get_capabilities") and platform.machine() in ("x86_64", "AMD64"):
        found = torch.cpu.get_capabilities()
        assert device._cpu_has_bfloat16() == (found["avx512_bf16"] or found["amx_tile"])
    else:
        assert device._cpu_has_bfloat16() in (True, False)


def test_an_nvidia_gpu_comes_before_a_mac_one_and_both_before_the_cpu(monkeypatch, capsys):
    monkeypatch.delenv("BRICKS_DEVICE")
    monkeypatch.setattr(torch, "__version__", "2.7.0")  # older ones cannot resize on a Mac's chip
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda _: SimpleNamespace(name="Tesla T4", total_memory=15.8e9)
    )
    for cuda, mps, expected in [(1, 1, "cuda"), (1, 0, "cuda"), (0, 1, "mps"), (0, 0, "cpu")]:
        monkeypatch.setattr(torch.cuda, "is_available", lambda cuda=cuda: bool(cuda))
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda mps=mps: bool(mps))
        assert choose_device().type == expected
        size = "128" if expected == "cpu" else "224"
        assert f"On it the lessons take pictures of {size} pixels" in capsys.readouterr().out


@pytest.mark.parametrize(("version", "expected"), [("2.6.0", "cpu"), ("2.7.1", "mps"), ("2.14.1", "mps")])
def test_a_mac_computes_on_its_cpu_as_long_as_its_chip_cannot_resize(monkeypatch, version, expected):
    monkeypatch.delenv("BRICKS_DEVICE")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch, "__version__", version)
    assert choose_device().type == expected


def test_each_lesson_takes_the_size_that_choose_device_names():
    for name, cells in CODE.items():
        code = "\n".join(cells)
        size = re.search(r"^image_size = ([^#\n]*?) *#", code, re.MULTILINE).group(1)
        expected = '128 if device.type == "cpu" else 224' if "device = choose_device()" in code else "128"
        expected = "64" if name.startswith("05") else expected  # its trainings are a means, and shall take seconds
        assert size == expected, name


@pytest.mark.parametrize("cuda", [True, False])
def test_memory_is_pinned_only_with_cuda(monkeypatch, pictures, cuda):
    seen = {}

    class Loader:
        def __init__(self, dataset, batch_size, shuffle, drop_last, pin_memory):
            seen[dataset.root.name] = pin_memory

    monkeypatch.setattr(data, "DataLoader", Loader)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    build_loaders(pictures, 16)
    assert seen == dict.fromkeys(("train", "val", "test"), cuda)


@pytest.mark.parametrize("name", ["cuda", "mps", "cpu"])
def test_the_script_pins_memory_only_for_cuda(pictures, name):
    options, parts = read_options([]), build_datasets(pictures, build_transforms(64))
    loaders = build_shares(parts, options, torch.device(name))
    assert [loader.pin_memory for loader in loaders.values()] == [name == "cuda"] * 3


# What works on one device only, as it is written in cells and helpers. pretend_gpu.py finds the rest while it runs.
ONE_DEVICE_ONLY = {
    r"\.cuda\(\)": ".to(device) works everywhere",
    r"device=[\"'](cuda|mps)": "write device=device",
    r"\.to\([\"'](cuda|mps)": "write .to(device)",
    r"torch\.set_default_device": "the device should be in sight",
    r"GradScaler\(\)|(?<!cuda\.amp\.)autocast\(\)": "name the device",  # torch.cuda.amp: a Then and now box
    r"GradScaler\([\"']cuda|autocast\([\"']cuda": "write device.type",
}


@pytest.mark.parametrize("pattern", ONE_DEVICE_ONLY)
def test_no_code_for_one_device_only(pattern):
    helpers = {path.name: [path.read_text(encoding="utf-8")] for path in COURSE.glob("helpers/**/*.py")}
    for name, cells in {**CODE, **helpers}.items():
        for cell in cells:
            found = [line for line in cell.splitlines() if re.search(pattern, line)]
            assert not found, f"{name}: {found[0]} ({ONE_DEVICE_ONLY[pattern]})"


REFUSED = {
    "on_gpu + torch.ones(3)": "all tensors to be on the same device",
    "on_gpu == torch.ones(3)": "all tensors to be on the same device",
    "torch.zeros(3, device=device) + torch.tensor([1, 2, 3])": "all tensors to be on the same device",
    "nn.Linear(3, 1).to(device)(torch.ones(3))": "all tensors to be on the same device",
    "nn.Linear(3, 1)(on_gpu)": "all tensors to be on the same device",
    "nn.CrossEntropyLoss()(torch.zeros(1, 2).to(device), torch.tensor([1]))": "all tensors to be on the same device",
    "on_gpu.numpy()": "numpy",
    "on_gpu.double()": "no float64",
    "on_gpu + 1, 2 * on_gpu.cpu() + torch.ones(3), on_gpu.sum().item(), on_gpu[torch.tensor([0])]": "",
    "on_gpu + torch.tensor(1.0)": "",  # a number on the CPU may join in, as on a real one
    "nn.Linear(3, 1).to(device)(on_gpu).backward()": "",
}


@pytest.mark.everything
def test_the_pretended_gpu_refuses_what_a_gpu_refuses():
    """In a process of its own, because nothing ends the pretence."""
    code = f"""
import json, torch, pretend_gpu
from torch import nn
pretend_gpu.start()
device = torch.device("cuda")
on_gpu = torch.ones(3).to(device)
errors = dict()
for code in {list(REFUSED)}:
    try:
        eval(code)
        errors[code] = ""
    except Exception as error:
        errors[code] = str(error)
print(json.dumps(errors))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert result.stderr == ""
    for code, error in json.loads(result.stdout).items():
        expected = REFUSED[code]
        assert expected in error and bool(expected) == bool(error), (code, error)
