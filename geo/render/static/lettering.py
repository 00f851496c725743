"""Type: Be Vietnam Pro from its package, the width of a text, and how a text breaks into lines.

Widths come from the font's own advance table, so that layout needs no canvas. Characters that Be Vietnam Pro lacks are
drawn from DejaVu Sans, which matplotlib carries; what neither has is shown as U+FFFD.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import fontpkg_be_vietnam_pro
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, fontManager

__all__ = ["LINE", "Weight", "clean", "fit", "font", "width", "wrap"]

Weight = Literal["regular", "medium", "semibold", "bold"]

LINE = 1.32
"""Distance of two lines of text over the type size."""

_FAMILY = "Be Vietnam Pro"
_SPARE = "DejaVu Sans"  # it has two weights
_NAMES: dict[Weight, str] = {"regular": "Regular", "medium": "Medium", "semibold": "SemiBold", "bold": "Bold"}
_FOLDER = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
_FALLBACK = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@cache
def _register() -> None:
    for name in _NAMES.values():
        fontManager.addfont(_FOLDER / f"BeVietnamPro-{name}.ttf")


def font(text: str, weight: Weight) -> FontProperties:
    """The typeface for a text; its size is given where it is used."""
    own = _advances(_FOLDER / f"BeVietnamPro-{_NAMES[weight]}.ttf")
    return _font(weight, all(ord(c) in own for c in text))


@cache
def _font(weight: Weight, complete: bool) -> FontProperties:
    _register()
    if complete:
        return FontProperties(family=_FAMILY, weight=weight)
    return FontProperties(family=[_FAMILY, _SPARE], weight="bold" if weight in ("semibold", "bold") else "regular")


@cache
def _advances(path: Path) -> dict[int, float]:
    """Width of every character over the type size."""
    with TTFont(path, lazy=True) as file:
        em, widths = file["head"].unitsPerEm, file["hmtx"].metrics
        return {code: widths[glyph][0] / em for code, glyph in file.getBestCmap().items()}


@cache
def _table(weight: Weight) -> dict[int, float]:
    return _advances(_FALLBACK) | _advances(_FOLDER / f"BeVietnamPro-{_NAMES[weight]}.ttf")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """The text as it can be drawn: NFC, control characters as spaces, characters without a glyph as U+FFFD."""
    known = _table("regular")
    return "".join(_drawable(c, known) for c in unicodedata.normalize("NFC", text)).strip()


def _drawable(char: str, known: dict[int, float]) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf":  # invisible: direction marks, joiners
        return ""
    if char in "\u00a0\u202f":  # no line may break here
        return "\u00a0"
    if kind[0] in "CZ":
        return " "
    return char if ord(char) in known else "\ufffd"


def width(text: str, size: float, weight: Weight = "regular") -> float:
    """Length of a line of text, in the unit of `size`."""
    table = _table(weight)
    return size * sum(table.get(ord(c), 1.0) for c in text)


@lru_cache(maxsize=4096)
def wrap(text: str, size: float, room: float, weight: Weight = "regular", *, indent: float = 0.0) -> tuple[str, ...]:
    """Break a text into lines no longer than `room`, between words, and inside a word only where it is longer still.

    The first line is shorter by `indent`; it is empty where no word fits into it.
    """
    lines: list[str] = []
    line = ""
    for word in clean(text).split(" "):
        longer = f"{line} {word}".strip()
        if width(longer, size, weight) <= (room if lines else room - indent):
            line = longer
            continue
        if line or (indent and not lines):
            lines.append(line)
        *full, line = _pieces(word, size, room, weight)
        lines.extend(full)
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, size: float, room: float, weight: Weight) -> list[str]:
    """A word cut wherever it reaches the end of the line."""
    pieces = [""]
    for char in word:
        if pieces[-1] and width(pieces[-1] + char, size, weight) > room:
            pieces.append("")
        pieces[-1] += char
    return pieces


def fit(
    text: str, size: float, room: float, weight: Weight = "regular", *, lines: int, smallest: float
) -> tuple[float, tuple[str, ...]]:
    """The largest size from `size` down to `smallest` at which the text takes at most `lines` lines, and those lines.

    At `smallest` it takes as many lines as it needs: no text is cut off.
    """
    while size > smallest and len(wrap(text, size, room, weight)) > lines:
        size = max(smallest, size * 0.94)
    return size, wrap(text, size, room, weight)
