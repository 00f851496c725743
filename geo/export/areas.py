"""Priority areas as data files that come back unchanged: shapes, dates, source, decision, and the key they go by."""

from __future__ import annotations

import json

import geopandas as gpd

from geo.errors import InputError
from geo.export.features import rounded, tell, write_layers
from geo.files import scratch
from geo.text import printable

__all__ = ["KINDS_OF_FILE", "areas_file"]

KINDS_OF_FILE = ("gpkg", "geojson")
"""GeoPackage keeps every digit; GeoJSON has six decimals, a tenth of a metre."""

_LAYER = "zones"


def areas_file(zones: gpd.GeoDataFrame, kind: str, title: str, about: list[tuple[str, str]]) -> bytes:
    """A file of areas.

    Parameters
    ----------
    zones : GeoDataFrame
        Text columns in the order of the file, geometry in WGS 84.
    kind : {"gpkg", "geojson"}
    title : str
    about : list of (caption, text)
        What the file is.

    Raises
    ------
    InputError
        If there are none.
    """
    if zones.empty:
        raise InputError("export.no_layers")
    columns = [name for name in zones.columns if name != "geometry"]
    clean = zones.assign(**{name: zones[name].map(printable) for name in columns})
    if kind == "gpkg":
        with scratch() as folder:
            path = folder / "zones.gpkg"
            write_layers(path, {_LAYER: (title, clean)}, title)
            tell(path, about)
            return path.read_bytes()
    records = clean[columns].to_dict("records")
    features = [
        {"type": "Feature", "properties": record, "geometry": rounded(shape)}
        for record, shape in zip(records, clean.geometry)
    ]
    said = [{"caption": caption, "text": text} for caption, text in about]
    whole = {"type": "FeatureCollection", "title": title, "about": said, "features": features}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
