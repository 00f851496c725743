"""Dated boundary layers in the store: which units there are, where, and what the screen draws."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, insert, select, update

from geo.crs import WGS84
from geo.errors import NotFoundError
from geo.schema import UnitSystem
from geo.store import tables
from geo.store.engine import Database
from geo.store.history import utc_now

__all__ = ["BoundaryVersion", "activate", "active", "add", "history", "topology", "topology_of", "units"]

_table = tables.boundary_version
_LIGHT = tuple(column for column in _table.c if column.name != "topology")


@dataclass(frozen=True)
class BoundaryVersion:
    """One dated layer of units.

    Attributes
    ----------
    id : int
    system : UnitSystem
    name : str
    valid_from : date
        The day from which these boundaries hold.
    imported_at : str
        UTC, ISO 8601.
    approximate : bool
        True for the product's own layer; every map then says so.
    source, licence : str
    sha256 : str
        Of the topology; names the screen's file.
    frames : list of dict
        Parts of the map, the main body first: `bounds` (west, south, east, north, degrees) and `codes` of each.
    """

    id: int
    system: UnitSystem
    name: str
    valid_from: date
    imported_at: str
    approximate: bool
    source: str
    licence: str
    sha256: str
    frames: Sequence[Mapping[str, Any]]


def add(
    database: Database,
    connection: Connection,
    layer: gpd.GeoDataFrame,
    record: Mapping[str, Any],
    *,
    topology: bytes,
    frames: Sequence[Mapping[str, Any]],
) -> int:
    """Insert a version with its units and make it the active one of its system; gives its number."""
    connection.execute(update(_table).where(_table.c.system == record["system"]).values(active=False))
    values = {
        **record,
        "imported_at": utc_now(),
        "sha256": hashlib.sha256(topology).hexdigest(),
        "active": True,
        "topology": topology,
        "frames": json.dumps(frames, ensure_ascii=False, sort_keys=True),
    }
    key = connection.execute(insert(_table).values(values)).inserted_primary_key
    assert key is not None
    columns: dict[str, list[Any]] = {name: layer[name].astype(str).tolist() for name in ("code", "name", "kind")}
    columns["version_id"] = [int(key[0])] * len(layer)
    columns["geometry"] = list(shapely.to_wkb(np.asarray(layer.to_crs(WGS84).geometry.to_numpy())))
    database.insert(connection, tables.boundary_unit, columns)
    return int(key[0])


def activate(connection: Connection, version_id: int) -> None:
    """Make a version the active one of its system.

    Raises
    ------
    NotFoundError
        If there is no such version.
    """
    system = connection.scalar(select(_table.c.system).where(_table.c.id == version_id))
    if system is None:
        raise NotFoundError("store.boundaries_unknown", version=version_id)
    connection.execute(update(_table).where(_table.c.system == system).values(active=False))
    connection.execute(update(_table).where(_table.c.id == version_id).values(active=True))


def active(connection: Connection, system: UnitSystem) -> BoundaryVersion:
    """The active version of a system.

    Raises
    ------
    NotFoundError
        If none was added yet.
    """
    row = connection.execute(select(*_LIGHT).where(_table.c.system == system.value, _table.c.active)).mappings().first()
    if row is None:
        raise NotFoundError(f"store.boundaries_none_{system.value}")
    values = {name: row[name] for name in BoundaryVersion.__dataclass_fields__}
    return BoundaryVersion(**{**values, "system": system, "frames": json.loads(row["frames"])})


def history(connection: Connection) -> pd.DataFrame:
    """Every version without topology and frames, newest first."""
    columns = [column for column in _LIGHT if column.name != "frames"]
    frame = pd.read_sql(select(*columns).order_by(_table.c.id.desc()), connection)
    return frame.astype({"approximate": bool, "active": bool})


def units(connection: Connection, version_id: int) -> gpd.GeoDataFrame:
    """Units of a version in order of code: code, name, kind, geometry in WGS 84.

    Raises
    ------
    NotFoundError
        If there is no such version.
    """
    unit = tables.boundary_unit
    chosen = select(unit.c.code, unit.c.name, unit.c.kind, unit.c.geometry).where(unit.c.version_id == version_id)
    rows = connection.execute(chosen.order_by(unit.c.code)).all()
    if not rows:
        raise NotFoundError("store.boundaries_unknown", version=version_id)
    frame = pd.DataFrame(rows, columns=["code", "name", "kind", "geometry"])
    shapes = gpd.GeoSeries.from_wkb(frame["geometry"])
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=WGS84)


def topology(connection: Connection, version_id: int) -> bytes:
    """TopoJSON of a version.

    Raises
    ------
    NotFoundError
        If there is no such version.
    """
    found = connection.scalar(select(_table.c.topology).where(_table.c.id == version_id))
    if found is None:
        raise NotFoundError("store.boundaries_unknown", version=version_id)
    return bytes(found)


def topology_of(connection: Connection, sha256: str) -> bytes | None:
    """The TopoJSON of that hash; None where no version has it, or it is damaged."""
    for content in connection.scalars(select(_table.c.topology).where(_table.c.sha256 == sha256)):
        if hashlib.sha256(bytes(content)).hexdigest() == sha256:
            return bytes(content)
    return None
