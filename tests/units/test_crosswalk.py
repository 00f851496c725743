"""From former to present communes: nothing lost, nothing guessed."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError, NotFoundError
from geo.units.crosswalk import is_divided, links, origins, to_current

DIVIDED = {"30334", "30355", "30358"}
LEGACY = sorted(links().legacy_code.unique())


def test_three_of_298_units_were_divided():
    assert len(LEGACY) == 298
    assert {code for code in LEGACY if is_divided(code)} == DIVIDED


@given(st.lists(st.one_of(st.sampled_from(LEGACY), st.sampled_from(["99999", "", None]), st.integers(30000, 31200))))
def test_every_row_is_in_exactly_one_of_the_two(codes):
    frame = pd.DataFrame({"unit": pd.Series(codes, dtype=object)}, index=range(100, 100 + len(codes)))
    attributed, rest = to_current(frame, code="unit")
    assert sorted([*attributed.index, *rest.index]) == list(frame.index)
    assert attributed.current_code.isin(links().new_code).all()
    assert set(rest.reason) <= {"missing", "unknown", "divided"}


def test_whole_units_follow_their_link_and_keep_the_index():
    frame = pd.DataFrame({"unit": ["30289", 30280, 30283.0]}, index=["a", "b", "c"])
    attributed, rest = to_current(frame, code="unit")
    assert attributed.current_code.to_dict() == {"a": "30292", "b": "30307", "c": "30307"}
    assert attributed.unit.tolist() == frame.unit.tolist()
    assert rest.empty


def test_divided_units_are_not_guessed():
    attributed, rest = to_current(pd.DataFrame({"unit": sorted(DIVIDED)}), code="unit")
    assert attributed.empty
    assert set(rest.reason) == {"divided"}


def test_a_point_decides_among_the_linked_units_only():
    units = gpd.GeoDataFrame(
        {"code": ["30316", "30325", "30292"]},
        geometry=[shapely.box(105, 10, 106, 11), shapely.box(106, 10, 107, 11), shapely.box(107, 10, 108, 11)],
        crs=4326,
    )
    frame = pd.DataFrame({"unit": ["30334"] * 4, "lon": [105.5, 106.5, 107.5, None], "lat": [10.5] * 4})
    attributed, rest = to_current(frame, code="unit", units=units)
    assert attributed.current_code.to_dict() == {0: "30316", 1: "30325"}
    assert rest.reason.to_dict() == {2: "outside", 3: "divided"}


def test_the_given_frame_is_left_alone():
    frame = pd.DataFrame({"unit": ["30289"]})
    to_current(frame, code="unit")
    assert list(frame.columns) == ["unit"]


def test_a_missing_column_is_said():
    with pytest.raises(InputError) as error:
        to_current(pd.DataFrame({"xa": ["30289"]}), code="unit")
    assert "unit" in error.value.message("vi")


def test_origins_say_which_units_came_in_part():
    found = {unit.name: unit.whole for unit in origins("30337")}
    assert found == {"An Phú": True, "Phú Hội": False, "Phước Hưng": False, "Vĩnh Hội Đông": True}


def test_origins_of_all_units_are_all_links():
    assert sum(len(origins(code)) for code in links().new_code.unique()) == 302


def test_unknown_units_are_named():
    with pytest.raises(NotFoundError, match="12345"):
        origins("12345")
    with pytest.raises(NotFoundError, match="12345"):
        is_divided("12345")


def test_links_cannot_be_changed_from_outside():
    frame = links()
    frame["mapping"] = "changed"
    assert set(links().mapping) == {"whole", "divided"}
