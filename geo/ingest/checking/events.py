"""Rows of cases and of dens cleared."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.cells import Check, codes_of, counts_of, read_days, units_of
from geo.ingest.checking.coordinates import Coordinates, read_coordinates
from geo.ingest.checking.duplicates import derived_ids
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.days import is_month_first, read_day
from geo.ingest.recognising.split_dates import BETWEEN, PARTS, read_split_day
from geo.ingest.source import Note
from geo.personal.masking import MASK, is_personal_number
from geo.schema import EVENT_COLUMNS, Dataset, UnitSystem
from geo.text import number

__all__ = ["event_rows"]

_RECORD_ID = re.compile(r"(?=.*\d)[\w./()#: -]{1,40}")
_PLAIN_ID = r"[0-9A-Za-z_./()#: -]{1,40}"
"""What fits it in ASCII, but for the digit: told by Arrow, without a Python object per row."""

_NEAR_M = {True: 3_000.0, False: 500.0}
"""How far a point may lie outside the unit its row names, metres: on approximate boundaries one point in 140 that is
right lies farther out than 3 km."""

_FAR_M = 25_000.0
"""Farther than any point lies from its unit on approximate boundaries."""

_SUSPICIOUS = r"[0-9](?:[ .()-]*[0-9]){8}|[^0-9 ./()#:_-] +[^0-9 ./()#:_-]|@"
"""What in a record number may be an identity or telephone number, or a name."""


def event_rows(check: Check) -> pd.DataFrame:
    days = _days(check)
    units_text = check.text("unit")
    n = len(check.rows)
    system, code = np.full(n, "", object), np.full(n, "", object)
    if units_text is not None:
        asked = (units_text != "").to_numpy(bool) if check.mapping.has_place else np.ones(n, bool)
        system[asked], code[asked] = units_of(check, days, asked)
    places = _places(check, pd.Series(code, index=check.rows.index, dtype=object))
    if places is None:
        lon = lat = np.full(n, np.nan)
    else:
        lon, lat = places.lon, places.lat
        _in_their_units(check, places, system, code)
        _units_from_places(check, places, system, code, units_text)
    is_dens = check.mapping.dataset is Dataset.DENS
    kind = codes_of(check, "kind", code_list("game_type" if is_dens else "case_category"), required=True)
    none = pd.Series(pd.NA, index=check.rows.index, dtype="str")
    status = none if is_dens else codes_of(check, "status", code_list("case_status"))
    suspects = pd.Series(pd.NA, index=check.rows.index, dtype="Int64") if is_dens else counts_of(check, "suspects")
    columns = {
        "record_id": _record_ids(check),
        "date": pd.Series(days, index=check.rows.index),
        "unit_system": pd.Categorical(system),
        "unit_code": pd.Categorical(code),
        "kind": kind,
        "status": status,
        "suspects": suspects,
        "lon": lon,
        "lat": lat,
    }
    return _with_ids(pd.DataFrame(columns, index=check.rows.index)[list(EVENT_COLUMNS)][~check.bad])


def _with_ids(rows: pd.DataFrame) -> pd.DataFrame:
    lacking = (rows["record_id"] == "").to_numpy(bool)
    if lacking.any():
        rows = rows.copy()
        rows.loc[lacking, "record_id"] = derived_ids(rows[lacking])
    return rows


def _record_ids(check: Check) -> pd.Series:
    text = check.text("record_id")
    if text is None:
        return pd.Series("", index=check.rows.index, dtype="str")
    filled = (text != "").to_numpy(bool)
    plain = text.str.fullmatch(_PLAIN_ID).to_numpy(bool)
    fits = _fits_record_id(text, plain)
    check.refuse("record_id", filled & ~fits, text)
    suspicious = text.str.contains(_SUSPICIOUS).to_numpy(bool) & filled & fits
    if suspicious.any():
        personal = np.zeros(len(text), bool)
        personal[suspicious] = [is_personal_number(cell) for cell in text[suspicious]]
        hidden = pd.Series(MASK, index=text.index, name=text.name, dtype="str")
        check.refuse("personal_number", personal, hidden)
    return text


def _fits_record_id(text: pd.Series, plain: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each cell can be a record number; plain ones are told all at once, only the others one by one."""
    fits: NDArray[np.bool_] = plain & text.str.contains("[0-9]").to_numpy(bool)
    fits[~fits] = [_RECORD_ID.fullmatch(cell) is not None for cell in text[~fits]]
    return fits


def _days(check: Check) -> NDArray[np.datetime64]:
    if check.mapping.has_split_date:
        return _split_days(check)
    text = check.text("date")
    assert text is not None
    month_first = is_month_first(pd.unique(text))
    if month_first:
        check.notes.append(Note.of("ingest.note_month_first", column=text.name))
    since_1904 = check.table.since_1904
    return read_days(check, text, lambda cell: read_day(cell, month_first=month_first, since_1904=since_1904))


def _split_days(check: Check) -> NDArray[np.datetime64]:
    """Days put together from three columns."""
    parts = [check.mapping.columns[name] for name in PARTS[check.mapping.dataset]]
    cells = [check.rows[column].str.strip() for column in parts]
    text = cells[0].str.cat(cells[1:], sep=BETWEEN).rename(" + ".join(parts))
    check.notes.append(Note.of("ingest.note_split_date", columns=text.name))
    return read_days(check, text, read_split_day)


def _places(check: Check, codes: pd.Series) -> Coordinates | None:
    places = read_coordinates(
        check.rows, check.mapping, crs=check.reference.crs, codes=codes, centres=check.reference.ground.centres,
        file=check.table.name,
    )  # fmt: skip
    if places is None:
        return None
    check.notes += places.notes
    check.crs_used |= places.metric
    shown = places.texts.rename(places.column)
    check.refuse("place_half", places.half, shown)
    check.refuse("place_unreadable", places.unreadable, shown)
    there = np.isfinite(places.lon)
    outside = there & ~check.reference.ground.inside(places.lon, places.lat)
    check.refuse("place_outside", outside, shown)
    return places


def _in_their_units(check: Check, places: Coordinates, system: NDArray[np.object_], code: NDArray[np.object_]) -> None:
    """Points must lie in or near the unit that their row names: a record cannot be counted in one and drawn in another.

    Beyond the tolerance a row is refused. Where boundaries are approximate it comes in under the unit it names, with a
    warning, unless it is so far off that no boundary explains it.
    """
    ground, lang = check.reference.ground, check.reference.lang
    asked = (code != "") & np.isfinite(places.lon) & ~check.bad
    metres = np.full(len(code), np.nan)
    metres[asked] = ground.metres_outside(places.lon[asked], places.lat[asked], system[asked], code[asked])
    refused = metres > (_FAR_M if ground.approximate else _NEAR_M[False])
    warned = (metres > _NEAR_M[True]) & ~refused if ground.approximate else np.zeros(len(code), bool)
    shown = places.texts.rename(places.column)
    for key, chosen, told in (
        ("place_other_unit", refused, check.problems),
        ("place_other_unit_approximate", warned, check.warnings),
    ):
        if chosen.any():
            there = ground.names_at(places.lon[chosen], places.lat[chosen])
            hints = [f"{name or '–'}, {number(m / 1000, lang, digits=1)} km" for name, m in zip(there, metres[chosen])]
            told.add(key, check.rows.index[chosen], str(shown.name), shown[chosen], hints=hints)
    check.bad |= refused


def _units_from_places(
    check: Check,
    places: Coordinates,
    system: NDArray[np.object_],
    code: NDArray[np.object_],
    units_text: pd.Series | None,
) -> None:
    """Rows that name no unit belong to the present one their point lies in."""
    lacking = code == "" if units_text is None else (units_text == "").to_numpy(bool)
    if not lacking.any():
        return
    there = lacking & np.isfinite(places.lon)
    found = check.reference.ground.unit_at(places.lon[there], places.lat[there])
    code[there], system[there] = found, UnitSystem.CURRENT.value
    if count := int((found != "").sum()):
        key = "ingest.note_units_approximate" if check.reference.ground.approximate else "ingest.note_units_by_point"
        check.notes.append(Note.of(key, count=count))
    nowhere = lacking & (code == "") & ~check.bad
    heading = places.column if units_text is None else str(units_text.name)
    check.refuse("unit_or_place", nowhere, pd.Series("", index=check.rows.index, name=heading, dtype="str"))
