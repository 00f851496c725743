"""Text from outside is shown as text, wherever it appears; nothing in it runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from geo.demo import Demo
from geo.schema import Dataset, UnitSystem
from geo.store import Batch, open_store
from geo.units import boundaries
from geo.units.frames import frames
from tests.browser.app import Watch, Window, drawn, map_of, serving, settled

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=\"window.top.hit='img'\">",
    "${window.top.hit='template'}",
    "`+(window.top.hit='backtick')+`",
    "</script><script>window.top.hit='script'</script>",
    "'-(window.top.hit='quote')-'",
    '"-(window.top.hit="double")-"',
    "{{ 'x' }}{% raw %}",
    "[link](javascript:window.top.hit='markdown') **bold** $x^2$ :red[red]",
    "\\u003cimg src=x onerror=window.top.hit='escaped'>",
    "a_b_c \u2028 \u2029 &lt;b&gt; &amp;",
)
CODES = ("30307", "30742", "31078", "30316", "30769", "30688", "31064", "30376", "30292", "30301")


@pytest.fixture(scope="module")
def hostile_address(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("hostile")
    store = open_store(f"sqlite:///{home / 'antt.sqlite'}")
    layer = boundaries.default_units()
    layer["name"] = layer["name"].where(~layer["code"].isin(CODES), layer["code"].map(dict(zip(CODES, HOSTILE))))
    ready = boundaries.prepare(layer, province="91", approximate=False)
    store.add_boundaries(
        ready.units,
        system=UnitSystem.CURRENT,
        name=HOSTILE[0],
        valid_from=date(2025, 7, 1),
        source=HOSTILE[1],
        licence=HOSTILE[2],
        topology=ready.topology,
        frames=[{"bounds": f.bounds, "codes": f.codes} for f in frames(ready.units)],
        approximate=False,
    )
    for batch in demo.batches:
        rows = batch.rows
        if batch.dataset is Dataset.ZONES:
            names = [HOSTILE[i % len(HOSTILE)] for i in range(len(rows))]
            rows = rows.assign(name=names)
        store.append(Batch(batch.dataset, rows, batch.provenance))
    with serving(home, marking=HOSTILE[3], organisation=HOSTILE[0]) as address:
        yield address


def _names_in_map(page) -> set[str]:
    return set(map_of(page).locator("body").evaluate("() => [...window.antt.geometry.units.values()].map(u => u.name)"))


@pytest.mark.parametrize(
    "path", ["/?u=30307&m=case&pts=always", "/?page=overview", "/?p=projector&u=30742", "/?m=tip&lang=en"]
)
def test_nothing_runs_and_everything_shows(browser: Window, hostile_address: str, path: str):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    watch = Watch(page)
    page.goto(hostile_address + path)
    drawn(page)
    settled(page)
    assert set(HOSTILE) <= _names_in_map(page)
    expect(map_of(page).locator(".antt-marks")).to_contain_text(HOSTILE[3])
    expect(map_of(page).locator(".antt-foot")).to_contain_text(HOSTILE[0])
    assert page.evaluate("window.hit === undefined")
    assert not map_of(page).locator("img[onerror], .antt-sheet script").count()
    assert not page.locator("img[onerror]").count()
    assert not watch.faults
    page.close()


def test_hostile_names_in_tooltip_card_table_and_search(browser: Window, hostile_address: str):
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    watch = Watch(page)
    page.goto(hostile_address + "/?z=border.industrial_park.education.complex_area.strategic_area.urban_centre")
    drawn(page)
    settled(page)
    for code, name in zip(CODES, HOSTILE):
        spot = (
            map_of(page)
            .locator("body")
            .evaluate(
                """(_, code) => { const unit = window.antt.geometry.units.get(code), k = 2 ** (window.antt.map.getZoom() - 10);
                 const p = L.point(unit.at[0] * k, unit.at[1] * k).subtract(window.antt.map.getPixelOrigin());
                 return window.antt.map.layerPointToContainerPoint(p); }""",
                code,
            )
        )
        box = map_of(page).locator(".leaflet-container").bounding_box()
        assert box
        page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
        expect(map_of(page).locator(".antt-tip strong")).to_contain_text(name.replace("\u2028", "").strip()[:8])
    box = page.get_by_placeholder("Ví dụ")
    box.fill(HOSTILE[0])
    box.press("Enter")
    expect(page.locator(".st-key-card h2")).to_contain_text(HOSTILE[0], timeout=30_000)
    page.get_by_role("tab", name="Bảng số liệu").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    settled(page)
    assert page.evaluate("window.hit === undefined")
    assert not page.locator("img[onerror]").count()
    assert not watch.faults
    page.close()
