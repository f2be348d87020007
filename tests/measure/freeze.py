"""Write the versions of this environment into tests/constraints.txt. Run it after all tests were green here.

.venv/bin/python tests/measure/freeze.py
"""

import importlib.metadata
import platform
from datetime import date
from pathlib import Path

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
HEAD = """# The versions with which all tests were last green ({system}, Python {python}, {day}), for the day when a
# new release breaks something: pip install -r requirements.txt -c tests/constraints.txt
# Written by tests/measure/freeze.py.
"""


def main() -> None:
    found = {package.name.lower(): package.version.split("+")[0] for package in importlib.metadata.distributions()}
    pins = [f"{name}=={version}\n" for name, version in sorted(found.items()) if name not in ("pip", "setuptools")]
    head = HEAD.format(system=platform.system(), python=platform.python_version(), day=date.today())
    CONSTRAINTS.write_text(head + "".join(pins), encoding="utf-8", newline="\n")
    print(f"{CONSTRAINTS}: {len(pins)} versions")


if __name__ == "__main__":
    main()
