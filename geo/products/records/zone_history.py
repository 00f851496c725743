"""What became of one priority area: every save of it, who made it, when, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.store import Snapshot
from geo.text import Lang, clock, t

__all__ = ["Step", "history_of"]

_COMPARED = ("name", "kind", "geometry", "since", "until", "source", "decision", "divided")


@dataclass(frozen=True)
class Step:
    """One save.

    Attributes
    ----------
    batch : int
    when, who, what, source : str
    areas : int
        How many areas the batch holds.
    active : bool
        False where it was taken back.
    """

    batch: int
    when: str
    who: str
    what: str
    source: str
    areas: int
    active: bool


def history_of(snapshot: Snapshot, key: str, lang: Lang) -> list[Step]:
    """The saves of an area, newest first; each is set against the one in force before it."""
    rows = snapshot.zone_rows[snapshot.zone_rows["key"] == key]
    batches = snapshot.batches.set_index("id")
    steps: list[Step] = []
    before: pd.Series | None = None
    for _, row in rows.iterrows():
        batch = batches.loc[row["batch"]]
        said = _changes(before, row, lang)
        when = clock(batch["imported_at"], lang)
        steps.append(
            Step(int(row["batch"]), when, batch["who"], said, batch["source"], int(batch["rows"]), bool(row["active"]))
        )
        before = row if row["active"] or before is None else before
    return steps[::-1]


def _changes(before: pd.Series | None, row: pd.Series, lang: Lang) -> str:
    if before is None:
        return t("areas.step_new", lang)
    if row["divided"]:
        return t("areas.step_divided", lang)
    changed = [name for name in _COMPARED if not _same(before[name], row[name])]
    names = ", ".join(t(f"areas.step_of_{name}", lang) for name in changed)
    return t("areas.step_changed", lang, what=names) if changed else t("areas.step_same", lang)


def _same(one: object, other: object) -> bool:
    return one == other or (one is None and other is None)
