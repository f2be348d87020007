"""Every way to pretrained weights, and every way in which it can fail. Never random weights, never a hang."""

import http.server
import re
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
import torch
from conftest import COURSE
from torch import nn
from torchvision.models import ResNet18_Weights, get_model, resnet34

import helpers
from helpers import backbone
from helpers.files import fetching


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch, tmp_path):
    """No download has failed yet, no cache, no preference, and no proxy between us and the test's server."""
    monkeypatch.setattr(backbone, "_failure", "")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("BRICKS_WEIGHTS")
    monkeypatch.setenv("no_proxy", "*")


class Server(http.server.ThreadingHTTPServer):
    """Answers every request with `status` and `body`, of which it sends `piece` bytes every `wait` seconds."""

    status, body, length, piece, wait, asked = 200, b"", None, 1 << 20, 0.0, 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked += 1
        if server.piece == 0:  # takes the call and says nothing
            time.sleep(server.wait)
            return
        self.send_response(server.status)
        self.send_header("Content-Length", str(server.length or len(server.body)))
        self.end_headers()
        try:
            for start in range(0, len(server.body), server.piece):
                self.wfile.write(server.body[start : start + server.piece])
                time.sleep(server.wait)
        except OSError:
            pass  # the client has given up

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch, imagenet_file):
    """A server that torchvision's own address of the weights leads to. It serves a good file unless told otherwise."""
    with Server(("127.0.0.1", 0), Handler) as running:
        running.body = imagenet_file.read_bytes()
        address = f"http://127.0.0.1:{running.server_port}/{imagenet_file.name}"
        monkeypatch.setattr(ResNet18_Weights.DEFAULT.value, "url", address)
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def is_shipped(model, weights):
    expected = torch.load(backbone.SHIPPED, weights_only=True)
    same = all(torch.equal(value, expected["state_dict"][name].to(value)) for name, value in model.state_dict().items())
    return same and weights.meta["categories"] == expected["categories"]


def is_imagenet(model, weights, imagenet_file):
    expected = torch.load(imagenet_file, weights_only=True)
    same = all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())
    return same and weights is ResNet18_Weights.DEFAULT


def last_line(capsys):
    return capsys.readouterr().out.splitlines()[-1]


# ---------------------------------------------------------------- torch's cache and the network
def test_the_network_then_the_cache(server, imagenet_file, capsys):
    assert is_imagenet(*helpers.load_resnet18(), imagenet_file)
    assert last_line(capsys) == "Backbone: ResNet-18 with weights pretrained on ImageNet."
    assert [path.name for path in backbone._cached().parent.iterdir()] == [imagenet_file.name]
    assert is_imagenet(*helpers.load_resnet18(), imagenet_file)
    assert capsys.readouterr().out == "Backbone: ResNet-18 with weights pretrained on ImageNet.\n"
    assert server.asked == 1


@pytest.mark.parametrize("damage", ["half", "altered", "a login page"])
def test_a_damaged_cache_is_named_and_skipped(server, imagenet_file, capsys, damage):
    cached = backbone._cached()
    cached.parent.mkdir(parents=True)
    whole = imagenet_file.read_bytes()
    middle = len(whole) // 2
    bodies = {"half": whole[:middle], "altered": whole[:middle] + b"!" + whole[middle + 1 :], "a login page": b"<html>"}
    cached.write_bytes(bodies[damage])
    assert is_shipped(*helpers.load_resnet18())
    line = last_line(capsys)
    assert f"{cached} is damaged or altered. Delete it" in line and "the course's own weights" in line
    assert cached.read_bytes() == bodies[damage] and server.asked == 0


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (dict(status=404, body=b"no such page"), "HTTP Error 404|Not Found"),
        (dict(body=b"<html>Please log in</html>"), "login page"),
        (dict(body=b"x" * 999, length=10**6), "broke after|IncompleteRead|more expected"),
        (dict(piece=0, wait=3), "timed out"),
        (dict(piece=4096, wait=0.05), "network is slow"),
        (dict(piece=1, wait=0.3), "network is slow"),
    ],
    ids=["404", "login page", "cut off", "silent", "slow", "byte by byte"],
)
def test_a_bad_download_leads_to_the_shipped_weights_in_time(server, monkeypatch, capsys, trouble, words):
    monkeypatch.setattr(fetching, "PATIENCE", 1)
    monkeypatch.setattr(fetching, "LONGEST", 2)
    for name, value in trouble.items():
        setattr(server, name, value)
    begin = time.monotonic()
    assert is_shipped(*helpers.load_resnet18())
    assert time.monotonic() - begin < 6
    line = last_line(capsys)
    assert "the ImageNet weights could not be fetched" in line
    assert any(word in line for word in words.split("|")), line
    assert not list(backbone._cached().parent.iterdir())
    asked = server.asked
    assert is_shipped(*helpers.load_resnet18())  # the same kernel does not wait again
    assert server.asked == asked and "the course's own weights" in last_line(capsys)


def test_no_network_at_all(monkeypatch, capsys):
    with socket.socket() as taken:  # a port where nobody listens stands for the whole network
        taken.bind(("127.0.0.1", 0))
        monkeypatch.delenv("no_proxy")
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert is_shipped(*helpers.load_resnet18())
    assert "the ImageNet weights could not be fetched" in last_line(capsys)


def test_a_cache_that_cannot_be_written(server, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "file"))
    assert is_shipped(*helpers.load_resnet18())
    assert "could not be fetched" in last_line(capsys)


# ---------------------------------------------------------------- the shipped file
def test_offline_asks_nobody(server, monkeypatch, imagenet_file, capsys):
    backbone._cached().parent.mkdir(parents=True)
    shutil.copy(imagenet_file, backbone._cached())
    monkeypatch.setattr(fetching, "urlopen", None)
    assert is_shipped(*helpers.load_resnet18("offline"))
    assert last_line(capsys).startswith("Backbone: ResNet-18 with the course's own weights")
    monkeypatch.setenv("BRICKS_WEIGHTS", "offline")
    assert is_shipped(*helpers.load_resnet18())
    assert server.asked == 0


def test_the_shipped_weights_have_the_interface_of_torchvisions():
    model, weights = helpers.load_resnet18("offline")
    assert weights.url.startswith("file:") and weights.meta["num_params"] == sum(p.numel() for p in model.parameters())
    categories = weights.meta["categories"]
    assert len(set(categories)) == len(categories) == model.fc.out_features >= 40
    assert not {"ant", "bee", "bumblebee", "honeybee", "wasp", "hornet"} & set(categories)
    picture = torch.randint(256, (3, 300, 400), dtype=torch.uint8)
    ready = weights.transforms()(picture)
    assert ready.shape == (3, 128, 128)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    white = weights.transforms()(torch.full((3, 200, 200), 255, dtype=torch.uint8))
    assert torch.allclose(white[:, 0, 0], (1 - mean) / std, atol=1e-5)
    assert torch.isfinite(model.eval()(ready[None])).all()


def test_the_shipped_file_is_small_and_safe():
    assert backbone.SHIPPED.stat().st_size <= 24e6
    content = torch.load(backbone.SHIPPED, weights_only=True)
    floats = [value for value in content["state_dict"].values() if value.is_floating_point()]
    assert all(value.dtype == torch.float16 and torch.isfinite(value).all() for value in floats)
    assert content["recipe"]["settings"] and content["recipe"]["log"]


@pytest.mark.parametrize("damage", ["missing", "half", "altered"])
def test_a_damaged_shipped_file_is_refused(monkeypatch, tmp_path, damage):
    copy = tmp_path / "data_samples" / backbone.SHIPPED.name
    copy.parent.mkdir()
    whole = backbone.SHIPPED.read_bytes()
    if damage != "missing":
        middle = len(whole) // 2
        copy.write_bytes(whole[:middle] if damage == "half" else whole[:middle] + b"!" + whole[middle + 1 :])
    monkeypatch.setattr(backbone, "SHIPPED", copy)
    monkeypatch.setattr(backbone, "SAMPLES", copy.parent)
    error = FileNotFoundError if damage == "missing" else RuntimeError
    with pytest.raises(error, match=f"(missing|damaged or altered): .*{copy.name}. Restore it with `git checkout"):
        helpers.load_resnet18("offline")


# ---------------------------------------------------------------- a file of one's own choice
def test_a_file_of_torchvision(imagenet_file, monkeypatch, capsys):
    assert is_imagenet(*helpers.load_resnet18(imagenet_file), imagenet_file)
    assert capsys.readouterr().out == f"Backbone: ResNet-18 with the weights in {imagenet_file}.\n"
    monkeypatch.setenv("BRICKS_WEIGHTS", str(imagenet_file))
    assert is_imagenet(*helpers.load_resnet18(), imagenet_file)


def test_a_file_of_the_course(tmp_path):
    copy = shutil.copy(backbone.SHIPPED, tmp_path / "mine.pth")
    model, weights = helpers.load_resnet18(copy)
    assert is_shipped(model, weights) and weights.url == (tmp_path / "mine.pth").as_uri()


@pytest.mark.parametrize("content", ["another network", "half", "text", "a folder", "missing"])
def test_a_file_that_does_not_fit_is_named(tmp_path, imagenet_file, content):
    path = tmp_path / "weights.pth"
    if content == "another network":
        torch.save(resnet34(weights=None).state_dict(), path)
    elif content == "half":
        path.write_bytes(imagenet_file.read_bytes()[:100_000])
    elif content == "text":
        path.write_text("not weights")
    elif content == "a folder":
        path.mkdir()
    error = FileNotFoundError if content in ("a folder", "missing") else RuntimeError
    with pytest.raises(error, match=f"{path.name}.*(or choose another|Give its path)"):
        helpers.load_resnet18(path)


def test_the_shipped_file_belongs_to_the_code_that_makes_it():
    import pretrain
    from renderer.kinds import KINDS

    assert pretrain.SHIPPED == backbone.SHIPPED and backbone.SHIPPED.is_relative_to(COURSE)
    assert sorted(KINDS) == torch.load(backbone.SHIPPED, weights_only=True)["categories"]


def test_lesson_4_names_the_heads_of_other_networks():
    with torch.device("meta"):
        convnext, efficientnet, transformer = map(get_model, ["convnext_tiny", "efficientnet_b0", "vit_b_16"])
        for head in (convnext.classifier[-1], efficientnet.classifier[-1], transformer.heads.head):
            assert isinstance(head, nn.Linear) and head.out_features == 1000
        for model in (convnext, efficientnet):
            model.classifier[-1] = nn.Linear(model.classifier[-1].in_features, 3)
        transformer.heads.head = nn.Linear(transformer.heads.head.in_features, 3)
        for model in (convnext, efficientnet, transformer):
            assert model(torch.zeros(2, 3, 224, 224)).shape == (2, 3)


@pytest.mark.parametrize("closed", ["home", "BRICKS_WEIGHTS"])
def test_a_folder_that_may_not_be_read_leads_to_the_shipped_weights(monkeypatch, capsys, closed):
    def refuse(path, *args, **kwargs):
        if "closed" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path, *args, **kwargs)

    exists = Path.stat
    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: "/closed/torch")
    monkeypatch.setattr(backbone, "_failure", "")
    helpers.load_resnet18("/closed/weights.pth" if closed == "BRICKS_WEIGHTS" else "auto")
    assert re.search(r"own weights.*/closed/.* may not be read", capsys.readouterr().out)
