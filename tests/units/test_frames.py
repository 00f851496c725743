"""What goes into an inset."""

import geopandas as gpd
import pytest
import shapely

from geo.units.boundaries import default_units
from geo.units.frames import frames


@pytest.mark.parametrize("layer", ["default", "real"])
def test_far_islands_go_into_insets_and_near_ones_stay(layer, real_units):
    units = real_units if layer == "real" else default_units()
    main, *insets = frames(units)
    assert [inset.codes for inset in insets] == [("31078",), ("31105",)]
    assert "31108" in main.codes
    assert len(main.codes) == 100


def test_every_unit_is_in_one_frame_and_inside_its_box(real_units):
    found = frames(real_units)
    assert sorted(code for frame in found for code in frame.codes) == sorted(real_units.code)
    by_code = real_units.set_index("code").geometry
    for frame in found:
        assert shapely.box(*frame.bounds).buffer(1e-9).covers(by_code[list(frame.codes)].union_all())


def test_a_province_without_islands_is_one_frame():
    squares = [shapely.box(105 + i / 10, 10, 105.1 + i / 10, 10.1) for i in range(4)]
    units = gpd.GeoDataFrame({"code": list("abcd")}, geometry=squares, crs=4326)
    (only,) = frames(units)
    assert only.codes == ("a", "b", "c", "d")
