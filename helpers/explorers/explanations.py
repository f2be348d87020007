"""Lesson 7: what the network says, and where it looked, for a picture of the dataset or one of the reader's own."""

import html

import ipywidgets as widgets
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torchvision.datasets import ImageFolder
from torchvision.transforms.v2.functional import to_pil_image

from ..pictures import read_picture
from ..plotting import unnormalize
from ..predicting import grad_cam, occlusion, overlay
from .base import WIDE, Explorer, put_picture, shorten
from .predictions import draw_prediction, draw_shares, eval_shell

ANSWER = "its answer"
PLAIN = "plain picture"
METHODS = (PLAIN, "Grad-CAM", "occlusion")


def uploaded(value: dict | tuple) -> bytes | None:
    """The bytes of the newest file in the value of a FileUpload of ipywidgets 7 (a dict) or 8 (a tuple)."""
    files = list(value.values()) if isinstance(value, dict) else list(value)
    return bytes(files[-1]["content"]) if files else None


class ExplanationExplorer(Explorer):
    """An Explorer with a button for an upload. Moving the slider or Reset returns to the pictures of the dataset."""

    title_of_dataset = "A picture, what the network says, and where it looked"
    title_of_upload = "Your photo, what the network says, and where it looked"

    def __init__(self, model: nn.Module, dataset: ImageFolder):
        # A second shell around the same tensors: hooks and eval mode don't touch the reader's model.
        self.model = eval_shell(model)
        self.dataset, self.photo = dataset, None
        index = widgets.IntSlider(0, min=0, max=len(dataset) - 1, description="picture (number)")
        index.observe(lambda _: self._forget(), names="value")  # before the Explorer's own, which draws
        self.upload = widgets.FileUpload(accept="image/*", description="A photo of yours", layout={"width": "200px"})
        explained = widgets.Dropdown(options=[ANSWER, *dataset.classes], description="explain", disabled=True)
        method = widgets.Dropdown(options=METHODS, description="method")
        method.observe(lambda change: setattr(explained, "disabled", change["new"] == PLAIN), names="value")
        controls = {"index": index, "method": method, "explained": explained}
        super().__init__(self.title_of_dataset, controls, self._explain, photo=True)
        self.upload.observe(self._uploaded, names="value")
        row = self.children[0]
        row.children = [*row.children, self.upload]

    def reset(self) -> None:
        self._forget()
        super().reset()

    def _forget(self) -> None:
        self.photo, self.title = None, self.title_of_dataset
        self.upload.set_trait("value", type(self.upload.value)())  # so that the same file can be chosen again

    def _uploaded(self, change: dict) -> None:
        try:
            content = uploaded(change["new"])
            if content is None:
                return
            self.photo, self.title = self.dataset.transform(read_picture(content)), self.title_of_upload
        except Exception as error:  # whatever a stranger's file does: the sentence is shown, the old picture stays
            self.caption.value = f"<b>{type(error).__name__}:</b> {html.escape(str(error))}"
            return
        self.redraw("Your photo.")

    def _explain(self, index: int, method: str, explained: str) -> tuple[Figure, str]:
        image, label = self.dataset[index] if self.photo is None else (self.photo, None)
        classes = self.dataset.classes
        shares, number, light = explain(self.model, image, explained, method, classes)
        return draw_explanation(image, light, shares, label, number, method, classes)


def explore_explanations(model: nn.Module, dataset: ImageFolder) -> ExplanationExplorer:
    """Pictures of `dataset` (normalized tensors) or an upload: the model's shares, and which places speak for a class.

    model: a ResNet that answers for the classes of the dataset; it is left as it is.
    """
    return ExplanationExplorer(model, dataset)


def explain(
    model: nn.Module, image: Tensor, explained: str, method: str, classes: list[str]
) -> tuple[Tensor, int, Tensor]:
    """The shares (C,), number of the explained class, and under its map (3, H, W) in [0, 1]; on the CPU."""
    image = image.to(next(model.parameters()).device)
    with torch.no_grad():
        shares = model(image.unsqueeze(0))[0].float().softmax(dim=0).cpu()
    number = shares.argmax().item() if explained == ANSWER else classes.index(explained)
    small = image.shape[1] < 200
    if method == "Grad-CAM":
        light = overlay(image, grad_cam(model, image, number, "layer3" if small else "layer4"))
    elif method == "occlusion":
        light = overlay(image, occlusion(model, image, number, 8 if small else 7))
    else:
        light = unnormalize(image).cpu()
    return shares, number, light


def draw_explanation(
    image: Tensor, light: Tensor, shares: Tensor, label: int | None, number: int, method: str, classes: list[str]
) -> tuple[Figure, str]:
    if method == PLAIN:
        return draw_prediction(light, shares, label, classes)
    figure = Figure(figsize=(WIDE, 3.6))
    figure.cuts = [0.31, 0.62]
    truth = "your photo" if label is None else f"truth: {shorten(classes[label], 20)}"
    why = f"{method}: why {shorten(classes[number], 14)}?"
    for left, picture, title in ((0.0, unnormalize(image).cpu(), truth), (0.31, light, why)):
        put_picture(figure, to_pil_image(picture), (left, 0.02, 0.3, 0.88), title)
    right = figure.add_axes((0.72, 0.17, 0.23, 0.72))
    caption = draw_shares(right, shares, label, classes)
    return figure, f"{caption} Yellow, then green: what speaks for {classes[number]}."
