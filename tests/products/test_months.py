"""Months shown in place of a map speak of themselves: period, sentence, method, colophon and table are the chart's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geo.products.situation.trend import trend
from geo.question import altered
from geo.question.periods import Preset
from geo.schema import Measure, month_end
from geo.text import number, period, t
from tests.asking import answered, ask

ASKED = {
    "dens": {}, "kinds": {"measure": Measure.CASE, "kinds": ("theft",)}, "days": {"period": Preset.DAYS28},
    "one": {"measure": Measure.CASE, "month": "2026-08"}, "tips": {"measure": Measure.TIP, "period": Preset.YEAR},
    "reported": {"measure": Measure.SESSION, "units": ("30307", "30313")},
    "hot": {"page": "hotspots", "measure": Measure.CASE},
}  # fmt: skip


def _stamp(spec, name):
    return next((s.text for s in spec.stamps if s.caption == t(f"map.stamp_{name}", spec.lang)), None)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", ASKED)
def test_the_months_carry_their_own_period_and_method(demo_store, name, lang):
    view = ask(**{"page": "map", "lang": lang, **ASKED[name]})
    plain, spec = (answered(demo_store, view, show=show) for show in ("map", "months"))
    frame = trend(demo_store.snapshot(), plain.recipe.question.reading, lang).frame
    charted = period(frame.index[0].date(), month_end(frame.index[-1].date()), lang)
    assert (spec.period, _stamp(spec, "period")) == (charted, charted)
    assert spec.title.endswith(charted)
    assert _stamp(spec, "method") == t("change.chart_method", lang)
    assert _stamp(spec, "method") != _stamp(plain, "method")
    for kept in ("filters", "data", "boundary", "source", "suppression"):
        assert _stamp(spec, kept) == _stamp(plain, kept)
    assert spec.figures == ()
    assert [row.values[1] for row in spec.table.rows] == list(spec.chart.counts)
    assert "nan" not in spec.sentence


def test_the_sentence_counts_the_months_that_stand_out(demo_store):
    spec = answered(demo_store, ask(measure=Measure.CASE, period=Preset.TERM2, show="months"))
    chart = spec.chart
    odd = sum(not low <= n <= high for n, low, high in zip(chart.counts, chart.low, chart.high))
    assert spec.sentence.startswith(f"{odd} trong {len(chart.counts)} tháng")
    assert sum(row.texts[-1] == t("change.chart_odd", "vi") for row in spec.table.rows) == odd


def test_the_sentence_says_of_the_period_what_the_map_says(demo_store):
    view = ask(measure=Measure.CASE, period=Preset.TERM2)
    plain, spec = answered(demo_store, view), answered(demo_store, view, show="months")
    total = plain.sentence.split(";")[0].split(": ", 1)[1]
    assert spec.sentence.endswith(f"Toàn tỉnh, {plain.period}: {total}.")


def test_kinds_stand_in_the_title_of_the_months(demo_store):
    spec = answered(demo_store, ask(measure=Measure.CASE, kinds=("theft",), show="months"))
    assert "trộm cắp tài sản" in spec.title
    assert "trộm cắp tài sản" in spec.chart.title


def test_one_commune_on_its_page_says_which(demo_store):
    view = ask("change", measure=Measure.CASE, commune="30307", show="months")
    spec = answered(demo_store, view)
    assert spec.title.startswith("Phường Long Xuyên: Vụ việc theo tháng, ")
    assert "Phường Long Xuyên" in _stamp(spec, "filters")
    assert _stamp(spec, "period") == spec.period


def test_a_title_of_ones_own_stays(demo_store):
    spec = answered(demo_store, altered(ask(measure=Measure.CASE), show="months", title="Riêng"))
    assert spec.title == "Riêng"


def test_a_period_too_early_to_be_judged_says_so(demo_store):
    view = ask(measure=Measure.CASE)
    first = demo_store.snapshot().cube(Measure.CASE).first
    early = replace(view.query, start=date(first.year, first.month, 1), end=month_end(date(first.year, 9, 1)))
    spec = answered(demo_store, altered(view, query=early, period=Preset.CUSTOM, show="months"))
    assert len(spec.table.rows) == len(spec.chart.counts)
    assert number(spec.table.rows[-1].values[1], "vi") == spec.table.rows[-1].texts[1]
