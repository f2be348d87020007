"""The pictures in data_samples: complete, small, not solved by colour, no copies across splits, reproducible."""

import inspect
import io
from pathlib import Path

import numpy as np
import picture_baselines
import pytest
import render
from PIL import Image, ImageEnhance, ImageFilter
from renderer import backgrounds

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data_samples"
EXTRA = DATA / "ladybirds"  # the third class, in a folder of its own
COUNTS = {"train": 120, "val": 60, "test": 60}  # half as many ladybirds
CLASSES = ("ants", "bees")
PAIRS = [("train", "val"), ("train", "test"), ("val", "test")]


def visible(folder: Path, pattern: str = "*") -> list[Path]:
    """What a person put there; macOS adds files such as .DS_Store on its own."""
    return sorted(path for path in folder.glob(pattern) if not path.name.startswith("."))


def all_files(folder: Path = DATA) -> list[Path]:
    return [path for split in COUNTS for path in visible(folder / split, "*/*")]


@pytest.mark.parametrize("split", COUNTS)
def test_split_has_only_its_two_class_folders(split):
    assert [path.name for path in visible(DATA / split)] == list(CLASSES)
    for kind in CLASSES:
        names = [path.name for path in visible(DATA / split / kind)]
        assert names == [f"{kind}_{i:04d}.jpg" for i in range(1, COUNTS[split] + 1)]


@pytest.mark.parametrize("split", COUNTS)
def test_ladybirds_have_the_same_splits_and_half_the_number(split):
    names = [path.relative_to(EXTRA / split).as_posix() for path in visible(EXTRA / split, "*/*")]
    assert names == [f"ladybirds/ladybirds_{i:04d}.jpg" for i in range(1, COUNTS[split] // 2 + 1)]


def test_every_picture_is_a_small_rgb_jpeg():
    for path in all_files() + all_files(EXTRA):
        with Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (256, 256)), path
            picture.load()
    assert sum(path.stat().st_size for path in all_files()) < 9_000_000
    assert sum(path.stat().st_size for path in all_files(EXTRA)) < 1_500_000
    assert (DATA / "contact_sheet.jpg").stat().st_size <= 250_000
    assert (EXTRA / "contact_sheet.jpg").stat().st_size < 120_000


def test_no_picture_is_blank_or_burnt():
    for path in all_files() + all_files(EXTRA):
        grey = np.asarray(Image.open(path).convert("L"), np.float32)
        assert 35 < grey.mean() < 215 and grey.std() > 8, (path, grey.mean(), grey.std())
        assert (grey >= 253).mean() < 0.25 and (grey <= 2).mean() < 0.35, path


# --- colour alone must not solve it ---------------------------------------------------------------------------


def test_colour_baselines_stay_low():
    figures = picture_baselines.measure()
    assert figures["colour histogram"][1] <= 0.70, figures
    assert figures["32 x 32 pixels"][1] <= 0.75, figures


def test_colour_does_not_tell_three_classes_apart():
    """The network of lesson 6 reaches over 90 %."""
    figures = picture_baselines.measure(classes=picture_baselines.THREE)
    assert figures["colour histogram"][1] <= 0.65, figures
    assert figures["32 x 32 pixels"][1] <= 0.60, figures


def test_the_baseline_can_reach_a_high_figure():
    """Otherwise a broken fit would pass for hard pictures: with a coloured corner it must score near 100 %."""
    splits = {}
    for name in COUNTS:
        pictures, labels = picture_baselines.load_split(name)
        pictures = pictures.clone()
        pictures[labels == 1, :, :64, :64] = pictures.new_tensor([255, 0, 255]).view(1, 3, 1, 1)
        splits[name] = pictures, labels
    assert picture_baselines.baseline(picture_baselines.color_histogram, splits)[1] > 0.95
    assert picture_baselines.baseline(picture_baselines.tiny_pixels, splits)[1] > 0.95


def test_mean_brightness_is_alike_in_both_classes():
    pictures, labels = picture_baselines.load_split("train")
    brightness = pictures.float().mean((1, 2, 3))
    ants, bees = brightness[labels == 0], brightness[labels == 1]
    assert abs(ants.mean() - bees.mean()) < 0.5 * brightness.std()


def test_the_scene_is_not_told_the_class():
    assert list(inspect.signature(backgrounds.sample_setting).parameters) == ["rng"]
    one, two = (backgrounds.sample_setting(np.random.default_rng(5)) for _ in range(2))
    assert one.ground.kind == two.ground.kind and one.azimuth == two.azimuth
    assert np.array_equal(one.ground.maps, two.ground.maps)


# --- no near copies across splits -----------------------------------------------------------------------------


def thumbprint(picture: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """A normalised 16 x 16 colour thumbnail (768,) and a 256-bit difference hash (bool).

    Blurred first, so that a shift by a few pixels changes little.
    """
    picture = picture.convert("RGB").filter(ImageFilter.GaussianBlur(4))
    small = np.asarray(picture.resize((16, 16), Image.Resampling.BOX), np.float32).ravel()
    small = (small - small.mean()) / (small.std() + 1e-6)
    grey = np.asarray(picture.convert("L").resize((17, 16), Image.Resampling.BOX), np.int16)
    return small / np.sqrt(small.size), (grey[:, 1:] > grey[:, :-1]).ravel()


def near_copies(first: list, second: list) -> list[tuple[int, int]]:
    """Pairs (i, j) of thumbprints whose correlation minus the share of differing bits is above 0.55.

    Measured on these pictures: at most 0.45 for different ones, at least 0.67 for disguised copies.
    """
    correlation = np.stack([a for a, _ in first]) @ np.stack([a for a, _ in second]).T
    one, two = (np.stack([bits for _, bits in side]).astype(np.float32) for side in (first, second))
    different = (one @ (1 - two).T + (1 - one) @ two.T) / one.shape[1]
    return list(zip(*np.nonzero(correlation - different > 0.55), strict=True))


def thumbprints_of(folder: Path) -> dict[str, list]:
    paths = {split: sorted((folder / split).rglob("*.jpg")) for split in COUNTS}
    return {split: [thumbprint(Image.open(path)) for path in paths[split]] for split in COUNTS}


@pytest.fixture(scope="module")
def thumbprints():
    return thumbprints_of(DATA)


@pytest.mark.parametrize("pair", PAIRS)
def test_no_near_copies_across_splits(thumbprints, pair):
    assert near_copies(thumbprints[pair[0]], thumbprints[pair[1]]) == []


def test_no_near_copies_of_ladybirds_across_splits():
    prints = thumbprints_of(EXTRA)
    assert {pair: near_copies(prints[pair[0]], prints[pair[1]]) for pair in PAIRS} == dict.fromkeys(PAIRS, [])


def _again(picture, how):
    if how == "saved again":
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=50)
        return Image.open(buffer)
    if how == "shifted":
        return picture.transform(picture.size, Image.Transform.AFFINE, (1, 0, 3, 0, 1, -2), Image.Resampling.BILINEAR)
    return ImageEnhance.Brightness(picture).enhance(1.25)


@pytest.mark.parametrize("how", ["saved again", "shifted", "brighter"])
def test_the_search_finds_a_disguised_copy(thumbprints, how):
    paths = sorted((DATA / "train").rglob("*.jpg"))
    picked = list(range(0, len(paths), 24))
    copies = [thumbprint(_again(Image.open(paths[i]).convert("RGB"), how)) for i in picked]
    found = near_copies(thumbprints["train"], copies)
    assert set(found) == {(i, j) for j, i in enumerate(picked)}


# --- the same seed gives the same pictures --------------------------------------------------------------------


def read(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"), np.int16)


def test_rendering_does_not_depend_on_workers_or_order(tmp_path):
    jobs = render.list_jobs(tmp_path / "one", seed=7, only="val", count=2)
    render.share_out(render.render_one, jobs, 1, "pictures")
    others = [(str(tmp_path / "two"), *job[1:]) for job in reversed(jobs)]
    render.share_out(render.render_one, others, 2, "pictures")
    assert len(jobs) == 6  # two of each class
    pictures = [read(path) for path in sorted((tmp_path / "one").rglob("*.jpg"))]
    again = [read(path) for path in sorted((tmp_path / "two").rglob("*.jpg"))]
    assert len(pictures) == len(again) == 6
    for a, b in zip(pictures, again, strict=True):
        assert np.array_equal(a, b)
    assert all(np.abs(pictures[0] - other).mean() > 10 for other in pictures[1:])


@pytest.mark.parametrize("place", [("train", "ants", 1), ("test", "bees", 2), ("val", "ladybirds", 3)])
def test_the_shipped_pictures_are_what_the_code_renders(tmp_path, place):
    """Small differences are allowed: floating point isn't the same on every machine."""
    split, kind, index = place
    fresh = render.render_one((str(tmp_path), render.SEED, split, kind, index))
    shipped = DATA / fresh.relative_to(tmp_path)
    assert np.abs(read(fresh) - read(shipped)).mean() < 4
    neighbour = shipped.with_name(f"{kind}_{index + 1:04d}.jpg")
    assert np.abs(read(fresh) - read(neighbour)).mean() > 10  # the measure can tell pictures apart


def test_another_set_does_not_replace_the_shipped_one(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["render.py", "--seed", "7"])
    with pytest.raises(SystemExit):
        render.main()
    assert "Add --out FOLDER" in capsys.readouterr().err
