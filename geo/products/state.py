"""The view a person is looking at, as one frozen value that fits in the address bar.

The address holds only what differs from the defaults, under short names, so that a link stays readable and reopens the
same view. Widgets read from and write to Streamlit's session state under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from urllib.parse import parse_qsl

from geo.cartography.classify import Scheme
from geo.cartography.symbology import THEMES
from geo.errors import InputError
from geo.schema import (
    EVENT_MEASURES,
    MASKED_MEASURES,
    Against,
    CaseCategory,
    GameType,
    Measure,
    Per,
    Query,
    UnitSystem,
    ZoneKind,
    add_months,
    month_end,
    month_start,
)
from geo.text import LANGS, Lang
from geo.views import Options


class Preset(StrEnum):
    """Periods that can be picked by name."""

    LAST12 = "last12"
    YEAR = "year"
    LAST_YEAR = "last_year"
    QUARTER = "quarter"
    THIS_QUARTER = "this_quarter"
    MONTH = "month"
    DAYS28 = "days28"
    TERM1 = "term1"
    TERM2 = "term2"
    CUSTOM = "custom"


PAGES = {
    "overview": "situation",
    "map": "situation",
    "hotspots": "analysis",
    "change": "analysis",
    "before_after": "analysis",
    "clusters": "analysis",
    "density": "analysis",
    "emerging": "analysis",
    "scan": "analysis",
    "rates": "analysis",
    "near_repeat": "analysis",
    "concentration": "analysis",
    "briefings": "products",
    "reopen": "products",
    "present": "products",
    "imports": "data",
    "history": "data",
    "quality": "data",
}
"""Pages by the name of their file, each with its section, the name of its folder."""

OFF_MENU = ("present",)
"""Pages that another page leads to."""

DEFAULT_ZONES = (
    ZoneKind.BORDER,
    ZoneKind.INDUSTRIAL_PARK,
    ZoneKind.COMPLEX_AREA,
    ZoneKind.STRATEGIC_AREA,
)


@dataclass(frozen=True)
class View:
    """Everything a page shows, but for what the mouse does on the map.

    Attributes
    ----------
    page
        Which page of the menu.
    m, t, a, b
        Measure, period preset, first and last day where the period is chosen freely.
    kinds, units, per, sys, cmp
        Filters, denominator, present or former units, comparison with the period before.
    pts, cl, z, names, scheme, k, lim
        Layers and classes.
    u
        The commune that is open.
    mo
        The single month shown of the period, as YYYY-MM, or empty.
    p
        Projector theme, or empty.
    br, sl
        The briefing in hand, and the slide on the screen.
    by, cell, near, stat, pm
        Hot spots: by commune or cell, side of a cell in metres, neighbours, statistic, p from permutations.
    algo, tm
        How clusters are found; the scan in space or in space and months.
    chg, vs, e
        Change of counts or of hot spots, against which period, and its first day where chosen freely.
    tr, tu, dm, d, r, w, ring, ct
        Before and after: communes or a circle, treated communes, month of clearing, den, radius, days, ring, control.
    """

    page: str = "map"
    m: Measure = Measure.DEN_CLEARED
    t: Preset = Preset.LAST12
    a: str = ""
    b: str = ""
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    per: Per = Per.COUNT
    sys: UnitSystem = UnitSystem.CURRENT
    cmp: bool = False
    pts: str = "auto"
    cl: bool = True
    z: tuple[str, ...] = DEFAULT_ZONES
    names: bool = True
    scheme: Scheme = Scheme.NATURAL
    k: int = 5
    lim: str = ""
    u: str = ""
    mo: str = ""
    p: str = ""
    br: str = ""
    sl: str = ""
    by: str = "unit"
    cell: str = "3000"
    near: str = "queen"
    stat: str = "gi"
    pm: bool = False
    algo: str = "dbscan"
    tm: str = "0"
    chg: str = "counts"
    vs: str = "auto"
    e: str = ""
    tr: str = "unit"
    tu: tuple[str, ...] = ()
    dm: str = ""
    d: str = ""
    r: str = "1000"
    w: str = "90"
    ring: bool = True
    ct: tuple[str, ...] = ()
    lang: Lang = "vi"


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


def default_view(lang: Lang) -> View:
    """The view of a first visit."""
    return replace(View(), lang=lang)


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


def preset_period(preset: Preset, today: date) -> tuple[date, date]:
    """First and last day of a named period, seen from the day of the newest record."""
    whole = today if today == month_end(today) else month_start(today) - timedelta(days=1)
    match preset:
        case Preset.YEAR:
            return date(today.year, 1, 1), today
        case Preset.LAST_YEAR:
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case Preset.QUARTER:
            closing = add_months(month_start(whole), -(whole.month % 3))
            return add_months(closing, -2), month_end(closing)
        case Preset.THIS_QUARTER:
            return add_months(month_start(today), -((today.month - 1) % 3)), today
        case Preset.MONTH:
            return month_start(whole), whole
        case Preset.DAYS28:
            return today - timedelta(days=27), today
        case Preset.TERM1:
            return date(2013, 1, 1), date(2023, 12, 31)
        case Preset.TERM2:
            return date(2024, 1, 1), max(today, date(2024, 1, 1))
        case _:
            return add_months(month_start(whole), -11), whole


EARLIEST = date(2000, 1, 1)
"""No period begins before this day."""


def chosen_period(view: View, today: date) -> tuple[date, date]:
    """First and last day of the view's period: never after the newest record, never the wrong way round."""
    if view.t is Preset.CUSTOM and view.a and view.b:
        a, b = (min(max(date.fromisoformat(text), EARLIEST), today) for text in sorted((view.a, view.b)))
        return a, b
    return preset_period(view.t, today)


def query_of(view: View, today: date) -> Query:
    """The question the view asks; a single month of the period where one is picked."""
    start, end = chosen_period(view, today)
    if view.mo in months_of(view, today):
        first = first_of(view.mo)
        start, end = first, month_end(first)
    against = Against.YEAR if view.vs == "year" else Against.BEFORE
    return Query(view.m, start, end, kinds_for(view), view.units, view.per, system_of(view), against)


def system_of(view: View) -> UnitSystem:
    """Present or former units; masked counts are on present ones only."""
    return UnitSystem.CURRENT if view.m in MASKED_MEASURES else view.sys


def kinds_for(view: View) -> tuple[str, ...]:
    """The chosen kinds that belong to the measure; none for monthly counts."""
    if view.m not in EVENT_MEASURES:
        return ()
    allowed = set(map(str, GameType if view.m is Measure.DEN_CLEARED else CaseCategory))
    return tuple(k for k in view.kinds if k in allowed)


def limits_of(text: str) -> tuple[float, ...]:
    """Class limits typed by a person, in either decimal style.

    Raises
    ------
    InputError
        If they are not rising positive numbers.
    """
    try:
        values = tuple(float(p.strip().replace(",", ".")) for p in text.split(";") if p.strip())
    except ValueError as error:
        raise InputError("ui.limits_bad") from error
    rising = all(a < b for a, b in pairwise(values))
    if not values or not rising or values[0] <= 0 or len(values) > 6 or values[-1] > 1e12:
        raise InputError("ui.limits_bad")
    return values


def options_of(view: View) -> Options:
    """How the view wants the map drawn; unusable limits fall back to natural breaks (the filter says so)."""
    scheme = view.scheme
    limits: tuple[float, ...] = ()
    if scheme is Scheme.FIXED:
        try:
            limits = limits_of(view.lim)
        except InputError:
            scheme = Scheme.NATURAL
    return Options(scheme, view.k, limits, view.cmp, view.pts, view.cl, tuple(sorted(map(str, view.z))), view.names)


def first_of(month: str) -> date:
    """The first day of a month written YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def months_of(view: View, today: date) -> list[str]:
    """The months of the period, YYYY-MM, in order."""
    start, end = chosen_period(view, today)
    first, months = month_start(start), []
    while first <= end:
        months.append(f"{first:%Y-%m}")
        first = add_months(first, 1)
    return months
