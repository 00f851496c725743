"""What a map says of each unit: the lines of its tooltip and its row in the table."""

from __future__ import annotations

import numpy as np

from geo.cartography.spec import Column, Row, Table
from geo.schema import Per
from geo.text import number, signed, t
from geo.views.inputs import Draft
from geo.views.wording import verdict

_NUMERIC = {"count": 0, "per_10k": 2, "per_km2": 2, "before": 0, "change": 0}
_COLUMNS = ("name", "kind", *_NUMERIC, "verdict")
_MISSING = "–"


def tips(draft: Draft) -> list[tuple[str, ...]]:
    """The tooltip lines of every unit, in order of the units."""
    s = draft.s
    columns = zip(s.counts, s.before, s.hidden, s.z, draft.values)
    return [_tip(draft, *row) for row in columns]


def _tip(draft: Draft, count: float, before: float, hidden: bool, z: float, value: float) -> tuple[str, ...]:
    lang = draft.lang
    if hidden:
        return (t("map.tip_masked", lang),)
    if np.isnan(count):
        return (t("map.tip_no_data", lang),)
    first = _value_line(draft, count, value)
    if np.isnan(before):
        return (first,)
    moved = signed(count - before, lang)
    return (first, t("map.tip_before", lang, value=number(before, lang), change=moved, verdict=verdict(z, lang)))


def _value_line(draft: Draft, count: float, value: float) -> str:
    lang, whole = draft.lang, number(count, draft.lang)
    if draft.query.per is Per.COUNT:
        return t("map.tip_value", lang, value=whole, noun=draft.noun)
    shown = _MISSING if np.isnan(value) else number(value, lang, digits=draft.digits)
    return t("map.tip_rate", lang, value=shown, per=draft.per, count=whole, noun=draft.noun)


def table(draft: Draft) -> Table:
    """One row per unit in scope, largest first, and what no unit holds in the last row."""
    columns = tuple(
        Column(key, t(f"map.column_{key}", draft.lang), key in _NUMERIC, _NUMERIC.get(key, 0)) for key in _COLUMNS
    )
    rows = _rows(draft)
    if draft.s.unattributed:
        rows.append(_unattributed_row(draft))
    return Table(columns, tuple(rows))


def _rows(draft: Draft) -> list[Row]:
    s = draft.s
    frame = s.units[["name", "kind", "area_km2", "people"]].assign(
        count=s.counts, before=s.before, hidden=s.hidden, z=s.z
    )
    frame = frame[draft.in_scope]
    frame["per_10k"] = frame["count"] / frame["people"].where(frame["people"] > 0) * 10_000
    frame["per_km2"] = frame["count"] / frame["area_km2"].where(frame["area_km2"] > 0)
    frame["change"] = frame["count"] - frame["before"]
    order = frame["count"].fillna(-1).sort_values(ascending=False, kind="stable").index
    return [_row(draft, str(code), record) for code, record in zip(order, frame.loc[order].to_dict("records"))]


def _row(draft: Draft, code: str, record: dict[str, object]) -> Row:
    lang, hidden = draft.lang, bool(record["hidden"])
    blank = t("map.class_masked_text", lang) if hidden else _MISSING
    texts, values = [str(record["name"]), str(record["kind"])], []
    for key, digits in _NUMERIC.items():
        value = float(record[key])  # type: ignore[arg-type]
        write = signed if key == "change" else number
        known = not np.isnan(value)
        texts.append(write(value, lang, digits=digits) if known else blank)
        values.append(value if known else None)
    texts.append(_MISSING if hidden else verdict(float(record["z"]), lang))  # type: ignore[arg-type]
    return Row(code, tuple(texts), (None, None, *values, None))


def _unattributed_row(draft: Draft) -> Row:
    count = draft.s.unattributed
    rest = len(_COLUMNS) - 3
    texts = (t("map.row_unattributed", draft.lang), "", number(count, draft.lang), *[""] * rest)
    return Row("", texts, (None, None, float(count), *[None] * rest))
