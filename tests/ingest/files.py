"""Files as offices, mishaps and ill will make them."""

from __future__ import annotations

import json
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import openpyxl
import shapely
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from geo.units.vietnamese import _TCVN3

HEADER = ["Mã vụ", "Ngày xảy ra", "Xã/phường", "Huyện", "Loại vụ", "Tình trạng", "Số đối tượng", "Kinh độ", "Vĩ độ"]
ROWS = [
    ["V01/2024", "05/03/2024", "Mỹ Bình", "Thành phố Long Xuyên", "Trộm cắp tài sản", "Đã làm rõ", "2", "105.435", "10.387"],
    ["V02/2024", "06/03/2024", "Mỹ Long", "Long Xuyên", "Ma túy", "Đang điều tra", "1", "", ""],
    ["V03/2025", "07/09/2025", "Phường Long Xuyên", "", "Lừa đảo", "", "", "105.43", "10.38"],
]  # fmt: skip
KML = "http://www.opengis.net/kml/2.2"


def csv_text(rows=ROWS, header=HEADER, separator=",", above=(), below=()) -> str:
    quoted = [[f'"{c}"' if any(m in c for m in f'{separator}"\n') else c for c in row] for row in rows]
    lines = [*above, separator.join(header), *(separator.join(row) for row in quoted), *below]
    return "\n".join(lines) + "\n"


def tcvn3(text: str) -> bytes:
    table = {char: byte for byte, char in reversed(_TCVN3.items())}
    lacking = {c for c in text if c not in table}
    return bytes(table[c.lower() if c in lacking else c] for c in text)


_VNI_TONES = dict(zip("\u0301\u0300\u0309\u0303\u0323", "ùøûõï"))
_VNI_WITH_SHAPE = {"\u0302": dict(zip("\u0301\u0300\u0309\u0303\u0323", "áàåãä")), "\u0306": dict(zip("\u0301\u0300\u0309\u0303\u0323", "éèúüë"))}  # fmt: skip
_VNI_OWN = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "í": "í", "ì": "ì"}


def vni(text: str) -> str:
    """As a VNI font shows it, in the letters that a program of today sees."""
    return "".join(_vni_letter(char) for char in text)


def _vni_letter(char: str) -> str:
    if (small := char.lower()) in _VNI_OWN:
        return _VNI_OWN[small].upper() if char.isupper() else _VNI_OWN[small]
    base, *marks = unicodedata.normalize("NFD", small)
    tone = next((mark for mark in marks if mark in _VNI_TONES), "")
    shape = next((mark for mark in marks if mark not in _VNI_TONES), "")
    if shape == "\u031b":
        written = {"o": "ô", "u": "ö"}[base] + _VNI_TONES.get(tone, "")
    elif shape:
        written = base + (_VNI_WITH_SHAPE[shape][tone] if tone else {"\u0302": "â", "\u0306": "ê"}[shape])
    else:
        written = base + _VNI_TONES.get(tone, "")
    return written.upper() if char.isupper() else written


def cp1258(text: str) -> bytes:
    """Tones as combining marks behind the letter, as the code page has it."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            tone = unicodedata.normalize("NFD", char)
            marks = [m for m in tone[1:] if m in "\u0300\u0301\u0303\u0309\u0323"]
            base = unicodedata.normalize("NFC", "".join(m for m in tone if m not in marks))
            out += base.encode("cp1258") + "".join(marks).encode("cp1258")
    return bytes(out)


def workbook(rows=ROWS, header=HEADER, *, above=(), merge=(), title="Sheet", epoch_1904=False) -> bytes:
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = title
    for line in [*above, header, *rows]:
        sheet.append(list(line))
    for cells in merge:
        sheet.merge_cells(cells)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


def repacked(content: bytes, change) -> bytes:
    """A package with parts changed: `change` gets name and bytes, gives bytes or None to leave the part out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if (data := change(name, source.read(name))) is not None:
                target.writestr(name, data)
    return out.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    out = BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return out.getvalue()


@dataclass(frozen=True)
class Failed:
    """A cell whose formula failed."""

    shown: str = "#DIV/0!"


_CODES = {"#DIV/0!": 7, "#N/A": 42, "#REF!": 23, "#VALUE!": 15, "#NUM!": 36}


def xls(rows=ROWS, header=HEADER, hidden=()) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Vụ việc")
    for y, line in enumerate([header, *rows]):
        for x, value in enumerate(line):
            if isinstance(value, Failed):
                sheet.row(y).set_cell_error(x, _CODES[value.shown])
            elif isinstance(value, date):
                sheet.write(y, x, value, xlwt.easyxf(num_format_str="DD/MM/YYYY"))
            else:
                sheet.write(y, x, value)
    for y in hidden:
        sheet.row(y).hidden = True
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


def ods(rows=ROWS, header=HEADER, cell_extra="", hidden=()) -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, Failed):
            return f'<table:table-cell table:formula="of:=x" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{value.shown}</text:p></table:table-cell>'
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"><text:p>x</text:p></table:table-cell>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(
        f"<table:table-row{' table:visibility=' + chr(34) + 'filter' + chr(34) if y in hidden else ''}>{''.join(map(cell, row))}</table:table-row>"
        for y, row in enumerate([header, *rows])
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Trang1">{body}{cell_extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')  # fmt: skip
        archive.writestr("content.xml", content)
    return out.getvalue()


def points(crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {"ma_vu": ["G1", "G2"], "ngay": ["05/03/2026", "06/03/2026"], "loai": ["Trộm cắp", "Ma túy"]},
        geometry=[shapely.Point(105.435, 10.387), shapely.Point(105.43, 10.38)],
        crs="EPSG:4326",
    )
    return frame.to_crs(crs) if crs else frame


def zipped_shapefile(folder: Path, frame: gpd.GeoDataFrame, *, without: str = "") -> bytes:
    folder.mkdir(exist_ok=True)
    frame.to_file(folder / "diem.shp", encoding="utf-8")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.glob("diem.*")):
            if path.suffix != without:
                archive.write(path, path.name)
    return out.getvalue()


def kml(marks: str, *, prolog: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<kml xmlns="{KML}"><Document>{marks}</Document></kml>'.encode()
    )


def placemark(record: str, day: str, kind: str, lon: float, lat: float) -> str:
    data = {"ma_vu": record, "ngay": day, "loai": kind}
    fields = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in data.items())
    return f"<Placemark><ExtendedData>{fields}</ExtendedData><Point><coordinates>{lon},{lat}</coordinates></Point></Placemark>"


def geojson(features: list[dict]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def zip_bomb(megabytes: int) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(megabytes):
                part.write(b"0" * 1_000_000)
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def lying_zip() -> bytes:
    """A zip whose listing says an entry is small while it unpacks to much."""
    data = b"0" * 50_000_000
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(data) + packed.flush()
    name = b"xl/worksheets/sheet1.xml"
    crc = zlib.crc32(data)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 33, crc, len(body), 100, len(name), 0) + name + body
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 33, crc, len(body), 100, len(name), 0, 0, 0, 0, 0, 0
    )
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central) + len(name), len(local), 0)
    return local + central + name + end


def dated_rows(kind=date) -> list[list[object]]:
    days = [date(2024, 3, 5), date(2024, 3, 6), date(2025, 9, 7)]
    return [
        [row[0], datetime(d.year, d.month, d.day, 15, 30) if kind is datetime else d, *row[2:]]
        for row, d in zip(ROWS, days)
    ]
