"""A checkpoint is whole, plain and compared as a whole before anything is changed; each misfit is a sentence."""

import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import COURSE
from PIL import Image
from torch import nn
from torch.optim import SGD, AdamW
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import ConcatDataset, Subset

import helpers
from helpers.checkpoints import PARTS, pack
from helpers.data import CsvDataset
from helpers.files import saving
from helpers.files.comparing import describe_pictures
from helpers.files.saving import read_checkpoint, write_checkpoint

HISTORY = {"train_loss": [0.7, 0.6], "val_loss": [0.6, 0.5]}
CLASSES = ["no", "yes"]


def network(classes=2, width=4):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, width), nn.Tanh())
    model.add_module("fc", nn.Linear(width, classes))
    return model


def parts(model=None, **options):
    model = model or network(**options)
    return model, *helpers.build_optimizer(model, 3)


def save(path, *trained, history=HISTORY, classes=CLASSES, loaders=None):
    helpers.save_checkpoint(path, *(trained or parts()), history, classes, loaders)
    return path


def write(path):
    """As save, but without the lock that would keep a second program away."""
    write_checkpoint(path, pack(*parts(), HISTORY, CLASSES))


def files_of(path):
    """Without the one that keeps other programs away."""
    return [file.name for file in path.parent.iterdir() if not file.name.endswith(".lock")]


@pytest.fixture
def path(tmp_path):
    yield tmp_path / "run" / "one.pt"
    saving.in_memory.clear()


@pytest.fixture
def loaders(tmp_path):
    for split in ("train", "val", "test"):
        for i, name in enumerate(CLASSES):
            (tmp_path / "pictures" / split / name).mkdir(parents=True)
            for n in range(3):
                Image.new("RGB", (8, 8), (80 * n, 200 * i, 9)).save(tmp_path / "pictures" / split / name / f"{n}.png")
    return helpers.build_loaders(tmp_path / "pictures", 32, 2)


def test_it_holds_plain_values_and_replaces_whole(path):
    for _ in range(2):
        save(path)
    assert files_of(path) == ["one.pt"]
    assert set(torch.load(path, weights_only=True)) == {"pictures", "optimizer_kind"} | PARTS


def test_what_numpy_torch_and_pathlib_leave_in_a_history_becomes_plain(path):
    odd = {"val_loss": [np.float32(0.5), torch.tensor(0.25)], "where": [Path("a"), np.str_("b")]}
    save(str(path), history=odd, classes=np.array(CLASSES))
    history, classes = helpers.load_checkpoint(str(path), network())
    assert history == {"val_loss": [0.5, 0.25], "where": ["a", "b"]} and classes == CLASSES
    with pytest.raises(TypeError, match="cannot hold a set .* Expected numbers and texts"):
        save(path, history={"val_loss": {0.5}})
    assert read_checkpoint(path, PARTS)["history"] == history, "the old one is whole"


def test_a_crash_while_saving_leaves_the_old_checkpoint_and_nothing_else(path, monkeypatch):
    before = save(path).read_bytes()

    def crash(checkpoint, file):
        file.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", crash)
    with pytest.raises(KeyboardInterrupt):
        save(path)
    assert path.read_bytes() == before and files_of(path) == ["one.pt"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), RuntimeError("[enforce fail at inline]")])
def test_where_nothing_can_be_written_it_is_kept_in_memory_and_said_once(path, monkeypatch, capsys, error):
    write, model = torch.save, network()

    def full(checkpoint, file):
        if isinstance(file, Path):
            file.write_bytes(b"half")
            raise error
        write(checkpoint, file)

    monkeypatch.setattr(torch, "save", full)
    save(path, *parts(model), history={"val_loss": [1.0]})
    save(path, *parts(model))
    said = capsys.readouterr().out
    assert said.count("Not saved: ") == 1 and "MB are free" in said and "in memory, until this kernel ends" in said
    assert not files_of(path)
    assert helpers.load_checkpoint(path, network())[0] == HISTORY
    monkeypatch.undo()
    save(path, *parts(model))
    assert path.exists() and not saving.in_memory


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="Windows has other permissions")
def test_a_folder_that_cannot_be_made(path, capsys):
    path.parent.write_text("a file where the folder should be")
    save(path)
    assert "Not saved: " in capsys.readouterr().out and helpers.load_checkpoint(path, network())[0] == HISTORY


def test_what_another_program_is_writing_is_left_alone_and_what_was_left_long_ago_goes(path):
    path.parent.mkdir()
    (fresh := path.with_name("one.pt.7-7.unfinished")).write_bytes(b"being written")
    (old := path.with_name("one.pt.8-8.unfinished")).write_bytes(b"left by a killed program")
    os.utime(old, (0, 0))
    save(path)
    assert fresh.exists() and not old.exists()


def test_two_programs_and_two_threads_at_once(path):
    """They write the same file a hundred times. It is whole at any moment, and nothing else is left."""
    code = (
        f"import sys; sys.path[:0] = [{str(COURSE)!r}, {str(COURSE / 'tests')!r}, {str(COURSE / 'tests/unit')!r}]\n"
        "import threading; import test_checkpoints as t; from pathlib import Path\n"
        f"def work():\n    for _ in range(50): t.write(Path({str(path)!r}))\n"
        "threads = [threading.Thread(target=work) for _ in range(2)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
    )
    programs = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    while any(program.poll() is None for program in programs):
        if path.exists():
            assert helpers.load_checkpoint(path, network())[0] == HISTORY
        threading.Event().wait(0.01)
    assert [(program.wait(), program.stderr.read()) for program in programs] == [(0, "")] * 2
    assert files_of(path) == ["one.pt"]


def test_two_kernels_do_not_replace_each_others_checkpoint(path, capsys):
    code = (
        f"import sys; sys.path[:0] = [{str(COURSE)!r}, {str(COURSE / 'tests')!r}, {str(COURSE / 'tests/unit')!r}]\n"
        "import test_checkpoints as t; from pathlib import Path\n"
        f"t.save(Path({str(path)!r})); print('ready', flush=True); input()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as other:
        assert other.stdout.readline() == "ready\n"
        before = path.read_bytes()
        save(path, history={"val_loss": [9.0]})
        assert f"another program trains into {path} (process {other.pid})" in capsys.readouterr().out
        assert path.read_bytes() == before and helpers.load_checkpoint(path, network())[0] == {"val_loss": [9.0]}
        other.kill()
    save(path)
    assert not saving.in_memory and read_checkpoint(path, PARTS)["history"] == HISTORY


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none")
def test_a_device_is_not_replaced(path):
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(OSError, match="it is no file, but a folder or a device"):
        write_checkpoint(path, {})
    assert path.is_fifo()


def test_numpy_numbers_in_optimizer_and_schedule_can_be_loaded_again(path):
    model = network()
    optimizer = SGD(model.parameters(), lr=np.float64(0.01), weight_decay=np.float32(0))
    schedule = StepLR(optimizer, step_size=np.int64(2), gamma=np.float64(0.5))
    save(path, model, optimizer, schedule)
    assert helpers.load_checkpoint(path, model, optimizer, schedule)[0] == HISTORY
    model(torch.ones(2, 3)).sum().backward()
    optimizer.step()


@pytest.mark.parametrize(
    "history", [None, [0.5], {"val_loss": 0.5}, {"val_loss": ["x"]}, {"train_loss": [1.0], "val_loss": []}]
)
def test_a_history_that_could_not_be_loaded_is_not_saved(path, history):
    with pytest.raises(
        ValueError, match="Not saved: its history .*Expected a dictionary of lists of numbers, such as fit"
    ):
        save(path, history=history)


def test_a_history_with_lists_of_ones_own_is_kept(path):
    own = HISTORY | {"lr": [0.1], "best": 0.9, "note": "a text"}
    assert helpers.load_checkpoint(save(path, history=own), network())[0] == own


def test_a_loss_that_is_no_number_does_not_replace_a_good_checkpoint(path, capsys):
    before = save(path).read_bytes()
    save(path, history={"train_loss": [0.7, float("nan")], "val_loss": [0.6, float("nan")]})
    assert "Not saved: the loss is no number any more. one.pt stays as it is" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_as_many_tensors_but_others(path):
    def trained(part):
        model = network()
        model.requires_grad_(False)
        getattr(model, part).requires_grad_(True)
        optimizer, schedule = helpers.build_optimizer(model, 3)
        model(torch.ones(2, 3)).sum().backward()
        optimizer.step()
        return model, optimizer, schedule

    save(path, *trained("fc"))
    with pytest.raises(ValueError, match="its optimizer trains other tensors .freeze the same layers"):
        helpers.load_checkpoint(path, *trained("0"))


def test_optimizers_whose_memory_has_other_shapes_or_gaps(path):
    for kind in (torch.optim.Adafactor, torch.optim.RMSprop, torch.optim.Adagrad, torch.optim.NAdam):
        model = network()
        optimizer = kind(model.parameters())
        schedule = StepLR(optimizer, 2)
        (model[2].weight.sum() + model[0].bias.sum()).backward()  # the others get no gradient, and so no memory
        optimizer.step()
        save(path, model, optimizer, schedule)
        assert helpers.load_checkpoint(path, model, optimizer, schedule)[0] == HISTORY
        optimizer.step()


def test_a_closed_folder(path, monkeypatch):
    def refuse(path, **kwargs):
        raise PermissionError(13, "Permission denied")

    save(path)
    monkeypatch.setattr(torch, "load", refuse)
    with pytest.raises(ValueError, match="one.pt cannot be read: Permission denied. Choose another file"):
        helpers.load_checkpoint(path, network())


def test_epochs_with_other_pictures_are_not_mixed_into_one_history(path, loaders):
    model = network()
    save(path, *parts(model), history={"val_loss": [1.0]}, loaders=loaders)
    before = path.read_bytes()
    picture = Path(loaders["train"].dataset.samples[0][0])
    picture.write_bytes(picture.read_bytes() + b"another size")
    with pytest.raises(ValueError, match="was trained with other pictures before .* Run the cell with the fresh start"):
        save(path, *parts(model), loaders=loaders)
    assert path.read_bytes() == before
    save(path, *parts(model), history={"val_loss": [1.0]}, loaders=loaders)  # a new history may begin
    save(path, *parts(model), loaders=loaders)


class Program:
    def __reduce__(self):
        return (os.system, ("echo harm",))


UNUSABLE = {
    "nothing": (lambda path: None, FileNotFoundError, "No checkpoint at .*one.pt. Train for at least one epoch first"),
    "empty": (lambda path: path.write_bytes(b""), ValueError, "the file is empty"),
    "half": (
        lambda path: path.write_bytes(save(path).read_bytes()[:999]),
        ValueError,
        "its end is missing, after 999 bytes",
    ),
    "git-lfs": (lambda path: path.write_text("version https://git-lfs"), ValueError, "Run `git lfs pull`"),
    "a web page": (lambda path: path.write_text("<html>"), ValueError, "it is a web page. Fetch the file itself"),
    "a folder": (lambda path: path.mkdir(), ValueError, "it is a folder"),
    "a program": (lambda path: torch.save(Program(), path), ValueError, "may be a program. It was not opened"),
    "an old program": (
        lambda path: torch.save(Program(), path, _use_new_zipfile_serialization=False),
        ValueError,
        "may be a program",
    ),
    "TorchScript": (lambda path: script(path), ValueError, "a network as a program .TorchScript.. Expected what save_"),
    "weights": (lambda path: torch.save(network().state_dict(), path), ValueError, "holds weights alone"),
    "a tensor": (lambda path: torch.save(torch.ones(3), path), ValueError, "has no classes, history, model"),
    "a part": (lambda path: spoil(path, scheduler=None), ValueError, "has no scheduler: another program"),
    "other types": (lambda path: spoil(path, model=[1]), ValueError, "its parts are not those that save_checkpoint"),
    "DDP": (lambda path: prefix(path, "module."), ValueError, r"begin with module. \(DDP: save model.module\)"),
    "compiled": (lambda path: prefix(path, "_orig_mod."), ValueError, r"begin with _orig_mod. \(torch.compile"),
    "three classes": (lambda path: save(path, *parts(classes=3)), ValueError, "has 3 classes, and this one 2"),
    "layers": (lambda path: save(path, *parts(width=5)), ValueError, "has other layers .the first is 0.weight"),
    "frozen": (lambda path: save(path, *frozen()), ValueError, "trains 2 tensors, and this one 4 .freeze the same"),
    "groups": (
        lambda path: save(path, *in_groups()),
        ValueError,
        r"trains 2 \+ 2 tensors, and this one 4 .give",
    ),
    "SGD": (lambda path: save(path, *with_sgd()), ValueError, "its optimizer is SGD, and this one AdamW"),
    "half an epoch": (
        lambda path: spoil(path, history={"train_loss": [1.0], "val_loss": []}),
        ValueError,
        "not one of whole epochs",
    ),
}


def spoil(path, **changes):
    checkpoint = torch.load(save(path), weights_only=True) | changes
    torch.save({name: value for name, value in checkpoint.items() if value is not None}, path)


def prefix(path, how):
    spoil(path, model={how + name: value for name, value in network().state_dict().items()})


def frozen():
    model = network()
    model[0].requires_grad_(False)
    return parts(model)


def script(path):
    with warnings.catch_warnings(action="ignore"):  # that it is old
        torch.jit.save(torch.jit.script(network()), path)


def in_groups():
    model = network()
    optimizer = AdamW([{"params": list(part.parameters())} for part in (model[0], model.fc)])
    return model, optimizer, StepLR(optimizer, 7)


def with_sgd():
    model = network()
    optimizer = SGD(model.parameters(), lr=0.1)
    return model, optimizer, StepLR(optimizer, 7)


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_cannot_be_used_is_said_in_a_sentence_and_nothing_is_changed(path, kind):
    make, error, words = UNUSABLE[kind]
    path.parent.mkdir()
    make(path)
    model, optimizer, scheduler = parts()
    with torch.no_grad():
        model[0].weight.fill_(0.5)
    before = str(model.state_dict()), str(optimizer.state_dict()), str(scheduler.state_dict())
    with pytest.raises(error, match=words) as caught:
        helpers.load_checkpoint(path, model, optimizer, scheduler)
    assert (str(model.state_dict()), str(optimizer.state_dict()), str(scheduler.state_dict())) == before
    said = str(caught.value)
    assert str(path) in said and "\n" not in said and "weights_only" not in said and len(said) < 400
    assert caught.value.__cause__ is None, "torch's own words would invite to switch the safety off"


def test_the_same_names_but_other_pictures_or_classes(path, loaders):
    save(path, loaders=loaders)
    assert helpers.load_checkpoint(path, network(), loaders=loaders) == (HISTORY, CLASSES)
    picture = Path(loaders["train"].dataset.samples[0][0])
    picture.write_bytes(picture.read_bytes() + b"another size")
    with pytest.raises(ValueError, match=r"with other pictures \(6 train, 6 val, .*; here are 6 train, 6 val, .*\)"):
        helpers.load_checkpoint(path, network(), loaders=loaders)
    save(path, classes=["yes", "no"])
    with pytest.raises(ValueError, match="its classes are yes, no, and here they are no, yes"):
        helpers.load_checkpoint(path, network(), loaders=loaders)


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        (["yes", "no"], "its classes are yes, no, and here they are no, yes"),
        ({"no": 0, "yes": 1}, r"its classes are \{'no': 0, 'yes': 1\}, and no list of names"),
        ("no,yes", "its classes are 'no,yes', and no list of names"),
        (None, "its classes are None, and no list of names"),
    ],
)
def test_classes_that_are_not_those_of_the_loaders_are_not_saved(path, loaders, classes, words):
    with pytest.raises(ValueError, match=rf"Not saved: {words}\. Expected loaders\[.train.\]\.dataset\.classes\."):
        save(path, classes=classes, loaders=loaders)
    assert not path.exists()


def test_what_was_set_anew_and_is_not_used_is_said(path, capsys):
    model = network()
    save(path, model, *helpers.build_optimizer(model, 3, lr=0.5))
    capsys.readouterr()
    for lr, weight_decay, said in (
        (0.5, 0.05, ""),
        (0.001, 0.05, "It goes on with the lr that was saved, 0.5, not with 0.001.\n"),
        (0.5, 0, "It goes on with the weight_decay that was saved, 0.05, not with 0.\n"),
    ):
        model = network()
        helpers.load_checkpoint(path, model, *helpers.build_optimizer(model, 3, lr=lr, weight_decay=weight_decay))
        assert capsys.readouterr().out == said


def test_pictures_are_known_by_class_name_and_size_wherever_they_lie(loaders, tmp_path):
    known = describe_pictures(loaders)
    assert known.startswith("6 train, 6 val, ")
    assert describe_pictures({split: loader.dataset for split, loader in loaders.items()}) == known
    moved = (tmp_path / "pictures").rename(tmp_path / "moved")
    assert describe_pictures(helpers.build_loaders(moved, 64, 4)) == known
    (moved / "val" / "yes" / "0.png").rename(moved / "val" / "yes" / "new.png")
    assert describe_pictures(helpers.build_loaders(moved, 64, 4)) != known
    assert describe_pictures(None) == ""


def test_pictures_are_known_by_their_labels_also_in_parts(loaders, tmp_path):
    train, val = loaders["train"].dataset, loaders["val"].dataset
    known = describe_pictures({"train": Subset(train, [0, 5]), "val": val})
    assert known.startswith("2 train, 6 val, ")
    assert describe_pictures({"train": Subset(Subset(train, [5, 0, 1]), [1, 0]), "val": val}) == known
    assert describe_pictures({"train": ConcatDataset([Subset(train, [0]), Subset(train, [5])]), "val": val}) == known
    assert describe_pictures({"train": Subset(train, [0, 1]), "val": val}) != known
    table = tmp_path / "table.csv"
    prints = set()
    for names in (("no", "yes"), ("yes", "no")):
        table.write_text("".join(f"{path},{name}\n" for (path, _), name in zip(train.samples[::5], names, strict=True)))
        prints.add(describe_pictures(dict.fromkeys(("train", "val"), CsvDataset(table))))
    assert len(prints) == 2, "labels exchanged"


def test_the_short_form_of_lesson_6_writes_and_reads_the_same(path):
    """What the learner writes in the notebook, and the careful functions, read each other's files."""
    from test_bricks import definition_in_notebook

    names = {"torch": torch, "os": os}
    for name in ("save_state", "load_state"):
        exec(definition_in_notebook("06_training_loop", name), names)
    path.parent.mkdir()
    names["save_state"](path, *parts(), HISTORY, CLASSES)
    assert set(torch.load(path, weights_only=True)) == PARTS
    trained = parts(network(width=4))
    with torch.no_grad():
        trained[0][0].weight.fill_(0.5)
    assert helpers.load_checkpoint(path, *trained) == (HISTORY, CLASSES)
    assert torch.equal(trained[0][0].weight, network()[0].weight)
    save(path)
    with torch.no_grad():
        trained[0][0].weight.fill_(0.5)
    assert names["load_state"](path, *trained) == (HISTORY, CLASSES)
    assert torch.equal(trained[0][0].weight, network()[0].weight)
