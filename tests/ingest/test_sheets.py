"""Several sheets with the same headings, and workbooks without a row."""

import openpyxl
import pandas as pd
import pytest

from geo.errors import InputError
from geo.ingest import errors_file, prepare
from geo.ingest.reporting.templates import TEMPLATES, template
from geo.schema import Dataset
from tests.ingest import files
from tests.ingest.conftest import TODAY
from tests.ingest.files import HEADER, ROWS

BAD = ["V9/2024", "31/02/2024", "Mỹ Bình", "Long Xuyên", "Trộm cắp", "", "-1", "", ""]


def book(**sheets) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for line in lines:
            sheet.append(list(line))
    return files.saved(made)


def swapped(rows):
    """Two columns exchanged, the heading written another way."""
    header = [HEADER[1].upper(), "Mã vụ *", *HEADER[2:]]
    return [header, *([row[1], row[0], *row[2:]] for row in rows)]


def test_sheets_with_the_same_headings_are_one_import(given):
    content = book(
        Tháng_3=[["Danh sách"], [], HEADER, ROWS[0], BAD], Tháng_9=swapped([ROWS[2], BAD]), Ghi_chú=[["x"], ["y"]]
    )
    preview = given(content, "nhieu-trang.xlsx")
    assert (preview.accepted, preview.rejected, preview.checked.total) == (2, 2, 4)
    assert sorted(preview.checked.rows["record_id"]) == ["V01/2024", "V03/2025"]
    problems = preview.checked.problems
    assert list(zip(problems["sheet"], problems["row"], problems["key"])) == [
        ("Tháng 3", 5, "date_impossible"), ("Tháng 3", 5, "count_negative"),
        ("Tháng 9", 3, "date_impossible"), ("Tháng 9", 3, "count_negative"),
    ]  # fmt: skip
    said = [note.message("en") for note in preview.notes]
    assert "2 sheets with the same headings were joined (rows): Tháng 3 (2), Tháng 9 (2)." in said
    assert any("Ghi chú" in line for line in said)


def test_a_named_sheet_comes_alone(given):
    content = book(A=[HEADER, ROWS[0]], B=[HEADER, ROWS[1], ROWS[2]])
    preview = given(content, "b.xlsx", sheet="A")
    assert (preview.accepted, preview.table.origin) == (1, None)
    assert not any(note.key == "ingest.note_joined" for note in preview.notes)


def test_the_same_record_on_two_sheets_names_both_places(given):
    preview = given(book(A=[HEADER, ROWS[0]], B=[HEADER, ROWS[1], ROWS[0]]), "b.xlsx", lang="en")
    problem = preview.checked.problems.iloc[0]
    assert (problem["sheet"], problem["row"], problem["key"]) == ("B", 3, "duplicate_in_file")
    assert 'row 2 (sheet "A")' in problem["advice"]


def test_the_file_of_errors_names_the_sheet(given, tmp_path):
    preview = given(book(A=[HEADER, ROWS[0]], B=[HEADER, ROWS[1], BAD]), "b.xlsx")
    assert errors_file(preview, tmp_path / "loi.xlsx") == 1
    lines = list(openpyxl.load_workbook(tmp_path / "loi.xlsx").active.iter_rows(values_only=True))
    assert lines[1][0] == BAD[0]
    assert lines[1][len(HEADER)] == "3 (trang «B»)"


def test_sheets_that_hold_something_else_are_not_joined(given):
    header = ["Ngày", "Xã", "Loại"]
    cases = [[f"0{n}/09/2025", "Phường Long Xuyên", "Trộm cắp"] for n in range(1, 5)]
    dens = [["05/09/2025", "Phường Long Xuyên", "Đá gà"]]
    preview = given(book(Vụ=[header, *cases], Tụ_điểm=[header, *dens]), "b.xlsx")
    assert (preview.mapping.dataset, preview.accepted, preview.rejected) == (Dataset.CASES, 4, 0)
    assert [note.key for note in preview.notes] == ["ingest.note_other_tables"]


def test_columns_of_persons_on_any_sheet_stop_the_file(given):
    header = [*HEADER, "Cột 10"]
    clean, told = [[*row, ""] for row in ROWS], [["V8/2024", *ROWS[0][1:], f"09123456{n:02}"] for n in range(9)]
    with pytest.raises(InputError) as caught:
        given(book(A=[header, *clean], B=[header, *told]), "b.xlsx")
    assert caught.value.key == "ingest.privacy_stop"


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("dataset", TEMPLATES)
def test_a_template_nobody_filled_in_says_that_it_has_no_rows(dataset, lang, bare, tmp_path):
    template(dataset, tmp_path / "mau.xlsx", lang=lang)
    with pytest.raises(InputError) as caught:
        prepare(tmp_path / "mau.xlsx", store=bare, today=TODAY)
    assert caught.value.key == "ingest.empty"
    assert "không có dòng số liệu nào" in caught.value.message("vi")


def test_an_empty_sheet_beside_a_filled_one_is_no_obstacle(given):
    preview = given(book(A=[HEADER], B=[HEADER, ROWS[0]]), "b.xlsx")
    assert (preview.accepted, preview.rejected) == (1, 0)


def test_shapes_of_several_layers_stay_with_their_rows(bare, tmp_path):
    from tests.ingest.test_zones import OTHER, SQUARE, layer

    layer(("Khu Một", "KCN", SQUARE)).to_file(tmp_path / "z.gpkg", layer="a")
    layer(("Khu Hai", "KCN", OTHER)).to_file(tmp_path / "z.gpkg", layer="b")
    preview = prepare(tmp_path / "z.gpkg", store=bare, today=TODAY)
    assert [s.equals(want) for s, want in zip(preview.checked.rows["geometry"], (SQUARE, OTHER))] == [True, True]
    assert isinstance(preview.table.origin, pd.DataFrame)


@pytest.mark.parametrize("shared", [False, True])
def test_formulas_that_were_not_calculated_are_said(given, shared):
    row = [*ROWS[0][:6], "=1+1", *ROWS[0][7:]]
    content = files.workbook([row])
    if shared:
        content = files.repacked(content, lambda _, part: part.replace(b"<f>1+1</f>", b'<f t="shared" si="0"/>'))
    preview = given(content, "ct.xlsx")
    assert "ingest.note_uncalculated" in [note.key for note in preview.notes]
    assert preview.checked.rows["suspects"].isna().all()


def test_calculated_formulas_count_by_their_value(given):
    row = [*ROWS[0][:5], '=IF(1,"",1)', "=1+1", *ROWS[0][7:]]

    def calculated(name, part):
        if "sheet1" not in name:
            return part
        for formula, value, kind in ((b"1+1", b"2", b""), (b'IF(1,"",1)', b"", b' t="str"')):
            start = part.index(b"<f>" + formula + b"</f>")
            cell = part.rindex(b"<c ", 0, start)
            end = part.index(b"</c>", start)
            head = part[cell : part.index(b">", cell)].replace(b' t="str"', b"")
            part = part[:cell] + head + kind + b"><f>" + formula + b"</f><v>" + value + b"</v>" + part[end:]
        return part

    preview = given(files.repacked(files.workbook([row]), calculated), "ct.xlsx")
    assert "ingest.note_uncalculated" not in [note.key for note in preview.notes]
    assert preview.checked.rows["suspects"].tolist() == [2]
