from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cartography.classify import Scheme
from geo.errors import InputError
from geo.products import address, periods, state
from geo.products.periods import Preset
from geo.products.state import View
from geo.schema import CaseCategory, GameType, Measure, Per, ZoneKind

TODAY = date(2026, 10, 31)
CODES = st.lists(st.sampled_from(["30307", "31078", "30742"]), max_size=3).map(tuple)
VIEWS = st.builds(
    View,
    page=st.sampled_from(list(state.PAGES)), m=st.sampled_from(Measure), t=st.sampled_from(Preset),
    a=st.dates(date(2013, 1, 1), date(2020, 1, 1)).map(str), b=st.dates(date(2020, 1, 1), TODAY).map(str),
    kinds=st.lists(st.sampled_from([*map(str, CaseCategory), *map(str, GameType)]), unique=True, max_size=3).map(tuple),
    units=CODES, per=st.sampled_from(Per), cmp=st.booleans(), pts=st.sampled_from(["auto", "always", "never"]),
    cl=st.booleans(), z=st.lists(st.sampled_from([str(k) for k in ZoneKind]), unique=True, max_size=3).map(tuple),
    names=st.booleans(), scheme=st.sampled_from(Scheme), k=st.integers(3, 7), u=st.sampled_from(["", "30307"]),
    mo=st.sampled_from(["", "2026-03"]), p=st.sampled_from(["", "projector", "projector-light"]),
    lang=st.sampled_from(["vi", "en"]), by=st.sampled_from(["unit", "grid"]),
    cell=st.sampled_from(["2000", "3000", "5000"]), near=st.sampled_from(["queen", "distance"]),
    stat=st.sampled_from(["gi", "moran"]), pm=st.booleans(), algo=st.sampled_from(["dbscan", "hdbscan"]),
    tm=st.sampled_from(["0", "1"]), chg=st.sampled_from(["counts", "hot"]),
    vs=st.sampled_from(["auto", "before", "year", "custom"]), e=st.sampled_from(["", "2020-02-29"]),
    tr=st.sampled_from(["unit", "den"]), tu=CODES, dm=st.sampled_from(["", "2021-09"]),
    d=st.sampled_from(["", "20210901n2"]), r=st.sampled_from(["500", "1000"]), w=st.sampled_from(["90", "365"]),
    ring=st.booleans(), ct=CODES,
)  # fmt: skip


@given(VIEWS)
def test_a_view_reopens_from_its_address(view):
    assert address.from_address(address.to_address(view, View()), View()) == view


def test_the_address_of_the_first_view_is_bare():
    assert address.to_address(View(), View()) == {}


@given(
    st.dictionaries(
        st.sampled_from([*address.to_address(View(m=Measure.CASE), View()), "k", "t", "a", "mo", "z", "u"]), st.text()
    )
)
def test_nonsense_in_an_address_is_passed_over(params):
    opened = address.from_address(params, View())
    state.query_of(opened, TODAY)
    state.options_of(opened)


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
    assert periods.preset_period(preset, today) == expected


def test_kinds_of_another_measure_are_not_asked_for():
    view = View(m=Measure.DEN_CLEARED, kinds=("theft", "cards"))
    assert state.query_of(view, TODAY).kinds == ("cards",)
    assert state.query_of(View(m=Measure.TIP, kinds=("theft",)), TODAY).kinds == ()


def test_a_month_of_the_period_is_asked_for_alone():
    query = state.query_of(View(mo="2026-02"), TODAY)
    assert (query.start, query.end) == (date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize("text", ["1; 5; 10", "0,5;1.5; 3"])
def test_limits_in_either_decimal_style(text):
    assert list(state.limits_of(text)) == sorted(state.limits_of(text))


@pytest.mark.parametrize("text", ["", "a;b", "5;1", "0;1", "-1;2", "1;1", "nan;2", "1;2;3;4;5;6;7;8"])
def test_unusable_limits_are_refused_and_said(text):
    with pytest.raises(InputError) as caught:
        state.limits_of(text)
    assert "1; 5; 10; 50" in caught.value.message("vi")
    assert state.options_of(View(scheme=Scheme.FIXED, lim=text)).scheme is Scheme.NATURAL


@pytest.mark.parametrize(
    ("a", "b"), [("2030-01-01", "2030-12-31"), ("0001-01-01", "9999-12-31"), ("2026-05-01", "2020-01-01")]
)
def test_dates_of_an_address_are_brought_into_what_is_on_record(a, b):
    opened = address.from_address({"t": "custom", "a": a, "b": b, "mo": "0001-01"}, View())
    start, end = state.chosen_period(opened, TODAY)
    assert periods.EARLIEST <= start <= end <= TODAY
    assert state.query_of(opened, TODAY).start == start
