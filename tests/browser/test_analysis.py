"""Every analysis page shows its finding, and its figures are those of the library call."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from geo.products.analyses.of_communes import ANALYSES
from geo.question.periods import Preset
from geo.schema import Measure
from tests.asking import analysis, ask, near_repeats
from tests.browser.app import colours, drawn, map_of, redrawn, settled

pytestmark = pytest.mark.browser


def _query(**changes):
    return ask(measure=Measure.CASE, **changes).reading


@pytest.mark.parametrize("name", [*ANALYSES, "clusters", "density"])
def test_a_page_says_what_the_library_finds(visit, picture, demo_store, name):
    page = visit.open(f"/?page={name}&m=case")
    spec = analysis(demo_store, name, _query())
    assert map_of(page).locator(".antt-head h1").inner_text() == spec.title
    assert map_of(page).locator(".antt-head p").inner_text() == spec.sentence
    shown = map_of(page).locator(".antt-entry span").all_inner_texts()
    assert shown == [entry.label for group in spec.legend for entry in group.entries]
    assert colours(page, picture) > 25
    before = drawn(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Thời gian").click()
    page.get_by_role("option", name="Năm trước", exact=True).click()
    redrawn(page, before)
    settled(page)
    assert "01/2025–12/2025" in map_of(page).locator(".antt-head h1").inner_text()
    page.get_by_role("tab", name="Bảng số liệu").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_near_repeats_are_a_table_with_one_sentence(visit, demo_store):
    page = visit.context.new_page()
    page.goto(f"{visit.address}/?page=near_repeat&m=case&t=term1")
    found = near_repeats(demo_store, _query(period=Preset.TERM1))
    expect(page.get_by_text(found.sentence)).to_be_visible(timeout=30_000)
    shown = page.locator(".antt-bands")
    assert shown.locator("thead th").all_inner_texts()[1:] == list(found.grid.columns)
    assert shown.locator("td b").all_inner_texts() == [band.figure for row in found.grid.tiles for band in row]
    assert shown.locator("td span").all_inner_texts() == [band.note for row in found.grid.tiles for band in row]
    assert shown.locator("li").all_inner_texts() == [words for _, words in found.grid.key]
    assert "Có lặp lại gần" in found.sentence


def test_tips_are_not_analysed_and_the_page_says_so(visit):
    page = visit.context.new_page()
    page.goto(f"{visit.address}/?page=hotspots&m=tip")
    expect(page.get_by_text("không dùng được với tin tố giác tội phạm; đang hiện vụ việc")).to_be_visible(
        timeout=30_000
    )
