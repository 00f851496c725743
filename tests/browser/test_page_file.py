"""The map as one HTML file, opened from disk in a real browser."""

from __future__ import annotations

from datetime import date

import pytest

from geo.render import page
from geo.schema import Measure, Query
from tests.asking import situation
from tests.homes import home_in

YEAR = (date(2025, 11, 1), date(2026, 10, 31))
MAPS = {
    "dens": (Query(Measure.DEN_CLEARED, *YEAR), {"clusters": True, "zones": ("border", "industrial_park")}),
    "points": (Query(Measure.CASE, *YEAR), {"points": "always"}),
    "masked": (Query(Measure.TIP, date(2026, 9, 1), date(2026, 9, 30)), {}),
}

_COLOURS = """() => {
  const c = document.querySelector('.antt-canvas');
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  const seen = new Set();
  for (let i = 0; i < d.length; i += 64) seen.add((d[i] << 16) | (d[i + 1] << 8) | d[i + 2]);
  return seen.size;
}"""


@pytest.fixture
def home(tmp_path):
    with home_in(tmp_path):
        yield tmp_path


@pytest.mark.browser
@pytest.mark.parametrize("name", MAPS)
def test_a_page_draws_its_map_from_disk_and_can_be_moved(browser, demo_store, home, name):
    query, drawn = MAPS[name]
    page.write(situation(demo_store, query, **drawn), home / "map.html")
    asked, troubles = [], []
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.on("request", lambda r: asked.append(r.url))
    tab.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda e: troubles.append(str(e)))
    tab.goto((home / "map.html").as_uri())
    tab.wait_for_selector("html[data-drawn]")
    assert tab.evaluate(_COLOURS) > 30
    before = tab.evaluate("antt.map.getCenter().lng")
    tab.mouse.move(500, 400)
    tab.mouse.down()
    tab.mouse.move(300, 400, steps=5)
    tab.mouse.up()
    tab.mouse.wheel(0, -300)
    tab.wait_for_timeout(600)
    assert tab.evaluate("antt.map.getCenter().lng") != before
    tab.close()
    assert troubles == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
