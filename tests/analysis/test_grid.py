import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.grid import adjacency, counted, grid_over

SQUARE = [shapely.box(0, 0, 10_000, 6_000)]
PAIR = [shapely.box(1_200, 700, 5_000, 6_000), shapely.box(5_000, 700, 9_800, 6_000)]
COORDINATES = st.floats(-3_000, 13_000, allow_subnormal=False)


def test_cells_cover_a_square_exactly():
    grid = grid_over(SQUARE, cell_m=2_000)
    assert len(grid.column) == 15
    assert shapely.equals(grid.outline(range(15)), SQUARE[0])


def test_each_cell_belongs_to_one_shape_and_its_middle_lies_in_it():
    grid = grid_over(PAIR, cell_m=1_000)
    for middle, shape in zip(grid.centres, grid.shape_of):
        assert shapely.intersects_xy(PAIR[shape], *middle)
    assert len({(c, r) for c, r in zip(grid.column, grid.row)}) == len(grid.column)


def test_grid_lines_lie_on_whole_multiples_of_the_cell():
    grid = grid_over(PAIR, cell_m=1_000)
    assert (grid.x0 % 1_000, grid.y0 % 1_000) == (0, 0)


@given(st.lists(st.tuples(COORDINATES, COORDINATES), max_size=60))
def test_every_event_inside_is_counted_once_and_those_outside_never(points):
    grid = grid_over(SQUARE, cell_m=2_000)
    x, y = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    inside = (x >= 0) & (x < 10_000) & (y >= 0) & (y < 6_000)
    assert counted(grid, x, y).sum() == inside.sum()


def test_events_fall_into_their_own_cell():
    grid = grid_over(SQUARE, cell_m=2_000)
    counts = counted(grid, grid.centres[:, 0], grid.centres[:, 1])
    assert counts.tolist() == [1] * 15
    assert counted(grid, [4_100.0], [2_100.0]).argmax() == np.flatnonzero((grid.column == 2) & (grid.row == 1))[0]


def test_queen_neighbours_are_eight_and_farther_ones_twenty():
    grid = grid_over([shapely.box(0, 0, 9_000, 9_000)], cell_m=1_000)
    middle = int(np.flatnonzero((grid.column == 4) & (grid.row == 4))[0])
    assert adjacency(grid)[[middle]].sum() == 8
    assert adjacency(grid, reach=2.5)[[middle]].sum() == 20
    assert abs(adjacency(grid) - adjacency(grid).T).sum() == 0


def test_a_cell_of_no_size_is_refused():
    with pytest.raises(ValueError, match="positive"):
        grid_over(SQUARE, cell_m=0)
