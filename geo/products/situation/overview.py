"""The first page: key figures, the trend, the map of change, and the communes that changed most."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo.cartography.spec import Figure, MapSpec
from geo.products.situation.counts import counts, may_be_shown, published
from geo.products.situation.key_figures import HEADLINES, figure
from geo.products.situation.maps import situation
from geo.products.situation.trend import Trend, trend
from geo.products.situation.usual import judged
from geo.question import Overview, Situation
from geo.question.codec import seen_on
from geo.schema import Query
from geo.store import Snapshot
from geo.text import Lang, number, period, signed, t
from geo.views import tone, verdict


@dataclass(frozen=True)
class FirstPage:
    """The first page: five figures, the trend, the map and the communes that changed most."""

    figures: tuple[Figure, ...]
    trend: Trend
    spec: MapSpec
    changed: tuple[Figure, ...]
    compared: str


def first_map(question: Overview) -> Situation:
    """The question that the map of the first page answers."""
    shared = {name: getattr(question, name) for name in ("query", "period", "month", "lang")}
    return Situation(**shared, points="never", compare=True, clusters=False, zones=())


def overview(snapshot: Snapshot, question: Overview) -> FirstPage:
    """Everything on the first page."""
    question = seen_on(question, snapshot.today)
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
        compared=_compared(snapshot, published(snapshot, query), lang),
    )


def _compared(snapshot: Snapshot, query: Query, lang: Lang) -> str:
    """Against what the list of communes gives its numbers; against what is usual alone where nothing is before."""
    if np.isnan(counts(snapshot, query).total_before):
        return t("map.legend_change", lang)
    earlier = query.previous()
    return t("ui.compared", lang, before=period(earlier.start, earlier.end, lang))


def most_changed(snapshot: Snapshot, query: Query, lang: Lang, *, n: int = 3) -> tuple[Figure, ...]:
    """The communes whose change stands out most, largest first."""
    query = published(snapshot, query)
    counted = counts(snapshot, query)
    z = judged(snapshot, query).score.where(counted.readable).dropna()
    frame = snapshot.units(query.system)
    order = z.abs().sort_values(ascending=False, kind="stable").index[:n]
    return tuple(
        Figure(
            f"{frame.kind[code]} {frame.name[code]}",
            number(counted.now[code], lang),
            "" if np.isnan(counted.before[code]) else signed(counted.now[code] - counted.before[code], lang),
            verdict(z[code], lang),
            tone(z[code]),  # type: ignore[arg-type]
        )
        for code in order
    )
