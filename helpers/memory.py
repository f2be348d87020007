"""How much memory a network keeps for its backward pass, counted tensor by tensor; the same number on every machine."""

import weakref

import torch
from torch import Tensor, nn


class Kept:
    """Counts what layers keep for backward(), as long as it is kept.

        with Kept() as kept:
            answer = model(images)
            print(kept.megabytes)

    It is freed by backward(), or when nothing holds the answer any more. Weights and their gradients are not counted.
    """

    def __init__(self):
        self.alive: weakref.WeakSet[_Saved] = weakref.WeakSet()
        self.hooks = torch.autograd.graph.saved_tensors_hooks(self._save, lambda saved: saved.tensor)

    def __enter__(self) -> "Kept":
        self.hooks.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self.hooks.__exit__(*error)

    def _save(self, tensor: Tensor) -> "_Saved":
        whole = tensor if tensor._base is None else tensor._base  # a linear layer keeps its weights transposed, a view
        saved = _Saved(tensor.detach(), is_weight=isinstance(whole, nn.Parameter))
        self.alive.add(saved)
        return saved

    @property
    def megabytes(self) -> float:
        """1 MB = 1,000,000 bytes. What two layers keep together counts once."""
        memory = [saved.tensor.untyped_storage() for saved in self.alive if not saved.is_weight]
        return sum({part.data_ptr(): part.nbytes() for part in memory}.values()) / 1e6


class _Saved:
    def __init__(self, tensor: Tensor, is_weight: bool):
        self.tensor, self.is_weight = tensor, is_weight
