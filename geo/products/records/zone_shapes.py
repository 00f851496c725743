"""Shapes for a priority area without a mouse: around a typed place, of whole communes, along the national border."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import shapely

from geo.errors import InputError
from geo.ingest.checking.coordinates import read_coordinates
from geo.ingest.recognising.mapping import Mapping
from geo.schema import Dataset
from geo.store import Snapshot, remembered
from geo.units.around import belt, pieces, widened
from geo.units.boundaries import read_surroundings
from geo.units.surroundings import surroundings_for

__all__ = ["BELT_M", "RADIUS_M", "along_border", "around", "divided_by", "of_communes", "place_of"]

BELT_M = 1_000
"""How far the belt along the border reaches where nobody says otherwise."""

RADIUS_M = (10, 20_000)
"""Least and largest radius."""

_PARTS = 6
"""Most pieces that a line may make."""


def place_of(text: str) -> tuple[float, float]:
    """Longitude and latitude of a place as somebody typed it: degrees or degrees, minutes and seconds, in either order.

    Raises
    ------
    InputError
        If it is none in the country.
    """
    rows = pd.DataFrame({"place": [text]}, dtype="str")
    nowhere = pd.DataFrame({"lon": [], "lat": []}, dtype=float)
    codes = pd.Series([""], dtype="str")
    mapping = Mapping(Dataset.ZONES, {"place": "place"})
    found = read_coordinates(rows, mapping, crs=None, codes=codes, centres=nowhere, file="")
    if found is None or not text.strip() or found.unreadable[0] or found.half[0] or not found.lon[0] == found.lon[0]:
        raise InputError("areas.no_place")
    return float(found.lon[0]), float(found.lat[0])


def around(lon: float, lat: float, metres: float) -> shapely.Geometry:
    """The circle around a place.

    Raises
    ------
    InputError
        If the radius is too small or too large.
    """
    least, most = RADIUS_M
    if not least <= metres <= most:
        raise InputError("areas.radius", least=least, most=most)
    return widened(shapely.Point(lon, lat), metres)


def of_communes(snapshot: Snapshot, codes: Sequence[str]) -> shapely.Geometry:
    """Whole communes as one area.

    Raises
    ------
    InputError
        If none is named.
    """
    layer = snapshot.layer()
    chosen = layer.geometry[layer["code"].isin(list(codes)).to_numpy(bool)].to_numpy()
    if not len(chosen):
        raise InputError("areas.no_communes")
    return shapely.union_all(chosen)


def along_border(snapshot: Snapshot, metres: float) -> shapely.Geometry:
    """The belt along the national border inside the province.

    Raises
    ------
    InputError
        If the distance is none, or the province has no such border.
    """
    least, most = RADIUS_M
    if not least <= metres <= most:
        raise InputError("areas.radius", least=least, most=most)
    found = belt(_border(snapshot), shapely.union_all(snapshot.layer().geometry.to_numpy()), metres)
    if found.is_empty:
        raise InputError("areas.no_border")
    return found


@remembered(1)
def _border(snapshot: Snapshot) -> shapely.Geometry:
    """The national border, along the outline of the communes where it runs there."""
    fitted = surroundings_for(snapshot.layer(), read_surroundings())
    return shapely.union_all(fitted.geometry[(fitted["kind"] == "national_border").to_numpy(bool)].to_numpy())


def divided_by(shape: shapely.Geometry, line: shapely.LineString) -> list[shapely.Geometry]:
    """The pieces of an area along a line, largest first.

    Raises
    ------
    InputError
        If the line does not cross it, or makes too many pieces of it.
    """
    found, whole = pieces(shape, line), shapely.get_num_geometries(shape)
    if len(found) <= whole:
        raise InputError("areas.not_divided")
    if len(found) > _PARTS:
        raise InputError("areas.many_parts", n=len(found), most=_PARTS)
    return found
