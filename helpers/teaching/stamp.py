"""Write the address of this course's repository into the first cells and the badges.

The address is kept in one place, pyproject.toml ([tool.brick-by-brick] repository). After changing it, run

    python -m helpers.teaching.stamp
"""

import json
import re
import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from ..files.writing import written_whole
from ..settings import COURSE

BADGES = re.compile(r"<!-- colab -->.*?<!-- /colab -->", re.DOTALL)
ADDRESS = re.compile(r'^REPOSITORY = "[^"]*"', re.MULTILINE)


def read_address(pyproject: Path = COURSE / "pyproject.toml") -> str:
    """The address in pyproject.toml, "" if none is set. ValueError if Colab and Binder could not open it."""
    address = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["brick-by-brick"]["repository"]
    address = address.removesuffix("/").removesuffix(".git")
    if address and not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address):
        raise ValueError(
            f'{address!r} in pyproject.toml is no address such as "https://github.com/you/brick-by-brick".'
        )
    return address


def badges(address: str, path: str = "") -> str:
    """The text between the marks: links that open `path` on Colab and Binder; without an address, nothing."""
    links = ""
    if address:
        repository = urlsplit(address).path.strip("/")
        colab = f"https://colab.research.google.com/github/{repository}/blob/main/{path}"
        binder = f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/{path}"
        links = f" · [Open in Colab]({colab}) · [Open in Binder]({binder})"
    return f"<!-- colab -->{links}<!-- /colab -->"


def stamp(course: Path = COURSE, address: str | None = None) -> list[Path]:
    """Stamp every notebook and the README below `course`. Returns the files that changed.

    ValueError, and nothing is changed, if one of them cannot be read, or written as text.
    """
    address = read_address(course / "pyproject.toml") if address is None else address
    changed = {}
    for path in [course / "README.md", *sorted((course / "notebooks").glob("*.ipynb"))]:
        try:
            old = path.read_text(encoding="utf-8")
            new = _stamp_notebook(old, address, path.name) if path.suffix == ".ipynb" else _stamp_text(old, address)
            new.encode()
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(
                f"{path} cannot be stamped ({type(error).__name__}: {error}). Nothing was changed. Mend that file, or "
                "move it out of the folder."
            ) from None
        if new != old:
            changed[path] = new
    with ExitStack() as all_or_none:
        for path, text in changed.items():
            unfinished = all_or_none.enter_context(written_whole(path))
            unfinished.write_text(text, encoding="utf-8", newline="\n")
    return list(changed)


def _stamp_text(text: str, address: str, notebook: str = "00_start_here.ipynb") -> str:
    return BADGES.sub(lambda _: badges(address, f"notebooks/{notebook}"), text)


def _stamp_notebook(text: str, address: str, name: str) -> str:
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = _stamp_text(source, address, name)
        else:
            source = ADDRESS.sub(lambda _: f'REPOSITORY = "{address}"', source)
        cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    try:
        for changed in stamp():
            print("stamped", changed.relative_to(COURSE))
    except ValueError as error:
        sys.exit(str(error))
