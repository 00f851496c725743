"""Targets of the second term: how far each is reached, what the year comes to at the present pace, and what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography.spec import Figure, MapSpec, Series, Style, Table
from geo.errors import InputError
from geo.products.analyses.study import Study, cells, unit_table
from geo.products.programme.by_year import NOT_REPORTED, at_year, year_chart
from geo.products.programme.pace import Pace, pace_of
from geo.products.situation.installation import installation
from geo.question import Targets
from geo.schema import TARGET_YEARS, Measure, add_months, months_between
from geo.store import Snapshot, remembered
from geo.text import Lang, number, number_or_dash, percent, t
from geo.views.analysis import Finding, UnitClass, finding_map

__all__ = ["Progress", "progress", "targets_map", "term", "years_with_targets"]

_HISTORY = 60
"""Months that the range is learned from."""

_CLASSES = ("reached", "on_pace", "in_doubt", "short")
_FILLS = ("#0b5d57", "#7fb8ac", "#f7d9a6", "#d9772f")
_PLAIN = Style(fill="#ece8df", pattern="slant", ink="#c3bdb1")


@dataclass(frozen=True)
class Progress:
    """The province in one year of the term.

    Attributes
    ----------
    year : int
    target : float
        NaN where none is set.
    done : float
        In the months that were reported; NaN where none was.
    plan : float
        What an even year would have come to by now.
    expected, low, high : float
        At the end of the year, at the present pace; of a year that is over what was done.
    share : float
        Of the target that is done.
    verdict : {"reached", "on_pace", "in_doubt", "short", "missed", "none", "silent", "ahead"}
        Reached; at the present pace it will be, may be, or will not be reached; the year ended without; no target set;
        nothing reported; the year has not begun.
    """

    year: int
    target: float
    done: float
    plan: float
    expected: float
    low: float
    high: float
    share: float
    verdict: str

    def said(self, lang: Lang) -> str:
        """The verdict in words."""
        return t(f"programme.pace_{self.verdict}", lang)


def years_with_targets(snapshot: Snapshot, measure: Measure) -> list[int]:
    """Years of which a target of the measure is set, that have begun."""
    rows = snapshot.targets
    years = rows.loc[rows["measure"] == measure.value, "year"].unique()
    return sorted(int(year) for year in years if year <= snapshot.today.year)


@remembered(64)
def progress(snapshot: Snapshot, measure: Measure, year: int) -> Progress:
    """Where the province stands with a measure in a year."""
    found = _pace(snapshot, measure, year)
    at = len(found.target) - 1
    values = (found.target, found.done, found.plan, found.expected, found.low, found.high)
    target, done, plan, expected, low, high = (float(v[at]) for v in values)
    share = done / target if target > 0 else np.nan
    verdict = _verdicts(found, _over(snapshot, year))[at]
    return Progress(year, target, done, plan, expected, low, high, share, verdict)


def term(snapshot: Snapshot, measure: Measure) -> list[Progress]:
    """Every year of the second term, whether or not it has begun."""
    return [progress(snapshot, measure, year) for year in TARGET_YEARS]


def _over(snapshot: Snapshot, year: int) -> int:
    """Months of a year that are over on the day of the newest record."""
    return max(0, min(12, months_between(date(year, 1, 1), snapshot.today)))


@remembered(64)
def _pace(snapshot: Snapshot, measure: Measure, year: int) -> Pace:
    """Of each present commune, and of the province in the last place."""
    cube = snapshot.cube(measure)
    over = _over(snapshot, year)
    end = add_months(date(year, 1, 1), over)
    count = max(_HISTORY, over, 12)
    edges = [add_months(end, n - count) for n in range(count + 1)]
    months = cube.between(edges).astype(float)
    sent = cube.reported_between(edges)
    units = np.where(sent, months[:, :-1], np.nan)
    province = np.where(sent.any(axis=1) | (months[:, -1] > 0), months.sum(axis=1), np.nan)
    rows = snapshot.targets
    rows = rows[(rows["measure"] == measure.value) & (rows["year"] == year)].set_index("unit_code")["value"]
    target = rows.reindex([*cube.units, ""]).to_numpy(float)
    return pace_of(np.column_stack([units, province]).T, target, over=over)


def _verdicts(pace: Pace, over: int) -> list[str]:
    """What each series' year is called."""
    found = []
    for target, done, expected, high in zip(pace.target, pace.done, pace.expected, pace.high):
        if np.isnan(target):
            found.append("none")
        elif over == 0:
            found.append("ahead")
        elif np.isnan(done):
            found.append("silent")
        elif done >= target:
            found.append("reached")
        elif over == 12:
            found.append("missed")
        else:
            found.append("on_pace" if expected >= target else "in_doubt" if high >= target else "short")
    return found


def targets_map(snapshot: Snapshot, question: Targets) -> MapSpec:
    """The map of how far each commune's target of a year is reached.

    Raises
    ------
    InputError
        If the measure has no targets, none is set, or the year has not begun.
    """
    measure = question.query.measure
    if measure not in question.measures:
        raise InputError("programme.no_targets_of")
    asked = at_year(question, years_with_targets(snapshot, measure))
    if int(asked.year) not in years_with_targets(snapshot, measure):
        raise InputError("programme.no_target_year", year=asked.year)
    return _targets(snapshot, asked, settings.load())


@remembered(48)
def _targets(snapshot: Snapshot, question: Targets, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    study = Study(snapshot, question)
    lang, measure, year = study.lang, study.query.measure, int(question.year)
    pace, over = _pace(snapshot, measure, year), _over(snapshot, year)
    verdicts = _verdicts(pace, over)[:-1]
    whole = progress(snapshot, measure, year)
    classes, index = _classes(verdicts, over, lang)
    owing = pd.Series(pace.owed[:-1], study.units.index).where(np.array(verdicts) != "reached", 0.0)
    order = list(owing.sort_values(ascending=False, kind="stable", na_position="last").index)
    found = Finding(
        title=t("programme.targets_title", lang, measure=t(f"map.measure_{measure}", lang), year=year),
        sentence=_sentence(study, whole, verdicts, order, over),
        method=t("programme.method_targets", lang),
        classes=classes,
        cells=cells(study, index, _lines(study, pace, verdicts, over)),
        labels=tuple(code for code in order if owing[code] > 0),
        legend_title=t("programme.legend_targets", lang, year=year),
        table=_table(study, pace, order, [classes[i].label for i in pd.Series(index, study.units.index)[order]]),
        figures=_figures(study, whole, verdicts, over),
        chart=_chart(snapshot, measure, year, lang),
    )
    return finding_map(found, question, installation(snapshot, lang))


def _classes(verdicts: list[str], over: int, lang: Lang) -> tuple[tuple[UnitClass, ...], np.ndarray]:
    ended = over == 12
    names = ["reached", "missed"] if ended else list(_CLASSES)
    fills = [_FILLS[0], _FILLS[-1]] if ended else list(_FILLS)
    shown = [UnitClass(Style(fill=fill), t(f"programme.pace_{name}", lang)) for name, fill in zip(names, fills)]
    for name, style in (("silent", NOT_REPORTED), ("none", _PLAIN)):
        if name in verdicts:
            names.append(name)
            shown.append(UnitClass(style, t(f"programme.pace_{name}", lang)))
    return tuple(shown), np.array([names.index(verdict) for verdict in verdicts], np.int64)


def _sentence(study: Study[Targets], whole: Progress, verdicts: list[str], order: list[str], over: int) -> str:
    lang, noun = study.lang, study.noun(2)
    said = []
    if whole.verdict == "none":
        said.append(t("programme.targets_province_none", lang))
    elif whole.verdict == "silent":
        said.append(t("programme.targets_province_silent", lang))
    else:
        words = {
            "done": number(whole.done, lang), "target": number(whole.target, lang), "noun": noun,
            "share": percent(whole.share, lang), "plan": number(whole.plan, lang),
            "expected": number(whole.expected, lang), "low": number(whole.low, lang), "high": number(whole.high, lang),
        }  # fmt: skip
        said.append(t(f"programme.targets_province{'_over' if over == 12 else ''}", lang, **words))
    by_code = dict(zip(study.units.index, verdicts))
    late = [code for code in order if by_code[code] in ("short", "missed")]
    if late:
        key = "programme.targets_missed" if over == 12 else "programme.targets_short"
        said.append(t(key, lang, n=number(len(late), lang), names=study.names(late)))
    elif "none" not in verdicts:
        said.append(t("programme.targets_none_short", lang))
    return " ".join(said)


def _figures(study: Study[Targets], whole: Progress, verdicts: list[str], over: int) -> tuple[Figure, ...]:
    lang = study.lang
    with_target = sum(verdict != "none" for verdict in verdicts)
    reached = sum(verdict == "reached" for verdict in verdicts)
    figures = [Figure(
        t("programme.figure_done", lang), number_or_dash(whole.done, lang),
        t("programme.figure_of_target", lang, target=number(whole.target, lang)) if np.isfinite(whole.target) else "",
        whole.said(lang),
    )]  # fmt: skip
    if 0 < over < 12 and np.isfinite(whole.expected):
        beside = t("programme.figure_range", lang, low=number(whole.low, lang), high=number(whole.high, lang))
        figures.append(Figure(t("programme.figure_expected", lang), number(whole.expected, lang), beside))
    of = t("programme.figure_of", lang, n=number(with_target, lang))
    figures.append(Figure(t("programme.figure_reached", lang), number(reached, lang), of))
    return tuple(figures)


def _lines(study: Study[Targets], pace: Pace, verdicts: list[str], over: int) -> list[tuple[str, ...]]:
    """What the tooltip of each commune says."""
    lang, found = study.lang, []
    for n, verdict in enumerate(verdicts):
        lines = [t(f"programme.pace_{verdict}", lang)]
        if verdict not in ("none", "silent"):
            words = {"done": number(pace.done[n], lang), "target": number(pace.target[n], lang), "noun": study.noun(2)}
            lines.append(t("programme.tip_of_target", lang, **words))
            if pace.reported[n] < over:
                lines.append(t("programme.tip_reports", lang, n=number(pace.reported[n], lang), of=number(over, lang)))
            if over < 12 and verdict != "reached":
                range_ = {"low": number(pace.low[n], lang), "high": number(pace.high[n], lang)}
                lines.append(t("programme.tip_expected", lang, n=number(pace.expected[n], lang), **range_))
            if verdict != "reached":
                lines.append(t("programme.tip_owed", lang, n=number(pace.owed[n], lang)))
        found.append(tuple(lines))
    return found


def _table(study: Study[Targets], pace: Pace, order: list[str], labels: list[str]) -> Table:
    lang = study.lang
    names = ("target", "done", "plan", "expected", "low", "high", "owed")
    frame = pd.DataFrame({name: getattr(pace, name)[:-1] for name in names}, study.units.index)
    columns = [(name, t(f"programme.column_{name}", lang), 0) for name in names]
    return unit_table(study, columns, frame.loc[order], labels)


def _chart(snapshot: Snapshot, measure: Measure, year: int, lang: Lang) -> Series:
    """What was done up to each month of the year, beside the line of an even year."""
    cube, over = snapshot.cube(measure), _over(snapshot, year)
    first = date(year, 1, 1)
    months = [add_months(first, n) for n in range(13)]
    counted = np.cumsum(cube.between(months).sum(axis=1).astype(float))
    counted[over:] = np.nan
    target = progress(snapshot, measure, year).target
    return year_chart(
        t("programme.chart_targets", lang, measure=t(f"map.measure_{measure}", lang), year=year),
        t("programme.chart_targets_note", lang),
        [t("programme.month_short", lang, n=n) for n in range(1, 13)],
        counted, lang, word=t("programme.column_done", lang),
        line=target * np.arange(1, 13) / 12, line_word=t("programme.column_plan", lang),
    )  # fmt: skip
