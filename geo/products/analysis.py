"""Analyses as maps, each with one sentence: hot spots, emerging ones, scan, smoothed rates, concentration, change.

Zones are no input of any of them. Masked measures are refused: a score per commune could give a hidden count away.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import lru_cache

from geo import settings
from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.products.case import Case, How
from geo.products.change import changed
from geo.products.concentration import concentrated
from geo.products.context import context_at
from geo.products.counts import whole_months
from geo.products.emerging import emerging_spots
from geo.products.hotspots import hotspots
from geo.products.rates import smoothed_rates
from geo.products.scan import scanned
from geo.schema import MASKED_MEASURES, Against, Measure, Query, UnitSystem
from geo.store.store import Store
from geo.text import Lang, t
from geo.views.analysis import finding_map

ANALYSES = ("hotspots", "change", "emerging", "scan", "rates", "concentration")
"""Names of the analyses that are maps."""

OFFERED = tuple(m for m in Measure if m not in MASKED_MEASURES)
"""Measures an analysis may be made of."""


def analysis(store: Store, name: str, query: Query, lang: Lang, how: How | None = None) -> MapSpec:
    """The map of one analysis.

    Parameters
    ----------
    name : str
        One of `ANALYSES`.
    query : Query
        On present units; its `units` are passed over, since neighbours matter.
    how : How, optional
        Choices about the method.

    Raises
    ------
    InputError
        If the measure is masked, or there is nothing to analyse.
    """
    return _analysis(store, name, asked(query), lang, how or How(), store.version, settings.load())


def asked(query: Query) -> Query:
    """The query as analyses take it: all present units, whole months where reported by month; never tip-offs."""
    if query.measure in MASKED_MEASURES:
        raise InputError("analysis.masked")
    return replace(whole_months(query), units=(), system=UnitSystem.CURRENT, against=Against.BEFORE)


@lru_cache(maxsize=48)
def _analysis(
    store: Store, name: str, query: Query, lang: Lang, how: How, version: int, config: settings.Settings
) -> MapSpec:
    case = Case(store, query, lang, version, how)
    if not case.counts.sum() > 0:
        raise InputError("analysis.empty")
    make = {
        "hotspots": hotspots,
        "change": changed,
        "emerging": emerging_spots,
        "scan": scanned,
        "rates": smoothed_rates,
        "concentration": concentrated,
    }[name]
    filters = ", ".join(t(f"map.kind_{k}", lang).lower() for k in query.kinds) or t("map.filters_none", lang)
    found = make(case)
    chosen = {name: value for name, value in asdict(how).items() if value != getattr(How(), name)}
    texts = {name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in chosen.items()}
    found = replace(found, settings=tuple(texts.items()))
    return finding_map(found, query, context_at(store, lang, version, config), filters)
