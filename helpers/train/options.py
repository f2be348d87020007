"""The options of `python -m helpers.train`, and the page that --help shows."""

import argparse
import inspect
from collections.abc import Callable
from pathlib import Path

from ..files.kinds import to_path
from ..settings import checkpoint_folder
from ..training import build_optimizer
from .messages import stop
from .processes import LOCAL_RANK

# What decides the result. It must not change when a training goes on, except for epochs (see resume).
KEPT = ["image_size", "batch_size", "epochs", "lr", "weight_decay", "freeze", "seed"]
RECIPE = inspect.signature(build_optimizer).parameters  # lesson 5's: it has the defaults

EXPLAINED = """\
what it writes into the folder --out:
  last.pt    the checkpoint to go on from
  best.pt    the one with the best validation accuracy (of equal ones, the one
             with the lower loss)
  log.jsonl  the numbers of each epoch, a line each
  test.json  with --test: what best.pt reached on the test pictures

  After a crash, run the same command again: it goes on after the last complete
  epoch, to the same result. load_checkpoint of lesson 6 reads both checkpoints.
  --epochs plans the learning rate, too. A larger number goes on along the new
  plan: not to the result that it would have had from the beginning.

several processes, which share each batch:
  OMP_NUM_THREADS=2 torchrun --standalone --nproc-per-node=2 \\
    -m helpers.train --epochs 8

  OMP_NUM_THREADS is how many cores each process may use on a CPU: all cores,
  divided by the processes. Where it is not set, torchrun sets it to 1.
  Lesson 9 explains every line that they print. With --freeze batchnorm, any
  number of processes gives the same network, up to rounding (which grows from
  step to step with a large --lr). Without it, each process on a CPU uses the
  statistics of its own share, and the results differ a little.
  If the command stops, read the line that begins with "helpers.train:";
  torchrun adds many lines of its own.

  On Windows torchrun does not start, since the usual builds of PyTorch lack a
  library (libuv). Use WSL. Or start python -m helpers.train twice, in two
  terminals, after setting these environment variables in each:
    RANK=0 and LOCAL_RANK=0 in the first, RANK=1 and LOCAL_RANK=1 in the second;
    in both WORLD_SIZE=2, LOCAL_WORLD_SIZE=2, MASTER_ADDR=localhost,
    MASTER_PORT=29500, USE_LIBUV=0

several machines, here two with two processes each; run this on both:
  torchrun --nnodes=2 --nproc-per-node=2 --rdzv-backend=c10d \\
    --rdzv-id=bricks --rdzv-endpoint=FIRST:29400 \\
    -m helpers.train --data /a/folder --epochs 8 --out /a/folder/both/see

  FIRST is the name or address of one of them. --data must be there on each, and
  --out must be one folder that all of them see. Nothing else changes by itself:
  to use many GPUs well, give --batch-size, --lr, --amp and --workers, too.
  With --max-restarts=3, torchrun starts all processes again when one has died,
  and they go on after the last complete epoch.

environment variables:
  TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1
                        with --max-restarts: without it, today's torchrun does
                        not find the processes again
  GLOO_SOCKET_IFNAME=eth0, NCCL_SOCKET_IFNAME=eth0
                        the network interface, if machines can't find each other

exit codes: 0 done, 2 wrong input or machine, 130 stopped by hand
"""


class Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """The page as it is laid out above, and after each option its default."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        # None stands for a choice that depends on the machine. The help says it in words.
        return action.help if action.default is None else super()._get_help_string(action)


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line (None) or of a list such as ["--epochs", "3"]."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.train",
        description="Train a ResNet-18 on a folder of pictures with the bricks of the lessons.",
        epilog=EXPLAINED,
        formatter_class=Help,
    )
    parser.error = lambda message: stop(f"{message} (--help lists all options)", LOCAL_RANK == 0)
    add, whole = parser.add_argument, whole_number
    add("--data", default="samples", help='folder with train, val and test, "samples" or "hymenoptera"')
    add("--epochs", type=whole(1), default=8, help="passes over the training pictures, in all")
    # With fewer pixels, the last BatchNorm may have a single number to learn its spread from.
    add("--image-size", type=whole(64), help="pixels (default: 128 on a CPU, 224 on a GPU)")
    add("--batch-size", type=whole(1), default=8, help="pictures of a batch, of all processes together")
    add("--lr", type=number(above=True), default=RECIPE["lr"].default, help="the largest learning rate of the plan")
    decay = RECIPE["weight_decay"].default
    add("--weight-decay", type=number(above=False), default=decay, help="how hard weights are pulled towards 0")
    add("--freeze", choices=["nothing", "batchnorm", "backbone"], default="nothing", help="what stays as it is")
    add("--patience", type=whole(1), help="stop after so many epochs without a better one (default: never)")
    add("--out", type=folder, default=checkpoint_folder() / "run", help="folder for the results")
    add("--seed", type=whole(0), default=0, help="of all that is random")
    add("--device", choices=["cpu", "cuda", "mps"], help="where to compute (default: the fastest that is found)")
    add("--amp", choices=["auto", "off", "bfloat16", "float16"], default="off", help="mixed precision")
    add("--workers", type=whole(0), default=0, help="helpers of each process that prepare pictures")
    add("--test", action="store_true", default=None, help="when all is done, judge best.pt on the test pictures, once")
    return parser.parse_args(arguments)


def whole_number(lowest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < lowest:
            raise argparse.ArgumentTypeError(f"expected a whole number from {lowest} on, found {text!r}")
        return int(text)

    return read


def number(above: bool) -> Callable[[str], float]:
    """A number above 0, or also 0 itself."""

    def read(text: str) -> float:
        try:
            if 0 < float(text) < float("inf") or not above and float(text) == 0:
                return float(text)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"expected a number {'above' if above else 'from'} 0, found {text!r}")

    return read


def folder(text: str) -> Path:
    try:
        return to_path(text).absolute()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
