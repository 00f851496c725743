"""Vietnamese text in old encodings: TCVN3 (ABC fonts), cp1258, UTF-8.

Offices still hand over shapefiles whose text is TCVN3, mostly without saying so. TCVN3 is the byte code of the national
standard TCVN 5712:1993; Python has no codec for it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from geo.settings import REFERENCE

__all__ = ["decode_text", "detect_encoding", "known_encoding"]

_UPPER = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"  # 80-9F
    "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ"  # A0-AF
    "\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"  # B0-BF
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"  # C0-CF
    "éẹềểễếệìỉỄẾỒĩíịò"  # D0-DF
    "Ổỏõóọồổỗốộờởỡớợù"  # E0-EF
    "Ỗủũúụừửữứựỳỷỹýỵ"  # F0-FE
    "Ố"  # FF
)
_TCVN3 = {byte: chr(byte) for byte in range(0x80)} | {0x80 + i: char for i, char in enumerate(_UPPER)}

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SHAPES = frozenset("\u0302\u0306\u031b")
_LETTERS = re.compile(r"[^\W\d_]+")


def known_encoding(name: str) -> str | None:
    """The name `decode_text` uses for an encoding a person or a .cpg file wrote, or None if nobody knows it."""
    folded = re.sub(r"[\s_-]", "", name.strip().lower())
    if re.fullmatch(r"iso8859\d+", folded):
        folded = f"iso8859-{folded[7:]}"
    if folded in {"tcvn3", "tcvn", "abc", "tcvn57121", "tcvn5712"}:
        return "tcvn3"
    if folded.isdigit():
        folded = "utf8" if folded == "65001" else f"cp{folded}"
    if folded.startswith("ansi") and folded[4:].isdigit():
        folded = f"cp{folded[4:]}"
    try:
        found = codecs.lookup(folded).name
        _EVERY_BYTE.decode(found, "replace")
    except (LookupError, ValueError):  # none, or a codec of something else than text: base64, idna
        return None
    return found


_EVERY_BYTE = b"\xff\xfe" + bytes(range(256))
"""Begins as UTF-16 does where it says in which order its bytes are."""


def decode_text(raw: bytes, encoding: str) -> str:
    """Text in Unicode NFC; `encoding` is "tcvn3" or a Python codec. Bytes the encoding lacks become U+FFFD."""
    text = "".join(_TCVN3[byte] for byte in raw) if encoding == "tcvn3" else raw.decode(encoding, errors="replace")
    return unicodedata.normalize("NFC", text)


def detect_encoding(values: Iterable[bytes]) -> str:
    """Which of UTF-8, cp1258 and TCVN3 makes Vietnamese of the bytes.

    UTF-8 recognises itself. Of the other two, the one is taken whose words look like Vietnamese syllables: letters of
    the alphabet only, one tone at most, no capital behind a small letter.
    """
    joined = b"\n".join(values)
    try:
        joined.decode("utf-8")
    except UnicodeDecodeError:
        return min(("cp1258", "tcvn3"), key=lambda encoding: _oddity(decode_text(joined, encoding)))
    return "utf-8"


def _oddity(text: str) -> tuple[int, int]:
    """Breaches of spelling; where these are equal, words that no former commune or district has in its name."""
    strange = sum(not _is_vietnamese(char) for char in text if ord(char) > 127)
    words = _LETTERS.findall(text)
    toned = sum(max(0, sum(c in _TONES for c in unicodedata.normalize("NFD", word)) - 1) for word in words)
    mixed = sum(any(a.islower() and b.isupper() for a, b in pairwise(word)) for word in words)
    unheard = sum(word.casefold() not in _known_words() for word in words)
    return strange + toned + mixed, unheard


@cache
def _known_words() -> frozenset[str]:
    text = (REFERENCE / "legacy_units.csv").read_text("utf-8")
    return frozenset(word.casefold() for word in _LETTERS.findall(unicodedata.normalize("NFC", text)))


def _is_vietnamese(char: str) -> bool:
    if char in "đĐ":
        return True
    decomposed = unicodedata.normalize("NFD", char)
    marks = set(decomposed[1:])
    return decomposed[0].lower() in "aeiouy" and bool(marks) and marks <= _TONES | _SHAPES
