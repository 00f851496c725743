"""What is shown in place of a map: the largest units as bars, and the table cut to what can be read."""

from __future__ import annotations

from itertools import count

import msgspec

from geo.cartography.spec import Bar, Bars, CircleLayer, MapSpec, PointLayer, Table, main_column
from geo.cartography.symbology import INK

__all__ = ["ROWS", "brief", "largest", "left_out", "round_ticks"]

ROWS = 12
"""Rows of a table on a slide: more could not be read from the back of a room."""

_COLUMNS, _BARS = 6, 10


def largest(spec: MapSpec) -> Bars | None:
    """The ten largest units by the first number of the table; hidden counts have no bar. None without a number."""
    numeric = main_column(spec)
    if numeric is None:
        return None
    known = [(row, value) for row in spec.table.rows if row.code and (value := row.values[numeric]) is not None]
    known.sort(key=lambda pair: -pair[1])
    column = spec.table.columns[numeric]
    items = tuple(Bar(row.texts[0], float(value), row.texts[numeric]) for row, value in known[:_BARS])
    return Bars(column.label, items, _color(spec), column.digits) if items else None


def _color(spec: MapSpec) -> str:
    """The colour of the map's symbols."""
    layer = next((layer for layer in spec.layers if isinstance(layer, CircleLayer | PointLayer)), None)
    return ((layer.style.fill if layer else "") or INK)[:7]


def brief(table: Table, rows: int = ROWS) -> Table:
    """The first rows, and at most six columns, without those in which no row says anything."""
    said = [i for i in range(len(table.columns)) if any(r.texts[i] not in ("", "\u2013") for r in table.rows)][
        :_COLUMNS
    ]
    return Table(
        columns=tuple(table.columns[i] for i in said),
        rows=tuple(
            msgspec.structs.replace(
                row, texts=tuple(row.texts[i] for i in said), values=tuple(row.values[i] for i in said)
            )
            for row in table.rows[:rows]
        ),
    )


def round_ticks(most: float) -> tuple[float, ...]:
    """Values for an axis of whole numbers from 0 on: round steps of 1, 2 or 5, the last no lower than the largest."""
    steps = (step * 10**exponent for exponent in count() for step in (1, 2, 5))
    step = next(step for step in steps if step * _STEPS >= most)
    return tuple(float(n * step) for n in range(_STEPS + 1))


_STEPS = 4


def left_out(spec: MapSpec) -> str:
    """How many rows there are besides those shown; empty where all are."""
    rows = len(spec.table.rows)
    return (
        spec.words.get("rows", "{n}/{of}").replace("{n}", str(ROWS)).replace("{of}", str(rows)) if rows > ROWS else ""
    )
