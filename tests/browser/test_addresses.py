"""Every page and view has an address: links, Back and Forward, new tabs, copied and former links."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from geo.cartography.spec import MapSpec
from geo.question.address import OFF_MENU, PAGES
from tests.browser.app import Watch, Window, drawn, map_of, redrawn, serving, settled
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def _rail(page: Page) -> Locator:
    return page.get_by_test_id("stSidebar")


def _go(page: Page, name: str) -> None:
    _rail(page).get_by_role("link", name=name, exact=True).click()
    settled(page)


def _choose(page: Page, label: str, option: str) -> None:
    box = _rail(page).get_by_role("combobox", name=re.compile(f"^{re.escape(label)}|{re.escape(label)}$"))
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def _seen(page: Page) -> tuple[str, str]:
    """What a person sees of a view: the page's title, what is chosen, which tab is open, which commune."""
    settled(page)
    words = page.locator(".stMain").inner_text()
    if map_of(page).locator(".antt-head h1").count():
        words = map_of(page).locator(".antt-head h1").inner_text()
    tabs = page.get_by_role("tab", selected=True).all_inner_texts()
    card = page.locator(".st-key-card h2").all_inner_texts()
    chosen = _chosen(page)
    return page.url.partition("at=")[0].rstrip("?&"), f"{words[:200]}|{tabs}|{card}|{chosen}"


def _chosen(page: Page) -> list[str]:
    """What the boxes of the rail say."""
    boxes = _rail(page).locator('[data-testid="stSelectbox"] input')
    return [str(value) for value in boxes.evaluate_all("boxes => boxes.map(box => box.value)")]


def test_back_and_forward_give_each_earlier_view(visit: Visit) -> None:
    page = visit.open("/map")

    def tab(name: str) -> None:
        page.get_by_role("tab", name=name).click()
        settled(page)

    def find(name: str) -> None:
        page.get_by_placeholder("Ví dụ").fill(name)
        page.get_by_placeholder("Ví dụ").press("Enter")
        expect(page.locator(".st-key-card")).to_be_visible()
        settled(page)

    steps: list[Callable[[], None]] = [
        lambda: _choose(page, "Chỉ tiêu", "Vụ việc"),
        lambda: find("oc eo"),
        lambda: tab("Bảng số liệu"),
        lambda: _go(page, "Tổng quan"),
        lambda: _choose(page, "Thời gian", "Năm trước"),
        lambda: _go(page, "Phân tích"),
        lambda: _choose(page, "Chỉ tiêu", "Buổi tuyên truyền"),
        lambda: _go(page, "Biến động"),
        lambda: _go(page, "Sản phẩm"),
    ]
    views = [_seen(page)]
    for step in steps:
        step()
        views.append(_seen(page))
    assert len({address for address, _ in views}) == len(views), "every step has an address of its own"
    for there in reversed(views[:-1]):
        page.go_back()
        assert _arrived(page, there) == there
    for there in views[1:]:
        page.go_forward()
        assert _arrived(page, there) == there
    assert len(page.context.pages) == 2


@pytest.mark.parametrize("gap_ms", [40, 300])
def test_back_pressed_quickly_keeps_the_history(visit: Visit, gap_ms: int) -> None:
    page = visit.open("/map")
    for measure in ("Vụ việc", "Tin tố giác tội phạm", "Buổi tuyên truyền", "Lượt người tham dự"):
        _choose(page, "Chỉ tiêu", measure)
    last, steps = _seen(page), page.evaluate("history.length")
    for _ in range(3):
        page.evaluate("history.back()")
        page.wait_for_timeout(gap_ms)
    for _ in range(30):
        settled(page)
        if "m=case" in page.url and "Vụ việc" in _seen(page)[1]:
            break
    assert page.evaluate("history.length") == steps
    assert _seen(page)[1].startswith("Vụ việc theo xã")
    for _ in range(3):
        page.go_forward()
        settled(page)
    assert _arrived(page, last) == last


@pytest.mark.parametrize("path", ["/map?m=case&t=last_year", "/hotspots?m=case&near=distance", "/overview?m=case"])
def test_back_undoes_a_change_of_language(visit: Visit, path: str) -> None:
    page = visit.open(path)
    was = _seen(page)
    page.get_by_role("button", name="English").click()
    settled(page)
    expect(page.get_by_role("button", name="Tiếng Việt")).to_be_visible()
    settled(page)
    assert "Cases" in _chosen(page)
    english = _seen(page)
    page.go_back()
    assert _arrived(page, was) == was
    page.go_forward()
    assert _arrived(page, english) == english
    assert page.get_by_text("could not be shown").count() == 0


def test_the_box_of_dates_goes_back_with_the_map(visit: Visit) -> None:
    page = visit.open("/map?t=custom&a=2026-01-01&b=2026-01-31")
    days = _rail(page).get_by_test_id("stDateInput").locator('input[type="date"]')
    expect(days.first).to_have_value("2026-01-01")
    _choose(page, "Thời gian", "Năm trước")
    page.go_back()
    settled(page)
    expect(days.first).to_have_value("2026-01-01")
    expect(days.last).to_have_value("2026-01-31")
    page.evaluate("AnttShell.go('map?t=custom&a=2026-03-01&b=2026-03-31')")
    expect(days.first).to_have_value("2026-03-01")
    expect(days.last).to_have_value("2026-03-31")


def test_a_link_carries_what_was_chosen_or_typed_a_moment_ago(visit: Visit) -> None:
    page = visit.open("/scan")
    box = _rail(page).get_by_role("combobox", name=re.compile("Chỉ tiêu"))
    box.click()
    page.get_by_role("option", name="Buổi tuyên truyền", exact=True).click()
    _rail(page).get_by_role("link", name="Biến động", exact=True).click()
    page.wait_for_url("**/change?**m=session**")
    settled(page)
    page.go_back()
    page.wait_for_url("**/scan?m=session**")
    page.goto(f"{visit.address}/map?m=case&per=per_km2&scheme=fixed&lim=2.4.9")
    drawn(page)
    settled(page)
    box = page.get_by_label("Các ngưỡng, cách nhau bằng dấu chấm phẩy")
    box.fill("3; 6; 9")
    _go(page, "Tổng quan")
    page.go_back()
    settled(page)
    expect(box).to_have_value("3; 6; 9")


def _arrived(page: Page, there: tuple[str, str]) -> tuple[str, str]:
    for _ in range(20):
        seen = _seen(page)
        if seen == there:
            return seen
        page.wait_for_timeout(250)
    return seen


@pytest.mark.parametrize("how", ["middle", "ctrl", "keyboard"])
def test_a_link_opens_its_page_with_the_view_in_a_new_tab(visit: Visit, how: str) -> None:
    page = visit.open("/map")
    _choose(page, "Chỉ tiêu", "Vụ việc")  # the menu was drawn before this choice
    _choose(page, "Thời gian", "Năm trước")
    link = _rail(page).get_by_role("link", name="Phân tích", exact=True)
    with page.context.expect_page() as opened:
        if how == "middle":
            link.click(button="middle")
        elif how == "ctrl":
            link.click(modifiers=["Control"])
        else:
            link.focus()
            page.keyboard.press("Control+Enter")
    other = opened.value
    visit.watches.append(Watch(other))
    drawn(other)
    settled(other)
    assert other.url.endswith("/hotspots?m=case&t=last_year")
    assert map_of(other).locator("h1").inner_text().startswith("Điểm nóng vụ việc")
    assert "/map?" in page.url


def test_a_copied_link_opens_the_same_map(visit: Visit) -> None:
    page = visit.open("/map?per=per_10k")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _choose(page, "Chỉ tiêu", "Vụ việc")
    page.get_by_role("button", name="Sao chép liên kết").click()
    expect(page.get_by_role("status").get_by_text("Đã sao chép liên kết")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    other = visit.open(copied.removeprefix(visit.address))
    settled(other)
    assert _fingerprint(other) == _fingerprint(page)


def test_a_link_is_copied_where_the_connection_is_not_encrypted(visit: Visit) -> None:
    page = visit.open("/map?m=case")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Sao chép liên kết").click()
    expect(page.get_by_role("status").get_by_text("Đã sao chép liên kết")).to_be_visible()
    box = page.get_by_placeholder("Ví dụ")
    box.focus()
    page.keyboard.press("Control+v")
    expect(box).to_have_value(page.url)


def _fingerprint(page: Page) -> str:
    page.get_by_role("button", name="Xuất ảnh").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Mô tả bản đồ").click()
    page.keyboard.press("Escape")
    return MapSpec.from_json(waiting.value.path().read_text("utf-8")).fingerprint


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/", "/map"),
        ("/?m=case&z=&at=10.3900,105.4300,11.5", "/map?m=case&z=&at=10.3900,105.4300,11.5"),
        ("/?page=hotspots&m=case&by=grid&cell=5000", "/hotspots?m=case&by=grid&cell=5000"),
        ("/?page=overview&t=year&lang=en", "/overview?t=year&lang=en"),
        ("/?page=nonsense&m=case", "/map?m=case"),
    ],
)
def test_former_addresses_open_what_they_opened(visit: Visit, former: str, now: str) -> None:
    page = visit.open(former)
    settled(page)
    assert page.url.removeprefix(visit.address).partition("&at" if "at=" not in now else "\n")[0].startswith(now)


def test_pages_are_told_apart_by_their_titles(visit: Visit) -> None:
    page = visit.open("/map")
    expect(page).to_have_title("Bản đồ · Bản đồ ANTT")
    _go(page, "Phân tích")
    expect(page).to_have_title("Điểm nóng · Bản đồ ANTT")


def test_a_page_that_does_not_exist_is_said_so(visit: Visit) -> None:
    page = visit.browser.new_page(viewport={"width": 1366, "height": 768})
    answer = page.goto(f"{visit.address}/nothing")
    assert answer
    assert answer.status == 404
    expect(page.get_by_text('Không có trang "nothing".')).to_be_visible()
    page.get_by_role("link", name="Bản đồ").first.click()
    drawn(page)


@pytest.fixture(scope="module")
def below(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    """The application below a path of one segment."""
    home = tmp_path_factory.mktemp("below")
    shutil.copyfile(demo_folder / "antt.sqlite", home / "antt.sqlite")
    with serving(home, below="antt") as started:
        yield started


@pytest.mark.parametrize("where", ["root", "below"])
def test_no_page_fails_a_request_however_it_is_reached(
    browser: Window, address: str, request: pytest.FixtureRequest, where: str
) -> None:
    home = address if where == "root" else request.getfixturevalue("below")
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    watch = Watch(page)
    names = [name for name in PAGES if name not in OFF_MENU]  # each by its address: in the test of their colours
    few = list({section: name for name, section in PAGES.items() if name in names}.values())
    for name in few:
        page.goto(f"{home}/{name}")
        settled(page)
        assert not watch.faults, (name, watch.faults)
    by_link = names[::-2] if where == "root" else few[::-2]
    for name in by_link:  # from the last section to the first, each by its link
        link = page.locator(f'.antt-menu a[href="{name}"], .antt-menu a[href^="{name}?"]')
        if not link.count():
            section = {
                "situation": "Tình hình",
                "analysis": "Phân tích",
                "programme": "Chương trình",
                "areas": "Địa bàn",
                "products": "Sản phẩm",
                "data": "Dữ liệu",
            }
            page.get_by_role("link", name=section[PAGES[name]], exact=True).click()
            settled(page)
        link.first.click()
        page.wait_for_url(re.compile(rf"/{name}(\?|$)"))
        settled(page)
        assert not watch.faults, (name, watch.faults)
    for _ in range(6):
        page.go_back()
        settled(page)
    assert not watch.faults, watch.faults
    browser.tidy()


def test_a_server_started_anew_goes_on_where_the_person_was(browser: Window, demo_folder: Path, tmp_path: Path) -> None:
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "antt.sqlite")
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    with serving(tmp_path) as home:
        page.goto(f"{home}/overview?m=case")
        drawn(page)
        settled(page)
        _go(page, "Phân tích")
        _choose(page, "Thời gian", "Năm trước")
        was = page.url
        assert "t=last_year" in was
    with serving(tmp_path, port=int(home.rpartition(":")[2])):
        expect(page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-connection-state", "CONNECTED", timeout=60_000
        )
        settled(page)
        assert page.url == was
        assert "01/2025" in map_of(page).locator("h1").inner_text()
    browser.tidy()


def test_a_page_opens_on_its_own_measure_until_one_is_chosen(visit: Visit) -> None:
    """Work done is no hot spot of crime."""
    page = visit.open("/map")
    dens, cases = "Tụ điểm cờ bạc đã triệt xóa", "Vụ việc"
    for link, path, shown in (
        ("Phân tích", "/hotspots", cases), ("Biến động", "/change", dens), ("Quét không gian", "/scan", cases),
        ("Tình hình", "/overview", dens), ("Bản đồ", "/map", dens),
    ):  # fmt: skip
        _go(page, link)
        assert (page.url.partition("?at=")[0].removeprefix(visit.address), _chosen(page)[0]) == (path, shown)
    _choose(page, "Chỉ tiêu", cases)
    for link in ("Phân tích", "Biến động", "Tình hình", "Bản đồ"):
        _go(page, link)
        assert "m=case" in page.url
        assert _chosen(page)[0] == cases


def test_a_page_says_what_it_cannot_show_and_the_next_one_shows_it(visit: Visit) -> None:
    page = visit.open("/change")
    _choose(page, "Chỉ tiêu", "Buổi tuyên truyền")
    said = page.get_by_text("Trang này không dùng được với buổi tuyên truyền; đang hiện vụ việc.")

    def stands_in() -> None:
        expect(said).to_have_count(1)
        assert "/near_repeat?m=session" in page.url
        assert _chosen(page)[0] == "Vụ việc"
        assert not page.get_by_test_id("stAlert").count()

    _go(page, "Lặp lại gần")
    stands_in()
    page.reload()
    settled(page)
    stands_in()
    page.go_back()
    settled(page)
    assert _chosen(page)[0] == "Buổi tuyên truyền"
    page.go_forward()
    settled(page)
    stands_in()
    _go(page, "Tỷ lệ đã làm mượt")
    expect(said).to_have_count(0)
    assert _chosen(page)[0] == "Buổi tuyên truyền"
    page.go_back()
    settled(page)
    _choose(page, "Chỉ tiêu", "Đối tượng trong các vụ")
    expect(said).to_have_count(0)
    assert "/near_repeat?m=suspect" in page.url


def test_keys_of_a_projector_ask_for_what_a_page_cannot_show_and_it_says_so(visit: Visit) -> None:
    page = visit.open("/density?p=projector")
    said = page.get_by_text("Trang này không dùng được với tin tố giác tội phạm; đang hiện vụ việc.")
    expect(said).to_have_count(0)
    page.keyboard.press("3")
    expect(said.filter(visible=True)).to_have_count(1)
    assert "vụ việc" in map_of(page).locator(".antt-head h1").inner_text()
    before = drawn(page)
    page.keyboard.press("1")
    redrawn(page, before)
    expect(said).to_have_count(0)


def test_dens_are_on_the_page_that_sets_cases_against_them(visit: Visit) -> None:
    page = visit.open("/hotspots?m=den_cleared")
    _go(page, "Trước và sau")
    assert page.url.endswith("/before_after?m=den_cleared")
    expect(page.get_by_text("Trang này không dùng được")).to_have_count(0)
    _go(page, "Mật độ")
    assert _chosen(page)[0] == "Tụ điểm cờ bạc đã triệt xóa"
