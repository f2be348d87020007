"""The code behind the shipped weights: pictures for pretraining, and the training that can be stopped anywhere."""

import generate
import numpy as np
import pretrain
import pytest
import torch
from renderer import formulas
from renderer.kinds import KINDS
from renderer.picture import take_picture, take_pictures

import helpers

SETTINGS = {**pretrain.DEFAULTS, "batch": 16, "warmup": 2, "bf16": False}


# ---------------------------------------------------------------- pictures
def test_there_are_enough_kinds_and_no_ants_bees_or_wasps():
    assert len(KINDS) >= 40 and formulas.FRACTALS >= 200
    assert not {"ant", "bee", "bumblebee", "honeybee", "wasp", "hornet"} & set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_photographed(kind):
    one, other = (take_picture(kind, (5, k), 32) for k in (1, 2))
    assert one.shape == (32, 32, 3) and one.dtype == np.uint8
    assert one.std() > 4 and np.abs(one.astype(int) - other).mean() > 4


def test_views_of_a_scene_differ_and_come_again():
    views, setting = take_pictures("beetle", (3, 1), 48, 3)
    again, _ = take_pictures("beetle", (3, 1), 48, 3)
    assert setting.ground.kind in generate.GROUNDS
    assert all(np.array_equal(a, b) for a, b in zip(views, again, strict=True))
    assert all(np.abs(views[0].astype(int) - view).mean() > 4 for view in views[1:])
    assert np.array_equal(views[0], take_picture("beetle", (3, 1), 48))


@pytest.mark.parametrize("family", generate.FORMULAS)
def test_formulas_draw_something_else_for_each_class(family):
    draw, classes, _ = generate.FORMULAS[family]
    pictures = [draw(np.random.default_rng(7), which, 32) for which in range(classes)]
    assert all(picture.shape == (32, 32, 3) and picture.dtype == np.uint8 for picture in pictures)
    assert np.median([picture.std() for picture in pictures]) > 15
    assert len({picture.tobytes() for picture in pictures}) == classes
    assert np.array_equal(pictures[1], draw(np.random.default_rng(7), 1, 32))


def test_iterated_functions_contract():
    """Otherwise the points run away. The sum is the condition of Anderson & Farrell."""
    for which in range(formulas.FRACTALS):
        a, b = formulas.iterated_functions(which)
        values = np.linalg.svd(a, compute_uv=False)
        assert 2 <= len(a) == len(b) <= 6 and values.max() < 1
        assert (5 + len(a)) / 2 - 1e-9 <= (values @ [1, 2]).sum() <= (6 + len(a)) / 2 + 1e-9


# ---------------------------------------------------------------- training
@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """A folder like that of generate.py, with few and small pictures."""
    folder = tmp_path_factory.mktemp("few")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "KINDS", dict(list(KINDS.items())[:3]))
        patch.setattr(generate, "VIEWS", 2)
        patch.setattr(generate, "FORMULAS", {name: (draw, 2, 6) for name, (draw, _, _) in generate.FORMULAS.items()})
        patch.setattr(generate.backgrounds, "SIZE", 128)
        jobs = generate.list_jobs(folder, 32, 3)
        assert len(jobs) == 3 + 3 * 2
        generate.make_class(jobs[0])
        (folder / "kinds" / "weevil.part").write_bytes(b"killed while writing")
        assert [job[2] for job in generate.list_jobs(folder, 32, 3)] == [job[2] for job in jobs[1:]]
        for job in jobs[1:]:
            generate.make_class(job)
        assert not generate.list_jobs(folder, 32, 3)
    return folder


@pytest.fixture
def run(few, tmp_path, monkeypatch):
    """Calls train() on a copy of the few pictures; returns its checkpoint."""
    monkeypatch.setattr(pretrain, "VIEWS", 2)

    def run(name, steps=(4, 2), stop_at=None, **settings):
        folder = tmp_path / name
        if not folder.exists():
            folder.mkdir()
            for family in pretrain.FAMILIES:
                (folder / family).symlink_to(few / family)

        def show_progress(step, *args):
            if step == stop_at:
                raise KeyboardInterrupt

        monkeypatch.setattr(pretrain, "show_progress", show_progress)
        phases = [(32, steps[0], 0.7, 0.1, 0.1), (48, steps[1], 0.9, 0.1, 0.0)]
        pretrain.train(folder, phases, SETTINGS | settings, torch.device("cpu"), pause=0, show_every=0)
        return folder, torch.load(folder / "checkpoint.pt", weights_only=True)

    return run


def test_a_killed_run_goes_on_as_if_nothing_had_happened(run):
    _, whole = run("whole")
    with pytest.raises(KeyboardInterrupt):
        run("killed", stop_at=4)
    _, resumed = run("killed")
    for part in ("model", "average"):
        assert all(torch.equal(value, resumed[part][name]) for name, value in whole[part].items()), part
    assert whole["step"] == resumed["step"] == 6
    assert [entry["step"] for entry in resumed["record"]["log"]] == [1, 2, 3, 4, 5, 6]
    assert whole["record"]["settings"]["batch"] == 16 and whole["record"]["pictures"] == 3 * 6 + 3 * 2 * 6


def test_bfloat16_goes_the_same_way(run):
    _, exact = run("float32")
    _, rough = run("bfloat16", bf16=True)
    for one, other in zip(exact["record"]["log"], rough["record"]["log"], strict=True):
        assert one["loss"] == pytest.approx(other["loss"], rel=0.05)
        assert all(0 <= one[head] <= 100 for head in pretrain.HEADS if head != "scenes")
    weights = rough["model"]["conv1.weight"]
    assert weights.dtype == torch.float32 and not torch.equal(weights, exact["model"]["conv1.weight"])


def test_the_exported_file_is_one_that_the_course_loads(run, tmp_path):
    folder, checkpoint = run("export")
    pretrain.export(folder, tmp_path / "mine.pth")
    model, weights = helpers.load_resnet18(tmp_path / "mine.pth")
    assert weights.meta["categories"] == ["beetle", "spider", "weevil"]
    average = checkpoint["average"]
    assert torch.equal(model.conv1.weight, average["module.conv1.weight"].half().float())
    assert torch.equal(model.fc.weight, average["module.fc.weight"][:3].half().float())


def test_without_pictures_it_says_what_to_run(tmp_path):
    with pytest.raises(SystemExit, match="no pictures in .*kinds. Run generate.py first"):
        pretrain.load_pictures(tmp_path)


def test_augmented_views_are_normalized_pictures_and_differ():
    torch.manual_seed(0)
    picture = torch.randint(256, (1, 40, 40, 3), dtype=torch.uint8).repeat(6, 1, 1, 1)
    views = pretrain.augment(picture, 24)
    assert views.shape == (6, 3, 24, 24)
    mean, std = (torch.tensor(c).view(1, 3, 1, 1) for c in (pretrain.MEAN, pretrain.STD))
    pixels = views * std + mean
    assert pixels.min() > -1e-4 and pixels.max() < 1 + 1e-4 and pixels.std() > 0.05
    assert all((views[0] - view).abs().mean() > 0.05 for view in views[1:])


def test_the_plan_rises_stays_and_falls():
    plan = pretrain.make_plan([(32, 300, 0.7, 1.0, 1.0), (48, 100, 0.9, 1.0, 0.0)], warmup=100)
    rates = [rate for _, _, rate in plan]
    assert rates[0] == pytest.approx(0.01) and set(rates[100:301]) == {1.0}
    assert rates[-1] == pytest.approx(0.01) and rates[301:] == sorted(rates[301:], reverse=True)
    assert plan[299][:2] == (32, 0.7) and plan[300][:2] == (48, 0.9) and len(plan) == 400
