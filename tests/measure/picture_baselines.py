"""How far colour alone goes: logistic regression on colour histograms and on tiny pictures.

    python tests/measure/picture_baselines.py

The figures must stay low, otherwise the pictures wouldn't need a network that sees shape.
"""

from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

DATA = Path(__file__).resolve().parents[2] / "data_samples"
CLASSES = ("ants", "bees")
THREE = (*CLASSES, "ladybirds")  # the third lies in a folder of its own
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)


def load_split(split: str, folder: Path = DATA, classes: tuple[str, ...] = CLASSES) -> tuple[Tensor, Tensor]:
    """All pictures of a split: (N, 3, 256, 256) uint8, and labels (N,): places in `classes`."""
    pictures, labels = [], []
    for label, kind in enumerate(classes):
        home = folder if kind in CLASSES else folder / kind
        for path in sorted((home / split / kind).glob("*.jpg")):
            with Image.open(path) as picture:
                data = torch.frombuffer(bytearray(picture.convert("RGB").tobytes()), dtype=torch.uint8)
                pictures.append(data.view(picture.height, picture.width, 3).permute(2, 0, 1))
            labels.append(label)
    return torch.stack(pictures), torch.tensor(labels)


def color_histogram(pictures: Tensor, bins: int = 8) -> Tensor:
    """Joint RGB histogram with bins**3 cells, as square-rooted shares: (N, 3, H, W) uint8 to (N, bins**3)."""
    cells = (pictures.flatten(2).long() * bins) // 256
    index = (cells[:, 0] * bins + cells[:, 1]) * bins + cells[:, 2]
    counts = torch.zeros(len(pictures), bins**3)
    counts.scatter_add_(1, index, torch.ones_like(index, dtype=torch.float32))
    return (counts / index.shape[1]).sqrt()


def tiny_pixels(pictures: Tensor, side: int = 32) -> Tensor:
    """Pictures shrunk to side x side and flattened: (N, 3, H, W) uint8 to (N, 3 * side**2) in [0, 1]."""
    small = nn.functional.interpolate(pictures.float() / 255, size=(side, side), mode="area")
    return small.flatten(1)


def fit(features: Tensor, labels: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
    """Logistic regression by L-BFGS: mean cross-entropy + penalty * |weight|^2. Starts at zero: no chance.

    features (N, D), labels (N,). Returns weight (D, number of classes) and bias.
    """
    classes = int(labels.max()) + 1
    weight = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(features @ weight + bias, labels)
        loss = loss + penalty * weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weight.detach(), bias.detach()


def accuracy(model: tuple[Tensor, Tensor], features: Tensor, labels: Tensor) -> float:
    """Share of right answers, in [0, 1]."""
    weight, bias = model
    return ((features @ weight + bias).argmax(1) == labels).float().mean().item()


def baseline(extract, splits: dict[str, tuple[Tensor, Tensor]]) -> tuple[float, float, float]:
    """Fits on train with each penalty, keeps the best on val.

    Returns accuracy on val, accuracy on test, and the penalty kept.
    """
    features = {name: extract(pictures) for name, (pictures, _) in splits.items()}
    mean, spread = features["train"].mean(0), features["train"].std(0).clamp(min=1e-3)
    features = {name: (x - mean) / spread for name, x in features.items()}
    best = None
    for penalty in PENALTIES:
        model = fit(features["train"], splits["train"][1], penalty)
        on_val = accuracy(model, features["val"], splits["val"][1])
        if best is None or on_val >= best[0]:  # a tie goes to the stronger penalty
            best = (on_val, accuracy(model, features["test"], splits["test"][1]), penalty)
    return best


def measure(folder: Path = DATA, classes: tuple[str, ...] = CLASSES) -> dict[str, tuple[float, float, float]]:
    """Both baselines by name; see `baseline`."""
    splits = {name: load_split(name, folder, classes) for name in ("train", "val", "test")}
    return {"colour histogram": baseline(color_histogram, splits), "32 x 32 pixels": baseline(tiny_pixels, splits)}


if __name__ == "__main__":
    for classes in (CLASSES, THREE):
        print("logistic regression on", ", ".join(classes))
        for name, (on_val, on_test, penalty) in measure(classes=classes).items():
            print(f"    {name:<16}  val {on_val:.1%}  test {on_test:.1%}  (penalty {penalty:g})")
