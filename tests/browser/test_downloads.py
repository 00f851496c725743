"""Files arrive while others work, in a real browser and under load."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from geo.store import Store
from tests.browser.app import settled
from tests.browser.conftest import Visit
from tests.load import beside
from tests.visits import apart

pytestmark = pytest.mark.browser


def test_every_file_arrives_beside_busy_visits(address: str) -> None:
    found = apart(beside(address, busy=8, files=14))
    assert found.failed == []
    assert found.arrived == 14
    assert found.runs > 8, "the others did work"


def test_what_takes_long_shows_how_far_it_is_and_arrives(visit: Visit, demo_store: Store) -> None:
    page = visit.open("/map")
    some = ".".join(demo_store.snapshot().units().index[:24])
    page.goto(f"{visit.address}/reopen?units={some}")
    settled(page)
    with page.expect_download(timeout=180_000) as waiting:
        page.get_by_role("button", name="Lập tập bản đồ").press(" ")
        bar = page.get_by_role("status").filter(has_text="Lập tập bản đồ").get_by_role("progressbar")
        expect(bar).to_be_visible(timeout=60_000)
        expect(bar).to_have_attribute("value", re.compile(r"0\.\d+"), timeout=60_000)
        page.get_by_role("link", name="Bản tin").click()  # the page may be left meanwhile
    assert waiting.value.suggested_filename == "tap-ban-do-tu-diem-co-bac-da-triet-xoa-11-2025-10-2026.pdf"
    with waiting.value.path().open("rb") as file:
        assert file.read(5) == b"%PDF-"
    expect(page.locator(".antt-file-row")).to_have_count(0)


def test_a_file_that_cannot_be_had_is_said_so(visit: Visit) -> None:
    page = visit.open("/map")
    page.get_by_role("button", name="Xuất ảnh").click()
    settled(page)
    visit.context.clear_cookies()
    page.get_by_role("button", name="Bảng CSV").click()
    expect(page.get_by_role("status").filter(has_text="không còn được giữ")).to_be_visible()
    visit.watches.clear()  # the refusal is a failed request, and meant to be
