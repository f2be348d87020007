"""Lesson 6's fit as a script. Read it from the top: train() is what happens, in this order."""

import argparse
import math
import time
from collections.abc import Callable
from types import SimpleNamespace

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Dataset

from ..backbone import build_model
from ..data import build_datasets, build_transforms
from ..device import choose_amp_dtype, choose_device
from ..files.comparing import describe_pictures
from ..files.finding import find_data
from ..training import build_optimizer, train_one_epoch
from . import processes
from .checkpoint import Training, begin_log, resume, save
from .judge import judge, measure
from .messages import Progress, in_a_sentence, report_epoch, stop
from .options import KEPT
from .precision import MixedPrecision, scale_gradients
from .shares import build_shares, weigh_shares

Steps = tuple[nn.Module, Callable, Optimizer | SimpleNamespace]  # what train_one_epoch takes each step with


def train(options: argparse.Namespace) -> None:
    """Set up, go on from a checkpoint if there is one, and for each epoch train, evaluate, save, report."""
    # All processes find the same wrong input. What fails in the machine may fail in one of them only.
    with in_a_sentence(RuntimeError), in_a_sentence(OSError, ValueError, aloud=processes.LOCAL_RANK == 0):
        device = processes.join(choose_device(options.device, for_lessons=False), options.batch_size)
        options.image_size = options.image_size or (128 if device.type == "cpu" else 224)
        with processes.first_process_first():
            pictures = find_pictures(options)
            torch.manual_seed(options.seed)  # for the new last layer
            model = build_network(len(pictures["train"].classes), options.freeze, device)
        loaders = build_shares(pictures, options, device)
        dtype = choose_amp_dtype(device) if options.amp == "auto" else getattr(torch, options.amp, None)
        training = build_training(model, pictures, options, device, dtype)
        resume(options.out / "last.pt", training, device)
        if processes.RANK == 0:
            begin_log(options.out, training.history)

    network = MixedPrecision(model, device, dtype)
    steps = build_steps(network, training, device)
    while training.epoch < options.epochs:
        if options.patience and training.epoch and training.epoch - training.best_epoch >= options.patience:
            print(f"Early stop: no better epoch in {options.patience} epochs.")
            break
        name = f"epoch {training.epoch + 1}/{options.epochs}"
        loaders["train"].batch_sampler.epoch = training.epoch
        progress = Progress(loaders["train"], name, options.batch_size)
        numbers = run_epoch(training, network, steps, progress, loaders["val"], device)
        if not all(map(math.isfinite, numbers.values())):
            losses = f"train {numbers['train_loss']:.3g}, val {numbers['val_loss']:.3g}"
            less = f"an --lr below {options.lr:g}"
            if options.lr * options.weight_decay > 1:  # the share of a weight that AdamW takes away in a step
                less += f" or a --weight-decay below {options.weight_decay:g}"
            stop(
                f"{name}: the loss is no number any more ({losses}). "
                f"This epoch was not saved. Try {less}, with another --out.",
                processes.RANK == 0,
            )
        for key, value in numbers.items():
            training.history[key].append(value)
        is_best = training.best_epoch == training.epoch
        if processes.RANK == 0:
            save(options.out, training, is_best)
        report_epoch(name, numbers, is_best)
    kept = "kept in best.pt" if (options.out / "best.pt").exists() else "but its best.pt is gone"
    print(f"Done. Best of {training.epoch} epochs: epoch {training.best_epoch}, {kept}.")
    if options.test:
        judge(options.out, training, network, loaders["test"], device)


def find_pictures(options: argparse.Namespace) -> dict[str, Dataset]:
    """Lesson 2's datasets. ValueError if they have one class only, or if --out lies among them."""
    data_dir = find_data(options.data)
    if any(options.out.resolve().is_relative_to((data_dir / split).resolve()) for split in ("train", "val", "test")):
        raise ValueError(f"--out {options.out} lies among the pictures. Choose a folder outside of {data_dir}.")
    pictures = build_datasets(data_dir, build_transforms(options.image_size))
    classes = pictures["train"].classes
    print(f"Pictures: {len(pictures['train'])} train, {len(pictures['val'])} val. Classes: {', '.join(classes)}.")
    return pictures


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
    if freeze == "nothing" and processes.WORLD_SIZE > 1:
        if device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        else:
            print("BatchNorm: each process uses the statistics of its own share of a batch, so not quite as one alone.")
    return model.to(device)


def build_training(
    model: nn.Module,
    pictures: dict[str, Dataset],
    options: argparse.Namespace,
    device: torch.device,
    dtype: torch.dtype | None,
) -> Training:
    """A training at its beginning, with lesson 5's optimizer and schedule."""
    optimizer, scheduler = build_optimizer(model, options.epochs, options.lr, options.weight_decay)
    scaler = torch.amp.GradScaler(device.type, enabled=dtype == torch.float16)
    kept = {f"--{name.replace('_', '-')}": getattr(options, name) for name in KEPT}
    print("Options:", *(f"{name} {value}" for name, value in kept.items()))
    settings = {"pictures": describe_pictures(pictures), **kept}
    return Training(model, optimizer, scheduler, scaler, pictures["train"].classes, settings)


def build_steps(network: nn.Module, training: Training, device: torch.device) -> Steps:
    """Network, criterion and optimizer that train with all processes, and with float16, in lesson 6's loop."""
    criterion, optimizer = nn.CrossEntropyLoss(), training.optimizer
    if processes.WORLD_SIZE > 1:
        network, criterion = DistributedDataParallel(network), weigh_shares(criterion, device)
    if training.scaler.is_enabled():
        criterion, optimizer = scale_gradients(criterion, optimizer, training.scaler)
    return network, criterion, optimizer


def run_epoch(
    training: Training,
    network: nn.Module,
    steps: Steps,
    progress: Progress,
    val_loader: DataLoader,
    device: torch.device,
) -> dict[str, float]:
    """Train and evaluate once. Returns a number for each name in NUMBERS, over the pictures of all processes."""
    begin, lr = time.perf_counter(), training.optimizer.param_groups[0]["lr"]
    learner, criterion, optimizer = steps
    with in_a_sentence(OSError, torch.OutOfMemoryError):
        numbers = train_one_epoch(learner, progress, criterion, optimizer, device)
        speed = len(progress.data_loader.dataset) / (time.perf_counter() - begin)
        train_loss, train_accuracy = processes.over_all_pictures(*numbers, progress.seen, device)
        processes.agree_on_statistics(training.model)
        val_loss, val_accuracy = measure(network, val_loader, device)
    training.scheduler.step()
    return {
        "train_loss": train_loss,
        "train_accuracy": train_accuracy,
        "val_loss": val_loss,
        "val_accuracy": val_accuracy,
        "lr": lr,
        "seconds": round(time.perf_counter() - begin, 2),
        "images_per_second": round(speed, 1),
        "world_size": processes.WORLD_SIZE,
    }
