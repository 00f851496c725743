"""The map as geographic features: GeoPackage with QGIS styles, and GeoJSON."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from geo.cartography import basemap
from geo.cartography.rings import polygons_of
from geo.cartography.spec import CircleLayer, MapSpec, OutlineLayer, PointLayer, UnitLayer, ZoneLayer
from geo.cartography.zones import beside_communities
from geo.crs import WEB_MERCATOR, WGS84, project
from geo.errors import InputError
from geo.export.about import about, class_labels
from geo.export.qgis import Look, look_of, qml, sld
from geo.files import scratch
from geo.text import printable, t

__all__ = ["geojson", "geopackage", "layers", "rounded", "tell", "write_layers"]

_one_at_a_time = Lock()  # GDAL's settings are those of the whole process
_DATE = "2000-01-01T00:00:00.000Z"  # GeoPackage wants a time of change; the file must not depend on the clock


def layers(spec: MapSpec) -> dict[str, tuple[gpd.GeoDataFrame, Look]]:
    """The layers by name, lowest first, each with how it looks.

    Returns
    -------
    dict of str to (GeoDataFrame, Look)
        EPSG:4326. `communes` has the columns of the map's table, NaN where a number is hidden or missing, the class,
        and the tooltip; `symbols`, `clusters` and `zones` are there where the map has them, but beside outlines of
        communities neither `events` nor `clusters`.
    """
    found: dict[str, tuple[gpd.GeoDataFrame, Look]] = {}
    polygons = basemap.polygons(spec.boundary.sha256)
    points = basemap.label_points(spec.boundary.sha256)
    for layer in beside_communities(spec.layers):
        match layer:
            case UnitLayer():
                found["communes"] = (_communes(spec, layer, polygons), look_of(layer, class_labels(spec, layer)))
            case ZoneLayer():
                frame = _frame(
                    [{"kind": layer.kind, "label": layer.label, "name": zone.name} for zone in layer.zones],
                    [polygons_of(zone.rings) for zone in layer.zones],
                )
                named = f"zones_{layer.kind}"
                number = sum(name.startswith(named) for name in found)
                found[f"{named}_{number + 1}" if number else named] = (frame, look_of(layer))
            case PointLayer() if layer.count:
                found["events"] = (_events(layer), look_of(layer))
            case CircleLayer() if layer.circles:
                shown = [circle for circle in layer.circles if circle.code in points]
                records = [{"code": c.code, "count": c.text, "radius": c.radius} for c in shown]
                found["symbols"] = (_frame(records, [Point(points[c.code]) for c in shown]), look_of(layer))
            case OutlineLayer() if layer.outlines:
                records = [{"rank": o.badge, "about": "; ".join(o.lines)} for o in layer.outlines]
                found["clusters"] = (_frame(records, [Polygon(o.ring) for o in layer.outlines]), look_of(layer))
    return found


def _events(layer: PointLayer) -> gpd.GeoDataFrame:
    """Single events as the map holds them: places, to some ten metres, and nothing else."""
    lon, lat = project(*layer.mercator(), WEB_MERCATOR, WGS84)
    return _frame([{"number": i} for i in range(1, len(lon) + 1)], [Point(p) for p in zip(lon, lat)])


def _frame(records: list[dict[str, Any]], shapes: list[Any]) -> gpd.GeoDataFrame:
    clean = [{k: printable(v) if isinstance(v, str) else v for k, v in record.items()} for record in records]
    return gpd.GeoDataFrame(clean, geometry=shapes, crs="EPSG:4326")


def _communes(spec: MapSpec, layer: UnitLayer, polygons: dict[str, MultiPolygon]) -> gpd.GeoDataFrame:
    rows = {row.code: row for row in spec.table.rows if row.code}
    labels = class_labels(spec, layer)
    records = []
    for cell in layer.cells:
        record: dict[str, Any] = {"code": cell.code, "unit": cell.name}
        row = rows.get(cell.code)
        for i, column in enumerate(spec.table.columns):
            if column.numeric:
                value = row.values[i] if row else None
                record[column.key] = float("nan") if value is None else value
            elif column.key not in record:
                record[column.key] = row.texts[i] if row else ""
        record["class"] = cell.cls
        record["class_label"] = labels[cell.cls]
        record["about"] = "; ".join(cell.lines)
        records.append(record)
    return _frame(records, [polygons[record["code"]] for record in records])


def _some(found: dict[str, tuple[gpd.GeoDataFrame, Look]]) -> dict[str, tuple[gpd.GeoDataFrame, Look]]:
    if not found:
        raise InputError("export.no_layers")
    return found


def geopackage(spec: MapSpec) -> bytes:
    """Every layer with its QGIS style, and a table `about` that says what the map is."""
    with scratch() as folder:
        path = folder / "map.gpkg"
        made = _some(layers(spec))
        write_layers(path, {name: (_name(name, spec), frame) for name, (frame, _) in made.items()}, spec.title)
        _describe(path, spec, {name: look for name, (_, look) in made.items()})
        return path.read_bytes()


def write_layers(path: Path, named: dict[str, tuple[str, gpd.GeoDataFrame]], title: str) -> None:
    """Layers as a GeoPackage that does not depend on the clock, each under its table's name with what it is called."""
    with _one_at_a_time:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
        for name, (called, frame) in named.items():
            options = {"DESCRIPTION": printable(title), "IDENTIFIER": called, "SPATIAL_INDEX": "YES"}
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", promote_to_multi=frame.geom_type.iloc[0] != "Point",
                layer_options=options, dataset_options={"VERSION": "1.3"},
            )  # fmt: skip
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _name(layer: str, spec: MapSpec) -> str:
    zones = {f"zones_{zone.kind}": zone.label for zone in spec.layers if isinstance(zone, ZoneLayer)}
    if layer.startswith("zones_"):
        return printable(zones.get(layer, layer))
    clusters = next((own.label for own in spec.layers if isinstance(own, OutlineLayer)), "")
    if layer == "clusters" and clusters:
        return printable(clusters)
    return t(f"export.layer_{layer}", spec.lang)


def _describe(path: Path, spec: MapSpec, looks: dict[str, Look]) -> None:
    """The styles where QGIS looks for them, and the colophon as a table."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, "
            "f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, "
            "useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)"
        )
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, ?, 1, "
            "?, '', ?)",
            [(n, printable(spec.title), qml(k), sld(k, n), spec.fingerprint, _DATE) for n, k in looks.items()],
        )
        _list_table(connection, "layer_styles")
    connection.close()
    tell(path, [*about(spec), ("recipe", spec.recipe.to_json())])


def tell(path: Path, lines: list[tuple[str, str]]) -> None:
    """What a GeoPackage is, caption by caption, as its table `about`."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE about (id INTEGER PRIMARY KEY, caption TEXT, text TEXT)")
        connection.executemany("INSERT INTO about (caption, text) VALUES (?, ?)", lines)
        _list_table(connection, "about")
    connection.execute("VACUUM")
    connection.close()


def _list_table(connection: sqlite3.Connection, table: str) -> None:
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) VALUES (?, "
        "'attributes', ?, '', ?)",
        (table, table, _DATE),
    )


def geojson(spec: MapSpec) -> bytes:
    """One FeatureCollection (RFC 7946): all layers, each feature with its layer's name and its colours."""
    features = []
    for name, (frame, look) in _some(layers(spec)).items():
        shapes = frame.geometry.to_list()
        records = frame.drop(columns="geometry").astype(object).where(frame.drop(columns="geometry").notna(), None)
        for record, shape in zip(records.to_dict("records"), shapes):
            properties = {"layer": name, **record, **look.simple(record)}
            features.append({"type": "Feature", "properties": properties, "geometry": rounded(shape)})
    said = [{"caption": caption, "text": text} for caption, text in about(spec)]
    whole = {"type": "FeatureCollection", "title": spec.title, "about": said, "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def rounded(shape: Any) -> dict[str, Any]:
    """GeoJSON geometry in six decimals, a tenth of a metre."""

    def near(value: Any) -> Any:
        return [near(v) for v in value] if isinstance(value, list | tuple) else round(float(value), 6)

    mapping = shapely.orient_polygons(shape).__geo_interface__  # exterior rings counter-clockwise, section 3.1.6
    return {"type": mapping["type"], "coordinates": near(mapping["coordinates"])}
