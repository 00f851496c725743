"""What a page opens on, which measure goes along to the next page, and what stands where a page cannot show one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.products.documents import briefings
from geo.question import address, codec, travel
from geo.question.types import QUESTIONS, kinds_of, measures_for
from geo.schema import CaseCategory, Measure
from tests.asking import ask
from tests.question.questions import TODAY, questions

ON_CASES = {"hotspots", "before_after", "clusters", "density", "emerging", "scan", "near_repeat", "areas"}
ON_THEIR_OWN = {
    "results": Measure.SESSION, "coverage": Measure.SESSION, "targets": Measure.SESSION,
    "safe_units": Measure.SAFE_RECOGNISED, "models": Measure.COMMUNITY_MODEL, "returns": Measure.REINTEGRATED,
    "festivals": Measure.FESTIVAL, "report": Measure.SESSION,
}  # fmt: skip
_PAGES = st.sampled_from(sorted(address.PAGES))


def _at(text: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The fields of one who has opened an address in the browser."""
    page, _, query = text.strip("/").partition("?")
    params = dict(part.split("=") for part in query.split("&") if part)
    return travel.fitted(address.arrive(page, params, before or address.DEFAULTS))


def _to(fields: dict[str, Any], page: str) -> str:
    """The address of a link to a page."""
    return address.of_view(travel.onward(fields, page))


@pytest.mark.parametrize("page", address.PAGES)
def test_analyses_of_where_crime_is_open_on_cases(page):
    first = Measure.CASE if page in ON_CASES else ON_THEIR_OWN.get(page, Measure.DEN_CLEARED)
    assert _at(page)["measure"] is address.opening(page)["measure"] is first
    assert address.of_view(_at(page)) == page
    if page in QUESTIONS:
        asked = address.question_at(page, TODAY)
        assert asked.query.measure is first
        assert address.link_to(asked) == f"/{page}"


@pytest.mark.parametrize("page", sorted(ON_CASES - {"before_after"}))
def test_files_that_name_no_measure_mean_what_they_meant(page):
    assert ask(page).query.measure is Measure.DEN_CLEARED
    (slide,) = briefings.parse(f"briefing: 1\ntitle: x\nslides:\n  - {{page: {page}}}\n", TODAY).slides
    assert slide.query.measure is Measure.DEN_CLEARED
    assert address.link_to(slide) == f"/{page}?m=den_cleared"
    assert address.question_at(address.link_to(slide), TODAY).query.measure is Measure.DEN_CLEARED


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("map", "hotspots", "hotspots"),  # each page shows what it opens on
        ("hotspots", "map", "map"),
        ("before_after", "change", "change"),
        ("hotspots?cell=5000", "briefings", "briefings"),
        ("briefings", "scan", "scan"),
        ("map?m=case", "hotspots", "hotspots?m=case"),  # what an address names goes along
        ("hotspots?m=case", "map", "map?m=case"),
        ("hotspots?m=den_cleared", "map", "map?m=den_cleared"),
        ("map?m=den_cleared", "scan", "scan?m=den_cleared"),
        ("hotspots?m=suspect", "quality", "quality?m=suspect"),
        ("quality?m=suspect", "rates", "rates?m=suspect"),
        ("hotspots?kinds=theft", "map", "map?m=case&kinds=theft"),  # kinds are of their measure
        ("hotspots?kinds=cards", "map", "map"),
        ("clusters?m=session", "near_repeat", "near_repeat?m=session"),  # what cannot be shown goes along too
        ("near_repeat?m=session", "rates", "rates?m=session"),
    ],
)
def test_the_measure_that_an_address_names_goes_along(here, there, link):
    assert _to(_at(here), there) == link


def test_a_measure_that_is_chosen_is_named_and_what_the_page_opens_on_is_no_choice():
    fields = _at("map")
    assert address.of_view({**fields, "measure": Measure.CASE}) == "map?m=case"
    assert address.of_view({**fields, "measure": Measure.DEN_CLEARED}) == "map"
    named = _at("map?m=case")
    assert _to({**named, "measure": Measure.DEN_CLEARED}, "hotspots") == "hotspots"


def test_a_chosen_measure_is_kept_all_the_way_round():
    fields = _at("map?m=case")
    for page in ("hotspots", "change", "briefings", "before_after", "map"):
        fields = _at(_to(fields, page), fields)
        assert fields["measure"] is Measure.CASE
    assert address.of_view(fields) == "map?m=case"


@given(questions(), _PAGES)
def test_an_address_says_the_same_wherever_it_is_read(question, elsewhere):
    asked = address.question_at(address.link_to(question), TODAY)
    here = address.arrive(question.page, address.of_question(question), {**address.DEFAULTS, "page": elsewhere})
    assert asked == question == codec.question_of(question.page, here, TODAY)


@given(questions(), _PAGES)
def test_links_of_script_and_page_are_the_same(question, elsewhere):
    """A page's script puts what every address covers into the links of the menu, as far as their pages know it."""
    fields = travel.fitted(address.arrive(question.page, address.of_question(question), address.DEFAULTS))
    every = address.write(fields, all_pages=True)
    known = {address.SHORT[name] for name in address.covered(elsewhere) - {"page"}}
    by_script = {name: text for name, text in every.items() if name in known}
    assert address.write(travel.onward(fields, elsewhere)) == by_script


@given(questions())
def test_what_is_shown_reopens_from_its_address(question):
    fields = travel.fitted(address.arrive(question.page, address.of_question(question), address.DEFAULTS))
    assert fields["measure"] in measures_for(question.page)
    assert travel.fitted(address.arrive(question.page, address.write(fields), fields)) == fields


@pytest.mark.parametrize("page", QUESTIONS)
@pytest.mark.parametrize("measure", Measure)
def test_a_measure_that_a_page_cannot_show_gives_way_to_another_and_stays_named(page, measure):
    fields = _at(f"{page}?m={measure}")
    fits = measure in measures_for(page)
    stands_in = Measure.CASE if Measure.CASE in measures_for(page) else ON_THEIR_OWN[page]
    assert fields["measure"] is (measure if fits else stands_in)
    assert travel.displaced(fields) == (None if fits else measure)
    assert address.of_view(fields) == f"{page}?m={measure}"
    assert travel.displaced({**fields, "measure": Measure.SUSPECT, "named": ""}) is None


def test_kinds_can_be_chosen_of_the_cases_that_stand_in():
    fields = {**_at("density?m=leaflet"), "kinds": ("theft",)}
    assert address.of_view(fields) == "density?m=leaflet&kinds=theft"
    again = _at(address.of_view(fields))
    assert (again["measure"], again["kinds"], travel.displaced(again)) == (Measure.CASE, ("theft",), Measure.LEAFLET)


def test_kinds_belong_to_their_measure():
    assert kinds_of(Measure.CASE) == kinds_of(Measure.SUSPECT) == tuple(map(str, CaseCategory))
    assert "cards" in kinds_of(Measure.DEN_CLEARED)
    assert kinds_of(Measure.TIP) == ()
