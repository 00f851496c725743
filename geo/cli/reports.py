"""The command that writes the report of a month, a quarter or a year."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from geo.cli.folders import make
from geo.cli.runner import Runner, Step, app, command, said
from geo.errors import InputError
from geo.files import write_whole
from geo.products.documents.files import file_name
from geo.products.documents.reports import report_file
from geo.products.programme.report import at_period, report_map
from geo.products.programme.report import said as summed_up
from geo.question import Report, altered
from geo.question.codec import question_of
from geo.question.periods import Dated, Span, span_of
from geo.question.travel import opens_on
from geo.text import t

SpanName = Annotated[Span, typer.Option("--span", help=said("opt_span"))]
PeriodName = Annotated[str, typer.Option("--period", help=said("opt_report_period"))]
Unit = Annotated[str, typer.Option("--unit", help=said("opt_report_unit"))]
Folder = Annotated[Path, typer.Option("--to", help=said("opt_folder"), metavar="FOLDER")]

_KINDS = ("pdf", "pptx")


@command(app, "report")
def report(runner: Runner, to: Folder, span: SpanName = "month", period: PeriodName = "", unit: Unit = "") -> None:
    """The programme's report of a period as a document and as slides."""
    snapshot = runner.snapshot()
    given = {"measure": opens_on("report"), "span": span, "dated": _dated(runner, span, period), "lang": runner.lang}
    asked = question_of("report", given, snapshot.today)
    assert isinstance(asked, Report)
    if unit and unit not in snapshot.units().index:
        raise InputError("products.unit_unknown", code=unit)
    question = at_period(snapshot, altered(asked, about=unit))
    title = report_map(snapshot, altered(question, part="figures")).title
    make(to)
    written = []
    with runner.progress("cli.step_draw") as step:
        for n, kind in enumerate(_KINDS):
            content = report_file(snapshot, question, kind, step=_part_of(step, n))
            file = to / file_name(title, kind)
            write_whole(file, content)
            written.append({"file": file, "bytes": len(content)})
        step(1.0, "cli.step_done")
    sentence = summed_up(snapshot, question)
    result = {"period": question.dated, "unit": unit, "title": title, "sentence": sentence, "files": written}
    runner.tell(result, title, sentence, *(runner.t("report_done", file=one["file"]) for one in written))


def _part_of(step: Step, n: int) -> Callable[[float], None]:
    """Progress within the nth of the files."""
    return lambda share: step((n + share) / len(_KINDS), "cli.step_draw")


def _dated(runner: Runner, span: Span, given: str) -> str:
    """The period that was typed, which must be of the span."""
    try:
        dated = msgspec.convert(given.strip(), Dated)
    except msgspec.ValidationError:
        dated = ""
    if given and (not dated or span_of(dated) != span):
        raise InputError("report.bad_period", given=given, span=t(f"report.span_{span}", runner.lang).lower())
    return dated
