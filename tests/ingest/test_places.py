import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import WGS84, project
from geo.errors import InputError
from geo.ingest.checking.coordinates import parse_crs, read_coordinates
from geo.ingest.recognising.angles import pairs, to_numbers
from geo.ingest.recognising.mapping import Mapping
from geo.schema import Dataset

CENTRES = pd.DataFrame({"lon": [105.43, 105.44, 105.42], "lat": [10.38, 10.37, 10.39]}, index=["1", "2", "3"])


def column(*texts):
    return pd.Series(texts, dtype="str")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.3875", 10.3875), ("10,3875", 10.3875), ("10°23'15\"", 10.3875), ("10° 23' 15\" N", 10.3875),
        ("10°23′15″B", 10.3875), ("10 23 15", 10.3875), ("10-23-15", 10.3875), ("10d23m15s", 10.3875), ("10độ23phút15giây", 10.3875),
        ("10°23,25'", 10.3875), ("10.3875°", 10.3875), ("1.148.523,25", 1148523.25), ("1,148,523.25", 1148523.25),
        ("1 148 523", 1148523), ("105,435", 105.435), ("abc", np.nan), ("", np.nan), ("10°75'00\"", np.nan), ("inf", np.nan),
        ("1e400", np.nan),
    ],
)  # fmt: skip
def test_coordinates_as_offices_write_them(text, value):
    assert to_numbers(column(text)).values == pytest.approx([value], nan_ok=True, abs=1e-9)


@given(st.floats(6, 118, allow_nan=False))
def test_degrees_minutes_seconds_come_back(value):
    degrees, rest = divmod(value * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{int(degrees)}°{int(minutes)}'{min(seconds, 59.9999):.4f}\""
    assert to_numbers(column(text)).values[0] == pytest.approx(value, abs=1e-6)


@given(st.lists(st.text(max_size=25), min_size=1, max_size=5))
def test_no_text_breaks_the_reader(texts):
    assert len(to_numbers(column(*texts)).values) == len(texts)
    assert len(pairs(column(*texts))[0]) == len(texts)


@pytest.mark.parametrize(
    "text", ["10.3875, 105.435", "10.3875 105.435", "(10.3875;105.435)", "10,3875; 105,435", "10°23'15\"N 105°26'06\"E"]
)
def test_both_coordinates_in_one_cell(text):
    first, second = pairs(column(text))
    assert to_numbers(first).values == pytest.approx([10.3875])
    assert to_numbers(second).values == pytest.approx([105.435])


def places(x, y, names=("x", "y"), *, crs=None, headings=("X", "Y"), codes=("1", "2", "3")):
    rows = pd.DataFrame({headings[0]: column(*map(str, x)), headings[1]: column(*map(str, y))})
    mapping = Mapping(Dataset.CASES, dict(zip(names, headings)))
    given_codes = pd.Series(list(codes)[: len(rows)], dtype=object)
    return read_coordinates(rows, mapping, crs=crs, codes=given_codes, centres=CENTRES, file="t.csv")


@pytest.mark.parametrize("system", ["EPSG:9208", "EPSG:9207", "EPSG:5897"])
@pytest.mark.parametrize("crossed", [False, True])
def test_metres_are_placed_with_the_datum_shift_to_within_a_centimetre(system, crossed):
    x, y = project(CENTRES.lon, CENTRES.lat, WGS84, system)
    found = places(y, x, crs=system) if crossed else places(x, y, crs=system)
    assert found.lon == pytest.approx(CENTRES.lon, abs=1e-7)
    assert found.lat == pytest.approx(CENTRES.lat, abs=1e-7)
    assert any(note.key == "ingest.note_northing" for note in found.notes) is crossed


@pytest.mark.parametrize("system", ["EPSG:9208", "EPSG:9207"])
def test_the_zone_is_told_by_the_units_that_the_rows_name(system):
    x, y = project(CENTRES.lon, CENTRES.lat, WGS84, system)
    found = places(x, y)
    assert found.lon == pytest.approx(CENTRES.lon, abs=1e-7)
    said = next(note for note in found.notes if note.key == "ingest.note_crs")
    assert system in said.message("vi")


def test_the_zone_is_told_by_a_meridian_in_the_heading():
    x, y = project(CENTRES.lon, CENTRES.lat, WGS84, "EPSG:9207")
    found = places(x, y, headings=("X (KTT 104°30')", "Y"), codes=("", "", ""))
    assert found.lon == pytest.approx(CENTRES.lon, abs=1e-7)


def test_metres_without_a_system_are_asked_about():
    x, y = project(CENTRES.lon, CENTRES.lat, WGS84, "EPSG:9208")
    with pytest.raises(InputError, match="EPSG:9208"):
        places(x, y, codes=("", "", ""))


def test_exchanged_degrees_are_put_right_and_said():
    found = places([10.38, 105.44], [105.43, 10.37], ("lon", "lat"))
    assert found.lon == pytest.approx([105.43, 105.44])
    assert [(note.key, dict(note.params)) for note in found.notes] == [("ingest.note_swapped", {"count": 1})]


def test_what_is_no_place_in_the_country_is_marked():
    found = places(["0", "105.4", "", "105.4"], ["0", "", "", "x"], ("lon", "lat"), codes=("1",) * 4)
    assert found.unreadable.tolist() == [True, False, False, True]
    assert found.half.tolist() == [False, True, False, False]
    assert np.isnan(found.lon).all()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("9208", "EPSG:9208"), ("epsg:9207", "EPSG:9207"), ("104.75", "EPSG:9208"), ("104°45'", "EPSG:9208"),
        ("VN-2000 104-30", "EPSG:9207"), ("105", "EPSG:5897"), ("WGS84", "EPSG:4326"),
    ],
)  # fmt: skip
def test_systems_by_code_or_meridian(text, name):
    assert parse_crs(text) == name


@pytest.mark.parametrize("text", ["", "abc", "999999", "104°10'"])
def test_systems_nobody_knows(text):
    with pytest.raises(InputError):
        parse_crs(text)
