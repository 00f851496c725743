"""What every map of an installation shares."""

from __future__ import annotations

from datetime import date

from geo import settings
from geo.cartography import basemap
from geo.cartography.spec import Boundary, Frame
from geo.schema import UnitSystem
from geo.store import Snapshot, remembered
from geo.text import Lang, day, t
from geo.views import Installation


def installation(snapshot: Snapshot, lang: Lang, system: UnitSystem = UnitSystem.CURRENT) -> Installation:
    """What every map of this installation shares, on a set of units."""
    return _installation(snapshot, lang, system, settings.load())


@remembered(16)
def _installation(snapshot: Snapshot, lang: Lang, system: UnitSystem, config: settings.Settings) -> Installation:
    active = snapshot.boundaries(system)
    basemap.keep(snapshot.topology(system))
    label = _boundary_label(snapshot, system, lang)
    warning = t("map.approximate", lang) if active.approximate else ""
    boundary = Boundary(
        label=label,
        sha256=active.sha256,
        attribution=" · ".join(dict.fromkeys(part for part in (warning, label, active.source) if part)),
        warning=warning,
    )
    return Installation(
        lang=lang,
        boundary=boundary,
        frames=_frames(snapshot, system),
        data_date=snapshot.period[1] if snapshot.period else date.today(),
        data_version=snapshot.version,
        organisation=config.organisation,
        marking=config.marking,
        min_count=config.min_count,
        demo=snapshot.is_demo,
        population_year=snapshot.population_year(system),
    )


def _boundary_label(snapshot: Snapshot, system: UnitSystem, lang: Lang) -> str:
    """The name an office gave its layer; the product's own is called by its number of units and its day."""
    version = snapshot.boundaries(system)
    if not version.approximate:
        return version.name
    return t("map.boundary_label", lang, n=len(snapshot.layer(system)), date=day(version.valid_from, lang))


def _frames(snapshot: Snapshot, system: UnitSystem) -> tuple[Frame, ...]:
    """The main window and the island insets, the latter named after their units."""
    names = snapshot.layer(system).set_index("code")["name"]
    frames = snapshot.boundaries(system).frames
    labels = ["", *(", ".join(names.reindex(f["codes"]).dropna()[:2]) for f in frames[1:])]
    boxes = [tuple(float(edge) for edge in f["bounds"]) for f in frames]
    return tuple(Frame((b[0], b[1], b[2], b[3]), label) for b, label in zip(boxes, labels))
