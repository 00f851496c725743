"""Text typed in the fonts of old encodings, found where a file itself is Unicode.

Who typed "Xã Định Mỹ" in a VNI font, or one of ABC (TCVN3), and saved it with a program of today has other letters in
the file than on the screen: "Xaõ Ñònh Myõ". Such a commune is not found, and such a name is not known for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain
from typing import TypeVar

import pandas as pd
from pandas.api.types import is_string_dtype

from geo.units.vietnamese import decode_text, oddity

__all__ = ["font_of", "from_fonts", "in_unicode"]

Frame = TypeVar("Frame", bound=pd.DataFrame)

_FONTS = ("tcvn3", "vni")

_LETTER = re.compile(r"(?![\x00-\x7f])[^\W\d_]")
"""One that is not of ASCII."""

_AT_A_LETTER = re.compile(r"(?![\x00-\x7f])(?:[^\W\d_]|\S(?=[^\W\d_])|(?<=[^\W\d_])\S)")
"""The same, or another sign that is not, beside a letter."""


def font_of(texts: Iterable[str]) -> str | None:
    """The encoding of the font that texts in Unicode were typed in: "tcvn3", "vni", or None for Unicode's own.

    Judged together by the texts whose letters all are of Windows-1252, the only ones that such fonts leave: if fewer
    of them are misspelt when they are read by a font's encoding.
    """
    joined = "\n".join(text for text in texts if _LETTER.search(text) and _bytes_of(text) is not None)
    if not (raw := _bytes_of(joined)):
        return None
    best = min(_FONTS, key=lambda font: oddity(decode_text(raw, font)))
    return best if oddity(decode_text(raw, best))[0] < oddity(joined)[0] else None


def from_fonts(texts: Iterable[str]) -> dict[str, str]:
    """Of texts in Unicode, those that were typed in a font of TCVN3 or VNI, and what they say.

    Each is judged by itself once they are found to hold such text (see `font_of`), for a sheet may have both; where it
    has, what is spelt well in either way stays as it is.
    """
    distinct = {text for text in texts if _AT_A_LETTER.search(text)}
    if (font := font_of(distinct)) is None:
        return {}
    typed = {text: raw for text in distinct if (raw := _bytes_of(text)) is not None}
    looked_at = 1 if len(typed) < len(distinct) else 2
    meant = {text: decode_text(raw, font) for text, raw in typed.items()}
    return {text: read for text, read in meant.items() if oddity(read)[:looked_at] < oddity(text)[:looked_at]}


def in_unicode(frame: Frame) -> tuple[Frame, dict[str, str]]:
    """A table without text in fonts of TCVN3 or VNI, in its headings either; and what was read as what."""
    columns = {name: frame[name] for name in frame.columns if is_string_dtype(frame[name].dtype)}
    texts = chain(map(str, frame.columns), *(column.dropna().astype(str) for column in columns.values()))
    if not (typed := from_fonts(texts)):
        return frame, {}
    read = frame.assign(**{name: column.replace(typed) for name, column in columns.items()})
    return read.rename(columns=typed), typed


def _bytes_of(text: str) -> bytes | None:
    """What a font of one byte a letter saw; None if the text has other letters."""
    try:
        return text.encode("cp1252")
    except UnicodeEncodeError:
        return None
