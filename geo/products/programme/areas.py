"""Outreach at priority areas: the figures of the communes that each lies in, and called so.

Nothing is shared out by size. Of ethnic-minority and religious areas it is the only kind of figure there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from geo.cartography.spec import Column, Row, Table
from geo.crs import utm_of
from geo.products.analyses.study import Study
from geo.question import Coverage
from geo.schema import ZoneKind
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
    """One priority area, with the figures of its communes.

    Attributes
    ----------
    name : str
    kind : ZoneKind
    communes : tuple of str
        Codes of the present communes that it lies in.
    counted : float
        In the period; NaN where none of them reported.
    rate : float
        For a thousand people of those that reported; NaN without people on record.
    last : date or None
        First day of the latest month with more than none.
    ago : float
        Months since; NaN where there never was one on record.
    """

    name: str
    kind: ZoneKind
    communes: tuple[str, ...]
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


def areas_of(study: Study[Coverage], last: dict[str, date | None], ago: dict[str, float]) -> list[Area]:
    """Every priority area on record, those reached longest ago first.

    Parameters
    ----------
    study : Study
    last, ago : dict
        Of each commune: latest month with more than none, and months since.
    """
    exposure, counted = study.exposure, study.counts
    found = []
    for zone, communes in zip(study.snapshot.zones.itertuples(index=False), communes_of(study.snapshot)):
        known = [code for code in communes if not np.isnan(counted[code])]
        total = float(counted[known].sum()) if known else np.nan
        people = float(exposure[known].sum(min_count=1)) if known else np.nan
        latest = max((month for code in communes if (month := last.get(code))), default=None)
        since = min((ago[code] for code in communes if not np.isnan(ago.get(code, np.nan))), default=np.nan)
        rate = total / people * PEOPLE if people > 0 else np.nan
        found.append(Area(zone.name, ZoneKind(zone.kind), communes, total, rate, latest, since))
    return sorted(found, key=lambda one: (-(np.inf if np.isnan(one.ago) else one.ago), one.rate, one.name))


def area_table(study: Study[Coverage], areas: list[Area]) -> Table:
    """A row for each area, with the communes whose figures they are."""
    lang = study.lang
    columns = (
        Column("name", t("programme.column_area", lang)),
        Column("kind", t("programme.column_kind", lang)),
        Column("communes", t("programme.column_communes", lang)),
        Column("value", t("programme.column_of_communes", lang), True, 0),
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
        texts = (one.name, t(f"map.zone_{one.kind}", lang), names, *said, latest)
        values = (None, None, None, *(None if np.isnan(value) else float(value) for value, _ in numbers), None)
        rows.append(Row("", texts, values))
    return Table(columns, tuple(rows))
