"""Commands on the store: demo data, batches, backups, checks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from geo import demo as demo_data
from geo import settings
from geo.cartography import basemap
from geo.cli.runner import Runner, app, command, said
from geo.cli.streams import may_be_asked
from geo.errors import AnttError, InputError, StoreError
from geo.personal.zone_names import NameOf, name_of
from geo.schema import UnitSystem
from geo.store import Store, open_store
from geo.text import day, number, period, t
from geo.units import boundaries

Add = Annotated[bool, typer.Option("--add", help=said("opt_add"))]
Force = Annotated[bool, typer.Option("--force", help=said("opt_force"))]
IfEmpty = Annotated[bool, typer.Option("--if-empty", help=said("opt_if_empty"))]
BatchNumber = Annotated[int, typer.Argument(help=said("arg_batch"), metavar="BATCH")]
File = Annotated[Path, typer.Argument(help=said("arg_file"), metavar="FILE")]
Yes = Annotated[bool, typer.Option("--yes", help=said("opt_yes"))]


@command(app, "demo")
def demo(runner: Runner, add: Add = False, force: Force = False, if_empty: IfEmpty = False) -> None:
    """Make the store with demo data and the default boundaries."""
    if settings.load().province not in boundaries.reference_provinces():
        raise InputError("cli.demo_elsewhere", province=settings.load().province)
    store = runner.store()
    active = _active(store.batches())
    if force:
        for number_ in active[active.demo].id:
            store.withdraw(int(number_), who="cli")
        active = active[~active.demo]
    if len(active) and if_empty:
        runner.tell({"batches": [], "url": store.url}, runner.t("demo_kept", count=len(active), url=store.url))
        return
    if len(active) and not add:
        raise InputError("cli.not_empty", count=len(active))
    with runner.progress("demo.boundaries") as step:
        numbers = demo_data.install(store, step)
    runner.tell({"batches": numbers, "url": store.url}, runner.t("demo_done", count=len(numbers), url=store.url))


def _active(batches: pd.DataFrame) -> pd.DataFrame:
    return batches[batches.withdrawn_at.isna()]


@command(app, "batches")
def batches(runner: Runner) -> None:
    """List the batches ever added, newest first."""
    frame = runner.store().batches()
    records: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    runner.tell({"batches": records}, *([_batch_line(runner, r) for r in records] or [runner.t("batches_none")]))


def _batch_line(runner: Runner, batch: dict[str, Any]) -> str:
    told = "batch_erased" if batch["erased_at"] else "batch_withdrawn" if batch["withdrawn_at"] else "batch_active"
    state = runner.t(told)
    marks = f" · {t('ui.demo', runner.lang)}" if batch["demo"] else ""
    rows = number(batch["rows"], runner.lang)
    return runner.t(
        "batch_line", id=batch["id"], dataset=batch["dataset"], rows=rows, source=batch["source"], state=state + marks
    )


@command(app, "undo")
def undo(runner: Runner, batch: BatchNumber) -> None:
    """Take a batch back."""
    runner.store().withdraw(batch, who="cli")
    runner.tell({"batch": batch}, runner.t("undo_done", batch=batch))


@command(app, "backup")
def backup(runner: Runner, file: File) -> None:
    """Copy the whole store to a file."""
    with runner.progress("cli.step_backup") as step:
        open_store(settings.load().url).backup(file)
        step(1.0, "cli.step_done")
    size = file.stat().st_size
    runner.tell(
        {"file": file, "bytes": size},
        runner.t("backup_done", file=file, size=number(size / 1e6, runner.lang, digits=1)),
    )


@command(app, "restore")
def restore(runner: Runner, file: File, yes: Yes = False) -> None:
    """Replace the whole store by a backup."""
    store = open_store(settings.load().url)  # whatever it holds, a backup of the right province may take its place
    if not yes and may_be_asked():
        typer.confirm(runner.t("restore_sure", file=file), abort=True, err=True)
    with runner.progress("cli.step_restore") as step:
        kept = store.restore(file)
        step(1.0, "cli.step_done")
    lines = runner.t("restore_done", file=file), runner.t("restore_back", kept=kept)
    runner.tell({"file": file, "version": store.version, "kept": kept}, *lines)


@command(app, "check")
def check(runner: Runner) -> None:
    """Is the store sound, and are boundaries there?"""
    with runner.progress("cli.step_check") as step:
        store = runner.store()
        store.check_integrity()
        step(0.8, "cli.step_check")
        rebuilt, lost = _mended(store)
        found = {**_found(store), "rebuilt": rebuilt}
        step(1.0, "cli.step_done")
    if lost:
        raise StoreError("cli.check_lost", path=", ".join(map(str, lost)))
    if not found["boundaries"]:
        raise StoreError("cli.check_no_boundaries")
    recorded = store.snapshot().period
    said_period = period(*recorded, runner.lang) if recorded else "–"
    lines = [
        runner.t("check_sound", url=store.url, version=found["version"]),
        runner.t("check_batches", active=found["batches"], period=said_period),
        *(_boundary_line(runner, line) for line in found["boundaries"]),
        *(runner.t("check_rebuilt", path=path) for path in rebuilt),
        *([runner.t("areas_withheld", names=", ".join(held))] if (held := found["withheld"]) else []),
        *([runner.t("check_names", names=", ".join(names))] if (names := found["doubtful_names"]) else []),
        *(runner.t("copy_kept", path=path) for path in found["copies"]),
    ]
    runner.tell({**found, "period": recorded}, *lines)


def _mended(store: Store) -> tuple[list[Path], list[Path]]:
    """Damaged files of boundaries: those written again from the store, and those that it does not have."""
    rebuilt, lost = [], []
    for path in basemap.damaged():
        content = store.topology(path.stem)
        if content is None:
            lost.append(path)
        else:
            basemap.keep(content)
            rebuilt.append(path)
    return rebuilt, lost


def _boundary_line(runner: Runner, line: dict[str, Any]) -> str:
    said = {"system": runner.t(f"system_{line['system']}"), "since": day(line["since"], runner.lang)}
    return runner.t("check_boundaries", **{**line, **said})


def _found(store: Store) -> dict[str, Any]:
    shown = []
    for system in UnitSystem:
        try:
            version = store.active_boundaries(system)
        except AnttError:
            continue
        shown.append({"system": system.value, "id": version.id, "name": version.name, "since": version.valid_from})
    needed = [line for line in shown if line["system"] == UnitSystem.CURRENT.value]
    return {
        "url": store.url,
        "version": store.version,
        "batches": len(_active(store.batches())),
        "boundaries": shown if needed else [],
        "copies": store.copies(),
        "withheld": list(store.snapshot().withheld),
        "doubtful_names": [name for name in store.names_of_before() if name_of(name) is NameOf.UNKNOWN],
    }
