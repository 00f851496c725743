"""Commands on the store: demo data, batches, backups, checks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from geo import demo as demo_data
from geo import settings
from geo.cli.runner import Desk, app, command, said
from geo.errors import AnttError, InputError, StoreError
from geo.schema import UnitSystem
from geo.store import Store
from geo.text import number, period, t
from geo.units import boundaries

Add = Annotated[bool, typer.Option("--add", help=said("opt_add"))]
Force = Annotated[bool, typer.Option("--force", help=said("opt_force"))]
IfEmpty = Annotated[bool, typer.Option("--if-empty", help=said("opt_if_empty"))]
BatchNumber = Annotated[int, typer.Argument(help=said("arg_batch"), metavar="BATCH")]
File = Annotated[Path, typer.Argument(help=said("arg_file"), metavar="FILE")]
Yes = Annotated[bool, typer.Option("--yes", help=said("opt_yes"))]


@command(app, "demo")
def demo(desk: Desk, add: Add = False, force: Force = False, if_empty: IfEmpty = False) -> None:
    """Make the store with demo data and the default boundaries."""
    if settings.load().province not in boundaries.reference_provinces():
        raise InputError("cli.demo_elsewhere", province=settings.load().province)
    store = desk.store()
    active = _active(store.batches())
    if force:
        for number_ in active[active.demo].id:
            store.withdraw(int(number_), who="cli")
        active = active[~active.demo]
    if len(active) and if_empty:
        desk.tell({"batches": [], "url": store.url}, desk.t("demo_kept", count=len(active), url=store.url))
        return
    if len(active) and not add:
        raise InputError("cli.not_empty", count=len(active))
    with desk.progress("demo.boundaries") as step:
        numbers = demo_data.install(store, step)
    desk.tell({"batches": numbers, "url": store.url}, desk.t("demo_done", count=len(numbers), url=store.url))


def _active(batches: pd.DataFrame) -> pd.DataFrame:
    return batches[batches.withdrawn_at.isna()]


@command(app, "batches")
def batches(desk: Desk) -> None:
    """List the batches ever added, newest first."""
    frame = desk.store().batches()
    records: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    desk.tell({"batches": records}, *([_batch_line(desk, r) for r in records] or [desk.t("batches_none")]))


def _batch_line(desk: Desk, batch: dict[str, Any]) -> str:
    state = desk.t("batch_withdrawn") if batch["withdrawn_at"] else desk.t("batch_active")
    marks = f" · {t('ui.demo', desk.lang)}" if batch["demo"] else ""
    rows = number(batch["rows"], desk.lang)
    return desk.t(
        "batch_line", id=batch["id"], dataset=batch["dataset"], rows=rows, source=batch["source"], state=state + marks
    )


@command(app, "undo")
def undo(desk: Desk, batch: BatchNumber) -> None:
    """Take a batch back."""
    desk.store().withdraw(batch, who="cli")
    desk.tell({"batch": batch}, desk.t("undo_done", batch=batch))


@command(app, "backup")
def backup(desk: Desk, file: File) -> None:
    """Copy the whole store to a file."""
    with desk.progress("cli.step_backup") as step:
        desk.store().backup(file)
        step(1.0, "cli.step_done")
    size = file.stat().st_size
    desk.tell(
        {"file": file, "bytes": size}, desk.t("backup_done", file=file, size=number(size / 1e6, desk.lang, digits=1))
    )


@command(app, "restore")
def restore(desk: Desk, file: File, yes: Yes = False) -> None:
    """Replace the whole store by a backup."""
    store = desk.store()
    if not yes and sys.stdin.isatty():
        typer.confirm(desk.t("restore_sure", file=file), abort=True, err=True)
    with desk.progress("cli.step_restore") as step:
        store.restore(file)
        step(1.0, "cli.step_done")
    desk.tell({"file": file, "version": store.version}, desk.t("restore_done", file=file))


@command(app, "check")
def check(desk: Desk) -> None:
    """Is the store sound, and are boundaries there?"""
    with desk.progress("cli.step_check") as step:
        store = desk.store()
        store.check_integrity()
        step(0.8, "cli.step_check")
        found = _found(store)
        step(1.0, "cli.step_done")
    if not found["boundaries"]:
        raise StoreError("cli.check_no_boundaries")
    recorded = store.snapshot().period
    said_period = period(*recorded, desk.lang) if recorded else "–"
    lines = [
        desk.t("check_sound", url=store.url, version=found["version"]),
        desk.t("check_batches", active=found["batches"], period=said_period),
        *(desk.t("check_boundaries", **line) for line in found["boundaries"]),
    ]
    desk.tell({**found, "period": recorded}, *lines)


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
    }
