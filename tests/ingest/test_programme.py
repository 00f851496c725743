"""Yearly counts, targets and community models as offices send them, and what is refused of them."""

from datetime import date
from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from geo.ingest import commit
from geo.ingest.reporting.templates import template_bytes
from geo.schema import RETURN_MEASURES, Dataset, Measure
from tests.ingest.conftest import write
from tests.ingest.test_pipeline import prepared

YEARLY = "Năm,Xã,Chỉ tiêu,Loại,Số lượng\n"
TARGETS = "Năm,Xã,Chỉ tiêu,Mục tiêu\n"
MODELS = "Tên mô hình,Loại mô hình,Xã,Ngày thành lập,Ngày kết thúc,Số thành viên\n"


def keys(preview) -> list[str]:
    return preview.checked.problems["key"].tolist()


def test_each_kind_of_table_is_told_by_its_headings_and_its_words(given):
    assert given(YEARLY + '2025,An Phú,Đơn vị hiện có,"Ấp, khóm",8\n').mapping.dataset is Dataset.YEARLY
    assert given(YEARLY.replace(",Loại", "") + "2025,An Phú,Tái hòa nhập,8\n").mapping.dataset is Dataset.YEARLY
    assert given(TARGETS + "2025,An Phú,Buổi tuyên truyền,8\n").mapping.dataset is Dataset.TARGETS
    assert given(MODELS + "Tổ tự quản số 1,Tự quản,An Phú,2018,,12\n").mapping.dataset is Dataset.MODELS


def test_yearly_counts_come_in_by_kind_and_in_order(given):
    good = given(
        YEARLY
        + "năm 2025,An Phú,số hiện có,ấp,8\n2025,An Phú,đạt,khóm,5\n2025,An Phú,Ngày hội,19/8,3\n"
        "2025,An Phú,Tái hòa nhập,,2\n".replace("năm 2025", "2025")
    )
    rows = good.checked.rows
    assert rows[["year", "measure", "kind", "value"]].to_numpy().tolist() == [
        [2025, "safe_existing", "hamlet", 8], [2025, "safe_recognised", "hamlet", 5],
        [2025, "festival", "august_19", 3], [2025, "reintegrated", "", 2],
    ]  # fmt: skip
    assert (rows["unit_system"] == "current").all()


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("2025,An Phú,Ngày hội,ấp,3", "kind_of_measure"),
        ("2025,An Phú,Tái hòa nhập,ấp,3", "kind_of_measure"),
        ("2025,An Phú,Đơn vị hiện có,,3", "kind_of_measure"),
        ("2025,An Phú,Tin tố giác,,3", "code_unknown"),
        ("2027,An Phú,Tái hòa nhập,,3", "year_impossible"),
        ("2025,An Phú,Tái hòa nhập,,", "count_empty"),
        ("2025,An Phú,Tái hòa nhập,,2.5", "count_not_whole"),
        ("2025,Không Có,Tái hòa nhập,,2", "unit_none"),
    ],
)
def test_a_yearly_row_that_cannot_be_is_refused_alone(given, row, key):
    preview = given(YEARLY + row + "\n2025,An Phú,Ngày hội,18/11,4\n")
    assert key in keys(preview)
    assert preview.accepted == 1


def test_no_more_units_are_recognised_than_registered_and_none_than_there_are(given):
    preview = given(YEARLY + "2025,An Phú,đăng ký,ấp,9\n2025,An Phú,hiện có,ấp,8\n2025,An Phú,đạt,trường,2\n")
    assert keys(preview) == ["more_than_stage_before"]
    assert "8" in preview.checked.problems["advice"].iloc[0]
    assert preview.accepted == 2


def test_years_before_2025_are_of_former_communes(given):
    preview = given("Năm,Xã,Huyện,Chỉ tiêu,Loại,Số lượng\n2024,Thị trấn An Phú,An Phú,Tái hòa nhập,,4\n")
    assert preview.checked.rows["unit_system"].tolist() == ["legacy"]


@pytest.mark.parametrize("measure", sorted(RETURN_MEASURES))
@pytest.mark.parametrize("value", [1, 3, 9])
def test_whoever_tries_values_of_a_masked_year_learns_only_that_it_was_reported(store, tmp_path, measure, value):
    row = YEARLY + f"2025,An Phú,{measure},,{{}}\n"
    commit(prepared(store, tmp_path, row.format(3)), store, who="t")
    again = prepared(store, tmp_path, row.format(value), name="again.csv")
    assert keys(again) == ["reported_in_store"]
    assert not again.imported_before


def test_a_later_target_is_a_change_and_the_same_one_is_nothing_new(store, tmp_path):
    first = prepared(store, tmp_path, TARGETS + "2026,,Buổi tuyên truyền,900\n2026,An Phú,Buổi tuyên truyền,12\n")
    one = commit(first, store, who="an")
    assert keys(prepared(store, tmp_path, TARGETS + "2026,An Phú,Buổi tuyên truyền,12\n")) == ["duplicate_in_store"]
    two = commit(prepared(store, tmp_path, TARGETS + "2026,An Phú,Buổi tuyên truyền,15\n"), store, who="binh")

    def held():
        return store.snapshot().targets[["unit_code", "value", "batch"]].to_numpy().tolist()

    assert held() == [["", 900, one], ["30337", 15, two]]
    assert keys(prepared(store, tmp_path, TARGETS + "2026,An Phú,Buổi tuyên truyền,12\n")) == []  # back to the former
    store.withdraw(two)
    assert held() == [["", 900, one], ["30337", 12, one]]


def test_a_target_has_one_value_in_a_file_and_only_measures_and_years_of_the_term(given):
    rows = "2026,,Lượt người,5\n2026,,Lượt người,5\n2026,,Lượt người,6\n2034,,Lượt người,6\n2026,,Tin tố giác,6\n"
    preview = given(TARGETS + rows + "2025,,Lượt người,6\n")
    assert sorted(keys(preview)) == [*["conflict_in_file"] * 3, "no_target_of_measure", "year_impossible"]
    assert preview.checked.rows["value"].tolist() == [6]


def test_models_come_in_with_the_day_or_year_they_began(given):
    rows = "Tổ tự quản số 1,Tự quản,An Phú,19/08/2025,,12\nTiếng kẻng an ninh,hòa giải,An Phú,2026,,\n"
    rows += "Camera an ninh,Tự phòng,An Phú,20/8/2025,1/3/2026,5\n"
    preview = given(MODELS + rows)
    found = preview.checked.rows
    assert keys(preview) == []
    assert [d.date() for d in found["since"]] == [date(2025, 8, 19), date(2026, 1, 1), date(2025, 8, 20)]
    assert found["until"].isna().tolist() == [True, True, False]
    assert found["members"].tolist() == [12, pd.NA, 5]
    assert any(note.key == "ingest.note_first_of_year" for note in preview.notes)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("Nhà ông Nguyễn Văn Tèo,Tự quản,An Phú,2025,,", "name_personal"),
        ("Mô hình của Bạch Văn Tèo,Tự quản,An Phú,2025,,", "name_personal"),
        ("Bảy Lúa,Tự quản,An Phú,2025,,", "name_asked"),
        ("Tổ tự quản số 1,Tự quản,An Phú,2026,2025,", "until_before"),
        ("Tổ tự quản số 1,Tự quản,An Phú,,,", "date_empty"),
        ("Tổ tự quản số 1,Tự do,An Phú,2025,,", "code_unknown"),
    ],
)
def test_a_model_that_names_a_person_or_cannot_be_is_refused(given, row, key):
    assert keys(given(MODELS + row + "\n")) == [key]


def test_the_same_models_again_are_nothing_new_and_changed_ones_are_said_to_be(store, tmp_path):
    rows = "Tổ tự quản số 1,Tự quản,An Phú,2025,,12\nTổ tự quản số 2,Tự quản,An Phú,2025,2026,\n"
    commit(prepared(store, tmp_path, MODELS + rows), store, who="t")
    assert keys(prepared(store, tmp_path, MODELS + rows)) == ["duplicate_in_store"] * 2
    assert keys(prepared(store, tmp_path, MODELS + rows.replace("12", "13"))) == [
        "conflict_in_store", "duplicate_in_store"
    ]  # fmt: skip
    models = store.snapshot().models
    assert models["members"].tolist() == [12, pd.NA]
    assert models["until"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("dataset", "row"),
    [
        (Dataset.YEARLY, ["Xã An Phú", "", 2025, "Đơn vị hiện có", "Cơ quan", 4]),
        (Dataset.TARGETS, ["", 2026, "Buổi tuyên truyền", 40]),
        (Dataset.MODELS, ["Tổ tự quản số 1", "Tự quản", "Xã An Phú", "", "19/08/2025", "", 9]),
    ],
)
def test_a_template_that_is_filled_in_comes_in(store, tmp_path, dataset, row):
    book = openpyxl.load_workbook(BytesIO(template_bytes(dataset)))
    for n, value in enumerate(row, 1):
        book.worksheets[0].cell(2, n).value = value or None
    raw = BytesIO()
    book.save(raw)
    write(tmp_path / "mau.xlsx", raw.getvalue())
    preview = prepared(store, tmp_path, raw.getvalue(), name="mau.xlsx")
    assert preview.mapping.dataset is dataset
    assert (preview.accepted, keys(preview)) == (1, [])
    commit(preview, store, who="t")
    assert store.batches()["rows"].tolist() == [1]


def test_yearly_counts_are_read_on_both_sets_of_units(store, tmp_path):
    table = "Năm,Xã,Huyện,Chỉ tiêu,Loại,Số lượng\n"
    rows = "2024,Thị trấn An Phú,An Phú,hiện có,ấp,4\n2024,Xã Vĩnh Hội Đông,An Phú,hiện có,ấp,2\n"
    commit(prepared(store, tmp_path, table + rows), store, who="t")
    years = store.snapshot().years()
    assert years.on_record(Measure.SAFE_EXISTING) == [2024]
    assert years.counts(Measure.SAFE_EXISTING, 2024)["30337"] == 6
    assert years.counts(Measure.SAFE_EXISTING, 2024).notna().sum() == 1
    assert years.total(Measure.SAFE_EXISTING, 2024) == 6
    assert years.counts(Measure.SAFE_EXISTING, 2023).isna().all()
