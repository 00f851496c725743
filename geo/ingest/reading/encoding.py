"""Which encoding a text file is in, and the file made UTF-8 where it is not."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from geo.errors import InputError
from geo.units.fonts import from_fonts
from geo.units.vietnamese import decode_text, detect_encoding, known_encoding

__all__ = ["encoding_of", "from_fonts_to_utf8", "given_encoding", "to_utf8"]

_CHUNK = 4 << 20
_JUDGED_LINES = 3000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def given_encoding(name: str) -> str:
    """The encoding a person asked for, by the name used here.

    Raises
    ------
    InputError
        If there is no such encoding.
    """
    if re.sub(r"[\s_-]", "", name.lower()) in {"utf16", "unicode"}:
        return "utf-16"
    if (known := known_encoding(name)) is None:
        raise InputError("ingest.encoding_unknown", encoding=name)
    return known


def encoding_of(path: Path) -> str:
    """The encoding of a text file: "utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1258", "tcvn3" or "vni".

    A byte order mark decides; then UTF-8, which recognises itself; of the one-byte encodings the one that makes
    Vietnamese of the lines that are not ASCII.

    Raises
    ------
    InputError
        If the file is not text.
    """
    with path.open("rb") as file:
        start = file.read(1 << 16)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    if (wide := _without_mark(start)) is not None:
        return wide
    if _BINARY.search(start):
        raise InputError("ingest.not_text", file=path.name)
    return "utf-8" if _is_utf8(path) else detect_encoding(_judged(path))


def _without_mark(start: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of Latin text is zero."""
    pairs = len(start) // 2
    if pairs < 4:
        return None
    even, odd = start[0 : pairs * 2 : 2].count(0), start[1 : pairs * 2 : 2].count(0)
    if odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * pairs and odd < 0.05 * pairs else None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _judged(path: Path) -> list[bytes]:
    """The first lines that are not ASCII."""
    found: list[bytes] = []
    with path.open("rb") as file:
        while len(found) < _JUDGED_LINES and (line := file.readline(_CHUNK)):
            if not line.isascii():
                found.append(line[:2000])
    return found


def to_utf8(path: Path, target: Path, encoding: str) -> int:
    """Write the text as UTF-8; gives the number of characters that could not be read (U+FFFD in their place)."""
    lost = 0
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        for text in _pieces(source, encoding):
            lost += text.count("\ufffd")
            out.write(text)
    return lost


def from_fonts_to_utf8(path: Path, target: Path) -> dict[str, str]:
    """Write a text file in UTF-8 anew where it has cells typed in fonts of TCVN3 or VNI.

    Returns
    -------
    dict of str to str
        What stood there and what it was read as; empty if there is no such text, and nothing was written.
    """
    judged = "".join(line.decode("utf-8", errors="replace") for line in _judged(path))
    if not from_fonts(_CELL.findall(judged)):
        return {}
    typed: dict[str, str] = {}
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        while chunk := source.read(_CHUNK):
            text = (chunk + source.readline(_CHUNK)).decode("utf-8", errors="replace")
            typed |= (found := from_fonts(_CELL.findall(text)))
            out.write(_CELL.sub(lambda cell, found=found: found.get(cell[0], cell[0]), text))  # type: ignore[misc]
    return typed


_CELL = re.compile(r"[^,;\t|\"\r\n]+")


def _pieces(source, encoding: str):  # type: ignore[no-untyped-def]
    """The text in pieces that end where a line ends, so that no character is cut in two."""
    if encoding.startswith(("utf-16", "utf-8")):
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        while chunk := source.read(_CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
        return
    while chunk := source.read(_CHUNK):
        yield decode_text(chunk + source.readline(_CHUNK), encoding)
