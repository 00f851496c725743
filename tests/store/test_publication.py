"""No hidden count of a masked measure can be worked out from all that was ever published of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from geo.errors import InputError
from geo.schema import MASKED_MEASURES, Measure, UnitSystem, add_months
from geo.store.ledger import Ledger
from geo.store.publication import Erased, Publication, Reports, _gone_through, publication_of

LEAST = 5
FIRST = 12 * 50
"""January 2020."""

MANY = 1_000

Said = tuple[int, int, int]
"""Month, unit and value of a report."""


@dataclass
class History:
    """Batches as they come in and are taken back."""

    units: int
    rows: list[tuple[int, Said]] = field(default_factory=list)
    batches: list[list[object]] = field(default_factory=list)
    clock: int = 0
    erased: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def erase(self, number: int) -> None:
        """A batch's rows are gone for good; of what it had is known only of which months."""
        if self.batches[number - 1][2] is None:
            self.go(number)
        self.erased[number] = tuple(sorted({said[0] for batch, said in self.rows if batch == number}))
        self.rows = [(batch, said) for batch, said in self.rows if batch != number]

    def gone(self) -> Erased:
        return Erased(frozenset(m // 12 for months in self.erased.values() for m in months), self.erased)

    def come(self, said: list[Said]) -> int:
        number = len(self.batches) + 1
        self.batches.append([number, self._now(), None])
        self.rows += [(number, report) for report in said]
        return number

    def go(self, number: int) -> None:
        self.batches[number - 1][2] = self._now()

    def _now(self) -> str:
        self.clock += 1
        return f"2026-01-01T00:{self.clock // 60:02}:{self.clock % 60:02}"

    def given(self) -> tuple[Reports, pd.DataFrame, int]:
        at = np.array([(batch, *said) for batch, said in self.rows], np.int64).reshape(-1, 4)
        reports = Reports(at[:, 1], at[:, 2], at[:, 2], at[:, 3], at[:, 0], self.units)
        return reports, pd.DataFrame(self.batches, columns=["id", "imported_at", "withdrawn_at"]), LEAST

    def published(self) -> Publication:
        return publication_of(*self.given(), self.gone())

    def ledger(self) -> Ledger:
        return _gone_through(*self.given(), self.gone())


class Spy:
    """Writes down everything that is published, knows which report is which, and what a total holds."""

    def __init__(self) -> None:
        self.variables: dict[Said, int] = {}
        self.lines: dict[tuple[int, ...], float] = {}
        self.open: set[Said] = set()
        self.hidden: set[Said] = set()

    def look(self, history: History) -> None:
        ledger, seen = history.ledger(), history.published()
        for month, rows in ledger.active.items():
            counted = ledger.counted(month)
            there = {(r.month, r.unit, r.value): not r.hidden or r.sum in counted for r in rows}
            for said in there:
                shown = seen.months[month - seen.first, said[1]]
                if not (np.isnan(shown) and said in self.open):  # what was shown once is known for good
                    (self.hidden if np.isnan(shown) else self.open).add(said)
            if there and not np.isnan(seen.total[month - seen.first]):
                self._line([said for said, is_in in there.items() if is_in], seen.total[month - seen.first])
            if month // 12 in history.gone().years:
                continue
            assert sum(not is_in for is_in in there.values()) == seen.waiting[month - seen.first] if there else True
        for span, table in seen.spans.items():
            for place, unit in np.argwhere(~np.isnan(table)).tolist():
                start = (seen.first // span + place) * span
                within = [r for m in range(start, start + span) for r in ledger.active.get(m, ()) if r.unit == unit]
                self._line([(r.month, r.unit, r.value) for r in within], table[place, unit])

    def _line(self, said: list[Said], value: float) -> None:
        known = [self.variables.setdefault(report, len(self.variables)) for report in said]
        assert sum(report[2] for report in said) == value
        self.lines[tuple(sorted(known))] = value

    def candidates(self, *, told: set[Said] = frozenset()) -> dict[Said, int]:  # type: ignore[assignment]
        """How many values each hidden report may have, given everything that was written down and what one knows."""
        for said in self.hidden:
            self.variables.setdefault(said, len(self.variables))
        matrix = np.zeros((len(self.lines), len(self.variables)))
        for row, known in enumerate(self.lines):
            matrix[row, list(known)] = 1
        bounds: list[tuple[float, float | None]] = [(0, None)] * len(self.variables)
        for said in (self.open - self.hidden) | told:
            if said in self.variables:
                bounds[self.variables[said]] = (said[2], said[2])
        found = {}
        for said in self.hidden - told:
            cost = np.zeros(len(self.variables))
            cost[self.variables[said]] = 1
            least, most = (
                linprog(c, A_eq=matrix, b_eq=list(self.lines.values()), bounds=bounds) for c in (cost, -cost)
            )
            found[said] = round(-most.fun) - round(least.fun) + 1 if most.success else MANY
        return found


def _values(rng: np.random.Generator, months: range, units: int) -> dict[tuple[int, int], int]:
    rate = rng.choice([0.3, 2, 5, 12], units)
    return {(FIRST + m, u): int(rng.poisson(rate[u])) for m in months for u in range(units)}


def _random_history(seed: int, *, single: bool = False, by_year: bool = False) -> tuple[History, Spy]:
    """Months, or years, that come in whole, in parts and late, are taken back and come in again, changed or not."""
    rng = np.random.default_rng(seed)
    history, spy = History(int(rng.integers(4, 9))), Spy()
    values = _values(rng, range(int(rng.integers(4, 14))), history.units + 1)
    if rng.random() < 0.7:
        values = {place: value for place, value in values.items() if place[1] < history.units}
    if by_year:  # a year's report stands in its last month
        values = {((FIRST // 12 + m - FIRST) * 12 + 11, unit): value for (m, unit), value in values.items()}
    held: dict[int, list[Said]] = {}
    late: list[Said] = []
    for month in sorted({month for month, _ in values}):
        said = [(month, unit, value) for (m, unit), value in values.items() if m == month]
        is_late = rng.random(len(said)) < rng.choice([0, 0.2, 0.5])
        late += [report for report, wait in zip(said, is_late) if wait]
        parts = [[report] for report in said] if single or rng.random() < 0.2 else [said]
        for part in parts:
            on_time = [report for report in part if report not in late]
            if on_time:
                held[history.come(on_time)] = on_time
                spy.look(history)
        while late and rng.random() < 0.5:
            some = [late.pop() for _ in range(min(len(late), int(rng.integers(1, 4))))]
            held[history.come(some)] = some
            spy.look(history)
        if held and rng.random() < 0.35:
            number = int(rng.choice(list(held)))
            back = held.pop(number)
            history.go(number)
            spy.look(history)
            again = [(m, u, v if rng.random() < 0.8 else int(rng.poisson(4))) for m, u, v in back if rng.random() < 0.9]
            if again and rng.random() < 0.8:
                held[history.come(again)] = again
                spy.look(history)
    return history, spy


@pytest.mark.parametrize("seed", range(20))
def test_no_hidden_count_has_fewer_than_three_candidates(seed):
    _, spy = _random_history(seed)
    narrow = {said: count for said, count in spy.candidates().items() if count < 3}
    assert not narrow


@pytest.mark.parametrize("seed", range(300, 306))
def test_no_hidden_count_of_a_year_has_fewer_than_three_candidates(seed):
    """What is reported by year goes through the same gate: every year, late ones, and years taken back."""
    history, spy = _random_history(seed, by_year=True)
    assert {month % 12 for month, _, _ in spy.hidden} <= {11}
    assert not {said: count for said, count in spy.candidates().items() if count < 3}
    assert history.published().spans  # quarters and years are no way round it


@pytest.mark.parametrize("seed", range(12))
def test_erasing_batches_gives_no_hidden_count_away(seed):
    """Years of months, some of them late, batches erased on the way, and more that comes after."""
    rng = np.random.default_rng(1_000 + seed)
    history, spy = History(6), Spy()
    values = _values(rng, range(30), 6)
    months = sorted({month for month, _ in values})
    late = {place for place in values if rng.random() < 0.25}
    held: list[int] = []
    for month in months:
        for ready in (False, True):
            said = [(m, u, v) for (m, u), v in values.items() if ((m, u) in late) is ready]
            said = [r for r in said if r[0] == (month if not ready else month - 2)]
            if said:
                held.append(history.come(said))
                spy.look(history)
        if held and rng.random() < 0.2:
            history.erase(held.pop(int(rng.integers(len(held)))))
            spy.look(history)
    assert history.erased
    assert not {said: count for said, count in spy.candidates().items() if count < 3}


def test_an_erased_batch_still_says_when_the_quarter_before_it_was_over():
    history, spy = History(4), Spy()
    december = FIRST + 11
    history.come([(december - 2, u, 2 + u % 3) for u in range(4)])
    history.come([(december - 1, u, 3) for u in range(4)])
    spy.look(history)
    january = history.come([(december + 1, u, 50) for u in range(4)])
    spy.look(history)
    history.erase(january)
    spy.look(history)
    history.come([(december, u, 4) for u in range(4)])
    spy.look(history)
    history.come([(december + 2, u, 50) for u in range(4)])
    spy.look(history)
    assert not {said: count for said, count in spy.candidates().items() if count < 3}


@pytest.mark.parametrize("late", [1, 4])
def test_one_report_that_comes_late_is_not_in_the_total(late):
    history = History(6)
    history.come([(FIRST, unit, 3 + unit) for unit in range(5)])
    before = history.published()
    history.come([(FIRST, 5, late)])
    after = history.published()
    assert (after.total == before.total).all()
    assert after.hidden[0, 5]
    assert after.waiting.tolist() == [1]


def test_late_reports_of_several_are_counted_when_none_of_the_senders_could_tell_the_rest():
    history = History(6)
    history.come([(FIRST, unit, 9) for unit in range(3)])
    totals = []
    for unit, value in ((3, 2), (4, 3), (5, 4), (6, 3)):
        history.come([(FIRST, unit, value)])
        totals.append(float(history.published().total[0]))
    assert totals == [27, 27, 27, 39]


def test_who_sends_small_counts_of_his_own_does_not_bring_a_waiting_one_out():
    """A sender who knows his own figures would take them from the total and have the other's."""
    history = History(6)
    history.come([(FIRST, unit, 9) for unit in range(3)])
    history.come([(FIRST, 3, 2)])
    history.come([(FIRST, 4, 4)])
    assert history.published().total[0] == 27
    history.come([(FIRST, 5, 3), (FIRST, 6, 4)])
    assert history.published().total[0] == 27


def test_a_report_beside_a_hidden_one_of_the_same_unit_and_month_does_not_show_their_sum():
    """Former units go into present ones: what is brought in for one of them must not open the other's count."""
    history = History(4)
    history.come([(FIRST, 0, 2), (FIRST, 1, 4), (FIRST, 2, 9)])
    extra = history.come([(FIRST, 0, 12)])
    assert history.published().hidden[0, 0]
    history.go(extra)
    assert history.published().hidden[0, 0]


def test_a_month_taken_back_and_brought_in_again_without_one_report_does_not_tell_it():
    history = History(6)
    first = [(FIRST, unit, value) for unit, value in enumerate((2, 3, 4, 6, 9, 12))]
    batch = history.come(first)
    spy = Spy()
    spy.look(history)
    history.go(batch)
    spy.look(history)
    history.come(first[1:])
    spy.look(history)
    assert min(spy.candidates().values()) >= 3


@pytest.mark.parametrize("seed", range(100, 110))
def test_who_sent_one_batch_of_late_reports_cannot_work_out_the_others(seed):
    """He knows his own figures; whole months of all units are another matter, for who sends them knows them all."""
    history, spy = _random_history(seed, single=True)
    rng = np.random.default_rng(seed)
    own = int(rng.integers(0, history.units))
    mine = {said for _, said in history.rows if said[1] == own}
    assert not {said: count for said, count in spy.candidates(told=mine).items() if count < 3}


def test_a_masked_measure_is_nowhere_but_in_its_publication(demo_store):
    snapshot = demo_store.snapshot()
    for measure in MASKED_MEASURES:
        found, cube = snapshot.publication(measure), snapshot.cube(measure)
        shown = cube.between([add_months(cube.first, n) for n in range(len(found.months) + 1)])
        assert (shown[:, :-1][found.hidden[:, :-1]] == 0).all()
        assert (shown.sum(axis=1) == found.total).all()
        assert measure not in set(snapshot._monthly["measure"]) | set(snapshot._yearly["measure"])
        assert measure not in set(snapshot.years().rows["measure"])
        with pytest.raises(InputError):
            snapshot.cube(measure, UnitSystem.LEGACY)
    with pytest.raises(InputError):
        snapshot.publication(Measure.SESSION)
