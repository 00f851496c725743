"""The atlas: a page for each commune, with its part of the map, its figures, its trend and the units it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from geo.cartography.spec import MapSpec, Plate
from geo.errors import InputError
from geo.products.cards import series_of, unit_card
from geo.products.context import data_date, units
from geo.products.shown import shown
from geo.products.state import View, query_of
from geo.render import static
from geo.store.store import Store

__all__ = ["atlas"]

Step = Callable[[int, int], None]


def atlas(store: Store, view: View, *, size: str = "a4", step: Step = lambda _done, _of: None) -> bytes:
    """A PDF file with a page for every commune of the view, all communes where it names none.

    Parameters
    ----------
    store : Store
    view : View
        Of the page "map".
    size : {"a4", "a3"}
    step : callable
        Told how many pages of how many are done.

    Raises
    ------
    InputError
        If the view is not of the map, or the size is not known.
    """
    if view.page != "map":
        raise InputError("products.atlas_of_map", page=view.page)
    if size not in ("a4", "a3"):
        raise InputError("products.size_of_kind", kind="pdf", size=size, known="a4, a3")
    whole = replace(view, units=(), show="map", ti="")
    spec = shown(store, whole)
    query = query_of(whole, data_date(store))
    frame = units(store, query.system)
    codes = [code for code in frame.sort_values("name").index if not view.units or code in view.units]
    if not codes:
        raise InputError("products.atlas_empty")
    plates = _plates(store, spec, whole, codes)
    chosen = ",".join(codes) if view.units else ""
    return static.atlas(plates, spec, size=size, chosen=chosen, step=lambda done: step(done, len(codes)))


def _plates(store: Store, spec: MapSpec, view: View, codes: list[str]) -> Iterator[Plate]:
    query = query_of(view, data_date(store))
    for code in codes:
        card = unit_card(store, code, query, view.lang)
        assert card is not None
        first = card.figures[0]
        said = " · ".join(part for part in (f"{first.label}: {first.value}", first.change, first.verdict) if part)
        sentence = f"{spec.period}. {said}"
        yield Plate(
            code, card.title, sentence, card.bbox, card.figures, series_of(card.trend, view.lang), card.origins_title,
            card.origins,
        )  # fmt: skip
