"""What changed: two periods as a map, the change of hot spots, and the control chart of a commune."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

import numpy as np
import pandas as pd

from geo.analysis import change
from geo.analysis import hotspots as local
from geo.cartography import symbology
from geo.cartography.sheet import Sheet
from geo.cartography.spec import Style
from geo.errors import InputError
from geo.products.analyses.study import (
    COLD,
    HOT,
    PLAIN,
    Study,
    cells,
    near_words,
    neighbours,
    unit_table,
    with_unknown,
)
from geo.products.situation.counts import counts_of, whole_months
from geo.products.situation.installation import installation
from geo.products.situation.trend import LEARNED, Trend, series_of, trend
from geo.products.situation.usual import Judged, judged
from geo.products.situation.versus import versus
from geo.question import Change
from geo.schema import Against, Query, UnitSystem, month_end, month_start
from geo.store import Snapshot
from geo.text import Lang, day, number, period, signed, t
from geo.views import months, verdict
from geo.views.analysis import Finding, UnitClass, stamps
from geo.views.inputs import rate
from geo.views.wording import changes
from geo.views.wording import versus as versus_word

_FIVE = ("new_hot", "persistent_hot", "former_hot", "cold", "none")
_FIVE_STYLES = (
    Style(fill=HOT[0], pattern="dots", ink="#ffffff"),
    Style(fill=HOT[0]),
    Style(fill=PLAIN.fill, pattern="slant", ink=HOT[0]),
    Style(fill=COLD[1]),
    PLAIN,
)


def earlier_query(study: Study[Change]) -> Query:
    """The period a change is measured from.

    Raises
    ------
    InputError
        If nothing is on record for it.
    """
    before = study.query.previous()
    if days := study.question.earlier:
        before = whole_months(replace(study.query, start=days[0], end=days[1]))
    first = study.snapshot.cube(study.query.measure).first
    if before.start < first:
        said = {"period": period(before.start, before.end, study.lang), "first": day(first, study.lang)}
        raise InputError("change.nothing_before", **said)
    return before


def changed(study: Study[Change]) -> Finding:
    """Change of counts, or of hot spots, against an earlier period."""
    before = earlier_query(study)
    return _hot_spots(study, before) if study.question.change_of == "hot" else _counts(study, before)


def _counts(study: Study[Change], earlier: Query) -> Finding:
    lang = study.lang
    before = counts_of(study.snapshot, earlier).reindex(study.units.index)
    found = judged(study.snapshot, study.query)
    z = found.score.reindex(study.units.index).mask(before.isna() | study.counts.isna())
    known = z.notna()
    # A change of exactly the limit is still usual.
    of_known = (
        (z[known] <= change.STRONG).astype(int) + (z[known] <= change.USUAL) + (z[known] < -change.USUAL)
        + (z[known] < -change.STRONG)
    ).to_numpy(np.int64)  # fmt: skip
    names = ("strong_up", "up", "usual", "down", "strong_down")
    styles = symbology.change_ramp()[::-1]
    pair = tuple(UnitClass(style, t(f"map.class_{name}", lang)) for style, name in zip(styles, names))
    classes, index = with_unknown(study, pair, of_known, known)
    frame = pd.DataFrame({"now": study.counts, "before": before, "change": study.counts - before, "z": z})
    order = z.abs().sort_values(ascending=False, kind="stable", na_position="last").index
    columns = [("now", t("change.column_now", lang), 0), ("before", _earlier_heading(earlier, lang), 0),
               ("change", t("map.column_change", lang), 0), ("z", t("change.column_z", lang), 2)]  # fmt: skip
    chosen = earlier != replace(study.query, against=Against.BEFORE).previous()
    labels = pd.Series(np.nan, frame.index, dtype=object)
    if chosen:
        labels = versus(study.snapshot, study.query, earlier, shown=known).reindex(frame.index)
    words = [verdict(value, lang) for value in z[order]]
    said = [_tip(study, row, label, earlier) for row, label in zip(frame.itertuples(index=False), labels)]
    when = period(earlier.start, earlier.end, lang)
    notes = {code: versus_word(label, lang) for code, label in labels.items() if isinstance(label, str)}
    beside = [(t("map.column_versus", lang, before=when), [notes.get(code, "–") for code in order])] if chosen else []
    return Finding(
        title=t("map.title_versus" if chosen else "map.title_change", lang, before=when, **study.words),
        sentence=_sentence(study, z, found),
        method=t("change.method", lang),
        classes=classes,
        cells=cells(study, index, [(line, *more) for line, more in zip(study.value_lines(), said)]),
        labels=tuple(order),
        legend_title=t("map.legend_change", lang),
        table=unit_table(study, columns, frame.loc[order], words, beside),
    )


def _earlier_heading(earlier: Query, lang: Lang) -> str:
    return t("change.column_before_when", lang, period=period(earlier.start, earlier.end, lang))


def _tip(study: Study[Change], row: object, label: object, earlier: Query) -> tuple[str, ...]:
    """The line on what is usual, and on a chosen earlier period its own."""
    lang = study.lang
    before, difference, z = (float(getattr(row, name)) for name in ("before", "change", "z"))
    if np.isnan(z):
        return ()
    values = {"value": number(before, lang), "change": signed(difference, lang)}
    if not isinstance(label, str):
        against = t(f"map.against_short_{Against.BEFORE}", lang)
        return (t("map.tip_before", lang, against=against, verdict=verdict(z, lang), **values),)
    when = period(earlier.start, earlier.end, lang)
    usual = t("map.tip_usual", lang, verdict=verdict(z, lang))
    return usual, t("map.tip_versus", lang, before=when, verdict=versus_word(label, lang), **values)


def _sentence(study: Study[Change], z: pd.Series, found: Judged) -> str:
    known = z.dropna()
    certain = study.names([code for code in found.certain(list(known.index)) if code in known.index])
    return changes(z, ceil(found.by_chance(list(known.index))), certain, study.lang)


def _hot_spots(study: Study[Change], earlier: Query) -> Finding:
    lang = study.lang
    was = rate(
        counts_of(study.snapshot, earlier).reindex(study.units.index),
        study.units,
        study.query.per,
    )
    known = study.values.notna() & was.notna()
    if known.sum() < 10:
        raise InputError("analysis.empty")
    near = study.question.neighbours
    graph = neighbours(study, near, study.units.index[known])
    found = [local.gi_star_exact(series[known].to_numpy(), graph) for series in (was, study.values)]
    labels = local.change_of(found[0]["label"], found[1]["label"])
    pair = tuple(UnitClass(style, _five_label(name, lang)) for style, name in zip(_FIVE_STYLES, _FIVE))
    classes, index = with_unknown(study, pair, np.array([_FIVE.index(n) for n in labels], np.int64), known)
    frame = pd.DataFrame({"z_now": found[1]["z"].to_numpy(), "z_before": found[0]["z"].to_numpy()}, known.index[known])
    frame = frame.reindex(study.units.index).assign(now=study.values, before=was)
    order = pd.Series(index, study.units.index).sort_values(kind="stable").index
    columns = [("now", t("change.column_now", lang), 0), ("before", t("change.column_before", lang), 0),
               ("z_now", t("change.column_z_now", lang), 2),
               ("z_before", t("change.column_z_before", lang), 2)]  # fmt: skip
    tally = {name: labels.count(name) for name in _FIVE}  # type: ignore[arg-type]
    places = pd.Series(index, study.units.index)
    some = tally["new_hot"] + tally["persistent_hot"] + tally["former_hot"]
    key = "change.hot_some" if some else "change.hot_none"
    return Finding(
        title=t("change.hot_title", lang, before=period(earlier.start, earlier.end, lang), **study.words),
        sentence=t(key, lang, new=tally["new_hot"], stay=tally["persistent_hot"], gone=tally["former_hot"]),
        method=t(
            "change.hot_method",
            lang,
            near=near_words(study, study.question.neighbours),
            per=t(f"map.per_{study.query.per}", lang),
        ),
        classes=classes,
        cells=cells(study, index, [(line, classes[i].label) for line, i in zip(study.value_lines(), index)]),
        labels=tuple(order),
        legend_title=t("change.hot_legend", lang, before=period(earlier.start, earlier.end, lang)),
        table=unit_table(study, columns, frame.loc[order], [classes[i].label for i in places[order]]),
    )


def _five_label(name: str, lang: Lang) -> str:
    return t("analysis.not_different" if name == "none" else f"change.{name}", lang)


@dataclass(frozen=True, eq=False)
class ControlChart:
    """The months of one commune over their expected band, and the same as a table for a file."""

    title: str
    sentence: str
    filters: str
    trend: Trend
    sheet: Sheet


def control_chart(snapshot: Snapshot, code: str, query: Query, lang: Lang) -> ControlChart:
    """Monthly counts of a commune with the band expected from the eight months before each.

    Raises
    ------
    InputError
        If the measure is masked, or the commune is not known.
    """
    if query.measure not in Change.measures:
        raise InputError("analysis.masked")
    units = snapshot.units()
    if code not in units.index:
        raise InputError("change.unit_unknown", code=code)
    end = query.end if query.end == month_end(query.end) else month_start(query.end) - timedelta(days=1)
    own = replace(query, start=min(query.start, end), end=end, units=(code,), system=UnitSystem.CURRENT)
    made = trend(snapshot, own, lang)
    frame = made.frame
    if frame.empty:
        raise InputError("products.no_months", n=LEARNED + 1)
    name = f"{units['kind'][code].capitalize()} {units['name'][code]}"
    title = t("change.chart_title", lang, unit=name, title=months.title(frame, made.label, lang))
    sentence = months.sentence(frame, lang)
    shared = installation(snapshot, lang)
    filters = ", ".join([name, *(t(f"map.kind_{k}", lang).lower() for k in query.kinds)])
    shown = replace(own, start=frame.index[0].date())
    sheet = Sheet(
        title, sentence, shared.marks,
        stamps(months.method(lang), shown, shared, filters), months.table(frame, lang),
        series_of(made, lang), lang,
    )  # fmt: skip
    return ControlChart(title, sentence, filters, made, sheet)
