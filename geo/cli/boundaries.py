"""Commands on boundary layers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from geo import settings
from geo.cli.runner import Runner, boundary_commands, command, said
from geo.schema import SINCE, UnitSystem
from geo.text import Lang, day, number, t
from geo.units import boundaries as layers
from geo.units.coverage import Issue
from geo.units.frames import frames

File = Annotated[Path, typer.Argument(help=said("arg_boundaries"), metavar="FILE")]
Since = Annotated[
    datetime | None, typer.Option("--valid-from", formats=["%Y-%m-%d", "%d/%m/%Y"], help=said("opt_since"))
]
Text = Annotated[str, typer.Option(help=said("opt_text"))]
System = Annotated[UnitSystem, typer.Option("--system", help=said("opt_system"))]
Encoding = Annotated[str | None, typer.Option("--encoding", help=said("opt_encoding"))]
Layer = Annotated[str | None, typer.Option("--layer", help=said("opt_layer"))]
Number = Annotated[int, typer.Argument(help=said("arg_version"), metavar="ID")]


@command(boundary_commands, "import")
def boundaries_import(
    runner: Runner,
    file: File,
    valid_from: Since = None,
    name: Text = "",
    source: Text = "",
    licence: Text = "",
    system: System = UnitSystem.CURRENT,
    encoding: Encoding = None,
    layer: Layer = None,
) -> None:
    """Read, check and repair a boundary file, and show everything on it from now on."""
    since = valid_from.date() if valid_from else SINCE[system]
    with runner.progress("units.step_read") as step:
        ready = layers.prepare(
            file, province=settings.load().province, valid_from=since, system=system,
            name=name or None, encoding=encoding, layer=layer, progress=step,
        )  # fmt: skip
        number_ = runner.store().add_boundaries(
            ready.units,
            system=system,
            name=name or file.stem,
            valid_from=since,
            source=source or file.name,
            licence=licence,
            topology=ready.topology,
            frames=[asdict(frame) for frame in frames(ready.units)],
            approximate=False,
        )
    issues = ready.report.issues
    withheld = list(runner.store().snapshot().withheld)
    result = {
        "id": number_,
        "units": len(ready.units),
        "issues": [asdict(issue) for issue in issues],
        "withheld": withheld,
    }
    count = number(len(ready.units), runner.lang)
    lines = [issue_line(issue, runner.lang) for issue in issues] or [runner.t("report_clean")]
    lines += _withheld(runner, withheld)
    runner.tell(result, runner.t("import_done", id=number_, count=count, since=day(since, runner.lang)), *lines)


def issue_line(issue: Issue, lang: Lang) -> str:
    """One thing found in a layer, with the names of the units."""
    area = number(issue.area_m2, lang)
    return t(f"units.issue_{issue.kind}", lang, names=", ".join(issue.names or issue.units), area=area)


@command(boundary_commands, "list")
def boundaries_list(runner: Runner) -> None:
    """List the boundary versions, newest first."""
    records: list[dict[str, Any]] = runner.store().boundary_versions().to_dict("records")
    lines = [
        runner.t(
            "version_line", id=r["id"], system=runner.t(f"system_{r['system']}"), name=r["name"],
            since=day(r["valid_from"], runner.lang), state=runner.t("version_shown") if r["active"] else "–",
        )
        for r in records
    ]  # fmt: skip
    runner.tell({"versions": records}, *(lines or [runner.t("versions_none")]))


@command(boundary_commands, "use")
def boundaries_use(runner: Runner, version: Number) -> None:
    """Show everything on an earlier version again."""
    runner.store().activate_boundaries(version)
    withheld = list(runner.store().snapshot().withheld)
    runner.tell({"id": version, "withheld": withheld}, runner.t("use_done", id=version), *_withheld(runner, withheld))


def _withheld(runner: Runner, names: list[str]) -> list[str]:
    return [runner.t("areas_withheld", names=", ".join(names))] if names else []
