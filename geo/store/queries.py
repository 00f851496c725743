"""A `Query` as one SQL statement over the active rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, and_, cast, func, select

from geo.schema import (
    MONTHLY_COLUMNS,
    MONTHLY_MEASURES,
    YEARLY_COLUMNS,
    YEARLY_MEASURES,
    CaseStatus,
    Dataset,
    Measure,
    Query,
    month_start,
)
from geo.store import tables

__all__ = ["result_columns", "selection"]

_EVENT_RESULT = ("date", "unit_system", "unit_code", "kind", "status", "suspects", "lon", "lat")


def selection(query: Query) -> Select[Any]:
    """Rows of the query's measure, period and kinds in order of day or year; days come as ISO text."""
    if query.measure in YEARLY_MEASURES:
        return _yearly(query)
    if query.measure in MONTHLY_MEASURES:
        table, day, start = tables.monthly, "month", month_start(query.start)
        extra = table.c.measure == query.measure.value
    else:
        table, day, start = tables.event, "date", query.start
        extra = _event_condition(query)
    columns = {name: cast(c, String) if name == day else c for name, c in table.c.items()}
    where = and_(table.c.active, extra, table.c[day] >= start, table.c[day] <= query.end)
    if table is tables.event:
        chosen = select(*(columns[name] for name in result_columns(query)))
        return chosen.where(where).order_by(table.c[day], table.c.id)
    key = [table.c[name] for name in MONTHLY_COLUMNS[:-1]]  # what came in parts is one count
    added = select(
        *(columns[name] for name in MONTHLY_COLUMNS[:-1]), cast(func.sum(table.c.value), Integer).label("value")
    )
    return added.where(where).group_by(*key).order_by(table.c[day], func.min(table.c.id))


def _yearly(query: Query) -> Select[Any]:
    """Counts of the years whose last month lies in the period."""
    table, last = tables.yearly, query.end.year - (query.end.month < 12)
    where = and_(table.c.active, table.c.measure == query.measure.value, table.c.year.between(query.start.year, last))
    return select(*(table.c[name] for name in YEARLY_COLUMNS)).where(where).order_by(table.c.year, table.c.id)


def result_columns(query: Query) -> tuple[str, ...]:
    """Names of the columns `selection` gives."""
    if query.measure in YEARLY_MEASURES:
        return YEARLY_COLUMNS
    return MONTHLY_COLUMNS if query.measure in MONTHLY_MEASURES else _EVENT_RESULT


def _event_condition(query: Query) -> ColumnElement[bool]:
    event = tables.event
    dataset = Dataset.DENS if query.measure is Measure.DEN_CLEARED else Dataset.CASES
    conditions = [event.c.dataset == dataset.value]
    if query.measure is Measure.CASE_CLEARED:
        conditions.append(event.c.status == CaseStatus.CLEARED.value)
    if query.measure is Measure.SUSPECT:
        conditions.append(event.c.suspects > 0)
    if query.kinds:
        conditions.append(event.c.kind.in_(query.kinds))
    return and_(*conditions)
