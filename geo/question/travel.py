"""How the measure goes from page to page: what a page opens on, what an address names, what a page cannot show.

A view is fields by their names, as `address` reads and writes them. Of the measure it holds two: `measure`, which is
shown, and `named`, which the address had on arrival, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.question import codec
from geo.question.types import kinds_of, measures_for
from geo.schema import Measure

__all__ = ["displaced", "fitted", "onward", "opens_on", "spoken"]

_ON_CASES = ("hotspots", "before_after", "clusters", "density", "emerging", "scan", "near_repeat", "areas")
"""Pages that open on cases: dens are cleared where the police went, which says nothing of where crime is."""


_OPENINGS = {
    **dict.fromkeys(_ON_CASES, Measure.CASE),
    **dict.fromkeys(("results", "coverage", "targets", "report"), Measure.SESSION),
    "safe_units": Measure.SAFE_RECOGNISED,
    "models": Measure.COMMUNITY_MODEL,
    "returns": Measure.REINTEGRATED,
    "festivals": Measure.FESTIVAL,
}


def opens_on(page: str) -> Measure:
    """The measure that the bare address of a page shows."""
    first: Measure = codec.DEFAULTS["measure"]
    return _OPENINGS.get(page, first)


def spoken(fields: Mapping[str, Any]) -> Measure | None:
    """The measure that the address of a view names; the same goes along to other pages.

    It is one that was chosen: another than the page opens on, the one that the address named on arrival, or one of
    which kinds are chosen. None where the page shows what it opens on, for another page has an opening of its own.
    """
    if away := displaced(fields):
        return away
    measure: Measure | None = fields.get("measure")
    chosen = measure != opens_on(_page(fields)) or measure == fields.get("named") or bool(fields.get("kinds"))
    return measure if chosen else None


def onward(fields: Mapping[str, Any], page: str) -> dict[str, Any]:
    """The fields of one who goes by a link from a view to a page."""
    measure = spoken(fields)
    return {**fields, "page": page, "measure": measure or opens_on(page), "named": measure or ""}


def fitted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as their page can show them: another measure in place of one that it cannot show, and its kinds."""
    fits = dict(fields)
    if fields["measure"] not in measures_for(_page(fields)):
        fits |= {"measure": _stand_in(_page(fields)), "named": fields["measure"]}
    allowed = kinds_of(fits["measure"])
    return fits | {"kinds": tuple(kind for kind in fields["kinds"] if kind in allowed)}


def displaced(fields: Mapping[str, Any]) -> Measure | None:
    """The measure in whose place another is shown; the address goes on naming it, so that the next page may show it."""
    named: Measure | None = fields.get("named") or None
    page = _page(fields)
    gives_way = named is not None and named not in measures_for(page) and fields["measure"] is _stand_in(page)
    return named if gives_way else None


def _stand_in(page: str) -> Measure:
    """What a page shows in place of a measure that it cannot show: cases, where it can show those."""
    return Measure.CASE if Measure.CASE in measures_for(page) else opens_on(page)


def _page(fields: Mapping[str, Any]) -> str:
    return str(fields.get("page", ""))
