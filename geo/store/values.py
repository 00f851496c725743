"""Whether what stands in the columns of a store is what this program writes there: formats, ranges, lists, states.

A database takes any text in a column of numbers. What came from elsewhere, or was altered in place, is found before a
map is made of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np
import shapely

from geo.schema import (
    MONTHLY_MEASURES,
    SESSION_MEASURES,
    TARGET_MEASURES,
    YEARLY_KINDS,
    CaseCategory,
    CaseStatus,
    Dataset,
    GameType,
    ModelKind,
    Organiser,
    Topic,
    UnitSystem,
    ZoneKind,
)

__all__ = ["strange_values"]

_MOST = 2**53


def _listed(column: str, values: Iterable[str]) -> str:
    known = ", ".join(f"'{value}'" for value in values)
    return f"typeof({column}) = 'text' AND {column} IN ({known})"


def _whole(column: str, least: int = 0) -> str:
    return f"typeof({column}) = 'integer' AND {column} BETWEEN {least} AND {_MOST}"


def _day(column: str) -> str:
    return f"typeof({column}) = 'text' AND date({column}) IS {column}"


def _moment(column: str) -> str:
    return f"{column} GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:*' AND datetime({column}) IS NOT NULL"


def _key(column: str) -> str:
    return f"typeof({column}) = 'text' AND length({column}) BETWEEN 2 AND 20 AND {column} NOT GLOB '*[^0-9a-z]*'"


def _or_null(column: str, rule: str) -> str:
    return f"{column} IS NULL OR ({rule})"


_UNIT = {
    "unit_system": _listed("unit_system", UnitSystem),
    "unit_code": "typeof(unit_code) = 'text' AND unit_code GLOB '[0-9][0-9][0-9][0-9][0-9]'",
}
_ROW = {
    "active": "active IN (0, 1) AND active = (SELECT withdrawn_at IS NULL FROM batch WHERE batch.id = batch_id)",
}
_NAME = "typeof(name) = 'text' AND length(name) BETWEEN 1 AND 500"
_CASE, _DEN = _listed("kind", CaseCategory), _listed("kind", GameType)
_PLACE = "typeof(lon) = 'real' AND typeof(lat) = 'real' AND lon BETWEEN 90 AND 120 AND lat BETWEEN 0 AND 30"

_RULES: dict[str, dict[str, str]] = {
    "store_state": {
        "version": _whole("version"),
        "number_key": "length(number_key) = 64 AND number_key NOT GLOB '*[^0-9a-f]*'",
    },
    "batch": {
        "dataset": _listed("dataset", Dataset),
        "demo": "demo IN (0, 1)",
        "rows": _whole("rows"),
        "rejected": _whole("rejected"),
        "first": _or_null("first", _day("first")),
        "last": _or_null("last", _day("last")),
        "imported_at": _moment("imported_at"),
        "withdrawn_at": _or_null("withdrawn_at", _moment("withdrawn_at")),
        "erased_at": _or_null("erased_at", f"{_moment('erased_at')} AND withdrawn_at IS NOT NULL"),
        "erased_months": _or_null("erased_months", "json_valid(erased_months) AND json_type(erased_months) = 'object'"),
        "dropped": _or_null("dropped", "json_valid(dropped) AND json_type(dropped) = 'array'"),
    },
    "event": {
        **_ROW,
        **_UNIT,
        "dataset": _listed("dataset", (Dataset.CASES, Dataset.DENS)),
        "record_id": "length(record_id) = 20 AND record_id NOT GLOB '*[^0-9a-f]*'",
        "date": _day("date"),
        "kind": f"CASE dataset WHEN 'cases' THEN {_CASE} ELSE {_DEN} END",
        "status": _or_null("status", _listed("status", CaseStatus)),
        "suspects": _or_null("suspects", _whole("suspects")),
        "lon, lat": f"(lon IS NULL AND lat IS NULL) OR ({_PLACE})",
    },
    "monthly": {
        **_ROW,
        **_UNIT,
        "month": f"{_day('month')} AND month LIKE '%-01'",
        "measure": _listed("measure", sorted(MONTHLY_MEASURES)),
        "value": _whole("value"),
        "area": f"area = '' OR ({_key('area')})",
        "topic": _listed("topic", ("", *Topic)),
        "organiser": _listed("organiser", ("", *Organiser)),
        "area, topic, organiser": f"area || topic || organiser = '' OR ({_listed('measure', SESSION_MEASURES)})",
    },
    "population": {**_ROW, **_UNIT, "year": _whole("year", 1900), "people": _whole("people")},
    "yearly": {
        **_ROW,
        **_UNIT,
        "year": _whole("year", 1900),
        "measure, kind": " OR ".join(
            f"({_listed('measure', [measure])} AND {_listed('kind', kinds)})" for measure, kinds in YEARLY_KINDS.items()
        ),
        "value": _whole("value"),
    },
    "target": {
        **_ROW,
        "unit_code": f"unit_code = '' OR ({_UNIT['unit_code']})",
        "year": _whole("year", 1900),
        "measure": _listed("measure", TARGET_MEASURES),
        "value": _whole("value"),
    },
    "community_model": {
        **_ROW,
        **_UNIT,
        "name": _NAME,
        "kind": _listed("kind", ModelKind),
        "since": _day("since"),
        "until": _or_null("until", f"{_day('until')} AND until >= since"),
        "members": _or_null("members", _whole("members")),
    },
    "zone": {
        **_ROW,
        "kind": _listed("kind", ZoneKind),
        "name": _NAME,
        "invented": "invented IN (0, 1)",
        "key": _key("key"),
        "since": _or_null("since", _day("since")),
        "until": _or_null("until", f"{_day('until')} AND (since IS NULL OR until >= since)"),
        "source": "typeof(source) = 'text' AND length(source) <= 120",
        "decision": "typeof(decision) = 'text' AND length(decision) <= 40",
        "divided": "divided IN (0, 1)",
    },
}
"""What holds of each column of each table."""


def strange_values(connection: sqlite3.Connection) -> Iterator[str]:
    """Columns with values that are none of this program's, each with how many there are.

    Parameters
    ----------
    connection : sqlite3.Connection
        Of a store whose schema is known to be this program's.
    """
    for table, rules in _RULES.items():
        counted = ", ".join(f"sum(NOT coalesce(({rule}), 0))" for rule in rules.values())
        found = connection.execute(f"SELECT {counted} FROM {table}").fetchone()
        yield from (f"{table}.{name} ({count})" for name, count in zip(rules, found) if count)
    if (states := connection.execute("SELECT count(*) FROM store_state").fetchone()[0]) != 1:
        yield f"store_state ({states})"
    if wrong := sum(map(_is_no_area, connection.execute("SELECT geometry FROM zone"))):
        yield f"zone.geometry ({wrong})"


def _is_no_area(row: tuple[object]) -> bool:
    """Whether a shape is none, or none that a zone can have."""
    if not isinstance(row[0], bytes):
        return True
    shape = shapely.from_wkb(row[0], on_invalid="ignore")
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        return True
    return not bool(np.isfinite(shapely.get_coordinates(shape)).all())
