"""Write the address of this course's repository, its branch and its pictures into the notebooks.

All are kept in one place, pyproject.toml ([tool.brick-by-brick]). After changing them there, run

    python -m helpers.teaching.stamp
    python -m helpers.teaching.stamp --branch autumn   # changes the branch in pyproject.toml, too

Copies in my_notebooks/ are not touched: they are in no repository, so no link can open them.
"""

import argparse
import json
import re
import tomllib
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from ..files.writing import written_whole
from ..settings import COURSE

BADGES = re.compile(r"<!-- colab -->.*?<!-- /colab -->", re.DOTALL)
ADDRESS = re.compile(r'^REPOSITORY, BRANCH = "[^"]*", "[^"]*"', re.MULTILINE)
DATA = re.compile(r'^DATA = "[^"]*"', re.MULTILINE)
BRANCH = re.compile(r"""^branch\s*=\s*["'][^"'\n]*["']""", re.MULTILINE)


def read_address(pyproject: Path = COURSE / "pyproject.toml") -> str:
    """The address in pyproject.toml, "" if none is set. ValueError if Colab and Binder could not open it."""
    address = _read(pyproject, "repository").removesuffix("/").removesuffix(".git")
    if address and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address, re.ASCII):
        raise ValueError(
            f'{address!r} in pyproject.toml is no address such as "https://github.com/you/brick-by-brick".'
        )
    return address


def read_branch(pyproject: Path = COURSE / "pyproject.toml", name: str | None = None) -> str:
    """The branch `name`, or else the one in pyproject.toml. ValueError if links could not name it.

    Slashes are refused: Colab and Binder would read them as part of the path.
    """
    kept = _read(pyproject, "branch")
    name = kept if name is None else name
    if not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
        raise ValueError(
            f"{name!r} cannot be the branch. Expected letters, digits, '.', '_' and '-', and no slash. "
            "Nothing was changed. Rename it, for example: git branch -m autumn"
        )
    return name


def _read(pyproject: Path, key: str) -> str:
    try:
        return tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["brick-by-brick"][key].strip()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        example = {"repository": "https://github.com/you/brick-by-brick", "branch": "main", "data": "samples"}[key]
        raise ValueError(
            f"{pyproject} cannot be read ({type(error).__name__}: {error}). Nothing was changed. Expected, below "
            f'[tool.brick-by-brick], a line such as {key} = "{example}".'
        ) from None


def badges(address: str, path: str = "", branch: str = "main") -> str:
    """The text between the marks: links that open `path` on Colab, Binder, Codespaces. Without an address, nothing."""
    links = ""
    if address:
        repository = urlsplit(address).path.strip("/")
        colab = f"https://colab.research.google.com/github/{repository}/blob/{branch}/{path}"
        binder = f"https://mybinder.org/v2/gh/{repository}/{branch}?urlpath=lab/tree/{path}"
        codespaces = f"https://codespaces.new/{repository}/tree/{branch}"
        links = f" · [Open in Colab]({colab}) · [Open in Binder]({binder}) · [Open in Codespaces]({codespaces})"
    return f"<!-- colab -->{links}<!-- /colab -->"


def stamp(course: Path = COURSE, address: str | None = None, branch: str | None = None) -> list[Path]:
    """Stamp pyproject.toml, the README and every notebook below `course`. Returns the files that changed.

    ValueError or OSError, and nothing is changed, if one of them cannot be read, or written.
    """
    pyproject = course / "pyproject.toml"
    address = read_address(pyproject) if address is None else address
    branch, data = read_branch(pyproject, branch), _read(pyproject, "data")
    if data not in ("samples", "hymenoptera") and not (course / data / "train").is_dir():
        raise ValueError(
            f"data is {data!r} in pyproject.toml, and {course / data} has no folder 'train'. Nothing was changed. "
            "Divide the pictures first: split_pictures in helpers."
        )
    changed = {}
    for path in [pyproject, course / "README.md", *sorted((course / "notebooks").glob("*.ipynb"))]:
        try:
            old = path.read_text(encoding="utf-8")
            new = _stamped(old, path, address, branch, data)
            new.encode()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(
                f"{path} cannot be stamped ({type(error).__name__}: {error}). Nothing was changed. Mend that file, or "
                "move it out of the folder."
            ) from None
        if new != old:
            changed[path] = new
    before = {path: path.read_bytes() for path in changed}
    try:
        with ExitStack() as all_or_none:
            for path, text in changed.items():
                unfinished = all_or_none.enter_context(written_whole(path))
                unfinished.write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        for path in (path for path in changed if path.read_bytes() != before[path]):
            with written_whole(path) as unfinished:
                unfinished.write_bytes(before[path])
        raise
    return list(changed)


def _stamped(text: str, path: Path, address: str, branch: str, data: str) -> str:
    if path.suffix == ".ipynb":
        return _stamp_notebook(text, address, path.name, branch, data)
    if path.suffix == ".toml":
        return BRANCH.sub(f'branch = "{branch}"', text)
    return _stamp_text(text, address, branch=branch)


def _stamp_text(text: str, address: str, notebook: str = "00_start_here.ipynb", branch: str = "main") -> str:
    return BADGES.sub(lambda _: badges(address, f"notebooks/{notebook}", branch), text)


def _stamp_notebook(text: str, address: str, name: str, branch: str = "main", data: str = "samples") -> str:
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = _stamp_text(source, address, name, branch)
        else:
            source = ADDRESS.sub(lambda _: f'REPOSITORY, BRANCH = "{address}", "{branch}"', source)
            if name[0].isdigit():  # a lesson; the final project has pictures of its own
                source = DATA.sub(lambda _: f"DATA = {json.dumps(data, ensure_ascii=False)}", source)
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m helpers.teaching.stamp", description=__doc__.splitlines()[0])
    parser.add_argument("--branch", help="the branch that a class gets; default: as in pyproject.toml")
    try:
        for changed in stamp(COURSE, branch=parser.parse_args(arguments).branch):
            print("stamped", changed.relative_to(COURSE))
    except OSError as error:
        raise SystemExit(
            f"{error.filename2 or error.filename} cannot be written ({error.strerror}). Nothing was changed. Allow it, "
            "then run this again."
        ) from None
    except ValueError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
