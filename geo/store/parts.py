"""Sessions by what was said of them: where, what about, and who held them.

A report need not say it. What a commune did not say of any of a month's sessions is not known of that month, which is
not the same as none; where it was said of some, the others count as of no topic, organiser or area.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.schema import PART_COLUMNS

__all__ = ["counted_as", "parts_in"]


def parts_in(reports: pd.DataFrame) -> pd.DataFrame:
    """Those of a measure's reports of which something was said; columns as of `reading.monthly`, texts plain."""
    said = np.logical_or.reduce([(reports[name] != "").to_numpy(bool) for name in PART_COLUMNS])
    return reports[said].astype(dict.fromkeys(PART_COLUMNS, object)).reset_index(drop=True)


def counted_as(reports: pd.DataFrame, **asked: str) -> pd.DataFrame:
    """A measure's reports with the counts of one part alone: those of the months of which that is known.

    Parameters
    ----------
    reports : DataFrame
        Of one measure, columns as of `reading.monthly`.
    asked : str
        Value by name of `PART_COLUMNS`; all of them have to hold.

    Returns
    -------
    DataFrame
        The same columns in the same order; the count 0 in rows of other parts. A unit's month with sessions of which
        nothing was said by one of the names is not in it.
    """
    key = [reports[name] for name in ("month", "unit_system", "unit_code")]
    held = reports["value"].groupby(key, observed=True).transform("sum").gt(0)
    unknown, chosen = np.zeros(len(reports), bool), np.ones(len(reports), bool)
    for name, value in asked.items():
        said = (reports[name] != "").groupby(key, observed=True).transform("any")
        unknown = unknown | (held & ~said).to_numpy(bool)
        chosen = chosen & (reports[name] == value).to_numpy(bool)
    return reports.assign(value=reports["value"].where(chosen, 0))[~unknown]
