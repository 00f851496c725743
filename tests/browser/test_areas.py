"""Priority areas in a real browser: drawn, saved, changed, divided, exported, brought in again, and undone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.store import open_store
from tests.browser.app import Watch, Window, drawn, map_of, serving, settled

pytestmark = pytest.mark.browser
NAME = "Khu công nghiệp số 9"


@pytest.fixture
def page(browser: Window, demo_folder: Path, tmp_path: Path):
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "antt.sqlite")
    with serving(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        watch = Watch(page)
        page.goto(f"{address}/areas?at=10.37,105.43,13")
        drawn(page)
        settled(page)
        yield page
        faults = watch.faults
        browser.tidy()
    assert not faults, faults


def zones(folder: Path) -> dict[str, bytes]:
    """Shapes in force by name."""
    found = open_store(f"sqlite:///{folder / 'antt.sqlite'}").snapshot().zones
    return dict(zip(found["name"], found.to_wkb()["geometry"]))


def corners(page: Page, *shares: tuple[float, float]) -> list[tuple[float, float]]:
    box = map_of(page).locator(".leaflet-container").bounding_box()
    assert box
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares]


def click_all(page: Page, places: list[tuple[float, float]]) -> None:
    for x, y in places:
        page.mouse.move(x, y, steps=3)
        page.mouse.click(x, y)
        page.wait_for_timeout(120)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def taken(page: Page, label: str) -> bytes:
    page.get_by_role("button", name="Nhập, xuất").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    page.keyboard.press("Escape")
    return Path(download.value.path()).read_bytes()


def test_an_area_from_its_drawing_to_its_undoing(page: Page, tmp_path: Path):
    before = zones(tmp_path)
    press(page, "Vẽ địa bàn mới")
    square = corners(page, (0.4, 0.35), (0.6, 0.35), (0.6, 0.65), (0.4, 0.65))
    click_all(page, [*square, square[0]])
    expect(map_of(page).locator(".leaflet-editing-icon").first).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Tên địa bàn").fill(NAME)
    page.get_by_role("textbox", name="Số quyết định").fill("12/QĐ-UBND")
    press(page, "Lưu")
    expect(page.get_by_text("Chưa chọn loại địa bàn.")).to_be_visible()
    page.get_by_role("combobox", name="Loại", exact=True).last.click()
    page.get_by_role("option", name="Khu công nghiệp").click()
    settled(page)
    press(page, "Lưu")
    expect(page.get_by_text(re.compile("Đã lưu, lô số"))).to_be_visible()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    made = zones(tmp_path)
    assert set(made) - set(before) == {NAME}
    assert {name: shape for name, shape in made.items() if name != NAME} == before

    press(page, "Sửa")
    corner = map_of(page).locator(".leaflet-editing-icon").first
    box = corner.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 40, box["y"] - 30, steps=6)
    page.mouse.up()
    settled(page)
    press(page, "Lưu")
    expect(page.get_by_text("Sửa hình", exact=True)).to_be_visible()
    changed = zones(tmp_path)
    assert changed[NAME] != made[NAME]

    content = taken(page, "Mọi địa bàn, GeoJSON")
    assert NAME in {feature["properties"]["name"] for feature in json.loads(content)["features"]}
    press(page, "Chia")
    page.wait_for_timeout(300)
    click_all(page, line := corners(page, (0.5, 0.12), (0.5, 0.88)))
    click_all(page, line[-1:])
    expect(page.get_by_role("textbox", name="Tên phần 2")).to_have_value(f"{NAME} B")
    press(page, "Lưu")
    expect(page.get_by_role("heading", name=f"{NAME} A")).to_be_visible()
    assert set(zones(tmp_path)) - set(before) == {f"{NAME} A", f"{NAME} B"}
    page.get_by_text(re.compile(r"hoàn tác cả lô")).click()
    settled(page)
    page.get_by_role("button", name=re.compile("Hoàn tác lô")).click()
    expect(page.get_by_text(re.compile("Đã hoàn tác lô"))).to_be_visible()
    assert zones(tmp_path) == changed

    address = page.url.split("/areas")[0]
    page.goto(f"{address}/imports")
    page.set_input_files(
        'input[type="file"]', {"name": "dia-ban.geojson", "mimeType": "application/json", "buffer": content}
    )
    settled(page)
    expect(page.get_by_text("Kho đã có bản ghi").or_(page.get_by_text(re.compile("đã có"))).first).to_be_visible()
    assert zones(tmp_path) == changed

    key = next(f["properties"]["key"] for f in json.loads(content)["features"] if f["properties"]["name"] == NAME)
    page.goto(f"{address}/areas?ar={key}")
    drawn(page)
    settled(page)
    for expected in (made, before):
        page.get_by_role("button", name=re.compile("Hoàn tác lô")).click()
        expect(page.get_by_text(re.compile("Đã hoàn tác lô"))).to_be_visible()
        settled(page)
        assert zones(tmp_path) == expected


def test_an_area_without_a_mouse(page: Page, tmp_path: Path):
    before = zones(tmp_path)
    press(page, "Vẽ địa bàn mới")
    page.get_by_role("radio", name="Toạ độ").click()
    settled(page)
    page.get_by_role("textbox", name="Toạ độ tâm").fill("10.3711, 105.4323")
    press(page, "Đặt hình lên bản đồ")
    page.get_by_role("textbox", name="Tên địa bàn").fill("Trường học số 7")
    page.get_by_role("combobox", name="Loại", exact=True).last.click()
    page.get_by_role("option", name="Cơ sở giáo dục").click()
    settled(page)
    press(page, "Lưu")
    expect(page.get_by_role("heading", name="Trường học số 7")).to_be_visible()
    assert set(zones(tmp_path)) - set(before) == {"Trường học số 7"}
