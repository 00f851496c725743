"""The store: what was recorded, batch by batch, and the boundaries it is shown on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import func, select

from geo.crs import WGS84
from geo.errors import StoreError
from geo.schema import Dataset, Measure, Query, UnitSystem, month_end
from geo.store import backups, boundaries, history, tables
from geo.store.boundaries import BoundaryVersion
from geo.store.engine import Database
from geo.store.known import known
from geo.store.migrations import migrate
from geo.store.queries import result_columns, selection
from geo.store.records import Batch, check, columns_of, constants_of, in_order, table_of

__all__ = ["Store", "VersionError", "open_store"]

_WRITTEN = 50_000
"""Rows turned into the driver's values at a time, so that a large batch needs little memory."""


class VersionError(StoreError):
    """The store has changed since the rows were checked against it; nothing was added."""


class Store:
    """One open store. Safe to share between threads; several processes may open the same one.

    Use `open_store`, which brings the schema up to date first.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @property
    def url(self) -> str:
        """The URL the store was opened by; names it in caches."""
        return self.database.url

    @property
    def version(self) -> int:
        """Data version: grows with every append, withdrawal, boundary change and restore."""
        return int(self.database.value(_VERSION))

    def append(
        self, batch: Batch, *, at_version: int | None = None, progress: Callable[[float], None] | None = None
    ) -> int:
        """Add a batch, all of it or nothing.

        Parameters
        ----------
        at_version : int, optional
            The data version the batch was checked against; if the store has another by now, nothing is added.
        progress : callable, optional
            Called with the share written, 0 to 1.

        Returns
        -------
        int
            The batch's number, by which it can be withdrawn.

        Raises
        ------
        InputError
            If a column is missing or a value is not in its code list.
        VersionError
            If the store has changed since `at_version`.
        StoreError
            If the database refuses; nothing was added.
        """
        check(batch)
        batch = in_order(batch)
        with self.database.write() as connection:
            if at_version is not None and at_version != (found := connection.execute(_VERSION).scalar_one()):
                raise VersionError("store.changed_meanwhile", expected=at_version, found=found)
            batch_id = history.record(connection, batch)
            for start in range(0, len(batch.rows), _WRITTEN):
                part = replace(batch, rows=batch.rows.iloc[start : start + _WRITTEN])
                columns = columns_of(part, iso_dates=self.database.is_sqlite)
                self.database.insert(connection, table_of(batch.dataset), columns, constants_of(batch, batch_id))
                if progress:
                    progress(min(1.0, (start + _WRITTEN) / len(batch.rows)))
            history.bump(connection)
        return batch_id

    def known(self, dataset: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
        """Active records with the natural key of any of the rows, see `geo.store.known`."""
        with self.database.read() as connection:
            return known(connection, dataset, rows)

    def withdraw(self, batch_id: int, *, who: str = "") -> None:
        """Take a batch back: its rows no longer count, its record stays in the history.

        Raises
        ------
        NotFoundError
            If there is no such batch.
        AlreadyDoneError
            If it was withdrawn before.
        """
        with self.database.write() as connection:
            history.withdraw(connection, batch_id, who)
            history.bump(connection)

    def batches(self) -> pd.DataFrame:
        """Every batch ever appended, newest first: the columns of table `batch`."""
        with self.database.read() as connection:
            frame = pd.read_sql(select(tables.batch).order_by(tables.batch.c.id.desc()), connection)
        return frame.astype({"demo": bool})

    def is_demo(self) -> bool:
        """True when any active batch is invented data."""
        batch = tables.batch
        counted = select(func.count()).where(batch.c.demo, batch.c.withdrawn_at.is_(None))
        with self.database.read() as connection:
            return bool(connection.scalar(counted))

    def period(self) -> tuple[date, date] | None:
        """First and last day on record, of events and of monthly reports; None where there are none."""
        event, monthly = tables.event, tables.monthly
        days = select(func.min(event.c.date), func.max(event.c.date)).where(event.c.active)
        months = select(func.min(monthly.c.month), func.max(monthly.c.month)).where(monthly.c.active)
        with self.database.read() as connection:
            first, last = connection.execute(days).one()
            first_month, last_month = connection.execute(months).one()
        starts = [day for day in (first, first_month) if day is not None]
        ends = [day for day in (last, last_month and month_end(last_month)) if day is not None]
        return (min(starts), max(ends)) if starts else None

    def reporting(self, measure: Measure | None = None) -> pd.DataFrame:
        """Which unit reported in which month: month, unit_system, unit_code.

        Parameters
        ----------
        measure : Measure, optional
            Reports of this measure only; without it, whatever was reported.
        """
        monthly = tables.monthly
        columns = (monthly.c.month, monthly.c.unit_system, monthly.c.unit_code)
        chosen = select(*columns).where(monthly.c.active).distinct()
        if measure is not None:
            chosen = chosen.where(monthly.c.measure == measure.value)
        with self.database.read() as connection:
            rows = connection.execute(chosen).all()
        frame = pd.DataFrame(rows, columns=["month", "unit_system", "unit_code"])
        return frame.assign(month=pd.to_datetime(frame["month"]))

    def query(self, query: Query) -> pd.DataFrame:
        """Active records that match, as recorded.

        Returns
        -------
        DataFrame
            Of events: date, unit_system, unit_code, kind, status, suspects (Int64), lon, lat (degrees). Of monthly
            measures: month, unit_system, unit_code, measure, value. With `query.units`, the records that can be
            attributed to those units of `query.system`.
        """
        with self.database.read() as connection:
            rows = connection.execute(selection(query)).all()
        names = result_columns(query)
        frame = pd.DataFrame(dict(zip(names, zip(*rows, strict=True), strict=False)), columns=names)  # rows are slow
        day = frame.columns[0]
        frame[day] = pd.to_datetime(frame[day])
        if "suspects" in frame:
            frame = frame.astype({"suspects": "Int64", "lon": float, "lat": float})
        return self._in_units(frame, query) if query.units else frame

    def _in_units(self, frame: pd.DataFrame, query: Query) -> pd.DataFrame:
        from geo.store.attribution import attribution_of  # it needs a Store to read boundaries from

        attribution = attribution_of(self, query.system)
        wanted = [attribution.units.index(code) for code in query.units if code in attribution.units]
        return frame[pd.Series(attribution.index(frame)).isin(wanted).to_numpy()].reset_index(drop=True)

    def zones(self) -> gpd.GeoDataFrame:
        """Active priority zones: name, kind, invented, geometry in WGS 84."""
        zone = tables.zone
        chosen = select(zone.c.name, zone.c.kind, zone.c.invented, zone.c.geometry).where(zone.c.active)
        with self.database.read() as connection:
            rows = connection.execute(chosen.order_by(zone.c.id)).all()
        frame = pd.DataFrame(rows, columns=["name", "kind", "invented", "geometry"])
        shapes = gpd.GeoSeries.from_wkb(frame["geometry"])
        return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=WGS84)

    def population(self, system: UnitSystem) -> pd.Series:
        """People by unit code, in the latest year on record; the later batch wins.

        Returns
        -------
        Series
            Named `people`, int64, indexed by `code`; empty where nothing is known.
        """
        table = tables.population
        chosen = select(table.c.unit_code, table.c.people).where(table.c.active, table.c.unit_system == system.value)
        with self.database.read() as connection:
            rows = connection.execute(chosen.order_by(table.c.year, table.c.batch_id)).all()
        latest = dict(map(tuple, rows))
        return pd.Series(latest, dtype="int64", name="people").rename_axis("code").sort_index()

    def delays(self) -> pd.DataFrame:
        """How many events and monthly reports of each day or month came in with which batch.

        Returns
        -------
        DataFrame[dataset, day, imported_at, rows]
            `day` is an event's day, or a report's month as its first day; `imported_at` in UTC.
        """
        event, monthly, batch = tables.event, tables.monthly, tables.batch
        events = (
            select(event.c.dataset, event.c.date.label("day"), batch.c.imported_at, func.count().label("rows"))
            .join(batch, batch.c.id == event.c.batch_id)
            .where(event.c.active)
            .group_by(event.c.dataset, event.c.date, batch.c.imported_at)
        )
        reports = (
            select(batch.c.dataset, monthly.c.month.label("day"), batch.c.imported_at, func.count().label("rows"))
            .join(batch, batch.c.id == monthly.c.batch_id)
            .where(monthly.c.active)
            .group_by(batch.c.dataset, monthly.c.month, batch.c.imported_at)
        )
        with self.database.read() as connection:
            rows = [*connection.execute(events).all(), *connection.execute(reports).all()]
        frame = pd.DataFrame(rows, columns=["dataset", "day", "imported_at", "rows"])
        when = pd.to_datetime(frame["imported_at"], utc=True).dt.tz_localize(None)
        return frame.assign(day=pd.to_datetime(frame["day"]), imported_at=when)

    def population_year(self, system: UnitSystem) -> int | None:
        """The latest year on record of a system's population; None where nothing is known."""
        table = tables.population
        latest = select(func.max(table.c.year)).where(table.c.active, table.c.unit_system == system.value)
        with self.database.read() as connection:
            year = connection.execute(latest).scalar_one()
        return None if year is None else int(year)

    def add_boundaries(
        self,
        units: gpd.GeoDataFrame,
        *,
        system: UnitSystem,
        name: str,
        valid_from: date,
        source: str,
        licence: str,
        topology: bytes,
        frames: Sequence[Mapping[str, Any]],
        approximate: bool,
    ) -> int:
        """Add a dated boundary layer and show everything on it from now on.

        Parameters
        ----------
        units : GeoDataFrame
            code, name, kind, geometry in WGS 84, full detail.
        topology : bytes
            TopoJSON for the screen.
        frames : list of dict
            Parts of the map, the main body first: `bounds` (west, south, east, north, degrees) and `codes` of each.

        Returns
        -------
        int
            The version's number.
        """
        record = {
            "system": system.value,
            "name": name,
            "valid_from": valid_from,
            "source": source,
            "licence": licence,
            "approximate": approximate,
        }
        with self.database.write() as connection:
            version_id = boundaries.add(self.database, connection, units, record, topology=topology, frames=frames)
            history.bump(connection)
        return version_id

    def activate_boundaries(self, version_id: int) -> None:
        """Show everything on an earlier version again.

        Raises
        ------
        NotFoundError
            If there is no such version.
        """
        with self.database.write() as connection:
            boundaries.activate(connection, version_id)
            history.bump(connection)

    def active_boundaries(self, system: UnitSystem) -> BoundaryVersion:
        """The version of `system` that is shown.

        Raises
        ------
        NotFoundError
            If none was added yet.
        """
        with self.database.read() as connection:
            return boundaries.active(connection, system)

    def boundary_versions(self) -> pd.DataFrame:
        """Every version on record without its geometry, newest first."""
        with self.database.read() as connection:
            return boundaries.history(connection)

    def boundary_units(self, version_id: int) -> gpd.GeoDataFrame:
        """Units of a version in order of code: code, name, kind, geometry in WGS 84.

        Raises
        ------
        NotFoundError
            If there is no such version.
        """
        with self.database.read() as connection:
            return boundaries.units(connection, version_id)

    def topology(self, version_id: int) -> bytes:
        """The version's TopoJSON for the screen."""
        with self.database.read() as connection:
            return boundaries.topology(connection, version_id)

    def check_integrity(self) -> None:
        """Raise StoreError when the database finds itself damaged."""
        backups.check_integrity(self.database)

    def backup(self, path: Path) -> None:
        """Write a complete copy to `path` while others go on reading and writing."""
        backups.backup(self.database, path)

    def restore(self, path: Path) -> None:
        """Replace everything by the backup at `path`, at once or not at all."""
        backups.restore(self.database, path)


_VERSION = select(tables.state.c.version)


@lru_cache(maxsize=8)
def _opened(url: str) -> Store:
    database = Database(url)
    migrate(database)
    return Store(database)


_opening = Lock()


def open_store(url: str) -> Store:
    """Open the store at a SQLAlchemy URL, making or upgrading its tables; one URL gives one `Store` per process.

    Raises
    ------
    StoreError
        If it cannot be opened, or a newer program wrote it.
    """
    with _opening:
        return _opened(url)
