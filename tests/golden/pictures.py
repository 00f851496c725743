"""Products turned into pictures: PNG as it is, PDF through pdftoppm, PPTX through LibreOffice, HTML through Chromium."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from geo.products.documents import briefings
from geo.products.documents.atlas import atlas
from geo.products.documents.briefings import Briefing
from geo.products.documents.files import export, export_all
from geo.question import altered
from geo.question.periods import Preset
from geo.schema import Measure, Per, Query
from geo.store import Store
from tests.asking import ask, situation
from tests.browser.app import Window
from tests.render.conftest import fonts_home

HOME = Path(__file__).parent
WIDTH = 960
"""Pictures are kept this many dots wide."""

_YEAR = (date(2025, 11, 1), date(2026, 10, 31))
_ZONES = ("border", "industrial_park", "ethnic_minority_area")


def _small(picture: Image.Image) -> Image.Image:
    colours = picture.convert("RGB")
    return colours.resize((WIDTH, round(colours.height * WIDTH / colours.width)), Image.Resampling.LANCZOS)


def _pages(pdf: bytes, folder: Path, name: str) -> list[Image.Image]:
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "110", "-png", str(path), str(folder / name)], check=True)
    return [Image.open(io.BytesIO(found.read_bytes())) for found in sorted(folder.glob(f"{name}-*.png"))]


def _slides(decks: dict[str, bytes], folder: Path) -> dict[str, list[Image.Image]]:
    """Slides of every deck, by its name; one start of LibreOffice for all."""
    paths = [folder / f"{name}.pptx" for name in decks]
    for path, pptx in zip(paths, decks.values()):
        path.write_bytes(pptx)
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is missing: run tests/browser/chromium.sh"
    command = [soffice, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, paths)],
        check=True,
        capture_output=True,
        timeout=300,
        env=fonts_home(folder),
    )
    return {name: _pages((folder / f"{name}.pdf").read_bytes(), folder, f"{name}_slides") for name in decks}


def _html(page: bytes, folder: Path, browser: Browser | Window) -> Image.Image:
    (folder / "page.html").write_bytes(page)
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.goto((folder / "page.html").as_uri())
    tab.wait_for_selector("html[data-drawn]")
    tab.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(tab.screenshot()))
    tab.close()
    return picture


def all_pictures(store: Store, folder: Path, browser: Browser | Window) -> dict[str, Image.Image]:
    """Every product by name, `WIDTH` dots wide."""
    dens = situation(store, Query(Measure.DEN_CLEARED, *_YEAR), clusters=True, zones=_ZONES)
    rate = situation(store, Query(Measure.CASE, *_YEAR, per=Per.PEOPLE), "en")
    tips = situation(store, Query(Measure.TIP, date(2026, 9, 1), date(2026, 9, 30)))
    view = ask(measure=Measure.DEN_CLEARED, period=Preset.LAST12, units=("30307",), clusters=True, zones=_ZONES)
    found = {
        "png": Image.open(io.BytesIO(export(dens, "png"))),
        "png_projector": Image.open(io.BytesIO(export(tips, "png", theme="projector"))),
        "pdf": _pages(export(rate, "pdf"), folder, "rate")[0],
        "atlas": _pages(atlas(store.snapshot(), view), folder, "atlas")[0],
        "html": _html(export(dens, "html"), folder, browser),
    }
    whole = altered(view, query=replace(view.query, units=()))
    deck = Briefing("Giao ban", tuple(altered(whole, show=show) for show in ("table", "chart", "months")))
    specs = briefings.maps(store.snapshot(), deck)
    decks = {
        "wide": export(dens, "pptx"),
        "square": export(tips, "pptx", size="4:3"),
        "deck": export_all(specs, "pptx", title=deck.title),
    }
    slides = _slides(decks, folder)
    found |= {f"deck_{name}": slide for name, slide in zip(("table", "chart", "months"), slides["deck"])}
    found["book_chart"] = _pages(export_all(specs, "pdf", title=deck.title), folder, "book")[1]
    found |= {"pptx_map": slides["wide"][0], "pptx_numbers": slides["wide"][1], "pptx_square": slides["square"][0]}
    return {name: _small(picture) for name, picture in found.items()}
