"""Geometry of boundary versions as content-addressed files: a `MapSpec` names the hash, renderers read the file."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from geo import settings
from geo.errors import NotFoundError


def _folder() -> Path:
    return settings.load().home / "boundaries"


def keep(topology: bytes) -> str:
    """Write a TopoJSON document where renderers find it, and return its SHA-256, the name it goes by.

    The file is complete or absent: it is written beside its place and moved there.
    """
    sha256 = hashlib.sha256(topology).hexdigest()
    path = _folder() / f"{sha256}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(topology)
        os.replace(file.name, path)
    return sha256


@lru_cache(maxsize=8)
def load(sha256: str) -> bytes:
    """The TopoJSON document of that hash.

    Raises
    ------
    NotFoundError
        If this installation does not have it.
    """
    path = _folder() / f"{sha256}.json"
    if not (len(sha256) == 64 and sha256.isalnum() and path.is_file()):
        raise NotFoundError("map.no_geometry", sha256=sha256[:12])
    return path.read_bytes()
