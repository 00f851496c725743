"""The allocation on a small made-up country."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.units.approximate import Method, allocate, divide

SIDE = 10_000.0


@pytest.fixture
def chessboard():
    """Four square communes of one former commune each, on land with a coast in the south, and an island at sea."""
    corners = [(0, 0), (SIDE, 0), (0, SIDE), (SIDE, SIDE)]
    rows = [(f"c{i}", x, y, x + SIDE, y + SIDE) for i, (x, y) in enumerate(corners)]
    rows.append(("island", 5_000, -20_000, 6_000, -19_000))
    boxes = pd.DataFrame(rows, columns=["code", "x0", "y0", "x1", "y1"])
    boxes["x"], boxes["y"] = (boxes.x0 + boxes.x1) / 2, (boxes.y0 + boxes.y1) / 2
    units = boxes[["code", "x", "y"]].assign(area_km2=[100.0, 100, 100, 100, 2])
    return units, boxes, shapely.box(0, 1_000, 2 * SIDE, 2 * SIDE)


def test_squares_come_out_as_squares(chessboard):
    units, boxes, land = chessboard
    found = allocate(units, boxes, land, keep=list(units.code))
    for row in boxes[boxes.code != "island"].itertuples():
        true = shapely.intersection(shapely.box(row.x0, row.y0, row.x1, row.y1), land)
        shape = found[row.code]
        assert shapely.intersection(shape, true).area / shapely.union(shape, true).area > 0.9


def test_result_is_a_coverage_that_fills_the_land(chessboard):
    units, boxes, land = chessboard
    found = allocate(units, boxes, land, keep=list(units.code))
    assert shapely.coverage_is_valid(found.to_numpy())
    assert found.drop("island").map(shapely.area).sum() == pytest.approx(land.area, rel=1e-6)


def test_an_island_no_coast_shows_is_a_disc_of_its_area(chessboard):
    units, boxes, land = chessboard
    island = allocate(units, boxes, land, keep=list(units.code))["island"]
    assert island.area == pytest.approx(2e6, rel=0.05)
    assert shapely.Point(5_500, -19_500).within(island)


def test_only_the_units_asked_for_are_given(chessboard):
    units, boxes, land = chessboard
    assert list(allocate(units, boxes, land, keep=["c0", "c3"]).index) == ["c0", "c3"]


def test_a_commune_is_divided_among_the_former_ones_even_if_a_box_is_wrong():
    rows = [("a", 0, 0, SIDE, SIDE), ("b", SIDE, 0, 2 * SIDE, SIDE), ("astray", 90_000, 90_000, 91_000, 91_000)]
    boxes = pd.DataFrame(rows, columns=["code", "x0", "y0", "x1", "y1"])
    boxes["x"], boxes["y"] = (boxes.x0 + boxes.x1) / 2, (boxes.y0 + boxes.y1) / 2
    whole = shapely.box(0, 0, 2 * SIDE, SIDE)
    found = divide(whole, boxes)
    assert sorted(found.index) == ["a", "astray", "b"]
    assert found.map(shapely.area).min() > 0
    assert shapely.union_all(found.to_numpy()).area == pytest.approx(whole.area, rel=1e-6)
    assert found.map(shapely.area).sum() == pytest.approx(whole.area, rel=1e-6)


def test_is_repeatable(chessboard):
    units, boxes, land = chessboard
    first, second = (allocate(units, boxes, land, keep=list(units.code), method=Method(cell_m=400)) for _ in range(2))
    assert np.array_equal(shapely.to_wkb(first.to_numpy()), shapely.to_wkb(second.to_numpy()))
