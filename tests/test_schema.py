from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.schema import (
    EVENT_MEASURES,
    MONTHLY_MEASURES,
    YEARLY_MEASURES,
    Measure,
    Per,
    Query,
    add_months,
    month_end,
    previous_period,
)

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def test_every_measure_is_an_event_or_a_monthly_count():
    assert set(Measure) == EVENT_MEASURES | MONTHLY_MEASURES | YEARLY_MEASURES
    assert not EVENT_MEASURES & MONTHLY_MEASURES
    assert not (EVENT_MEASURES | MONTHLY_MEASURES) & YEARLY_MEASURES


@given(DAYS, DAYS)
def test_the_previous_period_is_as_long_and_ends_the_day_before(a, b):
    start, end = min(a, b), max(a, b)
    before = previous_period(start, end)
    assert before[1] == start - timedelta(days=1)
    if not (start.day == 1 and end == month_end(end)):
        assert before[1] - before[0] == end - start


def test_whole_months_are_set_against_whole_months():
    assert previous_period(date(2024, 1, 1), date(2024, 12, 31)) == (date(2023, 1, 1), date(2023, 12, 31))
    assert previous_period(date(2024, 3, 1), date(2024, 3, 31)) == (date(2024, 2, 1), date(2024, 2, 29))


@given(DAYS, st.integers(-300, 300))
def test_months_add_up(day, months):
    first = day.replace(day=1)
    assert add_months(add_months(first, months), -months) == first


def test_the_order_of_filters_makes_no_difference():
    a = Query(Measure.CASE, date(2024, 1, 1), date(2024, 1, 2), ("theft", "drugs"))
    b = Query(Measure.CASE, date(2024, 1, 1), date(2024, 1, 2), ("drugs", "theft", "theft"))
    assert a == b
    assert hash(a) == hash(b)


def test_a_reversed_period_is_refused_in_words():
    with pytest.raises(InputError) as caught:
        Query(Measure.CASE, date(2024, 2, 1), date(2024, 1, 1))
    assert "2024-02-01" in caught.value.message("vi")


def test_plain_strings_become_the_names_they_stand_for():
    query = Query("case", date(2024, 1, 1), date(2024, 1, 2), per="per_km2", system="legacy")
    assert isinstance(query.measure, Measure)
    assert isinstance(query.per, Per)
    with pytest.raises(ValueError, match="nonsense"):
        Query("nonsense", date(2024, 1, 1), date(2024, 1, 2))
