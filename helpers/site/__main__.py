"""Build the site from the committed notebooks. Nothing of them is executed, and no network is needed.

python -m pip install -r helpers/site/requirements.txt
python -m helpers.site              # into website/; open website/index.html
python -m helpers.site --out DIR
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from ..settings import COURSE


def build(out: Path) -> int:
    """Write the site into `out`, in place of an older one. Returns 0, or what Sphinx returns when it warns.

    ModuleNotFoundError without the packages of requirements.txt; OSError if those of the cards cannot be fetched;
    ValueError, and nothing is written, if `out` holds anything but an older site, or an explorer cannot be drawn.
    """
    if out.exists() and not (out / "objects.inv").is_file() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out} is no older site, and not empty. Nothing was written. Name another folder with --out.")
    from sphinx.cmd.build import build_main

    from ..teaching import handouts
    from .live import draw_live
    from .sources import write_sources

    with tempfile.TemporaryDirectory() as folder:
        sources, live, new = (Path(folder, name) for name in ("sources", "live", "new"))
        sources.mkdir()
        write_sources(sources, lambda name: draw_live(name, live / name, f"../_static/live/{name}"))
        options = ["-c", str(Path(__file__).parent), "-d", f"{folder}/doctrees", "--fail-on-warning", "-q"]
        for builder, target in (("html", new), ("singlehtml", Path(folder, "book"))):
            if code := build_main([*options, "-b", builder, "-t", builder, str(sources), str(target)]):
                return code
        shutil.copytree(live, new / "_static/live")
        handouts.build(handouts.find_notebooks(["0"]), new / "handouts")
        for key in (new / "handouts").glob("*_key.html"):  # keys stay at home
            key.unlink()
        book = Path(folder, "book/index.html").read_text("utf-8")
        book = re.sub(r'(?<=")(?=_static/|_images/|search|genindex)', "../", book)  # the pages' files serve it, too
        book = re.sub(r'href="#document-[^"#]*#', 'href="#', book)
        (new / "book").mkdir()
        (new / "book/index.html").write_text(book, "utf-8")
        if out.exists():
            shutil.rmtree(out)
        shutil.copytree(new, out)
    return 0


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m helpers.site", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=COURSE / "website", help="folder, default: website")
    out = parser.parse_args(words).out
    try:
        code = build(out)
    except ModuleNotFoundError as error:
        sys.exit(f"The site needs {error.name}. Run: {sys.executable} -m pip install -r helpers/site/requirements.txt")
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    print(f"{out / 'index.html'} is ready." if not code else "The site was not written: mend what is named above.")
    return code


if __name__ == "__main__":
    sys.exit(main())
