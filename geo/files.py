"""Files that are complete or absent: written beside their place and moved there."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from geo.errors import InputError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, readable by everyone; where that fails nothing is left behind, and what was there stays.

    Raises
    ------
    InputError
        If the folder does not exist, may not be written to, or is full.
    """
    name = ""
    try:
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            name = file.name
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise InputError("core.unwritable", file=path, detail=error.strerror or error) from error
