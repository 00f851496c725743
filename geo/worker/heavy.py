"""What takes longer than a moment, reckoned beside whoever waits, who may look at how far it is and end it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from typing import Any, TypeVar

from geo.errors import InputError
from geo.worker.calls import Allowance, Progress, Stopped, Why, call

__all__ = ["Ended", "heavy", "watching"]

Result = TypeVar("Result")

_ALLOWANCE = Allowance(seconds=900, memory_bytes=4 << 30)

_watcher: ContextVar[tuple[Progress | None, Event | None]] = ContextVar("watcher", default=(None, None))


class Ended(InputError):
    """Somebody who watched has ended it."""


@contextmanager
def watching(progress: Progress, stop: Event | None = None) -> Iterator[None]:
    """What is reckoned inside tells how far it is, four times a second, and ends by `stop`, or by what is raised."""
    token = _watcher.set((progress, stop))
    try:
        yield
    finally:
        _watcher.reset(token)


def heavy(function: Callable[..., Result], *args: Any, **options: Any) -> Result:
    """What a function gives, reckoned in a process of its own.

    Raises
    ------
    InputError
        If it takes more than a quarter of an hour or 4 GB.
    Ended
        If somebody who watches has asked for it.
    """
    progress, stop = _watcher.get()
    try:
        return call(function, *args, allowance=_ALLOWANCE, progress=progress, stop=stop, **options)
    except Stopped as stopped:
        if stopped.why is Why.ASKED:
            raise Ended("core.heavy_asked") from None
        raise InputError(f"core.heavy_{stopped.why}") from None
