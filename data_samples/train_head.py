"""Trains the head of lesson 0's first look on the shipped pictures: `python data_samples/train_head.py`. See README.md.

The backbone that ships stays as it is; only the last layer learns, which takes seconds on a CPU.
"""

import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from helpers import build_datasets, build_transforms, load_resnet18  # noqa: E402
from helpers.faster import compute_features  # noqa: E402

OUT = HERE / "ants_bees_head.pth"
IMAGE_SIZE = 128  # pixels
PENALTY = 0.01  # on the squared weights; with it, the head is about as sure on val as it is right


def fit_head(features: Tensor, labels: Tensor, classes: int) -> nn.Linear:
    """The one layer with the smallest loss plus penalty. No chance in it: there is one best layer, whatever the start.

    features: (N, 512) float32. labels: (N,) int64.
    """
    head = nn.Linear(features.shape[1], classes)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(head(features), labels) + PENALTY * head.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return head


def train() -> tuple[dict, dict[str, int]]:
    """The content of the file, and how many pictures of each split the head names correctly."""
    fixed = build_transforms(IMAGE_SIZE)["val"]  # no random crops: the features are computed once
    datasets = build_datasets(HERE, dict.fromkeys(("train", "val", "test"), fixed))
    backbone, _ = load_resnet18("offline")
    features = {
        split: compute_features(backbone, DataLoader(dataset, batch_size=40), torch.device("cpu"))
        for split, dataset in datasets.items()
    }
    classes = datasets["train"].classes
    head = fit_head(*features["train"], len(classes))
    right = {split: int((head(x).argmax(dim=1) == labels).sum()) for split, (x, labels) in features.items()}
    return {"state_dict": head.state_dict(), "classes": classes, "image_size": IMAGE_SIZE}, right


def main() -> None:
    content, right = train()
    torch.save(content, OUT)
    print(f"{OUT}: {sum(part.numel() for part in content['state_dict'].values())} numbers. Right: {right}")


if __name__ == "__main__":
    main()
