"""Records that come in from offices: previewed, committed as one batch, listed, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from geo import ingest, settings
from geo.ingest import Preview
from geo.ingest.fields import FIELDS
from geo.ingest.mapping import Mapping
from geo.ingest.pipeline import Progress
from geo.ingest.templates import template_bytes
from geo.schema import Dataset
from geo.store.store import Store
from geo.text import Lang, day, number, t

IMPORTABLE = tuple(dataset for dataset in Dataset if dataset in FIELDS)
"""Datasets that come as tables."""


@dataclass(frozen=True)
class Choices:
    """What a person said about a file; empty means "find out".

    Attributes
    ----------
    dataset : Dataset or None
    encoding : str
    crs : str
        EPSG code or central meridian of metric coordinates.
    columns : tuple of (field, heading)
        The confirmed mapping; empty for the proposed one.
    drop : tuple of str
        Columns to leave out.
    """

    dataset: Dataset | None = None
    encoding: str = ""
    crs: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()


def preview(store: Store, path: Path, choices: Choices, lang: Lang, progress: Progress) -> Preview:
    """Read and check a file; nothing is written.

    Raises
    ------
    PrivacyError
        If it has columns that identify persons and are not to be dropped.
    InputError
        If it cannot be used.
    """
    mapping = None
    if choices.columns and choices.dataset:
        columns = dict(choices.columns)
        measures = {name.removeprefix("measure:"): h for name, h in columns.items() if name.startswith("measure:")}
        plain = {name: h for name, h in columns.items() if not name.startswith("measure:")}
        values = {"dataset": choices.dataset, "columns": plain, "measures": measures}
        mapping = Mapping.from_dict(values)
    return ingest.prepare(
        path,
        store=store,
        dataset=choices.dataset,
        mapping=mapping,
        drop=choices.drop,
        encoding=choices.encoding or None,
        crs=choices.crs or None,
        lang=lang,
        home=settings.load().home,
        progress=progress,
    )


def commit(store: Store, ready: Preview, who: str, progress: Progress) -> int:
    """Write the good rows as one batch and return its number."""
    return ingest.commit(ready, store, who=who, progress=progress)


def errors_workbook(ready: Preview, lang: Lang) -> bytes:
    """The rows that do not come in, with what is wrong, as a workbook to correct and import again."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "errors.xlsx"
        ingest.errors_file(ready, path, lang=lang)
        return path.read_bytes()


def template(dataset: Dataset, lang: Lang) -> bytes:
    """An empty workbook to fill in, with drop-downs and instructions."""
    return BytesIO(template_bytes(dataset, lang=lang)).getvalue()


def history(store: Store, lang: Lang) -> pd.DataFrame:
    """Every batch, newest first, under translated headings; with its number as `id`, and whether it is in use."""
    frame = store.batches()
    shown = pd.DataFrame(
        {
            "id": frame["id"],
            t("imports.column_batch", lang): frame["id"],
            t("imports.column_state", lang): [_state(when, lang) for when in frame["withdrawn_at"]],
            t("imports.column_dataset", lang): [t(f"imports.dataset_{name}", lang) for name in frame["dataset"]],
            t("imports.column_source", lang): frame["source"],
            t("imports.column_rows", lang): [number(n, lang) for n in frame["rows"]],
            t("imports.column_rejected", lang): [number(n, lang) for n in frame["rejected"]],
            t("imports.column_period", lang): [_span(a, b, lang) for a, b in zip(frame["first"], frame["last"])],
            t("imports.column_who", lang): frame["who"],
            t("imports.column_when", lang): [str(when)[:16].replace("T", " ") for when in frame["imported_at"]],
            t("imports.column_hash", lang): [str(sha)[:12] for sha in frame["sha256"]],
        }
    )
    return shown.assign(active=frame["withdrawn_at"].isna())


def _span(first: object, last: object, lang: Lang) -> str:
    if pd.isna(first):
        return "–"
    return f"{day(pd.Timestamp(first).date(), lang)}–{day(pd.Timestamp(last).date(), lang)}"


def _state(withdrawn_at: object, lang: Lang) -> str:
    return t("imports.state_active" if pd.isna(withdrawn_at) else "imports.state_withdrawn", lang)


def undo(store: Store, batch: int, who: str) -> None:
    """Take a batch back; every total is as before it came.

    Raises
    ------
    NotFoundError, StoreError
        If there is no such batch, or it was taken back before.
    """
    store.withdraw(batch, who=who)
