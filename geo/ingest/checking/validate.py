"""From text to records of the store, and what is wrong with the rest: every row is in exactly one of the two."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.errors import InputError
from geo.ingest.checking.cells import Check
from geo.ingest.checking.counts import monthly_rows, population_rows
from geo.ingest.checking.duplicates import check_duplicates
from geo.ingest.checking.events import event_rows
from geo.ingest.checking.parts import without_the_incomplete
from geo.ingest.checking.problems import Problems
from geo.ingest.checking.programme import model_rows, target_rows, yearly_rows
from geo.ingest.checking.reference import Reference
from geo.ingest.checking.zones import with_shapes, zone_rows
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.source import Note, RawTable
from geo.personal.masking import masked_cells
from geo.schema import Dataset

__all__ = ["Checked", "validate"]

_SHOWN = 80
"""Characters of a cell that are shown beside its problem."""


@dataclass(frozen=True, eq=False)
class Checked:
    """The outcome of a check.

    Attributes
    ----------
    rows : DataFrame
        Good records: the columns the store takes, indexed by row number.
    problems : DataFrame[row, column, value, problem, advice, key, sheet, at]
        One line per problem; `sheet` where several were joined, `at` the index in `rejected`.
    rejected : DataFrame of str
        The rows with problems as they stand in the file.
    total : int
        Rows looked at.
    warnings : DataFrame, columns as `problems`
        What should be looked at in rows that come in nevertheless.
    duplicates : int
        Rejected rows whose only problem is that the record is there already, with the same content.
    notes : tuple of Note
        What was recognised on the way.
    """

    rows: pd.DataFrame
    problems: pd.DataFrame
    rejected: pd.DataFrame
    total: int
    warnings: pd.DataFrame
    duplicates: int = 0
    notes: tuple[Note, ...] = ()


def validate(table: RawTable, mapping: Mapping, reference: Reference) -> Checked:
    """Check a table row by row.

    Parameters
    ----------
    table : RawTable
        Without the columns that identify persons.
    mapping : Mapping
    reference : Reference

    Raises
    ------
    InputError
        If the mapping does not fit the table, metric coordinates come without a system, or a system is named where no
        coordinates are metric.
    """
    mapping.check(table.header)
    check = Check(table, table.rows, mapping, reference, Problems(reference.lang), list(table.notes))
    _refuse_errors(check)
    match mapping.dataset:
        case Dataset.MONTHLY:
            rows = monthly_rows(check)
        case Dataset.POPULATION:
            rows = population_rows(check)
        case Dataset.ZONES:
            rows = zone_rows(check)
        case Dataset.YEARLY:
            rows = yearly_rows(check)
        case Dataset.TARGETS:
            rows = target_rows(check)
        case Dataset.MODELS:
            rows = model_rows(check)
        case _:
            rows = event_rows(check)
    if reference.crs and not check.crs_used:
        raise InputError("ingest.crs_no_effect", file=table.name, crs=reference.crs)
    for number, text in table.ragged.items():
        check.problems.add("ragged", pd.Index([number]), "", text, count=len(table.header))
    return _outcome(check, rows)


_ERROR = (
    r"#(?:N/A|NAME\?|GETTING_DATA|(?:REF|VALUE|DIV/0|NUM|NULL|SPILL|CALC|BUSY|FIELD|UNKNOWN|CONNECT|BLOCKED)!)"
    r"|Err:5\d\d"
)


def _refuse_errors(check: Check) -> None:
    """Cells that show the error of a formula are that, and neither empty nor a name nobody knows."""
    for column in dict.fromkeys([*check.mapping.columns.values(), *check.mapping.measures.values()]):
        cells = check.rows[column]
        if cells.str.startswith(("#", "Err:")).any():
            check.refuse("cell_error", cells.str.strip().str.fullmatch(_ERROR).to_numpy(bool), cells)


def _without_echoes(problems: pd.DataFrame) -> pd.DataFrame:
    """Of a row with an error in a cell nothing else is said: what follows from it would send a person astray."""
    errors = problems[problems["key"] == "cell_error"]
    if errors.empty:
        return problems
    echo = problems["at"].isin(errors["at"]) & (problems["key"] != "cell_error")
    return problems[~echo].reset_index(drop=True)


def _masked(problems: pd.DataFrame, fields: dict[str, str]) -> pd.DataFrame:
    """Values of problems without personal content, cut to what can be read; several columns are headed "x + y"."""
    values = problems["value"].to_numpy(object).copy()
    for column, at in problems.groupby("column").indices.items():
        field = fields.get(str(column), fields.get(str(column).split(" + ", 1)[0], ""))
        values[at] = masked_cells(problems["value"].iloc[at], field)
    return problems.assign(value=pd.Series(values, problems.index, dtype="str").str.slice(0, _SHOWN))


_THERE = ("duplicate_in_store", "reported_in_store", "duplicate_in_file", "count_twice_in_file", "zone_in_file")
"""What is said of rows that are left out because they are there, and not because anything is wrong with them."""


def _outcome(check: Check, good: pd.DataFrame) -> Checked:
    """Good rows without duplicates; the other rows as they stand in the file."""
    known = check.reference.known(check.mapping.dataset, good) if len(good) else pd.DataFrame()
    heading = check.mapping.columns.get("record_id", "")
    double = check_duplicates(
        good, check.mapping.dataset, known, check.problems, heading=heading,
        where=lambda row: check.table.where(row, check.reference.lang),
    )  # fmt: skip
    if double.any():
        good = good[~double]
    if check.together is not None:
        known_so_far = check.problems.frame()
        twice = known_so_far["key"] == "count_twice_in_file"
        good = without_the_incomplete(check, good, pd.unique(known_so_far["at"][~twice]))
    fields = {column: name for name, column in check.mapping.columns.items()}
    fields |= dict.fromkeys(check.mapping.measures.values(), "value")
    problems = _masked(_without_echoes(check.problems.frame(check.table.origin)), fields)
    refused = pd.unique(problems["at"])
    if check.mapping.measures and len(refused):  # a wide row counts as one: all of its measures or none
        good = good[~good.index.isin(refused)]
    rejected = with_shapes(check, check.rows[check.rows.index.isin(refused)])
    if check.table.ragged:
        whole = pd.Series(check.table.ragged, dtype="str")
        told = {check.table.header[0]: masked_cells(whole, "")}
        lines = pd.DataFrame(told, index=whole.index, columns=list(check.table.header), dtype="str").fillna("")
        rejected = pd.concat([rejected, lines]).sort_index()
    same = problems["key"].isin(_THERE)
    duplicates = len(set(problems["at"][same]) - set(problems["at"][~same]))
    total = len(check.rows) + len(check.table.ragged)
    warnings = _masked(check.warnings.frame(check.table.origin), fields)
    warnings = warnings[warnings["at"].isin(good.index)].reset_index(drop=True)
    return Checked(good, problems, rejected, total, warnings, duplicates, tuple(check.notes))
