"""Masking of small counts, so that no informant can be singled out: one rule for map, tooltip, table and export."""

from __future__ import annotations

from typing import Literal, TypeVar, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

T = TypeVar("T", pd.Series, pd.DataFrame)
Totals = Literal["none", "rows", "columns", "both"]


def mask(table: T, *, min_count: int = 5, totals: Totals = "both", also: T | None = None) -> T:
    """Hide counts from 1 to `min_count` - 1, and as many others as keep the hidden ones from being worked out.

    Where the total of a row or column is shown, a single hidden count would follow by subtraction, and two hidden ones
    that sum to very little would too. So in every such line at least two counts are hidden and together they reach
    `min_count`; the smallest remaining counts are taken first, zeros last. Then all totals together must leave each
    hidden count at least three values: there have to be tables with the same totals and open cells in which it has
    them. Only where whole lines hold too little is that beyond hiding cells: a total below `min_count` is a small count
    too, which must not be shown.

    Parameters
    ----------
    table : Series or DataFrame of counts
        NaN is "no data" and stays so. A Series is one column.
    min_count : int
        Smallest count that may be read.
    totals : {"none", "rows", "columns", "both"}
        Which margins a reader can see or work out. For a Series any value but "none" means its total.

    also : Series or DataFrame of bool, optional
        Cells that must be hidden whatever their count, for instance because a total they belong to is.

    Returns
    -------
    Series or DataFrame
        As `table`, in floats, hidden counts as NaN. Compare with `table` to tell hidden from missing.

    Raises
    ------
    ValueError
        If `totals` is not one of those named, or a count is negative.
    TypeError
        If the table is neither Series nor DataFrame.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4, doi:10.1002/9781118348239.
    """
    if totals not in get_args(Totals):
        raise ValueError(f"totals must be one of {', '.join(get_args(Totals))}")
    if not isinstance(table, pd.Series | pd.DataFrame):
        raise TypeError(f"table must be a Series or DataFrame, not {type(table).__name__}")
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    counts = frame.to_numpy(float, copy=True)
    if (counts < 0).any():
        raise ValueError("counts must not be negative")
    hidden = is_small(counts, min_count)
    if also is not None:
        hidden |= np.asarray(also, bool).reshape(hidden.shape) & np.isfinite(counts)
    along_rows = isinstance(table, pd.DataFrame) and totals in ("rows", "both")
    along_columns = totals in ("columns", "both") or (isinstance(table, pd.Series) and totals != "none")
    changed = True
    while changed:
        changed = along_rows and any(protect(counts[i], hidden[i], min_count) for i in range(len(counts)))
        if along_columns:
            columns = range(counts.shape[1])
            changed |= any(protect(counts[:, j], hidden[:, j], min_count) for j in columns)
        if along_rows and along_columns and not changed:
            changed = _loosen(counts, hidden)
    counts[hidden] = np.nan
    masked = pd.DataFrame(counts, index=frame.index, columns=frame.columns)
    return masked.iloc[:, 0].rename(table.name) if isinstance(table, pd.Series) else masked


def is_small(counts: NDArray[np.float64], min_count: int) -> NDArray[np.bool_]:
    """Counts from 1 to `min_count` - 1, of any shape."""
    return (counts > 0) & (counts < min_count)


def protect(
    line: NDArray[np.float64],
    hidden: NDArray[np.bool_],
    min_count: int,
    known: NDArray[np.bool_] | None = None,
    *,
    insider: bool = False,
) -> bool:
    """Hide more of one line, in place, until its hidden counts cannot be worked out; True if anything was hidden.

    Parameters
    ----------
    line : ndarray of float, shape (n,)
        NaN is "no data".
    hidden : ndarray of bool, shape (n,)
    min_count : int
    known : ndarray of bool, shape (n,), optional
        Counts that a reader has seen before: to hide them now protects nothing.
    insider : bool
        Also from one who knows any one of them.
    """
    changed = False
    while hidden.any() and not is_protected(line, hidden, min_count, insider=insider):
        free = ~hidden & np.isfinite(line)
        open_cells = np.flatnonzero(free if known is None else free & ~known)
        if not len(open_cells):
            break
        order = np.lexsort((open_cells, line[open_cells], line[open_cells] == 0))
        hidden[open_cells[order[0]]] = True
        changed = True
    return changed


def is_protected(
    line: NDArray[np.float64], hidden: NDArray[np.bool_], min_count: int, *, insider: bool = False
) -> bool:
    """Whether what is hidden of a line is nothing, or several counts that together reach `min_count`.

    With `insider`, also without the largest of them, which one who reported it knows.
    """
    if not hidden.any():
        return True
    unknown = np.sort(line[hidden])[: -1 if insider else None]
    return bool(len(unknown) >= 2 and unknown.sum() >= min_count)


def _loosen(counts: NDArray[np.float64], hidden: NDArray[np.bool_]) -> bool:
    """Hide one more cell, in place, beside a hidden count that all totals together still narrow; True if one was."""
    for i, j in np.argwhere(narrow(counts, hidden)):
        beside = np.zeros_like(hidden)
        beside[i, :] = beside[:, j] = True
        cells = np.argwhere(beside & ~hidden & np.isfinite(counts))
        if len(cells):
            values = counts[cells[:, 0], cells[:, 1]]
            row, column = cells[np.lexsort((values, values == 0))[0]]
            hidden[row, column] = True
            return True
    return False


def narrow(counts: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hidden cells for which fewer than three values are possible, given all totals and the open cells.

    Parameters
    ----------
    counts : ndarray of float, shape (rows, columns)
    hidden : ndarray of bool, same shape

    Returns
    -------
    ndarray of bool, same shape
    """
    narrowed = hidden & ~_swaps_both_ways(counts, hidden)
    for i, j in np.argwhere(narrowed):
        narrowed[i, j] = _values(counts, hidden, i, j) < _ENOUGH
    return narrowed


_ENOUGH = 3
"""Values that a hidden count must at least be able to have."""


def _swaps_both_ways(counts: NDArray[np.float64], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that may be one more and one less, each by a swap over two rows and two columns; shape as `counts`."""
    gives, takes = (hidden & (counts > 0)).astype(float), hidden.astype(float)
    more, less = np.zeros(counts.shape), np.zeros(counts.shape)
    for row in range(len(counts)):
        # Another cell of the row gives, one below it takes, and the one below this cell gives; or all the other way.
        down, up = gives[row] * takes, takes[row] * gives
        down[row] = up[row] = 0.0
        more[row] = (gives * (down.sum(axis=1, keepdims=True) - down)).sum(axis=0)
        less[row] = (takes * (up.sum(axis=1, keepdims=True) - up)).sum(axis=0)
    return np.asarray(hidden & (more > 0) & (less > 0) & (counts > 0))


def _values(counts: NDArray[np.float64], hidden: NDArray[np.bool_], i: int, j: int) -> int:
    """How many values a hidden cell may have, up to `_ENOUGH`."""
    found = 1
    for step in (1, -1):
        table = np.where(hidden, counts, 0.0)
        while found < _ENOUGH and (step > 0 or table[i, j] > 0) and _move(table, hidden, i, j, step):
            table[i, j] += step
            found += 1
    return found


def _move(
    table: NDArray[np.float64], hidden: NDArray[np.bool_], i: int, j: int, step: int
) -> bool:  # fmt: skip
    """Change other hidden cells, in place, so that the totals allow for one more (or one less) in a cell; True if done.

    What is added to it must be taken from another cell of its row, added again in that cell's column, and so on until
    its own column is reached: a chain over hidden cells, of which only those above zero can give.
    """
    others = hidden.copy()
    others[i, j] = False
    gives = others & (table > 0)
    along_row, along_column = (gives, others) if step > 0 else (others, gives)
    column_from, row_from = np.full(table.shape[1], -1), np.full(table.shape[0], -1)
    row_from[i], rows = table.shape[1], [i]
    while rows:
        reached: list[int] = []
        for row in rows:
            new = np.flatnonzero(along_row[row] & (column_from < 0))
            column_from[new] = row
            reached.extend(new.tolist())
        if column_from[j] >= 0:
            _walk(table, column_from, row_from, j, step)
            return True
        rows = []
        for column in reached:
            new = np.flatnonzero(along_column[:, column] & (row_from < 0))
            row_from[new] = column
            rows.extend(new.tolist())
    return False


def _walk(
    table: NDArray[np.float64], column_from: NDArray[np.int64], row_from: NDArray[np.int64], j: int, step: int
) -> None:  # fmt: skip
    """Take and add along the chain that ends in column j, in place."""
    column = j
    while column < table.shape[1]:
        row = column_from[column]
        table[row, column] -= step
        column = row_from[row]
        if column < table.shape[1]:
            table[row, column] += step
