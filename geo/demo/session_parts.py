"""What the demo's reports say of sessions since 2026: where, what about, who held them. All invented.

Of each count nothing but its parts is made: they add up to what the commune reported.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.schema import MONTHLY_COLUMNS, PART_COLUMNS, SESSION_MEASURES, Measure, Organiser, Topic, UnitSystem

__all__ = ["in_parts"]

_SINCE = "2026-01-01"
_SILENT = 0.12
"""Share of the communes whose reports do not say it."""

_TOPICS = {
    Topic.CRIME: 0.22, Topic.DRUGS: 0.19, Topic.FRAUD: 0.17, Topic.GAMBLING: 0.13, Topic.MOVEMENT: 0.12,
    Topic.TRAFFICKING: 0.07, Topic.BORDER: 0.04, Topic.SMUGGLING: 0.03, Topic.OTHER: 0.03,
}  # fmt: skip
_ORGANISERS = {Organiser.POLICE: 0.5, Organiser.FRONT: 0.27, Organiser.MEMBER: 0.23}
_AT_AREAS = 0.4
"""Share of the sessions that are at a priority area, in communes that have one."""

_UNREACHED = 9
"""Every so many areas one that no report names."""

_LEAST = 10
"""People at a session, as in `demo.monthly`."""

_PLACE = ["month", "unit_code"]


def in_parts(rows: pd.DataFrame, zones: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, rng: np.random.Generator) -> (
    pd.DataFrame
):  # fmt: skip
    """Monthly counts, those of sessions and attendances of most communes in parts.

    Parameters
    ----------
    rows : DataFrame
        `MONTHLY_COLUMNS`.
    zones : GeoDataFrame[key, geometry]
    layer : GeoDataFrame[code, geometry]
        Present communes, in the same system.
    """
    codes = layer["code"].to_numpy()
    telling = codes[rng.random(len(codes)) >= _SILENT]
    told = (
        (rows["month"] >= np.datetime64(_SINCE))
        & (rows["unit_system"] == UnitSystem.CURRENT.value)
        & rows["unit_code"].isin(telling)
        & rows["measure"].isin(SESSION_MEASURES)
    ).to_numpy(bool)
    counts = rows[told].pivot_table(index=_PLACE, columns="measure", values="value", fill_value=0)
    sessions = _sessions(counts.reindex(columns=SESSION_MEASURES, fill_value=0).astype(int), rng)
    sessions["topic"] = rng.choice([*_TOPICS], len(sessions), p=[*_TOPICS.values()])
    sessions["organiser"] = rng.choice([*_ORGANISERS], len(sessions), p=[*_ORGANISERS.values()])
    sessions["area"] = _areas(sessions["unit_code"].to_numpy(), zones, layer, rng)
    key = [*_PLACE, *PART_COLUMNS]
    summed = sessions.groupby(key, sort=True)[list(SESSION_MEASURES)].sum().reset_index()
    parts = summed.melt(id_vars=key, var_name="measure", value_name="value").assign(
        unit_system=UnitSystem.CURRENT.value
    )
    parts = parts[parts["value"] > 0][[*MONTHLY_COLUMNS, *PART_COLUMNS]]
    rest = rows[~told].assign(**dict.fromkeys(PART_COLUMNS, ""))
    both = pd.concat([rest, parts.astype({"month": rest["month"].dtype})], ignore_index=True)
    return both.astype(dict.fromkeys(("unit_system", "unit_code", "measure", *PART_COLUMNS), object))


def _sessions(counts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A row for each session, with who came to it, and both again where it was on target 19.2."""
    found = []
    for (month, code), line in counts.iterrows():
        special, people_special = line[Measure.SESSION_192], line[Measure.ATTENDANCE_192]
        for number, people, on_target in (
            (line[Measure.SESSION] - special, line[Measure.ATTENDANCE] - people_special, 0),
            (special, people_special, 1),
        ):
            if number:
                came = _LEAST + rng.multinomial(people - _LEAST * number, np.full(number, 1 / number))
                found += [(month, code, 1, n, on_target, on_target * n) for n in came]
    return pd.DataFrame(found, columns=[*_PLACE, *SESSION_MEASURES])


def _areas(codes: np.ndarray, zones: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, rng: np.random.Generator) -> list[str]:
    """The area each session was at, of those its commune has; "" for none."""
    reached = zones[np.arange(len(zones)) % _UNREACHED != _UNREACHED - 1]
    unit, area = shapely.STRtree(reached.geometry.to_numpy()).query(layer.geometry.to_numpy(), predicate="intersects")
    own: dict[str, list[str]] = {}
    for code, key in zip(layer["code"].to_numpy()[unit], reached["key"].to_numpy()[area]):
        own.setdefault(code, []).append(key)
    at = rng.random(len(codes)) < _AT_AREAS
    chosen = rng.random(len(codes))
    return [
        sorted(own[code])[int(share * len(own[code]))] if here and code in own else ""
        for code, here, share in zip(codes, at, chosen)
    ]
