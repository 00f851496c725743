"""Every word a person reads, in Vietnamese and English, and how numbers and dates are written in each.

The catalogue is the set of `locale/*.toml` files, one per area of the product; a key is `area.name` and holds one
sentence in `vi` and one in `en`. Placeholders are `{name}`; `{name|commune|communes}` is the first word where the value
is 1, else the second.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz, process

Lang = Literal["vi", "en"]
LANGS: tuple[Lang, ...] = ("vi", "en")

_LOCALE = Path(__file__).parent / "locale"
_NARROW_NO_BREAK = "\u202f"
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def catalogue() -> dict[str, dict[Lang, str]]:
    """All messages by key.

    Raises
    ------
    ValueError
        If two files define the same key, or a key lacks one of the languages.
    """
    found: dict[str, dict[Lang, str]] = {}
    for path in sorted(_LOCALE.glob("*.toml")):
        for name, entry in tomllib.loads(path.read_text("utf-8")).items():
            key = f"{path.stem}.{name}"
            if not all(entry.get(lang) for lang in LANGS):
                raise ValueError(f"{key} needs both languages")
            found[key] = {lang: unicodedata.normalize("NFC", entry[lang]) for lang in LANGS}
    return found


def t(key: str, lang: Lang, /, **params: object) -> str:
    """The sentence `key` in `lang`, placeholders filled.

    Raises
    ------
    KeyError
        If the catalogue has no such key, or a placeholder is missing: a programming error, found by the tests.
    """
    return _in_number(catalogue()[key][lang], params).format(**params)


_ONE_OR_MANY = re.compile(r"\{(\w+)\|([^{}|]*)\|([^{}|]*)\}")


def _in_number(sentence: str, params: dict[str, object]) -> str:
    """The sentence with words in the singular or plural of the numbers they follow."""
    return _ONE_OR_MANY.sub(lambda found: found[2] if str(params[found[1]]) == "1" else found[3], sentence)


def noun_of(measure: str, n: object, lang: Lang) -> str:
    """What the events of a measure are called after the number `n`, which may be written out: cases, but 1 case."""
    return t(f"map.noun_{measure}", lang, n=n)


def measure_within(measure: str, lang: Lang) -> str:
    """The name of a measure within a sentence."""
    name = t(f"map.measure_{measure}", lang)
    return name[0].lower() + name[1:]


_SWAPPED = str.maketrans(",.", ".,")


def number(value: float, lang: Lang, *, digits: int = 0) -> str:
    """`1.234,5` in Vietnamese, `1,234.5` in English; the minus is U+2212."""
    text = f"{abs(value):,.{digits}f}"
    if lang == "vi":
        text = text.translate(_SWAPPED)
    is_zero = not text.strip("0.,")
    return text if value >= 0 or is_zero else f"\u2212{text}"


def number_or_dash(value: float, lang: Lang, *, digits: int = 0) -> str:
    """As `number`; a dash where the value is not known."""
    return number(value, lang, digits=digits) if isfinite(value) else "–"


def signed(value: float, lang: Lang, *, digits: int = 0) -> str:
    """As `number`, with a plus sign on positive values."""
    text = number(value, lang, digits=digits)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def percent(share: float, lang: Lang, *, digits: int = 0) -> str:
    """A share (0.25) as `25 %` in Vietnamese style, `25%` in English."""
    gap = _NARROW_NO_BREAK if lang == "vi" else ""
    return f"{number(share * 100, lang, digits=digits)}{gap}%"


def day(value: date, lang: Lang) -> str:
    """`24/11/2026` in Vietnamese, `24 Nov 2026` in English."""
    if lang == "vi":
        return f"{value:%d/%m/%Y}"
    return f"{value.day} {_EN_MONTHS[value.month - 1]} {value.year}"


_HERE = timezone(timedelta(hours=7))
"""Vietnam's time, which has no summer time: the same wherever the server stands."""


def clock(stamp: str, lang: Lang) -> str:
    """A moment in Vietnam's time, `24/11/2026 08:15` or `24 Nov 2026 08:15`, from ISO 8601 as the store keeps it.

    A stamp without an offset is in UTC.
    """
    here = _here(stamp)
    return f"{day(here.date(), lang)} {here:%H:%M}"


def day_of(stamp: str) -> date:
    """The day in Vietnam of a moment, as `clock` takes it."""
    return _here(stamp).date()


def _here(stamp: str) -> datetime:
    moment = datetime.fromisoformat(stamp)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_HERE)


def month(value: date, lang: Lang) -> str:
    """`tháng 3/2024` in Vietnamese, `Mar 2024` in English."""
    if lang == "vi":
        return f"tháng {value.month}/{value.year}"
    return f"{_EN_MONTHS[value.month - 1]} {value.year}"


def period(start: date, end: date, lang: Lang) -> str:
    """A closed period: `01/2023–12/2023` where it is made of whole months, else day by day."""
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if not whole:
        return day(start, lang) if start == end else f"{day(start, lang)}–{day(end, lang)}"
    if (start.year, start.month) == (end.year, end.month):
        return month(start, lang)
    if lang == "vi":
        return f"{start:%m/%Y}–{end:%m/%Y}"
    return f"{month(start, lang)} – {month(end, lang)}"


def fold(text: str) -> str:
    """Lower case without diacritics, `đ` as `d`, inner spaces single: the form in which people search.

    Characters that nobody sees are left out, and those of other alphabets that look like Latin ones stand for these.
    """
    decomposed = unicodedata.normalize("NFD", visible(text).casefold().translate(_LOOK_ALIKE))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.split())


_LOOK_ALIKE = str.maketrans("đðɖаеорсухіјѕԁһвкмнт", "dddaeopcyxijsdhbkmht")
"""What is written for a Latin letter, in lower case: the Icelandic ð of keyboards without đ, Cyrillic letters."""

INVISIBLE = "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
"""Pattern of characters of no width: marks of direction, joiners, byte order marks in the middle of a text."""

_INVISIBLE = re.compile(INVISIBLE)


def nearest(text: str, known: Iterable[str], *, most: int, least: float) -> list[str]:
    """The known texts that are most like one, the nearest first; what is longer than any name is like none.

    Parameters
    ----------
    text : str
    known : iterable of str
    most : int
        How many.
    least : float
        Share of letters in common, 0 to 1, twice the common ones over both lengths.
    """
    if len(text) > _LONGEST_NAME:
        return []
    found = process.extract(text, list(known), scorer=fuzz.ratio, limit=most, score_cutoff=least * 100)
    return [name for name, _, _ in found]


_LONGEST_NAME = 120


def visible(text: str) -> str:
    """The text without characters that nobody sees."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without the characters that XML and spreadsheets cannot hold."""
    return _CONTROLS.sub(" ", text)


def is_printable(text: str) -> bool:
    """Whether the text has none of these characters."""
    return not _CONTROLS.search(text)
