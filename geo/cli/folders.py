"""Folders that commands write files to."""

from __future__ import annotations

import os
from pathlib import Path

from geo.errors import InputError

__all__ = ["make"]


def make(folder: Path) -> None:
    """See to it that the folder is there and may be written to.

    Raises
    ------
    InputError
        If it cannot be made, or nobody may write there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError("cli.folder_unusable", folder=folder) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError("cli.folder_unusable", folder=folder)
