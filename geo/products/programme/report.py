"""The programme in one month, quarter or year: every indicator against what is usual, and who did not report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from geo import settings
from geo.cartography.spec import Column, Figure, MapSpec, Row, Stamp, Table, with_changes
from geo.errors import InputError
from geo.products.programme.results import INDICATORS
from geo.products.programme.targets import progress, years_with_targets
from geo.products.situation.counts import counts, published
from geo.products.situation.installation import installation
from geo.products.situation.key_figures import figure
from geo.products.situation.maps import situation
from geo.question import Report, Situation, pinned
from geo.question.periods import days_of, latest_over, span_of
from geo.schema import MONTHLY_MEASURES, TARGET_MEASURES, Measure, Query
from geo.store import Snapshot, remembered
from geo.text import Lang, day, fold, measure_within, number, number_or_dash, percent, period, t
from geo.views.wording import suppression

__all__ = [
    "INDICATORS_OF_PERIOD", "Gaps", "Line", "at_period", "gaps", "gaps_said", "lines", "period_name", "report_map",
    "said",
]  # fmt: skip

INDICATORS_OF_PERIOD = tuple(measure for measure in INDICATORS if measure in Report.measures)
"""In the order of the report; dens are work done, a line of their own that is added to nothing."""

_NAMED = 5
_LISTED = 2

_MASKED = Measure.TIP
"""Stands for the measures of the table whose small counts are hidden."""


@dataclass(frozen=True)
class Line:
    """One indicator in a period.

    Attributes
    ----------
    measure : Measure
    label : str
        With its own period, where small counts may be shown for that alone.
    now, before : str
        Why it is not said, where it is not.
    figure : Figure
        The same count as the tiles of other pages have it: change, verdict, tone.
    reported : str
        How many communes did; empty for events, which have no reports.
    target, pace : str
        How much of the year's target is done, and how that stands; empty where there is none.
    """

    measure: Measure
    label: str
    now: str
    before: str
    figure: Figure
    reported: str
    target: str
    pace: str


@dataclass(frozen=True)
class Gaps:
    """Reports of a period that did not come.

    Attributes
    ----------
    units : int
        Communes that should have reported.
    due : int
        Reports that each of them owed.
    silent : int
        Communes that sent none.
    names : tuple of str
        Of the communes that lack reports, those that lack most in front.
    missing : DataFrame[int], index code, one column per measure
        Months without a report, of these communes in this order.
    """

    units: int
    due: int
    silent: int
    names: tuple[str, ...]
    missing: pd.DataFrame


def at_period(snapshot: Snapshot, question: Report) -> Report:
    """The question about the period it names, or the latest of its span that is over.

    Raises
    ------
    InputError
        If the period is not over, or the commune is not known.
    """
    latest = latest_over(question.span, snapshot.today)
    dated = question.dated or latest
    first, last = days_of(dated)
    lang = question.lang
    if last > snapshot.today:
        raise InputError(
            "report.not_over", period=period_name(dated, lang), today=day(snapshot.today, lang),
            latest=period_name(latest, lang),
        )  # fmt: skip
    if question.about and question.about not in snapshot.units().index:
        raise InputError("products.unit_unknown", code=question.about)
    return pinned(question, replace(question.query, start=first, end=last), dated=dated)


def period_name(dated: str, lang: Lang) -> str:
    """What a month, quarter or year is called."""
    span = span_of(dated)
    if span == "month":
        first, last = days_of(dated)
        return (
            t("report.period_month", lang, n=dated[5:], year=dated[:4]) if lang == "vi" else period(first, last, lang)
        )
    return t(f"report.period_{span}", lang, n=dated[-1], year=dated[:4])


def lines(snapshot: Snapshot, question: Report) -> tuple[Line, ...]:
    """Every indicator of the period, for the province or the commune the question is about."""
    asked = at_period(snapshot, question)
    return tuple(_line(snapshot, asked, measure) for measure in INDICATORS_OF_PERIOD)


def _line(snapshot: Snapshot, question: Report, measure: Measure) -> Line:
    lang = question.lang
    query = _of(question, measure)
    shown = published(snapshot, query)
    found = figure(snapshot, query, lang)
    label = t(f"map.measure_{measure}", lang)
    if (shown.start, shown.end) != (query.start, query.end):
        label = f"{label}, {period(shown.start, shown.end, lang)}"
    counted = counts(snapshot, shown)
    before = number_or_dash(counted.total_before, lang)
    if not found.change:  # what this one is held against is not said where this one is not
        before = "–"
    sent = counted.reporting(shown.units)
    reported = t("report.of", lang, n=number(sent[1], lang), of=number(sent[0], lang)) if sent else ""
    return Line(measure, label, found.value, before, found, reported, *_target(snapshot, question, measure))


def _of(question: Report, measure: Measure) -> Query:
    units = (question.about,) if question.about else ()
    return replace(question.query, measure=measure, units=units)


def _target(snapshot: Snapshot, question: Report, measure: Measure) -> tuple[str, str]:
    year = question.query.end.year
    if question.about or measure not in TARGET_MEASURES or year not in years_with_targets(snapshot, measure):
        return "", ""
    found = progress(snapshot, measure, year)
    share = percent(found.share, question.lang) if np.isfinite(found.share) else "–"
    return share, found.said(question.lang)


def gaps(snapshot: Snapshot, question: Report) -> Gaps:
    """Which reports of the period did not come, from whom."""
    asked = at_period(snapshot, question)
    frame = snapshot.units()
    columns, due = {}, 0
    for measure in INDICATORS_OF_PERIOD:
        if measure not in MONTHLY_MEASURES:
            continue
        counted = counts(snapshot, replace(_of(asked, measure), units=()))
        assert counted.reports is not None
        columns[measure] = (counted.months - counted.reports).clip(lower=0)
        due += counted.months
    missing = pd.DataFrame(columns).reindex(frame.index).astype(int)
    if asked.about:
        missing = missing.loc[[asked.about]]
    whole = missing.sum(axis=1)
    order = pd.DataFrame({"n": -whole, "name": frame["name"].reindex(whole.index).map(fold)})[whole > 0]
    codes = list(order.sort_values(["n", "name"], kind="stable").index)
    names = tuple(f"{frame.kind[code]} {frame.name[code]}" for code in codes)
    return Gaps(len(missing), due, int((whole >= due).sum()), names, missing.loc[codes])


def said(snapshot: Snapshot, question: Report) -> str:
    """The sentence that sums the report up: which indicators are beyond what is usual, and who sent nothing."""
    found, lacking, lang = lines(snapshot, question), gaps(snapshot, question), question.lang
    judged = [line for line in found if line.figure.tone != "none"]
    beyond = [line for line in judged if line.figure.tone in ("up", "down")]
    if not judged:
        parts = [t("report.unjudged", lang)]
    elif beyond:
        names = ", ".join(f"{measure_within(line.measure, lang)} ({line.figure.verdict})" for line in beyond)
        parts = [t("report.beyond", lang, n=len(beyond), of=len(judged), names=names)]
    else:
        parts = [t("report.within", lang, of=len(judged))]
    return " ".join([*parts, _silent(lacking, lang, one=bool(question.about))])


def _silent(found: Gaps, lang: Lang, *, one: bool) -> str:
    if one:
        lacking = int(found.missing.to_numpy().sum())
        if found.silent:
            return t("report.commune_silent", lang)
        key = "report.commune_gaps" if lacking else "report.commune_whole"
        return t(key, lang, n=number(lacking, lang), of=number(found.due, lang))
    if not found.silent:
        return t("report.none_silent", lang)
    return t("report.silent", lang, n=number(found.silent, lang), of=number(found.units, lang))


def gaps_said(found: Gaps, lang: Lang) -> str:
    """How many communes lack reports, and which of them most."""
    if found.units == 1:
        of = "; ".join(row.texts[-1] for row in gaps_table(found, lang).rows)
        return " ".join(filter(None, (_silent(found, lang, one=True), of and t("report.lacking_of", lang, of=of))))
    if not found.names:
        return t("report.gaps_none", lang)
    more = len(found.names) - _NAMED
    key = "report.gaps_more" if more > 0 else "report.gaps_names"
    names = t(key, lang, names=", ".join(found.names[:_NAMED]), more=more)
    said_of_silent = t("report.silent", lang, n=number(found.silent, lang), of=number(found.units, lang))
    words = {"n": number(len(found.names), lang), "of": number(found.units, lang), "names": names}
    parts = [t("report.gaps_sentence", lang, **words), said_of_silent if found.silent else ""]
    return " ".join(filter(None, parts))


def report_map(snapshot: Snapshot, question: Report) -> MapSpec:
    """One part of the report: the map of its measure, the table of all indicators, or that of lacking reports.

    Raises
    ------
    InputError
        If the period is not over, the commune is not known, or no report is lacking where those are asked for.
    """
    if question.query.measure not in question.measures:
        raise InputError("report.no_indicator")
    return _report(snapshot, at_period(snapshot, question), settings.load())


@remembered(48)
def _report(snapshot: Snapshot, question: Report, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    lang = question.lang
    drawn = Situation(query=question.query, lang=lang, compare=True, points="never", clusters=False, zones=())
    spec = situation(snapshot, drawn)
    recipe = msgspec.structs.replace(spec.recipe, question=question)
    if question.part == "map":
        return with_changes(spec, recipe=recipe, figures=(figure(snapshot, question.query, lang),))
    changes: dict[str, Any] = {
        "recipe": recipe, "show": "table", "chart": None, "layers": (), "legend": (), "labels": (), "figures": (),
    }  # fmt: skip
    if question.part == "figures":
        where, sentence = _where(snapshot, question), said(snapshot, question)
        title = t("report.title", lang, period=period_name(question.dated, lang), where=where)
        table = _figures_table(lines(snapshot, question), question)
        rule = suppression(_MASKED, installation(snapshot, lang))
        caption = t("map.stamp_suppression", lang)
        stamps = tuple(Stamp(caption, rule) if stamp.caption == caption else stamp for stamp in spec.stamps)
        return with_changes(spec, **changes, title=title, sentence=sentence, table=table, stamps=stamps)
    found = gaps(snapshot, question)
    if not found.names:
        raise InputError("products.nothing_to_show")
    title = t("report.title_gaps", lang, period=period_name(question.dated, lang))
    return with_changes(spec, **changes, title=title, sentence=gaps_said(found, lang), table=gaps_table(found, lang))


def _where(snapshot: Snapshot, question: Report) -> str:
    if not question.about:
        return t("report.province", question.lang)
    unit = snapshot.units().loc[question.about]
    return f"{unit['kind']} {unit['name']}"


def _figures_table(found: Sequence[Line], question: Report) -> Table:
    lang = question.lang
    names = ["indicator", "now", "before", "change"]
    names += [] if question.about else ["reported", "target"]
    year = question.query.end.year
    columns = tuple(Column(name, t(f"report.column_{name}", lang, year=year)) for name in names)
    rows = []
    for line in found:
        aim = ", ".join(filter(None, (line.target, line.pace)))
        moved = ", ".join(filter(None, (line.figure.change, line.figure.verdict)))
        texts = (line.label, line.now, line.before, moved or "–", line.reported or "–", aim or "–")
        rows.append(Row(str(line.measure), texts[: len(names)], (None,) * len(names)))
    return Table(columns, tuple(rows))


def gaps_table(found: Gaps, lang: Lang) -> Table:
    """A row for each commune that lacks reports: how many, and of which indicators."""
    names = ("commune", "missing", "of")
    columns = tuple(Column(name, t(f"report.column_{name}", lang), name == "missing") for name in names)
    rows = []
    for (code, row), name in zip(found.missing.iterrows(), found.names):
        lacking = [measure for measure, n in row.items() if n]
        of = ", ".join(t(f"map.measure_{measure}", lang) for measure in lacking[:_LISTED])
        if more := len(lacking[_LISTED:]):
            of = t("report.of_more", lang, names=of, n=more)
        if len(lacking) == len(row):
            of = t("report.every_indicator", lang)
        n = int(row.sum())
        rows.append(Row(str(code), (name, number(n, lang), of), (None, float(n), None)))
    return Table(columns, tuple(rows))
