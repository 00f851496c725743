"""Did clearing dens change anything? Cases before and after, set against areas where nothing was done.

Dens say where and when something was done; only cases are counted, and the two are never added.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import shapely

from geo import settings
from geo.analysis import change
from geo.cartography import symbology
from geo.cartography.spec import Bbox, Frame, MapSpec, PointLayer, with_changes
from geo.errors import InputError
from geo.products.analyses.areas import AREAS, Areas, areas_of_den, areas_of_units
from geo.products.analyses.dens import (
    Den,
    amid_most,
    campaign_month,
    campaigned,
    clearing_months,
    dens_of,
    more_than_usual,
)
from geo.products.situation.installation import installation
from geo.products.situation.points import packed, point_frame
from geo.question import BeforeAfter, altered, pinned
from geo.question.codec import seen_on
from geo.schema import Measure, Query, month_end
from geo.store import Snapshot, remembered
from geo.text import day, month, t
from geo.views.analysis import finding_map
from geo.views.before_after import Result, before_after_finding

_TREATED = 3
"""Communes looked at where none are chosen, at most."""


@dataclass(frozen=True, eq=False)
class Compared:
    """The map with its numbers.

    Attributes
    ----------
    spec : MapSpec
    question : BeforeAfter
        As asked, with what was chosen by itself filled in.
    counts : DataFrame[before, after, p], index area
        Cases per area; p of the E-test.
    estimate : Estimate
        Weighted displacement difference.
    bbox : (west, south, east, north) or None
        Around the circle and the control communes, where there is a circle.
    """

    spec: MapSpec
    question: BeforeAfter
    counts: pd.DataFrame
    estimate: change.Estimate
    bbox: Bbox | None = None


def before_after(snapshot: Snapshot, question: BeforeAfter) -> Compared:
    """Cases before and after a clearing, net of areas where nothing was done.

    Parameters
    ----------
    snapshot : Snapshot
    question : BeforeAfter
        The period of its query is passed over.

    Raises
    ------
    InputError
        If nothing was cleared, or the period after is not over yet.
    """
    question = seen_on(question, snapshot.today)
    return _before_after(snapshot, pinned(question, question.reading), settings.load())


@remembered(32)
def _before_after(snapshot: Snapshot, question: BeforeAfter, config: settings.Settings) -> Compared:
    del config  # printed on the map, so part of the key
    lang = question.lang
    filled, den = _filled(snapshot, question)
    first, last = _done(filled, den)
    span = timedelta(days=filled.days)
    query = replace(filled.query, start=first - span, end=last + span)
    if query.end > snapshot.today or query.start < snapshot.cube(query.measure).first:
        raise InputError("before_after.not_on_record", start=day(query.start, lang), end=day(query.end, lang))
    one = timedelta(days=1)
    windows = (replace(query, start=first - span, end=first - one), replace(query, start=last + one, end=last + span))
    year = replace(query, start=first - span - timedelta(days=365), end=first - span - one)
    more, _ = more_than_usual(snapshot, filled.cleared_month)
    busy = frozenset(str(code) for code in more.index[more >= 1.0])
    if den is None:
        made = areas_of_units(snapshot, filled.cleared_units, filled.control_units, year, ring=filled.ring, busy=busy)
    else:
        place = (den.lon, den.lat)
        made = areas_of_den(snapshot, place, filled.radius_m, filled.control_units, year, ring=filled.ring, busy=busy)
    counts = _counts(made, windows)
    estimate = _estimate(counts, ring=filled.ring)
    units = snapshot.units()
    done = (
        t("before_after.done_units", lang, month=month(first, lang))
        if den is None
        else t("before_after.done_den", lang, day=day(den.day, lang), unit=units["name"][den.unit])
    )
    radius = filled.radius_m if den else 0
    dens = _diamonds(snapshot, filled.cleared_month)
    result = Result(done, filled.days, made.of_unit, made.shapes, counts, estimate, radius, month(first, lang), dens)
    finding = before_after_finding(result, query, units, lang)
    control = tuple(code for code, area in zip(units.index, made.of_unit) if area == "control")
    known = tuple(code for code in filled.control_units if code in units.index)
    spec = finding_map(finding, pinned(filled, query, control_units=known), installation(snapshot, lang))
    bbox = _box(made.shapes["treated"], units[[bool(area) for area in made.of_unit]]) if den else None
    if bbox:
        spec = with_changes(spec, frames=(Frame(bbox),))  # on paper, too, a circle wants a closer look
    return Compared(spec, altered(filled, control_units=control), counts, estimate, bbox)


def _diamonds(snapshot: Snapshot, month_key: str) -> PointLayer:
    """Where dens were cleared in the month."""
    frame = point_frame(snapshot)
    dens = dens_of(snapshot, month_key)
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


def _filled(snapshot: Snapshot, question: BeforeAfter) -> tuple[BeforeAfter, Den | None]:
    """The question with what it leaves open chosen, and its den where it is about one."""
    months = clearing_months(snapshot, question.days)
    if months.empty:
        raise InputError("before_after.nothing_cleared")
    chosen = question.cleared_month or campaign_month(snapshot, question.days)
    if chosen not in months.index:
        raise InputError("before_after.month_unfit", month=chosen)
    if question.cleared_by == "den":
        dens = dens_of(snapshot, chosen)
        if not dens:
            raise InputError("before_after.no_den")
        den = next((d for d in dens if d.key == question.cleared_den), None) or amid_most(dens, question.radius_m)
        return altered(question, cleared_month=chosen, cleared_den=den.key), den
    known = snapshot.units().index
    units = tuple(code for code in question.cleared_units if code in known) or campaigned(snapshot, chosen, _TREATED)
    if not units:
        raise InputError("before_after.nothing_cleared")
    return altered(question, cleared_month=chosen, cleared_units=units), None


def _done(question: BeforeAfter, den: Den | None) -> tuple[date, date]:
    """First and last day on which something was done."""
    if den is not None:
        return den.day, den.day
    first = date.fromisoformat(f"{question.cleared_month}-01")
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
