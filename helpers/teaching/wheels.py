"""The wheels of another system: uv tells which it needs, pip fetches them. Used by classroom.py.

pip alone would judge markers such as `sys_platform == "win32"` by the Python that runs it (pip issue 10050).
"""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.utils import parse_wheel_filename  # comes with matplotlib

# uv's name of a system, and pip's names for the wheels that fit it. Linux: with glibc 2.28 or newer.
SYSTEMS = {
    "linux": ("x86_64-manylinux_2_28", *(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)))
    + ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"),
    "macos": ("aarch64-apple-darwin", "macosx_14_0_arm64"),
    "windows": ("x86_64-pc-windows-msvc", "win_amd64"),
}
AT_ONCE = 6  # wheels in one call of pip, which delivers them when it has all: an interruption loses no more


def find_uv() -> list[str]:
    """The command uv. RuntimeError, with what to do, if there is none."""
    if command := shutil.which("uv"):
        return [command]
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    raise RuntimeError(
        "Found no uv, which tells what other systems need. Nothing was changed. Install it, then run this again:\n"
        "Linux, macOS:  .venv/bin/python -m pip install uv\n"
        "Windows:       .venv\\Scripts\\python -m pip install uv"
    )


def sources() -> list[str]:
    """Where pip's own settings (its files, PIP_...) say that packages come from, as options of uv, which ignores them.

    Besides, uv shall take the newest version of all indexes, as pip does.
    """
    found, options = {}, ["--index-strategy", "unsafe-best-match"]
    for line in reversed(_run([sys.executable, "-m", "pip", "config", "list"]).splitlines()):
        section, _, name = line.partition("=")[0].rpartition(".")
        if section in ("global", "download", ":env:"):  # in this order, the later one counts
            found[name] = ast.literal_eval(line.partition("=")[2])
    for name in ("index-url", "extra-index-url", "find-links", "constraint"):
        options += [part for value in found.get(name, "").split() for part in (f"--{name}", value)]
    return options + ["--no-index"] * (found.get("no-index", "").lower() in ("1", "true", "yes", "on"))


def find_wheels(requirements: Path, system: str, python: str) -> list[str]:
    """All that a file of requirements needs on `system`, each as "name==version" with hashes. Nothing is written.

    RuntimeError if there is no uv, or if it finds no wheels that fit together.
    """
    command = [*find_uv(), "pip", "compile", str(requirements), "--python-platform", SYSTEMS[system][0]]
    command += ["--python-version", python, "--only-binary", ":all:", "--generate-hashes"]
    command += ["--no-python-downloads", "--no-header", "--no-annotate", "--quiet", *sources()]
    print(f"{system}: looking up what Python {python} needs there ...", flush=True)
    # uv would assume an older macOS, and choose a torch of then. It would not trust a school's own certificates.
    settings = {"MACOSX_DEPLOYMENT_TARGET": "14.0", "UV_SYSTEM_CERTS": "1"}
    text = _run(command, f"{system}, Python {python}: uv", **settings)
    pair = re.findall(r"^(?:torch|torchvision)==\S+", text, re.MULTILINE)
    if len({pin.partition("+")[2] for pin in pair}) > 1:
        # PyTorch's small CPU builds ("2.15.0+cpu") work only with a torchvision of the same kind.
        raise RuntimeError(
            f"{system}: found {' and '.join(pair)}, builds of two kinds, which do not work together. Expected both "
            "from one index.\nSet pip's index or find-links so that it holds both, or neither."
        )
    return re.split(r"\n(?=\S)", text.strip())


def fetch_wheels(pins: list[str], folder: Path, system: str, python: str) -> None:
    """Fill `folder` with the wheels of `pins` and no others. pip keeps those that are there and whole.

    pip's own cache holds what an interrupted call had fetched, and what several systems share, so it is fetched once.
    Until it is complete, the folder's name ends in .unfinished. RuntimeError if a wheel can't be had.
    """
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    if folder.exists():
        folder.rename(unfinished)
    arriving = unfinished / "arriving"  # for pip's temporary files: the system's own place for them may be small
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True)
    for path in unfinished.glob("*.whl"):
        if "{}=={}".format(*parse_wheel_filename(path.name)) not in {pin.split()[0] for pin in pins}:
            path.unlink()  # of another version
    fitting = f"--only-binary=:all: --implementation=cp --python-version={python}".split()
    fitting += [f"--platform={tag}" for tag in SYSTEMS[system][1:]]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", *fitting]
    command += ["--dest", str(unfinished), "-r", str(arriving / "pins.txt")]
    for start in range(0, len(pins), AT_ONCE):
        now = pins[start : start + AT_ONCE]
        names = ", ".join(pin.split("==")[0] for pin in now)
        print(f"{system}: wheels {start + 1} to {start + len(now)} of {len(pins)}: {names}", flush=True)
        (arriving / "pins.txt").write_text("\n".join(now), encoding="utf-8")
        _run(command, f"{system}, Python {python}: pip", TMPDIR=str(arriving))
    shutil.rmtree(arriving)
    unfinished.rename(folder)


def _run(command: list[str], who: str = "pip", **variables: str) -> str:
    """What the command prints. RuntimeError, with its own words, if it fails."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", env=os.environ | variables)
    if done.returncode:
        words = " ".join(line.strip() for line in done.stderr.splitlines() if not line.lower().startswith("warning"))
        raise RuntimeError(
            f"{who} found no wheels. It says: {words[:400]}\n"
            "Expected a network, and a Python that all packages support (--python).\n"
            "Then run the command again: it keeps what has arrived."
        )
    return done.stdout
