"""What has become known of a masked measure so far, report by report; `geo.store.publication` explains the rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.analysis import suppression

__all__ = ["Ledger", "Report", "Sum"]

Flags = NDArray[np.bool_]


@dataclass(eq=False)
class Report:
    """What a batch says of a unit in a month; the same again, after it was taken back, is the same report."""

    month: int
    unit: int
    value: int
    batch: int = 0
    """The last that said so."""

    hidden: bool = False
    sum: Sum | None = None
    """The sum it became public with; None where it is open, or waits."""

    span: tuple[int, int, int] | None = None
    """The open quarter or year that holds it: months, number, unit."""


@dataclass(eq=False)
class Sum:
    """Hidden reports of a month whose total is known."""

    reports: list[Report]

    def __post_init__(self) -> None:
        for report in self.reports:
            report.sum = self


@dataclass(eq=False)
class Ledger:
    """Everything that has become known, in order."""

    min_count: int
    active: dict[int, dict[Report, None]] = field(default_factory=dict)
    """By month: the reports of batches that are there."""

    ever: dict[int, list[Report]] = field(default_factory=dict)
    """By month: all there were."""

    closed: set[int] = field(default_factory=set)
    """Quarters and years (`-1 -` number) that were decided."""

    opened: dict[tuple[int, int, int], frozenset[Report]] = field(default_factory=dict)
    """Open quarters and years of units (months, number, unit) with the hidden reports in them when they were opened."""

    def add(self, month: int, batch: int, reports: list[Report]) -> None:
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
                Sum(joined)
        self._join(month)

    def _join(self, month: int) -> None:
        """A sum of reports that have waited for each other: safe even from one who sent any batch of them."""
        waiting = [report for report in self.active[month] if report.hidden and report.sum is None]
        senders = {report.batch for report in waiting}
        without = ([report for report in waiting if report.batch != sender] for sender in senders)
        if len(senders) > 1 and all(rest and self._is_safe(rest) for rest in without):
            Sum(waiting)

    def _companions(self, month: int, fresh: list[Report]) -> Flags:
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

    def _seen(self, month: int) -> set[Report]:
        return set(self.ever.get(month, ()))

    def _known(self, month: int, fresh: list[Report]) -> Flags:
        """Which counts are those of an open report there was."""
        shown = {(r.unit, r.value) for r in self.ever[month] if not r.hidden and r not in set(fresh)}
        return np.array([(r.unit, r.value) in shown for r in fresh], bool)

    def remove(self, month: int, reports: Iterable[Report]) -> None:
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
                parts = Sum(left), Sum(gone)
                if self._narrow(month // 12, {}):
                    for report in held.reports:
                        report.sum = held
                del parts

    def _is_safe(self, reports: list[Report]) -> bool:
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
        asked: dict[tuple[int, int, int], list[Report]] = {}
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

    def _of(self, span: int, number: int) -> Iterator[Report]:
        for month in range(number * span, (number + 1) * span):
            yield from self.active.get(month, ())

    def _narrow(self, year: int, asked: dict[tuple[int, int, int], list[Report]]) -> set[tuple[int, int, int]]:
        """Of the spans that are asked for in a year, some that leave a hidden count too few values.

        The table has a row for each sum and a column for each open span. What is in none stands in the first column,
        whose total is not known; but no more than the others can it be anything, for the rows have theirs.
        """
        column_of = {report: column for column, free in asked.items() for report in free}
        rows: dict[Sum, int] = {}
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

    def held(self, span: int, number: int) -> dict[int, list[Report]]:
        """The hidden reports that are there of a quarter or year, by unit."""
        held: dict[int, list[Report]] = {}
        for report in self._of(span, number):
            if report.hidden:
                held.setdefault(report.unit, []).append(report)
        return held

    def is_as_opened(self, span: tuple[int, int, int], reports: list[Report]) -> bool:
        """Whether an open quarter or year holds the hidden reports it was opened with."""
        months, number, _ = span
        return self.opened[span] == {report for report in reports if report.month // months == number}

    def counted(self, month: int) -> set[Sum]:
        """The sums of a month that its total holds: those of which every report is there."""
        there = self.active.get(month, {})
        return {held for held in {r.sum for r in there if r.sum} if all(report in there for report in held.reports)}
