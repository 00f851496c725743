"""The screen's renderer: what it sends, and what it never sends."""

from __future__ import annotations

import base64
import html
import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import generate_leaflet_string

from geo.cartography.spec import Cell, MapSpec, PointLayer, UnitLayer, with_changes
from geo.render import assets, web
from geo.schema import PROTECTED_ZONES, Measure, Query, ZoneKind
from tests.asking import situation

YEAR = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def spec(demo_store) -> MapSpec:
    return situation(demo_store, YEAR, clusters=True, zones=tuple(set(ZoneKind) - PROTECTED_ZONES), points="always")


def _sent(group) -> str:
    return generate_leaflet_string(group, base_id="feature_group_0")


def _read(literal: str):
    """A literal as the browser reads it."""
    return json.loads(literal.replace("'", '"'))


def _received(script: str) -> dict:
    return _read(re.search(r"antt\.update\((.*)\);", script).group(1))


def _cells(body: dict) -> dict[str, tuple[int, tuple[str, ...]]]:
    """What the script in the browser makes of the cells: class and lines by code."""
    found = {}
    for row in body["cells"].split(";"):
        code, cls, *lines = row.split(" ")
        made = []
        for line in lines:
            phrase, *numbers = line.split(":")
            text, rest = body["phrases"][int(phrase)], iter(numbers)
            made.append(re.sub("\ue000", lambda _, rest=rest: next(rest), text) if numbers else text)
        found[code] = (int(cls), tuple(made))
    return found


def test_a_change_says_all_that_the_description_says(spec):
    body = _received(_sent(web.change(spec)))
    assert (body["title"], body["sentence"]) == (spec.title, spec.sentence)
    assert body["marks"] == [spec.marking, spec.demo_mark, spec.boundary.warning]
    for text in (spec.period, spec.data_date, spec.boundary.attribution):
        assert text in body["foot"]
    labels = [entry["label"] for group in body["legend"] for entry in group["entries"]]
    assert labels == [entry.label for group in spec.legend for entry in group.entries]
    layer = next(layer for layer in spec.layers if isinstance(layer, PointLayer))
    assert [points["packed"] for points in body["points"]] == [base64.b64encode(layer.packed).decode()]
    units = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    assert _cells(body) == {cell.code: (cell.cls, cell.lines) for cell in units.cells}


def test_a_whole_map_holds_the_same_words_in_plain_sight(spec):
    page = html.unescape(web.build(spec).get_root().render())
    for text in (spec.title, spec.period, spec.data_date, spec.marking, spec.demo_mark, spec.boundary.attribution):
        assert text in page
    for group in spec.legend:
        for entry in group.entries:
            assert entry.label in page


def test_a_change_is_small(spec):
    layer = next(layer for layer in spec.layers if isinstance(layer, PointLayer))
    assert len(_sent(web.change(spec)).encode()) <= 12_000 + 6 * layer.count


def test_the_base_map_is_constant_and_knows_no_other_machine():
    scripts = set()
    for _ in range(2):
        base = web.base_map()
        scripts.add(re.sub(r"_[0-9a-f]{32}", "", generate_leaflet_string(base)))
        links = [link for _, link in [*base.default_js, *base.default_css]]
        assert links
        assert all(link.startswith("../../assets/") for link in links)
        assert all(assets.find(link.removeprefix("../../assets/")) for link in links)
    assert len(scripts) == 1


def test_style_sheets_pull_nothing_from_elsewhere():
    for address in ("leaflet/leaflet.css", "antt/map.css"):
        sheet = assets.find(address).content.decode()
        for target in re.findall(r"url\(([^)]*)\)", sheet):
            name = target.strip("\"'")
            if not name.startswith(("data:", "#")):
                assert assets.find(f"{address.rpartition('/')[0]}/{name}"), name


def test_many_points_go_by_address(spec):
    layer = next(layer for layer in spec.layers if isinstance(layer, PointLayer))
    count = web.INLINE_POINTS + 1
    packed = np.zeros((count, 2), "<u2").tobytes()
    many = with_changes(spec, layers=(replace_struct(layer, packed=packed, count=count),))
    body = _received(_sent(web.change(many)))
    address = body["points"][0]["address"].removeprefix("../../assets/")
    assert "packed" not in body["points"][0]
    assert len(assets.find(address).content) == count * 4


def replace_struct(struct, **changes):
    import msgspec

    return msgspec.structs.replace(struct, **changes)


def test_polygons_are_named_and_never_sent(spec):
    script = _sent(web.change(spec))
    body = _received(script)
    assert spec.boundary.sha256 in body["geometry"]
    assert "arcs" not in json.dumps(body)
    assert assets.find(f"boundaries/{spec.boundary.sha256}.json") is not None


def test_the_identity_follows_what_is_shown(spec):
    first = web.payload(spec, web.Look())["id"]
    assert web.payload(spec, web.Look())["id"] == first
    assert web.payload(spec, web.Look(selected="30307"))["id"] != first
    assert web.payload(with_changes(spec, title="x"), web.Look())["id"] != first


@given(st.text(max_size=60))
def test_a_literal_cannot_leave_its_place(text):
    literal = web.js_literal({"a": text})
    assert _read(literal) == {"a": text}
    assert not re.search(r"[<>&`$\u2028\u2029\"]", literal)
    assert literal.count("'") == 4
    assert "_" not in literal


@given(st.lists(st.text(max_size=30), max_size=5))
def test_lines_come_back_whatever_is_in_them(lines):
    body = web._cells((Cell("1", "x", 0, tuple(lines)),))
    assert _cells(body)["1"] == (0, tuple(lines))


@pytest.mark.parametrize(
    "address",
    ["../../etc/passwd", "antt/../../../app.py", "fonts/../__init__.py", "antt/", "", "leaflet/%2e%2e/x", "boundaries/x.json",
     "published/nothing.bin", "/etc/passwd", "antt/map.js/..", "fonts//etc/passwd",
     "leaflet//etc//passwd", "antt/fonts//etc/passwd", "antt/fonts/../../web.py", "leaflet/images/../../../__init__.py", "\x00"],
)  # fmt: skip
def test_nothing_but_known_files_is_served(address):
    assert assets.find(address) is None


def test_published_bytes_are_dropped_oldest_first():
    kept = assets._Published(10)
    for name in "abc":
        kept.put(name, b"12345")
    assert kept.get("a") is None
    assert kept.get("b") == kept.get("c") == b"12345"


def test_no_layer_at_all_is_still_a_map(spec):
    body = web.payload(with_changes(spec, layers=()), web.Look())
    assert (body["cells"], body["points"], body["zones"], body["circles"]) == ("", [], "", None)


def test_the_look_is_not_part_of_the_description(spec):
    fingerprint = spec.fingerprint
    web.payload(spec, replace(web.Look(), theme="projector", selected="30307"))
    assert spec.fingerprint == fingerprint
