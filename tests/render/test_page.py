"""One HTML file: no network, the same map, only what is shown."""

from __future__ import annotations

import base64
import html
import json
import re

import pytest

from geo.cartography.recipe import unseal
from geo.render import page


@pytest.fixture(scope="module")
def pages(kinds_of_map):
    return {name: page.render(spec).decode() for name, spec in kinds_of_map.items()}


def test_a_page_names_no_address_and_forbids_all(pages):
    for text in pages.values():
        outside = re.sub(r"data:[a-z/]+;base64,[A-Za-z0-9+/=]+", "", text)
        loads = re.findall(
            r"""(?:src|href)\s*=\s*["'][^"'#]+|url\((?!data:)[^)]+\)|@import""",
            re.sub(r"<script>.*?</script>", "", outside, flags=re.DOTALL),
        )
        assert loads == []
        assert "default-src 'none'" in text


def test_a_page_says_what_the_map_says(pages, kinds_of_map):
    for name, spec in kinds_of_map.items():
        shown = html.unescape(pages[name])
        assert all(stamp.text in shown for stamp in spec.stamps)
        assert all(text in shown for row in spec.table.rows for text in row.texts)
        assert spec.fingerprint in shown


def test_a_page_carries_its_recipe(pages, kinds_of_map):
    found = re.search(r'id="antt-recipe">(.*?)</script>', pages["rate"])
    assert unseal(json.dumps(json.loads(found[1]))).items[0].fingerprint == kinds_of_map["rate"].fingerprint


def test_a_page_is_repeated_to_the_byte(pages, kinds_of_map):
    assert page.render(kinds_of_map["dens"]).decode() == pages["dens"]


def test_a_page_carries_of_a_unit_what_it_shows_and_no_more(pages):
    found = re.search(r"data:application/json;base64,([A-Za-z0-9+/=]+)", pages["dens"])
    topology = json.loads(base64.b64decode(found[1]))
    columns = {name for unit in topology["objects"]["units"]["geometries"] for name in unit["properties"]}
    assert columns == {"code", "name", "kind", "label"}
