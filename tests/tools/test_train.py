"""helpers.train, in one process and in several: same result, whatever is killed on the way."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import psutil
import pytest
import torch
from PIL import Image
from torch import nn

from helpers import (
    build_model,
    build_transforms,
    evaluate,
    load_checkpoint,
    processes,
    train,
)
from helpers.data import build_datasets
from helpers.settings import COURSE

TOLERANCE = 5e-6  # of a weight or a loss. Adding in another order makes 1e-7; training moves weights by 1e-3 and more
LONG = 180  # seconds after which a process that hangs is killed
OPTIONS = "--image-size 64 --batch-size 4 --epochs 3 --freeze batchnorm --step-size 2 --device cpu".split()
TORCHRUN = [sys.executable, "-m", "torch.distributed.run"]
TWO = [*TORCHRUN, "--standalone", "--nproc-per-node=2"]
SCRIPT = ["-m", "helpers.train"]
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
    train.main(["--data", str(noise), *OPTIONS, "--out", str(out)])
    return out


@pytest.fixture(scope="module")
def pair(noise, tmp_path_factory):
    """What two processes make of it, never interrupted."""
    out = tmp_path_factory.mktemp("pair")
    assert "2 processes: each takes 2 of the 4" in run_to_the_end(TWO, noise, out)
    return out


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
    assert {file.name for file in one.iterdir()} == {"best.pt", "last.pt", "log.jsonl"}


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
    for process in belongs_to(out):
        try:
            process.kill()
        except psutil.Error:
            pass


@contextmanager
def started(launcher, noise, out, *options):
    """A training in processes of its own, none of which outlives this block."""
    command = [*launcher, *SCRIPT, "--data", str(noise), *OPTIONS, *options, "--out", str(out)]
    environment = {**os.environ, "TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
    process = subprocess.Popen(
        command, cwd=COURSE, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    watchdog = threading.Timer(LONG, kill_all, [out])
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        kill_all(out)
        process.stdout.close()
        process.wait(30)
        assert not psutil.wait_procs(belongs_to(out), 30)[1]


def run_to_the_end(launcher, noise, out, *options):
    with started(launcher, noise, out, *options) as process:
        output = process.stdout.read()
        assert process.wait(30) == 0, output
    return output


def read_until_mid(process, epoch):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.match(rf"epoch {epoch}/3 +\d+%", line):
            return
    raise AssertionError("".join(lines))


def refused(capsys, *arguments):
    """What the script says when it refuses: one sentence on stderr, exit code 2."""
    with pytest.raises(SystemExit) as end:
        train.main([str(argument) for argument in arguments])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("helpers.train: ") and said.count("\n") == 1 and "Traceback" not in said
    return said


# One process


def test_log_and_checkpoints(alone):
    lines = [json.loads(line) for line in (alone / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == [1, 2, 3]
    assert [line["lr"] for line in lines] == pytest.approx([0.003, 0.003, 0.0003])
    for line in lines:
        assert set(line) == KEYS | {"world_size"} and line["world_size"] == 1
        assert line["seconds"] > 0 and line["images_per_second"] > 0
        assert 0 <= line["train_accuracy"] <= 1 and 0 <= line["val_accuracy"] <= 1
    saved = history(alone)
    assert [[line[name] for line in lines] for name in saved] == list(saved.values())
    best = history(alone, "best.pt")["val_accuracy"]
    assert best[-1] == max(saved["val_accuracy"]) and len(best) == 1 + saved["val_accuracy"].index(best[-1])


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


def test_one_process_killed_in_mid_epoch(alone, noise, tmp_path):
    with started([sys.executable], noise, tmp_path) as process:
        read_until_mid(process, epoch=2)
        process.kill()
    assert len(history(tmp_path)["val_loss"]) == 1
    (tmp_path / "last.unfinished").write_bytes(b"half")  # as if it had been killed while it was writing
    train.main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path)])
    assert_same(alone, tmp_path)


def test_more_epochs_go_on(alone, noise, tmp_path, capsys):
    arguments = ["--data", str(noise), *OPTIONS, "--out", str(tmp_path)]
    train.main([*arguments, "--epochs", "1"])
    capsys.readouterr()
    train.main([*arguments, "--epochs", "3", "--workers", "1"])  # workers make no difference
    assert "Going on after epoch 1." in capsys.readouterr().out
    assert_same(alone, tmp_path)
    before = (tmp_path / "last.pt").read_bytes()
    train.main(arguments)
    assert re.search(r"Done. Best of 3 epochs: epoch \d, kept in best.pt", capsys.readouterr().out)
    assert (tmp_path / "last.pt").read_bytes() == before


def test_a_lost_log_comes_back_and_has_null_for_what_is_no_number(alone, noise, tmp_path):
    shutil.copytree(alone, tmp_path / "out")
    (tmp_path / "out" / "log.jsonl").unlink()  # as if killed between checkpoint and log
    train.main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path / "out")])
    assert (tmp_path / "out" / "log.jsonl").read_text() == (alone / "log.jsonl").read_text()
    train.write_log(tmp_path / "log.jsonl", {name: [1.0, float("nan"), float("inf")] for name in train.NUMBERS})
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    numbers = [json.loads(line, parse_constant=pytest.fail)["train_loss"] for line in lines]
    assert numbers == [1.0, None, None]


def test_early_stop(noise, tmp_path, capsys, monkeypatch):
    def no_training(model, data_loader, criterion, optimizer, device):
        optimizer.step()
        return 0.0, 0.0

    accuracies = iter([0.5, 0.8, 0.7, 0.8, 0.9, 0.9, 0.1, 0.95])
    monkeypatch.setattr(train, "train_one_epoch", no_training)
    monkeypatch.setattr(train, "evaluate", lambda *_: (0.0, next(accuracies)))
    arguments = ["--data", str(noise), *OPTIONS, "--epochs", "8", "--patience", "2", "--out", str(tmp_path)]
    train.main(arguments)
    said = capsys.readouterr().out
    assert "Early stop: no better validation accuracy in 2 epochs." in said
    assert "Done. Best of 4 epochs: epoch 2, kept in best.pt" in said
    assert history(tmp_path, "best.pt")["val_accuracy"] == [0.5, 0.8]
    assert history(tmp_path)["val_accuracy"] == [0.5, 0.8, 0.7, 0.8]
    train.main(arguments)  # the same command again: nothing to do
    assert len(history(tmp_path)["val_accuracy"]) == 4
    train.main([*arguments, "--patience", "3"])  # with more patience it goes on
    assert history(tmp_path)["val_accuracy"] == [0.5, 0.8, 0.7, 0.8, 0.9, 0.9, 0.1, 0.95]


def test_stopped_by_hand(noise, tmp_path, capsys, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "evaluate", interrupt)
    with pytest.raises(SystemExit) as end:
        train.main(["--data", str(noise), *OPTIONS, "--out", str(tmp_path)])
    assert end.value.code == 130
    assert "Stopped. The same command goes on after the last complete epoch." in capsys.readouterr().out


@pytest.mark.parametrize("amp, scaled", [("bfloat16", False), ("float16", True)])
def test_mixed_precision(pictures, tmp_path, amp, scaled):  # float16 is slow on a CPU: six pictures, three batches
    arguments = ["--data", str(pictures), *OPTIONS, "--batch-size", "2", "--amp", amp]
    train.main([*arguments, "--epochs", "2", "--out", str(tmp_path / "whole")])
    for epochs in ("1", "2"):
        train.main([*arguments, "--epochs", epochs, "--out", str(tmp_path / "halves")])
    assert_same(tmp_path / "whole", tmp_path / "halves")
    whole, halves = (torch.load(tmp_path / name / "last.pt", weights_only=True) for name in ("whole", "halves"))
    assert all(value.dtype in (torch.float32, torch.int64) for value in whole["model"].values())
    assert whole["history"]["scaler"] == halves["history"]["scaler"]
    assert ("scale" in whole["history"]["scaler"]) == scaled
    float32 = tmp_path / "float32"
    train.main([*arguments, "--amp", "off", "--epochs", "1", "--out", str(float32)])
    assert 0 < abs(history(float32)["train_loss"][0] - history(tmp_path / "whole")["train_loss"][0]) < 0.1


def test_frozen_parts_stay(noise, tmp_path):
    train.main(["--data", str(noise), *OPTIONS, "--epochs", "1", "--freeze", "backbone", "--out", str(tmp_path)])
    before, after = build_model(2).state_dict(), weights(tmp_path)
    assert {name for name in before if not torch.equal(before[name], after[name])} == {"fc.weight", "fc.bias"}


def test_progress_in_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    loader = [(torch.zeros(2, 3), torch.zeros(2))] * 3
    progress = train.Progress(loader, "epoch 1/1", 2)
    assert len(list(progress)) == 3 and progress.seen == 6
    assert re.findall(r"epoch 1/1   (\d+%) .*?\r", capsys.readouterr().out) == ["33%", "67%"]


# What it refuses


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
def test_a_broken_picture_is_named(noise, tmp_path, capsys, workers):
    shutil.copytree(noise, tmp_path / "broken")
    (tmp_path / "broken" / "val" / "red" / "3.png").write_bytes(b"no picture")
    arguments = ["--data", tmp_path / "broken", *OPTIONS, "--workers", workers, "--out", tmp_path / "out"]
    said = refused(capsys, *arguments)
    assert str(tmp_path / "broken" / "val" / "red" / "3.png") in said and "find_broken_pictures" in said


def test_a_picture_too_large_to_open_is_named(noise, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 900)  # twice as many are an error; ours have 1920
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path / "out")
    assert re.search(r"train: .*\d\.png cannot be read \(Image size .* find_broken_pictures finds others\.$", said)


def test_where_nothing_can_be_written(noise, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert "Choose another --out." in refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path / "file")
    said = refused(capsys, "--data", noise, *OPTIONS, "--out", noise / "train" / "run")
    assert f"lies among the pictures. Choose a folder outside of {noise}" in said
    assert not (noise / "train" / "run").exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("[enforce fail at inline]")])
def test_a_full_disk(noise, tmp_path, capsys, monkeypatch, error):
    arguments = ["--data", str(noise), *OPTIONS, "--freeze", "backbone", "--out", str(tmp_path)]
    train.main([*arguments, "--epochs", "1"])
    capsys.readouterr()

    def save(checkpoint, path):
        path.write_bytes(b"half")
        raise error

    monkeypatch.setattr(torch, "save", save)
    said = refused(capsys, *arguments, "--epochs", "2")
    assert re.search(r"This epoch could not be saved in .*: [\d,]+ MB are free, and up to 200 are needed", said)
    assert {file.name for file in tmp_path.iterdir()} == {"best.pt", "last.pt", "log.jsonl"}
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
        ("--freeze", "fc", "invalid choice: 'fc'"),
        ("--speed", "9", "unrecognized arguments: --speed 9"),
    ],
)
def test_bad_values(capsys, option, value, expected):
    assert expected in refused(capsys, option, value)


def test_another_trainings_checkpoint(alone, noise, tmp_path, capsys):
    shutil.copytree(alone, tmp_path / "out")
    arguments = ["--data", noise, *OPTIONS, "--out", tmp_path / "out"]
    said = refused(capsys, *arguments, "--lr", "0.01", "--seed", "3")
    assert "belongs to another training: --lr 0.003, now 0.01; --seed 0, now 3." in said
    for split in ("train", "val", "test"):
        shutil.copytree(noise / split / "blue", tmp_path / "data" / split / "blue")
        shutil.copytree(noise / split / "red", tmp_path / "data" / split / "green")
    said = refused(capsys, "--data", tmp_path / "data", *OPTIONS, "--out", tmp_path / "out")
    assert "classes ['blue', 'red'], now ['blue', 'green']" in said
    (tmp_path / "out" / "last.pt").write_bytes(b"half a file")
    assert "last.pt cannot be read" in refused(capsys, *arguments)


def test_too_many_processes(noise, monkeypatch):
    cpu, cuda, options = torch.device("cpu"), torch.device("cuda"), train.read_options(["--batch-size", "27"])
    for module in (processes, train):
        monkeypatch.setattr(module, "WORLD_SIZE", 27)
    monkeypatch.setattr(processes, "LOCAL_WORLD_SIZE", 27)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(ValueError, match="27 processes cannot share batches of 8 equally.*multiple of 27"):
        processes.join_processes(cpu, 8)
    with pytest.raises(ValueError, match="need as many GPUs, and it has 2. Choose --nproc-per-node=2, or"):
        processes.join_processes(cuda, 27)
    with pytest.raises(ValueError, match="cannot share a Mac's graphics chip"):
        processes.join_processes(torch.device("mps"), 27)
    with pytest.raises(ValueError, match="27 processes are too many for 25 training pictures"):
        train.build_shares(build_datasets(noise, build_transforms(32)), options, cpu)
    monkeypatch.setenv("TORCHELASTIC_MAX_RESTARTS", "3")
    monkeypatch.setenv("TORCHELASTIC_USE_AGENT_STORE", "True")
    with pytest.raises(ValueError, match="TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1"):
        processes.join_processes(cpu, 27)


# Shares


@pytest.mark.parametrize(
    "pictures, batch_size, world_size", [(24, 4, 2), (25, 4, 2), (25, 9, 3), (29, 8, 4), (3, 4, 2)]
)
def test_shares_make_up_the_batches(pictures, batch_size, world_size):
    def batches(rank, world_size, epoch):
        shares = processes.SharesOfBatches(pictures, batch_size, 7, rank, world_size)
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
    pictures, options, shares = build_datasets(noise, build_transforms(32)), train.read_options([]), []
    monkeypatch.setattr(train, "WORLD_SIZE", 4)
    for rank in range(4):
        monkeypatch.setattr(train, "RANK", rank)
        shares.append(list(train.build_shares(pictures, options, torch.device("cpu"))["val"].sampler))
    assert sorted(index for share in shares for _, index in share) == list(range(14))


def test_randomness_belongs_to_the_picture(noise):
    pictures = processes.SeededPictures(build_datasets(noise, build_transforms(32))["train"], 0)
    first = pictures[0, 3][0]
    torch.rand(5)
    assert torch.equal(pictures[0, 3][0], first)
    assert not torch.equal(pictures[1, 3][0], first)
    other = processes.SeededPictures(pictures.pictures, 1)
    assert not torch.equal(other[0, 3][0], first)
    assert processes.mix(1, 2, 3) == 1021030468352792857  # the same on every machine and Python


def test_gpus_use_nccl_and_synchronized_batchnorm(monkeypatch):
    monkeypatch.setattr(processes.dist, "is_nccl_available", lambda: True)
    assert [processes.choose_backend(torch.device(name)) for name in ("cpu", "cuda")] == ["gloo", "nccl"]
    monkeypatch.setattr(processes.dist, "is_nccl_available", lambda: False)  # Windows
    assert processes.choose_backend(torch.device("cuda")) == "gloo"
    monkeypatch.setattr(nn.Module, "to", lambda module, device: module)
    for world_size, freeze, synchronized in [(2, "nothing", 20), (2, "batchnorm", 0), (1, "nothing", 0)]:
        monkeypatch.setattr(train, "WORLD_SIZE", world_size)
        model = train.build_network(2, freeze, torch.device("cuda"))
        assert sum(isinstance(module, nn.SyncBatchNorm) for module in model.modules()) == synchronized


# Several processes


def test_two_processes_are_one_with_the_whole_batch(alone, pair):
    torch.manual_seed(0)
    untrained, one, two = build_model(2).state_dict(), weights(alone), weights(pair)
    assert distance(one, two) < TOLERANCE
    for name in ("conv1.weight", "layer3.0.conv1.weight", "layer4.1.conv2.weight", "fc.weight"):
        assert (one[name] - untrained[name]).abs().max() > 200 * TOLERANCE
    assert history(pair)["val_loss"] == pytest.approx(history(alone)["val_loss"], abs=TOLERANCE)
    assert history(pair)["val_accuracy"] == history(alone)["val_accuracy"]
    log = [json.loads(line) for line in (pair / "log.jsonl").read_text().splitlines()]
    assert [line["world_size"] for line in log] == [2, 2, 2]


def test_the_number_of_processes_may_change(alone, noise, tmp_path):
    train.main(["--data", str(noise), *OPTIONS, "--epochs", "1", "--out", str(tmp_path)])
    assert "Going on after epoch 1." in run_to_the_end(TWO, noise, tmp_path)
    assert distance(weights(alone), weights(tmp_path)) < TOLERANCE
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["world_size"] for line in log] == [1, 2, 2]


def test_processes_whose_batchnorm_learns_measure_one_network(noise, tmp_path):
    for epochs in ("1", "2"):  # the second time it goes on
        said = run_to_the_end(TWO, noise, tmp_path, "--freeze", "nothing", "--epochs", epochs)
    assert "each process uses the statistics of its own share" in said
    assert_is_what_was_logged(tmp_path, noise, "last.pt")


def test_three_processes_with_uneven_shares(noise, tmp_path):
    options = ["--batch-size", "9", "--epochs", "1"]  # 25 pictures: the last batch has 7, for shares of 3, 2 and 2
    train.main(["--data", str(noise), *OPTIONS, *options, "--out", str(tmp_path / "one")])
    run_to_the_end([*TORCHRUN, "--standalone", "--nproc-per-node=3"], noise, tmp_path / "three", *options)
    assert distance(weights(tmp_path / "one"), weights(tmp_path / "three")) < TOLERANCE
    one, three = history(tmp_path / "one"), history(tmp_path / "three")
    for name in one:
        assert three[name] == pytest.approx(one[name], abs=TOLERANCE)
    # Would it be noticed if one of the 14 pictures had been counted twice, to make 15?
    model = build_model(2)
    load_checkpoint(tmp_path / "one" / "last.pt", model.eval())
    val = build_datasets(noise, build_transforms(64))["val"]
    images, labels = (torch.stack([torch.as_tensor(item[part]) for item in val]) for part in (0, 1))
    losses = nn.functional.cross_entropy(model(images), labels, reduction="none")
    assert ((losses.sum() + losses) / 15 - losses.mean()).abs().median() > 10 * TOLERANCE


@pytest.mark.skipif(os.name == "nt", reason="torchrun on Windows does not restart reliably")
def test_workers_killed_in_mid_epoch_are_restarted(pair, noise, tmp_path):
    with started([*TWO, "--max-restarts=3"], noise, tmp_path) as process:
        for epoch, rank in [(2, "1"), (3, "0")]:  # process 0 is the one that writes
            read_until_mid(process, epoch)
            (victim,) = (p for p in psutil.Process(process.pid).children() if p.environ().get("RANK") == rank)
            victim.send_signal(signal.SIGKILL)
        output = process.stdout.read()
        assert process.wait(30) == 0, output
    assert "Going on after epoch 2." in output and "Traceback" not in output
    assert_same(pair, tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="torchrun on Windows does not restart reliably")
def test_torchrun_killed_and_started_again(pair, noise, tmp_path):
    with started(TWO, noise, tmp_path) as process:
        read_until_mid(process, epoch=2)
        process.send_signal(signal.SIGKILL)  # torchrun only: its processes must notice
        assert not psutil.wait_procs(belongs_to(tmp_path), 30)[1]
    assert "Going on after epoch 1." in run_to_the_end(TWO, noise, tmp_path)
    assert_same(pair, tmp_path)


def test_two_machines(pair, noise, tmp_path):
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    launcher = [*TORCHRUN, "--nnodes=2", "--nproc-per-node=1", "--rdzv-backend=c10d", "--rdzv-id=test"]
    launcher += [f"--rdzv-endpoint=localhost:{port}", "--local-addr=localhost"]
    with started(launcher, noise, tmp_path) as one, started(launcher, noise, tmp_path) as other:
        said = []
        reader = threading.Thread(target=lambda: said.append(other.stdout.read()))
        reader.start()
        said.append(one.stdout.read())
        reader.join()
        assert one.wait(30) == 0 and other.wait(30) == 0, said
    assert sum("epoch 3/3" in text for text in said) == 1  # only one of them speaks
    assert_same(pair, tmp_path)


def test_a_fault_of_one_process_is_said_and_not_that_it_is_missing(noise, tmp_path, monkeypatch, capsys):
    for module in (processes, train):
        monkeypatch.setattr(module, "WORLD_SIZE", 2)
    monkeypatch.setattr(train, "LOCAL_RANK", 1)
    faults = {"CUDA error: out of memory": "out of memory", "Connection reset by peer": "has lost the connection"}
    for fault, said in faults.items():

        def fail(*_, fault=fault):
            raise RuntimeError(fault)

        monkeypatch.setattr(train, "join_processes", fail)
        assert said in refused(capsys, "--data", noise, *OPTIONS, "--out", tmp_path)


def test_processes_that_see_different_folders_refuse(monkeypatch):
    monkeypatch.setattr(processes, "WORLD_SIZE", 2)
    others = iter([3, 0])  # how many epochs the other process has found

    def all_reduce(extremes, operation):
        other = next(others)
        extremes.copy_(torch.maximum(extremes, torch.tensor([other, -other])))

    monkeypatch.setattr(processes.dist, "all_reduce", all_reduce)
    assert processes.all_have(3, torch.device("cpu"))
    assert not processes.all_have(3, torch.device("cpu"))
