"""Records that come in from offices: previewed, committed as one batch, listed, and taken back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo import ingest
from geo.crs import WGS84, utm_of
from geo.files import scratch
from geo.ingest import Preview
from geo.ingest.checking.duplicates import DERIVED
from geo.ingest.pipeline import Progress
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.fields import FIELDS, WORDS_OF, title_of
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.reporting.templates import template_bytes
from geo.ingest.source import Limits
from geo.schema import Dataset, UnitSystem, month_end
from geo.store import Snapshot, Store
from geo.text import Lang, clock, day, month, number, period, t
from geo.units import boundaries

LARGEST_MB = Limits().file_bytes // 1_000_000
"""Size of the largest file that is taken."""

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
    names_confirmed : bool
        Names of areas that are asked about are of areas.
    """

    dataset: Dataset | None = None
    encoding: str = ""
    crs: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()
    names_confirmed: bool = False


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
        names_confirmed=choices.names_confirmed,
        lang=lang,
        progress=progress,
    )


def commit(store: Store, ready: Preview, who: str, progress: Progress) -> int:
    """Write the good rows as one batch and return its number."""
    return ingest.commit(ready, store, who=who, progress=progress)


def errors_workbook(ready: Preview, lang: Lang) -> bytes:
    """The rows that do not come in, with what is wrong, as a workbook to correct and import again."""
    with scratch() as folder:
        path = folder / "errors.xlsx"
        ingest.errors_file(ready, path, lang=lang)
        return path.read_bytes()


_PREVIEWED = 100


def preview_rows(snapshot: Snapshot, ready: Preview, lang: Lang) -> pd.DataFrame:
    """The first rows that will come in, in words: headings, kinds, communes and days; of zones their areas in km²."""
    dataset, rows = ready.mapping.dataset, pd.DataFrame(ready.checked.rows).head(_PREVIEWED)
    shown: dict[str, object] = {}
    for name in rows.columns.drop(["unit_system", "key", "divided", "invented"], errors="ignore"):
        values = rows[name]
        if name == "geometry":
            shown[t("imports.column_area", lang)] = [number(km2, lang, digits=2) for km2 in _areas_km2(values)]
            continue
        if (words := WORDS_OF.get((dataset, name))) is not None:
            known = code_list(words)
            values = values.map(lambda code, k=known: k.label(code, lang) if isinstance(code, str) and code else "")
        elif name == "area":
            values = values.map(dict(zip(snapshot.zones_kept["key"], snapshot.zones_kept["name"])))
        elif name == "unit_code":
            names = _unit_names(snapshot)
            systems = rows.get("unit_system", pd.Series(UnitSystem.CURRENT.value, rows.index))
            whole = t("imports.whole_province", lang)
            values = [names.get(pair, pair[1]) if pair[1] else whole for pair in zip(systems, rows["unit_code"])]
        elif name in ("date", "month", "since", "until"):
            written = month if name == "month" else day
            values = ["" if pd.isna(when) else written(pd.Timestamp(when).date(), lang) for when in values]
        elif name == "record_id":
            values = values.where(~values.str.startswith(DERIVED), "")
        shown[title_of("unit" if name == "unit_code" else str(name), dataset, lang)] = values
    return pd.DataFrame(shown).astype("object").fillna("").astype("str")


def _unit_names(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """Names of present and former units with their kind, by system and code."""
    present = snapshot.layer()
    return {
        (system.value, code): f"{kind} {name}"
        for system, units in ((UnitSystem.CURRENT, present), (UnitSystem.LEGACY, boundaries.legacy_units()))
        for code, kind, name in zip(units["code"], units["kind"], units["name"])
    }


def _areas_km2(shapes: pd.Series) -> list[float]:
    layer = gpd.GeoSeries(shapes, crs=WGS84)
    if layer.empty:
        return []
    return list(layer.to_crs(utm_of(float(layer.total_bounds[0]))).area / 1e6)


def template(snapshot: Snapshot, dataset: Dataset, lang: Lang) -> bytes:
    """An empty workbook to fill in, with instructions and drop-downs, of the present communes and areas too."""
    units = snapshot.layer() if snapshot.has_units(UnitSystem.CURRENT) else None
    return template_bytes(dataset, lang=lang, units=units, areas=sorted(set(snapshot.zones["name"])))


def history(snapshot: Snapshot, lang: Lang) -> pd.DataFrame:
    """Every batch, newest first, under translated headings; with its number as `id`, and whether it is in use."""
    frame = snapshot.batches
    shown = pd.DataFrame(
        {
            "id": frame["id"],
            t("imports.column_batch", lang): frame["id"],
            t("imports.column_state", lang): [
                _state(*row, lang) for row in zip(frame["withdrawn_at"], frame["withdrawn_by"], frame["erased_at"])
            ],
            t("imports.column_dataset", lang): [t(f"imports.dataset_{name}", lang) for name in frame["dataset"]],
            t("imports.column_source", lang): frame["source"],
            t("imports.column_rows", lang): [number(n, lang) for n in frame["rows"]],
            t("imports.column_rejected", lang): [number(n, lang) for n in frame["rejected"]],
            t("imports.column_period", lang): [
                _span(*span, lang) for span in zip(frame["dataset"], frame["first"], frame["last"])
            ],
            t("imports.column_who", lang): frame["who"],
            t("imports.column_when", lang): [clock(when, lang) for when in frame["imported_at"]],
            t("imports.column_hash", lang): [code[:12] for code in frame["file_code"]],
            t("imports.column_dropped", lang): [", ".join(_names(listed)) for listed in frame["dropped"]],
        }
    )
    return shown.assign(active=frame["withdrawn_at"].isna())


def _names(listed: object) -> list[str]:
    """Names of the columns a batch came without; the store keeps them as JSON."""
    return json.loads(listed) if isinstance(listed, str) else []


def _span(dataset: str, first: object, last: object, lang: Lang) -> str:
    """The days of a batch's records; of monthly reports the whole months."""
    if pd.isna(first):
        return "–"
    start, end = (pd.Timestamp(when).date() for when in (first, last))
    return period(start, month_end(end) if dataset == Dataset.MONTHLY else end, lang)


def _state(withdrawn_at: str | None, who: str | None, erased_at: str | None, lang: Lang) -> str:
    if isinstance(erased_at, str):
        return t("imports.state_erased", lang, when=clock(erased_at, lang), who=who or "–")
    if withdrawn_at is None or pd.isna(withdrawn_at):
        return t("imports.state_active", lang)
    return t("imports.state_withdrawn", lang, when=clock(withdrawn_at, lang), who=who or "–")


def undo(store: Store, batch: int, who: str) -> None:
    """Take a batch back; every total is as before it came.

    Raises
    ------
    NotFoundError, AlreadyDoneError
        If there is no such batch, or it was taken back before.
    """
    store.withdraw(batch, who=who)
