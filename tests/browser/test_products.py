"""Briefings, the presenter, reopened files and the atlas, in a real browser."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from geo.products.documents import briefings
from geo.question.address import PAGES
from geo.settings import REFERENCE
from tests.asking import TODAY
from tests.browser.app import Watch, drawn, map_of, redrawn, settled

pytestmark = pytest.mark.browser

_CLIPPED = """() => {
  const wide = window.innerWidth, high = window.innerHeight, bad = [];
  for (const node of document.querySelectorAll(
    ".antt-head h1, .antt-head p, .antt-marks div, .antt-figure div, .antt-entry, .antt-legend h4, .antt-foot, .antt-corner, .antt-board *"
  )) {
    if (!node.textContent || node.offsetParent === null) continue;
    const box = node.getBoundingClientRect();
    const out = box.left < -1 || box.top < -1 || box.right > wide + 1 || box.bottom > high + 1;
    if (out || node.scrollWidth > node.clientWidth + 1 || (node.clientHeight && node.scrollHeight > node.clientHeight + 3))
      bad.push(`${node.className || node.tagName}: ${node.textContent.slice(0, 60)}`);
  }
  return bad;
}"""


_RULES = {"runOnly": ["wcag2a", "wcag2aa"]}


def _go(page: Page, visit, name: str, more: str = "") -> None:
    page.goto(f"{visit.address}/?page={name}{more}")
    settled(page)


def _download(page: Page, label: str) -> bytes:
    with page.expect_download(timeout=60_000) as found:
        page.get_by_role("button", name=label, exact=True).click()
    with open(found.value.path(), "rb") as file:
        return file.read()


def _rows(page: Page) -> list[str]:
    return page.locator(".antt-slide-row b").all_text_contents()


def test_a_briefing_is_built_ordered_and_exported(visit):
    page = visit.open("/?page=map&m=case")
    page.get_by_role("button", name="Xuất ảnh").click()
    page.get_by_role("button", name="Thêm vào bản tin").click()
    page.get_by_text("nay có 7 trang").wait_for()
    _go(page, visit, "briefings")
    page.locator(".antt-slide-row").nth(6).wait_for()
    first = _rows(page)
    assert first[6] == "Vụ việc theo xã, 11/2025–10/2026"
    page.get_by_role("button", name="Lên trên").nth(6).click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.antt-slide-row b')][5]?.textContent.startsWith('Vụ việc theo xã')"
    )
    page.get_by_role("button", name="Bỏ khỏi bản tin").first.click()
    page.wait_for_function("() => document.querySelectorAll('.antt-slide-row').length === 6")
    expect(page.get_by_text(f"Đã bỏ trang 1: {first[0]}")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(page.locator(".antt-slide-row b")).to_have_text([*first[:5], first[6], first[5]])
    page.get_by_role("button", name="Bỏ khỏi bản tin").first.click()
    page.wait_for_function("() => document.querySelectorAll('.antt-slide-row').length === 6")
    assert _rows(page) == [*first[1:5], first[6], first[5]]
    settled(page)
    deck = _download(page, "Xuất PPTX")
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        assert sum(name.startswith("ppt/slides/slide") for name in archive.namelist()) == 11
    book = pypdf.PdfReader(io.BytesIO(_download(page, "Xuất PDF")))
    assert [entry.title for entry in book.outline] == _rows(page)
    text = _download(page, "YAML").decode()
    assert len(briefings.parse(text, TODAY).slides) == 6
    page.get_by_label("Tên bản tin").fill("Giao ban tháng 11")
    page.keyboard.press("Enter")
    settled(page)
    assert len(_rows(page)) == 6
    assert briefings.parse(_download(page, "YAML").decode(), TODAY).title == "Giao ban tháng 11"
    mine = _rows(page)
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.locator(".antt-slide-row b")).to_have_text(first[:6])
    expect(page.get_by_text('Đã xóa bản tin "Giao ban tháng 11"')).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(page.locator(".antt-slide-row b")).to_have_text(mine)
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.locator(".antt-slide-row b")).to_have_text(first[:6])
    settled(page)
    assert _rows(page) == first[:6]
    assert page.get_by_text("Không hiển thị được").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1024, 768)])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_briefing_is_presented_by_keys_alone_and_no_text_is_clipped(visit, width, height, lang):
    sample = briefings.parse((REFERENCE / "briefings" / "giao-ban-tuan.yaml").read_text("utf-8"), TODAY)
    name = "giao-ban-tuan"
    if lang == "en":
        name = f"weekly-{width}"
        visit.page_of_briefing(replace(sample, title=f"Weekly {width}", lang="en"))
    page = visit.open(f"/?page=present&br={name}&sl=1&p=projector&lang={lang}", width=width, height=height)
    settled(page)
    assert ("Gambling dens" in map_of(page).locator(".antt-head h1").text_content()) is (lang == "en")
    seen = [drawn(page)]
    frame = next(f for f in page.frames if f != page.main_frame and f.query_selector(".antt-sheet"))
    for number in range(1, len(sample.slides) + 1):
        assert map_of(page).locator(".antt-corner").text_content().startswith(f"{number}/{len(sample.slides)} ·")
        page.wait_for_timeout(400)
        assert frame.evaluate(_CLIPPED) == []
        if number < len(sample.slides):
            page.keyboard.press("ArrowRight" if number % 2 else "PageDown")
            seen.append(redrawn(page, seen[-1]))
    assert len(set(seen)) == len(seen)
    page.keyboard.press("2")
    assert redrawn(page, seen[-1])
    page.keyboard.press("b")
    page.locator(".antt-black").wait_for()
    page.keyboard.press("b")
    page.locator(".antt-black").wait_for(state="detached")
    page.keyboard.press("o")
    page.locator(".antt-all li.here span").wait_for()
    assert page.locator(".antt-all li").count() == len(sample.slides)
    assert page.locator(".antt-all li.here span").text_content() == "2"
    page.keyboard.press("1")
    page.locator(".antt-all").wait_for(state="detached")
    before = drawn(page)
    page.keyboard.press("t")
    redrawn(page, before)
    assert map_of(page).locator('[data-theme="projector-light"]').count() == 1
    page.wait_for_timeout(300)
    assert frame.evaluate(_CLIPPED) == []
    page.keyboard.press("Escape")
    page.locator(".antt-slide-row").first.wait_for()


def test_a_slide_shows_the_chart_under_a_title_of_its_own(visit):
    page = visit.open("/?page=map")
    _go(page, visit, "briefings")
    page.locator(".antt-slide-row").nth(2).wait_for()
    page.locator(".st-key-slide_2").get_by_test_id("stPopover").get_by_role("button").click()
    page.get_by_role("radio", name="Biểu đồ").click()
    page.locator(".st-key-slide_2").get_by_text("Biểu đồ ·").wait_for()
    settled(page)
    if not page.get_by_label("Tiêu đề riêng").is_visible():
        page.locator(".st-key-slide_2").get_by_test_id("stPopover").get_by_role("button").click()
    page.get_by_label("Tiêu đề riêng").fill("Mười xã nhiều nhất")
    page.keyboard.press("Enter")
    page.locator(".antt-slide-row b", has_text="Mười xã nhiều nhất").wait_for()
    settled(page)
    kept = briefings.parse(_download(page, "YAML").decode(), TODAY)
    assert (kept.slides[2].show, kept.slides[2].title) == ("chart", "Mười xã nhiều nhất")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Trình chiếu").click()
    page.wait_for_url("**/present?**")
    settled(page)
    page.keyboard.press("3")
    board = map_of(page).locator(".antt-board svg")
    board.wait_for()
    assert board.locator("rect").count() > 2
    assert map_of(page).locator(".antt-head h1").text_content() == "Mười xã nhiều nhất"


def test_an_edition_for_the_public_is_one_switch_away(visit):
    page = visit.open("/?page=map&m=case&pts=always")
    page.get_by_role("button", name="Xuất ảnh").click()
    page.get_by_text("Bản công khai", exact=True).click()
    settled(page)
    made = _download(page, "Trang HTML một tệp").decode()
    assert "BẢN CÔNG KHAI" in made
    assert "LƯU HÀNH NỘI BỘ" not in made
    assert "'points':[]" in made
    page.get_by_text("Bản công khai", exact=True).click()
    settled(page)
    assert "LƯU HÀNH NỘI BỘ" in _download(page, "Trang HTML một tệp").decode()


def test_a_live_map_is_moved_without_leaving_the_slide(visit):
    page = visit.open("/?page=present&br=giao-ban-tuan&sl=1&p=projector", width=1920, height=1080)
    settled(page)
    frame = next(f for f in page.frames if f != page.main_frame and f.query_selector(".antt-sheet"))
    before = frame.evaluate("antt.map.getCenter().lng")
    page.mouse.move(900, 500)
    page.mouse.down()
    page.mouse.move(600, 500, steps=6)
    page.mouse.up()
    frame.wait_for_function("before => antt.map.getCenter().lng !== before", arg=before)
    assert map_of(page).locator(".antt-corner").text_content().startswith("1/")
    held = drawn(page)
    page.keyboard.press("ArrowRight")  # the map has the focus now
    redrawn(page, held)
    assert map_of(page).locator(".antt-corner").text_content().startswith("2/")


def test_a_dropped_picture_opens_its_view(visit, tmp_path):
    page = visit.open("/?page=map&m=case&per=per_10k&t=last_year&z=")
    title = map_of(page).locator(".antt-head h1").text_content()
    page.get_by_role("button", name="Xuất ảnh").click()
    (tmp_path / "map.png").write_bytes(_download(page, "Ảnh PNG 1080p"))
    _go(page, visit, "reopen")
    page.set_input_files('input[type="file"]', tmp_path / "map.png")
    page.get_by_text("Số liệu và ranh giới không đổi").wait_for()
    page.get_by_role("button", name="Mở khung nhìn").click()
    drawn(page)
    settled(page)
    assert map_of(page).locator(".antt-head h1").text_content() == title
    assert "per=per_10k" in page.url
    assert "a=2025-01-01" in page.url
    _go(page, visit, "reopen")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    page.set_input_files('input[type="file"]', tmp_path / "broken.png")
    page.get_by_text("Không đọc được tệp").wait_for()


def test_the_atlas_is_made_with_progress(visit):
    page = visit.open("/?page=map&units=30307.31078")
    _go(page, visit, "reopen", "&units=30307.31078")
    book = pypdf.PdfReader(io.BytesIO(_download(page, "Lập tập bản đồ")))
    assert [entry.title for entry in book.outline] == ["Phường Long Xuyên", "Đặc khu Phú Quốc"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_meet_wcag_aa_and_fail_no_request(visit, name):
    page = visit.context.new_page()
    watch = Watch(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    _go(page, visit, name, "&br=giao-ban-tuan" if name == "present" else "")
    settled(page)
    assert not watch.faults, watch.faults
    _assert_accessible(page)


@pytest.mark.parametrize("theme", ["projector", "projector-light"])
@pytest.mark.parametrize("name", ["overview", "map", "present"])
def test_both_projector_themes_meet_wcag_aa(visit, name, theme):
    page = visit.open(f"/?page={name}&p={theme}&br=giao-ban-tuan", width=1920, height=1080)
    settled(page)
    _assert_accessible(page)


def _assert_accessible(page: Page) -> None:
    """No violation in the page, nor inside the map's frame, which a run on the page does not look into."""
    found = Axe().run(page, options=_RULES).response["violations"]
    for frame in page.frames:
        if frame != page.main_frame and frame.query_selector(".antt-sheet"):
            inside = Axe().run(frame, options=_RULES).response["violations"]
            # The frame's own page, streamlit-folium's, forbids phones to zoom.
            found += [violation for violation in inside if violation["id"] != "meta-viewport"]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found] == []
