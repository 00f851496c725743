"""A table that is no map, resolved: its words, its rows, and how they are best shown as a picture."""

from __future__ import annotations

from dataclasses import dataclass

from geo.cartography.spec import Series, Stamp, Table
from geo.text import Lang


@dataclass(frozen=True)
class Tile:
    """A cell of a grid: its figure, the line under it, and its tint, if any."""

    figure: str
    note: str
    tint: str = ""


@dataclass(frozen=True)
class Grid:
    """Figures by two kinds of band.

    Attributes
    ----------
    corner, note : str
        What the bands have in common, and what a figure is.
    columns, rows : tuple of str
    tiles : tuple of tuple of Tile
        One row per band of `rows`.
    key : tuple of (tint, words)
    """

    corner: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    tiles: tuple[tuple[Tile, ...], ...]
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """A table with its words: title, the one sentence, marks, and the colophon.

    Attributes
    ----------
    shown : Grid or Series, optional
        What a picture of it shows. The first figures of the table are those of a grid, and tinted like it.
    """

    title: str
    sentence: str
    marks: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    table: Table
    shown: Grid | Series | None = None
    lang: Lang = "vi"
