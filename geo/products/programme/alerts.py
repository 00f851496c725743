"""The latest whole month held against what is usual, and what came into the records or was taken back since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.products.situation.counts import counts, published
from geo.products.situation.usual import judged
from geo.question.periods import days_of, latest_over
from geo.schema import EVENT_MEASURES, MASKED_MEASURES, MONTHLY_MEASURES, Dataset, Measure, Query, add_months, month_end
from geo.store import Snapshot
from geo.text import day_of
from geo.views import tone

__all__ = ["DIGESTED", "Came", "Changes", "Digest", "Of", "Place", "changes_since", "digest"]

DIGESTED = tuple(measure for measure in Measure if measure in EVENT_MEASURES | MONTHLY_MEASURES)
"""Measures of a digest in its order: events and what is reported by month; each for itself, added to no other."""


@dataclass(frozen=True)
class Place:
    """A commune whose count of the month is not usual.

    Attributes
    ----------
    code, name : str
    count : float
    score : float
        As `Judged.score`; beyond usual variation either way.
    certain : bool
        Stays unusual when all communes are allowed for.
    """

    code: str
    name: str
    count: float
    score: float
    certain: bool

    @property
    def tone(self) -> str:
        """up or down."""
        return tone(self.score)


@dataclass(frozen=True)
class Of:
    """One measure in the month.

    Attributes
    ----------
    measure : Measure
    begun : bool
        There are records of the measure in the month, or later ones; else nothing can be said of it yet.
    total : float
        Of the province; NaN where nothing was reported or it may not be known.
    hidden : bool
        The total is on record and may not be known.
    score : float
        Of the province, NaN where there is nothing to compare, or the total may not be known.
    reporting : tuple of (sent, due) or None
        Communes that reported, and all; None for events.
    scores : Series of float, index code
        Of each commune; empty for a masked measure, of which no commune is told.
    places : tuple of Place
        Communes that are not as usual: the certain ones in front, then by how rare their count is.
    chance : int
        How many of the communes chance alone could bring that far.
    """

    measure: Measure
    begun: bool
    total: float
    hidden: bool
    score: float
    reporting: tuple[int, int] | None
    scores: pd.Series
    places: tuple[Place, ...] = ()
    chance: int = 0

    @property
    def masked(self) -> bool:
        """Only the province is told of."""
        return self.measure in MASKED_MEASURES

    @property
    def tone(self) -> str:
        """Of the province: up, down, usual, or none."""
        return tone(self.score)

    @property
    def stands_out(self) -> bool:
        """The province is not as usual, or a commune certainly is not."""
        return self.tone in ("up", "down") or any(place.certain for place in self.places)


@dataclass(frozen=True)
class Came:
    """Batches of one dataset that came in: how many, and how many rows they had."""

    dataset: Dataset
    batches: int
    rows: int


@dataclass(frozen=True)
class Changes:
    """What changed in the records since a day, in the time of the country; zones are no part of a digest.

    Attributes
    ----------
    since : date
    came : tuple of Came
        In order of the datasets; a batch that was taken back again is among them.
    back, erased : int
        Batches that were taken back, and those whose rows were erased for good.
    late : tuple of (Dataset, int)
        Events and monthly reports in use that came in since, of months before the one of the digest.
    """

    since: date
    came: tuple[Came, ...]
    back: int
    erased: int
    late: tuple[tuple[Dataset, int], ...]


@dataclass(frozen=True)
class Digest:
    """The digest of a month.

    Attributes
    ----------
    month : str
        As `2026-10`.
    first, last : date
        Its days.
    measures : tuple of Of
    changes : Changes
    """

    month: str
    first: date
    last: date
    measures: tuple[Of, ...]
    changes: Changes

    @property
    def outside(self) -> int:
        """Measures that stand out."""
        return sum(one.stands_out for one in self.measures)


def digest(snapshot: Snapshot, measures: Sequence[str] = (), since: date | None = None) -> Digest:
    """The latest month that is over on the day of the newest record.

    Parameters
    ----------
    measures : sequence of str
        Of `DIGESTED`; all of them where none is named.
    since : date, optional
        Day from which changes of the records are told; the first one after the month, for by then its reports are due.

    Raises
    ------
    InputError
        If a measure is not known or not counted by month.
    NotFoundError
        If there are no records.
    """
    if unknown := [name for name in measures if name not in DIGESTED]:
        raise InputError("alerts.measure_unknown", given=unknown[0], known=", ".join(DIGESTED))
    chosen = [measure for measure in DIGESTED if not measures or measure in measures]
    month = latest_over("month", snapshot.today)
    first, last = days_of(month)
    told = tuple(_of(snapshot, Query(measure, first, last)) for measure in chosen)
    return Digest(month, first, last, told, changes_since(snapshot, since or add_months(first, 1), first))


def _of(snapshot: Snapshot, query: Query) -> Of:
    query = published(snapshot, query)
    measure = query.measure
    nobody = pd.Series(dtype=float)
    if month_end(snapshot.cube(measure).last) < query.start:
        return Of(measure, False, np.nan, False, np.nan, None, nobody)
    counted, found = counts(snapshot, query), judged(snapshot, query)
    sent = counted.reporting(())
    reporting = (sent[1], sent[0]) if sent else None
    known = bool(np.isfinite(counted.total))
    hidden = not known and bool(reporting and reporting[0])
    whole = Of(measure, True, counted.total, hidden, found.total if known else np.nan, reporting, nobody)
    if measure in MASKED_MEASURES:
        return whole
    score = found.score.where(counted.readable)
    told = [str(code) for code in score.dropna().index]
    certain, names = set(found.certain(told)), snapshot.units()["name"]
    outside = [code for code in told if tone(score[code]) in ("up", "down")]
    outside.sort(key=lambda code: (code not in certain, -abs(score[code]), code))
    places = tuple(
        Place(code, str(names[code]), float(counted.now[code]), float(score[code]), code in certain) for code in outside
    )
    return replace(whole, scores=score, places=places, chance=ceil(found.by_chance(told)))


def changes_since(snapshot: Snapshot, since: date, before: date) -> Changes:
    """What came in, was taken back or erased since a day, and what of it is of months before `before`."""
    batches = snapshot.batches[snapshot.batches["dataset"] != Dataset.ZONES]
    came = batches[_from(batches["imported_at"], since)]
    by_dataset = [(dataset, came[came["dataset"] == dataset]) for dataset in Dataset]
    delays = snapshot.delays()
    stamps = delays["imported_at"].map(lambda moment: moment.isoformat())
    late = delays[_from(stamps, since) & (delays["day"] < pd.Timestamp(before))]
    rows = late.groupby("dataset")["rows"].sum()
    return Changes(
        since=since,
        came=tuple(Came(dataset, len(part), int(part["rows"].sum())) for dataset, part in by_dataset if len(part)),
        back=int(_from(batches["withdrawn_at"], since).sum()),
        erased=int(_from(batches["erased_at"], since).sum()),
        late=tuple((dataset, int(rows[dataset])) for dataset in Dataset if dataset in rows.index),
    )


def _from(stamps: pd.Series, since: date) -> pd.Series:
    """Which of these moments lie on the day or later; none that is missing."""
    late = {stamp for stamp in stamps.dropna().unique() if day_of(stamp) >= since}
    return stamps.isin(late)
