"""What GDAL leaves out of a KML file: which folder lies in which, and headings with Vietnamese letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

__all__ = ["Outline", "outline"]

_CONTAINERS = ("Document", "Folder")
_DEEPEST = 100
_PLAIN = re.compile(rb"[^A-Za-z0-9]")


@dataclass
class Outline:
    """What the elements around the places say.

    Attributes
    ----------
    folders : list of tuple of str
        Names of each document and folder behind those around it, in the order in which they begin.
    headings : dict of str to str
        Names of data as they are written, by what GDAL makes of them.
    """

    folders: list[tuple[str, ...]] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)


def outline(file: Path) -> Outline:
    """Read one file's; nothing where it is not well formed, for GDAL takes more than is, or too deep.

    The caller has refused files that declare entities.
    """
    walk = _Walk()
    try:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):
            walk.begin(element) if event == "start" else walk.end(element)
            if walk.depth > _DEEPEST:  # every folder's path has all above it: what is so deep is made to harm
                return Outline()
    except ElementTree.ParseError:
        return Outline()
    return Outline([walk.path(n) for n in range(len(walk.names))], walk.headings)


class _Walk:
    """Where the parser stands."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.parents: list[int | None] = []
        self.headings: dict[str, str] = {}
        self._around: list[int] = []
        self._tags: list[str] = []

    @property
    def depth(self) -> int:
        """How many folders and documents it is in."""
        return len(self._around)

    def begin(self, element: ElementTree.Element) -> None:
        tag = _tag(element)
        self._tags.append(tag)
        if tag in _CONTAINERS:
            self.parents.append(self._around[-1] if self._around else None)
            self.names.append("")
            self._around.append(len(self.names) - 1)
        elif tag == "Data" and (name := element.get("name")):
            self.headings.setdefault(_as_gdal_writes(name), name)

    def end(self, element: ElementTree.Element) -> None:
        tag = self._tags.pop()
        if tag in _CONTAINERS:
            self._around.pop()
        elif tag == "name" and self._tags and self._tags[-1] in _CONTAINERS:
            self.names[self._around[-1]] = (element.text or "").strip()
        elif tag == "Placemark":
            element.clear()  # a large file is never in memory as a whole

    def path(self, number: int) -> tuple[str, ...]:
        path: list[str] = []
        place: int | None = number
        while place is not None:
            path.append(self.names[place])
            place = self.parents[place]
        return tuple(path[::-1])


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _as_gdal_writes(name: str) -> str:
    """Its LIBKML driver puts a line for each byte that is no ASCII letter or digit."""
    return _PLAIN.sub(b"_", name.encode()).decode()
