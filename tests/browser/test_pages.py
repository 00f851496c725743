"""The built application in a real browser, as a person would use it."""

from __future__ import annotations

import io
import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.app import colours, drawn, map_of, redrawn, settled

pytestmark = pytest.mark.browser


def _params(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def _title(page: Page) -> str:
    return map_of(page).locator(".antt-head h1").inner_text()


def _choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_test_id("stSidebar").get_by_role(
        "combobox", name=re.compile(f"^{re.escape(label)}|{re.escape(label)}$")
    )
    box.click()
    box.press_sequentially(option[:9])  # long lists show only a part of their options
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def _toggle(page: Page, label: str) -> None:
    page.get_by_test_id("stSidebar").get_by_text(label, exact=True).click()


def test_the_map_page_opens_on_an_answer(visit, picture):
    page = visit.open()
    assert _title(page).startswith("Tụ điểm cờ bạc đã triệt xóa theo xã, 11/2025–10/2026")
    sheet = map_of(page)
    for text in ("LƯU HÀNH NỘI BỘ", "DỮ LIỆU MINH HOẠ", "Ranh giới gần đúng", "Số liệu đến 31/10/2026"):
        expect(sheet.get_by_text(text).first).to_be_visible()
    expect(sheet.get_by_text("Tuyến biên giới")).to_be_visible()
    assert colours(page, picture) > 60


def test_every_filter_changes_the_map(visit, picture):
    page = visit.open()
    shown = drawn(page)
    changes = [
        ("m", lambda: _choose(page, "Chỉ tiêu", "Vụ việc")),
        ("t", lambda: _choose(page, "Thời gian", "Năm trước")),
        ("kinds", lambda: _choose(page, "Loại", "Ma túy")),
        ("per", lambda: page.get_by_test_id("stSidebar").get_by_role("radio", name="/10.000 dân").click()),
        ("k", lambda: page.get_by_test_id("stSidebar").get_by_role("slider").press("ArrowRight")),
        ("scheme", lambda: _choose(page, "Phân lớp", "Phân vị")),
        ("cmp", lambda: _toggle(page, "So với mức thường")),
        ("cl", lambda: _toggle(page, "Cụm vụ việc")),
        ("units", lambda: _choose(page, "Xã, phường, đặc khu", "Rạch Giá (phường)")),
        ("z", lambda: _choose(page, "Địa bàn trọng điểm", "Cơ sở giáo dục")),
        ("names", lambda: _toggle(page, "Tên xã")),
    ]
    for name, change in changes:
        change()
        shown = redrawn(page, shown)
        settled(page)
        assert name in _params(page), name
    assert colours(page, picture) > 20
    page.get_by_role("button", name="Đặt lại").click()
    redrawn(page, shown)
    settled(page)
    assert set(_params(page)) <= {"at"}


def test_points_and_fixed_limits(visit):
    page = visit.open("/?m=case")
    shown = drawn(page)
    page.get_by_test_id("stSidebar").get_by_role("radio", name="Luôn hiện").click()
    shown = redrawn(page, shown)
    expect(map_of(page).get_by_text("Mỗi điểm là một vụ")).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("radio", name="/km²").click()
    shown = redrawn(page, shown)
    _choose(page, "Phân lớp", "Ngưỡng cố định")
    expect(page.get_by_text("Ngưỡng phải là các số dương tăng dần")).to_be_visible()
    box = page.get_by_label("Các ngưỡng, cách nhau bằng dấu chấm phẩy")
    box.fill("0,1; 0,5; 1")
    box.press("Enter")
    redrawn(page, shown)
    expect(map_of(page).locator(".antt-legend")).to_contain_text("0,1–0,5")


def test_free_dates(visit):
    page = visit.open("/?t=custom&a=2024-02-03&b=2024-05-17")
    assert "03/02/2024–17/05/2024" in _title(page)


def test_a_link_reopens_the_whole_view(visit):
    page = visit.open("/?m=case&per=per_10k&units=30307.30742&z=border&u=30307&lang=en&at=10.3900,105.4300,11.5")
    assert _title(page).startswith("Cases per 10,000 people by commune")
    expect(page.get_by_role("heading", name="Phường Long Xuyên")).to_be_visible()
    settled(page)
    kept = [float(part) for part in _params(page)["at"].split(",")]
    assert kept == pytest.approx([10.39, 105.43, 11.5], abs=0.0005)  # a pixel, where the card has taken its room
    assert _params(page)["u"] == "30307"


def test_clicking_a_commune_opens_its_card(visit):
    page = visit.open("/?u=", width=1920, height=1080)
    settled(page)
    box = map_of(page).locator(".leaflet-container").bounding_box()
    assert box
    x, y = box["x"] + box["width"] * 0.47, box["y"] + box["height"] * 0.45
    page.mouse.move(x, y)
    name = map_of(page).locator(".antt-tip strong").inner_text()
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", name=name)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Hợp thành từ các đơn vị cũ")).to_be_visible()
    assert page.locator(".st-key-card .antt-tile").count() >= 4
    page.locator(".st-key-card").get_by_role("button", name="Đóng").click()
    expect(page.locator(".st-key-card")).to_have_count(0)


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ("oc eo", "Xã Óc Eo"),
        ("ÓC EO", "Xã Óc Eo"),
        ("Vĩnh Thanh Vân", "Phường Rạch Giá"),
        ("mỹ khánh", "Phường Bình Đức"),
    ],
)
def test_search_flies_to_a_commune_by_present_or_former_name(visit, typed, heading):
    page = visit.open()
    settled(page)
    before = _params(page).get("at")
    box = page.get_by_placeholder("Ví dụ")
    box.fill(typed)
    box.press("Enter")
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=30_000)
    page.wait_for_function("before => new URLSearchParams(location.search).get('at') !== before", arg=before)


def test_a_name_nobody_has_is_said_so(visit):
    page = visit.open()
    box = page.get_by_placeholder("Ví dụ")
    box.fill("khongcoxanay")
    box.press("Enter")
    expect(page.get_by_text('Không tìm thấy "khongcoxanay"')).to_be_visible()


def test_months_play_and_stop(visit):
    page = visit.open()
    shown = drawn(page)
    page.get_by_role("button", name="Chạy theo tháng").click()
    seen = []
    for _ in range(3):
        shown = redrawn(page, shown)
        seen.append(_title(page))
    assert all("tháng" in title for title in seen)
    assert len(set(seen)) == 3
    page.get_by_role("button", name="Dừng").click()
    expect(page.get_by_role("button", name="Chạy theo tháng")).to_be_visible()
    settled(page)
    assert re.fullmatch(r"\d{4}-\d{2}", _params(page)["mo"])


def test_the_table_shows_what_the_map_shows(visit):
    page = visit.open("/?m=tip&mo=2026-09")
    page.get_by_role("tab", name="Bảng số liệu").click()
    grid = page.get_by_test_id("stDataFrame")
    expect(grid).to_be_visible()
    expect(grid.locator("canvas td", has_text="Rạch Giá")).to_be_attached()


def test_the_language_switch_changes_every_word(visit):
    page = visit.open()
    shown = drawn(page)
    page.get_by_role("button", name="English").click()
    redrawn(page, shown)
    settled(page)
    assert _title(page).startswith("Gambling dens cleared by commune")
    assert _params(page)["lang"] == "en"
    rail = page.get_by_test_id("stSidebar").inner_text()
    assert "Measure" in rail
    assert "Chỉ tiêu" not in rail


def test_projector_mode_is_driven_by_keys(visit, picture):
    page = visit.open(width=1920, height=1080)
    shown = drawn(page)
    page.get_by_role("button", name="Trình chiếu").click()
    shown = redrawn(page, shown)
    settled(page)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    box = page.locator('iframe[title="streamlit_folium.st_folium"]').bounding_box()
    assert box == {"x": 0, "y": 0, "width": 1920, "height": 1080}
    sizes = (
        map_of(page)
        .locator(".antt-sheet")
        .evaluate(
            """sheet => [...sheet.querySelectorAll('*')].filter(e => e.offsetParent && [...e.childNodes].some(
             n => n.nodeType === 3 && n.textContent.trim())).map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
    )
    assert min(sizes) >= 24
    assert colours(page, picture) > 40
    for key, name, value in (("ArrowRight", "mo", "2025-11"), ("ArrowRight", "mo", "2025-12"), ("2", "m", "case"),
                             ("s", "cmp", "1"), ("t", "p", "projector-light"), ("l", "lang", "en")):  # fmt: skip
        page.keyboard.press(key)
        shown = redrawn(page, shown)
        settled(page)
        assert _params(page)[name] == value
    map_of(page).locator(".leaflet-container").click(position={"x": 700, "y": 400})
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_the_overview_says_what_changed(visit, picture, size):
    page = visit.open("/?page=overview&m=case", width=size[0], height=size[1])
    settled(page)
    assert page.locator(".antt-tiles .antt-tile").count() == 5
    assert page.locator(".antt-column .antt-tile").count() == 3
    expect(page.get_by_text("tăng rõ").first).to_be_visible()
    assert colours(page, picture) > 30
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="Bản đồ", exact=True).click()
    page.wait_for_url("**/map?**")
    drawn(page)
    settled(page)
    assert _title(page).startswith("Vụ việc theo xã")


def test_an_empty_result_says_why(visit):
    page = visit.open("/?m=case&t=custom&a=2013-01-01&b=2013-01-02&kinds=trafficking")
    expect(map_of(page).get_by_text("Không có số liệu nào khớp bộ lọc.").first).to_be_visible()


def _download(page: Page, label: str) -> bytes:
    page.get_by_role("button", name="Xuất ảnh").click()
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_role("button", name=label).click()
    page.keyboard.press("Escape")
    path = waiting.value.path()
    return path.read_bytes()


def test_a_snapshot_is_the_map_on_the_screen(visit, tmp_path):
    page = visit.open("/?m=case&per=per_10k")
    png = _download(page, "Ảnh PNG 1080p")
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (1920, 1080)
        assert len(image.convert("RGB").getcolors(1 << 24)) > 500
    pdf = tmp_path / "map.pdf"
    pdf.write_bytes(_download(page, "PDF khổ A4"))
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "Vụ việc trên 10.000 dân" in said
    assert "LƯU HÀNH NỘI BỘ" in said
