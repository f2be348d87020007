"""What the lessons share: plots, device choice, finding the pictures, and the finished bricks of earlier lessons."""

from .backbone import build_model, load_resnet18, set_train_mode
from .data import (
    CsvDataset,
    build_datasets,
    build_loaders,
    build_transforms,
    find_broken_pictures,
    find_data,
    split_pictures,
)
from .device import choose_device, preflight
from .plotting import (
    plot_confusion_matrix,
    plot_history,
    plot_lines,
    show_batch,
    show_figure,
    show_pictures,
    unnormalize,
)
from .training import (
    build_optimizer,
    checkpoint_folder,
    evaluate,
    fit,
    load_checkpoint,
    save_checkpoint,
    train_one_epoch,
    wilson_interval,
)

__all__ = [
    "CsvDataset",
    "build_datasets",
    "build_loaders",
    "build_model",
    "build_optimizer",
    "build_transforms",
    "checkpoint_folder",
    "choose_device",
    "evaluate",
    "find_broken_pictures",
    "find_data",
    "fit",
    "load_checkpoint",
    "load_resnet18",
    "plot_confusion_matrix",
    "plot_history",
    "plot_lines",
    "preflight",
    "save_checkpoint",
    "set_train_mode",
    "show_batch",
    "show_figure",
    "show_pictures",
    "split_pictures",
    "train_one_epoch",
    "unnormalize",
    "wilson_interval",
]
