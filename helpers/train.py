"""Train from the command line with the bricks of the lessons, as one process or as many.

    python -m helpers.train --data samples --epochs 8
    torchrun --standalone --nproc-per-node=2 -m helpers.train --data samples --epochs 8

Run the same command again after a crash, and it goes on after the last complete epoch, to the same result. In the
folder --out, last.pt is the checkpoint to go on from, best.pt the one with the best validation accuracy, and log.jsonl
has a line for each epoch. load_checkpoint of lesson 6 reads both checkpoints.

On several machines, --data must be there on each, and --out must be one folder that all of them see. If a process dies,
torchrun (with --max-restarts) starts all again. If they do not find each other, name the network interface in the
environment variable GLOO_SOCKET_IFNAME or NCCL_SOCKET_IFNAME. On Windows, torchrun may need USE_LIBUV=0.
"""

import argparse
import json
import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.utils.data import DataLoader

from .backbone import UNREADABLE, build_model
from .data import build_datasets, build_transforms
from .device import choose_amp_dtype, choose_device
from .faster import MixedPrecision, scale_gradients
from .finding import find_data
from .processes import (
    LOCAL_RANK,
    RANK,
    WORLD_SIZE,
    SeededPictures,
    SharesOfBatches,
    agree_on_statistics,
    all_have,
    first_process_first,
    is_abandoned,
    join_processes,
    leave_processes,
    over_all_pictures,
    weigh_shares,
)
from .training import build_optimizer, checkpoint_folder, evaluate, load_checkpoint, save_checkpoint, train_one_epoch

NUMBERS = [
    "train_loss",
    "train_accuracy",
    "val_loss",
    "val_accuracy",
    "lr",
    "seconds",
    "images_per_second",
    "world_size",
]


def main(arguments: list[str] | None = None) -> None:
    """Read the options and train. Exit codes: 0 done, 2 wrong input or machine (said in a sentence), 130 stopped."""
    if RANK > 0:
        sys.stdout = open(os.devnull, "w")  # the first process speaks for all
    try:
        train(read_options(arguments))
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on after the last complete epoch.")
        sys.exit(130)
    except RuntimeError as error:
        if not lost_another(error):
            raise
        stop(f"process {RANK} has lost the connection to another one. torchrun ends all, or starts all again.")
    finally:
        leave_processes()


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line (None) or of a list such as ["--epochs", "3"]."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.train",
        description="Train a ResNet-18 on a folder of pictures. "
        "Run the same command again after a crash, and it goes on after the last complete epoch.",
        epilog="As two processes: torchrun --standalone --nproc-per-node=2 -m helpers.train --data samples",
    )
    parser.error = lambda message: stop(f"{message} (--help lists all options)", LOCAL_RANK == 0)
    add, whole = parser.add_argument, whole_number
    add("--data", default="samples", help='folder with train, val and test, "samples" (default) or "hymenoptera"')
    add("--epochs", type=whole(1), default=8, help="passes over the training pictures, in all (8)")
    # With fewer pixels, the last BatchNorm may have a single number to learn its spread from.
    add("--image-size", type=whole(64), help="pixels (128 on a CPU, 224 on a GPU)")
    add("--batch-size", type=whole(1), default=8, help="pictures of a batch, of all processes together (8)")
    add("--lr", type=positive, default=0.003, help="learning rate at the beginning (0.003)")
    add("--step-size", type=whole(1), default=6, help="epochs after which it falls to a tenth (6)")
    add(
        "--freeze",
        choices=["nothing", "batchnorm", "backbone"],
        default="nothing",
        help="what stays as it is (nothing)",
    )
    add("--patience", type=whole(1), help="stop after so many epochs without a better validation accuracy (never)")
    add("--out", type=folder, default=checkpoint_folder() / "run", help="for results (notebooks/checkpoints/run)")
    add("--seed", type=whole(0), default=0, help="of all that is random (0)")
    add("--device", choices=["cpu", "cuda", "mps"], help="where to compute (the fastest that is found)")
    add("--amp", choices=["auto", "off", "bfloat16", "float16"], default="off", help="mixed precision (off)")
    add("--workers", type=whole(0), default=0, help="helpers of each process that prepare pictures (0)")
    return parser.parse_args(arguments)


def whole_number(lowest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < lowest:
            raise argparse.ArgumentTypeError(f"expected a whole number from {lowest} on, found {text!r}")
        return int(text)

    return read


def positive(text: str) -> float:
    try:
        if 0 < float(text) < float("inf"):
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"expected a number above 0, found {text!r}")


def folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def stop(reason: object, aloud: bool = True) -> None:
    """End with exit code 2, and say why."""
    if aloud:
        lines = str(reason).strip().splitlines() or [repr(reason)]
        # The last one, since a DataLoader's worker sends a traceback, which ends with the sentence.
        print(f"helpers.train: {lines[-1].removeprefix('OSError: ')}", file=sys.stderr)
    sys.exit(2)


@contextmanager
def in_a_sentence(*errors: type[Exception], aloud: bool = True) -> Iterator[None]:
    """End with the message of an expected error, which says what to do. A traceback would hide it."""
    try:
        yield
    except errors as error:
        if lost_another(error):
            raise
        stop(error, aloud)


def lost_another(error: Exception) -> bool:
    """Whether this is what a process hears when another one, which has its own reason, has ended."""
    return WORLD_SIZE > 1 and isinstance(error, RuntimeError) and "peer" in str(error)


def train(options: argparse.Namespace) -> None:
    """Lesson 6's fit as a script: set up, resume, and for each epoch train, evaluate, save, report."""
    # All processes find the same wrong input. What fails in the machine may fail in one of them only.
    with in_a_sentence(RuntimeError), in_a_sentence(OSError, ValueError, aloud=LOCAL_RANK == 0):
        device = join_processes(choose_device(options.device), options.batch_size)
        with first_process_first():
            size = options.image_size or (128 if device.type == "cpu" else 224)
            data_dir = find_data(options.data)
            if any(options.out.is_relative_to(data_dir.absolute() / split) for split in ("train", "val", "test")):
                raise ValueError(f"--out {options.out} lies among the pictures. Choose a folder outside of {data_dir}.")
            pictures = build_datasets(data_dir, build_transforms(size))
            classes = pictures["train"].classes
            print(
                f"Pictures: {len(pictures['train'])} train, {len(pictures['val'])} val. Classes: {', '.join(classes)}."
            )
            if len(classes) < 2:
                raise ValueError(f"{options.data} has only one class, {classes[0]}. Expected two folders or more.")
            torch.manual_seed(options.seed)  # for the new last layer
            model = build_network(len(classes), options.freeze, device)
        loaders = build_shares(pictures, options, device)
        optimizer, scheduler = build_optimizer(model, options.lr, step_size=options.step_size)
        settings = {"classes": classes, "training pictures": len(pictures["train"]), "--image-size": size}
        settings |= {"--batch-size": options.batch_size, "--lr": options.lr, "--step-size": options.step_size}
        settings |= {"--freeze": options.freeze, "--seed": options.seed}
        history = resume(options.out / "last.pt", model, optimizer, scheduler, settings, device)
        if RANK == 0:  # before the first epoch, which would be in vain if it could not be saved
            try:
                options.out.mkdir(parents=True, exist_ok=True)
                write_log(options.out / "log.jsonl", history)
            except OSError as error:
                raise ValueError(f"Nothing can be written in {options.out} ({error}). Choose another --out.") from error
        dtype = choose_amp_dtype(device) if options.amp == "auto" else getattr(torch, options.amp, None)

    measure = criterion = nn.CrossEntropyLoss()
    learner = network = MixedPrecision(model, device, dtype)
    if WORLD_SIZE > 1:
        learner, criterion = DistributedDataParallel(network), weigh_shares(measure, device)
    scaler, stepper = torch.amp.GradScaler(device.type, enabled=dtype == torch.float16), optimizer
    if scaler.is_enabled():
        scaler.load_state_dict(history.get("scaler") or scaler.state_dict())
        criterion, stepper = scale_gradients(criterion, optimizer, scaler)

    while (epoch := len(history["val_loss"])) < options.epochs:
        best = max(history["val_accuracy"], default=-1)
        if options.patience and epoch and epoch - history["val_accuracy"].index(best) > options.patience:
            print(f"Early stop: no better validation accuracy in {options.patience} epochs.")
            break
        begin, name = time.perf_counter(), f"epoch {epoch + 1}/{options.epochs}"
        lr = optimizer.param_groups[0]["lr"]
        loaders["train"].batch_sampler.epoch = epoch
        progress = Progress(loaders["train"], name, options.batch_size)
        with in_a_sentence(OSError, torch.OutOfMemoryError):
            numbers = train_one_epoch(learner, progress, criterion, stepper, device)
            speed = len(pictures["train"]) / (time.perf_counter() - begin)
            train_loss, train_accuracy = over_all_pictures(*numbers, progress.seen, device)
            agree_on_statistics(model)
            share = len(loaders["val"].sampler)
            numbers = evaluate(network, loaders["val"], measure, device) if share else (0.0, 0.0)
            val_loss, val_accuracy = over_all_pictures(*numbers, share, device)
        scheduler.step()
        seconds = time.perf_counter() - begin
        values = [
            train_loss,
            train_accuracy,
            val_loss,
            val_accuracy,
            lr,
            round(seconds, 2),
            round(speed, 1),
            WORLD_SIZE,
        ]
        for key, value in zip(NUMBERS, values, strict=True):
            history[key].append(value)
        history["scaler"] = scaler.state_dict()
        if RANK == 0:
            with told_what_is_free(options.out):
                # Killed between the two, it does this epoch again. The other way round, its best.pt would be missing.
                for file in ["best.pt", "last.pt"] if val_accuracy > best else ["last.pt"]:
                    save_checkpoint(options.out / file, model, optimizer, scheduler, history, classes)
                write_log(options.out / "log.jsonl", history)
        report(
            f"{name}   train loss {train_loss:.3f} accuracy {train_accuracy:.3f}   val loss {val_loss:.3f} "
            f"accuracy {val_accuracy:.3f}{' (best)' if val_accuracy > best else ''}   lr {lr:g}   "
            f"{seconds:.1f} s, {speed:.0f} pictures/s"
        )
    best = max(history["val_accuracy"])
    print(f"Done. Best of {epoch} epochs: epoch {history['val_accuracy'].index(best) + 1}, kept in best.pt.")


def build_network(num_classes: int, freeze: str, device: torch.device) -> nn.Module:
    """Lesson 4's model on the device. freeze: "nothing", "batchnorm" (its weights and statistics), or "backbone".

    BatchNorm that learns looks at the whole batch, but a process has only a share of it. On GPUs SyncBatchNorm puts
    the shares together. On CPUs it does not exist, so the result differs a little from that of one process.
    """
    model = build_model(num_classes, freeze=freeze == "backbone")
    if freeze == "batchnorm":
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.requires_grad_(False)
    if freeze == "nothing" and WORLD_SIZE > 1:
        if device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        else:
            print("BatchNorm: each process uses the statistics of its own share of a batch, so not quite as one alone.")
    return model.to(device)


def build_shares(pictures: dict, options: argparse.Namespace, device: torch.device) -> dict[str, DataLoader]:
    """Lesson 3's loaders, for this process: its share of each training batch, and of the validation pictures.

    Each validation picture is in one share only. ValueError if there are more processes than training pictures.
    """
    n_train, n_val = len(pictures["train"]), len(pictures["val"])
    if n_train < WORLD_SIZE:
        raise ValueError(f"{WORLD_SIZE} processes are too many for {n_train} training pictures. Start fewer.")
    train, val = (SeededPictures(pictures[split], options.seed) for split in ("train", "val"))
    share = [(0, index) for index in range(RANK, n_val, WORLD_SIZE)]
    common = {
        "num_workers": options.workers,
        "persistent_workers": options.workers > 0,
        "pin_memory": device.type == "cuda",
    }
    batches = SharesOfBatches(n_train, options.batch_size, options.seed)
    return {
        "train": DataLoader(train, batch_sampler=batches, **common),
        "val": DataLoader(val, options.batch_size // WORLD_SIZE, sampler=share, **common),
    }


def resume(
    path: Path, model: nn.Module, optimizer: Optimizer, scheduler: LRScheduler, settings: dict, device: torch.device
) -> dict:
    """Go on from the checkpoint at path, if there is one. Returns the history, a list for each name in NUMBERS.

    ValueError if the checkpoint is damaged, has other settings, or is not seen by all processes.
    """
    history = {name: [] for name in NUMBERS} | {"settings": settings}
    if path.exists():
        try:
            found = torch.load(path, map_location="cpu", weights_only=True)["history"].get("settings", {})
        except UNREADABLE as error:
            raise ValueError(f"{path} cannot be read ({type(error).__name__}). Delete it to begin anew.") from error
        differ = [f"{key} {found.get(key)}, now {value}" for key, value in settings.items() if found.get(key) != value]
        if differ:
            raise ValueError(
                f"{path} belongs to another training: {'; '.join(differ)}. Give the options it was begun with, "
                "choose another --out, or delete that folder to begin anew."
            )
        history, _ = load_checkpoint(path, model, optimizer, scheduler)
        print(f"Going on after epoch {len(history['val_loss'])}.")
    if not all_have(len(history["val_loss"]), device):
        raise ValueError(f"Not all machines see the same {path}. --out must be one folder that all of them share.")
    return history


class Progress:
    """A data loader that says how far it is: in a line that changes (terminal), or a line each quarter (log file).

    seen: the number of pictures that this process has had.
    """

    def __init__(self, data_loader: Iterable[tuple[Tensor, Tensor]], name: str, batch_size: int):
        self.data_loader, self.name, self.batch_size, self.seen = data_loader, name, batch_size, 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        begin, total = time.perf_counter(), len(self.data_loader)
        for done, (images, labels) in enumerate(self.data_loader, 1):
            yield images, labels
            self.seen += len(labels)
            if is_abandoned():
                stop("torchrun has died, so this process ends, too. Run the same command again.", RANK == 0)
            if done < total and (sys.stdout.isatty() or 4 * done // total > 4 * (done - 1) // total):
                speed = done * self.batch_size / (time.perf_counter() - begin)
                report(f"{self.name}   {done / total:.0%}   {speed:.0f} pictures/s", "\r")


def report(line: str, end: str = "\n") -> None:
    """Print at once. end="\\r": in a terminal the next line is written over this one."""
    terminal = sys.stdout.isatty()
    print(line.ljust(50) if terminal else line, end=end if terminal else "\n", flush=True)


def write_log(path: Path, history: dict) -> None:
    """A JSON object in a line for each epoch; null for a loss that is no number any more.

    Written anew each time, also at the start, so that it agrees with the checkpoint.
    """
    lines = []
    for epoch, values in enumerate(zip(*(history[name] for name in NUMBERS), strict=True), 1):
        numbers = (value if math.isfinite(value) else None for value in values)
        lines.append(json.dumps({"epoch": epoch, **dict(zip(NUMBERS, numbers, strict=True))}) + "\n")
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text("".join(lines), encoding="utf-8")
    os.replace(unfinished, path)


@contextmanager
def told_what_is_free(out: Path) -> Iterator[None]:
    """If a checkpoint cannot be written, most likely to a full disk, delete its beginning and end with a sentence."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # torch's own writer raises RuntimeError
        for file in out.glob("*.unfinished"):
            file.unlink(missing_ok=True)
        free = shutil.disk_usage(out).free / 1e6
        stop(
            f"This epoch could not be saved in {out} ({type(error).__name__}): {free:,.0f} MB are free, and up to 200 "
            "are needed. Make room; the same command then goes on after the epoch before."
        )


if __name__ == "__main__":
    main()
