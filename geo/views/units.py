"""What a map says of each unit: the lines of its tooltip and its row in the table."""

from __future__ import annotations

import math

import numpy as np

from geo.cartography.spec import Column, Row, Table
from geo.schema import Per
from geo.text import Lang, number, signed, t
from geo.views.inputs import Draft
from geo.views.wording import verdict, versus

_NUMERIC = {"count": 0, "per_10k": 2, "per_km2": 2, "before": 0, "change": 0}
_MISSING = "–"


def tips(draft: Draft) -> list[tuple[str, ...]]:
    """The tooltip lines of every unit, in order of the units."""
    s = draft.s
    columns = zip(*(column.tolist() for column in (s.counts, s.before, s.hidden, s.z, draft.values)))
    more = [_more(draft, code) for code in s.units.index]
    outside = (t("map.tip_outside", draft.lang),)
    return [
        (*_tip(draft, *row), *said) if inside else outside for row, said, inside in zip(columns, more, draft.in_scope)
    ]


def _more(draft: Draft, code: str) -> tuple[str, ...]:
    """What a chosen earlier period says, and how many months are missing from the count."""
    s, lang, lines = draft.s, draft.lang, []
    label = s.versus.get(code) if s.versus is not None else None
    if isinstance(label, str):
        before, now = float(s.before[code]), float(s.counts[code])
        values = {"value": number(before, lang), "change": signed(now - before, lang), "verdict": versus(label, lang)}
        lines.append(t("map.tip_versus", lang, before=draft.before, **values))
    if s.reports is not None and 0 < s.reports[code] < s.months_due and not s.hidden[code]:
        lines.append(t("map.tip_reports", lang, n=int(s.reports[code]), of=s.months_due))
    return tuple(lines)


def _tip(draft: Draft, count: float, before: float, hidden: bool, z: float, value: float) -> tuple[str, ...]:
    lang = draft.lang
    if hidden:
        return (t("map.tip_masked", lang),)
    if math.isnan(count):
        return (t("map.tip_no_data", lang),)
    first = _value_line(draft, count, value)
    if math.isnan(before) and math.isnan(z):
        return (first,)
    if math.isnan(before) or draft.chose_earlier:
        return (first, t("map.tip_usual", lang, verdict=verdict(z, lang)))
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
    numeric = _numeric(draft)
    keys = ("name", "kind", *numeric, *(["versus"] if draft.chose_earlier else []), "verdict")
    columns = tuple(Column(key, _heading(draft, key), key in numeric, numeric.get(key, 0)) for key in keys)
    rows = _rows(draft, numeric)
    if draft.s.unattributed:
        rows.append(_unattributed_row(draft, len(keys)))
    return Table(columns, tuple(rows))


def _numeric(draft: Draft) -> dict[str, int]:
    """The numeric columns with their decimals; of a monthly measure also how many months were reported."""
    return _NUMERIC if draft.s.reports is None else {**_NUMERIC, "reports": 0}


def _heading(draft: Draft, key: str) -> str:
    if key == "before":
        return draft.against_short
    if key == "per_km2" and draft.installation.boundary.warning:
        return t("map.column_per_km2_about", draft.lang)
    if key == "versus":
        return t("map.column_versus", draft.lang, before=draft.before)
    return t(f"map.column_{key}", draft.lang)


def _rows(draft: Draft, numeric: dict[str, int]) -> list[Row]:
    s = draft.s
    chosen = np.flatnonzero(draft.in_scope)
    count, before, area, people = (
        column.to_numpy(float)[chosen] for column in (s.counts, s.before, s.units["area_km2"], s.units["people"])
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        per_10k = np.where(people > 0, count / people * 10_000, np.nan)
        per_km2 = np.where(area > 0, count / area, np.nan)
    reports = [] if s.reports is None else [np.where(np.isnan(count), np.nan, s.reports.to_numpy(float)[chosen])]
    numbers = np.column_stack([count, per_10k, per_km2, before, count - before, *reports]).tolist()
    names, kinds, codes = (
        np.asarray(column.tolist())[chosen] for column in (s.units["name"], s.units["kind"], s.units.index)
    )
    hidden, z = s.hidden.to_numpy(bool)[chosen], s.z.to_numpy(float)[chosen]
    largest_first = np.argsort(-np.nan_to_num(count, nan=-1.0), kind="stable")
    rows = []
    for i in largest_first:
        code, named = str(codes[i]), (str(names[i]), str(kinds[i]))
        texts, values = _figures(draft.lang, numeric, numbers[i], hidden=bool(hidden[i]))
        words = [_MISSING if hidden[i] else verdict(float(z[i]), draft.lang)]
        if s.versus is not None:
            label = s.versus.get(code)
            words.insert(0, versus(label, draft.lang) if isinstance(label, str) else _MISSING)
        nothing = [None] * len(words)
        rows.append(Row(code, (*named, *texts, *words), (None, None, *values, *nothing)))
    return rows


def _figures(
    lang: Lang, numeric: dict[str, int], numbers: list[float], *, hidden: bool
) -> tuple[list[str], list[float | None]]:
    """The numeric columns of a row, written out and as they are."""
    blank = t("map.class_masked_text", lang) if hidden else _MISSING
    texts: list[str] = []
    values: list[float | None] = []
    for (key, digits), value in zip(numeric.items(), numbers):
        known = not math.isnan(value)
        write = signed if key == "change" else number
        texts.append(write(value, lang, digits=digits) if known else blank)
        values.append(value if known else None)
    return texts, values


def _unattributed_row(draft: Draft, columns: int) -> Row:
    count = draft.s.unattributed
    rest = columns - 3
    is_hidden = math.isnan(count)
    text = t("map.class_masked_text", draft.lang) if is_hidden else number(count, draft.lang)
    texts = (t("map.row_unattributed", draft.lang), "", text, *[""] * rest)
    return Row("", texts, (None, None, None if is_hidden else count, *[None] * rest))
