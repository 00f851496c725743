"""A point against the commune its row names, and options that cannot have an effect."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import InputError
from geo.ingest import commit, prepare
from geo.ingest.checking.reference import reference_of
from geo.schema import UnitSystem
from geo.units import boundaries
from geo.units.boundaries import default_units
from tests.ingest import files
from tests.ingest.conftest import TODAY, write
from tests.ingest.files import csv_text, workbook

HEADER = ["Mã vụ", "Ngày xảy ra", "Xã/phường", "Huyện", "Loại vụ", "Kinh độ", "Vĩ độ"]


def rows(*places, unit="Phường Long Xuyên", district=""):
    lines = [
        [f"V{n}/2026", "05/09/2026", unit, district, "Trộm cắp", f"{x:.6f}", f"{y:.6f}"]
        for n, (x, y) in enumerate(places)
    ]
    return csv_text(lines, HEADER)


@pytest.fixture(scope="module")
def long_xuyen():
    return default_units().set_index("code").geometry["30307"]


def away(shape, metres):
    """A point so many metres east of a shape's easternmost place."""
    m = gpd.GeoSeries([shape], crs=4326).to_crs(32648).iloc[0]
    coords = shapely.get_coordinates(m)
    x, y = coords[np.argmax(coords[:, 0])]
    found = gpd.GeoSeries([shapely.Point(x + metres, y)], crs=32648).to_crs(4326).iloc[0]
    return found.x, found.y


@pytest.fixture
def exact(store):
    """The same store on boundaries that count as exact."""
    units = boundaries.default_units()
    from datetime import date

    from geo.units.frames import frames

    ready = boundaries.prepare(
        units, province="91", valid_from=date(2025, 7, 1), system=UnitSystem.CURRENT, name="x", approximate=False
    )
    store.add_boundaries(
        ready.units, system=UnitSystem.CURRENT, name="x", valid_from=date(2025, 7, 1), source="s", licence="l",
        topology=ready.topology, frames=[{"bounds": list(f.bounds), "codes": list(f.codes)} for f in frames(ready.units)], approximate=False,
    )  # fmt: skip
    return store


def test_approximate_boundaries_warn_and_refuse_only_what_no_boundary_explains(given, long_xuyen):
    text = rows(away(long_xuyen, -2000), away(long_xuyen, 1500), away(long_xuyen, 6000), (104.48, 10.38))
    preview = given(text, lang="en")
    assert preview.checked.rows["record_id"].tolist() == ["V0/2026", "V1/2026", "V2/2026"]
    warnings = preview.checked.warnings
    assert list(zip(warnings["row"], warnings["key"])) == [(4, "place_other_unit_approximate")]
    assert "6.0 km from the commune named" in warnings["advice"].iloc[0]
    problems = preview.checked.problems
    assert list(zip(problems["row"], problems["key"])) == [(5, "place_other_unit")]
    assert float(problems["advice"].iloc[0].partition(" km")[0].rpartition(" ")[2]) > 25
    assert preview.checked.rejected.index.tolist() == [5]


def test_real_boundaries_refuse_beyond_half_a_kilometre(exact, tmp_path, long_xuyen):
    path = write(tmp_path / "v.csv", rows(away(long_xuyen, -500), away(long_xuyen, 300), away(long_xuyen, 900)))
    preview = prepare(path, store=exact, today=TODAY)
    assert preview.checked.rows["record_id"].tolist() == ["V0/2026", "V1/2026"]
    assert list(preview.checked.problems["key"]) == ["place_other_unit"]
    assert preview.checked.warnings.empty
    assert "0,9 km" in preview.checked.problems["advice"].iloc[0]


def test_a_former_unit_is_where_its_heirs_are(given, long_xuyen):
    inside = long_xuyen.representative_point()
    text = csv_text(
        [["V1/2024", "05/03/2024", "Mỹ Bình", "Long Xuyên", "Trộm cắp", str(inside.x), str(inside.y)]], HEADER
    )
    preview = given(text)
    assert (preview.accepted, len(preview.checked.warnings)) == (1, 0)
    text = csv_text([["V1/2024", "05/03/2024", "Mỹ Bình", "Long Xuyên", "Trộm cắp", "104.48", "10.38"]], HEADER)
    assert list(given(text).checked.problems["key"]) == ["place_other_unit"]


def test_a_warned_row_imported_again_is_a_duplicate_only(store, tmp_path, long_xuyen):
    path = write(tmp_path / "v.csv", rows(away(long_xuyen, 6000)))
    commit(prepare(path, store=store, today=TODAY), store, who="t")
    again = prepare(path, store=store, today=TODAY)
    assert (again.accepted, again.checked.duplicates, len(again.checked.warnings)) == (0, 1, 0)


def test_distances_agree_with_geopandas(bare):
    ground = reference_of(bare, lang="vi", today=TODAY).ground
    units = ground.current
    rng = np.random.default_rng(3)
    west, south, east, north = units.total_bounds
    lon, lat = rng.uniform(west, east, 300), rng.uniform(south, north, 300)
    chosen = rng.integers(0, len(units), 300)
    codes = units["code"].to_numpy(object)[chosen]
    found = ground.metres_outside(lon, lat, np.full(300, "current", object), codes)
    metric = units.geometry.to_crs(32648).reset_index(drop=True)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(32648)
    assert found == pytest.approx([metric[c].distance(p) for c, p in zip(chosen, points)], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "make", "options", "key"),
    [
        ("v.csv", lambda _: csv_text(), {"sheet": "A"}, "ingest.sheet_no_effect"),
        ("v.csv", lambda _: csv_text(), {"crs": "EPSG:9208"}, "ingest.crs_no_effect"),
        ("v.xlsx", lambda _: workbook(), {"encoding": "tcvn3"}, "ingest.encoding_no_effect"),
        ("v.xlsx", lambda _: workbook(), {"separator": ";"}, "ingest.separator_no_effect"),
        ("v.xlsx", lambda _: workbook(), {"crs": "104°45'"}, "ingest.crs_no_effect"),
        ("v.kml", lambda _: files.kml(files.placemark("K1", "05/03/2026", "Trộm cắp", 105.435, 10.387)), {"encoding": "utf-8"}, "ingest.encoding_no_effect"),
        ("v.geojson", lambda p: _saved(p, "v.geojson"), {"encoding": "utf-8"}, "ingest.encoding_no_effect"),
        ("v.gpkg", lambda p: _saved(p, "v.gpkg"), {"crs": "EPSG:9208"}, "ingest.crs_no_effect"),
        ("v.zip", lambda p: files.zipped_shapefile(p / "s", files.points()), {"separator": ","}, "ingest.separator_no_effect"),
        ("v.zip", lambda p: files.zipped_shapefile(p / "s", files.points()), {"sheet": "khac"}, "ingest.no_sheet"),
        ("t.csv", lambda _: "Tháng,Xã,Số tin tố giác\n3/2026,Phường Long Xuyên,5\n", {"crs": "EPSG:9208"}, "ingest.crs_no_effect"),
    ],
)  # fmt: skip
def test_an_option_without_effect_is_refused(name, make, options, key, bare, tmp_path):
    with pytest.raises(InputError) as caught:
        prepare(write(tmp_path / name, make(tmp_path)), store=bare, today=TODAY, **options)
    assert caught.value.key == key
    assert next(iter(options.values())) in caught.value.message("vi")


def _saved(folder, name):
    files.points().to_file(folder / f"made-{name}")
    return (folder / f"made-{name}").read_bytes()


def test_options_with_an_effect_still_have_it(bare, tmp_path):
    path = write(tmp_path / "v.zip", files.zipped_shapefile(tmp_path / "s", files.points()))
    assert prepare(path, store=bare, today=TODAY, encoding="utf-8", sheet="diem").accepted == 2
    metres = files.zipped_shapefile(tmp_path / "m", files.points("EPSG:9208"), without=".prj")
    assert prepare(write(tmp_path / "m.zip", metres), store=bare, today=TODAY, crs="EPSG:9208").accepted == 2
    path = write(tmp_path / "v.csv", csv_text(separator=";"))
    assert prepare(path, store=bare, today=TODAY, separator=";", encoding="utf-8").accepted == 3
