"""What a store of one month answers, of a province that has no former units here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from openpyxl import load_workbook

from geo.cartography.spec import CircleLayer, UnitLayer
from geo.errors import InputError, NotFoundError
from geo.products.answer import answer
from geo.products.documents.atlas import atlas
from geo.products.records import imports
from geo.products.situation.blank import blank_map
from geo.products.situation.commune_card import unit_card
from geo.products.situation.overview import overview
from geo.products.situation.search import examples, search
from geo.products.situation.trend import series_of
from geo.question.codec import question_of
from geo.question.types import QUESTIONS
from geo.schema import Dataset, Measure, Query
from geo.store import Store
from tests.young import CODES, province, young_store_in

AUGUST = Query(Measure.CASE, date(2026, 8, 1), date(2026, 8, 31))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with province("92"):
        yield young_store_in(tmp_path_factory.mktemp("young"), [date(2026, 8, 1)])


def _asked(store: Store, page: str, **fields: object):
    return question_of(page, fields, store.snapshot().today)


@pytest.mark.parametrize("measure", [Measure.CASE, Measure.SESSION, Measure.TIP])
def test_the_first_page_opens_without_months_to_chart(store, measure):
    page = overview(store.snapshot(), _asked(store, "overview", measure=measure))
    assert page.trend.frame.empty
    assert page.figures[0].value


def test_months_cannot_be_shown_yet_and_how_many_it_takes_is_said(store):
    with pytest.raises(InputError) as caught:
        answer(store.snapshot(), _asked(store, "map", show="months"))
    assert "9 tháng" in caught.value.message("vi")


@pytest.mark.parametrize("page", QUESTIONS)
@pytest.mark.parametrize("more", [{}, {"in_time": True}, {"by": "grid"}, {"change_of": "hot"}])
def test_every_page_answers_or_is_refused_in_words(store, page, more):
    with suppress(InputError):
        assert answer(store.snapshot(), _asked(store, page, **more)).sentence


@pytest.mark.parametrize(("page", "more"), [("emerging", {}), ("scan", {"in_time": True})])
def test_months_before_the_first_record_are_not_months_without_events(store, page, more):
    with pytest.raises(InputError) as caught:
        answer(store.snapshot(), _asked(store, page, measure=Measure.CASE, **more))
    assert caught.value.params["months"] == 1


def test_a_commune_of_which_no_former_units_are_listed_has_a_card_without_them(store):
    card = unit_card(store.snapshot(), CODES[0], AUGUST, "vi")
    assert card is not None
    assert card.title == "Xã Ô 1"
    assert (card.origins, card.origins_title) == ((), "")
    assert "9 tháng" in series_of(card.trend, "vi").note


def test_the_atlas_has_a_page_for_a_commune_without_months(store):
    question = _asked(store, "map", measure=Measure.CASE, units=CODES[:1])
    assert atlas(store.snapshot(), question).startswith(b"%PDF")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with province("92"):
        yield young_store_in(tmp_path_factory.mktemp("empty"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_records_there_is_a_map_of_communes_without_figures(empty, lang):
    spec = blank_map(empty.snapshot(), lang)
    ground, circles = spec.layers
    assert isinstance(ground, UnitLayer)
    assert {cell.name for cell in ground.cells} == {f"Ô {n}" for n in range(1, 13)}
    assert isinstance(circles, CircleLayer)
    assert not circles.circles
    assert "12" in spec.sentence
    assert spec.demo_mark == ""


def test_without_records_it_is_said_where_they_come_from(empty):
    with pytest.raises(NotFoundError) as caught:
        _ = empty.snapshot().today
    assert "Nhập dữ liệu" in caught.value.message("vi")


def test_names_to_search_for_are_of_the_communes_shown(store):
    assert examples(store.snapshot()) == ("o 1", "Ô 2", "Ô 3")
    assert search(store.snapshot(), examples(store.snapshot())[0])[0].codes == CODES[:1]
    assert search(store.snapshot(), "Thoại Sơn") == []


def test_a_template_offers_the_communes_shown(store, tmp_path):
    (tmp_path / "t.xlsx").write_bytes(imports.template(store.snapshot(), Dataset.CASES, "vi"))
    names = [row[0] for row in load_workbook(tmp_path / "t.xlsx")["DanhMuc"].iter_rows(values_only=True)]
    assert names[1:13] == [f"Xã Ô {n}" for n in range(1, 13)]
