"""What may be known of a masked measure: one rule for every figure that leaves the store.

Whoever writes figures down, before and after a late report or a batch taken back, this month and the next, must not
find a hidden count. So what was once hidden or shown stays so, and the history of the store is gone through anew:

- A **report** is what a batch says of one unit in one month. Counts from 1 to `min_count` - 1 are hidden.
- A **sum** holds the reports of a month that became public together. Hidden ones among them are several and reach
  `min_count`, even without the largest, which the unit that sent it knows; if need be with others hidden beside them;
  one that comes alone waits for more. A total is made of whole sums, so that the difference of two totals, whenever
  they were read, is one too. Where reports of a sum are taken back, it falls into two only if both parts are safe; else
  what is left of it waits.
- **Quarters** and **years** of a unit are decided when they are over, and only closed afterwards: one is open where it
  and all sums of its months leave each hidden count three values or more.

Every other figure is a sum of open months, quarters and years, or of totals.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis import suppression

__all__ = ["Erased", "Publication", "Reports", "publication_of"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SPANS = (12, 3)
"""Months of the periods beside the month in which a unit's count can be open."""


class Reports(NamedTuple):
    """Reports of one measure, as columns, whether or not their batch was taken back.

    Attributes
    ----------
    month : ndarray of int
        Since January 1970.
    unit : ndarray of int
        Position; `units` stands for what cannot be attributed.
    source : ndarray of int
        The unit that reported, in any numbering.
    value, batch : ndarray of int
    units : int
    """

    month: NDArray[np.int64]
    unit: NDArray[np.int64]
    source: NDArray[np.int64]
    value: NDArray[np.int64]
    batch: NDArray[np.int64]
    units: int


class Erased(NamedTuple):
    """What was erased of a measure.

    Attributes
    ----------
    years : frozenset of int
        Since 1970: what was known of them is known no more, so nothing is added to it.
    months : dict of int to tuple of int
        Of which months a batch that was erased had reports. When they came decides when the quarters and years before
        them were over, and what was open of these.
    """

    years: frozenset[int] = frozenset()
    months: Mapping[int, tuple[int, ...]] = MappingProxyType({})


_NOTHING = Erased()


@dataclass(frozen=True, eq=False)
class Publication:
    """What may be known of a masked measure.

    Attributes
    ----------
    first : int
        Month of the first row, since January 1970.
    months : ndarray of float, shape (months, units + 1)
        Counts; NaN where hidden or not reported. The last column is what cannot be attributed.
    hidden : ndarray of bool, same shape
    total : ndarray of float, shape (months,)
        Of all units; NaN where none of its reports may be counted yet.
    waiting : ndarray of int, shape (months,)
        Reports that the total does not hold yet.
    spans : dict
        By number of months: open counts of whole quarters and years, shape (spans, units + 1), NaN where not open; the
        first begins in the month `first` lies in.
    """

    first: int
    months: Floats
    hidden: Flags
    total: Floats
    waiting: NDArray[np.int64]
    spans: dict[int, Floats]

    def counts(self, start: int, end: int) -> tuple[Floats, Flags]:
        """Counts by unit of the months from `start` to `end`, since January 1970, and which are hidden.

        Returns
        -------
        counts : ndarray of float, shape (units + 1,)
            NaN where hidden, and where nothing was reported.
        hidden : ndarray of bool, shape (units + 1,)
        """
        low, high = max(start, self.first), min(end + 1, self.first + len(self.months))
        width = self.months.shape[1]
        counts, hidden, reported = np.zeros(width), np.zeros(width, bool), np.zeros(width, bool)
        month = low
        while month < high:
            span = next((s for s in _SPANS if month % s == 0 and month + s <= high), 1)
            count, is_hidden, sent = self._span(month, span)
            counts, hidden, reported, month = counts + count, hidden | is_hidden, reported | sent, month + span
        counts[hidden | ~reported] = np.nan
        return counts, hidden

    def _span(self, month: int, span: int) -> tuple[Floats, Flags, Flags]:
        """Counts (0 where hidden or not reported), what is hidden and what is reported, of months that make a span."""
        rows = slice(month - self.first, month - self.first + span)
        hidden = np.asarray(self.hidden[rows].any(axis=0))
        reported = np.asarray(hidden | ~np.isnan(self.months[rows]).all(axis=0))
        counts = np.nansum(self.months[rows], axis=0)
        if span == 1:
            return counts, hidden, reported
        parts = [self._span(part, _finer(span)) for part in range(month, month + span, _finer(span))]
        counts = np.asarray(np.sum([p[0] for p in parts], axis=0))
        hidden = np.asarray(np.any([p[1] for p in parts], axis=0))
        known = self.spans[span][month // span - self.first // span]
        is_open = ~np.isnan(known)
        return np.where(is_open, known, counts), hidden & ~is_open, reported


def _finer(span: int) -> int:
    return next((s for s in _SPANS if s < span), 1)


@dataclass(eq=False)
class _Report:
    """What a batch says of a unit in a month; the same again, after it was taken back, is the same report."""

    month: int
    unit: int
    value: int
    batch: int = 0
    """The last that said so."""

    hidden: bool = False
    sum: _Sum | None = None
    """The sum it became public with; None where it is open, or waits."""

    span: tuple[int, int, int] | None = None
    """The open quarter or year that holds it: months, number, unit."""


@dataclass(eq=False)
class _Sum:
    """Hidden reports of a month whose total is known."""

    reports: list[_Report]

    def __post_init__(self) -> None:
        for report in self.reports:
            report.sum = self


@dataclass(eq=False)
class _Ledger:
    """Everything that has become known, in order."""

    min_count: int
    active: dict[int, dict[_Report, None]] = field(default_factory=dict)
    """By month: the reports of batches that are there."""

    ever: dict[int, list[_Report]] = field(default_factory=dict)
    """By month: all there were."""

    closed: set[int] = field(default_factory=set)
    """Quarters and years (`-1 -` number) that were decided."""

    opened: dict[tuple[int, int, int], frozenset[_Report]] = field(default_factory=dict)
    """Open quarters and years of units (months, number, unit) with the hidden reports in them when they were opened."""

    def add(self, month: int, batch: int, reports: list[_Report]) -> None:
        """Reports of one month and batch come in."""
        fresh = [report for report in reports if report not in self._seen(month)]
        self.active.setdefault(month, {}).update(dict.fromkeys(reports))
        for report in reports:
            report.batch = batch
        self.ever.setdefault(month, []).extend(fresh)
        line = np.array([report.value for report in fresh], float)
        hidden = suppression.is_small(line, self.min_count) | self._companions(month, fresh)
        for n in np.flatnonzero(hidden):
            fresh[n].hidden = True
        if hidden.any():
            suppression.protect(line, hidden, self.min_count, self._known(month, fresh), insider=True)
            if suppression.is_protected(line, hidden, self.min_count, insider=True):
                joined = [fresh[n] for n in np.flatnonzero(hidden)]
                for report in joined:
                    report.hidden = True
                _Sum(joined)
        self._join(month)

    def _join(self, month: int) -> None:
        """A sum of reports that have waited for each other: safe even from one who sent any batch of them."""
        waiting = [report for report in self.active[month] if report.hidden and report.sum is None]
        senders = {report.batch for report in waiting}
        without = ([report for report in waiting if report.batch != sender] for sender in senders)
        if len(senders) > 1 and all(rest and self._is_safe(rest) for rest in without):
            _Sum(waiting)

    def _companions(self, month: int, fresh: list[_Report]) -> Flags:
        """Counts that are hidden beside the only hidden one of their unit's quarter or year, or it could not be opened.

        That is done in the last month, for what was shown before hides nothing.
        """
        alone: set[int] = set()
        if month % 3 == 2:
            alone |= self._alone(range(month - 2, month))
        if month % 12 == 11:
            held = self._alone(range(month - 11, month), free=True)
            alone |= held
        return np.array([report.unit in alone and report.value > 0 for report in fresh], bool)

    def _alone(self, months: range, *, free: bool = False) -> set[int]:
        """Units with one hidden report in these months; with `free`, one that is in no open quarter."""
        units = [
            report.unit
            for month in months
            for report in self.active.get(month, ())
            if report.hidden and not (free and report.span)
        ]
        return {unit for unit, count in Counter(units).items() if count == 1}

    def _seen(self, month: int) -> set[_Report]:
        return set(self.ever.get(month, ()))

    def _known(self, month: int, fresh: list[_Report]) -> Flags:
        """Which counts are those of an open report there was."""
        shown = {(r.unit, r.value) for r in self.ever[month] if not r.hidden and r not in set(fresh)}
        return np.array([(r.unit, r.value) in shown for r in fresh], bool)

    def remove(self, month: int, reports: Iterable[_Report]) -> None:
        """Reports of one month are taken back."""
        for report in reports:
            self.active[month].pop(report, None)

    def settle(self, month: int) -> None:
        """Where only a part of a sum is there, make two of it if both parts are safe."""
        there = self.active.get(month, {})
        for held in {r.sum for r in there if r.sum}:
            left = [r for r in held.reports if r in there]
            gone = [r for r in held.reports if r not in there]
            if not gone:
                continue
            for report in sorted(left, key=lambda r: r.value):  # the least that keeps what is gone from being known
                if self._is_safe(gone):
                    break
                left.remove(report)
                gone.append(report)
            if left and self._is_safe(gone) and self._is_safe(left):
                parts = _Sum(left), _Sum(gone)
                if self._narrow(month // 12, {}):
                    for report in held.reports:
                        report.sum = held
                del parts

    def _is_safe(self, reports: list[_Report]) -> bool:
        line = np.array([report.value for report in reports], float)
        return suppression.is_protected(line, np.ones(len(line), bool), self.min_count, insider=True)

    def close(self, last: int) -> None:
        """Decide the quarters and years that are over, now that the last month on record is this one."""
        for quarter in sorted({month // 3 for month in self.ever}):
            if quarter * 3 + 2 <= last and quarter not in self.closed:
                self.closed.add(quarter)
                self._open(3, quarter)
        for year in sorted({month // 12 for month in self.ever}):
            if year * 12 + 11 <= last and -1 - year not in self.closed:
                self.closed.add(-1 - year)
                self._open(12, year)

    def _open(self, span: int, number: int) -> None:
        """Open a quarter or year of as many units as leave every hidden count three values or more."""
        held = self.held(span, number)
        counted = {total for month in range(number * span, (number + 1) * span) for total in self.counted(month)}
        counts: Counter[int] = Counter()
        several: defaultdict[int, bool] = defaultdict(bool)  # of one month, from different batches
        months: dict[int, set[int]] = {}
        for report in self._of(span, number):
            counts[report.unit] += report.value
            several[report.unit] |= report.month in months.setdefault(report.unit, set())
            months[report.unit].add(report.month)
        asked: dict[tuple[int, int, int], list[_Report]] = {}
        for unit, reports in held.items():
            free = [report for report in reports if report.span is None]
            waits = any(report.sum not in counted for report in reports)
            moved = any(not self.is_as_opened(report.span, reports) for report in reports if report.span)
            if waits or moved or several[unit] or len(free) == 1 or 0 < counts[unit] < self.min_count:
                continue
            asked[span, number, unit] = free
        year = number if span == 12 else number // 4
        while asked and (narrow := self._narrow(year, asked)):
            for column in narrow:
                asked.pop(column, None)
        for column, free in asked.items():
            self.opened[column] = frozenset(held[column[2]])
            for report in free:
                report.span = column

    def _of(self, span: int, number: int) -> Iterator[_Report]:
        for month in range(number * span, (number + 1) * span):
            yield from self.active.get(month, ())

    def _narrow(self, year: int, asked: dict[tuple[int, int, int], list[_Report]]) -> set[tuple[int, int, int]]:
        """Of the spans that are asked for in a year, some that leave a hidden count too few values.

        The table has a row for each sum and a column for each open span. What is in none stands in the first column,
        whose total is not known; but no more than the others can it be anything, for the rows have theirs.
        """
        column_of = {report: column for column, free in asked.items() for report in free}
        rows: dict[_Sum, int] = {}
        columns: dict[tuple[int, int, int] | None, int] = {None: 0}
        cells = []
        for month in range(year * 12, year * 12 + 12):
            for report in self.ever.get(month, ()):
                if report.sum:
                    row = rows.setdefault(report.sum, len(rows))
                    span = column_of.get(report, report.span)
                    cells.append((row, columns.setdefault(span, len(columns)), report.value))
        if len(columns) == 1:
            return set()
        at = np.array(cells, np.int64)
        table, number = np.zeros((2, len(rows), len(columns)))
        np.add.at(table, (at[:, 0], at[:, 1]), at[:, 2])
        np.add.at(number, (at[:, 0], at[:, 1]), 1)
        narrow = suppression.narrow(table, number > 0)
        narrow[:, 0] &= (number[:, 0] < 2) | (table[:, 0] < 2)
        if not narrow.any():
            return set()
        spans = list(columns)
        found = {spans[c] for c in np.flatnonzero(narrow.any(axis=0))} & set(asked)
        if not found:  # it is another's count that is left too few: of the asked ones beside it, the least goes
            candidates = [c for c in range(1, len(spans)) if spans[c] in asked]
            too_few = narrow.any(axis=1)
            beside = [c for c in candidates if (number[too_few, c] > 0).any()] or candidates
            found = {spans[c] for c in sorted(beside, key=lambda c: table[:, c].sum())[:1]}
        return {span for span in found if span} or {(0, 0, 0)}

    def held(self, span: int, number: int) -> dict[int, list[_Report]]:
        """The hidden reports that are there of a quarter or year, by unit."""
        held: dict[int, list[_Report]] = {}
        for report in self._of(span, number):
            if report.hidden:
                held.setdefault(report.unit, []).append(report)
        return held

    def is_as_opened(self, span: tuple[int, int, int], reports: list[_Report]) -> bool:
        """Whether an open quarter or year holds the hidden reports it was opened with."""
        months, number, _ = span
        return self.opened[span] == {report for report in reports if report.month // months == number}

    def counted(self, month: int) -> set[_Sum]:
        """The sums of a month that its total holds: those of which every report is there."""
        there = self.active.get(month, {})
        return {held for held in {r.sum for r in there if r.sum} if all(report in there for report in held.reports)}


def publication_of(reports: Reports, batches: pd.DataFrame, min_count: int, erased: Erased = _NOTHING) -> Publication:
    """What may be known of a masked measure.

    Parameters
    ----------
    reports : Reports
    batches : DataFrame[id, imported_at, withdrawn_at]
        Moments as text in UTC, None where a batch is there.
    min_count : int
        Smallest count that may be read.
    erased : Erased
    """
    return _without(_published(_gone_through(reports, batches, min_count, erased), reports.units), erased.years)


def _gone_through(reports: Reports, batches: pd.DataFrame, min_count: int, erased: Erased = _NOTHING) -> _Ledger:
    """The history of a measure, from the first batch to the last."""
    ledger = _Ledger(min_count)
    known: dict[tuple[int, int, tuple[tuple[int, int], ...]], _Report] = {}
    lines = _lines(reports, known)
    lines |= {batch: {month: [] for month in months} for batch, months in erased.months.items()}
    last = -1
    for batch, comes in _moments(batches, set(lines)):
        for month, line in sorted(lines[batch].items()):
            if comes:
                ledger.add(month, batch, line)
                last = max(last, month)
            else:
                ledger.remove(month, line)
            ledger.settle(month)
            ledger.close(last)
    return ledger


def _lines(
    reports: Reports, known: dict[tuple[int, int, tuple[tuple[int, int], ...]], _Report]
) -> dict[int, dict[int, list[_Report]]]:
    """Reports by batch and month; those that say the same of the same unit and month are one."""
    frame = pd.DataFrame(reports._asdict()).drop(columns="units")
    lines: dict[int, dict[int, list[_Report]]] = {}
    parts: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for batch, month, unit, source, value in frame[["batch", "month", "unit", "source", "value"]].to_numpy().tolist():
        parts.setdefault((batch, month, unit), []).append((source, value))
    for (batch, month, unit), said in parts.items():
        name = (month, unit, tuple(sorted(said)))
        report = known.get(name) or known.setdefault(name, _Report(month, unit, sum(value for _, value in said)))
        lines.setdefault(batch, {}).setdefault(month, []).append(report)
    return lines


def _moments(batches: pd.DataFrame, concerned: set[int]) -> list[tuple[int, bool]]:
    """Batches as they came in and were taken back, in order of time: number, and whether it comes."""
    moments = []
    for number, came, went in batches[["id", "imported_at", "withdrawn_at"]].itertuples(index=False, name=None):
        if number in concerned:
            moments.append((str(came), 0, int(number), True))
            if isinstance(went, str):
                moments.append((went, 1, int(number), False))
    return [(number, comes) for *_, number, comes in sorted(moments)]


def _published(ledger: _Ledger, units: int) -> Publication:
    """The figures of today."""
    there = {month: rows for month, rows in ledger.active.items() if rows}
    first, last = (min(there), max(there)) if there else (0, -1)
    shape = (last - first + 1, units + 1)
    counts, hidden, sent = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape, bool)
    total, waiting = np.zeros(shape[0]), np.zeros(shape[0], np.int64)
    for month, rows in there.items():
        counted = ledger.counted(month)
        for report in rows:
            place = month - first, report.unit
            counts[place] += report.value
            hidden[place] |= report.hidden
            sent[place] = True
            is_counted = not report.hidden or report.sum in counted
            total[month - first] += report.value if is_counted else 0
            waiting[month - first] += not is_counted
    total[(total == 0) & (waiting > 0)] = np.nan
    spans = {span: _open_spans(ledger, span, counts, first) for span in _SPANS}
    return Publication(first, np.where(hidden | ~sent, np.nan, counts), hidden, total, waiting, spans)


def _without(found: Publication, erased: frozenset[int]) -> Publication:
    """The figures without those of some years: every report of these is hidden and waits."""
    year = (found.first + np.arange(len(found.months))) // 12
    gone = np.isin(year, list(erased))
    if not gone.any():
        return found
    sent = found.hidden | ~np.isnan(found.months)
    number = np.where(gone, sent.sum(axis=1), found.waiting)
    spans = {}
    for span, known in found.spans.items():
        of_span = ((found.first // span + np.arange(len(known))) * span) // 12
        spans[span] = np.where(np.isin(of_span, list(erased))[:, np.newaxis], np.nan, known)
    return replace(
        found,
        months=np.where(gone[:, np.newaxis], np.nan, found.months),
        hidden=np.where(gone[:, np.newaxis], sent, found.hidden),
        total=np.where(gone, np.nan, found.total),
        waiting=number,
        spans=spans,
    )


def _open_spans(ledger: _Ledger, span: int, counts: Floats, first: int) -> Floats:
    """Counts of quarters or years that are open though a month in them is hidden; NaN elsewhere."""
    last = first + len(counts) - 1
    found = np.full((max(0, last // span - first // span + 1), counts.shape[1]), np.nan)
    for number in {number for months, number, _ in ledger.opened if months == span}:
        counted = {held for month in range(number * span, (number + 1) * span) for held in ledger.counted(month)}
        rows = slice(max(0, number * span - first), (number + 1) * span - first)
        for unit, held in ledger.held(span, number).items():
            is_open = (span, number, unit) in ledger.opened and ledger.is_as_opened((span, number, unit), held)
            if is_open and all(report.sum in counted for report in held):
                found[number - first // span, unit] = counts[rows, unit].sum()
    return found
