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
from sqlalchemy import Connection, select

from geo.errors import NotFoundError, StoreError
from geo.schema import Dataset, Query, UnitSystem
from geo.store import backups, boundaries, history, snapshot, tables
from geo.store.attribution import attribution_on
from geo.store.boundaries import BoundaryVersion
from geo.store.copying import kept_copies
from geo.store.engine import Database
from geo.store.erasure import finish_soon, scrub
from geo.store.known import known
from geo.store.migrations import migrate
from geo.store.numbers import key_of
from geo.store.queries import result_columns, selection
from geo.store.records import Batch, check, columns_of, completed, constants_of, in_order, table_of
from geo.store.snapshot import EVERYBODY, Reader, Snapshot
from geo.store.texts import Texts
from geo.store.zones import zones_saved, zones_standing

__all__ = ["Store", "VersionError", "open_store"]

_WRITTEN = 50_000
"""Rows turned into the driver's values at a time, so that a large batch needs little memory."""


_MOST = 2**31 - 1
"""The largest number a batch or a version can have: a larger one is not even asked for, as databases refuse it."""


class VersionError(StoreError):
    """The store has changed since the rows were checked against it; nothing was added."""


class Store:
    """One open store. Safe to share between threads; several processes may open the same one.

    Use `open_store`, which brings the schema up to date first.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.texts = Texts(database)
        self._taking: dict[Reader, Lock] = {}
        self._taken: dict[Reader, Snapshot] = {}

    @property
    def url(self) -> str:
        """The URL the store was opened by; names it in caches."""
        return self.database.url

    @property
    def version(self) -> int:
        """Data version: grows with every append, withdrawal, boundary change and restore."""
        return int(self.database.value(_VERSION))

    def snapshot(self, *, reader: Reader = EVERYBODY) -> Snapshot:
        """Everything on record at the present data version, as one reader sees it; read once per version.

        Whoever asks while it is being read waits for that reading, and nobody else does.
        """
        if (held := self._present(reader)) is not None:
            return held
        with self._taking.setdefault(reader, Lock()):
            if (held := self._present(reader)) is None:
                held = snapshot.take(self.database, reader, self._taken.get(reader))
                present = {known: one for known, one in self._taken.items() if one.version == held.version}
                self._taken = {**present, reader: held}
        return held

    def _present(self, reader: Reader) -> Snapshot | None:
        held = self._taken.get(reader)
        is_present = held is not None and held.version == self.version and held.day == date.today()
        return held if is_present else None

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
        return self.append_all([batch], at_version=at_version, progress=progress)[0]

    def append_all(
        self,
        batches: Sequence[Batch],
        *,
        at_version: int | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> list[int]:
        """Add several batches, all of them or nothing; as `append`, gives their numbers."""
        batches = [completed(batch) for batch in batches]
        for batch in batches:
            check(batch)
        total, written, numbers = sum(len(batch.rows) for batch in batches), 0, []
        with self.database.write() as connection:
            if at_version is not None and at_version != (found := connection.execute(_VERSION).scalar_one()):
                raise VersionError("store.changed_meanwhile", expected=at_version, found=found)
            key = key_of(connection)
            for batch in map(in_order, batches):
                numbers.append(history.record(connection, batch))
                for start in range(0, len(batch.rows), _WRITTEN):
                    part = replace(batch, rows=batch.rows.iloc[start : start + _WRITTEN])
                    columns = columns_of(part, iso_dates=self.database.is_sqlite, key=key)
                    constants = constants_of(batch, numbers[-1])
                    self.database.insert(connection, table_of(batch.dataset), columns, constants)
                    written += len(part.rows)
                    if progress:
                        progress(written / total)
            history.bump(connection)
        return numbers

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
        if batch_id > _MOST:
            raise NotFoundError("store.batch_unknown", batch=batch_id)
        with self.database.write() as connection:
            history.withdraw(connection, batch_id, who)
            history.bump(connection)

    def erase(self, batch_ids: Sequence[int], *, who: str = "") -> int:
        """Delete the rows of batches for good, all or none; their record stays in the history.

        They are gone from the tables, the free pages and the write-ahead log; copies of the store made before still
        hold them. Of the years of which an erased batch reported a masked measure, nothing masked is shown any more:
        what was read before could give a hidden count away together with what came after.

        Returns
        -------
        int
            How many rows there were.

        Raises
        ------
        NotFoundError
            If there is no such batch.
        AlreadyDoneError
            If one was erased before.
        StoreError
            If the file could not be written anew; the rows are deleted then.
        """
        if unknown := [number for number in batch_ids if number > _MOST]:
            raise NotFoundError("store.batch_unknown", batch=unknown[0])
        with self.database.write() as connection:
            rows = sum(history.erase(connection, number, who) for number in batch_ids)
            history.bump(connection)
        scrub(self.database)
        return rows

    def copies(self) -> list[Path]:
        """Copies of an earlier state that the store itself keeps beside it."""
        return kept_copies(self.database.file) if self.database.file else []

    def batches(self) -> pd.DataFrame:
        """Every batch ever appended, newest first: the columns of table `batch`, but a code in place of its hash."""
        with self.database.read() as connection:
            return history.listed(connection)

    def zones(self) -> gpd.GeoDataFrame:
        """Every zone as it stands now, see `geo.store.zones.zones_standing`."""
        with self.database.read() as connection:
            return zones_standing(zones_saved(connection))

    def batches_of(self, sha256: str) -> tuple[int, ...]:
        """Batches in use that came from the very file of this hash; of masked measures that is not said."""
        with self.database.read() as connection:
            return history.of_file(connection, sha256)

    def names_of_before(self) -> list[str]:
        """Names of areas that came in before there was a rule for them (migration 3), without those erased since."""
        migration, batch, zone = tables.migration, tables.batch, tables.zone
        since = select(migration.c.applied_at).where(migration.c.number == _NAMES_ASKED).scalar_subquery()
        chosen = select(zone.c.name).distinct().join(batch, batch.c.id == zone.c.batch_id)
        with self.database.read() as connection:
            return sorted(connection.execute(chosen.where(batch.c.imported_at < since, ~batch.c.demo)).scalars())

    def query(self, query: Query) -> pd.DataFrame:
        """Active records that match, as recorded.

        Returns
        -------
        DataFrame
            Of events: date, unit_system, unit_code, kind, status, suspects (Int64), lon, lat (degrees). Of monthly
            measures: month, unit_system, unit_code, measure, value; of yearly ones year and kind. With `query.units`,
            the records that can be attributed to those units of `query.system`.
        """
        with self.database.read() as connection:
            rows = connection.execute(selection(query)).all()
            layer = _layer(connection, query.system) if query.units else None
        names = result_columns(query)
        frame = pd.DataFrame(dict(zip(names, zip(*rows, strict=True), strict=False)), columns=names)  # rows are slow
        if (day := frame.columns[0]) != "year":
            frame[day] = pd.to_datetime(frame[day])
        if "suspects" in frame:
            frame = frame.astype({"suspects": "Int64", "lon": float, "lat": float})
        if layer is None:
            return frame
        attribution = attribution_on(layer, query.system)
        wanted = [attribution.units.index(code) for code in query.units if code in attribution.units]
        return frame[pd.Series(attribution.index(frame)).isin(wanted).to_numpy()].reset_index(drop=True)

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
        if version_id > _MOST:
            raise NotFoundError("store.boundaries_unknown", version=version_id)
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

    def topology(self, sha256: str) -> bytes | None:
        """The TopoJSON document of that hash; None where no version has it, or it is damaged."""
        with self.database.read() as connection:
            return boundaries.topology_of(connection, sha256)

    def check_integrity(self) -> None:
        """Raise StoreError when the database finds itself damaged."""
        backups.check_integrity(self.database)

    def backup(self, path: Path) -> None:
        """Write a complete copy to `path` while others go on reading and writing."""
        backups.backup(self.database, path)

    def restore(self, path: Path) -> Path:
        """Replace everything by the backup at `path`, at once or not at all; gives where what was before is kept."""
        return backups.restore(self.database, path)


_VERSION = select(tables.state.c.version)


def _layer(connection: Connection, system: UnitSystem) -> gpd.GeoDataFrame:
    return boundaries.units(connection, boundaries.active(connection, system).id)


@lru_cache(maxsize=8)
def _opened(url: str) -> Store:
    database = Database(url)
    migrate(database)
    finish_soon(database)
    return Store(database)


_NAMES_ASKED = 3
"""The migration since which a name is asked about that may be a person's."""

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
