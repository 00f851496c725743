"""What the values of a `MapSpec` can be, checked where one is read from outside."""

from __future__ import annotations

from collections.abc import Sized
from typing import Annotated

from msgspec import Meta

__all__ = [
    "Address",
    "Color",
    "Digits",
    "Ink",
    "Latitude",
    "Length",
    "Longitude",
    "Metres",
    "Number",
    "Words",
    "as_long",
    "rising",
]

Color = Annotated[str, Meta(pattern=r"\A(#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?)?\Z")]
"""`#rrggbb`, or `#rrggbbaa` where it shines through; empty where nothing is drawn."""

Ink = Annotated[str, Meta(pattern=r"\A#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?\Z")]
"""A colour that is there."""

Address = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""SHA-256 in hexadecimal digits."""

Words = Annotated[str, Meta(max_length=1000)]
"""A title or a sentence: what is longer than a page is none."""

Length = Annotated[float, Meta(ge=0, le=500)]
"""CSS pixels."""

Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Metres = Annotated[float, Meta(ge=-2.1e7, le=2.1e7)]
"""East or north in Web Mercator (EPSG:3857), whose square ends at 20,037,508 m."""

Number = Annotated[float, Meta(ge=-1e15, le=1e15)]
"""What is counted or measured: beyond it a double no longer tells whole numbers apart."""

Digits = Annotated[int, Meta(ge=0, le=9)]
"""Decimals."""


def as_long(what: str, length: int, **others: Sized) -> None:
    """Raise ValueError unless each of `others` has `length` items."""
    for name, items in others.items():
        if len(items) != length:
            raise ValueError(f"{what}: {len(items)} {name}, expected {length}")


def rising(what: str, box: tuple[float, float, float, float]) -> None:
    """Raise ValueError unless a box has its west before its east and its south before its north."""
    west, south, east, north = box
    if not (west < east and south < north):
        raise ValueError(f"{what}: the box {box} has no inside")
