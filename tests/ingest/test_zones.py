"""Priority zones as files of offices give them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely
import shapely.affinity

from geo.crs import project
from geo.errors import InputError
from geo.ingest import PrivacyError, commit, errors_file, prepare
from geo.ingest.recognising.codes import code_list
from geo.ingest.reporting.templates import template_bytes
from geo.schema import PROTECTED_ZONES, Dataset, UnitSystem, ZoneKind
from geo.store import open_store
from geo.store.memory import Memory
from geo.units.boundaries import default_units
from tests.ingest import files
from tests.ingest.conftest import TODAY, write

SQUARE = shapely.box(105.42, 10.36, 105.44, 10.38)
OTHER = shapely.box(105.40, 10.36, 105.41, 10.37)
BOWTIE = shapely.Polygon([(105.4, 10.3), (105.45, 10.35), (105.45, 10.3), (105.4, 10.35)])


def layer(*rows, crs="EPSG:4326"):
    names, kinds, shapes = zip(*rows)
    frame = gpd.GeoDataFrame({"ten": names, "loai": kinds}, geometry=list(shapes), crs="EPSG:4326")
    return frame.to_crs(crs) if crs else frame


TWO = layer(("Khu công nghiệp Một", "Khu công nghiệp", SQUARE), ("Vùng Hai", "Vùng DTTS", OTHER))


def geopackage(folder, frame):
    frame.to_file(folder / "z.gpkg")
    return (folder / "z.gpkg").read_bytes(), "z.gpkg"


def geojson(folder, frame):
    frame.to_file(folder / "z.geojson")
    return (folder / "z.geojson").read_bytes(), "z.geojson"


def shapefile(folder, frame):
    return files.zipped_shapefile(folder / "s", frame), "z.zip"


def kml(_folder, frame):
    marks = "".join(
        f"<Placemark><name>{row.ten}</name><ExtendedData><Data name='loai'><value>{row.loai}</value></Data></ExtendedData>"
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x},{y}" for x, y in row.geometry.exterior.coords)
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for row in frame.itertuples()
    )
    return files.kml(marks), "z.kml"


def table(*rows, header=("Tên địa bàn", "Loại địa bàn", "WKT", "Kinh độ", "Vĩ độ", "Bán kính (m)", "Xã")):
    lines = [list(row) + [""] * (len(header) - len(row)) for row in rows]
    return files.csv_text(lines, list(header))


def area_km2(shape):
    metric = shapely.transform(
        shape, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1], "EPSG:4326", "EPSG:32648"))
    )
    return metric.area / 1e6


def keys(preview):
    return list(zip(preview.checked.problems["row"], preview.checked.problems["key"]))


@pytest.mark.parametrize("make", [geopackage, geojson, shapefile, kml])
def test_a_map_file_comes_in_with_its_shapes(make, given, tmp_path):
    content, name = make(tmp_path, TWO)
    preview = given(content, name)
    assert (preview.mapping.dataset, preview.accepted, preview.rejected) == (Dataset.ZONES, 2, 0), (
        preview.checked.problems
    )
    rows = preview.checked.rows
    assert rows["name"].tolist() == ["Khu công nghiệp Một", "Vùng Hai"]
    assert rows["kind"].tolist() == ["industrial_park", "ethnic_minority_area"]
    assert not rows["invented"].any()
    assert [shapely.equals_exact(a, b, 1e-9, normalize=True) for a, b in zip(rows["geometry"], TWO.geometry)] == [
        True,
        True,
    ]


def test_vn2000_shapes_are_brought_to_their_place(given, tmp_path):
    content, name = geopackage(tmp_path, TWO.to_crs("EPSG:9208"))
    rows = given(content, name).checked.rows
    assert shapely.symmetric_difference(rows["geometry"].iloc[0], SQUARE).area < 1e-8
    content = files.zipped_shapefile(tmp_path / "s", TWO.to_crs("EPSG:9208"), without=".prj")
    with pytest.raises(InputError) as caught:
        given(content, "bare.zip")
    assert caught.value.key == "ingest.crs_needed"
    rows = given(content, "bare.zip", crs="104°45'").checked.rows
    assert shapely.symmetric_difference(rows["geometry"].iloc[0], SQUARE).area < 1e-8


def test_a_batch_of_zones_is_undone_exactly(demo_folder, tmp_path):
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "copy.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    before = store.snapshot().zones
    content, name = geopackage(tmp_path, TWO)
    number = commit(prepare(write(tmp_path / name, content), store=store, today=TODAY), store, who="t")
    after = store.snapshot().zones
    assert len(after) == len(before) + 2
    assert after["name"].tolist()[-2:] == ["Khu công nghiệp Một", "Vùng Hai"]
    store.withdraw(number)
    assert store.snapshot().zones.to_wkb().equals(before.to_wkb())


def test_zones_that_are_there_already_are_duplicates(store, tmp_path):
    content, name = geopackage(tmp_path, TWO)
    path = write(tmp_path / name, content)
    number = commit(prepare(path, store=store, today=TODAY), store, who="t")
    again = prepare(path, store=store, today=TODAY)
    assert (again.accepted, again.checked.duplicates, again.imported_before) == (0, 2, (number,))
    assert keys(again) == [(1, "duplicate_in_store"), (2, "duplicate_in_store")]
    with pytest.raises(InputError) as caught:
        commit(again, store, who="t")
    assert caught.value.key == "ingest.nothing_new"
    moved = layer(
        ("KHU CÔNG NGHIỆP  MỘT", "KCN", shapely.box(105.38, 10.36, 105.39, 10.37)),
        ("Khu công nghiệp Một", "Cơ sở giáo dục", SQUARE),
    )
    content, _ = geojson(tmp_path, moved)
    changed = prepare(write(tmp_path / "m.geojson", content), store=store, today=TODAY)
    assert keys(changed) == [(1, "zone_changed")]
    assert changed.accepted == 1


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (("", "KCN", SQUARE.wkt), "name_empty"),
        (("Khu", "", SQUARE.wkt), "kind_empty"),
        (("Khu", "Vùng lạ", SQUARE.wkt), "code_unknown"),
        (("Khu", "KCN", "POLYGON((1 2, 3"), "shape_unreadable"),
        (("Khu", "KCN", "LINESTRING(105.4 10.3, 105.5 10.4)"), "shape_not_area"),
        (("Khu", "KCN", BOWTIE.wkt), "shape_invalid"),
        (("Khu", "KCN", shapely.box(106.6, 10.7, 106.7, 10.8).wkt), "shape_outside"),
        (("Khu", "KCN"), "shape_empty"),
        (("Khu", "KCN", "", "105.43", "10.37"), "radius_empty"),
        (("Khu", "KCN", "", "105.43", "10.37", "một"), "radius_unreadable"),
        (("Khu", "KCN", "", "105.43", "10.37", "90000"), "radius_unreadable"),
        (("Khu", "KCN", "", "105.43", "", "500"), "place_half"),
        (("Khu", "KCN", "", "", "", "", "Xã Không Có"), "unit_none"),
        (("x" * 121, "KCN", SQUARE.wkt), "name_long"),
        (("Khu\x9d A", "KCN", SQUARE.wkt), "name_controls"),
    ],
)
def test_each_problem_is_named_and_the_zone_stays_out(given, row, key):
    preview = given(table(("Khu tốt", "KCN", SQUARE.wkt), row), "z.csv")
    assert keys(preview) == [(3, key)]
    assert preview.checked.rows["name"].tolist() == ["Khu tốt"]
    assert preview.checked.rejected.index.tolist() == [3]


def test_circles_lines_and_whole_communes(given):
    rows = (
        ("Vòng tròn", "Trường học", "", "105,43", "10,37", "500"),
        ("Tuyến", "Biên giới", "LINESTRING(105.40 10.37, 105.43 10.37)", "", "", "100 m"),
        ("Cả phường", "Trung tâm đô thị", "", "", "", "", "Phường Long Xuyên"),
    )
    preview = given(table(*rows), "z.csv")
    assert preview.rejected == 0, preview.checked.problems
    areas = [area_km2(shape) for shape in preview.checked.rows["geometry"]]
    assert areas[0] == pytest.approx(np.pi * 0.25, rel=0.01)
    assert areas[1] == pytest.approx(3.28 * 0.2 + np.pi * 0.01, rel=0.02)
    units = default_units().set_index("code")
    assert areas[2] == pytest.approx(area_km2(units.geometry["30307"]), rel=1e-6)
    assert any("gần đúng" in note.message("vi") for note in preview.notes)


def test_a_shape_that_crosses_itself_a_little_is_repaired_and_said(given):
    spike = shapely.Polygon(
        [
            (105.42, 10.36),
            (105.44, 10.36),
            (105.44, 10.38),
            (105.43, 10.38),
            (105.43, 10.381),
            (105.43, 10.38),
            (105.42, 10.38),
        ]
    )
    assert not spike.is_valid
    preview = given(table(("Khu", "KCN", spike.wkt)), "z.csv")
    assert preview.rejected == 0
    assert preview.checked.rows["geometry"].iloc[0].is_valid
    assert [n.key for n in preview.notes] == ["ingest.note_shapes_repaired"]


def test_refused_zones_of_a_map_file_come_back_with_their_shapes(given, tmp_path):
    content, name = geopackage(tmp_path, layer(("Khu Một", "Vùng lạ", SQUARE), ("Vùng Hai", "Vùng DTTS", OTHER)))
    preview = given(content, name)
    assert errors_file(preview, tmp_path / "loi.xlsx") == 1
    book = openpyxl.load_workbook(tmp_path / "loi.xlsx")
    column = [cell.value for cell in book.active[1]].index("loai") + 1
    book.active.cell(2, column).value = "Khu công nghiệp"
    again = given(files.saved(book), "sua.xlsx")
    assert (again.accepted, again.rejected) == (1, 0), again.checked.problems
    assert again.checked.rows["geometry"].iloc[0].equals(SQUARE)


def test_the_template_takes_any_of_the_three_ways(given):
    book = openpyxl.load_workbook(BytesIO(template_bytes(Dataset.ZONES)))
    sheet = book.active
    titles = [cell.value for cell in sheet[1]]
    assert titles == [
        "Tên địa bàn *",
        "Loại *",
        "Hình dạng (WKT)",
        "Kinh độ",
        "Vĩ độ",
        "Bán kính (m)",
        "Xã, phường, đặc khu",
        "Từ ngày",
        "Đến ngày",
        "Nguồn",
        "Số quyết định",
    ]
    sheet.append(["Khu Một", "Khu công nghiệp", SQUARE.wkt])
    sheet.append(["Khu Hai", "Cơ sở giáo dục", None, 105.43, 10.37, 300])
    sheet.append(["Khu Ba", "Trung tâm đô thị", None, None, None, None, "Phường Long Xuyên"])
    preview = given(files.saved(book), "mau.xlsx")
    assert (preview.mapping.dataset, preview.accepted, preview.rejected) == (Dataset.ZONES, 3, 0), (
        preview.checked.problems
    )
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["DanhMuc"].columns}
    assert lists["kind"] == code_list("zone_kind").labels("vi")
    assert len(lists["kind"]) == len(ZoneKind)


def test_zones_named_after_people_are_stopped(given):
    people = [(f"Nguyễn Văn {x}", "KCN", SQUARE.wkt) for x in ("An", "Bình", "Chí")]
    with pytest.raises(PrivacyError) as caught:
        given(table(*people), "z.csv")
    assert [f.column for f in caught.value.findings] == ["Tên địa bàn"]
    streets = [(f"Đường Nguyễn Văn {x}", "KCN", SQUARE.wkt) for x in ("An", "Bình", "Chí")]
    assert set(given(table(*streets), "z.csv").checked.problems["key"]) == {"name_asked"}
    assert given(table(*streets), "z.csv", names_confirmed=True).accepted == 3
    houses = [(f"Nhà ông Nguyễn Văn {x}", "KCN", SQUARE.wkt) for x in ("An", "Bình", "Chí")]
    told = given(table(*houses), "z.csv", names_confirmed=True).checked.problems
    assert set(told["key"]) == {"name_personal"}
    assert not told["value"].str.contains("Nguyễn").any()


def test_imported_community_areas_are_outlines_only(store, tmp_path):
    from geo.cartography.symbology import ZONE_STYLES

    west = [shapely.affinity.translate(SQUARE, -0.03 * n) for n in range(len(ZoneKind))]
    rows = [(f"Vùng {n}", str(kind), shape) for n, (kind, shape) in enumerate(zip(ZoneKind, west))]
    content, name = geojson(tmp_path, layer(*rows))
    commit(prepare(write(tmp_path / name, content), store=store, today=TODAY), store, who="t")
    assert set(store.snapshot().zones["kind"]) == set(map(str, ZoneKind))
    for kind in PROTECTED_ZONES:
        assert (ZONE_STYLES[kind].fill, ZONE_STYLES[kind].pattern) == ("", "none")


def test_one_name_and_kind_comes_once_per_file(given):
    preview = given(
        table(
            ("Khu Một", "KCN", SQUARE.wkt),
            ("KHU MỘT", "Khu công nghiệp", OTHER.wkt),
            ("Khu Một", "Trường học", OTHER.wkt),
        ),
        "z.csv",
    )
    assert keys(preview) == [(3, "zone_in_file")]
    assert preview.accepted == 2


def polygon(shape, name, data=""):
    corners = " ".join(f"{x},{y}" for x, y in shape.exterior.coords)
    return (
        f"<Placemark><name>{name}</name>{data}<Polygon><outerBoundaryIs><LinearRing><coordinates>{corners}</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )


def folder(name, *inside):
    return f"<Folder><name>{name}</name>{''.join(inside)}</Folder>"


def test_a_kml_folder_is_the_kind_of_what_lies_in_it(given):
    extra = "<ExtendedData><Data name='mã'><value>7</value></Data></ExtendedData>"
    marks = (
        folder("Khu công nghiệp", polygon(SQUARE, "Khu Một")),
        folder(
            "Trọng điểm 2026",
            folder("Tuyến biên giới", folder("Đợt 1", polygon(OTHER, "Đoạn Hai", extra))),
            folder("KCN", polygon(shapely.box(105.41, 10.38, 105.42, 10.39), "Khu Ba")),
            folder("khu cong nghiep", polygon(shapely.box(105.43, 10.39, 105.44, 10.4), "Khu Bốn")),
            folder("Khu công nghiệp", polygon(shapely.box(105.43, 10.4, 105.44, 10.41), "Khu Năm")),
        ),
    )
    preview = given(files.kml("".join(marks)), "z.kml")
    assert (preview.mapping.dataset, preview.mapping.columns["kind"]) == (Dataset.ZONES, "layer (kind)")
    assert preview.rejected == 0, preview.checked.problems
    kinds = dict(zip(preview.checked.rows["name"], preview.checked.rows["kind"]))
    park = "industrial_park"
    assert kinds == {"Khu Một": park, "Đoạn Hai": "border", "Khu Ba": park, "Khu Bốn": park, "Khu Năm": park}
    shapes = dict(zip(preview.checked.rows["name"], preview.checked.rows["geometry"]))
    assert shapes["Khu Một"].equals(SQUARE)
    assert shapes["Đoạn Hai"].equals(OTHER)


def test_a_folder_that_names_no_kind_is_asked_about_where_others_do(given):
    marks = folder("Khu công nghiệp", polygon(SQUARE, "Khu Một")), folder("Khu công nghịp", polygon(OTHER, "Khu Hai"))
    preview = given(files.kml("".join(marks)), "z.kml")
    assert preview.checked.rows["name"].tolist() == ["Khu Một"]
    problem = preview.checked.problems.iloc[0]
    assert (problem["key"], problem["value"], problem["sheet"]) == ("code_unknown", "Khu công nghịp", "Khu công nghịp")
    assert "Khu công nghiệp" in problem["advice"]


def test_a_column_of_the_kind_goes_before_the_folder(given):
    data = "<ExtendedData><Data name='Loại'><value>Trường học</value></Data></ExtendedData>"
    preview = given(files.kml(folder("Khu công nghiệp", polygon(SQUARE, "Khu Một", data))), "z.kml")
    assert preview.checked.rows["kind"].tolist() == ["education"]


def test_folders_that_name_no_kind_at_all_say_that_the_kind_is_missing(given):
    with pytest.raises(InputError) as caught:
        given(files.kml(folder("Bản đồ của tôi", polygon(SQUARE, "Khu Một"))), "z.kml", dataset=Dataset.ZONES)
    assert caught.value.key == "ingest.zone_kind_missing"


def test_the_layers_of_a_geopackage_are_kinds_too(given, tmp_path):
    path = tmp_path / "z.gpkg"
    for name, shape, called in (("Khu công nghiệp", SQUARE, "Khu Một"), ("truong_hoc", OTHER, "Trường Hai")):
        gpd.GeoDataFrame({"ten": [called]}, geometry=[shape], crs="EPSG:9208").set_crs(
            "EPSG:4326", allow_override=True
        ).to_crs("EPSG:9208").to_file(path, layer=name)
    preview = given(path.read_bytes(), "z.gpkg")
    assert preview.rejected == 0, preview.checked.problems
    assert preview.checked.rows["kind"].tolist() == ["industrial_park", "education"]
    assert shapely.symmetric_difference(preview.checked.rows["geometry"].iloc[0], SQUARE).area < 1e-8
    one = given(path.read_bytes(), "z.gpkg", sheet="truong_hoc")
    assert one.checked.rows["kind"].tolist() == ["education"]


def test_a_kml_that_is_not_well_formed_is_no_crash(given):
    whole = files.kml(folder("Khu công nghiệp", polygon(SQUARE, "Khu Một"))).decode()
    with pytest.raises(InputError):
        given(whole.replace("</Folder>", ""), "z.kml")


def by_unit(*units, header=("Tên địa bàn", "Loại địa bàn", "Xã")):
    return files.csv_text([[f"Khu {n}", "Trường học", *unit] for n, unit in enumerate(units)], list(header))


def test_a_former_commune_is_its_own_boundaries(given, bare):
    units = [("Phường Mỹ Bình, TP. Long Xuyên",), ("X. Khánh Hòa, H. Châu Phú",), ("Phường Long Xuyên",)]
    preview = given(by_unit(*units), "z.csv")
    assert preview.rejected == 0, preview.checked.problems
    former = bare.boundary_units(bare.active_boundaries(UnitSystem.LEGACY).id).set_index("code").geometry
    shapes = preview.checked.rows["geometry"].tolist()
    assert shapes[0].equals(former["30280"])
    assert area_km2(shapes[1]) > 1
    assert [n.key for n in preview.notes] == ["ingest.note_zones_former_approximate", "ingest.note_zones_approximate"]
    with_district = given(by_unit(("Mỹ Bình", "Long Xuyên"), header=("Tên địa bàn", "Loại", "Xã", "Huyện")), "d.csv")
    assert with_district.checked.rows["geometry"].iloc[0].equals(former["30280"])


def test_without_former_boundaries_the_present_unit_stands_for_it(bare, given, monkeypatch):
    import geo.ingest.checking.reference as reference

    ground = reference.reference_of(bare, lang="vi").ground
    monkeypatch.setattr(reference, "_ground", lambda _store: replace(ground, former=None))
    monkeypatch.setattr(reference, "_grounds", Memory(1))
    preview = given(by_unit(("Phường Mỹ Bình, Long Xuyên",), ("Phú Hội, An Phú",)), "z.csv")
    assert preview.checked.rows["geometry"].tolist() == [ground.current.set_index("code").geometry["30307"]]
    assert "note_zones_heirs" in [note.key.partition(".")[2] for note in preview.notes]
    assert keys(preview) == [(3, "zone_unit_divided")]


@pytest.mark.parametrize(
    ("unit", "key", "said"),
    [
        ("Xã Vĩnh Châu, Châu Đốc", "zone_unit_divided", ("Châu Đốc (30316)", "Vĩnh Tế (30325)")),
        ("xa Phuoc Hung, An Phu", "zone_unit_divided", ("30337", "30346", "30352")),
        ("30355", "zone_unit_divided", ("30337", "30346")),
        ("Xã Vĩnh Phú", "unit_ambiguous", ("Thoại Sơn", "Giang Thành", "Giồng Riềng")),
    ],
)
def test_a_divided_or_ambiguous_former_commune_is_asked_about(given, unit, key, said):
    preview = given(by_unit((unit,), ("Phường Mỹ Bình, Long Xuyên",)), "z.csv")
    assert keys(preview) == [(2, key)]
    assert all(word in preview.checked.problems["advice"].iloc[0] for word in said), preview.checked.problems["advice"][
        0
    ]
    assert preview.accepted == 1


def test_a_commune_of_the_province_is_never_outside_it(bare, given, monkeypatch):
    import geo.ingest.checking.reference as reference

    ground = reference.reference_of(bare, lang="vi").ground
    assert ground.former is not None
    thin = ground.former.set_geometry(ground.former.geometry.translate(0.2))
    monkeypatch.setattr(reference, "_ground", lambda _store: replace(ground, former=thin))
    monkeypatch.setattr(reference, "_grounds", Memory(1))
    assert given(by_unit(("Thổ Châu, Phú Quốc",)), "z.csv").accepted == 1


def _default(name):
    return default_units().set_index("name").geometry[name]


PROTECTED = sorted(PROTECTED_ZONES)
LABEL = {ZoneKind.ETHNIC_MINORITY_AREA: "Vùng DTTS", ZoneKind.RELIGIOUS_AREA: "Vùng tôn giáo"}


def _asked(store, tmp_path, kind, *shapes):
    rows = layer(*[(f"Vùng {n}", LABEL.get(kind, "Khu công nghiệp"), shape) for n, shape in enumerate(shapes)])
    content, name = geojson(tmp_path, rows)
    return prepare(write(tmp_path / name, content), store=store, today=TODAY)


@pytest.mark.parametrize("kind", PROTECTED)
@pytest.mark.parametrize(
    "drawn",
    [
        lambda one, _: one,
        lambda one, _: one.buffer(0.002),
        lambda one, _: one.simplify(0.005),
        lambda one, _: shapely.affinity.translate(one, 0.002, 0.001),
        lambda one, two: shapely.union_all([one, two]),
        lambda one, two: shapely.MultiPolygon([*shapely.get_parts(one), *shapely.get_parts(two.buffer(-0.001))]),
        lambda one, _: one.difference(one.centroid.buffer(0.01)),
        lambda one, _: one.boundary.buffer(0.001),
        lambda one, _: _shrunk(one, 0.78),
    ],
    ids=["as it is", "wider", "simplified", "moved", "two", "two apart", "with a hole", "its border", "smaller"],
)
def test_a_protected_area_is_no_commune_however_it_is_drawn(store, tmp_path, kind, drawn):
    one, two = _default("Mỹ Thới"), _default("Long Xuyên")
    asked = _asked(store, tmp_path, kind, shapely.make_valid(drawn(one, two)), SQUARE)
    assert asked.checked.problems["key"].tolist() == ["zone_is_communes"]
    assert asked.accepted == 1
    assert "Mỹ Thới" in asked.checked.problems["advice"].iloc[0]


def _shrunk(shape, share):
    """The shape inwards, until so much of it is left."""
    low, high = 0.0, 0.05
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if shape.buffer(-middle).area > share * shape.area else (low, middle)
    return shape.buffer(-low)


@pytest.mark.parametrize("kind", PROTECTED)
@pytest.mark.parametrize("parts", [2, 4])
def test_pieces_that_are_a_commune_together_are_refused(store, tmp_path, kind, parts):
    one = _default("Mỹ Thới")
    west, south, east, north = one.bounds
    edges = np.linspace(south, north, parts + 1)
    pieces = [one.intersection(shapely.box(west, a, east, b)) for a, b in pairwise(edges)]
    asked = _asked(store, tmp_path, kind, *pieces, SQUARE)
    assert asked.checked.problems["key"].tolist() == ["zone_is_communes"] * parts
    assert asked.accepted == 1


@pytest.mark.parametrize("kind", PROTECTED)
def test_a_protected_area_given_as_a_commune_is_refused(store, tmp_path, kind):
    text = f"Tên,Loại vùng,Đơn vị\nVùng Một,{LABEL[kind]},phường Long Xuyên\nKCN,Khu công nghiệp,phường Long Xuyên\n"
    asked = prepare(write(tmp_path / "z.csv", text), store=store, today=TODAY)
    assert asked.checked.problems["key"].tolist() == ["zone_is_communes"]
    assert asked.accepted == 1


@pytest.mark.parametrize("kind", [*PROTECTED, ZoneKind.INDUSTRIAL_PARK])
def test_areas_of_their_own_are_taken(store, tmp_path, kind):
    inside = _default("Mỹ Thới").centroid.buffer(0.008)
    asked = _asked(store, tmp_path, kind, SQUARE, inside, shapely.Point(105.43, 10.37).buffer(0.03))
    assert asked.checked.problems.empty, asked.checked.problems


@pytest.mark.parametrize(
    ("ring", "accepted"),
    [([[105.42, 10.36], [105.44, 10.36]], 1), ([[105.42, 10.36], [105.44, 10.36], [105.44, 10.38]], 2)],
)
def test_a_ring_that_is_none_refuses_its_row_and_one_that_is_open_is_closed(store, tmp_path, ring, accepted):
    good = [[105.4, 10.3], [105.41, 10.3], [105.41, 10.31], [105.4, 10.3]]
    rows = [
        {"type": "Feature", "properties": {"name": f"Khu {n}", "kind": "Khu công nghiệp"},
         "geometry": {"type": "Polygon", "coordinates": [points]}}
        for n, points in enumerate((good, ring))
    ]  # fmt: skip
    ready = prepare(write(tmp_path / "z.geojson", files.geojson(rows)), store=store, today=TODAY)
    assert (ready.accepted, ready.rejected) == (accepted, 2 - accepted)
