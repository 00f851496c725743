"""Files remember how they were made: the same view again, to the byte, and what differs is said."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from PIL import Image, PngImagePlugin

from geo import products
from geo.cartography.classify import Scheme
from geo.errors import InputError
from geo.products import briefings
from geo.products.atlas import atlas
from geo.products.briefings import Briefing
from geo.products.periods import Preset
from geo.products.reopen import again, read_recipe, reopen
from geo.products.shown import MAP_PAGES, shown, view_of
from geo.products.state import View
from geo.schema import Measure, Per, UnitSystem
from geo.store import open_store
from tests.homes import home_in
from tests.store.conftest import _events as a_batch

VIEWS = {
    "map": View(m=Measure.DEN_CLEARED, cl=True),
    "rate": View(m=Measure.CASE, per=Per.PEOPLE, k=6, z=(), names=False),
    "limits": View(m=Measure.CASE, per=Per.AREA, scheme=Scheme.FIXED, lim="0,1; 0,5; 1"),
    "year": View(m=Measure.CASE, t=Preset.THIS_QUARTER, cmp=True, vs="year"),
    "former": View(m=Measure.CASE, t=Preset.TERM1, sys=UnitSystem.LEGACY),
    "tips": View(m=Measure.TIP, t=Preset.LAST_YEAR),
    "points": View(m=Measure.CASE, pts="always", units=("30307",)),
    "hotspots": View(page="hotspots", m=Measure.CASE, by="grid", near="distance"),
    "moran": View(page="hotspots", m=Measure.CASE, stat="moran"),
    "clusters": View(page="clusters", m=Measure.CASE, algo="hdbscan"),
    "density": View(page="density", m=Measure.CASE),
    "scan": View(page="scan", m=Measure.CASE),
    "change": View(page="change", m=Measure.CASE, t=Preset.MONTH, vs="year"),
    "change_hot": View(page="change", m=Measure.CASE, chg="hot"),
    "emerging": View(page="emerging", m=Measure.CASE),
    "rates": View(page="rates", m=Measure.CASE),
    "concentration": View(page="concentration", m=Measure.CASE),
    "before_after": View(page="before_after", m=Measure.CASE),
    "near_repeat": View(page="near_repeat", m=Measure.CASE),
    "overview": View(page="overview", m=Measure.DEN_CLEARED),
}


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    with home_in(tmp_path_factory.mktemp("home")):
        yield


def test_every_page_with_a_map_is_tried():
    assert {view.page for view in VIEWS.values()} == set(MAP_PAGES)


@pytest.mark.parametrize("name", VIEWS)
def test_a_recipe_gives_the_very_map_again(demo_store, name):
    spec = shown(demo_store, VIEWS[name])
    view = view_of(json.loads(spec.recipe))
    assert shown(demo_store, view).fingerprint == spec.fingerprint


@pytest.mark.parametrize(
    ("kind", "size", "theme"),
    [
        ("png", "1080p", "light"),
        ("png", "1080p", "projector"),
        ("pdf", "a4", "light"),
        ("pdf", "a3", "projector-light"),
        ("pptx", "4:3", "light"),
        ("html", "", "light"),
    ],
)
def test_export_reopen_export_is_the_identical_file(demo_store, kind, size, theme):
    content = products.export(shown(demo_store, VIEWS["map"]), kind, size=size, theme=theme)
    recipe = read_recipe(content, f"map.{kind}")
    (found,) = reopen(demo_store, recipe)
    assert found.same
    assert found.view == replace(
        VIEWS["map"], t=Preset.CUSTOM, a="2025-11-01", b="2026-10-31", z=tuple(sorted(VIEWS["map"].z))
    )
    assert again(demo_store, recipe) == content


@pytest.mark.parametrize("kind", ["pptx", "pdf"])
def test_a_file_of_several_maps_reopens_whole(demo_store, kind):
    specs = [shown(demo_store, VIEWS[name]) for name in ("rate", "hotspots")]
    content = products.export_all(specs, kind, title="Giao ban", numbers=False)
    recipe = read_recipe(content, f"deck.{kind}")
    assert [item.spec.fingerprint for item in reopen(demo_store, recipe)] == [spec.fingerprint for spec in specs]
    assert again(demo_store, recipe) == content


def test_an_atlas_has_its_pages_bookmarks_and_text_and_reopens(demo_store):
    view = replace(VIEWS["map"], units=("30307", "31078", "30316"))
    told = []
    content = atlas(demo_store, view, step=lambda done, of: told.append((done, of)))
    book = pypdf.PdfReader(io.BytesIO(content))
    names = products.units(demo_store)["name"]
    titles = [entry.title for entry in book.outline]
    assert titles == [f"Phường {names['30316']}", f"Phường {names['30307']}", f"Đặc khu {names['31078']}"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert book.trailer["/Root"]["/Lang"] == "vi-VN"
    for title, page in zip(titles, book.pages):
        text = page.extract_text()
        assert title in text
        assert "LƯU HÀNH NỘI BỘ" in text
    assert again(demo_store, read_recipe(content, "atlas.pdf")) == content
    with pytest.raises(InputError):
        atlas(demo_store, replace(view, units=("99999",)))


def test_a_public_file_stays_public(demo_store):
    briefing = Briefing("Công khai", (VIEWS["points"], VIEWS["rate"]), public=True, numbers=False)
    specs = briefings.maps(demo_store, briefing)
    content = products.export_all(specs, "pptx", title=briefing.title, numbers=False)
    recipe = read_recipe(content, "deck.pptx")
    assert [item.same for item in reopen(demo_store, recipe)] == [True, True]
    assert again(demo_store, recipe) == content
    assert "LƯU HÀNH NỘI BỘ" not in str([item.spec for item in reopen(demo_store, recipe)])


def _png(demo_store) -> bytes:
    return products.export(shown(demo_store, VIEWS["rate"]), "png")


def _with_recipe(png: bytes, text: str) -> bytes:
    picture = Image.open(io.BytesIO(png))
    about = PngImagePlugin.PngInfo()
    about.add_text("Recipe", text)
    target = io.BytesIO()
    picture.save(target, "png", pnginfo=about)
    return target.getvalue()


def test_a_recipe_altered_by_hand_is_refused(demo_store):
    png = _png(demo_store)
    text = Image.open(io.BytesIO(png)).text["Recipe"]
    altered = text.replace('"k":6', '"k":5')
    assert altered != text
    with pytest.raises(InputError) as error:
        read_recipe(_with_recipe(png, altered), "map.png")
    assert error.value.key == "recipe.altered"


def test_a_recipe_from_the_future_is_refused(demo_store):
    png = _png(demo_store)
    whole = json.loads(Image.open(io.BytesIO(png)).text["Recipe"])
    with pytest.raises(InputError) as error:
        read_recipe(_with_recipe(png, json.dumps({**whole, "antt": 2, "more": []})), "map.png")
    assert error.value.key == "recipe.from_future"


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"k": 5000}}, {"options": {"k": 0}}, {"lang": "xx"}, {"query": {"end": "2026-02-31"}}, {"query": {"measure": "murder"}},
        {"query": {"units": ["99999"]}}, {"analysis": "hotspots", "settings": {"grid": "True", "cell_m": "20"}},
        {"analysis": "clusters", "settings": {"hdbscan": 7}}, {"analysis": "unheard"}, {"query": None},
    ],
)  # fmt: skip
def test_a_recipe_with_impossible_values_is_refused_whoever_sealed_it(demo_store, change):
    recipe = json.loads(shown(demo_store, VIEWS["rate"]).recipe)
    for key, value in change.items():
        recipe[key] = {**recipe[key], **value} if isinstance(value, dict) and key in recipe else value
    if change.get("settings") == {"hdbscan": 7}:
        assert view_of(recipe).algo == "dbscan"
        return
    with pytest.raises(InputError):
        shown(demo_store, view_of(recipe))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "recipe.not_kind"),
        (b"hello", "recipe.not_kind"),
        (b"\x89PNG\r\n\x1a\nbroken", "recipe.not_file"),
        (b"%PDF-1.4 broken", "recipe.not_file"),
        (b"PK\x03\x04broken", "recipe.not_file"),
        (b"<!DOCTYPE html><p>another page", "recipe.unreadable"),
    ],
)
def test_other_files_are_refused_in_both_languages(content, key):
    with pytest.raises(InputError) as error:
        read_recipe(content, "file")
    assert error.value.key == key
    assert error.value.message("vi") != error.value.message("en")


def test_a_picture_without_a_recipe_is_refused():
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "png")
    with pytest.raises(InputError) as error:
        read_recipe(target.getvalue(), "plain.png")
    assert error.value.key == "recipe.unreadable"


def test_where_data_changed_since_it_says_what_is_different(demo_folder, tmp_path):
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "antt.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'antt.sqlite'}")
    view = View(m=Measure.CASE, t=Preset.CUSTOM, a="2026-10-01", b="2026-10-31", z=(), cl=False)
    content = products.export(shown(store, view), "png")
    assert reopen(store, read_recipe(content, "map.png"))[0].same
    added = store.append(
        a_batch(*[{"unit_code": "30307", "date": date(2026, 10, 15), "record_id": f"new-{i}"} for i in range(3)])
    )
    (found,) = reopen(store, read_recipe(content, "map.png"))
    assert not found.same
    said = " ".join(found.differences)
    assert "Long Xuyên" in said
    assert again(store, read_recipe(content, "map.png")) != content
    store.withdraw(added, who="test")
    (back,) = reopen(store, read_recipe(content, "map.png"))
    assert "Số liệu" in " ".join(back.differences)
    assert "Long Xuyên" not in " ".join(back.differences)
