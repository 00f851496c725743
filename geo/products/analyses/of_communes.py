"""Analyses as maps, each with one sentence: hot spots, emerging ones, scan, smoothed rates, concentration, change.

Zones are no input of any of them. Masked measures are refused: a score per commune could give a hidden count away.
"""

from __future__ import annotations

from typing import get_args

from geo import settings
from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.products.analyses.change import changed
from geo.products.analyses.concentration import concentrated
from geo.products.analyses.emerging import emerging_spots
from geo.products.analyses.hotspots import hotspots
from geo.products.analyses.rates import smoothed_rates
from geo.products.analyses.scan import scanned
from geo.products.analyses.study import Study
from geo.products.situation.counts import whole_months
from geo.products.situation.installation import installation
from geo.question import Change, Concentration, Emerging, HotSpots, Rates, Scan, pinned
from geo.store import Snapshot, remembered
from geo.views.analysis import Finding, finding_map

OfCommunes = HotSpots | Change | Emerging | Scan | Rates | Concentration

ANALYSES = tuple(str(kind.__struct_config__.tag) for kind in get_args(OfCommunes))
"""Pages of analyses that fill communes."""


def analysis(snapshot: Snapshot, question: OfCommunes) -> MapSpec:
    """The map of one analysis of communes.

    Parameters
    ----------
    snapshot : Snapshot
    question
        Monthly measures are widened to whole months.

    Raises
    ------
    InputError
        If the measure is masked, or there is nothing to analyse.
    """
    query = question.reading
    if query.measure not in question.measures:
        raise InputError("analysis.masked")
    return _analysis(snapshot, pinned(question, whole_months(query)), settings.load())


@remembered(48)
def _analysis(snapshot: Snapshot, question: OfCommunes, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    if not Study(snapshot, question).counts.sum() > 0:
        raise InputError("analysis.empty")
    return finding_map(_found(snapshot, question), question, installation(snapshot, question.lang))


def _found(snapshot: Snapshot, question: OfCommunes) -> Finding:
    match question:
        case HotSpots():
            return hotspots(Study(snapshot, question))
        case Change():
            return changed(Study(snapshot, question))
        case Emerging():
            return emerging_spots(Study(snapshot, question))
        case Scan():
            return scanned(Study(snapshot, question))
        case Rates():
            return smoothed_rates(Study(snapshot, question))
        case Concentration():
            return concentrated(Study(snapshot, question))
