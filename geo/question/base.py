"""What every question is, and what those of an analysis share."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

from geo.question.periods import Preset, first_of, months_of
from geo.schema import (
    EVENT_MEASURES,
    MASKED_MEASURES,
    YEARLY_MEASURES,
    Against,
    CaseCategory,
    GameType,
    Measure,
    Per,
    Query,
    UnitSystem,
    month_end,
)
from geo.text import Lang, printable

__all__ = [
    "SHOWS", "Analysis", "Code", "Month", "Q", "Question", "Show", "Year", "altered", "kinds_of", "of_province",
    "pinned", "plain_title",
]  # fmt: skip

Code = Annotated[str, Meta(pattern="^[0-9A-Za-z]*$")]
"""Of a unit, or the key of a den; empty for none."""

Month = Annotated[str, Meta(pattern=r"^((19|20)\d\d-(0[1-9]|1[0-2]))?$")]
"""YYYY-MM, or empty."""

Year = Annotated[str, Meta(pattern=r"^((19|20)\d\d)?$")]
"""YYYY, or empty for the latest on record."""

Show = Literal["map", "table", "chart", "months"]
SHOWS: tuple[Show, ...] = ("map", "table", "chart", "months")

Q = TypeVar("Q", bound="Question")


class Question(msgspec.Struct, frozen=True, kw_only=True, tag_field="page"):
    """What every page asks.

    Attributes
    ----------
    query : Query
        Measure, the whole period, kinds, units, denominator, set of units, against which earlier period.
    period : Preset
        What the period is called, so that it moves with the data; "custom" where it stays.
    month : str
        The single month that is looked at of the period, YYYY-MM, or empty.
    show : {"map", "table", "chart", "months"}
        What stands in place of the map.
    title : str
        A title of one's own, or empty.
    public : bool
        An edition for the public: communes only.
    lang : {"vi", "en"}
    """

    measures: ClassVar[frozenset[Measure]] = frozenset(Measure) - YEARLY_MEASURES
    """What the page can show."""

    query: Query
    period: Preset = Preset.CUSTOM
    month: Month = ""
    show: Show = "map"
    title: str = ""
    public: bool = False
    lang: Lang = "vi"

    def __post_init__(self) -> None:
        query = self.query
        if self.title != plain_title(self.title):
            raise ValueError("a title is one printable line, and not that long")
        if unknown := set(query.kinds) - _KNOWN_KINDS:
            raise ValueError(f"no kinds: {', '.join(sorted(unknown))}")
        system = UnitSystem.CURRENT if query.measure in MASKED_MEASURES else query.system
        allowed = kinds_of(query.measure)
        query = replace(query, kinds=tuple(kind for kind in query.kinds if kind in allowed), system=system)
        month = self.month if self.month and self.month in months_of(query.start, query.end) else ""
        for name, value in {"query": query, "month": month, **self._offered(query)}.items():
            force_setattr(self, name, value)

    def _offered(self, query: Query) -> dict[str, Any]:
        """Fields as the page offers them, where that is not what was given."""
        del query
        return {}

    @property
    def page(self) -> str:
        """The page it is asked on."""
        return str(self.__struct_config__.tag)

    @property
    def reading(self) -> Query:
        """What the store is to be read for: the month that is looked at, or the whole period."""
        if not self.month:
            return self.query
        first = first_of(self.month)
        return replace(self.query, start=first, end=month_end(first))


_KNOWN_KINDS = {str(kind) for kind in (*CaseCategory, *GameType)}
_LONGEST_TITLE = 160


def plain_title(text: str) -> str:
    """A title of one's own as it is kept: one printable line of at most 160 letters."""
    return printable(text).strip()[:_LONGEST_TITLE].strip()


def kinds_of(measure: Measure) -> tuple[str, ...]:
    """The kinds a measure can be asked by; none for monthly counts."""
    if measure not in EVENT_MEASURES:
        return ()
    return tuple(map(str, GameType if measure is Measure.DEN_CLEARED else CaseCategory))


class Analysis(Question, frozen=True, kw_only=True):
    """On all present communes, since neighbours matter; as counts where the page offers nothing else.

    A score per commune could give a hidden count away, so that masked measures are none of its own.
    """

    measures = frozenset(Measure) - MASKED_MEASURES - YEARLY_MEASURES

    def _offered(self, query: Query) -> dict[str, Any]:
        return {"query": of_province(query)}


def of_province(query: Query, *, per: Per = Per.COUNT, against: Against = Against.BEFORE) -> Query:
    return replace(query, units=(), system=UnitSystem.CURRENT, per=per, against=against)


def altered(question: Q, **changes: object) -> Q:
    """A copy with some fields replaced."""
    return msgspec.structs.replace(question, **changes)


def pinned(question: Q, query: Query, **changes: object) -> Q:
    """The question as a file keeps it: about the days of `query`, whatever they are called tomorrow."""
    return altered(question, query=query, period=Preset.CUSTOM, month="", **changes)
