"""The report of a period: its numbers are the map's, its verdicts those of `usual`, what is hidden stays hidden."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO

import numpy as np
import pikepdf
import pytest
from pptx import Presentation

from geo.errors import InputError
from geo.products.answer import answer
from geo.products.documents.reports import report_file, report_parts
from geo.products.programme.report import INDICATORS_OF_PERIOD, at_period, gaps, lines
from geo.products.situation.counts import counts, published
from geo.products.situation.usual import judged
from geo.question import altered
from geo.question.periods import days_of, latest_over, span_of
from geo.schema import MASKED_MEASURES, MONTHLY_MEASURES, Measure, month_end
from geo.text import number, t
from geo.views import tone
from tests.asking import TODAY, ask

SPANS = ("month", "quarter", "year")
UNITS = ("", "30742", "31078")


def asked(**fields):
    return ask("report", measure=Measure.SESSION, **fields)


@pytest.mark.parametrize(
    ("dated", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_is_whole_months(dated, first, last):
    assert days_of(dated) == (first, last)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("today", [date(2026, 10, 31), date(2026, 10, 30), date(2026, 12, 31), date(2027, 1, 1)])
def test_the_latest_period_is_over_and_the_next_is_not(span, today):
    dated = latest_over(span, today)
    first, last = days_of(dated)
    assert span_of(dated) == span
    assert last <= today
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    assert days_of(latest_over(span, today, back=1))[1].toordinal() == first.toordinal() - 1
    after = last.month - 1 + months
    assert month_end(date(last.year + after // 12, after % 12 + 1, 1)) > today


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("about", UNITS)
def test_numbers_and_verdicts_are_those_of_the_map(demo_store, span, about):
    snapshot = demo_store.snapshot()
    question = asked(span=span, about=about)
    query = at_period(snapshot, question).query
    for line in lines(snapshot, question):
        own = published(snapshot, replace(query, measure=line.measure, units=(about,) if about else ()))
        found = counts(snapshot, own)
        shown = found.now[about] if about else found.total
        if np.isfinite(shown) and np.isfinite(found.total):
            assert line.now in (number(shown, "vi"), "–"), line.measure
            if line.now != "–":
                assert line.figure.tone == tone(judged(snapshot, own).total), line.measure
        else:
            assert line.now in (t("map.class_masked_text", "vi"), "–"), line.measure
            assert (line.before, line.figure.change, line.figure.tone) == ("–", "", "none")


def test_dens_are_a_line_of_their_own_and_cases_are_none():
    assert Measure.DEN_CLEARED in INDICATORS_OF_PERIOD
    assert Measure.CASE not in INDICATORS_OF_PERIOD


def test_what_is_lacking_is_what_was_not_reported(demo_store):
    snapshot = demo_store.snapshot()
    found = gaps(snapshot, asked(span="month"))
    first, last = days_of("2026-10")
    for measure in MONTHLY_MEASURES & set(INDICATORS_OF_PERIOD):
        cube = snapshot.cube(measure)
        silent = {code for code, sent in zip(cube.units, cube.reported(first, last)) if not sent}
        assert set(found.missing.index[found.missing[measure] > 0]) == silent, measure
    whole = found.missing.sum(axis=1)
    assert list(whole) == sorted(whole, reverse=True)
    assert found.units == len(snapshot.units())


def _hidden(snapshot, span):
    """A commune whose tips of the period are hidden."""
    query = at_period(snapshot, asked(span=span)).query
    found = counts(snapshot, published(snapshot, replace(query, measure=Measure.TIP)))
    return str(found.hidden.index[found.hidden.to_numpy()][0])


def _in_slides(content, label):
    """The cells beside a label in the table of the first slide."""
    (table,) = [shape.table for shape in Presentation(BytesIO(content)).slides[0].shapes if shape.has_table]
    (row,) = [row for row in ([cell.text for cell in row.cells] for row in table.rows) if row[0] == label]
    return row[1:]


def _in_document(content):
    """Words of the first page on the line of the first hidden count, from the column of the period on."""
    command = ["pdftotext", "-bbox", "-l", "1", "-", "-"]
    said = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>', said)
    words = [(float(x), (float(top) + float(bottom)) / 2, word) for x, top, bottom, word in found]
    column = next(x for x, _, word in words if word == "này") - 30
    label = next(y for _, y, word in words if word == "giác")
    line = next(y for x, y, word in words if word == "che" and x >= column)
    assert abs(line - label) < 15
    return [word for x, y, word in sorted(words) if x >= column and abs(y - line) < 2]


@pytest.mark.parametrize("span", ["month", "quarter"])
def test_a_hidden_count_is_called_so_and_is_in_no_file(demo_store, span):
    snapshot = demo_store.snapshot()
    code = _hidden(snapshot, span)
    question = asked(span=span, about=code)
    line = next(line for line in lines(snapshot, question) if line.measure is Measure.TIP)
    assert (line.now, line.before, line.figure.change, line.figure.tone) == (
        t("map.class_masked_text", "vi"), "–", "", "none",
    )  # fmt: skip
    spec = answer(snapshot, altered(question, part="figures"))
    row = next(row for row in spec.table.rows if row.code == Measure.TIP)
    assert set(row.values) == {None}
    assert not any(letter.isdigit() for text in row.texts[1:] for letter in text)
    assert _in_slides(report_file(snapshot, question, "pptx"), line.label) == [
        t("map.class_masked_text", "vi"),
        "–",
        "–",
    ]
    in_document = _in_document(report_file(snapshot, question, "pdf"))
    assert " ".join(in_document[:2]) == t("map.class_masked_text", "vi")
    assert not any(letter.isdigit() for word in in_document for letter in word)
    shown = answer(snapshot, ask("report", measure=Measure.TIP, span=span, about=code))
    cell = next(row for row in shown.table.rows if row.code == code)
    assert all(value is None for value, column in zip(cell.values, shown.table.columns) if column.key == "count")


def test_every_page_carries_its_marks(demo_store):
    for spec in report_parts(demo_store.snapshot(), asked(span="quarter")):
        captions = {stamp.caption: stamp.text for stamp in spec.stamps}
        for name in ("period", "data", "method", "suppression"):
            assert captions[t(f"map.stamp_{name}", "vi")]
        assert spec.fingerprint
        assert spec.marking
        assert spec.demo_mark
    first = report_parts(demo_store.snapshot(), asked())[0]
    rule = {stamp.caption: stamp.text for stamp in first.stamps}[t("map.stamp_suppression", "vi")]
    assert rule != t("map.suppression_none", "vi")


@pytest.mark.parametrize("about", ["", "30742"])
def test_files_are_the_same_to_the_byte_and_hold_every_part(demo_store, about):
    snapshot = demo_store.snapshot()
    question = asked(span="quarter", about=about)
    parts = report_parts(snapshot, question)
    pdf = report_file(snapshot, question, "pdf")
    assert pdf == report_file(snapshot, question, "pdf")
    with pikepdf.open(BytesIO(pdf)) as book:
        assert len(book.pages) == len(parts)
    pptx = report_file(snapshot, question, "pptx")
    assert pptx == report_file(snapshot, question, "pptx")
    assert len(Presentation(BytesIO(pptx)).slides) == len(parts)


def test_maps_of_the_file_are_of_what_is_beyond_usual(demo_store):
    snapshot, question = demo_store.snapshot(), asked(span="quarter")
    beyond = [line.measure for line in lines(snapshot, question) if line.figure.tone in ("up", "down")]
    maps = [spec for spec in report_parts(snapshot, question) if spec.show == "map"]
    assert beyond
    assert [spec.recipe.question.query.measure for spec in maps] == beyond


@pytest.mark.parametrize(
    ("fields", "key"),
    [({"dated": "2026-11"}, "report.not_over"), ({"dated": "2026"}, "report.not_over"),
     ({"about": "99999"}, "products.unit_unknown")],
)  # fmt: skip
def test_what_cannot_be_reported_on_is_said(demo_store, fields, key):
    with pytest.raises(InputError) as refused:
        answer(demo_store.snapshot(), asked(**fields))
    assert refused.value.key == key
    assert refused.value.message("en") != refused.value.message("vi")


def test_the_present_year_has_its_targets_in_the_table(demo_store):
    snapshot = demo_store.snapshot()
    found = {line.measure: line for line in lines(snapshot, asked())}
    assert found[Measure.SESSION].pace
    assert all(not found[measure].pace for measure in (*(MASKED_MEASURES & set(found)), Measure.DEN_CLEARED))
    assert TODAY.year == at_period(snapshot, asked()).query.end.year
