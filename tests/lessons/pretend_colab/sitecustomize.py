"""Python imports this by itself at its start, from PYTHONPATH: it makes a kernel look like Colab's, and keeps a record.

Into record.jsonl, beside the folder for temporary files, go all programs that are started, pip when it is imported,
and all files that are opened for writing: one JSON list a line, (event, what).
"""

import json
import os
import sys
import types

RECORD = os.path.join(os.path.dirname(os.environ["TMPDIR"]), "record.jsonl")
STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT

google = sys.modules.setdefault("google", types.ModuleType("google"))
google.colab = sys.modules["google.colab"] = types.ModuleType("google.colab")


def record(event, what):
    with open(RECORD, "a", encoding="utf-8") as file:
        file.write(json.dumps([event, what]) + "\n")


def hook(event, args):
    if event in STARTS:
        words = args[0] if event == "os.system" else args[1]
        record("start", os.fsdecode(words) if isinstance(words, str | bytes) else " ".join(map(os.fsdecode, words)))
    elif event == "import" and args[0] == "pip":
        record("start", "pip, imported")
    elif event == "open" and isinstance(args[0], str | bytes) and args[2] & WRITES:
        path = os.path.abspath(os.fsdecode(args[0]))
        if path != RECORD:
            record("write", path)


sys.addaudithook(hook)
