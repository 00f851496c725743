"""Boundary files as offices and public repositories have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError
from geo.units.boundaries import default_units, prepare, read_units

CASES = Path(__file__).parents[1] / "cases"


@pytest.mark.parametrize("name", ["boundary-kind-lost/fullname.geojson", "boundary-kind-lost/loaihinh.geojson"])
def test_kinds_are_those_of_the_file_wherever_it_says_them(name):
    found = read_units(CASES / name).set_index("code")["kind"]
    assert found.value_counts().to_dict() == {"phường": 6, "xã": 6}


def test_kinds_that_no_column_says_are_those_of_the_list(tmp_path):
    listed = default_units()
    listed.drop(columns="kind").to_file(tmp_path / "u.geojson")
    assert read_units(tmp_path / "u.geojson")["kind"].tolist() == listed["kind"].tolist()


def test_a_kind_that_contradicts_the_list_is_reported():
    units = default_units()
    units.loc[units["name"] == "Long Xuyên", "kind"] = "xã"
    issues = prepare(units, province="91").report.of("kind")
    assert [issue.names for issue in issues] == [("xã Long Xuyên",)]


def test_the_outline_of_the_province_is_left_out_and_named():
    ready = prepare(CASES / "boundary-province-in-zip/kho_91.zip", province="91")
    assert len(ready.units) == 12
    assert "00091" not in set(ready.units["code"])
    assert len(ready.report.of("outline")) == 1


def test_a_zip_with_files_that_are_no_map_is_read_and_they_are_named():
    ready = prepare(CASES / "boundary-zip-with-package-json/kho_readme.zip", province="91")
    assert len(ready.units) == 12
    assert [issue.names for issue in ready.report.of("file")] == [("package.json",)]


@pytest.mark.parametrize(
    ("name", "key"), [("same_shape.geojson", "units.covered"), ("zero_area.geojson", "units.no_area")]
)
def test_units_that_would_vanish_are_named(name, key):
    with pytest.raises(InputError) as caught:
        prepare(CASES / "boundary-unit-vanishes" / name, province="91")
    assert caught.value.key == key
    assert "30301" in caught.value.message("vi")
