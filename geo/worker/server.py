"""The other process: imports everything once, and forks for each call."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import pickle
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from geo import settings
from geo.errors import AnttError
from geo.text import catalogue
from geo.worker.calls import PID, Allowance

try:
    import resource
except ImportError:  # not on Windows, where whoever waits ends what takes too long
    resource = None  # type: ignore[assignment]

READY = (
    "geo.ingest.reading.read",
    "geo.units.layers",
    "geo.units.boundaries",
    "geo.products.documents.recipes",
    "geo.analysis.near_repeat",
    "geo.analysis.scan",
    "geo.analysis.space_time",
)
"""Modules that calls need, imported before the first."""


def serve(control: socket.socket) -> None:
    """Fork for every call until the one who asks is gone."""
    for name in READY:
        importlib.import_module(name)
    catalogue()  # the words in which a file is refused
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        asked, pipes, *_ = socket.recv_fds(control, 1, 2)
        if not asked:
            return
        process = os.fork()
        if process == 0:
            control.close()
            requests, answers = pipes
            _do(os.fdopen(requests, "rb"), os.fdopen(answers, "wb"))
        for pipe in pipes:
            os.close(pipe)
        control.sendall(PID.pack(process))


def _do(requests: BinaryIO, answers: BinaryIO) -> None:
    """One call, from its request to the end of the process."""
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    function, args, options, allowance, tells, environment = pickle.load(requests)
    _into(environment)
    _limit(allowance)

    speaking = threading.Lock()

    def say(*message: object) -> None:
        with speaking:
            pickle.dump(message, answers, protocol=5)
            answers.flush()

    if tells:
        tell = _told_often(say)
        if "progress" in inspect.signature(function).parameters:
            options["progress"] = tell
    try:
        answer: tuple[Any, ...] = ("done", function(*args, **options))
    except MemoryError:
        answer = ("memory",)
    except AnttError as error:
        answer = ("raised", error)
    except BaseException:
        answer = ("failed", traceback.format_exc())
    try:
        say(*answer)
    except MemoryError:
        say("memory")
    finally:
        os._exit(0)


def _told_often(say: Callable[..., None]) -> Callable[[float, str], None]:
    """Says how far a call is when it tells, and anew while it does not: whoever waits may then end it."""
    last: list[tuple[float, str]] = [(0.0, "core.step_work")]

    def repeat() -> None:
        while True:
            time.sleep(_OFTEN_S)
            say("step", *last[-1])

    def tell(share: float, key: str) -> None:
        if (share, key) != last[-1]:
            last[:] = [(share, key)]

    threading.Thread(target=repeat, daemon=True).start()
    return tell


_OFTEN_S = 0.25


def _into(environment: dict[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith("ANTT_")]:
        del os.environ[name]
    os.environ.update(environment)
    settings.load.cache_clear()


def _limit(allowance: Allowance) -> None:
    """Limits of the system, where it has them; the one on time holds too where nobody waits any more."""
    if resource is None:
        return
    os.nice(allowance.nice)
    seconds = int(allowance.seconds) + 2
    signal.alarm(seconds)
    limits = [(resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, allowance.file_bytes), (resource.RLIMIT_CORE, 0)]
    if (taken := _taken()) is not None:
        limits.append((resource.RLIMIT_AS, taken + allowance.memory_bytes))
    for name, most in limits:
        resource.setrlimit(name, (most, most))


def _taken() -> int | None:
    """Memory that the process has by now, bytes; None where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        _do(sys.stdin.buffer, sys.stdout.buffer)
