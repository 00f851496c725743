"""What a workbook would unpack to, found out before it is opened: the reader holds whole sheets in memory.

XLSX and ODS files are zips of XML. The parts are read once as a stream, so that sizes that lie, cells far out, and text
repeated without end are refused while they are still small.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from geo.errors import InputError, cause
from geo.ingest.reading.marks import Marks, marks_of_ods, marks_of_xls
from geo.ingest.source import Limits

__all__ = ["Package", "inspect", "refuse_entities"]

_MAX_UNPACKED = 700_000_000
_MAX_ENTRIES = 10_000
_CHUNK = 1 << 20
_OVERLAP = 400
_MAX_TEXT = 400_000_000

# Between the brackets of a tag is no other bracket: a pattern that crosses one takes a square of the length to fail.
_CELL = re.compile(rb'<(?:\w+:)?c\b[^<>/]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>')
_REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d+)"')
_ODS_CELL = re.compile(rb"<table:table-cell\b([^<>]*)>")
_ODS_MARK = re.compile(rb'value-type="error"|table:visibility="(?:collapse|filter)"')
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
_SHARED_TAG = re.compile(rb"<(/?)(?:\w+:)?si\b[^<>]*?(/?)>")
_SHARED_USE = re.compile(rb'\bt="s"[^<>]*>\s*<(?:\w+:)?v>(\d+)<')
_FORMULA = rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"
_UNCALCULATED = re.compile(
    rb'<(?:\w+:)?c\b(?![^<>]*\bt="str")[^<>]*>\s*' + _FORMULA
    + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)  # fmt: skip
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*(?:'
    + _FORMULA + rb")?<(?:\w+:)?v>(#[^<]{1,20})<"
)  # fmt: skip
_UNSEEN = rb'\b(?:hidden="(?:1|true)"|ht="0(?:\.0+)?"|width="0(?:\.0+)?")'
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^<>]*" + _UNSEEN + rb')[^<>]*?\br="(\d{1,7})"[^<>]*>')
_HIDDEN_COLUMN = re.compile(
    rb"<(?:\w+:)?col\b(?=[^<>]*" + _UNSEEN + rb')(?=[^<>]*\bmin="(\d{1,5})")(?=[^<>]*\bmax="(\d{1,5})")'
)
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, KeyError,
    etree.XMLSyntaxError,
)  # fmt: skip
_MOST_ERRORS = 10_000
_USE_1904 = re.compile(rb'date1904="(?:1|true)"', re.IGNORECASE)


@dataclass(frozen=True)
class Package:
    """What matters of a workbook's wrapping.

    Attributes
    ----------
    has_macros : bool
    since_1904 : bool
        Its days count from 1904.
    uncalculated : bool
        It has formulas without a value: a program wrote it, and nobody has opened and saved it since.
    errors : dict
        By sheet: what cells show whose formula failed, by row and column from 1.
    hidden_rows : dict
        By sheet: rows that are hidden, filtered out or of no height, from 1.
    hidden_columns : dict
        By sheet: the same of columns, of an XLSX alone.
    is_binary : bool
        It is an XLSB, of which neither is known.
    """

    has_macros: bool = False
    since_1904: bool = False
    uncalculated: bool = False
    errors: Mapping[str, Mapping[tuple[int, int], str]] = field(default_factory=dict)
    hidden_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    hidden_columns: Mapping[str, frozenset[int]] = field(default_factory=dict)
    is_binary: bool = False


def inspect(path: Path, limits: Limits) -> Package:
    """Check the package of a workbook; a file that is no zip (XLS) has none.

    Raises
    ------
    InputError
        If it unpacks to too much, has an unsafe path, XML entities, or cells beyond the limits.
    """
    if not zipfile.is_zipfile(path):
        marks = marks_of_xls(path)
        return Package(errors=marks.errors, hidden_rows=_frozen(marks))
    has_macros = since_1904 = uncalculated = has_marks = False
    budget, parts = _MAX_UNPACKED, []
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > budget:
                raise InputError("ingest.unpacks_too_much", file=path.name)
            for entry in entries:
                _check_name(path, entry.filename)
                has_macros |= entry.filename.lower().endswith("vbaproject.bin")
                part = _Part(path, limits, entry.filename)
                for window, fresh in _windows(archive, entry):
                    budget -= fresh
                    if budget < 0:
                        raise InputError("ingest.unpacks_too_much", file=path.name)
                    part.look(window)
                since_1904 |= part.since_1904
                uncalculated |= part.uncalculated
                has_marks |= part.has_marks
                if part.errors or part.hidden or part.hidden_columns:
                    parts.append(part)
            if _text_volume(archive) > _MAX_TEXT:
                raise InputError("ingest.unpacks_too_much", file=path.name)
            names = _sheet_names(archive) if parts else {}
            marks = marks_of_ods(archive) if has_marks else Marks()
    except _DAMAGED as error:
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    named = {names[part.name]: part for part in parts if part.name in names}
    return Package(
        has_macros, since_1904, uncalculated,
        marks.errors | {name: part.errors for name, part in named.items() if part.errors},
        _frozen(marks) | {name: frozenset(part.hidden) for name, part in named.items() if part.hidden},
        {name: frozenset(part.hidden_columns) for name, part in named.items() if part.hidden_columns},
        is_binary="xl/workbook.bin" in {entry.filename.lower() for entry in entries},
    )  # fmt: skip


def _frozen(marks: Marks) -> dict[str, frozenset[int]]:
    return {name: frozenset(rows) for name, rows in marks.hidden.items()}


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of the sheets of an XLSX by the part that holds them; empty where it does not say."""
    try:
        book = _xml(archive.read("xl/workbook.xml"))
        links = _xml(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, etree.XMLSyntaxError):
        return {}
    targets = {link.get("Id"): str(link.get("Target", "")) for link in links}
    found = {}
    for sheet in book.iter("{*}sheet"):
        number = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
        target = targets.get(number, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[part] = str(sheet.get("name", ""))
    return found


def _xml(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _text_volume(archive: zipfile.ZipFile) -> int:
    """Bytes of text in all cells: a shared text counts as often as it is used, for the reader copies it each time."""
    shared = next((n for n in archive.namelist() if n.lower().endswith("sharedstrings.xml")), None)
    if shared is None:
        return 0
    lengths = list(_lengths(archive.read(shared)))
    sheets = [n for n in archive.namelist() if "/worksheets/" in n.lower() and n.lower().endswith(".xml")]
    total = 0
    for name in sheets:
        uses = Counter(_SHARED_USE.findall(archive.read(name)))
        total += sum(count * lengths[int(number)] for number, count in uses.items() if int(number) < len(lengths))
    return total


def _lengths(shared: bytes) -> Iterator[int]:
    """Bytes of each shared text."""
    start: int | None = None
    for tag in _SHARED_TAG.finditer(shared):
        if tag[1] and start is not None:
            yield tag.start() - start
            start = None
        elif tag[2]:
            yield 0
        elif not tag[1]:
            start = tag.end() if start is None else start


def refuse_entities(path: Path) -> None:
    """Raise InputError where an XML file declares entities or a document type: no map file needs them."""
    with path.open("rb") as file:
        previous = b""
        while chunk := file.read(_CHUNK):
            window = (previous + chunk).replace(b"\x00", b"")  # UTF-16 too
            if _ENTITY.search(window):
                raise InputError("ingest.xml_entities", file=path.name)
            previous = chunk[-_OVERLAP:]


def _check_name(path: Path, name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise InputError("ingest.unsafe_path", file=path.name, entry=name)


def _windows(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The entry piece by piece, each with the end of the one before; and how many bytes are new."""
    previous = b""
    with archive.open(entry) as source:
        while chunk := source.read(_CHUNK):
            yield previous + chunk, len(chunk)
            previous = chunk[-_OVERLAP:]


class _Part:
    """Looks at one part of the package as it streams by."""

    def __init__(self, path: Path, limits: Limits, name: str) -> None:
        self.path, self.limits, self.name = path, limits, name
        lower = name.lower()
        self.is_xml = lower.endswith((".xml", ".rels"))
        self.is_sheet = "/worksheets/" in f"/{lower}" and lower.endswith(".xml")
        self.is_ods = lower == "content.xml"
        self.is_book = lower.endswith("workbook.xml")
        self.since_1904 = self.uncalculated = self.has_marks = False
        self.bottom = self.right = 0
        self.errors: dict[tuple[int, int], str] = {}
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()

    def look(self, window: bytes) -> None:
        """Refuse what is beyond the limits; remember what is asked about later."""
        if self.is_xml and _ENTITY.search(window):
            raise InputError("ingest.xml_entities", file=self.path.name)
        if self.is_book:
            self.since_1904 |= _USE_1904.search(window) is not None
        if self.is_sheet:
            self.uncalculated = self.uncalculated or _UNCALCULATED.search(window) is not None
            self.hidden |= {int(row) for row in _HIDDEN_ROW.findall(window)}
            for first, last in _HIDDEN_COLUMN.findall(window):
                self.hidden_columns.update(range(int(first), min(int(last), self.limits.columns) + 1))
            if len(self.errors) < _MOST_ERRORS and b't="e"' in window:
                for letters, row, shown in _ERROR.findall(window):
                    self.errors[int(row), _column(letters)] = shown.decode("utf-8", "replace")
            self._cells(window)
        if self.is_ods:
            self.has_marks = self.has_marks or _ODS_MARK.search(window) is not None
            self._repeats(window)

    def _cells(self, window: bytes) -> None:
        found = _CELL.findall(window)
        if not found:
            return
        self.bottom = max(self.bottom, max(int(row) for _, row in found))
        self.right = max(self.right, max(_column(letters) for letters in {letters for letters, _ in found}))
        if self.bottom * self.right > self.limits.cells:
            raise InputError(
                "ingest.too_many_cells", file=self.path.name, sheet=self.name, count=self.bottom * self.right
            )

    def _repeats(self, window: bytes) -> None:
        """Filled cells that are repeated; empty ones are not kept by the reader."""
        for attributes in _ODS_CELL.findall(window):
            repeat = _REPEATED.search(attributes)
            if repeat and b"value" in attributes and int(repeat[2]) > self.limits.columns:
                limit = self.limits.columns
                raise InputError("ingest.too_many_columns", file=self.path.name, count=int(repeat[2]), limit=limit)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
