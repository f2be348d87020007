"""The fast ways of lesson 8 give what the slow ones give: the same pictures, equally random crops, the same steps."""

import copy
from math import log

import pytest
import torch
from conftest import COURSE
from PIL import Image
from torch import nn
from torchvision.datasets import ImageFolder
from torchvision.transforms import RandomResizedCrop, v2

import helpers
from helpers import faster
from helpers.train import precision

CPU = torch.device("cpu")
SAMPLES = COURSE / "data_samples"


@pytest.fixture
def oblong(tmp_path):
    """An ImageFolder of wide, high and square pictures in several modes."""
    torch.manual_seed(0)
    for i, (mode, size) in enumerate([("RGB", (90, 60)), ("RGB", (50, 80)), ("L", (64, 64)), ("RGBA", (70, 40))]):
        (tmp_path / f"class{i % 2}").mkdir(exist_ok=True)
        small = torch.randint(256, (6, 6, 3), dtype=torch.uint8).numpy()
        Image.fromarray(small).resize(size, Image.BICUBIC).convert(mode).save(tmp_path / f"class{i % 2}" / f"{i}.png")
    return ImageFolder(tmp_path)


def smooth_pictures(n, height, width, seed=0):
    """(n, 3, height, width) uint8 pictures without fine detail, on which ways of resizing agree."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(n, 3, 5, 5, generator=generator)
    fine = nn.functional.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)
    return (fine.clamp(0, 1) * 255).to(torch.uint8)


def maps(n, height, width):
    """Float pictures whose first colour is x and whose second is y, each from -1 to 1 between the outer edges."""
    x = (torch.arange(width) + 0.5) / width * 2 - 1
    y = (torch.arange(height) + 0.5) / height * 2 - 1
    return torch.stack([x.expand(height, width), y[:, None].expand(height, width), torch.zeros(height, width)]).expand(
        n, 3, height, width
    )


def unnormalize(batch):
    mean, std = (torch.tensor(v).view(3, 1, 1) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    return batch * std + mean


def crop_boxes(n, height, width, size=56, seed=0):
    """Which crops augment takes: (n,) each of x centre, y centre, width, height in [-1, 1] units, and flips."""
    torch.manual_seed(seed)
    # at this size augment does not resize; the values in [-1, 1] pass, since only uint8 is scaled
    out = unnormalize(faster.augment(maps(n, height, width), size))
    middle = slice(size // 4, -size // 4)  # away from the picture's edge, where half a pixel is missing
    x, y = out[:, 0, size // 2, middle], out[:, 1, middle, size // 2]
    step = 2 / size  # between neighbours, in units in which the crop goes from -1 to 1
    at = (torch.arange(size) + 0.5)[middle] * step - 1
    across, down = (x[:, -1] - x[:, 0]) / (at[-1] - at[0]), (y[:, -1] - y[:, 0]) / (at[-1] - at[0])
    return x.mean(1) - across * at.mean(), y.mean(1) - down * at.mean(), across.abs(), down, across < 0


def test_decode_once_is_resize_and_crop(oblong):
    images, labels = faster.decode_once(oblong, 32).tensors
    assert images.shape == (4, 3, 32, 32) and images.dtype == torch.uint8
    assert labels.tolist() == oblong.targets == [0, 0, 1, 1] and labels.dtype == torch.int64
    for i, (picture, _) in enumerate(oblong):
        by_pil = v2.functional.pil_to_tensor(v2.CenterCrop(32)(v2.Resize(32)(picture)))
        by_torch = v2.CenterCrop(32)(v2.Resize(32)(v2.functional.pil_to_tensor(picture)))
        assert torch.equal(images[i], by_pil)
        assert (images[i].int() - by_torch.int()).abs().max() <= 2  # rounded once a direction


def test_decode_once_leaves_out_the_transform(oblong):
    expected = faster.decode_once(oblong, 24).tensors[0]
    oblong.transform = v2.RandomErasing(p=1)
    assert torch.equal(faster.decode_once(oblong, 24).tensors[0], expected)


def test_prepare_is_lesson_2s_fixed_transform():
    dataset = ImageFolder(SAMPLES / "val")
    dataset.samples, dataset.targets = dataset.samples[::20], dataset.targets[::20]
    images, _ = faster.decode_once(dataset, 96 * 8 // 7).tensors
    fixed = helpers.build_transforms(96)["val"]
    expected = torch.stack([fixed(dataset.loader(path)) for path, _ in dataset.samples])
    prepared = faster.prepare(images, 96)
    assert prepared.dtype == torch.float32
    torch.testing.assert_close(prepared, expected, atol=1e-5, rtol=0)
    as_float = faster.prepare(images / 255, 96)
    torch.testing.assert_close(as_float, expected, atol=1e-5, rtol=0)


def test_prepare_resizes_pictures_of_another_size():
    images = smooth_pictures(3, 160, 160)
    fixed = helpers.build_transforms(64)["val"]
    expected = torch.stack([fixed(v2.functional.to_pil_image(image)) for image in images])
    assert (faster.prepare(images, 64) - expected).abs().max() < 2 / 255 / 0.224  # two of 255 grey levels


@pytest.mark.parametrize("function", [faster.augment, faster.prepare])
def test_pictures_of_one_colour_keep_it(function):
    colours = torch.randint(256, (6, 3, 1, 1), dtype=torch.uint8)
    out = unnormalize(function(colours.expand(6, 3, 40, 50).contiguous(), 32))
    assert out.shape == (6, 3, 32, 32) and out.dtype == torch.float32
    torch.testing.assert_close(out, (colours / 255).expand_as(out), atol=1e-5, rtol=0)


def test_augment_takes_pixels_from_the_own_picture_only():
    images = torch.cat([torch.full((1, 3, 64, 64), 0), smooth_pictures(1, 64, 64).clamp(100, 150)]).to(torch.uint8)
    for seed in range(20):
        torch.manual_seed(seed)
        black, grey = unnormalize(faster.augment(images, 56))
        assert black.abs().max() < 1e-5
        assert grey.min() > 99.9 / 255 and grey.max() < 150.1 / 255  # beyond the edge there would be black


@pytest.mark.parametrize("height, width", [(64, 64), (64, 96)])
def test_crops_are_as_random_as_lesson_2s(height, width):
    n = 4000
    x, y, across, down, flipped = crop_boxes(n, height, width)
    assert len(across.unique()) > 0.9 * n  # each picture has its own
    assert (x.abs() + across).max() < 1.001 and (y.abs() + down).max() < 1.001  # inside the picture
    area, ratio = across * down, (across * width) / (down * height)
    blank = torch.empty(3, height, width)
    lesson2 = helpers.build_transforms(56)["train"].transforms[0]
    drawn = [RandomResizedCrop.get_params(blank, list(lesson2.scale), list(lesson2.ratio)) for _ in range(n)]
    _, left, high, wide = torch.tensor(drawn, dtype=torch.float32).unbind(1)
    theirs_area, theirs_ratio, theirs_x = wide * high / (height * width), wide / high, (2 * left + wide) / width - 1
    for ours, theirs, name in [
        (area, theirs_area, "area"),
        (ratio.log(), theirs_ratio.log(), "log ratio"),
        (x, theirs_x, "x"),
    ]:
        quantiles = torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95])
        difference = (ours.quantile(quantiles) - theirs.quantile(quantiles)).abs().max()
        assert difference < 0.04, (name, difference)  # theirs are whole pixels, which is up to 1/64 off
    assert area.min() > 0.49 and area.max() < 1.001
    assert ratio.log().abs().max() < log(4 / 3) + 0.01
    assert 0.45 < flipped.float().mean() < 0.55


def test_a_crop_equals_torchvisions():
    images = smooth_pictures(12, 128, 128)
    x, y, across, down, flipped = crop_boxes(12, 128, 128, size=112, seed=3)
    torch.manual_seed(3)
    ours = unnormalize(faster.augment(images, 112))
    for i in range(12):
        top, left, height, width = (
            round(64 * v.item()) for v in (y[i] - down[i] + 1, x[i] - across[i] + 1, 2 * down[i], 2 * across[i])
        )
        theirs = v2.functional.resized_crop(images[i] / 255, top, left, height, width, [112, 112], antialias=False)
        theirs = v2.functional.horizontal_flip(theirs) if flipped[i] else theirs
        assert (ours[i] - theirs).abs().mean() < 0.01  # the box was rounded to whole pixels


def test_a_crop_of_whole_pixels_equals_torchvisions_closely(monkeypatch):
    """All draws fixed at the same place: a box of 96 by 96 pixels in the middle of 128."""
    images = smooth_pictures(4, 128, 128)
    share = (96 / 128) ** 2

    def fixed(self, low, high):
        return self.fill_(share if low == 0.5 else 0.0)  # area; logarithm of the ratio, and the centre

    monkeypatch.setattr(torch.Tensor, "uniform_", fixed)
    monkeypatch.setattr(torch, "randint", lambda high, size: torch.ones(size, dtype=torch.int64))
    ours = unnormalize(faster.augment(images, 112))
    theirs = v2.functional.resized_crop(images / 255, 16, 16, 96, 96, [112, 112], antialias=False)
    inner = (..., slice(1, -1), slice(1, -1))  # at the crop's edge torchvision repeats a pixel, we look beyond it
    torch.testing.assert_close(ours[inner], theirs[inner], atol=1e-4, rtol=0)
    monkeypatch.setattr(torch, "randint", lambda high, size: torch.zeros(size, dtype=torch.int64))
    flipped = unnormalize(faster.augment(images, 112))
    torch.testing.assert_close(flipped, ours.flip(-1), atol=1e-4, rtol=0)


def test_a_seed_gives_the_same_crops_again():
    images = smooth_pictures(5, 64, 64)
    torch.manual_seed(1)
    first, second = faster.augment(images, 56), faster.augment(images, 56)
    torch.manual_seed(1)
    assert torch.equal(faster.augment(images, 56), first) and not torch.allclose(first, second)


def numbered(n=23, side=16):
    """Pictures of one colour each, so that a batch shows which they are; labels count up."""
    images = (torch.arange(n) * 10).to(torch.uint8).view(n, 1, 1, 1).expand(n, 3, side, side).contiguous()
    return images, torch.arange(n)


def test_batch_loader_gives_each_picture_once_in_another_order_each_epoch():
    torch.manual_seed(0)
    images, labels = numbered()
    loader = faster.BatchLoader(images, labels, batch_size=5, size=14, train=True)
    assert len(loader) == 5
    orders = []
    for _ in range(2):
        batches = list(loader)
        assert [len(y) for _, y in batches] == [5, 5, 5, 5, 3]
        for x, y in batches:
            assert x.shape == (len(y), 3, 14, 14)
            torch.testing.assert_close(unnormalize(x)[:, 0, 7, 7] * 255, y * 10.0, atol=1e-2, rtol=0)
        orders.append(torch.cat([y for _, y in batches]).tolist())
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(23))
    assert orders[0] != orders[1] != list(range(23))


def test_batch_loader_for_measuring_keeps_order_and_pictures():
    images, labels = numbered()
    loader = faster.BatchLoader(images, labels, batch_size=8, size=14, train=False)
    assert len(loader) == len(list(loader)) == 3
    x, y = (torch.cat(parts) for parts in zip(*loader, strict=True))
    assert torch.equal(y, labels) and torch.equal(x, faster.prepare(images, 14))


def learnable(n=48, side=16):
    """Bright and dark pictures, as a task that a small network learns in a few steps."""
    torch.manual_seed(0)
    labels = torch.arange(n) % 2
    images = (torch.rand(n, 3, side, side) * 100 + 100 * labels.view(n, 1, 1, 1)).to(torch.uint8)
    return images, labels


def small_model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(128, 2)
    )


def test_the_loop_of_lesson_6_takes_a_batch_loader():
    images, labels = learnable()
    train = faster.BatchLoader(images, labels, 8, 14, train=True)
    val = faster.BatchLoader(images, labels, 32, 14, train=False)
    model, criterion = small_model(), nn.CrossEntropyLoss()
    optimizer, scheduler = helpers.build_optimizer(model, 3, lr=0.02)
    history = helpers.fit(model, {"train": train, "val": val}, criterion, optimizer, scheduler, 3, CPU)
    assert history["val_accuracy"][-1] == 1.0
    assert history["train_loss"][-1] < 0.5 * history["train_loss"][0]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_mixed_precision_learns_with_float32_weights(dtype):
    images, labels = learnable()
    model = small_model()
    seen = []
    model[0].register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
    network = precision.MixedPrecision(model, CPU, dtype)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    if dtype is torch.float16:
        criterion, optimizer = precision.scale_gradients(criterion, optimizer, torch.amp.GradScaler("cpu"))
    batch = [(faster.prepare(images, 14), labels)]
    losses = [helpers.train_one_epoch(network, batch, criterion, optimizer, CPU)[0] for _ in range(10)]
    assert set(seen) == {dtype}
    assert network(batch[0][0]).dtype == torch.float32
    assert all(p.dtype == p.grad.dtype == torch.float32 and p.grad.abs().sum() > 0 for p in model.parameters())
    assert losses[-1] < 0.7 * losses[0]
    loss, accuracy = helpers.evaluate(network, batch, criterion, CPU)
    assert loss < losses[0] and accuracy > 0.9


def test_mixed_precision_without_a_type_changes_nothing():
    model = small_model().eval()
    x = torch.randn(4, 3, 14, 14)
    assert torch.equal(precision.MixedPrecision(model, CPU, None)(x), model(x))


def test_mixed_precision_keeps_frozen_batchnorm_frozen():
    model = small_model()
    model[1].requires_grad_(False)
    network = precision.MixedPrecision(model, CPU, torch.bfloat16)
    helpers.set_train_mode(network)
    assert model.training and not model[1].training


def one_step(dtype, scaler=None, spoil=None):
    """Weights and reported loss after one step of lesson 6's loop."""
    images, labels = learnable()
    model = small_model()
    if spoil:
        model[5].weight.register_hook(spoil)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    criterion, stepper = nn.CrossEntropyLoss(), optimizer
    if scaler:
        criterion, stepper = precision.scale_gradients(criterion, optimizer, scaler)
    network = precision.MixedPrecision(model, CPU, dtype)
    batch = [(faster.prepare(images, 14), labels)]
    loss, _ = helpers.train_one_epoch(network, batch, criterion, stepper, CPU)
    return copy.deepcopy(dict(model.named_parameters())), loss


def test_scaled_gradients_make_the_plain_step():
    start = dict(small_model().named_parameters())
    plain, plain_loss = one_step(None)
    for dtype, tolerance in [(None, 1e-6), (torch.float16, 1e-3)]:
        scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
        scaled, loss = one_step(dtype, scaler)
        assert scaler.get_scale() == 1024.0  # no step was skipped
        assert loss == pytest.approx(plain_loss, abs=1e-2)  # the loss itself, not 1024 times it
        moved = max((plain[name] - start[name]).abs().max().item() for name in plain)
        assert moved > 10 * tolerance  # else this test would show nothing
        for name, value in scaled.items():
            torch.testing.assert_close(value, plain[name], atol=tolerance, rtol=0)


def test_gradients_are_scaled_during_backward():
    largest = {}
    for scale in (1.0, 4096.0):

        def note(gradient, scale=scale):
            largest[scale] = gradient.abs().max().item()
            return gradient

        one_step(None, torch.amp.GradScaler("cpu", init_scale=scale), spoil=note)
    assert largest[4096.0] == pytest.approx(4096 * largest[1.0], rel=1e-4)


def test_an_infinite_gradient_skips_the_step_and_lowers_the_scale():
    scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    start = dict(small_model().named_parameters())
    after, _ = one_step(torch.float16, scaler, spoil=lambda gradient: torch.full_like(gradient, float("inf")))
    assert all(torch.equal(after[name], start[name]) for name in start)
    assert scaler.get_scale() == 512.0


def test_features_are_what_arrives_at_the_head():
    model = helpers.build_model(2, freeze=True)
    images = smooth_pictures(6, 73, 73)
    loader = faster.BatchLoader(images, torch.tensor([0, 1, 0, 1, 1, 0]), batch_size=4, size=64, train=False)
    model.train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    features, labels = faster.compute_features(model, loader, CPU)
    assert features.shape == (6, 512) and features.dtype == torch.float32 and not features.requires_grad
    assert labels.tolist() == [0, 1, 0, 1, 1, 0]
    assert model.training and isinstance(model.fc, nn.Linear)  # the model itself stays as it is
    arrived = []
    model.fc.register_forward_pre_hook(lambda module, inputs: arrived.append(inputs[0]))
    with torch.no_grad():
        logits = torch.cat([model.eval()(x) for x, _ in loader])
        torch.testing.assert_close(features, torch.cat(arrived), atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(model.fc(features), logits, atol=1e-5, rtol=1e-4)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
