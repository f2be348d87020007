"""What lies at an address, with limits on size and time: a file, or bytes."""

import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

PATIENCE, LONGEST = 8, 180  # seconds without an answer, and for a whole file, before a download is given up


def download(url: str, target: Path, what: str, most: int = 200_000_000) -> None:
    """Write the file at url to target. OSError above `most` bytes, or if it would take longer than LONGEST seconds."""
    with urlopen(url, timeout=PATIENCE) as answer, open(target, "wb") as file:
        size, begin = int(answer.headers.get("Content-Length") or 0), time.monotonic()
        print(f"Fetching {what} ({size / 1e6:.0f} MB, once) ...")
        while part := answer.read1(1 << 16):
            file.write(part)
            spent = time.monotonic() - begin
            expected = spent * size / file.tell()
            if max(size, file.tell()) > most:
                raise OSError(f"{max(size, file.tell()) / 1e6:.0f} MB come, expected at most {most / 1e6:.0f} MB")
            if spent > LONGEST or (spent > PATIENCE and expected > LONGEST):
                raise OSError(f"the network is slow, it would take about {max(expected, spent) / 60:.0f} minutes")
        if file.tell() < size:
            raise OSError(f"the connection broke after {file.tell() / 1e6:.0f} MB")


def fetch_bytes(url: str, most: int = 50_000_000, seconds: float = 20) -> bytes:
    """What lies at an http(s) address. ValueError above `most` bytes or `seconds`, OSError without answer."""
    end, content = time.monotonic() + seconds, bytearray()
    address = quote(url, safe="%/:?&=#@+,;~!$'()*[]")  # ä and spaces become codes
    request = Request(address, headers={"User-Agent": "Brick by Brick, a course"})
    with urlopen(request, timeout=seconds) as answer:
        while part := answer.read1(1 << 16):
            content += part
            if len(content) > most or time.monotonic() > end:
                size = f"{len(content) / 1e6:.1f} MB"
                limit = f"{most / 1e6:.0f} MB and {seconds:.0f} s"
                raise ValueError(f"{size} came and no end, expected at most {limit}")
    return bytes(content)
