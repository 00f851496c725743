"""What a data file says of itself: the colophon of the map it belongs to."""

from __future__ import annotations

from geo.cartography.spec import MapSpec, UnitLayer
from geo.cartography.zones import beside_communities
from geo.text import printable, t


def about(spec: MapSpec) -> list[tuple[str, str]]:
    """Captions and texts: title, sentence, marks, the colophon, and the map's code."""
    marks = " · ".join(mark for mark in (spec.marking, spec.demo_mark, spec.boundary.warning) if mark)
    lines = [("", spec.title), ("", spec.sentence), ("", marks)]
    lines += [(stamp.caption, stamp.text) for stamp in spec.stamps]
    if len(beside_communities(spec.layers)) < len(spec.layers):
        lines.append(("", t("export.left_out", spec.lang)))
    lines.append((spec.words.get("fingerprint", ""), spec.fingerprint))
    return [(printable(caption), printable(text)) for caption, text in lines if text]


def class_labels(spec: MapSpec, layer: UnitLayer) -> tuple[str, ...]:
    """What each class of the units is called; descriptions that do not say it themselves say it in their legend."""
    if layer.labels:
        return tuple(printable(label) for label in layer.labels)
    said = [(entry.style, printable(entry.label)) for group in spec.legend for entry in group.entries]
    return tuple(next((label for style, label in said if style == own), "") for own in layer.classes)
