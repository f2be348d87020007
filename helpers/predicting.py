"""Lesson 7: a trained network, what it says about a picture, and where it looked."""

from collections.abc import Callable
from pathlib import Path

import torch
from matplotlib import colormaps
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models import resnet18

from .backbone import build_model
from .checkpoints import load_checkpoint, save_checkpoint
from .data import build_loaders
from .files.comparing import odd_classes
from .files.reading import read_picture
from .plotting import unnormalize
from .settings import checkpoint_folder
from .training import build_optimizer, fit


def load_or_train(
    data_dir: Path, classes: list[str], device: torch.device, epochs: int = 3, image_size: int = 96
) -> nn.Module:
    """The ResNet-18 that lesson 6 has saved, if it is for these classes; else one trained for `epochs`. In eval mode.

    Its attribute `classes` has their names. The short training, with pictures of image_size pixels, keeps its result
    in lesson_07.pt and takes it the next time.
    """
    loaders = build_loaders(data_dir, image_size)
    if problems := [*odd_classes(classes, loaders)]:
        raise ValueError(f"{problems[0]}. Take them from the dataset: dataset.classes.".removeprefix("its "))
    for name in ("lesson_06.pt", "lesson_07.pt"):
        least = epochs if name == "lesson_07.pt" else 1
        model = _load_if_it_fits(checkpoint_folder() / name, classes, loaders, least)
        if model:
            model.classes = classes
            return model.to(device).eval()
    print(f"So a short training: {epochs} epochs. Lesson 6 makes a better network.")
    torch.manual_seed(0)
    model = build_model(len(classes)).to(device)
    model.classes = classes
    parts = build_optimizer(model, epochs)
    history = fit(model, loaders, nn.CrossEntropyLoss(), *parts, epochs, device)
    if len(history["val_loss"]) == epochs:  # not if it was stopped
        save_checkpoint(checkpoint_folder() / "lesson_07.pt", model, *parts, history, classes, loaders)
    return model.eval()


def _load_if_it_fits(path: Path, classes: list[str], loaders: dict, least: int) -> nn.Module | None:
    model = resnet18(weights=None, num_classes=len(classes))
    try:
        history, saved_classes = load_checkpoint(path, model, loaders=loaders)
    except (FileNotFoundError, ValueError) as error:
        print(error)
        return None
    epochs = len(history["val_loss"])
    print(f"{path.name}: {epochs} epochs, classes {', '.join(saved_classes)}.")
    finite = all(value.isfinite().all() for value in model.state_dict().values())
    if epochs >= least and saved_classes == classes and finite:
        return model
    expected = f"{least} epochs or more, for {', '.join(classes)}" if finite else "weights that are numbers"
    print(f"Not used. Expected are {expected}.")
    return None


@torch.no_grad()
def predict(
    model: nn.Module,
    picture: str | Path | bytes | Image.Image,
    transform: Callable[[Image.Image], Tensor],
    device: torch.device,
) -> Tensor:
    """Lesson 7: the shares of the classes for one picture, (C,) float32 on the CPU; they sum to 1.

    picture: what read_picture takes (its ValueError otherwise). transform: that of val. Leaves the model in eval mode.
    """
    model.eval()
    image = transform(read_picture(picture)).unsqueeze(0).to(device)
    return model(image)[0].float().softmax(dim=0).cpu()


@torch.enable_grad()
def grad_cam(model: nn.Module, image: Tensor, class_index: int, layer: str = "layer4") -> Tensor:
    """How much each place speaks for a class (Selvaraju et al., Grad-CAM, ICCV 2017).

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
    """By how much the logit of a class falls when a grey square hides a place (Zeiler & Fergus, ECCV 2014).

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


def overlay(image: Tensor, heat: Tensor) -> Tensor:
    """The picture, and over it yellow where heat is largest, then green and blue, and nothing where it is 0 or less.

    image: (3, H, W) normalized. heat: (h, w) on the CPU. Returns (3, H, W) in [0, 1] on the CPU.
    """
    heat = heat.relu() / heat.max().clamp(min=1e-12)
    heat = F.interpolate(heat[None, None], image.shape[1:], mode="bilinear")[0]
    colour = torch.tensor(colormaps["viridis"](heat[0].numpy())[..., :3], dtype=torch.float32).permute(2, 0, 1)
    return torch.lerp(unnormalize(image).cpu(), colour, 0.7 * heat)
