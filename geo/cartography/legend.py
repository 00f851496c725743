"""The words and swatches beside a map: class labels, circle sizes, and groups in the reading order of the layers."""

from __future__ import annotations

import math

from geo.cartography import symbology
from geo.cartography.classify import Classes
from geo.cartography.spec import LegendEntry, LegendGroup, OutlineLayer, Style, ZoneLayer
from geo.schema import PROTECTED_ZONES, Measure, ZoneKind
from geo.text import Lang, noun_of, number, percent, t

MAX_RADIUS = 22.0
MIN_RADIUS = 2.4


def class_labels(classes: Classes, lang: Lang, *, digits: int) -> list[str]:
    """One label per class: `5–12` for whole numbers, `0,5–1,2` for others, where a limit belongs to the lower class."""
    labels = []
    for i, upper in enumerate(classes.upper):
        low = classes.lower[i]
        if i and digits == 0:
            low = math.floor(classes.upper[i - 1]) + 1
        top = number(upper, lang, digits=digits)
        bottom = number(low, lang, digits=digits)
        labels.append(top if bottom == top else f"{bottom}–{top}")
    return labels


def digits_for(classes: Classes) -> int:
    """Decimals that keep neighbouring class limits apart: 0 to 3."""
    limits = [*classes.lower[:1], *classes.upper]
    if all(float(x).is_integer() for x in limits):
        return 0
    for digits in (1, 2):
        shown = [round(float(x), digits) for x in classes.upper]
        if len(set(shown)) == len(shown) and all(shown):
            return digits
    return 3


def fill_group(title: str, classes: Classes, styles: tuple[Style, ...], lang: Lang, note: str = "") -> LegendGroup:
    """Classes of a fill layer, highest first."""
    labels = class_labels(classes, lang, digits=digits_for(classes))
    entries = [LegendEntry("fill", style, label) for style, label in zip(styles, labels)]
    return LegendGroup(title, tuple(reversed(entries)), note)


def radius(value: float, top: float) -> float:
    """Radius in px of a symbol whose area is proportional to `value`, `MAX_RADIUS` for `top`."""
    return max(MIN_RADIUS, MAX_RADIUS * math.sqrt(value / top)) if value > 0 and top > 0 else 0.0


def circle_sizes(top: float) -> list[float]:
    """Up to three round values, largest first, that show how big a symbol is."""
    sizes: list[float] = []
    for share in (1.0, 0.3, 0.07):
        value = top * share
        if value < 1:
            continue
        step = 10 ** math.floor(math.log10(value))
        nice = max(s * step for s in (0.5, 1, 2, 5, 10) if s * step <= value)
        if nice not in sizes:
            sizes.append(float(nice))
    return sizes


def zone_group(layers: list[ZoneLayer], lang: Lang) -> LegendGroup:
    """One line per kind of zone shown; a note where a community kind is among them."""
    entries = tuple(LegendEntry("zone", layer.style, layer.label, mark=layer.mark) for layer in layers)
    protected = any(ZoneKind(layer.kind) in PROTECTED_ZONES for layer in layers)
    return LegendGroup(t("map.zones", lang), entries, t("map.zones_context", lang) if protected else "")


MAX_NAMED_CLUSTERS = 4


def cluster_group(
    layer: OutlineLayer, sizes: list[tuple[int, float]], min_points: int, measure: Measure, lang: Lang
) -> LegendGroup:
    """The cluster outline, what it takes to be one, count and share of the largest (`sizes`, in order), how many more.

    Shares are of the events that have a place: the others can be in no cluster.
    """
    least = number(min_points, lang)
    label = t("map.legend_cluster_entry", lang, n=least, noun=noun_of(measure, least, lang))
    entries = [LegendEntry("line", Style(stroke=layer.stroke), label)]
    badge = Style(fill=layer.stroke.color)
    for rank, (count, share) in enumerate(sizes[:MAX_NAMED_CLUSTERS], 1):
        n = number(count, lang)
        said = t("map.legend_cluster", lang, n=n, noun=noun_of(measure, n, lang), share=percent(share, lang))
        entries.append(LegendEntry("badge", badge, said, text=str(rank)))
    if (more := len(sizes) - MAX_NAMED_CLUSTERS) > 0:
        entries.append(LegendEntry("badge", badge, t("map.legend_clusters_more", lang, n=more), text="…"))
    return LegendGroup(t("map.legend_clusters", lang, of=layer.label), tuple(entries))


def state_entries(present: set[str], lang: Lang) -> list[LegendEntry]:
    """Lines for zero, hidden and missing values and for what the filter leaves out, where the map has them."""
    known = {
        "zero": (symbology.ZERO, t("map.class_zero", lang)),
        "masked": (symbology.MASKED, t("map.class_masked", lang)),
        "no_data": (symbology.NO_DATA, t("map.class_no_data", lang)),
        "outside": (symbology.OUTSIDE, t("map.class_outside", lang)),
    }
    return [LegendEntry("fill", *known[name]) for name in known if name in present]
