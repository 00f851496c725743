import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.units.boundaries import default_units
from geo.units.locate import locate


def joined(x, y, shapes):
    """What geopandas has to say."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y))
    found = gpd.sjoin(points, gpd.GeoDataFrame(geometry=list(shapes)), predicate="within", how="left")
    return found["index_right"].groupby(found.index).min().fillna(-1).to_numpy(int)


@pytest.mark.parametrize("n", [50, 60_000])
def test_every_point_is_where_the_join_has_it(n):
    shapes = default_units().geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    rng = np.random.default_rng(n)
    x, y = rng.uniform(west - 0.1, east + 0.1, n), rng.uniform(south - 0.1, north + 0.1, n)
    assert (locate(x, y, shapes) == joined(x, y, shapes)).all()


def test_points_on_and_beside_edges_are_where_the_join_has_them():
    shapes = default_units().geometry.to_numpy()
    corner = shapely.get_coordinates(shapes)
    middle = (corner[1:] + corner[:-1]) / 2
    near = np.concatenate([corner, middle, corner + 1e-9, corner - 1e-9, middle + 1e-12])
    assert (locate(*near.T, shapes) == joined(*near.T, shapes)).all()


def test_edges_on_the_lines_of_the_raster_and_overlaps_and_gaps():
    boxes = [shapely.box(c, r, c + 1, r + 1) for r in range(4) for c in range(4)]
    shapes = np.array([*boxes[:-1], shapely.box(2.5, 2.5, 3.9, 3.9)], dtype=object)
    steps = np.linspace(-0.25, 4.25, 4 * 18 + 1)
    x, y = (axis.ravel() for axis in np.meshgrid(steps, steps))
    assert len(x) > 2048
    assert (locate(x, y, shapes) == joined(x, y, shapes)).all()


def test_no_point_no_units_and_no_numbers():
    assert locate([], [], [shapely.box(0, 0, 1, 1)]).tolist() == []
    assert locate([1.0], [1.0], []).tolist() == [-1]
    assert locate([np.nan, 0.5], [0.5, 0.5], [shapely.box(0, 0, 1, 1)]).tolist() == [-1, 0]
    many = np.full(5000, np.nan)
    assert (locate(many, many, [shapely.box(0, 0, 1, 1)]) == -1).all()
