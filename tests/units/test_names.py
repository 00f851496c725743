"""Matching without guessing, and the search box."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.text import fold
from geo.units.boundaries import default_units, legacy_units
from geo.units.names import match, search, split_kind, syllables, tidy_name

CURRENT, LEGACY = default_units(), legacy_units()
ROWS = CURRENT[["code", "name", "kind"]].to_dict("records")
FOLDED_ONCE = [row for row in ROWS if CURRENT.name.map(fold).eq(fold(row["name"])).sum() == 1]


@given(st.sampled_from(ROWS), st.sampled_from(["", "{kind} "]), st.sampled_from([str, str.upper, str.lower]))
def test_the_name_itself_always_matches(row, prefix, case):
    written = case(prefix.format(**row) + row["name"])
    found = match([written], CURRENT).iloc[0]
    assert (found.code, found.how) == (row["code"], "exact")


@given(st.sampled_from(FOLDED_ONCE))
def test_a_name_without_marks_matches_where_only_one_unit_fits(row):
    found = match([fold(row["name"])], CURRENT).iloc[0]
    assert found.code == row["code"]


@given(st.sampled_from(ROWS))
def test_decomposed_text_matches(row):
    assert match([unicodedata.normalize("NFD", row["name"])], CURRENT).iloc[0].code == row["code"]


@pytest.mark.parametrize(
    ("written", "code", "how"),
    [
        ("Mỹ Hoà Hưng", "30313", "exact"),
        ("xã Mỹ Hòa Hưng", "30313", "exact"),
        ("P.Mĩ Thới", "30301", "exact"),
        ("P. Mỹ Thới, An Giang", "30301", "exact"),
        ("X. Óc Eo", "30688", "exact"),
        ("dac khu phu quoc", "31078", "folded"),
        ("Phường Óc Eo", "30688", "kind"),
        ("Tan Thạnh", "31031", "folded"),
        ("30292", "30292", "code"),
    ],
)
def test_names_of_current_units(written, code, how):
    found = match([written], CURRENT).iloc[0]
    assert (found.code, found.how) == (code, how)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Vĩnh Phú, huyện Giồng Riềng", "30947"),
        ("xã Vĩnh Phú, H. Giồng Riềng, T. Kiên Giang", "30947"),
        ("TT. Óc Eo", "30688"),
        ("An Hòa, TP Rạch Giá", "30748"),
    ],
)
def test_the_district_decides_among_former_units_of_one_name(written, code):
    assert match([written], LEGACY).iloc[0].code == code


@pytest.mark.parametrize("written", ["Vĩnh Phú", "xã Vĩnh Phú", "Tan Thanh"])
def test_several_units_of_one_name_are_ambiguous(written):
    found = match([written], LEGACY).iloc[0]
    assert found.code is None
    assert found.how == "ambiguous"
    assert len(found.candidates.split(",")) >= 2


@pytest.mark.parametrize("written", ["Tân Thành", "Hà Nội", "", "   ", "xã", "Vĩnh Phú, huyện Ba Vì"])
def test_what_contradicts_is_not_matched(written):
    found = match([written], CURRENT).iloc[0]
    assert found.code is None
    assert found.how == "none"


def test_contradicting_marks_still_show_what_came_near():
    assert match(["Tân Thành"], CURRENT).iloc[0].candidates == "31031"


def test_one_row_per_input_in_order():
    found = match(iter(["Óc Eo", "?", "Óc Eo"]), CURRENT)
    assert found.input.tolist() == ["Óc Eo", "?", "Óc Eo"]
    assert list(found.columns[:4]) == ["input", "code", "score", "how"]
    assert match([], CURRENT).empty


@given(st.text(max_size=40))
def test_any_text_gives_a_row_and_never_a_wrong_kind_of_answer(text):
    found = match([text], LEGACY).iloc[0]
    assert (found.code is None) == (found.how in {"ambiguous", "none"})


def test_search_finds_a_unit_without_marks():
    first = search("oc eo", CURRENT, LEGACY)[0]
    assert (first.label, first.codes, first.legacy_code) == ("Xã Óc Eo", ("30688",), None)


def test_search_finds_the_present_unit_of_a_former_name():
    (hit,) = search("vĩnh ngu", CURRENT, LEGACY)
    assert (hit.codes, hit.legacy_code) == (("30316",), "30328")
    assert hit.label == "Phường Vĩnh Nguơn (Thành phố Châu Đốc)"


def test_search_names_every_part_of_a_divided_unit():
    hit = next(hit for hit in search("phuoc hung", CURRENT, LEGACY) if hit.legacy_code == "30358")
    assert set(hit.codes) == {"30337", "30346", "30352"}


def test_search_prefers_the_marks_that_were_typed():
    labels = [hit.label for hit in search("tân thành", CURRENT, LEGACY)]
    assert labels[0].startswith("Xã Tân Thành")


def test_search_of_nothing_finds_nothing():
    assert search("", CURRENT, LEGACY) == search("  ", CURRENT) == search("zzz", CURRENT, LEGACY) == []


@given(st.sampled_from(ROWS), st.integers(2, 20))
def test_every_prefix_of_a_name_finds_the_unit(row, length):
    hits = search(row["name"][:length], CURRENT, limit=200)
    assert any(row["code"] in hit.codes for hit in hits)


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Phường Mỹ Thới", ("phường", "Mỹ Thới")),
        ("TT. An Phú", ("thị trấn", "An Phú")),
        ("P.7", ("phường", "7")),
        ("Xã Đàn", ("xã", "Đàn")),
        ("Phương Bình", ("", "Phương Bình")),
        ("Đặc khu Thổ Châu", ("đặc khu", "Thổ Châu")),
    ],
)
def test_kind_and_name_come_apart(full, parts):
    assert split_kind(full) == parts


def test_capitals_are_put_right():
    assert [tidy_name(n) for n in ("óc Eo", "MỸ THỚI", "Óc Eo")] == ["Óc Eo", "Mỹ Thới", "Óc Eo"]


def test_tone_marks_compare_wherever_they_stand():
    assert syllables("Hoà Thuỷ Mĩ") == syllables("Hòa Thủy Mỹ")
    assert syllables("Tân Thành") != syllables("Tân Thạnh")
