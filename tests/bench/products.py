"""Products a person waits for: pictures, decks, the atlas, and the turning of a slide in the browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from geo.demo import generate
from geo.products.documents.atlas import atlas
from geo.products.documents.files import export, export_all
from geo.schema import Measure, Per
from geo.store import Store
from tests.asking import answered, ask
from tests.bench.analyses import Pair
from tests.browser.app import chromium, drawn, serving, settled
from tests.homes import demo_store_in, home_in

_NOTHING = float("nan")
_TURN = """(key) => new Promise((done) => {
  const root = document.querySelector('iframe[title="streamlit_folium.st_folium"]').contentDocument.documentElement;
  const from = performance.now();
  const seen = new MutationObserver(() => { seen.disconnect(); done(performance.now() - from); });
  seen.observe(root, { attributes: true, attributeFilter: ["data-drawn"] });
  setTimeout(() => done(-1), 5000);
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, keyCode: 39, bubbles: true }));
})"""


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def all_pairs(say: Callable[[str], None]) -> list[Pair]:
    """Every product with the time it may take, on the demo."""
    with TemporaryDirectory() as folder, home_in(Path(folder)) as home:
        store = demo_store_in(home, generate())
        return [*_files(store, say), _turning(home, say)]


def _files(store: Store, say: Callable[[str], None]) -> list[Pair]:
    measures = (Measure.DEN_CLEARED, Measure.CASE, Measure.SESSION, Measure.ATTENDANCE, Measure.LEAFLET)
    specs = [answered(store, ask(measure=measure, per=per)) for measure in measures for per in (Per.COUNT, Per.PEOPLE)]
    export(specs[0], "png")
    found = []
    for kind, size in (("png", "1080p"), ("png", "4k"), ("pdf", "a4"), ("pdf", "a3")):
        say(f"{kind} {size}")
        took = _seconds(lambda kind=kind, size=size: export(specs[1], kind, size=size))  # type: ignore[misc]
        found.append(Pair(f"{kind.upper()} {size}", 1, 2.0, took, _NOTHING, "-"))
    say("decks")
    ten = _seconds(lambda: export_all(specs, "pptx", numbers=False))
    twenty = _seconds(lambda: export_all(specs, "pptx"))
    found.append(Pair("deck of ten slides", 10, 10.0, ten, _NOTHING, "-"))
    found.append(Pair("the same with tables and charts", 20, 0.0, twenty, _NOTHING, "-"))
    say("atlas")
    found.append(Pair("atlas, a page each", 102, 60.0, _seconds(lambda: atlas(store.snapshot(), ask())), _NOTHING, "-"))
    return found


def _turning(home: Path, say: Callable[[str], None]) -> Pair:
    """From the key to the next slide's map, the slowest of a briefing."""
    say("turning slides")
    with serving(home) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(f"{address}/?page=present&br=giao-ban-tuan&sl=1&p=projector")
        drawn(page)
        settled(page)
        turns = []
        for _ in range(4):
            page.wait_for_timeout(2500)
            turns.append(page.evaluate(_TURN, "ArrowRight") / 1000)
    return Pair("turning a slide, slowest of four", 4, 0.2, max(turns), _NOTHING, "-")
