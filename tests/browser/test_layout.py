"""Nothing is clipped or covered on small, large and magnified screens, and a page prints as one sheet."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.app import drawn, map_of, settled
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

# A phone; a laptop at 200 %, at 150 % and plain; a desk's screen.
_SIZES = [(390, 844), (683, 384), (911, 512), (1366, 768), (1920, 1080)]

_CLIPPED = """() => [...document.querySelectorAll('.antt-tile, .antt-tile *, .antt-menu a, .antt-button')]
  .filter(node => node.offsetParent && (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline'))
  .map(node => `${node.className}: ${node.textContent.slice(0, 40)}`)"""

# The share of the legend under which a commune lies.
_COVERED = """() => {
  const face = document.querySelector('.leaflet-container').getBoundingClientRect();
  const legend = document.querySelector('.antt-legend').getBoundingClientRect();
  let hits = 0;
  for (let i = 0; i < 400; i++) {
    const x = legend.left + ((i % 20) + 0.5) * legend.width / 20 - face.left;
    const y = legend.top + (Math.floor(i / 20) + 0.5) * legend.height / 20 - face.top;
    if (x < 0 || y < 0 || x > face.width || y > face.height) continue;
    hits += !!antt._unitAt(antt.map.containerPointToLatLng([x, y]));
  }
  return hits / 400;
}"""


def _frame(page: Page):
    return next(f for f in page.frames if f != page.main_frame and f.query_selector(".antt-sheet"))


@pytest.mark.parametrize("path", ["/overview", "/map", "/map?u=30307", "/change"])
def test_nothing_is_clipped_and_colours_are_explained(visit: Visit, path: str) -> None:
    page = visit.open(path, width=1366, height=768)
    settled(page)
    frame = _frame(page)
    for width, height in _SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(700)
        assert page.evaluate(_CLIPPED) == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
        legend = map_of(page).locator(".antt-legend .antt-entry")
        assert legend.count() > 2
        expect(legend.first).to_be_visible()
        frame.wait_for_function(f"() => ({_COVERED})() < 0.02")  # the legend lies over no commune
        assert frame.evaluate("document.querySelector('.leaflet-container').clientHeight") > 180, width


@pytest.mark.parametrize(("width", "height"), [(911, 512), (1366, 768), (1920, 1080)])
def test_the_first_window_of_the_overview_shows_its_map(visit: Visit, width: int, height: int) -> None:
    page = visit.open("/overview", width=width, height=height)
    settled(page)
    box = map_of(page).locator(".leaflet-container").bounding_box()
    assert box
    assert height - box["y"] > 200


def test_a_tooltip_lies_over_the_legend(visit: Visit) -> None:
    page = visit.open("/map")
    order = """() => {
      const tip = getComputedStyle(document.querySelector('.antt-tip')).zIndex;
      const corner = getComputedStyle(document.querySelector('.leaflet-bottom')).zIndex;
      return +tip > +corner;
    }"""
    assert _frame(page).evaluate(order)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/map?m=case&per=per_10k", ["Vụ việc trên 10.000 dân theo xã", "Chú giải", "Tuyến biên giới", "10,0–13,0"]),
        ("/overview", ["Biến động tụ điểm cờ bạc", "1.056", "Trong dao động thường"]),
        ("/change?m=case", ["Biến động vụ việc", "Tăng rất rõ"]),
    ],
)
def test_a_page_prints_as_one_sheet(visit: Visit, tmp_path: Path, path: str, words: list[str]) -> None:
    page = visit.open(path)
    settled(page)
    sheet = tmp_path / "sheet.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True, print_background=True)
    said = subprocess.run(["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True).stdout
    about = subprocess.run(["pdfinfo", sheet], capture_output=True, text=True, check=True).stdout
    assert "Pages:           1\n" in about
    for word in [*words, "LƯU HÀNH NỘI BỘ", "DỮ LIỆU MINH HOẠ", "Số liệu đến 31/10/2026"]:
        assert word in said, word
    assert "Đặt lại" not in said
    subprocess.run(["pdftoppm", "-r", "50", "-png", "-singlefile", sheet, sheet.with_suffix("")], check=True)
    with Image.open(sheet.with_suffix(".png")) as image:
        assert image.width > image.height
        face = image.convert("RGB").crop((20, image.height // 3, image.width // 2, image.height * 3 // 4))
        assert len(face.getcolors(1 << 24) or []) > 100, "the map is on it"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".antt-paper").count() == 0
    drawn(page)


def test_a_page_without_a_map_prints_its_text(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/map")
    page.goto(f"{visit.address}/near_repeat")
    settled(page)
    page.pdf(path=tmp_path / "text.pdf", prefer_css_page_size=True)
    said = subprocess.run(["pdftotext", tmp_path / "text.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "lặp lại" in said
    assert "Đặt lại" not in said
