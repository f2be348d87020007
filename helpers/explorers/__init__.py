"""One live widget for each lesson: controls, a picture that follows them, a caption in words."""

from .dashboard import train_with_dashboard
from .data import explore_data
from .descent import explore_optimizers
from .explanations import explore_explanations
from .first_look import load_first_look
from .layers import explore_layers
from .loader import explore_loader
from .losses import explore_loss
from .predictions import explore_predictions
from .speed import explore_speed
from .transforms import explore_transforms

__all__ = [
    "explore_data",
    "explore_explanations",
    "explore_layers",
    "explore_loader",
    "explore_loss",
    "explore_optimizers",
    "explore_predictions",
    "explore_speed",
    "explore_transforms",
    "load_first_look",
    "train_with_dashboard",
]
