"""One way from a file to the store: read, map, look for personal data, check, and write as one batch."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from geo.errors import InputError
from geo.ingest.checking.privacy import PrivacyError, PrivacyFinding
from geo.ingest.checking.privacy import check as find_personal
from geo.ingest.checking.reference import reference_of
from geo.ingest.checking.validate import Checked, validate
from geo.ingest.reading.read import read
from geo.ingest.recognising.columns import is_known_heading, propose
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.recognising.recall import recall, remember
from geo.ingest.recognising.sheets import joined
from geo.ingest.source import Limits, Note, RawTable, Source
from geo.personal.titles import masked_file_name, masked_title, masked_titles
from geo.schema import Dataset, Provenance
from geo.store import Batch, Store, VersionError
from geo.text import Lang
from geo.worker import read_apart

__all__ = ["Preview", "Progress", "commit", "prepare"]

Progress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and the message key of what comes next."""

_ATTEMPTS = 5
_CHUNK = 4 << 20


def _silent(_share: float, _key: str) -> None:
    """No progress wanted."""


@dataclass(frozen=True, eq=False)
class Preview:
    """A file that was read and checked; the store is as it was.

    Attributes
    ----------
    path : Path
    sha256 : str
        Of the file.
    source : Source
    table : RawTable
        The table that is imported, without the dropped columns.
    mapping : Mapping
    privacy : tuple of PrivacyFinding
        Columns that were found; all of them are dropped.
    dropped : tuple of str
        Names of the columns left out.
    checked : Checked
    version : int
        Data version of the store the rows were checked against.
    imported_before : tuple of int
        Batches in use that came from a file with the same content.
    notes : tuple of Note
        Everything noticed, for a person.
    """

    path: Path
    sha256: str
    source: Source
    table: RawTable
    mapping: Mapping
    privacy: tuple[PrivacyFinding, ...]
    dropped: tuple[str, ...]
    checked: Checked
    version: int
    imported_before: tuple[int, ...]
    notes: tuple[Note, ...]

    @property
    def accepted(self) -> int:
        """Records that will come in."""
        return len(self.checked.rows)

    @property
    def rejected(self) -> int:
        """Rows of the file that will not."""
        return len(self.checked.rejected)

    @property
    def period(self) -> tuple[date, date] | None:
        """First and last day of the records that will come in."""
        name = next((c for c in ("date", "month") if c in self.checked.rows), None)
        if name is None or self.checked.rows.empty:
            return None
        days = self.checked.rows[name]
        return days.min().date(), days.max().date()


def prepare(
    path: Path | str,
    *,
    store: Store,
    dataset: Dataset | None = None,
    mapping: Mapping | None = None,
    drop: Sequence[str] = (),
    drop_personal: bool = False,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    crs: str | None = None,
    names_confirmed: bool = False,
    lang: Lang = "vi",
    today: date | None = None,
    limits: Limits | None = None,
    progress: Progress = _silent,
) -> Preview:
    """Read and check a file; nothing is written.

    Parameters
    ----------
    path : Path or str
    store : Store
        What the rows are checked against.
    dataset : Dataset, optional
        Guessed where it is not given.
    mapping : Mapping, optional
        As a person confirmed it; the remembered or a proposed one where it is not given.
    drop : sequence of str
        Columns to leave out.
    drop_personal : bool
        Leave out all columns that identify persons instead of stopping.
    sheet, encoding, separator : str, optional
        As in `geo.ingest.reading.read.read`. Without `sheet` the table with the most rows is taken, joined with those
        that have the same headings.
    crs : str, optional
        System of metric coordinates, as `geo.ingest.checking.coordinates.parse_crs` takes it.
    names_confirmed : bool
        Names of areas that are asked about are of areas; without it their rows are refused.
    lang : {"vi", "en"}
        Language of problems.
    today : date, optional
        Later days are in the future.
    limits : Limits, optional
    progress : callable

    Raises
    ------
    PrivacyError
        If columns that identify persons are not among those to drop; it lists them.
    InputError
        If the file or its columns cannot be used.
    """
    path = Path(path)
    progress(0.0, "ingest.step_read")
    source = _masked(read_apart(read, path, sheet=sheet, encoding=encoding, separator=separator, limits=limits))
    sha256 = _hash(path)
    table, notes = joined(source.tables, source.table)
    chosen, recalled = _mapping(table, dataset, mapping, store)
    progress(0.3, "ingest.step_privacy")
    findings = tuple(find_personal(table, chosen))
    stopping = [f for f in findings if f.stops and f.column not in drop]
    if stopping and not drop_personal:
        raise PrivacyError(source.name, tuple(f for f in findings if f.column not in drop))
    dropped = tuple(c for c in table.header if c in drop or c in {f.column for f in findings})
    table, chosen = _without(table, dropped), chosen.without(dropped)
    progress(0.4, "ingest.step_check")
    version = store.version
    checked = validate(
        table, chosen, reference_of(store, lang=lang, crs=crs, today=today, names_confirmed=names_confirmed)
    )
    progress(1.0, "ingest.step_done")
    before = store.batches_of(sha256)
    return Preview(
        path, sha256, source, table, chosen, findings, dropped, checked, version, before,
        (*source.notes, *recalled, *_said(dropped, before), *notes, *checked.notes),
    )  # fmt: skip


def commit(preview: Preview, store: Store, *, who: str, progress: Progress = _silent) -> int:
    """Write the good rows as one batch; gives its number.

    Raises
    ------
    InputError
        If no row is good or new, or the same records came in by another import meanwhile; nothing was written.
    StoreError
        If the database refuses; nothing was written.
    """
    _refuse_nothing(preview)
    rows, version = preview.checked.rows, preview.version
    provenance = Provenance(preview.source.name, preview.sha256, who)
    batch = Batch(preview.mapping.dataset, rows, provenance, preview.rejected, preview.dropped)
    for _ in range(_ATTEMPTS):
        try:
            progress(0.0, "ingest.step_write")
            number = store.append(
                batch, at_version=version, progress=lambda share: progress(share * 0.95, "ingest.step_write")
            )
        except VersionError:
            version = _recheck(preview, store)
        else:
            remember(store.texts, preview.source.table.header, preview.mapping)
            progress(1.0, "ingest.step_done")
            return number
    raise InputError("ingest.busy", file=preview.source.name)


def _recheck(preview: Preview, store: Store) -> int:
    """The store has changed since the check: look for the records again, and give the version that was looked at."""
    from geo.ingest.checking.duplicates import check_duplicates
    from geo.ingest.checking.problems import Problems

    version = store.version
    rows, dataset = preview.checked.rows, preview.mapping.dataset
    double = check_duplicates(rows, dataset, store.known(dataset, rows), Problems("vi"))
    if double.any():
        raise InputError("ingest.came_meanwhile", file=preview.source.name, count=int(double.sum()))
    return version


def _refuse_nothing(preview: Preview) -> None:
    checked = preview.checked
    if len(checked.rows):
        return
    if checked.duplicates:
        raise InputError(
            "ingest.nothing_new", file=preview.source.name, total=checked.total, duplicates=checked.duplicates
        )
    first = checked.problems.iloc[0] if len(checked.problems) else {"row": "–", "sheet": "", "problem": "–"}
    row = f"{first['sheet']}, {first['row']}" if first["sheet"] else first["row"]
    raise InputError(
        "ingest.nothing_good", file=preview.source.name, total=checked.total, row=row, problem=first["problem"]
    )


def _mapping(
    table: RawTable, dataset: Dataset | None, given: Mapping | None, store: Store
) -> tuple[Mapping, list[Note]]:
    if given is not None:
        return given, []
    remembered = recall(store.texts, table.header)
    if remembered is not None and dataset in (None, remembered.dataset):
        return remembered, [Note.of("ingest.note_remembered")]
    return propose(table, dataset), []


def _masked(source: Source) -> Source:
    """The file as all that follows sees it: its name, its sheets and its headings name nobody."""
    names = masked_titles(tuple(table.name for table in source.tables))
    tables = tuple(_headed(replace(table, name=name)) for table, name in zip(source.tables, names))
    return replace(source, name=masked_file_name(source.name), tables=tables, notes=_unnamed(source.notes))


def _unnamed(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Notes whose sheets and headings name nobody."""
    return tuple(
        replace(note, params=tuple((k, masked_title(v) if isinstance(v, str) else v) for k, v in note.params))
        for note in notes
    )


def _headed(table: RawTable) -> RawTable:
    known = {heading for heading in table.header if is_known_heading(heading)}
    header, notes = masked_titles(table.header, but=known), _unnamed(table.notes)
    rows = table.rows if header == table.header else table.rows.set_axis(list(header), axis=1)
    return replace(table, header=header, rows=rows, notes=notes)


def _without(table: RawTable, dropped: tuple[str, ...]) -> RawTable:
    header = tuple(column for column in table.header if column not in dropped)
    ragged = dict.fromkeys(table.ragged, "") if dropped else table.ragged  # their cells cannot be told apart
    return replace(table, header=header, rows=table.rows[list(header)], ragged=ragged)


def _said(dropped: tuple[str, ...], before: tuple[int, ...]) -> list[Note]:
    notes = [Note.of("ingest.note_imported_before", batch=number) for number in before[:1]]
    if dropped:
        notes.append(Note.of("ingest.note_dropped", count=len(dropped), columns=", ".join(dropped)))
    return notes


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
