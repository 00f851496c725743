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

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.store.ledger import Ledger, Report

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


def _gone_through(reports: Reports, batches: pd.DataFrame, min_count: int, erased: Erased = _NOTHING) -> Ledger:
    """The history of a measure, from the first batch to the last."""
    ledger = Ledger(min_count)
    known: dict[tuple[int, int, tuple[tuple[int, int], ...]], Report] = {}
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
    reports: Reports, known: dict[tuple[int, int, tuple[tuple[int, int], ...]], Report]
) -> dict[int, dict[int, list[Report]]]:
    """Reports by batch and month; those that say the same of the same unit and month are one."""
    frame = pd.DataFrame(reports._asdict()).drop(columns="units")
    lines: dict[int, dict[int, list[Report]]] = {}
    parts: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for batch, month, unit, source, value in frame[["batch", "month", "unit", "source", "value"]].to_numpy().tolist():
        parts.setdefault((batch, month, unit), []).append((source, value))
    for (batch, month, unit), said in parts.items():
        name = (month, unit, tuple(sorted(said)))
        report = known.get(name) or known.setdefault(name, Report(month, unit, sum(value for _, value in said)))
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


def _published(ledger: Ledger, units: int) -> Publication:
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


def _open_spans(ledger: Ledger, span: int, counts: Floats, first: int) -> Floats:
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
