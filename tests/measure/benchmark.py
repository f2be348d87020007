"""How fast are the lessons' loops? Several ways to train the same network on the same pictures, side by side.

    python tests/measure/benchmark.py    the sample pictures, on the fastest device of this machine
    python tests/measure/benchmark.py --data FOLDER --device cpu    any folder with train/ and val/
    python tests/measure/benchmark.py --seeds 3 --out results.json --markdown
    python tests/measure/benchmark.py --plot cost.png    instead: cost against the number of pictures

a   the classic loop, as tutorials of 2017 to 2020 write it: 224 pixels, batch 4, float32, decoded in every epoch
b   lesson 6's loop and settings, with its image_size at 96 on a CPU; b' is the same with lesson 6's own 128
c   lesson 8, pixels as b: decoded once, augmented in batches on the device, channels_last, mixed precision
c'  lesson 8: the features of the frozen backbone computed once, then only the head is trained
d   the ceiling: network and step of c, fed with made-up tensors that lie on the device already

All start from the same weights (those that ship, unless BRICKS_WEIGHTS says otherwise); a, b and c fine-tune the whole
network. Each run is a process of its own, so that its peak memory can be read.

The clock runs from the first look at the data to the end of the epoch whose validation accuracy reaches the target.
So decoding, computing features and all validation passes count; loading torch and the weights does not.
"""

import argparse
import copy
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from math import inf, log
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # for all alike: a's workers share the cores with torch's threads
os.environ.setdefault("BRICKS_WEIGHTS", "offline")

import psutil  # noqa: E402
import torch  # noqa: E402
from torch import Tensor, nn, optim  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402
from torch.utils.flop_counter import FlopCounterMode  # noqa: E402
from torchvision import transforms  # noqa: E402
from torchvision.datasets import ImageFolder  # noqa: E402

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE))

from helpers import (  # noqa: E402
    build_loaders,
    build_model,
    build_optimizer,
    build_transforms,
    choose_amp_dtype,
    choose_device,
    evaluate,
    train_one_epoch,
)
from helpers.faster import BatchLoader, compute_features, decode_once  # noqa: E402
from helpers.train.precision import MixedPrecision, scale_gradients  # noqa: E402

CRITERION = nn.CrossEntropyLoss()
SPEED_EPOCHS = 3  # at least so many, for a median speed, even where the target is reached earlier
PLAN = 5  # epochs of lesson 6, for which its learning rate is planned: b and c stop there
HEAD_EPOCHS = 100  # of c', which is bounded by this and not by --epochs
NUMBERS = (100, 300, 1000, 3000, 10000)  # of pictures, for the plot
EXTRA = ("pixels", "batch", "decode_seconds", "flops_per_picture")  # what a variant may tell about itself
LONGEST = 3600  # seconds; a run that takes longer is ended

# Peaks for bfloat16 and float16 with float32 sums, dense, in TFLOP/s: NVIDIA's data sheets of these chips. The first
# entry counts whose words all stand in the name that CUDA gives.
PEAKS = {
    "B200": 2250,
    "H200 NVL": 836,
    "H200": 989,
    "H100 NVL": 835,
    "H100 PCIe": 756,
    "H100": 989,
    "A100": 312,
    "L40S": 362,
    "L4": 121,
    "V100 PCIE": 112,
    "V100": 125,
    "T4": 65,
}


def settings(device: torch.device) -> dict[str, float]:
    """What b and c choose for this device: pixels (b' has lesson 6's own), and c's batch size and learning rate."""
    if device.type == "cpu":
        return {"size": 96, "lesson 6 size": 128, "batch": 8, "lr": 0.001}
    return {"size": 224, "lesson 6 size": 224, "batch": 64, "lr": 0.002}


# Each of the following trains `model` and yields, after each epoch, the seconds of its training part and the
# validation accuracy. `facts` takes what else is to be told.


def classic(model: nn.Module, data: Path, device: torch.device, epochs: int, facts: dict) -> Iterator[tuple]:
    """The loop of 2017 to 2020, with the calls of today where the old ones are gone."""
    facts |= {"pixels": 224, "batch": 4}
    normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    crop_and_flip = [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()]
    centre = [transforms.Resize(256), transforms.CenterCrop(224)]
    data_transforms = {
        "train": transforms.Compose([*crop_and_flip, transforms.ToTensor(), normalize]),
        "val": transforms.Compose([*centre, transforms.ToTensor(), normalize]),
    }
    image_datasets = {x: ImageFolder(data / x, data_transforms[x]) for x in ["train", "val"]}
    workers = 2 if sys.platform == "linux" else 0  # elsewhere they would start anew for seconds in each epoch
    dataloaders = {x: DataLoader(image_datasets[x], 4, shuffle=True, num_workers=workers) for x in ["train", "val"]}
    optimizer = optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    best_model_wts, best_acc = copy.deepcopy(model.state_dict()), 0.0
    seconds, accuracy = {}, {}
    for _ in range(epochs):
        for phase in ["train", "val"]:
            since = time.perf_counter()
            model.train(phase == "train")
            running_corrects = 0
            for inputs, labels in dataloaders[phase]:
                inputs, labels = inputs.to(device), labels.to(device)
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = CRITERION(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_corrects += torch.sum(preds == labels.data).item()
            seconds[phase] = time.perf_counter() - since
            accuracy[phase] = running_corrects / len(image_datasets[phase])
        scheduler.step()
        if accuracy["val"] > best_acc:
            best_acc, best_model_wts = accuracy["val"], copy.deepcopy(model.state_dict())
        yield seconds["train"], accuracy["val"]
    model.load_state_dict(best_model_wts)


def lesson6(model: nn.Module, data: Path, device: torch.device, epochs: int, facts: dict) -> Iterator[tuple]:
    """Lesson 6: its loaders, its batch size, its optimizer, its loop."""
    facts.setdefault("pixels", settings(device)["size"])
    facts["batch"] = 8
    loaders = build_loaders(data, facts["pixels"], batch_size=8)
    facts["epochs"] = epochs = min(epochs, PLAN)
    optimizer, scheduler = build_optimizer(model, epochs)
    yield from repeat(model, loaders["train"], loaders["val"], CRITERION, optimizer, scheduler, device, epochs)


def lesson6_own_size(model: nn.Module, data: Path, device: torch.device, epochs: int, facts: dict) -> Iterator[tuple]:
    """Lesson 6 as it stands, without a variable changed."""
    facts["pixels"] = settings(device)["lesson 6 size"]
    yield from lesson6(model, data, device, epochs, facts)


def lesson8(model: nn.Module, data: Path, device: torch.device, epochs: int, facts: dict) -> Iterator[tuple]:
    """Lesson 8's tricks around lesson 6's loop."""
    chosen = settings(device)
    train, val = decoded_loaders(data, device, facts)
    facts["epochs"] = epochs = min(epochs, PLAN)
    network, criterion, optimizer, scheduler = fast_parts(model, device, chosen["lr"], epochs)
    yield from repeat(network, train, val, criterion, optimizer, scheduler, device, epochs)


def features_once(model: nn.Module, data: Path, device: torch.device, epochs: int, facts: dict) -> Iterator[tuple]:
    """Lesson 8: the frozen backbone looks at each picture once. Then the head learns from what it saw."""
    train, val = decoded_loaders(data, device, facts, augmented=False)
    model.to(memory_format=torch.channels_last)
    begin = time.perf_counter()
    dtype = choose_amp_dtype(device)
    with torch.autocast(device.type, dtype=dtype, enabled=dtype is not None):
        train_features, train_labels = compute_features(model, train, device)
        facts["train_seconds"] = wait(device) - begin
        val_features, val_labels = compute_features(model, val, device)
    loader = DataLoader(TensorDataset(train_features.float(), train_labels), 16, shuffle=True)
    optimizer, scheduler = build_optimizer(model.fc, HEAD_EPOCHS, lr=0.01)
    val_batch = [(val_features.float(), val_labels)]
    facts["epochs"] = HEAD_EPOCHS
    yield from repeat(model.fc, loader, val_batch, CRITERION, optimizer, scheduler, device, HEAD_EPOCHS)


def ceiling(model: nn.Module, data: Path, device: torch.device, epochs: int, facts: dict) -> Iterator[tuple]:
    """Network, step and batch sizes of lesson8, without any work for the data."""
    chosen, pictures = settings(device), len(ImageFolder(data / "train"))
    size = chosen["size"]
    facts |= {"pixels": size, "batch": chosen["batch"]}
    images = torch.randn(min(pictures, chosen["batch"]), 3, size, size, device=device)
    labels = torch.randint(model.fc.out_features, (len(images),), device=device)
    batches = [(images[: len(part)], labels[: len(part)]) for part in torch.arange(pictures).split(chosen["batch"])]
    network, criterion, optimizer, _ = fast_parts(model, device, chosen["lr"], epochs)
    for _ in range(min(epochs, 2 * SPEED_EPOCHS)):
        begin = time.perf_counter()
        train_one_epoch(network, batches, criterion, optimizer, device)
        yield wait(device) - begin, None
    with FlopCounterMode(display=False) as counter:
        CRITERION(network(images), labels).backward()
    facts["flops_per_picture"] = counter.get_total_flops() / len(images)


VARIANTS = {
    "a": ("classic loop", classic),
    "b": ("lesson 6", lesson6),
    "b'": ("lesson 6, its own size", lesson6_own_size),
    "c": ("lesson 8", lesson8),
    "c'": ("lesson 8, features once", features_once),
    "d": ("ceiling of c", ceiling),
}


def decoded_loaders(data: Path, device: torch.device, facts: dict, augmented: bool = True) -> list[BatchLoader]:
    """Loaders of train (shuffled and augmented, or neither) and val for lesson 8; notes the seconds of decoding."""
    chosen, begin = settings(device), time.perf_counter()
    facts |= {"pixels": chosen["size"], "batch": chosen["batch"]}
    loaders = []
    for split, train in (("train", augmented), ("val", False)):
        images, labels = decode_once(ImageFolder(data / split), chosen["size"] * 8 // 7).tensors
        loaders.append(BatchLoader(images.to(device), labels.to(device), chosen["batch"], chosen["size"], train))
    facts["decode_seconds"] = wait(device) - begin
    return loaders


def fast_parts(model: nn.Module, device: torch.device, lr: float, epochs: int) -> tuple:
    """Network, criterion, optimizer and scheduler of lesson 8."""
    dtype = choose_amp_dtype(device)
    model.to(memory_format=torch.channels_last)
    optimizer, scheduler = build_optimizer(model, epochs, lr=lr)
    criterion, step = CRITERION, optimizer
    if dtype is torch.float16:
        criterion, step = scale_gradients(CRITERION, optimizer, torch.amp.GradScaler(device.type))
    return MixedPrecision(model, device, dtype), criterion, step, scheduler


def repeat(network, train, val, criterion, optimizer, scheduler, device, epochs: int) -> Iterator[tuple]:
    """Lesson 6's epochs, with a look at the clock."""
    for _ in range(epochs):
        begin = time.perf_counter()
        train_one_epoch(network, train, criterion, optimizer, device)
        seconds = wait(device) - begin
        accuracy = evaluate(network, val, criterion, device)[1]
        scheduler.step()
        yield seconds, accuracy


def wait(device: torch.device) -> float:
    """The time, when the device has done all it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()
    return time.perf_counter()


def peak_memory() -> float:
    """The most memory that this process has held, in MB. (Without the DataLoader's workers.)"""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def measure(name: str, seed: int, options: argparse.Namespace) -> dict:
    """Train one variant in this process, until the target is reached (and at least SPEED_EPOCHS epochs)."""
    label, variant = VARIANTS[name]
    torch.manual_seed(seed)
    train = ImageFolder(options.data / "train")
    device = torch.device(options.device)
    model = build_model(len(train.classes)).to(device)
    facts, seconds, accuracies, reached = {"epochs": options.epochs}, [], [], None
    begin = wait(device)
    for train_seconds, accuracy in variant(model, options.data, device, options.epochs, facts):
        spent = wait(device) - begin
        seconds.append(train_seconds)
        if accuracy is not None:
            accuracies.append(accuracy)
            if reached is None and accuracy >= options.target:
                reached = {"epoch": len(seconds), "seconds": spent}
        if name != "c'" or reached or len(seconds) % 20 == 0:
            result = "" if accuracy is None else f", val accuracy {accuracy:.1%}"
            print(
                f"  {name} seed {seed}: epoch {len(seconds)} of at most {facts['epochs']}, {spent:.1f} s{result}",
                flush=True,
            )
        if reached and len(seconds) >= SPEED_EPOCHS:
            break
    steady = seconds[1:] or seconds  # the first epoch also warms up
    result = {
        "variant": name,
        "label": label,
        "seed": seed,
        "epochs": len(seconds),
        "images_per_second": len(train) / facts.get("train_seconds", statistics.median(steady)),
        "seconds_to_target": reached and reached["seconds"],
        "epochs_to_target": reached and reached["epoch"],
        "best_accuracy": max(accuracies, default=None),
        "memory_mb": peak_memory(),
        "gpu_memory_mb": torch.cuda.max_memory_allocated() / 1e6 if device.type == "cuda" else None,
    }
    return result | {key: facts[key] for key in EXTRA if key in facts}


def run_all(options: argparse.Namespace) -> list[dict]:
    """Each variant with each seed, in turn, each in a process of its own."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seeds):
            for name in options.only:
                file = Path(folder, f"{len(results)}.json")
                print(f"{name}: {VARIANTS[name][0]}, seed {seed}", flush=True)
                command = [sys.executable, __file__, "--run", name, str(seed), str(file), "--device", options.device]
                command += ["--data", str(options.data), "--epochs", str(options.epochs)]
                command += ["--target", str(options.target)]
                try:
                    subprocess.run(command, check=True, timeout=LONGEST)
                except subprocess.CalledProcessError as error:
                    raise SystemExit(f"Variant {name} ended with an error (exit code {error.returncode}).") from error
                except subprocess.TimeoutExpired as error:
                    raise SystemExit(f"Variant {name} took longer than {LONGEST} s and was ended.") from error
                results.append(json.loads(file.read_text()))
    return results


def summarize(results: list[dict]) -> list[dict]:
    """One row a variant: medians over its seeds. Seconds are None where half of the seeds or more missed the target."""
    rows = []
    for name in dict.fromkeys(result["variant"] for result in results):
        runs = [result for result in results if result["variant"] == name]

        def median(key, runs=runs, missing=None):
            values = [missing if run.get(key) is None else run[key] for run in runs]
            return None if None in values else statistics.median_high(values)

        seconds = median("seconds_to_target", missing=inf)
        row = {
            "variant": name,
            "label": runs[0]["label"],
            "images_per_second": statistics.median(run["images_per_second"] for run in runs),
            "seconds_to_target": None if seconds == inf else seconds,
            "epochs_to_target": None if seconds == inf else median("epochs_to_target", missing=inf),
            "reached": sum(run["seconds_to_target"] is not None for run in runs),
            "seeds": len(runs),
            "epochs": max(run["epochs"] for run in runs),
            "best_accuracy": median("best_accuracy"),
        }
        rows.append(row | {key: median(key) for key in ("memory_mb", "gpu_memory_mb", *EXTRA)})
    return rows


def compare(rows: list[dict], device: torch.device) -> dict:
    """How many times faster than a, what share of the ceiling, and the ceiling's share of the chip's peak."""
    of = {row["variant"]: row for row in rows}
    comparison = {}
    for name in ("b", "b'", "c", "c'"):
        pair = [of[n]["seconds_to_target"] if n in of else None for n in ("a", name)]
        comparison[f"{name} to a"] = None if None in pair else pair[0] / pair[1]
    if "c" in of and "d" in of:
        comparison["c of d"] = of["c"]["images_per_second"] / of["d"]["images_per_second"]
    if "d" in of and device.type == "cuda":
        peak = find_peak(torch.cuda.get_device_name(device))
        tflops = of["d"]["images_per_second"] * of["d"]["flops_per_picture"] / 1e12
        comparison |= {"d TFLOP/s": tflops, "peak TFLOP/s": peak, "d of peak": peak and tflops / peak}
    return comparison


def find_peak(chip: str) -> float | None:
    """The published peak of a chip in TFLOP/s, by the name CUDA gives it; None if it is not in the table."""
    words = chip.replace("-", " ").split()
    for name, peak in PEAKS.items():
        if all(word in words for word in name.split()):
            return peak
    return None


def describe_machine(device: torch.device) -> str:
    """Device, cores and versions, in one line."""
    cores, threads = psutil.cpu_count(logical=False) or os.cpu_count(), torch.get_num_threads()
    machine = f"{cpu_name()}, {cores} cores, {threads} torch threads"
    if device.type == "cuda":
        machine = f"{torch.cuda.get_device_name(device)}; {machine}"
    return f"{device.type}: {machine}, {platform.system()}, torch {torch.__version__}"


def cpu_name() -> str:
    """What the processor calls itself."""
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    if sys.platform == "darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def markdown(rows: list[dict], comparison: dict, report: dict) -> str:
    """The table for the README."""
    gpu = any(row["gpu_memory_mb"] is not None for row in rows)
    target = f"{report['target']:.0%}"
    head = [
        "",
        "pixels, batch",
        "pictures a second",
        f"seconds to {target}",
        "epochs",
        "than a",
        "peak memory",
    ] + gpu * ["on the GPU"]
    lines = [" | ".join(head).join(["| ", " |"]), "|" + "---|" * len(head)]
    for row in rows:
        name, ratio = row["variant"], comparison.get(f"{row['variant']} to a")
        if name == "d":
            reached, epochs = "–", "–"
        elif row["seconds_to_target"] is None:
            reached = f"not in {row['epochs']} epochs (best {row['best_accuracy']:.1%})"
            epochs = "–"
        else:
            reached, epochs = f"{row['seconds_to_target']:.1f}", f"{row['epochs_to_target']}"
        if name != "d" and row["seeds"] > 1:
            reached += f" ({row['reached']} of {row['seeds']} seeds)"
        cells = [
            f"{name} · {row['label']}",
            f"{row['pixels']}, {row['batch']}",
            f"{row['images_per_second']:.0f}",
            reached,
            epochs,
            f"{ratio:.1f} × faster" if ratio else "–",
            f"{row['memory_mb']:.0f} MB",
        ] + gpu * [f"{row['gpu_memory_mb'] or 0:.0f} MB"]
        lines.append(" | ".join(cells).join(["| ", " |"]))
    lines += ["", f"{report['pictures']} training pictures, {report['seeds']} seeds (medians). {report['machine']}."]
    if "c of d" in comparison:
        lines.append(f"c runs at {comparison['c of d']:.0%} of the ceiling d.")
    if "d TFLOP/s" in comparison:
        of_peak = "this chip's peak is not in the table"
        if comparison["d of peak"]:
            of_peak = f"{comparison['d of peak']:.0%} of the chip's published {comparison['peak TFLOP/s']} TFLOP/s"
        lines.append(f"d computes {comparison['d TFLOP/s']:.1f} TFLOP/s: {of_peak}.")
    return "\n".join(lines)


def cost(options: argparse.Namespace) -> dict[str, list[float]]:
    """Seconds of one training epoch of b and of c, and of c's decoding, for each number of pictures."""
    device = torch.device(options.device)
    chosen = settings(device)
    source = ImageFolder(options.data / "train")
    model = build_model(len(source.classes)).to(device)
    slow = copy.deepcopy(model)
    slow_optimizer, _ = build_optimizer(slow, 1)
    fast, criterion, fast_optimizer, _ = fast_parts(model, device, chosen["lr"], 1)
    seconds = {"b: an epoch": [], "c: an epoch": [], "c: decoding, once": []}

    def clock(name: str, work) -> Tensor | None:
        begin = wait(device)
        result = work()
        seconds[name].append(wait(device) - begin)
        print(f"  {len(pictures)} pictures, {name}: {seconds[name][-1]:.1f} s", flush=True)
        return result

    for number in (min(options.numbers), *options.numbers):  # the first also warms up, and is thrown away
        pictures = ImageFolder(options.data / "train", build_transforms(chosen["size"])["train"])
        pictures.samples = list(islice(cycle(source.samples), number))
        pictures.targets = [target for _, target in pictures.samples]
        loader = DataLoader(pictures, 8, shuffle=True, pin_memory=device.type == "cuda")
        clock("b: an epoch", lambda: train_one_epoch(slow, loader, CRITERION, slow_optimizer, device))  # noqa: B023
        decoded = clock("c: decoding, once", lambda: decode_once(pictures, chosen["size"] * 8 // 7))  # noqa: B023
        images, labels = (tensor.to(device) for tensor in decoded.tensors)
        batches = BatchLoader(images, labels, chosen["batch"], chosen["size"], train=True)
        clock("c: an epoch", lambda: train_one_epoch(fast, batches, criterion, fast_optimizer, device))  # noqa: B023
    return {name: values[1:] for name, values in seconds.items()}


def exponent(numbers: list[int], seconds: list[float]) -> float:
    """The p in seconds = constant * number**p, by least squares on logarithms. 1 means linear."""
    x, y = [log(number) for number in numbers], [log(second) for second in seconds]
    return statistics.linear_regression(x, y).slope


def plot(options: argparse.Namespace) -> dict:
    """Draw what `cost` measures on logarithmic axes; returns the numbers."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from helpers.figures import COLOURS, LINES, MARKERS

    seconds = cost(options)
    machine = describe_machine(torch.device(options.device))
    figure, axis = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
    slopes = {}
    for (name, values), colour, line, marker in zip(seconds.items(), COLOURS, LINES, MARKERS, strict=False):
        slopes[name] = exponent(options.numbers, values)
        label = f"{name}: grows with N to the power {slopes[name]:.2f}"
        axis.loglog(options.numbers, values, color=colour, linestyle=line, marker=marker, label=label)
    axis.set(xlabel="training pictures N", ylabel="seconds")
    axis.set_xticks(options.numbers, [f"{number:,}" for number in options.numbers])
    axis.minorticks_off()
    axis.yaxis.set_major_formatter("{x:g}")
    axis.set_title(machine, fontsize=8)
    axis.grid(alpha=0.3)
    axis.legend(fontsize=9)
    figure.savefig(options.plot, dpi=120)
    plt.close(figure)
    for name, slope in slopes.items():
        print(f"{name}: seconds grow with the number of pictures to the power {slope:.3f}")
    return {"machine": machine, "numbers": options.numbers, "seconds": seconds, "exponents": slopes}


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0], epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="samples", help='"samples" or a folder with train and val (default: samples)')
    parser.add_argument("--device", choices=["cpu", "cuda", "mps"], help="default: the fastest one")
    parser.add_argument("--epochs", type=int, default=25, help="at most (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=1, help="how many runs of each (default: %(default)s)")
    parser.add_argument("--target", type=float, default=0.95, help="validation accuracy (default: %(default)s)")
    parser.add_argument("--only", nargs="+", choices=list(VARIANTS), metavar="VARIANT", help="default: all")
    parser.add_argument("--out", type=Path, help="write all numbers to this JSON file")
    parser.add_argument("--markdown", action="store_true", help="print the README's table instead of a plain one")
    parser.add_argument("--plot", type=Path, help="draw cost against number of pictures into this file, nothing else")
    parser.add_argument("--numbers", type=int, nargs="+", default=list(NUMBERS), help="of pictures, for --plot")
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)  # variant, seed, file: one run in this process
    options = parser.parse_args()
    if min(options.epochs, options.seeds, *options.numbers) < 1 or not 0 < options.target <= 1:
        parser.error("--epochs, --seeds and --numbers must be at least 1, and --target between 0 and 1.")
    options.data = COURSE / "data_samples" if options.data == "samples" else Path(options.data).expanduser()
    missing = [split for split in ("train", "val") if not (options.data / split).is_dir()]
    if missing:
        parser.error(
            f"{options.data} has no folder {' and '.join(missing)}. Expected train and val with class folders."
        )
    options.device = options.device or choose_device().type
    chosen = settings(torch.device(options.device))
    same = chosen["size"] == chosen["lesson 6 size"]  # then b and b' are the same
    options.only = options.only or [name for name in VARIANTS if not (same and name == "b'")]
    return options


def main() -> None:
    options = read_options()
    if options.run:
        name, seed, file = options.run
        Path(file).write_text(json.dumps(measure(name, int(seed), options)))
        return
    device = torch.device(options.device)
    print(describe_machine(device), flush=True)
    if options.plot:
        report = plot(options)
    else:
        results = run_all(options)
        rows = summarize(results)
        report = {
            "machine": describe_machine(device),
            "settings": settings(device),
            "pictures": len(ImageFolder(options.data / "train")),
            "target": options.target,
            "seeds": options.seeds,
            "comparison": compare(rows, device),
            "rows": rows,
            "runs": results,
        }
        table = markdown(rows, report["comparison"], report)
        print(f"\n{table}")
    if options.out:
        options.out.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
