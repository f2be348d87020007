"""The course as a class gets it: with the instructor's own notebooks, and without what anybody did in it.

Used by classroom.py.
"""

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

# The course itself, where git cannot tell. What else lies in its folder belongs to whoever works there.
TOP = ["README.md", "LICENSE", "requirements.txt", "pyproject.toml", ".gitignore", ".gitattributes"]
TOP += ["notebooks", "helpers", "tests", "data_samples", ".ci", ".github", ".devcontainer"]
TOP += ["CITATION.cff", ".pre-commit-config.yaml"]
IGNORED = ["my_*", "*.pyc", "*.egg-info", ".*"]  # beside what .gitignore names


def copy_course(source: Path, target: Path) -> None:
    """The course as it was last committed, or without git its own files as they lie; own notebooks; slides and cards.

    A lesson with changes that are not committed is taken without them: they may be somebody's answers.
    """
    shutil.rmtree(target, ignore_errors=True)
    archive, left = _git(source, "archive", "--format=zip", "HEAD"), []
    if archive:
        zipfile.ZipFile(io.BytesIO(archive)).extractall(target)
        for words in (["diff", "--name-only", "-z", "HEAD"], ["ls-files", "-z", "--others", "--exclude-standard"]):
            left += _git(source, *words).decode(errors="replace").split("\0")[:-1]
    else:
        _copy_files(source, target)
    own = add_own(source, target)
    if (handouts := source / "notebooks" / "handouts").is_dir():
        hidden = shutil.ignore_patterns(".*", "*_key.*")  # the keys are for whoever teaches
        shutil.copytree(handouts, target / "notebooks" / "handouts", ignore=hidden)
    how = "as last committed" if archive else "as it lies here; if you have worked in it, begin with a fresh download"
    print(f"course: {how}; {'with' if handouts.is_dir() else 'without'} slides and cards; {size_of(target)}")
    print(f"your own notebooks: {_some(own)}" + ", without outputs, but with what you typed" * bool(own))
    left = [n for n in left if n not in own and Path(n).name[0] != "." and target.parent not in (source / n).parents]
    if left:
        print(f"left out, since not committed: {_some(left)}. Commit what the class needs, then run this again.")
    print("left out always: progress, checkpoints, keys, hidden files, other files that .gitignore names", flush=True)


def _git(source: Path, *words: str) -> bytes:
    """What git prints about this folder; nothing if there is no git, or it fails."""
    if not (source / ".git").exists() or not shutil.which("git"):
        return b""
    done = subprocess.run(["git", "-C", str(source), *words], capture_output=True)
    return done.stdout if done.returncode == 0 else b""


def _copy_files(source: Path, target: Path) -> None:
    lines = (source / ".gitignore").read_text(encoding="utf-8").splitlines()
    names = [Path(line).name for line in lines if line and not line.startswith("#")]
    target.mkdir(parents=True)
    for path in filter(Path.exists, (source / name for name in TOP)):
        if path.is_dir():
            shutil.copytree(path, target / path.name, ignore=shutil.ignore_patterns(*names, *IGNORED))
        else:
            shutil.copy(path, target)


def add_own(source: Path, target: Path) -> list[str]:
    """Copy each notebook that `target` does not have yet, without its outputs. Returns their names."""
    own = []
    for folder, inner, names in os.walk(source):
        # Neither hidden folders, nor environments, nor other copies of the course, such as an older kit.
        signs = ("pyvenv.cfg", "helpers/plotting.py")
        inner[:] = [n for n in inner if n[0] != "." and not any(Path(folder, n, sign).exists() for sign in signs)]
        for path in (Path(folder, name) for name in names if name.endswith(".ipynb")):
            place = target / (name := path.relative_to(source).as_posix())
            if place.exists():
                continue
            try:
                notebook = json.loads(path.read_text(encoding="utf-8"))
                notebook["metadata"].pop("widgets", None)
                for cell in notebook["cells"]:
                    if cell["cell_type"] == "code":
                        cell.update(outputs=[], execution_count=None)
                text = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                print(f"left out, since it is no notebook that can be read: {name} ({type(error).__name__}: {error})")
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text)
            own.append(name)
    return sorted(own)


def _some(names: list[str]) -> str:
    return ", ".join(names[:4]) + f" and {len(names) - 4} more" * (len(names) > 4) or "none"


def bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def size_of(folder: Path) -> str:
    files = sum(path.is_file() for path in folder.rglob("*"))
    return f"{bytes_of(folder) / 1e6:,.0f} MB in {files} files"
