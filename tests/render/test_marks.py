"""Areas too small to be seen are marks of their kind on screen, on paper and on a slide, told apart without colour."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from PIL import Image
from pptx import Presentation

from geo.cartography import symbology
from geo.cartography.rings import rings_of
from geo.cartography.spec import MapSpec, Mark, Style, UnitLayer, Zone, ZoneLayer, with_changes
from geo.products.situation.zones import zone_layers
from geo.render import page, slides, static
from geo.schema import PROTECTED_ZONES, ZoneKind
from tests.render.conftest import pixels

PLACE = (105.3, 10.3)
TINY, LARGE = shapely.Point(PLACE).buffer(0.002), shapely.Point(PLACE).buffer(0.12)
PINK = Mark(symbology.zone_mark(ZoneKind.INDUSTRIAL_PARK).corners, Style(fill="#ff00ff"), 12.0)
DEUTERANOPIA = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
"""How the most frequent kind of colour blindness sees (Machado et al., doi:10.1109/TVCG.2009.113)."""


@pytest.fixture(scope="module")
def with_layer(kinds_of_map):
    """A map with nothing on it but one layer of areas."""

    def build(shape: shapely.Geometry, style: Style, mark: Mark | None) -> MapSpec:
        spec = kinds_of_map["empty"]
        layer = ZoneLayer("industrial_park", "Khu công nghiệp", style, (Zone("Khu 0", rings_of(shape)),), mark)
        return with_changes(
            spec, layers=(*(one for one in spec.layers if isinstance(one, UnitLayer)), layer), legend=()
        )

    return build


def pink(colours: np.ndarray) -> int:
    return int((np.abs(colours.astype(int) - (255, 0, 255)).sum(axis=-1) < 12).sum())


def test_on_paper_a_small_area_is_its_mark_and_a_large_one_is_itself(with_layer):
    shown = {
        (size, bool(mark)): pink(pixels(static.render(with_layer(shape, Style(fill="#ff00ff"), mark), "png", size="1080p")))
        for size, shape in (("tiny", TINY), ("large", LARGE))
        for mark in (PINK, None)
    }  # fmt: skip
    assert shown["tiny", True] > 5 * max(1, shown["tiny", False])
    assert shown["large", True] == shown["large", False] > 1_000


def test_a_slide_has_the_mark_as_a_shape_named_like_the_area(with_layer, tmp_path):
    sizes = {}
    for name, shape in (("tiny", TINY), ("large", LARGE)):
        slides.deck([with_layer(shape, Style(), PINK)], tmp_path / "deck.pptx")
        (found,) = (s for one in Presentation(tmp_path / "deck.pptx").slides for s in one.shapes if "Khu 0" in s.name)
        sizes[name] = found.width
    assert 8 * 9_525 <= sizes["tiny"] <= 13 * 9_525 < sizes["large"]


@pytest.mark.browser
def test_on_screen_the_mark_goes_as_the_area_grows_and_the_mouse_finds_it(with_layer, home, browser):
    page.write(with_layer(TINY, Style(fill="#00ff00"), PINK), home / "mark.html")
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.goto((home / "mark.html").as_uri())
    tab.wait_for_selector("html[data-drawn]")
    count = """() => { const c = document.querySelector('.antt-canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
        for (let i = 0; i < d.length; i += 4) n += d[i] > 250 && d[i + 1] < 6 && d[i + 2] > 250; return n; }"""
    assert tab.evaluate(count) > 20
    x, y = tab.evaluate(
        """([lon, lat]) => { const box = antt.map.getContainer().getBoundingClientRect();
        const at = antt.map.latLngToContainerPoint([lat, lon]); return [at.x + box.x, at.y + box.y]; }""",
        PLACE,
    )
    tab.mouse.move(x + 5, y)
    assert "Khu 0" in tab.inner_text(".antt-tip")
    tab.mouse.move(x + 30, y)
    assert "Khu 0" not in tab.inner_text(".antt-tip")
    tab.evaluate("([lon, lat]) => antt.map.setView([lat, lon], 14, { animate: false })", PLACE)
    tab.wait_for_timeout(300)
    assert tab.evaluate(count) == 0


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    """Share of a picture in which two differ clearly."""
    return float((np.abs(one - other) > 24).mean())


def test_kinds_are_told_apart_without_colour(with_layer):
    """Their outlines and hatches over the same ground, and their marks: in grey, and to the colour-blind."""

    def drawn(shape: shapely.Geometry, style: Style, mark: Mark | None) -> np.ndarray:
        return pixels(static.render(with_layer(shape, style, mark), "png", size="1080p"))[..., :3]

    def looks(colours: np.ndarray) -> list[np.ndarray]:
        grey = np.asarray(Image.fromarray(colours).convert("L"), float)
        return [grey, np.clip(colours @ DEUTERANOPIA.T, 0, 255).mean(axis=-1)]

    ground = drawn(TINY, Style(), None)
    for shape, marked in ((LARGE, False), (TINY, True)):
        pictures = {}
        where = (
            np.abs(drawn(shape, Style(fill="#ff00ff"), PINK).astype(int) - (255, 0, 255)).sum(axis=-1) < 12
        ).nonzero()
        around = tuple(slice(at.min() - 4, at.max() + 5) for at in where)
        plain = looks(ground[around])
        for kind in ZoneKind:
            mark = symbology.zone_mark(kind) if marked else None
            pictures[kind] = looks(drawn(shape, symbology.ZONE_STYLES[kind], mark)[around])
        for seen in range(len(plain)):
            ink = {kind: _apart(picture[seen], plain[seen]) for kind, picture in pictures.items()}
            for one, other in combinations(ZoneKind, 2):
                both = _apart(pictures[one][seen], pictures[other][seen])
                assert both > 0.25 * min(ink[one], ink[other]) > 0, (one, other, marked, seen)


def test_of_communities_the_mark_is_a_bare_outline_and_no_two_marks_are_alike():
    marks = {kind: symbology.zone_mark(kind) for kind in ZoneKind}
    assert len({mark.corners for mark in marks.values()}) == len(ZoneKind)
    assert all(not marks[kind].style.fill for kind in PROTECTED_ZONES)


def test_only_kinds_with_small_areas_have_marks(demo_store):
    layers = {layer.kind: layer.mark for layer in zone_layers(demo_store.snapshot(), tuple(ZoneKind), "vi")}
    assert layers["border"] is None
    assert all(mark for kind, mark in layers.items() if kind != "border")
