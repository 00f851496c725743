"""Sessions that a report gives in parts: by priority area, topic and organiser."""

from datetime import date
from io import BytesIO

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from geo.ingest import commit
from geo.ingest.reporting.templates import template_bytes
from geo.schema import PART_COLUMNS, Dataset, Measure, Provenance, Query
from geo.store import Batch
from tests.ingest.test_pipeline import prepared

HEAD = "Tháng,Xã,Buổi tuyên truyền,Lượt người tham dự,Tin tố giác,Địa bàn trọng điểm,Chủ đề,Đơn vị tổ chức\n"


@pytest.fixture
def with_areas(store):
    """Two areas in An Phú, two of one name, and one elsewhere."""
    layer = store.snapshot().layer().set_index("code").geometry
    spots = {code: layer[code].representative_point() for code in ("30337", "30346")}
    near = shapely.affinity.translate(spots["30337"], 0.002)
    frame = {
        "key": ["a1", "a2", "a3", "a4"],
        "name": ["Khu công nghiệp Bắc", "Chợ Lớn", "Chợ Lớn", "Khu công nghiệp Nam"],
        "kind": ["industrial_park", "complex_area", "urban_centre", "industrial_park"],
        "invented": True,
    }
    shapes = [spots["30337"].buffer(0.004), near.buffer(0.003), near.buffer(0.002), spots["30346"].buffer(0.004)]
    zones = gpd.GeoDataFrame(frame, geometry=shapes, crs=4326)
    store.append(Batch(Dataset.ZONES, zones, Provenance("z", "1", "t")))
    return store


def _said(preview) -> list[tuple[int, str]]:
    return list(preview.checked.problems[["row", "key"]].itertuples(index=False, name=None))


def test_the_parts_of_a_month_come_in_and_add_up_to_it(with_areas, given):
    preview = given(
        HEAD + "09/2026,An Phú,3,120,5,Khu công nghiệp Bắc,ma túy,công an\n09/2026,An Phú,2,60,,,Ma tuý,MTTQ\n"
        "09/2026,An Phú,1,30,,a3,,\n09/2026,Nhơn Hội,4,90,2,,,\n",
        "bao-cao.csv", store=with_areas,
    )  # fmt: skip
    assert _said(preview) == []
    commit(preview, with_areas, who="t")
    rows = with_areas.snapshot().parts(Measure.SESSION)
    assert rows[[*PART_COLUMNS, "value"]].to_numpy().tolist() == [
        ["a1", "drugs", "police", 3], ["", "drugs", "front", 2], ["a3", "", "", 1],
    ]  # fmt: skip
    recorded = with_areas.query(_september(Measure.SESSION)).set_index("unit_code")["value"]
    assert recorded.to_dict() == {"30337": 6, "30346": 4}
    assert with_areas.query(_september(Measure.ATTENDANCE))["value"].tolist() == [210, 90]
    assert with_areas.query(_september(Measure.TIP))["value"].tolist() == [5, 2]


def _september(measure: Measure) -> Query:
    return Query(measure, date(2026, 9, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("09/2026,An Phú,2,60,,,chăn nuôi,MTTQ", "code_unknown"),
        ("09/2026,An Phú,2,60,,,Ma túy,Hội đồng", "code_unknown"),
        ("09/2026,An Phú,2,60,,Khu công nghiệp Bác,,", ""),
        ("09/2026,An Phú,2,60,,Khu chế xuất,,", "area_unknown"),
        ("09/2026,An Phú,2,60,,Chợ Lớn,,", "area_several"),
        ("09/2026,An Phú,2,60,,Khu công nghiệp Nam,,", "area_elsewhere"),
        ("09/2026,An Phú,2,60,3,,Ma túy,", "count_once"),
        ("09/2026,An Phú,-2,60,,,Ma túy,", "count_negative"),
        ("13/2026,An Phú,2,60,,,Ma túy,", "part_refused"),
        (",An Phú,2,60,,,Ma túy,", "part_refused"),
        ("09/2026,An Phú,3,110,5,,,", "conflict_in_file"),
    ],
)
def test_a_month_comes_in_whole_or_not_at_all(with_areas, given, row, key):
    """A sum without one of its parts would be another count, and nobody would see it."""
    good = "09/2026,An Phú,3,120,5,,,\n09/2026,An Phú,1,20,,,Cờ bạc,\n09/2026,Nhơn Hội,4,90,2,,,\n"
    preview = given(HEAD + good + row + "\n", "bao-cao.csv", store=with_areas)
    codes = set(preview.checked.rows["unit_code"])
    if not key:
        assert _said(preview) == []
        return
    assert key in {said for _, said in _said(preview)}
    assert codes == {"30346"}
    assert "part_refused" in {said for _, said in _said(preview)}
    assert preview.rejected == 3
    commit(preview, with_areas, who="t")
    assert with_areas.query(_september(Measure.SESSION))["unit_code"].tolist() == ["30346"]


def test_a_part_that_stands_there_twice_is_left_out_once(given, store):
    twice = "09/2026,An Phú,3,120,,,Ma túy,\n"
    preview = given(HEAD + twice + "09/2026,An Phú,1,20,,,Cờ bạc,\n" + twice, "bao-cao.csv", store=store)
    assert [key for _, key in _said(preview)] == ["count_twice_in_file", "count_twice_in_file"]
    commit(preview, store, who="t")
    assert store.query(_september(Measure.SESSION))["value"].tolist() == [4]


def test_parts_are_compared_with_the_store_by_their_sum(given, store):
    whole = "Tháng,Xã,Buổi tuyên truyền\n09/2026,An Phú,4\n"
    commit(given(whole, "a.csv", store=store), store, who="t")
    head = "Tháng,Xã,Buổi tuyên truyền,Chủ đề\n"
    same = given(head + "09/2026,An Phú,3,Ma túy\n09/2026,An Phú,1,Cờ bạc\n", "b.csv", store=store)
    assert {key for _, key in _said(same)} == {"duplicate_in_store"}
    other = given(head + "09/2026,An Phú,3,Ma túy\n09/2026,An Phú,2,Cờ bạc\n", "c.csv", store=store)
    assert {key for _, key in _said(other)} == {"conflict_in_store"}
    assert len(same.checked.rows) == len(other.checked.rows) == 0


def test_a_report_in_parts_that_comes_again_is_there(given, store):
    head = "Tháng,Xã,Buổi tuyên truyền,Chủ đề\n"
    text = head + "09/2026,An Phú,3,Ma túy\n09/2026,An Phú,1,Cờ bạc\n"
    commit(given(text, "b.csv", store=store), store, who="t")
    again = given(text.replace("Ma túy", "ma tuý"), "c.csv", store=store)
    assert {key for _, key in _said(again)} == {"duplicate_in_store"}
    single = given("Tháng,Xã,Buổi tuyên truyền\n09/2026,An Phú,4\n", "d.csv", store=store)
    assert {key for _, key in _said(single)} == {"duplicate_in_store"}


def test_whether_tips_were_reported_is_all_that_is_said_of_them(given, store):
    commit(given(HEAD + "09/2026,An Phú,3,120,5,,Ma túy,\n", "a.csv", store=store), store, who="t")
    for tips in (4, 5, 6):
        again = given(HEAD + f"09/2026,An Phú,3,120,{tips},,Ma túy,\n", "b.csv", store=store)
        assert {key for _, key in _said(again)} == {"duplicate_in_store", "reported_in_store"}


def test_the_template_offers_topics_organisers_and_areas(tmp_path, with_areas):
    names = sorted(set(with_areas.zones()["name"]))
    content = template_bytes(Dataset.MONTHLY, areas=names)
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-3:] == ["Địa bàn trọng điểm", "Chủ đề", "Đơn vị tổ chức"]
    lists = {column[0].value: [c.value for c in column[1:] if c.value] for column in book["DanhMuc"].iter_cols()}
    assert lists["area"] == names
    assert "Ma túy" in lists["topic"]
    assert lists["organiser"] == ["Công an", "Mặt trận", "Tổ chức thành viên"]
    row = {"Tháng *": pd.Timestamp(2026, 9, 1), "Xã, phường, đặc khu *": "Xã An Phú", "Buổi tuyên truyền": 3,
           "Địa bàn trọng điểm": names[1], "Chủ đề": "Ma túy", "Đơn vị tổ chức": "Mặt trận"}  # fmt: skip
    for n, head in enumerate(heads, 1):
        sheet.cell(2, n, next((value for name, value in row.items() if name.rstrip(" *") == head.rstrip(" *")), None))
    raw = BytesIO()
    book.save(raw)
    preview = prepared(with_areas, tmp_path, raw.getvalue(), "mau.xlsx")
    assert _said(preview) == []
    assert preview.checked.rows[[*PART_COLUMNS, "value"]].to_numpy().tolist() == [["a1", "drugs", "front", 3]]
