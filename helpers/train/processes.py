"""The processes that torchrun has started: who this one is, how they meet and part, and what they add up.

Each process has a copy of the network and computes its share of every batch. DistributedDataParallel averages their
gradients, so all copies take the same step and stay equal. One process alone is the same with a share of everything.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import nn

# What torchrun tells a process: its number among all, its number on this machine, and how many there are of each.
RANK, WORLD_SIZE = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
LOCAL_RANK, LOCAL_WORLD_SIZE = int(os.environ.get("LOCAL_RANK", 0)), int(os.environ.get("LOCAL_WORLD_SIZE", 1))
LAUNCHER = os.getppid()
STORE = "TORCHELASTIC_USE_AGENT_STORE"  # "True": torchrun keeps the processes' addresses, even those of dead ones


def join(device: torch.device, batch_size: int) -> torch.device:
    """Connect this process with the others, if torchrun has started any. Returns the device on which it computes.

    ValueError if so many processes cannot share the batch or the GPUs of this machine. RuntimeError if they do not
    find each other.
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
        device = take_gpu()
    backend = choose_backend(device)
    try:
        dist.init_process_group(backend, device_id=device if backend == "nccl" else None)
    except RuntimeError as error:
        raise RuntimeError(f"Process {RANK} and the others do not find each other: {error}") from error
    print(f"{WORLD_SIZE} processes: each takes {batch_size // WORLD_SIZE} of the {batch_size} pictures of a batch.")
    return device


def take_gpu() -> torch.device:
    """A GPU for this process alone. ValueError if this machine has too few."""
    gpus = torch.cuda.device_count()
    if LOCAL_WORLD_SIZE > gpus:
        raise ValueError(
            f"{LOCAL_WORLD_SIZE} processes on this machine need as many GPUs, and it has {gpus}. "
            f"Choose --nproc-per-node={gpus}, or add --device cpu."
        )
    device = torch.device("cuda", LOCAL_RANK)
    torch.cuda.set_device(device)
    return device


def choose_backend(device: torch.device) -> str:
    """What carries numbers between processes: NCCL between NVIDIA GPUs (Windows has none), otherwise Gloo."""
    return "nccl" if device.type == "cuda" and dist.is_nccl_available() else "gloo"


def leave() -> None:
    """Close the connections, if there are any."""
    if WORLD_SIZE > 1 and dist.is_initialized():
        dist.destroy_process_group()


def is_abandoned() -> bool:
    """Whether torchrun has died, which would have stopped or restarted this process."""
    return WORLD_SIZE > 1 and os.name != "nt" and os.getppid() != LAUNCHER


def lost_another(error: Exception) -> bool:
    """Whether this is what a process hears when another one, which has its own reason, has ended.

    Gloo raises a plain RuntimeError then, like most faults in a network. (torch.distributed has DistNetworkError and
    other types, and a backend has get_error(). Gloo uses neither.) So we ask the connections: a broken one refuses
    to send, at once. A good one would wait for the other process to receive, but we do not.
    With NCCL, PyTorch itself ends a process that has lost another.
    """
    if type(error) is not RuntimeError or not dist.is_initialized() or dist.get_backend() != "gloo":
        return False
    try:
        for other in range(WORLD_SIZE):
            if other != RANK:
                dist.isend(torch.zeros(1), other)
    except RuntimeError:
        return True
    return False


@contextmanager
def first_process_first() -> Iterator[None]:
    """The first process of each machine goes ahead and fetches what must be fetched; the others find it there."""
    if LOCAL_RANK > 0:
        dist.barrier()
    yield
    if LOCAL_RANK == 0 and WORLD_SIZE > 1:
        dist.barrier()


def wait_for_all() -> None:
    """Go on when all processes are here, such as after the first one has saved something."""
    if WORLD_SIZE > 1:
        dist.barrier()


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
