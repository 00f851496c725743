"""Finding a commune by its present or former name."""

from __future__ import annotations

from dataclasses import dataclass

from geo.cartography.spec import Bbox
from geo.store import Snapshot
from geo.text import fold
from geo.units.boundaries import legacy_units
from geo.units.names import search as search_names


@dataclass(frozen=True)
class Hit:
    """A commune found by name: what to show, the present units it stands for (a divided one has several), its box."""

    label: str
    codes: tuple[str, ...]
    bbox: Bbox
    former: str = ""


def examples(snapshot: Snapshot, *, n: int = 3) -> tuple[str, ...]:
    """Names to type for example: of the communes with most people, the first as one types it without diacritics."""
    frame = snapshot.units().sort_values("people", ascending=False, kind="stable")
    names = list(dict.fromkeys(frame["name"]))[:n]
    return tuple(fold(name) if i == 0 else name for i, name in enumerate(names))


def search(snapshot: Snapshot, text: str) -> list[Hit]:
    """Communes whose present or former name fits, best first."""
    frame = snapshot.units()
    hits = []
    for found in search_names(text, frame.reset_index(), legacy_units()):
        boxes = frame.loc[[code for code in found.codes if code in frame.index]]
        if len(boxes):
            west, south = boxes[["minx", "miny"]].min()
            east, north = boxes[["maxx", "maxy"]].max()
            box = (float(west), float(south), float(east), float(north))
            hits.append(Hit(found.label, tuple(boxes.index), box, found.legacy_code or ""))
    return hits
