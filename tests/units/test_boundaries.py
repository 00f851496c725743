"""Reading what offices hand over, and saying what is wrong with the rest."""

import json
import os
import unicodedata
import zipfile
from datetime import date
from typing import get_args

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.errors import InputError
from geo.schema import UnitSystem
from geo.text import LANGS, catalogue, t
from geo.units.boundaries import default_units, legacy_units, prepare, read_units, select_province
from geo.units.coverage import IssueKind

METRIC = "EPSG:32648"


@pytest.fixture(scope="module")
def some():
    return default_units().iloc[:12].reset_index(drop=True)


def same(found: gpd.GeoDataFrame, expected: gpd.GeoDataFrame) -> bool:
    moved = shapely.hausdorff_distance(
        found.to_crs(METRIC).geometry.to_numpy(), expected.to_crs(METRIC).geometry.to_numpy()
    )
    return found.drop(columns="geometry").equals(expected.drop(columns="geometry")) and moved.max() < 1


@pytest.mark.parametrize("name", ["u.gpkg", "u.geojson", "u.parquet", "u.shp"])
def test_every_format_gives_the_same_units(some, tmp_path, name):
    path = tmp_path / name
    some.to_parquet(path) if name.endswith("parquet") else some.to_file(path)
    found = read_units(path)
    assert list(found.columns) == ["code", "name", "kind", "geometry"]
    assert found.crs.to_epsg() == 4326
    assert same(found, some)


def test_a_geopackage_of_an_office(real_units):
    assert len(real_units) == 102
    assert real_units.code.is_monotonic_increasing
    assert real_units.kind.value_counts().to_dict() == {"xã": 85, "phường": 14, "đặc khu": 3}
    assert all(unicodedata.is_normalized("NFC", name) for name in real_units.name)


def test_a_shapefile_in_vn2000_and_tcvn3(boundaries, real_units):
    found = read_units(boundaries / "vn2000_tcvn3_communes.zip")
    assert found.drop(columns="geometry").equals(real_units.drop(columns="geometry"))
    here, there = found.to_crs(METRIC).geometry, real_units.to_crs(METRIC).geometry
    assert here.centroid.distance(there.centroid).max() < 100
    assert here.centroid.distance(there.centroid).median() < 10
    assert (here.intersection(there).area / here.union(there).area).mean() > 0.95


def test_former_units_load_too(boundaries):
    found = read_units(boundaries / "an_giang_legacy.gpkg")
    listed = legacy_units()
    assert found.code.tolist() == listed.code.tolist()
    assert found.kind.tolist() == listed.kind.tolist()
    prepared = prepare(found, province="91", system=UnitSystem.LEGACY)
    assert not prepared.report.of("unknown") + prepared.report.of("missing")


def test_any_province_comes_out_of_the_layer_of_the_country(boundaries):
    country = read_units(boundaries / "vietnam_2025.parquet")
    assert len(country) == 3321
    assert len(select_province(country, "91")) == 102
    hanoi = prepare(country, province="01")
    assert len(hanoi.units) == 126
    with pytest.raises(InputError, match="05"):
        select_province(country, "05")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_shapefiles_without_cpg(some, tmp_path, encoding):
    path = write_shapefile(some, tmp_path, encoding)
    assert same(read_units(path), some)


def test_a_wrong_encoding_can_be_overruled(some, tmp_path):
    path = write_shapefile(some, tmp_path, "utf-8")
    path.with_suffix(".cpg").write_text("1258")
    with pytest.raises(InputError, match="MĂ£ xĂ£"):
        read_units(path)
    assert read_units(path, encoding="utf-8").name.tolist() == some.name.tolist()
    with pytest.raises(InputError, match="klingon"):
        read_units(path, encoding="klingon")


@pytest.mark.parametrize("told", ["ISO-8859-1", "1252"])
def test_a_cpg_that_names_an_encoding_without_vietnamese_is_not_believed(some, tmp_path, told):
    path = write_shapefile(some, tmp_path, "cp1258")
    path.with_suffix(".cpg").write_text(told)
    assert read_units(path).name.tolist() == some.name.tolist()


def write_shapefile(units: gpd.GeoDataFrame, folder, encoding: str):
    """A shapefile with Vietnamese column names whose .dbf says nothing about its encoding."""
    path = folder / "xa.shp"
    units[["geometry"]].assign(x=1).to_file(path)
    rows = [[row.code, f"{row.kind} {row.name}"] for row in units.itertuples(index=False)]
    path.with_suffix(".dbf").write_bytes(dbf(["Mã xã", "Tên xã"], rows, encoding))
    path.with_suffix(".cpg").unlink()
    return path


def dbf(header: list[str], rows: list[list[str]], encoding: str) -> bytes:
    def encoded(text: str) -> bytes:
        if encoding != "cp1258":
            return text.encode(encoding)
        out = ""
        for char in text:
            tones = [c for c in unicodedata.normalize("NFD", char) if c in "\u0300\u0301\u0303\u0309\u0323"]
            rest = "".join(c for c in unicodedata.normalize("NFD", char) if c not in tones)
            out += unicodedata.normalize("NFC", rest) + "".join(tones)
        return out.encode("cp1258")

    width = 60
    fields = b"".join(encoded(h).ljust(11, b"\0")[:11] + b"C" + bytes(4) + bytes([width]) + bytes(15) for h in header)
    size = 1 + width * len(header)
    head = b"\x03\x7e\x01\x01" + len(rows).to_bytes(4, "little") + (33 + len(fields)).to_bytes(2, "little")
    body = b"".join(b" " + b"".join(encoded(cell).ljust(width) for cell in row) for row in rows)
    return head + size.to_bytes(2, "little") + bytes(20) + fields + b"\r" + body + b"\x1a"


@pytest.mark.parametrize(("epsg", "prj"), [(9208, "esri"), (9208, None), (9207, None), (9207, "unnamed datum")])
def test_vn2000_however_it_is_declared(some, tmp_path, epsg, prj):
    path = tmp_path / "xa.shp"
    some.to_crs(epsg).to_file(path, encoding="utf-8")
    if prj is None:
        path.with_suffix(".prj").unlink()
    if prj == "unnamed datum":
        text = path.with_suffix(".prj").read_text()
        path.with_suffix(".prj").write_text(text.replace("D_Vietnam_2000", "D_Unknown").replace("VN-2000", "Local"))
    assert same(read_units(path), some)


def test_systems_too_alike_to_tell_apart_are_asked_for(some, tmp_path):
    """UTM zone 48N and TM-3 zone 482 differ by some 300 m here: no guess is made."""
    path = tmp_path / "xa.shp"
    some.to_crs(3405).to_file(path, encoding="utf-8")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError) as error:
        read_units(path)
    assert error.value.key == "units.no_crs"


def test_degrees_without_a_declared_system_are_wgs84(some, tmp_path):
    path = tmp_path / "xa.shp"
    some.to_file(path, encoding="utf-8")
    path.with_suffix(".prj").unlink()
    assert same(read_units(path), some)


def test_a_folder_of_one_file_per_unit(some, tmp_path):
    for code in some.code:
        some[some.code == code].to_file(tmp_path / f"{code}.geojson")
    assert same(read_units(tmp_path), some)


def test_a_zip_of_one_file_per_unit(some, tmp_path):
    with zipfile.ZipFile(tmp_path / "xa.zip", "w") as archive:
        for code in some.code:
            archive.writestr(f"ranh gioi/{code}.geojson", some[some.code == code].to_json(drop_id=True))
    assert same(read_units(tmp_path / "xa.zip"), some)


def test_columns_are_found_under_usual_names(some, tmp_path):
    table = some.rename(columns={"code": "Mã ĐVHC", "name": "Tên đơn vị hành chính"}).drop(columns="kind")
    table["Tên đơn vị hành chính"] = some.kind.str.capitalize() + " " + some.name
    table["Mã ĐVHC"] = table["Mã ĐVHC"].astype(int)
    table.to_file(tmp_path / "xa.gpkg", layer="ranh_gioi")
    assert same(read_units(tmp_path / "xa.gpkg"), some)


def _in_layers(path, some, **names):
    """A GeoPackage of several layers, in this order: of communes, or of their province."""
    for name, holds in names.items():
        frame = (
            some
            if holds == "communes"
            else some.dissolve().assign(code="91", name="An Giang")[["code", "name", "geometry"]]
        )
        frame.to_file(path, layer=name)
    return path


@pytest.mark.parametrize(
    "names", [{"tinh": "province", "xa_2025": "communes"}, {"communes": "communes", "provinces": "province"}]
)
def test_of_several_layers_the_communes_are_read_in_any_order_and_the_others_named(some, tmp_path, names):
    path = _in_layers(tmp_path / "a.gpkg", some, **names)
    assert same(read_units(path), some)
    others = [name for name, holds in names.items() if holds != "communes"]
    assert [issue.names for issue in prepare(path, province="91").report.issues if issue.kind == "layer"] == [
        tuple(others)
    ]


def test_where_no_layer_or_several_are_called_after_communes_it_is_asked_which(some, tmp_path):
    for n, names in enumerate([{"a": "province", "b": "communes"}, {"xa cu": "communes", "xa moi": "communes"}]):
        path = _in_layers(tmp_path / f"{n}.gpkg", some, **names)
        with pytest.raises(InputError) as error:
            read_units(path)
        assert error.value.key == "units.several_layers"
        assert all(name in error.value.message("vi") for name in names)
        assert same(read_units(path, layer=list(names)[1]), some)
        with pytest.raises(InputError) as error:
            read_units(path, layer="c")
        assert error.value.key == "units.no_layer"


def test_of_several_files_in_a_zip_one_is_chosen_by_its_name(some, tmp_path):
    (tmp_path / "z").mkdir()
    for name in ("mot", "hai"):
        some.to_file(tmp_path / "z" / f"{name}.gpkg")
    with pytest.raises(InputError, match="--layer"):
        read_units(tmp_path / "z")
    assert same(read_units(tmp_path / "z", layer="hai"), some)
    some.to_file(tmp_path / "one.geojson")
    with pytest.raises(InputError) as error:
        read_units(tmp_path / "one.geojson", layer="x")
    assert error.value.key == "units.no_layer"


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp", "parquet"])
def test_a_mark_that_gdal_takes_for_an_archive_may_be_in_the_path(some, tmp_path, suffix):
    folder = tmp_path / "ban do!moi"
    folder.mkdir()
    path = folder / f"xã!1.{suffix}"
    if suffix == "parquet":
        some.to_parquet(path)
    else:
        some.to_file(tmp_path / f"plain.{suffix}", encoding="utf-8")
        for made in tmp_path.glob("plain.*"):
            made.rename(folder / f"xã!1{made.suffix}")
    assert same(read_units(path), some)


def test_decomposed_text_and_third_dimension_are_put_right(some, tmp_path):
    odd = some.assign(name=some.name.map(lambda n: unicodedata.normalize("NFD", n)))
    odd = odd.set_geometry(shapely.force_3d(odd.geometry.to_numpy(), 7), crs=4326)
    odd.to_parquet(tmp_path / "u.parquet")
    found = read_units(tmp_path / "u.parquet")
    assert same(found, some)
    assert not found.has_z.any()


def test_islands_in_rows_of_their_own_join_their_unit(some, tmp_path):
    parts = pd.concat(
        [some, some.iloc[[0]].translate(0.5, -0.5).to_frame("geometry").join(some.iloc[[0]][["code", "name", "kind"]])]
    )
    gpd.GeoDataFrame(parts, crs=4326).to_file(tmp_path / "u.gpkg")
    found = read_units(tmp_path / "u.gpkg")
    assert len(found) == len(some)
    assert len(shapely.get_parts(found.geometry[0])) == 2


def broken_files(folder, some):
    """File by message key."""
    csv, fake = folder / "a.csv", folder / "fake.gpkg"
    csv.write_text("code,name\n1,A\n")
    fake.write_bytes(b"PK\x03\x04 not a database")
    (folder / "empty.geojson").write_bytes(b"")
    (folder / "none.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    (folder / "cut.geojson").write_text('{"type":"FeatureCollection","features":[{"type":"Fea')
    (folder / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    (folder / "cut.parquet").write_bytes(b"PAR1")
    some.set_geometry(some.representative_point()).to_file(folder / "points.gpkg")
    some[["name", "geometry"]].to_file(folder / "nocode.gpkg")
    some.assign(code="An Giang").to_file(folder / "badcode.gpkg")
    some.assign(code="30292").to_file(folder / "twice.gpkg")
    some.assign(name="").to_file(folder / "noname.gpkg")
    some.set_geometry(some.translate(-60, 30)).to_file(folder / "far.gpkg")
    some.to_file(folder / "part.shp", encoding="utf-8")
    (folder / "part.dbf").unlink()
    pyogrio.write_dataframe(some.drop(columns="geometry"), folder / "table.gpkg")
    (folder / "two").mkdir()
    some.to_file(folder / "two" / "a.gpkg")
    some.to_file(folder / "two" / "b.gpkg")
    return {
        "a.csv": "format",
        "fake.gpkg": "unreadable",
        "empty.geojson": "empty",
        "none.geojson": "empty",
        "cut.geojson": "unreadable",
        "cut.zip": "unreadable",
        "cut.parquet": "unreadable",
        "points.gpkg": "no_polygons",
        "nocode.gpkg": "no_columns",
        "badcode.gpkg": "bad_code",
        "twice.gpkg": "duplicate_code",
        "noname.gpkg": "no_name",
        "far.gpkg": "not_in_vietnam",
        "part.shp": "shapefile_part",
        "table.gpkg": "no_polygons",
        "two": "several_layers",
        "nowhere.gpkg": "missing_file",
    }


def test_what_is_not_a_boundary_layer_is_refused_with_a_sentence(some, tmp_path):
    wrong = {}
    for name, key in broken_files(tmp_path, some).items():
        with pytest.raises(InputError) as error:
            read_units(tmp_path / name)
        if error.value.key != f"units.{key}":
            wrong[name] = error.value.key
        for lang in LANGS:
            assert name in error.value.message(lang)
    assert not wrong


def test_points_in_a_geojson_are_refused(some, tmp_path):
    some.set_geometry(some.representative_point()).to_file(tmp_path / "points.geojson")
    with pytest.raises(InputError) as error:
        read_units(tmp_path / "points.geojson")
    assert error.value.key == "units.not_polygons"
    assert "12" in error.value.message("en")


def test_prepare_reports_its_steps_and_says_what_it_made(some):
    steps = []
    made = prepare(
        some,
        province="91",
        valid_from=date(2026, 1, 1),
        name="x",
        progress=lambda share, key: steps.append((share, key)),
    )
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert steps[-1][0] == 1.0
    assert all(key in catalogue() for _, key in steps)
    assert (made.version.valid_from, made.version.source, made.version.approximate) == (date(2026, 1, 1), "x", False)
    assert len(made.report.of("missing")) == 90
    assert json.loads(made.topology)["type"] == "Topology"


def test_every_kind_of_issue_has_a_sentence():
    for kind in get_args(IssueKind):
        assert t(f"units.issue_{kind}", "vi", names="A", area=1)


def test_prepare_is_repeatable(some):
    assert prepare(some, province="91").topology == prepare(some, province="91").topology


def test_another_province_is_not_compared_with_this_ones_list(some):
    elsewhere = some.assign(code=[str(31120 + n) for n in range(len(some))])
    assert not prepare(elsewhere, province="92").report.of("missing")


@pytest.mark.parametrize(
    ("name", "key"), [("Long\x07 Xuyên", "units.name_controls"), ("x" * 500, "units.name_long"), ("", "units.no_name")]
)
def test_a_name_that_no_zone_may_have_no_commune_has_either(some, tmp_path, name, key):
    spoilt = some.assign(name=[name, *some["name"][1:]])
    spoilt.to_parquet(tmp_path / "u.parquet")
    with pytest.raises(InputError) as caught:
        read_units(tmp_path / "u.parquet")
    assert caught.value.key == key
    assert "\x07" not in caught.value.message("vi")
    assert len(caught.value.message("vi")) < 250


def test_a_layer_is_not_looked_for_in_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "u.zip")
    for name in ("u.zip", "x" * 300 + ".zip"):
        with pytest.raises(InputError):
            read_units(tmp_path / name)
