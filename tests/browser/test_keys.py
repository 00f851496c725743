"""Projector and presenter are driven by keys alone, wherever the focus is, and leave the browser its own."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app import drawn, map_of, redrawn, settled
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

_KEYS = (
    *"abdfghijknpqrtuvwxyz0123456789?,.-+/", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown",
    "Home", "End", "Space", "Enter", "Tab", "Shift+Tab", "Backspace", "Delete", "F2", "F7", "F9", "Shift", "Control", "Alt",
)  # fmt: skip


def _storm(page: Page, seed: int, times: int = 200) -> None:
    """Keys and clicks as an impatient person, or a child, would press them."""
    chance = random.Random(seed)
    size = page.viewport_size
    assert size
    for _ in range(times):
        if chance.random() < 0.25:
            page.mouse.click(chance.uniform(5, size["width"] - 5), chance.uniform(5, size["height"] - 5))
        else:
            page.keyboard.press(chance.choice(_KEYS))
    settled(page)


def test_the_presenter_obeys_after_any_keys_and_clicks(visit: Visit) -> None:
    page = visit.open("/present?br=giao-ban-tuan&sl=2&p=projector", width=1920, height=1080)
    settled(page)
    _storm(page, 7)
    page.keyboard.press("Home")
    expect(map_of(page).locator(".antt-corner")).to_contain_text("1/")
    page.keyboard.press("ArrowRight")
    expect(map_of(page).locator(".antt-corner")).to_contain_text("2/")
    page.keyboard.press("ArrowLeft")
    expect(map_of(page).locator(".antt-corner")).to_contain_text("1/")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).to_have_url(re.compile("/briefings"))


def test_the_projector_obeys_after_any_keys_and_clicks(visit: Visit) -> None:
    page = visit.open("/map?p=projector", width=1920, height=1080)
    settled(page)
    _storm(page, 11)
    if "mo=" in page.url:  # back to the whole period
        page.keyboard.press("1")
        settled(page)
    page.evaluate("history.replaceState({}, '', '/map?p=projector')")
    page.reload()
    shown = drawn(page)
    settled(page)
    map_of(page).locator(".leaflet-container").click(position={"x": 700, "y": 400})
    settled(page)
    for key in ("F2", "q", "Tab"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowRight")
    shown = redrawn(page, shown)
    settled(page)
    assert "mo=2025-11" in page.url
    page.keyboard.press("ArrowLeft")
    redrawn(page, shown)
    settled(page)
    assert "mo=" not in page.url
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()


@pytest.mark.parametrize("path", ["/present?br=giao-ban-tuan&sl=2&p=projector", "/map?p=projector"])
def test_keys_that_are_not_ours_are_the_browsers(visit: Visit, path: str) -> None:
    page = visit.open(path, width=1920, height=1080)
    settled(page)
    map_of(page).locator(".leaflet-container").click(position={"x": 700, "y": 400})
    settled(page)
    prevented = """key => {
        const frame = document.querySelector('iframe').contentDocument;
        const event = new KeyboardEvent('keydown', {key, code: key, bubbles: true, cancelable: true});
        frame.activeElement.dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    for key in ("F5", "F11", "F12", "Tab", "Enter", "Insert", "ArrowUp"):
        assert not page.evaluate(prevented, key), key
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
    assert seen != {"IFRAME"}, "Tab leaves the map"
    page.evaluate("window.mark = 1")
    page.keyboard.press("F5")  # Playwright's keys do not reload by themselves; the browser's own command does
    page.reload()
    drawn(page)
    settled(page)
    assert page.evaluate("window.mark") is None
    assert path.partition("?")[0] in page.url


def test_a_question_mark_shows_the_keys(visit: Visit) -> None:
    page = visit.open("/present?br=giao-ban-tuan&sl=1&p=projector", width=1366, height=768)
    settled(page)
    page.keyboard.press("?")
    panel = page.get_by_role("dialog", name="Phím tắt")
    expect(panel).to_be_visible()
    for words in ("Trang sau", "Tất cả các trang", "Tắt hình", "Thoát"):
        expect(panel).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.keyboard.press("?")
    page.keyboard.press("ArrowRight")
    expect(panel).to_have_count(0)
    expect(map_of(page).locator(".antt-corner")).to_contain_text("2/")


def test_the_list_of_keys_goes_with_its_page(visit: Visit) -> None:
    page = visit.open("/map")
    page.goto(f"{visit.address}/briefings?br=giao-ban-tuan")
    settled(page)
    page.get_by_role("button", name="Trình chiếu").click()
    drawn(page)
    settled(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    settled(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_briefing_that_is_gone_leaves_the_keys_alive(visit: Visit) -> None:
    page = visit.open("/map")
    page.goto(f"{visit.address}/present?br=khong-co&p=projector")
    settled(page)
    page.keyboard.press("ArrowRight")
    settled(page)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/briefings"))
    expect(page.locator(".antt-slide-row").first).to_be_visible()


def test_slides_are_no_steps_of_the_history(visit: Visit) -> None:
    page = visit.open("/map")
    page.goto(f"{visit.address}/present?br=giao-ban-tuan")
    drawn(page)
    settled(page)
    steps = page.evaluate("history.length")
    for _ in range(3):
        shown = drawn(page)
        page.keyboard.press("ArrowRight")
        redrawn(page, shown)
        settled(page)
    assert page.evaluate("history.length") == steps
    page.go_back()
    expect(page).to_have_url(re.compile("/map"))


def test_keys_by_their_place_where_a_keyboard_writes_something_else(visit: Visit) -> None:
    page = visit.open("/present?br=giao-ban-tuan&sl=1&p=projector", width=1366, height=768)
    settled(page)
    for key, code, wanted in (("ă", "Digit1", "1/"), ("ê", "Digit3", "3/")):
        page.evaluate(
            "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))",
            [key, code],
        )
        expect(map_of(page).locator(".antt-corner")).to_contain_text(wanted)


def test_no_tooltip_of_one_slide_stays_on_the_next(visit: Visit) -> None:
    page = visit.open("/present?br=giao-ban-tuan&sl=1&p=projector", width=1366, height=768)
    settled(page)
    box = map_of(page).locator(".leaflet-container").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.5)
    tip = map_of(page).locator(".antt-tip")
    expect(tip).to_be_visible()
    shown = drawn(page)
    page.keyboard.press("ArrowRight")
    redrawn(page, shown)
    expect(tip).to_be_hidden()
