"""Files that are complete or absent, and zips that are the same whenever they are made."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from geo.errors import AnttError, Cause, InputError, cause


def read_whole(path: Path, shown: object = None) -> bytes:
    """The content of a file, told from a folder, a device and a pipe, none of which has an end to wait for.

    Raises
    ------
    InputError
        If there is none, or it may not be read.
    """
    try:
        refuse_special(path)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError("core.unreadable", file=shown or path, detail=cause(error)) from error


def refuse_special(path: Path) -> None:
    """Raise OSError where something else than a file is: a folder, a device, a pipe. Nothing may be there."""
    try:
        kind = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(kind):
        raise _special(path)


_OF_THE_SYSTEM = ("/dev/", "/proc/", "/sys/")


def target_of(path: Path) -> Path:
    """Where a file is to be written that a person named; of a link, the file it leads to.

    Raises
    ------
    OSError
        If something else than a file is there, or a way to what this process has open, such as `/dev/stdout`.
    """
    refuse_special(path)
    if os.path.abspath(path).startswith(_OF_THE_SYSTEM):
        raise _special(path)
    return Path(os.path.realpath(path))


def _special(path: Path) -> OSError:
    return OSError(errno.ENXIO, "This is a device or a pipe, not a file", str(path))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, readable by everyone; where that fails nothing is left behind, and what was there stays.

    Of a link the file it leads to is written, and the link stays.

    Raises
    ------
    InputError
        If the folder does not exist, may not be written to, or is full, or something other than such a file is there:
        a folder, a device, a database.
    """
    name = ""
    try:
        target = target_of(path)
        _refuse_database(target)
        with NamedTemporaryFile(dir=target.parent, delete=False) as file:
            name = file.name
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except (OSError, ValueError) as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise InputError("core.unwritable", file=path, detail=cause(error)) from error


_SQLITE = b"SQLite format 3\0"


def _refuse_database(path: Path) -> None:
    """Refuse to replace a database, such as the store, by a file; a GeoPackage is one that we do write."""
    if path.suffix.lower() == ".gpkg" or not path.is_file():
        return
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) == _SQLITE:
            raise InputError("core.unwritable", file=path, detail=Cause("core.cause_database"))


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for as long as the block takes.

    Raises
    ------
    InputError
        If there is no room for it or what is written there, whoever says so and in whatever words.
    """
    try:
        folder = TemporaryDirectory(ignore_cleanup_errors=True)
    except OSError as error:  # "No usable temporary directory" is said of a full disk, too
        place = _usual_scratch()
        raise InputError("core.unwritable", file=place, detail=cause(error, at=place / "x")) from error
    with folder as name:
        try:
            yield Path(name)
        except AnttError:
            raise
        except Exception as error:
            why = cause(error, at=Path(name) / "x")
            if why.key != "core.cause_disk_full":
                raise
            raise InputError("core.unwritable", file=Path(name).parent, detail=why) from error


@contextmanager
def plain_path(path: Path) -> Iterator[Path]:
    """The same file, and those of its name with other endings, under a path that GDAL takes for one.

    To it, "!" stands between an archive and what is in it.
    """
    if "!" not in str(path):
        yield path
        return
    with scratch() as folder:
        stem = path.stem.replace("!", "_")
        for sibling in path.parent.iterdir():
            if sibling.stem == path.stem:
                (folder / f"{stem}{sibling.suffix}").symlink_to(os.path.abspath(sibling))
        yield folder / f"{stem}{path.suffix}"


def _usual_scratch() -> Path:
    """Where temporary files would lie, whether or not any can."""
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return Path(next(filter(None, named), "/tmp" if os.name == "posix" else "."))


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
