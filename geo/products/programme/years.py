"""Which years each page of the programme can be asked about."""

from __future__ import annotations

from geo.products.programme.festivals import years_of_festivals
from geo.products.programme.models import years_of_models
from geo.products.programme.returns import years_of_returns
from geo.products.programme.safe_units import years_of_safe_units
from geo.products.programme.targets import years_with_targets
from geo.question import Festivals, Models, OfYear, Returns, SafeUnits, Targets
from geo.store import Snapshot

__all__ = ["years_of"]


def years_of(snapshot: Snapshot, question: OfYear) -> list[int]:
    """Years of which there is something to show, in order."""
    match question:
        case Targets():
            return years_with_targets(snapshot, question.query.measure)
        case SafeUnits():
            return years_of_safe_units(snapshot)
        case Models():
            return years_of_models(snapshot)
        case Returns():
            return years_of_returns(snapshot, question.query.measure)
        case Festivals():
            return years_of_festivals(snapshot)
    raise AssertionError(question)
