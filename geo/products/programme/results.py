"""What the first term of the programme came to: what was made public, beside what the records add up to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal

import msgspec
import numpy as np

from geo import settings
from geo.cartography.charts import round_ticks
from geo.cartography.spec import Figure, MapSpec, Series, with_changes
from geo.errors import InputError
from geo.products.situation.counts import counts, may_be_shown
from geo.products.situation.maps import situation
from geo.question import Results, Situation, altered
from geo.schema import FIRST_TERM, Measure, Query, UnitSystem
from geo.store import Snapshot, remembered
from geo.text import Lang, measure_within, noun_of, number, number_or_dash, percent, t

__all__ = ["CHAIN", "Indicator", "chain", "indicators", "results_map"]

INDICATORS = (
    Measure.SESSION, Measure.ATTENDANCE, Measure.LETTER, Measure.LEAFLET, Measure.TIP, Measure.USEFUL_TIP,
    Measure.CASE_CLEARED, Measure.SUSPECT, Measure.DEN_CLEARED, Measure.SESSION_192, Measure.ATTENDANCE_192,
    Measure.SAFE_UNIT, Measure.COMMUNITY_MODEL,
)  # fmt: skip
"""Measures of the programme, in the order of its report."""

CHAIN = (Measure.SESSION, Measure.ATTENDANCE, Measure.TIP, Measure.USEFUL_TIP, Measure.CASE_CLEARED)
"""From outreach to cases cleared up: figures side by side, of which none is said to cause the next."""

_NEARLY = 0.05
"""How far below a figure in round words ("nearly") a count may lie."""

Word = Literal["exact", "about", "more"]


@dataclass(frozen=True)
class Indicator:
    """One measure over the term.

    Attributes
    ----------
    measure : Measure
    label : str
    public : str
        What was made public; empty where nothing was.
    recorded : str
        What the records add up to, or why it is not said.
    agrees : bool or None
        Whether the two agree, round words taken as such; None where one of them is missing.
    aside : str
        What of it no commune of the set of units holds, as a number with its share; empty where nothing is recorded.
    """

    measure: Measure
    label: str
    public: str
    recorded: str
    agrees: bool | None
    aside: str


@cache
def _made_public(province: str) -> dict[Measure, tuple[Word, int]]:
    found = tomllib.loads((settings.REFERENCE / "term_one.toml").read_text("utf-8")).get(province, {})
    return {Measure(name): (word, value) for word, figures in found.items() for name, value in figures.items()}


def indicators(snapshot: Snapshot, system: UnitSystem, lang: Lang) -> tuple[Indicator, ...]:
    """Every indicator of the first term, on a set of units."""
    return tuple(_indicator(snapshot, measure, system, lang) for measure in INDICATORS)


def chain(snapshot: Snapshot, lang: Lang) -> tuple[Figure, ...]:
    """The figures from outreach to cases cleared up, each beside how many there are of the one before."""
    totals = [counts(snapshot, _whole(measure, UnitSystem.CURRENT)).total for measure in CHAIN]
    beside = ["", *(_beside(n, lang, *totals[n - 1 : n + 1]) for n in range(1, len(CHAIN)))]
    return tuple(
        Figure(t(f"map.measure_{measure}", lang), number_or_dash(total, lang), said)
        for measure, total, said in zip(CHAIN, totals, beside)
    )


def _beside(n: int, lang: Lang, before: float, total: float) -> str:
    """How many of the nth figure there are for one, or for a hundred, of the one before."""
    if not (before > 0 and np.isfinite(total)):
        return ""
    share = total / before
    key, value = ("for_each", share) if share >= 1 else ("for_hundred", share * 100)
    said = {"noun": noun_of(CHAIN[n], 2, lang), "each": noun_of(CHAIN[n - 1], 1, lang)}
    return t(f"programme.{key}", lang, n=number(value, lang, digits=1), **said, of=measure_within(CHAIN[n - 1], lang))


def _whole(measure: Measure, system: UnitSystem) -> Query:
    return Query(measure, *FIRST_TERM, system=system)


def _indicator(snapshot: Snapshot, measure: Measure, system: UnitSystem, lang: Lang) -> Indicator:
    label = t(f"map.measure_{measure}", lang)
    word, value = _made_public(settings.load().province).get(measure, ("exact", 0))
    public = _worded(word, value, lang) if value else ""
    if not may_be_shown(measure, system):
        return Indicator(measure, label, public, t("programme.on_present_units", lang), None, "")
    found = counts(snapshot, _whole(measure, system))
    if np.isnan(found.total):
        return Indicator(measure, label, public, "–", None, "")
    agrees = _agrees(word, value, found.total) if value else None
    return Indicator(
        measure, label, public, number(found.total, lang), agrees, _aside(found.unattributed, found.total, lang)
    )


def _aside(aside: float, total: float, lang: Lang) -> str:
    if np.isnan(aside):
        return t("map.class_masked_text", lang)
    share = aside / total if total > 0 else 0.0
    return f"{number(aside, lang)} ({percent(share, lang, digits=1)})"


def _worded(word: Word, value: int, lang: Lang) -> str:
    n = number(value, lang)
    return n if word == "exact" else t(f"programme.word_{word}", lang, n=n)


def _agrees(word: Word, value: int, recorded: float) -> bool:
    match word:
        case "about":
            return value * (1 - _NEARLY) <= recorded <= value
        case "more":
            return recorded > value
        case _:
            return recorded == value


def results_map(snapshot: Snapshot, question: Results) -> MapSpec:
    """The map of one measure over the first term; its sentence sets what was made public beside the records.

    Raises
    ------
    InputError
        If the measure is none of the programme's, or as the map of any measure.
    """
    if question.query.measure not in question.measures:
        raise InputError("programme.no_indicator")
    return _results(snapshot, question, settings.load())


@remembered(32)
def _results(snapshot: Snapshot, question: Results, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    query, lang = question.query, question.lang
    asked = Situation(query=query, lang=lang, points="never", clusters=False, zones=())
    spec = situation(snapshot, asked)
    kept = altered(question, query=replace(query, system=spec.recipe.question.query.system))
    recipe = msgspec.structs.replace(spec.recipe, question=kept)
    found = _indicator(snapshot, query.measure, query.system, lang)
    changes: dict[str, Any] = {
        "recipe": recipe,
        "sentence": _said(found, lang),
        "chart": _years(snapshot, query, lang),
        # Without how many there are of the one before: the caution that it is no cause is on the page alone.
        "figures": tuple(msgspec.structs.replace(figure, change="") for figure in chain(snapshot, lang)[:3]),
    }
    return with_changes(spec, **changes)


def _said(found: Indicator, lang: Lang) -> str:
    words = {"public": found.public, "recorded": found.recorded, "aside": found.aside}
    if not found.public:
        return t("programme.results_recorded", lang, **words)
    if found.agrees is None:
        return t("programme.results_public", lang, **words)
    return t("programme.results_agree" if found.agrees else "programme.results_differ", lang, **words)


def _years(snapshot: Snapshot, query: Query, lang: Lang) -> Series:
    """The measure year by year; None where a year may not be known or nothing was reported."""
    years = range(FIRST_TERM[0].year, FIRST_TERM[1].year + 1)
    totals = [counts(snapshot, replace(query, start=date(year, 1, 1), end=date(year, 12, 31))).total for year in years]
    known = tuple(None if np.isnan(total) else float(total) for total in totals)
    names = tuple(map(str, years))
    nothing = (None,) * len(names)
    label = t(f"map.measure_{query.measure}", lang)
    ticks = tuple((v, number(v, lang)) for v in round_ticks(max((v for v in known if v is not None), default=1.0)))
    return Series(
        title=t("programme.years_title", lang, measure=label),
        note=t("programme.years_note", lang),
        names=names,
        marks=tuple(enumerate(names)),
        counts=known,
        low=nothing,
        high=nothing,
        ticks=ticks,
        words=(label, "", ""),
    )
