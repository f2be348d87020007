"""Folders and tables of pictures: what belongs to them, what is fetched, what is divided, and what is refused."""

import http.client
import http.server
import os
import re
import shutil
import threading
import unicodedata
import urllib.error
import zipfile
from pathlib import Path

import pytest
import torch
from conftest import COURSE
from PIL import ExifTags, Image
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.datasets.folder import default_loader

import helpers
from helpers import data
from helpers import pictures as folders
from helpers.files import fetching, finding
from helpers.files import folders as listing
from helpers.files.folders import SPLITS, list_pictures
from helpers.files.reading import read_picture
from helpers.pictures import find_broken_pictures


def test_find_data_samples_and_own_folder(pictures):
    assert helpers.find_data() == COURSE / "data_samples"
    assert helpers.find_data(pictures) == helpers.find_data(str(pictures)) == pictures


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


@pytest.mark.parametrize("use", [helpers.find_data, lambda folder: helpers.build_loaders(folder, 32)])
def test_other_classes_in_val_or_none(pictures, use):
    (pictures / "val" / "dogs").rename(pictures / "val" / "wolves")
    with pytest.raises(ValueError, match=r"different classes: \['cats', 'dogs'\] and \['cats', 'wolves'\]"):
        use(pictures)
    with pytest.raises(ValueError, match=r"no folder train, val, test \(found cats, dogs\).*split_pictures"):
        use(pictures / "train")


@pytest.mark.parametrize("name", ["valid", "dev", "bullet_train"])
def test_a_class_whose_name_sounds_like_a_split(tmp_path, name):
    for other in (name, "ops"):
        picture_folder(tmp_path / other, 1)
    with pytest.raises(ValueError, match=r"no folder train, val, test .*\. If it holds a folder for each class"):
        helpers.find_data(tmp_path)


def test_pictures_that_come_twice_are_said(pictures, tmp_path, capsys):
    helpers.find_data(pictures)
    assert capsys.readouterr().out == "", "alike in name and size, not in content"
    shutil.copy(pictures / "train" / "cats" / "1.png", pictures / "val" / "cats" / "new.png")
    (pictures / "train" / "cats" / "1.png").rename(pictures / "train" / "cats" / "new.png")
    helpers.find_data(pictures)
    assert "val/cats/new.png is also in train, as others may be. Numbers" in capsys.readouterr().out
    for name in ("7", "7 - Copy", "7 - Copy (2)"):
        shutil.copy(pictures / "train" / "cats" / "2.png", pictures / "train" / "cats" / f"{name}.png")
    helpers.split_pictures(pictures / "train", tmp_path / "split")
    assert re.match(r"3 pictures are copies, such as \S+.*\.png of \S+.*\.png. Delete them", capsys.readouterr().out)


def test_what_is_no_folder_is_named(tmp_path):
    (tmp_path / "photos.zip").write_bytes(b"PK\x03\x04...")
    with pytest.raises(FileNotFoundError, match=r"no folder .*photos.zip \(it is an archive\)\. Unpack it first\.$"):
        helpers.find_data(tmp_path / "photos.zip")
    with pytest.raises(FileNotFoundError, match=r"folder https://x.org/p.zip \(it is an address\)\. Download it, unp"):
        helpers.find_data("https://x.org/p.zip")


@pytest.mark.parametrize(
    "use",
    [
        helpers.find_data,
        helpers.split_pictures,
        find_broken_pictures,
        helpers.build_datasets,
        data.CsvDataset,
        helpers.load_checkpoint,
        read_picture,
    ],
)
@pytest.mark.parametrize("path", ["~nobody-here/set", None, 3])
def test_what_is_no_path_gets_a_sentence(use, path):
    more = {helpers.split_pictures: ["out"], helpers.build_datasets: [{}], helpers.load_checkpoint: [None]}.get(use, [])
    with pytest.raises(ValueError, match="home folder of nobody here|is no path|is no folder|it is of the type"):
        use(path, *more)


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
    copy = finding.shutil.copyfile
    monkeypatch.setattr(finding.shutil, "copyfile", None)
    assert helpers.find_data("three classes") == folder

    def faster(*arguments, **settings):  # another notebook has begun at the same time, and ends first
        if away.exists():
            away.rename(folder)
        return copy(*arguments, **settings)

    monkeypatch.setattr(finding.shutil, "copyfile", faster)
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


@pytest.mark.parametrize(
    "fault", ["html page", "other layout", "no class folders", "no photos of one", "bad stream", "cut off"]
)
def test_hymenoptera_heals_after_a_bad_download(tmp_path, monkeypatch, server, fault):
    """Each fault has its message, and the next try fetches the whole anew."""
    good = finding.Path(photo_archive(tmp_path))
    whole = good.read_bytes()
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setattr(finding, "HYMENOPTERA_URL", f"{server[0]}/hymenoptera_data.zip")

    def cut_off(*args, **kwargs):
        raise http.client.IncompleteRead(b"")

    if fault == "html page":
        good.write_text("<html>Please log in</html>")
    elif fault == "other layout":
        finding.shutil.make_archive(str(good.with_suffix("")), "zip", tmp_path / "source" / "hymenoptera_data" / "val")
    elif fault.startswith("no "):
        folders.shutil.rmtree(tmp_path / "source" / "hymenoptera_data" / "val" / "bees")
        if fault == "no class folders":
            folders.shutil.rmtree(tmp_path / "source" / "hymenoptera_data" / "val" / "ants")
        finding.shutil.make_archive(str(good.with_suffix("")), "zip", tmp_path / "source")
    elif fault == "bad stream":
        start = whole.index(b".jpg") + 40
        good.write_bytes(whole[:start] + bytes(b ^ 255 for b in whole[start : start + 60]) + whole[start + 60 :])
    with monkeypatch.context() as only_now:
        if fault == "cut off":
            only_now.setattr(fetching, "urlopen", cut_off)
        with pytest.raises(ConnectionError, match="could not be fetched" if fault == "cut off" else "arrived damaged"):
            helpers.find_data("hymenoptera")
    assert not any((tmp_path / "downloads").iterdir())
    good.write_bytes(whole)
    assert helpers.find_data("hymenoptera") == tmp_path / "downloads" / "hymenoptera"


def test_hymenoptera_without_a_network(tmp_path, monkeypatch):
    def refuse(*args, **kwargs):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path)
    monkeypatch.setattr(fetching, "urlopen", refuse)
    with pytest.raises(ConnectionError, match='could not be fetched.*DATA = "samples".*with a browser'):
        helpers.find_data("hymenoptera")


def test_hymenoptera_damaged_archive_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path)
    (tmp_path / "hymenoptera_data.zip").write_bytes(b"half a fi")
    with pytest.raises(ConnectionError, match="damaged.*Replace or delete .*hymenoptera_data.zip"):
        helpers.find_data("hymenoptera")
    assert (tmp_path / "hymenoptera_data.zip").read_bytes() == b"half a fi", "who brought it by hand may need it"


def picture_folder(folder, count, ending=".png"):
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(count):
        Image.new("RGB", (20, 16), (9 * i, 99, 0)).save(folder / f"{i}{ending}")
    return folder


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
    picture_folder(tmp_path / "all" / "dogs", 3)
    target = helpers.split_pictures(tmp_path / "all", tmp_path / "split", val=0.3, test=0.69)
    assert [len(list((target / split / "cats").rglob("*.PNG"))) for split in SPLITS] == [1, 2, 3]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all", "split"]


def test_split_pictures_refuses_what_cannot_be_split(pictures, tmp_path):
    with pytest.raises(ValueError, match=r"val \+ test < 1, found val=0.5, test=0.5"):
        helpers.split_pictures(pictures / "train", tmp_path / "out", val=0.5, test=0.5)
    (pictures / "train" / "cats" / "0.png").unlink()
    with pytest.raises(ValueError, match="cats has 2 pictures"):
        helpers.split_pictures(pictures / "train", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_find_broken_pictures_tells_what_stops_a_training_from_what_is_left_out(pictures):
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
    with pytest.raises(ValueError, match=r"val/dogs has no class folders \(found 3 files\). Put each class in"):
        find_broken_pictures(pictures / "val" / "dogs")


def test_read_picture_reads_what_ships_as_the_built_in_loader_does():
    for path in list_pictures(helpers.find_data()):
        ours, theirs = read_picture(path), default_loader(path)
        assert (ours.mode, ours.size, ours.tobytes()) == (theirs.mode, theirs.size, theirs.tobytes()), path


def test_datasets_turn_photos_upright(pictures):
    note = Image.Exif()
    note[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (20, 10), "red").save(pictures / "train" / "cats" / "phone.jpg", exif=note)
    (pictures / "labels.csv").write_text("train/cats/phone.jpg,cats\ntrain/dogs/0.png,dogs")
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


# ---------------------------------------------------------------- what belongs to a folder
def wild(folder):
    """A class folder with all that ImageFolder treats in its own way."""
    picture_folder(folder, 2)
    picture_folder(folder / "album.jpg", 1)  # a folder that is called like a picture
    picture_folder(folder / ".ipynb_checkpoints", 1)
    picture_folder(folder.parent.parent / "elsewhere", 1, ".JPEG")
    (folder / "linked").symlink_to(folder.parent.parent / "elsewhere")
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    for name in ("._0.png", "notes.txt", "a.heic", "b.jfif", ".jpg"):
        (folder / name).write_bytes(b"x")


def test_list_pictures_gives_exactly_what_image_folder_opens(tmp_path):
    wild(tmp_path / "set" / "cats")
    opened = {Path(path) for path, _ in datasets.ImageFolder(tmp_path / "set").samples}
    assert set(list_pictures(tmp_path / "set")) == opened and len(opened) == 8
    broken, left_out = find_broken_pictures(tmp_path / "set")
    assert {path.name for path in broken} == {"gone.jpg", "._0.png", ".jpg"}
    assert "gone.jpg is no picture that can be read: there is no such file" in str(broken.values())
    assert {path.name for path in left_out} == {"notes.txt", "a.heic", "b.jfif"}


def test_a_link_in_a_circle_is_named(tmp_path):
    picture_folder(tmp_path / "cats", 2)
    (tmp_path / "cats" / "again").symlink_to(tmp_path)
    with pytest.raises(ValueError, match="again is the same folder as .* would come twice. Delete the link"):
        list_pictures(tmp_path)


def test_split_pictures_says_what_it_leaves_out(tmp_path, capsys):
    wild(tmp_path / "all" / "cats")
    picture_folder(tmp_path / "all" / "dogs", 9)
    picture_folder(tmp_path / "all", 1)  # beside the class folders
    target = helpers.split_pictures(tmp_path / "all", str(tmp_path / "out"))
    assert len([path for path in target.rglob("*") if path.is_file()]) == 4 + 9
    assert helpers.find_data(target) == target
    said = capsys.readouterr().out.splitlines()
    assert said.pop(0) == "cats holds the folders album.jpg, linked: all become one class, cats."
    assert said.pop(0).startswith("3 pictures are copies, such as ")
    assert said[0] == "out: 7 train, 3 val, 3 test." and len(said) == 2
    left = "1 .heic, 1 .jfif, 1 .txt, 3 hidden, 1 in no class folder, 1 links that lead nowhere"
    assert said[1].startswith(f"Left out: {left}. ImageFolder opens only .jpg,") and ".heic, as .jpg." in said[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all", "elsewhere", "out"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda p: [picture_folder(p / "photos" / name, 3) for name in "ab"],
            r"has 1 class folders, photos\..* Is .*photos meant",
        ),
        (lambda p: picture_folder(p, 3), "has 0 class folders. Expected two or more"),
        (
            lambda p: [picture_folder(p / part / name, 3) for part in ("training_set", "test_set") for name in "ab"],
            r"is divided already \(found test_set, training_set\)",
        ),
        (
            lambda p: [picture_folder(p / part, 3) for part in ("trainset", "valset", "testset")],
            r"is divided already \(found testset, trainset, valset\)",
        ),
        (lambda p: [picture_folder(p / part, 3) for part in ("TrainingSet", "TestSet")], "found TestSet, TrainingSet"),
        (lambda p: [picture_folder(p / part, 3) for part in ("trainA", "trainB", "testA")], "found testA, trainA, tra"),
        (
            lambda p: [picture_folder(p / one / part, 3) for one in ("more", "photos") for part in ("train", "val")],
            r"more is divided already \(found train, val\)",
        ),
        (
            lambda p: [picture_folder(p / unicodedata.normalize(form, "Käfer"), 3) for form in ("NFC", "NFD")],
            "has two folders Käfer. Their names look alike, .* Put the pictures of both into one",
        ),
        (
            lambda p: [picture_folder(p / "a", 3), picture_folder(p / "b", 3), (p / "a" / "x").symlink_to(p / "b")],
            "is the same file as .*: it would come twice. Delete the link",
        ),
        (
            lambda p: [picture_folder(p / part / name, 3) for part in ("Train", "valid", "test") for name in "ab"],
            r"is divided already \(found Train, test, valid\). Name these train, val and test",
        ),
        (
            lambda p: [
                picture_folder(p / "a", 2),
                *[(p / "a" / f"{i}.heic").touch() for i in range(40)],
                picture_folder(p / "b", 3),
            ],
            "a has 2 pictures and 40 .heic. ImageFolder opens only .* Expected at least three",
        ),
    ],
    ids=[
        "folder in folder",
        "no class",
        "longer names",
        "joined words",
        "capitals",
        "A and B",
        "two sets",
        "names that look alike",
        "a link to another class",
        "divided already",
        "heic",
    ],
)
def test_split_pictures_refuses_what_would_make_a_wrong_set(tmp_path, make, words):
    make(tmp_path / "all")
    with pytest.raises(ValueError, match=words):
        helpers.split_pictures(tmp_path / "all", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_split_pictures_source_and_target(pictures, tmp_path):
    source = pictures / "train"
    for target in (source / "deep" / "split", source, pictures, f'"{source}"'):
        with pytest.raises(ValueError, match="lies in .*train, or around it. Choose a .*, such as .*train_split"):
            helpers.split_pictures(source, target)  # which must not say: delete it first
    with pytest.raises(FileExistsError, match=r"val exists already. Choose another target, such as .*val_2\.$"):
        helpers.split_pictures(source, pictures / "val")
    with pytest.raises(ValueError, match="'' is no path. Expected a text such as"):
        helpers.split_pictures(source, "")
    with pytest.raises(ValueError, match="val is '0.2', expected a number from 0 on"):
        helpers.split_pictures(pictures / "train", tmp_path / "out", val="0.2")


@pytest.mark.parametrize(
    "use", [helpers.find_data, helpers.split_pictures, find_broken_pictures, helpers.build_loaders]
)
def test_a_folder_may_lie_in_the_course_or_stand_in_quotation_marks(pictures, tmp_path, monkeypatch, use):
    more = {helpers.split_pictures: [tmp_path / "out"], helpers.build_loaders: [32]}.get(use, [])
    name = "pets" if use in (helpers.find_data, helpers.build_loaders) else "pets/train"
    for wrong in ("mistyped", pictures / "train" / "cats" / "0.png"):
        with pytest.raises(FileNotFoundError, match=rf"There is no folder .*{wrong}.*\. Expected one with "):
            use(wrong, *more)
    monkeypatch.setattr(listing, "COURSE", tmp_path)
    for words in (name, f'"{tmp_path / name}"', f"“{name}”"):
        assert use(words, *more)
        folders.shutil.rmtree(tmp_path / "out", ignore_errors=True)


@pytest.fixture
def close(monkeypatch):
    """A function that closes a folder. (Permissions would not do: some run tests as one who may read all.)"""

    def closing(folder):
        def patch(name):
            def refuse(path=".", *args, **options):
                place = Path(path) if isinstance(path, str | Path) else Path()
                if folder in place.parents or folder == place and name != "stat":
                    raise PermissionError(13, "Permission denied", str(place))
                return real(path, *args, **options)

            real = getattr(os, name)
            monkeypatch.setattr(os, name, refuse)

        for name in ("stat", "scandir", "listdir"):
            patch(name)

    return closing


@pytest.mark.parametrize(
    ("use", "place", "named"),
    [
        (lambda p: helpers.find_data(p), "train/cats", "train/cats"),
        (lambda p: helpers.split_pictures(p / "train", p / "out"), "train/cats", "train/cats"),
        (lambda p: find_broken_pictures(p / "train"), "train/cats", "train/cats"),
        (lambda p: helpers.find_data(p / "val"), "", "val"),
        (lambda p: helpers.split_pictures(p / "train", p / "test" / "out"), "test", "out"),
        (lambda p: data.CsvDataset(p / "val" / "labels.csv"), "val", "labels.csv"),
    ],
    ids=["find_data", "split_pictures", "find_broken_pictures", "a set", "a target", "a table"],
)
def test_what_is_closed_is_named_and_not_called_empty(pictures, close, use, place, named):
    close(pictures / place)
    with pytest.raises(PermissionError, match=rf"{named} cannot be used \(Permission denied\). Change its permissions"):
        use(pictures)


def test_a_closed_folder_of_the_system_stops_nobody(pictures, tmp_path, close):
    (pictures / "train" / "System Volume Information").mkdir()
    close(pictures / "train" / "System Volume Information")
    assert helpers.split_pictures(pictures / "train", tmp_path / "out").is_dir()


def test_an_interrupted_or_failed_division_leaves_nothing(pictures, tmp_path, monkeypatch):
    for error in (KeyboardInterrupt, OSError(28, "No space left on device")):
        copies = iter([None, None, error])

        def copy(source, target, copies=copies):
            if stop := next(copies):
                raise stop

        monkeypatch.setattr(folders.shutil, "copy2", copy)
        with pytest.raises((KeyboardInterrupt, OSError)):
            helpers.split_pictures(pictures / "train", tmp_path / "out")
        assert [path.name for path in tmp_path.iterdir()] == ["pets"]


# ---------------------------------------------------------------- what find_data refuses, and its advice
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda p: (p / "val").rename(p / "valid"),
            r"has no folder val \(found test, train, valid\). Rename valid to val",
        ),
        (lambda p: [(p / s).rename(p / s.title()) for s in SPLITS], "Rename Train to train, and Val to val, and Test"),
        (lambda p: [(p / "set").mkdir(), *[(p / s).rename(p / "set" / s) for s in SPLITS]], "Is .*/set meant"),
        (
            lambda p: [(p / s).rename(p / f"{s.title()}Set") for s in SPLITS],
            "Rename TrainSet to train, and ValSet to",
        ),
        (
            lambda p: (
                [picture_folder(p / f"{s}{x}", 1) for s in SPLITS for x in "AB"]
                + [folders.shutil.rmtree(p / s) for s in SPLITS]
            ),
            "Rename trainA or trainB to train, and valA or valB to val, and testA or testB to test",
        ),
        (lambda p: folders.shutil.rmtree(p / "test"), "has no folder test .*Move a part of the pictures there"),
        (lambda p: [folders.shutil.rmtree(p / s / "dogs") for s in SPLITS], "train has only one class, cats"),
        (lambda p: picture_folder(p / "train" / "@eaDir", 1), "@eaDir would become a class of its own"),
        (lambda p: picture_folder(p / "val" / "cats" / ".ipynb_checkpoints", 2), r"is hidden, .*one of cats \(2 such"),
        (
            lambda p: [folders.shutil.rmtree(p / "val"), (p / "val").symlink_to(p / "train")],
            "val/cats is the same folder as .*train/cats: its pictures would come twice",
        ),
        (
            lambda p: (p / "test" / "dogs" / "._0.png").touch(),
            r"._0.png is hidden, .* one of dogs \(1 such files\). Del",
        ),
        (
            lambda p: [f.rename(f.with_suffix(".HEIC")) for f in (p / "val" / "cats").iterdir()],
            r"cats has no pictures \(found 3 .heic\). Add some.*save others, such as .heic, as .jpg",
        ),
    ],
    ids=[
        "valid",
        "capitals",
        "folder in folder",
        "joined words",
        "two of each",
        "no test",
        "one class",
        "NAS",
        "hidden folder",
        "val is train",
        "hidden file",
        "heic",
    ],
)
def test_find_data_says_what_helps(pictures, change, words):
    change(pictures)
    with pytest.raises(ValueError, match=words) as caught:
        helpers.find_data(pictures)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


def test_find_data_says_what_is_left_out_of_a_divided_folder(pictures, capsys):
    for name in ("1.heic", "2.HEIC", "3.jfif", ".DS_Store", "Thumbs.db"):
        (pictures / "train" / "cats" / name).touch()
    assert helpers.find_data(pictures) == pictures
    said = capsys.readouterr().out
    assert said.startswith("Left out: 2 .heic, 1 .jfif. ImageFolder opens only .jpg,") and said.count("\n") == 1


def test_the_same_letters_stored_in_two_ways(pictures):
    for split, form in zip(SPLITS, ("NFC", "NFD", "NFC"), strict=True):
        (pictures / split / "cats").rename(pictures / split / unicodedata.normalize(form, "Kätzchen"))
    with pytest.raises(ValueError, match="look alike, but are stored in two ways, as Macs do: type them anew"):
        helpers.find_data(pictures)


# ---------------------------------------------------------------- what comes from the network, and where it goes
@pytest.fixture
def photos_at(tmp_path, monkeypatch, server):
    monkeypatch.setattr(finding, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setattr(finding, "HYMENOPTERA_URL", f"{server[0]}/hymenoptera_data.zip")
    return Path(photo_archive(tmp_path))


def test_an_archive_that_is_too_large_or_leads_out_of_its_folder(photos_at, tmp_path, monkeypatch):
    with monkeypatch.context() as only_now:
        only_now.setattr(finding, "LARGEST", 1_000)
        with pytest.raises(ConnectionError, match="arrived damaged .it holds more than 2,000 files or 0 MB"):
            helpers.find_data("hymenoptera")
    with monkeypatch.context() as only_now:
        only_now.setattr(finding, "download", lambda *args: fetching.download(*args, most=100))
        with pytest.raises(ConnectionError, match="could not be fetched .*expected at most 0 MB"):
            helpers.find_data("hymenoptera")
    with zipfile.ZipFile(photos_at, "a") as archive:
        archive.writestr("../../out.txt", "x")
        archive.writestr(str(tmp_path / "absolute.txt"), "x")
    helpers.find_data("hymenoptera")
    assert not list(tmp_path.rglob("out.txt")) and not (tmp_path / "absolute.txt").exists()


@pytest.mark.parametrize("brought", ["hymenoptera_data (1).zip", "hymenoptera_data"])
def test_photos_that_were_fetched_by_hand(photos_at, tmp_path, monkeypatch, brought):
    """A browser may give the archive another name, or unpack it."""
    (tmp_path / "downloads").mkdir()
    place = tmp_path / "downloads" / brought
    if place.suffix:
        place.write_bytes(b"half")
    else:
        (place / "train").mkdir(parents=True)
    with pytest.raises(ConnectionError, match=rf"damaged .*Replace or delete .*{re.escape(brought)}\.$"):
        helpers.find_data("hymenoptera")
    if place.suffix:
        photos_at.rename(place)
    else:
        shutil.copytree(tmp_path / "source" / brought, place, dirs_exist_ok=True)
    assert helpers.find_data("hymenoptera") == tmp_path / "downloads" / "hymenoptera"
    assert place.exists() == (not place.suffix)


def test_what_a_killed_division_left_is_cleared_a_day_later(pictures, tmp_path):
    left = [tmp_path / f"split.{name}" / "all" for name in ("old", "new")]
    for folder in left:
        folder.mkdir(parents=True)
    os.utime(left[0], (0, 0))
    helpers.split_pictures(pictures / "train", tmp_path / "split")
    assert [folder.exists() for folder in left] == [False, True]


def test_two_downloads_at_once(photos_at, tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(helpers.find_data("hymenoptera"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [tmp_path / "downloads" / "hymenoptera"] * 3
    assert [path.name for path in (tmp_path / "downloads").iterdir()] == ["hymenoptera"]


@pytest.mark.parametrize("named", [True, False])
def test_a_course_that_cannot_be_written(photos_at, tmp_path, monkeypatch, capsys, named):
    def no_name():
        raise KeyError("getpwuid(): uid not found: 54321")

    if not named:  # as some containers have them
        monkeypatch.setattr(finding.getpass, "getuser", no_name)
    (tmp_path / "downloads").write_text("a file where the folder should be")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(finding.tempfile, "tempdir", str(tmp_path / "temporary"))
    for name in ("hymenoptera", "three classes"):
        folder = helpers.find_data(name)
        assert folder.parent.parent == tmp_path / "temporary" and helpers.find_data(name) == folder
    assert "downloads cannot be written, so this goes to " in capsys.readouterr().out


# ---------------------------------------------------------------- tables
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("file,label\na.png,cats", "line 1: there is no file file beside the table. Is it a line of headings"),
        ("a.png;cats\nb.png;dogs", "line 1: 1 column, 'a.png;cats'. Expected two, divided by a comma"),
        ("a.png\tcats", "line 1: 1 column"),
        (",file,label\n0,a.png,cats", r"line 1: 3 columns, .*index=False"),
        ("a.png,cats\nc.png,dogs", "line 2: there is no file c.png beside the table. Expected names with ending"),
        ("a,cats", "line 1: there is no file a beside the table"),
        ("a.png,cats\n\nb.png, ", "line 3: no class name"),
        (
            "cats,a.png\ndogs,b.png",
            "line 1: .* The columns are exchanged: expected file,class name",
        ),
        ("", "it has no lines"),
        ("a.png,cats\nb.png,cats", "it has only one class, cats. Expected two or more"),
        ('a.png,"cats\nb.png,dogs', "line 1: unexpected end of data. Is a quotation mark missing"),
        ("a.png,cats\na.png,dogs", "line 2: a.png is of class dogs here, and of cats before"),
        ("a.PNG,cats\nb.png,dogs", "line 1: there is no file a.PNG beside the table. Expected .* the very letters"),
        (
            "a.png,cats\nb.png,K\xe4fer".encode("cp1252"),
            "line 2: its letters are not stored as UTF-8. Save it as CSV UTF-8",
        ),
        (None, "There is no table .*labels.csv"),
    ],
)
def test_a_table_is_checked_when_it_is_opened_and_the_line_is_named(tmp_path, table, words):
    for name in ("a.png", "b.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    if table is not None:
        (tmp_path / "labels.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    with pytest.raises((ValueError, FileNotFoundError), match=words) as caught:
        data.CsvDataset(str(tmp_path / "labels.csv"))
    assert "labels.csv" in str(caught.value)


def test_spaces_and_forms_of_letters_make_no_new_class(tmp_path):
    for name in ("a.png", "b.png"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    names = [unicodedata.normalize(form, "Käfer") for form in ("NFC", "NFD")]
    table = f"a.png, {names[0]}\n a.png ,{names[1]} \n\n , \nb.png,bees"
    (tmp_path / "labels.csv").write_text(table, encoding="utf-8")
    dataset = data.CsvDataset(tmp_path / "labels.csv")
    assert dataset.classes == [names[0], "bees"] and len(dataset) == 3


def test_two_programs_that_divide_into_one_target(pictures, tmp_path, monkeypatch):
    copy = folders.shutil.copy2

    def faster(source, target):
        picture_folder(tmp_path / "out", 1)
        return copy(source, target)

    monkeypatch.setattr(folders.shutil, "copy2", faster)
    with pytest.raises(FileExistsError, match="out exists by now. Another program has made it"):
        helpers.split_pictures(pictures / "train", tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "pets"]


def test_numpy_numbers_are_whole_numbers_too(pictures):
    import numpy as np

    images, _ = next(iter(helpers.build_loaders(pictures, np.int64(32), np.int64(2))["val"]))
    assert images.shape == (2, 3, 32, 32)
