"""Names that a cell was to make and did not, since it ended in an error: no check may judge their older values."""

import re

from IPython import get_ipython

MAKES = re.compile(r"^\s*(?:(?:async +)?def|class) +(\w+)|^\s*(\w+(?: *, *\w+)*) *(?::[^=\n]+)?=(?!=)", re.MULTILINE)

failed: set[str] = set()  # names that hold what they held before the last cell that was to make them
raised: set[str] = set()  # names of which the last cell that was to make them ended in an error
_before: dict[str, object] = {}  # what the names held when the cell began that is running now


def names_made(source: str) -> set[str]:
    """The names to which a cell gives a value, also where Python cannot read the cell."""
    return {name for pair in MAKES.findall(source) for name in re.split(r"[ ,]+", pair[0] or pair[1]) if name}


def begin(info) -> None:
    """Before a cell: keep what its names hold. info: IPython's, with raw_cell, the source."""
    namespace = get_ipython().user_ns
    _before.clear()
    _before.update({name: namespace.get(name) for name in names_made(info.raw_cell or "")})


def end(result) -> None:
    """After a cell: which of its names have still the same value, though the cell was to make them anew?"""
    namespace = get_ipython().user_ns
    (raised.difference_update if result.success else raised.update)(_before)
    for name, value in _before.items():
        if result.success or namespace.get(name) is not value:
            failed.discard(name)
        else:
            failed.add(name)
    _before.clear()


def watch() -> None:
    """Listen to the cells of the notebook that imports this. Elsewhere there are none."""
    if shell := get_ipython():
        shell.events.register("pre_run_cell", begin)
        shell.events.register("post_run_cell", end)
