"""Files a person takes along. A page offers one under a name nobody can guess; asked for, it is made by a worker of its
own, however busy the pages are, and held for minutes for the visit it was made for and no other.

`POST files/<offer>` starts it, `GET files/<made>/state` says how far it is, `GET files/<made>/<name>` hands it over. An
offer lasts as long as the visit's session; the file stays for `HELD_S` after it is made.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import quote
from weakref import WeakValueDictionary

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from geo.errors import AnttError, of_the_machine
from geo.text import Lang, t
from geo.ui.index_page import VISIT

log = logging.getLogger("geo.ui")

HELD_S = 600.0
"""How long a file can be fetched after it was made."""

_FRESH_S = 60.0
_UNSTORED = {"Cache-Control": "no-store"}

ROOM = 512 * 2**20
"""Bytes that all made files together may take; above it those fetched go first, then the oldest."""

Step = Callable[[float], None]
"""Told what share of a file is made."""


class Made(NamedTuple):
    """A file to be made.

    Attributes
    ----------
    name : str
    make : callable
        Gives its content; told how to say how far it is.
    of : object
        What it is made of, of a kind that can be compared: asked for again while it is being made, it is the same file.
    long : bool
        Takes many seconds. Such files wait for each other, and no other file waits for them.
    """

    name: str
    make: Callable[[Step], bytes]
    of: object = None
    long: bool = False


_MEDIA = {
    "png": "image/png", "pdf": "application/pdf", "html": "text/html", "json": "application/json", "csv": "text/csv",
    "gpkg": "application/geopackage+sqlite3", "geojson": "application/geo+json", "yaml": "application/yaml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(eq=False)
class Offer:
    """A file that a visit may have.

    Attributes
    ----------
    token : str
    visit : str
        Value of its cookie.
    what : callable
        Says what is meant by now: name and maker; asked when the button is pressed.
    lang : {"vi", "en"}
    """

    token: str
    visit: str
    what: Callable[[], Made]
    lang: Lang
    last: _File | None = None


@dataclass(eq=False)
class _File:
    """A file being made, or made."""

    token: str
    visit: str
    name: str
    lang: Lang
    of: object = None
    work: Future[bytes] = field(default_factory=Future)
    share: float = 0.0
    since: float = float("inf")
    fetched: bool = False

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.work.result()) if self.ready else 0

    @property
    def ready(self) -> bool:
        """It can be fetched."""
        return self.work.done() and self.work.exception() is None

    def tell(self, share: float) -> None:
        """Note how far it is."""
        self.share = share

    def over(self, _work: object) -> None:
        """It is made, or failed: from now on it is held."""
        self.since = time.monotonic()


class _Held:
    """Files by their token."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._lock = Lock()

    def put(self, file: _File) -> None:
        self._tidy()
        with self._lock:
            self._files[file.token] = file

    def get(self, token: str, visit: str) -> _File | None:
        """The file, for the visit it was made for."""
        self._tidy()
        file = self._files.get(token)
        return file if file and visit and secrets.compare_digest(file.visit, visit) else None

    def _tidy(self) -> None:
        """Let go what is over its time; then, above the room there is, what was fetched, then what is oldest.

        What was made a moment ago and is about to be fetched stays, whatever its size.
        """
        now = time.monotonic()
        with self._lock:
            for file in [file for file in self._files.values() if now - file.since > HELD_S]:
                del self._files[file.token]
            room = sum(file.size for file in self._files.values())
            old = [file for file in self._files.values() if file.fetched or now - file.since > _FRESH_S]
            for file in sorted(old, key=lambda file: (not file.fetched, file.since)):
                if room <= ROOM:
                    break
                room -= file.size
                del self._files[file.token]


_offers: WeakValueDictionary[str, Offer] = WeakValueDictionary()
_held = _Held()
_workers = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="files")
_long_work = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-files")


def offer(key: str, what: Callable[[], Made], lang: Lang) -> str:
    """Offer a file to the visit whose script runs, and give the address it is asked for at.

    Parameters
    ----------
    key : str
        Names the button; the same one keeps its address.
    what : callable
        Says name and maker of the file; called when the button is pressed, outside of any script.
    lang : {"vi", "en"}
        Language of what is said when it cannot be made.
    """
    mine: dict[str, Offer] = st.session_state.setdefault("offers", {})
    if key not in mine:
        mine[key] = Offer(secrets.token_urlsafe(24), st.context.cookies.get(VISIT, ""), what, lang)
        _offers[mine[key].token] = mine[key]
    mine[key].what, mine[key].lang = what, lang
    return f"files/{mine[key].token}"


def withdraw(key: str) -> None:
    """Offer a file no longer, and let go what it would be made of."""
    st.session_state.get("offers", {}).pop(key, None)


def _visit(request: Request) -> str:
    return request.cookies.get(VISIT, "")


def _gone() -> Response:
    words = " ".join(t("ui.file_gone", lang) for lang in ("vi", "en"))
    return JSONResponse({"state": "failed", "message": words}, 404, headers=_UNSTORED)


async def start(request: Request) -> Response:
    """Begin to make what is offered; a browser without our script waits for it and is led to it."""
    offered = _offers.get(request.path_params["offer"])
    visit = _visit(request)
    if offered is None or not visit or not secrets.compare_digest(offered.visit, visit):
        return _gone()
    file = _begin(offered)
    if request.method == "POST":
        return _said(file)
    while not file.work.done():
        await asyncio.sleep(0.1)
    return RedirectResponse(f"./{_path(file)}", 303, _UNSTORED) if file.ready else _said(file)


def _begin(offered: Offer) -> _File:
    token = secrets.token_urlsafe(24)
    try:
        what = offered.what()
        last = offered.last
        if last is not None and not last.work.done() and what.of is not None and last.of == what.of:
            return last
        file = offered.last = _File(token, offered.visit, what.name, offered.lang, what.of)
        file.work = (_long_work if what.long else _workers).submit(what.make, file.tell)
    except Exception as error:
        file = _File(token, offered.visit, "", offered.lang)
        file.work.set_exception(error)
    file.work.add_done_callback(file.over)
    _held.put(file)
    return file


def _path(file: _File) -> str:
    return f"{file.token}/{quote(file.name, safe='')}"


def _said(file: _File) -> Response:
    """How far a file is, for the script of the page."""
    said: dict[str, Any] = {"state": "working", "share": file.share, "at": f"files/{file.token}/state"}
    if file.ready:
        said = {"state": "ready", "file": f"files/{_path(file)}", "name": file.name}
    elif file.work.done():
        said = {"state": "failed", "message": _why(file)}
    return JSONResponse(said, headers=_UNSTORED)


def _why(file: _File) -> str:
    error = file.work.exception()
    known = error if isinstance(error, AnttError) or error is None else of_the_machine(error)
    if known is not None:
        return known.message(file.lang)
    log.error("file failed, code %s", file.token[:6], exc_info=error)
    return t("ui.failed", file.lang, code=file.token[:6])


async def state(request: Request) -> Response:
    """How far a file is."""
    file = _held.get(request.path_params["made"], _visit(request))
    return _gone() if file is None else _said(file)


async def hand_over(request: Request) -> Response:
    """A file that is made."""
    file = _held.get(request.path_params["made"], _visit(request))
    if file is None or not file.ready:
        return _gone()
    file.fetched = True
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    kind = file.name.rpartition(".")[2]
    return Response(file.work.result(), media_type=_MEDIA.get(kind, "application/octet-stream"), headers=headers)
