"""Targets: what a year comes to by a sheet worked out by hand, and setting, changing and taking back."""

from datetime import date
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest

from geo.errors import InputError
from geo.ingest import prepare
from geo.products.programme.pace import pace_of
from geo.products.programme.targets import progress, term
from geo.products.records import targets as records
from geo.schema import Dataset, Measure, Provenance
from geo.store import Batch, VersionError, open_store
from geo.store.default_boundaries import add_default_boundaries
from tests.asking import answered, ask

NAN = float("nan")

BY_HAND = pd.DataFrame(
    [
        # name      months before (12)            months of the year over                target  done plan  mean expected owed
        ("steady", [10] * 12, [10] * 10, 120, 100, 100.0, 10.0, 120.0, 20),
        ("behind", [10] * 12, [5] * 10, 120, 50, 100.0, 70 / 12, 50 + 2 * 70 / 12, 70),
        ("a gap", [10] * 12, [10, NAN, 10, 10, 10, 10, 10, 10, 10, 10], 120, 90, 100.0, 10.0, 120.0, 30),
        ("reached", [10] * 12, [20] * 10, 120, 200, 100.0, 220 / 12, 200 + 2 * 220 / 12, 0),
        ("none set", [10] * 12, [10] * 10, NAN, 100, NAN, 10.0, 120.0, NAN),
        ("zero is a report", [6] * 12, [0] * 10, 60, 0, 50.0, 1.0, 2.0, 60),
    ],
    columns=["name", "before", "year", "target", "done", "plan", "mean", "expected", "owed"],
)
"""Twelve months before the year, ten of the year, and what is to come of them: the mean is that of the last twelve
months that were reported, and stands for each month of the year without a report."""


def test_progress_and_pace_are_those_of_a_sheet_worked_out_by_hand():
    months = np.array([[*row.before, *row.year] for row in BY_HAND.itertuples()])
    found = pace_of(months, BY_HAND["target"], over=10)
    assert found.done.tolist() == BY_HAND["done"].tolist()
    assert found.plan == pytest.approx(BY_HAND["plan"].to_numpy(), nan_ok=True)
    assert found.expected == pytest.approx(BY_HAND["expected"].to_numpy())
    assert found.owed == pytest.approx(BY_HAND["owed"].to_numpy(), nan_ok=True)
    assert found.reported.tolist() == [10, 10, 9, 10, 10, 10]
    assert (found.low <= found.expected + 0.5).all()
    assert (found.expected <= found.high).all()
    assert (found.low >= found.done).all()


def test_a_year_that_is_over_has_no_range_and_one_without_reports_no_pace():
    over = pace_of(np.array([[5.0] * 24]), [50.0], over=12)
    assert (over.low[0], over.expected[0], over.high[0]) == (60, 60, 60)
    silent = pace_of(np.array([[NAN] * 24]), [50.0], over=10)
    assert np.isnan([silent.done[0], silent.expected[0], silent.high[0]]).all()
    assert silent.owed[0] == 50


def test_the_range_holds_nine_years_of_ten():
    """Steady counts: what the rest of the year brings lies within the range about as often as it says."""
    rng = np.random.default_rng(1)
    months = rng.poisson(20, (400, 36)).astype(float)
    found = pace_of(months[:, :34], np.full(400, 240.0), over=10)
    year = months[:, 24:].sum(axis=1)
    inside = ((found.low <= year) & (year <= found.high)).mean()
    assert 0.88 <= inside <= 0.99


@pytest.mark.parametrize("measure", [Measure.SESSION, Measure.LEAFLET, Measure.SAFE_UNIT])
def test_what_is_done_is_what_the_records_add_up_to(demo_store, measure):
    snapshot = demo_store.snapshot()
    for one in term(snapshot, measure):
        rows = demo_store.query(_query(measure, one.year))
        assert (one.done if np.isfinite(one.done) else 0) == rows["value"].sum()
    assert progress(snapshot, measure, 2026).verdict in ("on_pace", "in_doubt", "short", "reached")
    assert progress(snapshot, measure, 2030).verdict == "ahead"


def _query(measure, year):
    from geo.schema import Query

    return Query(measure, date(year, 1, 1), date(year, 12, 31))


def test_the_targets_of_communes_add_up_in_the_demo(demo_store):
    rows = demo_store.snapshot().targets
    of_2026 = rows[(rows["year"] == 2026) & (rows["measure"] == "session")].set_index("unit_code")["value"]
    assert of_2026.drop("").sum() == of_2026[""]


def test_class_table_and_sentence_of_the_map_agree(demo_store):
    spec = answered(demo_store, ask("targets", measure=Measure.SESSION))
    words = spec.layers[0].labels
    by_class = {cell.code: words[cell.cls] for cell in spec.layers[0].cells}
    assert {row.code: row.texts[-1] for row in spec.table.rows} == by_class
    short = sum(word == "Khó đạt với nhịp hiện nay" for word in by_class.values())
    assert f"{short} xã khó đạt" in spec.sentence
    owed = {row.code: row.values[-2] for row in spec.table.rows}
    assert all(owed[code] == 0 for code, word in by_class.items() if word == "Đã đạt mục tiêu")


def test_no_target_can_be_asked_of_tips_cases_or_dens(demo_store):
    for measure in (Measure.TIP, Measure.CASE, Measure.DEN_CLEARED):
        with pytest.raises(InputError):
            answered(demo_store, ask("targets", measure=measure))
    with pytest.raises(InputError, match="2032"):
        answered(demo_store, ask("targets", measure=Measure.SESSION, year="2032"))


@pytest.fixture
def little(tmp_path):
    """Months of one commune, and no targets."""
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    add_default_boundaries(store)
    months = pd.date_range("2025-01-01", "2026-09-01", freq="MS")
    rows = {"month": months, "unit_system": "current", "unit_code": "30337", "measure": "session", "value": 3}
    early = pd.DataFrame(rows)
    early.loc[early["month"] < "2025-07-01", ["unit_system", "unit_code"]] = ["legacy", "30337"]
    store.append(Batch(Dataset.MONTHLY, early, Provenance("a", "1", "t")))
    return store


def test_each_save_is_a_batch_and_taking_it_back_brings_the_former_values(little):
    one = records.save(little, little.snapshot(), Measure.SESSION, 2026, {"": 300, "30337": 40}, who="an")
    two = records.save(little, little.snapshot(), Measure.SESSION, 2026, {"": 300, "30337": 36}, who="binh")
    held = records.editable(little.snapshot(), Measure.SESSION, 2026, "vi")["target"]
    assert (held[""], held["30337"]) == (300, 36)
    assert little.batches().set_index("id")["rows"][two] == 1  # what did not change is not written again
    log = records.changes(little.snapshot(), Measure.SESSION, "vi")
    assert log.iloc[0].tolist()[1:] == ["binh", str(two), "An Phú, 2026", "40", "36"]
    assert set(log["Ai"]) == {"an", "binh"}
    little.withdraw(two)
    assert records.editable(little.snapshot(), Measure.SESSION, 2026, "vi")["target"]["30337"] == 40
    assert records.changes(little.snapshot(), Measure.SESSION, "vi")["Lô"].tolist() == [str(one)] * 2


def test_whoever_saves_what_somebody_else_changed_meanwhile_is_told(little):
    seen = little.snapshot()
    records.save(little, seen, Measure.SESSION, 2026, {"": 300}, who="an")
    with pytest.raises(VersionError):
        records.save(little, seen, Measure.SESSION, 2026, {"": 200}, who="binh")
    assert records.editable(little.snapshot(), Measure.SESSION, 2026, "vi")["target"][""] == 300


@pytest.mark.parametrize(
    ("value", "key"),
    [(-1, "programme.target_not_whole"), (2.5, "programme.target_not_whole"), (pd.NA, "programme.target_emptied"),
     (300, "programme.targets_unchanged"), (1e300, "programme.target_not_whole")],
)  # fmt: skip
def test_a_target_that_cannot_be_is_refused_and_nothing_is_written(little, value, key):
    records.save(little, little.snapshot(), Measure.SESSION, 2026, {"": 300}, who="an")
    before = little.version
    with pytest.raises(InputError) as caught:
        records.save(little, little.snapshot(), Measure.SESSION, 2026, {"": value, "30337": 5}
                     if key != "programme.targets_unchanged" else {"": value}, who="an")  # fmt: skip
    assert caught.value.key == key
    assert little.version == before


def test_the_workbook_of_all_targets_comes_in_again_as_it_is(demo_store, tmp_path):
    snapshot = demo_store.snapshot()
    path = tmp_path / "muc-tieu.xlsx"
    path.write_bytes(records.workbook(snapshot, "vi"))
    assert records.workbook(snapshot, "vi") == path.read_bytes()
    preview = prepare(path, store=demo_store, today=date(2026, 11, 24))
    assert preview.mapping.dataset is Dataset.TARGETS
    assert set(preview.checked.problems["key"]) == {"duplicate_in_store"}  # every one of them is there already
    assert preview.checked.duplicates == preview.checked.total == len(snapshot.targets)
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    sheet = book.worksheets[0]
    row = next(
        n for n in range(2, sheet.max_row + 1) if sheet.cell(n, 1).value is None and sheet.cell(n, 2).value == 2027
    )
    sheet.cell(row, 4).value += 7
    book.save(path)
    again = prepare(path, store=demo_store, today=date(2026, 11, 24))
    assert again.accepted == 1
    assert again.checked.rows["unit_code"].tolist() == [""]
