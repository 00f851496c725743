"""Setting targets: a table to edit, one batch for each change, what was changed by whom, and a workbook of them all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.ingest.recognising.codes import code_list
from geo.ingest.reporting.templates import template_bytes
from geo.schema import TARGET_MEASURES, TARGET_YEARS, Dataset, Measure, Provenance
from geo.store import Batch, Snapshot, Store
from geo.text import Lang, clock, number, t

__all__ = ["changes", "editable", "save", "workbook"]

_MOST = 2_000_000_000
_SHOWN = 200


def editable(snapshot: Snapshot, measure: Measure, year: int, lang: Lang) -> pd.DataFrame:
    """The targets of a year to edit, the province's first.

    Returns
    -------
    DataFrame[name, target], index code
        `target` Int64, missing where none is set; the province has no code.
    """
    units = snapshot.units()
    names = pd.concat([pd.Series({"": t("imports.whole_province", lang)}), units["name"]])
    rows = snapshot.targets
    held = rows[(rows["measure"] == measure.value) & (rows["year"] == year)].set_index("unit_code")["value"]
    return pd.DataFrame({"name": names, "target": held.reindex(names.index).astype("Int64")})


def save(
    store: Store, snapshot: Snapshot, measure: Measure, year: int, values: Mapping[str, object], *, who: str
) -> int:
    """Write the targets that changed as one batch; gives its number.

    Parameters
    ----------
    snapshot : Snapshot
        What was edited: if the store has changed since, nothing is written.
    values : mapping of code to number
        Targets of units, by code; of the province by "".

    Raises
    ------
    InputError
        If a value is no whole number from 0 up, one that was set is left empty, or nothing changed.
    VersionError
        If the store has changed since.
    """
    if measure not in TARGET_MEASURES or year not in TARGET_YEARS:
        raise InputError("programme.no_targets_of")
    held = editable(snapshot, measure, year, "vi")["target"]
    changed = {code: _whole(value) for code, value in values.items() if not _is_same(value, held[code])}
    if not changed:
        raise InputError("programme.targets_unchanged")
    rows = [(year, code, measure.value, value) for code, value in changed.items()]
    frame = pd.DataFrame(rows, columns=["year", "unit_code", "measure", "value"])
    digest = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()
    provenance = Provenance(f"muc-tieu-{year}", digest, who)
    return store.append(Batch(Dataset.TARGETS, frame, provenance), at_version=snapshot.version)


def _is_same(value: object, held: object) -> bool:
    return (pd.isna(value) and pd.isna(held)) or (not pd.isna(value) and not pd.isna(held) and value == held)  # type: ignore[call-overload]


def _whole(value: object) -> int:
    if pd.isna(value):  # type: ignore[call-overload]
        raise InputError("programme.target_emptied")
    found = float(str(value))
    if not (np.isfinite(found) and found == int(found) and 0 <= found <= _MOST):
        raise InputError("programme.target_not_whole", value=value)
    return int(found)


def changes(snapshot: Snapshot, measure: Measure, lang: Lang) -> pd.DataFrame:
    """What was set or changed of a measure's targets, newest first: when, by whom, of which unit and year, from and to.

    The first targets of a batch that set many are told as one line.
    """
    rows = snapshot.target_log[snapshot.target_log["measure"] == measure.value]
    rows = rows.assign(before=rows.groupby(["year", "unit_code"])["value"].shift())
    rows = rows[rows["before"].isna() | (rows["before"] != rows["value"])]
    names = editable(snapshot, measure, TARGET_YEARS[0], lang)["name"]
    told = snapshot.batches.set_index("id")
    lines = []
    for batch, part in rows[::-1].groupby("batch", sort=False):
        when, who = clock(told["imported_at"][batch], lang), told["who"][batch] or "–"
        first = part[part["before"].isna()]
        if len(first) > _TOGETHER:
            years = sorted(first["year"].unique())
            said = t("programme.log_many", lang, n=number(len(first), lang), years=f"{years[0]}–{years[-1]}")
            lines.append((when, who, str(batch), said, "", ""))
            part = part[part["before"].notna()]
        for row in part.itertuples(index=False):
            unit = f"{names.get(row.unit_code, row.unit_code)}, {row.year}"
            before = "–" if pd.isna(row.before) else number(row.before, lang)
            lines.append((when, who, str(batch), unit, before, number(row.value, lang)))
    heads = ("when", "who", "batch", "unit", "before", "after")
    return pd.DataFrame(lines[:_SHOWN], columns=[t(f"programme.log_{name}", lang) for name in heads])


_TOGETHER = 12
"""More targets set for the first time by one batch are told as one line."""


def workbook(snapshot: Snapshot, lang: Lang) -> bytes:
    """All targets that hold, as the template filled in: it can be corrected and imported again."""
    units = snapshot.layer().set_index("code")
    rows = snapshot.targets
    words = code_list("target_measure")
    label = {code: f"{kind.capitalize()} {name}" for code, kind, name in zip(units.index, units["kind"], units["name"])}
    twice = pd.Series(label)[pd.Series(label).duplicated(keep=False)].index
    label |= {code: code for code in twice}
    filled = [
        [label.get(code, code), int(year), words.label(measure, lang), int(value)]
        for year, code, measure, value in rows[["year", "unit_code", "measure", "value"]].itertuples(index=False)
    ]
    return template_bytes(Dataset.TARGETS, lang=lang, units=snapshot.layer(), filled=filled)
