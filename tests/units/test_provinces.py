from __future__ import annotations

import pytest

from geo.errors import InputError
from geo.units.boundaries import default_legacy_units, default_units, legacy_units, prepare
from geo.units.provinces import name_of, province_of
from tests.young import province, squares


def test_present_and_former_units_are_of_their_province():
    for layer in (default_units(), default_legacy_units()):
        assert province_of(layer["code"]) == "91"


@pytest.mark.parametrize(
    ("codes", "found"),
    [(["31120", "31123", "30307"], "92"), (["00004"], "01"), (["32248"], "96"), (["00001"], ""), (["99999"], ""), ([], "")],
)  # fmt: skip
def test_most_of_the_codes_decide(codes, found):
    assert province_of(codes) == found


def test_a_province_without_a_name_is_called_by_its_code():
    assert (name_of("92"), name_of("99")) == ("Cần Thơ", "99")


@pytest.mark.parametrize("of", ["91", "96"])
def test_a_layer_of_another_province_is_refused_and_both_are_named(of):
    with pytest.raises(InputError) as caught:
        prepare(squares(), province=of)
    assert caught.value.key == "units.other_province"
    assert "Cần Thơ (92)" in caught.value.message("vi")


def test_former_units_are_those_of_the_province_that_is_set():
    assert len(legacy_units()) == 298
    with province("92"):
        assert legacy_units().empty
