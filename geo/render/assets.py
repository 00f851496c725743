"""Files the browser asks for, all from this machine: libraries and fonts from installed packages, our own script and
style sheet, boundary geometry, and arrays published for one map.

An address is the path below `/assets/`. Content-addressed ones never change and are cached by the browser for good.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import fontpkg_be_vietnam_pro
from xstatic.pkg import leaflet

from geo.cartography import basemap
from geo.errors import NotFoundError
from geo.settings import PACKAGE

FROM_COMPONENT = "../../assets"
"""The folder of all assets as seen from a Streamlit component's frame (`/component/<name>/index.html`)."""

ARRAY = "application/octet-stream"
"""Media type of arrays of numbers."""

_OWN = Path(__file__).parent / "browser"
_PAGES = PACKAGE / "ui" / "browser"
_FOLDERS = {
    "leaflet": Path(leaflet.BASE_DIR),
    "leaflet-draw": PACKAGE / "render" / "vendor" / "leaflet-draw",
    "fonts": Path(fontpkg_be_vietnam_pro.__file__).parent / "files",
    "antt": _OWN,
    "page": _PAGES,
}
_EXTRA = {"antt/fonts": _FOLDERS["fonts"]}
_PUBLISHED_LIMIT = 128 * 2**20


@dataclass(frozen=True)
class Asset:
    """A file to send: its content, media type, and whether the address names the content."""

    content: bytes
    media_type: str
    lasting: bool


class _Published:
    """Byte strings by address, the least recently used dropped above a total size."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def put(self, address: str, content: bytes) -> None:
        with self._lock:
            self._items[address] = content
            self._items.move_to_end(address)
            while len(self._items) > 1 and sum(map(len, self._items.values())) > self._limit:
                self._items.popitem(last=False)

    def get(self, address: str) -> bytes | None:
        with self._lock:
            if address in self._items:
                self._items.move_to_end(address)
            return self._items.get(address)


_published = _Published(_PUBLISHED_LIMIT)


def publish(content: bytes, suffix: str) -> str:
    """Make bytes available to browsers and return their address, which is made of their hash."""
    address = f"published/{hashlib.sha256(content).hexdigest()[:32]}.{suffix}"
    _published.put(address, content)
    return address


def published(address: str) -> Asset | None:
    """What was published at an address; None where nothing was. Looks into memory only."""
    content = _published.get(address)
    return None if content is None else Asset(content, _media_type(address), True)


def find(address: str) -> Asset | None:
    """The file at an address below `/assets/`; None where there is none."""
    address = re.sub(r"^v-[0-9a-f]{12}/", "", address)
    if address.startswith("published/"):
        return published(address)
    if match := re.fullmatch(r"boundaries/([0-9a-f]{64})\.json", address):
        try:
            return Asset(basemap.load(match[1]), "application/json", True)
        except NotFoundError:
            return None
    path = _package_file(address)
    return None if path is None else Asset(path.read_bytes(), _media_type(address), True)


def _package_file(address: str) -> Path | None:
    """A file inside one of the known folders; an address that leaves its folder finds nothing."""
    folder, _, name = address.rpartition("/")
    root, _, below = folder.partition("/")
    base = _EXTRA.get(folder, _FOLDERS.get(root))
    if base is None or not name:
        return None
    try:
        path = Path(os.path.realpath(base / name if folder in _EXTRA else base / below / name))
    except ValueError:  # characters that no file's name has
        return None
    # of a name that is too long pathlib raises; os.path says that there is no such file
    return path if path.is_relative_to(base.resolve()) and os.path.isfile(path) else None


def _media_type(address: str) -> str:
    if address.endswith(".ttf"):
        return "font/ttf"
    if address.endswith(".bin"):
        return ARRAY
    return mimetypes.guess_type(address)[0] or "application/octet-stream"


@lru_cache(maxsize=1)
def version() -> str:
    """Path segment that changes whenever a file of ours does, so that browsers fetch the new one."""
    digest = hashlib.sha256()
    for path in sorted((*_OWN.iterdir(), *_PAGES.iterdir())):
        if path.is_file():
            digest.update(path.read_bytes())
    return f"v-{digest.hexdigest()[:12]}"
