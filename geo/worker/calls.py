"""Calling a function in another process, from any thread.

A server process without threads holds everything imported and forks for each call: that takes some milliseconds, and
nothing of a call is left for the next. Where processes cannot fork, a new one is started for each call.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import IO, Any, TypeVar

from geo.settings import PACKAGE

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["Allowance", "Stopped", "Why", "call", "warm"]

Result = TypeVar("Result")
Progress = Callable[[float, str], None]

_WITHOUT_THREADS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Libraries told to start none on import: what one of them holds when the server forks would be held for ever."""

PID = struct.Struct("!i")
"""How the server says which process does a call."""

_CAN_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


@dataclass(frozen=True)
class Allowance:
    """What a call may use.

    Attributes
    ----------
    seconds : float
        From its beginning to its end.
    memory_bytes : int
        Beside what the program itself takes.
    file_bytes : int
        Size of any file it writes.
    nice : int
        How far it stands behind whoever clicks at this moment (see `os.nice`).
    """

    seconds: float
    memory_bytes: int = 2 << 30
    file_bytes: int = 2 << 30
    nice: int = 10


class Why(StrEnum):
    """Why a call came to no end of its own."""

    TIME = "time"
    MEMORY = "memory"
    DIED = "died"
    ASKED = "asked"


class Stopped(Exception):
    """A call was ended: it took too long or too much, its process died, or somebody asked for it."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why.value)


def call(
    function: Callable[..., Result],
    *args: object,
    allowance: Allowance,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    **options: object,
) -> Result:
    """What a function gives when it is called in a process of its own.

    Parameters
    ----------
    function : callable
        Of a module, so that the other process finds it by its name; what it takes and gives can be pickled.
    allowance : Allowance
    progress : callable, optional
        Called four times a second with the share and the message key that the function gave last to what it is given
        as `progress`, if it takes that. What is raised there ends the call.
    stop : Event, optional
        Ends the call as soon as it is set.

    Raises
    ------
    Stopped
        If it was ended before it had an answer.
    Exception
        What the function raises.
    """
    request = pickle.dumps((function, args, options, allowance, progress is not None, _environment()), protocol=5)
    with _running(request) as (answers, kill):
        why: list[Why] = []

        def end(reason: Why) -> None:
            why.append(reason)
            kill()

        clock = threading.Timer(allowance.seconds, end, (Why.TIME,))
        clock.daemon = True
        clock.start()
        if stop is not None:
            threading.Thread(target=_await_stop, args=(stop, clock.finished, end), daemon=True).start()
        try:
            answer: Result = _answer(answers, progress)
            return answer
        except (EOFError, pickle.UnpicklingError):
            raise Stopped(why[0] if why else Why.DIED) from None
        finally:
            clock.cancel()


def warm() -> None:
    """Have the server ready before it is needed."""
    if _CAN_FORK:
        _server()


def _await_stop(stop: threading.Event, over: threading.Event, end: Callable[[Why], None]) -> None:
    while not over.is_set():
        if stop.wait(0.2):
            end(Why.ASKED)
            return


def _answer(answers: IO[bytes], progress: Progress | None) -> Any:
    """What comes back, and what is said on the way."""
    while True:
        kind, *said = pickle.load(answers)
        match kind:
            case "step" if progress is not None:
                progress(*said)
            case "done":
                return said[0]
            case "raised":
                raise said[0]
            case "memory":
                raise Stopped(Why.MEMORY)
            case "failed":
                raise RuntimeError(said[0])


def _environment() -> dict[str, str]:
    """Settings as they are now, which may be others than when the server began."""
    return {name: value for name, value in os.environ.items() if name.startswith("ANTT_")}


Running = tuple[IO[bytes], Callable[[], None]]
"""What a process answers, and what ends it."""


@contextmanager
def _running(request: bytes) -> Iterator[Running]:
    """A process that does what is asked."""
    with _forked(request) if _CAN_FORK else _started_once(request) as running:
        yield running


@contextmanager
def _started_once(request: bytes) -> Iterator[Running]:
    """One that is started for it."""
    with _start("once", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise Stopped(Why.DIED)
        with contextlib.suppress(BrokenPipeError), process.stdin as asked:
            asked.write(request)
        try:
            yield process.stdout, process.kill
        finally:
            process.kill()


@contextmanager
def _forked(request: bytes) -> Iterator[Running]:
    """One that the server forks for it."""
    requests, asked = (os.fdopen(pipe, mode) for pipe, mode in zip(os.pipe(), ("rb", "wb")))
    answers, answer = (os.fdopen(pipe, mode, _PIPE) for pipe, mode in zip(_wide(os.pipe()), ("rb", "wb")))
    with answers, asked:
        with requests, answer:
            process_id = _fork(requests.fileno(), answer.fileno())
        with contextlib.suppress(BrokenPipeError), asked:
            asked.write(request)
        try:
            yield answers, lambda: _kill(process_id)
        finally:
            _kill(process_id)


_PIPE = 1 << 20


def _wide(pipe: tuple[int, int]) -> tuple[int, int]:
    """A pipe that takes much at once, where there can be one: tables of a hundred megabytes come back."""
    if fcntl is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe[0], fcntl.F_SETPIPE_SZ, _PIPE)
    return pipe


def _kill(process_id: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)


_asking = threading.Lock()


def _fork(*pipes: int) -> int:
    """The process that the server forks for a call; a server that is gone is started again."""
    with _asking:
        for _ in range(2):
            _, control = _server()
            with contextlib.suppress(OSError):
                socket.send_fds(control, [b"+"], list(pipes))
                if len(said := control.recv(PID.size)) == PID.size:
                    return int(PID.unpack(said)[0])
            control.close()
            _server.cache_clear()
    raise Stopped(Why.DIED)


@cache
def _server() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The server, which ends when this process does, and the way to it."""
    ours, theirs = socket.socketpair()
    with theirs:
        nothing = subprocess.DEVNULL
        process = _start("serve", str(theirs.fileno()), pass_fds=(theirs.fileno(),), stdin=nothing, stdout=nothing)
    return process, ours


def _start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **_WITHOUT_THREADS, "PYTHONPATH": str(PACKAGE.parent)}
    command = [sys.executable, "-P", "-m", "geo.worker.server", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, **options)


if _CAN_FORK:  # a fork of this process has no server of its own: two must not talk to one
    os.register_at_fork(after_in_child=_server.cache_clear)
