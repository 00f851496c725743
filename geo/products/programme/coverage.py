"""How far outreach reached: sessions and attendances for a thousand people, and how long ago the last session was.

What was not reported is not "none": a commune without a report in the period is told apart from one that reported zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography import legend, symbology
from geo.cartography.classify import classify
from geo.cartography.spec import MapSpec, Style
from geo.errors import InputError
from geo.products.analyses.study import cells, unit_table, with_unknown
from geo.products.programme.areas import PEOPLE, area_table, areas_of
from geo.products.programme.outreach import Outreach
from geo.products.programme.session_parts import chart_of_parts
from geo.products.situation.counts import whole_months
from geo.products.situation.installation import installation
from geo.products.situation.zones import zone_layers
from geo.question import Coverage, pinned
from geo.schema import ZoneKind, add_months, month_start, months_between
from geo.store import Snapshot, remembered
from geo.text import Lang, month, number, t
from geo.views.analysis import Finding, UnitClass, finding_map

__all__ = ["Reach", "coverage", "reach_of"]

_LAST = (0, 2, 5, 11)
"""Months since the last session up to which each class goes; beyond is the last class."""

_NEVER = Style(fill="#fbe3d0", pattern="slant", ink="#b8420a")
"""Where nobody was reached: what the map is for."""

_AGO = ("#d6e8e4", "#fdf3e3", "#fbd9a8", "#f2ae6c", "#d9772f")


@dataclass(frozen=True, eq=False)
class Reach:
    """What is known of each commune.

    Attributes
    ----------
    counted : Series of float, index code
        In the period; NaN where nothing was reported.
    rate : Series of float
        For a thousand people, in the months that were reported; NaN without people on record.
    last : list of date or None
        First day of the latest month, up to the end of the period, with more than none.
    ago : Series of float
        Months from it to the end of the period; NaN where there never was one on record.
    silent : Series of int
        Months at the end of the period, one after the other, without a report.
    """

    counted: pd.Series
    rate: pd.Series
    last: list[date | None]
    ago: pd.Series
    silent: pd.Series


def coverage(snapshot: Snapshot, question: Coverage) -> MapSpec:
    """The map of how far outreach reached.

    Raises
    ------
    InputError
        If the measure is none of outreach, or nothing of it was reported.
    """
    if question.query.measure not in question.measures:
        raise InputError("programme.not_outreach")
    return _coverage(snapshot, pinned(question, whole_months(question.reading)), settings.load())


@remembered(48)
def _coverage(snapshot: Snapshot, question: Coverage, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    study = Outreach(snapshot, question)
    reach = reach_of(study)
    if reach.counted.isna().all() and reach.ago.isna().all():
        raise InputError("programme.nothing_of_part" if study.about else "programme.nothing_reported")
    found = _since(study, reach) if question.reach == "since" else _rates(study, reach)
    if question.over == "areas":
        found = _over_areas(study, reach, found)
    if study.about:
        found = replace(found, method=f"{found.method}. {t('programme.method_part', study.lang)}")
    found = replace(found, chart=chart_of_parts(study))
    return finding_map(found, question, installation(snapshot, question.lang))


def _over_areas(study: Outreach, reach: Reach, found: Finding) -> Finding:
    """The same map with the priority areas on it, and a table of them."""
    lang = study.lang
    layers = zone_layers(study.snapshot, tuple(ZoneKind), lang)
    if not layers:
        raise InputError("programme.no_areas")
    areas = areas_of(study, dict(zip(reach.ago.index, reach.last)), dict(reach.ago), _end(study))
    late = [one for one in areas if not one.ago <= _LAST[1]]
    named = "; ".join(one.name for one in late[:4])
    if len(late) > 4:
        named += t("programme.areas_more", lang, n=number(len(late) - 4, lang))
    own, months = sum(one.own for one in areas), _LAST[1] + 1
    key = f"programme.areas_{'late' if late else 'all'}{'_own' if own else ''}"
    said = [
        t(key, lang, n=number(len(late) or len(areas), lang), of=number(len(areas), lang), months=months,
          noun=study.noun(0), names=named)
    ]  # fmt: skip
    if own:
        said.append(t("programme.areas_whose", lang, n=number(own, lang), rest=number(len(areas) - own, lang)))
    return replace(
        found,
        title=t(
            "programme.areas_title", lang, measure=study.with_part(study.words["measure"]), period=study.words["period"]
        ),
        sentence=" ".join(said),
        method=f"{found.method}. {t('programme.method_areas', lang)}",
        overlays=layers,
        overlay_legend=(legend.zone_group(list(layers), lang),),
        table=area_table(study, areas),
    )


def reach_of(study: Outreach) -> Reach:
    """What is known of each commune in the period, and of the time before it."""
    snapshot, query, cube = study.snapshot, study.query, study.cube
    people = study.exposure.where(study.exposure.gt(0))
    rate = study.counts / people * PEOPLE
    end = min(month_start(query.end), month_start(snapshot.today))
    months = [add_months(cube.first, n) for n in range(months_between(cube.first, end))]
    edges = [*months, add_months(end, 1)]
    held = cube.between(edges)[:, :-1] > 0 if months else np.zeros((0, len(cube.units)), bool)
    sent = cube.reported_between(edges) if months else held
    latest = [_latest(column) for column in held.T]
    silent = [len(months) - 1 - n if (n := _latest(column)) is not None else len(months) for column in sent.T]
    index = pd.Index(cube.units, name="code")
    ago = [np.nan if n is None else len(months) - 1 - n for n in latest]
    return Reach(
        study.counts,
        rate,
        [None if n is None else months[n] for n in latest],
        pd.Series(ago, index, dtype=float),
        pd.Series(silent, index, dtype=int),
    )


def _latest(flags: np.ndarray) -> int | None:
    """Place of the last one that is true."""
    found = np.flatnonzero(flags)
    return int(found[-1]) if len(found) else None


def _rates(study: Outreach, reach: Reach) -> Finding:
    lang, query = study.lang, study.query
    known = reach.counted.notna() & (reach.rate.notna() | (reach.counted == 0))
    if not reach.rate.notna().any():
        raise InputError("analysis.no_people")
    some = known & (reach.counted > 0)
    classes = classify(reach.rate[some], k=5)
    styles = symbology.ramp(query.measure, len(classes.upper))
    words = legend.class_labels(classes, lang, digits=legend.digits_for(classes))
    shown = [UnitClass(style, word) for style, word in zip(styles, words)][::-1]
    index = np.full(len(reach.counted), len(shown), np.int64)
    index[some.to_numpy(bool)] = len(shown) - 1 - classes.index
    none = (reach.counted == 0).to_numpy(bool)
    if none.any():
        shown.append(UnitClass(_NEVER, t("programme.class_none", lang, noun=study.noun(0))))
    every, index = with_unknown(study, tuple(shown), index[known.to_numpy(bool)], known)
    people = study.exposure[reach.counted.notna()].sum()
    overall = reach.counted.sum() / people * PEOPLE if people > 0 else np.nan
    order = reach.rate.where(reach.counted > 0, 0).where(known).sort_values(kind="stable", na_position="last").index
    silent = [code for code in reach.counted.index if np.isnan(reach.counted[code])]
    return _finding(
        study, reach, every, index, list(order),
        title=t("programme.coverage_title", lang, measure=study.with_part(study.words["measure"]),
                period=study.words["period"]),
        sentence=" ".join(filter(None, [
            t("programme.coverage_rate", lang, rate=number(overall, lang, digits=1), noun=study.noun(2),
              names=study.names([c for c in order if known[c]][:3])),
            _missed(study, [c for c in order if reach.counted[c] == 0], "programme.coverage_none"),
            _missed(study, silent, "programme.coverage_untold" if study.about else "programme.coverage_silent"),
        ])),
        legend_title=t("programme.legend_rate", lang, measure=t(f"map.measure_{query.measure}", lang)),
        method=t("programme.method_rate", lang),
    )  # fmt: skip


def _since(study: Outreach, reach: Reach) -> Finding:
    lang = study.lang
    ago = reach.ago.reindex(study.units.index)
    bounds = [*_LAST, np.inf]
    place = np.array([len(bounds) if np.isnan(v) else int(np.searchsorted(bounds, v)) for v in ago], np.int64)
    ever = reach.silent.reindex(study.units.index) < _all_months(study)
    lower = [0, *(last + 1 for last in _LAST)]
    words = [_ago_words(low, high, lang) for low, high in zip(lower, bounds)]
    classes = [UnitClass(Style(fill=fill), word) for fill, word in zip(_AGO, words)]
    classes.append(UnitClass(_NEVER, t("programme.class_never", lang, noun=study.noun(0))))
    every, index = with_unknown(study, tuple(classes[::-1]), (len(classes) - 1 - place)[ever.to_numpy(bool)], ever)
    order = ago.fillna(np.inf).where(ever).sort_values(ascending=False, kind="stable", na_position="last").index
    late = [code for code in order if ever[code] and not ago[code] <= _LAST[1]]
    silent = [code for code in order if not ever[code]]
    every_one = "programme.since_all_reported" if silent else "programme.since_all"
    untold = "programme.coverage_untold" if study.about else "programme.coverage_silent_ever"
    sentence = (
        t("programme.since_late", lang, n=number(len(late), lang), months=_LAST[1] + 1, noun=study.noun(0),
          names=study.names(late))
        if late else t(every_one, lang, months=_LAST[1] + 1, noun=study.noun(0))
    )  # fmt: skip
    return _finding(
        study, reach, every, index, list(order),
        title=t("programme.since_title", lang, measure=study.with_part(t(f"map.measure_{study.query.measure}", lang)),
                month=month(_end(study), lang)),
        sentence=" ".join(filter(None, [sentence, _missed(study, silent, untold)])),
        legend_title=t("programme.legend_since", lang, noun=study.noun(0)),
        method=t("programme.method_since", lang),
    )  # fmt: skip


def _finding(
    study: Outreach,
    reach: Reach,
    classes: tuple[UnitClass, ...],
    index: np.ndarray,
    order: list[str],
    **words: Any,
) -> Finding:
    lang = study.lang
    last = pd.Series(reach.last, reach.ago.index, dtype=object).reindex(study.units.index)
    frame = pd.DataFrame({"value": reach.counted, "rate": reach.rate, "ago": reach.ago.reindex(study.units.index)})
    columns = [
        ("value", t("analysis.column_value", lang), 0),
        ("rate", t("programme.column_rate", lang), 1),
        ("ago", t("programme.column_ago", lang), 0),
    ]
    months = [month(last[code], lang) if last[code] else "–" for code in order]
    labels = [classes[i].label for i in pd.Series(index, study.units.index)[order]]
    return Finding(
        classes=classes,
        cells=cells(study, index, _lines(study, reach, last)),
        labels=tuple(order),
        table=unit_table(study, columns, frame.loc[order], labels, [(t("programme.column_last", lang), months)]),
        **words,
    )


def _lines(study: Outreach, reach: Reach, last: pd.Series) -> list[tuple[str, ...]]:
    """What the tooltip of each commune says."""
    lang, found = study.lang, []
    reports, due = study.reports
    for code, said in zip(study.units.index, study.value_lines()):
        lines = [said]
        if not np.isnan(reach.rate[code]):
            lines.append(t("programme.tip_rate", lang, rate=number(reach.rate[code], lang, digits=1)))
        if reports is not None and 0 < reports[code] < due:
            lines.append(t("programme.tip_reports", lang, n=number(reports[code], lang), of=number(due, lang)))
        if last[code]:
            lines.append(t("programme.tip_last", lang, month=month(last[code], lang)))
        if silent := int(reach.silent.get(code, 0)):
            lines.append(t("programme.tip_silent", lang, n=number(silent, lang)))
        found.append(tuple(lines))
    return found


def _missed(study: Outreach, codes: list[str], key: str) -> str:
    if not codes:
        return ""
    return t(key, study.lang, n=number(len(codes), study.lang), noun=study.noun(0), names=study.names(codes))


def _ago_words(low: float, high: float, lang: Lang) -> str:
    if high == 0:
        return t("programme.ago_this", lang)
    if np.isinf(high):
        return t("programme.ago_more", lang, n=number(low, lang))
    return t("programme.ago_between", lang, low=number(low, lang), high=number(high, lang))


def _end(study: Outreach) -> date:
    return min(month_start(study.query.end), month_start(study.snapshot.today))


def _all_months(study: Outreach) -> int:
    return months_between(study.cube.first, _end(study))
