"""A page and its question as the address bar writes them: short names, and only what differs from the page's opening.

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
from geo.question.travel import opens_on, spoken
from geo.question.types import QUESTIONS, AnyQuestion, Code
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
    "link_to",
    "of_question",
    "of_view",
    "opening",
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
    "results": "programme",
    "coverage": "programme",
    "targets": "programme",
    "safe_units": "programme",
    "models": "programme",
    "returns": "programme",
    "festivals": "programme",
    "report": "programme",
    "areas": "areas",
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
    "reported": "rep", "reach": "reach", "over": "over", "topic": "tp", "organiser": "org", "year": "y",
    "safe_kind": "sk", "share": "sh",
    "model_kind": "mk", "model": "mod", "festival": "fest", "span": "span", "dated": "on",
    "about": "about", "part": "part", "area": "ar", "area_kinds": "ak",
    "lang": "lang",
}  # fmt: skip
"""Names of fields in an address."""

DEFAULTS: dict[str, Any] = {
    **codec.DEFAULTS,
    **{name: default for name, (_, default) in _SCREEN.items()},
    "named": "",
}
"""The default of every field an address can have, and of `named`: the measure that one has arrived with, if any."""


def opening(page: str, default: Mapping[str, Any] = DEFAULTS) -> dict[str, Any]:
    """The fields of one who has come to a page by its bare address.

    Parameters
    ----------
    page : str
    default : mapping
        The fields of a first visit to the installation; of the measure each page has its own.
    """
    return {**default, "measure": opens_on(page)}


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
    if "page" not in given and (named := _page_named(address)):
        raise InputError("products.page_has_no_map", page=named, known=", ".join(QUESTIONS))
    page = given.get("page", defaults.get("page", FIRST))
    if page not in QUESTIONS:
        raise InputError("products.page_has_no_map", page=page, known=", ".join(QUESTIONS))
    return codec.question_of(page, {**opening(page), **defaults, **given}, today)


def _page_named(address: str) -> str:
    """The page that an address names by its path or by `page`, whether there is one or not; empty for none."""
    whole = f"?{address}" if "?" not in address and "=" in address else address
    try:
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return parts.path.strip("/").rpartition("/")[2] or dict(parse_qsl(parts.query)).get("page", "")


def covered(page: str) -> frozenset[str]:
    """Names of the fields that the address of a page speaks of; of the others it says nothing."""
    elsewhere = {name for name, of in _OF_ONE_PAGE.items() if of != page}
    return frozenset({*SCREEN, *codec.SHARED, *codec.own_fields(page)} - elsewhere)


def arrive(
    page: str, params: Mapping[str, str], fields: Mapping[str, Any], default: Mapping[str, Any] = DEFAULTS
) -> dict[str, Any]:
    """The fields of one who has followed an address: what it does not say is as the page opens.

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
    said, first = read(params), opening(page, default)
    unsaid = {name: first[name] for name in covered(page)}
    return {**default, **fields, **unsaid, **said, "named": said.get("measure", ""), "page": page}


def write(
    fields: Mapping[str, Any], default: Mapping[str, Any] = DEFAULTS, *, all_pages: bool = False
) -> dict[str, str]:
    """Fields as parameters of the address of their page: those it covers that differ from the page's opening.

    Parameters
    ----------
    fields, default : mapping
    all_pages : bool
        Those that the address of any page covers.
    """
    names = set(SHORT) if all_pages else set(covered(fields.get("page", FIRST)))
    names.discard("page")
    if fields.get("period", default["period"]) != "custom":
        names -= {"from", "to"}
    said, unsaid = {**fields, "measure": spoken(fields)}, {**default, "measure": None}
    chosen = {name: said[name] for name in SHORT if name in names and name in said}
    return {SHORT[name]: _text(name, value) for name, value in chosen.items() if value != unsaid[name]}


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
