"""One consistent reading of the store: everything that maps, analyses and tables are made of, at one data version.

It is read in one transaction and never reads again, so whatever is made of it is of one version. Cubes, events and
attributions are worked out of what was read when they are first asked for, and kept with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from geo import settings
from geo.crs import utm_of
from geo.errors import InputError, NotFoundError
from geo.schema import (
    EVENT_MEASURES,
    MASKED_MEASURES,
    PART_COLUMNS,
    PROTECTED_ZONES,
    SESSION_MEASURES,
    YEARLY_MEASURES,
    Dataset,
    Measure,
    Query,
    UnitSystem,
    month_end,
)
from geo.store import boundaries, reading, tables
from geo.store.attribution import Attribution, attribution_on
from geo.store.boundaries import BoundaryVersion
from geo.store.cube import Cube, cube_of_events, cube_of_publication, cube_of_reports
from geo.store.engine import Database
from geo.store.events import Events, Points, events_on, points_of
from geo.store.history import erased_of, listed
from geo.store.memory import Memory, remembered
from geo.store.parts import counted_as, parts_in
from geo.store.publication import Publication, Reports, publication_of
from geo.store.years import Years, years_of
from geo.store.zones import zones_holding, zones_saved, zones_standing
from geo.units.likeness import areas_along, areas_like_units

__all__ = ["EVERYBODY", "Reader", "Snapshot", "take"]


@dataclass(frozen=True)
class Reader:
    """For whom the store is read; part of what a snapshot is kept under. Today everybody sees the same."""

    name: str = "everybody"


EVERYBODY = Reader()

_Layers = Mapping[UnitSystem, tuple[BoundaryVersion, gpd.GeoDataFrame, bytes]]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The store at one data version, as one reader sees it.

    Of a masked measure it hands out what `publication` says may be known, and nothing else: its cube holds no more.

    Attributes
    ----------
    version : int
        Data version.
    reader : Reader
    batches : DataFrame
        Every batch ever appended, newest first: the columns of table `batch`.
    day : date
        On which it was taken.
    zones : GeoDataFrame
        Priority zones that hold on that day: `ZONE_COLUMNS`, WGS 84; without those of `withheld`.
    zones_kept : GeoDataFrame
        Every zone as it stands now, in order of its first row; those too that hold no more, or not yet; but none of
        `withheld`.
    zone_rows : DataFrame
        Everything ever saved of zones, oldest first: `ZONE_COLUMNS` with `geometry` as stored bytes, `batch`, `active`.
    target_log : DataFrame[year, unit_code, measure, value, batch]
        Every target that was ever set and not taken back, in that order; without a code those of the province.
    models : DataFrame[name, kind, unit_system, unit_code, since, until, members]
        Active community models in order of the day they began; `until` and `members` may be missing.
    withheld : tuple of str
        Names of active ethnic-minority and religious areas that are communes of a layer in use, or that an area of
        another kind runs along: what is counted of those would be counted of them.
    """

    version: int
    reader: Reader
    batches: pd.DataFrame
    day: date
    zones: gpd.GeoDataFrame
    zones_kept: gpd.GeoDataFrame
    zone_rows: pd.DataFrame
    _layers: _Layers
    _people: pd.DataFrame
    _cases: pd.DataFrame
    _dens: pd.DataFrame
    _monthly: pd.DataFrame
    _sealed: pd.DataFrame
    _yearly: pd.DataFrame
    target_log: pd.DataFrame
    models: pd.DataFrame
    withheld: tuple[str, ...] = ()
    _memories: Memory[Memory[Any]] = field(init=False, default_factory=lambda: Memory(10_000))

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Targets as they hold now: the last that was said of each year, unit and measure; columns of `target_log`."""
        keys = ["year", "unit_code", "measure"]
        return self.target_log.drop_duplicates(keys, keep="last").sort_values(keys, ignore_index=True)

    def memory_of(self, function: Callable[..., Any], room: int) -> Memory[Any]:
        """Where results of a function of this snapshot are kept; see `remembered`."""
        return self._memories.get(function, lambda: Memory(room))

    @cached_property
    def is_demo(self) -> bool:
        """True when any active batch is invented data."""
        return bool((self.batches["demo"] & self.batches["withdrawn_at"].isna()).any())

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """First and last day on record, of events and of monthly reports; None where there are none."""
        spans = [
            (int(rows["day"].iloc[0]), int(rows["day"].iloc[-1])) for rows in (self._cases, self._dens) if len(rows)
        ]
        days = [(date.fromordinal(first), date.fromordinal(last)) for first, last in spans]
        for rows in self._sent_by_month:
            if len(rows):
                first, last = (_first_of(int(rows["month"].iloc[place])) for place in (0, -1))
                days.append((first, month_end(last)))
        return (min(first for first, _ in days), max(last for _, last in days)) if days else None

    @property
    def _sent_by_month(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Active monthly reports, of measures that are not masked and of those that are."""
        by_month = ~self._sealed["measure"].isin(YEARLY_MEASURES)
        return self._monthly, self._sealed[self._sealed["active"] & by_month]

    @property
    def today(self) -> date:
        """The day of the newest record, from which relative periods are counted.

        Raises
        ------
        NotFoundError
            If there is none yet.
        """
        recorded = self.period
        if recorded is None:
            raise NotFoundError("store.no_records")
        return recorded[1]

    def has_units(self, system: UnitSystem) -> bool:
        """Whether there is a boundary layer of a set of units."""
        return system in self._layers

    def boundaries(self, system: UnitSystem = UnitSystem.CURRENT) -> BoundaryVersion:
        """The boundary version in use.

        Raises
        ------
        NotFoundError
            If none of that system was added yet.
        """
        return self._of(system)[0]

    def layer(self, system: UnitSystem = UnitSystem.CURRENT) -> gpd.GeoDataFrame:
        """Units in order of code: code, name, kind, geometry in WGS 84, full detail. Errors as of `boundaries`."""
        return self._of(system)[1]

    def topology(self, system: UnitSystem = UnitSystem.CURRENT) -> bytes:
        """TopoJSON of the units for the screen. Errors as of `boundaries`."""
        return self._of(system)[2]

    def _of(self, system: UnitSystem) -> tuple[BoundaryVersion, gpd.GeoDataFrame, bytes]:
        if system not in self._layers:
            raise NotFoundError(f"store.boundaries_none_{system.value}")
        return self._layers[system]

    @remembered(2)
    def units(self, system: UnitSystem = UnitSystem.CURRENT) -> pd.DataFrame:
        """The units of a system: name, kind, area_km2, people, and their boxes in degrees, indexed by code."""
        layer = self.layer(system).set_index("code")
        centre = float((layer.total_bounds[0] + layer.total_bounds[2]) / 2)
        frame = pd.DataFrame({"name": layer["name"], "kind": layer["kind"]})
        frame["area_km2"] = layer.to_crs(utm_of(centre)).area / 1e6
        frame["people"] = self.population(system).reindex(frame.index)
        return frame.join(layer.bounds)

    def population(self, system: UnitSystem = UnitSystem.CURRENT) -> pd.Series:
        """People by unit code in the latest year on record, int64; the later batch wins."""
        rows = self._people[self._people["unit_system"] == system.value]
        latest = dict(zip(rows["unit_code"], rows["people"]))
        return pd.Series(latest, dtype="int64", name="people").rename_axis("code").sort_index()

    def population_year(self, system: UnitSystem = UnitSystem.CURRENT) -> int | None:
        """The latest year on record of a system's population; None where nothing is known."""
        years = self._people.loc[self._people["unit_system"] == system.value, "year"]
        return int(years.max()) if len(years) else None

    @remembered(2)
    def attribution(self, system: UnitSystem = UnitSystem.CURRENT) -> Attribution:
        """Which record belongs to which unit of a system."""
        return attribution_on(self.layer(system), system)

    @remembered(len(Measure) * len(UnitSystem))
    def cube(self, measure: Measure, system: UnitSystem = UnitSystem.CURRENT) -> Cube:
        """Counts of a measure by day or month, kind and unit, with the units that reported.

        What is reported once a year stands in the last month of the year, all kinds together.
        """
        if measure in EVENT_MEASURES:
            return cube_of_events(measure, system, self.events(measure, system))
        reports = self._yearly if measure in YEARLY_MEASURES else self._monthly
        rows = reports[reports["measure"] == measure.value]
        if measure not in MASKED_MEASURES:
            return cube_of_reports(measure, self.attribution(system), rows)
        if system is not UnitSystem.CURRENT:
            raise InputError("map.masked_on_former_units")
        return cube_of_publication(measure, self.attribution(system), self.publication(measure))

    @remembered(16)
    def part_cube(self, measure: Measure, *, topic: str = "", organiser: str = "") -> Cube:
        """Sessions, or attendances, on a topic or of an organiser, on present units; empty for any.

        A unit's month of which no report says either has none in this cube, whatever it reported.

        Raises
        ------
        InputError
            If the measure does not come in parts.
        """
        asked = {name: value for name, value in (("topic", topic), ("organiser", organiser)) if value}
        reports = self._in_parts(measure)
        return cube_of_reports(measure, self.attribution(), counted_as(reports, **asked) if asked else reports)

    @remembered(len(SESSION_MEASURES))
    def parts(self, measure: Measure) -> pd.DataFrame:
        """What was said of sessions, or attendances.

        Returns
        -------
        DataFrame[month, unit, area, topic, organiser, value]
            `month` since January 1970; `unit` place of the present unit in `attribution`, the last for none.

        Raises
        ------
        InputError
            If the measure does not come in parts.
        """
        found = parts_in(self._in_parts(measure))
        return found.assign(unit=self.attribution().index(found))[["month", "unit", *PART_COLUMNS, "value"]]

    def _in_parts(self, measure: Measure) -> pd.DataFrame:
        if measure not in SESSION_MEASURES:
            raise InputError("store.measure_no_parts", measure=measure.value)
        return self._monthly[self._monthly["measure"] == measure.value]

    @remembered(len(MASKED_MEASURES))
    def publication(self, measure: Measure) -> Publication:
        """What may be known of a masked measure, on present units; of a yearly one in the last month of its year.

        Raises
        ------
        InputError
            If the measure is not masked.
        """
        if measure not in MASKED_MEASURES:
            raise InputError("store.measure_not_masked", measure=measure.value)
        attribution = self.attribution()
        rows = self._sealed[self._sealed["measure"] == measure.value]
        source, _ = pd.factorize(rows["unit_system"].astype(str) + rows["unit_code"].astype(str))
        month, value, batch = (rows[name].to_numpy(np.int64) for name in ("month", "value", "batch"))
        unit = attribution.index(rows).astype(np.int64)
        reports = Reports(month, unit, source, value, batch, len(attribution.units))
        erased = erased_of(self.batches, measure)
        return publication_of(reports, self.batches, settings.load().min_count, erased)

    @remembered(len(UnitSystem))
    def years(self, system: UnitSystem = UnitSystem.CURRENT) -> Years:
        """Counts that are reported once a year, without those that are masked."""
        return years_of(self.attribution(system), self._yearly)

    def events(self, measure: Measure, system: UnitSystem = UnitSystem.CURRENT) -> Events:
        """All active cases, or dens, as columns.

        Raises
        ------
        InputError
            If the measure is a monthly count.
        """
        if measure not in EVENT_MEASURES:
            raise InputError("store.measure_not_events", measure=measure.value)
        return self._events(measure is Measure.DEN_CLEARED, system)

    @remembered(4)
    def _events(self, is_dens: bool, system: UnitSystem) -> Events:
        return events_on(self.attribution(system), self._dens if is_dens else self._cases, is_dens=is_dens)

    def points(self, query: Query) -> Points:
        """Points of the events that match a query. Errors as of `events`."""
        return points_of(self.events(query.measure, query.system), query)

    @remembered(1)
    def delays(self) -> pd.DataFrame:
        """How many events and monthly reports of each day or month came in with which batch.

        Returns
        -------
        DataFrame[dataset, day, imported_at, rows]
            `day` is an event's day, or a report's month as its first day; `imported_at` in UTC.
        """
        reports = pd.concat([rows[["month", "batch"]] for rows in self._sent_by_month])
        months = reports["month"].to_numpy(np.int64).astype("datetime64[M]").astype("datetime64[D]")
        of_months = pd.DataFrame({"day": months.astype(np.int64) + reading.EPOCH, "batch": reports["batch"].to_numpy()})
        parts = [self._cases[["day", "batch"]], self._dens[["day", "batch"]], of_months]
        counted = pd.concat([part.value_counts().rename("rows").reset_index() for part in parts])
        known = self.batches.set_index("id").loc[counted["batch"]]
        when = pd.to_datetime(known["imported_at"].to_numpy(), utc=True).tz_localize(None)
        day = (counted["day"].to_numpy(np.int64) - reading.EPOCH).astype("datetime64[D]")
        frame = pd.DataFrame({"dataset": known["dataset"].to_numpy(), "day": day, "imported_at": when})
        return frame.assign(rows=counted["rows"].to_numpy())


def _first_of(month: int) -> date:
    return date(1970 + month // 12, month % 12 + 1, 1)


def take(database: Database, reader: Reader, before: Snapshot | None = None) -> Snapshot:
    """Read everything in one transaction.

    Parameters
    ----------
    before : Snapshot, optional
        An earlier one: rows of datasets whose batches are still the same are taken over, for a batch never changes.
    """
    with database.read() as connection:
        version = int(connection.execute(select(tables.state.c.version)).scalar_one())
        batches = listed(connection)

        def is_same(dataset: Dataset) -> bool:
            return before is not None and _in_use(before.batches, dataset) == _in_use(batches, dataset)

        def events(dataset: Dataset, held: pd.DataFrame | None) -> pd.DataFrame:
            kept = held if is_same(dataset) else None
            return reading.events(database, connection, dataset) if kept is None else kept

        layers, day = _layers(connection), date.today()
        drawn_alike = before is not None and (
            _ever(before.batches, Dataset.ZONES) == _ever(batches, Dataset.ZONES)
            and (_ids(before._layers), before.day) == (_ids(layers), day)
        )
        if before is not None and drawn_alike:
            zone_rows, kept, zones, withheld = before.zone_rows, before.zones_kept, before.zones, before.withheld
        else:
            zone_rows = zones_saved(connection)
            kept = zones_standing(zone_rows)
            holding = zones_holding(kept, day)
            zones, withheld = _apart(holding, layers)
            gone = set(holding["key"]) - set(zones["key"])
            kept = kept[~kept["key"].isin(gone)].reset_index(drop=True)
        months = before._monthly if before is not None and is_same(Dataset.MONTHLY) else None
        history = before is not None and all(
            _ever(before.batches, dataset) == _ever(batches, dataset) for dataset in (Dataset.MONTHLY, Dataset.YEARLY)
        )
        return Snapshot(
            version=version,
            reader=reader,
            batches=batches,
            day=day,
            zones=zones,
            zones_kept=kept,
            zone_rows=zone_rows,
            withheld=withheld,
            _layers=layers,
            _people=reading.people(database, connection),
            _cases=events(Dataset.CASES, before and before._cases),
            _dens=events(Dataset.DENS, before and before._dens),
            _monthly=reading.monthly(database, connection) if months is None else months,
            _sealed=before._sealed if before is not None and history else reading.sealed(database, connection),
            _yearly=reading.yearly(database, connection),
            target_log=reading.targets(database, connection),
            models=reading.models(database, connection),
        )


def _in_use(batches: pd.DataFrame, dataset: Dataset) -> list[tuple[object, ...]]:
    """What tells the active batches of a dataset from any others."""
    active = batches[(batches["dataset"] == dataset.value) & batches["withdrawn_at"].isna()]
    return list(active[["id", "file_code", "imported_at", "rows"]].itertuples(index=False, name=None))


def _ever(batches: pd.DataFrame, dataset: Dataset) -> list[tuple[object, ...]]:
    """What tells the batches of a dataset, taken back or not, from any others."""
    marks = ["withdrawn_at", "erased_at"]
    every = batches.loc[batches["dataset"] == dataset.value, ["id", "file_code", "imported_at", *marks, "rows"]]
    return list(every.astype(dict.fromkeys(marks, object)).fillna("").itertuples(index=False, name=None))


def _ids(layers: _Layers) -> list[int]:
    return [version.id for version, _, _ in layers.values()]


def _apart(zones: gpd.GeoDataFrame, layers: _Layers) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Areas without those of a protected kind that are communes of a layer in use, or that an area of another kind runs
    along, and the names of these.

    An import refuses such areas; a layer that comes after them can make them so, and older stores may have them.
    """
    asked = np.flatnonzero(zones["kind"].isin(PROTECTED_ZONES).to_numpy(bool))
    shapes = zones.geometry.to_numpy()[asked]
    alike: set[int] = set()
    for version, units, _ in layers.values() if len(asked) else ():
        alike |= areas_like_units(list(shapes), units, approximate=version.approximate).keys()
    others = zones.geometry[~zones["kind"].isin(PROTECTED_ZONES).to_numpy(bool)]
    for places in areas_along(list(others), list(shapes)).values():
        alike |= set(places)
    held = asked[sorted(alike)]
    names = tuple(zones["name"].to_numpy()[held])
    return zones.drop(index=zones.index[held]).reset_index(drop=True), names


def _layers(connection: Connection) -> _Layers:
    found = {}
    for system in UnitSystem:
        try:
            version = boundaries.active(connection, system)
        except NotFoundError:
            continue
        units, topology = boundaries.units(connection, version.id), boundaries.topology(connection, version.id)
        found[system] = version, units, topology
    return found
