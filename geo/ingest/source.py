"""What a file of an office holds once it is read: tables of text with their row numbers, and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from geo.ingest.recognising.fields import VOCABULARY, header_key
from geo.text import Lang, t

__all__ = ["Limits", "Note", "RawTable", "Source", "font_note", "is_known"]

_KNOWN_HEADINGS = 2


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken; more is refused with a message, before memory is spent on it.

    Attributes
    ----------
    file_bytes : int
        Size of the file; what a browser may send is the same, in `.streamlit/config.toml`.
    rows : int
        Data rows of one table.
    columns : int
        Columns of one table.
    cells : int
        Rows times columns of one sheet of a workbook, empty cells between filled ones included.
    line_bytes : int
        Length of one line of a text file.
    """

    file_bytes: int = 250_000_000
    rows: int = 2_000_000
    columns: int = 300
    cells: int = 5_000_000
    line_bytes: int = 1_000_000


@dataclass(frozen=True)
class Note:
    """Something a person should know about how a file was read.

    Attributes
    ----------
    key : str
        Message key in the catalogue.
    params : tuple of (str, object)
        Values for its placeholders.
    """

    key: str
    params: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, key: str, /, **params: object) -> Note:
        """A note by key and placeholders."""
        return cls(key, tuple(params.items()))

    def message(self, lang: Lang) -> str:
        """The sentence for a person, in `lang`."""
        return t(self.key, lang, **dict(self.params))


def font_note(typed: Mapping[str, str]) -> Note:
    """What to know of a table with text in a font of an old encoding.

    Parameters
    ----------
    typed : mapping of str to str
        What stood there, and what it was read as; not empty.
    """
    return Note.of("ingest.note_font", count=len(typed))


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table of a file as it stands there.

    Attributes
    ----------
    name : str
        Sheet or layer; the file's stem for text files.
    header : tuple of str
        Column names, made unique; the columns of `rows`.
    rows : DataFrame of str
        Cells as text, "" where empty; the index is the row number in the file, as a person counts.
    first_row : int
        Row number of the first data row.
    since_1904 : bool
        Whole numbers that stand for days count from 1904 (old Macintosh workbooks), not from 1900.
    ragged : dict of int to str
        Lines that have more or fewer cells than the header, by row number: never part of `rows`.
    notes : tuple of Note
    shapes : Series of geometry, optional
        What the features of a map file are, in WGS 84 where the file says in which system it is, indexed as `rows`;
        None where all are points.
    origin : DataFrame[sheet, row], optional
        Where each row stands, by the index of `rows`, which only counts then: for tables joined of several sheets.
    """

    name: str
    header: tuple[str, ...]
    rows: pd.DataFrame
    first_row: int
    since_1904: bool = False
    ragged: dict[int, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    shapes: pd.Series | None = None
    origin: pd.DataFrame | None = None

    def where(self, number: int, lang: Lang) -> str:
        """The row with an index of `rows` as a person finds it: its number, and its sheet where there are several."""
        if self.origin is None:
            return str(number)
        sheet, row = self.origin.loc[number, ["sheet", "row"]]
        return t("ingest.row_of_sheet", lang, row=row, sheet=sheet)


@dataclass(frozen=True, eq=False)
class Source:
    """A file that was read.

    Attributes
    ----------
    name : str
        File name.
    tables : tuple of RawTable
        Those with at least one data row, in the file's order.
    encoding : str
        Of text files and shapefile tables; "" where the format has none.
    separator : str
        Of text files; "" for others.
    notes : tuple of Note
        About the file as a whole.
    """

    name: str
    tables: tuple[RawTable, ...]
    encoding: str = ""
    separator: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def table(self) -> RawTable:
        """What an import takes where no sheet is named: the longest table, those with known headings first."""
        return max(self.tables, key=lambda table: (is_known(table), len(table.rows)))


def is_known(table: RawTable) -> bool:
    """Whether some of its headings are known."""
    return sum(header_key(heading) in VOCABULARY for heading in table.header) >= _KNOWN_HEADINGS
