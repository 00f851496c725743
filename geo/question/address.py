"""A page and its question as the address bar writes them: short names, and only what differs from the default.

The page is the path: `/hotspots?m=case`. The form of former links, `/?page=hotspots&m=case`, is read too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Meta

from geo.errors import InputError
from geo.question import codec
from geo.question.types import QUESTIONS, AnyQuestion, Code, kinds_of
from geo.schema import Measure

__all__ = [
    "DEFAULTS",
    "FIRST",
    "OFF_MENU",
    "PAGES",
    "SCREEN",
    "SHORT",
    "arrive",
    "covered",
    "going_to",
    "link_to",
    "of_question",
    "of_view",
    "opened",
    "question_at",
    "read",
    "read_text",
    "write",
]

PAGES = {
    "overview": "situation",
    "map": "situation",
    "hotspots": "analysis",
    "change": "analysis",
    "before_after": "analysis",
    "clusters": "analysis",
    "density": "analysis",
    "emerging": "analysis",
    "scan": "analysis",
    "rates": "analysis",
    "near_repeat": "analysis",
    "concentration": "analysis",
    "briefings": "products",
    "reopen": "products",
    "present": "products",
    "imports": "data",
    "history": "data",
    "quality": "data",
}
"""Pages by the name of their file, each with its section, the name of its folder."""

OFF_MENU = ("present",)
"""Pages that another page leads to."""

FIRST = "map"
"""The page of a bare address."""

_ON_CASES = ("hotspots", "before_after", "clusters", "density", "emerging", "scan", "near_repeat")
"""Pages that open on cases: where many dens were cleared, much was done, and that is no hot spot of crime."""

_SCREEN: dict[str, tuple[Any, Any]] = {
    "page": (Literal[tuple(PAGES)], FIRST),  # type: ignore[valid-type]
    "theme": (Literal["", "light", "projector", "projector-light"], ""),
    "commune": (Code, ""),
    "briefing": (Annotated[str, Meta(pattern="^[0-9A-Za-z-]*$")], ""),
    "slide": (Annotated[str, Meta(pattern="^[0-9]{0,4}$")], ""),
    "tab": (Literal["", "table", "chart"], ""),
    "reported": (Measure, Measure.TIP),
}
"""Where a person is, besides what is asked: page, projector theme, open commune, briefing in hand, slide, open tab, and
the measure whose reports the quality page lists."""

_OF_ONE_PAGE = {"slide": "present", "reported": "quality"}

SCREEN = tuple(_SCREEN)

SHORT = {
    "page": "page", "measure": "m", "period": "t", "from": "a", "to": "b", "kinds": "kinds", "units": "units",
    "per": "per", "unit_system": "sys", "compare": "cmp", "points": "pts", "clusters": "cl", "zones": "z",
    "labels": "names", "scheme": "scheme", "classes": "k", "limits": "lim", "commune": "u", "month": "mo", "theme": "p",
    "briefing": "br", "slide": "sl", "by": "by", "cell_m": "cell", "neighbours": "near", "statistic": "stat",
    "basis": "base", "algorithm": "algo", "in_time": "tm", "change_of": "chg", "against": "vs",
    "earlier_from": "e", "cleared_by": "tr", "cleared_units": "tu", "cleared_month": "dm", "cleared_den": "d",
    "radius_m": "r", "days": "w", "ring": "ring", "control_units": "ct", "show": "show", "title": "ti", "tab": "tab",
    "reported": "rep",
    "lang": "lang",
}  # fmt: skip
"""Names of fields in an address."""

DEFAULTS: dict[str, Any] = {**codec.DEFAULTS, **{name: default for name, (_, default) in _SCREEN.items()}}
"""The default of every field an address can have."""


def opened(page: str, default: Mapping[str, Any] = DEFAULTS) -> dict[str, Any]:
    """The fields with which a page opens: what an address of it does not say is as here."""
    return {**default, "measure": Measure.CASE} if page in _ON_CASES else dict(default)


def going_to(page: str, fields: Mapping[str, Any], default: Mapping[str, Any] = DEFAULTS) -> dict[str, Any]:
    """The fields of one who goes on to a page: a measure that the page before opened with was not chosen, and stays.

    With kinds of events chosen it was.
    """
    before = fields.get("page", FIRST)
    chosen = bool(fields.get("kinds")) or fields["measure"] != opened(before, default)["measure"]
    measure = fields["measure"] if chosen else opened(page, default)["measure"]
    return {**fields, "page": page, "measure": measure}


def read(params: Mapping[str, str], path: str = "") -> dict[str, Any]:
    """The fields of an address by name; what makes no sense there is left out, and so has its default.

    Parameters
    ----------
    params : mapping of str to str
        As after the question mark.
    path : str
        What stands before it; a page's name there is that page.
    """
    given: dict[str, Any] = {}
    named = path.strip("/").rpartition("/")[2]
    if named in PAGES:
        given["page"] = named
    for name, short in SHORT.items():
        if short in params:
            try:
                given[name] = _value(name, params[short])
            except ValueError:
                continue
    return given


def _value(name: str, text: str) -> Any:
    if name in _SCREEN:
        return codec.field_of(name, text, _SCREEN[name][0])
    if name == "classes":
        return codec.field_of(name, str(min(7, max(3, int(text)))))
    if codec.is_list(name):
        return _listed(name, text)
    return codec.field_of(name, text)


def _listed(name: str, text: str) -> tuple[Any, ...]:
    """The items that make sense."""
    found: list[Any] = []
    for part in filter(None, text.split(".")):
        try:
            found += codec.field_of(name, [part])
        except ValueError:
            continue
    return tuple(found)


def read_text(address: str) -> dict[str, Any]:
    """The fields of an address as it stands in the browser's bar, or of a part of it."""
    if "?" not in address and "=" in address:
        address = f"?{address}"
    try:
        parts = urlsplit(address)
    except ValueError:  # a host that is none
        return {}
    return read(dict(parse_qsl(parts.query, keep_blank_values=True)), parts.path)


def question_at(address: str, today: date, **defaults: Any) -> AnyQuestion:
    """The question an address asks.

    Parameters
    ----------
    today : date
        Day of the newest record.
    defaults : value by field name
        In place of a first visit's.

    Raises
    ------
    InputError
        If its page asks none.
    """
    given = read_text(address)
    page = given.get("page", defaults.get("page", FIRST))
    if page not in QUESTIONS:
        raise InputError("products.page_has_no_map", page=page, known=", ".join(QUESTIONS))
    return codec.question_of(page, {**opened(page), **defaults, **given}, today)


def covered(page: str) -> frozenset[str]:
    """Names of the fields that the address of a page speaks of; of the others it says nothing."""
    elsewhere = {name for name, of in _OF_ONE_PAGE.items() if of != page}
    return frozenset({*SCREEN, *codec.SHARED, *codec.own_fields(page)} - elsewhere)


def arrive(
    page: str, params: Mapping[str, str], fields: Mapping[str, Any], default: Mapping[str, Any] = DEFAULTS
) -> dict[str, Any]:
    """The fields of one who has followed an address: what it does not say of its page has the default.

    Parameters
    ----------
    page : str
    params : mapping of str to str
        As after the question mark.
    fields : mapping
        What was chosen before; it stays where the address says nothing of it.
    default : mapping
        The fields of a first visit.
    """
    unsaid = {name: value for name, value in opened(page, default).items() if name in covered(page)}
    there = {**default, **fields, **unsaid, **read(params), "page": page}
    allowed = kinds_of(there["measure"])
    return {**there, "kinds": tuple(kind for kind in there["kinds"] if kind in allowed)}


def write(
    fields: Mapping[str, Any], default: Mapping[str, Any] = DEFAULTS, *, all_pages: bool = False
) -> dict[str, str]:
    """Fields as parameters of the address of their page: those it covers that differ from the default.

    Parameters
    ----------
    fields, default : mapping
    all_pages : bool
        Those that the address of any page covers, for links to other pages: there kinds go with their measure.
    """
    default = opened(fields.get("page", FIRST), default)
    names = set(SHORT) if all_pages else set(covered(fields.get("page", FIRST)))
    names.discard("page")
    if fields.get("period", default["period"]) != "custom":
        names -= {"from", "to"}
    chosen = {name: fields[name] for name in SHORT if name in names and name in fields}
    said = {name for name, value in chosen.items() if value != default[name]}
    if all_pages and "kinds" in said:
        said.add("measure")
    return {SHORT[name]: _text(name, value) for name, value in chosen.items() if name in said}


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if name == "limits":
        return value if isinstance(value, str) else codec.limits_text(value)
    return ".".join(map(str, value)) if isinstance(value, tuple) else str(value)


def of_view(fields: Mapping[str, Any], default: Mapping[str, Any] = DEFAULTS) -> str:
    """The address of a page in this state, from after the slash on."""
    query = urlencode(write(fields, default), safe=",.")
    return f"{fields.get('page', FIRST)}{query and '?'}{query}"


def of_question(question: AnyQuestion, default: Mapping[str, Any] = DEFAULTS) -> dict[str, str]:
    """The parameters of the address that asks a question."""
    return write({"page": question.page, **codec.plain(question)}, default)


def link_to(question: AnyQuestion, default: Mapping[str, Any] = DEFAULTS) -> str:
    """The address that asks a question, from its slash on."""
    return "/" + of_view({"page": question.page, **codec.plain(question)}, default)
