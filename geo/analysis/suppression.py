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
    `min_count`; the smallest remaining counts are taken first, zeros last.

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
        If `totals` is not one of those named.

    References
    ----------
    Hundepool et al. (2012), Statistical Disclosure Control, chapter 4, doi:10.1002/9781118348239.
    """
    if totals not in get_args(Totals):
        raise ValueError(f"totals must be one of {', '.join(get_args(Totals))}")
    frame = table.to_frame() if isinstance(table, pd.Series) else table
    counts = frame.to_numpy(float, copy=True)
    hidden = (counts > 0) & (counts < min_count)
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
