"""Outreach at priority areas: their own where reports name them, else that of the communes that each lies in.

It is said which. Nothing is shared out by size. Of ethnic-minority and religious areas it is the only kind of figure
there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from geo.cartography.spec import Column, Row, Table
from geo.crs import utm_of
from geo.products.programme.outreach import Outreach
from geo.products.programme.session_parts import named_areas
from geo.schema import ZoneKind, months_between
from geo.store import Snapshot, remembered
from geo.text import month, number, t
from geo.views.wording import names_of

__all__ = ["PEOPLE", "Area", "area_table", "areas_of", "communes_of"]

PEOPLE = 1_000
"""People that sessions and attendances are set against."""

_PART = 0.01
"""Share of an area that has to lie in a commune for the commune to be one of its."""


@dataclass(frozen=True)
class Area:
    """One priority area, with its own figures or those of its communes.

    Attributes
    ----------
    name : str
    kind : ZoneKind
    communes : tuple of str
        Codes of the present communes that it lies in.
    own : bool
        Reports of its communes name areas in the period: the figures are its own.
    counted : float
        In the period; NaN where no commune of it reported.
    rate : float
        For a thousand people of the communes that reported; NaN without people on record, and of its own figures, for
        how many people live in an area is not known.
    last : date or None
        First day of the latest month with more than none.
    ago : float
        Months since; NaN where there never was one on record.
    """

    name: str
    kind: ZoneKind
    communes: tuple[str, ...]
    own: bool
    counted: float
    rate: float
    last: date | None
    ago: float


@remembered(1)
def communes_of(snapshot: Snapshot) -> list[tuple[str, ...]]:
    """Present communes that each area of the snapshot lies in, in order of the areas."""
    layer, zones = snapshot.layer(), snapshot.zones
    if zones.empty:
        return []
    metric = utm_of(float(layer.total_bounds[0]))
    units, areas = (gpd.GeoSeries(frame.geometry).to_crs(metric).to_numpy() for frame in (layer, zones))
    areas = shapely.make_valid(areas)
    found: list[list[str]] = [[] for _ in areas]
    for area, unit in shapely.STRtree(units).query(areas, predicate="intersects").T:
        within = shapely.area(shapely.intersection(areas[area], units[unit]))
        if within >= _PART * shapely.area(areas[area]):
            found[area].append(str(layer["code"].iloc[unit]))
    return [tuple(sorted(codes)) for codes in found]


def areas_of(study: Outreach, last: dict[str, date | None], ago: dict[str, float], end: date) -> list[Area]:
    """Every priority area on record, those reached longest ago first.

    Parameters
    ----------
    study : Outreach
    last, ago : dict
        Of each commune: latest month with more than none, and months since.
    end : date
        First day of the last month of the period.
    """
    exposure, counted = study.exposure, study.counts
    asked = study.question
    named = named_areas(study.snapshot, study.query.measure, topic=asked.topic, organiser=asked.organiser)
    found = []
    zones = study.snapshot.zones
    for key, name, kind, communes in zip(zones["key"], zones["name"], zones["kind"], communes_of(study.snapshot)):
        if own := named.of(key, communes, study.query):
            count, latest = own
            since = np.nan if latest is None else float(months_between(latest, end) - 1)
            found.append(Area(name, ZoneKind(kind), communes, True, count, np.nan, latest, since))
            continue
        known = [code for code in communes if not np.isnan(counted[code])]
        total = float(counted[known].sum()) if known else np.nan
        people = float(exposure[known].sum(min_count=1)) if known else np.nan
        latest = max((month for code in communes if (month := last.get(code))), default=None)
        since = min((ago[code] for code in communes if not np.isnan(ago.get(code, np.nan))), default=np.nan)
        rate = total / people * PEOPLE if people > 0 else np.nan
        found.append(Area(name, ZoneKind(kind), communes, False, total, rate, latest, since))
    return sorted(found, key=lambda one: (-(np.inf if np.isnan(one.ago) else one.ago), one.rate, one.name))


def area_table(study: Outreach, areas: list[Area]) -> Table:
    """A row for each area, with the communes whose figures they are."""
    lang = study.lang
    columns = (
        Column("name", t("programme.column_area", lang)),
        Column("kind", t("programme.column_kind", lang)),
        Column("communes", t("programme.column_communes", lang)),
        Column("whose", t("programme.column_whose", lang)),
        Column("value", t("programme.column_counted", lang), True, 0),
        Column("rate", t("programme.column_rate", lang), True, 1),
        Column("ago", t("programme.column_ago", lang), True, 0),
        Column("last", t("programme.column_last", lang)),
    )
    rows = []
    for one in areas:
        numbers = ((one.counted, 0), (one.rate, 1), (one.ago, 0))
        said = ["–" if np.isnan(value) else number(value, lang, digits=digits) for value, digits in numbers]
        names = names_of(study.units, list(one.communes), lang, most=len(one.communes) or 1)
        latest = month(one.last, lang) if one.last else "–"
        whose = t("programme.area_own" if one.own else "programme.area_of_communes", lang)
        texts = (one.name, t(f"map.zone_{one.kind}", lang), names, whose, *said, latest)
        values = (None, None, None, None, *(None if np.isnan(value) else float(value) for value, _ in numbers), None)
        rows.append(Row("", texts, values))
    return Table(columns, tuple(rows))
