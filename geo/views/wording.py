"""The words of a map: title, the one sentence, and the lines of its colophon."""

from __future__ import annotations

import numpy as np

from geo.analysis import change
from geo.cartography.spec import Stamp
from geo.schema import MASKED_MEASURES, Measure, Per
from geo.text import Lang, day, month, noun_of, number, period, signed, t
from geo.views.inputs import Draft


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


def title(draft: Draft) -> str:
    """A sentence of fact: what, where, when."""
    lang, query = draft.lang, draft.query
    when = period(query.start, query.end, lang)
    if draft.question.compare:
        lowered = draft.measure[0].lower() + draft.measure[1:]
        return t("map.title_change", lang, measure=lowered, period=when, before=draft.before)
    if query.per is Per.COUNT:
        return t("map.title_count", lang, measure=draft.measure, period=when)
    return t("map.title_rate", lang, measure=draft.measure, per=draft.per, period=when)


def sentence(draft: Draft) -> str:
    """The one sentence: how many, how much that changed, and where most."""
    if draft.s.total == 0:
        return t("map.sentence_none", draft.lang)
    aside = draft.s.unattributed
    third = f"{_unattributed(draft)}." if aside else ""
    return " ".join(part for part in (f"{_total_sentence(draft)}.", _second_sentence(draft), third) if part)


def _unattributed(draft: Draft) -> str:
    n = number(draft.s.unattributed, draft.lang)
    return t("map.unattributed", draft.lang, n=n, noun=draft.noun(n))


def _total_sentence(draft: Draft) -> str:
    s, lang = draft.s, draft.lang
    chosen = len(draft.query.units)
    scope = t("map.scope_units", lang, n=chosen) if chosen else t("map.scope_province", lang)
    if np.isnan(s.total):
        return t("map.sentence_hidden", lang, scope=scope)
    total = number(s.total, lang)
    values = {"scope": scope, "total": total, "noun": draft.noun(total)}
    if np.isnan(s.total_before):
        return t("map.sentence_total", lang, **values)
    values["change"] = signed(s.total - s.total_before, lang)
    values |= {"against": draft.against, "before": draft.before, "verdict": _whole_verdict(draft)}
    return t("map.sentence_change", lang, **values)


def _whole_verdict(draft: Draft) -> str:
    """The verdict on the total, and on its months where the two do not say the same."""
    s, lang = draft.s, draft.lang
    word = tone(s.z_total)
    if word == "none" or not s.many_months:
        return verdict(s.z_total, lang)
    if not s.odd_months:
        return verdict(s.z_total, lang) if word == "usual" else t(f"map.verdict_total_{word}", lang)
    named = ", ".join(month(day, lang) for day in s.odd_months[:_NAMED_MONTHS])
    rest = len(s.odd_months) - _NAMED_MONTHS
    months = t("map.verdict_months_more", lang, months=named, n=rest) if rest > 0 else named
    return t(f"map.verdict_months_{word}", lang, months=months)


_NAMED_MONTHS = 2


def _second_sentence(draft: Draft) -> str:
    if draft.question.compare:
        z = draft.s.z.to_numpy()[draft.in_scope]
        up, down = int((z > change.USUAL).sum()), int((z < -change.USUAL).sum())
        if not up + down:
            return t("map.sentence_unchanged", draft.lang)
        return t("map.sentence_changes", draft.lang, up=up, down=down, chance=number(draft.s.chance, draft.lang))
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
        parts.append(t("map.method_clusters", lang, eps=number(found.eps_m, lang), n=found.min_points, noun=noun))
    return "; ".join(parts)


def stamps(draft: Draft, classes: int) -> tuple[Stamp, ...]:
    """The colophon in reading order."""
    lang, installation, s = draft.lang, draft.installation, draft.s
    rule = "map.suppression_rule" if draft.query.measure in MASKED_MEASURES else "map.suppression_none"
    source = "map.source_demo" if installation.demo else "map.source_line"
    lines = {
        "period": period(draft.query.start, draft.query.end, lang),
        "data": day(installation.data_date, lang),
        "filters": filters(draft),
        "method": method(draft, classes),
        "suppression": t(rule, lang, top=installation.min_count - 1),
        "boundary": installation.boundary.attribution,
        "source": t(source, lang, organisation=installation.organisation),
    }
    if s.unattributed:
        lines["unattributed"] = _unattributed(draft)
    return tuple(Stamp(t(f"map.stamp_{name}", lang), text) for name, text in lines.items())
