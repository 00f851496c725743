"""The few errors a person may see. Each carries a message key, so that one catalogue speaks for all of them."""

from __future__ import annotations

import errno
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

from geo.text import Lang, clock, t


@dataclass(frozen=True)
class Cause:
    """Why the system, the database or a reader failed: fills a placeholder of a message in the reader's language.

    Attributes
    ----------
    key : str
        Message key in the catalogue.
    text : str
        What was said by the part that failed, always in English: kept for the English message.
    code : str
        Its code, where the catalogue has no words for it.
    """

    key: str
    text: str = ""
    code: str = ""

    def message(self, lang: Lang) -> str:
        """The cause in `lang`."""
        return self.text if lang == "en" and self.text else t(self.key, lang, code=self.code)


@dataclass(frozen=True)
class Moment:
    """A moment as the store keeps it: fills a placeholder of a message in the reader's language and time."""

    stamp: str

    def message(self, lang: Lang) -> str:
        """The moment in `lang`."""
        return clock(self.stamp, lang)


_ERRNO = {
    errno.ENOSPC: "disk_full", errno.EDQUOT: "disk_full", errno.EFBIG: "too_large", errno.EACCES: "no_right",
    errno.EPERM: "no_right", errno.EROFS: "no_right", errno.ENOENT: "missing", errno.ENOTDIR: "missing",
    errno.EISDIR: "folder", errno.EIO: "device", errno.ENAMETOOLONG: "name", errno.ELOOP: "name", errno.EILSEQ: "name",
    errno.ENXIO: "special", errno.ENODEV: "special", errno.EBADF: "closed", errno.EPIPE: "closed",
    errno.EEXIST: "occupied", errno.EADDRINUSE: "in_use", errno.EADDRNOTAVAIL: "no_address",
}  # fmt: skip
_SAID = {
    "disk is full": "disk_full", "no space left": "disk_full", "locked": "locked", "not a database": "not_database",
    "readonly": "no_right", "unable to open": "missing", "malformed": "damaged", "disk i/o": "device",
    "null byte": "name", "null character": "name", "surrogates not allowed": "name", "can't decode byte": "encoding",
    "name or service": "no_address", "too long": "no_address",
}  # fmt: skip
_LEAST_ROOM = 64 * 1024
"""Bytes that SQLite needs beside its file before it can open it; with fewer it says something else than a full disk."""


def cause(error: BaseException, *, otherwise: str = "other", at: Path | None = None) -> Cause:
    """The cause in words, for what happens often: full disk, no right, locked, no database, damaged.

    Parameters
    ----------
    otherwise : {"other", "content"}
        What is said where none of these is meant: the error's code, or that a file's content is not what it should be.
    at : Path, optional
        Where it happened. Some databases say of a full disk or a folder nobody may write to that they cannot open a
        file, or that the disk fails; a look there tells.
    """
    text = (str(getattr(error, "strerror", None) or error).splitlines() or ["–"])[0][:200]
    code = getattr(error, "sqlite_errorname", None) or type(error).__name__
    name = _ERRNO.get(getattr(error, "errno", None) or 0, "")
    if not name:
        lower = text.lower()
        name = next((name for words, name in _SAID.items() if words in lower), "")
    if at is not None and name in ("missing", "device", "no_right"):
        seen = _seen(at) or ("too_large" if name == "device" and _is_limited() else name)
        name, text = seen, text if seen == name else ""
    return Cause(f"core.cause_{name or otherwise}", text, str(code))


def _seen(at: Path) -> str:
    """What is wrong with the place of a file, as far as a look there tells; empty where nothing is."""
    if at.is_dir():
        return "folder"
    try:
        place = os.statvfs(at.parent)
    except (AttributeError, OSError, ValueError):  # there is none, or the system has no such question
        return ""
    if place.f_bavail * place.f_frsize < _LEAST_ROOM or (place.f_files and not place.f_favail):
        return "disk_full"
    return "" if os.access(at.parent, os.W_OK) else "no_right"


def _is_limited() -> bool:
    """Whether this account's files may not be as large as it likes, which SQLite takes for a disk that fails."""
    return resource is not None and resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


class AnttError(Exception):
    """Something a person can act on: what is wrong, how many, the first case, what to do.

    Parameters
    ----------
    key : str
        Message key in the catalogue (`geo/locale`).
    **params
        Values for its placeholders.
    """

    def __init__(self, key: str, /, **params: object) -> None:
        self.key = key
        self.params = params
        super().__init__(self.message("en"))

    def __reduce__(self) -> tuple[object, ...]:
        """So that it can come from another process: subclasses may be made from other arguments."""
        return _again, (type(self), self.key, self.params), dict(vars(self))

    def message(self, lang: Lang) -> str:
        """The sentence for a person, in `lang`."""
        said = {
            n: value.message(lang) if isinstance(value, Cause | Moment | AnttError) else value
            for n, value in self.params.items()
        }
        return t(self.key, lang, **said)


def _again(kind: type[AnttError], key: str, params: dict[str, object]) -> AnttError:
    error = kind.__new__(kind)
    AnttError.__init__(error, key, **params)
    return error


class InputError(AnttError):
    """A file, value or request from outside is not usable; nothing was changed."""


class StoreError(AnttError):
    """The store cannot be opened, read or written."""


class NotFoundError(AnttError):
    """A named thing (unit, batch, boundary version) does not exist."""


class AlreadyDoneError(InputError, StoreError):
    """What was asked of the store was done before; nothing was changed."""


_OF_THE_MACHINE = ("disk_full", "too_large", "no_right", "device")


def of_the_machine(error: BaseException) -> InputError | None:
    """A full disk, a missing right or a failing disk as a sentence to act on, wherever it was met; None for the rest.

    Every edge asks this of what nobody foresaw, so that no cause of the machine's is called an error of the program's.
    """
    if isinstance(error, AnttError) or not isinstance(error, OSError | sqlite3.Error):
        return None
    why = cause(error)
    if why.key.removeprefix("core.cause_") not in _OF_THE_MACHINE:
        return None
    return InputError("core.unwritable", file=getattr(error, "filename", None) or "–", detail=why)
