"""The one codec of questions: field by field, from text or plain values, and back.

A written form is a mapping of field names to values, in which what is left out has its default. Shared fields travel
from page to page; the others belong to the pages whose question has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from geo.errors import InputError
from geo.question.periods import Preset, chosen_period
from geo.question.types import (
    QUESTIONS,
    AnyQuestion,
    Change,
    Code,
    Month,
    Question,
    Show,
    altered,
    are_limits,
    plain_title,
)
from geo.schema import Against, CaseCategory, GameType, Measure, Per, Query, UnitSystem
from geo.text import Lang

Q = TypeVar("Q", bound=Question)

__all__ = [
    "DEFAULTS", "SHARED", "field_of", "is_list", "known_values", "limits_of", "limits_text", "own_fields", "plain",
    "question_of", "seen_on", "takes", "values_of", "written",
]  # fmt: skip

_KINDS = tuple(str(kind) for kind in (*CaseCategory, *GameType))

_SHARED: dict[str, tuple[Any, object]] = {
    "measure": (Measure, Measure.DEN_CLEARED),
    "period": (Preset, Preset.LAST12),
    "from": (date | None, None),
    "to": (date | None, None),
    "month": (Month, ""),
    "kinds": (tuple[Literal[_KINDS], ...], ()),  # type: ignore[valid-type]
    "units": (tuple[Code, ...], ()),
    "per": (Per, Per.COUNT),
    "unit_system": (UnitSystem, UnitSystem.CURRENT),
    "against": (Literal["auto", "before", "year", "custom"], "auto"),
    "show": (Show, "map"),
    "title": (str, ""),
    "lang": (Lang, "vi"),
}
"""Type and default of the fields that every question has."""

SHARED = tuple(_SHARED)


def own_fields(page: str) -> tuple[str, ...]:
    """The fields that the question of a page has beyond the shared ones; none where a page asks nothing."""
    return _OWN_NAMES.get(page, ())


def _own(kind: type[AnyQuestion]) -> list[msgspec.structs.FieldInfo]:
    common = {"query", "period", "month", "show", "title", "public", "lang"}
    return [field for field in msgspec.structs.fields(kind) if field.name not in common]


_FIELDS = _SHARED | {field.name: (field.type, field.default) for kind in QUESTIONS.values() for field in _own(kind)}

_OWN_NAMES = {page: tuple(field.name for field in _own(kind)) for page, kind in QUESTIONS.items()}

DEFAULTS: dict[str, Any] = {name: default for name, (_, default) in _FIELDS.items()}
"""The default of every field of any question."""


def field_of(name: str, value: object, kind: Any = None) -> Any:
    """A field's value from text, or from a plain value such as YAML has.

    Parameters
    ----------
    name : str
    value : object
        Lists for fields that hold several.
    kind : type, optional
        Of the value, where `name` is no field of a question.

    Raises
    ------
    ValueError
        If the field cannot have it.
    """
    kind = kind or _FIELDS[name][0]
    if name == "limits":
        return _limits(value)
    if name == "title":
        return plain_title(str(value))
    if kind == date | None:
        return date.fromisoformat(str(value)) if value not in ("", None) else None
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


def _limits(value: object) -> tuple[float, ...]:
    try:
        return limits_of(str(value)) if value != "" else ()
    except InputError as error:
        raise ValueError(str(value)) from error


def limits_of(text: str) -> tuple[float, ...]:
    """Class limits typed by a person, in either decimal style.

    Raises
    ------
    InputError
        If they are not rising positive numbers.
    """
    try:
        values = tuple(float(p.strip().replace(",", ".")) for p in text.split(";") if p.strip())
    except ValueError as error:
        raise InputError("ui.limits_bad") from error
    if not are_limits(values):
        raise InputError("ui.limits_bad")
    return values


def limits_text(limits: tuple[float, ...]) -> str:
    """Inverse of `limits_of`."""
    return "; ".join(repr(float(limit)).removesuffix(".0") for limit in limits)


def known_values(name: str) -> str:
    """The values a field can have, where they are few words."""
    kind = _FIELDS[name][0]
    return ", ".join(map(str, values_of(kind))) or "…"


def values_of(kind: Any) -> tuple[object, ...]:
    """The values of a type that are few words; of a tuple those of its items."""
    if get_origin(kind) is tuple:
        return values_of(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return get_args(kind)
    if kind is bool:
        return ("true", "false")
    if get_origin(kind) is Annotated:
        bounds = get_args(kind)[1]
        return tuple(range(bounds.ge, bounds.le + 1)) if isinstance(bounds.ge, int) else ()
    return tuple(kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else ()


def is_list(name: str) -> bool:
    """Whether a field holds several values."""
    return name != "limits" and get_origin(_FIELDS[name][0]) is tuple


def takes(name: str, kind: type) -> bool:
    """Whether a field's values are of a type."""
    wanted = _FIELDS[name][0]
    return wanted is kind or (get_origin(wanted) in (Union, UnionType) and kind in get_args(wanted))


def question_of(page: str, given: Mapping[str, Any], today: date) -> AnyQuestion:
    """The question of a page.

    Parameters
    ----------
    page : str
        One of `QUESTIONS`.
    given : mapping of str to value
        Fields by name, as `field_of` gives them; others than the page's are passed over.
    today : date
        Day of the newest record, from which periods with a name are counted.
    """
    asked = {**DEFAULTS, **given}
    start, end = chosen_period(asked["period"], asked["from"], asked["to"], today)
    kind = QUESTIONS[page]
    own = {name: asked[name] for name in own_fields(page)}
    if kind is Change:
        own["earlier_from"] = asked["earlier_from"] if asked["against"] == "custom" else None
    chosen = asked["period"] is not Preset.CUSTOM or (asked["from"] and asked["to"])
    return kind(
        query=Query(
            asked["measure"], start, end, asked["kinds"], asked["units"], asked["per"], asked["unit_system"],
            _against(page, asked),
        ),
        period=asked["period"] if chosen else Preset.LAST12,
        **{name: asked[name] for name in ("month", "show", "title", "lang")},
        **own,
    )  # fmt: skip


def _against(page: str, asked: Mapping[str, Any]) -> Against:
    """A year to date is set against that of the year before, where change is the page's question."""
    by_itself = page == Change.__struct_config__.tag and asked["period"] is Preset.YEAR and not asked["month"]
    year = asked["against"] == "year" or (asked["against"] == "auto" and by_itself)
    return Against.YEAR if year else Against.BEFORE


def plain(question: AnyQuestion) -> dict[str, Any]:
    """Every field of a question by its name; inverse of `question_of`."""
    query = question.query
    return {
        "measure": query.measure,
        "period": question.period,
        "from": query.start,
        "to": query.end,
        "month": question.month,
        "kinds": query.kinds,
        "units": query.units,
        "per": query.per,
        "unit_system": query.system,
        "against": _word(question),
        "show": question.show,
        "title": question.title,
        "lang": question.lang,
        **{name: getattr(question, name) for name in own_fields(question.page)},
    }


def _word(question: AnyQuestion) -> str:
    if isinstance(question, Change) and question.earlier_from:
        return "custom"
    asked = {"period": question.period, "month": question.month, "against": "auto"}
    by_itself = _against(question.page, asked)
    return "auto" if question.query.against is by_itself else str(question.query.against)


def written(question: AnyQuestion) -> dict[str, Any]:
    """The fields of a question that differ from their defaults; days only where the period has no name."""
    fields = plain(question)
    if question.period is not Preset.CUSTOM:
        del fields["from"], fields["to"]
    return {name: value for name, value in fields.items() if value != DEFAULTS[name]}


def seen_on(question: Q, today: date) -> Q:
    """The question on a day: a period with a name moves there, days that were chosen stay."""
    query = question.query
    if question.period is Preset.CUSTOM:
        return question
    start, end = chosen_period(question.period, query.start, query.end, today)
    if (start, end) == (query.start, query.end):
        return question
    return altered(question, query=replace(query, start=start, end=end))
