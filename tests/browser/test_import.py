"""A file comes in through the browser, changes the map, and is taken back."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.browser.app import Watch, Window, drawn, map_of, serving, settled

pytestmark = pytest.mark.browser

ROWS = """Mã vụ;Ngày xảy ra;Xã/phường;Loại vụ;Trạng thái;Số đối tượng;Kinh độ;Vĩ độ;Họ và tên
{good}
B-1;31/02/2026;Phường Long Xuyên;Ma túy;Đã làm rõ;1;105,4365;10,3860;Nguyễn Văn An
B-2;07/09/2026;xã Không Có Thật;Ma túy;Đã làm rõ;1;;;Trần Thị Bình
"""


@pytest.fixture(scope="module")
def fresh_address(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on a store of its own: this test writes to it."""
    home = tmp_path_factory.mktemp("import")
    shutil.copyfile(demo_folder / "antt.sqlite", home / "antt.sqlite")
    with serving(home) as address:
        yield address


@pytest.fixture
def office_file(tmp_path: Path) -> Path:
    good = "\n".join(
        f"A-{n};{1 + n % 28:02}/09/2026;Phường Long Xuyên;Ma túy;Đã làm rõ;2;105,4365;10,3860;Lê Văn {n}"
        for n in range(60)
    )
    path = tmp_path / "vu-viec-09-2026.csv"
    path.write_text(ROWS.format(good=good), "utf-8-sig")
    return path


def _long_xuyen(page: Page) -> int:
    said = map_of(page).locator("body").evaluate("() => window.antt.linesOf(window.antt.state.cells['30307'])[0]")
    return int(said.split()[0].replace(".", ""))


def _open(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    settled(page)


def _map(page: Page, address: str) -> int:
    _open(page, address, "/?m=case&kinds=drugs")
    drawn(page)
    return _long_xuyen(page)


def test_upload_check_commit_and_undo(browser: Window, fresh_address: str, office_file: Path):
    page = browser.new_page(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    watch = Watch(page)
    before = _map(page, fresh_address)

    _open(page, fresh_address, "/?page=imports")
    page.locator("input[type=file]").set_input_files(office_file)
    expect(page.get_by_text("Tệp có cột xác định cá nhân")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Bỏ các cột này và tiếp tục").click()
    expect(page.get_by_text("Các dòng cần sửa")).to_be_visible(timeout=30_000)
    settled(page)
    values = page.locator(".antt-tile .value").all_inner_texts()
    assert values == ["62", "60", "2", "0"]

    page.get_by_text("Cột nào là gì").click()
    chosen = page.get_by_role("combobox", name="Số đối tượng")
    expect(chosen).to_be_visible()

    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("button", name="Tải tệp lỗi để sửa").click()
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    said = "\n".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
    assert "B-1" in said
    assert "B-2" in said
    assert "Nguyễn Văn An" not in said

    page.get_by_role("button", name="Nhập dữ liệu", exact=True).last.click()
    expect(page.get_by_text("Đã nhập 60 dòng")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Tình hình", exact=True).click()
    drawn(page)
    settled(page)
    assert _map(page, fresh_address) == before + 60

    _open(page, fresh_address, "/?page=history")
    expect(page.get_by_text("Lịch sử nhập").first).to_be_visible()
    page.get_by_role("combobox", name="Lô cần hoàn tác").click()
    page.get_by_role("option", name="vu-viec-09-2026.csv").click()
    settled(page)
    page.get_by_text("Tôi muốn bỏ số liệu của lô này khỏi mọi bản đồ").click()
    settled(page)
    page.get_by_role("button", name="Hoàn tác", exact=True).click()
    expect(page.get_by_text("mọi tổng số trở lại như trước khi nhập")).to_be_visible(timeout=30_000)
    assert _map(page, fresh_address) == before
    assert not watch.faults
    page.close()


def test_the_same_file_twice_changes_nothing(browser: Window, fresh_address: str, office_file: Path):
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    for attempt in range(2):
        _open(page, fresh_address, "/?page=imports")
        page.locator("input[type=file]").set_input_files(office_file)
        page.get_by_role("button", name="Bỏ các cột này và tiếp tục").click(timeout=30_000)
        expect(page.get_by_text("Các dòng cần sửa")).to_be_visible(timeout=30_000)
        settled(page)
        button = page.get_by_role("button", name="Nhập dữ liệu", exact=True).last
        if attempt == 0:
            button.click()
            expect(page.get_by_text("Đã nhập 60 dòng")).to_be_visible(timeout=30_000)
        else:
            assert page.locator(".antt-tile .value").all_inner_texts()[3] == "60"
            expect(button).to_be_disabled()
    page.close()


def test_a_file_that_is_no_table_is_refused_in_words(browser: Window, fresh_address: str, tmp_path: Path):
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    watch = Watch(page)
    bad = tmp_path / "anh.xlsx"
    bad.write_bytes(b"\x89PNG not a workbook")
    _open(page, fresh_address, "/?page=imports")
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_test_id("stAlert")).to_contain_text("anh.xlsx", timeout=30_000)
    assert "Traceback" not in page.content()
    assert not watch.faults
    page.close()


def test_zones_come_in_through_the_page_and_go_again(browser: Window, fresh_address: str, tmp_path: Path):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    watch = Watch(page)
    names, kinds = ["Khu công nghiệp Một", "Vùng Hai", "Khu lạ"], ["KCN", "Vùng DTTS", "Vùng lạ"]
    shapes = [shapely.box(105.42, 10.36, 105.44, 10.38), *[shapely.box(105.40, 10.36, 105.41, 10.37)] * 2]
    gpd.GeoDataFrame({"ten": names, "loai": kinds}, geometry=shapes, crs=4326).to_file(tmp_path / "dia-ban.gpkg")
    _open(page, fresh_address, "/?page=imports")
    page.locator("input[type=file]").set_input_files(tmp_path / "dia-ban.gpkg")
    expect(page.get_by_text("Các dòng cần sửa")).to_be_visible(timeout=30_000)
    settled(page)
    assert page.locator(".antt-tile .value").all_inner_texts() == ["3", "2", "1", "0"]
    expect(page.locator(".antt-list td").filter(has_text="Gần nhất: Vùng đồng bào dân tộc thiểu số")).to_be_visible()
    page.get_by_role("button", name="Nhập dữ liệu", exact=True).last.click()
    expect(page.get_by_text("Đã nhập 2 dòng")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Hoàn tác", exact=True).click()
    expect(page.get_by_text("mọi tổng số trở lại như trước khi nhập")).to_be_visible(timeout=30_000)
    assert not watch.faults
    page.close()


def test_the_quality_page_shows_every_commune_without_a_scrolling_box(browser: Window, address: str):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    watch = Watch(page)
    _open(page, address, "/?page=quality")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(3)
    assert all(box["height"] > 34 * 14 for chart in charts.all() if (box := chart.bounding_box()))
    before = page.get_by_text("Thiếu nhiều tháng nhất").inner_text()
    page.get_by_role("combobox", name="Chỉ tiêu").click()
    page.get_by_role("option", name="Buổi tuyên truyền", exact=True).click()
    expect(page.get_by_text("Thiếu nhiều tháng nhất")).not_to_have_text(before, timeout=30_000)
    assert not watch.faults
    page.close()


@pytest.mark.parametrize(
    ("page_name", "file", "size"), [("imports", "huge.csv", 260_000_000), ("briefings", "b.yaml", 3_000_000)]
)
def test_a_file_too_large_to_send_is_refused_in_the_readers_language(visit, tmp_path, page_name, file, size):
    with (tmp_path / file).open("wb") as huge:
        huge.truncate(size)
    page = visit.context.new_page()
    page.goto(f"{visit.address}/{page_name}")
    page.set_input_files('input[type="file"]', tmp_path / file)
    expect(page.locator(".stFileChip[aria-invalid]")).to_be_visible()
    shown = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stFileUploader]'), '::after').content")
    assert "Tệp chưa được gửi" in shown
    page.locator(".stFileChip[aria-invalid]").hover(force=True)
    assert not page.locator('[data-testid="stTooltipContent"]').count()
    page.locator('[data-testid="stFileChipDeleteBtn"] button').click()
    expect(page.locator(".stFileChip[aria-invalid]")).to_have_count(0)
    page.close()
