"""What calls of the tests do in the other process."""

from __future__ import annotations

import os
import time
from pathlib import Path

from geo.errors import InputError


def plus(a: int, *, b: int = 0) -> int:
    return a + b


def its_process() -> int:
    return os.getpid()


def sleep_for_ever() -> None:
    time.sleep(600)


def hold_everything() -> None:
    while True:
        sum(range(10**8))


def take(n: int) -> int:
    return len(bytearray(n))


def die() -> None:
    os.abort()


def refuse(name: str) -> None:
    raise InputError("ingest.missing_file", file=name)


def go_wrong() -> None:
    raise KeyError("a fault of the program")


def go_on(progress) -> str:
    progress(0.5, "ingest.step_read")
    time.sleep(1)
    return "there"


def write(path: Path, n: int) -> None:
    path.write_bytes(b"0" * n)


def setting() -> str:
    return os.environ.get("ANTT_MARKING", "")
