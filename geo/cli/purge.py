"""The command that erases for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import pandas as pd
import typer

from geo import settings
from geo.cli.runner import Runner, app, command, said
from geo.cli.streams import may_be_asked
from geo.errors import InputError
from geo.store import Store
from geo.text import number

__all__ = ["erase_expired"]

Batches = Annotated[list[int] | None, typer.Argument(help=said("arg_purge"), metavar="BATCH...")]
Expired = Annotated[bool, typer.Option("--expired", help=said("opt_expired"))]
Yes = Annotated[bool, typer.Option("--yes", help=said("opt_yes"))]


@command(app, "purge")
def purge(runner: Runner, batches: Batches = None, expired: Expired = False, yes: Yes = False) -> None:
    """Erase the rows of batches for good, with what is left of them in the store's files."""
    store = runner.store()
    if bool(batches) == expired:
        raise InputError("cli.purge_which")
    chosen = expired_batches(store) if expired else list(dict.fromkeys(batches or ()))
    if chosen and not yes and may_be_asked():
        listed = ", ".join(map(str, chosen))
        typer.confirm(runner.t("purge_sure", batches=listed), abort=True, err=True)
    rows = 0
    if chosen:
        with runner.progress("cli.step_purge") as step:
            rows = store.erase(chosen, who="cli")
            step(1.0, "cli.step_done")
    lines = [runner.t("purge_done", count=len(chosen), rows=number(rows, runner.lang))]
    if chosen:
        lines.append(runner.t("purge_backups"))
    copies = store.copies()
    lines += [runner.t("copy_kept", path=path) for path in copies]
    runner.tell({"batches": chosen, "rows": rows, "copies": copies}, *lines)


def expired_batches(store: Store) -> list[int]:
    """Batches that were taken back longer ago than the setting `retention_days` keeps them.

    Raises
    ------
    InputError
        If the setting keeps them for ever.
    """
    days = settings.load().retention_days
    if not days:
        raise InputError("cli.purge_no_retention")
    frame = store.batches()
    gone = frame[frame["withdrawn_at"].notna() & frame["erased_at"].isna()]
    before = datetime.now(UTC) - timedelta(days=days)
    return sorted(int(n) for n in gone.loc[pd.to_datetime(gone["withdrawn_at"], utc=True) <= before, "id"])


def erase_expired(store: Store) -> int:
    """Erase what the setting `retention_days` keeps no longer; gives how many batches that were."""
    chosen = expired_batches(store) if settings.load().retention_days else []
    if chosen:
        store.erase(chosen, who="retention")
    return len(chosen)
