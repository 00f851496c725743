"""The words of a map: title, the one sentence, and the lines of its colophon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from geo.analysis import change
from geo.cartography.outlines import clusters_of
from geo.cartography.spec import Stamp
from geo.schema import CURRENT_SINCE, MASKED_MEASURES, RETURN_MEASURES, Measure, Per, Query, UnitSystem
from geo.text import Lang, day, month, noun_of, number, period, signed, t
from geo.views.inputs import Draft, Installation


def tone(z: float) -> str:
    """up, down, usual, or none where there is nothing to compare."""
    if np.isnan(z):
        return "none"
    if abs(z) <= change.USUAL:
        return "usual"
    return "up" if z > 0 else "down"


def verdict(z: float, lang: Lang) -> str:
    """The plain word for a change of `z` standard deviations."""
    return t(f"map.verdict_{tone(z)}", lang)


def versus(label: str, lang: Lang) -> str:
    """The plain word for a label of `analysis.change.verdict`: how one count stands to another."""
    return t(f"map.versus_{label.removeprefix('strongly_')}", lang)


def changes(z: pd.Series, chance: int, certain: str, lang: Lang) -> str:
    """How many communes are not as usual, how many chance alone could make so, and which are certain.

    Parameters
    ----------
    z : Series of float
        The score of each commune, NaN where nothing can be said of it.
    certain : str
        Names, or empty.
    """
    up, down = int((z > change.USUAL).sum()), int((z < -change.USUAL).sum())
    if z.isna().all():
        return t("map.sentence_unknown", lang)
    if not up + down:
        return t("map.sentence_unchanged", lang)
    surest = t("map.sentence_certain", lang, names=certain) if certain else t("map.sentence_uncertain", lang)
    return t("map.sentence_changes", lang, up=up, down=down, chance=number(chance, lang), surest=surest)


def names_of(units: pd.DataFrame, codes: Sequence[str], lang: Lang, *, most: int = 4) -> str:
    """The names of some units, in words; of more than `most` the first, and how many others."""
    shown = codes if len(codes) <= most else codes[: most - 1]
    words = ", ".join(units["name"][code] for code in shown)
    others = len(codes) - len(shown)
    return t("analysis.names_more", lang, names=words, n=others) if others else words


def title(draft: Draft) -> str:
    """A sentence of fact: what, where, when, and on which communes where it is not those of today."""
    words = _title(draft)
    if draft.query.system is UnitSystem.LEGACY:
        return t("map.title_former", draft.lang, title=words, n=number(len(draft.s.units), draft.lang))
    return words


def _title(draft: Draft) -> str:
    lang, query = draft.lang, draft.query
    when = period(query.start, query.end, lang)
    if draft.question.compare:
        lowered = draft.measure[0].lower() + draft.measure[1:]
        key = "map.title_versus" if draft.chose_earlier else "map.title_change"
        return t(key, lang, measure=lowered, period=when, before=draft.before)
    if query.per is Per.COUNT:
        return t("map.title_count", lang, measure=draft.measure, period=when)
    return t("map.title_rate", lang, measure=draft.measure, per=draft.per, period=when)


def sentence(draft: Draft) -> str:
    """The one sentence: how many, how much that changed, and where most."""
    nobody = draft.s.reporting is not None and draft.s.reporting[1] == 0
    unknown = tone(draft.s.z_total) == "none"
    if draft.s.total == 0 and unknown and not nobody and draft.s.reporting is None:
        return t("map.sentence_none", draft.lang)
    if nobody and not draft.s.total > 0:
        return t("map.sentence_unreported", draft.lang, scope=_scope(draft))
    aside = f"{_unattributed(draft)}." if draft.s.unattributed else ""
    waits = f"{t('map.waiting', draft.lang, n=draft.s.waiting)}." if draft.s.waiting else ""
    parts = (f"{_total_sentence(draft)}.", _reporting(draft), waits, _second_sentence(draft), aside, _why_period(draft))
    return " ".join(part for part in parts if part)


def scope_of(query: Query, lang: Lang) -> str:
    """Of where a total is: the province, or so many chosen communes."""
    chosen = len(query.units)
    return t("map.scope_units", lang, n=chosen) if chosen else t("map.scope_province", lang)


def _scope(draft: Draft) -> str:
    return scope_of(draft.query, draft.lang)


def _reporting(draft: Draft) -> str:
    """How many communes the total stands for, where not all of them reported every month."""
    if draft.s.reporting is None:
        return ""
    units, some, every = draft.s.reporting
    if every == units:
        return ""
    if draft.s.months_due == 1 or some == every:
        return t("map.sentence_reporting", draft.lang, n=some, of=units)
    return t("map.sentence_reporting_part", draft.lang, n=some, of=units, part=some - every)


def _why_period(draft: Draft) -> str:
    """Why the period may be another than the one asked for."""
    query = draft.query
    if query.measure in MASKED_MEASURES and (query.start.year, query.start.month) != (query.end.year, query.end.month):
        return t("map.why_published", draft.lang)
    if query.system is UnitSystem.LEGACY and query.end == CURRENT_SINCE - timedelta(days=1):
        return t("map.why_former", draft.lang, day=day(query.end, draft.lang))
    return ""


def _unattributed(draft: Draft) -> str:
    if np.isnan(draft.s.unattributed):
        return t("map.unattributed_hidden", draft.lang, noun=draft.noun(""))
    n = number(draft.s.unattributed, draft.lang)
    return t("map.unattributed", draft.lang, n=n, noun=draft.noun(n))


def _total_sentence(draft: Draft) -> str:
    s, lang = draft.s, draft.lang
    scope = _scope(draft)
    if np.isnan(s.total):
        return t("map.sentence_hidden", lang, scope=scope)
    total = number(s.total, lang)
    values = {"scope": scope, "total": total, "noun": draft.noun(total)}
    if np.isnan(s.total_before):
        known = not np.isnan(s.z_total)
        said = t("map.sentence_total", lang, **values)
        return f"{said}, {_whole_verdict(draft)}" if known else said
    values["change"] = signed(s.total - s.total_before, lang)
    values |= {"against": draft.against, "before": draft.before, "verdict": _whole_verdict(draft)}
    if s.versus_total:
        return t("map.sentence_versus", lang, versus=versus(s.versus_total, lang), **values)
    return t("map.sentence_change", lang, **values)


def _whole_verdict(draft: Draft) -> str:
    s = draft.s
    return whole_verdict(s.z_total, s.odd_months, draft.lang, many=s.many_months)


def whole_verdict(z: float, odd_months: Sequence[date], lang: Lang, *, many: bool) -> str:
    """The verdict on a total, and on its months where the two do not say the same.

    Parameters
    ----------
    z : float
        Score of the total.
    odd_months : sequence of date
        Months of the period that are not usual, each by itself.
    many : bool
        The period has more than one month.
    """
    word = tone(z)
    if word == "none" or not many:
        return verdict(z, lang)
    if not odd_months:
        return verdict(z, lang) if word == "usual" else t(f"map.verdict_total_{word}", lang)
    named = ", ".join(month(day, lang) for day in odd_months[:_NAMED_MONTHS])
    rest = len(odd_months) - _NAMED_MONTHS
    months = t("map.verdict_months_more", lang, months=named, n=rest) if rest > 0 else named
    return t(f"map.verdict_months_{word}", lang, months=months)


_NAMED_MONTHS = 2


def _second_sentence(draft: Draft) -> str:
    if draft.question.compare:
        surest = names_of(draft.s.units, draft.s.certain, draft.lang)
        return changes(draft.s.z[draft.in_scope], draft.s.chance, surest, draft.lang)
    values = draft.values[draft.in_scope]
    top = values[values > 0].sort_values(ascending=False, kind="stable").head(3)
    if top.empty:
        return ""
    digits = 0 if draft.query.per is Per.COUNT else 1
    names = draft.s.units["name"]
    said = [f"{names[code]} ({number(value, draft.lang, digits=digits)})" for code, value in top.items()]
    return t("map.sentence_top", draft.lang, names=", ".join(said))


def filters(draft: Draft) -> str:
    """The filters in words."""
    query, lang = draft.query, draft.lang
    parts = []
    if query.kinds:
        kinds = ", ".join(t(f"map.kind_{k}", lang).lower() for k in query.kinds)
        parts.append(t("map.filter_kinds", lang, kinds=kinds))
    if query.units:
        names = draft.s.units["name"].reindex(query.units).fillna("?").tolist()
        shown = ", ".join(names[:6]) + (f" … ({len(names)})" if len(names) > 6 else "")
        parts.append(t("map.filter_units", lang, units=shown))
    return "; ".join(parts) or t("map.filters_none", lang)


def method(draft: Draft, classes: int) -> str:
    """How the numbers became classes, symbols and outlines."""
    lang, question = draft.lang, draft.question
    if question.compare:
        parts = [t("map.method_change", lang)]
    elif draft.shows_counts:
        parts = [t("map.method_circles", lang)]
    else:
        parts = [t(f"map.method_{question.scheme}", lang, k=classes)]
    if draft.query.per is Per.PEOPLE and draft.installation.population_year:
        parts.append(t("map.method_people", lang, year=draft.installation.population_year))
    if question.clusters and draft.s.clusters:
        found = draft.s.clusters
        noun = noun_of(Measure.CASE, found.min_points, lang)
        words = {"of": clusters_of(Measure.CASE, lang), "n": found.min_points, "noun": noun}
        parts.append(t("map.method_clusters", lang, eps=number(found.eps_m, lang), **words))
    return "; ".join(parts)


def suppression(measure: Measure, installation: Installation) -> str:
    """What is hidden of a measure, for the colophon."""
    masked = measure in MASKED_MEASURES
    rule = "people" if measure in RETURN_MEASURES else "rule" if masked else "none"
    return t(f"map.suppression_{rule}", installation.lang, top=installation.min_count - 1)


def stamps(draft: Draft, classes: int) -> tuple[Stamp, ...]:
    """The colophon in reading order."""
    lang, installation, s = draft.lang, draft.installation, draft.s
    source = "map.source_demo" if installation.demo else "map.source_line"
    lines = {
        "period": period(draft.query.start, draft.query.end, lang),
        "data": day(installation.data_date, lang),
        "filters": filters(draft),
        "method": method(draft, classes),
        "suppression": suppression(draft.query.measure, installation),
        "boundary": installation.boundary.attribution,
        "source": t(source, lang, organisation=installation.organisation),
    }
    if s.unattributed:
        lines["unattributed"] = _unattributed(draft)
    return tuple(Stamp(t(f"map.stamp_{name}", lang), text) for name, text in lines.items())
