"""Names of files, sheets and columns: nobody's name or number in them, and nothing else lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.personal.titles import masked_file_name, masked_title, masked_titles

PERSONAL = {
    "NguyenVanTeo_0912345670.xlsx": "•••_•••.xlsx",
    "danh sach nguyen van teo.xlsx": "danh sach •••.xlsx",
    "tran_thi_bich_hang-2023.csv": "•••-2023.csv",
    "Nguyễn Văn Tèo - 0912345670": "••• - •••",
    "089203001230.csv": "•••.csv",
    "CCCD 089 203 001 230": "CCCD •••",
    "LeHoangNam.csv": "•••.csv",
    "le hoang nam.csv": "•••.csv",
    "Bạch Văn Tèo.kml": "•••.kml",
    "Đại úy Trần Văn Kín": "Đại úy •••",
    "vu viec.teo@example.vn.csv": "vu •••.csv",
}
PLAIN = [
    "vu_viec_2024.csv", "Danh sách vụ việc tháng 5.xlsx", "Báo cáo Long Xuyên 2024-05.xlsx", "bao_cao_chau_doc_thang_5.xlsx",
    "cases_20240512_101530.csv", "vu 2024-05-12.csv", "12.05.2024", "ho so vu an.xlsx", "tien do tuyen truyen quy 3.xlsx", "Sheet1", "Tờ khai tháng", "Họ tên",
    "Số vụ", "Mã vụ", "Mã Vụ Việc", "Tố giác", "Lượt người", "Hồ sơ vụ án", "Từ Ngày", "Thị trấn Núi Sập", "to chau ha tien.csv",
    "an giang 2025.gpkg", "vn2000_tcvn3_communes.zip", "Cao Điểm Tấn Công", "export (3).csv", "layer (kind)", "shape (WKT)", "",
]  # fmt: skip


@pytest.mark.parametrize("title", PERSONAL)
def test_persons_are_masked_however_a_title_is_written(title):
    assert masked_title(title) == PERSONAL[title]


@pytest.mark.parametrize("title", PLAIN)
def test_other_titles_stay_as_they_are(title):
    assert masked_title(title) == title


def test_titles_beside_each_other_stay_apart():
    assert masked_titles(("Nguyễn Văn An", "Số vụ", "Trần Thị Bình")) == ("•••", "Số vụ", "••• 2")


def test_of_titles_that_name_nobody_numbers_are_masked_alone():
    titles = ("TO ROI", "Mã vụ 0912345678", "Số 2024-05-12")
    assert masked_titles(titles, but=titles) == ("TO ROI", "Mã vụ •••", "Số 2024-05-12")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_masking_a_title_never_fails_and_is_stable(title):
    once = masked_title(title)
    assert masked_title(once) == once


FILES = {
    "nguyenvanteo.csv": "•••.csv", "NGUYENVANTEO.csv": "•••.csv", "teo nguyen.csv": "•••.csv",
    "Sầm A Lìn 12081980.csv": "•••.csv", "Ksor Y Moan.xlsx": "•••.xlsx", "vụ của Bé Ba Lợi.csv": "vụ của Bé •••.csv",
    "hoai nam le - 1980.xlsx": "••• nam •••.xlsx", "ông tèo.csv": "ông •••.csv",
    "vụ Trần Văn Tèo 2024.xlsx": "vụ ••• 2024.xlsx", "h'mong giang a chu.csv": "h'mong •••.csv",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_of_the_name_of_a_file_words_that_nobody_knows_are_masked(name):
    assert masked_file_name(name) == FILES[name]
    assert masked_file_name(FILES[name]) == FILES[name]


@pytest.mark.parametrize(
    "name",
    ["vu_viec_2024.csv", "Danh sách vụ việc tháng 5.xlsx", "Báo cáo Long Xuyên 2024-05.xlsx", "BC tuần 32.xlsx",
     "bao_cao_chau_doc_thang_5.xlsx", "cases_20240512_101530.csv", "vu-viec-09-2026.csv", "an giang 2025.gpkg",
     "vn2000_tcvn3_communes.zip", "export (3).csv", "mau-vu-viec.xlsx", "thống kê ma túy Q3.2025.xlsx", "a.csv",
     "CAX Mỹ Bình - tháng 10.xls"],
)  # fmt: skip
def test_names_of_files_as_offices_have_them_stay(name):
    assert masked_file_name(name) == name


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_masking_the_name_of_a_file_never_fails_and_is_stable(name):
    once = masked_file_name(name)
    assert masked_file_name(once) == once
