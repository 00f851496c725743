"""Data files: what the map shows and nothing else, with styles and provenance, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
from lxml import etree

from geo import export
from geo.cartography.spec import UnitLayer, ZoneLayer, with_changes
from geo.errors import InputError
from geo.export import features
from geo.products.documents import files
from geo.schema import Measure, Per, Query, ZoneKind
from geo.text import t
from tests.asking import answered, ask, situation
from tests.homes import home_in

YEAR = (date(2025, 11, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with home_in(tmp_path_factory.mktemp("home")):
        yield


@pytest.fixture(scope="module")
def specs(demo_store, home):  # noqa: ARG001 (the geometry is kept there)
    zones = tuple(map(str, ZoneKind))
    return {
        "dens": situation(demo_store, Query(Measure.DEN_CLEARED, *YEAR), clusters=True, zones=zones),
        "events": situation(demo_store, Query(Measure.DEN_CLEARED, *YEAR), clusters=True, zones=("border",)),
        "rate": situation(demo_store, Query(Measure.CASE, *YEAR, per=Per.PEOPLE), "en"),
        "tips": situation(demo_store, Query(Measure.TIP, date(2026, 9, 1), date(2026, 9, 30))),
    }


@pytest.fixture(scope="module")
def packages(specs, tmp_path_factory):
    folder, found = tmp_path_factory.mktemp("gpkg"), {}
    for name, spec in specs.items():
        found[name] = folder / f"{name}.gpkg"
        found[name].write_bytes(export.render(spec, "gpkg"))
    return found


def _numbers(spec):
    return {row.code: row.values[2] for row in spec.table.rows if row.code}


@pytest.mark.parametrize("name", ["dens", "rate", "tips"])
def test_a_geopackage_holds_every_commune_with_the_numbers_of_the_table(specs, packages, name):
    frame = gpd.read_file(packages[name], layer="communes").set_index("code")
    wanted = _numbers(specs[name])
    assert len(frame) == 102
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    got = {code: None if np.isnan(value) else value for code, value in frame["count"].items()}
    assert got == wanted
    layer = next(x for x in specs[name].layers if isinstance(x, UnitLayer))
    assert frame["class"].to_dict() == {cell.code: cell.cls for cell in layer.cells}


def test_hidden_counts_are_in_no_data_file(specs, packages):
    blank = t("map.class_masked_text", "vi")
    hidden = [row.code for row in specs["tips"].table.rows if row.code and row.texts[2] == blank]
    assert len(hidden) > 20
    frame = gpd.read_file(packages["tips"], layer="communes").set_index("code")
    assert frame.loc[hidden].select_dtypes("number").drop(columns="class").isna().all().all()
    symbols = gpd.read_file(packages["tips"], layer="symbols")
    assert not set(symbols["code"]) & set(hidden)


def test_layers_and_styles_follow_the_map(specs, packages):
    with sqlite3.connect(packages["dens"]) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))
        slds = [text for (text,) in connection.execute("SELECT styleSLD FROM layer_styles")]
        about = dict(connection.execute("SELECT caption, text FROM about WHERE caption != ''"))
    assert set(styles) == {"communes", "symbols", *(f"zones_{kind}" for kind in ZoneKind)}
    with sqlite3.connect(packages["events"]) as connection:
        layers = {name for (name,) in connection.execute("SELECT f_table_name FROM layer_styles")}
    assert layers == {"communes", "symbols", "clusters", "events", "zones_border"}
    assert [etree.fromstring(text).tag for text in slds]
    protected = etree.fromstring(styles["zones_religious_area"])
    assert {o.get("value") for o in protected.iter("Option") if o.get("name") == "style"} == {"no"}
    assert about["Mã bản đồ"] == specs["dens"].fingerprint


def test_classes_keep_their_colours_and_names(specs, packages):
    spec = specs["rate"]
    with sqlite3.connect(packages["rate"]) as connection:
        (qml,) = connection.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'communes'").fetchone()
    root = etree.fromstring(qml)
    layer = next(x for x in spec.layers if isinstance(x, UnitLayer))
    legend = {entry.style.fill: entry.label for group in spec.legend for entry in group.entries}
    for category in root.iter("category"):
        symbol = root.find(f".//symbol[@name='{category.get('symbol')}']")
        color = symbol.find(".//Option[@name='color']").get("value").split(",")
        fill = "#" + "".join(f"{int(part):02x}" for part in color[:3])
        assert fill == layer.classes[int(category.get("value"))].fill
        assert category.get("label") == legend[fill]


def test_layers_of_one_kind_are_all_there(demo_store, home):  # noqa: ARG001
    """Contours of a density are several layers of one kind."""
    spec = answered(demo_store, ask("density", measure=Measure.CASE))
    wanted = sum(isinstance(layer, ZoneLayer) for layer in spec.layers)
    found = features.layers(spec)
    assert sum(name.startswith("zones_") for name in found) == wanted > 1
    collection = json.loads(export.render(spec, "geojson"))
    assert len({f["properties"]["layer"] for f in collection["features"]}) == wanted + 1


def test_exports_at_once_are_the_same_bytes(specs):
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: export.render(specs["rate"], "gpkg"), range(8)))) == 1


def test_geojson_is_in_degrees_and_says_what_it_is(specs):
    whole = json.loads(export.render(specs["dens"], "geojson"))
    communes = [f for f in whole["features"] if f["properties"]["layer"] == "communes"]
    assert len(communes) == 102
    assert {"caption": "Mã bản đồ", "text": specs["dens"].fingerprint} in whole["about"]
    lon, lat = communes[0]["geometry"]["coordinates"][0][0][0]
    assert 102 < lon < 106
    assert 8 < lat < 11.5


@pytest.mark.parametrize("name", ["dens", "tips"])
def test_csv_has_the_numbers_under_their_colophon(specs, name):
    spec = specs[name]
    text = export.render(spec, "csv").decode("utf-8-sig")
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert any(spec.fingerprint in line for line in head)
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    assert rows[0] == [column.label for column in spec.table.columns]
    for got, row in zip(rows[1:], spec.table.rows, strict=True):
        assert got[0] == row.texts[0]
        assert got[2] == (row.texts[2] if row.values[2] is None else str(int(row.values[2])))


def test_a_workbook_has_numbers_and_a_sheet_about_them(specs):
    spec = specs["tips"]
    book = openpyxl.load_workbook(io.BytesIO(export.render(spec, "xlsx")))
    assert book.sheetnames == ["Số liệu", "Thông tin"]
    rows = list(book["Số liệu"].values)
    assert list(rows[0]) == [column.label for column in spec.table.columns]
    for got, row in zip(rows[1:], spec.table.rows, strict=True):
        assert got[2] == (row.texts[2] if row.values[2] is None else row.values[2])
    said = {caption: text for caption, text in book["Thông tin"].values if caption}
    assert said["Mã bản đồ"] == spec.fingerprint
    assert json.loads(said["Truy vấn và phiên bản"]) == json.loads(spec.recipe.to_json())


def test_no_text_becomes_a_formula(specs):
    spec = specs["rate"]
    first = with_changes(spec.table.rows[0], texts=("=HYPERLINK(1)", *spec.table.rows[0].texts[1:]))
    hostile = with_changes(spec, table=with_changes(spec.table, rows=(first, *spec.table.rows[1:])))
    cell = openpyxl.load_workbook(io.BytesIO(export.render(hostile, "xlsx"))).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert "\r\n=" not in export.render(hostile, "csv").decode()


@pytest.mark.parametrize("kind", export.KINDS)
def test_data_files_are_repeated_to_the_byte(specs, kind):
    assert export.render(specs["dens"], kind) == export.render(specs["dens"], kind)


def test_an_unknown_kind_is_refused(specs):
    with pytest.raises(InputError, match="dwg"):
        export.render(specs["dens"], "dwg")


HOSTILE = "Xã <b>\x00\x01\x0b\x1f`${1+1}`</b> \ufffe =SUM(1)"


@pytest.mark.parametrize("kind", [*export.KINDS, "pptx", "html", "pdf", "png"])
def test_text_that_a_format_cannot_hold_does_not_stop_a_file(specs, kind):
    spec = specs["rate"]
    rows = tuple(with_changes(row, texts=(HOSTILE, *row.texts[1:])) for row in spec.table.rows)
    layers = tuple(
        with_changes(layer, cells=tuple(with_changes(cell, name=HOSTILE, lines=(HOSTILE,)) for cell in layer.cells))
        if isinstance(layer, UnitLayer)
        else layer
        for layer in spec.layers
    )
    hostile = with_changes(
        spec, title=HOSTILE, sentence=HOSTILE, layers=layers, table=with_changes(spec.table, rows=rows)
    )
    assert len(files.export(hostile, kind)) > 1000
