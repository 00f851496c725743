"""The card of a priority area: what it is, what is recorded inside, and what the programme did in its communes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from geo.cartography.spec import Bbox, Figure
from geo.products.programme.area_map import area_figures, lasts
from geo.products.programme.areas import communes_of
from geo.products.programme.models import at_work, register
from geo.products.programme.safe_units import years_of_safe_units
from geo.products.programme.session_parts import named_areas
from geo.products.situation.area_counts import area_trend, known_to_commune
from geo.products.situation.counts import counts_of, whole_months
from geo.products.situation.trend import Trend
from geo.question import Areas, pinned
from geo.schema import EVENT_MEASURES, PROTECTED_ZONES, SESSION_MEASURES, Measure, ZoneKind
from geo.store import Snapshot
from geo.text import Lang, noun_of, number, period, signed, t
from geo.views import tone, verdict
from geo.views.wording import names_of

__all__ = ["AreaCard", "area_card"]

_OUTREACH = (Measure.SESSION, Measure.ATTENDANCE)
_PROGRAMME = (*_OUTREACH, Measure.LETTER, Measure.LEAFLET)


@dataclass(frozen=True)
class AreaCard:
    """What opens when a priority area is chosen.

    Attributes
    ----------
    key, name, kind : str
    facts : tuple of (str, str)
        Captions and texts: when it holds, source, decision, size, communes.
    inside : tuple of Figure
        What is counted inside it; empty for the two protected kinds, and where it holds no more.
    apart : str
        How many events of its communes are known to the commune only; empty where nothing is counted.
    trend : Trend or None
        None too where none of its months holds any: what is usual is not known of a place where nothing was.
    programme : tuple of Figure
        Sessions and attendances at it where reports name areas; all else of the communes that it lies in.
    of_communes : str
        Whose figures those are.
    protected : bool
    bbox : Bbox
    """

    key: str
    name: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    inside: tuple[Figure, ...]
    apart: str
    trend: Trend | None
    programme: tuple[Figure, ...]
    of_communes: str
    protected: bool
    bbox: Bbox


def area_card(snapshot: Snapshot, question: Areas) -> AreaCard | None:
    """The card of the area that is open; None where there is none of that key."""
    kept = snapshot.zones_kept
    at = np.flatnonzero((kept["key"] == question.area).to_numpy(bool))
    if not len(at):
        return None
    zone, lang = kept.iloc[int(at[0])], question.lang
    asked = pinned(question, whole_months(question.reading))
    holding = dict(zip(snapshot.zones["key"], communes_of(snapshot)))
    communes = holding.get(question.area, ())
    protected = ZoneKind(zone["kind"]) in PROTECTED_ZONES
    counted = question.area in holding and not protected and asked.query.measure in EVENT_MEASURES
    names = names_of(snapshot.units(), list(communes), lang, most=len(communes) or 1)
    when = period(asked.query.start, asked.query.end, lang)
    return AreaCard(
        key=question.area,
        name=zone["name"],
        kind=t(f"map.zone_{zone['kind']}", lang),
        facts=_facts(zone, names, lang),
        inside=(_inside(snapshot, asked),) if counted else (),
        apart=_apart(snapshot, asked, communes) if counted else "",
        trend=_trend(snapshot, asked) if counted else None,
        programme=(
            _programme(snapshot, asked, communes, _OUTREACH)
            if protected
            else _programme(snapshot, asked, communes, _PROGRAMME) + _registers(snapshot, asked, communes)
        ),
        of_communes=t(_whose(snapshot, asked, communes), lang, names=names, period=when) if communes else "",
        protected=protected,
        bbox=tuple(map(float, zone["geometry"].bounds)),  # type: ignore[arg-type]
    )


def _trend(snapshot: Snapshot, question: Areas) -> Trend | None:
    found = area_trend(snapshot, question.area, question.query, question.lang)
    return found if (found.frame["count"] > 0).any() else None


def _facts(zone: pd.Series, communes: str, lang: Lang) -> tuple[tuple[str, str], ...]:
    texts = {
        "holds": t("areas.holds_divided", lang) if zone["divided"] else lasts(zone, lang),
        "source": zone["source"],
        "decision": zone["decision"],
        "communes": communes,
    }
    captions = {"holds": "areas.column_holds", "source": "ingest.field_source", "decision": "ingest.field_decision",
                "communes": "programme.column_communes"}  # fmt: skip
    return tuple((t(captions[name], lang), text) for name, text in texts.items() if text)


def _inside(snapshot: Snapshot, question: Areas) -> Figure:
    lang, figures = question.lang, area_figures(snapshot, question)
    now, before, score = (values[question.area] for values in (figures.now, figures.before, figures.score))
    label = t("areas.figure_inside", lang, measure=t(f"map.measure_{question.query.measure}", lang))
    return Figure(label, number(now, lang), signed(now - before, lang), verdict(score, lang), tone(score))  # type: ignore[arg-type]


def _apart(snapshot: Snapshot, question: Areas, communes: tuple[str, ...]) -> str:
    n = number(known_to_commune(snapshot, question.query, communes), question.lang)
    return t("areas.known_to_commune", question.lang, n=n, noun=noun_of(question.query.measure, n, question.lang))


def _programme(
    snapshot: Snapshot, question: Areas, communes: tuple[str, ...], measures: tuple[Measure, ...]
) -> tuple[Figure, ...]:
    """Figures of whole months: of the area itself where reports name it, else sums over the communes it lies in."""
    if not communes:
        return ()
    found, lang = [], question.lang
    for measure in measures:
        query = whole_months(replace(question.query, measure=measure, kinds=()))
        label = t(f"map.measure_{measure}", lang)
        total = float(counts_of(snapshot, query)[list(communes)].sum(min_count=1))
        named = named_areas(snapshot, measure) if measure in SESSION_MEASURES else None
        if named and (own := named.of(question.area, communes, query)):
            total, label = own[0], t("areas.figure_at", lang, measure=label)
        found.append(Figure(label, t("map.tip_no_data", lang) if np.isnan(total) else number(total, lang)))
    return tuple(found)


def _whose(snapshot: Snapshot, question: Areas, communes: tuple[str, ...]) -> str:
    """The sentence that says whose the figures of the programme are."""
    query = whole_months(replace(question.query, measure=Measure.SESSION, kinds=()))
    own = named_areas(snapshot, Measure.SESSION).of(question.area, communes, query)
    return "areas.of_communes" if own is None else "areas.of_area_and_communes"


def _registers(snapshot: Snapshot, question: Areas, communes: tuple[str, ...]) -> tuple[Figure, ...]:
    """Units recognised as safe, and models at work, of the communes an area lies in, in the year the period ends in."""
    if not communes:
        return ()
    found, lang, year = [], question.lang, question.query.end.year
    if years := [y for y in years_of_safe_units(snapshot) if y <= year]:
        last = years[-1]
        query = replace(question.query, measure=Measure.SAFE_RECOGNISED, kinds=(), start=date(last, 1, 1),
                        end=date(last, 12, 31))  # fmt: skip
        total = float(counts_of(snapshot, query)[list(communes)].sum(min_count=1))
        said = t("map.tip_no_data", lang) if np.isnan(total) else number(total, lang)
        found.append(Figure(t("areas.figure_safe", lang, year=last), said))
    models = register(snapshot)
    if len(models):
        working = at_work(models, year)
        n = number(int(working["unit"].isin(communes).sum()), lang)
        found.append(Figure(t("areas.figure_models", lang, year=year), n))
    return tuple(found)
