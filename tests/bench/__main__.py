"""`python -m tests.bench`: the product beside the plain pattern, pydeck and an empty component, in one Chromium.

Everything runs on this machine and fetches nothing from elsewhere. WebGL (pydeck) runs in software here.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tests.bench import analyses, busy, data, downloads, ingest, levels, products, report, serverside, sides
from tests.bench.run import Plan, Result, Run

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def _plan(only: tuple[str, ...], sizes: tuple[int, ...], *, quick: bool) -> Plan:
    if quick:
        return Plan(sizes or SIZES[:3:2], only or sides.QUICK, rounds=5, loads=1, moves=1, seconds=150)
    return Plan(sizes or SIZES, only or sides.NAMES, rounds=11, loads=2, moves=2, seconds=800)


def _measured(run: Run) -> list[Result]:
    """What a run measured, or had when it was interrupted."""
    try:
        run.all()
    except (KeyboardInterrupt, SystemExit):
        sys.stderr.write("interrupted; what was measured until now follows\n")
    return run.results


def _teller(console: Console) -> Callable[[str], None]:
    """Progress: one line that changes on a terminal, one line each with the time elsewhere."""
    if console.is_terminal:
        return lambda text: console.print(text.ljust(60), end="\r")
    return lambda text: print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main(
    only: Annotated[
        str,
        typer.Option(
            help=f"Sides to run, with commas: {', '.join(sides.NAMES)}, server, ingest, analysis, products, downloads, "
            "busy, levels."
        ),
    ] = "",
    size: Annotated[list[int] | None, typer.Option(help="Number of points; may be given again.")] = None,
    quick: Annotated[bool, typer.Option(help="Two sizes and few rounds, some three minutes.")] = False,
    to: Annotated[Path, typer.Option(help="Where the JSON goes.")] = data.HOME.parent / "bench.json",
) -> None:
    """Measure, print tables, write JSON."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    names = tuple(name for name in only.split(",") if name)
    plan = _plan(tuple(n for n in names if n in sides.NAMES), tuple(size or ()), quick=quick)
    console = Console(width=220)
    results, timings, imported = [], [], None
    if unknown := set(names) - {
        *sides.NAMES,
        "server",
        "ingest",
        "analysis",
        "products",
        "downloads",
        "busy",
        "levels",
    }:
        raise typer.BadParameter(", ".join(sorted(unknown)), param_hint="--only")
    if not names or set(names) & set(sides.NAMES):
        results = _measured(Run(plan, _teller(console)))
    if not names or "server" in names:
        timings = [timing for n in plan.sizes for timing in serverside.of_size(n, 5)]
    pairs = analyses.all_pairs(_teller(console)) if not names or "analysis" in names else []
    if not names or "products" in names:
        pairs += products.all_pairs(_teller(console))
    if not names or "ingest" in names:
        imported = ingest.measure(ingest.QUICK_ROWS if quick else ingest.ROWS)
    taken = downloads.all_goals(_teller(console), quick=quick) if not names or "downloads" in names else []
    if not names or "busy" in names:
        taken += busy.all_goals(_teller(console), quick=quick)
    rates = levels.all_rates(_teller(console), maps=30 if quick else 300) if not names or "levels" in names else []
    report.show(results, timings, imported, pairs, taken, rates, console)
    report.save(results, timings, imported, pairs, taken, rates, to)
    console.print(f"All measurements: {to.relative_to(Path.cwd()) if to.is_relative_to(Path.cwd()) else to}")


if __name__ == "__main__":
    typer.run(main)
