from dataclasses import replace
from datetime import date

import pytest

from geo.question import pinned
from geo.question.periods import Preset, months_of, preset_period
from geo.schema import Measure
from tests.asking import ask

TODAY = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("preset", "today", "expected"),
    [
        (Preset.LAST12, TODAY, (date(2025, 11, 1), TODAY)),
        (Preset.LAST12, date(2026, 10, 30), (date(2025, 10, 1), date(2026, 9, 30))),
        (Preset.YEAR, TODAY, (date(2026, 1, 1), TODAY)),
        (Preset.LAST_YEAR, TODAY, (date(2025, 1, 1), date(2025, 12, 31))),
        (Preset.QUARTER, TODAY, (date(2026, 7, 1), date(2026, 9, 30))),
        (Preset.QUARTER, date(2026, 12, 31), (date(2026, 10, 1), date(2026, 12, 31))),
        (Preset.QUARTER, date(2026, 2, 10), (date(2025, 10, 1), date(2025, 12, 31))),
        (Preset.MONTH, date(2026, 3, 14), (date(2026, 2, 1), date(2026, 2, 28))),
        (Preset.DAYS28, TODAY, (date(2026, 10, 4), TODAY)),
        (Preset.TERM1, TODAY, (date(2013, 1, 1), date(2023, 12, 31))),
    ],
)
def test_named_periods(preset, today, expected):
    assert preset_period(preset, today) == expected


def test_the_months_a_period_touches():
    assert months_of(date(2025, 12, 15), date(2026, 2, 1)) == ["2025-12", "2026-01", "2026-02"]


def test_a_month_of_the_period_is_asked_for_alone():
    query = ask(month="2026-02").reading
    assert (query.start, query.end) == (date(2026, 2, 1), date(2026, 2, 28))
    assert ask(month="2020-02").month == ""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"period": Preset.YEAR}, (date(2025, 1, 1), date(2025, 10, 31))),
        ({"period": Preset.YEAR, "against": "before"}, None),
        ({"period": Preset.DAYS28}, None),
        ({"period": Preset.DAYS28, "against": "year"}, (date(2025, 10, 4), date(2025, 10, 31))),
        ({"against": "custom", "earlier_from": date(2020, 1, 1)}, (date(2020, 1, 1), date(2020, 12, 31))),
        ({"against": "custom", "earlier_from": date(2020, 1, 15)}, (date(2020, 1, 15), date(2021, 1, 13))),
        ({"period": Preset.MONTH, "against": "year"}, (date(2025, 10, 1), date(2025, 10, 31))),
        ({"against": "custom"}, None),
    ],
)
def test_the_earlier_period_of_a_change(fields, expected):
    question = ask("change", measure=Measure.CASE, **fields)
    assert question.earlier == expected
    if expected:
        query, (start, end) = question.reading, expected
        assert abs((end - start) - (query.end - query.start)).days <= 1  # a leap day


@pytest.mark.parametrize("first", [date(2025, 5, 4), date(2025, 5, 20), date(2025, 5, 1)])
def test_a_monthly_measure_is_set_against_as_many_whole_months(first):
    days = {"period": Preset.DAYS28, "against": "custom", "earlier_from": first}
    question = ask("change", measure=Measure.LEAFLET, **days)
    assert question.earlier == (date(2025, 5, 1), date(2025, 5, 31))
    assert pinned(question, replace(question.query, start=date(2026, 10, 1))).earlier == question.earlier
