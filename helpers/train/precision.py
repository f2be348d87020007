"""Mixed precision around lesson 6's loop as it stands: for the script, which also trains in float16."""

from collections.abc import Callable
from types import SimpleNamespace

import torch
from torch import Tensor, nn
from torch.optim import Optimizer


class MixedPrecision(nn.Module):
    """A network that computes with fewer digits where that does no harm, for lesson 6's loop as it stands.

    Its weights stay float32. (Lesson 8 has the same lines inside the loop.)

    dtype: torch.bfloat16, torch.float16 (then train with scale_gradients), or None to change nothing.
    Input and output as of the network inside; the logits are float32.
    """

    def __init__(self, model: nn.Module, device: torch.device, dtype: torch.dtype | None):
        super().__init__()
        self.model, self.dtype = model, dtype
        self.device_type = torch.device(device).type

    def forward(self, images: Tensor) -> Tensor:
        on = self.dtype is not None
        with torch.autocast(self.device_type, dtype=self.dtype, enabled=on):
            return self.model(images).float()


def scale_gradients(
    criterion: Callable[[Tensor, Tensor], Tensor], optimizer: Optimizer, scaler: torch.amp.GradScaler
) -> tuple[Callable[[Tensor, Tensor], Tensor], SimpleNamespace]:
    """Criterion and optimizer for float16, to be used in lesson 6's train_one_epoch as it stands.

    Small gradients would become 0 in float16. So backward() starts with the scaler's large number instead of 1, and
    step() divides by it again; where a gradient came out infinite, step() leaves the weights alone and the scaler
    goes on with half that number. The loss itself is not changed. Schedulers and checkpoints take the optimizer itself.
    """

    def scaled_criterion(logits, labels):
        loss = criterion(logits, labels)
        if loss.requires_grad:  # not while we only measure
            loss.register_hook(scaler.scale)
        return loss

    def step():
        scaler.step(optimizer)
        scaler.update()

    return scaled_criterion, SimpleNamespace(step=step, zero_grad=optimizer.zero_grad)
