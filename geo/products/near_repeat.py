"""Near repeats: do events come again close by and soon after? A table, not a map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from geo import settings
from geo.analysis import near_repeat
from geo.cartography.spec import Column, Row, Table
from geo.products.context import context_at
from geo.products.places import asked, filters, scene_of, words
from geo.products.sheets import Sheet, marks_of
from geo.schema import Query
from geo.store.store import Store
from geo.text import Lang, number, t
from geo.views.analysis import stamps

DISTANCE_BREAKS = (100.0, 200.0, 400.0, 800.0)
DAY_BREAKS = (7.0, 14.0, 28.0, 56.0)


@dataclass(frozen=True, eq=False)
class NearRepeat:
    """The near-repeat table with its sentence.

    Attributes
    ----------
    title, sentence, method : str
    ratio : DataFrame of float
        Observed over expected pairs; rows are distances, columns days.
    texts : DataFrame of str
        What a cell shows.
    sure : DataFrame of bool
        Where the ratio is above chance at 95 %.
    sheet : Sheet
        The same for a file, with p.
    """

    title: str
    sentence: str
    method: str
    ratio: pd.DataFrame
    texts: pd.DataFrame
    sure: pd.DataFrame
    sheet: Sheet


def near_repeats(store: Store, query: Query, lang: Lang) -> NearRepeat:
    """Do events come again close by and soon after? Knox's test over bands.

    Raises
    ------
    InputError
        If the measure has no places, or too few events have one.
    """
    return _near_repeats(store, asked(query), lang, store.version, settings.load())


@lru_cache(maxsize=16)
def _near_repeats(store: Store, query: Query, lang: Lang, version: int, config: settings.Settings) -> NearRepeat:
    scene = scene_of(store, query)
    found = near_repeat.knox(
        scene.x, scene.y, scene.found.day, distance_breaks_m=DISTANCE_BREAKS, day_breaks=DAY_BREAKS
    )
    title = t(
        "analysis.near_repeat_title",
        lang,
        measure=t(f"map.measure_{query.measure}", lang),
        period=words(query, lang)["period"],
    )
    method = t("analysis.near_repeat_method", lang)
    sentence = _sentence(found, lang)
    context = context_at(store, lang, version, config)
    sheet = Sheet(
        title, sentence, marks_of(context, t("map.demo_mark", lang)),
        stamps(method, query, context, filters(query, lang)), _table(found, lang),
    )  # fmt: skip
    return NearRepeat(
        title=title,
        sentence=sentence,
        method=method,
        ratio=found.ratio,
        texts=_texts(found, lang),
        sure=(found.p <= 0.05) & (found.ratio > 1),
        sheet=sheet,
    )


def _sentence(found: near_repeat.Knox, lang: Lang) -> str:
    observed, expected = (float(table.iloc[:2, :2].to_numpy().sum()) for table in (found.observed, found.expected))
    p = min(1.0, float(found.p.iloc[:2, :2].to_numpy().min() * 4))  # four bands are looked at together
    ratio = observed / expected if expected else float("nan")
    values = {
        "distance": number(DISTANCE_BREAKS[1], lang), "days": number(DAY_BREAKS[1], lang),
        "observed": number(observed, lang), "p": number(p, lang, digits=3),
    }  # fmt: skip
    if p <= 0.05 and ratio > 1:
        return t("analysis.near_repeat_some", lang, ratio=number(ratio, lang, digits=1), **values)
    return t("analysis.near_repeat_none", lang, expected=number(expected, lang, digits=1), **values)


def _texts(found: near_repeat.Knox, lang: Lang) -> pd.DataFrame:
    pairs = zip(found.observed.to_numpy(), found.expected.to_numpy())
    cells = [[f"{number(o, lang)} / {number(e, lang, digits=1)}" for o, e in zip(row, due)] for row, due in pairs]
    return pd.DataFrame(cells, index=found.observed.index, columns=found.observed.columns)


def _table(found: near_repeat.Knox, lang: Lang) -> Table:
    """Pairs observed and expected, then p, by band of distance and days."""
    bands = [str(band) for band in found.observed.columns]
    columns = (
        Column("distance", t("places.near_repeat_distance", lang)),
        *(Column(f"pairs {band}", t("places.near_repeat_days", lang, band=band)) for band in bands),
        *(Column(f"p {band}", t("places.near_repeat_p", lang, band=band), True, 3) for band in bands),
    )
    texts = _texts(found, lang)
    rows = []
    for distance in found.observed.index:
        p = [float(value) for value in found.p.loc[distance]]
        shown = (str(distance), *texts.loc[distance], *(number(value, lang, digits=3) for value in p))
        rows.append(Row("", shown, (None,) * (1 + len(bands)) + tuple(p)))
    return Table(columns, tuple(rows))
