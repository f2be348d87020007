"""helpers/: right results, and clear words when something is wrong."""

import base64
import http.client
import http.server
import io
import re
import subprocess
import sys
import threading
import urllib.error
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from conftest import COURSE
from PIL import ExifTags, Image
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets.folder import default_loader

import helpers
from helpers import data, device, finding, plotting, settings
from helpers.pictures import SPLITS, find_broken_pictures, list_pictures, read_picture


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


# ---------------------------------------------------------------- data
def test_find_data_samples_and_own_folder(pictures):
    assert helpers.find_data() == COURSE / "data_samples"
    assert helpers.find_data(pictures) == helpers.find_data(str(pictures)) == pictures


def test_find_data_looks_for_a_relative_path_in_the_course_too(pictures, monkeypatch, tmp_path_factory):
    monkeypatch.setattr(finding, "COURSE", pictures.parent)
    monkeypatch.chdir(tmp_path_factory.mktemp("notebooks"))
    assert helpers.find_data("pets") == pictures


def test_find_data_missing_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere. Expected one with train, val, test"):
        helpers.find_data(tmp_path / "nowhere")


def test_find_data_class_folders_without_splits(pictures):
    with pytest.raises(ValueError, match=r"no folder train, val, test \(found cats, dogs\).*split_pictures"):
        helpers.find_data(pictures / "train")


def test_find_data_files_without_class_folders(tmp_path):
    for split in SPLITS:
        (tmp_path / split).mkdir()
        (tmp_path / split / "a.jpg").touch()
    with pytest.raises(ValueError, match=r"train has no class folders \(found 1 files\)"):
        helpers.find_data(tmp_path)


def test_find_data_other_classes_in_val(pictures):
    (pictures / "val" / "dogs").rename(pictures / "val" / "wolves")
    with pytest.raises(ValueError, match=r"different classes: \['cats', 'dogs'\] and \['cats', 'wolves'\]"):
        helpers.find_data(pictures)


@pytest.mark.parametrize("name", [".ipynb_checkpoints", "__MACOSX"])
def test_find_data_hidden_folder(pictures, name):
    (pictures / "train" / name).mkdir()
    with pytest.raises(ValueError, match=f"{name} would become a class.*Delete it"):
        helpers.find_data(pictures)


def test_find_data_empty_class(pictures):
    for file in (pictures / "test" / "cats").iterdir():
        file.rename(file.with_suffix(".txt"))
    with pytest.raises(ValueError, match="cats has no pictures"):
        helpers.find_data(pictures)


def photo_archive(folder):
    """A small hymenoptera_data.zip with the layout of the real one, its stray GIF included."""
    root = folder / "source" / "hymenoptera_data"
    for split, count in (("train", 3), ("val", 4)):
        for name in ("ants", "bees"):
            (root / split / name).mkdir(parents=True)
            for i in range(count):
                Image.new("RGB", (8, 8)).save(root / split / name / f"{name}{split}{i}.jpg")
    Image.new("P", (8, 8)).save(root / "train" / "ants" / "imageNotFound.gif")
    return finding.shutil.make_archive(str(folder / "hymenoptera_data"), "zip", folder / "source")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A web server for the files in tmp_path, and the list of what was asked of it."""
    asked = []
    monkeypatch.setenv("no_proxy", "*")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=tmp_path)

        def log_message(self, form, *args):
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()


def test_three_classes_are_put_together_once(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path)
    folder = helpers.find_data("three classes")
    counts = [[len(list(path.iterdir())) for path in sorted((folder / split).iterdir())] for split in SPLITS]
    assert counts == [[120, 120, 60], [60, 60, 30], [60, 60, 30]]
    assert [path.name for path in sorted((folder / "val").iterdir())] == ["ants", "bees", "ladybirds"]
    assert [path.name for path in tmp_path.iterdir()] == ["three_classes"]
    copy = finding.shutil.copytree
    monkeypatch.setattr(finding.shutil, "copytree", None)
    assert helpers.find_data("three classes") == folder

    def faster(*arguments, **settings):  # another notebook has begun at the same time, and ends first
        if away.exists():
            away.rename(folder)
        return copy(*arguments, **settings)

    monkeypatch.setattr(finding.shutil, "copytree", faster)
    away = folder.rename(tmp_path / "away")
    assert helpers.find_data("three classes") == folder
    assert [path.name for path in tmp_path.iterdir()] == ["three_classes"]


def test_hymenoptera_is_fetched_once_and_val_is_halved(tmp_path, monkeypatch, server):
    """The real download code of torchvision, from a local server."""
    photo_archive(tmp_path)
    address, asked = server
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setattr(finding, "HYMENOPTERA_URL", f"{address}/hymenoptera_data.zip")
    folder = helpers.find_data("hymenoptera")
    assert set(asked) == {"/hymenoptera_data.zip"}
    asked.clear()
    names = {split: {path.name for path in (folder / split).rglob("*.jpg")} for split in SPLITS}
    assert [len(names[split]) for split in SPLITS] == [6, 4, 4]
    assert not names["val"] & names["test"]
    assert [path.name for path in (tmp_path / "downloads").iterdir()] == ["hymenoptera"]
    assert helpers.find_data("hymenoptera") == folder and asked == []


@pytest.mark.parametrize("fault", ["html page", "other layout", "bad stream", "cut off"])
def test_hymenoptera_heals_after_a_bad_download(tmp_path, monkeypatch, server, fault):
    """Each fault has its message, and the next try fetches the whole anew."""
    good = finding.Path(photo_archive(tmp_path))
    whole = good.read_bytes()
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setattr(finding, "HYMENOPTERA_URL", f"{server[0]}/hymenoptera_data.zip")

    def cut_off(request, *args, **kwargs):
        (tmp_path / "downloads" / good.name).write_bytes(whole[:100])
        raise http.client.IncompleteRead(b"")

    if fault == "html page":
        good.write_text("<html>Please log in</html>")
    elif fault == "other layout":
        finding.shutil.make_archive(str(good.with_suffix("")), "zip", tmp_path / "source" / "hymenoptera_data" / "val")
    elif fault == "bad stream":
        start = whole.index(b".jpg") + 40
        good.write_bytes(whole[:start] + bytes(b ^ 255 for b in whole[start : start + 60]) + whole[start + 60 :])
    with monkeypatch.context() as only_now:
        if fault == "cut off":
            only_now.setattr("urllib.request.urlopen", cut_off)
        with pytest.raises(ConnectionError, match="could not be fetched" if fault == "cut off" else "arrived damaged"):
            helpers.find_data("hymenoptera")
    good.write_bytes(whole)
    assert helpers.find_data("hymenoptera") == tmp_path / "downloads" / "hymenoptera"


def test_hymenoptera_without_a_network(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    with pytest.raises(ConnectionError, match='could not be fetched.*DATA = "samples".*with a browser'):
        helpers.find_data("hymenoptera")


def test_hymenoptera_damaged_archive_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path)
    (tmp_path / "hymenoptera_data.zip").write_bytes(b"half a fi")
    with pytest.raises(ConnectionError, match="damaged.*Run the cell again"):
        helpers.find_data("hymenoptera")
    assert not (tmp_path / "hymenoptera_data.zip").exists()


def test_split_pictures_copies_every_picture_once(tmp_path):
    for name, count in (("cups", 10), ("spoons", 3)):
        (tmp_path / "all" / name).mkdir(parents=True)
        for i in range(count):
            Image.new("L", (4, 4)).save(tmp_path / "all" / name / f"{i}.png")
    target = helpers.find_data(helpers.split_pictures(tmp_path / "all", tmp_path / "split"))
    assert [len(list((target / split / "cups").iterdir())) for split in SPLITS] == [6, 2, 2]
    assert [len(list((target / split / "spoons").iterdir())) for split in SPLITS] == [1, 1, 1]
    assert len({path.name for path in target.rglob("cups/*")}) == 10
    assert len(list((tmp_path / "all").rglob("*.png"))) == 13
    with pytest.raises(FileExistsError, match="exists already"):
        helpers.split_pictures(tmp_path / "all", target)


def test_split_pictures_keeps_subfolders_and_fills_every_split(tmp_path):
    """Cameras number their folders and start the names anew in each."""
    for folder in ("100APPLE", "101APPLE"):
        (tmp_path / "all" / "cats" / folder).mkdir(parents=True)
        for i in range(3):
            Image.new("L", (4, 4)).save(tmp_path / "all" / "cats" / folder / f"IMG_{i}.PNG")
    (tmp_path / "all" / "cats" / "._IMG_0.PNG").write_bytes(b"what a Mac adds")
    target = helpers.split_pictures(tmp_path / "all", tmp_path / "split", val=0.3, test=0.69)
    assert [len(list((target / split).rglob("*.PNG"))) for split in SPLITS] == [1, 2, 3]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all", "split"]


def test_split_pictures_refuses_what_cannot_be_split(pictures, tmp_path):
    with pytest.raises(ValueError, match=r"val \+ test < 1, found val=0.5, test=0.5"):
        helpers.split_pictures(pictures / "train", tmp_path / "out", val=0.5, test=0.5)
    (pictures / "train" / "cats" / "0.png").unlink()
    with pytest.raises(ValueError, match="cats has 2 pictures"):
        helpers.split_pictures(pictures / "train", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_find_broken_pictures_tells_what_stops_a_training_from_what_is_left_out(pictures, tmp_path):
    cats, whole = pictures / "train" / "cats", (pictures / "train" / "cats" / "0.png").read_bytes()
    (cats / "half.png").write_bytes(whole[: len(whole) // 2])
    (cats / "letter.jpg").write_text("Dear cats, ...")
    for name in ("notes.txt", "photo.jfif"):
        (cats / name).write_bytes(whole)
    (pictures / "train" / "beside.png").write_bytes(whole)  # in no class folder
    (cats / "folder.png").mkdir()
    (pictures / "train" / "nothing").mkdir()
    broken, left_out = find_broken_pictures(pictures / "train")
    assert list(broken) == [cats / "half.png", cats / "letter.jpg"]
    assert all(str(path) in reason for path, reason in broken.items())
    assert left_out == [pictures / "train" / "beside.png", cats / "notes.txt", cats / "photo.jfif"]
    assert find_broken_pictures(pictures / "val") == ({}, [])
    with pytest.raises(FileNotFoundError):
        find_broken_pictures(tmp_path / "missing")


def test_read_picture_reads_what_ships_as_the_built_in_loader_does():
    for path in list_pictures(helpers.find_data()):
        ours, theirs = read_picture(path), default_loader(path)
        assert (ours.mode, ours.size, ours.tobytes()) == (theirs.mode, theirs.size, theirs.tobytes()), path


def test_datasets_turn_photos_upright(pictures):
    note = Image.Exif()
    note[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (20, 10), "red").save(pictures / "train" / "cats" / "phone.jpg", exif=note)
    (pictures / "labels.csv").write_text("train/cats/phone.jpg,cats")
    train = helpers.build_datasets(pictures, dict.fromkeys(("train", "val", "test")))["train"]
    names = [Path(path).name for path, _ in train.samples]
    assert train[names.index("phone.jpg")][0].size == (10, 20)
    assert data.CsvDataset(pictures / "labels.csv")[0][0].size == (10, 20)


def test_csv_dataset_reads_what_excel_writes(pictures):
    table = "train/cats/0.png,Kätzchen\r\ntrain/dogs/0.png,dogs\r\n\r\n"
    (pictures / "labels.csv").write_bytes(table.encode("utf-8-sig"))
    dataset = data.CsvDataset(pictures / "labels.csv")
    assert dataset.classes == ["Kätzchen", "dogs"] and [label for _, label in dataset] == [0, 1]


def test_csv_dataset_works_in_spawned_workers(pictures):
    rows = [f"train/{name}/0.png,{name}" for name in ("cats", "dogs")]
    (pictures / "labels.csv").write_text("\n".join(rows))
    dataset = data.CsvDataset(pictures / "labels.csv", transform=helpers.build_transforms(8)["val"])
    loader = DataLoader(dataset, batch_size=2, num_workers=1, multiprocessing_context="spawn")
    images, labels = next(iter(loader))
    assert images.shape == (2, 3, 8, 8) and labels.tolist() == [0, 1]


def test_loaders(pictures):
    loaders = helpers.build_loaders(pictures, image_size=16, batch_size=4)
    images, labels = next(iter(loaders["train"]))
    assert images.shape == (4, 3, 16, 16) and images.dtype == torch.float32
    assert loaders["train"].dataset.classes == ["cats", "dogs"]
    assert [labels.tolist() for _, labels in loaders["test"]] == [[0, 0, 0, 1], [1, 1]]


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
