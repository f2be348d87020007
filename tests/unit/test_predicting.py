"""What lesson 7 uses: pictures of every kind from everywhere, predictions, and maps against cases done by hand."""

import struct
import subprocess
import sys
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from conftest import COURSE
from PIL import ExifTags, Image
from torch import nn
from torchvision.datasets import ImageFolder
from torchvision.models import resnet18

from helpers import build_model, build_optimizer, build_transforms, find_data, save_checkpoint
from helpers.files.fetching import fetch_bytes
from helpers.files.reading import read_picture, to_rgb
from helpers.pictures import find_broken_pictures
from helpers.predicting import grad_cam, load_or_train, occlusion, overlay, predict


def to_bytes(picture, kind="PNG", **settings):
    buffer = BytesIO()
    picture.save(buffer, kind, **settings)
    return buffer.getvalue()


def corners():
    """A picture, 24 × 16, whose four quarters differ: red, green / blue, white."""
    picture = Image.new("RGB", (24, 16), "white")
    picture.paste("red", (0, 0, 12, 8))
    picture.paste("lime", (12, 0, 24, 8))
    picture.paste("blue", (0, 8, 12, 16))
    return picture


def close(a, b, most=4):
    a, b = np.asarray(a, dtype=int), np.asarray(b, dtype=int)
    return a.shape == b.shape and np.abs(a - b).max() <= most


# --- modes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "PNG"), ("RGB", "BMP"), ("RGB", "TIFF"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("P", "GIF"), ("P", "PNG")]
    + [("CMYK", "TIFF"), ("RGBX", "TIFF"), ("LAB", "TIFF")],
)
@pytest.mark.parametrize("shrunk", [False, True])
def test_colours_survive_every_mode(mode, kind, shrunk):
    picture = corners().resize((2400, 1600), Image.Resampling.NEAREST) if shrunk else corners()
    if mode == "LAB":
        from PIL import ImageCms

        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        picture = ImageCms.profileToProfile(picture, srgb, lab, outputMode="LAB")
    else:
        picture = picture.convert(mode)
    content = to_bytes(picture, kind, **({"lossless": True} if kind == "WEBP" else {}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = read_picture(content)
    assert read.mode == "RGB"
    if shrunk:
        assert read.size == (2000, 1333)
        read = read.resize((24, 16), Image.Resampling.NEAREST)
    assert close(read, corners(), 24 if mode == "LAB" else 4)  # 8-bit LAB is coarse


@pytest.mark.parametrize("mode", ["YCbCr", "HSV", "RGBa"])
def test_colours_survive_modes_that_files_rarely_have(mode):
    picture = corners().convert("RGBA").convert(mode) if mode == "RGBa" else corners().convert(mode)
    assert close(to_rgb(picture), corners(), 6)


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_has_three_equal_channels(mode):
    picture = Image.new("L", (8, 8), 255)
    picture.paste(0, (0, 0, 4, 8))
    read = np.asarray(read_picture(to_bytes(picture.convert(mode))))
    assert (read[:, :4] == 0).all() and (read[:, 4:] == 255).all()


def test_a_cmyk_jpeg_is_neither_inverted_nor_grey():
    read = np.asarray(read_picture(to_bytes(corners().convert("CMYK"), "JPEG", quality=95, subsampling=0)))
    for (y, x), expected in {(3, 4): (255, 0, 0), (3, 20): (0, 255, 0), (12, 20): (255, 255, 255)}.items():
        assert np.abs(read[y, x].astype(int) - expected).max() < 40


def transparent_rgba():
    picture = Image.new("RGBA", (3, 1), (200, 0, 0, 255))
    picture.putpixel((1, 0), (200, 0, 0, 0))
    picture.putpixel((2, 0), (200, 0, 0, 128))
    return picture


def test_what_is_transparent_shows_a_white_page():
    assert [to_rgb(transparent_rgba()).getpixel((x, 0)) for x in range(2)] == [(200, 0, 0), (255, 255, 255)]
    assert close(to_rgb(transparent_rgba()).getpixel((2, 0)), (227, 127, 127), 2)
    grey = Image.new("LA", (1, 1), (90, 0))
    assert to_rgb(grey).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("transparency", [1, b"\xff\x00\xff"], ids=["one colour", "a table"])
def test_transparency_of_a_palette(transparency):
    picture = Image.new("P", (3, 1))
    picture.putpalette([10, 20, 30, 0, 0, 0, 70, 80, 90])
    for x in range(3):
        picture.putpixel((x, 0), x)
    read = read_picture(to_bytes(picture, transparency=transparency))
    assert [read.getpixel((x, 0)) for x in range(3)] == [(10, 20, 30), (255, 255, 255), (70, 80, 90)]


def ramp(dtype, top):
    return np.linspace(0, top, 256).astype(dtype).reshape(16, 16)


@pytest.mark.parametrize(
    ("pixels", "kind"),
    [(ramp(np.uint16, 65_535), "PNG"), (ramp(np.uint16, 65_535), "TIFF"), (ramp(np.int32, 65_535), "TIFF")]
    + [(ramp(np.int32, 2_000_000), "TIFF"), (ramp(np.float32, 1), "TIFF")]
    + [(ramp(np.float32, 255), "TIFF")],
    ids=["I;16 PNG", "I;16 TIFF", "I", "I, larger", "F to 1", "F to 255"],
)
def test_more_than_8_bits_keep_order_and_range(pixels, kind):
    picture = read_picture(to_bytes(Image.fromarray(pixels), kind))
    read = np.asarray(picture)[..., 0].astype(int).flatten()
    assert read[0] == 0 and read[-1] == 255
    assert np.abs(read - np.arange(256)).max() <= 1 and (np.diff(read) >= 0).all()


def test_a_dark_16_bit_picture_stays_dark():
    read = read_picture(to_bytes(Image.fromarray(np.full((4, 4), 6_553, np.uint16))))
    assert close(read.getpixel((0, 0)), (25, 25, 25), 1), "a tenth of the range, not stretched"


@pytest.mark.parametrize("mode", ["I", "I;16"])
@pytest.mark.parametrize(("value", "grey"), [(200, 200), (2_048, 128), (4_095, 255), (32_768, 127)])
def test_white_is_that_of_8_12_or_16_bits(mode, value, grey):
    assert to_rgb(Image.new(mode, (1, 1), value)).getpixel((0, 0)) == pytest.approx((grey,) * 3, abs=1)


def test_the_first_of_several_pictures():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    assert read_picture(to_bytes(frames[0], "GIF", save_all=True, append_images=frames[1:])).getpixel((0, 0)) == (
        255,
        0,
        0,
    )


# --- orientation and size ------------------------------------------------------------------------------------------

# What a camera stores for each EXIF orientation, so that obeying the note gives the upright picture.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_comes_upright(orientation, kind):
    turn, exif = STORED[orientation], Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = corners() if turn is None else corners().transpose(turn)
    lossy = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}}.get(kind, {})
    read = read_picture(to_bytes(stored, kind, exif=exif, **lossy))
    assert read.size == (24, 16)
    assert close(read, corners(), 8)


@pytest.mark.everything
def test_a_huge_jpeg_takes_little_memory_and_is_turned_too(tmp_path):
    """In a process of its own, whose peak memory is compared with that of one that reads a small picture."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("L", (12_000, 9_000), 120).save(tmp_path / "huge.jpg", exif=exif)
    corners().save(tmp_path / "small.jpg")
    program = f"""
import sys, warnings, psutil
warnings.simplefilter("error")
sys.path.insert(0, {str(COURSE)!r})
from helpers.pictures import read_picture
before = psutil.Process().memory_info().rss
picture = read_picture(sys.argv[1])
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
except ImportError:
    peak = psutil.Process().memory_info().peak_wset
print(*picture.size, max(0, peak - before))
"""
    used = {}
    for name in ("small.jpg", "huge.jpg"):
        command = [sys.executable, "-c", program, str(tmp_path / name)]
        width, height, used[name] = map(int, subprocess.check_output(command, text=True).split())
    assert (width, height) == (1500, 2000)
    assert used["huge.jpg"] - used["small.jpg"] < 150e6, "whole, it would take 108 MB grey and 432 MB as RGB"


def test_a_decompression_bomb_is_refused(tmp_path):
    header = to_bytes(Image.new("L", (1, 1)))
    import struct
    import zlib

    size = b"IHDR" + struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    bomb = header[:12] + size + struct.pack(">I", zlib.crc32(size)) + header[33:]
    with pytest.raises(
        ValueError, match="This upload is no picture .*: it has more than 89 million pixels. Make it smaller"
    ):
        read_picture(bomb)


def test_a_small_picture_is_not_enlarged_and_bytes_of_any_kind_do():
    content = to_bytes(corners())
    for source in (content, bytearray(content), memoryview(content)):
        assert read_picture(source).size == (24, 16)


def test_reads_a_path_as_text_as_path_and_from_home(tmp_path, monkeypatch):
    corners().save(tmp_path / "a b.png")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for source in (tmp_path / "a b.png", str(tmp_path / "a b.png"), "~/a b.png"):
        assert close(read_picture(source), corners())


# --- what is refused -----------------------------------------------------------------------------------------------


def test_refusals_are_one_value_error_with_a_sentence(tmp_path):
    whole = to_bytes(Image.effect_noise((200, 200), 50), "JPEG")
    (tmp_path / "text.jpg").write_text("I am a text.")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 2])
    half_png = to_bytes(Image.effect_noise((200, 200), 50))
    broken = {
        tmp_path
        / "text.jpg": r"text.jpg is no picture that can be read: it begins with b'I am a text.'. Expected a JPEG, PNG",
        tmp_path / "empty.png": "empty.png is no picture .*: the file is empty. Copy",
        tmp_path / "half.jpg": r"half.jpg is no picture .*: it is damaged \(.*truncated.*\). Fetch or copy it again",
        tmp_path
        / "missing.png": f"missing.png is no picture .*: there is no such file in {tmp_path}. Check name and folder",
        tmp_path: "is no picture that can be read: it is a folder",
        half_png[: len(half_png) // 2]: "This upload is no picture that can be read: ",
        b"": "This upload is no picture that can be read: the file is empty",
        b"\0\0\0\x18ftypheic": "it is a HEIC photo, as iPhones make them. Save it as JPEG",
        b"<!DOCTYPE html><html>sign in": "it is a web page. Fetch the file itself",
        b"<?xml version='1.0'?>\n<svg xmlns=''/>": "it is an SVG drawing. Export it",
        b"\0\0\0\x20ftypisom": "it is a film. Choose a picture",
        b"version https://git-lfs": "git-lfs keeps the file. Run `git lfs pull`",
        "": "it is a folder, or no name is given",
        7: "it is of the type int. Give a path",
        f"“{tmp_path / 'empty.png'}”": "the file is empty",
        **dict.fromkeys(
            ["file:///x.jpg", "ftp://x.org/y.jpg", "WWW.x.org/y.jpg", "data:image/png;base64,x"],
            "it is no address that can be fetched. Give one that begins with https://, or the path of a file",
        ),
        str(tmp_path / "empty.png") + "?": "there is no such file",
    }
    for source, message in broken.items():
        with pytest.raises(ValueError, match=message) as caught:
            read_picture(source)
        assert "0x" not in str(caught.value) and "\n" not in str(caught.value)
        assert caught.value.__cause__ is not None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"])
def test_damage_anywhere_gives_a_picture_or_a_value_error(kind):
    whole = to_bytes(Image.effect_noise((40, 40), 50).convert("RGB"), kind)
    random = np.random.default_rng(0)
    for _ in range(40):
        damaged = bytearray(whole[: random.integers(len(whole)) + 1])
        for place in random.integers(len(damaged), size=5):
            damaged[place] = random.integers(256)
        try:
            assert read_picture(damaged).mode == "RGB"
        except ValueError as error:
            assert str(error).startswith("This upload is no picture that can be read: ")


def with_note(entries, extra=b""):
    """A JPEG of 80 x 40 pixels whose note (EXIF) has these entries: number, kind, count, four bytes."""
    jpeg = to_bytes(Image.new("RGB", (80, 40)), "JPEG")
    rows = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)
    note = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + b"\0\0\0\0" + extra
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note + jpeg[2:]


UPRIGHT = (274, 3, 1, struct.pack("<I", 6))


@pytest.mark.parametrize(
    "content",
    [
        with_note([UPRIGHT, (282, 10, 1, struct.pack("<I", 38))], struct.pack("<ii", -1, 0)),
        with_note([UPRIGHT, (259, 1, 2, b"\1\2\0\0")]),
        with_note([UPRIGHT, (256, 2, 4, b"abc\0")]),
        with_note([UPRIGHT, (34665, 4, 1, struct.pack("<I", 9_999))]),
    ],
    ids=["resolution -1:0", "numbers where bytes are due", "text where a number is due", "a part that is missing"],
)
def test_a_sound_photo_with_an_odd_note_is_read_and_turned(content):
    picture = read_picture(content)
    assert picture.size == (40, 80) and "exif" not in picture.info
    assert read_picture(picture) == picture, "what is upright is not turned again"


def test_a_note_that_is_no_note_costs_nothing():
    assert read_picture(to_bytes(Image.new("RGB", (80, 40)), "WEBP", exif=b"Exif\0\0junkjunk")).size == (80, 40)


def test_an_open_picture_is_turned_too_and_stays_as_it_was():
    content = with_note([UPRIGHT])
    opened = Image.open(BytesIO(content))
    assert read_picture(opened).tobytes() == read_picture(content).tobytes() and opened.size == (80, 40)


@pytest.mark.parametrize("size", [(4, 8000), (8000, 4), (1, 50), (3, 60)])
def test_a_very_thin_picture_gets_borders_so_that_resizing_it_stays_small(size):
    picture = read_picture(to_bytes(Image.new("RGB", size, "red")))
    assert max(picture.size) <= 20 * min(picture.size) and max(picture.size) == min(max(size), 2000)
    assert picture.getpixel((0, 0)) == (255, 255, 255) or size == (3, 60)
    assert build_transforms(128)["val"](picture).shape == (3, 128, 128)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_value_that_is_no_number_does_not_turn_all_black(value):
    pixels = np.full((4, 4), 0.5, np.float32)
    pixels[0, 0] = value
    read = read_picture(to_bytes(Image.fromarray(pixels), "TIFF"))
    assert read.getpixel((2, 2)) == (128, 128, 128)
    assert read.getpixel((0, 0)) == ((255,) * 3 if value == float("inf") else (0,) * 3)


@pytest.fixture
def damaged_files(tmp_path):
    """600 files: six kinds, cut off, bytes changed, beginnings of one on the rest of another."""
    random, kinds = np.random.default_rng(1), ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "PPM"]
    noise = [Image.fromarray(random.integers(256, size=(60, 40, 3), dtype=np.uint8)) for _ in range(4)]
    sound = [to_bytes(picture, kind) for picture in noise for kind in kinds]
    for n in range(600):
        content = bytearray(sound[n % len(sound)])
        how = n % 3
        if how == 0:
            content = content[: random.integers(len(content))]
        for place in random.integers(len(content) if how else min(200, len(content)) or 1, size=1 + how * 8):
            if content:
                content[place % len(content)] = random.integers(256)
        if how == 2:
            cut = random.integers(4, 120)
            content[:cut] = sound[(n * 7 + 1) % len(sound)][:cut]
        name = kinds[n % len(kinds)].lower().replace("jpeg", "jpg").replace("tiff", "tif")
        folder = tmp_path / "set" / ("odd" if n % 2 else "even")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{n:03}.{name}").write_bytes(content)
    return tmp_path / "set"


@pytest.mark.everything
def test_600_damaged_files_give_a_picture_or_a_sentence_and_the_doctor_agrees_with_the_training(damaged_files):
    before = psutil.Process().memory_info().rss
    broken, left_out = find_broken_pictures(damaged_files)
    dataset = ImageFolder(damaged_files, build_transforms(32)["train"], loader=read_picture)
    assert not left_out and len(dataset) == 600
    for index, (path, _) in enumerate(dataset.samples):
        try:
            image, _ = dataset[index]
            assert image.shape == (3, 32, 32) and Path(path) not in broken
        except ValueError as error:
            assert str(error) == broken[Path(path)] and path in str(error) and "\n" not in str(error)
            assert len(str(error)) < len(path) + 250
    assert 100 < len(broken) < 600
    assert psutil.Process().memory_info().rss - before < 400e6


# --- addresses -----------------------------------------------------------------------------------------------------


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 - the name that http.server asks for
        if self.path in ("/photo.png", "/a%20bee%20on%20Gr%C3%BCn.png?w=1&h=%20"):
            self.answer(to_bytes(corners()))
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/photo.png")
            self.end_headers()
        elif self.path == "/page":
            self.answer(b"<html>No picture</html>")
        elif self.path in ("/huge", "/slow", "/silent"):
            self.send_response(200)
            self.end_headers()
            try:
                while not self.server.stopped.is_set():
                    if self.path == "/huge":
                        self.wfile.write(bytes(1 << 16))
                    elif self.path == "/slow":
                        self.wfile.write(b"x")
                        self.server.stopped.wait(0.05)
                    else:
                        self.server.stopped.wait(0.05)
            except OSError:
                pass  # the reader has gone
        else:
            self.send_error(404)

    def answer(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.stopped = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.stopped.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "path", ["/photo.png", "/moved", "/a bee on Grün.png?w=1&h=%20", "/a%20bee%20on%20Gr%C3%BCn.png?w=1&h=%20"]
)
def test_reads_an_address(address, path):
    assert close(read_picture(address + path), corners())


@pytest.mark.parametrize(
    ("path", "message"), [("/nothing", "the server answers 404, Not Found. Open"), ("/page", "it is a web page")]
)
def test_an_address_without_a_picture_is_refused(address, path, message):
    with pytest.raises(ValueError, match=f"^{address}{path} is no picture that can be read: {message}"):
        read_picture(address + path)


def test_nobody_there_is_refused(address):
    with pytest.raises(
        ValueError, match="is no picture that can be read: the network does not reach it .*Download the picture"
    ):
        read_picture("http://127.0.0.1:9/photo.png")


def test_a_huge_a_slow_and_a_silent_answer_are_given_up(address):
    with pytest.raises(ValueError, match=r"1\.[01] MB came and no end, expected at most 1 MB and 20 s"):
        fetch_bytes(address + "/huge", most=1_000_000)
    for path, error in {"/slow": ValueError, "/silent": OSError}.items():
        begin = time.monotonic()
        with pytest.raises(error):
            fetch_bytes(address + path, seconds=0.5)
        assert time.monotonic() - begin < 5


def test_the_whole_of_a_large_answer_comes(address):
    assert fetch_bytes(address + "/photo.png") == to_bytes(corners())


# --- predict -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build_model(2)


@pytest.fixture(scope="module")
def picture():
    return read_picture(sorted((find_data() / "val" / "bees").iterdir())[0])


@pytest.mark.parametrize("training", [True, False])
def test_predict_equals_the_plain_line_in_any_mode_of_the_model(model, picture, training):
    transform = build_transforms(64)["val"]
    model.eval()
    with torch.no_grad():
        expected = torch.softmax(model(transform(picture)[None]), dim=1)[0]
    model.train(training)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    shares = predict(model, picture, transform, torch.device("cpu"))
    assert torch.allclose(shares, expected, atol=1e-6) and shares.sum().item() == pytest.approx(1, abs=1e-5)
    assert shares.shape == (2,) and shares.dtype == torch.float32 and not shares.requires_grad
    assert not model.training
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items()), "BatchNorm moved"


def test_predict_gives_float32_from_a_bfloat16_network(picture):
    class Half(nn.Module):
        def forward(self, x):
            return torch.tensor([[1.0, 3.0]], dtype=torch.bfloat16)

    shares = predict(Half(), picture, build_transforms(64)["val"], "cpu")
    assert shares.dtype == torch.float32 and torch.allclose(shares, torch.tensor([0.1192, 0.8808]), atol=1e-4)


# --- the network of lesson 6, or a short training -------------------------------------------------------------------


@pytest.fixture
def checkpoints(tmp_path, monkeypatch):
    monkeypatch.setenv("BRICKS_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return tmp_path / "checkpoints"


@pytest.fixture
def few_pictures(tmp_path):
    for split in ("train", "val", "test"):
        for i, name in enumerate(("cups", "dice")):
            folder = tmp_path / "few" / split / name
            folder.mkdir(parents=True)
            for shade in (60, 120):
                Image.new("RGB", (40, 40), (shade, 200 * i, 90)).save(folder / f"{shade}.png")
    return tmp_path / "few"


def keep(path, epochs, classes):
    model = resnet18(num_classes=len(classes))
    save_checkpoint(path, model, *build_optimizer(model, 3), {"val_loss": [0.5] * epochs}, classes)
    return model


def test_takes_the_network_of_lesson_6_if_it_fits(checkpoints, few_pictures):
    saved = keep(checkpoints / "lesson_06.pt", 2, ["cups", "dice"])
    model = load_or_train(few_pictures, ["cups", "dice"], torch.device("cpu"), 1, 32)
    assert not model.training and torch.equal(model.fc.weight, saved.fc.weight)
    assert model.classes == ["cups", "dice"]
    assert not (checkpoints / "lesson_07.pt").exists(), "nothing was trained"


@pytest.mark.parametrize(
    ("epochs", "classes"), [(2, ["dice", "cups"]), (2, ["cups", "dice", "keys"]), (0, ["cups", "dice"])]
)
def test_trains_if_it_is_for_other_classes_or_not_trained(checkpoints, few_pictures, epochs, classes, capsys):
    keep(checkpoints / "lesson_06.pt", epochs, classes)
    model = load_or_train(few_pictures, ["cups", "dice"], torch.device("cpu"), 1, 32)
    assert not model.training and model.fc.out_features == 2 and (checkpoints / "lesson_07.pt").exists()
    assert "So a short training: 1 epochs" in capsys.readouterr().out
    again = load_or_train(few_pictures, ["cups", "dice"], torch.device("cpu"), 1, 32)
    assert torch.equal(model.fc.weight, again.fc.weight) and "short training" not in capsys.readouterr().out


def test_a_network_of_no_numbers_or_a_shorter_training_is_not_taken(checkpoints, few_pictures, capsys):
    model = keep(checkpoints / "lesson_06.pt", 2, ["cups", "dice"])
    with torch.no_grad():
        model.fc.bias.fill_(float("nan"))
    save_checkpoint(
        checkpoints / "lesson_06.pt", model, *build_optimizer(model, 3), {"val_loss": [0.5]}, ["cups", "dice"]
    )
    keep(checkpoints / "lesson_07.pt", 1, ["cups", "dice"])
    found = load_or_train(few_pictures, ["cups", "dice"], torch.device("cpu"), 2, 32)
    said = capsys.readouterr().out
    assert "Not used. Expected are weights that are numbers." in said and found.fc.bias.isfinite().all()
    assert "lesson_07.pt: 1 epochs" in said and "Expected are 2 epochs or more, for cups, dice." in said


@pytest.mark.parametrize(("kind", "white"), [(np.uint16, 4_095), (np.uint16, 65_535), (np.float32, 1), (np.int32, 255)])
def test_a_large_picture_with_many_bits_keeps_its_white(kind, white):
    """Made smaller first, hard edges would overshoot, and the next larger number be taken for white."""
    chequered = (np.indices((400, 2_600)).sum(0) // 37 % 2 * white).astype(kind)
    read = np.asarray(read_picture(to_bytes(Image.fromarray(chequered), "TIFF")))
    assert read.max() >= 250 and abs(read.mean() - 127) < 8


def test_a_long_note_in_a_png_costs_nothing():
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("workflow", "x" * 3_000_000, zip=True)
    assert read_picture(to_bytes(corners(), "PNG", pnginfo=note)).size == corners().size


def test_half_a_file_and_a_folder_that_takes_none_do_no_harm(checkpoints, few_pictures, capsys):
    checkpoints.mkdir()
    (checkpoints / "lesson_06.pt").write_bytes(b"half")
    (checkpoints / "lesson_07.pt").mkdir()  # in the way of saving
    model = load_or_train(few_pictures, ["cups", "dice"], torch.device("cpu"), 1, 32)
    assert not model.training and "Not saved: " in capsys.readouterr().out


# --- maps ----------------------------------------------------------------------------------------------------------


class Tiny(nn.Module):
    """Two feature maps, the red and the green channel; the logits are sums of their means with known weights."""

    def __init__(self, weights):
        super().__init__()
        self.maps = nn.Conv2d(3, 2, 1, bias=False)
        self.maps.weight.data = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]]).view(2, 3, 1, 1)
        self.head = nn.Linear(2, len(weights), bias=False)
        self.head.weight.data = torch.tensor(weights)

    def forward(self, x):
        return self.head(self.maps(x).mean(dim=(2, 3)))


def red_and_green():
    image = torch.zeros(3, 4, 4)
    image[0, :2, :2] = 1  # red above left
    image[0, :2, 2:] = 0.5  # half as much above right
    image[1, 2:, 2:] = 1  # green below right
    return image


def test_grad_cam_of_a_case_done_by_hand():
    network, image = Tiny([[2.0, -1.0], [-1.0, 3.0], [-1.0, -1.0]]), red_and_green()
    # The gradient of logit k for map c is weight[k, c] / 16 at each place, so the map is relu(2 red - green), ...
    assert torch.allclose(grad_cam(network, image, 0, "maps"), image[0])
    assert torch.allclose(grad_cam(network, image, 1, "maps"), image[1])
    assert torch.equal(grad_cam(network, image, 2, "maps"), torch.zeros(4, 4)), "nothing speaks for it"


def test_grad_cam_weighs_the_maps():
    network = Tiny([[2.0, 1.0], [0.0, 1.0]])
    expected = (2 * red_and_green()[0] + red_and_green()[1]) / 2
    assert torch.allclose(grad_cam(network, red_and_green(), 0, "maps"), expected)


def test_grad_cam_equals_one_made_with_backward_hooks(model, picture):
    """The way of the paper's code: forward and full backward hooks, and a plain backward()."""
    image, kept = build_transforms(64)["val"](picture), {}
    hooks = [
        model.layer3.register_forward_hook(lambda part, entering, leaving: kept.update(maps=leaving)),
        model.layer3.register_full_backward_hook(lambda part, entering, leaving: kept.update(gradients=leaving[0])),
    ]
    model.eval().zero_grad()
    model(image[None])[0, 1].backward()
    for hook in hooks:
        hook.remove()
    model.zero_grad()
    expected = (kept["gradients"].mean(dim=(2, 3), keepdim=True) * kept["maps"]).sum(dim=1)[0].relu().detach()
    heat = grad_cam(model, image, 1, "layer3")
    assert heat.shape == (4, 4) and torch.allclose(heat, expected / expected.max(), atol=1e-5)


@pytest.mark.parametrize("frozen", [False, True])
def test_grad_cam_leaves_no_hooks_and_no_gradients(picture, frozen):
    torch.manual_seed(0)
    model, image = build_model(2, freeze=frozen), build_transforms(64)["val"](picture)
    with torch.no_grad():
        inside = grad_cam(model, image, 0)
    assert inside.shape == (2, 2) and 0 <= inside.min() and inside.max() <= 1 and not inside.requires_grad
    assert not image.requires_grad and all(parameter.grad is None for parameter in model.parameters())
    assert not any(part._forward_hooks or part._backward_hooks for part in model.modules())


def test_grad_cam_removes_its_hook_after_an_error(model):
    with pytest.raises(RuntimeError):
        grad_cam(model, torch.zeros(5, 64, 64), 0)
    with pytest.raises(AttributeError, match="layer9"):
        grad_cam(model, torch.zeros(3, 64, 64), 0, "layer9")
    assert not any(part._forward_hooks for part in model.modules())


def test_occlusion_of_a_case_done_by_hand():
    """A logit that is the mean of red: hiding a square takes away what is red inside it."""
    network, image = Tiny([[1.0, 0.0], [0.0, 0.0]]), torch.zeros(3, 8, 8)
    image[0, 0, 0] = 16.0  # one red pixel, in the first cell of 4 × 4
    expected = torch.zeros(4, 4)
    expected[:2, :2] = 16 / 64  # the squares of the neighbours reach into the corner, too
    fall = occlusion(network, image, 0, cells=4)
    assert fall[0, 0] == pytest.approx(0.25) and torch.equal(fall, expected * (fall > 0))
    assert torch.equal(occlusion(network, image, 1, cells=4), torch.zeros(4, 4))
    assert torch.equal(image[0, 0, 0], torch.tensor(16.0)), "the picture is left as it was"


def test_occlusion_equals_hiding_by_hand(model, picture):
    image = build_transforms(64)["val"](picture)
    fall = occlusion(model, image, 1, cells=4)
    hidden = image.clone()
    hidden[:, 8:40, 24:56] = 0  # row 1, column 2: cells are 16 pixels, the square reaches 8 beyond
    with torch.no_grad():
        expected = model(image[None])[0, 1] - model(hidden[None])[0, 1]
    assert fall.shape == (4, 4) and fall[1, 2].item() == pytest.approx(expected.item(), abs=1e-4)


def test_an_overlay_is_yellow_where_the_heat_is_and_leaves_the_rest():
    image = torch.zeros(3, 16, 16)  # the mean colour
    lit = overlay(image, torch.tensor([[4.0, 0.0], [-1.0, 0.0]]))
    assert lit.shape == (3, 16, 16)
    red, green, blue = lit[:, 0, 0].tolist()
    assert red > 0.7 and green > 0.7 and blue < 0.4
    mean = pytest.approx([0.485, 0.456, 0.406], abs=1e-5)
    assert lit[:, 15, 15].tolist() == mean and overlay(image, torch.zeros(2, 2))[:, 3, 3].tolist() == mean
