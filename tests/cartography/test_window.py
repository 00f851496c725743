"""The window of a map of some communes: around them, with room, and islands apart."""

from __future__ import annotations

import math

import pytest

from geo.cartography.spec import Frame
from geo.cartography.window import frames_around

MAIN = Frame((104.3, 9.4, 105.6, 10.95))
ISLAND = Frame((103.84, 10.0, 104.09, 10.46), "Phú Quốc")
ISLET = Frame((103.46, 9.28, 103.51, 9.33), "Thổ Châu")
FRAMES = (MAIN, ISLAND, ISLET)
CITY = (105.4, 10.33, 105.5, 10.4)
TOWN = (105.0, 9.9, 105.2, 10.1)


def _holds(frame: Frame, box) -> bool:
    return frame.bbox[0] < box[0] and frame.bbox[1] < box[1] and frame.bbox[2] > box[2] and frame.bbox[3] > box[3]


def test_no_commune_chosen_is_the_province():
    assert frames_around([], FRAMES) == FRAMES


def test_all_that_are_chosen_are_shown_with_a_margin():
    (frame,) = frames_around([CITY, TOWN], FRAMES)
    assert _holds(frame, CITY)
    assert _holds(frame, TOWN)
    assert not _holds(frame, MAIN.bbox)


@pytest.mark.parametrize("box", [CITY, (105.0, 10.0, 105.0001, 10.0001), ISLET.bbox])
def test_a_small_commune_keeps_what_lies_around_it(box):
    (frame,) = frames_around([box], FRAMES)
    west, south, east, north = frame.bbox
    assert north - south > 0.2199
    assert (east - west) * math.cos(math.radians(10)) >= 0.21
    assert (west + east) / 2 == pytest.approx((box[0] + box[2]) / 2, abs=1e-4)


def test_an_island_among_others_keeps_its_inset_and_one_alone_has_the_window():
    first, *insets = frames_around([CITY, ISLET.bbox], FRAMES)
    assert insets == [ISLET]
    assert first == frames_around([CITY], FRAMES)[0]
    (alone,) = frames_around([ISLAND.bbox], FRAMES)
    assert _holds(alone, ISLAND.bbox)
    (both,) = frames_around([ISLAND.bbox, ISLET.bbox], FRAMES)
    assert _holds(both, ISLAND.bbox)
    assert _holds(both, ISLET.bbox)
