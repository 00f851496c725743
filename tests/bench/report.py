"""The results as Markdown tables, and all of them as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table

from tests.bench.analyses import Pair
from tests.bench.goals import Goal, all_goals, drawn, ingest_goals, sent
from tests.bench.ingest import Measured
from tests.bench.levels import SEED, Rate
from tests.bench.run import Result
from tests.bench.serverside import Timing
from tests.bench.sides import FLOORS, LABELS

_PHASES = ("send", "first", "last", "render", "marked", "drawn")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=box.MARKDOWN, title_justify="left")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i < 2 else "right", no_wrap=True)
    return table


def _spread(values: Sequence[float], form: str = ".0f") -> str:
    """Median (least-most)."""
    known = [v for v in values if v == v]
    if not known:
        return "-"
    return f"{median(known):{form}} ({min(known):{form}}-{max(known):{form}})"


def _size(n: int) -> str:
    return f"{n:,}"


def _ratio(result: Result, results: list[Result], other: str) -> str:
    against = next((r for r in results if r.side == other and r.size == result.size and r.changes), None)
    return f"{drawn(result) / drawn(against):.2f}" if against and result.changes else "-"


def _changes(results: list[Result]) -> Table:
    table = _table(
        "Filter change to map redrawn (ms), bytes per change", "points", "side", "median (min-max)", "runs", "/ floor", "/ stock floor",
        "/ floor with page", "/ ours", "bytes, websocket", "bytes, points", "bytes, other files",
    )  # fmt: skip
    for r in results:
        if not r.changes:
            table.add_row(_size(r.size), LABELS[r.side], r.trouble or "not run", *["-"] * 8)
            continue
        table.add_row(
            _size(r.size), LABELS[r.side], _spread([c.drawn for c in r.changes]), str(len(r.changes)),
            *(_ratio(r, results, other) for other in (*FLOORS, "ours")),
            *(f"{median(getattr(c, name) for c in r.changes):,.0f}" for name in ("bytes", "points", "polygons")),
        )  # fmt: skip
    return table


def _phases(results: list[Result]) -> Table:
    table = _table(
        "Where a change spends its time (ms after the press, medians)", "points", "side", "request sent",
        "first message", "last message", "component has it", "script done", "painted", "longest task",
    )  # fmt: skip
    for r in results:
        if r.changes:
            times = [_median([getattr(c, name) for c in r.changes]) for name in _PHASES]
            table.add_row(_size(r.size), LABELS[r.side], *times, f"{max(c.longest for c in r.changes):.0f}")
    return table


def _median(values: list[float]) -> str:
    known = [v for v in values if v == v]
    return f"{median(known):.0f}" if known else "-"


def _moves(results: list[Result]) -> Table:
    table = _table(
        "Pan and zoom: animation frames (ms) and the longest task", "points", "side", "pan median", "pan p95",
        "pan worst", "pan longest task", "zoom median", "zoom p95", "zoom worst", "zoom longest task",
    )  # fmt: skip
    for r in results:
        if r.pans:
            cells = []
            for frames in (r.pans, r.zooms):
                cells += [f"{median(f.median for f in frames):.1f}", f"{median(f.p95 for f in frames):.1f}"]
                cells += [f"{max(f.worst for f in frames):.0f}", _task(max(f.longest for f in frames))]
            table.add_row(_size(r.size), LABELS[r.side], *cells)
    return table


def _task(ms: float) -> str:
    return f"{ms:.0f}" if ms else "< 50"


def _loads(results: list[Result]) -> Table:
    table = _table("Page load to first map (ms)", "points", "side", "first visit", "later visit", "runs")
    for r in results:
        if r.first_loads:
            table.add_row(
                _size(r.size), LABELS[r.side], _spread(r.first_loads), _spread(r.later_loads), str(len(r.first_loads))
            )
    return table


def _server(timings: list[Timing]) -> Table:
    table = _table("On the server (ms)", "points", "what", "median (min-max)", "note")
    for x in timings:
        table.add_row(_size(x.size), x.what, f"{x.median:.1f} ({x.least:.1f}-{x.most:.1f})", x.note)
    return table


def _analyses(pairs: list[Pair]) -> Table:
    table = _table(
        "Analyses beside the obvious call, and products (s)",
        "size",
        "analysis",
        "ours",
        "allowed",
        "beside",
        "theirs",
        "ratio",
        "note",
    )
    for x in pairs:
        allowed = f"{x.goal:g} {'yes' if x.reached else 'NO'}" if x.goal else "-"
        theirs, ratio = (f"{x.theirs:.2f}", f"{x.theirs / x.ours:.1f}") if x.theirs == x.theirs else ("-", "-")
        table.add_row(_size(x.size), x.what, f"{x.ours:.3f}", allowed, x.other, theirs, ratio, x.note)
    return table


def _rates(rates: list[Rate]) -> Table:
    table = _table(f"False alarms and power (seed {SEED})", "page", "what", "before", "now", "asked", "of")
    for x in rates:
        before, now = ("-" if v != v else f"{v:.1f}" if x.counted else f"{v:.2%}" for v in (x.before, x.now))
        limit = f"at most {x.most:.1%}" if x.most == x.most else f"at least {x.least:.0%}"
        asked = "-" if x.reached is None else f"{limit} {'yes' if x.reached else 'NO'}"
        table.add_row(x.page, x.question, before, now, asked, _size(x.of))
    return table


def _goals(goals: list[Goal]) -> Table:
    table = _table("Requirements", "reached", "requirement", "measured")
    words = {True: "yes", False: "NO", None: "not measured"}
    for goal in goals:
        table.add_row(words[goal.reached], goal.words, goal.measured)
    return table


def _imported(found: Measured) -> Table:
    table = _table("Files into the store, and points into full-detail units", "rows", "what", "measured", "note")
    csv, points = found.csv, found.points
    note = f"check {csv['prepare_s']:.1f} s, write {csv['commit_s']:.1f} s, {csv['accepted']:,.0f} rows accepted"
    table.add_row(_size(int(csv["rows"])), "CSV, end to end", f"{csv['rows_per_s']:,.0f} rows/s", note)
    table.add_row(_size(int(csv["rows"])), "CSV, largest memory", f"{csv['largest_mb']:,.0f} MB", "of the process")
    if points:
        note = f"{points['vertices']:,.0f} vertices, {points['inside_share']:.0%} inside"
        size = _size(int(points["points"]))
        table.add_row(size, "points into units, ours", f"{points['locate_per_s']:,.0f} points/s", note)
        table.add_row(size, "points into units, sjoin", f"{points['sjoin_per_s']:,.0f} points/s", "geopandas, within")
    return table


def show(
    results: list[Result],
    timings: list[Timing],
    imported: Measured | None,
    pairs: list[Pair],
    more: list[Goal],
    rates: list[Rate],
    console: Console,
) -> None:
    """Print everything."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    console.print(
        f"{platform.machine()}, {os.cpu_count()} processors, load {load}, Python {platform.python_version()}\n"
    )
    if results:
        for table in (_changes, _phases, _moves, _loads):
            console.print(table(results), "")
    if timings:
        console.print(_server(timings), "")
    if pairs:
        console.print(_analyses(pairs), "")
    if rates:
        console.print(_rates(rates), "")
    if imported:
        console.print(_imported(imported), "")
    if goals := [*_all(results, imported), *more]:
        console.print(_goals(goals), "")


def _all(results: list[Result], imported: Measured | None) -> list[Goal]:
    return [*(all_goals(results) if results else []), *(ingest_goals(imported) if imported else [])]


def save(
    results: list[Result],
    timings: list[Timing],
    imported: Measured | None,
    pairs: list[Pair],
    more: list[Goal],
    rates: list[Rate],
    path: Path,
) -> None:
    """Write everything as JSON."""
    content = {
        "machine": {"processors": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()},
        "results": [
            {**asdict(r), "drawn_ms": drawn(r) if r.changes else None, "sent_bytes": sent(r) if r.changes else None}
            for r in results
        ],
        "server": [asdict(timing) for timing in timings],
        "analyses": [{**asdict(pair), "reached": pair.reached} for pair in pairs],
        "ingest": asdict(imported) if imported else None,
        "levels": [
            {**asdict(rate), "before": float(rate.before), "now": float(rate.now), "reached": rate.reached}
            for rate in rates
        ],
        "goals": [asdict(goal) for goal in (*_all(results, imported), *more)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
