"""Priority zones over time: every save is a row, the last active row of a key is what the zone is now."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from geo.crs import WGS84
from geo.schema import ZONE_COLUMNS
from geo.store import tables

__all__ = ["is_holding", "zones_holding", "zones_saved", "zones_standing"]


def zones_saved(connection: Connection) -> pd.DataFrame:
    """Every row of zones, oldest first: `ZONE_COLUMNS` with `geometry` as stored bytes, `batch`, `active`."""
    zone = tables.zone
    chosen = select(*(zone.c[name] for name in ZONE_COLUMNS), zone.c.batch_id.label("batch"), zone.c.active)
    found = connection.execute(chosen.order_by(zone.c.id)).all()
    frame = pd.DataFrame([tuple(row) for row in found], columns=[*ZONE_COLUMNS, "batch", "active"])
    flags = ("divided", "invented", "active")
    return frame.astype({**dict.fromkeys(("since", "until", "geometry"), object), **dict.fromkeys(flags, bool)})


def zones_standing(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Each zone as its last active row has it, in order of their first ones: `ZONE_COLUMNS` and `batch`, WGS 84."""
    active = rows[rows["active"]]
    order = {key: n for n, key in enumerate(dict.fromkeys(active["key"]))}
    last = active.drop_duplicates("key", keep="last")
    last = last.iloc[np.argsort([order[key] for key in last["key"]], kind="stable")].reset_index(drop=True)
    shapes = gpd.GeoSeries.from_wkb(last["geometry"])
    columns = [name for name in ZONE_COLUMNS if name != "geometry"]
    return gpd.GeoDataFrame(last[[*columns, "batch"]], geometry=shapes, crs=WGS84)


def is_holding(zones: pd.DataFrame, day: date) -> NDArray[np.bool_]:
    """Which zones hold on a day: begun, not ended, not divided."""
    begun = [since is None or since <= day for since in zones["since"]]
    lasting = [until is None or until >= day for until in zones["until"]]
    return np.asarray(np.array(begun, bool) & np.array(lasting, bool) & ~zones["divided"].to_numpy(bool))


def zones_holding(zones: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """Those of `zones_standing` that hold on a day."""
    return zones[is_holding(zones, day)].reset_index(drop=True)
