"""Files remember how they were made: the same view again, to the byte, and what differs is said."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date

import msgspec
import pptx
import pypdf
import pytest
from PIL import Image, PngImagePlugin

from geo.cartography.recipe import _checksum, unseal
from geo.errors import InputError
from geo.products.documents import briefings
from geo.products.documents.atlas import atlas
from geo.products.documents.briefings import Briefing
from geo.products.documents.files import export, export_all
from geo.products.documents.recipes import read_recipe
from geo.products.documents.reopen import again, is_as_exported, reopen
from geo.question import pinned
from geo.question.periods import Preset
from geo.question.types import QUESTIONS
from geo.schema import Measure, Per, Scheme, UnitSystem, ZoneKind
from geo.store import open_store
from tests.asking import answered, ask
from tests.homes import home_in
from tests.store.conftest import _events as a_batch

VIEWS = {
    "map": ask(measure=Measure.DEN_CLEARED, clusters=True),
    "rate": ask(measure=Measure.CASE, per=Per.PEOPLE, classes=6, zones=(), labels=False),
    "limits": ask(measure=Measure.CASE, per=Per.AREA, scheme=Scheme.FIXED, limits=(0.1, 0.5, 1.0)),
    "year": ask(measure=Measure.CASE, period=Preset.THIS_QUARTER, compare=True, against="year"),
    "former": ask(measure=Measure.CASE, period=Preset.TERM1, unit_system=UnitSystem.LEGACY),
    "tips": ask(measure=Measure.TIP, period=Preset.LAST_YEAR),
    "points": ask(measure=Measure.CASE, points="always", units=("30307",)),
    "hotspots": ask("hotspots", measure=Measure.CASE, by="grid", neighbours="distance"),
    "moran": ask("hotspots", measure=Measure.CASE, statistic="moran"),
    "clusters": ask("clusters", measure=Measure.CASE, algorithm="hdbscan"),
    "density": ask("density", measure=Measure.CASE),
    "scan": ask("scan", measure=Measure.CASE),
    "change": ask("change", measure=Measure.CASE, period=Preset.MONTH, against="year"),
    "change_hot": ask("change", measure=Measure.CASE, change_of="hot"),
    "emerging": ask("emerging", measure=Measure.CASE),
    "rates": ask("rates", measure=Measure.CASE),
    "concentration": ask("concentration", measure=Measure.CASE),
    "before_after": ask("before_after", measure=Measure.CASE),
    "near_repeat": ask("near_repeat", measure=Measure.CASE),
    "overview": ask("overview", measure=Measure.DEN_CLEARED),
    "report": ask("report", measure=Measure.SESSION, span="quarter"),
    "report_figures": ask("report", measure=Measure.TIP, dated="2026-09", about="30742", part="figures"),
    "report_gaps": ask("report", measure=Measure.SESSION, part="gaps"),
    "results": ask("results", measure=Measure.LEAFLET),
    "results_chart": ask("results", measure=Measure.TIP, show="chart"),
    "coverage": ask("coverage", measure=Measure.ATTENDANCE),
    "areas": ask("areas", measure=Measure.CASE, area_kinds=(ZoneKind.BORDER, ZoneKind.RELIGIOUS_AREA)),
    "coverage_areas": ask("coverage", measure=Measure.SESSION, over="areas"),
    "coverage_topic": ask("coverage", measure=Measure.SESSION, topic="drugs", organiser="front"),
    "coverage_since": ask("coverage", measure=Measure.SESSION, reach="since"),
    "targets": ask("targets", measure=Measure.SESSION),
    "targets_chart": ask("targets", measure=Measure.LEAFLET, year="2025", show="chart"),
    "safe_units": ask("safe_units", measure=Measure.SAFE_RECOGNISED, safe_kind="hamlet", share=True),
    "models": ask("models", measure=Measure.COMMUNITY_MODEL, year="2020"),
    "model": ask("models", measure=Measure.COMMUNITY_MODEL, model="Camera an ninh minh hoạ"),
    "returns": ask("returns", measure=Measure.REINTEGRATED, year="2024"),
    "festivals": ask("festivals", measure=Measure.FESTIVAL, festival="november_18", show="table"),
}


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    with home_in(tmp_path_factory.mktemp("home")):
        yield


def test_every_page_with_a_map_is_tried():
    assert {view.page for view in VIEWS.values()} == set(QUESTIONS)


@pytest.mark.parametrize("name", VIEWS)
def test_a_recipe_gives_the_very_map_again(demo_store, name):
    spec = answered(demo_store, VIEWS[name])
    assert answered(demo_store, spec.recipe.question).fingerprint == spec.fingerprint


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
    content = export(answered(demo_store, VIEWS["map"]), kind, size=size, theme=theme)
    recipe = read_recipe(content, f"map.{kind}")
    (found,) = reopen(demo_store.snapshot(), recipe)
    assert found.same
    assert found.question == pinned(VIEWS["map"], VIEWS["map"].query)
    assert (found.question.query.start, found.question.query.end) == (date(2025, 11, 1), date(2026, 10, 31))
    assert again(demo_store.snapshot(), recipe) == content


@pytest.mark.parametrize("kind", ["pptx", "pdf"])
def test_a_file_of_several_maps_reopens_whole(demo_store, kind):
    specs = [answered(demo_store, VIEWS[name]) for name in ("rate", "hotspots")]
    content = export_all(specs, kind, title="Giao ban", numbers=False)
    recipe = read_recipe(content, f"deck.{kind}")
    assert [item.spec.fingerprint for item in reopen(demo_store.snapshot(), recipe)] == [
        spec.fingerprint for spec in specs
    ]
    assert again(demo_store.snapshot(), recipe) == content


def test_an_atlas_has_its_pages_bookmarks_and_text_and_reopens(demo_store):
    view = ask(measure=Measure.DEN_CLEARED, units=("30307", "31078", "30316"))
    told = []
    content = atlas(demo_store.snapshot(), view, step=lambda done, of: told.append((done, of)))
    book = pypdf.PdfReader(io.BytesIO(content))
    names = demo_store.snapshot().units()["name"]
    titles = [entry.title for entry in book.outline]
    assert titles == [f"Phường {names['30316']}", f"Phường {names['30307']}", f"Đặc khu {names['31078']}"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert book.trailer["/Root"]["/Lang"] == "vi-VN"
    for title, page in zip(titles, book.pages):
        text = page.extract_text()
        assert title in text
        assert "LƯU HÀNH NỘI BỘ" in text
    assert again(demo_store.snapshot(), read_recipe(content, "atlas.pdf")) == content
    with pytest.raises(InputError):
        atlas(demo_store.snapshot(), ask(units=("99999",)))


def test_a_public_file_stays_public(demo_store):
    briefing = Briefing("Công khai", (VIEWS["points"], VIEWS["rate"]), public=True, numbers=False)
    specs = briefings.maps(demo_store.snapshot(), briefing)
    content = export_all(specs, "pptx", title=briefing.title, numbers=False)
    recipe = read_recipe(content, "deck.pptx")
    assert [item.same for item in reopen(demo_store.snapshot(), recipe)] == [True, True]
    assert again(demo_store.snapshot(), recipe) == content
    assert "LƯU HÀNH NỘI BỘ" not in str([item.spec for item in reopen(demo_store.snapshot(), recipe)])


def _png(demo_store) -> bytes:
    return export(answered(demo_store, VIEWS["rate"]), "png")


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
    altered = text.replace('"classes":6', '"classes":5')
    assert altered != text
    with pytest.raises(InputError) as error:
        read_recipe(_with_recipe(png, altered), "map.png")
    assert error.value.key == "recipe.altered"


def test_a_recipe_from_the_future_is_refused(demo_store):
    png = _png(demo_store)
    whole = json.loads(Image.open(io.BytesIO(png)).text["Recipe"])
    with pytest.raises(InputError) as error:
        read_recipe(_with_recipe(png, json.dumps({**whole, "antt": 3, "more": []})), "map.png")
    assert error.value.key == "recipe.from_future"


@pytest.mark.parametrize(
    "change",
    [
        {"classes": 5000}, {"classes": 0}, {"lang": "xx"}, {"query": {"end": "2026-02-31"}}, {"query": {"measure": "murder"}},
        {"query": {"units": ["99999"]}}, {"page": "hotspots", "by": "grid", "cell_m": 20}, {"page": "clusters", "algorithm": 7},
        {"page": "unheard"}, {"query": None}, {"query": {"start": "2027-01-01"}}, {"limits": [3, 1]}, {"limits": [1.0] * 3000},
        {"title": "x" * 161}, {"title": "a\x00b"}, {"query": {"kinds": ["unheard"]}}, {"month": "2026-13"},
    ],
)  # fmt: skip
def test_a_recipe_with_impossible_values_is_refused_whoever_sealed_it(demo_store, change):
    recipe = msgspec.to_builtins(answered(demo_store, VIEWS["rate"]).recipe)
    question = recipe["question"]
    for key, value in change.items():
        question[key] = {**question[key], **value} if isinstance(value, dict) else value
    with pytest.raises(InputError):
        _reopened_from(demo_store, recipe)


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"k": 5000}}, {"options": {"k": 0}}, {"lang": "xx"}, {"query": {"end": "2026-02-31"}}, {"query": {"measure": "murder"}},
        {"query": {"units": ["99999"]}}, {"analysis": "hotspots", "settings": {"grid": "True", "cell_m": "20"}},
        {"analysis": "unheard"}, {"query": None}, {"options": None}, {"analysis": "before_after", "settings": {}},
    ],
)  # fmt: skip
def test_the_same_of_recipes_from_before(demo_store, change):
    query = {"measure": "case", "start": "2026-01-01", "end": "2026-10-31"}
    drawn = {
        "scheme": "natural",
        "k": 5,
        "limits": [],
        "compare": False,
        "points": "auto",
        "clusters": False,
        "zones": [],
        "labels": True,
    }
    recipe = {"query": query, "options": drawn, "lang": "vi", "data_version": 1, "boundary": "0"}
    assert not _reopened_from(demo_store, recipe, version=1).same
    for key, value in change.items():
        recipe[key] = {**recipe[key], **value} if isinstance(value, dict) and key in recipe else value
    with pytest.raises(InputError):
        _reopened_from(demo_store, recipe, version=1)


def _reopened_from(demo_store, recipe, version=2):
    """A file with this recipe under a right checksum, opened again."""
    body = {"antt": version, "items": [{"recipe": recipe, "fingerprint": "0", "shown": {}}], "made": {"kind": "png"}}
    text = json.dumps({**body, "check": _checksum(body)})
    (opened,) = reopen(demo_store.snapshot(), unseal(text))
    return opened


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
    october = (date(2026, 10, 1), date(2026, 10, 31))
    view = ask(measure=Measure.CASE, between=october, zones=(), clusters=False)
    content = export(answered(store, view), "png")
    assert reopen(store.snapshot(), read_recipe(content, "map.png"))[0].same
    added = store.append(
        a_batch(*[{"unit_code": "30307", "date": date(2026, 10, 15), "record_id": f"new-{i}"} for i in range(3)])
    )
    (found,) = reopen(store.snapshot(), read_recipe(content, "map.png"))
    assert not found.same
    said = " ".join(found.differences)
    assert "Long Xuyên" in said
    assert again(store.snapshot(), read_recipe(content, "map.png")) != content
    store.withdraw(added, who="test")
    (back,) = reopen(store.snapshot(), read_recipe(content, "map.png"))
    assert "Số liệu" in " ".join(back.differences)
    assert "Long Xuyên" not in " ".join(back.differences)


@pytest.mark.parametrize("kind", ["png", "pdf", "html", "pptx"])
def test_a_file_that_was_altered_is_not_called_the_one_that_was_exported(demo_store, kind):
    snapshot = demo_store.snapshot()
    content = export(answered(demo_store, VIEWS["year"]), kind)
    recipe = read_recipe(content, f"x.{kind}")
    items = reopen(snapshot, recipe)
    assert is_as_exported(snapshot, recipe, items, content)
    assert is_as_exported(snapshot, recipe, items, _painted(content, kind)) is False
    assert all(item.same for item in items)


def _painted(content: bytes, kind: str) -> bytes:
    """The file with something else to be seen and its recipe in place."""
    if kind == "png":
        picture, held = Image.open(io.BytesIO(content)), PngImagePlugin.PngInfo()
        held.add_text("Recipe", picture.text["Recipe"])
        over, out = picture.convert("RGB"), io.BytesIO()
        over.paste((255, 255, 255), (0, 0, 400, 200))
        over.save(out, "PNG", pnginfo=held)
        return out.getvalue()
    if kind == "pptx":
        deck, out = pptx.Presentation(io.BytesIO(content)), io.BytesIO()
        deck.slides[0].shapes[0].name = "other"
        deck.save(out)
        return out.getvalue()
    if kind == "pdf":
        book, out = pypdf.PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
        book.add_metadata({"/Title": "other"})
        book.write(out)
        return out.getvalue()
    return content.replace(b"<title>", b"<title>81 ")
