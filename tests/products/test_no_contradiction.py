"""Of random series with missing months, outliers, drift, steps and Tết, no two places say different things."""

from __future__ import annotations

from datetime import date

import pytest

from geo.schema import Measure, Query
from tests.contradictions import contradictions
from tests.worlds import REPORTED, world_in

PERIODS = {
    "year": (date(2025, 11, 1), date(2026, 10, 31)),
    "quarter": (date(2026, 8, 1), date(2026, 10, 31)),
    "month": (date(2026, 2, 1), date(2026, 2, 28)),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return world_in(tmp_path_factory.mktemp("world"), 1)


@pytest.mark.parametrize("period", list(PERIODS))
@pytest.mark.parametrize("measure", [*REPORTED, Measure.CASE])
def test_nothing_that_is_said_of_a_series_contradicts_anything_else(world, measure, period):
    """A fourth of the communes; `make bench` reads all of 2,000 series."""
    query = Query(measure, *PERIODS[period])
    assert list(contradictions(world, query, every=4, sentences=3)) == []
