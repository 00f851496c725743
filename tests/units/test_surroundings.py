"""What is drawn around the communes fits them, whichever layer they come from."""

import pytest
import shapely

from geo.units.boundaries import default_units, read_surroundings
from geo.units.surroundings import surroundings_for

METRIC = "EPSG:32648"


@pytest.fixture(scope="module", params=["real", "default"])
def fitted(request, prepared):
    units = prepared.simple if request.param == "real" else default_units()
    found = surroundings_for(units, read_surroundings()).to_crs(METRIC)
    return units.to_crs(METRIC).union_all(), found


def test_neighbouring_land_leaves_no_gap_and_no_coastal_strip(fitted):
    units, found = fitted
    land = found[found.kind == "land"].union_all()
    everywhere = read_surroundings().to_crs(METRIC)
    everywhere = everywhere[everywhere.kind == "land"].union_all()
    ring = units.buffer(200).difference(units)
    inland = ring.intersection(everywhere.buffer(-5_000))
    assert inland.difference(land).area < 0.02 * inland.area
    strip = land.difference(units)
    assert strip.buffer(-1_000).buffer(1_100).intersection(strip).area > 0.97 * strip.area


def test_the_border_does_not_cut_through_communes(fitted):
    units, found = fitted
    (border,) = found[found.kind == "national_border"].geometry
    inside = border.intersection(units.buffer(-50))
    assert inside.length < 0.01 * border.length


def test_the_border_is_not_drawn_along_the_coast_or_inside_the_country(fitted):
    _, found = fitted
    (border,) = found[found.kind == "national_border"].geometry
    assert len(shapely.get_parts(border)) == 1
    reference = read_surroundings().to_crs(METRIC)
    (coarse,) = reference[reference.kind == "national_border"].geometry
    assert shapely.hausdorff_distance(border.segmentize(500), coarse.segmentize(500)) < 5_000
