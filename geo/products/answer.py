"""The one way from a question to its map: for pages, the command line, briefings and reopened files."""

from __future__ import annotations

from geo.cartography.spec import MapSpec, with_changes
from geo.errors import InputError
from geo.products.analyses.before_after import before_after
from geo.products.analyses.change import control_chart
from geo.products.analyses.clusters import cluster_map
from geo.products.analyses.density import density_map
from geo.products.analyses.near_repeat import near_repeats
from geo.products.analyses.of_communes import analysis
from geo.products.programme.area_map import area_map
from geo.products.programme.coverage import coverage
from geo.products.programme.festivals import festivals_map
from geo.products.programme.models import models_map
from geo.products.programme.report import report_map
from geo.products.programme.results import results_map
from geo.products.programme.returns import returns_map
from geo.products.programme.safe_units import safe_units_map
from geo.products.programme.targets import targets_map
from geo.products.situation.exhibits import asking, exhibited
from geo.products.situation.maps import situation
from geo.products.situation.overview import first_map
from geo.question import (
    Areas,
    BeforeAfter,
    Change,
    Clusters,
    Coverage,
    Density,
    Festivals,
    HotSpots,
    Models,
    NearRepeat,
    Overview,
    Question,
    Report,
    Results,
    Returns,
    SafeUnits,
    Situation,
    Targets,
    altered,
)
from geo.question.codec import seen_on
from geo.store import Snapshot
from geo.text import t

PUBLIC_PAGES = (
    "map", "overview", "hotspots", "change", "emerging", "rates", "concentration", "results", "coverage", "targets",
    "safe_units", "models", "returns", "festivals",
)  # fmt: skip
"""Pages whose map holds communes and their counts alone."""


def answer(snapshot: Snapshot, question: Question) -> MapSpec:
    """The map that answers a question.

    Parameters
    ----------
    snapshot : Snapshot
    question : Question
        A period with a name is that of the snapshot's newest record.

    Raises
    ------
    InputError
        If it cannot be answered, or is not for the public where it says so.
    """
    asked = seen_on(question, snapshot.today)
    if not asked.public:
        return _shown(snapshot, asked)
    mark = t("briefing.public_mark", asked.lang)
    return asking(with_changes(_shown(snapshot, _of_communes(asked)), marking=mark), public=True)


def _of_communes(question: Question) -> Question:
    """The question as the public may ask it: no single events, clusters or zones, whatever it showed."""
    by_cell = isinstance(question, HotSpots) and question.by == "grid"
    if question.page not in PUBLIC_PAGES or by_cell:
        raise InputError("products.not_for_public", page=question.page, known=", ".join(PUBLIC_PAGES))
    if isinstance(question, Situation):
        return altered(question, public=False, points="never", clusters=False, zones=())
    if isinstance(question, Coverage):
        return altered(question, public=False, over="communes")
    return altered(question, public=False)


def _shown(snapshot: Snapshot, question: Question) -> MapSpec:
    """The map, or what stands in its place, under the title that was given it."""
    plain = altered(question, show="map", title="")
    if not (isinstance(question, Change) and question.commune):
        return exhibited(snapshot, _map(snapshot, plain), show=question.show, title=question.title)
    spec = _map(snapshot, altered(plain, commune=""))
    if question.show != "months":
        return exhibited(snapshot, spec, show=question.show, title=question.title)
    chart = control_chart(snapshot, question.commune, spec.recipe.question.reading, question.lang)
    told = {"title": chart.title, "sentence": chart.sentence, "filters": chart.filters}
    spec = asking(spec, commune=question.commune)
    return exhibited(snapshot, spec, show="months", title=question.title, found=chart.trend, told=told)


def _map(snapshot: Snapshot, question: Question) -> MapSpec:
    match question:
        case Situation():
            return situation(snapshot, question)
        case Overview():
            return situation(snapshot, first_map(question))
        case Clusters():
            return cluster_map(snapshot, question)
        case Density():
            return density_map(snapshot, question)
        case BeforeAfter():
            return before_after(snapshot, question).spec
        case NearRepeat():
            return near_repeats(snapshot, question).spec
        case Results():
            return results_map(snapshot, question)
        case Coverage():
            return coverage(snapshot, question)
        case Targets():
            return targets_map(snapshot, question)
        case SafeUnits():
            return safe_units_map(snapshot, question)
        case Models():
            return models_map(snapshot, question)
        case Returns():
            return returns_map(snapshot, question)
        case Festivals():
            return festivals_map(snapshot, question)
        case Report():
            return report_map(snapshot, question)
        case Areas():
            return area_map(snapshot, question)
        case _:
            return analysis(snapshot, question)  # type: ignore[arg-type]
