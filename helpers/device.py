"""Which device computes, and whether this machine is ready for the course."""

import importlib.metadata
import platform
import shutil
import sys

import psutil  # comes with ipykernel, so it is wherever a notebook runs
import torch

from .settings import setting

COLAB_HINT = (
    "On Colab a GPU is one click away: menu Runtime > Change runtime type > T4 GPU, then run the notebook "
    "from the top. Without one everything works too, more slowly."
)
CPU_IS_ENOUGH = "No GPU is needed: every lesson finishes in minutes on a CPU."
SIZE_ON_CPU = "On it the lessons take pictures of 128 pixels; at 224 they would compute about three times as long."
SIZE_ON_GPU = "On it the lessons take pictures of 224 pixels, the usual size for this network."
# The oldest releases the lessons are written for.
OLDEST = {"torch": "2.6", "torchvision": "0.21", "matplotlib": "3.10", "ipywidgets": "7.7.1"}


def choose_device(wish: str | None = None, for_lessons: bool = True) -> torch.device:
    """The fastest device PyTorch finds here: an NVIDIA GPU, an Apple GPU, or the CPU.

    Prints one sentence about it and, for_lessons, one about the size of their pictures there.
    wish: "cpu", "cuda" or "mps" overrides the choice; None: what the environment variable BRICKS_DEVICE says.
    RuntimeError if PyTorch cannot use that device.
    """
    device = _find_device(wish)
    print(_describe(device))
    if for_lessons:
        print(SIZE_ON_CPU if device.type == "cpu" else SIZE_ON_GPU)
    if device.type == "cpu" and _on_colab():
        print(COLAB_HINT)
    return device


def _find_device(wish: str | None = None) -> torch.device:
    wish = (wish or setting("BRICKS_DEVICE")).lower()
    found = ["cpu"]
    if torch.backends.mps.is_available() and _numbers(torch.__version__) >= [2, 7]:  # older ones cannot resize there
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found.insert(0, "cuda")
    if wish and wish not in found:
        raise RuntimeError(
            f"PyTorch cannot use the device {wish!r} here, only {', '.join(found)}. "
            "Choose one of these; the environment variable BRICKS_DEVICE, if it is set, chooses, too."
        )
    return torch.device(wish or found[0])


def _describe(device: torch.device) -> str:
    if device.type == "cuda":
        gpu = torch.cuda.get_device_properties(device)
        return f"Device: cuda, the GPU {gpu.name} with {gpu.total_memory / 1e9:.0f} GB of memory."
    if device.type == "mps":
        return "Device: mps, the graphics chip of this Mac."
    return f"Device: cpu. {CPU_IS_ENOUGH}"


def choose_amp_dtype(device: torch.device) -> torch.dtype | None:
    """The number type for mixed precision on `device`, or None where it gains nothing. Prints one sentence why.

    torch.bfloat16 where the hardware computes with it; torch.float16, which needs a GradScaler, on other GPUs that
    gain from it. PyTorch computes both on any device, but where the hardware lacks them more slowly than float32.
    """
    dtype, reason = _find_amp_dtype(torch.device(device))
    name = "none" if dtype is None else str(dtype).removeprefix("torch.")
    print(f"Mixed precision: {name}. {reason}")
    return dtype


def _find_amp_dtype(device: torch.device) -> tuple[torch.dtype | None, str]:
    if device.type == "cuda":
        major, minor = torch.cuda.get_device_capability(device)
        found = f"This GPU has compute capability {major}.{minor}"
        if major >= 8:
            return torch.bfloat16, f"{found}; from 8.0 on, GPUs compute with bfloat16."
        if major == 7:
            return torch.float16, f"{found}: it computes fast with float16, and bfloat16 needs 8.0."
        return None, f"{found}: no gain here, fast float16 needs 7.0."
    if device.type == "mps":
        if _numbers(torch.__version__) < [2, 8]:
            return None, f"On Macs it needs PyTorch 2.8 or newer, and this is {torch.__version__}."
        return torch.float16, "Apple's graphics chips compute with float16."
    if device.type == "cpu" and _cpu_has_bfloat16():
        return torch.bfloat16, "This CPU has instructions for bfloat16."
    return None, f"No gain here: PyTorch finds no fast 16-bit arithmetic on this {device.type.upper()}."


def _cpu_has_bfloat16() -> bool:
    """Whether the CPU itself multiplies bfloat16 (x86: AVX512-BF16 or AMX). False when PyTorch cannot tell."""
    # PyTorch has no public call for this in its older releases, and each name may be missing.
    if platform.machine().lower() in ("aarch64", "arm64"):
        # On ARM this asks for the instructions; on x86 it is also True where they are only emulated.
        check = getattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", None)
        return sys.platform == "linux" and check is not None and check()
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in names)


def _on_colab() -> bool:
    return "google.colab" in sys.modules


def preflight() -> bool:
    """Check interpreter, package versions, memory and device. Prints one line for each, with what to do.

    Returns True when nothing stands in the way of the lessons.
    """
    checks = [
        (
            sys.version_info >= (3, 11),
            f"Python {sys.version.split()[0]}",
            "Install Python 3.11 or newer, then set the course up again as the README shows.",
        )
    ]
    for name, oldest in OLDEST.items():
        version = _version(name)
        good = version is not None and _numbers(version) >= _numbers(oldest)
        checks.append((good, f"{name} {version or 'is missing'}", _how_to_install(name, oldest)))
    for good, found, advice in checks:
        print(f"ok      {found}" if good else f"PROBLEM {found}. {advice}")
    memory = psutil.virtual_memory().available / 1e9
    print(f"{'ok  ' if memory >= 1.6 else 'note'}    {memory:.1f} GB of free memory")
    if memory < 1.6:
        print(
            "        Lesson 6 needs up to 1.6 GB. Close other notebooks (Kernel > Shut Down All Kernels) and programs."
        )
    print(f"ok      device {_find_device().type}")
    if shutil.which("nvidia-smi") and not torch.cuda.is_available():
        print(
            "note    This machine seems to have an NVIDIA GPU that PyTorch cannot use. A newer driver may help.\n"
            f"        {CPU_IS_ENOUGH}"
        )
    ready = all(good for good, _, _ in checks)
    if not ready:
        print("More help: notebooks/HELP.md")
    versions = ", ".join(found for _, found, _ in checks)
    print(f"To report a fault, copy this line: {versions}, {platform.system()}, {_find_device().type}")
    return ready


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> list[int]:
    """ "2.11.0+cu128" -> [2, 11, 0]."""
    return [int("".join(filter(str.isdigit, part)) or 0) for part in version.split("+")[0].split(".")[:3]]


def _how_to_install(name: str, oldest: str) -> str:
    if _on_colab():
        return f"The lessons need {name} {oldest} or newer: Runtime > Disconnect and delete runtime, then start again."
    return (
        f"The lessons need {name} {oldest} or newer. In a terminal in the course's folder: "
        f'"{sys.executable}" -m pip install -r requirements.txt'
    )
