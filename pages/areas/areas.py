"""Địa bàn: priority areas on the map, what is recorded in each, and drawing them."""

from geo.ui import areas

areas.page()
