"""Standard streams that endure: what cannot be written there does not undo what is done."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from geo.errors import Cause, InputError, cause

__all__ = ["Enduring", "enduring", "from_stdin", "may_be_asked", "refusal_of_stdout"]


class Enduring:
    """A text stream that takes everything, whether or not it can still pass it on.

    Parameters
    ----------
    stream : text stream
        Characters that its encoding lacks are written as escapes.

    Attributes
    ----------
    failed : OSError or None
        Why nothing goes through any more.
    """

    def __init__(self, stream: Any) -> None:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        self._stream = stream
        self.failed: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or pass over what nobody receives."""
        if self.failed is None:
            try:
                self._stream.write(text)
            except OSError as error:
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Hand on what is held back."""
        if self.failed is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._fail(error)

    def _fail(self, error: OSError) -> None:
        """What is still held back goes nowhere, or the interpreter would try it again when it ends."""
        self.failed = error
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


@contextmanager
def enduring() -> Iterator[None]:
    """Standard output and error endure, for as long as the block takes."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and Enduring(stream) for stream in before)  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def refusal_of_stdout() -> InputError | None:
    """What to say where standard output took nothing; None where all is well, or its reader had read enough."""
    if sys.stdout is None:
        return None
    sys.stdout.flush()
    failed = getattr(sys.stdout, "failed", None)
    if failed is None or isinstance(failed, BrokenPipeError):
        return None
    return InputError("core.unwritable", file="stdout", detail=cause(failed))


def may_be_asked() -> bool:
    """Whether a person sits at standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


def from_stdin() -> bytes:
    """All of standard input.

    Raises
    ------
    InputError
        If it is closed, or cannot be read.
    """
    if sys.stdin is None:
        raise InputError("core.unreadable", file="stdin", detail=Cause("core.cause_closed"))
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise InputError("core.unreadable", file="stdin", detail=cause(error)) from error
