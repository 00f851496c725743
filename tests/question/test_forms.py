"""The written forms of a question are forms of one value: address, slide, recipe, command line, file."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from geo.cartography.spec import MapSpec
from geo.errors import AnttError
from geo.products.answer import answer
from geo.products.documents import briefings
from geo.products.documents.briefings import Briefing
from geo.products.documents.files import export, export_all
from geo.products.documents.recipes import read_recipe
from geo.products.documents.reopen import reopen
from geo.question import Question, Recipe, address, altered, codec, pinned
from geo.question.periods import Preset
from geo.question.recipe import of_version_1
from geo.question.types import QUESTIONS
from geo.schema import Measure, UnitSystem
from geo.text import t
from tests.asking import about, answered, ask
from tests.homes import FORMER, home_in
from tests.question.questions import TODAY, questions


@pytest.fixture(autouse=True)
def home(tmp_path):
    with home_in(tmp_path):
        yield tmp_path


def _slide(question: Question) -> Question:
    """The question out of a briefing that was written and read."""
    briefing = Briefing("Giao ban", (question,), lang=question.lang)
    (kept,) = briefings.parse(briefings.dump(briefing), TODAY).slides
    return altered(kept, lang=question.lang)


def _recipe(question: Question) -> Question:
    """The question out of a recipe that was written and read."""
    text = Recipe(question=question, data_version=1, boundary="0").to_json()
    return msgspec.json.decode(text, type=Recipe).question


@given(questions())
def test_every_form_gives_the_question_back(question):
    assert address.question_at(address.link_to(question), TODAY) == question
    assert _recipe(question) == question
    assert _slide(question) == question
    round_about = _slide(_recipe(address.question_at(address.link_to(question), TODAY)))
    assert round_about == question
    assert hash(round_about) == hash(question)


@given(questions())
def test_a_question_is_one_that_can_be_asked(question):
    """What its page does not offer has its default, so that making it again changes nothing."""
    assert altered(question) == question
    assert codec.question_of(question.page, codec.plain(question), TODAY) == question
    assert set(codec.written(question)) <= {*codec.SHARED, *codec.own_fields(question.page)}
    assert question.reading.start >= question.query.start or question.month


def test_a_file_keeps_the_days_and_a_slide_the_name_of_its_period():
    question = ask(measure=Measure.CASE, period=Preset.DAYS28)
    later = TODAY.replace(day=20)
    assert codec.seen_on(_slide(question), later).query.end == later
    kept = codec.seen_on(pinned(question, question.reading), TODAY.replace(year=2027))
    assert (kept.query.start, kept.query.end) == (question.query.start, question.query.end)


FORTY = 40
_FOUND: list[Question] = []


@seed(2026)
@settings(max_examples=6 * FORTY, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
@given(questions())
def _collect(question: Question) -> None:
    _FOUND.append(question)


def _drawn() -> list[Question]:
    """The same questions each time: one of every page, then whatever comes."""
    _FOUND.clear()
    _collect()
    return [*(ask(page, measure=Measure.CASE, title=page) for page in QUESTIONS), *_FOUND]


def test_one_question_is_one_map_whoever_asks(demo_store):
    """By address, by briefing, as a description and as a reopened file: one fingerprint, or one and the same refusal.

    The command line does the same for every page in `tests/test_cli.py`, the pages themselves in `tests/browser`.
    """
    snapshot, maps = demo_store.snapshot(), 0
    for question in _drawn():
        if maps == FORTY:
            break
        try:
            spec = answer(snapshot, question)
        except AnttError as error:
            for again in (_recipe(question), _slide(question), address.question_at(address.link_to(question), TODAY)):
                with pytest.raises(type(error)) as caught:
                    answer(snapshot, again)
                assert caught.value.key == error.key  # noqa: PT017
            continue
        maps += 1
        by_address = answer(snapshot, address.question_at(address.link_to(question), TODAY))
        by_briefing = briefings.slide(snapshot, Briefing("x", (_slide(question),), lang=question.lang), 0)
        described = MapSpec.from_json(spec.to_json())
        (reopened,) = reopen(snapshot, read_recipe(export(described, "html"), "it.html"))
        prints = {s.fingerprint for s in (spec, by_address, by_briefing, described, reopened.spec)}
        assert len(prints) == 1, question
        assert reopened.same
        assert answer(snapshot, spec.recipe.question) == spec
    assert maps == FORTY


def test_a_reopened_deck_gives_every_question_back(demo_store):
    asked = [ask("hotspots", measure=Measure.CASE, by="grid"), ask("change", measure=Measure.CASE, against="year")]
    specs = [answered(demo_store, question) for question in asked]
    found = reopen(demo_store.snapshot(), read_recipe(export_all(specs, "pptx"), "deck.pptx"))
    assert [item.question for item in found] == [spec.recipe.question for spec in specs]
    assert all(item.same for item in found)


@pytest.mark.parametrize("name", ["map.png", "before_after.html", "change.pdf", "deck.pptx"])
def test_files_from_before_open_as_they_did(demo_store, name):
    recipe = read_recipe((FORMER / name).read_bytes(), name)
    for item, opened in zip(recipe.items, reopen(demo_store.snapshot(), recipe)):
        assert opened.question == item.recipe.question
        assert opened.question.query.measure == item.former["query"]["measure"]
        assert opened.question.query.end.isoformat() == item.former["query"]["end"]
        assert opened.spec.recipe.question == opened.question
        # What is called usual has a better model since, and more is on record; the figures are those of the file.
        lang, now = item.recipe.question.lang, demo_store.version
        changed = t("recipe.data_changed", lang, then=item.recipe.data_version, now=now)
        assert opened.same or opened.differences == (changed,)


def test_a_description_from_before_is_read(demo_store):
    spec = MapSpec.from_json((FORMER / "public.json").read_bytes())
    assert spec.recipe.question.page == "rates"
    assert spec.recipe.question.public
    assert MapSpec.from_json(spec.to_json()) == spec
    assert answered(demo_store, spec.recipe.question).title == spec.title


def test_briefings_from_before_ask_what_they_asked(demo_store):
    briefing = briefings.parse((FORMER / "every_key.yaml").read_text("utf-8"), TODAY)
    specs = briefings.maps(demo_store.snapshot(), briefing)
    for spec, former in zip(specs, json.loads((FORMER / "every_key.json").read_text("utf-8")), strict=True):
        was = of_version_1(former).question
        assert spec.recipe.question.reading == was.query
        assert altered(spec.recipe.question, query=was.query, month="") == was
    assert briefings.parse(briefings.dump(briefing), TODAY) == briefing


def test_masked_measures_and_neighbours_keep_to_what_can_be_answered():
    tips = ask(measure=Measure.TIP, unit_system=UnitSystem.LEGACY, kinds=("theft",))
    assert tips.query.system is UnitSystem.CURRENT
    assert tips.query.kinds == ()
    dens = ask(measure=Measure.DEN_CLEARED, kinds=("theft", "cards"))
    assert dens.query.kinds == ("cards",)
    hot = about("hotspots", replace(ask(measure=Measure.CASE).query, units=("30307",), system=UnitSystem.LEGACY))
    assert hot.query.units == ()
    assert hot.query.system is UnitSystem.CURRENT
    assert ask("before_after", measure=Measure.SESSION).query.measure is Measure.CASE
