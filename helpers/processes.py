"""What helpers.train needs when torchrun starts it as several processes: shares of the work, and sums over all.

Each process has a copy of the network and computes its share of every batch. DistributedDataParallel averages their
gradients, so all copies take the same step and stay equal. One process alone is the same with a share of everything.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.utils.data import Dataset

# What torchrun tells a process: its number among all, its number on this machine, and how many there are of each.
RANK, WORLD_SIZE = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
LOCAL_RANK, LOCAL_WORLD_SIZE = int(os.environ.get("LOCAL_RANK", 0)), int(os.environ.get("LOCAL_WORLD_SIZE", 1))
LAUNCHER = os.getppid()
STORE = "TORCHELASTIC_USE_AGENT_STORE"  # "True": torchrun keeps the processes' addresses, even those of dead ones


def join_processes(device: torch.device, batch_size: int) -> torch.device:
    """Connect this process with the others, if torchrun has started any. Returns the device on which it computes.

    ValueError if so many processes cannot share the batch or the GPUs of this machine.
    """
    if batch_size % WORLD_SIZE:
        raise ValueError(
            f"{WORLD_SIZE} processes cannot share batches of {batch_size} equally. Choose a --batch-size that is a "
            f"multiple of {WORLD_SIZE}, or another number of processes."
        )
    if WORLD_SIZE == 1:
        return device
    if os.environ.get("TORCHELASTIC_MAX_RESTARTS", "0") != "0" and os.environ.get(STORE) == "True":
        raise ValueError(
            "After a restart these processes would look for each other at old addresses (PyTorch's issue 135712). "
            "Set the environment variable TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1, then start torchrun again."
        )
    if device.type == "mps":
        raise ValueError("Several processes cannot share a Mac's graphics chip. Add --device cpu, or start only one.")
    if device.type == "cuda":
        gpus = torch.cuda.device_count()
        if LOCAL_WORLD_SIZE > gpus:
            raise ValueError(
                f"{LOCAL_WORLD_SIZE} processes on this machine need as many GPUs, and it has {gpus}. "
                f"Choose --nproc-per-node={gpus}, or add --device cpu."
            )
        device = torch.device("cuda", LOCAL_RANK)
        torch.cuda.set_device(device)
    dist.init_process_group(choose_backend(device))
    print(f"{WORLD_SIZE} processes: each takes {batch_size // WORLD_SIZE} of the {batch_size} pictures of a batch.")
    return device


def choose_backend(device: torch.device) -> str:
    """What carries numbers between processes: NCCL between NVIDIA GPUs (Windows has none), otherwise Gloo."""
    return "nccl" if device.type == "cuda" and dist.is_nccl_available() else "gloo"


def leave_processes() -> None:
    """Close the connections, if there are any."""
    if WORLD_SIZE > 1 and dist.is_initialized():
        dist.destroy_process_group()


def is_abandoned() -> bool:
    """Whether torchrun has died. Its processes would go on without it, beside those that a new torchrun starts."""
    return WORLD_SIZE > 1 and os.name != "nt" and os.getppid() != LAUNCHER


@contextmanager
def first_process_first() -> Iterator[None]:
    """The first process of each machine goes ahead and fetches what must be fetched; the others find it there."""
    if LOCAL_RANK > 0:
        dist.barrier()
    yield
    if LOCAL_RANK == 0 and WORLD_SIZE > 1:
        dist.barrier()


def mix(*numbers: int) -> int:
    """One seed out of several numbers, the same on every machine."""
    return random.Random(repr(numbers)).getrandbits(63)


class SeededPictures(Dataset):
    """An ImageFolder that is indexed by (epoch, index). What is random in a picture follows from these and the seed.

    So the network sees the same pictures, whatever the number of processes and workers.
    OSError with the file's name if a picture cannot be read.
    """

    def __init__(self, pictures: Dataset, seed: int):
        self.pictures, self.seed = pictures, seed

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, key: tuple[int, int]) -> tuple[Tensor, int]:
        torch.manual_seed(mix(self.seed, *key))
        epoch, index = key
        try:
            return self.pictures[index]
        except Exception as error:  # a damaged file makes Pillow raise almost anything
            file = self.pictures.samples[index][0]
            raise OSError(f"{file} cannot be read ({error}). Delete it; find_broken_pictures finds others.") from error


class SharesOfBatches:
    """A DataLoader's batch_sampler: of each batch this process's share, as a list of (epoch, index).

    All processes shuffle alike, cut the same batches, and each takes every world_size-th picture of a batch. Shares of
    the last batch may differ by one picture: weigh_shares sees to that. If it has fewer pictures than there are
    processes, each process takes all of them: without a picture it would have no gradient to give. (Only then the
    training numbers, not the weights, count a picture more than once.)
    Set `epoch` before each pass.
    """

    def __init__(self, pictures: int, batch_size: int, seed: int, rank: int = RANK, world_size: int = WORLD_SIZE):
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
        loss.register_hook(lambda gradient: gradient * (len(labels) * WORLD_SIZE / batch))
        return loss

    return weighed_criterion


def over_all_pictures(loss: float, accuracy: float, pictures: int, device: torch.device) -> tuple[float, float]:
    """Mean loss and accuracy over the pictures of all processes, from those of this process's pictures."""
    if WORLD_SIZE == 1:
        return loss, accuracy
    sums = torch.tensor([loss * pictures, round(accuracy * pictures), pictures], dtype=torch.float64, device=device)
    dist.all_reduce(sums)
    total_loss, correct, total = sums.tolist()
    return total_loss / total, correct / total


def agree_on_statistics(model: nn.Module) -> None:
    """All processes take over the BatchNorm statistics of the first, so that they evaluate one and the same network."""
    if WORLD_SIZE > 1:
        for statistic in model.buffers():
            dist.broadcast(statistic, 0)


def all_have(number: int, device: torch.device) -> bool:
    """Whether this number is the same in all processes."""
    if WORLD_SIZE == 1:
        return True
    extremes = torch.tensor([number, -number], device=device)
    dist.all_reduce(extremes, dist.ReduceOp.MAX)
    return extremes.sum().item() == 0
