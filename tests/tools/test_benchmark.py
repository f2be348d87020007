"""The benchmark runs through with tiny settings, counts honestly, and says what it found. Times are not judged here."""

import argparse
import json
import subprocess
import sys

import benchmark
import pytest
import torch
from conftest import COURSE
from PIL import Image

SCRIPT = COURSE / "tests" / "measure" / "benchmark.py"


def run(*arguments, timeout=900):
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, timeout=timeout
    )


def test_all_variants_finish_and_the_table_is_whole(pictures, tmp_path):
    out = tmp_path / "result.json"
    done = run("--data", pictures, "--device", "cpu", "--epochs", 1, "--target", 1, "--out", out)
    assert done.returncode == 0, done.stderr
    report = json.loads(out.read_text())
    rows = {row["variant"]: row for row in report["rows"]}
    assert list(rows) == ["a", "b", "b'", "c", "c'", "d"]
    assert report["pictures"] == 6 and report["machine"].startswith("cpu: ")
    for name, row in rows.items():
        assert row["images_per_second"] > 0 and 100 < row["memory_mb"] < 8000
        assert row["gpu_memory_mb"] is None and row["batch"] > 0
        if name == "d":
            assert row["seconds_to_target"] is None and row["best_accuracy"] is None
        else:
            assert 0 <= row["best_accuracy"] <= 1
            assert (row["seconds_to_target"] is not None) == (row["best_accuracy"] == 1)
        assert name == "c'" or f"  {name} seed 0: epoch 1 of at most 1, " in done.stdout
    assert rows["c"]["decode_seconds"] > 0
    assert [row["pixels"] for row in rows.values()] == [224, 96, 128, 96, 96, 96]
    # torchvision gives 1.81e9 multiply-adds for 224 pixels. Two operations each, three passes, fewer pixels: 2.0e9
    assert 1.7e9 < rows["d"]["flops_per_picture"] < 2.2e9
    assert report["comparison"]["c of d"] == pytest.approx(
        rows["c"]["images_per_second"] / rows["d"]["images_per_second"]
    )
    table = [line for line in done.stdout.splitlines() if line.startswith("|")]
    assert len(table) == 8 and len({line.count("|") for line in table}) == 1
    assert done.stdout.count("with the course's own weights") == 6  # all start from the same


def test_the_plot_is_drawn(pictures, tmp_path):
    file, out = tmp_path / "cost.png", tmp_path / "cost.json"
    done = run("--data", pictures, "--device", "cpu", "--plot", file, "--numbers", 8, 24, "--out", out)
    assert done.returncode == 0, done.stderr
    with Image.open(file) as image:
        assert image.width > 400
    report = json.loads(out.read_text())
    assert report["numbers"] == [8, 24]
    assert all(len(values) == 2 and min(values) > 0 for values in report["seconds"].values())
    assert set(report["exponents"]) == set(report["seconds"]) and done.stdout.count("to the power") == 3


def test_a_wrong_folder_is_refused(tmp_path):
    (tmp_path / "train").mkdir()
    done = run("--data", tmp_path)
    assert done.returncode == 2 and "has no folder val" in done.stderr


def result(variant, seed, seconds, speed=10.0, accuracy=0.96):
    return {
        "variant": variant,
        "label": benchmark.VARIANTS[variant][0],
        "seed": seed,
        "epochs": 3,
        "images_per_second": speed,
        "seconds_to_target": seconds,
        "epochs_to_target": seconds and 2,
        "best_accuracy": accuracy,
        "pixels": 96,
        "batch": 8,
        "memory_mb": 900.0,
        "gpu_memory_mb": None,
    }


def test_medians_count_a_missed_target_as_the_slowest():
    results = [result("a", seed, seconds) for seed, seconds in enumerate([80.0, None, 100.0])]
    results += [result("b", seed, seconds, accuracy=0.9) for seed, seconds in enumerate([None, None, 5.0])]
    results += [result("c", seed, 10.0, speed=90.0) for seed in range(3)] + [result("d", 0, None, speed=100.0)]
    rows = benchmark.summarize(results)
    assert [row["seconds_to_target"] for row in rows] == [100.0, None, 10.0, None]
    comparison = benchmark.compare(rows, torch.device("cpu"))
    assert comparison == {"b to a": None, "b' to a": None, "c to a": 10.0, "c' to a": None, "c of d": 0.9}
    text = benchmark.markdown(rows, comparison, {"target": 0.95, "pictures": 240, "seeds": 3, "machine": "cpu: X"})
    assert "| 100.0 (2 of 3 seeds) |" in text and "not in 3 epochs (best 90.0%)" in text
    assert "10.0 × faster" in text and "c runs at 90% of the ceiling d." in text


def test_a_run_stops_at_the_target_and_counts_all_that_was_spent(pictures, monkeypatch):
    clock = iter(range(0, 1000, 7))
    monkeypatch.setattr(benchmark, "wait", lambda device: float(next(clock)))
    monkeypatch.setattr(
        benchmark, "VARIANTS", {"b": ("made up", lambda *_: iter([(2.0, 0.9), (3.0, 0.96), (3.0, 0.7), (9.0, 1.0)]))}
    )
    options = argparse.Namespace(data=pictures, device="cpu", epochs=9, target=0.95)
    measured = benchmark.measure("b", 0, options)
    assert measured["seconds_to_target"] == 14.0 and measured["epochs_to_target"] == 2
    assert measured["epochs"] == benchmark.SPEED_EPOCHS == 3 and measured["best_accuracy"] == 0.96
    assert measured["images_per_second"] == pytest.approx(6 / 3.0)  # without the first epoch, which warms up


def test_a_missed_target_is_told(pictures, monkeypatch):
    monkeypatch.setattr(benchmark, "VARIANTS", {"b": ("made up", lambda *_: iter([(2.0, 0.5), (2.0, 0.6)]))})
    measured = benchmark.measure("b", 0, argparse.Namespace(data=pictures, device="cpu", epochs=2, target=0.95))
    assert measured["seconds_to_target"] is None and measured["best_accuracy"] == 0.6


@pytest.mark.parametrize(
    "chip, peak",
    [
        ("NVIDIA H100 80GB HBM3", 989),
        ("NVIDIA H100 PCIe", 756),
        ("Tesla V100-SXM2-16GB", 125),
        ("NVIDIA GH200 480GB", None),
        ("NVIDIA A100-SXM4-40GB", 312),
        ("Tesla T4", 65),
        ("NVIDIA L4", 121),
        ("NVIDIA L40S", 362),
        ("NVIDIA GeForce MX150", None),
    ],
)
def test_peaks_are_found_by_the_chips_name(chip, peak):
    assert benchmark.find_peak(chip) == peak


def test_the_exponent_of_a_line_is_one():
    numbers = [100, 300, 1000]
    assert benchmark.exponent(numbers, [0.2 * n for n in numbers]) == pytest.approx(1.0)
    assert benchmark.exponent(numbers, [0.2 * n**1.5 for n in numbers]) == pytest.approx(1.5)
