"""A GPU that isn't there: its tensors lie in main memory, and refuse what a GPU refuses. For tests without a GPU.

After start(), the device "cuda" can be used. As on a real one, an operation whose tensors lie partly on
the GPU and partly on the CPU is an error, and so is numpy() of a tensor there. As on a Mac, there is no float64.
It proves that each tensor is where it must be, not that a GPU computes the same numbers, nor how fast.
"""

import threading
from types import SimpleNamespace

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

GPU = torch.device("cuda:0")
aten = torch.ops.aten
MAY_MIX = {
    aten._to_copy.default,
    aten.copy_.default,
    aten.index.Tensor,
    aten.index_put_.default,
    aten._index_put_impl_.default,
}


class OnGpu(torch.Tensor):
    """A tensor that says it lies on the GPU. `inner` is the tensor in main memory that holds its numbers."""

    @staticmethod
    def __new__(cls, inner):
        if inner.dtype == torch.float64 and inner.dim() > 0:  # GradScaler has a single one, but not on Macs
            raise TypeError("The pretended GPU has no float64, as the GPUs of Macs. Use float32.")
        # For the C++ below it lies on "meta", which needs no driver; asked in Python, it says GPU.
        self = torch.Tensor._make_wrapper_subclass(
            cls, inner.shape, inner.stride(), inner.storage_offset(), dtype=inner.dtype, device="meta"
        )
        self.inner = inner
        return self

    device, is_cuda, is_cpu, is_meta = GPU, True, False, False
    __torch_function__ = torch._C._disabled_torch_function_impl

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return compute(func, args, kwargs or {})

    def __reduce_ex__(self, protocol):
        return self.inner.detach().__reduce_ex__(protocol)

    def as_subclass(self, cls):
        return self  # torchvision would make it one of its Images

    def tolist(self):
        return self.inner.tolist()

    def __format__(self, spec):
        return format(self.inner.detach(), spec)

    def __repr__(self, **_):
        return repr(self.inner).replace(")", ", device='cuda:0')")


def compute(func, args, kwargs):
    """Run an operation in main memory. What it returns lies where its tensors lie, or where `device` says."""
    tensors = [x for x in tree_flatten((args, kwargs))[0] if isinstance(x, torch.Tensor)]
    on_gpu = [x for x in tensors if isinstance(x, OnGpu)]
    elsewhere = [x for x in tensors if not isinstance(x, OnGpu) and x.dim() > 0]
    if on_gpu and elsewhere and func not in MAY_MIX:
        raise RuntimeError(f"Expected all tensors to be on the same device, found cuda:0 and cpu! ({func})")
    device, goes_to_gpu = kwargs.get("device"), bool(on_gpu)
    if func is aten.copy_.default:
        goes_to_gpu = isinstance(args[0], OnGpu)
    if device is not None:
        goes_to_gpu = torch.device(device).type in ("cuda", "meta")  # meta: where the tensor was
        kwargs = {**kwargs, "device": "cpu"}
    wrappers = {id(x.inner): x for x in on_gpu}  # an operation in place gives back the tensor that it got
    args, kwargs = tree_map(lambda x: x.inner if isinstance(x, OnGpu) else x, (args, kwargs))
    result = func(*args, **kwargs)
    if not goes_to_gpu:
        return result
    return tree_map(
        lambda x: wrappers[id(x)] if id(x) in wrappers else OnGpu(x) if isinstance(x, torch.Tensor) else x, result
    )


class PretendedGpu(TorchDispatchMode):
    """Catches what has no tensor on the GPU yet: torch.zeros(..., device="cuda"), x.to("cuda")."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if OnGpu not in types and kwargs.get("device") is None:
            return func(*args, **kwargs)
        return compute(func, args, kwargs)


def start():
    """Pretend from now on, in this thread and in those that are started later."""
    from helpers import device

    torch._C._ensureCUDADeviceGuardSet()  # this and the next: as torch's own fake tensors do
    torch._C._set_only_lift_cpu_tensors(True)  # torch.tensor(..., device=...) then comes through here too
    torch.__future__.set_swap_module_params_on_conversion(True)  # model.to(device) exchanges the tensors
    torch.cuda._lazy_init = lambda: None
    torch.cuda.get_device_properties = lambda _: SimpleNamespace(name="Pretended", total_memory=16e9)
    torch.cuda.get_device_capability = lambda _: (7, 5)
    torch.cuda.synchronize = torch.accelerator.synchronize = lambda *_: None
    torch.cuda.get_rng_state, torch.cuda.set_rng_state = lambda *_: torch.get_rng_state(), lambda *_: None
    torch.cuda.amp.common.amp_definitely_not_available = lambda: False
    device._find_device = lambda *_: torch.device("cuda")
    run = threading.Thread.run

    def pretend_and_run(thread):
        PretendedGpu().__enter__()
        run(thread)

    threading.Thread.run = pretend_and_run
    PretendedGpu().__enter__()
