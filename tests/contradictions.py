"""Whether everything that is said of one series says the same: map, tip, table, tile, card, sentence and chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from geo.analysis.change import STRONG, USUAL
from geo.cartography.spec import MapSpec, UnitLayer
from geo.products.situation.commune_card import unit_card
from geo.products.situation.key_figures import figure
from geo.products.situation.trend import trend
from geo.products.situation.usual import judged
from geo.schema import Query, month_start
from geo.store import Snapshot, Store
from geo.text import month, t
from geo.views import tone
from tests.asking import situation

_CLASSES = ("strong_down", "down", "usual", "up", "strong_up")


@dataclass(frozen=True)
class Said:
    """One statement about a series and the other it should agree with."""

    code: str
    where: str
    says: object
    should: object


def contradictions(store: Store, query: Query, *, every: int = 1, sentences: int = 0) -> Iterator[Said]:
    """What does not agree, over all communes of the measure and period of `query`.

    Parameters
    ----------
    every : int
        Only each so-manieth commune.
    sentences : int
        Of how many communes the sentence and the whole card are read too, which takes the longest.
    """
    snapshot = store.snapshot()
    spec = situation(store, query, points="never", compare=True)
    score = judged(snapshot, query).score.iloc[::every]
    pairs = [said for code in score.index for said in _of_map(spec, code, float(score[code]))]
    for i, code in enumerate(score.index):
        pairs += _of_series(snapshot, replace(query, units=(code,)), float(score[code]))
        if i < sentences:
            pairs += _of_words(store, query, code, float(score[code]))
    yield from (said for said in pairs if said.says != said.should)


def _of_map(spec: MapSpec, code: str, score: float) -> Iterator[Said]:
    layer = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    cell = next(cell for cell in layer.cells if cell.code == code)
    row = next(row for row in spec.table.rows if row.code == code)
    word = t(f"map.verdict_{tone(score)}", "vi")
    if tone(score) != "none":
        due = _CLASSES[sum(score > step for step in (-STRONG, -USUAL, USUAL, STRONG))]
        yield Said(code, "class", _CLASSES[cell.cls], due)
        yield Said(code, "tip", cell.lines[1].endswith(word), True)
    yield Said(code, "table", row.texts[-1] in (word, t("map.verdict_none", "vi")), True)


def _of_series(snapshot: Snapshot, query: Query, score: float) -> Iterator[Said]:
    code = query.units[0]
    found = judged(snapshot, query)
    tile = figure(snapshot, query, "vi")
    yield Said(code, "total", tone(found.total), tone(score))
    yield Said(code, "tile", tile.tone or "none", tone(found.total))
    chart = _period(trend(snapshot, query, "vi").frame, query)
    out = _outside(chart)
    if found.months == 1 and len(chart):
        yield Said(code, "one month", bool(out.any()), tone(score) in ("up", "down"))
    if found.months > 1:
        yield Said(code, "chart", tuple(day.date() for day in chart.index[out]), found.odd)
    reported = snapshot.cube(query.measure).reported_between([*_firsts(query), _after(query)])
    mine = reported[:, list(snapshot.cube(query.measure).units).index(code)]
    yield Said(code, "reports", tuple(chart["count"].notna()), tuple(mine[len(mine) - len(chart) :]))


def _of_words(store: Store, query: Query, code: str, score: float) -> Iterator[Said]:
    own = replace(query, units=(code,))
    sentence = situation(store, own, points="never").sentence
    found = judged(store.snapshot(), own)
    word = tone(score)
    if word == "usual" and not found.odd:
        yield Said(code, "sentence", "trong dao động thường" in sentence and "riêng" not in sentence, True)
    if word in ("up", "down") and not found.odd and found.months > 1:
        yield Said(code, "sentence", "dù không tháng nào riêng lẻ vượt" in sentence, True)
    if word in ("up", "down") and (found.odd or found.months == 1):
        yield Said(code, "sentence", t(f"map.verdict_{word}", "vi") in sentence, True)
    if found.odd and word != "none":
        yield Said(code, "months", month(found.odd[0], "vi") in sentence, True)
    card = unit_card(store.snapshot(), code, query, "vi")
    yield Said(code, "card", card is not None and (card.figures[0].tone or "none"), word)
    chart = _period(card.trend.frame, query) if card else pd.DataFrame()
    yield Said(code, "card's chart", tuple(day.date() for day in chart.index[_outside(chart)]), found.odd or
               tuple(day.date() for day in chart.index[_outside(chart)] if found.months == 1))  # fmt: skip


def _period(frame: pd.DataFrame, query: Query) -> pd.DataFrame:
    return frame.loc[str(query.start) : str(query.end)]


def _outside(chart: pd.DataFrame) -> pd.Series:
    return (chart["count"] > chart["high"]) | (chart["count"] < chart["low"])


def _firsts(query: Query) -> list[date]:
    return [day.date() for day in pd.date_range(month_start(query.start), query.end, freq="MS")]


def _after(query: Query) -> date:
    return (pd.Timestamp(query.end) + pd.Timedelta(days=1)).date()
