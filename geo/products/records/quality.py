"""How good the data are: who reported, how precise places are, what cannot be attributed, how late records come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo.cartography.spec import Figure
from geo.products.situation.counts import counts
from geo.schema import MONTHLY_MEASURES, Measure, Query, add_months, month_end, month_start
from geo.store import Snapshot
from geo.text import Lang, fold, number, percent, t

_MONTHS = 24


@dataclass(frozen=True, eq=False)
class Quality:
    """What the quality page shows.

    Attributes
    ----------
    figures : tuple of Figure
    completeness : DataFrame[unit, month, reported]
        One row per present commune and month of the last two years, of the measure asked about; a commune that reports
        nothing is not a safe one.
    measures : DataFrame
        By monthly measure: the share of communes and months whose report came, and communes with all of theirs.
    silent : tuple of str
        Communes that missed most months, worst first.
    precision : DataFrame
        By year, latest first: cases and dens with a place, and those known to the commune only.
    unattributed : DataFrame
        By measure: how many records name no present commune, and their share.
    delays : DataFrame
        By kind of data: middle and late delay from the event (a report: from the end of its month) to the import, days.
    """

    figures: tuple[Figure, ...]
    completeness: pd.DataFrame
    measures: pd.DataFrame
    silent: tuple[str, ...]
    precision: pd.DataFrame
    unattributed: pd.DataFrame
    delays: pd.DataFrame


REPORTED = tuple(measure for measure in Measure if measure in MONTHLY_MEASURES)
"""Measures that communes report month by month."""


def quality(snapshot: Snapshot, lang: Lang, measure: Measure = REPORTED[0]) -> Quality:
    """The state of the data at the present version.

    Parameters
    ----------
    measure : Measure
        Whose reports are shown by commune and month.
    """
    months = _last_months(snapshot.today)
    tables = {one: _reporting(snapshot, months, one) for one in REPORTED}
    table = tables[measure]
    missing = (~table).sum(axis=1)
    names = snapshot.units()["name"]
    order = missing.to_frame("missing").assign(name=names.map(fold))
    order = order.sort_values(["missing", "name"], ascending=[False, True])
    worst = order["missing"][order["missing"] > 0].head(10)
    silent = tuple(f"{names[code]} ({number(count, lang)})" for code, count in worst.items())
    precision, unattributed = _precision(snapshot, lang), _unattributed(snapshot, lang)
    return Quality(
        figures=_figures(snapshot, measure, table, lang),
        completeness=_long(table.loc[order.index], names),
        measures=_by_measure(tables, lang),
        silent=silent,
        precision=precision,
        unattributed=unattributed,
        delays=_delays(snapshot, lang),
    )


def _by_measure(tables: dict[Measure, pd.DataFrame], lang: Lang) -> pd.DataFrame:
    """How complete the reports of each measure are."""
    rows = [
        (
            t(f"map.measure_{measure}", lang),
            percent(float(table.to_numpy().mean()) if table.size else 0.0, lang, digits=1),
            number(int(table.all(axis=1).sum()), lang),
            number(int((~table.any(axis=1)).sum()), lang),
        )
        for measure, table in tables.items()
    ]
    names = ("measure", "share_received", "units_full", "units_none")
    return pd.DataFrame(rows, columns=[t(f"quality.column_{name}", lang) for name in names])


def _last_months(today: date) -> list[date]:
    last = month_start(today) if today == month_end(today) else add_months(month_start(today), -1)
    return [add_months(last, n) for n in range(1 - _MONTHS, 1)]


def _reporting(snapshot: Snapshot, months: list[date], measure: Measure) -> pd.DataFrame:
    """Units by months, True where the measure was reported."""
    cube = snapshot.cube(measure)
    columns = {month: cube.reported(month, month_end(month)) for month in months}
    return pd.DataFrame(columns, index=snapshot.units().index)


def _long(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    long = table.reset_index(names="code").melt("code", var_name="month", value_name="reported")
    return long.assign(unit=long["code"].map(names), month=pd.to_datetime(long["month"]))


def _figures(snapshot: Snapshot, reported_of: Measure, table: pd.DataFrame, lang: Lang) -> tuple[Figure, ...]:
    """The first is of the reports that the heat map shows."""
    full = float(table.to_numpy().mean()) if table.size else 0.0
    reports = t("quality.reports", lang, measure=t(f"map.measure_{reported_of}", lang))
    placed = aside = total = 0
    for measure in (Measure.CASE, Measure.DEN_CLEARED):
        events = snapshot.events(measure)
        placed += int(pd.notna(events.lon).sum())
        aside += int((events.unit == len(events.units)).sum())
        total += len(events.lon)
    return (
        Figure(reports, percent(full, lang, digits=2)),
        Figure(t("quality.placed", lang), percent(placed / total if total else 0.0, lang, digits=1)),
        Figure(t("quality.attributed", lang), percent(1 - aside / total if total else 0.0, lang, digits=2)),
    )


def _precision(snapshot: Snapshot, lang: Lang) -> pd.DataFrame:
    words = {ok: t(f"quality.column_{'with' if ok else 'without'}_point", lang) for ok in (True, False)}
    columns = {}
    for measure in (Measure.CASE, Measure.DEN_CLEARED):
        events = snapshot.events(measure)
        years = np.array([date.fromordinal(int(day)).year for day in events.day], int)
        for ok, word in words.items():
            chosen = years[pd.notna(events.lon) == ok]
            columns[f"{t(f'map.measure_{measure}', lang)}: {word.lower()}"] = pd.Series(chosen).value_counts()
    counted = pd.DataFrame(columns).fillna(0).astype(int).sort_index(ascending=False)
    return counted.map(lambda count: number(count, lang)).rename_axis(t("quality.column_year", lang)).reset_index()


def _unattributed(snapshot: Snapshot, lang: Lang) -> pd.DataFrame:
    rows = []
    for measure in Measure:
        cube = snapshot.cube(measure)
        if cube.last < cube.first:
            continue
        found = counts(snapshot, Query(measure, cube.first, month_end(cube.last)))
        if found.total > 0:
            texts = [number(found.total, lang), *[t("map.class_masked_text", lang)] * 2]
            if not np.isnan(found.unattributed):
                texts[1:] = number(found.unattributed, lang), percent(found.unattributed / found.total, lang, digits=2)
            rows.append((t(f"map.measure_{measure}", lang), *texts))
    names = ("measure", "total", "aside", "share")
    return pd.DataFrame(rows, columns=[t(f"quality.column_{name}", lang) for name in names])


def _delays(snapshot: Snapshot, lang: Lang) -> pd.DataFrame:
    frame = snapshot.delays()
    ends = frame["day"].where(frame["dataset"] != "monthly", frame["day"] + pd.offsets.MonthEnd(0))
    frame = frame.assign(days=(frame["imported_at"] - ends).dt.days)
    recent = frame[frame["day"] >= pd.Timestamp(add_months(month_start(snapshot.today), -11))]
    rows = []
    for dataset, group in recent.groupby("dataset"):
        days = group["days"].repeat(group["rows"])
        late = days.quantile(0.9)
        rows.append((t(f"imports.dataset_{dataset}", lang), number(days.median(), lang), number(late, lang)))
    names = ("dataset", "median", "late")
    return pd.DataFrame(rows, columns=[t(f"quality.column_{name}", lang) for name in names])
