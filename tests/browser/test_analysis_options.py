"""The options of the analysis pages: each changes the map, stands in the address, and shows the library's figures."""

from __future__ import annotations

import csv
import io
import math
from datetime import date
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from geo.cartography.spec import MapSpec
from geo.products.analyses.change import control_chart
from geo.products.analyses.dens import dens_of
from geo.question.periods import Preset
from geo.schema import Measure
from tests.asking import analysis, ask, before_after, near_repeats
from tests.browser.app import colours, drawn, map_of, redrawn, settled

pytestmark = pytest.mark.browser


def _query(**changes):
    return ask(measure=Measure.CASE, **changes).reading


def _params(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def _shows(page: Page, spec: MapSpec) -> None:
    """The page's title, sentence and legend are those of the library call."""
    sheet = map_of(page)
    expect(sheet.locator(".antt-head h1")).to_have_text(spec.title)
    expect(sheet.locator(".antt-head p")).to_have_text(spec.sentence)
    labels = sheet.locator(".antt-entry span").all_text_contents()
    assert labels == [entry.label for group in spec.legend for entry in group.entries]


def _press(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("radio", name=name, exact=True).click()


def _pick(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(option[:9])  # long lists show only a part of their options
    page.get_by_role("option", name=option, exact=True).click()


def test_hot_spots_by_cell_by_distance_by_moran_and_against_people(visit, demo_store, picture):
    page = visit.open("/?page=hotspots&m=case")
    shown, query = drawn(page), _query()
    steps = [
        ("Theo khoảng cách", "near", {"neighbours": "distance"}),
        ("Ô vuông", "by", {"by": "grid", "neighbours": "distance"}),
        ("5 km", "cell", {"by": "grid", "neighbours": "distance", "cell_m": 5_000}),
        ("Moran cục bộ", "stat", {"by": "grid", "neighbours": "distance", "cell_m": 5_000, "statistic": "moran"}),
    ]
    for name, parameter, how in steps:
        _press(page, name)
        shown = redrawn(page, shown)
        settled(page)
        _shows(page, analysis(demo_store, "hotspots", query, **how))
        assert parameter in _params(page)
    assert colours(page, picture) > 20
    expect(page.get_by_test_id("stSidebar").get_by_role("radio", name="/10.000 dân")).to_have_count(0)
    page = visit.open("/?page=hotspots&m=case")
    shown = drawn(page)
    _press(page, "Dân số")
    redrawn(page, shown)
    settled(page)
    _shows(page, analysis(demo_store, "hotspots", query, basis="rates"))


def test_clusters_by_hdbscan_and_their_ranked_table(visit, demo_store):
    page = visit.open("/?page=clusters&m=case&t=term2")
    shown, query = drawn(page), _query(period=Preset.TERM2)
    _shows(page, analysis(demo_store, "clusters", query))
    _press(page, "HDBSCAN")
    redrawn(page, shown)
    settled(page)
    _shows(page, analysis(demo_store, "clusters", query, algorithm="hdbscan"))
    assert _params(page)["algo"] == "hdbscan"
    page.get_by_role("tab", name="Bảng số liệu").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_the_scan_in_space_and_months(visit, demo_store):
    page = visit.open("/?page=scan&m=case")
    shown = drawn(page)
    _press(page, "Không gian và tháng")
    redrawn(page, shown)
    settled(page)
    _shows(page, analysis(demo_store, "scan", _query(), in_time=True))
    assert _params(page)["tm"] == "1"


def test_change_of_counts_then_of_hot_spots_against_another_period(visit, demo_store, picture):
    page = visit.open("/?page=change&m=case&t=year", width=1920, height=1080)
    query = _query(period=Preset.YEAR)
    _shows(page, analysis(demo_store, "change", query, earlier_from=date(2025, 1, 1)))
    shown = drawn(page)
    _pick(page, "So với", "Kỳ liền trước")
    shown = redrawn(page, shown)
    settled(page)
    _shows(page, analysis(demo_store, "change", query))
    assert _params(page)["vs"] == "before"
    _press(page, "Điểm nóng")
    shown = redrawn(page, shown)
    settled(page)
    _shows(page, analysis(demo_store, "change", query, change_of="hot"))
    expect(page.get_by_test_id("stSidebar").get_by_role("radio", name="/10.000 dân")).to_be_visible()
    _pick(page, "So với", "Kỳ tự chọn")
    expect(page.get_by_test_id("stSidebar").get_by_test_id("stDateInput")).to_be_visible()
    assert colours(page, picture) > 20
    again = visit.open("/?page=change&m=case&vs=custom&e=2020-01-01")
    spec = analysis(demo_store, "change", _query(), earlier_from=date(2020, 1, 1))
    _shows(again, spec)


def test_the_control_chart_by_choice_and_by_click(visit, demo_store):
    page = visit.open("/?page=change&m=case")
    query = _query()
    first = analysis(demo_store, "change", query).table.rows[0].code
    expect(page.get_by_text(control_chart(demo_store.snapshot(), first, query, "vi").sentence)).to_be_visible()
    _pick(page, "Biểu đồ của xã", "Long Xuyên (phường)")
    chosen = control_chart(demo_store.snapshot(), "30307", query, "vi")
    expect(page.get_by_text(chosen.title, exact=True)).to_be_visible()
    expect(page.get_by_text(chosen.sentence)).to_be_visible()
    settled(page)
    assert _params(page)["u"] == "30307"
    frame = demo_store.snapshot().units()
    tri_ton = frame[frame["name"] == "Tri Tôn"].iloc[0]
    _click_at(page, (tri_ton.minx + tri_ton.maxx) / 2, (tri_ton.miny + tri_ton.maxy) / 2)
    page.wait_for_function(
        "u => new URLSearchParams(location.search).get('u') === u", arg=frame.index[frame["name"] == "Tri Tôn"][0]
    )
    settled(page)
    clicked = control_chart(demo_store.snapshot(), _params(page)["u"], query, "vi")
    expect(page.get_by_text(clicked.title, exact=True)).to_be_visible()


def _download(page: Page, kind: str, menu: str = "Xuất bảng") -> bytes:
    page.get_by_role("button", name=menu).click()
    with page.expect_download() as caught:
        page.get_by_role("button", name=kind).click()
    return caught.value.path().read_bytes()


def test_the_chart_and_the_near_repeats_go_out_as_tables(visit, demo_store):
    page = visit.open("/?page=change&m=case&u=30307")
    sheet = control_chart(demo_store.snapshot(), "30307", _query(), "vi").sheet
    book = openpyxl.load_workbook(io.BytesIO(_download(page, "Bảng XLSX"))).active
    held = [row[1] for row in book.values if row[1] is not None and isinstance(row[1], int | float)]
    assert held == [row.values[1] for row in sheet.table.rows]
    page = visit.context.new_page()
    page.goto(f"{visit.address}/?page=near_repeat&m=case")
    expect(page.locator(".antt-bands")).to_be_visible(timeout=30_000)
    found = near_repeats(demo_store, _query())
    rows = list(csv.reader(io.StringIO(_download(page, "Bảng CSV", "Xuất ảnh").decode("utf-8-sig")), delimiter=";"))
    assert [found.sentence] in rows
    assert list(found.sheet.table.rows[0].texts) in rows
    page.get_by_role("button", name="Thêm vào bản tin").wait_for()


def test_before_and_after_by_communes_with_a_control_from_the_map(visit, demo_store, picture):
    page = visit.open("/?page=before_after")
    query = _query()
    found = before_after(demo_store, query)
    _shows(page, found.spec)
    for figure in found.spec.figures:
        expect(page.locator(".antt-tile").get_by_text(figure.value, exact=True)).to_be_visible()
    assert colours(page, picture) > 25
    shown = drawn(page)
    page.get_by_test_id("stSidebar").get_by_text("Tính cả vành đai").click()
    shown = redrawn(page, shown)
    settled(page)
    _shows(page, before_after(demo_store, query, ring=False).spec)
    face = map_of(page).locator(".leaflet-container").bounding_box()
    page.mouse.click(face["x"] + face["width"] * 0.45, face["y"] + face["height"] * 0.4)
    redrawn(page, shown)
    settled(page)
    control = _params(page)["ct"]
    _shows(page, before_after(demo_store, query, ring=False, control_units=(control,)).spec)
    page.get_by_role("tab", name="Bảng số liệu").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_before_and_after_around_a_den(visit, demo_store):
    page = visit.open("/?page=before_after&tr=den&dm=2021-09&w=365&kinds=gambling")
    query = _query(kinds=("gambling",))
    shown = drawn(page)
    _shows(page, before_after(demo_store, query, cleared_by="den", cleared_month="2021-09", days=365).spec)
    _press(page, "2.000 m")
    redrawn(page, shown)
    settled(page)
    _shows(
        page, before_after(demo_store, query, cleared_by="den", cleared_month="2021-09", radius_m=2_000, days=365).spec
    )
    assert _params(page) | {"r": "2000", "w": "365", "tr": "den"} == _params(page)


def _click_at(page: Page, lon: float, lat: float) -> None:
    face = map_of(page).locator(".leaflet-container")
    at = face.evaluate("(_, [lat, lon]) => window.antt.map.latLngToContainerPoint([lat, lon])", [lat, lon])
    box = face.bounding_box()
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])


def _far_from(page: Page, dens) -> tuple[float, float]:
    """The place in the upper left of the map that lies farthest from all dens."""
    west, south, east, north = _bounds(page)
    places = [
        (west + (east - west) * i / 20, north - (north - south) * j / 20) for i in range(3, 14) for j in range(2, 12)
    ]
    return max(places, key=lambda p: min(math.hypot(p[0] - d.lon, p[1] - d.lat) for d in dens))


def _bounds(page: Page) -> list[float]:
    """West, south, east and north of the map."""
    return (
        map_of(page)
        .locator(".leaflet-container")
        .evaluate(
            "() => { const b = window.antt.map.getBounds();"
            " return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; }"
        )
    )


def test_a_den_is_chosen_by_a_click_near_it_and_a_click_far_from_all_is_answered(visit, demo_store):
    page = visit.open("/?page=before_after&tr=den", width=1920, height=1080)
    query = _query()
    first = before_after(demo_store, query, cleared_by="den")
    dens = dens_of(demo_store.snapshot(), first.question.cleared_month)
    west, south, east, north = first.bbox
    inside = [d for d in dens if west + 0.05 < d.lon < east - 0.1 and (south + north) / 2 < d.lat < north - 0.05]
    den = next(d for d in inside if d.key != first.question.cleared_den)
    shown = drawn(page)
    _click_at(page, den.lon + 0.002, den.lat + 0.002)
    shown = redrawn(page, shown)
    settled(page)
    chosen = _params(page)["d"]
    picked = next(d for d in dens if d.key == chosen)
    assert abs(picked.lon - den.lon) < 0.01
    _shows(page, before_after(demo_store, query, cleared_by="den", cleared_den=chosen).spec)
    expect(page.get_by_text("Đã chọn tụ điểm cách chỗ bấm")).to_be_visible()
    _click_at(page, *_far_from(page, dens))
    expect(page.get_by_text("không có tụ điểm nào của tháng 3/2026")).to_be_visible(timeout=30_000)
    assert _params(page)["d"] == chosen
    _press(page, "Xã đối chứng")
    settled(page)
    _click_at(page, picked.lon, picked.lat - 0.03)
    redrawn(page, shown)
    settled(page)
    assert _params(page)["d"] == chosen
    assert len(_params(page)["ct"].split(",")) > 1 or _params(page)["ct"] in first.spec.labels


@pytest.mark.parametrize("width", [1366, 1920])
def test_no_island_is_cut_by_the_edge_of_the_map(visit, demo_store, width):
    page = visit.open("/?page=before_after", width=width, height=768)
    frame = demo_store.snapshot().units()
    box = frame[frame["name"] == "Phú Quốc"].iloc[0]
    west, south, east, north = _bounds(page)
    outside = box.maxx < west or box.minx > east or box.maxy < south or box.miny > north
    whole = west <= box.minx and box.maxx <= east and south <= box.miny and box.maxy <= north
    assert outside or whole


def test_every_new_page_speaks_english(visit):
    for name in ("change", "before_after"):
        page = visit.open(f"/?page={name}&m=case&lang=en")
        text = page.get_by_test_id("stApp").inner_text()
        assert "{" not in text
        assert not set("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữự") & set(
            page.get_by_test_id("stSidebar").inner_text().replace("Tiếng Việt", "").replace("LƯU HÀNH NỘI BỘ", "")
            .replace("Bản đồ ANTT", "")
        )  # fmt: skip


def test_options_of_a_page_are_kept_for_the_visit_and_shared_filters_travel(visit):
    page = visit.open("/?page=hotspots&m=case&by=grid&near=distance&kinds=theft")
    page.get_by_role("link", name="Tình hình", exact=True).click()
    page.wait_for_url("**/overview?**")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Bản đồ", exact=True).click()
    page.wait_for_url("**/map?**")
    settled(page)
    there = _params(page)
    assert (there["m"], there["kinds"]) == ("case", "theft")
    assert not {"by", "near", "cell"} & there.keys()
    page.get_by_role("link", name="Phân tích", exact=True).click()
    page.wait_for_url("**/hotspots?**")
    settled(page)
    again = _params(page)
    assert (again["by"], again["near"], again["kinds"]) == ("grid", "distance", "theft")
    page.get_by_role("button", name="Đặt lại").click()
    page.wait_for_url("**/hotspots")
    expect(map_of(page).locator(".antt-head h1")).to_contain_text("vụ việc")
