"""Files that are complete or absent, and zips that are the same whenever they are made."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from geo.errors import InputError, cause


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
        raise InputError("core.unwritable", file=path, detail=cause(error)) from error


_STAMPED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def repeatable_zip(content: bytes, *, stamped: bool = False) -> bytes:
    """The same zip without the time of day in it, workbooks inside it included.

    `stamped` also replaces the dates that an Office file says it was made and changed on.
    """
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in source.namelist():
            held = source.read(name)
            if name.endswith(".xlsx"):
                held = repeatable_zip(held, stamped=True)
            elif stamped and name == "docProps/core.xml":
                held = _STAMPED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", held)
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            made.writestr(entry, held)
    return target.getvalue()
