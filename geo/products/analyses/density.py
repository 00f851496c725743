"""How thick events lie, as contours."""

from __future__ import annotations

import contourpy
import numpy as np
import shapely

from geo import crs, settings
from geo.analysis import density
from geo.cartography.spec import (
    Column,
    LegendEntry,
    LegendGroup,
    MapSpec,
    Ring,
    Row,
    Stroke,
    Style,
    Table,
    Zone,
    ZoneLayer,
)
from geo.products.analyses.scene import aside_of, degrees, of_events, plain_land, scene_of, words
from geo.products.situation.installation import installation
from geo.question import Density
from geo.schema import ENFORCEMENT_MEASURES
from geo.store import Snapshot, remembered
from geo.text import noun_of, number, t
from geo.views.analysis import Finding, finding_map

BANDWIDTH_M = 2_000.0
"""Standard deviation of the density kernel, metres; the cell is a quarter of it."""

_LEVELS = (0.1, 0.25, 0.45, 0.7)
_TINTS = ("#f9d9b8", "#f2ab6b", "#dd6f26", "#9a3a06")
_TINTS_DONE = ("#ccece6", "#7fcbb8", "#2a9d86", "#00594c")
"""Where events lie thick, in the colour of heat; work done in its own teal."""


def density_map(snapshot: Snapshot, question: Density) -> MapSpec:
    """How thick events lie, as contours.

    Raises
    ------
    InputError
        If the measure has no places, or too few events have one.
    """
    return _density_map(snapshot, of_events(question), settings.load())


@remembered(16)
def _density_map(snapshot: Snapshot, question: Density, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    query, lang = question.query, question.lang
    scene = scene_of(snapshot, query)
    surface = density.kde(scene.x, scene.y, cell_m=BANDWIDTH_M / 4, bandwidth_m=BANDWIDTH_M)
    peak = float(surface.values.max())
    layers, entries = [], []
    tints = _TINTS_DONE if query.measure in ENFORCEMENT_MEASURES else _TINTS
    for share, tint in zip(_LEVELS, tints):
        rings = _contours(surface, share * peak, scene.metric)
        label = t("places.density_level", lang, value=number(share * peak, lang, digits=2 if peak < 10 else 1))
        style = Style(fill=f"{tint}b8", stroke=Stroke(tints[-1], 0.6))
        layers.append(ZoneLayer("density", label, style, (Zone(label, rings),)))
        entries.append(LegendEntry("fill", Style(fill=tint), label))
    classes, cells, labels = plain_land(snapshot)
    noun = noun_of(query.measure, 2, lang)
    where = _unit_at_peak(snapshot, surface, scene.metric)
    said = {"peak": number(peak, lang, digits=1), "where": where, **aside_of(scene, query, lang)}
    lengths = {"bandwidth": number(BANDWIDTH_M, lang), "cell": number(BANDWIDTH_M / 4, lang)}
    column = Column("label", t("places.column_density", lang, noun=noun))
    finding = Finding(
        title=t("places.density_title", lang, **words(query, lang)),
        sentence=t("places.density_sentence", lang, **said),
        method=t("places.density_method", lang, **lengths),
        classes=classes,
        cells=cells,
        labels=labels,
        legend_title="",
        table=Table((column,), tuple(Row("", (entry.label,), (None,)) for entry in entries)),
        overlays=tuple(layers),
        overlay_legend=(LegendGroup(t("places.density_legend", lang, noun=noun), tuple(reversed(entries))),),
    )  # fmt: skip
    return finding_map(finding, question, installation(snapshot, lang))


def _contours(surface: density.Surface, level: float, metric: str) -> tuple[Ring, ...]:
    """Rings around what lies above a level, holes among them."""
    rows, columns = surface.values.shape
    x = surface.x0 + (np.arange(columns) + 0.5) * surface.cell_m
    y = surface.y0 + (np.arange(rows) + 0.5) * surface.cell_m
    lines = contourpy.contour_generator(x, y, surface.values).lines(level)
    return tuple(degrees(np.asarray(line), metric) for line in lines if len(line) > 3)


def _unit_at_peak(snapshot: Snapshot, surface: density.Surface, metric: str) -> str:
    row, column = np.unravel_index(surface.values.argmax(), surface.values.shape)
    x = surface.x0 + (column + 0.5) * surface.cell_m
    y = surface.y0 + (row + 0.5) * surface.cell_m
    lon, lat = crs.project([x], [y], metric, crs.WGS84)
    layer = snapshot.layer()
    nearest = int(np.argmin(shapely.distance(layer.geometry.to_numpy(), shapely.Point(lon[0], lat[0]))))
    return str(snapshot.units()["name"][layer["code"].iloc[nearest]])
