"""Figures, trends, the card of a commune, the overview, and the search for a commune."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geo import settings
from geo.analysis import trends
from geo.cartography.spec import Bbox, Figure, MapSpec, Series
from geo.errors import InputError
from geo.products.situation.counts import counts, masked_year, may_be_shown, published
from geo.products.situation.key_figures import HEADLINES, figure
from geo.products.situation.maps import before_the_change, situation
from geo.question import Overview, Situation
from geo.schema import MASKED_MEASURES, Query, UnitSystem, add_months, month_end, month_start
from geo.store import Snapshot
from geo.text import Lang, number, period, signed, t
from geo.units.crosswalk import LegacyUnit, links, origins
from geo.views import tone, verdict


@dataclass(frozen=True)
class Trend:
    """A monthly series with the band in which each month would be expected.

    Attributes
    ----------
    frame : DataFrame[count, mean, low, high], index month
        Hidden counts are NaN.
    label : str
        Measure, for the axis.
    """

    frame: pd.DataFrame
    label: str


@dataclass(frozen=True)
class UnitCard:
    """What opens when a commune is clicked."""

    code: str
    title: str
    figures: tuple[Figure, ...]
    trend: Trend
    origins: tuple[str, ...]
    origins_title: str
    bbox: Bbox


@dataclass(frozen=True)
class FirstPage:
    """The first page: five figures, the trend, the map and the communes that changed most."""

    figures: tuple[Figure, ...]
    trend: Trend
    spec: MapSpec
    changed: tuple[Figure, ...]
    compared: str


def trend(snapshot: Snapshot, query: Query, lang: Lang, *, months: int = 36) -> Trend:
    """Monthly counts up to the query's end, with the band expected from the eight months before each.

    Raises
    ------
    InputError
        If the query ends before the first record.
    """
    cube = snapshot.cube(query.measure, query.system)
    end = min(month_end(query.end), month_end(cube.last))  # no month that has not been
    if end < cube.first:
        raise InputError("products.no_months")
    start = max(month_start(cube.first), add_months(month_start(end), -(months + 8)))
    series = cube.series(start, end, kinds=query.kinds, units=query.units).astype(float)
    if query.measure in MASKED_MEASURES and query.units:
        # The band of a month is made of the eight before it: with a hidden one among them it would give that away.
        series = series.mask(_hidden_months(snapshot, query, series))
    band = trends.expected_band(series)
    frame = pd.DataFrame({"count": series}).join(band).iloc[8:]
    return Trend(frame, t(f"map.measure_{query.measure}", lang))


def _hidden_months(snapshot: Snapshot, query: Query, series: pd.Series) -> pd.Series:
    """Months in which any of the query's units is hidden."""
    low = settings.load().min_count
    years = {stamp.year for stamp in series.index}
    tables = [masked_year(snapshot, query.measure, year, low) for year in sorted(years)]
    return pd.concat(tables)[list(query.units)].any(axis=1).reindex(series.index, fill_value=False)


def unit_card(snapshot: Snapshot, code: str, query: Query, lang: Lang) -> UnitCard | None:
    """The card of a commune: figures and trend of the query's period, and the old units it was made from."""
    frame = snapshot.units(query.system)
    if code not in frame.index:
        return None
    unit = frame.loc[code]
    own = replace(query, units=(code,))
    if query.system is UnitSystem.LEGACY:
        own = before_the_change(own)
    measures = dict.fromkeys(m for m in (query.measure, *HEADLINES[:4]) if may_be_shown(m, query.system))
    figures = tuple(
        figure(snapshot, replace(own, measure=m, kinds=query.kinds if m == query.measure else ()), lang)
        for m in measures
    )
    return UnitCard(
        code=code,
        title=f"{unit['kind'].capitalize()} {unit['name']}",
        figures=figures,
        trend=trend(snapshot, own, lang),
        origins=_kin(snapshot, code, query.system, lang),
        origins_title=t("ui.card_origins" if query.system is UnitSystem.CURRENT else "ui.card_successors", lang),
        bbox=(float(unit.minx), float(unit.miny), float(unit.maxx), float(unit.maxy)),
    )


def _kin(snapshot: Snapshot, code: str, system: UnitSystem, lang: Lang) -> tuple[str, ...]:
    """The former units a present one was made from, or the present ones a former one went into."""
    if system is UnitSystem.CURRENT:
        return tuple(_origin_line(old, lang) for old in origins(code))
    current = snapshot.units()
    went = links().query("legacy_code == @code")["new_code"]
    return tuple(f"{current['kind'][new].capitalize()} {current['name'][new]}" for new in went if new in current.index)


def _origin_line(old: LegacyUnit, lang: Lang) -> str:
    key = "ui.origin_whole" if old.whole else "ui.origin_part"
    return t(key, lang, kind=old.kind, name=old.name, district=old.district)


def first_map(question: Overview) -> Situation:
    """The question that the map of the first page answers."""
    shared = {name: getattr(question, name) for name in ("query", "period", "month", "lang")}
    return Situation(**shared, points="never", compare=True, clusters=False, zones=())


def overview(snapshot: Snapshot, question: Overview) -> FirstPage:
    """Everything on the first page."""
    query, lang = question.reading, question.lang
    spec = situation(snapshot, first_map(question))
    return FirstPage(
        figures=tuple(
            figure(snapshot, replace(query, measure=m, kinds=()), lang)
            for m in HEADLINES
            if may_be_shown(m, query.system)
        ),
        trend=trend(snapshot, query, lang),
        spec=spec,
        changed=most_changed(snapshot, query, lang),
        compared=t("ui.compared", lang, before=_period_text(query.previous(), lang)),
    )


def _period_text(query: Query, lang: Lang) -> str:
    return period(query.start, query.end, lang)


def most_changed(snapshot: Snapshot, query: Query, lang: Lang, *, n: int = 3) -> tuple[Figure, ...]:
    """The communes whose change stands out most, largest first."""
    counted = counts(snapshot, published(query), min_count=settings.load().min_count)
    z = counted.z.dropna()
    frame = snapshot.units(query.system)
    order = z.abs().sort_values(ascending=False, kind="stable").index[:n]
    return tuple(
        Figure(
            f"{frame.kind[code]} {frame.name[code]}",
            number(counted.now[code], lang),
            signed(counted.now[code] - counted.before[code], lang),
            verdict(z[code], lang),
            tone(z[code]),  # type: ignore[arg-type]
        )
        for code in order
    )


def series_of(found: Trend, lang: Lang) -> Series:
    """A trend as it is drawn: Januaries named on the axis, three values named beside it."""
    frame = found.frame
    top = float(np.nanmax(np.append(frame[["count", "high"]].to_numpy(float), 1.0)))
    values = {name: tuple(None if pd.isna(v) else float(v) for v in frame[name]) for name in ("count", "low", "high")}
    januaries = [(i, str(stamp.year)) for i, stamp in enumerate(frame.index) if stamp.month == 1]
    ticks = tuple((value, number(value, lang, digits=0)) for value in (0.0, float(round(top / 2)), float(round(top))))
    band = t("ui.trend_band", lang)
    return Series(
        title=t("ui.trend_title", lang, measure=found.label),
        note=t("ui.card_trend", lang),
        names=tuple(f"{stamp:%m/%Y}" for stamp in frame.index),
        marks=tuple(januaries),
        counts=values["count"],
        low=values["low"],
        high=values["high"],
        ticks=tuple(dict.fromkeys(ticks)),
        words=(found.label, f"{band} \u2013", f"{band} +"),
    )
