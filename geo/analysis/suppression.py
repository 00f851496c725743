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
    `min_count`; the smallest remaining counts are taken first, zeros last. Where totals of rows and of columns are
    shown, all of them together must not fix a small count either: there has to be another table with the same totals
    and open cells in which it differs. If a whole line holds too little, nothing short of its total could hide it.

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
    small = (counts > 0) & (counts < min_count)
    hidden = small.copy()
    if also is not None:
        hidden |= np.asarray(also, bool).reshape(hidden.shape) & np.isfinite(counts)
    along_rows = isinstance(table, pd.DataFrame) and totals in ("rows", "both")
    along_columns = totals in ("columns", "both") or (isinstance(table, pd.Series) and totals != "none")
    changed = True
    while changed:
        changed = along_rows and any(_protect(counts[i], hidden[i], min_count) for i in range(len(counts)))
        if along_columns:
            columns = range(counts.shape[1])
            changed |= any(_protect(counts[:, j], hidden[:, j], min_count) for j in columns)
        if along_rows and along_columns and not changed:
            changed = _loosen(counts, hidden, small)
    counts[hidden] = np.nan
    masked = pd.DataFrame(counts, index=frame.index, columns=frame.columns)
    return masked.iloc[:, 0].rename(table.name) if isinstance(table, pd.Series) else masked


def _protect(line: NDArray[np.float64], hidden: NDArray[np.bool_], min_count: int) -> bool:
    """Hide more of one line, in place, until its hidden counts cannot be worked out; True if anything was hidden."""
    changed = False
    while hidden.any() and (hidden.sum() < 2 or line[hidden].sum() < min_count):
        open_cells = np.flatnonzero(~hidden & np.isfinite(line))
        if not len(open_cells):
            break
        order = np.lexsort((open_cells, line[open_cells], line[open_cells] == 0))
        hidden[open_cells[order[0]]] = True
        changed = True
    return changed


def _loosen(counts: NDArray[np.float64], hidden: NDArray[np.bool_], small: NDArray[np.bool_]) -> bool:
    """Hide one more cell, in place, beside a small count that all totals together still fix; True if one was hidden."""
    for i, j in np.argwhere(small):
        if _may_differ(hidden, hidden & (counts > 0), i, j):
            continue
        beside = np.zeros_like(hidden)
        beside[i, :] = beside[:, j] = True
        cells = np.argwhere(beside & ~hidden & np.isfinite(counts))
        if len(cells):
            values = counts[cells[:, 0], cells[:, 1]]
            row, column = cells[np.lexsort((values, values == 0))[0]]
            hidden[row, column] = True
            return True
    return False


def _may_differ(hidden: NDArray[np.bool_], positive: NDArray[np.bool_], i: int, j: int) -> bool:
    """Whether a hidden cell may be larger or smaller in a table with the same totals.

    What is added to it must be taken from another cell of its row, added again in that cell's column, and so on until
    its own column is reached: a chain over hidden cells, of which only those above zero can give.
    """
    give, take = positive.copy(), hidden.copy()
    give[i, j] = take[i, j] = False
    return _reached(give, take, i, j) or _reached(take, give, i, j)


def _reached(first: NDArray[np.bool_], then: NDArray[np.bool_], i: int, j: int) -> bool:
    """Whether steps along rows over `first` and along columns over `then` lead from row i to column j."""
    rows = np.zeros(len(first), bool)
    rows[i] = True
    while True:
        columns = np.asarray(first[rows].any(axis=0))
        if columns[j]:
            return True
        wider = rows | then[:, columns].any(axis=1)
        if (wider == rows).all():
            return False
        rows = wider
