"""The report of a period as one file: its indicators, maps of those beyond what is usual, who did not report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from geo.cartography.spec import MapSpec
from geo.products.answer import answer
from geo.products.documents.files import export_all
from geo.products.programme.report import at_period, gaps, lines
from geo.question import Report, altered
from geo.store import Snapshot

__all__ = ["report_file", "report_parts"]


def report_parts(snapshot: Snapshot, question: Report) -> list[MapSpec]:
    """The pages of a report, in order.

    Raises
    ------
    InputError
        If the period is not over, or the commune is not known.
    """
    asked = altered(at_period(snapshot, question), part="map", show="map", title="")
    beyond = [line.measure for line in lines(snapshot, asked) if line.figure.tone in ("up", "down")]
    asks = [altered(asked, part="figures")]
    asks += [altered(asked, query=replace(asked.query, measure=measure)) for measure in beyond]
    if gaps(snapshot, asked).names:
        asks.append(altered(asked, part="gaps"))
    return [answer(snapshot, one) for one in asks]


def report_file(
    snapshot: Snapshot, question: Report, kind: str, *, step: Callable[[float], None] = lambda _: None
) -> bytes:
    """The whole report as slides or as a PDF of A4 pages, the same to the byte whoever asks for it.

    Parameters
    ----------
    kind : {"pptx", "pdf"}
    step : callable
        Told what share is drawn.
    """
    parts = report_parts(snapshot, question)
    return export_all(parts, kind, title=parts[0].title, numbers=False, step=step)
