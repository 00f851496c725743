"""Where in a sheet the table begins: title lines above it, merged headers of several rows, numbering rows, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from geo.ingest.recognising.fields import header_key
from geo.text import fold

__all__ = ["MergedRange", "Span", "column_names", "find_header", "is_numbering", "is_total"]

SEARCHED_ROWS = 40
_MAX_HEADER_ROWS = 4
_HAS_VALUE = re.compile(r"^[\s(]*[-+]?\d[\d.,/:\s°'\"-]*[\s)]*$")
_NUMBERING = re.compile(r"^\(?\s*([0-9]{1,3}|[A-Za-z])\s*\)?$")
_TOTAL = re.compile(r"^(?:tong|tong cong|tong so|cong|total|grand total|toan tinh|cong don)\s*:?$")

Row = Sequence[str]
MergedRange = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range as (row, column), counted from 0, both in it."""


class Span(NamedTuple):
    """Rows of a header, counted from 0: `first` is in it, `stop` is the first data row."""

    first: int
    stop: int


def find_header(rows: Sequence[Row], merged: Sequence[MergedRange], vocabulary: frozenset[str]) -> Span:
    """The rows that name the columns.

    The row is taken that names most columns by words known for columns; where none is known, the first row that is
    filled as widely as the table and holds no values. Rows below it belong to it where a merged cell reaches down, or
    where they name the parts of a cell that reaches across.

    Parameters
    ----------
    rows : sequence of rows of str
        The first rows of a sheet.
    merged : sequence of merged ranges
    vocabulary : frozenset of str
        Known column names in folded form.
    """
    head = rows[:SEARCHED_ROWS]
    best = max(range(len(head)), key=lambda n: (_known(head[n], vocabulary), -n), default=0)
    if not head or _known(head[best], vocabulary) < min(2, _width(head)):
        best = _first_wide(head)
    first = min([best, *(top for (top, _), (bottom, _) in merged if top <= best <= bottom)])
    return Span(first, _stop(head, merged, first, best))


def _known(row: Row, vocabulary: frozenset[str]) -> int:
    return len({key for cell in row if (key := header_key(cell)) in vocabulary})


def _width(rows: Sequence[Row]) -> int:
    return max((sum(bool(cell.strip()) for cell in row) for row in rows), default=0)


def _first_wide(rows: Sequence[Row]) -> int:
    """The first row filled at least half as widely as the widest one, without values in it if there is such a row."""
    wide = [n for n, row in enumerate(rows) if sum(bool(c.strip()) for c in row) * 2 >= _width(rows)]
    worded = [n for n in wide if not any(_HAS_VALUE.match(cell) for cell in rows[n] if cell.strip())]
    return next(iter(worded or wide), 0)


def _stop(rows: Sequence[Row], merged: Sequence[MergedRange], first: int, best: int) -> int:
    """The row behind the header."""
    down = [bottom for (top, _), (bottom, _) in merged if first <= top <= best and bottom < first + _MAX_HEADER_ROWS]
    last = max([best, *down])
    spreads = any(top == last and right > left for (top, left), (_, right) in merged)
    if last + 1 < len(rows) and (spreads or _gaps_filled(rows[last], rows[last + 1])):
        below = [cell for cell in rows[last + 1] if cell.strip()]
        if below and not any(_HAS_VALUE.match(cell) for cell in below):
            last += 1
    return last + 1


def _gaps_filled(upper: Row, lower: Row) -> bool:
    """The lower row names columns that the upper one left empty, and repeats no full row of cells."""
    gaps = [n for n, cell in enumerate(upper) if not cell.strip() and n > 0]
    filled = [n for n in gaps if n < len(lower) and lower[n].strip()]
    both = [n for n, cell in enumerate(upper) if cell.strip() and n < len(lower) and lower[n].strip()]
    return bool(filled) and len(both) <= len(filled)


def column_names(rows: Sequence[Row], merged: Sequence[MergedRange], span: Span, width: int) -> tuple[str, ...]:
    """One unique name per column: the words above it from top to bottom, merged cells counted for all they cover.

    Parameters
    ----------
    width : int
        Number of columns; where the header names none, "Cột 3".
    """
    grid = [
        [" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in rows[span.first : span.stop]
    ]
    for (top, left), (bottom, right) in merged:
        if span.first <= top < span.stop:
            for row in range(top, min(bottom + 1, span.stop)):
                for column in range(left, min(right + 1, width)):
                    grid[row - span.first][column] = grid[top - span.first][left]
    if not merged and len(grid) > 1:
        _spread(grid)
    names: list[str] = []
    for n in range(width):
        parts = list(dict.fromkeys(row[n] for row in grid if row[n]))
        name = " ".join(parts) or f"Cột {n + 1}"
        names.append(_unique(name, names))
    return tuple(names)


def _spread(grid: list[list[str]]) -> None:
    """Without word of merged cells, an upper name reaches over the gaps behind it that a lower row fills."""
    for row, below in pairwise(grid):
        for n in range(1, len(row)):
            if not row[n] and below[n] and row[n - 1] and below[n - 1]:
                row[n] = row[n - 1]


def _unique(name: str, taken: Sequence[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def is_numbering(row: Row) -> bool:
    """A row that only numbers the columns: (1), (2), (3) or A, B, 1, 2."""
    cells = [cell for cell in row if cell.strip()]
    found = [_NUMBERING.match(cell.strip()) for cell in cells]
    if len(cells) < 3 or not all(found):
        return False
    numbers = [int(m[1]) for m in found if m and m[1].isdigit()]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 3


def is_total(row: Row) -> bool:
    """A row of totals: its first words are "Tổng cộng" or the like."""
    words = [cell for cell in row if cell.strip()][:2]
    return any(_TOTAL.match(fold(cell)) for cell in words)
