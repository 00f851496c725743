"""Dates spread over columns."""

from datetime import date

import pytest

from geo.ingest.recognising.split_dates import read_split_day
from geo.schema import Dataset
from tests.ingest import files
from tests.ingest.test_sheets import book

UNIT, KIND = "Phường Long Xuyên", "Trộm cắp"


def case(header, *dates):
    return files.csv_text(
        [[f"V{n}/2026", *parts, UNIT, KIND] for n, parts in enumerate(dates)], ["Mã vụ", *header, "Xã", "Loại vụ"]
    )


@pytest.mark.parametrize(
    "header",
    [("Ngày", "Tháng", "Năm"), ("day", "month", "year"), ("DD", "MM", "YYYY"), ("Năm", "Ngày", "Tháng"),
     ("Ngày xảy ra ngày", "Ngày xảy ra tháng", "Ngày xảy ra năm")],
)  # fmt: skip
def test_three_columns_are_one_date(header, given):
    values = {"ngay": ["5", "Ngày 31"], "thang": ["3", "tháng 12"], "nam": ["2026", "25"]}
    values |= {"day": values["ngay"], "dd": values["ngay"], "month": values["thang"], "mm": values["thang"]}
    values |= {"year": values["nam"], "yyyy": values["nam"]}
    from geo.text import fold

    rows = list(zip(*(values[fold(h).split()[-1]] for h in header)))
    preview = given(case(header, *rows))
    assert preview.rejected == 0, preview.checked.problems
    assert [d.date() for d in preview.checked.rows["date"]] == [date(2026, 3, 5), date(2025, 12, 31)]
    assert preview.mapping.missing == ()
    assert any(note.key == "ingest.note_split_date" for note in preview.notes)


def test_merged_headings_over_the_three(given):
    import openpyxl

    made = openpyxl.Workbook()
    sheet = made.active
    for line in (
        ["Mã vụ", "Ngày xảy ra", None, None, "Xã", "Loại vụ"],
        [None, "Ngày", "Tháng", "Năm", None, None],
        ["V1/2026", 5, 3, 2026, UNIT, KIND],
    ):
        sheet.append(line)
    for cells in ("A1:A2", "B1:D1", "E1:E2", "F1:F2"):
        sheet.merge_cells(cells)
    preview = given(files.saved(made), "b.xlsx")
    assert [d.date() for d in preview.checked.rows["date"]] == [date(2026, 3, 5)]


def test_what_is_wrong_names_all_three_columns(given):
    preview = given(case(("Ngày", "Tháng", "Năm"), ("31", "2", "2026"), ("5", "", "2026"), ("", "", ""), ("5", "3", "2026"), ("1", "12", "2026"), ("x", "3", "2026"),
                         *[("5", "4", "2026")] * 9))  # fmt: skip
    problems = preview.checked.problems
    assert list(zip(problems["row"], problems["key"])) == [
        (2, "date_impossible"), (3, "date_part_empty"), (4, "date_empty"), (6, "date_future"), (7, "date_unreadable"),
    ]  # fmt: skip
    assert set(problems["column"]) == {"Ngày + Tháng + Năm"}
    assert problems["value"].iloc[0] == "31 / 2 / 2026"


def test_a_whole_date_beside_month_and_year_stays_the_date(given):
    preview = given(case(("Ngày", "Tháng", "Năm"), ("05/03/2026", "3", "2026"), ("06/03/2026", "3", "2026")))
    assert [d.date() for d in preview.checked.rows["date"]] == [date(2026, 3, 5), date(2026, 3, 6)]
    assert set(preview.mapping.columns) == {"record_id", "date", "unit", "kind"}


@pytest.mark.parametrize(("month", "year"), [("3", "2026"), ("Tháng 3", "năm 2026"), ("03", "26")])
@pytest.mark.parametrize("header", [("Tháng", "Năm"), ("Month", "Year"), ("Kỳ báo cáo tháng", "Kỳ báo cáo năm")])
def test_month_and_year_of_monthly_counts(header, month, year, given):
    text = files.csv_text([[month, year, UNIT, "12", "3"]], [*header, "Xã", "Số tin tố giác", "Tin có giá trị"])
    preview = given(text, "thang.csv")
    assert preview.mapping.dataset is Dataset.MONTHLY
    assert preview.rejected == 0, preview.checked.problems
    rows = preview.checked.rows
    assert {m.date() for m in rows["month"]} == {date(2026, 3, 1)}
    assert dict(zip(rows["measure"], rows["value"])) == {"tip": 12, "useful_tip": 3}


def test_sheets_by_month_with_split_dates(given):
    header = ["Mã vụ", "Ngày", "Tháng", "Năm", "Xã", "Loại vụ"]
    content = book(T3=[header, ["A1", 5, 3, 2026, UNIT, KIND]], T4=[header, ["A2", 6, 4, 2026, UNIT, KIND]])
    assert [d.date() for d in given(content, "b.xlsx").checked.rows["date"]] == [date(2026, 3, 5), date(2026, 4, 6)]


@pytest.mark.parametrize("text", ["5 / 3 / 2026", "5.0 / 3.0 / 2026.0", "Ngày 5 / T3 / 26"])
def test_cells_put_together(text):
    assert read_split_day(text).day == date(2026, 3, 5)
