import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.ingest.checking.problems import COLUMNS
from geo.ingest.checking.reference import Reference, reference_of
from geo.ingest.checking.validate import Checked, validate
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.source import RawTable
from geo.schema import EVENT_COLUMNS, MONTHLY_COLUMNS, Dataset, Provenance
from geo.store import Batch
from geo.text import catalogue
from geo.units.boundaries import legacy_units
from tests.ingest.conftest import TODAY

CASES = Mapping(
    Dataset.CASES,
    {"record_id": "id", "date": "ngay", "unit": "xa", "district": "huyen", "kind": "loai", "status": "tt", "suspects": "dt", "lon": "lon", "lat": "lat"},
)  # fmt: skip
GOOD = {
    "id": "V1",
    "ngay": "05/03/2024",
    "xa": "Mỹ Bình",
    "huyen": "Long Xuyên",
    "loai": "Trộm cắp",
    "tt": "",
    "dt": "",
    "lon": "",
    "lat": "",
}
WIDE = Mapping(
    Dataset.MONTHLY, {"month": "thang", "unit": "xa"}, {"tip": "tin", "useful_tip": "gia_tri", "session": "buoi"}
)
LONG = Mapping(Dataset.MONTHLY, {"month": "thang", "unit": "xa", "measure": "chi_tieu", "value": "so"})
PEOPLE = Mapping(Dataset.POPULATION, {"unit": "xa", "district": "huyen", "year": "nam", "people": "dan"})


def table(*rows: dict[str, str]) -> RawTable:
    frame = pd.DataFrame(list(rows), dtype="str").fillna("")
    frame.index = pd.RangeIndex(2, 2 + len(frame), name="row")
    return RawTable("t.csv", tuple(frame.columns), frame, 2)


@pytest.fixture(scope="module")
def reference(bare) -> Reference:
    return reference_of(bare, lang="vi", today=TODAY)


@pytest.fixture(scope="module")
def cases(reference):
    """Checks rows of cases, each given by what differs from a good one."""

    def check(*changes: dict[str, str]) -> Checked:
        return validate(
            table(*({**GOOD, "id": f"V{n}", **change} for n, change in enumerate(changes))), CASES, reference
        )

    return check


def keys(checked: Checked) -> list[tuple[int, str]]:
    return [(int(row) - 2, key) for row, key in zip(checked.problems["row"], checked.problems["key"])]


def test_a_good_row_has_the_columns_of_the_store(cases):
    checked = cases({"tt": "Đã làm rõ", "dt": "1.200", "lon": "105.435", "lat": "10.387"}, {})
    assert list(checked.rows.columns) == list(EVENT_COLUMNS)
    first = checked.rows.iloc[0]
    assert (first.unit_system, first.unit_code, first.kind, first.status, first.suspects) == (
        "legacy",
        "30280",
        "theft",
        "cleared",
        1200,
    )
    assert (first.lon, first.lat) == pytest.approx((105.435, 10.387))
    assert checked.rows["status"].isna().tolist() == [False, True]
    assert checked.problems.empty
    assert list(checked.problems.columns) == COLUMNS


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"ngay": ""}, "date_empty"), ({"ngay": "31/02/2024"}, "date_impossible"), ({"ngay": "25/11/2026"}, "date_future"),
        ({"ngay": "01/01/1950"}, "date_early"), ({"ngay": "tháng 3/2024"}, "date_only_month"), ({"ngay": "x"}, "date_unreadable"),
        ({"xa": ""}, "unit_or_place"), ({"xa": "Xã Không Có"}, "unit_none"), ({"xa": "An Phú", "huyen": ""}, "unit_ambiguous"),
        ({"loai": ""}, "kind_empty"), ({"loai": "trom xap"}, "code_unknown"), ({"tt": "treo"}, "code_unknown"),
        ({"dt": "-1"}, "count_negative"), ({"dt": "1.5"}, "count_not_whole"), ({"dt": "hai"}, "count_unreadable"), ({"dt": "99999999999"}, "count_too_large"),
        ({"lon": "105.4"}, "place_half"), ({"lon": "x", "lat": "y"}, "place_unreadable"), ({"lon": "106.7", "lat": "10.8"}, "place_outside"),
        ({"lon": "0", "lat": "0"}, "place_unreadable"), ({"id": "không số"}, "record_id"), ({"id": "089201234567"}, "personal_number"),
        ({"id": "1" * 50}, "record_id"), ({"id": "0912345678"}, "personal_number"),
    ],
)  # fmt: skip
def test_each_problem_is_named_with_its_row_and_the_row_stays_out(cases, change, key):
    checked = cases({}, change)
    assert keys(checked) == [(1, key)]
    assert checked.rows.index.tolist() == [2]
    assert checked.rejected.index.tolist() == [3]
    problem = checked.problems.iloc[0]
    assert problem["problem"]
    assert problem["advice"]


def test_an_office_before_the_name_of_its_commune_is_passed_over(cases):
    offices = ("Công an xã Mỹ Đức", "CAX Mỹ Đức", "CA xã Mỹ Đức", "UBND xã Mỹ Đức", "cax. Mỹ Đức")
    rows = cases(*({"xa": office, "huyen": "Châu Phú"} for office in offices)).rows
    assert rows["unit_code"].tolist() == ["30469"] * len(offices)


@pytest.mark.parametrize("number", ["12/ĐTTH", "V1", "2024/HS-015 (A)", "#7", "Đ٣"])
def test_record_numbers_of_any_letters_come_in(cases, number):
    assert cases({"id": number}).rows["record_id"].tolist() == [number]


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("ĐTTH", "record_id"), ("ABC", "record_id"), ("a\u00a01", "record_id"), ("V1!", "record_id"), ("a1@b.vn", "record_id"),
        ("+84912345678", "record_id"), ("(84)912 345 678", "personal_number"), ("0912.345.678", "personal_number"),
    ],
)  # fmt: skip
def test_other_record_numbers_do_not(cases, number, key):
    assert keys(cases({"id": number})) == [(0, key)]


def test_every_problem_has_words_in_the_catalogue():
    named = {key.removeprefix("ingest.problem_") for key in catalogue() if key.startswith("ingest.problem_")}
    advised = {key.removeprefix("ingest.advice_") for key in catalogue() if key.startswith("ingest.advice_")}
    assert named == advised


def test_a_number_that_may_be_a_persons_is_not_repeated(cases):
    checked = cases({"id": "089201234567"})
    assert "089201234567" not in checked.problems.to_csv()


def test_the_day_says_on_which_list_a_name_is_looked_for(cases):
    checked = cases(
        {"ngay": "30/06/2025"},
        {"ngay": "01/07/2025", "xa": "Phường Long Xuyên", "huyen": ""},
        {"ngay": "05/03/2024", "xa": "Phường Long Xuyên", "huyen": ""},
        {"ngay": "01/08/2025"},
        {"ngay": "01/08/2025", "xa": "Mỹ Bình, TP. Long Xuyên", "huyen": ""},
    )
    found = list(zip(checked.rows["unit_system"], checked.rows["unit_code"]))
    assert found == [
        ("legacy", "30280"),
        ("current", "30307"),
        ("current", "30307"),
        ("legacy", "30280"),
        ("legacy", "30280"),
    ]


def test_a_code_on_both_lists_means_the_unit_of_its_time(cases):
    checked = cases({"xa": "30337", "huyen": ""}, {"xa": "30337", "huyen": "", "ngay": "01/08/2025"})
    assert checked.rows["unit_system"].tolist() == ["legacy", "current"]


def test_former_units_are_found_by_name_and_district_and_ambiguous_ones_are_listed(cases):
    legacy = legacy_units()
    checked = cases(*({"xa": f"{r.kind} {r.name}", "huyen": r.district} for r in legacy.itertuples(index=False)))
    assert checked.rows["unit_code"].tolist() == legacy["code"].tolist()
    twice = legacy[legacy["name"].duplicated(keep=False)]
    alone = cases(*({"xa": name, "huyen": ""} for name in twice["name"]))
    assert (alone.problems["key"] == "unit_ambiguous").all()
    assert len(alone.problems) == len(twice)
    assert all(code in advice for code, advice in zip(twice["code"], alone.problems["advice"]))


def test_offices_in_front_of_a_name_and_missing_marks_are_forgiven(cases):
    checked = cases({"xa": "Công an phường Mỹ Bình"}, {"xa": "UBND P. My Binh", "huyen": "TP Long Xuyen"})
    assert checked.rows["unit_code"].tolist() == ["30280", "30280"]


def test_a_row_without_a_unit_belongs_to_the_one_its_point_lies_in(cases, reference):
    checked = cases({"xa": "", "huyen": "", "lon": "105.435", "lat": "10.387"}, {"xa": "", "huyen": ""})
    assert keys(checked) == [(1, "unit_or_place")]
    assert checked.rows.iloc[0]["unit_code"] == reference.ground.unit_at(np.array([105.435]), np.array([10.387]))[0]
    assert any(note.key == "ingest.note_units_approximate" for note in checked.notes)


def test_the_same_number_twice_is_one_record(cases):
    checked = cases({"id": "A1"}, {"id": "A1"}, {"id": "A2"})
    assert keys(checked) == [(1, "duplicate_in_file")]
    assert "2" in checked.problems.iloc[0]["advice"]


def test_of_one_number_with_two_contents_neither_is_taken(cases):
    checked = cases({"id": "A1"}, {"id": "A1", "loai": "Ma túy"}, {"id": "A2"}, {"id": "A1"})
    assert sorted(keys(checked)) == [(0, "conflict_in_file"), (1, "conflict_in_file"), (3, "conflict_in_file")]
    said = dict(zip(checked.problems["row"], checked.problems["advice"]))
    assert ("dòng 3" in said[2], "dòng 2" in said[3], "dòng 2" in said[5]) == (True, True, True)
    assert checked.rows["record_id"].tolist() == ["A2"]
    assert checked.duplicates == 0


def test_of_two_figures_for_one_month_neither_is_taken(reference):
    row = {"thang": "3/2026", "xa": "Phường Long Xuyên", "chi_tieu": "Tin tố giác", "so": "5"}
    assert keys(monthly(reference, LONG, row, row)) == [(1, "count_twice_in_file")]
    torn = monthly(reference, LONG, row, {**row, "so": "6"})
    assert sorted(keys(torn)) == [(0, "conflict_in_file"), (1, "conflict_in_file")]
    assert torn.rows.empty


def test_rows_without_a_number_are_told_apart_by_day_unit_kind_and_place(cases):
    bare = {"id": ""}
    checked = cases(
        bare, bare, {**bare, "dt": "2"}, {**bare, "ngay": "06/03/2024"}, {**bare, "lon": "105.435", "lat": "10.387"}
    )
    assert keys(checked) == [(1, "duplicate_in_file")]
    assert checked.rows["record_id"].is_unique
    again = cases(bare)
    assert again.rows["record_id"].tolist() == checked.rows["record_id"].tolist()[:1]


def test_what_the_store_holds_is_recognised_and_told_from_a_conflict(store, reference):
    good = validate(table({**GOOD, "id": "A1"}, {**GOOD, "id": "A2"}), CASES, reference).rows
    number = store.append(Batch(Dataset.CASES, good, Provenance("a.csv", "0" * 64, "t")))
    later = reference_of(store, lang="en", today=TODAY)
    changed = validate(
        table({**GOOD, "id": "A1"}, {**GOOD, "id": "A2", "loai": "Ma túy"}, {**GOOD, "id": "A3"}), CASES, later
    )
    assert keys(changed) == [(0, "duplicate_in_store"), (1, "conflict_in_store")]
    assert f"batch {number}" in changed.problems.iloc[0]["advice"]
    assert changed.duplicates == 1
    store.withdraw(number)
    assert validate(table({**GOOD, "id": "A1"}), CASES, reference_of(store, lang="en", today=TODAY)).problems.empty


def monthly(reference, mapping, *rows):
    return validate(table(*rows), mapping, reference)


def test_a_wide_row_becomes_one_count_per_measure(reference):
    row = {"thang": "3/2026", "xa": "Phường Long Xuyên", "tin": "10", "gia_tri": "2", "buoi": ""}
    checked = monthly(reference, WIDE, row)
    assert list(checked.rows.columns) == list(MONTHLY_COLUMNS)
    assert dict(zip(checked.rows["measure"], checked.rows["value"])) == {"tip": 10, "useful_tip": 2}


def test_more_useful_tips_than_tips_cannot_be(reference):
    row = {"thang": "3/2026", "xa": "Phường Long Xuyên", "tin": "3", "gia_tri": "4", "buoi": "1"}
    checked = monthly(reference, WIDE, row, {**row, "thang": "4/2026", "gia_tri": "3"})
    assert keys(checked) == [(0, "more_useful_tips")]
    assert set(checked.rows.index) == {3}
    base = {"thang": "3/2026", "xa": "Phường Long Xuyên"}
    long = monthly(
        reference,
        LONG,
        {**base, "chi_tieu": "Tin tố giác", "so": "3"},
        {**base, "chi_tieu": "Tin có giá trị", "so": "4"},
    )
    assert keys(long) == [(1, "more_useful_tips")]


def test_a_unit_that_reports_nothing_is_not_one_that_reports_zero(reference):
    base = {"xa": "Phường Long Xuyên", "gia_tri": "", "buoi": ""}
    checked = monthly(reference, WIDE, {**base, "thang": "3/2026", "tin": "0"}, {**base, "thang": "4/2026", "tin": ""})
    assert checked.rows["value"].tolist() == [0]
    assert keys(checked) == [(1, "nothing_reported")]


@pytest.mark.parametrize(("change", "key"), [({"so": ""}, "count_empty"), ({"so": "-3"}, "count_negative"), ({"thang": "13/2026"}, "month_impossible"),
                                             ({"thang": "12/2026"}, "date_future"), ({"chi_tieu": "abc"}, "code_unknown"), ({"thang": "2026"}, "month_unreadable")])  # fmt: skip
def test_problems_of_monthly_counts(reference, change, key):
    row = {"thang": "3/2026", "xa": "Phường Long Xuyên", "chi_tieu": "Tờ bướm", "so": "1.250"}
    checked = monthly(reference, LONG, row, {**row, "thang": "4/2026", **change})
    assert keys(checked) == [(1, key)]
    assert checked.rows["value"].tolist() == [1250]


def test_one_count_per_unit_month_and_measure(reference):
    row = {"thang": "3/2026", "xa": "Phường Long Xuyên", "chi_tieu": "Tờ bướm", "so": "5"}
    assert keys(monthly(reference, LONG, row, {**row, "thang": "tháng 3/2026"})) == [(1, "count_twice_in_file")]


def test_people_by_unit_and_year(reference):
    row = {"xa": "Mỹ Bình", "huyen": "Long Xuyên", "nam": "2024", "dan": "22.244"}
    checked = monthly(
        reference, PEOPLE, row, {**row, "nam": "1800"}, {**row, "nam": "2025", "xa": "Long Xuyên", "huyen": ""}
    )
    assert keys(checked) == [(1, "year_impossible")]
    assert checked.rows[["unit_system", "unit_code", "year", "people"]].values.tolist() == [["legacy", "30280", 2024, 22244], ["current", "30307", 2025, 22244]]  # fmt: skip


CELL = st.one_of(
    st.text(max_size=15),
    st.sampled_from(["", "05/03/2024", "31/02/2024", "Mỹ Bình", "An Phú", "Trộm cắp", "-1", "1e9", "105.4", "10.4", "10°23'", "V1", "nan", "None", "45356"]),
    st.floats().map(str),
    st.dates().map(str),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, CELL)), min_size=1, max_size=6), st.booleans())
def test_every_row_is_good_or_has_a_reason(reference, rows, with_good):
    raw = table(*rows, *([{**GOOD, "id": "G7"}] if with_good else []))
    checked = validate(raw, CASES, reference)
    good, bad = set(checked.rows.index), set(checked.rejected.index)
    assert good | bad == set(raw.rows.index)
    assert not good & bad
    assert bad == set(checked.problems["row"])
    assert checked.rows["record_id"].is_unique
    from geo.store.records import check

    check(Batch(Dataset.CASES, checked.rows, Provenance("t", "0" * 64, "t")))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.fixed_dictionaries(dict.fromkeys(("thang", "xa", "tin", "gia_tri", "buoi"), CELL)), min_size=1, max_size=6
    )
)
def test_every_wide_row_is_good_or_has_a_reason(reference, rows):
    raw = table(*rows, {"thang": "3/2026", "xa": "Phường Long Xuyên", "tin": "1", "gia_tri": "", "buoi": ""})
    checked = validate(raw, WIDE, reference)
    good, bad = set(checked.rows.index), set(checked.rejected.index)
    assert good | bad == set(raw.rows.index)
    assert not good & bad
    assert (checked.rows["value"] >= 0).all()
