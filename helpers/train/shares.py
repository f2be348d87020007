"""What each process computes: its share of the pictures, so that all together do what one alone would do."""

import argparse
import random
from collections.abc import Callable, Iterator

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, default_collate

from . import processes


def build_shares(pictures: dict, options: argparse.Namespace, device: torch.device) -> dict[str, DataLoader]:
    """Lesson 3's loaders, for this process: its share of each training batch, and of the val and test pictures.

    Each of these is in one share only. ValueError if there are more processes than training pictures.
    """
    rank, world_size = processes.RANK, processes.WORLD_SIZE
    if len(pictures["train"]) < world_size:
        counts = f"{world_size} processes are too many for {len(pictures['train'])} training pictures"
        raise ValueError(f"{counts}. Start fewer.")
    common = {
        "num_workers": options.workers,
        "persistent_workers": options.workers > 0,
        "pin_memory": device.type == "cuda",
        "collate_fn": batch_or_sentence,
    }
    loaders = {}
    for split, dataset in pictures.items():
        if split == "train":
            batches = SharesOfBatches(len(dataset), options.batch_size, options.seed, rank, world_size)
            share = {"batch_sampler": batches}
        else:
            keys = [(0, index) for index in range(rank, len(dataset), world_size)]
            share = {"sampler": keys, "batch_size": options.batch_size // world_size}
        loaders[split] = RaisingLoader(SeededPictures(dataset, options.seed), **share, **common)
    return loaders


def mix(*numbers: int) -> int:
    """One seed out of several numbers, the same on every machine."""
    return random.Random(repr(numbers)).getrandbits(63)


class SeededPictures(Dataset):
    """An ImageFolder that is indexed by (epoch, index). What is random in a picture follows from these and the seed.

    So the network sees the same pictures, whatever the number of processes and workers.
    In place of a picture that cannot be read is a sentence, which RaisingLoader raises.
    """

    def __init__(self, pictures: Dataset, seed: int):
        self.pictures, self.seed = pictures, seed

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, key: tuple[int, int]) -> tuple[Tensor, int] | str:
        torch.default_generator.manual_seed(mix(self.seed, *key))  # torch.manual_seed seeds GPUs, too: far slower
        epoch, index = key
        try:
            return self.pictures[index]
        except Exception as error:  # a damaged file makes Pillow raise almost anything
            file = self.pictures.samples[index][0]
            told = str(error) if file in str(error) else f"{file} cannot be used ({error})."
            return f"{told} find_broken_pictures finds others."


def batch_or_sentence(pictures: list[tuple[Tensor, int] | str]) -> list[Tensor] | str:
    """A batch, or the sentence in place of its first picture that cannot be read."""
    sentences = [picture for picture in pictures if isinstance(picture, str)]
    return sentences[0] if sentences else default_collate(pictures)


class RaisingLoader(DataLoader):
    """A DataLoader that raises OSError for a picture that cannot be read.

    If a worker raised it, the sentence would arrive here as the last line of a traceback.
    """

    def __iter__(self) -> Iterator[list[Tensor]]:
        for batch in super().__iter__():
            if isinstance(batch, str):
                raise OSError(batch)
            yield batch


class SharesOfBatches:
    """A DataLoader's batch_sampler: of each batch this process's share, as a list of (epoch, index).

    All processes shuffle alike, cut the same batches, and each takes every world_size-th picture of a batch. Shares of
    the last batch may differ by one picture: weigh_shares sees to that. If it has fewer pictures than there are
    processes, each process takes all of them: without a picture it would have no gradient to give. (Only then the
    training numbers, not the weights, count a picture more than once.)
    Set `epoch` before each pass.
    """

    def __init__(self, pictures: int, batch_size: int, seed: int, rank: int, world_size: int):
        self.pictures, self.batch_size, self.seed, self.epoch = pictures, batch_size, seed, 0
        self.rank, self.world_size = rank, world_size

    def __len__(self) -> int:
        return -(-self.pictures // self.batch_size)  # rounded up: the last batch may be smaller

    def __iter__(self) -> Iterator[list[tuple[int, int]]]:
        generator = torch.Generator().manual_seed(mix(self.seed, self.epoch))
        for batch in torch.randperm(self.pictures, generator=generator).split(self.batch_size):
            share = batch[self.rank :: self.world_size] if len(batch) >= self.world_size else batch
            yield [(self.epoch, index) for index in share.tolist()]


def weigh_shares(criterion: nn.Module, device: torch.device) -> Callable[[Tensor, Tensor], Tensor]:
    """A criterion whose gradients, averaged over the processes, count each picture of the batch the same.

    The mean of the processes' means is the mean of the batch only if their shares are equal. So the gradient, not the
    loss itself, is multiplied by the size of this process's share over the mean size.
    """

    def weighed_criterion(logits: Tensor, labels: Tensor) -> Tensor:
        loss = criterion(logits, labels)
        batch = torch.tensor(float(len(labels)), device=device)
        dist.all_reduce(batch)
        loss.register_hook(lambda gradient: gradient * (len(labels) * processes.WORLD_SIZE / batch))
        return loss

    return weighed_criterion
