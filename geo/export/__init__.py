"""The data behind a map as files for other programs: GeoPackage, GeoJSON, CSV and XLSX, each with its provenance.

Everything comes from the `MapSpec`: the columns that its table shows, hidden counts hidden. The same map gives the same
bytes.
"""

from __future__ import annotations

from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.export import features, tables

__all__ = ["KINDS", "render"]

KINDS = ("gpkg", "geojson", "csv", "xlsx")
"""Kinds of data file."""


def render(spec: MapSpec, kind: str) -> bytes:
    """The data of a map as a file.

    Parameters
    ----------
    spec : MapSpec
    kind : {"gpkg", "geojson", "csv", "xlsx"}
        Geometry in WGS 84 (EPSG:4326), longitude first.

    Raises
    ------
    InputError
        If the kind is not known.
    NotFoundError
        If this installation lacks the geometry that the map names.
    """
    match kind:
        case "gpkg":
            return features.geopackage(spec)
        case "geojson":
            return features.geojson(spec)
        case "csv":
            return tables.csv_file(spec)
        case "xlsx":
            return tables.workbook(spec)
    raise InputError("export.kind_unknown", kind=kind, known=", ".join(KINDS))
