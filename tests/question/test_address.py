"""What an address says, and that nonsense in it never fails."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.products.answer import answer
from geo.products.situation.counts import published
from geo.question import Situation, address, codec
from geo.question.periods import EARLIEST
from geo.question.recipe import of_version_1
from geo.question.types import DEFAULT_ZONES, QUESTIONS
from geo.schema import Measure, Scheme
from tests.asking import ask
from tests.homes import FORMER
from tests.question.questions import TODAY, questions

FORMER_ADDRESSES = json.loads((FORMER / "addresses.json").read_text("utf-8"))


@given(questions())
def test_a_question_reopens_from_its_address(question):
    assert address.question_at(address.link_to(question), TODAY) == question


def test_the_address_of_the_first_question_is_bare():
    assert address.of_question(ask()) == {}
    assert address.question_at("", TODAY) == address.question_at("/", TODAY) == ask()


@pytest.mark.parametrize("page", QUESTIONS)
def test_a_page_is_a_path_or_a_parameter(page):
    wanted = ask(page, measure=Measure.CASE)
    for text in (f"/{page}?m=case", f"?page={page}&m=case", f"page={page}&m=case", f"http://host:8501/{page}?m=case"):
        assert address.question_at(text, TODAY) == wanted
    assert address.question_at(f"/antt/{page}?m=case", TODAY) == wanted


def test_an_empty_list_is_an_empty_list():
    asked = address.question_at("?m=case&z=", TODAY)
    assert isinstance(asked, Situation)
    assert asked.zones == ()
    assert address.question_at("?m=case", TODAY).zones == DEFAULT_ZONES


@given(st.dictionaries(st.sampled_from(sorted(address.SHORT.values())), st.text(max_size=20)))
def test_nonsense_in_an_address_is_passed_over(params):
    given_ = address.read(params)
    page = given_.get("page", "map")
    if page in QUESTIONS:
        asked = codec.question_of(page, given_, TODAY)
        assert asked.reading.start <= asked.reading.end


def test_one_unreadable_field_leaves_the_others_alone():
    asked = address.question_at("?m=case&t=nonsense&k=99&z=border.nothing&cmp=7&mo=2026-13&vs=custom&lim=a", TODAY)
    assert asked == ask(measure=Measure.CASE, classes=7, zones=("border",))
    assert address.question_at("?m=nothing&per=per_10k", TODAY) == ask(per="per_10k")


@pytest.mark.parametrize(
    "text", ["http://[::1/?m=case", "?sl=" + "9" * 5000, "?e=null&a=20260101&b=null", "?ti=" + "x" * 9999]
)
def test_hostile_addresses_fail_nobody(text):
    assert address.question_at(text, TODAY).page == "map"
    assert len(address.read_text(text).get("slide", "")) <= 4


@pytest.mark.parametrize(
    "bad",
    [
        {"limits": (3.0, 1.0)},
        {"limits": (-1.0,)},
        {"limits": tuple(map(float, range(1, 3000)))},
        {"title": "a\x00b"},
        {"title": "x" * 161},
    ],
)
def test_what_no_page_could_ask_is_no_question(bad):
    with pytest.raises(ValueError, match=r"limits|title"):
        Situation(query=ask().query, **bad)


def test_pages_that_ask_nothing_have_no_map():
    with pytest.raises(InputError) as caught:
        address.question_at("/imports", TODAY)
    assert caught.value.key == "products.page_has_no_map"


@pytest.mark.parametrize("text", ["1; 5; 10", "0,5;1.5; 3"])
def test_limits_in_either_decimal_style(text):
    assert list(codec.limits_of(text)) == sorted(codec.limits_of(text))
    assert codec.limits_of(codec.limits_text(codec.limits_of(text))) == codec.limits_of(text)


@pytest.mark.parametrize("text", ["", "a;b", "5;1", "0;1", "-1;2", "1;1", "nan;2", "1;2;3;4;5;6;7;8"])
def test_unusable_limits_are_refused_and_said(text):
    with pytest.raises(InputError) as caught:
        codec.limits_of(text)
    assert "1; 5; 10; 50" in caught.value.message("vi")
    asked = address.question_at(f"?scheme=fixed&lim={text}", TODAY)
    assert isinstance(asked, Situation)
    assert asked.scheme is Scheme.NATURAL


@pytest.mark.parametrize(
    ("a", "b"), [("2030-01-01", "2030-12-31"), ("0001-01-01", "9999-12-31"), ("2026-05-01", "2020-01-01")]
)
def test_dates_of_an_address_are_brought_into_what_is_on_record(a, b):
    query = address.question_at(f"?t=custom&a={a}&b={b}&mo=0001-01", TODAY).reading
    assert EARLIEST <= query.start <= query.end <= TODAY


@pytest.mark.parametrize("former", FORMER_ADDRESSES, ids=lambda f: f["address"])
def test_addresses_from_before_ask_what_they_asked(demo_store, former):
    snapshot = demo_store.snapshot()
    question = address.question_at(former["address"], snapshot.today)
    was = of_version_1(former["recipe"]).question
    spec = answer(snapshot, codec.altered(question, public=was.public))
    # A month that is looked at keeps its period, by which it is scaled; of tip-offs a year stops with its last quarter.
    assert spec.recipe.question.reading.start == was.reading.start
    assert spec.recipe.question.reading.end == published(snapshot, was.reading).end
    assert codec.altered(spec.recipe.question, query=was.query, month="") == was
    assert answer(snapshot, spec.recipe.question) == spec


def test_shared_fields_travel_and_others_stay_with_their_pages():
    fields = {**address.DEFAULTS, "page": "hotspots", "measure": Measure.SUSPECT, "cell_m": 5000, "compare": True}
    assert address.write(fields) == {"m": "suspect", "cell": "5000"}
    assert address.write(fields, all_pages=True) == {"m": "suspect", "cell": "5000", "cmp": "1"}
    assert address.of_view(fields) == "hotspots?m=suspect&cell=5000"
    assert address.write({**fields, "page": "map"}) == {"m": "suspect", "cmp": "1"}


def test_one_who_follows_an_address_has_what_it_says_and_keeps_what_it_is_silent_of():
    before = {**address.DEFAULTS, "page": "hotspots", "measure": Measure.CASE, "cell_m": 5000, "tab": "table"}
    there = address.arrive("map", {"cmp": "1"}, before)
    assert (there["page"], there["measure"], there["compare"], there["tab"]) == ("map", Measure.DEN_CLEARED, True, "")
    assert there["cell_m"] == 5000


@given(questions(), st.sampled_from(sorted(address.PAGES)))
def test_an_address_leads_back_to_the_view_it_was_written_for(question, elsewhere):
    fields = {**address.DEFAULTS, "page": question.page, **codec.plain(question)}
    found = address.read_text(address.of_view(fields))
    again = address.arrive(question.page, address.write(fields), {**address.DEFAULTS, "page": elsewhere})
    assert codec.question_of(question.page, again, TODAY) == question
    assert found["page"] == question.page
