"""Zones that are a whole commune: a present one, or a former one on its own boundaries."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.cells import Check, units_of
from geo.ingest.source import Note
from geo.schema import UnitSystem

__all__ = ["with_communes"]

_Shapes = NDArray[np.object_]


def with_communes(check: Check, shapes: _Shapes, left: NDArray[np.bool_]) -> _Shapes:
    """The whole commune for the rows where nothing else says what the zone covers.

    A former unit is taken on the boundaries of its own time; where the store has none, the present unit stands for it
    that all of it went into. A former unit that was divided is refused with the units it went to: which of them the
    zone is in today cannot be told from its name.
    """
    text = check.text("unit")
    if text is None or not (asked := left & (text != "").to_numpy(bool)).any():
        return shapes
    days = np.full(len(shapes), np.datetime64(check.reference.today), "datetime64[D]")
    system, code = units_of(check, days, asked)
    _refuse_divided(check, text, asked, system, code)
    outlines, kept = _outlines(check), Counter[str]()
    for n, pair in zip(np.flatnonzero(asked), zip(system, code)):
        if not check.bad[n]:
            shapes[n], note = outlines[pair]
            kept[note] += 1
    check.notes += [Note.of(key, count=count) for key, count in kept.items()]
    return shapes


def _refuse_divided(
    check: Check,
    text: pd.Series,
    asked: NDArray[np.bool_],
    system: NDArray[np.object_],
    code: NDArray[np.object_],
) -> None:
    ground = check.reference.ground
    heirs = {n: ground.heirs.get(pair, ()) for n, pair in zip(np.flatnonzero(asked), zip(system, code))}
    divided = np.zeros(len(check.rows), bool)
    divided[[n for n, codes in heirs.items() if len(codes) > 1]] = True
    if divided.any():
        hints = [ground.listed(heirs[n]) for n in np.flatnonzero(divided)]
        check.problems.add("zone_unit_divided", check.rows.index[divided], str(text.name), text[divided], hints=hints)
        check.bad |= divided


def _outlines(check: Check) -> dict[tuple[str, str], tuple[object, str]]:
    """Shape of each unit by system and code, and the note that says what it is."""
    ground = check.reference.ground
    current, former = UnitSystem.CURRENT.value, UnitSystem.LEGACY.value
    note = f"ingest.note_zones_{'approximate' if ground.approximate else 'communes'}"
    present = dict(zip(ground.current["code"], ground.current.geometry))
    found: dict[tuple[str, str], tuple[object, str]] = {
        (current, code): (shape, note) for code, shape in present.items()
    }
    for (system, code), heirs in ground.heirs.items():
        if system == former and len(heirs) == 1 and heirs[0] in present:
            found[former, code] = present[heirs[0]], "ingest.note_zones_heirs"
    if ground.former is not None:
        note = f"ingest.note_zones_former{'_approximate' if ground.former_approximate else ''}"
        found |= {(former, code): (shape, note) for code, shape in zip(ground.former["code"], ground.former.geometry)}
    return found
