"""Vietnamese text in old encodings: TCVN3 (ABC fonts), VNI, cp1258, UTF-8.

Offices still hand over shapefiles whose text is TCVN3 or VNI, mostly without saying so. TCVN3 is the byte code of the
national standard TCVN 5712:1993; VNI writes a letter and its marks as two bytes of Windows-1252. Python has no codec
for either.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise, product

from geo.settings import REFERENCE

__all__ = ["decode_text", "detect_encoding", "known_encoding", "oddity"]

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

_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323"))
_VNI_ROUND = {"â": "\u0302"} | {mark: f"\u0302{tone}" for mark, tone in zip("áàåãä", _VNI_TONES.values())}
_VNI_SHORT = {"ê": "\u0306"} | {mark: f"\u0306{tone}" for mark, tone in zip("éèúüë", _VNI_TONES.values())}
_VNI_MARKS = {
    "a": _VNI_TONES | _VNI_ROUND | _VNI_SHORT,
    **dict.fromkeys("eo", _VNI_TONES | _VNI_ROUND),
    **dict.fromkeys("uyôö", _VNI_TONES),
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
"""VNI's own letters; all others are as in ASCII."""


def _vni() -> Iterator[tuple[str, str]]:
    """What VNI writes, in all capitals and small letters, and the letter that it means."""
    for letter, marks in _VNI_MARKS.items():
        for (mark, meant), base in product(marks.items(), (letter, letter.upper())):
            plain = _VNI_LETTERS.get(letter, letter)
            whole = unicodedata.normalize("NFC", (plain.upper() if base.isupper() else plain) + meant)
            yield from ((base + written, whole) for written in (mark, mark.upper()))
    for letter, meant in _VNI_LETTERS.items():
        yield from ((letter, meant), (letter.upper(), meant.upper()))


_VNI = dict(_vni())
_VNI_FOUND = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

_ONE_BYTE = ("cp1258", "tcvn3", "vni")

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SHAPES = frozenset("\u0302\u0306\u031b")
_LETTERS = re.compile(r"[^\W\d_]+")


def known_encoding(name: str) -> str | None:
    """The name `decode_text` uses for an encoding a person or a .cpg file wrote, or None if nobody knows it."""
    folded = re.sub(r"[\s_-]", "", name.strip().lower())
    if folded in {"vni", "vniwindows", "vniwin"}:
        return "vni"
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
    """Text in Unicode NFC; `encoding` is "tcvn3", "vni" or a Python codec. Bytes the encoding lacks become U+FFFD."""
    match encoding:
        case "tcvn3":
            text = "".join(_TCVN3[byte] for byte in raw)
        case "vni":
            text = _VNI_FOUND.sub(lambda found: _VNI[found[0]], raw.decode("cp1252", errors="replace"))
        case _:
            text = raw.decode(encoding, errors="replace")
    return unicodedata.normalize("NFC", text)


def detect_encoding(values: Iterable[bytes]) -> str:
    """Which of UTF-8, cp1258, TCVN3 and VNI makes Vietnamese of the bytes.

    UTF-8 recognises itself. Of the others, the one is taken whose words look like Vietnamese syllables: letters of
    the alphabet only, one tone at most, no capital behind a small letter.
    """
    joined = b"\n".join(values)
    try:
        joined.decode("utf-8")
    except UnicodeDecodeError:
        return min(_ONE_BYTE, key=lambda encoding: oddity(decode_text(joined, encoding)))
    return "utf-8"


def oddity(text: str) -> tuple[int, int]:
    """Breaches of spelling; where these are equal, words that no former commune or district has in its name.

    Letters that are none, words of several tones, capitals behind small letters, and words that are no syllable.
    """
    strange = sum(not _is_vietnamese(char) for char in text if ord(char) > 127)
    words = _LETTERS.findall(text)
    toned = sum(max(0, sum(c in _TONES for c in unicodedata.normalize("NFD", word)) - 1) for word in words)
    mixed = sum(any(a.islower() and b.isupper() for a, b in pairwise(word)) for word in words)
    misspelt = sum(not word.isascii() and not _is_spelt_well(word) for word in words)
    unheard = sum(word.casefold() not in _known_words() for word in words)
    return strange + toned + mixed + misspelt, unheard


_OPEN = (
    "a|e|ê|i|o|ô|ơ|u|ư|y|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oa|oe|oi|ôi|ơi|ua|uê|ui|uơ|uy|ưa|ưi|ưu|iêu|oai|oao|oay|oeo|uai|uao"
    "|uay|uây|uôi|uya|uyu|ươi|ươu|yêu"
)
"""Vowels that end a syllable."""

_CLOSED = "a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|iê|oa|oă|oe|oo|uâ|uê|uo|uô|uơ|ươ|uy|uyê|yê"
"""Vowels that a consonant follows."""

_SYLLABLE = re.compile(
    f"(?:[bcdđghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?(?:{_OPEN}|(?:{_CLOSED})(?:c|ch|m|n|ng|nh|p|t))"
)
"""A syllable by its letters, without its tone: how it begins, its vowels, how it ends. Some that nobody says pass."""


def _is_spelt_well(word: str) -> bool:
    """Whether a word can be a syllable, its tone where tones stand: on the first of two vowels but for some pairs."""
    low = unicodedata.normalize("NFC", word.lower())
    return bool(_SYLLABLE.fullmatch(_toneless(word))) and not _TONE_BEHIND.search(low)


_TONE_BEHIND = re.compile("[aăâeêơ][àáảãạìíỉĩịòóỏõọùúủũụỳýỷỹỵ]")


def _toneless(word: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", word.lower()) if char not in _TONES)
    return unicodedata.normalize("NFC", bare)


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
