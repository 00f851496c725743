"""Priority areas on one map, with a table of them: what was recorded inside, and how that stands to what is usual.

The table ranks areas by how much they changed, never by people. Ethnic-minority and religious areas stand in it with
programme figures alone; for any other measure they are left out of it, so that nothing else in it depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography import legend
from geo.cartography.spec import Column, MapSpec, Row, Table
from geo.errors import InputError
from geo.products.analyses.study import PLAIN, Study, cells
from geo.products.programme.areas import communes_of
from geo.products.programme.session_parts import named_areas
from geo.products.situation.area_counts import area_counts, area_verdicts, counted_areas
from geo.products.situation.counts import counts_of, whole_months
from geo.products.situation.installation import installation
from geo.products.situation.zones import zone_layers
from geo.question import Areas, pinned
from geo.schema import EVENT_MEASURES, SESSION_MEASURES, ZoneKind
from geo.store import Snapshot, remembered
from geo.text import Lang, day, number, signed, t
from geo.views import verdict
from geo.views.analysis import Finding, UnitClass, finding_map
from geo.views.wording import names_of

__all__ = ["AreaFigures", "area_figures", "area_map", "lasts"]


@dataclass(frozen=True, eq=False)
class AreaFigures:
    """What is known of the areas of a query, in order of change.

    Attributes
    ----------
    now, before : Series of float, index key
        Events inside, or of a measure of the programme the sum of the area's communes; NaN where nothing was reported.
    score : Series of float
        How rare the count is, NaN where that is not judged.
    certain : tuple of str
        Keys of those that stay unusual when all of them are allowed for.
    """

    now: pd.Series
    before: pd.Series
    score: pd.Series
    certain: tuple[str, ...]


def area_map(snapshot: Snapshot, question: Areas) -> MapSpec:
    """The map of the priority areas in force.

    Raises
    ------
    InputError
        If the measure is not for areas: of tip-offs there are counts by commune alone.
    """
    if question.query.measure not in question.measures:
        raise InputError("areas.no_measure")
    return _area_map(snapshot, pinned(question, whole_months(question.reading)), settings.load())


@remembered(24)
def _area_map(snapshot: Snapshot, question: Areas, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    study = Study(snapshot, question)
    lang = question.lang
    kinds = question.area_kinds or tuple(ZoneKind)
    layers = zone_layers(snapshot, kinds, lang)
    figures = area_figures(snapshot, question)
    index = np.zeros(len(study.units), np.int64)
    found = Finding(
        title=t("areas.title", lang, n=number(sum(len(layer.zones) for layer in layers), lang)),
        sentence=_sentence(study, figures),
        method=t("areas.method_inside" if _inside(question) else "areas.method_communes", lang),
        classes=(UnitClass(PLAIN, ""),),
        cells=cells(study, index, [()] * len(index)),
        labels=tuple(study.units.sort_values("area_km2", ascending=False).index),
        legend_title="",
        overlays=layers,
        overlay_legend=(legend.zone_group(list(layers), lang),) if layers else (),
        table=_table(study, figures, kinds),
    )
    return finding_map(found, question, installation(snapshot, lang))


def _inside(question: Areas) -> bool:
    return question.query.measure in EVENT_MEASURES


@remembered(24)
def area_figures(snapshot: Snapshot, question: Areas) -> AreaFigures:
    """Counts and verdicts of the areas in force, those that changed most first."""
    query = question.query
    if _inside(question) and counted_areas(snapshot).empty:
        nothing = pd.Series(np.zeros(0), pd.Index([], name="key", dtype=object))
        return AreaFigures(nothing, nothing, nothing, ())
    if _inside(question):
        found = area_verdicts(snapshot, query)
        now, before = (area_counts(snapshot, one).astype(float) for one in (query, query.previous()))
        order = found.score.abs().sort_values(ascending=False, kind="stable", na_position="last").index
        certain = found.certain(list(found.score.index))
        return AreaFigures(now[order], before[order], found.score[order], certain)
    keys = pd.Index(snapshot.zones["key"], name="key")
    now, before = (_of_communes(snapshot, counts_of(snapshot, one), keys) for one in (query, query.previous()))
    rise = (now - before) / np.sqrt(np.maximum(now + before, 1.0))
    order = rise.abs().sort_values(ascending=False, kind="stable", na_position="last").index
    return AreaFigures(now[order], before[order], pd.Series(np.nan, order), ())


def _of_communes(snapshot: Snapshot, counted: pd.Series, keys: pd.Index) -> pd.Series:
    """The sum of each area's communes; NaN where none of them reported."""
    return pd.Series([counted[list(codes)].sum(min_count=1) for codes in communes_of(snapshot)], keys, dtype=float)


def _sentence(study: Study[Areas], figures: AreaFigures) -> str:
    """How many areas there are, and which changed for certain."""
    lang, zones = study.lang, study.snapshot.zones.set_index("key")
    if not _inside(study.question):
        said = t("areas.sentence_communes", lang, **study.words)
        own = _own(study)
        return f"{said} {t('areas.sentence_own', lang, n=number(len(own), lang))}" if own else said
    if figures.now.empty:
        return t("areas.sentence_none", lang)
    asked = len(counted_areas(study.snapshot))
    names = "; ".join(zones["name"][key] for key in figures.certain[:4])
    key = "areas.sentence_certain" if figures.certain else "areas.sentence_usual"
    return t(key, lang, n=number(len(figures.certain), lang), of=number(asked, lang), names=names, **study.words)


def _table(study: Study[Areas], figures: AreaFigures, kinds: tuple[ZoneKind, ...]) -> Table:
    lang, snapshot = study.lang, study.snapshot
    zones = snapshot.zones.set_index("key")
    communes = dict(zip(snapshot.zones["key"], communes_of(snapshot)))
    inside = _inside(study.question)
    own = _own(study)
    columns = (
        Column("name", t("programme.column_area", lang)),
        Column("kind", t("programme.column_kind", lang)),
        Column("value", t("areas.column_inside" if inside else "programme.column_of_communes", lang), True, 0),
        Column("before", t("areas.column_before", lang), True, 0),
        Column("change", t("areas.column_change", lang), True, 0),
        *((Column("verdict", t("areas.column_verdict", lang)),) if inside else ()),
        *((Column("own", t("areas.column_own", lang), True, 0),) if own else ()),
        Column("communes", t("programme.column_communes", lang)),
        Column("holds", t("areas.column_holds", lang)),
    )
    rows = []
    for key in figures.now.index:
        zone = zones.loc[key]
        if ZoneKind(zone["kind"]) not in kinds:
            continue
        values = (figures.now[key], figures.before[key], figures.now[key] - figures.before[key])
        said = [_said(value, lang, sign=n == 2) for n, value in enumerate(values)]
        word = (verdict(figures.score[key], lang),) if inside else ()
        named = (own.get(key, np.nan),) if own else ()
        said += [*word, *(_said(value, lang, sign=False) for value in named)]
        names = names_of(study.units, list(communes[key]), lang, most=len(communes[key]) or 1)
        texts = (zone["name"], t(f"map.zone_{zone['kind']}", lang), *said, names, lasts(zone, lang))
        numbers, at_area = ([None if np.isnan(v) else float(v) for v in some] for some in (values, named))
        rows.append(Row("", texts, (None, None, *numbers, *(None for _ in word), *at_area, None, None)))
    return Table(columns, tuple(rows))


def _own(study: Study[Areas]) -> dict[str, float]:
    """Sessions, or attendances, at areas by their keys, of those whose communes' reports name areas."""
    snapshot, query = study.snapshot, study.query
    if query.measure not in SESSION_MEASURES:
        return {}
    named = named_areas(snapshot, query.measure)
    lying = zip(snapshot.zones["key"], communes_of(snapshot))
    return {key: own[0] for key, communes in lying if (own := named.of(key, communes, query))}


def _said(value: float, lang: Lang, *, sign: bool) -> str:
    if np.isnan(value):
        return "–"
    return signed(value, lang) if sign else number(value, lang)


def lasts(zone: pd.Series, lang: Lang) -> str:
    """From when to when an area holds, in words."""
    since, until = (value if isinstance(value, date) else None for value in (zone["since"], zone["until"]))
    if since and until:
        return t("areas.holds_between", lang, since=day(since, lang), until=day(until, lang))
    if since:
        return t("areas.holds_from", lang, day=day(since, lang))
    if until:
        return t("areas.holds_to", lang, day=day(until, lang))
    return t("areas.holds_unsaid", lang)
