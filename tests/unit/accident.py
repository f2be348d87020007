"""helpers.train with accidents, each once and at one exact moment: PLACE | ACCIDENT [| RANK], in lines of ACCIDENTS.

The moment is when process RANK (0) says a line that begins with PLACE. The accidents: "die" kills the process, "wait"
holds it until torchrun is dead, "fail" is a fault of its own. Those that have happened are kept in the folder HAPPENED.
"""

import os
import runpy
import time
from pathlib import Path

import psutil

from helpers.train import messages, processes

say = messages.report


def report(line, end="\n"):
    say(line, end)
    for number, accident in enumerate(os.environ["ACCIDENTS"].splitlines()):
        place, what, rank = ([part.strip() for part in accident.split("|")] + ["0"])[:3]
        happened = Path(os.environ["HAPPENED"], str(number))
        if not line.startswith(place) or processes.RANK != int(rank) or happened.exists():
            continue
        happened.touch()
        if what == "die":
            psutil.Process().kill()
        elif what == "wait":
            while not processes.is_abandoned():
                time.sleep(0.05)
        else:
            raise RuntimeError("a fault of its own")


messages.report = report
runpy.run_module("helpers.train", run_name="__main__", alter_sys=True)
