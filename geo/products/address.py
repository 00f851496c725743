"""The view as the address bar writes it: short names, and only what differs from the default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl

from geo.cartography.classify import Scheme
from geo.cartography.symbology import THEMES
from geo.products.charts import SHOWS
from geo.products.periods import Preset
from geo.products.state import PAGES, View
from geo.schema import CaseCategory, GameType, Measure, Per, UnitSystem, ZoneKind
from geo.text import LANGS, printable

__all__ = ["from_address", "from_text", "known_values", "read_field", "to_address"]

_LIST = "."


@dataclass(frozen=True)
class _OneOf:
    """Reads one of a few words."""

    names: Mapping[str, str]

    def __call__(self, text: str) -> str:
        return self.names[text]


def _one_of(allowed: type[StrEnum] | tuple[str, ...]) -> _OneOf:
    return _OneOf({str(a): a for a in allowed})


def _many_of(allowed: set[str] | None) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        return tuple(p for p in text.split(_LIST) if p and (p in allowed if allowed is not None else p.isalnum()))

    return read


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _month(text: str) -> str:
    return date.fromisoformat(f"{text}-01").isoformat()[:7]


def _slug(text: str) -> str:
    return text if text.replace("-", "").isalnum() and text.isascii() else ""


def _classes(text: str) -> int:
    return min(7, max(3, int(text)))


def _title(text: str) -> str:
    return printable(text).strip()[:160]


def _plain(text: str) -> str:
    return text if text.isalnum() else ""


_READERS: dict[str, Callable[[str], object]] = {
    "page": _one_of(tuple(PAGES)),
    "m": _one_of(Measure),
    "t": _one_of(Preset),
    "a": _day,
    "b": _day,
    "kinds": _many_of({*map(str, CaseCategory), *map(str, GameType)}),
    "units": _many_of(None),
    "per": _one_of(Per),
    "sys": _one_of(UnitSystem),
    "cmp": lambda text: text == "1",
    "pts": _one_of(("auto", "always", "never")),
    "cl": lambda text: text == "1",
    "z": _many_of(set(map(str, ZoneKind))),
    "names": lambda text: text == "1",
    "scheme": _one_of(Scheme),
    "k": _classes,
    "lim": lambda text: text[:80],
    "u": _plain,
    "mo": _month,
    "p": _one_of(tuple(THEMES)),
    "br": _slug,
    "sl": lambda text: str(int(text)),
    "by": _one_of(("unit", "grid")),
    "cell": _one_of(("2000", "3000", "5000")),
    "near": _one_of(("queen", "distance")),
    "stat": _one_of(("gi", "moran")),
    "pm": lambda text: text == "1",
    "algo": _one_of(("dbscan", "hdbscan")),
    "tm": _one_of(("0", "1")),
    "chg": _one_of(("counts", "hot")),
    "vs": _one_of(("auto", "before", "year", "custom")),
    "e": _day,
    "tr": _one_of(("unit", "den")),
    "tu": _many_of(None),
    "dm": _month,
    "d": _plain,
    "r": _one_of(("500", "1000", "2000")),
    "w": _one_of(("90", "180", "365")),
    "ring": lambda text: text == "1",
    "ct": _many_of(None),
    "show": _one_of(SHOWS),
    "ti": _title,
    "lang": _one_of(LANGS),
}


def read_field(name: str, text: str) -> object:
    """The value of a view's field as an address writes it.

    Raises
    ------
    ValueError, KeyError
        If the field cannot have it.
    """
    return _READERS[name](text)


def known_values(name: str) -> str:
    """The values a field can have, where they are few words."""
    reader = _READERS[name]
    return ", ".join(reader.names) if isinstance(reader, _OneOf) else "…"


def from_address(params: Mapping[str, str], default: View) -> View:
    """The view an address stands for; what is missing or makes no sense there keeps its default."""
    given: dict[str, object] = {}
    for name, read in _READERS.items():
        if name in params:
            try:
                given[name] = read(params[name])
            except (ValueError, KeyError):
                continue
    return replace(default, **given)  # type: ignore[arg-type]


def from_text(address: str, default: View) -> View:
    """The view of an address as it stands in the browser's bar, or of the part after its question mark."""
    return from_address(dict(parse_qsl(address.rpartition("?")[2])), default)


def to_address(view: View, default: View) -> dict[str, str]:
    """The address of a view: only what differs from the default."""
    params = {}
    for item in fields(view):
        value = getattr(view, item.name)
        if value == getattr(default, item.name):
            continue
        if isinstance(value, bool):
            params[item.name] = "1" if value else "0"
        elif isinstance(value, tuple):
            params[item.name] = _LIST.join(map(str, value))
        else:
            params[item.name] = str(value)
    return params
