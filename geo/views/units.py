"""What a map says of each unit: the lines of its tooltip and its row in the table."""

from __future__ import annotations

import math

import numpy as np

from geo.cartography.spec import Column, Row, Table
from geo.schema import Per
from geo.text import Lang, number, signed, t
from geo.views.inputs import Draft
from geo.views.wording import verdict

_NUMERIC = {"count": 0, "per_10k": 2, "per_km2": 2, "before": 0, "change": 0}
_COLUMNS = ("name", "kind", *_NUMERIC, "verdict")
_MISSING = "–"


def tips(draft: Draft) -> list[tuple[str, ...]]:
    """The tooltip lines of every unit, in order of the units."""
    s = draft.s
    columns = zip(*(column.tolist() for column in (s.counts, s.before, s.hidden, s.z, draft.values)))
    return [_tip(draft, *row) for row in columns]


def _tip(draft: Draft, count: float, before: float, hidden: bool, z: float, value: float) -> tuple[str, ...]:
    lang = draft.lang
    if hidden:
        return (t("map.tip_masked", lang),)
    if math.isnan(count):
        return (t("map.tip_no_data", lang),)
    first = _value_line(draft, count, value)
    if math.isnan(before):
        return (first,)
    moved = signed(count - before, lang)
    shown = number(before, lang)
    second = t("map.tip_before", lang, against=draft.against_short, value=shown, change=moved, verdict=verdict(z, lang))
    return (first, second)


def _value_line(draft: Draft, count: float, value: float) -> str:
    lang, whole = draft.lang, number(count, draft.lang)
    if draft.query.per is Per.COUNT:
        return t("map.tip_value", lang, value=whole, noun=draft.noun(whole))
    shown = _MISSING if math.isnan(value) else number(value, lang, digits=draft.digits)
    nouns = {"noun": draft.noun(whole), "nouns": draft.noun(shown)}
    return t("map.tip_rate", lang, value=shown, per=draft.per, count=whole, **nouns)


def table(draft: Draft) -> Table:
    """One row per unit in scope, largest first, and what no unit holds in the last row."""
    columns = tuple(Column(key, _heading(draft, key), key in _NUMERIC, _NUMERIC.get(key, 0)) for key in _COLUMNS)
    rows = _rows(draft)
    if draft.s.unattributed:
        rows.append(_unattributed_row(draft))
    return Table(columns, tuple(rows))


def _heading(draft: Draft, key: str) -> str:
    return draft.against_short if key == "before" else t(f"map.column_{key}", draft.lang)


def _rows(draft: Draft) -> list[Row]:
    s = draft.s
    chosen = np.flatnonzero(draft.in_scope)
    count, before, area, people = (
        column.to_numpy(float)[chosen] for column in (s.counts, s.before, s.units["area_km2"], s.units["people"])
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        per_10k = np.where(people > 0, count / people * 10_000, np.nan)
        per_km2 = np.where(area > 0, count / area, np.nan)
    numbers = np.column_stack([count, per_10k, per_km2, before, count - before]).tolist()
    names, kinds, codes = (
        np.asarray(column.tolist())[chosen] for column in (s.units["name"], s.units["kind"], s.units.index)
    )
    hidden, z = s.hidden.to_numpy(bool)[chosen], s.z.to_numpy(float)[chosen]
    largest_first = np.argsort(-np.nan_to_num(count, nan=-1.0), kind="stable")
    return [
        _row(draft.lang, str(codes[i]), (str(names[i]), str(kinds[i])), numbers[i], bool(hidden[i]), float(z[i]))
        for i in largest_first
    ]


def _row(lang: Lang, code: str, named: tuple[str, str], numbers: list[float], hidden: bool, z: float) -> Row:
    blank = t("map.class_masked_text", lang) if hidden else _MISSING
    texts, values = [*named], []
    for (key, digits), value in zip(_NUMERIC.items(), numbers):
        known = not math.isnan(value)
        write = signed if key == "change" else number
        texts.append(write(value, lang, digits=digits) if known else blank)
        values.append(value if known else None)
    texts.append(_MISSING if hidden else verdict(z, lang))
    return Row(code, tuple(texts), (None, None, *values, None))


def _unattributed_row(draft: Draft) -> Row:
    count = draft.s.unattributed
    rest = len(_COLUMNS) - 3
    texts = (t("map.row_unattributed", draft.lang), "", number(count, draft.lang), *[""] * rest)
    return Row("", texts, (None, None, float(count), *[None] * rest))
