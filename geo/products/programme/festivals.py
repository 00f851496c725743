"""The movement's year: which communes held the two festivals, and sessions month by month."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography.spec import Figure, MapSpec, Series
from geo.errors import InputError
from geo.products.analyses.study import Study, cells, unit_table
from geo.products.programme.by_year import at_year, classes_of, placed, year_chart
from geo.products.situation.installation import installation
from geo.question import Festivals
from geo.schema import Festival, Measure, add_months
from geo.store import Snapshot, remembered
from geo.text import Lang, number, number_or_dash, t
from geo.views.analysis import Finding, finding_map

__all__ = ["calendar", "festivals_map", "years_of_festivals"]


def years_of_festivals(snapshot: Snapshot) -> list[int]:
    """Years of which a festival was reported."""
    return snapshot.years().on_record(Measure.FESTIVAL)


def calendar(snapshot: Snapshot, year: int) -> pd.DataFrame:
    """Sessions by month of each commune, and places that held each festival; NaN where nothing was reported.

    Returns
    -------
    DataFrame of float, index code
        Columns 1 to 12, then the festivals.
    """
    cube = snapshot.cube(Measure.SESSION)
    edges = [add_months(date(year, 1, 1), n) for n in range(13)]
    months = np.where(cube.reported_between(edges), cube.between(edges)[:, :-1].astype(float), np.nan)
    frame = pd.DataFrame(months.T, pd.Index(cube.units, name="code"), list(range(1, 13)))
    return frame.assign(**{one.value: snapshot.years().counts(Measure.FESTIVAL, year, one) for one in Festival})


def festivals_map(snapshot: Snapshot, question: Festivals) -> MapSpec:
    """The map of one festival in one year: in how many places it was held, and where it was not.

    Raises
    ------
    InputError
        If nothing of the year was reported.
    """
    if question.query.measure not in question.measures:
        raise InputError("programme.no_indicator")
    return _festivals(snapshot, at_year(question, years_of_festivals(snapshot)), settings.load())


@remembered(48)
def _festivals(snapshot: Snapshot, question: Festivals, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    study = Study(snapshot, question)
    lang, year = study.lang, int(question.year)
    frame = calendar(snapshot, year)
    values = frame[question.festival]
    if frame[[*Festival]].isna().all(axis=None):
        raise InputError("programme.nothing_in_year", year=year)
    name = t(f"programme.festival_{question.festival}", lang)
    classes, index = classes_of(values, Measure.FESTIVAL, lang, none=t("programme.class_not_held", lang))
    every, index = placed(classes, index, None, values.isna(), lang)
    order = list(values.sort_values(kind="stable", na_position="last").index)
    found = Finding(
        title=t("programme.festival_title", lang, name=name, year=year),
        sentence=_sentence(study, values, order),
        method=t("programme.method_festival", lang),
        classes=every,
        cells=cells(study, index, _lines(study, frame)),
        labels=tuple(order),
        legend_title=t("programme.legend_festival", lang),
        table=unit_table(
            study,
            [
                *((one.value, t(f"programme.festival_{one}", lang), 0) for one in Festival),
                ("sessions", t("programme.column_sessions", lang), 0),
            ],
            frame.assign(sessions=frame[list(range(1, 13))].sum(axis=1, min_count=1)).loc[order],
            [every[i].label for i in pd.Series(index, frame.index)[order]],
            [(t("programme.column_empty_months", lang), [_empty(frame.loc[code], lang) for code in order])],
        ),
        figures=_figures(study, year),
        chart=_chart(snapshot, year, lang),
    )
    return finding_map(found, question, installation(snapshot, lang))


def _empty(record: pd.Series, lang: Lang) -> str:
    """Months of which no session was reported, or none."""
    months = [str(n) for n in range(1, 13) if not record[n] > 0]
    return t("programme.every_month", lang) if not months else ", ".join(months)


def _sentence(study: Study[Festivals], values: pd.Series, order: list[str]) -> str:
    lang, year = study.lang, int(study.question.year)
    total = study.snapshot.years().total(Measure.FESTIVAL, year, study.question.festival)
    held, none = int((values > 0).sum()), [code for code in order if values[code] == 0]
    parts = [t("programme.festival_sentence", lang, n=number(held, lang), of=number(len(values), lang),
               places=number(np.nan_to_num(total), lang))]  # fmt: skip
    if none:
        parts.append(t("programme.festival_none", lang, n=number(len(none), lang), names=study.names(none)))
    if silent := list(values.index[values.isna()]):
        parts.append(t("programme.year_silent", lang, n=number(len(silent), lang), names=study.names(silent)))
    if aside := study.snapshot.years().aside(Measure.FESTIVAL, year, study.question.festival):
        parts.append(t("programme.year_aside", lang, n=number(aside, lang)))
    return " ".join(parts)


def _lines(study: Study[Festivals], frame: pd.DataFrame) -> list[tuple[str, ...]]:
    lang, missing = study.lang, t("map.tip_no_data", study.lang)
    sessions = frame[list(range(1, 13))].sum(axis=1, min_count=1)
    found = []
    for code in study.units.index:
        lines = [
            t("programme.tip_stage", lang, stage=t(f"programme.festival_{one}", lang),
              n=missing if np.isnan(v := frame[one.value][code]) else number(v, lang))
            for one in Festival
        ]  # fmt: skip
        if not np.isnan(sessions[code]):
            n = number(sessions[code], lang)
            lines.append(t("programme.tip_stage", lang, stage=t("programme.column_sessions", lang), n=n))
        found.append(tuple(lines))
    return found


def _figures(study: Study[Festivals], year: int) -> tuple[Figure, ...]:
    lang, years = study.lang, study.snapshot.years()
    figures = []
    for one in Festival:
        values, total = years.counts(Measure.FESTIVAL, year, one), years.total(Measure.FESTIVAL, year, one)
        beside = t("programme.figure_held", lang, n=number(int((values > 0).sum()), lang), of=number(len(values), lang))
        said = number_or_dash(total, lang)
        figures.append(Figure(t(f"programme.festival_{one}", lang), said, beside))
    return tuple(figures)


def _chart(snapshot: Snapshot, year: int, lang: Lang) -> Series:
    cube = snapshot.cube(Measure.SESSION)
    months = [add_months(date(year, 1, 1), n) for n in range(13)]
    counted = cube.between(months).sum(axis=1).astype(float)
    sent = cube.reported_between(months).any(axis=1)
    return year_chart(
        t("programme.calendar_chart", lang, year=year), t("programme.calendar_note", lang),
        [t("programme.month_short", lang, n=n) for n in range(1, 13)], list(np.where(sent, counted, np.nan)), lang,
        word=t("programme.column_sessions", lang),
    )  # fmt: skip
