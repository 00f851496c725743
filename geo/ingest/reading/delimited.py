"""Tables in text files: CSV with whatever separator and encoding."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from geo.errors import InputError, cause
from geo.files import scratch
from geo.ingest.reading.encoding import encoding_of, from_fonts_to_utf8, given_encoding, to_utf8
from geo.ingest.reading.grid import SEARCHED_ROWS, Span, column_names, find_header, is_numbering, is_total
from geo.ingest.source import Limits, Note, RawTable, Source, font_note

__all__ = ["read_delimited"]

_SEPARATORS = ",;\t|"
_SAMPLE_BYTES = 1 << 18
_BLOCK = 16 << 20
_TAIL = 20
_SHOWN = 200


def read_delimited(
    path: Path, *, encoding: str | None, separator: str | None, limits: Limits, vocabulary: frozenset[str]
) -> Source:
    """The table of a text file.

    Raises
    ------
    InputError
        If it is not text, holds no table, or is over a limit.
    """
    chosen = given_encoding(encoding) if encoding else encoding_of(path)
    with scratch() as folder:
        plain, notes = path, []
        if chosen not in ("utf-8", "utf-8-sig"):
            plain = folder / "utf8.csv"
            if lost := to_utf8(path, plain, chosen):
                notes.append(Note.of("ingest.note_undecodable", count=lost, encoding=chosen))
        elif encoding and encoding_of(path) != chosen:
            plain = folder / "utf8.csv"
            lost = to_utf8(path, plain, chosen)
            notes.append(Note.of("ingest.note_undecodable", count=lost, encoding=chosen))
        if typed := from_fonts_to_utf8(plain, folder / "unicode.csv"):
            plain = folder / "unicode.csv"
            notes.append(font_note(typed))
        table, used = _read_utf8(plain, path, separator, limits, vocabulary)
    return Source(path.name, (table,), chosen, used, tuple(notes))


@dataclass
class _Layout:
    """What the first lines tell."""

    separator: str
    names: tuple[str, ...]
    skip: int
    """Lines of the file before the first data row."""
    numbering: bool
    is_bare: bool
    """There is nothing below the header."""
    ragged: dict[int, str] = field(default_factory=dict)


def _read_utf8(
    plain: Path, path: Path, separator: str | None, limits: Limits, vocabulary: frozenset[str]
) -> tuple[RawTable, str]:
    layout = _layout(plain, path, separator, limits, vocabulary)
    if layout.is_bare:
        raise InputError("ingest.empty", file=path.name)
    try:
        table = _body(plain, path, layout, limits)
    except pa.ArrowInvalid as error:
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    rows, notes = _tidy(table, layout)
    return (
        RawTable(
            path.stem, layout.names, rows, layout.skip + 1 + layout.numbering, ragged=layout.ragged, notes=tuple(notes)
        ),
        layout.separator,
    )


def _layout(plain: Path, path: Path, separator: str | None, limits: Limits, vocabulary: frozenset[str]) -> _Layout:
    text = _sample(plain, path, limits)
    chosen = separator or _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=chosen)
    rows, ends = [], []
    csv.field_size_limit(limits.line_bytes)  # of one cell, which is no longer than a line
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) >= SEARCHED_ROWS + 5:
                break
    except csv.Error as error:
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise InputError("ingest.empty", file=path.name)
    span = find_header(rows, (), vocabulary)
    width = _table_width(rows, span)
    if width > limits.columns:
        raise InputError("ingest.too_many_columns", file=path.name, count=width, limit=limits.columns)
    numbering = span.stop < len(rows) and is_numbering(rows[span.stop])
    names = column_names(rows, (), span, width)
    is_bare = span.stop >= len(rows) and len(text.encode()) >= plain.stat().st_size - len(codecs.BOM_UTF8)
    return _Layout(chosen, names, ends[span.stop - 1] if span.stop else 0, numbering, is_bare)


def _table_width(rows: list[list[str]], span: Span) -> int:
    """Cells per line: of the lines that follow most often, and at least of the header as far as it is filled."""
    filled = max(
        (n + 1 for row in rows[span.first : span.stop] for n, cell in enumerate(row) if cell.strip()), default=0
    )
    below = Counter(len(row) for row in rows[span.stop :] if row)
    return max(filled, below.most_common(1)[0][0] if below else 0)


def _sample(plain: Path, path: Path, limits: Limits) -> str:
    """The first lines, whole."""
    with plain.open("rb") as file:
        start = file.read(max(_SAMPLE_BYTES, limits.line_bytes + 1))
    end = start.rfind(b"\n", 0, _SAMPLE_BYTES)
    first = len(start.split(b"\n", 1)[0])
    if first > limits.line_bytes:
        raise InputError("ingest.line_too_long", file=path.name, limit=limits.line_bytes // 1000)
    return start[: end + 1 if end >= 0 else len(start)].decode("utf-8-sig", errors="replace")


def _separator(text: str) -> str:
    """The separator by which most lines have the same number of cells; of equals, the one that makes more cells."""
    lines = text[:20_000]

    def score(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(lines, newline=""), delimiter=separator) if row)
        except csv.Error:
            return 0, 0
        several = [(count, width) for width, count in widths.items() if width > 1]
        return max(several, default=(0, 0))

    return max(_SEPARATORS, key=score)


def _body(plain: Path, path: Path, layout: _Layout, limits: Limits) -> pa.Table:
    """All lines below the header as columns of text; lines of another width are kept apart."""
    columns = [str(n) for n in range(len(layout.names))]

    def keep_apart(row: arrow_csv.InvalidRow) -> str:
        if row.text.strip():
            layout.ragged[row.number or 0] = row.text[:_SHOWN]
        else:
            blank.append(row.number or 0)
        return "skip"

    blank: list[int] = []
    reader = arrow_csv.open_csv(
        plain,
        read_options=arrow_csv.ReadOptions(
            skip_rows=layout.skip, column_names=columns, use_threads=False, block_size=_BLOCK
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=layout.separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=keep_apart,
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.large_string()), strings_can_be_null=False
        ),
    )
    batches, count = [], 0
    for batch in reader:
        count += batch.num_rows
        if count > limits.rows:
            raise InputError("ingest.too_many_rows", file=path.name, limit=limits.rows)
        batches.append(batch)
    table = pa.Table.from_batches(batches, schema=reader.schema)
    missing = np.array(sorted([*layout.ragged, *blank]), dtype=np.int64)
    return table.append_column("row", pa.array(_row_numbers(count, layout.skip + 1, missing)))


def _row_numbers(count: int, first: int, missing: np.ndarray) -> np.ndarray:
    """`count` row numbers from `first` on, without the missing ones."""
    numbers = np.arange(first, first + count + len(missing))
    return numbers[~np.isin(numbers, missing)][:count] if len(missing) else numbers


def _tidy(table: pa.Table, layout: _Layout) -> tuple[pd.DataFrame, list[Note]]:
    """Without empty lines, the numbering row and totals."""
    rows = table.drop_columns("row").to_pandas()
    rows.columns = list(layout.names)
    rows.index = pd.Index(table["row"].to_numpy(), name="row")
    if layout.numbering:
        rows = rows.iloc[1:]
    if len(rows) and (rows.iloc[:, 0] == "").any():
        rows = rows[(rows != "").any(axis=1)]
    totals = [row for row, cells in zip(rows.index[-_TAIL:], rows.iloc[-_TAIL:].values.tolist()) if is_total(cells)]
    notes = [Note.of("ingest.note_totals", count=len(totals))] if totals else []
    return (rows.drop(index=totals) if totals else rows), notes
