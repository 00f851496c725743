import pandas as pd
import pytest

from geo.ingest.checking.privacy import Reason, check
from geo.ingest.recognising.columns import propose
from geo.ingest.source import RawTable
from geo.personal.masking import is_personal_number
from geo.units.boundaries import default_units, legacy_units

NAMES = [
    "Nguyễn Văn An",
    "Trần Thị Bích",
    "LÊ HOÀNG NAM",
    "Danh Sóc",
    "Phạm Minh",
    "Néang Sa Rây",
    "Chau Sóc Ny",
    "Huynh Van Be",
]


def table(**columns):
    rows = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    return RawTable("t", tuple(rows.columns), rows, 2)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Họ tên", "name"), ("HỌ VÀ TÊN", "name"), ("Tên đối tượng", "name"), ("Người tố giác", "name"), ("Full name", "name"),
        ("Victim", "name"), ("Bị hại", "name"), ("Tên chủ hộ", "name"), ("Số CCCD", "id_number"), ("CMND", "id_number"), ("CMND/CCCD", "id_number"),
        ("Căn cước công dân", "id_number"), ("Số định danh", "id_number"), ("Hộ chiếu", "id_number"), ("National ID", "id_number"), ("ID card", "id_number"),
        ("Số điện thoại", "phone"), ("SĐT", "phone"), ("Di động", "phone"), ("Mobile", "phone"), ("Ngày sinh", "birth"),
        ("Năm sinh", "birth"), ("Date of birth", "birth"), ("DOB", "birth"), ("Địa chỉ", "address"), ("Nơi ở hiện nay", "address"),
        ("Nơi thường trú", "address"), ("HKTT", "address"), ("Home address", "address"), ("Quê quán", "address"), ("Dân tộc", "ethnicity"),
        ("Ethnicity", "ethnicity"), ("Tôn giáo", "religion"), ("Religion", "religion"), ("Email", "email"), ("Số tài khoản", "email"),
        ("Biển số xe", "plate"), ("Ghi chú", "free_text"), ("Mô tả vụ việc", "free_text"), ("Nội dung", "free_text"), ("Diễn biến", "free_text"),
        ("Description", "free_text"), ("Notes", "free_text"),
    ],
)  # fmt: skip
def test_headings_that_name_a_person_or_free_text(header, reason):
    found = check(table(**{header: ["1"]}))
    assert [(f.column, f.reason, f.by_content) for f in found] == [(header, Reason(reason), False)]
    assert found[0].stops is (reason != "free_text")
    assert header in found[0].message("vi")


@pytest.mark.parametrize(
    "header",
    ["Mã vụ", "STT", "Ngày xảy ra", "Xã", "Loại", "Số đối tượng", "Đối tượng", "Kinh độ", "Trạng thái", "Số lượt người", "Lượt người tham dự",
     "Dân số", "Tháng", "Số người tham dự", "Đơn vị", "Số mô hình", "Hình thức", "Record ID", "Case type", "Tên xã", "Tên đơn vị", "Số tin"],
)  # fmt: skip
def test_headings_of_ordinary_columns(header):
    assert check(table(**{header: ["1", "2"]})) == []


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["089201234567", "091085001234"], "id_number"), (["351234567", "371234567"], "id_number"), (["0912345678", "+84 912 345 678"], "phone"),
        (["0912.345.678"], "phone"), (["0296 3852345", "02963852346"], "phone"), (["a@b.vn", "c.d@e.com"], "email"), (["67-B1 234.56", "68C1-123.45"], "plate"),
        (NAMES, "name"), (["12/05/1985", "01/01/1970", "30/4/1999", "2/9/1962"], "birth"), (["1985", "1970", "1999", "1962"], "birth"),
        (["Khoảng 15 giờ 30 ngày 5 tháng 3 có người báo tin về một tụ điểm đá gà ở cuối ấp."], "free_text"),
    ],
)  # fmt: skip
def test_what_is_in_a_column_tells_as_well(cells, reason):
    found = check(table(Cot=cells))
    assert [(f.reason, f.by_content) for f in found] == [(Reason(reason), True)]


def test_persons_among_other_cells_are_found():
    cells = [*NAMES[:3], "x1", "x2", "x3"]
    assert check(table(Cot=cells))[0].reason is Reason.NAME


def test_names_of_all_communes_and_districts_are_no_persons():
    legacy = legacy_units()
    for names in (legacy["name"], legacy["district"], legacy["province"], default_units()["name"]):
        assert check(table(Xa=names.tolist())) == []


def test_days_of_the_events_are_no_birth_dates():
    raw = table(
        Ngay=["12/05/2014", "01/01/2020"] * 5, Xa=["A"] * 10, Loai=["Trộm"] * 10, Khac=["05/06/2014", "07/01/2020"] * 5
    )
    assert check(raw, propose(raw)) == []


def test_columns_matched_with_a_code_list_are_no_free_text():
    raw = table(Tháng=["1/2024"], Xã=["A"], **{"Nội dung": ["Tin tố giác"], "Số lượng": ["1"]})
    assert check(raw, propose(raw)) == []


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("089201234567", True),
        ("351234567", True),
        ("0912345678", True),
        ("V01/2024", False),
        ("202400123", False),
        ("202403150001", False),
        ("12", False),
        ("Nguyễn Văn Tèo 1980", True),
        ("089 203 001 230", True),
        ("CCCD 089203001230", True),
        ("ĐT 0912345670", True),
        ("Tổ 3 - 15/03/2024", False),
        ("VỤ-2024-000123", False),
        ("12-2024-000123", False),
        ("01.2024.00012", False),
        ("PC02-12-2024-0001", False),
        ("20240512-0001", False),
        ("1000000001", False),
    ],
)
def test_record_numbers_that_look_like_a_person(number, is_one):
    assert is_personal_number(number) is is_one
