"""How good the data are: who reported, how precise places are, what cannot be attributed, how late records come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from geo.cartography.spec import Figure
from geo.products.context import data_date, units
from geo.schema import Measure, add_months, month_end, month_start
from geo.store.cube import build_cube, reported
from geo.store.events import events_of
from geo.store.store import Store
from geo.text import Lang, number, percent, t

_MONTHS = 24


@dataclass(frozen=True, eq=False)
class Quality:
    """What the quality page shows.

    Attributes
    ----------
    figures : tuple of Figure
    completeness : DataFrame[unit, month, reported]
        One row per present commune and month of the last two years; a commune that reports nothing is not a safe one.
    silent : tuple of str
        Communes that missed most months, worst first.
    precision : DataFrame
        By year: events with a place, events known to the commune only.
    unattributed : DataFrame
        By measure: how many records name no present commune, and their share.
    delays : DataFrame
        By kind of data: middle and late delay from the event (a report: from the end of its month) to the import, days.
    """

    figures: tuple[Figure, ...]
    completeness: pd.DataFrame
    silent: tuple[str, ...]
    precision: pd.DataFrame
    unattributed: pd.DataFrame
    delays: pd.DataFrame


def quality(store: Store, lang: Lang) -> Quality:
    """The state of the data at the present version."""
    months = _last_months(data_date(store))
    table = _reporting(store, months)
    missing = (~table).sum(axis=1).sort_values(ascending=False, kind="stable")
    names = units(store)["name"]
    silent = tuple(f"{names[code]} ({number(count, lang)})" for code, count in missing[missing > 0].head(10).items())
    precision, unattributed = _precision(store, lang), _unattributed(store, lang)
    return Quality(
        figures=_figures(store, table, lang),
        completeness=_long(table, names),
        silent=silent,
        precision=precision,
        unattributed=unattributed,
        delays=_delays(store, lang),
    )


def _last_months(today: date) -> list[date]:
    last = month_start(today) if today == month_end(today) else add_months(month_start(today), -1)
    return [add_months(last, n) for n in range(1 - _MONTHS, 1)]


def _reporting(store: Store, months: list[date]) -> pd.DataFrame:
    """Units by months, True where any report came."""
    columns = {month: reported(store, month, month_end(month)) for month in months}
    return pd.DataFrame(columns, index=units(store).index)


def _long(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    order = (~table).sum(axis=1).sort_values(ascending=False, kind="stable").index
    long = table.loc[order].reset_index(names="code").melt("code", var_name="month", value_name="reported")
    return long.assign(unit=long["code"].map(names), month=pd.to_datetime(long["month"]))


def _figures(store: Store, table: pd.DataFrame, lang: Lang) -> tuple[Figure, ...]:
    full = float(table.to_numpy().mean()) if table.size else 0.0
    placed = aside = total = 0
    for measure in (Measure.CASE, Measure.DEN_CLEARED):
        events = events_of(store, measure)
        placed += int(pd.notna(events.lon).sum())
        aside += int((events.unit == len(events.units)).sum())
        total += len(events.lon)
    return (
        Figure(t("quality.reports", lang), percent(full, lang, digits=2)),
        Figure(t("quality.placed", lang), percent(placed / total if total else 0.0, lang, digits=1)),
        Figure(t("quality.attributed", lang), percent(1 - aside / total if total else 0.0, lang, digits=2)),
    )


def _precision(store: Store, lang: Lang) -> pd.DataFrame:
    rows = []
    for measure in (Measure.CASE, Measure.DEN_CLEARED):
        events = events_of(store, measure)
        years = pd.Series([date.fromordinal(int(day)).year for day in events.day])
        placed = pd.Series(pd.notna(events.lon))
        for year, group in placed.groupby(years):
            rows.append((t(f"map.measure_{measure}", lang), int(str(year)), int(group.sum()), int((~group).sum())))
    names = ("measure", "year", "with_point", "without_point")
    return pd.DataFrame(rows, columns=[t(f"quality.column_{name}", lang) for name in names])


def _unattributed(store: Store, lang: Lang) -> pd.DataFrame:
    rows = []
    for measure in Measure:
        cube = build_cube(store, measure)
        counts = cube.counts(cube.first, month_end(cube.last))
        total, aside = int(counts.sum()), int(counts[-1])
        if total:
            share = percent(aside / total, lang, digits=2)
            rows.append((t(f"map.measure_{measure}", lang), number(total, lang), number(aside, lang), share))
    names = ("measure", "total", "aside", "share")
    return pd.DataFrame(rows, columns=[t(f"quality.column_{name}", lang) for name in names])


def _delays(store: Store, lang: Lang) -> pd.DataFrame:
    frame = store.delays()
    ends = frame["day"].where(frame["dataset"] != "monthly", frame["day"] + pd.offsets.MonthEnd(0))
    frame = frame.assign(days=(frame["imported_at"] - ends).dt.days)
    recent = frame[frame["day"] >= pd.Timestamp(add_months(month_start(data_date(store)), -11))]
    rows = []
    for dataset, group in recent.groupby("dataset"):
        days = group["days"].repeat(group["rows"])
        late = days.quantile(0.9)
        rows.append((t(f"imports.dataset_{dataset}", lang), number(days.median(), lang), number(late, lang)))
    names = ("dataset", "median", "late")
    return pd.DataFrame(rows, columns=[t(f"quality.column_{name}", lang) for name in names])
