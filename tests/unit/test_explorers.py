"""Every control of every explorer through its range, without a browser, and the pictures against plain PyTorch."""

import base64
import copy
import datetime
import html
import io
import re
import time

import ipywidgets as widgets
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

from helpers import (
    build_datasets,
    build_model,
    build_transforms,
    figures,
    find_data,
    load_resnet18,
    unnormalize,
)
from helpers.explorers import (
    base,
    descent,
    explanations,
    explore_data,
    explore_explanations,
    explore_layers,
    explore_loader,
    explore_loss,
    explore_optimizers,
    explore_predictions,
    explore_speed,
    explore_transforms,
    layers,
    loader,
    losses,
    predictions,
    speed,
    transforms,
)
from helpers.pictures import read_picture
from helpers.predicting import grad_cam, occlusion, overlay, predict

SIZE = 64  # pixels; the lessons use 128


@pytest.fixture(scope="module")
def val_set():
    return build_datasets(find_data(), build_transforms(SIZE))["val"]


@pytest.fixture(scope="module")
def raw_set():
    return ImageFolder(find_data() / "train")


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build_model(2)


@pytest.fixture(scope="module")
def pretrained():
    return load_resnet18()[0]


def formula(setting):
    """Milliseconds to prepare and to learn, at once and without chance. How they are measured is tested below."""
    learn = setting.image_size / 32 + 8 / setting.batch_size - setting.mixed_precision
    return setting.image_size / (64 + 64 * setting.decode_once), learn


@pytest.fixture(scope="module")
def explorers(val_set, raw_set, model, pretrained):
    meter = speed.SpeedMeter(raw_set, torch.device("cpu"), torch.bfloat16)
    meter._measure = formula
    return {
        "data": explore_data(find_data()),
        "transforms": explore_transforms(raw_set, SIZE),
        "loader": explore_loader(val_set),
        "layers": explore_layers(pretrained, val_set),
        "loss": explore_loss(),
        "optimizers": explore_optimizers(),
        "speed": explore_speed(meter, SIZE),
        "predictions": explore_predictions(model, val_set),
        "explanations": explore_explanations(model, val_set),
    }


NAMES = ["data", "transforms", "loader", "layers", "loss", "optimizers", "speed", "predictions"]
# Controls that may leave the picture as it is when all others stand where they began, and why.
QUIET = {
    ("loader", "seed"),  # nothing is shuffled
    ("loader", "num_workers"),  # changes the time only, which stands in the caption
    ("layers", "eval_where_frozen"),  # nothing is frozen
}


@pytest.fixture(params=NAMES)
def explorer(request, explorers):
    return at_start(explorers[request.param])


def at_start(explorer):
    """The explorer, reset if it has been moved. To draw a picture again takes 0.1 to 0.2 s."""
    if explorer.values != explorer._start:
        explorer.reset()
    return explorer


def places(control) -> list:
    """Both ends of a control, its middle, and for choices all of them."""
    if isinstance(control, widgets.Checkbox):
        return [True, False]
    if hasattr(control, "options"):
        return [option[1] if isinstance(option, tuple) else option for option in control.options]
    if isinstance(control, widgets.FloatRangeSlider):
        low, high = control.min, control.max
        return [(low, low), (low, high), (high, high), (low, (low + high) / 2)]
    middle = (control.min + control.max) / 2
    return [control.min, int(middle) if isinstance(control, widgets.IntSlider) else middle, control.max]


def alt(explorer) -> str:
    return html.unescape(re.search(r'alt="([^"]*)"', explorer.picture.value)[1])


def image_bytes(explorer) -> bytes:
    """Of all its parts."""
    return b"".join(map(base64.b64decode, re.findall(r'base64,([^"]*)"', explorer.picture.value)))


@pytest.mark.everything
def test_each_control_changes_the_picture_and_back_gives_the_same_bytes(explorer, request):
    first, first_alt = image_bytes(explorer), alt(explorer)
    name = next(name for name in NAMES if f"[{name}]" in request.node.name)
    for key, control in explorer.controls.items():
        start, seen = control.value, {first}
        for place in places(control):
            control.value = place
            seen.add(image_bytes(explorer))
            assert explorer.caption.value and "Error" not in explorer.caption.value
            assert control.value == start or alt(explorer) != first_alt
        control.value = start
        assert image_bytes(explorer) == first and alt(explorer) == first_alt, key
        assert (len(seen) > 1) != ((name, key) in QUIET), key


@pytest.mark.everything
@settings(
    max_examples=3,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_sequence_of_moves_works_and_reset_returns(explorer, data):
    first = image_bytes(at_start(explorer))
    for _ in range(4):
        control = explorer.controls[data.draw(st.sampled_from(sorted(explorer.controls)))]
        control.value = data.draw(st.sampled_from(places(control)))
        assert "Error" not in explorer.caption.value
    explorer.reset()
    assert image_bytes(explorer) == first and explorer.caption.value.startswith("<b>Reset.</b>")


def test_controls_and_picture_have_names_in_words(explorer):
    assert all(len(control.description) > 4 and control.description[0] != "_" for control in explorer.controls.values())
    assert all(control.description in alt(explorer) for control in explorer.controls.values())
    assert len(repr(explorer)) < 110  # ipywidgets 8 cuts longer ones


def test_the_caption_says_in_words_what_changed(explorer):
    control = next(iter(explorer.controls.values()))
    control.value = places(control)[-1]
    assert re.match(
        rf"<b>{re.escape(html.escape(control.description))}: .+ → .+\.</b> .{{30,}}", explorer.caption.value
    )


def test_the_lessons_random_numbers_stay(explorer):
    before = torch.get_rng_state()
    explorer.redraw()
    assert torch.equal(before, torch.get_rng_state())


def test_without_widgets_the_picture_is_shown_with_its_text(explorer, monkeypatch):
    shown = []
    monkeypatch.delenv("BRICKS_WIDGETS", raising=False)
    monkeypatch.setattr("helpers.plotting.display", lambda data, metadata, raw: shown.append((data, metadata)))
    explorer._ipython_display_()
    monkeypatch.setenv("BRICKS_WIDGETS", "off")
    explorer._ipython_display_()
    view = "application/vnd.jupyter.widget-view+json"
    assert view in shown[0][0] and view not in shown[1][0]
    for data, metadata in shown:
        kind = next(kind for kind in data if kind.startswith("image/"))
        still = Image.open(io.BytesIO(base64.b64decode(data[kind])))
        width = metadata[kind]["width"]
        assert width == explorer.drawn.width // 2 + 20 and still.width > 1.4 * width
        caption = html.unescape(explorer.caption.value).removeprefix("<b>Reset.</b> ")
        assert metadata[kind]["alt"] == f"{alt(explorer)} {caption}"


def test_an_error_is_shown_and_the_old_picture_stays():
    def draw(number):
        if number > 5:
            raise ValueError(f"{number} is more than 5")
        return Figure(), f"{number}."

    explorer = base.Explorer("A test", {"number": widgets.IntSlider(1, max=9, description="number")}, draw)
    before = explorer.picture.value
    with pytest.raises(ValueError):
        explorer.controls["number"].value = 6
    assert explorer.picture.value == before and "6 is more than 5" in explorer.caption.value
    explorer.controls["number"].value = 2
    assert explorer.caption.value == "<b>number: 6 → 2.</b> 2."


def test_a_browsers_rounding_is_no_change():
    drawn = []
    explorer = base.Explorer(
        "A test",
        {"lr": widgets.FloatSlider(0.9, description="lr")},
        lambda lr: (drawn.append(lr), (Figure(), "."))[1],
    )
    explorer.controls["lr"].value = 0.9000000000000001
    explorer.redraw()
    assert drawn == [0.9, 0.9]


# --- the same as in plain PyTorch -------------------------------------------------------------------------------------


def test_data_shows_the_pair_that_the_dataset_gives(explorers, raw_set):
    explorer = explorers["data"]
    explorer.reset()
    bees = raw_set.targets.index(1)
    explorer.controls["index"].value = bees
    assert f'all_sets["train"][{bees}] gives' in html.unescape(explorer.caption.value)
    assert "the number 1, " in explorer.caption.value
    assert "bees/bees_0001.jpg" in explorer.caption.value
    explorer.controls["split"].value = "val"
    assert explorer.controls["index"].max == len(ImageFolder(find_data() / "val")) - 1


def test_views_equal_the_transforms_of_the_lesson(raw_set):
    image = raw_set[3][0]
    views = transforms.make_views(image, transforms.build_augmentation(SIZE, (0.3, 0.8), 4 / 3, 0.5, 0.2), seed=5)
    plain = v2.Compose(
        [
            v2.RandomResizedCrop(SIZE, scale=(0.3, 0.8), ratio=(3 / 4, 4 / 3)),
            v2.RandomHorizontalFlip(0.5),
            v2.ColorJitter(0.2, 0.2, 0.2),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
        ]
    )
    torch.manual_seed(5)
    for view in views:
        assert torch.equal(view.image, plain(image))


def test_a_views_box_is_the_part_that_was_cut_out(raw_set):
    image = raw_set[3][0]
    views = transforms.make_views(image, transforms.build_augmentation(SIZE, (0.1, 0.6), 1.5, 1.0, 0.0), seed=1)
    for view in views:
        left, top, right, bottom = view.box
        cut = image.crop((left, top, right + 1, bottom + 1)).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
        expected = v2.functional.to_dtype(v2.functional.to_image(cut), scale=True).flip(2)
        assert (view.image - expected).abs().mean() < 0.02


def test_batches_equal_those_of_a_plain_loader(val_set):
    few = loader.choose_pictures(val_set)
    batches, first, seconds = loader.make_pass(few, seed=3, batch_size=7, shuffle=True, drop_last=True, num_workers=0)
    plain = DataLoader(few, 7, shuffle=True, drop_last=True, generator=torch.Generator().manual_seed(3))
    assert torch.equal(first, next(iter(plain))[0]) and seconds > 0
    assert [len(batch) for batch in batches] == [7] * 3 and len(few) == 22
    assert torch.equal(batches[0], loader.make_pass(few, 3, batch_size=7, shuffle=True, num_workers=2)[0][0])


def test_predictions_equal_those_of_the_model(model, val_set):
    image, _ = val_set[11]
    picture = predictions.change_picture(image, turn=0, light=1.0)
    model.train()
    statistics = model.bn1.running_mean.clone()
    shares = predictions.predict(model, picture)
    assert model.training and model.bn1.training and torch.equal(statistics, model.bn1.running_mean)
    with torch.no_grad():
        expected = model.eval()(image[None]).softmax(dim=1)[0]
    assert torch.allclose(shares, expected, atol=1e-4)


def test_feature_maps_are_what_leaves_the_part(pretrained, val_set):
    image = val_set[0][0]
    pretrained.eval()
    with torch.no_grad():
        x = pretrained.maxpool(pretrained.relu(pretrained.bn1(pretrained.conv1(image[None]))))
        expected = pretrained.layer1(x)[0]
    assert torch.allclose(layers.feature_maps(pretrained, image, "layer1"), expected, atol=1e-5)
    assert layers.feature_maps(pretrained, image, "fc").shape == (pretrained.fc.out_features, 1, 1)


def test_the_layer_explorer_freezes_and_counts_and_leaves_the_model_alone(explorers, pretrained):
    explorer = explorers["layers"]
    explorer.reset()
    before = {name: value.clone() for name, value in pretrained.state_dict().items()}
    for frozen, eval_where_frozen, moved in [(9, False, 20), (9, True, 0), (7, True, 5), (0, True, 20)]:
        explorer.controls["frozen"].value = frozen
        explorer.controls["eval_where_frozen"].value = eval_where_frozen
        assert f"{moved} of 20 BatchNorms have moved" in explorer.caption.value
    explorer.controls["frozen"].value = 9
    total = sum(parameter.numel() for parameter in pretrained.parameters())
    head = sum(parameter.numel() for parameter in pretrained.fc.parameters())
    assert f"Trainable: {head:,} of {total:,} weights" in explorer.caption.value
    assert all(torch.equal(before[name], value) for name, value in pretrained.state_dict().items())
    assert all(parameter.requires_grad for parameter in pretrained.parameters())


def test_layers_notice_a_training(pretrained, val_set):
    model = copy.deepcopy(pretrained)
    explorer, heights = explore_layers(model, val_set), []
    for _ in range(3):
        explorer.redraw()
        heights.append([bar.get_height() for bar in explorer._draw(**explorer.values)[0].axes[1].patches])
        with torch.no_grad():
            model.conv1.weight *= 1 + len(heights) // 2  # once as it is, once doubled
    assert heights[0] == heights[1] != heights[2]


def test_the_loss_is_that_of_pytorch(explorers):
    _, caption = losses.draw_loss(losses.draw_axes("abc"), [1.0, -2.0, 0.5], 1, "abc")
    assert f"= {F.cross_entropy(torch.tensor([[1.0, -2.0, 0.5]]), torch.tensor([1])):.3f};" in caption


@pytest.mark.parametrize(
    ("explore", "there"),
    [
        (lambda *_: explore_loss(), {"logit0": -7.5, "label": "bees"}),
        (lambda *_: explore_optimizers(), {"lr": 0.3}),
        (lambda raw_set, *_: explore_transforms(raw_set, 64), {"seed": 3, "colour": 0.5}),
        (lambda _, model, val_set: explore_layers(model, val_set), {"part": "layer2", "index": 1, "frozen": 5}),
    ],
)
def test_axes_that_are_drawn_once_fit_what_moves_in_them(explore, there, raw_set, pretrained, val_set):
    explorer = explore(raw_set, pretrained, val_set)
    start = explorer.picture.value
    for name, value in there.items():
        explorer.controls[name].value = value
    figure, _ = explorer._draw(**explorer.values)
    moved = figures.render(figure)
    del figure.still
    assert moved.tobytes() == figures.render(figure).tobytes()
    explorer.reset()
    assert explorer.picture.value.partition("src=")[2] == start.partition("src=")[2]


def test_paths_follow_the_rules_of_the_optimizers():
    path = descent.walk_down(lambda p: torch.optim.SGD(p, lr=0.1), 3)
    by_hand = torch.tensor(descent.START)
    for step in range(4):
        assert torch.allclose(path[step], by_hand, atol=1e-6)
        by_hand = by_hand - 0.1 * by_hand * torch.tensor([descent.FLAT, descent.STEEP])
    for lr, momentum, runs_away in [(0.19, 0, False), (0.21, 0, True), (0.37, 0.9, False), (0.39, 0.9, True)]:
        path = descent.walk_down(lambda p, lr=lr, m=momentum: torch.optim.SGD(p, lr=lr, momentum=m), 200)
        assert bool(descent.surface(*path[-1]) > descent.surface(*path[0])) == runs_away


def test_speed_measures_the_work_of_each_setting(raw_set, monkeypatch):
    meter = speed.SpeedMeter(raw_set, torch.device("cpu"), None)
    before = [parameter.clone() for parameter in meter.model.parameters()]
    files, decoded = speed.Setting(32, 2), speed.Setting(32, 2, decode_once=True)
    random = torch.get_rng_state()
    for setting in (files, decoded):
        assert min(meter(setting)) > 0 and meter(setting) is meter(setting)
    assert torch.equal(random, torch.get_rng_state()), "the lesson's random numbers stay"
    for setting in (files, decoded):
        batch = meter._maker(setting)()
        assert batch.shape == (2, 3, 32, 32) and batch.dtype == torch.float32 and abs(batch.mean()) < 2.5
    monkeypatch.setattr(
        speed, "augment", lambda images, size: (time.sleep(0.05), torch.zeros(len(images), 3, 32, 32))[1]
    )
    assert speed.SpeedMeter(raw_set, "cpu", None)(decoded)[0] >= 25  # 50 ms for two pictures
    assert all(torch.equal(a, b) for a, b in zip(before, meter.model.parameters(), strict=True))


def test_speed_learns_in_the_type_that_is_switched_on(raw_set):
    seen = []
    meter = speed.SpeedMeter(raw_set, torch.device("cpu"), torch.bfloat16)
    meter.model.layer1.register_forward_hook(lambda module, args, output: seen.append(output.dtype))
    for mixed_precision in (False, True, False):
        meter(speed.Setting(64, 2, mixed_precision=mixed_precision))
        meter.known.clear()
        assert set(seen) == {torch.bfloat16 if mixed_precision else torch.float32}
        seen.clear()


def test_speed_has_no_switch_that_would_take_a_minute(raw_set):
    explorer = explore_speed(speed.SpeedMeter(raw_set, torch.device("cpu"), None), SIZE)
    assert "mixed_precision" not in explorer.controls and "this is the plain loop" in explorer.caption.value
    explorer.controls["batch_size"].value = 1
    assert re.search(r"\d times as (fast|slow)", explorer.caption.value)


def upload_value(*contents, dictionary):
    """The value of a FileUpload of ipywidgets 7 (a dictionary) or 8 (a tuple) that holds these files."""
    if dictionary:
        return {f"{i}.jpg": {"metadata": {}, "content": content} for i, content in enumerate(contents)}
    told = {"type": "image/jpeg", "last_modified": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}
    return tuple(
        {**told, "name": f"{i}.jpg", "size": len(content), "content": memoryview(content)}
        for i, content in enumerate(contents)
    )


def send(explorer, *contents):
    """What the browser does after the upload of files."""
    upload = explorer.upload
    upload.set_trait("value", upload_value(*contents, dictionary=isinstance(upload.value, dict)))


@pytest.fixture(scope="module")
def photo(raw_set):
    buffer = io.BytesIO()
    raw_set[5][0].save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize("dictionary", [True, False], ids=["ipywidgets 7", "ipywidgets 8"])
def test_an_upload_is_read_in_both_formats(dictionary):
    assert explanations.uploaded(upload_value(b"first", b"second", dictionary=dictionary)) == b"second"
    assert explanations.uploaded(upload_value(dictionary=dictionary)) is None


def test_an_uploaded_photo_is_explained_until_the_slider_moves(explorers, model, val_set, photo):
    explorer = explorers["explanations"]
    explorer.reset()
    first = image_bytes(explorer)
    for _ in range(2):  # the same file again, too
        send(explorer, photo)
        assert alt(explorer).startswith("Your photo") and "truth" not in explorer.caption.value
        assert explorer.caption.value.startswith("<b>Your photo.</b> The network says ")
        shares = predict(model, read_picture(photo), val_set.transform, "cpu")
        assert f"{val_set.classes[shares.argmax()]}, {shares.max():.0%} sure." in explorer.caption.value
        explorer.controls["method"].value = "occlusion"
        assert alt(explorer).startswith("Your photo"), "other controls keep it"
        explorer.controls["method"].value = "plain picture"
        explorer.controls["index"].value = 1
        assert alt(explorer).startswith("A picture") and "That is" in explorer.caption.value
        send(explorer, photo)
        explorer.reset()
        assert image_bytes(explorer) == first


@pytest.mark.parametrize("content", [b"", b"I am a text.", None], ids=["empty", "text", "half a photo"])
def test_a_bad_upload_shows_its_sentence_and_the_explorer_lives_on(explorers, photo, content):
    explorer = explorers["explanations"]
    explorer.reset()
    before = image_bytes(explorer), alt(explorer)
    send(explorer, photo[: len(photo) // 2] if content is None else content)
    assert explorer.caption.value.startswith("<b>ValueError:</b> This upload is no picture that can be read: ")
    assert (image_bytes(explorer), alt(explorer)) == before
    explorer.controls["index"].value = 2
    assert "Error" not in explorer.caption.value and image_bytes(explorer) != before[0]


def test_maps_equal_those_of_the_lesson_and_the_model_is_left_alone(model, val_set):
    model.train()
    explorer = explore_explanations(model, val_set)
    assert explorer.controls["explained"].disabled, "a plain picture explains nothing"
    explorer.controls["method"].value = "occlusion"
    assert not explorer.controls["explained"].disabled
    assert "Yellow, then green: what speaks for" in explorer.caption.value
    assert model.training and not any(part._forward_hooks for part in model.modules())
    model.eval()
    image = val_set[3][0]
    for method, heat in (
        ("Grad-CAM", grad_cam(model, image, 1, "layer3")),
        ("occlusion", occlusion(model, image, 1)),
    ):
        shares, number, light = explanations.explain(model, image, "bees", method, val_set.classes)
        assert number == 1 and torch.equal(light, overlay(image, heat))
        assert torch.allclose(shares, model(image[None])[0].softmax(dim=0), atol=1e-6)
    answered = explanations.explain(model, image, explanations.ANSWER, "plain picture", val_set.classes)
    assert answered[1] == answered[0].argmax() and torch.equal(answered[2], unnormalize(image))


def test_the_explanations_follow_a_training_meanwhile(val_set):
    torch.manual_seed(1)
    model = build_model(2)
    explorer = explore_explanations(model, val_set)
    with torch.no_grad():
        model.fc.bias.copy_(torch.tensor([-50.0, 50.0]))
    explorer.redraw()
    assert "The network says bees, 100% sure." in explorer.caption.value
