"""The card of a commune: its figures, its months, and the units it was made from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.cartography.spec import Bbox, Figure
from geo.products.situation.counts import may_be_shown
from geo.products.situation.key_figures import HEADLINES, figure
from geo.products.situation.maps import before_the_change
from geo.products.situation.trend import Trend, trend
from geo.schema import Query, UnitSystem
from geo.store import Snapshot
from geo.text import Lang, t
from geo.units.crosswalk import LegacyUnit, links, origins


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
    kin = _kin(snapshot, code, query.system, lang)
    heading = t("ui.card_origins" if query.system is UnitSystem.CURRENT else "ui.card_successors", lang)
    return UnitCard(
        code=code,
        title=f"{unit['kind'].capitalize()} {unit['name']}",
        figures=figures,
        trend=trend(snapshot, own, lang),
        origins=kin,
        origins_title=heading if kin else "",
        bbox=(float(unit.minx), float(unit.miny), float(unit.maxx), float(unit.maxy)),
    )


def _kin(snapshot: Snapshot, code: str, system: UnitSystem, lang: Lang) -> tuple[str, ...]:
    """The former units a present one was made from, or the present ones a former one went into, if listed."""
    if system is UnitSystem.CURRENT:
        listed = origins(code) if code in set(links()["new_code"]) else ()
        return tuple(_origin_line(old, lang) for old in listed)
    current = snapshot.units()
    went = links().query("legacy_code == @code")["new_code"]
    return tuple(f"{current['kind'][new].capitalize()} {current['name'][new]}" for new in went if new in current.index)


def _origin_line(old: LegacyUnit, lang: Lang) -> str:
    key = "ui.origin_whole" if old.whole else "ui.origin_part"
    return t(key, lang, kind=old.kind, name=old.name, district=old.district)
