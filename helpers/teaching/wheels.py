"""The wheels that another system needs, fetched with pip here. Used by classroom.py.

pip takes the wheels of another system (--platform), but it judges the markers of requirements, such as
`sys_platform == "win32"`, by the Python that runs it (pip issue 10050). So pip looks up and fetches one layer at a time
without dependencies, and the markers are judged here.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import Requirement  # comes with matplotlib
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

# pip's names for the wheels that fit a system. Linux: with glibc 2.28 or newer. macOS: 14 or newer, Apple's own chip.
TAGS = {
    "linux": [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
    "macos": ["macosx_14_0_arm64"],
    "windows": ["win_amd64"],
}
MARKERS = {
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "macos": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
}
ROUNDS = 40  # layers of dependencies, and changes of mind, before giving up
AT_ONCE = 6  # wheels in one call of pip: an interruption loses no more than these


def markers_of(system: str, python: str) -> dict[str, str]:
    """The values that all markers have on `system` with CPython of version `python`, such as "3.12"."""
    versions = {"python_version": python, "python_full_version": f"{python}.0", "implementation_version": f"{python}.0"}
    names = {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    return MARKERS[system] | versions | names | {"platform_release": "", "platform_version": ""}


def needed(roots: list[str], found: dict[str, dict], markers: dict[str, str]) -> dict[str, SpecifierSet]:
    """What the requirements in `roots` need on the target, as far as `found` tells: {name: allowed versions}."""

    def that_count(requirements: list[str], extra: str) -> list[Requirement]:
        parsed = [Requirement(requirement) for requirement in requirements]
        return [r for r in parsed if not r.marker or r.marker.evaluate(markers | {"extra": extra})]

    wanted, seen, todo = {}, set(), that_count(roots, "")
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        wanted[name] = wanted.get(name, SpecifierSet()) & requirement.specifier
        for extra in {"", *requirement.extras} if name in found else ():
            if (name, extra) not in seen:
                seen.add((name, extra))
                todo += that_count(found[name].get("requires_dist", []), extra)
    return wanted


def resolve(roots: list[str], markers: dict[str, str], ask) -> dict[str, dict]:
    """All packages, {name: metadata}, that `roots` need on the target. ask(requirements) looks some of them up.

    RuntimeError if two packages ask for versions that exclude each other.
    """
    found = {}
    for _ in range(ROUNDS):
        wanted = needed(roots, found, markers)
        missing = [
            f"{name}{allowed}"
            for name, allowed in sorted(wanted.items())
            if name not in found or not allowed.contains(found[name]["version"], prereleases=True)
        ]
        if not missing:
            return {name: found[name] for name in sorted(wanted)}
        found |= ask(missing)
    raise RuntimeError(f"No versions of {', '.join(missing)} suit all who need them. Narrow them in requirements.txt.")


def pip(command: str, system: str, python: str, *arguments: str) -> str:
    """Run pip for `system`. Its own settings decide where wheels come from. RuntimeError with its words if it fails."""
    target = [part for tag in TAGS[system] for part in ("--platform", tag)]
    target += ["--python-version", python, "--implementation", "cp", "--only-binary=:all:", "--no-deps", "--quiet"]
    done = subprocess.run([sys.executable, "-m", "pip", command, *target, *arguments], capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        said = " ".join([line for line in lines if "ERROR" in line][:2] or lines[-1:])
        raise RuntimeError(
            f"{system}: pip found no wheels for Python {python}. It says: {said}\n"
            "Expected a network, and a Python that all packages support (--python). Then run the command again: it "
            "keeps what has arrived."
        )
    return done.stdout


def look_up(requirements: list[str], system: str, python: str) -> dict[str, dict]:
    """The metadata of what pip would take, {name: {..., "file": of its wheel, "sha256": of it, or None}}."""
    report = ["--dry-run", "--ignore-installed", "--target", "unused", "--report", "-"]
    packages = {}
    for item in json.loads(pip("install", system, python, *report, *requirements))["install"]:
        source, metadata = item["download_info"], item["metadata"]
        file = unquote(Path(urlsplit(source["url"]).path).name)
        sha256 = source.get("archive_info", {}).get("hashes", {}).get("sha256")
        packages[canonicalize_name(metadata["name"])] = metadata | {"file": file, "sha256": sha256}
    return packages


def find_wheels(requirements: list[str], system: str, python: str) -> dict[str, dict]:
    """All that `requirements` need on `system`, as look_up returns it. Nothing is kept on disk."""
    print(f"{system}: looking up what Python {python} needs there ...", flush=True)
    packages = resolve(requirements, markers_of(system, python), lambda names: look_up(names, system, python))
    pair = {name: packages[name]["version"] for name in ("torch", "torchvision") if name in packages}
    if len({Version(version).local for version in pair.values()}) > 1:
        # PyTorch's small CPU builds ("2.15.0+cpu") work only with a torchvision of the same kind.
        raise RuntimeError(
            f"{system}: pip would take {pair}, builds of two kinds, which do not work together. Expected both from one "
            "index. Set pip's index or find-links so that it holds both, or neither."
        )
    return packages


def fetch_wheels(packages: dict[str, dict], folder: Path, system: str, python: str) -> None:
    """Fill `folder` with the wheels of `packages`, and nothing else. Whole wheels are kept.

    Wheels are also taken from the folders beside it, since most fit every system. Until it is complete, the folder's
    name ends in .unfinished.
    """
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    if folder.exists():
        shutil.rmtree(unfinished, ignore_errors=True)
        folder.rename(unfinished)
    arrivals = unfinished / "arriving"
    shutil.rmtree(arrivals, ignore_errors=True)
    arrivals.mkdir(parents=True)
    for path in unfinished.glob("*.whl"):
        if not any(path.name == package["file"] and _is_whole(path, package) for package in packages.values()):
            path.unlink()  # damaged, or of another version
    for package in packages.values():
        twins = [path for path in folder.parent.glob(f"*/{package['file']}") if _is_whole(path, package)]
        if twins and not (unfinished / package["file"]).exists():
            shutil.copy(twins[0], unfinished)
    missing = [package for package in packages.values() if not (unfinished / package["file"]).exists()]
    print(f"{system}: {len(packages)} wheels, {len(missing)} of them to fetch", flush=True)
    while missing:
        now, missing = missing[:AT_ONCE], missing[AT_ONCE:]
        print(f"{system}: fetching {', '.join(p['name'] for p in now)}; then {len(missing)} more", flush=True)
        pins = [f"{package['name']}=={package['version']}" for package in now]
        pip("download", system, python, "--no-cache-dir", "--dest", str(arrivals), *pins)
        for package in now:
            if not _is_whole(arrivals / package["file"], package):
                raise RuntimeError(f"{system}: {package['file']} did not arrive whole. Run the command again.")
            (arrivals / package["file"]).replace(unfinished / package["file"])
    shutil.rmtree(arrivals)
    unfinished.rename(folder)


def _is_whole(path: Path, package: dict) -> bool:
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        return package["sha256"] in (None, hashlib.file_digest(file, "sha256").hexdigest())
