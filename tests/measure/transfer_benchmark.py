"""Do pretrained weights help? From scratch, frozen and fine-tuned with the course's own loop, and a linear probe.

    python tests/measure/transfer_benchmark.py    the sample pictures, as lesson 6 trains
    python tests/measure/transfer_benchmark.py --data FOLDER --epochs 12    any folder with train/ and val/ or test/
    python tests/measure/transfer_benchmark.py --methods fine-tuned --recipe sgd    with the recipe of 2017

The recipes: "adamw" is the course's build_optimizer; "sgd" is SGD with momentum and a StepLR after 3/4 of the epochs.

Each method is trained with several seeds; mean and spread (standard deviation) are printed. The probe is logistic
regression on the 512 features of the untouched network, its penalty chosen by cross-validation on train.
"""

import argparse
import copy
import sys
import time
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import LRScheduler, StepLR
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.models import resnet18

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE))

from picture_baselines import accuracy, fit  # noqa: E402

from helpers import (  # noqa: E402
    build_optimizer,
    build_transforms,
    evaluate,
    load_resnet18,
    train_one_epoch,
)

METHODS = ("from scratch", "frozen", "fine-tuned", "probe")
LR = {"adamw": 0.001, "sgd": 0.003}
PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)


def load_folders(data: Path, size: int) -> tuple[ImageFolder, ImageFolder, ImageFolder]:
    """Training pictures with augmentation and without, and the pictures to measure on (test, or else val)."""
    held_out = next((data / split for split in ("test", "val") if (data / split).is_dir()), None)
    if held_out is None or not (data / "train").is_dir():
        raise SystemExit(f"{data} needs a folder train and a folder test or val, each with one folder a class.")
    transforms = build_transforms(size)
    train, plain = (ImageFolder(data / "train", transform=transforms[split]) for split in ("train", "val"))
    test = ImageFolder(held_out, transform=transforms["val"])
    if test.classes != train.classes:
        raise SystemExit(f"train has the classes {train.classes}, {held_out.name} has {test.classes}.")
    return train, plain, test


def sgd_and_steps(model: nn.Module, epochs: int, lr: float) -> tuple[Optimizer, LRScheduler]:
    """What the course used before AdamW: SGD with momentum, and a tenth of the learning rate at the end."""
    optimizer = SGD([parameter for parameter in model.parameters() if parameter.requires_grad], lr=lr, momentum=0.9)
    return optimizer, StepLR(optimizer, max(1, epochs * 3 // 4))


RECIPES = {"adamw": build_optimizer, "sgd": sgd_and_steps}


def prepare(method: str, pretrained: nn.Module, num_classes: int) -> nn.Module:
    """A ResNet-18 ready to be trained by `method`."""
    if method == "from scratch":
        return resnet18(weights=None, num_classes=num_classes)
    model = copy.deepcopy(pretrained).requires_grad_(method == "fine-tuned")
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model


def train_and_test(method, pretrained, train, test, seed: int, options) -> tuple[float, float]:
    """Accuracy in percent after training with the lessons' loop, and the seconds that the training took."""
    torch.manual_seed(seed)
    device = torch.device(options.device)
    model = prepare(method, pretrained, len(train.classes)).to(device)
    optimizer, scheduler = RECIPES[options.recipe](model, options.epochs, options.lr or LR[options.recipe])
    loader, criterion = DataLoader(train, options.batch, shuffle=True), nn.CrossEntropyLoss()
    begin = time.monotonic()
    for _ in range(options.epochs):
        train_one_epoch(model, loader, criterion, optimizer, device)
        scheduler.step()
    seconds = time.monotonic() - begin
    return 100 * evaluate(model, DataLoader(test, 64), criterion, device)[1], seconds


@torch.no_grad()
def extract_features(backbone: nn.Module, folder: ImageFolder, device: torch.device) -> tuple[Tensor, Tensor]:
    """The features (N, 512) of all pictures, before the head, and their labels (N,)."""
    model = copy.deepcopy(backbone).to(device).eval()
    model.fc = nn.Identity()
    parts = [(model(images.to(device)).cpu(), labels) for images, labels in DataLoader(folder, 64)]
    return torch.cat([features for features, _ in parts]), torch.cat([labels for _, labels in parts])


def probe(train: tuple[Tensor, Tensor], test: tuple[Tensor, Tensor], seed: int) -> float:
    """Accuracy in percent of a linear probe on features. The seed shuffles the five folds that choose the penalty."""
    (x, y), (x_test, y_test) = train, test
    mean, std = x.mean(0), x.std(0) + 1e-6
    x, x_test = (x - mean) / std, (x_test - mean) / std
    fold = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed)) % 5
    scores = []
    for penalty in PENALTIES:
        heads = [fit(x[fold != k], y[fold != k], penalty) for k in range(5)]
        right = [accuracy(head, x[fold == k], y[fold == k]) * int((fold == k).sum()) for k, head in enumerate(heads)]
        scores.append(round(sum(right)))
    best = PENALTIES[scores.index(max(scores))]
    return 100 * accuracy(fit(x, y, best), x_test, y_test)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=COURSE / "data_samples", help="default: the sample pictures")
    parser.add_argument("--weights", default="offline", help='"offline" (the course\'s own), "auto", or a file')
    parser.add_argument("--methods", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--size", type=int, default=128, help="pixels a side (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=8, help="default: %(default)s, as in lesson 6")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--recipe", default="adamw", choices=list(RECIPES))
    parser.add_argument("--lr", type=float, help=f"default: {LR}")
    parser.add_argument("--seeds", type=int, default=3, help="how many (default: %(default)s)")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    pretrained, _ = load_resnet18(options.weights)
    train, plain, test = load_folders(options.data, options.size)
    print(f"{len(train)} pictures to train on, {len(test)} of {Path(test.root).name} to measure on; {options.size} px,")
    print(
        f"{options.epochs} epochs, batch {options.batch}, {options.recipe}, lr {options.lr or LR[options.recipe]}, "
        f"{options.device}, torch {torch.__version__}"
    )
    for method in options.methods:
        results = []
        if method == "probe":
            features = [extract_features(pretrained, f, torch.device(options.device)) for f in (plain, test)]
        for seed in range(options.seeds):
            if method == "probe":
                results.append((probe(*features, seed), 0.0))
            else:
                results.append(train_and_test(method, pretrained, train, test, seed, options))
        accuracy, seconds = torch.tensor(results, dtype=torch.float64).unbind(1)
        spread = float(accuracy.std()) if options.seeds > 1 else 0.0
        each = " ".join(f"{a:.1f}" for a in accuracy)
        time_note = "" if method == "probe" else f", {seconds.mean():.0f} s of training"
        print(f"{method:12}  {accuracy.mean():5.1f} % ± {spread:.1f}  ({each}){time_note}", flush=True)


if __name__ == "__main__":
    main()
