"""Odd, damaged and hostile files: a clean import or a sentence that says what is wrong, soon, and the store as it was."""

from __future__ import annotations

import resource
import time
import tomllib
import zipfile
from io import BytesIO

import openpyxl
import pytest

from geo.errors import InputError
from geo.ingest import PrivacyError, prepare
from geo.ingest.source import Limits
from geo.settings import ROOT
from tests.ingest import files
from tests.ingest.conftest import TODAY, write
from tests.ingest.files import HEADER, ROWS, csv_text, workbook

SLOWEST_S = 20
LARGEST_MB = 900


def _points(tmp_path, name):
    files.points().to_file(tmp_path / f"made{name}")
    return (tmp_path / f"made{name}").read_bytes()


def _far_cell():
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    return files.saved(book)


def _entities(name, content):
    bomb = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    return content.replace(b"<worksheet", bomb + b"<worksheet") if "sheet1" in name else content


def _many_shared(cells=200_000, length=30_000):
    """A small file whose one long text is used in many cells."""
    rows = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>0</v></c></row>' for n in range(cells))

    relation = b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'

    def change(name, content):
        if "sheet1" in name:
            return content[: content.index(b"<sheetData")] + f"<sheetData>{rows}</sheetData></worksheet>".encode()
        if name == "xl/_rels/workbook.xml.rels":
            return content.replace(b"</Relationships>", relation)
        return content.replace(b"</Types>", kind) if name == "[Content_Types].xml" else content

    texts = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"x" * length
        + b"</t></si></sst>"
    )
    return files.with_parts(files.repacked(workbook(), change), {"xl/sharedStrings.xml": texts})


def _zip(**entries):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def _nested_geojson(depth=100_000):
    return b'{"type":"FeatureCollection","features":' + b"[" * depth + b"]" * depth + b"}"


def _one(record, day, unit="Mỹ Bình", district="Long Xuyên", kind="Trộm cắp", *rest):
    return [record, day, unit, district, kind, *rest, *[""] * (4 - len(rest))]


REFUSED = {
    "empty.csv": (lambda _: b"", "ingest.empty"),
    "only_header.csv": (lambda _: ",".join(HEADER), "ingest.empty"),
    "only_spaces.csv": (lambda _: "\n  \n\n", "ingest.empty"),
    "picture.csv": (lambda _: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "ingest.not_text"),
    "program.csv": (lambda _: b"\x7fELF\x02\x01\x01\x00" + bytes(500), "ingest.not_text"),
    "million_columns.csv": (lambda _: ",".join(f"c{n}" for n in range(1_000_000)) + "\n1,2\n", "ingest.line_too_long"),
    "thousand_columns.csv": (lambda _: ",".join(f"c{n}" for n in range(1000)) + "\n1,2\n", "ingest.too_many_columns"),
    "one_long_line.csv": (lambda _: "x" * 3_000_000, "ingest.line_too_long"),
    "no_known_column.csv": (lambda _: "alpha,beta\n1,2\n", "ingest.dataset_unknown"),
    "no_kind.csv": (lambda _: "Mã vụ,Ngày xảy ra,Xã\nV1,05/03/2024,Mỹ Bình\n", "ingest.mapping_incomplete"),
    "ending.docx": (lambda _: b"x", "ingest.format"),
    "ending": (lambda _: b"x", "ingest.format"),
    "truncated.xlsx": (lambda _: workbook()[:-400], "ingest.unreadable"),
    "half.xlsx": (lambda _: workbook()[:2000], "ingest.unreadable"),
    "web_page.xls": (lambda _: "<html><table><tr><td>1</td></tr></table></html>", "ingest.page_called_book"),
    "truncated.xls": (lambda _: files.xls()[:3000], "ingest.unreadable"),
    "truncated.ods": (lambda _: files.ods()[:-200], "ingest.unreadable"),
    "no_content.ods": (lambda _: _zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "ingest.unreadable"),
    "no_workbook.xlsx": (lambda _: files.repacked(workbook(), lambda n, c: None if n == "xl/workbook.xml" else c), None),
    "sheet_is_noise.xlsx": (lambda _: files.repacked(workbook(), lambda n, c: b"<<<" if "sheet1" in n else c), None),
    "empty_book.xlsx": (lambda _: files.saved(openpyxl.Workbook()), "ingest.empty"),
    "only_header.xlsx": (lambda _: workbook([]), "ingest.empty"),
    "deep_folders.kml": (lambda _: files.kml("<Folder><name>x</name>" * 5_000 + files.placemark("K1", "05/03/2026", "Trộm cắp", 105.435, 10.387) + "</Folder>" * 5_000), "ingest.unreadable"),
    "bomb.xlsx": (lambda _: files.zip_bomb(800), "ingest.unpacks_too_much"),
    "lying_sizes.xlsx": (lambda _: files.lying_zip(), "ingest.unreadable"),
    "far_cell.xlsx": (lambda _: _far_cell(), "ingest.too_many_cells"),
    "one_text_many_cells.xlsx": (lambda _: _many_shared(), "ingest.unpacks_too_much"),
    "entities.xlsx": (lambda _: files.repacked(workbook(), _entities), "ingest.xml_entities"),
    "path_in_entry.xlsx": (lambda _: files.with_parts(workbook(), {"../../evil.txt": b"x"}), "ingest.unsafe_path"),
    "absolute_path.xlsx": (lambda _: files.with_parts(workbook(), {"/etc/evil": b"x"}), "ingest.unsafe_path"),
    "repeated_columns.ods": (lambda _: files.ods(cell_extra='<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/></table:table-row>'), "ingest.too_many_columns"),
    "repeated_rows.ods": (lambda _: files.ods(cell_extra='<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="200" office:value-type="float" office:value="1"/></table:table-row>'), None),
    "laughs.kml": (lambda _: files.kml("<name>&c;</name>", prolog='<!DOCTYPE k [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>'), "ingest.xml_entities"),
    "external.kml": (lambda _: files.kml("<name>&x;</name>", prolog='<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "ingest.xml_entities"),
    "laughs_utf16.kml": (lambda _: files.kml("", prolog='<!DOCTYPE k [<!ENTITY a "ha">]>').decode().replace("UTF-8", "UTF-16").encode("utf-16"), "ingest.xml_entities"),
    "broken.kml": (lambda _: files.kml("<Placemark>")[:-30], None),
    "no_places.kml": (lambda _: files.kml(""), None),
    "truncated.gpkg": (lambda p: _points(p, ".gpkg")[:5000], "ingest.unreadable"),
    "noise.gpkg": (lambda _: bytes(range(256)) * 100, "ingest.unreadable"),
    "broken.geojson": (lambda p: _points(p, ".geojson")[:-50], "ingest.unreadable"),
    "nested.geojson": (lambda _: _nested_geojson(), None),
    "no_features.geojson": (lambda _: files.geojson([]), "ingest.empty"),
    "no_table.zip": (lambda p: files.zipped_shapefile(p / "s", files.points(), without=".dbf"), "units.shapefile_part"),
    "no_map.zip": (lambda _: _zip(a=b"x"), "ingest.zip_content"),
    "two_maps.zip": (lambda p: _zip(**{"a.geojson": _points(p, ".geojson"), "b.geojson": b"{}"}), "ingest.zip_content"),
    "path_in_entry.zip": (lambda _: _zip(**{"..__..__evil.shp": b"x"}), "units.zip_path"),
    "truncated.zip": (lambda p: files.zipped_shapefile(p / "s", files.points())[:-100], "units.unreadable"),
    "elsewhere.geojson": (lambda _: files.geojson([{"type": "Feature", "properties": {"ma_vu": "1", "ngay": "01/01/2026", "loai": "ma túy"}, "geometry": {"type": "Point", "coordinates": [2.35, 48.85]}}]), "units.not_in_vietnam"),
    "metres_of_nowhere.csv": (lambda _: csv_text([["V1", "05/03/2026", "Trộm cắp", "574853", "1148523"]], ["Mã vụ", "Ngày", "Loại", "X (m)", "Y (m)"]), "ingest.crs_needed"),
    "personal.csv": (lambda _: "Mã vụ,Ngày,Xã,Loại,Họ và tên\nV1,05/03/2026,Phường Long Xuyên,Trộm cắp,A\n", "ingest.privacy_stop"),
}  # fmt: skip

READ = {
    "bom.csv": (lambda _: "\ufeff" + csv_text(), 3, 0),
    "utf16.csv": (lambda _: csv_text().encode("utf-16"), 3, 0),
    "utf16be_no_mark.csv": (lambda _: csv_text().encode("utf-16-be"), 3, 0),
    "tcvn3.csv": (lambda _: files.tcvn3(csv_text()), 3, 0),
    "cp1258.csv": (lambda _: files.cp1258(csv_text()), 3, 0),
    "semicolons.csv": (lambda _: csv_text(separator=";"), 3, 0),
    "tabs.txt": (lambda _: csv_text(separator="\t"), 3, 0),
    "windows_lines.csv": (lambda _: csv_text().replace("\n", "\r\n"), 3, 0),
    "no_last_newline.csv": (lambda _: csv_text().rstrip("\n"), 3, 0),
    "blank_lines.csv": (lambda _: csv_text().replace("\n", "\n\n"), 3, 0),
    "title_above.csv": (lambda _: csv_text(above=["CÔNG AN TỈNH" + "," * 8, "Danh sách vụ việc" + "," * 8, "," * 8]), 3, 0),
    "totals_below.csv": (lambda _: csv_text(below=["Tổng cộng,,,,,,3,,"]), 3, 0),
    "short_line.csv": (lambda _: csv_text(below=["V9,01/01/2024"]), 3, 1),
    "long_line.csv": (lambda _: csv_text(below=["V9" + "," * 30]), 3, 1),
    "cut_off.csv": (lambda _: csv_text()[:-25], 2, 1),
    "open_quote.csv": (lambda _: csv_text() + '"V9,01/01/2024\nmore\n', 3, 1),
    "cell_with_newline.csv": (lambda _: csv_text([["V1", "05/03/2024", "Mỹ Bình\n", "Long Xuyên", "Trộm cắp", "", "", "", ""]]), 1, 0),
    "wrong_override_bytes.csv": (lambda _: csv_text() + "\x1b", 3, 1),
    "formulas_as_text.csv": (lambda _: csv_text([_one("=1+1", "05/03/2024")]), 0, 1),
    "cell_of_140_kb.csv": (lambda _: csv_text([_one("V1", "05/03/2024"), *ROWS]).replace("V1,", f"V1{'x ' * 70_000},"), 3, 1),
    "cell_of_900_kb.csv": (lambda _: csv_text([_one("V1", "05/03/2024"), *ROWS]).replace("V1,", f"V1{'x ' * 450_000},"), 3, 1),
    "thousands_of_unknown_communes.csv": (lambda _: csv_text([[f"V{n}", "05/03/2024", f"Xã Mỹ {n:x} Bình {n}", "", "Ma túy", "", "", "", ""] for n in range(5_000)]), 0, 5_000),
    "book.xlsx": (lambda _: workbook(), 3, 0),
    "book.xls": (lambda _: files.xls(), 3, 0),
    "book.ods": (lambda _: files.ods(), 3, 0),
    "real_dates.xlsx": (lambda _: workbook(files.dated_rows()), 3, 0),
    "real_dates.xls": (lambda _: files.xls(files.dated_rows()), 3, 0),
    "real_dates.ods": (lambda _: files.ods(files.dated_rows()), 3, 0),
    "dates_of_1904.xlsx": (lambda _: workbook(files.dated_rows(), epoch_1904=True), 3, 0),
    "day_numbers.xlsx": (lambda _: workbook([_one("V1", 45356)]), 1, 0),
    "macros.xlsm": (lambda _: files.with_parts(workbook(), {"xl/vbaProject.bin": b"\xcc\x61"}), 3, 0),
    "formula_without_value.xlsx": (lambda _: workbook([_one("V1", "=DATE(2024,3,5)")]), 0, 1),
    "title_above.xlsx": (lambda _: workbook(above=[["CÔNG AN TỈNH"], ["DANH SÁCH"], []], merge=["A1:I1", "A2:I2"]), 3, 0),
    "numbered_columns.xlsx": (lambda _: workbook([[f"({n})" for n in range(1, 10)], *ROWS]), 3, 0),
    "empty_rows.xlsx": (lambda _: workbook([[None] * 9, ROWS[0], [None] * 9, ROWS[1]]), 2, 0),
    "empty_far_rows.ods": (lambda _: files.ods(cell_extra='<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'), 3, 0),
    "points.gpkg": (lambda p: _points(p, ".gpkg"), 2, 0),
    "points.geojson": (lambda p: _points(p, ".geojson"), 2, 0),
    "points.zip": (lambda p: files.zipped_shapefile(p / "s", files.points()), 2, 0),
    "metres.zip": (lambda p: files.zipped_shapefile(p / "s", files.points("EPSG:9208")), 2, 0),
    "points.kml": (lambda _: files.kml(files.placemark("K1", "05/03/2026", "Trộm cắp", 105.435, 10.387)), 1, 0),
    "points.kmz": (lambda _: _zip(**{"doc.kml": files.kml(files.placemark("K1", "05/03/2026", "Trộm cắp", 105.435, 10.387))}), 1, 0),
    "no_geometry.geojson": (lambda _: files.geojson([{"type": "Feature", "properties": {"ma_vu": "1", "ngay": "01/01/2026", "xa": "Phường Long Xuyên", "loai": "ma túy"}, "geometry": None}]), 1, 0),
}  # fmt: skip


def test_the_corpus_is_as_large_as_it_should_be():
    assert len(REFUSED) + len(READ) >= 60


@pytest.fixture
def untouched(bare):
    """The shared store, which no file may change."""
    before = bare.version, len(bare.batches())
    yield bare
    assert (bare.version, len(bare.batches())) == before


@pytest.fixture
def bounded():
    """Seconds of work a file may cost, and megabytes it may add to the process at its largest."""
    largest, begun = _largest_mb(), time.process_time()
    yield
    assert time.process_time() - begun < SLOWEST_S
    assert _largest_mb() - largest < LARGEST_MB


def _largest_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name, untouched, tmp_path):
    make, key = REFUSED[name]
    path = write(tmp_path / name, make(tmp_path))
    with pytest.raises(InputError) as caught:
        prepare(path, store=untouched, today=TODAY)
    assert key is None or caught.value.key == key
    for lang in ("vi", "en"):
        said = caught.value.message(lang)
        assert len(said) < 700
        assert "Traceback" not in said


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", READ)
def test_read_in_spite_of_its_oddity(name, untouched, tmp_path):
    make, accepted, rejected = READ[name]
    path = write(tmp_path / name, make(tmp_path))
    preview = prepare(path, store=untouched, today=TODAY)
    assert (preview.accepted, preview.rejected) == (accepted, rejected), preview.checked.problems
    assert preview.checked.total == accepted + rejected


@pytest.mark.usefixtures("bounded")
def test_a_file_of_300_mb_is_refused_by_its_size(untouched, tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(InputError, match="300 MB") as caught:
        prepare(path, store=untouched)
    assert caught.value.key == "ingest.too_big"


def test_a_file_that_is_not_there(untouched, tmp_path):
    with pytest.raises(InputError) as caught:
        prepare(tmp_path / "none.csv", store=untouched)
    assert caught.value.key == "ingest.missing_file"


def test_a_stopped_file_names_its_columns_and_no_content(untouched, tmp_path):
    path = write(tmp_path / "p.csv", REFUSED["personal.csv"][0](tmp_path).replace(",A\n", ",Nguyễn Văn Kín\n"))
    with pytest.raises(PrivacyError) as caught:
        prepare(path, store=untouched, today=TODAY)
    assert [finding.column for finding in caught.value.findings] == ["Họ và tên"]
    assert "Kín" not in caught.value.message("vi")


def test_a_browser_may_send_what_is_read_and_no_more():
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert told["server"]["maxUploadSize"] == Limits().file_bytes // (1 << 20)
