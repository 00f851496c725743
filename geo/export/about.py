"""What a data file says of itself: the colophon of the map it belongs to."""

from __future__ import annotations

from geo.cartography.spec import MapSpec
from geo.text import printable


def about(spec: MapSpec) -> list[tuple[str, str]]:
    """Captions and texts: title, sentence, marks, the colophon, and the map's code."""
    marks = " · ".join(mark for mark in (spec.marking, spec.demo_mark, spec.boundary.warning) if mark)
    lines = [("", spec.title), ("", spec.sentence), ("", marks)]
    lines += [(stamp.caption, stamp.text) for stamp in spec.stamps]
    lines.append((spec.words.get("fingerprint", ""), spec.fingerprint))
    return [(printable(caption), printable(text)) for caption, text in lines if text]


def class_labels(spec: MapSpec) -> dict[str, str]:
    """What the legend calls each fill, by the fill's colour."""
    return {
        entry.style.fill: printable(entry.label)
        for group in reversed(spec.legend)
        for entry in reversed(group.entries)
        if entry.symbol == "fill" and entry.style.fill
    }
