"""The view a person is looking at, as one frozen value, and the question it asks.

Widgets read from and write to Streamlit's session state under the names of its fields; `address` writes it into the
address bar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from geo.cartography.classify import Scheme
from geo.errors import InputError
from geo.products.periods import EARLIEST, Preset, preset_period
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
from geo.text import Lang
from geo.views import Options

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
    show, ti
        On a slide: the map, its table, its chart or its months; and a title of one's own, or empty.
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
    show: str = "map"
    ti: str = ""
    lang: Lang = "vi"


def default_view(lang: Lang) -> View:
    """The view of a first visit."""
    return replace(View(), lang=lang)


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
