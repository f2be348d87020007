"""The checks and the quiz of each lesson, one file a lesson. Each registers its own."""

import re
from importlib import import_module
from pkgutil import iter_modules

for _file in iter_modules(__path__):
    if re.fullmatch(r"lesson\d+", _file.name):  # a copy, such as lesson3_old.py, is left alone
        import_module(f"{__name__}.{_file.name}")
