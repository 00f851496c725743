"""Where what a visitor sends lies while it is read, and not a moment longer: nobody else may open it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from geo import settings
from geo.errors import InputError, cause

__all__ = ["lying"]


@contextmanager
def lying(name: str, content: bytes) -> Iterator[Path]:
    """A sent file, complete, under its own name, in a folder of its own for as long as it is used.

    Raises
    ------
    InputError
        If the disk has no room or may not be written to; nothing is left there.
    """
    root = settings.load().home / "uploads"
    folder = None
    try:
        _swept(root)
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
        path = folder / (Path(name).name or "upload")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except (OSError, ValueError) as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise InputError("core.unwritable", file=name, detail=cause(error, at=root / "x")) from error
    try:
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _swept(root: Path) -> None:
    """Once in a process: what processes that were killed have left goes."""
    if not root.is_dir():
        return
    for folder in root.iterdir():
        owner = folder.name.partition("-")[0]
        if not (owner.isdigit() and int(owner) != os.getpid() and _is_alive(int(owner))):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
