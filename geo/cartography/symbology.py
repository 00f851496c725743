"""Colours, line styles and patterns: one place where the look of every map is chosen.

Ramps are ColorBrewer's colour-blind-safe sets (Brewer and Harrower, doi:10.1179/000870403235002042).
"""

from __future__ import annotations

import math

import msgspec

from geo.cartography.spec import Mark, Stroke, Style
from geo.schema import PROTECTED_ZONES, Measure, ZoneKind

TEAL = "#0f766e"
INK = "#27303a"
HOT, COLD = "#d9601a", "#2f6db3"
SLATE = "#5b6b7d"

NO_DATA = Style(fill="#f4f1ea", pattern="hatch", ink="#b9b4aa")
MASKED = Style(fill="#f1ede4", pattern="dots", ink="#7c7568")
ZERO = Style(fill="#faf8f3")
LAND = Style(fill="#f3efe6")
OUTSIDE = Style(fill="#e4e1da")

_RAMPS: dict[str, dict[int, tuple[str, ...]]] = {
    "YlGnBu": {
        1: ("#7fcdbb",),
        2: ("#c7e9b4", "#2c7fb8"),
        3: ("#c7e9b4", "#41b6c4", "#225ea8"),
        4: ("#d3edc4", "#7fcdbb", "#1d91c0", "#253494"),
        5: ("#dff2cf", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"),
        6: ("#e3f4d3", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"),
        7: ("#e3f4d3", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"),
    },
    "YlOrBr": {
        1: ("#fe9929",),
        2: ("#fee391", "#cc4c02"),
        3: ("#fee391", "#fe9929", "#b3460a"),
        4: ("#fff0b8", "#fec44f", "#ec7014", "#993404"),
        5: ("#fff0b8", "#fed37a", "#fe9929", "#d95f0e", "#993404"),
        6: ("#fff3c4", "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404"),
        7: ("#fff3c4", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#cc4c02", "#8c2d04"),
    },
    "GnBu": {
        1: ("#66c2a4",),
        2: ("#ccece6", "#238b72"),
        3: ("#ccece6", "#66c2a4", "#117a60"),
        4: ("#d5f0ea", "#99d8c9", "#41ae76", "#006d50"),
        5: ("#dcf3ee", "#a9dfd2", "#66c2a4", "#2ca289", "#006d5b"),
        6: ("#e3f6f1", "#ccece6", "#99d8c9", "#66c2a4", "#2ca289", "#006d5b"),
        7: ("#e3f6f1", "#ccece6", "#99d8c9", "#66c2a4", "#41ae8e", "#238b72", "#005845"),
    },
}

CHANGE = ("#5e3c99", "#b2abd2", "#f3f1ec", "#fdb863", "#c65a02")
"""PuOr turned so that purple is fewer and orange more; the middle is "within usual variation"."""


def ramp(measure: Measure, k: int) -> tuple[Style, ...]:
    """The fill styles of `k` classes for a measure: blue for cases, teal for work done, brown for outreach."""
    if k == 0:
        return ()
    name = "YlOrBr"
    if measure is Measure.DEN_CLEARED:
        name = "GnBu"
    elif measure in (Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT):
        name = "YlGnBu"
    return tuple(Style(fill=color) for color in _RAMPS[name][k])


def change_ramp() -> tuple[Style, ...]:
    """The five classes of a change map, from a strong fall to a strong rise."""
    return tuple(Style(fill=color) for color in CHANGE)


def symbol_style(measure: Measure) -> Style:
    """Graduated symbols: teal for dens cleared, ink for cases, brown for the programme's counts."""
    fill = {Measure.DEN_CLEARED: "#0f766ecc", Measure.CASE: "#27303ab8"}.get(measure, "#9a5b13b8")
    if measure in (Measure.CASE_CLEARED, Measure.SUSPECT):
        fill = "#27303ab8"
    return Style(fill=fill, stroke=Stroke("#ffffff", 1.2))


def point_style(measure: Measure) -> Style:
    """Single events: the same colours, opaque enough to be seen one by one."""
    fill = TEAL if measure is Measure.DEN_CLEARED else INK
    return Style(fill=fill, stroke=Stroke("#ffffff", 0.8))


CLUSTER = Stroke("#b3261e", 2.4)
SELECTED = Stroke("#111827", 3.0)

ZONE_STYLES: dict[ZoneKind, Style] = {
    ZoneKind.BORDER: Style(pattern="slant", ink="#8a3b1e55", stroke=Stroke("#8a3b1e", 2.0, (9.0, 3.0, 2.0, 3.0))),
    ZoneKind.INDUSTRIAL_PARK: Style(pattern="cross", ink="#3f5f7f", stroke=Stroke("#3f5f7f", 1.5)),
    ZoneKind.EDUCATION: Style(pattern="fine_dots", ink="#6b4fa0", stroke=Stroke("#6b4fa0", 1.2)),
    ZoneKind.URBAN_CENTRE: Style(stroke=Stroke("#3a3a3a", 1.3)),
    ZoneKind.COMPLEX_AREA: Style(stroke=Stroke("#a01c4f", 1.8, (10.0, 4.0))),
    ZoneKind.STRATEGIC_AREA: Style(stroke=Stroke("#1f5130", 1.8, (3.0, 3.0))),
    ZoneKind.ETHNIC_MINORITY_AREA: Style(stroke=Stroke(SLATE, 1.4, (1.2, 3.2))),
    ZoneKind.RELIGIOUS_AREA: Style(stroke=Stroke(SLATE, 1.4, (1.2, 5.6))),
}
"""Each kind by line and pattern, readable in greyscale; the two community kinds are dotted outlines without a fill."""


_MARK_PX = 12.0


def _regular(corners: int, turned: float = 0.0, inner: float = 0.0) -> tuple[tuple[float, float], ...]:
    """Corners of a regular polygon, the first on top, turned by degrees; with `inner`, its other radius, of a star."""
    steps = corners * 2 if inner else corners
    angles = [math.radians(turned) + 2 * math.pi * n / steps for n in range(steps)]
    radii = [inner if inner and n % 2 else 1.0 for n in range(steps)]
    return tuple((round(r * math.sin(a), 3), round(-r * math.cos(a), 3)) for r, a in zip(radii, angles))


_MARKS: dict[ZoneKind, tuple[tuple[float, float], ...]] = {
    ZoneKind.BORDER: _regular(3, 90),
    ZoneKind.INDUSTRIAL_PARK: _regular(4, 45),
    ZoneKind.EDUCATION: _regular(3),
    ZoneKind.URBAN_CENTRE: _regular(5),
    ZoneKind.COMPLEX_AREA: _regular(3, 180),
    ZoneKind.STRATEGIC_AREA: _regular(5, inner=0.42),
    ZoneKind.ETHNIC_MINORITY_AREA: _regular(6, 30),
    ZoneKind.RELIGIOUS_AREA: ((-0.55, -0.75), (0.55, -0.75), (1.0, 0.75), (-1.0, 0.75)),
}
"""By outline, for colour says nothing in greyscale. None is a circle or a diamond: those are counts."""


def zone_mark(kind: ZoneKind) -> Mark:
    """What stands for an area of a kind where it is too small to be seen; of the two community kinds a bare outline."""
    line = ZONE_STYLES[kind].stroke
    assert line is not None
    if kind in PROTECTED_ZONES:
        return Mark(_MARKS[kind], Style(stroke=Stroke(line.color, 1.4)), _MARK_PX)
    return Mark(_MARKS[kind], Style(fill=line.color, stroke=Stroke("#ffffff", 0.8)), _MARK_PX)


class Theme(msgspec.Struct, frozen=True):
    """Colours and sizes of everything that is not data: ground, borders, text, panels.

    `weight` multiplies line widths and symbol sizes; `label_px` and `legend_px` are type sizes at 1080 lines.
    """

    name: str
    water: str
    neighbour: str
    coast: str
    border: str
    province: str
    blank: Style
    label: str
    halo: str
    panel: str
    text: str
    muted: str
    line: str
    selected: str
    weight: float = 1.0
    label_px: float = 12.0
    legend_px: float = 12.5


LIGHT = Theme(
    name="light", water="#dbe5ec", neighbour="#eceae4", coast="#b9c4cc", border="#bdb5a6", province="#7a7264",
    blank=LAND, label="#2b2a27", halo="#fffdf8", panel="#fffdf9f2", text="#20262d", muted="#59616a", line="#d9d4c9",
    selected="#111827",
)  # fmt: skip

PROJECTOR = Theme(
    name="projector", water="#16222c", neighbour="#222d36", coast="#3d4c58", border="#8f897c", province="#f5f1e8",
    blank=LAND, label="#14110d", halo="#ffffff", panel="#0c1218f2", text="#ffffff", muted="#dfe5ea", line="#52616e",
    selected="#ff3b8d", weight=1.7, label_px=24.0, legend_px=24.0,
)  # fmt: skip

PROJECTOR_LIGHT = Theme(
    name="projector-light", water="#dbe5ec", neighbour="#eceae4", coast="#8fa0ac", border="#8b8374", province="#2c2822",
    blank=LAND, label="#14110d", halo="#ffffff", panel="#fffffff5", text="#0b0f14", muted="#2f3842", line="#8a8578",
    selected="#c2185b", weight=1.7, label_px=24.0, legend_px=24.0,
)  # fmt: skip

THEMES: dict[str, Theme] = {theme.name: theme for theme in (LIGHT, PROJECTOR, PROJECTOR_LIGHT)}
