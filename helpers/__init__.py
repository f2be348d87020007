"""What the notebooks import: first what every lesson uses, then the finished bricks, in the order of the lessons."""

# Every lesson: where it computes, where the pictures are, and what shows them
from .device import choose_device, preflight
from .files.finding import find_data
from .pictures import split_pictures
from .plotting import show_batch, show_figure, show_pictures, show_widget, unnormalize
from .plotting import plot_bars, plot_confusion_matrix, plot_history, plot_lines

# Lessons 1 to 3: datasets, transforms, loaders
from .data import build_datasets, build_loaders, build_transforms

# Lesson 4: model surgery
from .backbone import build_model, load_resnet18, set_train_mode

# Lessons 5 and 6: optimizer, training loop, checkpoints
from .training import build_optimizer, evaluate, fit, train_one_epoch, wilson_interval
from .checkpoints import load_checkpoint, save_checkpoint
from .settings import checkpoint_folder

# Lesson 8: mixed precision
from .device import choose_amp_dtype
