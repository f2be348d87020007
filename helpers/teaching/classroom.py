"""Gather everything that a class needs in a room without network, in one folder to copy to every machine.

    python -m helpers.teaching.classroom                          for Linux, macOS (Apple's own chip) and Windows
    python -m helpers.teaching.classroom --systems windows --zip  for one system, and as a zip, too
    python -m helpers.teaching.classroom --systems none --zip     the course alone, to be unpacked on Colab

The folder holds the course with your own notebooks and handouts, the wheels of each system for one version of Python,
INSTALL.txt for learners, and where they can be had the real photos and the ImageNet weights. Until all is there its
name ends in .unfinished. After an interruption, run the same command again: it goes on. Wheels are chosen by uv
(`python -m pip install uv`).
"""

import argparse
import math
import re
import shutil
import zipfile
from pathlib import Path

from .. import backbone
from ..files import finding
from ..files.kinds import to_path
from ..settings import COURSE
from .copying import bytes_of, copy_course, size_of
from .wheels import SYSTEMS, fetch_wheels, find_wheels

# Bytes of all wheels, rounded up (measured for Python 3.12). On Linux, PyTorch brings its GPU libraries.
# What pip's cache may keep besides, most often in the home folder, is not counted.
SIZES = {"linux": 4.0e9, "macos": 0.4e9, "windows": 0.4e9}
REST = 0.3e9  # the course, the photos and the weights

INSTALL = """Brick by Brick, without network
===============================

You need Python {python}, exactly this version, for 64 bits.

1. Copy the folders "course" and "wheels" side by side onto your machine. Of "wheels" you need only the folder of
   your system: {systems}.
2. Open a terminal in the folder "course" and run the command of your system. It makes an environment in .venv, installs
   from the wheels, and opens lesson 0 in your browser.
{commands}
On another day, the last part suffices: the one with "jupyter lab".
{weights}"""
POSIX = (
    "python{python} -m venv .venv && .venv/bin/python -m pip install --no-index --find-links ../wheels/{system} "
    "-r requirements.txt && .venv/bin/jupyter lab --allow-root --ServerApp.root_dir=. notebooks/00_start_here.ipynb"
)
WINDOWS = (
    "py -{python} -m venv .venv; .venv\\Scripts\\python -m pip install --no-index --find-links ..\\wheels\\windows "
    "-r requirements.txt; .venv\\Scripts\\jupyter lab --ServerApp.root_dir=. notebooks\\00_start_here.ipynb"
)
TITLES = {"linux": "Linux", "macos": "macOS 14 or newer, Apple's own chip", "windows": "Windows (PowerShell)"}
WEIGHTS = """
The folder "weights" holds ResNet-18 with ImageNet's weights. Copy it, too, and run this in the folder "course":

   Linux, macOS:  mkdir -p ~/.cache/torch/hub/checkpoints && cp ../weights/*.pth ~/.cache/torch/hub/checkpoints
   Windows:       $c = "$HOME\\.cache\\torch\\hub\\checkpoints"; mkdir -Force $c; cp ..\\weights\\*.pth $c

Then the lessons find it. Without it, they take the course's own weights.
"""
COLAB = """Brick by Brick, on Colab
========================

1. On Colab, choose File, Upload notebook. Take one from the folder "course/notebooks".
2. Open the Files pane at the left, and upload the zip of this folder.
3. Add a code cell. Run in it:  !unzip -q *.zip
4. Run the first cell of the notebook. It finds the course.
"""


def gather(out: Path, systems: list[str], python: str, as_zip: bool = False) -> Path:
    """Make or complete the folder `out`. Returns it, or the zip.

    ValueError if `out` is not ours to fill; RuntimeError if wheels can't be had; OSError if the disk is full.
    """
    unfinished = out.with_name(f"{out.name}.unfinished")
    _check_target(out, unfinished, python)
    _check_disk(unfinished if unfinished.exists() else out, systems, as_zip)
    # Before anything changes: without uv or a network, it ends here.
    plans = {system: find_wheels(COURSE / "requirements.txt", system, python) for system in systems}
    if out.exists():
        out.rename(unfinished)
    unfinished.mkdir(parents=True, exist_ok=True)
    copy_course(COURSE, unfinished / "course")
    for system, pins in plans.items():
        fetch_wheels(pins, unfinished / "wheels" / system, system, python)
        print(f"{system}: all wheels are there, {size_of(unfinished / 'wheels' / system)}", flush=True)
    for begun in (unfinished / "wheels").glob("*.unfinished"):
        shutil.rmtree(begun)  # of a system that an interrupted run had asked for, and this one has not
    if systems:  # on Colab, there is a network
        add_photos(unfinished / "course")
        add_weights(unfinished / "weights")
    (unfinished / "INSTALL.txt").write_text(install_text(unfinished, python), encoding="utf-8")
    unfinished.rename(out)  # last, so that half a set never looks whole
    print(f"{out}: complete, {size_of(out)}. INSTALL.txt in it tells learners what to do.")
    return make_zip(out) if as_zip else out


def _check_target(out: Path, unfinished: Path, python: str) -> None:
    if out == COURSE or COURSE in out.parents[1:]:
        raise ValueError(f"{out} lies inside the course and would be copied into itself. Choose a folder outside.")
    if out.exists() and unfinished.exists():
        raise ValueError(f"Found {out} and also {unfinished.name}. Delete one of them, then run the command again.")
    for folder in filter(Path.exists, (out, unfinished)):
        foreign = {path.name for path in folder.iterdir()} - {"course", "wheels", "weights", "INSTALL.txt"}
        if foreign:
            raise ValueError(f"{folder} holds {', '.join(sorted(foreign)[:4])}. Expected a new folder. Choose another.")
        if (folder / "course" / ".venv").exists():
            raise ValueError(f"Somebody works in {folder / 'course'} (found .venv). Move it away, or it would be lost.")
        for path in folder.glob("wheels/*/*.whl"):
            found = re.search(r"-cp3(\d\d)-cp3", path.name)
            if found and f"3.{found[1]}" != python:
                raise ValueError(f"{folder} is for Python 3.{found[1]}, not {python}. Choose another folder (--out).")


def _check_disk(kit: Path, systems: list[str], as_zip: bool) -> None:
    need = REST + sum(max(0, SIZES[s] - bytes_of(kit / "wheels" / s)) for s in systems)
    need += (REST + sum(SIZES[s] for s in systems)) * as_zip
    free = shutil.disk_usage(next(path for path in kit.parents if path.exists())).free
    if free < need:
        raise OSError(
            f"The disk of {kit.parent} has {free / 1e9:.1f} GB left. Expected {need / 1e9:.1f} GB for this. "
            "Free some, choose another disk (--out), or fewer systems (--systems)."
        )


def add_photos(course: Path) -> None:
    try:
        photos = finding.find_data("hymenoptera")
    except (ConnectionError, ValueError) as error:
        print(f'photos: not taken, DATA = "hymenoptera" will not work in the room. {error}', flush=True)
        return
    target = course / "data_samples" / "downloads" / "hymenoptera"
    shutil.copytree(photos, target)
    print(f"photos: taken, {size_of(target)}; their licence is not known, so do not publish them", flush=True)


def add_weights(folder: Path) -> None:
    problem = backbone._fetch_imagenet()
    if problem:
        print(f"weights: ImageNet's are not taken, the course's own will do. {problem}", flush=True)
        return
    folder.mkdir(exist_ok=True)
    shutil.copy(backbone._cached(), folder)
    print(f"weights: ImageNet's are taken, {size_of(folder)}", flush=True)


def install_text(kit: Path, python: str) -> str:
    systems = [system for system in SYSTEMS if (kit / "wheels" / system).exists()]
    commands = ""
    for system in systems:
        disk = math.ceil(0.5 + 3 * bytes_of(kit / "wheels" / system) / 1e9)  # the wheels, and twice that when installed
        command = (WINDOWS if system == "windows" else POSIX).format(python=python, system=system)
        commands += f"\n   {TITLES[system]}, {disk} GB of disk:\n\n   {command}\n"
    if not systems:
        return COLAB
    weights = WEIGHTS if (kit / "weights").exists() else ""
    return INSTALL.format(python=python, systems=", ".join(systems), commands=commands, weights=weights)


def make_zip(kit: Path) -> Path:
    """The folder as a zip beside it. Wheels and pictures already are compressed."""
    target = kit.with_name(f"{kit.name}.zip")
    unfinished = target.with_suffix(".zip.unfinished")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for path in sorted(kit.rglob("*")):
            kind = zipfile.ZIP_STORED if path.suffix in (".whl", ".jpg") else zipfile.ZIP_DEFLATED
            archive.write(path, path.relative_to(kit.parent), kind)
    unfinished.replace(target)
    print(f"{target}: {target.stat().st_size / 1e6:,.0f} MB")
    return target


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m helpers.teaching.classroom", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=COURSE / "classroom", help="default: classroom/ in the course")
    parser.add_argument(
        "--systems",
        nargs="+",
        choices=[*SYSTEMS, "none"],
        default=[*SYSTEMS],
        help="default: all three; none: without wheels",
    )
    versions = [f"3.{minor}" for minor in range(11, 20)]
    parser.add_argument("--python", default="3.12", choices=versions, help="the learners' (default: %(default)s)")
    parser.add_argument("--zip", action="store_true", help="make a zip of the folder, too")
    options = parser.parse_args(arguments)
    try:
        systems = [system for system in options.systems if system != "none"]
        gather(to_path(options.out).absolute(), systems, options.python, options.zip)
    except OSError as error:
        reason = f"{error.filename} cannot be used ({error.strerror}). Choose another folder (--out)."
        raise SystemExit(f"Not finished. {reason if error.filename else error}") from error
    except (RuntimeError, ValueError) as error:
        raise SystemExit(f"Not finished. {error}") from error
    except KeyboardInterrupt:
        raise SystemExit("Stopped. The same command goes on where this one ended.") from None


if __name__ == "__main__":
    main()
