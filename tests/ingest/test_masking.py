"""What identifies a person is not repeated: not in the list of problems, not in the file of errors."""

import openpyxl
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from geo.ingest import errors_file
from geo.personal.masking import MASK, masked
from tests.ingest import files
from tests.ingest.files import ROWS, csv_text

PERSONAL = {
    "089201234567": MASK, "089 201 234 567": MASK, "Trộm cắp 0912345678": f"Trộm cắp {MASK}", "0912.345.678": MASK,
    "+84 912 345 678": MASK, "361234567": MASK, "an.nguyen@example.vn": MASK, "Nguyễn Văn An": MASK,
    "Trộm cắp - Trần Thị Bình": f"Trộm cắp - {MASK}", "Lê Văn Tám, sinh 1990": f"{MASK}, {MASK}", "12/05/1988": MASK,
    "67A-123.45": MASK, "Ma túy (Phạm Văn C 0987654321)": f"Ma túy ({MASK} {MASK})",
}  # fmt: skip
PLAIN = ["Trộm cắp tài sản", "Đang điều tra", "Phường Long Xuyên", "xã Không Có Thật", "Lương An Trà", "V01/2024", "1.234.567",
         "Đường Nguyễn Trãi", "Trường THPT Thoại Ngọc Hầu", "Châu Phog", "45356", "VU-2024-000123", ""]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_personal_content_is_masked(text):
    assert masked(text, "kind") == PERSONAL[text]


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_not_personal_stays_readable(text):
    assert masked(text, "unit") == text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("31/02/1988", "date"),
        ("1148523.25", "x"),
        ("1.148.523,25", "y"),
        ("105.123456789", "lon"),
        ("10°23'15\"", "lat"),
        ("10.38, 105.43", "place"),
        ("tháng 3/2024", "month"),
    ],
)
def test_days_and_coordinates_stay_in_their_columns(text, field):
    assert masked(text, field) == text


@settings(deadline=None)
@over(st.text(max_size=60), st.sampled_from(["", "kind", "date", "lon", "unit"]))
def test_masking_never_fails_and_is_stable(text, field):
    once = masked(text, field)
    assert masked(once, field) == once


def test_neither_the_list_nor_the_file_repeats_them(given, tmp_path):
    good = [[f"V{n}/2024", *ROWS[1][1:]] for n in range(20)]
    bad = [
        ["B1/2024", "06/03/2024", "Mỹ Long", "Long Xuyên", "0912345678", "", "", "", ""],
        ["B2/2024", "06/03/2024", "Mỹ Long", "Long Xuyên", "Ma túy", "Nguyễn Văn Kín", "", "", ""],
        ["B3/2024", "06/03/2024", "089201234567", "", "Ma túy", "", "", "", ""],
        ["B4/2024", "0987654321", "Mỹ Long", "Long Xuyên", "Ma túy", "", "0387654321", "", ""],
        ["B5/2024", "06/03/2024", "Mỹ Long", "Long Xuyên", "x" * 75 + " 0912345678", "", "", "", ""],
    ]
    preview = given(csv_text([*good, *bad]))
    assert preview.rejected == len(bad)
    errors_file(preview, tmp_path / "loi.xlsx")
    errors_file(preview, tmp_path / "loi.csv")
    book = openpyxl.load_workbook(tmp_path / "loi.xlsx")
    said = [
        preview.checked.problems.to_csv(),
        (tmp_path / "loi.csv").read_text("utf-8-sig"),
        " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row),
    ]
    for text in said:
        assert MASK in text
        for secret in ("0912345", "Nguyễn Văn Kín", "089201234567", "0987654321", "0387654321"):
            assert secret not in text
        assert "B4/2024" in text or text is said[0]


def test_lines_of_the_wrong_width_are_masked_too(given, tmp_path):
    preview = given(csv_text(below=["V9,01/01/2024,Nguyễn Văn Kín,0912345678"]))
    errors_file(preview, tmp_path / "loi.csv")
    said = preview.checked.problems.to_csv() + (tmp_path / "loi.csv").read_text("utf-8-sig")
    assert "Kín" not in said
    assert "0912345678" not in said
    assert "V9,01/01/2024" in said or "01/01/2024" not in said


def test_zones_with_a_person_in_their_name_are_refused(given):
    square = "POLYGON((105.42 10.36, 105.44 10.36, 105.44 10.38, 105.42 10.36))"
    rows = [[f"Khu {n}", "KCN", square] for n in range(8)]
    rows += [["Nguyễn Văn An", "KCN", square], ["Khu 0912345678", "KCN", square]]
    preview = given(files.csv_text(rows, ["Tên địa bàn", "Loại", "WKT"]), "z.csv")
    assert list(preview.checked.problems["key"]) == ["name_personal", "name_personal"]
    assert list(preview.checked.problems["value"]) == [MASK, f"Khu {MASK}"]


@pytest.mark.parametrize(
    "said",
    ["tran quoc bao 1990", "TRAN QUOC BAO", "Nguyễn-Văn-Tèo-1", "Nguyễn.Tấn.Phát", "Nguyễn_Tấn_Phát", "NguyễnTấnPhát",
     "lê hoài nam", "Cao Văn Trung", "Cao Văn Thành trộm cắp", "Kpă Y Moan", "Thượng úy Sầm A Lìn", "bà Sáu Lành",
     "87195003412", "8.7195003412E10", "cccd: 0 8 7 1 9 5 0 0 3 4 1 2", "CMT 351 234 567", "O87195003412", "0987-654-3210",
     "0-9-1-2-3-4-5-6-7-8", "(098)7654321", "+84 (0)987 654 321", "08701234567 8", "sinh 1980",
     "sinh ngày 12 tháng 8 năm 1980"],
)  # fmt: skip
def test_names_and_numbers_are_masked_however_they_are_written(said):
    shown = masked(said)
    assert MASK in shown
    for part in (
        "tran",
        "TRAN",
        "Tèo",
        "Phát",
        "hoài",
        "Trung",
        "Thành",
        "Moan",
        "Lìn",
        "Lành",
        "1980",
        "003412",
        "654",
    ):
        assert part not in shown


@pytest.mark.parametrize(
    "said",
    ["Xã Không Có Thật", "bà con nhân dân", "anh em đồng bào", "105.43512345", "1.234.567.890", "20240001234", "V01/2024",
     "VỤ-2024-000123", "Cầu Ông Chưởng", "Cô Tô", "PHƯỜNG MỸ BÌNH", "trộm cắp tài sản", "tố giác tội phạm", "Cô giáo",
     "Vĩnh Thạnh Trung", "Long Xuyên-An Giang", "01/2024-12/2024"],
)  # fmt: skip
def test_what_only_looks_like_it_stays(said):
    assert masked(said) == said
