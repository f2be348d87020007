"""The bricks of lesson 8, and what it imports: decode once, prepare whole batches, compute features once."""

import copy
from collections.abc import Iterable, Iterator
from math import log

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import TensorDataset
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2


def decode_once(dataset: ImageFolder, size: int) -> TensorDataset:
    """Lesson 8: all pictures of an ImageFolder as one tensor; its transform is left out.

    The shorter side becomes `size` pixels, then the middle is cut out. For batches of n pixels take size = n * 8 // 7.
    Returns tensors (N, 3, size, size) uint8 and (N,) int64: 3 * size**2 bytes a picture.
    """
    square = v2.Compose([v2.Resize(size), v2.CenterCrop(size), v2.PILToTensor()])
    images = torch.empty(len(dataset), 3, size, size, dtype=torch.uint8)
    for i, (path, _) in enumerate(dataset.samples):
        images[i] = square(dataset.loader(path))
    return TensorDataset(images, torch.tensor(dataset.targets))


def augment(images: Tensor, size: int) -> Tensor:
    """The random crop and flip of lesson 2 for a whole batch at once, on the device where it lies.

    images: (N, 3, H, W), uint8, or float in [0, 1]. Each picture gets its own crop: its share of the area is drawn
    from 0.5 to 1, its ratio of width to height from 3/4 to 4/3, as v2.RandomResizedCrop does; half are mirrored.
    Returns (N, 3, size, size) float32, normalized with ImageNet's mean and std. The numbers are drawn on the CPU, so
    a seed gives the same crops on every device.
    """
    images = v2.functional.resize(images, size * 8 // 7)  # does nothing if they have this size
    images = v2.functional.to_dtype(images, torch.float32, scale=True)
    n, _, height, width = images.shape
    area = torch.empty(10, n).uniform_(0.5, 1.0)  # ten tries for each picture
    ratio = torch.empty(10, n).uniform_(log(3 / 4), log(4 / 3)).exp()
    across = (area * ratio * height / width).sqrt()  # the crop's width; the picture's is 1
    down = (area / ratio * width / height).sqrt()
    fits = (across <= 1) & (down <= 1)
    first = fits.int().argmax(dim=0), torch.arange(n)  # the first try that fits
    across, down = across[first].clamp(max=1), down[first].clamp(max=1)
    theta = torch.zeros(n, 2, 3)  # where output pixels come from; edges are at -1 and 1
    theta[:, 0, 0] = across * (torch.randint(2, (n,)) * 2 - 1)  # times -1: mirrored
    theta[:, 1, 1] = down
    theta[:, 0, 2] = (1 - across) * torch.empty(n).uniform_(-1, 1)  # the crop's centre
    theta[:, 1, 2] = (1 - down) * torch.empty(n).uniform_(-1, 1)
    theta = theta.to(images.device)
    grid = functional.affine_grid(theta, [n, 3, size, size], align_corners=False)
    edge = 1 - 1 / torch.tensor([width, height], device=images.device)  # of the outermost pixels
    crops = functional.grid_sample(images, grid.clamp(-edge, edge), align_corners=False)
    return v2.functional.normalize(crops, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def prepare(images: Tensor, size: int) -> Tensor:
    """The fixed transform of lesson 2, for a whole batch at once, on the device where it lies.

    images: (N, 3, H, W), uint8, or float in [0, 1]. Returns (N, 3, size, size) float32, normalized.
    """
    images = v2.functional.resize(images, size * 8 // 7)  # does nothing if they have this size
    images = v2.functional.center_crop(images, size)
    images = v2.functional.to_dtype(images, torch.float32, scale=True)
    return v2.functional.normalize(images, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


class BatchLoader:
    """Batches from tensors that lie on the device already; wherever a DataLoader is expected, this will do.

    images: (N, 3, H, W) uint8; labels: (N,) int64. train: True shuffles and augments, False keeps the order and only
    prepares. Yields ((n, 3, size, size) float32 normalized, (n,) int64), n <= batch_size.
    """

    def __init__(self, images: Tensor, labels: Tensor, batch_size: int, size: int, train: bool):
        self.images, self.labels = images, labels
        self.batch_size, self.size, self.train = batch_size, size, train

    def __len__(self) -> int:
        return -(-len(self.labels) // self.batch_size)  # rounded up: the last batch may be smaller

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(self.labels)) if self.train else torch.arange(len(self.labels))
        change = augment if self.train else prepare
        for chosen in order.to(self.images.device).split(self.batch_size):
            yield change(self.images[chosen], self.size), self.labels[chosen]


@torch.no_grad()
def compute_features(
    model: nn.Module, data_loader: Iterable[tuple[Tensor, Tensor]], device: torch.device
) -> tuple[Tensor, Tensor]:
    """Lesson 8: what arrives at the head of a ResNet, for all pictures, in eval mode. The model itself stays as it is.

    data_loader yields (N, 3, H, W) float32 normalized and (N,) int64. Returns (number of pictures, 512) and
    (number of pictures,) int64, both on the device. A frozen backbone gives these same numbers in every epoch.
    """
    backbone = copy.deepcopy(model)
    backbone.fc = nn.Identity()  # hands on what it gets
    backbone.eval()
    pairs = [(backbone(images.to(device)), labels.to(device)) for images, labels in data_loader]
    features, labels = zip(*pairs)  # noqa: B905 - as in the notebook
    return torch.cat(features), torch.cat(labels)
