"""Change of two periods, the control chart, and tables that go out as files."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pikepdf
import pytest
from PIL import Image
from scipy.stats import norm

from geo.analysis.hotspots import gi_star_exact
from geo.analysis.season import tet_effect, tet_share
from geo.analysis.usual import predict
from geo.cartography.sheet import Sheet
from geo.cartography.spec import Column, Row, Table, UnitLayer
from geo.errors import InputError
from geo.products.analyses.change import control_chart
from geo.products.analyses.study import touching
from geo.products.documents.files import sheet_file
from geo.question.periods import Preset
from geo.schema import Measure, Per, Query
from tests.asking import analysis, ask, near_repeats

YEAR = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))
TODAY = date(2026, 10, 31)


def _counts(store, start, end, measure=Measure.CASE):
    cube = store.snapshot().cube(measure)
    return dict(zip(cube.units, cube.counts(start, end)[:-1].astype(float)))


def _legend_of(spec):
    layer = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    labels = [entry.label for entry in spec.legend[0].entries]
    return {cell.code: labels[cell.cls] for cell in layer.cells}


def test_counts_scores_and_classes_are_those_of_the_library(demo_store):
    spec = analysis(demo_store, "change", YEAR)
    now, before = _counts(demo_store, YEAR.start, YEAR.end), _counts(demo_store, date(2024, 11, 1), date(2025, 10, 31))
    cube = demo_store.snapshot().cube(Measure.CASE)
    months = cube.table(date(2019, 11, 1), YEAR.end)
    edges = [*(stamp.date() for stamp in months.index), date(2026, 11, 1)]
    share = tet_share(edges)
    due = 1 + tet_effect(cube.series(date(2019, 11, 1), date(2025, 10, 31)), share[:-12]) * share
    model = predict(months[:-12].T, months[-12:].T, season=due[:-12], target_season=due[-12:])
    p = dict(zip(cube.units, zip(model.total_p_up, model.total_p_down)))
    legend = _legend_of(spec)
    assert len(spec.table.rows) == 102
    for row in spec.table.rows:
        more, less = p[row.code]
        z = norm.isf(min(more, 0.5)) if more < less else -norm.isf(min(less, 0.5))
        assert row.values[1:5] == pytest.approx((now[row.code], before[row.code], now[row.code] - before[row.code], z))
        low = [c for c, most in (("Tăng rất rõ", 0.0001), ("Tăng rõ", 0.005)) if more <= most]
        high = [c for c, most in (("Giảm rất rõ", 0.0001), ("Giảm rõ", 0.005)) if less <= most]
        assert legend[row.code] == [*low, *high, "Trong dao động thường"][0]
    up = sum(more <= 0.005 for more, _ in p.values())
    down = sum(less <= 0.005 for _, less in p.values())
    assert spec.sentence.startswith(f"{up} xã tăng rõ, {down} xã giảm rõ")
    assert "đến 1 xã vượt ngưỡng" in spec.sentence


def test_an_earlier_period_of_choice_is_the_one_counted(demo_store):
    spec = analysis(demo_store, "change", YEAR, earlier_from=date.fromisoformat("2023-11-01"))
    before = _counts(demo_store, date(2023, 11, 1), date(2024, 10, 31))
    assert {row.code: row.values[2] for row in spec.table.rows} == before
    assert "so với 11/2023–10/2024" in spec.title


def test_nothing_on_record_before_is_said(demo_store):
    first = replace(YEAR, start=date(2013, 1, 1), end=date(2013, 6, 30))
    with pytest.raises(InputError) as caught:
        analysis(demo_store, "change", first)
    assert caught.value.key == "change.nothing_before"
    assert "07/2012–12/2012" in (said := caught.value.message("vi"))
    assert "01/01/2013" in said  # since when there are records


def test_hot_spots_change_by_their_labels_in_both_periods(demo_store):
    spec = analysis(demo_store, "change", replace(YEAR, per=Per.COUNT), "en", change_of="hot")
    graph = touching(demo_store.snapshot())
    labels = []
    for start, end in ((date(2024, 11, 1), date(2025, 10, 31)), (YEAR.start, YEAR.end)):
        counts = _counts(demo_store, start, end)
        labels.append(gi_star_exact([counts[code] for code in graph.unique_ids], graph)["label"].tolist())
    legend = _legend_of(spec)
    for code, was, now in zip(graph.unique_ids, *labels):
        if now == "hot":
            assert legend[code] == ("Still hot" if was == "hot" else "Newly hot")
        elif was == "hot":
            assert legend[code] == "No longer hot"
        else:
            assert legend[code] == ("Clearly low" if now == "cold" else "Not different from chance")
    assert len(spec.legend[0].entries) == 5


def test_the_chart_holds_the_months_and_their_expected_band(demo_store, demo):
    code = demo.truth["emerging"]["unit"]
    chart = control_chart(demo_store.snapshot(), code, YEAR, "vi")
    cube = demo_store.snapshot().cube(Measure.CASE)
    series = cube.series(date(2023, 11, 1), YEAR.end, units=(code,)).astype(float)
    frame = chart.trend.frame
    assert frame["count"].tolist() == series.tolist()
    assert (frame["low"] <= frame["mean"]).all()
    assert (frame["mean"] <= frame["high"]).all()
    odd = int(((frame["count"] > frame["high"]) | (frame["count"] < frame["low"])).sum())
    assert chart.sentence.startswith(f"{odd} trong {len(frame)} tháng")
    assert odd >= 1  # it was made to grow
    assert [row.values[1] for row in chart.sheet.table.rows] == frame["count"].tolist()


def test_a_month_that_is_not_over_is_not_charted(demo_store):
    chart = control_chart(demo_store.snapshot(), "30307", replace(YEAR, end=date(2026, 10, 15)), "vi")
    assert chart.trend.frame.index[-1].date() == date(2026, 9, 1)


@pytest.mark.parametrize("code", ["", "99999"])
def test_the_chart_of_an_unknown_commune_is_refused(demo_store, code):
    with pytest.raises(InputError) as caught:
        control_chart(demo_store.snapshot(), code, YEAR, "vi")
    assert caught.value.key == "change.unit_unknown"


def test_too_short_a_record_has_no_chart(demo_store):
    with pytest.raises(InputError) as caught:
        control_chart(
            demo_store.snapshot(), "30307", replace(YEAR, start=date(2013, 1, 1), end=date(2013, 6, 30)), "vi"
        )
    assert caught.value.key == "products.no_months"


def test_tip_offs_have_no_chart_by_commune(demo_store):
    with pytest.raises(InputError) as caught:
        control_chart(demo_store.snapshot(), "30307", replace(YEAR, measure=Measure.TIP), "vi")
    assert caught.value.key == "analysis.masked"


def test_28_days_are_set_against_the_28_before(demo_store):
    query = ask("change", measure=Measure.CASE, period=Preset.DAYS28).reading
    spec = analysis(demo_store, "change", query)
    assert "04/10/2026–31/10/2026 so với mức thường" in spec.title
    assert "06/09/2026–03/10/2026" in spec.table.columns[2].label
    assert {r.code: r.values[2] for r in spec.table.rows} == _counts(demo_store, date(2026, 9, 6), date(2026, 10, 3))


def _sheets(store):
    chart = control_chart(store.snapshot(), "30307", YEAR, "vi").sheet
    return [chart, near_repeats(store, YEAR).sheet]


def test_files_of_tables_say_what_they_are_and_hold_the_numbers(demo_store):
    for sheet in _sheets(demo_store):
        rows = list(csv.reader(io.StringIO(sheet_file(sheet, "csv").decode("utf-8-sig")), delimiter=";"))
        said = [row[0] for row in rows if row]
        assert {"LƯU HÀNH NỘI BỘ", "DỮ LIỆU MINH HOẠ", sheet.title, sheet.sentence} <= set(said)
        head = rows.index([column.label for column in sheet.table.columns])
        assert rows[head + 1 : head + 1 + len(sheet.table.rows)] == [list(row.texts) for row in sheet.table.rows]
        assert [row for row in rows if len(row) == 2][-7:] == [[s.caption, s.text] for s in sheet.stamps]
        page = openpyxl.load_workbook(io.BytesIO(sheet_file(sheet, "xlsx"))).active
        cells = list(page.values)
        first = next(i for i, row in enumerate(cells) if row[0] == sheet.table.columns[0].label) + 1
        for row, held in zip(sheet.table.rows, cells[first:]):
            wanted = [text if value is None else value for value, text in zip(row.values, row.texts)]
            texts = [(a, b) for a, b in zip(held, wanted) if isinstance(b, str)]
            numbers = [(a, b) for a, b in zip(held, wanted) if not isinstance(b, str)]
            assert all(a == b for a, b in texts)
            assert [a for a, _ in numbers] == pytest.approx([b for _, b in numbers])


def test_tables_go_out_as_pictures_and_pages_too_the_same_each_time(demo_store):
    for sheet in _sheets(demo_store):
        picture, page = sheet_file(sheet, "png"), sheet_file(sheet, "pdf")
        assert (picture, page) == (sheet_file(sheet, "png"), sheet_file(sheet, "pdf"))
        with Image.open(io.BytesIO(picture)) as image:
            assert image.size == (1920, 1080)
            assert len(image.convert("RGB").getcolors(1 << 20)) > 100
            assert image.info["Title"] == sheet.title
        with pikepdf.open(io.BytesIO(page)) as book:
            assert len(book.pages) == 1
            assert str(book.docinfo["/Title"]) == sheet.title
            assert str(book.Root.Lang) == "vi-VN"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1"])
def test_no_cell_of_a_file_is_a_formula(text):
    table = Table((Column("a", text),), (Row("", (text,), (None,)),))
    sheet = Sheet(text, text, (text,), (), table)
    body = sheet_file(sheet, "csv").decode("utf-8-sig")
    assert all(re.match(r"^\"?'", line) for line in body.split("\r\n") if line and not line.startswith(('=1"', "x")))
    page = openpyxl.load_workbook(io.BytesIO(sheet_file(sheet, "xlsx"))).active
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_an_unknown_kind_of_file_is_refused(demo_store):
    with pytest.raises(InputError):
        sheet_file(_sheets(demo_store)[0], "exe")
