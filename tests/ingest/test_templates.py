from datetime import date
from io import BytesIO

import openpyxl
import pytest

from geo.errors import InputError
from geo.ingest import prepare
from geo.ingest.recognising.codes import code_list
from geo.ingest.reporting.templates import TEMPLATES, template, template_bytes
from geo.products.records.imports import preview_rows
from geo.schema import Dataset
from geo.units.boundaries import default_units
from tests.ingest.conftest import TODAY
from tests.young import province

FILLED = {
    "Số hồ sơ": "V1/2026", "Ngày xảy ra": date(2026, 3, 5), "Xã, phường, đặc khu": "Phường Long Xuyên", "Tháng": date(2026, 3, 1),
    "Số đối tượng": 2, "Kinh độ": 105.435, "Vĩ độ": 10.387, "Năm": 2025, "Dân số": 12345, "Tên địa bàn": "Khu Một",
    "Tên mô hình": "Tổ tự quản số 3", "Ngày thành lập": date(2018, 8, 19), "Ngày kết thúc": None,
    "Địa bàn trọng điểm": None, "Chủ đề": "Ma túy", "Đơn vị tổ chức": "Mặt trận",
    "Từ ngày": date(2026, 1, 1), "Đến ngày": date(2027, 12, 31), "Nguồn": "Công an tỉnh", "Số quyết định": "12/QĐ-UBND",
}  # fmt: skip
KINDS = {
    Dataset.CASES: "Ma túy", Dataset.DENS: "Đá gà", Dataset.ZONES: "Khu công nghiệp", Dataset.YEARLY: "Nhà trường",
    Dataset.MODELS: "Tự hòa giải",
}  # fmt: skip
MEASURES = {Dataset.YEARLY: "Đơn vị hiện có", Dataset.TARGETS: "Tờ bướm đã phát"}
EMPTY = {"Hình dạng (WKT)": None}


def filled(dataset: Dataset) -> bytes:
    book = openpyxl.load_workbook(BytesIO(template_bytes(dataset)))
    sheet = book.active
    for column in range(1, sheet.max_column + 1):
        title = sheet.cell(1, column).value.removesuffix(" *")
        if title in EMPTY:
            continue
        told = {
            "Loại": KINDS.get(dataset), "Loại mô hình": KINDS.get(dataset), "Chỉ tiêu": MEASURES.get(dataset),
            "Tình trạng": "Đã làm rõ", "Huyện (đơn vị cũ)": None, **FILLED,
        }  # fmt: skip
        sheet.cell(2, column).value = told.get(title, 7)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("dataset", TEMPLATES)
def test_every_run_writes_the_same_bytes(dataset, lang, tmp_path):
    template(dataset, tmp_path / "a.xlsx", lang=lang)
    assert (tmp_path / "a.xlsx").read_bytes() == template_bytes(dataset, lang=lang)
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("dataset", TEMPLATES)
def test_a_filled_template_comes_in_without_a_question(dataset, bare, tmp_path):
    (tmp_path / "mau.xlsx").write_bytes(filled(dataset))
    preview = prepare(tmp_path / "mau.xlsx", store=bare, today=TODAY)
    assert (preview.mapping.dataset, preview.rejected) == (dataset, 0), preview.checked.problems
    assert preview.accepted == (10 if dataset is Dataset.MONTHLY else 1)
    assert preview.privacy == ()


@pytest.mark.parametrize("dataset", TEMPLATES)
def test_an_empty_template_is_said_to_be_empty(dataset, bare, tmp_path):
    template(dataset, tmp_path / "mau.xlsx")
    with pytest.raises(InputError):
        prepare(tmp_path / "mau.xlsx", store=bare, sheet=openpyxl.load_workbook(tmp_path / "mau.xlsx").sheetnames[0])


def test_drop_downs_hold_the_code_lists_and_the_units():
    book = openpyxl.load_workbook(BytesIO(template_bytes(Dataset.CASES)))
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["DanhMuc"].columns}
    assert lists["kind"] == code_list("case_category").labels("vi")
    assert lists["status"] == code_list("case_status").labels("vi")
    assert len(lists["units"]) == len(default_units())
    formulas = {v.formula1 for v in book.active.data_validations.dataValidation if v.type == "list"}
    assert formulas == {"=DanhMuc!$A$2:$A$103", "=DanhMuc!$B$2:$B$10", "=DanhMuc!$C$2:$C$4"}
    assert book["DanhMuc"].sheet_state == "hidden"
    assert "thông tin cá nhân" in " ".join(str(c.value) for row in book["Hướng dẫn"].rows for c in row)


def test_a_template_is_a_workbook_in_a_folder_that_exists(tmp_path):
    with pytest.raises(InputError):
        template(Dataset.CASES, tmp_path / "a.csv")
    with pytest.raises(InputError):
        template(Dataset.CASES, tmp_path / "none" / "a.xlsx")


def test_a_province_of_which_no_communes_are_listed_has_none_to_choose_from():
    with province("92"):
        book = openpyxl.load_workbook(BytesIO(template_bytes(Dataset.CASES)))
    assert [cell.value for cell in book["DanhMuc"]["A"] if cell.value] == ["units"]
    assert "DanhMuc!$A" not in str([v.formula1 for v in book.worksheets[0].data_validations.dataValidation])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("dataset", TEMPLATES)
def test_what_comes_in_is_shown_before_in_words(dataset, lang, bare, tmp_path):
    (tmp_path / "mau.xlsx").write_bytes(filled(dataset))
    shown = preview_rows(bare.snapshot(), prepare(tmp_path / "mau.xlsx", store=bare, today=TODAY), lang)
    assert len(shown) == (10 if dataset is Dataset.MONTHLY else 1)
    assert not shown.astype(str).map(lambda cell: "NaT" in cell or "nan" in cell or "None" in cell).any(axis=None)
    assert not {"key", "divided", "unit_system", "invented"} & set(shown.columns)
