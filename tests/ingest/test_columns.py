import json

import pandas as pd
import pytest

from geo.errors import InputError
from geo.ingest.reading.grid import column_names, find_header
from geo.ingest.recognising.columns import is_known_heading, propose
from geo.ingest.recognising.fields import VOCABULARY
from geo.ingest.recognising.mapping import Mapping, signature
from geo.ingest.recognising.recall import recall, remember
from geo.ingest.source import RawTable
from geo.personal.titles import masked_title
from geo.schema import Dataset
from geo.text import fold


def table(**columns):
    rows = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    return RawTable("t", tuple(rows.columns), rows, 2)


def headed(*header, first=()):
    return table(**{name: [first[n] if n < len(first) else "1"] for n, name in enumerate(header)})


@pytest.mark.parametrize(
    ("header", "dataset", "expected"),
    [
        (["STT", "Mã vụ", "Ngày xảy ra", "Xã/phường", "Loại vụ"], Dataset.CASES,
         {"record_id": "Mã vụ", "date": "Ngày xảy ra", "unit": "Xã/phường", "kind": "Loại vụ"}),
        (["SO HO SO", "NGAY XAY RA *", "TEN XA", "HUYEN", "TOI DANH", "KET QUA"], Dataset.CASES,
         {"record_id": "SO HO SO", "date": "NGAY XAY RA *", "unit": "TEN XA", "district": "HUYEN", "kind": "TOI DANH", "status": "KET QUA"}),
        (["Case ID", "Event date", "Commune", "Category", "Longitude", "Latitude"], Dataset.CASES,
         {"record_id": "Case ID", "date": "Event date", "unit": "Commune", "kind": "Category", "lon": "Longitude", "lat": "Latitude"}),
        (["Ngày triệt xóa", "Xã", "Hình thức đánh bạc", "Tọa độ X (m)", "Tọa độ Y (m)"], Dataset.DENS,
         {"date": "Ngày triệt xóa", "unit": "Xã", "kind": "Hình thức đánh bạc", "x": "Tọa độ X (m)", "y": "Tọa độ Y (m)"}),
        (["Tháng", "Đơn vị", "Chỉ tiêu", "Số lượng"], Dataset.MONTHLY,
         {"month": "Tháng", "unit": "Đơn vị", "measure": "Chỉ tiêu", "value": "Số lượng"}),
        (["Xã", "Năm", "Dân số (người)"], Dataset.POPULATION, {"unit": "Xã", "year": "Năm", "people": "Dân số (người)"}),
    ],
)  # fmt: skip
def test_columns_are_recognised_with_and_without_marks(header, dataset, expected):
    mapping = propose(headed(*header), dataset)
    assert mapping.columns == expected
    assert set(mapping.unmapped) == set(header) - set(expected.values())


def test_a_wide_monthly_table_has_one_column_per_measure():
    header = ["Tháng", "Xã", "Tổng số tin tố giác", "Tin có giá trị", "Số buổi tuyên truyền", "Lượt người tham dự",
              "Buổi tuyên truyền chỉ tiêu 19.2", "Thư kêu gọi", "Tờ bướm"]  # fmt: skip
    mapping = propose(headed(*header))
    assert mapping.dataset is Dataset.MONTHLY
    assert mapping.measures == {
        "tip": header[2], "useful_tip": header[3], "session": header[4], "attendance": header[5],
        "session_192": header[6], "letter": header[7], "leaflet": header[8],
    }  # fmt: skip
    assert not mapping.missing


def test_the_words_in_the_column_of_kinds_tell_cases_from_dens():
    header = ["Ngày", "Xã", "Loại"]
    assert propose(headed(*header, first=["1", "1", "Đá gà"])).dataset is Dataset.DENS
    assert propose(headed(*header, first=["1", "1", "Trộm cắp"])).dataset is Dataset.CASES


def test_half_a_place_is_no_place():
    mapping = propose(headed("Ngày", "Xã", "Loại vụ", "Kinh độ"), Dataset.CASES)
    assert "lon" not in mapping.columns
    assert not mapping.has_place


def test_a_table_of_nothing_known_is_asked_about():
    with pytest.raises(InputError, match="alpha, beta"):
        propose(headed("alpha", "beta"))
    assert propose(headed("alpha"), Dataset.ZONES).missing == ("name", "kind", "shape")


def test_a_mapping_survives_json():
    mapping = propose(headed("Tháng", "Xã", "Tin tố giác"))
    again = Mapping.from_dict(json.loads(json.dumps(mapping.to_dict())))
    assert (again.dataset, again.columns, again.measures) == (mapping.dataset, mapping.columns, mapping.measures)


@pytest.mark.parametrize(
    "broken", [{}, {"dataset": "x"}, {"dataset": "cases", "columns": {"no": "A"}}, {"dataset": "cases", "columns": 3}]
)
def test_a_mapping_of_something_else_is_refused(broken):
    with pytest.raises(InputError):
        Mapping.from_dict(broken)


def test_a_mapping_must_fit_the_table():
    with pytest.raises(InputError, match="unit"):
        Mapping(Dataset.CASES, {"date": "A", "kind": "B"}).check(("A", "B"))
    with pytest.raises(InputError, match="no column"):
        Mapping(Dataset.CASES, {"date": "A", "kind": "B", "unit": "C"}).check(("A", "B"))
    with pytest.raises(InputError, match="lon"):
        Mapping(Dataset.CASES, {"date": "A", "kind": "B", "unit": "C", "lon": "D"}).check(("A", "B", "C", "D"))


def test_a_confirmed_mapping_is_remembered_for_the_same_headings(store):
    header = ("A", "B", "C", "D")
    mapping = Mapping(Dataset.CASES, {"date": "A", "kind": "B", "unit": "C"})
    assert recall(store.texts, header) is None
    remember(store.texts, header, mapping)
    found = recall(store.texts, header)
    assert (found.columns, found.unmapped) == (mapping.columns, ("D",))
    assert recall(store.texts, ("A", "B", "C")) is None
    assert signature(header) != signature(header[::-1])
    for broken in ("[broken", "[]", '{"dataset": "cases", "columns": {"date": 9}, "measures": {}}'):
        store.texts.change("mapping", signature(header), lambda _, text=broken: text)
        assert recall(store.texts, header) is None


def test_no_heading_is_kept_with_a_mapping(store):
    header = ("Nguyễn Văn A", "B", "C")
    remember(store.texts, header, Mapping(Dataset.CASES, {"date": "Nguyễn Văn A", "kind": "B", "unit": "C"}))
    assert [text.text for text in store.texts.all("mapping")] == [
        '{"dataset": "cases", "columns": {"date": 0, "kind": 1, "unit": 2}, "measures": {}}'
    ]


def test_merged_headers_of_two_rows_become_one_name_per_column():
    rows = [
        ["BÁO CÁO", "", "", "", ""],
        ["TT", "Xã", "Tin tố giác", "", "Ngày"],
        ["", "", "Tổng số", "Có giá trị", ""],
        ["1", "An Phú", "5", "2", "1/1/2024"],
    ]
    merged = [((0, 0), (0, 4)), ((1, 0), (2, 0)), ((1, 1), (2, 1)), ((1, 2), (1, 3)), ((1, 4), (2, 4))]
    span = find_header(rows, merged, VOCABULARY)
    assert span == (1, 3)
    names = ("TT", "Xã", "Tin tố giác Tổng số", "Tin tố giác Có giá trị", "Ngày")
    assert column_names(rows, merged, span, 5) == names
    assert find_header(rows, [], VOCABULARY) == (1, 3)
    assert column_names(rows, [], span, 5) == names


def test_columns_of_the_same_name_are_told_apart():
    rows = [["A", "A", ""], ["1", "2", "3"]]
    assert column_names(rows, [], find_header(rows, [], VOCABULARY), 3) == ("A", "A (2)", "Cột 3")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["Ngày", "Địa bàn Xã", "Địa bàn Huyện", "Loại vụ", "Tọa độ Kinh độ", "Tọa độ Vĩ độ"],
         {"unit": "Địa bàn Xã", "district": "Địa bàn Huyện", "lon": "Tọa độ Kinh độ", "lat": "Tọa độ Vĩ độ"}),
        (["Ngày", "Nơi xảy ra Tỉnh", "Nơi xảy ra Huyện", "Nơi xảy ra Xã", "Loại vụ"],
         {"unit": "Nơi xảy ra Xã", "district": "Nơi xảy ra Huyện", "province": "Nơi xảy ra Tỉnh"}),
        (["Ngày", "Xã", "Loại vụ", "Vị trí VN-2000 (104°45') X (m)", "Vị trí VN-2000 (104°45') Y (m)"],
         {"unit": "Xã", "x": "Vị trí VN-2000 (104°45') X (m)", "y": "Vị trí VN-2000 (104°45') Y (m)"}),
        (["Ngày", "Xã", "Loại vụ", "Tọa độ - Vĩ độ", "Tọa độ - Kinh độ"],
         {"unit": "Xã", "lat": "Tọa độ - Vĩ độ", "lon": "Tọa độ - Kinh độ"}),
        (["Ngày", "Xã", "Loại vụ", "Tọa độ"], {"unit": "Xã", "place": "Tọa độ"}),
    ],
)  # fmt: skip
def test_parts_below_one_heading_are_told_by_what_stands_below(header, expected):
    columns = propose(headed(*header), Dataset.CASES).columns
    assert {name: column for name, column in columns.items() if name not in ("date", "kind")} == expected


def test_one_column_that_ends_like_a_part_is_not_one():
    columns = propose(
        headed("Ngày", "Xã", "Loại vụ", "Số liệu toàn huyện", "Nguồn vị trí vĩ độ"), Dataset.CASES
    ).columns
    assert set(columns) == {"date", "unit", "kind"}


def test_measures_below_one_heading_are_told_by_what_stands_below():
    header = ["Đơn vị", "Tháng", "Tin tố giác Tổng số tin", "Tin tố giác Tin có giá trị", "Tuyên truyền Số buổi",
              "Tuyên truyền Lượt người"]  # fmt: skip
    assert propose(headed(*header), Dataset.MONTHLY).measures == {
        "tip": header[2], "useful_tip": header[3], "session": header[4], "attendance": header[5],
    }  # fmt: skip


@pytest.mark.parametrize("written", [str, str.upper, str.title, fold, lambda text: fold(text).upper()])
def test_no_known_heading_is_taken_for_a_name(written):
    for heading in VOCABULARY:
        text = written(heading)
        assert is_known_heading(text) or masked_title(text) == text, text


@pytest.mark.parametrize("heading", ["Nguyễn Văn An", "NGUYEN VAN AN", "Vũ Thị Nam", "0912345678"])
def test_a_name_is_no_known_heading(heading):
    assert not is_known_heading(heading)
    assert masked_title(heading) != heading
