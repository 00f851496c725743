"""The month on the slider, on the map and in the address are one, whatever moved it."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.app import drawn, map_of, redrawn, settled


def _title(page: Page) -> str:
    return str(map_of(page).locator("html").evaluate("() => antt.state.title"))


def _told(page: Page) -> str:
    """The month all three show, as YYYY-MM, empty for the whole period; fails where they differ."""
    settled(page)
    page.wait_for_timeout(800)
    found = re.search(r"[?&]mo=(\d{4})-(\d{2})", page.url)
    month = f"tháng {int(found[2])}/{found[1]}" if found else ""
    assert _title(page).endswith(month or "11/2025–10/2026")
    thumb = page.get_by_test_id("stSliderThumbValue")
    assert thumb.count() == 0 or thumb.inner_text() == (month or "Cả kỳ")
    return f"{found[1]}-{found[2]}" if found else ""


def _drag(page: Page, *shares: float) -> None:
    track = page.get_by_test_id("stSlider").bounding_box()
    thumb = page.get_by_role("slider").first.bounding_box()
    assert track
    assert thumb
    y = thumb["y"] + thumb["height"] / 2
    page.mouse.move(thumb["x"] + thumb["width"] / 2, y)
    page.mouse.down()
    for share in shares:
        page.mouse.move(track["x"] + track["width"] * share, y, steps=4)
    page.mouse.up()


def test_slider_and_map_agree_after_any_hurry(visit):
    page = visit.open("/map")
    settled(page)
    _drag(page, 0.9, 0.2, 0.6, 0.3)
    assert _told(page)
    for share in (0.8, 0.1, 0.5):
        _drag(page, share)
    assert _told(page)
    page.get_by_role("slider").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert _told(page)
    page.keyboard.press("Home")
    assert _told(page) == ""


def test_a_month_chosen_while_months_play_is_shown_before_they_go_on(visit):
    page = visit.open("/map")
    settled(page)
    shown = drawn(page)
    page.get_by_role("button", name="Chạy theo tháng").click()
    redrawn(page, shown)
    page.wait_for_timeout(1500)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("End")
    map_of(page).get_by_role("heading", name="tháng 10/2026").wait_for(timeout=20_000)
    page.get_by_role("button", name="Dừng").click()
    _told(page)


def test_keys_pressed_in_a_row_on_a_projector_are_all_obeyed(visit):
    page = visit.open("/map?p=projector")
    settled(page)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(150)
    month = _told(page)
    assert month > "2025-11"
    page.keyboard.press("ArrowLeft")
    assert "2025-11" <= _told(page) < month
    page.keyboard.press("2")
    page.keyboard.press("ArrowRight")
    _told(page)
    assert _title(page).startswith("Vụ việc")
    page.keyboard.press("Escape")
    settled(page)
    assert _told(page)
    assert page.get_by_role("combobox", name="Chỉ tiêu").input_value() == "Vụ việc"
