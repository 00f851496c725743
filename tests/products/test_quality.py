"""What the quality page says, against the records themselves."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from geo.products.records.quality import REPORTED, quality
from geo.schema import Dataset, Measure, Provenance, Query
from geo.store import Batch, open_store
from geo.store.default_boundaries import add_default_boundaries
from geo.text import t

SINCE = date(2025, 7, 1)


@pytest.mark.parametrize("measure", [Measure.TIP, Measure.SESSION, Measure.SAFE_UNIT])
def test_completeness_is_that_of_the_measure(demo_store, measure):
    found = quality(demo_store.snapshot(), "vi", measure).completeness
    assert (found["code"].nunique(), found["month"].nunique(), len(found)) == (102, 24, 102 * 24)
    since = found[found["month"] >= pd.Timestamp(SINCE)]
    told = set(zip(since["code"][since["reported"]], since["month"][since["reported"]]))
    rows = demo_store.query(Query(measure, SINCE, date(2026, 10, 31)))
    assert told == set(zip(rows["unit_code"], rows["month"]))


@pytest.mark.parametrize("measure", [Measure.TIP, Measure.SESSION, Measure.LETTER])
def test_the_tile_is_of_the_reports_on_the_heat_map(demo_store, measure):
    found = quality(demo_store.snapshot(), "en", measure)
    tile = found.figures[0]
    assert t(f"map.measure_{measure}", "en") in tile.label
    assert tile.value == f"{100 * found.completeness['reported'].mean():.2f}%"


def test_every_measure_has_its_share(demo_store):
    found = quality(demo_store.snapshot(), "en")
    assert len(found.measures) == len(REPORTED) == 10
    shares = dict(zip(found.measures.iloc[:, 0], found.measures.iloc[:, 1]))
    whole = quality(demo_store.snapshot(), "en", Measure.SESSION).completeness["reported"].mean()
    assert shares["Outreach sessions"] == f"{100 * whole:.1f}%"
    assert shares["Outreach sessions"] != shares["Tip-offs"]


def test_a_commune_that_reports_another_measure_is_not_complete(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    add_default_boundaries(store)
    months = pd.date_range("2025-07-01", "2026-10-01", freq="MS").strftime("%Y-%m-%d")
    rows = pd.DataFrame({"month": months, "unit_system": "current", "unit_code": "30307", "measure": "tip", "value": 7})
    store.append(Batch(Dataset.MONTHLY, rows, Provenance("t", "0" * 64, "t")))
    of = {
        m: quality(store.snapshot(), "vi", m).completeness.groupby("code")["reported"].sum()
        for m in (Measure.TIP, Measure.SESSION)
    }
    assert of[Measure.TIP]["30307"] == len(months)
    assert of[Measure.TIP].sum() == len(months)
    assert of[Measure.SESSION].sum() == 0
    worst = quality(store.snapshot(), "vi", Measure.TIP).silent
    assert len(worst) == 10
    assert not any("Long Xuyên" in line for line in worst)


def test_precision_counts_every_event_once(demo_store):
    table = quality(demo_store.snapshot(), "en").precision
    total = table.iloc[:, 1:].map(lambda text: int(text.replace(",", ""))).to_numpy().sum()
    days = (date(2013, 1, 1), date(2026, 12, 31))
    assert total == sum(len(demo_store.query(Query(m, *days))) for m in (Measure.CASE, Measure.DEN_CLEARED))
    assert table.iloc[0, 0] == 2026
