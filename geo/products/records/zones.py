"""Priority areas that staff draw and change: checked as an import is, saved as a batch, listed, and taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from secrets import token_hex

import pandas as pd
import shapely

from geo.errors import InputError
from geo.ingest.checking.reference import reference_of
from geo.ingest.checking.validate import Checked, validate
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.source import RawTable
from geo.schema import Dataset, Provenance, ZoneKind
from geo.store import Batch, Snapshot, Store
from geo.text import Lang, t

__all__ = ["Saved", "Sketch", "divide", "finish", "problems_of", "save", "sketch_of"]


@dataclass(frozen=True)
class Sketch:
    """An area as somebody is about to save it.

    Attributes
    ----------
    name : str
    kind : ZoneKind
    shape : shapely geometry
        WGS 84.
    since, until : date, optional
    source, decision : str
    key : str
        Of the area that it changes; empty for a new one.
    batch : int, optional
        In which that area was saved last when it was taken in hand; where another save came between, nothing is
        written.
    """

    name: str
    kind: ZoneKind
    shape: shapely.Geometry
    since: date | None = None
    until: date | None = None
    source: str = ""
    decision: str = ""
    key: str = ""
    batch: int | None = None


@dataclass(frozen=True)
class Saved:
    """A batch that was written: its number, and the keys of its areas in order."""

    batch: int
    keys: tuple[str, ...]


_FIELDS = ("key", "name", "kind", "shape", "since", "until", "source", "decision")


def sketch_of(snapshot: Snapshot, key: str) -> Sketch:
    """An area as it stands now, ready to be changed.

    Raises
    ------
    InputError
        If there is none of that key.
    """
    kept = snapshot.zones_kept
    found = kept[kept["key"] == key]
    if found.empty:
        raise InputError("areas.unknown")
    zone = found.iloc[0]
    return Sketch(
        zone["name"], ZoneKind(zone["kind"]), zone["geometry"], zone["since"], zone["until"], zone["source"],
        zone["decision"], key, int(zone["batch"]),
    )  # fmt: skip


def problems_of(
    store: Store,
    sketches: Sequence[Sketch],
    lang: Lang,
    *,
    names_confirmed: bool = False,
    leaving: frozenset[str] = frozenset(),
) -> Checked:
    """The areas as the store would take them, and what is wrong with them: the rules of an import, no overlaps.

    Parameters
    ----------
    names_confirmed : bool
        Names that may be a person's are of areas.
    leaving : frozenset of str
        Keys of areas that are ended by the same save.
    """
    rows = pd.DataFrame([_cells(sketch, lang) for sketch in sketches], index=range(1, len(sketches) + 1), dtype="str")
    shapes = pd.Series([sketch.shape for sketch in sketches], rows.index, dtype=object)
    headings = {name: t(f"ingest.field_{name}", lang) for name in _FIELDS}
    rows.columns = pd.Index([headings[name] for name in _FIELDS])
    table = RawTable(t("areas.drawn", lang), tuple(rows.columns), rows, 1, shapes=shapes)
    reference = replace(
        reference_of(store, lang=lang, names_confirmed=names_confirmed), leaving=leaving, overlaps=False
    )
    return validate(table, Mapping(Dataset.ZONES, headings), reference)


def _cells(sketch: Sketch, lang: Lang) -> dict[str, str]:
    days = {name: f"{day:%d/%m/%Y}" if day else "" for name, day in (("since", sketch.since), ("until", sketch.until))}
    kind = t(f"map.zone_{sketch.kind}", lang)
    words = {"key": sketch.key, "name": sketch.name, "kind": sketch.kind.value, "shape": kind}
    return {**words, **days, "source": sketch.source, "decision": sketch.decision}


def save(
    store: Store, sketches: Sequence[Sketch], lang: Lang, *, who: str, names_confirmed: bool = False
) -> Saved | Checked:
    """Write areas as one batch; where anything is wrong with one, nothing is written and that is given.

    Raises
    ------
    InputError
        If somebody else saved one of them meanwhile.
    """
    for sketch in sketches:
        _refuse_overtaken(store, sketch.key, sketch.batch)
    checked = problems_of(store, sketches, lang, names_confirmed=names_confirmed)
    if len(checked.problems):
        return checked
    return _write(store, pd.DataFrame(checked.rows), t("areas.drawn", lang), who)


def _refuse_overtaken(store: Store, key: str, batch: int | None) -> None:
    if not key or batch is None:
        return
    standing = store.zones()
    if standing.loc[standing["key"] == key, "batch"].tolist() != [batch]:
        raise InputError("areas.changed_meanwhile")


def divide(
    store: Store,
    key: str,
    parts: Sequence[Sketch],
    lang: Lang,
    *,
    who: str,
    names_confirmed: bool = False,
    batch: int | None = None,
) -> Saved | Checked:
    """Put several areas in the place of one, which ends; as `save`, gives the keys of the parts.

    Parameters
    ----------
    batch : int, optional
        In which the area was saved last when it was taken in hand.
    """
    _refuse_overtaken(store, key, batch)
    checked = problems_of(store, parts, lang, names_confirmed=names_confirmed, leaving=frozenset([key]))
    if len(checked.problems):
        return checked
    kept = store.snapshot().zones_kept
    whole = pd.DataFrame(kept[kept["key"] == key].drop(columns="batch")).assign(divided=True)
    saved = _write(store, pd.concat([whole, pd.DataFrame(checked.rows)]), t("areas.divided", lang), who)
    return replace(saved, keys=saved.keys[1:])


def finish(store: Store, key: str, until: date, lang: Lang, *, who: str) -> Saved | Checked:
    """End an area: `until` is the last day it holds."""
    return save(store, [replace(sketch_of(store.snapshot(), key), until=until)], lang, who=who, names_confirmed=True)


def _write(store: Store, rows: pd.DataFrame, source: str, who: str) -> Saved:
    keys = [key or token_hex(8) for key in rows["key"]]
    rows = rows.assign(key=keys).reset_index(drop=True)
    digest = hashlib.sha256()
    for shape, facts in zip(rows["geometry"], rows.drop(columns="geometry").itertuples(index=False)):
        digest.update(shapely.to_wkb(shape) + repr(tuple(facts)).encode())
    batch = Batch(Dataset.ZONES, rows, Provenance(source, digest.hexdigest(), who))
    return Saved(store.append(batch), tuple(keys))
