"""Files as offices have them: the right value, or a true sentence, row by row; good rows are kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from geo.errors import InputError
from geo.ingest import errors_file, prepare
from geo.ingest.checking.cells import read_number
from geo.ingest.recognising.days import has_offset, read_day
from geo.personal.masking import MASK, masked
from geo.text import fold
from tests.ingest import files
from tests.ingest.conftest import TODAY, write
from tests.ingest.files import HEADER, ROWS

CASES = Path(__file__).parents[1] / "cases"


def _checked(store, name, **options):
    return prepare(CASES / name, store=store, today=TODAY, lang="vi", **options)


def _keys(ready):
    return dict(zip(ready.checked.problems["at"], ready.checked.problems["key"]))


def _notes(ready):
    return {note.key.removeprefix("ingest.note_") for note in ready.notes}


def _codes(ready):
    return ready.checked.rows["unit_code"].astype(str).tolist()


@pytest.mark.parametrize("name", ["err_monthly11.xlsx", "err_unit.xlsx"])
def test_a_cell_with_an_error_is_neither_empty_nor_a_name(store, name):
    ready = _checked(store, f"error-cells/{name}")
    found = ready.checked.problems
    assert set(found["key"]) == {"cell_error"}
    assert found["value"].str.startswith("#").all()
    assert not found.duplicated(["at", "column"]).any()
    assert ready.rejected == ready.checked.total


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])
def test_errors_are_told_in_text_files_too(store, tmp_path, error):
    rows = [[cell if n != 3 else error for n, cell in enumerate(ROWS[0])], *ROWS[1:]]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEADER, *rows])
    ready = prepare(write(tmp_path / "e.csv", text), store=store, today=TODAY)
    assert list(_keys(ready).values()) == ["cell_error"]
    assert ready.accepted == len(ROWS) - 1


def test_dates_as_spreadsheets_write_them(store):
    ready = _checked(store, "excel-short-dates/mon.csv")
    assert ready.checked.rows["date"].astype(str).str[:10].tolist() == [
        "2026-03-05", "2026-03-06", "2026-03-06", "2026-03-06",
    ]  # fmt: skip
    assert list(_keys(ready).values()) == ["ragged"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5-Mar-26", "2026-03-05"), ("05-Mar-2026", "2026-03-05"), ("5/Mar/26", "2026-03-05"), ("06-Thg3-26", "2026-03-06"),
        ("06/Thg3/2026", "2026-03-06"), ("6 thg 3 2026", "2026-03-06"), ("6 Thg 11, 2025", "2025-11-06"),
        ("06 Tháng Ba 2026", "2026-03-06"), ("ngày 6 tháng năm năm 2026", "2026-05-06"), ("1 tháng mười hai 2025", "2025-12-01"),
        ("2 tháng Chạp năm 2025", "2025-12-02"), ("Thứ Sáu, 06 tháng 3, 2026", "2026-03-06"), ("T5, 05/03/2026", "2026-03-05"),
        ("Chủ nhật 08/03/2026", "2026-03-08"), ("CN, 08/03/2026", "2026-03-08"), ("05\\03\\2026", "2026-03-05"),
        ("Fri, 6 Mar 2026", "2026-03-06"), ("March 6, 2026", "2026-03-06"), ("6-Sept-25", "2025-09-06"),
    ],
)  # fmt: skip
def test_days_in_the_words_of_programs(text, day):
    assert str(read_day(text).day) == day


@pytest.mark.parametrize(
    "text", ["O5/03/2026", "khoảng 05/03/2026", "05/3", "05/03/2026-06/03/2026", "31-Feb-26", "6 thg 13 2026"]
)
def test_what_may_be_two_days_or_none_is_no_day(text):
    assert read_day(text).day is None


@pytest.mark.parametrize("name", ["utc.csv", "utc_all.geojson"])
def test_one_moment_is_one_day_whatever_the_format(store, name):
    ready = _checked(store, f"utc-times/{name}")
    assert ready.rejected == 0
    assert "offset" in _notes(ready)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05T18:30:00Z", "2026-03-06"), ("2026-03-05T18:30:00+00:00", "2026-03-06"), ("2026-03-05 18:30:00.000Z", "2026-03-06"),
        ("2026-03-05T16:59:59Z", "2026-03-05"), ("2026-03-05T02:30:00-05:00", "2026-03-05"), ("2026-03-05T12:30:00-05:00", "2026-03-06"),
        ("2026-03-06T01:30:00+07:00", "2026-03-06"), ("2026-03-06T01:30:00+0700", "2026-03-06"), ("2026-03-06T01:30+09:00", "2026-03-05"),
        ("2026-03-05T18:30:00 UTC", "2026-03-06"), ("2026-01-01T00:30:00+14:00", "2025-12-31"),
    ],
)  # fmt: skip
def test_moments_are_brought_to_the_time_of_the_country(text, day):
    assert str(read_day(text).day) == day
    assert has_offset(text) == ("+07" not in text)


@pytest.mark.parametrize(
    ("name", "known", "notes"),
    [("hidden_sheet.xlsx", 1, {"hidden_sheets"}), ("hidden_row.xlsx", 3, {"hidden_rows"})],
)
def test_what_is_hidden_is_said(store, name, known, notes):
    ready = _checked(store, f"hidden-sheet/{name}")
    assert ready.accepted == known
    assert notes <= _notes(ready)


def test_a_book_with_hidden_sheets_alone_names_them_and_is_read_when_one_is_chosen(store):
    with pytest.raises(InputError) as caught:
        _checked(store, "hidden-sheet/all_hidden.xlsx")
    assert caught.value.key == "ingest.all_hidden"
    assert "--sheet" in caught.value.message("vi")
    assert _checked(store, "hidden-sheet/all_hidden.xlsx", sheet="Sheet").accepted >= 1


@pytest.mark.parametrize("name", ["eth.csv", "nbsp.csv"])
def test_letters_that_look_alike_or_are_not_seen(store, name):
    ready = _checked(store, f"look-alike-letters/{name}")
    assert ready.rejected == 0
    assert ready.checked.rows["unit_code"].notna().all()


@pytest.mark.parametrize(
    "text", ["Ðịnh Mỹ", "Định\u200b Mỹ", "\ufeffĐịnh Mỹ", "Định Mỹ\u200e", "Đị\u00adnh Mỹ", "ðịnh Mỹ"]
)
def test_the_form_that_is_compared_has_neither(text):
    assert fold(text) == "dinh my"


def test_a_zip_of_a_mac(store):
    assert _checked(store, "mac-zip/macosx.zip").accepted == 2


def test_a_merged_commune_counts_for_every_row_beside_it(store):
    for name in ("merged_body.xlsx", "merged_points.xlsx"):
        ready = _checked(store, f"merged-unit-below/{name}")
        assert ready.rejected == 0
        assert len(set(_codes(ready))) == 1


def test_a_merged_count_is_not_counted_again(store, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Tháng", "Xã/phường", "Số buổi tuyên truyền"),
        ("03/2026", "Long Xuyên", 9),
        ("03/2026", "Bình Đức", None),
    ):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    book.save(tmp_path / "m.xlsx")
    ready = prepare(tmp_path / "m.xlsx", store=store, today=TODAY)
    assert ready.checked.rows["value"].tolist() == [9]


@pytest.mark.parametrize(("text", "metres"), [("1.000", 1000), ("2,500", 2500), ("1.5", 1.5), ("1,5", 1.5), ("1.250,5", 1250.5),
                                              ("1,250.5", 1250.5), ("12.000.000", 12e6), ("1000", 1000)])  # fmt: skip
def test_one_notation_of_numbers(text, metres):
    assert read_number(text) == metres


def test_a_radius_with_marks_between_thousands(store):
    ready = _checked(store, "radius-thousands/radius.csv")
    metres = ready.checked.rows.set_geometry("geometry").set_crs(4326).to_crs("EPSG:32648").area.pow(0.5) / 3.1416**0.5
    assert metres.round(-1).tolist() == pytest.approx([1000, 2500, 1500, 1500, 1250], rel=0.02)


def test_a_feature_at_two_places_is_refused_with_its_row(store):
    ready = _checked(store, "two-places/multipoint.geojson")
    assert ready.accepted == 1
    assert list(_keys(ready).values()) == ["place_unreadable"]


@pytest.mark.parametrize(("name", "good"), [("null_island.geojson", 2), ("zones_null_island.geojson", 1)])
def test_one_place_that_is_wrong_refuses_its_row(store, name, good):
    ready = _checked(store, f"one-point-at-0-0/{name}")
    assert (ready.accepted, ready.rejected) == (good, 1)


def test_a_file_whose_places_are_all_elsewhere_is_refused(store, tmp_path):
    frame = gpd.GeoDataFrame(
        {"ma_vu": ["V1"], "ngay": ["05/03/2026"], "loai": ["Trộm cắp"]}, geometry=[shapely.Point(2, 48)], crs=4326
    )
    frame.to_file(tmp_path / "p.geojson")
    with pytest.raises(InputError):
        prepare(tmp_path / "p.geojson", store=store, today=TODAY)


def test_what_a_file_is_is_told_by_what_is_in_it(store, tmp_path):
    ready = _checked(store, "not-really-xls/xlsx_called.xls")
    assert ready.accepted == 2
    assert "format" in _notes(ready)
    for name, key in (("html.xls", "ingest.page_called_book"), ("noshx.zip", "units.shapefile_part")):
        with pytest.raises(InputError) as caught:
            _checked(store, f"not-really-xls/{name}")
        assert caught.value.key == key
    content = (CASES / "not-really-xls/xlsx_called.xls").read_bytes()
    for named in ("a.csv", "a.ods", "a.xlsb"):
        assert prepare(write(tmp_path / named, content), store=store, today=TODAY).accepted == 2
    text = "\n".join(",".join(row) for row in [HEADER, *ROWS])
    assert prepare(write(tmp_path / "text.xls", text), store=store, today=TODAY).accepted == len(ROWS)


def test_names_stand_nowhere_whatever_their_column(store, tmp_path):
    ready = _checked(store, "names-in-day-and-number-columns/names_in_days.csv")
    errors_file(ready, tmp_path / "e.xlsx")
    cells = [str(cell.value) for sheet in openpyxl.load_workbook(tmp_path / "e.xlsx") for row in sheet for cell in row]
    said = " ".join([*cells, *ready.checked.problems.astype(str).to_numpy().ravel()])
    for name in ("Nguyễn", "Hùng", "Bích Thủy", "Lê Minh", "Trần Văn"):
        assert name not in said


@pytest.mark.parametrize("field", ["date", "month", "lon", "lat", "value", "radius", "unit", "kind", "record_id", ""])
@pytest.mark.parametrize(
    "said", ["Nguyễn Văn Tèo", "Đại úy Nguyễn Văn Tèo", "Thượng tá Trần Thị Tí", "Ông Lê Văn Sáu", "Đ/c Nguyễn Văn Tèo"]
)
def test_a_name_is_masked_in_every_column_and_behind_a_rank(field, said):
    shown = masked(said, field)
    assert MASK in shown
    assert "Văn" not in shown
    assert "Thị" not in shown


def test_json_that_is_no_map_does_not_stop_a_zip(store, tmp_path):
    inner = (CASES / "one-point-at-0-0/null_island.geojson").read_bytes()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("kho/du_lieu.json", inner)
        archive.writestr("kho/package.json", '{"name": "kho", "version": "1.0.0"}')
        archive.writestr("__MACOSX/kho/._du_lieu.json", b"\0\5\26\7")
        archive.writestr("kho/.DS_Store", b"x")
    assert prepare(write(tmp_path / "kho.zip", held.getvalue()), store=store, today=TODAY).accepted == 2


@pytest.mark.parametrize(("name", "make"), [("a.xls", files.xls), ("a.ods", files.ods)])
@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#DIV/0!"])
def test_cells_whose_formula_failed_are_refused_as_that_in_every_workbook(store, tmp_path, name, make, shown):
    rows = [list(row) for row in ROWS]
    rows[1][2] = files.Failed(shown)
    ready = prepare(write(tmp_path / name, make(rows)), store=store, today=TODAY)
    assert (ready.accepted, ready.rejected) == (len(ROWS) - 1, 1)
    problems = ready.checked.problems
    assert set(problems["key"]) == {"cell_error"}
    assert shown in str(problems.to_numpy().tolist())


@pytest.mark.parametrize(("name", "make"), [("a.xls", files.xls), ("a.ods", files.ods)])
def test_hidden_rows_are_told_of_every_workbook(store, tmp_path, name, make):
    ready = prepare(write(tmp_path / name, make(hidden={2})), store=store, today=TODAY)
    assert ready.accepted == len(ROWS)
    assert "hidden_rows" in _notes(ready)
    assert "hidden_rows" not in _notes(prepare(write(tmp_path / name, make()), store=store, today=TODAY))


def test_rows_without_height_and_hidden_columns_are_told(store, tmp_path):
    low = files.repacked(
        files.workbook(),
        lambda n, c: c.replace(b'<row r="2"', b'<row r="2" ht="0" customHeight="1"') if "sheet1" in n else c,
    )
    ready = prepare(write(tmp_path / "a.xlsx", low), store=store, today=TODAY)
    assert (ready.accepted, "hidden_rows" in _notes(ready)) == (len(ROWS), True)
    book = openpyxl.load_workbook(io.BytesIO(files.workbook()))
    book.active.column_dimensions["B"].hidden = True
    book.active.column_dimensions["Z"].hidden = True  # nothing is in it
    ready = prepare(write(tmp_path / "b.xlsx", files.saved(book)), store=store, today=TODAY)
    assert ready.accepted == len(ROWS)
    told = [note.message("vi") for note in ready.notes if note.key == "ingest.note_hidden_columns"]
    assert [files.HEADER[1] in text for text in told] == [True]
    plain = prepare(write(tmp_path / "c.xlsx", files.workbook()), store=store, today=TODAY)
    assert not {"hidden_rows", "hidden_columns"} & _notes(plain)


@pytest.mark.parametrize("shown", ["#N/A", "Err:502", "Err:508", "#DIV/0!"])
def test_errors_that_a_program_wrote_as_text_are_errors(store, tmp_path, shown):
    text = files.csv_text([[*ROWS[0][:5], shown, *ROWS[0][6:]], *ROWS[1:]])
    ready = prepare(write(tmp_path / "a.csv", text), store=store, today=TODAY)
    assert ready.checked.problems["key"].tolist() == ["cell_error"]
    assert ready.accepted == len(ROWS) - 1


def test_rows_that_an_ods_repeats_are_counted(store, tmp_path):
    empty = '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="4"/></table:table-row>'
    content = files.ods(
        [],
        cell_extra=f'{empty}<table:table-row table:visibility="collapse">{"".join(map(_cell, ROWS[0]))}</table:table-row>',
    )
    ready = prepare(write(tmp_path / "a.ods", content), store=store, today=TODAY)
    assert ready.accepted == 1
    assert "hidden_rows" in _notes(ready)


def _cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def test_a_mark_that_gdal_takes_for_an_archive_may_be_in_the_path(store, tmp_path):
    folder = tmp_path / "a!b"
    folder.mkdir()
    content = (CASES / "one-point-at-0-0/null_island.geojson").read_bytes()
    assert prepare(write(folder / "x!y.geojson", content), store=store, today=TODAY).accepted == 2
    frame = gpd.GeoDataFrame(
        {"ma_vu": ["V1"], "ngay": ["05/03/2026"], "loai": ["Trộm cắp"]},
        geometry=[shapely.Point(105.43, 10.38)],
        crs=4326,
    )
    frame.to_file(tmp_path / "p.gpkg")
    (tmp_path / "p.gpkg").rename(folder / "p!.gpkg")
    assert prepare(folder / "p!.gpkg", store=store, today=TODAY).accepted == 1
