"""helpers.train, in one process and in several: same result, whatever is killed on the way."""

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import torch
from conftest import HANG
from PIL import Image
from torch import nn

from helpers import (
    build_model,
    build_optimizer,
    build_transforms,
    evaluate,
    load_checkpoint,
    save_checkpoint,
)
from helpers.checkpoints import PARTS
from helpers.data import build_datasets
from helpers.settings import COURSE
from helpers.train import checkpoint, judge, loop, messages, processes
from helpers.train.__main__ import main
from helpers.train.options import read_options
from helpers.train.shares import SeededPictures, SharesOfBatches, build_shares, mix

everything = pytest.mark.everything  # kills, torchrun, or more than some seconds

# Of a weight or a loss. Adding in another order makes 1e-6 (at a larger --lr more and more, from step to step), and
# training moves weights by 1e-3 and more.
TOLERANCE = 1e-5
OPTIONS = "--image-size 64 --batch-size 4 --epochs 3 --lr 0.0003 --freeze batchnorm --device cpu".split()
LR, WEIGHT_DECAY = read_options(OPTIONS).lr, read_options(OPTIONS).weight_decay
TORCHRUN = [sys.executable, "-m", "torch.distributed.run"]
TWO = [*TORCHRUN, "--standalone", "--nproc-per-node=2"]
SCRIPT = ["-m", "helpers.train"]
ACCIDENT = [str(Path(__file__).with_name("accident.py"))]  # the script with accidents
MID_EPOCH = "epoch {}/3   29%"  # what it says after two of seven batches
KEYS = {"epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr", "seconds", "images_per_second"}


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    """25 pictures to train on and 14 to validate, so that batches and shares come out uneven."""
    folder = tmp_path_factory.mktemp("noise")
    generator = torch.Generator().manual_seed(0)
    for split, counts in {"train": (13, 12), "val": (7, 7), "test": (1, 1)}.items():
        for name, count, red in zip(("blue", "red"), counts, (0, 255), strict=True):
            (folder / split / name).mkdir(parents=True)
            for i in range(count):
                pixels = torch.randint(256, (40, 48, 3), generator=generator)
                pixels[..., 0] = (2 * pixels[..., 0] + red) // 3
                Image.fromarray(pixels.to(torch.uint8).numpy()).save(folder / split / name / f"{i}.png")
    return folder


@pytest.fixture(scope="module")
def alone(noise, tmp_path_factory):
    """What one process makes of it, never interrupted."""
    out = tmp_path_factory.mktemp("alone")
    main(["--data", str(noise), *OPTIONS, "--out", str(out)])
    return out


def small_network(num_classes, freeze=False):
    """In place of the ResNet-18, for what has to do with the script and not with the network."""
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, num_classes)]
    return nn.Sequential(nn.Conv2d(3, 8, 3, 4), nn.BatchNorm2d(8), nn.ReLU(), *head)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(loop, "build_model", small_network)


@pytest.fixture(scope="module")
def small_alone(noise, tmp_path_factory):
    """The same as `alone` with the small network."""
    out = tmp_path_factory.mktemp("small_alone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "build_model", small_network)
        main(["--data", str(noise), *OPTIONS, "--out", str(out)])
    return out


@pytest.fixture(params=["small", pytest.param("real", marks=everything)])
def network(request, monkeypatch):
    if request.param == "small":
        monkeypatch.setattr(loop, "build_model", small_network)


@pytest.fixture(scope="module")
def pair(noise, tmp_path_factory):
    """What two processes make of it, never interrupted."""
    out = tmp_path_factory.mktemp("pair")
    assert "2 processes: each takes 2 of the 4" in run_to_the_end(TWO, noise, out)
    return out


def stop_after_the_first_epoch(noise, out, *options):
    """As if Ctrl + C had been pressed when one of the three epochs was saved."""

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "report_epoch", stop)
        with pytest.raises(SystemExit):
            main(["--data", str(noise), *OPTIONS, *options, "--out", str(out)])
    assert len(history(out)["val_loss"]) == 1


def weights(out, file="last.pt"):
    return torch.load(out / file, weights_only=True)["model"]


def history(out, file="last.pt"):
    found = torch.load(out / file, weights_only=True)["history"]
    return {name: found[name] for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr")}


def distance(one, other):
    return max((one[name].double() - other[name].double()).abs().max().item() for name in one)


def assert_same(one, other):
    """Bit for bit, except for what depends on the clock."""
    for file in ("last.pt", "best.pt"):
        assert history(one, file) == history(other, file)
        first, second = weights(one, file), weights(other, file)
        assert all(torch.equal(first[name], second[name]) for name in first)
    assert {file.name for file in one.iterdir()} == {".last.pt.lock", "best.pt", "last.pt", "log.jsonl"}


def belongs_to(out):
    """All processes that write to this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(out) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            pass
    return found


def kill_all(out):
    while found := belongs_to(out):  # again, since torchrun may have started one meanwhile
        for process in found:
            try:
                process.kill()
            except psutil.Error:
                pass
        psutil.wait_procs(found, 1)


@contextmanager
def started(launcher, noise, out, *options, script=SCRIPT, **environment):
    """A training in processes of its own, none of which outlives this block."""
    command = [*launcher, *script, "--data", str(noise), *OPTIONS, *options, "--out", str(out)]
    path = [str(COURSE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), **environment}
    environment["TORCH_DISABLE_SHARE_RDZV_TCP_STORE"] = "1"
    process = subprocess.Popen(
        command, cwd=COURSE, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    watchdog = threading.Timer(HANG, kill_all, [out])
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        kill_all(out)
        process.stdout.close()
        process.wait(HANG)


def run_to_the_end(launcher, noise, out, *options, **more):
    with started(launcher, noise, out, *options, **more) as process:
        output = process.stdout.read()
        assert process.wait(HANG) == 0, output
    return output


@pytest.fixture
def accidents(tmp_path_factory):
    """What `started` needs for accidents: see accident.py."""
    happened = tmp_path_factory.mktemp("happened")
    return lambda *lines: {"script": ACCIDENT, "ACCIDENTS": "\n".join(lines), "HAPPENED": str(happened)}


def free_port():
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]


def refused(capsys, *arguments):
    """What the script says when it refuses: one sentence on stderr, exit code 2."""
    code = None
    try:  # pytest.raises would keep the loaders, and ending their workers later takes seconds
        main([str(argument) for argument in arguments])
    except SystemExit as end:
        code = end.code
    assert code == 2
    said = capsys.readouterr().err
    assert said.startswith("helpers.train: ") and said.count("\n") == 1 and "Traceback" not in said
    return said


# One process


def test_log_and_checkpoints(alone):
    lines = [json.loads(line) for line in (alone / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert [line["lr"] / LR for line in lines] == pytest.approx([0.5, 0.75, 0.25])  # warm-up, then along a cosine
    for line in lines:
        assert set(line) == KEYS | {"world_size"} and line["world_size"] == 1
        assert line["seconds"] > 0 and line["images_per_second"] > 0
        assert 0 <= line["train_accuracy"] <= 1 and 0 <= line["val_accuracy"] <= 1
    saved = history(alone)
    assert [[line[name] for line in lines] for name in saved] == list(saved.values())
    best = history(alone, "best.pt")["val_accuracy"]
    assert best[-1] == max(saved["val_accuracy"]) and best == saved["val_accuracy"][: len(best)]


def assert_is_what_was_logged(out, noise, file):
    model = build_model(2)
    found, classes = load_checkpoint(out / file, model)
    assert classes == ["blue", "red"]
    val = build_datasets(noise, build_transforms(64))["val"]
    loss, accuracy = evaluate(model, torch.utils.data.DataLoader(val, 5), nn.CrossEntropyLoss(), torch.device("cpu"))
    assert accuracy == found["val_accuracy"][-1]
    assert loss == pytest.approx(found["val_loss"][-1], abs=1e-5)


@pytest.mark.parametrize("file", ["best.pt", "last.pt"])
def test_checkpoints_are_the_network_with_the_logged_accuracy(alone, noise, file):
    assert_is_what_was_logged(alone, noise, file)


def test_fields_of_a_checkpoint(alone):
    last, best = (torch.load(alone / file, weights_only=True) for file in ("last.pt", "best.pt"))
    fields = {"epoch", "settings", "scaler", "pictures", "optimizer_kind"} | PARTS
    assert set(last) == set(best) == fields
    assert last["epoch"] == 3 and best["epoch"] == len(best["history"]["val_loss"])
    assert re.fullmatch("25 train, 14 val, [0-9a-f]{12}", last["pictures"])
    assert last["settings"] == {
        "pictures": last["pictures"],
        "--image-size": 64,
        "--batch-size": 4,
        "--epochs": 3,
        "--lr": LR,
        "--weight-decay": WEIGHT_DECAY,
        "--freeze": "batchnorm",
        "--seed": 0,
    }
    assert last["classes"] == ["blue", "red"] and last["scaler"] == {}  # nothing to scale in float32
    assert set(last["history"]) == set(checkpoint.NUMBERS)
    for numbers in last["history"].values():
        assert len(numbers) == 3 and all(type(number) in (int, float) for number in numbers)


@everything
def test_one_process_killed_in_mid_epoch(alone, noise, tmp_path, accidents):
    accident = accidents(f"{MID_EPOCH.format(2)} | die")
    with started([sys.executable], noise, tmp_path, **accident) as process:
        output = process.stdout.read()
        assert process.wait(HANG) != 0 and "29%" in output.splitlines()[-1]
    assert len(history(tmp_path)["val_loss"]) == 1
    (tmp_path / "last.unfinished").write_bytes(b"half")  # as if it had been killed while it was writing
    main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path)])
    assert_same(alone, tmp_path)


def test_killed_while_it_writes_at_any_moment(small, small_alone, noise, tmp_path, monkeypatch):
    class Killed(BaseException):
        pass

    real_save, real_replace, moments = torch.save, os.replace, 0

    def one_moment_less():
        nonlocal moments
        moments -= 1
        return moments < 0

    def save(contents, path):
        if one_moment_less():
            path.write_bytes(b"half")
            raise Killed
        real_save(contents, path)

    def replace(source, target):
        if one_moment_less():
            raise Killed
        real_replace(source, target)

    monkeypatch.setattr(torch, "save", save)
    monkeypatch.setattr(os, "replace", replace)
    kills, done = 0, False
    while not done:  # in the same folder again and again, and each time it gets further
        moments = kills
        try:
            main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path)])
            done = True
        except Killed:
            kills += 1
    assert kills >= 6  # each of three epochs writes two files or three
    assert_same(small_alone, tmp_path)
    assert [json.loads(line)["epoch"] for line in (tmp_path / "log.jsonl").read_text().splitlines()] == [1, 2, 3]


def test_the_same_command_goes_on(small, small_alone, noise, tmp_path, capsys):
    arguments = ["--data", str(noise), *OPTIONS, "--out", str(tmp_path)]
    stop_after_the_first_epoch(noise, tmp_path)
    capsys.readouterr()
    main([*arguments, "--workers", "1"])  # workers make no difference
    said = capsys.readouterr().out
    assert "Going on after epoch 1." in said and "Planned were" not in said
    assert "\nOptions: --image-size 64 --batch-size 4 --epochs 3 --lr 0.0003 " in said and "pixels" not in said
    assert_same(small_alone, tmp_path)
    before = (tmp_path / "last.pt").read_bytes()
    main(arguments)
    assert re.search(r"Done. Best of 3 epochs: epoch \d, kept in best.pt", capsys.readouterr().out)
    assert (tmp_path / "last.pt").read_bytes() == before


def test_more_epochs_go_on_along_the_new_plan(small, small_alone, noise, tmp_path, capsys):
    arguments = ["--data", str(noise), *OPTIONS, "--out", str(tmp_path)]
    shutil.copytree(small_alone, tmp_path, dirs_exist_ok=True)
    main([*arguments, "--epochs", "2"])  # fewer than are done: nothing to do
    assert "Planned were" not in capsys.readouterr().out
    main([*arguments, "--epochs", "5"])
    said = capsys.readouterr().out
    assert "Going on after epoch 3." in said
    assert said.count("Planned were 3 epochs, now 5: from here on the learning rate follows the plan for 5.") == 1
    # 3 of 5 and 4 of 5 along a cosine. Without the new plan, epoch 4 would have the 0 with which the old one ended.
    assert [lr / LR for lr in history(tmp_path)["lr"]] == pytest.approx([0.5, 0.75, 0.25, 0.345492, 0.095492], abs=1e-6)
    main([*arguments, "--epochs", "5"])
    assert "Planned were" not in capsys.readouterr().out


@everything
def test_the_same_command_goes_on_with_the_real_network(alone, noise, tmp_path):
    stop_after_the_first_epoch(noise, tmp_path)
    main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path)])
    assert_same(alone, tmp_path)


def test_a_lost_log_comes_back(small, small_alone, noise, tmp_path):
    shutil.copytree(small_alone, tmp_path / "out")
    (tmp_path / "out" / "log.jsonl").unlink()  # as if killed between checkpoint and log
    main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path / "out")])
    assert (tmp_path / "out" / "log.jsonl").read_text() == (small_alone / "log.jsonl").read_text()


@pytest.mark.parametrize(
    ("option", "advice"),
    [
        ("--lr", r"Try an --lr below 1e\+30 or a --weight-decay below 0.05, with another --out"),
        ("--weight-decay", r"Try an --lr below 0.0003 or a --weight-decay below 1e\+30, with another --out"),
    ],
)
def test_a_loss_that_is_no_number_ends_it_and_is_not_saved(small, noise, tmp_path, capsys, option, advice):
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path, option, "1e30")
    assert re.search(rf"epoch \d/3: the loss is no number any more .* {advice}", said)
    assert not (tmp_path / "best.pt").exists() or math.isfinite(sum(history(tmp_path)["val_loss"]))


def test_two_trainings_in_one_folder(small, noise, tmp_path, capsys):
    """The second one ends in a sentence. When the first has ended, in whatever way, the folder is free again."""
    holder = (
        f"import sys, time; sys.path.insert(0, {str(COURSE)!r}); from pathlib import Path\n"
        f"from helpers.train.checkpoint import NUMBERS, begin_log\n"
        f"begin_log(Path({str(tmp_path)!r}), {{name: [] for name in NUMBERS}})\n"
        f"print('ready', flush=True); time.sleep({HANG})"
    )
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "ready\n"
        arguments = ["--data", str(noise), *OPTIONS, "--epochs", "1", "--out", str(tmp_path)]
        said = refused(capsys, *arguments)
        assert f"Another training writes in {tmp_path} (process {first.pid}). Wait until it ends, or choose" in said
        first.kill()
    main(arguments)
    assert len(history(tmp_path)["val_loss"]) == 1
    ended = subprocess.run([sys.executable, "-c", holder.replace(f"time.sleep({HANG})", "")], capture_output=True)
    assert ended.stdout.split() == [b"ready"], "a training that has ended keeps nobody out"


def test_early_stop(small, noise, tmp_path, capsys, monkeypatch):
    def no_training(model, data_loader, criterion, optimizer, device):
        optimizer.step()
        return 0.0, 0.0

    accuracies = iter([0.5, 0.8, 0.7, 0.8, 0.9, 0.9, 0.1, 0.95])
    monkeypatch.setattr(loop, "train_one_epoch", no_training)
    monkeypatch.setattr(judge, "evaluate", lambda *_: (0.0, next(accuracies)))
    arguments = ["--data", str(noise), *OPTIONS, "--epochs", "8", "--patience", "2", "--out", str(tmp_path)]
    main(arguments)
    said = capsys.readouterr().out
    assert "Early stop: no better epoch in 2 epochs." in said
    assert "Done. Best of 4 epochs: epoch 2, kept in best.pt" in said
    assert history(tmp_path, "best.pt")["val_accuracy"] == [0.5, 0.8]
    assert history(tmp_path)["val_accuracy"] == [0.5, 0.8, 0.7, 0.8]
    main(arguments)  # the same command again: nothing to do
    assert len(history(tmp_path)["val_accuracy"]) == 4
    main([*arguments, "--patience", "3"])  # with more patience it goes on
    assert history(tmp_path)["val_accuracy"] == [0.5, 0.8, 0.7, 0.8, 0.9, 0.9, 0.1, 0.95]


def test_of_equal_accuracies_the_lower_loss_is_best(small, noise, tmp_path, capsys, monkeypatch):
    losses_and_accuracies = iter([(0.2, 0.5), (0.6, 0.8), (0.7, 0.8), (0.4, 0.8), (0.4, 0.8), (0.1, 0.7)])
    monkeypatch.setattr(judge, "evaluate", lambda *_: next(losses_and_accuracies))
    main(["--data", str(noise), *OPTIONS, "--epochs", "6", "--out", str(tmp_path)])
    said = capsys.readouterr().out
    assert re.findall(r"^epoch (\d)/6 .*\(best\)", said, re.MULTILINE) == ["1", "2", "4"]
    assert "Done. Best of 6 epochs: epoch 4" in said
    assert len(history(tmp_path, "best.pt")["val_loss"]) == 4


def test_the_test_pictures_are_asked_once_and_about_best_pt(small, small_alone, noise, tmp_path, capsys):
    data, out = tmp_path / "data", tmp_path / "out"
    shutil.copytree(noise, data)
    for i in range(1, 4):
        shutil.copy(noise / "val" / "red" / f"{i}.png", data / "test" / "red")  # 1 blue, 4 red
    shutil.copytree(small_alone, out)
    for file, answer in {"best.pt": 1, "last.pt": 0}.items():  # networks that say the same class always
        contents = torch.load(out / file, weights_only=True)
        contents["model"]["5.bias"][answer] = 1e6
        torch.save(contents, out / file)
    arguments = ["--data", str(data), *OPTIONS, "--out", str(out)]
    main(arguments)
    assert "Test:" not in capsys.readouterr().out and not (out / "test.json").exists()
    main([*arguments, "--test"])
    epoch = len(history(out, "best.pt")["val_loss"])
    said = f"Test: epoch {epoch} names 4 of 5 right, 80.0% (95% interval: 37.6% to 96.4%).\n"
    assert capsys.readouterr().out.endswith(said)
    assert {"epoch": epoch, "correct": 4, "pictures": 5}.items() <= json.loads((out / "test.json").read_text()).items()
    main([*arguments, "--test"])
    said = capsys.readouterr().out
    assert f"Test: measured before, and not again: epoch {epoch} names 4 of 5 right" in said and "other" not in said
    (data / "test" / "red" / "3.png").unlink()
    main([*arguments, "--test"])
    said = capsys.readouterr().out
    assert "Tested before, with another network or other pictures: 4 of 5. Choose by val" in said
    assert f"Test: epoch {epoch} names 3 of 4 right" in said
    (out / "test.json").write_text("{}")
    main([*arguments, "--test"])
    assert "Tested before" not in capsys.readouterr().out


def test_stopped_by_hand(small, noise, tmp_path, capsys, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(judge, "evaluate", interrupt)
    with pytest.raises(SystemExit) as end:
        main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path)])
    assert end.value.code == 130
    assert "Stopped. The same command goes on after the last complete epoch." in capsys.readouterr().out


@pytest.mark.parametrize(  # float16 is slow on a CPU: six pictures, three batches, and only the small network
    "network, amp, scaled",
    [
        ("small", "bfloat16", False),
        ("small", "float16", True),
        pytest.param("real", "bfloat16", False, marks=everything),
    ],
    indirect=["network"],
)
def test_mixed_precision(network, pictures, tmp_path, amp, scaled):
    options = ["--batch-size", "2", "--epochs", "2", "--amp", amp]
    arguments = ["--data", str(pictures), *OPTIONS, *options]
    main([*arguments, "--out", str(tmp_path / "whole")])
    stop_after_the_first_epoch(pictures, tmp_path / "halves", *options)
    main([*arguments, "--out", str(tmp_path / "halves")])
    assert_same(tmp_path / "whole", tmp_path / "halves")
    whole, halves = (torch.load(tmp_path / name / "last.pt", weights_only=True) for name in ("whole", "halves"))
    assert all(value.dtype in (torch.float32, torch.int64) for value in whole["model"].values())
    assert whole["scaler"] == halves["scaler"]
    assert ("scale" in whole["scaler"]) == scaled
    float32 = tmp_path / "float32"
    main([*arguments, "--amp", "off", "--out", str(float32)])
    assert 0 < abs(history(float32)["train_loss"][0] - history(tmp_path / "whole")["train_loss"][0]) < 0.1


def test_frozen_parts_stay(noise, tmp_path):
    main(["--data", str(noise), *OPTIONS, "--epochs", "1", "--freeze", "backbone", "--out", str(tmp_path)])
    before, after = build_model(2).state_dict(), weights(tmp_path)
    assert {name for name in before if not torch.equal(before[name], after[name])} == {"fc.weight", "fc.bias"}


def test_progress_in_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    loader = [(torch.zeros(2, 3), torch.zeros(2))] * 3
    progress = messages.Progress(loader, "epoch 1/1", 2)
    assert len(list(progress)) == 3 and progress.seen == 6
    assert re.findall(r"epoch 1/1   (\d+%) .*?\r", capsys.readouterr().out) == ["33%", "67%"]


# What it refuses


def test_a_console_that_lacks_the_letters_of_a_class_ends_nothing(noise, tmp_path):
    for split in ("train", "val", "test"):
        for name, letters in (("blue", "狗"), ("red", "Käfer")):
            shutil.copytree(noise / split / name, tmp_path / "set" / split / letters)
    options = ["--image-size", "64", "--freeze", "backbone", "--epochs", "1", "--device", "cpu"]
    run = subprocess.run(
        [sys.executable, *SCRIPT, "--data", tmp_path / "set", *options, "--out", tmp_path / "out"],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        cwd=COURSE,
        capture_output=True,
    )
    assert run.returncode == 0, run.stderr.decode("cp1252")
    assert "Classes: Käfer, \\u72d7." in run.stdout.decode("cp1252")


def test_wrong_folders(noise, tmp_path, capsys):
    assert "There is no folder" in refused(capsys, "--data", tmp_path / "none", "--out", tmp_path / "out")
    said = refused(capsys, "--data", noise / "train", "--out", tmp_path / "out")
    assert "has no folder train, val, test (found blue, red)" in said
    shutil.copytree(noise, tmp_path / "other")
    (tmp_path / "other" / "val" / "red").rename(tmp_path / "other" / "val" / "green")
    said = refused(capsys, "--data", tmp_path / "other", "--out", tmp_path / "out")
    assert "train and val have different classes" in said
    assert not (tmp_path / "out").exists()


def test_one_class(noise, tmp_path, capsys):
    for split in ("train", "val", "test"):
        shutil.copytree(noise / split / "red", tmp_path / "one" / split / "red")
    said = refused(capsys, "--data", tmp_path / "one", "--out", tmp_path / "out")
    assert "only one class, red" in said


@pytest.mark.parametrize("workers", [0, 1])
def test_a_broken_picture_is_named(small, noise, tmp_path, capsys, workers):
    shutil.copytree(noise, tmp_path / "broken")
    (tmp_path / "broken" / "val" / "red" / "3.png").write_bytes(b"no picture")
    arguments = ["--data", tmp_path / "broken", *OPTIONS, "--workers", workers, "--out", tmp_path / "out"]
    said = refused(capsys, *arguments)
    assert str(tmp_path / "broken" / "val" / "red" / "3.png") in said and "find_broken_pictures" in said


def test_a_picture_too_large_to_open_is_named(small, noise, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 900)  # twice as many are an error; ours have 1920
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path / "out")
    assert re.search(r"train: .*\d\.png is no picture .* million pixels\. Make it smaller .* finds others\.$", said)


def test_where_nothing_can_be_written(small, noise, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    assert "Choose another --out." in refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path / "file")
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", noise / "train" / "run")
    assert f"lies among the pictures. Choose a folder outside of {noise}" in said
    assert not (noise / "train" / "run").exists()

    def refuse(path, **options):
        if "closed" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    stat = Path.stat
    monkeypatch.setattr(Path, "stat", refuse)
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path / "closed")
    assert said.endswith(
        "closed/last.pt cannot be used (Permission denied). Change its permissions, or choose another place.\n"
    )


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("[enforce fail at inline]")])
def test_a_full_disk(small, noise, tmp_path, capsys, monkeypatch, error):
    arguments = ["--data", str(noise), *OPTIONS, "--freeze", "backbone", "--out", str(tmp_path)]
    main([*arguments, "--epochs", "1"])
    capsys.readouterr()

    def save(checkpoint, path):
        path.write_bytes(b"half")
        raise error

    monkeypatch.setattr(torch, "save", save)
    said = refused(capsys, *arguments, "--epochs", "2")
    assert re.search(
        r"[a-z]; [\d,]+ MB are free, up to 200 are needed.\. Make room, or choose another --out\. The", said
    )
    assert "This epoch could not be saved: " in said and "RuntimeError" not in said
    assert {file.name for file in tmp_path.iterdir()} == {".last.pt.lock", "best.pt", "last.pt", "log.jsonl"}
    assert len(history(tmp_path)["val_loss"]) == 1


@pytest.mark.parametrize(
    "option, value, expected",
    [
        ("--epochs", "0", "expected a whole number from 1 on, found '0'"),
        ("--epochs", "two", "expected a whole number from 1 on, found 'two'"),
        ("--batch-size", "-4", "expected a whole number from 1 on, found '-4'"),
        ("--image-size", "32", "expected a whole number from 64 on, found '32'"),
        ("--lr", "0", "expected a number above 0, found '0'"),
        ("--lr", "nan", "expected a number above 0, found 'nan'"),
        ("--weight-decay", "-1", "expected a number from 0, found '-1'"),
        ("--weight-decay", "inf", "expected a number from 0, found 'inf'"),
        ("--freeze", "fc", "invalid choice: 'fc'"),
        ("--out", "", "'' is no path"),
        ("--out", "~nobody-here/run", "begins with the home folder of nobody here. Write the whole path."),
        ("--speed", "9", "unrecognized arguments: --speed 9"),
    ],
)
def test_bad_values(capsys, option, value, expected):
    assert expected in refused(capsys, option, value)


def test_a_best_network_that_is_gone_is_not_called_kept(small, small_alone, noise, tmp_path, capsys):
    shutil.copytree(small_alone, tmp_path / "out")
    arguments = ["--data", str(noise), *OPTIONS, "--out", str(tmp_path / "out")]
    for end in (", kept in best.pt.", ", but its best.pt is gone."):
        main(arguments)
        assert capsys.readouterr().out.splitlines()[-1].endswith(end)
        (tmp_path / "out" / "best.pt").unlink(missing_ok=True)


@everything
def test_a_reader_that_goes_away(noise, tmp_path):
    with started([sys.executable], noise, tmp_path) as process:
        while "val loss" not in process.stdout.readline():
            assert process.poll() is None
        process.stdout.close()  # as `| head` does
        assert process.wait(HANG) == 2
    assert history(tmp_path)["val_loss"]


def test_another_trainings_checkpoint(small, small_alone, noise, tmp_path, capsys):
    shutil.copytree(small_alone, tmp_path / "out")
    arguments = ["--data", noise, *OPTIONS, "--out", tmp_path / "out"]
    said = refused(capsys, *arguments, "--lr", "0.01", "--seed", "3")
    assert f"belongs to another training: --lr {LR}, now 0.01; --seed 0, now 3." in said
    for split in ("train", "val", "test"):
        shutil.copytree(noise / split / "blue", tmp_path / "data" / split / "blue")
        shutil.copytree(noise / split / "red", tmp_path / "data" / split / "green")
    said = refused(capsys, "--data", tmp_path / "data", *OPTIONS, "--out", tmp_path / "out")
    assert "classes ['blue', 'red'], now ['blue', 'green']" in said
    (tmp_path / "out" / "last.pt").write_bytes(b"half a file")
    for content in (torch.ones(2), {"fc.weight": torch.ones(2)}):
        assert "To begin anew, move it away, or choose another --out." in refused(capsys, *arguments)
        torch.save(content, tmp_path / "out" / "last.pt")
    assert refused(capsys, *arguments).count(". ") == 1


def test_a_checkpoint_of_the_older_form(small, noise, tmp_path, capsys):
    model = small_network(2)
    hidden = {"val_loss": [0.5], "settings": {"--lr": 0.003}, "scaler": {}}
    path = tmp_path / "last.pt"
    save_checkpoint(path, model, *build_optimizer(model, 3), hidden, ["blue", "red"])
    before = path.read_bytes()
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path)
    assert f"{path} has no epoch, scaler, settings: another program wrote it. To begin anew, move it away" in said
    assert path.read_bytes() == before and {p.name for p in tmp_path.iterdir()} == {path.name, ".last.pt.lock"}
    torch.save(["no", "checkpoint"], path)
    assert "last.pt has no classes" in refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path)


def test_a_checkpoint_is_read_once_and_nothing_is_taken_over_unless_all_of_it_fits(noise, tmp_path, monkeypatch):
    cpu, pictures = torch.device("cpu"), build_datasets(noise, build_transforms(64))

    def begin():
        return loop.build_training(small_network(2), pictures, read_options(OPTIONS), cpu, torch.float16)

    saved = begin()
    saved.history = {name: [0.5] for name in checkpoint.NUMBERS}
    saved.scaler.load_state_dict(saved.scaler.state_dict() | {"scale": 128.0})
    sum(parameter.sum() for parameter in saved.model.parameters()).backward()
    saved.optimizer.step()
    saved.scheduler.step()
    contents, path = saved.to_checkpoint(), tmp_path / "last.pt"
    misfits = {
        "its history is not one of 2 epochs": {"epoch": 2},
        r"classes \['ants', 'bees'\], now \['blue', 'red'\]": {"classes": ["ants", "bees"]},
        "pictures 7 train, now 25 train, .*; --image-size None, now 64; ": {"settings": {"pictures": "7 train"}},
        "its network has other layers": {"model": small_network(3).state_dict()},
    }
    for words, misfit in misfits.items():
        torch.save(contents | misfit, path)
        training = begin()
        before = [value.clone() for value in training.model.state_dict().values()]
        with pytest.raises(ValueError, match=f"last.pt belongs to another training: {words}"):
            checkpoint.resume(path, training, cpu)
        assert all(map(torch.equal, before, training.model.state_dict().values()))
        assert training.epoch == 0 and not training.optimizer.state and training.scheduler.last_epoch == 0
        assert training.scaler.get_scale() != 128

    torch.save(contents, path)
    read, load = [], torch.load
    monkeypatch.setattr(torch, "load", lambda *args, **more: read.append(args) or load(*args, **more))
    checkpoint.resume(path, training := begin(), cpu)
    assert len(read) == 1
    assert training.epoch == 1 and training.scaler.get_scale() == 128 and training.scheduler.last_epoch == 1
    assert all(map(torch.equal, saved.model.state_dict().values(), training.model.state_dict().values()))
    buffers = [[state["exp_avg_sq"] for state in one.optimizer.state.values()] for one in (saved, training)]
    assert len(buffers[0]) == 6 and all(map(torch.equal, *buffers))


def test_help_names_each_default_once_and_how_to_run_on_several_machines(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: python -m helpers.train ")
    listed = re.sub(r"\n {10,}", " ", said)  # where the name of an option is long, its help stands in the next line
    for option, value in vars(read_options([])).items():
        line = re.search(rf"^  --{option.replace('_', '-')} .*", listed, re.MULTILINE).group()
        # Where the default depends on the machine, or is not to do something, words say it.
        assert line.count(f"(default: {value})") == (value is not None), line
        assert line.count("default") <= 1 and "None" not in line
    for words in (
        "FIRST:29400",
        "--max-restarts=3",
        "TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1",
        "GLOO_SOCKET_IFNAME",
        "RANK=0",
    ):
        assert words in said
    assert max(map(len, said[said.index("what it writes") :].splitlines())) <= 80


def test_too_many_processes(noise, monkeypatch):
    cpu, cuda, options = torch.device("cpu"), torch.device("cuda"), read_options(["--batch-size", "27"])
    monkeypatch.setattr(processes, "WORLD_SIZE", 27)
    monkeypatch.setattr(processes, "LOCAL_WORLD_SIZE", 27)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(ValueError, match="27 processes cannot share batches of 8 equally.*multiple of 27"):
        processes.join(cpu, 8)
    with pytest.raises(ValueError, match="need as many GPUs, and it has 2. Choose --nproc-per-node=2, or"):
        processes.join(cuda, 27)
    with pytest.raises(ValueError, match="cannot share a Mac's graphics chip"):
        processes.join(torch.device("mps"), 27)
    with pytest.raises(ValueError, match="27 processes are too many for 25 training pictures"):
        build_shares(build_datasets(noise, build_transforms(32)), options, cpu)
    monkeypatch.setenv("TORCHELASTIC_MAX_RESTARTS", "3")
    monkeypatch.setenv("TORCHELASTIC_USE_AGENT_STORE", "True")
    with pytest.raises(ValueError, match="TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1"):
        processes.join(cpu, 27)


# Shares


@pytest.mark.parametrize(
    "pictures, batch_size, world_size", [(24, 4, 2), (25, 4, 2), (25, 9, 3), (29, 8, 4), (3, 4, 2)]
)
def test_shares_make_up_the_batches(pictures, batch_size, world_size):
    def batches(rank, world_size, epoch):
        shares = SharesOfBatches(pictures, batch_size, 7, rank, world_size)
        shares.epoch = epoch
        assert len(list(shares)) == len(shares)
        return list(shares)

    whole = batches(0, 1, epoch=5)
    assert sorted(key for batch in whole for key in batch) == [(5, i) for i in range(pictures)]
    assert [i for batch in whole for _, i in batch] != [i for batch in batches(0, 1, epoch=6) for _, i in batch]
    shares = [batches(rank, world_size, epoch=5) for rank in range(world_size)]
    for batch, parts in zip(whole, zip(*shares, strict=True), strict=True):
        if len(batch) >= world_size:
            assert sorted(key for part in parts for key in part) == sorted(batch)
            assert max(map(len, parts)) - min(map(len, parts)) <= 1 and min(map(len, parts)) >= 1
        else:
            assert all(part == batch for part in parts)


def test_validation_pictures_are_dealt_out_once(noise, monkeypatch):
    pictures, options, shares = build_datasets(noise, build_transforms(32)), read_options([]), []
    monkeypatch.setattr(processes, "WORLD_SIZE", 4)
    for rank in range(4):
        monkeypatch.setattr(processes, "RANK", rank)
        shares.append(list(build_shares(pictures, options, torch.device("cpu"))["val"].sampler))
    assert sorted(index for share in shares for _, index in share) == list(range(14))


def test_randomness_belongs_to_the_picture(noise):
    pictures = SeededPictures(build_datasets(noise, build_transforms(32))["train"], 0)
    first = pictures[0, 3][0]
    torch.rand(5)
    assert torch.equal(pictures[0, 3][0], first)
    assert not torch.equal(pictures[1, 3][0], first)
    other = SeededPictures(pictures.pictures, 1)
    assert not torch.equal(other[0, 3][0], first)
    assert mix(1, 2, 3) == 1021030468352792857  # the same on every machine and Python


def test_a_gpu_is_named_to_nccl_only(monkeypatch):
    told = []
    monkeypatch.setattr(processes, "WORLD_SIZE", 2)
    monkeypatch.setattr(processes.torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(processes.torch.cuda, "set_device", lambda _: None)
    monkeypatch.setattr(processes.dist, "init_process_group", lambda backend, device_id: told.append(device_id))
    for nccl, name in [(True, "cuda"), (False, "cuda"), (True, "cpu")]:
        monkeypatch.setattr(processes.dist, "is_nccl_available", lambda nccl=nccl: nccl)
        processes.join(torch.device(name), 4)
    assert told == [torch.device("cuda", 0), None, None]


def test_gpus_use_nccl_and_synchronized_batchnorm(monkeypatch):
    monkeypatch.setattr(processes.dist, "is_nccl_available", lambda: True)
    assert [processes.choose_backend(torch.device(name)) for name in ("cpu", "cuda")] == ["gloo", "nccl"]
    monkeypatch.setattr(processes.dist, "is_nccl_available", lambda: False)  # Windows
    assert processes.choose_backend(torch.device("cuda")) == "gloo"
    monkeypatch.setattr(nn.Module, "to", lambda module, device: module)
    for world_size, freeze, synchronized in [(2, "nothing", 20), (2, "batchnorm", 0), (1, "nothing", 0)]:
        monkeypatch.setattr(processes, "WORLD_SIZE", world_size)
        model = loop.build_network(2, freeze, torch.device("cuda"))
        assert sum(isinstance(module, nn.SyncBatchNorm) for module in model.modules()) == synchronized


# Several processes


@everything
def test_two_processes_are_one_with_the_whole_batch(alone, pair):
    torch.manual_seed(0)
    untrained, one, two = build_model(2).state_dict(), weights(alone), weights(pair)
    assert distance(one, two) < TOLERANCE
    for name in ("conv1.weight", "layer3.0.conv1.weight", "layer4.1.conv2.weight", "fc.weight"):
        assert (one[name] - untrained[name]).abs().max() > 50 * TOLERANCE
    assert history(pair)["val_loss"] == pytest.approx(history(alone)["val_loss"], abs=TOLERANCE)
    assert history(pair)["val_accuracy"] == history(alone)["val_accuracy"]
    log = [json.loads(line) for line in (pair / "log.jsonl").read_text().splitlines()]
    assert [line["world_size"] for line in log] == [2, 2, 2]


@everything
def test_the_number_of_processes_may_change(alone, noise, tmp_path):
    stop_after_the_first_epoch(noise, tmp_path)
    assert "Going on after epoch 1." in run_to_the_end(TWO, noise, tmp_path)
    assert distance(weights(alone), weights(tmp_path)) < TOLERANCE
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["world_size"] for line in log] == [1, 2, 2]


@everything
def test_processes_whose_batchnorm_learns_measure_one_network(noise, tmp_path):
    for epochs in ("1", "2"):  # the second time it goes on
        said = run_to_the_end(TWO, noise, tmp_path, "--freeze", "nothing", "--epochs", epochs)
    assert "each process uses the statistics of its own share" in said
    assert_is_what_was_logged(tmp_path, noise, "last.pt")


@everything
def test_three_processes_with_uneven_shares(noise, tmp_path):
    options = [
        "--batch-size",
        "9",
        "--epochs",
        "1",
        "--test",
    ]  # 25 pictures: the last batch has 7, for shares of 3, 2 and 2
    main(["--data", str(noise), *OPTIONS, *options, "--out", str(tmp_path / "one")])
    run_to_the_end([*TORCHRUN, "--standalone", "--nproc-per-node=3"], noise, tmp_path / "three", *options)
    assert distance(weights(tmp_path / "one"), weights(tmp_path / "three")) < TOLERANCE
    one, three = history(tmp_path / "one"), history(tmp_path / "three")
    for name in one:
        assert three[name] == pytest.approx(one[name], abs=TOLERANCE)
    results = [json.loads((tmp_path / name / "test.json").read_text()) for name in ("one", "three")]
    assert len({(result["epoch"], result["correct"], result["pictures"]) for result in results}) == 1
    # Would it be noticed if one of the 14 pictures had been counted twice, to make 15?
    model = build_model(2)
    load_checkpoint(tmp_path / "one" / "last.pt", model.eval())
    val = build_datasets(noise, build_transforms(64))["val"]
    images, labels = (torch.stack([torch.as_tensor(item[part]) for item in val]) for part in (0, 1))
    losses = nn.functional.cross_entropy(model(images), labels, reduction="none")
    assert ((losses.sum() + losses) / 15 - losses.mean()).abs().median() > 10 * TOLERANCE


@everything
@pytest.mark.skipif(os.name == "nt", reason="torchrun on Windows does not restart reliably")
def test_workers_killed_in_mid_epoch_are_restarted(pair, noise, tmp_path, accidents):
    # Process 0 is the one that writes.
    accident = accidents(f"{MID_EPOCH.format(2)} | die | 1", f"{MID_EPOCH.format(3)} | die | 0")
    output = run_to_the_end([*TWO, "--max-restarts=3"], noise, tmp_path, **accident)
    assert "Going on after epoch 1." in output and "Going on after epoch 2." in output and "Traceback" not in output
    assert_same(pair, tmp_path)


@everything
@pytest.mark.skipif(os.name == "nt", reason="torchrun on Windows does not restart reliably")
def test_torchrun_killed_and_started_again(pair, noise, tmp_path, accidents):
    with started(TWO, noise, tmp_path, **accidents(f"{MID_EPOCH.format(2)} | wait")) as process:
        assert any(line.startswith(MID_EPOCH.format(2)) for line in process.stdout)
        process.kill()  # torchrun only: its processes must notice
        said = process.stdout.read()  # until the last of them has ended
    assert "torchrun has died, so this process ends, too." in said and "epoch 3" not in said
    assert len(history(tmp_path)["val_loss"]) == 1
    assert "Going on after epoch 1." in run_to_the_end(TWO, noise, tmp_path)
    assert_same(pair, tmp_path)


@everything
def test_two_machines(pair, noise, tmp_path):
    launcher = [*TORCHRUN, "--nnodes=2", "--nproc-per-node=1", "--rdzv-backend=c10d", "--rdzv-id=test"]
    launcher += [f"--rdzv-endpoint=localhost:{free_port()}", "--local-addr=localhost"]
    launcher += [f"--rdzv-conf=join_timeout={HANG},read_timeout={HANG},keep_alive_max_attempt={HANG}"]
    with started(launcher, noise, tmp_path) as one, started(launcher, noise, tmp_path) as other:
        said = []
        reader = threading.Thread(target=lambda: said.append(other.stdout.read()))
        reader.start()
        said.append(one.stdout.read())
        reader.join()
        assert one.wait(HANG) == 0 and other.wait(HANG) == 0, said
    assert sum("epoch 3/3" in text for text in said) == 1  # only one of them speaks
    assert_same(pair, tmp_path)


@everything
def test_processes_started_by_hand(pair, noise, tmp_path):
    """As --help says for Windows, where torchrun does not start."""
    both = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": str(free_port())}
    zero, one = ({**both, "USE_LIBUV": "0", "RANK": rank, "LOCAL_RANK": rank} for rank in "01")
    with started([sys.executable], noise, tmp_path, **zero) as first:
        run_to_the_end([sys.executable], noise, tmp_path, **one)
        assert first.wait(HANG) == 0
    assert_same(pair, tmp_path)


@everything
def test_a_real_fault_of_one_process_is_told_from_a_lost_connection(noise, tmp_path, accidents):
    """Without torchrun, which might end the other one before it can say anything."""
    both = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": str(free_port())}
    both |= accidents(f"{MID_EPOCH.format(1)} | fail | 1")
    zero, one = ({**both, "RANK": rank, "LOCAL_RANK": rank} for rank in "01")
    with started([sys.executable], noise, tmp_path, **zero) as first:
        with started([sys.executable], noise, tmp_path, **one) as second:
            said = second.stdout.read()
            assert second.wait(HANG) == 1 and said.endswith("RuntimeError: a fault of its own\n"), said
            said = first.stdout.read()
            assert first.wait(HANG) == 2 and "Traceback" not in said
    assert "helpers.train: process 0 has lost the connection to another one." in said


def test_a_lost_connection_is_asked_for_and_not_read_out_of_words(monkeypatch):
    fault, asked, broken = RuntimeError("Connection closed by peer"), [], set()

    def isend(tensor, other):
        asked.append(other)
        if other in broken:
            raise RuntimeError("whatever")

    assert not processes.lost_another(fault)  # one process alone has nobody to lose
    monkeypatch.setattr(processes, "WORLD_SIZE", 3)
    monkeypatch.setattr(processes, "RANK", 1)
    monkeypatch.setattr(processes.dist, "is_initialized", lambda: True)
    monkeypatch.setattr(processes.dist, "get_backend", lambda: "gloo")
    monkeypatch.setattr(processes.dist, "isend", isend)
    assert not processes.lost_another(fault) and asked == [0, 2]
    broken.add(2)
    assert processes.lost_another(RuntimeError("of any words"))
    assert not processes.lost_another(OSError("peer")) and not processes.lost_another(torch.OutOfMemoryError("peer"))
    monkeypatch.setattr(processes.dist, "get_backend", lambda: "nccl")
    assert not processes.lost_another(fault)


def test_a_fault_of_one_process_is_said_and_not_that_it_is_missing(noise, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(processes, "WORLD_SIZE", 2)
    monkeypatch.setattr(processes, "LOCAL_RANK", 1)
    monkeypatch.setattr(processes.dist, "get_backend", lambda: "gloo")
    monkeypatch.setattr(processes.dist, "destroy_process_group", lambda: None)
    for connected, fault, said in [
        (False, "CUDA error: out of memory", "out of memory"),
        (True, "Connection reset by peer", "has lost the connection"),
    ]:

        def fail(*_, fault=fault):
            raise RuntimeError(fault)

        monkeypatch.setattr(processes, "join", fail)
        monkeypatch.setattr(processes.dist, "isend", fail)
        monkeypatch.setattr(processes.dist, "is_initialized", lambda connected=connected: connected)
        assert said in refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path)


def test_processes_that_do_not_find_each_other(monkeypatch, capsys, noise, tmp_path):
    def fail(backend, device_id):
        raise RuntimeError("no route to host")

    monkeypatch.setattr(processes, "WORLD_SIZE", 2)
    monkeypatch.setattr(processes.dist, "init_process_group", fail)
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path)
    assert "Process 0 and the others do not find each other: no route to host" in said


def test_processes_that_see_different_folders_refuse(monkeypatch):
    monkeypatch.setattr(processes, "WORLD_SIZE", 2)
    others = iter([3, 0])  # how many epochs the other process has found

    def all_reduce(extremes, operation):
        other = next(others)
        extremes.copy_(torch.maximum(extremes, torch.tensor([other, -other])))

    monkeypatch.setattr(processes.dist, "all_reduce", all_reduce)
    assert processes.all_have(3, torch.device("cpu"))
    assert not processes.all_have(3, torch.device("cpu"))


def test_a_result_on_test_is_not_said_of_another_network_or_other_pictures(small, noise, tmp_path, capsys):
    arguments = ["--data", str(noise), *OPTIONS, "--epochs", "1", "--out", str(tmp_path), "--test"]
    main(arguments)
    capsys.readouterr()
    main(arguments)
    assert "measured before" in capsys.readouterr().out
    for name in ("last.pt", "best.pt"):
        (tmp_path / name).unlink()
    main([*arguments, "--lr", "1e-6"])
    assert "Test: epoch 1 names" in capsys.readouterr().out
    for content in ("", "{", "[]", '{"epoch": 1}'):
        (tmp_path / "test.json").write_text(content)
        main([*arguments, "--lr", "1e-6"])
        assert "Test: epoch 1 names" in capsys.readouterr().out
    for content, words in (
        (b"", "the file is empty"),
        (b"version https://git-lfs", "git lfs pull"),
        (b"x", "no checkpoint"),
    ):
        (tmp_path / "best.pt").write_bytes(content)
        assert words in refused(capsys, *arguments, "--lr", "1e-6")
    (tmp_path / "best.pt").unlink()
    assert "No checkpoint at" in refused(capsys, *arguments, "--lr", "1e-6")


def test_too_little_memory_on_a_cpu_is_a_sentence(capsys):
    with pytest.raises(SystemExit), messages.in_a_sentence(OSError):
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried")
    said = capsys.readouterr().err
    assert "The memory is full (" in said and "Try a smaller --batch-size" in said and said.count("\n") == 1
    with pytest.raises(RuntimeError, match="a mistake"), messages.in_a_sentence(OSError):
        raise RuntimeError("a mistake of ours")
