"""The map goes to the communes that are chosen, and back, and leaves a person's own panning alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.app import map_of, redrawn, settled


def _bounds(page: Page) -> list[float]:
    bounds = "() => { const b = antt.map.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()] }"
    return map_of(page).locator("html").evaluate(bounds)


def _wide(page: Page) -> float:
    west, _, east, _ = _bounds(page)
    return east - west


def _choose(page: Page, name: str, before: str) -> str:
    box = page.get_by_role("combobox", name="Xã, phường, đặc khu")
    box.click()
    box.fill(name)
    page.keyboard.press("Enter")
    return _rested(page, before)


def _rested(page: Page, before: str) -> str:
    shown = redrawn(page, before)
    settled(page)
    page.wait_for_timeout(700)  # the flight
    return shown


def test_the_map_goes_to_the_chosen_communes_and_back(visit):
    page = visit.open("/map")
    settled(page)
    shown = map_of(page).locator("html").get_attribute("data-drawn")
    province = _bounds(page)
    shown = _choose(page, "Long Xuyên", shown)
    west, south, east, north = _bounds(page)
    assert west < 105.39 < 105.5 < east < 106.2
    assert south < 10.33 < 10.4 < north < 10.9
    labels = map_of(page).locator("html").evaluate("() => antt.state.labels")
    assert labels == ["30307"]
    page.keyboard.press("Escape")

    face = map_of(page).locator(".leaflet-container").bounding_box()
    assert face
    page.mouse.move(face["x"] + 400, face["y"] + 200)
    page.mouse.down()
    page.mouse.move(face["x"] + 300, face["y"] + 150, steps=5)
    page.mouse.up()
    page.wait_for_timeout(600)
    panned = _bounds(page)
    page.get_by_text("So với mức thường", exact=True).first.click()
    shown = _rested(page, shown)
    assert _bounds(page) == pytest.approx(panned, abs=0.01)  # the words above the map may take another line

    page.get_by_role("button", name="Clear all").first.click()
    shown = _rested(page, shown)
    assert abs(_wide(page) - (province[2] - province[0])) < 0.05
    page.go_back()
    _rested(page, shown)
    assert abs(_bounds(page)[0] - panned[0]) < 0.01
    assert abs(_wide(page) - (panned[2] - panned[0])) < 0.01
