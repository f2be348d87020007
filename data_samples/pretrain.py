"""Pretrains a ResNet-18 on the pictures of generate.py: `python data_samples/pretrain.py`. See `--help` and README.md.

It saves a checkpoint every few minutes and goes on from it when started again. `--export` writes the file that ships.
"""

import argparse
import hashlib
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torchvision.transforms.v2.functional import normalize

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generate import FOLDER, GROUNDS, VIEWS  # noqa: E402

SHIPPED = HERE / "resnet18_rendered.pth"
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # torchvision's, so that its transforms() fit
HEADS = {"kinds": 1.0, "fractals": 1.0, "textures": 1.0, "fallen": 1.0, "grounds": 0.3, "scenes": 0.3}  # loss weights
FAMILIES = {"kinds": 0.0, "fractals": 0.5, "textures": 0.32, "fallen": 0.18}  # shares of what kinds leave of a batch
HELD_OUT = 0.03  # the last pictures of each class are for measuring
DEFAULTS = dict(
    seed=0,
    batch=128,
    momentum=0.9,
    weight_decay=1e-4,
    smoothing=0.05,
    average=0.998,
    warmup=200,
    clip=5.0,
)
# Picture size (pixels), steps, share of rendered kinds in a batch, learning rate at the start and at the end.
# The third phase ended a first, shorter training; the others went on from there, beginning with a warm restart.
PHASES = [
    (64, 2014, 0.72, 0.15, 0.15),
    (64, 786, 0.9, 0.15, 0.15),
    (96, 600, 0.9, 0.15, 0.0),
    (96, 251, 0.9, 0.1, 0.0715),
    (64, 3300, 0.9, 0.12, 0.12),
    (96, 1400, 0.9, 0.12, 0.0),
]


def load_pictures(folder: Path) -> dict:
    """All pictures of all families: `pictures` (n, size, size, 3) uint8, and `labels` (n,) per head.

    A label is -1 where a head has nothing to say. The last pictures of each class are held out for measuring;
    `pools` has the indices of the others by family. `names`: what the labels of each head mean.
    """
    pictures, held_out = [], []
    labels, names, scenes = {head: [] for head in HEADS}, {"grounds": GROUNDS}, 0
    for name in FAMILIES:
        paths = sorted((folder / name).glob("*.npz"))
        if not paths:
            raise SystemExit(f"There are no pictures in {folder / name}. Run generate.py first.")
        names[name] = [path.stem for path in paths]
        for label, path in enumerate(paths):
            with np.load(path) as file:
                pictures.append(torch.from_numpy(file["pictures"]))
                n = len(pictures[-1])
                own = {name: np.full(n, label)}
                if name == "kinds":
                    own |= {"grounds": file["grounds"], "scenes": scenes + np.arange(n) // VIEWS}
                    scenes += n // VIEWS
            for head in HEADS:
                labels[head].append(torch.as_tensor(own.get(head, np.full(n, -1))))
            held_out.append(torch.arange(n) >= min(round(n * (1 - HELD_OUT)), n - 1))
    names["scenes"] = [str(k) for k in range(scenes)]
    held_out = torch.cat(held_out)
    labels = {head: torch.cat(parts) for head, parts in labels.items()}
    return dict(
        pictures=torch.cat(pictures),
        labels=labels,
        held_out=held_out.nonzero().flatten(),
        pools={name: ((labels[name] >= 0) & ~held_out).nonzero().flatten() for name in FAMILIES},
        names=names,
    )


def augment(batch: torch.Tensor, px: int) -> torch.Tensor:
    """Random views of a batch (n, size, size, 3) uint8 as normalized (n, 3, px, px): crop, turn, colour, blur.

    Whole batches at once, on the device: torchvision's transforms would treat all pictures of a batch alike.
    """
    n, device = len(batch), batch.device
    uniform = lambda low, high: torch.empty(n, device=device).uniform_(low, high)  # noqa: E731
    x = batch.permute(0, 3, 1, 2).float() / 255
    # One matrix for crop, aspect, turn and mirror. A crop shows 40 to 100 % of the picture's area.
    side, aspect = uniform(0.4, 1).sqrt(), uniform(-0.25, 0.25).exp()
    turn = torch.where(uniform(0, 1) < 0.15, uniform(-3.14, 3.14), uniform(-0.25, 0.25))
    mirror = torch.where(uniform(0, 1) < 0.5, 1.0, -1.0)
    wide, high = side * aspect, side / aspect
    cos, sin = turn.cos(), turn.sin()
    room = [(1 - (wide * cos.abs() + high * sin.abs())).abs(), (1 - (wide * sin.abs() + high * cos.abs())).abs()]
    theta = torch.stack(
        [
            wide * cos * mirror,
            -high * sin,
            uniform(-1, 1) * room[0],
            wide * sin * mirror,
            high * cos,
            uniform(-1, 1) * room[1],
        ],
        1,
    ).view(n, 2, 3)
    grid = F.affine_grid(theta, (n, 3, px, px), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    # Colour: brightness, contrast, saturation, a turn of the hue, and sometimes grey.
    v = lambda t: t.view(n, 1, 1, 1)  # noqa: E731
    x = (x - 0.45) * v(uniform(0.6, 1.4)) + 0.45 * v(uniform(0.6, 1.4))
    grey = (x * torch.tensor([0.299, 0.587, 0.114], device=device).view(1, 3, 1, 1)).sum(1, keepdim=True)
    color = x - grey
    angle, strength = uniform(-0.4, 0.4), uniform(0.5, 1.5) * (uniform(0, 1) > 0.1)
    axis = 3**-0.5
    # Rodrigues: turned about the grey axis; for what stands at right angles to it this is all there is.
    cross = axis * torch.stack([color[:, 2] - color[:, 1], color[:, 0] - color[:, 2], color[:, 1] - color[:, 0]], 1)
    x = grey + v(strength) * (v(angle.cos()) * color + v(angle.sin()) * cross)
    soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), 3, 1)
    x = x + v(torch.where(uniform(0, 1) < 0.3, uniform(-0.6, 1), torch.zeros(n, device=device))) * (soft - x)
    return normalize(x.clamp(0, 1), MEAN, STD).contiguous(memory_format=torch.channels_last)


def total_loss(logits: torch.Tensor, labels: dict, sizes: dict, smoothing: float) -> torch.Tensor:
    """Weighted sum over heads, each averaged over the whole batch, so that a rare label does not weigh more."""
    total = 0.0
    for part, (head, y) in zip(logits.float().split(list(sizes.values()), 1), labels.items(), strict=True):
        loss = F.cross_entropy(part, y, ignore_index=-1, label_smoothing=smoothing, reduction="sum")
        total = total + HEADS[head] * loss / len(y)
    return total


@torch.no_grad()
def measure(model: nn.Module, data: dict, sizes: dict, px: int, device: torch.device) -> dict[str, float]:
    """Accuracy of each head on held-out pictures, in percent."""
    model.eval()
    right = {head: [] for head in sizes}
    for part in data["held_out"].split(256):
        x = data["pictures"][part].to(device).permute(0, 3, 1, 2).float() / 255
        x = normalize(F.interpolate(x, (px, px), mode="bilinear", antialias=True), MEAN, STD)
        for logits, (head, hits) in zip(model(x).split(list(sizes.values()), 1), right.items(), strict=True):
            label = data["labels"][head][part].to(device)
            hits.append((logits.argmax(1) == label)[label >= 0].float())
    del right["scenes"]  # a scene that was held out is no class
    return {head: round(100 * float(torch.cat(parts).mean()), 1) for head, parts in right.items()}


def sample(pools: dict[str, torch.Tensor], n: int, share: float) -> torch.Tensor:
    """Indices (n,) of a batch in which `share` are rendered kinds and the formulas have theirs of the rest."""
    counts = {name: round(n * (1 - share) * part) for name, part in FAMILIES.items()}
    counts["kinds"] = n - sum(counts.values())
    return torch.cat([pool[torch.randint(len(pool), (counts[name],))] for name, pool in pools.items()])


def make_plan(phases: list[tuple[int, int, float, float, float]], warmup: int) -> list[tuple[int, float, float]]:
    """Picture size, share of rendered kinds and learning rate of each step. The first `warmup` steps rise from 0."""
    plan = [
        (px, share, first + (last - first) * step / steps)
        for px, steps, share, first, last in phases
        for step in range(steps)
    ]
    return [(px, share, rate * min(1.0, (step + 1) / warmup)) for step, (px, share, rate) in enumerate(plan)]


def train(
    folder: Path,
    phases: list[tuple[int, int, float, float, float]],
    settings: dict,
    device: torch.device,
    pause: float = 180,
    show_every: float = 2,
) -> None:
    """Trains through the phases, from the checkpoint in the folder if there is one, and saves every `pause` seconds."""
    data = load_pictures(folder)
    sizes = {head: len(data["names"][head]) for head in HEADS}
    print(f"{len(data['pictures'])} pictures; classes: {sizes}")
    torch.manual_seed(settings["seed"])
    # One linear layer on the 512 features holds all heads, one after the other; the kinds come first.
    model = torchvision.models.resnet18(num_classes=sum(sizes.values()), zero_init_residual=True)
    model = model.to(device, memory_format=torch.channels_last)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(settings["average"]), use_buffers=True)
    optimizer = make_optimizer(model, settings)
    parts = {"model": model, "average": average, "optimizer": optimizer}
    path, start, seconds = folder / "checkpoint.pt", 0, 0.0
    record = {
        "settings": settings,
        "phases": phases,
        "device": describe(device),
        "pictures": len(data["pictures"]),
        "log": [],
    }
    if path.exists():
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(checkpoint[name])
        start, seconds, record["log"] = checkpoint["step"], checkpoint["seconds"], checkpoint["record"]["log"]
        print(f"Going on from {path}, step {start}.")
    plan = make_plan(phases, settings["warmup"])
    kind = "cuda" if device.type == "cuda" else "cpu"
    saved = shown = time.monotonic()
    smooth = None
    for step in range(start, len(plan)):
        px, share, rate = plan[step]
        begin = time.monotonic()
        # Seeded anew for each step, so that a run that was stopped draws what an unbroken one would have drawn.
        torch.manual_seed(settings["seed"] * 1_000_003 + step)
        index = sample(data["pools"], settings["batch"], share)
        x = augment(data["pictures"][index].to(device), px)
        labels = {head: label[index].to(device) for head, label in data["labels"].items()}
        for group in optimizer.param_groups:
            group["lr"] = rate
        model.train()
        with torch.autocast(kind, torch.bfloat16, enabled=settings["bf16"]):
            logits = model(x)
        loss = total_loss(logits, labels, sizes, settings["smoothing"])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), settings["clip"])
        optimizer.step()
        average.update_parameters(model)
        now, value = time.monotonic(), float(loss.detach())
        seconds += now - begin
        smooth = value if smooth is None else 0.98 * smooth + 0.02 * value
        if now - shown > show_every or step + 1 == len(plan):
            shown = now
            show_progress(step + 1, len(plan), smooth, settings["batch"] / (now - begin))
        if now - saved > pause or step + 1 == len(plan):
            saved = now
            scores = measure(average.module, data, sizes, px, device)
            record["log"].append({"step": step + 1, "seconds": round(seconds), "loss": round(smooth, 3), **scores})
            print(f"\n{record['log'][-1]}", flush=True)
            states = {name: part.state_dict() for name, part in parts.items()}
            save(path, {**states, "step": step + 1, "seconds": seconds, "names": data["names"], "record": record})


def save(path: Path, content: dict) -> None:
    """Writes beside the old file first: a kill at any moment leaves one whole checkpoint."""
    torch.save(content, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def show_progress(step: int, steps: int, loss: float, speed: float) -> None:
    bar = "#" * (30 * step // steps)
    print(f"\r[{bar:<30}] step {step}/{steps}, loss {loss:.3f}, {speed:.0f} pictures/s ", end="", flush=True)


def make_optimizer(model: nn.Module, settings: dict) -> torch.optim.Optimizer:
    """SGD with Nesterov momentum; no weight decay on biases and BatchNorm."""
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decay, "weight_decay": settings["weight_decay"]}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=0.1, momentum=settings["momentum"], nesterov=True)


def describe(device: torch.device) -> str:
    """The device in words, for the record."""
    name = torch.cuda.get_device_name() if device.type == "cuda" else f"{os.cpu_count()} CPU cores"
    return f"{name}, torch {torch.__version__}, torchvision {torchvision.__version__}"


def export(folder: Path, out: Path) -> str:
    """Writes the averaged network in half precision, its categories and recipe to `out`. Returns its SHA-256."""
    checkpoint = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=True)
    categories = checkpoint["names"]["kinds"]
    state = {k.removeprefix("module."): v for k, v in checkpoint["average"].items() if k.startswith("module.")}
    state |= {name: state[name][: len(categories)].clone() for name in ("fc.weight", "fc.bias")}
    state = {k: v.half() if v.is_floating_point() else v for k, v in state.items()}
    content = {"state_dict": state, "categories": categories, "recipe": checkpoint["record"]}
    torch.save(content, out)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of generate.py (default: %(default)s)")
    parser.add_argument(
        "--steps", type=int, nargs=len(PHASES), default=[phase[1] for phase in PHASES], help="of each phase"
    )
    parser.add_argument("--seed", type=int, default=DEFAULTS["seed"])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=None, help="default: if it is faster")
    parser.add_argument("--export", action="store_true", help="only write the file that ships from the checkpoint")
    options = parser.parse_args()
    if options.export:
        print(f"{SHIPPED}: SHA-256 {export(options.data, SHIPPED)}")
        return
    device = torch.device(options.device)
    bf16 = options.bf16 if options.bf16 is not None else bf16_is_faster(device)
    settings = {**DEFAULTS, "seed": options.seed, "bf16": bf16, "heads": HEADS, "families": FAMILIES}
    phases = [(px, steps, *rest) for (px, _, *rest), steps in zip(PHASES, options.steps, strict=True)]
    train(options.data, phases, settings, device)


def bf16_is_faster(device: torch.device) -> bool:
    """Times small training steps with and without bfloat16: which is faster depends on the processor."""
    best = []
    for enabled in (False, True):
        model = torchvision.models.resnet18().to(device, memory_format=torch.channels_last)
        x = torch.rand(64, 3, 64, 64, device=device).contiguous(memory_format=torch.channels_last)
        seconds = []
        for _ in range(5):
            begin = time.monotonic()
            with torch.autocast(device.type, torch.bfloat16, enabled=enabled):
                loss = model(x).float().square().mean()
            loss.backward()
            float(model.fc.bias.grad.sum())  # waits for the device
            seconds.append(time.monotonic() - begin)
        best.append(min(seconds))
    print(f"One step takes {best[0]:.2f} s in float32 and {best[1]:.2f} s in bfloat16.")
    return best[1] < best[0]


if __name__ == "__main__":
    main()
