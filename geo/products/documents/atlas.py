"""The atlas: a page for each commune, with its part of the map, its figures, its trend and the units it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from geo.cartography.spec import MapSpec, Plate
from geo.errors import InputError
from geo.products.answer import answer
from geo.products.situation.commune_card import unit_card
from geo.products.situation.trend import series_of
from geo.question import Question, Situation, altered
from geo.question.codec import seen_on
from geo.render import static
from geo.schema import Query
from geo.store import Snapshot

__all__ = ["atlas"]

Step = Callable[[int, int], None]


def atlas(snapshot: Snapshot, question: Question, *, size: str = "a4", step: Step = lambda _done, _of: None) -> bytes:
    """A PDF file with a page for every commune of the question, all communes where it names none.

    Parameters
    ----------
    snapshot : Snapshot
    question : Situation
    size : {"a4", "a3"}
    step : callable
        Told how many pages of how many are done.

    Raises
    ------
    InputError
        If the question is not that of the map, or the size is not known.
    """
    if not isinstance(question, Situation):
        raise InputError("products.atlas_of_map", page=question.page)
    if size not in ("a4", "a3"):
        raise InputError("products.size_of_kind", kind="pdf", size=size, known="a4, a3")
    wanted = question.query.units
    query = replace(question.query, units=())
    whole = seen_on(altered(question, query=query, show="map", title="", public=False), snapshot.today)
    frame = snapshot.units(query.system)
    codes = [code for code in frame.sort_values("name").index if not wanted or code in wanted]
    if not codes:
        raise InputError("products.atlas_empty")
    spec = answer(snapshot, whole)
    plates = _plates(snapshot, spec, whole.reading, codes)
    chosen = ",".join(codes) if wanted else ""
    return static.atlas(plates, spec, size=size, chosen=chosen, step=lambda done: step(done, len(codes)))


def _plates(snapshot: Snapshot, spec: MapSpec, query: Query, codes: list[str]) -> Iterator[Plate]:
    for code in codes:
        card = unit_card(snapshot, code, query, spec.lang)
        assert card is not None
        first = card.figures[0]
        said = " · ".join(part for part in (f"{first.label}: {first.value}", first.change, first.verdict) if part)
        sentence = f"{spec.period}. {said}"
        yield Plate(
            code, card.title, sentence, card.bbox, card.figures, series_of(card.trend, spec.lang), card.origins_title,
            card.origins,
        )  # fmt: skip
