"""Commands that make map descriptions and draw them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from geo.cartography.spec import MapSpec
from geo.cli.runner import Runner, app, command, said
from geo.cli.streams import from_stdin
from geo.errors import InputError
from geo.files import read_whole, write_whole
from geo.products.answer import answer
from geo.products.documents import briefings, files
from geo.question import Situation, address, altered
from geo.schema import CaseCategory, GameType, Measure, Per, Query, Scheme, ZoneKind
from geo.store import Snapshot

_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
SpecFile = Annotated[str, typer.Argument(help=said("arg_spec"), metavar="SPEC")]
To = Annotated[Path, typer.Option("--to", help=said("opt_to"), metavar="FILE")]
Out = Annotated[Path | None, typer.Option("--out", help=said("opt_out"), metavar="FILE")]
Size = Annotated[str, typer.Option("--size", help=said("opt_size"))]
Theme = Annotated[str, typer.Option("--theme", help=said("opt_theme"))]
View = Annotated[str, typer.Option("--view", help=said("opt_view_of_map"))]
MeasureName = Annotated[Measure | None, typer.Option("--measure", help=said("opt_measure"))]
First = Annotated[datetime | None, typer.Option("--from", formats=_FORMATS, help=said("opt_from"))]
Last = Annotated[datetime | None, typer.Option("--to", formats=_FORMATS, help=said("opt_until"))]
Listed = Annotated[str, typer.Option(help=said("opt_listed"))]
PerName = Annotated[Per, typer.Option("--per", help=said("opt_per"))]
Compare = Annotated[bool, typer.Option("--compare", help=said("opt_compare"))]
Clusters = Annotated[bool, typer.Option("--clusters", help=said("opt_clusters"))]
Classes = Annotated[int, typer.Option("--classes", min=3, max=7, help=said("opt_classes"))]
Public = Annotated[bool, typer.Option("--public", help=said("opt_public"))]
SchemeName = Annotated[Scheme, typer.Option("--scheme", help=said("opt_scheme"))]


@command(app, "export")
def export(runner: Runner, spec: SpecFile, to: To, size: Size = "", theme: Theme = "light") -> None:
    """Make a file of a map description, or of a briefing; the suffix of the file decides which kind."""
    if Path(spec).suffix.lower() in (".yaml", ".yml"):
        _export_briefing(runner, Path(spec), to, size)
        return
    described = _read(spec)
    with runner.progress("cli.step_draw") as step:
        content = files.export(described, to.suffix.lower().lstrip("."), size=size, theme=theme)
        write_whole(to, content)
        step(1.0, "cli.step_done")
    result = {"file": to, "bytes": len(content), "fingerprint": described.fingerprint}
    runner.tell(result, runner.t("export_done", file=to, code=described.fingerprint[:12]))


def _export_briefing(runner: Runner, file: Path, to: Path, size: str) -> None:
    """Every map of a briefing in one file, its periods counted from the newest record."""
    written = read_whole(file)
    snapshot = runner.snapshot()
    briefing = briefings.parse(written, snapshot.today)
    kind = to.suffix.lower().lstrip(".")
    with runner.progress("cli.step_draw") as step:
        specs = briefings.maps(snapshot, briefing)
        step(0.4, "cli.step_draw")
        chosen = size or (briefing.ratio if kind == "pptx" else "")
        content = files.export_all(specs, kind, size=chosen, title=briefing.title, numbers=briefing.numbers)
        write_whole(to, content)
        step(1.0, "cli.step_done")
    result = {"file": to, "bytes": len(content), "maps": [spec.fingerprint for spec in specs]}
    runner.tell(result, runner.t("briefing_done", file=to, n=len(specs)))


def _read(spec: str) -> MapSpec:
    return MapSpec.from_json(from_stdin() if spec == "-" else read_whole(Path(spec)))


@command(app, "map")
def map_(
    runner: Runner,
    view: View = "",
    measure: MeasureName = None,
    first: First = None,
    last: Last = None,
    kinds: Listed = "",
    units: Listed = "",
    zones: Listed = "",
    per: PerName = Per.COUNT,
    compare: Compare = False,
    clusters: Clusters = False,
    classes: Classes = 5,
    scheme: SchemeName = Scheme.NATURAL,
    public: Public = False,
    out: Out = None,
) -> None:
    """Describe a map: what a page would show at an address, or for these filters, as a MapSpec."""
    snapshot = runner.snapshot()
    others = (first, last, kinds, units, zones, per is not Per.COUNT, compare, clusters, classes != 5)
    if (measure is None) == (not view) or (view and (any(others) or scheme is not Scheme.NATURAL)):
        raise InputError("cli.map_asks")
    if view or measure is None:
        question = address.question_at(view, snapshot.today, lang=runner.lang)
    else:
        if public and (clusters or zones):
            raise InputError("cli.public_only_communes")
        question = Situation(
            query=_query(snapshot, measure, _days(first, last), kinds, units, per), scheme=scheme, classes=classes,
            compare=compare, clusters=clusters, zones=tuple(map(ZoneKind, _known(zones, [*ZoneKind], "zones"))),
            points="never" if public else "auto", lang=runner.lang,
        )  # fmt: skip
    spec = answer(snapshot, altered(question, public=public))
    text = spec.to_json()
    if out:
        write_whole(out, text.encode())
        runner.tell({"file": out, "fingerprint": spec.fingerprint}, runner.t("map_done", file=out, title=spec.title))
    else:  # the description itself is the machine-readable result
        print(text)


def _days(first: datetime | None, last: datetime | None) -> tuple[date, date]:
    if first is None or last is None:
        raise InputError("cli.map_asks")
    return first.date(), last.date()


def _query(snapshot: Snapshot, measure: Measure, days: tuple[date, date], kinds: str, units: str, per: Per) -> Query:
    listed = [*GameType] if measure is Measure.DEN_CLEARED else [*CaseCategory]
    return Query(
        measure,
        *days,
        kinds=_known(kinds, [str(kind) for kind in listed], "kinds"),
        units=_known(units, list(snapshot.units().index), "units"),
        per=per,
    )


def _known(text: str, allowed: list[str], option: str) -> tuple[str, ...]:
    """Values separated by commas, each of them in the list."""
    values = tuple(part.strip() for part in text.split(",") if part.strip())
    if unknown := [value for value in values if value not in allowed]:
        shown = ", ".join(allowed[:15]) + (" …" if len(allowed) > 15 else "")
        raise InputError("cli.value_unknown", option=option, value=unknown[0], count=len(unknown), known=shown)
    return values
