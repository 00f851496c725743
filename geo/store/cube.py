"""The read model: counts by day, kind and unit as running sums.

A running sum makes the count of any period one subtraction, whatever the number of records. A monthly cube knows, too,
which unit reported in which month: no report is not the same as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.schema import Measure, UnitSystem
from geo.store.attribution import Attribution
from geo.store.events import Events, counted_by
from geo.store.publication import Publication

__all__ = ["Cube", "cube_of_events", "cube_of_publication", "cube_of_reports", "months_since_1970"]

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
    reports : ndarray of uint16 or int32, shape (steps + 1, units + 1), optional
        The same of the number of reports; None for events, which are recorded as they happen.
    """

    measure: Measure
    system: UnitSystem
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    step: Step
    first: date
    running: NDArray[np.integer]
    reports: NDArray[np.integer] | None = None

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

    def reported(self, start: date, end: date) -> NDArray[np.bool_]:
        """Which units sent a report in a closed period, shape (units,); of events all of them."""
        if self.reports is None:
            return np.ones(len(self.units), bool)
        low, high = self._position(start), self._position(end, after=True)
        return np.asarray(self.reports[max(low, high)] > self.reports[low])[:-1]

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
            int64; rows are months, columns the units in order. What cannot be attributed is not in it. No rows where
            the period ends before it starts.
        """
        labels = pd.date_range(_floor(start, "month"), end, freq="MS", name="month")
        if start > end:
            return pd.DataFrame(index=labels[:0], columns=pd.Index(self.units, name="code"), dtype=np.int64)
        edges = [start, *(stamp.date() for stamp in labels[1:]), end + timedelta(days=1)]
        return pd.DataFrame(self.between(edges, kinds)[:, :-1], index=labels, columns=pd.Index(self.units, name="code"))

    def between(self, edges: Sequence[date], kinds: tuple[str, ...] = ()) -> NDArray[np.int64]:
        """Counts of successive blocks of days, shape (blocks, units + 1).

        Parameters
        ----------
        edges : sequence of date
            First day of each block, and the day after the last; of a monthly measure first days of months.
        kinds : tuple of str
            Empty for all.
        """
        upto = self._chosen(self.running[self._edges(edges)], kinds).sum(axis=1, dtype=np.int64)
        return np.asarray(np.diff(upto, axis=0))

    def reported_between(self, edges: Sequence[date]) -> NDArray[np.bool_]:
        """Which units sent a report in which block, shape (blocks, units); of events all, in blocks on record."""
        if self.reports is not None:
            return np.diff(self.reports[self._edges(edges)].astype(np.int64), axis=0)[:, :-1] > 0
        on_record = np.array([start >= self.first and start <= self.last for start in edges[:-1]])
        return np.repeat(on_record[:, None], len(self.units), axis=1)

    def _edges(self, edges: Sequence[date]) -> list[int]:
        return [*(self._position(day) for day in edges[:-1]), self._position(edges[-1] - timedelta(days=1), after=True)]

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


def cube_of_events(measure: Measure, system: UnitSystem, events: Events) -> Cube:
    """The cube of a measure that is counted from events."""
    rows = counted_by(measure, events)
    first = int(events.day[0]) if len(events.day) else date(2013, 1, 1).toordinal()
    steps = int(events.day[-1]) - first + 1 if len(events.day) else 0
    running = _running_sum(
        (events.day[rows] - first, events.kind[rows], events.unit[rows]),
        (steps, len(events.kinds), len(events.units) + 1),
        events.suspects[rows] if measure is Measure.SUSPECT else None,
    )
    return Cube(measure, system, events.units, events.kinds, "day", date.fromordinal(first), running)


def cube_of_reports(measure: Measure, attribution: Attribution, rows: pd.DataFrame) -> Cube:
    """The cube of a measure that is reported by month.

    Parameters
    ----------
    rows : DataFrame
        In order of month: month (`months_since_1970`), unit_system, unit_code, value.
    """
    months = rows["month"].to_numpy(np.int64)
    first = int(months[0]) if len(months) else 43 * 12
    steps = int(months[-1]) - first + 1 if len(months) else 0
    place = (months - first, np.zeros(len(rows), np.int8), attribution.index(rows))
    shape = (steps, 1, len(attribution.units) + 1)
    start = date(1970 + first // 12, first % 12 + 1, 1)
    running = _running_sum(place, shape, rows["value"].to_numpy(np.int64))
    reports = _running_sum(place, shape, None)[:, 0]
    return Cube(measure, attribution.system, attribution.units, ("",), "month", start, running, reports)


def cube_of_publication(measure: Measure, attribution: Attribution, publication: Publication) -> Cube:
    """The cube of a masked measure: of units it holds open months, of a total all else in the last place."""
    rows = len(publication.months)
    months = np.nan_to_num(publication.months).astype(np.int64)
    months[:, -1] = np.nan_to_num(publication.total).astype(np.int64) - months[:, :-1].sum(axis=1)
    sent = publication.hidden | ~np.isnan(publication.months)
    first = publication.first if rows else 43 * 12
    start = date(1970 + first // 12, first % 12 + 1, 1)
    running, reports = (np.zeros((rows + 1, len(attribution.units) + 1), np.int32) for _ in range(2))
    np.cumsum(months, axis=0, out=running[1:])
    np.cumsum(sent, axis=0, out=reports[1:])
    running.flags.writeable = reports.flags.writeable = False
    return Cube(measure, attribution.system, attribution.units, ("",), "month", start, running[:, None], reports)


def months_since_1970(day: date) -> int:
    """The month of a day, counted from January 1970."""
    return (day.year - 1970) * 12 + day.month - 1


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
