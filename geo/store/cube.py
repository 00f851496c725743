"""The read model: counts by day, kind and unit as running sums.

A running sum makes the count of any period one subtraction, whatever the number of records. A cube is built from the
store once per data version and boundary version, and kept in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.schema import EVENT_MEASURES, Measure, Query, UnitSystem
from geo.store.attribution import attribution_of
from geo.store.events import counted_by, events_of
from geo.store.memory import Memory
from geo.store.store import Store

__all__ = ["Cube", "build_cube", "reported"]

Step = Literal["day", "month"]


@dataclass(frozen=True, eq=False)
class Cube:
    """Counts by step (day or month), kind and unit, as running sums.

    Attributes
    ----------
    measure : Measure
    system : UnitSystem
    units : tuple of str
        Codes in order of the last axis; its extra last place holds what cannot be attributed.
    kinds : tuple of str
        Categories or game types in order of the middle axis; one empty name for monthly measures.
    step : {"day", "month"}
    first : date
        The first step's day.
    running : ndarray of uint16 or int32, shape (steps + 1, kinds, units + 1)
        `running[i]` is the count of all steps before step i.
    """

    measure: Measure
    system: UnitSystem
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    step: Step
    first: date
    running: NDArray[np.integer]

    @property
    def last(self) -> date:
        """The last step's (first) day; the day before `first` when there are no records."""
        return self._day(self.running.shape[0] - 2)

    def counts(self, start: date, end: date, kinds: tuple[str, ...] = ()) -> NDArray[np.int64]:
        """Counts per unit in a closed period; monthly measures widen it to whole months.

        Parameters
        ----------
        start, end : date
        kinds : tuple of str
            Empty for all. Ignored by monthly measures.

        Returns
        -------
        ndarray of int64, shape (units + 1,)
            The last value is what cannot be attributed.
        """
        low, high = self._position(start), self._position(end, after=True)
        before, upto = self._chosen(self.running[low], kinds), self._chosen(self.running[max(low, high)], kinds)
        return np.asarray(upto.sum(axis=0, dtype=np.int64) - before.sum(axis=0, dtype=np.int64))

    def series(
        self,
        start: date,
        end: date,
        *,
        kinds: tuple[str, ...] = (),
        units: tuple[str, ...] = (),
        by: Step = "month",
    ) -> pd.Series:
        """Counts over time in a closed period, of some units or (`units` empty) of the whole province.

        The whole province includes what cannot be attributed. A period that starts or ends inside a month gives that
        month's part.

        Returns
        -------
        Series
            int64 named after the measure, indexed by the first day of each month, or by day; every one is there.

        Raises
        ------
        InputError
            If days are asked of a monthly measure.
        """
        if by == "day" and self.step == "month":
            raise InputError("store.measure_not_daily", measure=self.measure.value)
        labels = pd.date_range(_floor(start, by), end, freq="D" if by == "day" else "MS", name=by)
        edges = [start, *(stamp.date() for stamp in labels[1:])]
        positions = [*(self._position(day) for day in edges), self._position(end, after=True)]
        upto = self._chosen(self.running[positions], kinds)
        if units:
            upto = upto[..., [self.units.index(code) for code in units if code in self.units]]
        return pd.Series(np.diff(upto.sum(axis=(1, 2), dtype=np.int64)), index=labels, name=self.measure.value)

    def table(self, start: date, end: date, *, kinds: tuple[str, ...] = ()) -> pd.DataFrame:
        """Counts by month and unit in a closed period, for statistics over time.

        Returns
        -------
        DataFrame
            int64; rows are months, columns the units in order. What cannot be attributed is not in it.
        """
        labels = pd.date_range(_floor(start, "month"), end, freq="MS", name="month")
        edges = [start, *(stamp.date() for stamp in labels[1:])]
        positions = [*(self._position(day) for day in edges), self._position(end, after=True)]
        upto = self._chosen(self.running[positions], kinds).sum(axis=1, dtype=np.int64)
        return pd.DataFrame(np.diff(upto, axis=0)[:, :-1], index=labels, columns=pd.Index(self.units, name="code"))

    def _chosen(self, values: NDArray[np.integer], kinds: tuple[str, ...]) -> NDArray[np.integer]:
        if not kinds or self.step == "month":
            return values
        return values[..., [self.kinds.index(kind) for kind in kinds if kind in self.kinds], :]

    def _position(self, day: date, *, after: bool = False) -> int:
        """Index of the running sum up to the start of `day`'s step, or to its end."""
        if self.step == "day":
            index = day.toordinal() - self.first.toordinal()
        else:
            index = (day.year - self.first.year) * 12 + day.month - self.first.month
        return int(min(max(index + after, 0), self.running.shape[0] - 1))

    def _day(self, index: int) -> date:
        if self.step == "day":
            return date.fromordinal(self.first.toordinal() + index)
        month = self.first.year * 12 + self.first.month - 1 + index
        return date(month // 12, month % 12 + 1, 1)


def build_cube(store: Store, measure: Measure, system: UnitSystem = UnitSystem.CURRENT) -> Cube:
    """The cube of a measure on a set of units, from memory where nothing has changed.

    Raises
    ------
    NotFoundError
        If no boundaries of that system were imported.
    """
    return _cubes.get(store, (measure, system), lambda: _build(store, measure, system))


def reported(
    store: Store, start: date, end: date, system: UnitSystem = UnitSystem.CURRENT, *, measure: Measure | None = None
) -> NDArray[np.bool_]:
    """Which units sent a monthly report in a period: the others have no data, which is not the same as none.

    Parameters
    ----------
    measure : Measure, optional
        Reports of this measure; without it, of any.

    Returns
    -------
    ndarray of bool, shape (units,)
    """
    first, running = _reports.get(store, (system, measure), lambda: _report_sums(store, system, measure))
    low, high = ((day.year * 12 + day.month - 1 - first) for day in (start, end))
    low, high = (min(max(index, 0), len(running) - 1) for index in (low, high + 1))
    return np.asarray(running[max(low, high)] > running[low])[:-1]


def _report_sums(store: Store, system: UnitSystem, measure: Measure | None) -> tuple[int, NDArray[np.integer]]:
    """Month of the first report, counted from year 0, and running sums by month and unit."""
    rows, attribution = store.reporting(measure), attribution_of(store, system)
    months = rows["month"].dt.year.to_numpy(np.int64) * 12 + rows["month"].dt.month.to_numpy(np.int64) - 1
    first = int(months.min()) if len(months) else 0
    steps = int(months.max()) - first + 1 if len(months) else 0
    place = (months - first, np.zeros(len(rows), np.int8), attribution.index(rows))
    return first, _running_sum(place, (steps, 1, len(attribution.units) + 1), None)[:, 0]


_cubes: Memory[Cube] = Memory()
_reports: Memory[tuple[int, NDArray[np.integer]]] = Memory()


def _build(store: Store, measure: Measure, system: UnitSystem) -> Cube:
    if measure not in EVENT_MEASURES:
        return _monthly_cube(store, measure, system)
    events = events_of(store, measure, system)
    rows = counted_by(measure, events)
    first = int(events.day[0]) if len(events.day) else date(2013, 1, 1).toordinal()
    steps = int(events.day[-1]) - first + 1 if len(events.day) else 0
    running = _running_sum(
        (events.day[rows] - first, events.kind[rows], events.unit[rows]),
        (steps, len(events.kinds), len(events.units) + 1),
        events.suspects[rows] if measure is Measure.SUSPECT else None,
    )
    return Cube(measure, system, events.units, events.kinds, "day", date.fromordinal(first), running)


def _monthly_cube(store: Store, measure: Measure, system: UnitSystem) -> Cube:
    attribution = attribution_of(store, system)
    rows = store.query(Query(measure, date.min, date.max))
    months = rows["month"].to_numpy("datetime64[M]").astype(np.int64)  # since January 1970
    first = int(months[0]) if len(months) else 43 * 12
    steps = int(months[-1]) - first + 1 if len(months) else 0
    running = _running_sum(
        (months - first, np.zeros(len(rows), np.int8), attribution.index(rows)),
        (steps, 1, len(attribution.units) + 1),
        rows["value"].to_numpy(np.int64),
    )
    start = date(1970 + first // 12, first % 12 + 1, 1)
    return Cube(measure, system, attribution.units, ("",), "month", start, running)


def _running_sum(
    place: tuple[NDArray[np.integer], ...], shape: tuple[int, int, int], weights: NDArray[np.integer] | None
) -> NDArray[np.integer]:
    """Sums over the first axis of counts at `place`, led by a row of zeros, in the smallest sufficient type."""
    total = len(place[0]) if weights is None else int(weights.sum())
    dtype = np.uint16 if total <= np.iinfo(np.uint16).max else np.int32
    running = np.zeros((shape[0] + 1, *shape[1:]), dtype)
    np.add.at(running[1:], place, 1 if weights is None else weights.astype(dtype))
    np.cumsum(running, axis=0, dtype=dtype, out=running)
    running.flags.writeable = False
    return running


def _floor(day: date, by: Step) -> date:
    return day if by == "day" else day.replace(day=1)
