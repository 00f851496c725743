"""Questions and their answers as tests ask them: one line each, about the demo unless said otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo.cartography.spec import MapSpec
from geo.products.analyses import before_after as clearing
from geo.products.analyses.near_repeat import NearRepeats
from geo.products.analyses.near_repeat import near_repeats as table_of_near_repeats
from geo.products.answer import answer
from geo.products.situation.maps import situation as map_of_situation
from geo.question import BeforeAfter, NearRepeat, Question, Situation, altered
from geo.question.codec import question_of
from geo.question.periods import Preset
from geo.question.travel import opens_on
from geo.question.types import QUESTIONS, AnyQuestion, measures_for
from geo.schema import Measure, Query
from geo.store import Store
from geo.text import Lang

TODAY = date(2026, 10, 31)
"""The last day of the demo."""


def ask(page: str = "map", *, between: tuple[date, date] | None = None, **fields: Any) -> AnyQuestion:
    """What a page asks with these fields, on the demo's last day; `between` two days where the period has no name."""
    days = {"period": Preset.CUSTOM, "from": between[0], "to": between[1]} if between else {}
    return question_of(page, {**fields, **days}, TODAY)


def usual_measure(page: str) -> Measure:
    """Cases, or what the page opens on where it cannot show those."""
    return Measure.CASE if Measure.CASE in measures_for(page) else opens_on(page)


def about(page: str, query: Query, lang: Lang = "vi", **own: Any) -> AnyQuestion:
    """The question of a page about a query."""
    return QUESTIONS[page](query=query, lang=lang, **own)


def answered(store: Store, question: Question, **changes: Any) -> MapSpec:
    """The map that answers a question."""
    return answer(store.snapshot(), altered(question, **changes))


def analysis(store: Store, page: str, query: Query, lang: Lang = "vi", **own: Any) -> MapSpec:
    """The map of an analysis."""
    return answer(store.snapshot(), about(page, query, lang, **own))


def situation(store: Store, query: Query, lang: Lang = "vi", **drawn: Any) -> MapSpec:
    """The map of one measure, without clusters and zones unless they are asked for."""
    return map_of_situation(store.snapshot(), Situation(query=query, lang=lang, **{**BARE, **drawn}))


BARE: dict[str, Any] = {"clusters": False, "zones": ()}


def before_after(store: Store, query: Query, lang: Lang = "vi", **own: Any) -> clearing.Compared:
    """Cases before and after a clearing."""
    return clearing.before_after(store.snapshot(), BeforeAfter(query=query, lang=lang, **own))


def near_repeats(store: Store, query: Query, lang: Lang = "vi") -> NearRepeats:
    """The near-repeat table."""
    return table_of_near_repeats(store.snapshot(), NearRepeat(query=query, lang=lang))
