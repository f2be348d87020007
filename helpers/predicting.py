"""A picture from anywhere, what the network says about it, and where it looked: the bricks of lesson 7."""

import time
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import torch
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.nn import functional as F

from .plotting import unnormalize


def fetch_bytes(url: str, most: int = 50_000_000, seconds: float = 20) -> bytes:
    """Lesson 7: what lies at an http(s) address. ValueError above `most` bytes or `seconds`, OSError without answer."""
    end, content = time.monotonic() + seconds, bytearray()
    address = quote(url, safe="%/:?&=#@+,;~!$'()*[]")  # ä and spaces become codes
    request = Request(address, headers={"User-Agent": "Brick by Brick, a course"})
    with urlopen(request, timeout=seconds) as answer:
        while part := answer.read1(65_536):
            content += part
            if len(content) > most or time.monotonic() > end:
                size = f"{len(content) / 1e6:.1f} MB"
                limit = f"{most / 1e6:.0f} MB and {seconds:.0f} s"
                raise ValueError(f"{size} came and no end, expected at most {limit}")
    return bytes(content)


def to_rgb(picture: Image.Image) -> Image.Image:
    """Lesson 7: a picture of any Pillow mode as RGB with 8 bits, what is transparent on white."""
    if picture.mode[0] in "IF":  # more than 8 bits: scale them, convert("RGB") would clip
        full = 65_535 if picture.mode[0] == "I" else 1
        picture = picture.convert("F")
        full = max(full, picture.getextrema()[1])
        picture = picture.point(lambda value: value * (255 / full)).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture.convert("RGBA"))
    return page.convert("RGB")


def read_picture(source: str | Path | bytes) -> Image.Image:
    """Lesson 7: the picture at a path or an http(s) address, or in bytes; RGB, upright, at most 2000 pixels long.

    The first picture, if there are several. ValueError if there is none that can be read.
    """
    name = "This upload"
    try:
        if isinstance(source, bytes | bytearray | memoryview):
            content = bytes(source)
        else:
            name = str(source)
            is_url = name.lower().startswith(("http://", "https://"))
            content = fetch_bytes(name) if is_url else Path(source).expanduser().read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, about large or slightly odd files
            picture = Image.open(BytesIO(content))
            picture.thumbnail((2000, 2000))  # a JPEG is decoded small, which saves memory
            return to_rgb(ImageOps.exif_transpose(picture))
    except Exception as error:  # a damaged file makes Pillow raise almost anything
        reason = str(error).split(" <_io")[0]  # without the name of an object in memory
        raise ValueError(
            f"{name} is no picture that can be read: {reason}. Expected a whole JPEG, PNG or similar file. "
            "Try to open it in another program, save it anew, or choose another."
        ) from error


@torch.no_grad()
def predict(
    model: nn.Module, picture: Image.Image, transform: Callable[[Image.Image], Tensor], device: torch.device
) -> Tensor:
    """Lesson 7: the shares of the classes for one picture, (C,) float32 on the CPU; they sum to 1.

    transform: that of val. Leaves the model in eval mode.
    """
    model.eval()
    image = transform(picture).unsqueeze(0).to(device)
    return model(image)[0].float().softmax(dim=0).cpu()


@torch.enable_grad()
def grad_cam(model: nn.Module, image: Tensor, class_index: int, layer: str = "layer4") -> Tensor:
    """Lesson 7: how much each place speaks for a class (Selvaraju et al., Grad-CAM, ICCV 2017).

    image: (3, H, W) normalized, on the model's device. layer: the name of a part that gives (N, C, h, w).
    Returns (h, w) on the CPU, in [0, 1], largest 1; all 0 if no place speaks for the class.
    Leaves the model in eval mode, without hooks, and its gradients as they were.
    """
    kept = {}
    part = model.eval().get_submodule(layer)
    hook = part.register_forward_hook(lambda part, inputs, output: kept.update(maps=output))
    try:
        logits = model(image.detach().unsqueeze(0).requires_grad_())
    finally:
        hook.remove()
    (gradients,) = torch.autograd.grad(logits[0, class_index], kept["maps"])
    weights = gradients.mean(dim=(2, 3), keepdim=True)  # one number for each feature map
    heat = (weights * kept["maps"]).sum(dim=1)[0].relu()
    return (heat / heat.max().clamp(min=1e-12)).detach().cpu()


@torch.no_grad()
def occlusion(model: nn.Module, image: Tensor, class_index: int, cells: int = 8) -> Tensor:
    """Lesson 7: by how much the logit of a class falls when a grey square hides a place (Zeiler & Fergus, ECCV 2014).

    image: (3, H, H) normalized, on the model's device, H at least `cells`. The square is two cells wide.
    Returns (cells, cells) on the CPU; negative where hiding helps the class. Leaves the model in eval mode.
    """
    model.eval()
    step = image.shape[1] // cells
    hidden = image.repeat(cells * cells, 1, 1, 1)
    for i in range(cells * cells):
        row, column = divmod(i, cells)  # the square is two cells wide, its middle on this cell
        top, left = row * step - step // 2, column * step - step // 2
        hidden[i, :, max(top, 0) : top + 2 * step, max(left, 0) : left + 2 * step] = 0  # the mean colour
    before = model(image.unsqueeze(0))[0, class_index]
    after = torch.cat([model(part)[:, class_index] for part in hidden.split(16)])
    return (before - after).view(cells, cells).cpu()


def spotlight(image: Tensor, heat: Tensor) -> Tensor:
    """Lesson 7: the picture, in full colour where heat is largest, dark and grey where it is 0 or less.

    image: (3, H, W) normalized. heat: (h, w) on the CPU. Returns (3, H, W) in [0, 1] on the CPU.
    """
    heat = heat.relu() / heat.max().clamp(min=1e-12)
    light = F.interpolate(heat[None, None], image.shape[1:], mode="bilinear")[0]
    picture = unnormalize(image).cpu()
    dim = 0.4 * picture.mean(dim=0, keepdim=True)  # dark and grey
    return dim + light * (picture - dim)
