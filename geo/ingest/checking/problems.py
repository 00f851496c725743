"""What is wrong with rows, one line per problem: row, column, value, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.text import Lang, t

_NO_HINT = "–"

__all__ = ["COLUMNS", "Problems"]

COLUMNS = ["row", "column", "value", "problem", "advice", "key", "sheet", "at"]
_KEPT = 1000
"""Characters of a cell that are kept; what is shown is cut after personal content is masked."""


class Problems:
    """Collects problems as columns, so that a million bad rows cost no more than a million cells.

    Parameters
    ----------
    lang : {"vi", "en"}
        Language of the sentences.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._parts: list[pd.DataFrame] = []

    def add(
        self,
        key: str,
        rows: pd.Index,
        column: str,
        values: pd.Series | Sequence[str] | str = "",
        *,
        hints: Sequence[str] | None = None,
        **params: object,
    ) -> None:
        """The same problem in several rows.

        Parameters
        ----------
        key : str
            Messages `ingest.problem_<key>` (what is wrong) and `ingest.advice_<key>` (what to do).
        rows : Index of int
            Row numbers in the file.
        column : str
            Heading of the column; "" for the row as a whole.
        values : Series, sequence or str
            The cells.
        hints : sequence of str, optional
            What the placeholder `{hint}` of the advice says in each row.
        **params
            Values for the other placeholders.
        """
        if not len(rows):
            return
        problem = t(f"ingest.problem_{key}", self.lang, **params)
        part = pd.DataFrame({"row": rows.to_numpy(np.int64)})
        part["column"] = column
        same = isinstance(values, str)
        part["value"] = values if same else pd.Series(np.asarray(values), dtype="str").str.slice(0, _KEPT)
        part["problem"] = problem
        if hints is None:
            part["advice"] = t(f"ingest.advice_{key}", self.lang, **params)
        else:
            said = {hint: t(f"ingest.advice_{key}", self.lang, hint=hint or _NO_HINT, **params) for hint in set(hints)}
            part["advice"] = [said[hint] for hint in hints]
        part["key"] = key
        self._parts.append(part)

    def where(self, key: str, wrong: NDArray[np.bool_], values: pd.Series, **params: str | int) -> None:
        """The problem in the rows of `values` where `wrong`; the series' name is the column's heading."""
        if wrong.any():
            chosen = values[wrong]
            self.add(key, chosen.index, str(values.name), chosen, hints=None, **params)

    def frame(self, origin: pd.DataFrame | None = None) -> pd.DataFrame:
        """All problems in order of row: the columns `COLUMNS`.

        Parameters
        ----------
        origin : DataFrame[sheet, row], optional
            Where rows stand, for tables joined of several sheets: `at` is then the row's index, `row` its number in its
            sheet. Without it both are the row number, and `sheet` is empty.
        """
        if not self._parts:
            return pd.DataFrame(
                {name: pd.Series(dtype="int64" if name in ("row", "at") else "str") for name in COLUMNS}
            )
        found = pd.concat(self._parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
        found = found.assign(sheet="", at=found["row"])
        if origin is not None:
            at = origin.loc[found["at"]]
            found = found.assign(sheet=at["sheet"].to_numpy(), row=at["row"].to_numpy())
        return found
