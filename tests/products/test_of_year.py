"""Safe units, community models, returns to the community and festivals, year by year."""

import json

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.export.features import geojson
from geo.products.programme.festivals import calendar
from geo.products.programme.models import at_work, register
from geo.products.programme.safe_units import share_of
from geo.schema import RETURN_MEASURES, SAFE_MEASURES, YEARLY_MEASURES, Dataset, Measure, Provenance
from geo.store import Batch, open_store
from geo.store.default_boundaries import add_default_boundaries
from tests.asking import answered, ask


@pytest.fixture
def bare(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    add_default_boundaries(store)
    return store


def yearly(*rows) -> Batch:
    columns = ["year", "unit_system", "unit_code", "measure", "kind", "value"]
    return Batch(Dataset.YEARLY, pd.DataFrame([(y, "current", *rest) for y, *rest in rows], columns=columns),
                 Provenance("a", "1", "t"))  # fmt: skip


def models(*rows) -> Batch:
    columns = ["name", "kind", "unit_code", "since", "until", "members"]
    frame = pd.DataFrame(rows, columns=columns).assign(unit_system="current")
    return Batch(Dataset.MODELS, frame, Provenance("a", "1", "t"))


def value_of(spec, code, column=1):
    return next(row.values[column] for row in spec.table.rows if row.code == code)


def test_a_share_is_given_only_where_the_number_there_is_was_imported(bare):
    bare.append(yearly((2025, "30337", "safe_existing", "hamlet", 10), (2025, "30337", "safe_recognised", "hamlet", 8),
                       (2025, "30307", "safe_recognised", "hamlet", 5)))  # fmt: skip
    bare.append(_month())
    spec = answered(bare, ask("safe_units", measure=Measure.SAFE_RECOGNISED, share=True))
    assert (value_of(spec, "30337", 5), value_of(spec, "30307", 5)) == (80, None)
    assert "80" in spec.legend[0].entries[0].label
    bare_counts = yearly((2024, "30307", "safe_recognised", "hamlet", 5))
    bare.append(bare_counts)
    with pytest.raises(InputError) as caught:
        answered(bare, ask("safe_units", measure=Measure.SAFE_RECOGNISED, share=True, year="2024"))
    assert caught.value.key == "programme.no_existing"
    assert "chưa tính tỷ lệ" in answered(bare, ask("safe_units", measure=Measure.SAFE_RECOGNISED, year="2024")).sentence


def _month() -> Batch:
    rows = {"month": ["2025-12-01"], "unit_system": "current", "unit_code": "30337", "measure": "session", "value": 3}
    return Batch(Dataset.MONTHLY, pd.DataFrame(rows), Provenance("b", "2", "t"))


def test_no_report_is_not_none(bare):
    bare.append(
        yearly((2025, "30337", "safe_recognised", "hamlet", 0), (2025, "30307", "safe_recognised", "hamlet", 5))
    )
    bare.append(_month())
    spec = answered(bare, ask("safe_units", measure=Measure.SAFE_RECOGNISED))
    assert "1 xã không có đơn vị nào: An Phú" in spec.sentence
    assert "100 xã chưa báo cáo" in spec.sentence
    assert value_of(spec, "30337", 3) == 0
    assert share_of(pd.Series([0.0, 1.0]), pd.Series([0.0, np.nan])).isna().all()


@pytest.mark.parametrize("measure", SAFE_MEASURES)
@pytest.mark.parametrize("year", ["2022", "2025"])
def test_stages_add_up_to_what_was_brought_in(demo_store, measure, year):
    rows = demo_store.snapshot().years()
    spec = answered(demo_store, ask("safe_units", measure=measure, year=year))
    at = [c.key for c in spec.table.columns].index(measure)
    shown = sum(row.values[at] or 0 for row in spec.table.rows)
    assert shown + rows.aside(measure, int(year)) == rows.total(measure, int(year))


def test_a_model_works_from_the_day_it_began_to_the_day_it_ended(bare):
    bare.append(models(("Tổ tự quản", "self_managed", "30337", "2020-05-01", None, 10),
                       ("Tổ tự quản số 2", "self_managed", "30337", "2021-05-01", "2022-03-01", None),
                       ("Tổ tự quản", "self_managed", "30307", "2023-05-01", None, 4)))  # fmt: skip
    bare.append(_month())
    rows = register(bare.snapshot())
    assert [len(at_work(rows, year)) for year in range(2019, 2024)] == [0, 1, 2, 1, 2]
    spec = answered(bare, ask("models", measure=Measure.COMMUNITY_MODEL, year="2021"))
    assert (value_of(spec, "30337"), value_of(spec, "30307")) == (2, 0)
    spread = answered(bare, ask("models", measure=Measure.COMMUNITY_MODEL, model="Tổ tự quản"))
    since = {row.code: row.texts[3] for row in spread.table.rows}
    assert (since["30337"], since["30307"], since["30316"]) == ("2020", "2023", "–")
    assert "có từ năm 2020, đầu tiên ở An Phú" in spread.sentence
    assert not any(word in spread.sentence + spread.title for word in ("nhờ", "do ", "vì "))
    with pytest.raises(InputError):
        answered(bare, ask("models", measure=Measure.COMMUNITY_MODEL, model="Không có"))


def test_the_register_of_the_demo_holds_the_models_that_the_months_tell_of(demo_store):
    snapshot = demo_store.snapshot()
    months = snapshot.cube(Measure.COMMUNITY_MODEL)
    assert len(snapshot.models) == months.counts(months.first, months.last).sum()


@pytest.mark.parametrize("measure", sorted(RETURN_MEASURES))
@pytest.mark.parametrize("year", ["2016", "2024", "2025"])
def test_small_numbers_of_people_are_on_no_map_table_chart_or_file(demo_store, measure, year):
    snapshot = demo_store.snapshot()
    spec = answered(demo_store, ask("returns", measure=measure, year=year))
    found = snapshot.publication(measure)
    at = (int(year) - 1970) * 12 + 11 - found.first
    hidden = [code for code, is_hidden in zip(snapshot.units().index, found.hidden[at]) if is_hidden]
    assert hidden
    rows = {row.code: row for row in spec.table.rows}
    cells = {cell.code: cell for cell in spec.layers[0].cells}
    for code in hidden:
        assert rows[code].values[1] is None
        assert rows[code].texts[1] == "–"
        assert cells[code].lines == ("Số nhỏ, không hiện",)
    known = [row.values[1] for row in spec.table.rows if row.values[1]]
    assert min(known) >= 5
    assert str(demo_store.snapshot().units()["name"][hidden[0]]) not in spec.sentence
    for feature in json.loads(geojson(spec))["features"]:
        if feature["properties"].get("code") in hidden:
            assert not any(isinstance(v, int) and 0 < v < 5 for v in feature["properties"].values())


@pytest.mark.parametrize("page", ["map", "hotspots", "rates", "coverage", "results"])
@pytest.mark.parametrize("measure", sorted(YEARLY_MEASURES))
def test_pages_of_months_do_not_take_yearly_counts(demo_store, page, measure):
    with pytest.raises(InputError):
        answered(demo_store, ask(page, measure=measure))


@pytest.mark.parametrize(("page", "measure"), [("safe_units", Measure.SAFE_RECOGNISED), ("returns", Measure.REINTEGRATED),
                                               ("festivals", Measure.FESTIVAL)])  # fmt: skip
def test_months_are_not_shown_of_what_is_reported_by_year(demo_store, page, measure):
    with pytest.raises(InputError) as caught:
        answered(demo_store, ask(page, measure=measure, show="months"))
    assert caught.value.key == "products.by_year"


def test_the_calendar_tells_none_from_no_report(bare):
    bare.append(yearly((2025, "30337", "festival", "august_19", 0), (2025, "30337", "festival", "november_18", 2),
                       (2025, "30307", "festival", "august_19", 3)))  # fmt: skip
    bare.append(_month())
    frame = calendar(bare.snapshot(), 2025)
    assert frame.loc["30337", ["august_19", "november_18", 12]].tolist() == [0, 2, 3]
    assert np.isnan(frame.loc["30337", 11])
    assert np.isnan(frame.loc["30307", "november_18"])
    spec = answered(bare, ask("festivals", measure=Measure.FESTIVAL))
    assert "1 xã không tổ chức: An Phú" in spec.sentence
    assert "100 xã chưa báo cáo" in spec.sentence


def test_of_a_year_whose_batch_was_erased_no_number_is_shown_any_more(bare):
    counts = [(code, 2 + 3 * n) for n, code in enumerate(("30337", "30307", "30316", "30376"))]
    batches = [
        bare.append(yearly(*((year, code, "reintegrated", "", n) for code, n in counts))) for year in (2024, 2025)
    ]
    bare.append(_month())
    spec = answered(bare, ask("returns", measure=Measure.REINTEGRATED, year="2024"))
    assert [row.values[1] for row in spec.table.rows if row.values[1]] != []
    bare.erase([batches[0]], who="t")
    bare.append(yearly(*((2024, code, "reintegrated", "", n) for code, n in counts)))  # and comes in again
    found = bare.snapshot().publication(Measure.REINTEGRATED)
    at = (2024 - 1970) * 12 + 11 - found.first
    assert np.isnan(found.months[at]).all()
    assert np.isnan(found.total[at])
    assert "2024" not in found_texts(answered(bare, ask("returns", measure=Measure.REINTEGRATED)).chart)


def found_texts(chart) -> set[str]:
    """Years of a chart that have a number."""
    return {name for name, count in zip(chart.names, chart.counts) if count is not None}
