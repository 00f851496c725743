"""Commands that bring files of offices in, and give templates for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from geo import ingest
from geo.cli.runner import ExitCode, Runner, app, command, said
from geo.cli.streams import may_be_asked
from geo.errors import AnttError, InputError, NotFoundError
from geo.ingest.reporting.templates import template as write_template
from geo.personal.titles import masked_file_name
from geo.schema import Dataset, UnitSystem
from geo.store import Store
from geo.store.default_boundaries import add_default_boundaries
from geo.text import number, period, t
from geo.worker import warm

Files = Annotated[list[Path], typer.Argument(help=said("arg_import"), metavar="FILE")]
DatasetName = Annotated[Dataset | None, typer.Option("--dataset", help=said("opt_dataset"))]
Template = Annotated[Dataset, typer.Argument(help=said("opt_dataset"), metavar="DATASET")]
To = Annotated[Path, typer.Option("--to", help=said("opt_template_to"), metavar="FILE")]
Sheet = Annotated[str | None, typer.Option("--sheet", help=said("opt_sheet"))]
Encoding = Annotated[str | None, typer.Option("--encoding", help=said("opt_import_encoding"))]
Separator = Annotated[str | None, typer.Option("--separator", help=said("opt_separator"))]
Crs = Annotated[str | None, typer.Option("--crs", help=said("opt_crs"))]
PlaceNames = Annotated[bool, typer.Option("--place-names", help=said("opt_place_names"))]
DropPersonal = Annotated[bool, typer.Option("--drop-personal", help=said("opt_drop_personal"))]
Errors = Annotated[Path | None, typer.Option("--errors", help=said("opt_errors"), metavar="FILE")]
Yes = Annotated[bool, typer.Option("--yes", help=said("opt_yes"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=said("opt_dry_run"))]

_SHOWN = 20
_LISTED = 1000


@command(app, "import")
def import_(
    runner: Runner,
    files: Files,
    dataset: DatasetName = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    separator: Separator = None,
    crs: Crs = None,
    drop_personal: DropPersonal = False,
    place_names: PlaceNames = False,
    errors: Errors = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Check a file, or several, and add the good rows of each as one batch."""
    warm()
    store = runner.store()
    add_default_boundaries(store)
    prepare = partial(
        ingest.prepare, store=store, dataset=dataset, drop_personal=drop_personal, sheet=sheet, encoding=encoding,
        separator=separator, crs=crs, names_confirmed=place_names, lang=runner.lang,
    )  # fmt: skip
    if len(files) > 1:
        if errors:
            raise InputError("cli.errors_of_one", count=len(files))
        _several(runner, store, files, prepare, yes=yes, dry_run=dry_run)
        return
    with runner.progress("ingest.step_read") as step:
        preview = prepare(files[0], progress=step)
    if errors and preview.rejected:
        ingest.errors_file(preview, errors, lang=runner.lang)
    lines = _lines(runner, preview)
    batch = None
    if not dry_run:
        if not yes and not runner.machine and may_be_asked():
            print(*lines, sep="\n")
            typer.confirm(runner.t("import_sure", count=number(preview.accepted, runner.lang)), abort=True, err=True)
            lines = []
        with runner.progress("ingest.step_write") as step:
            batch = ingest.commit(preview, store, who="cli", progress=step)
    done = (
        runner.t("import_dry")
        if batch is None
        else runner.t("import_batch", batch=batch, count=number(preview.accepted, runner.lang))
    )
    runner.tell(_result(runner, preview, batch, errors), *lines, done)


def _several(
    runner: Runner, store: Store, files: list[Path], prepare: Callable[..., ingest.Preview], *, yes: bool, dry_run: bool
) -> None:
    """Each file for itself, one after the other: what two hold is said of the later; a bad one stops no other."""
    if not dry_run and not yes and not runner.machine and may_be_asked():
        typer.confirm(runner.t("import_sure_files", count=number(len(files), runner.lang)), abort=True, err=True)
    done: list[dict[str, Any]] = []
    lines: list[str] = []
    with runner.progress("ingest.step_read") as step:
        for n, file in enumerate(files):
            step(n / len(files), "ingest.step_read")
            try:
                preview = prepare(file)
                batch = None if dry_run else ingest.commit(preview, store, who="cli")
            except AnttError as error:
                named = masked_file_name(file.name)
                done.append({"file": named, "batch": None, "error": error.key, "message": error.message(runner.lang)})
                lines.append(runner.t("import_file_failed", file=named, message=error.message(runner.lang)))
                continue
            done.append({"file": preview.source.name, **_result(runner, preview, batch, None)})
            lines += _lines(runner, preview)
    failed = sum("error" in one for one in done)
    counts = {"files": len(files), "failed": failed, "accepted": sum(one.get("accepted", 0) for one in done)}
    said_counts = {name: number(value, runner.lang) for name, value in counts.items()}
    key = "import_files_dry" if dry_run else "import_files_done"
    runner.tell({"ok": not failed, **counts, "imports": done}, *lines, runner.t(key, **said_counts))
    if failed:
        raise typer.Exit(ExitCode.BAD_INPUT)


def _lines(runner: Runner, preview: ingest.Preview) -> list[str]:
    """What a person should see before anything is written."""
    spoken = preview.period
    lines = [
        runner.t(
            "import_counts",
            file=preview.source.name,
            dataset=preview.mapping.dataset.value,
            period=period(*spoken, runner.lang) if spoken else "–",
            accepted=number(preview.accepted, runner.lang),
            rejected=number(preview.rejected, runner.lang),
            duplicates=number(preview.checked.duplicates, runner.lang),
        )
    ]
    if preview.source.encoding:
        lines.append(runner.t("import_encoding", encoding=preview.source.encoding))
    named = {**preview.mapping.columns, **preview.mapping.measures}
    lines.append(runner.t("import_columns", columns=", ".join(f"{name} ← {column}" for name, column in named.items())))
    lines += [note.message(runner.lang) for note in preview.notes]
    problems = preview.checked.problems
    for problem in problems.head(_SHOWN).to_dict("records"):
        lines.append(runner.t("import_problem", **_placed({str(k): v for k, v in problem.items()}, runner)))
    if len(problems) > _SHOWN:
        lines.append(runner.t("import_more", count=number(len(problems) - _SHOWN, runner.lang)))
    if len(warnings := preview.checked.warnings):
        lines.append(runner.t("import_warnings", count=number(warnings["at"].nunique(), runner.lang)))
    for warning in warnings.head(_SHOWN).to_dict("records"):
        lines.append(runner.t("import_problem", **_placed({str(k): v for k, v in warning.items()}, runner)))
    return lines


def _placed(problem: dict[str, Any], runner: Runner) -> dict[str, Any]:
    """The problem with its sheet named in the row, where there are several."""
    if not problem["sheet"]:
        return problem
    return {**problem, "row": t("ingest.row_of_sheet", runner.lang, row=problem["row"], sheet=problem["sheet"])}


def _result(runner: Runner, preview: ingest.Preview, batch: int | None, errors: Path | None) -> dict[str, Any]:
    return {
        "batch": batch,
        "dataset": preview.mapping.dataset.value,
        "accepted": preview.accepted,
        "rejected": preview.rejected,
        "duplicates": preview.checked.duplicates,
        "period": preview.period,
        "encoding": preview.source.encoding,
        "separator": preview.source.separator,
        "mapping": preview.mapping.to_dict(),
        "dropped": list(preview.dropped),
        "privacy": [asdict(finding) for finding in preview.privacy],
        "notes": [note.message(runner.lang) for note in preview.notes],
        "problems": preview.checked.problems.drop(columns="at").head(_LISTED).to_dict("records"),
        "warnings": preview.checked.warnings.drop(columns="at").head(_LISTED).to_dict("records"),
        "warning_counts": preview.checked.warnings["key"].value_counts().to_dict(),
        "problem_counts": preview.checked.problems["key"].value_counts().to_dict(),
        "errors": errors if errors and preview.rejected else None,
        "sha256": preview.sha256,
    }


@command(app, "template")
def template(runner: Runner, dataset: Template, to: To) -> None:
    """Write an empty workbook to fill in."""
    store = runner.store()
    zones = store.zones()
    areas = sorted(set(zones["name"][~zones["divided"].to_numpy(bool)]))
    write_template(dataset, to, lang=runner.lang, units=_present_units(store), areas=areas)
    runner.tell({"file": to, "dataset": dataset.value}, runner.t("template_done", file=to))


def _present_units(store: Store) -> pd.DataFrame | None:
    try:
        return store.boundary_units(store.active_boundaries(UnitSystem.CURRENT).id)
    except NotFoundError:
        return None
