"""A hole in a zone is a hole on screen, on paper, in a page, on a slide and in a data file."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from lxml import etree
from pptx import Presentation

from geo.cartography.rings import rings_of
from geo.cartography.spec import MapSpec, Style, UnitLayer, Zone, ZoneLayer, with_changes
from geo.export import features
from geo.products.situation.zones import zone_layers
from geo.render import page, slides, static, web
from tests.render.conftest import pixels

WHOLE = shapely.box(105.1, 10.2, 105.5, 10.6)
HOLE = shapely.box(105.2, 10.3, 105.4, 10.5)
RING = WHOLE.difference(HOLE)
SHARE = 1 - HOLE.area / WHOLE.area
INK = (255, 0, 255)


@pytest.fixture(scope="module")
def with_zones(kinds_of_map):
    """A map with zones of one kind in a colour of their own."""

    def build(*shapes: shapely.Geometry) -> MapSpec:
        spec = kinds_of_map["empty"]
        zones = tuple(Zone(f"Vùng {n}", rings_of(shape)) for n, shape in enumerate(shapes))
        layer = ZoneLayer("border", "Tuyến biên giới", Style(fill="#ff00ff"), zones)
        return with_changes(spec, layers=(*(one for one in spec.layers if isinstance(one, UnitLayer)), layer))

    return build


def inked(colours: np.ndarray) -> int:
    return int((np.abs(colours.astype(int) - INK).sum(axis=-1) < 12).sum())


def test_paper_leaves_a_hole_empty(with_zones):
    whole, ring, filled = (
        inked(pixels(static.render(with_zones(*shapes), "png", size="1080p")))
        for shapes in ((WHOLE,), (RING,), (RING, HOLE))
    )
    assert ring / whole == pytest.approx(SHARE, abs=0.06)
    assert filled / whole == pytest.approx(1, abs=0.02)


def test_zones_that_lie_on_each_other_leave_none(with_zones):
    turned = shapely.orient_polygons(HOLE, exterior_cw=True)
    both, whole = (
        inked(pixels(static.render(with_zones(*s), "png", size="1080p"))) for s in ((WHOLE, turned), (WHOLE,))
    )
    assert both == pytest.approx(whole, rel=0.01)


def test_a_slide_draws_the_inner_ring_too(with_zones, tmp_path):
    slides.deck([with_zones(RING)], tmp_path / "deck.pptx")
    shapes = [s for slide in Presentation(tmp_path / "deck.pptx").slides for s in slide.shapes if "Vùng 0" in s.name]
    assert shapes
    for shape in shapes:
        xml = etree.tostring(shape._element)
        assert xml.count(b"<a:moveTo>") == 2


def test_the_screen_is_handed_every_ring(with_zones):
    published = []
    addresses = web.Addresses(lambda sha: sha, lambda content: published.append(content) or "z", None)
    web.payload_at(with_zones(RING), web.Look(), addresses)
    (layer,) = json.loads(published[0])
    assert [len(ring) for ring in layer["zones"][0]["rings"]] == [5, 5]


@pytest.mark.browser
def test_a_page_leaves_a_hole_empty_and_says_so_under_the_mouse(with_zones, home, browser):
    counted = {}
    for name, shape in (("whole", WHOLE), ("ring", RING)):
        page.write(with_zones(shape), home / f"{name}.html")
        tab = browser.new_page(viewport={"width": 1366, "height": 768})
        tab.goto((home / f"{name}.html").as_uri())
        tab.wait_for_selector("html[data-drawn]")
        counted[name] = tab.evaluate(
            """() => { const c = document.querySelector('.antt-canvas');
            const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
            for (let i = 0; i < d.length; i += 4) n += d[i] > 250 && d[i + 1] < 6 && d[i + 2] > 250; return n; }"""
        )
        said = []
        for lon, lat in ((105.15, 10.25), (105.3, 10.4)):
            x, y = tab.evaluate(
                """([lat, lon]) => { const box = antt.map.getContainer().getBoundingClientRect();
                const at = antt.map.latLngToContainerPoint([lat, lon]); return [at.x + box.x, at.y + box.y]; }""",
                [lat, lon],
            )
            tab.mouse.move(x, y)
            said.append("Vùng 0" in tab.inner_text(".antt-tip"))
        assert said == [True, name == "whole"]
        tab.close()
    assert counted["ring"] / counted["whole"] == pytest.approx(SHARE, abs=0.06)


def test_a_data_file_keeps_the_hole(with_zones):
    frame, _ = features.layers(with_zones(RING))["zones_border"]
    assert frame.geometry.iloc[0].equals(RING)


def test_the_map_of_the_store_has_the_holes_of_its_zones(demo_store):
    zones = gpd.GeoDataFrame({"name": ["Vành đai"], "kind": ["border"], "invented": [False]}, geometry=[RING], crs=4326)
    snapshot = replace(demo_store.snapshot(), zones=zones)
    (layer,) = zone_layers(snapshot, ("border",), "vi")
    assert layer.zones[0].rings == rings_of(RING)
