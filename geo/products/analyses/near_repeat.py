"""Near repeats: do events come again close by and soon after? A table, not a map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo import settings
from geo.analysis import near_repeat
from geo.cartography.sheet import Grid, Sheet, Tile
from geo.cartography.spec import Column, MapSpec, Row, Table, with_changes
from geo.products.analyses.scene import of_events, scene_of, words
from geo.products.analyses.study import sure
from geo.products.situation.installation import installation
from geo.question import NearRepeat
from geo.question.codec import seen_on
from geo.schema import Query
from geo.store import Snapshot, remembered
from geo.text import Lang, noun_of, number, t
from geo.views.analysis import Finding, filters, finding_map, stamps
from geo.worker import heavy

DISTANCE_BREAKS = (100.0, 200.0, 400.0, 800.0)
DAY_BREAKS = (7.0, 14.0, 28.0, 56.0)

_LEVEL = 0.05

SURE, ALONE = "#f0a46c", "#fbe3cd"
"""Tints of cells beyond chance: allowing for all cells looked at, and looked at alone."""


@dataclass(frozen=True, eq=False)
class NearRepeats:
    """The near-repeat table with its sentence.

    Attributes
    ----------
    title, sentence, method : str
    grid : Grid
        How many times chance, by bands of distance (rows) and days (columns).
    sheet : Sheet
        The same for a file, with p.
    spec : MapSpec
        The same for slides and paper: its table, without a map.
    """

    title: str
    sentence: str
    method: str
    grid: Grid
    sheet: Sheet
    spec: MapSpec


def near_repeats(snapshot: Snapshot, question: NearRepeat) -> NearRepeats:
    """Do events come again close by and soon after? Knox's test over bands.

    Raises
    ------
    InputError
        If the measure has no places, or too few events have one.
    """
    return _near_repeats(snapshot, of_events(seen_on(question, snapshot.today)), settings.load())


@remembered(16)
def _near_repeats(snapshot: Snapshot, question: NearRepeat, config: settings.Settings) -> NearRepeats:
    del config  # printed on the table, so part of the key
    query, lang = question.query, question.lang
    scene = scene_of(snapshot, query)
    found = heavy(
        near_repeat.knox, scene.x, scene.y, scene.found.day,
        distance_breaks_m=DISTANCE_BREAKS, day_breaks=DAY_BREAKS, areas=scene.found.unit,
    )  # fmt: skip
    measure = t(f"map.measure_{query.measure}", lang)
    title = t("analysis.near_repeat_title", lang, measure=measure, period=words(query, lang)["period"])
    n = number(len(scene.x), lang)
    method = t("analysis.near_repeat_method", lang, n=n, noun=noun_of(query.measure, n, lang))
    sentence = _sentence(found, query, lang)
    corner, note = t("analysis.near_repeat_corner", lang), t("analysis.near_repeat_rows", lang)
    grid = Grid(corner, note, _days(lang), _distances(lang), _tiles(found, lang), _key(found, lang))
    shared = installation(snapshot, lang)
    sheet = Sheet(
        title, sentence, shared.marks,
        stamps(method, query, shared, filters(query, lang)), _table(found, grid, lang), grid, lang,
    )  # fmt: skip
    finding = Finding(title, sentence, method, (), (), (), "", _shown(grid))
    spec = with_changes(finding_map(finding, question, shared), layers=(), show="table")
    return NearRepeats(title, sentence, method, grid, sheet, spec)


def _shown(grid: Grid) -> Table:
    """How many times chance, with the pairs behind it, by band of distance and days."""
    columns = (Column("distance", grid.corner), *(Column(f"ratio {band}", band) for band in grid.columns))
    rows = [
        (distance, *(f"{tile.figure} ({tile.note})" for tile in tiles))
        for distance, tiles in zip(grid.rows, grid.tiles)
    ]
    return Table(columns, tuple(Row("", texts, (None,) * len(texts)) for texts in rows))


def _days(lang: Lang) -> tuple[str, ...]:
    """Bands of whole days, first and last day named."""
    edges = pairwise((0.0, *DAY_BREAKS))
    return tuple(t("analysis.near_repeat_band_days", lang, a=f"{a:.0f}", b=f"{b - 1:.0f}") for a, b in edges)


def _distances(lang: Lang) -> tuple[str, ...]:
    """Bands of distance: each holds its lower limit and not its upper."""
    first, *others = (number(limit, lang) for limit in DISTANCE_BREAKS)
    bands = (t("analysis.near_repeat_band_m", lang, a=a, b=b) for a, b in pairwise((first, *others)))
    return (t("analysis.near_repeat_under", lang, b=first), *bands)


def _sentence(found: near_repeat.Knox, query: Query, lang: Lang) -> str:
    observed, expected = (float(table.iloc[:2, :2].to_numpy().sum()) for table in (found.observed, found.expected))
    p = float(found.p_adjusted.iloc[:2, :2].to_numpy().min())
    ratio = observed / expected if expected else float("nan")
    clear = p <= _LEVEL and ratio > 1
    values = {
        "distance": t("analysis.near_repeat_under", lang, b=number(DISTANCE_BREAKS[1], lang)),
        "days": t("analysis.near_repeat_band_days", lang, a="0", b=f"{DAY_BREAKS[1] - 1:.0f}"),
        "observed": number(observed, lang), "noun": noun_of(query.measure, 2, lang),
        "sure": sure(p if clear else 1.0, lang),
    }  # fmt: skip
    if clear:
        return t("analysis.near_repeat_some", lang, ratio=number(ratio, lang, digits=1), **values)
    return t("analysis.near_repeat_none", lang, expected=number(expected, lang, digits=1), **values)


def _tiles(found: near_repeat.Knox, lang: Lang) -> tuple[tuple[Tile, ...], ...]:
    tables = (found.observed, found.expected, found.ratio, found.p, found.p_adjusted)
    values = np.stack([table.to_numpy(float) for table in tables], axis=-1)
    return tuple(tuple(_tile(cell, lang) for cell in row) for row in values)


def _tile(cell: NDArray[np.float64], lang: Lang) -> Tile:
    observed, expected, ratio, p, adjusted = cell.tolist()
    tint = "" if p > _LEVEL or not ratio > 1 else SURE if adjusted <= _LEVEL else ALONE
    times = t("analysis.near_repeat_times", lang, ratio=number(ratio, lang, digits=1)) if expected else "–"
    due = number(expected, lang, digits=1)
    return Tile(times, t("analysis.near_repeat_pairs", lang, observed=number(observed, lang), expected=due), tint)


def _key(found: near_repeat.Knox, lang: Lang) -> tuple[tuple[str, str], ...]:
    n = found.p.size
    chance = number(np.ceil(n * 0.05), lang)
    return (
        (SURE, t("analysis.near_repeat_key_sure", lang, n=n)),
        (ALONE, t("analysis.near_repeat_key_alone", lang, n=n, chance=chance)),
        ("#ffffff", t("analysis.near_repeat_key_none", lang)),
    )


def _table(found: near_repeat.Knox, grid: Grid, lang: Lang) -> Table:
    """How many times chance, then pairs recorded and expected, then p alone and for all bands, by distance and days."""
    bands = grid.columns
    columns = (
        Column("distance", t("places.near_repeat_distance", lang)),
        *(Column(f"ratio {band}", t("places.near_repeat_ratio", lang, band=band), True, 2) for band in bands),
        *(Column(f"pairs {band}", t("places.near_repeat_days", lang, band=band)) for band in bands),
        *(Column(f"p {band}", t("places.near_repeat_p", lang, band=band), True, 3) for band in bands),
        *(Column(f"pa {band}", t("places.near_repeat_p_all", lang, band=band), True, 3) for band in bands),
    )
    rows = []
    levels = np.hstack([found.p.to_numpy(), found.p_adjusted.to_numpy()])
    for distance, row, ratio, p in zip(grid.rows, grid.tiles, found.ratio.to_numpy(), levels):
        ratios = [None if np.isnan(value) else float(value) for value in ratio]
        said = ["–" if value is None else number(value, lang, digits=2) for value in ratios]
        shown = (distance, *said, *(tile.note for tile in row), *(number(value, lang, digits=3) for value in p))
        rows.append(Row("", shown, (None, *ratios, *(None for _ in row), *map(float, p))))
    return Table(columns, tuple(rows))
