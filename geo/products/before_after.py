"""Did clearing dens change anything? Cases before and after, set against areas where nothing was done.

Dens say where and when something was done; only cases are counted, and the two are never added.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import pandas as pd
import shapely

from geo import settings
from geo.analysis import change
from geo.cartography import symbology
from geo.cartography.spec import Bbox, Frame, MapSpec, PointLayer, with_changes
from geo.errors import InputError
from geo.products.areas import AREAS, Areas, areas_of_den, areas_of_units
from geo.products.context import context_at, data_date_at, units_at
from geo.products.dens import Den, amid_most, campaign_month, campaigned, clearing_months, dens_of, more_than_usual
from geo.products.points import packed, point_frame
from geo.schema import Against, Measure, Query, UnitSystem, month_end
from geo.store.cube import build_cube
from geo.store.store import Store
from geo.text import Lang, day, month, t
from geo.views.analysis import finding_map
from geo.views.before_after import Result, before_after_finding

CASE_MEASURES = (Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT)
RADII_M = (500, 1_000, 2_000)
WINDOWS = (90, 180, 365)
"""Days before and after that can be chosen."""

_TREATED = 3
"""Communes looked at where none are chosen, at most."""


@dataclass(frozen=True)
class Clearing:
    """What was done, and how it is looked at.

    Attributes
    ----------
    by : {"unit", "den"}
        Communes in which dens were cleared in one month, or a circle around one den.
    month : str
        YYYY-MM; empty for the latest with a campaign.
    units : tuple of str
        Treated communes; empty for those with clearly more dens than their usual number.
    den : str
        Key of a den of that month; empty for the one with most others around it.
    radius_m : int
        Of the circle around a den; the ring around it reaches twice as far.
    days : int
        Length of the periods before and after.
    ring : bool
        Whether cases may have moved next door.
    control : tuple of str
        Communes where nothing was done; empty for those that had as many cases the year before.
    """

    by: Literal["unit", "den"] = "unit"
    month: str = ""
    units: tuple[str, ...] = ()
    den: str = ""
    radius_m: int = 1_000
    days: int = 90
    ring: bool = True
    control: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """The map with its numbers.

    Attributes
    ----------
    spec : MapSpec
    clearing : Clearing
        As asked, with the defaults filled in.
    counts : DataFrame[before, after, p], index area
        Cases per area; p of the E-test.
    estimate : Estimate
        Weighted displacement difference.
    bbox : (west, south, east, north) or None
        Around the circle and the control communes, where there is a circle.
    """

    spec: MapSpec
    clearing: Clearing
    counts: pd.DataFrame
    estimate: change.Estimate
    bbox: Bbox | None = None


def before_after(store: Store, query: Query, clearing: Clearing, lang: Lang) -> BeforeAfter:
    """Cases before and after a clearing, net of areas where nothing was done.

    Parameters
    ----------
    query : Query
        Which cases: its measure (one of `CASE_MEASURES`, else all cases) and kinds; its period is passed over.
    clearing : Clearing

    Raises
    ------
    InputError
        If nothing was cleared, or the period after is not over yet.
    """
    measure = query.measure if query.measure in CASE_MEASURES else Measure.CASE
    kinds = query.kinds if query.measure in CASE_MEASURES else ()
    asked = replace(query, measure=measure, kinds=kinds, units=(), system=UnitSystem.CURRENT, against=Against.BEFORE)
    return _before_after(store, asked, clearing, lang, store.version, settings.load())


@lru_cache(maxsize=32)
def _before_after(
    store: Store, query: Query, clearing: Clearing, lang: Lang, version: int, config: settings.Settings
) -> BeforeAfter:
    filled, den = _filled(store, clearing, version)
    first, last = _done(filled, den)
    span = timedelta(days=filled.days)
    asked = replace(query, start=first - span, end=last + span)
    if asked.end > data_date_at(store, version) or asked.start < build_cube(store, query.measure).first:
        raise InputError("before_after.not_on_record", start=day(asked.start, lang), end=day(asked.end, lang))
    one = timedelta(days=1)
    windows = (replace(query, start=first - span, end=first - one), replace(query, start=last + one, end=last + span))
    year = replace(query, start=first - span - timedelta(days=365), end=first - span - one)
    more, _ = more_than_usual(store, filled.month)
    busy = frozenset(str(code) for code in more.index[more >= 1.0])
    if den is None:
        made = areas_of_units(store, filled.units, filled.control, year, ring=filled.ring, busy=busy)
    else:
        place = (den.lon, den.lat)
        made = areas_of_den(store, place, filled.radius_m, filled.control, year, ring=filled.ring, busy=busy)
    counts = _counts(made, windows)
    estimate = _estimate(counts, ring=filled.ring)
    units = units_at(store, version)
    done = (
        t("before_after.done_units", lang, month=month(first, lang))
        if den is None
        else t("before_after.done_den", lang, day=day(den.day, lang), unit=units["name"][den.unit])
    )
    context = context_at(store, lang, version, config)
    filters = ", ".join(t(f"map.kind_{k}", lang).lower() for k in query.kinds) or t("map.filters_none", lang)
    radius = filled.radius_m if den else 0
    dens = _diamonds(store, filled.month, version)
    result = Result(done, filled.days, made.of_unit, made.shapes, counts, estimate, radius, month(first, lang), dens)
    finding = before_after_finding(result, asked, units, lang)
    control = tuple(code for code, area in zip(units.index, made.of_unit) if area == "control")
    known = tuple(code for code in filled.control if code in units.index)
    spec = finding_map(replace(finding, settings=_settings(replace(filled, control=known))), asked, context, filters)
    bbox = _box(made.shapes["treated"], units[[bool(area) for area in made.of_unit]]) if den else None
    if bbox:
        spec = with_changes(spec, frames=(Frame(bbox),))  # on paper, too, a circle wants a closer look
    return BeforeAfter(spec, replace(filled, control=control), counts, estimate, bbox)


def _settings(clearing: Clearing) -> tuple[tuple[str, str], ...]:
    """The clearing as texts, for the recipe."""
    values = asdict(clearing).items()
    return tuple((name, ",".join(value) if isinstance(value, tuple) else str(value)) for name, value in values)


def _diamonds(store: Store, month_key: str, version: int) -> PointLayer:
    """Where dens were cleared in the month."""
    frame = point_frame(store, version)
    dens = dens_of(store, month_key)
    places = packed([den.lon for den in dens], [den.lat for den in dens], frame)
    return PointLayer(
        symbol="diamond",
        style=symbology.point_style(Measure.DEN_CLEARED),
        size=9.0,
        count=len(places),
        frame=frame,
        packed=places.astype("<u2").tobytes(),
    )


def _box(circle: shapely.Geometry, control: pd.DataFrame) -> Bbox:
    """A box three times as wide as the circle, and as far as the control communes reach."""
    west, south, east, north = circle.bounds
    wide, high = east - west, north - south
    low, top = control[["minx", "miny"]].min(), control[["maxx", "maxy"]].max()
    return (
        float(min(west - wide, low["minx"])),
        float(min(south - high, low["miny"])),
        float(max(east + wide, top["maxx"])),
        float(max(north + high, top["maxy"])),
    )


def _filled(store: Store, clearing: Clearing, version: int) -> tuple[Clearing, Den | None]:
    """The clearing with its defaults, and its den where it is one."""
    months = clearing_months(store, clearing.days)
    if months.empty:
        raise InputError("before_after.nothing_cleared")
    chosen = clearing.month or campaign_month(store, clearing.days)
    if chosen not in months.index:
        raise InputError("before_after.month_unfit", month=chosen)
    if clearing.by == "den":
        dens = dens_of(store, chosen)
        if not dens:
            raise InputError("before_after.no_den")
        den = next((d for d in dens if d.key == clearing.den), None) or amid_most(dens, clearing.radius_m)
        return replace(clearing, month=chosen, den=den.key, units=()), den
    known = units_at(store, version).index
    units = tuple(code for code in clearing.units if code in known) or campaigned(store, chosen, _TREATED)
    if not units:
        raise InputError("before_after.nothing_cleared")
    return replace(clearing, month=chosen, units=units, den=""), None


def _done(clearing: Clearing, den: Den | None) -> tuple[date, date]:
    """First and last day on which something was done."""
    if den is not None:
        return den.day, den.day
    first = date.fromisoformat(f"{clearing.month}-01")
    return first, month_end(first)


def _counts(areas: Areas, windows: tuple[Query, Query]) -> pd.DataFrame:
    before, after = (areas.count(window) for window in windows)
    frame = pd.DataFrame({"before": before, "after": after}, index=list(AREAS))
    frame["p"] = [change.poisson_e_test(int(a), int(b)) for a, b in zip(frame["before"], frame["after"])]
    return frame


def _estimate(counts: pd.DataFrame, *, ring: bool) -> change.Estimate:
    pairs = {area: (float(counts["before"][area]), float(counts["after"][area])) for area in AREAS}
    moved = ring and any(pairs["ring"]) and any(pairs["ring_control"])
    return change.weighted_displacement(
        treated=pairs["treated"],
        control=pairs["control"],
        displacement_treated=pairs["ring"] if moved else None,
        displacement_control=pairs["ring_control"] if moved else None,
    )
