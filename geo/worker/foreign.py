"""Files from outside read in a process of their own: whatever is in them, it ends, and nobody else waits for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import InputError
from geo.worker.calls import Allowance, Stopped, call

__all__ = ["read_apart"]

Result = TypeVar("Result")

_SECONDS, _SECONDS_A_MEGABYTE = 3.5, 4.0
_MEMORY, _TIMES_ITS_SIZE = 1 << 30, 20
_MOST_MEMORY = 4 << 30
_NICE = 4
"""Less than what computes for long: a good file must not run out of time because others are busy."""


def read_apart(
    function: Callable[..., Result], source: Path | bytes, *args: object, name: str = "", **options: Any
) -> Result:
    """What a function reads from a file.

    Parameters
    ----------
    function : callable
        Of a module; takes the source, then `args` and the options.
    source : Path or bytes
        File, folder of files, or the content of a file.
    name : str, optional
        What the file is called in messages; that of the path by default.

    Raises
    ------
    InputError
        What the function raises; or if it does not end within 3.5 s and 4 s a megabyte, takes more than 1 GB and twenty
        times the size of the file, 4 GB at most, or makes a library fail.
    """
    size = _size(source)
    seconds = _SECONDS + _SECONDS_A_MEGABYTE * size / 1e6
    allowance = Allowance(seconds, min(_MEMORY + _TIMES_ITS_SIZE * size, _MOST_MEMORY), nice=_NICE)
    try:
        return call(function, source, *args, allowance=allowance, **options)
    except Stopped as stopped:
        shown = name or (source.name if isinstance(source, Path) else "–")
        raise InputError(f"core.stopped_{stopped.why}", file=shown, seconds=round(seconds)) from None


def _size(source: Path | bytes) -> int:
    if isinstance(source, bytes):
        return len(source)
    try:
        files = source.rglob("*") if source.is_dir() else [source]
        return sum(file.stat().st_size for file in files if file.is_file())
    except (OSError, ValueError):  # a name that no file can have: said by the one who reads
        return 0
