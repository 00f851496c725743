"""The requirements, and whether a run reached them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from tests.bench.ingest import Measured
from tests.bench.run import Result
from tests.bench.sides import FLOORS

FLOOR_RATIO = 1.5
FLOOR_UP_TO = 100_000
PLAIN_RATIO = 10
PLAIN_SIZE = 1_000
BYTES_PER_POINT, BYTES_FIXED = 6, 12_000
ROWS_PER_S, MEMORY_MB, SJOIN_RATIO = 50_000, 1_500, 5
PAN_SIZE, PAN_MEDIAN, PAN_TASK = 100_000, 20, 100


@dataclass(frozen=True)
class Goal:
    """One requirement: the words, what was measured, and whether that is enough (None: not measured)."""

    words: str
    measured: str
    reached: bool | None


def drawn(result: Result) -> float:
    """Median milliseconds from the press to the painted map."""
    return median(change.drawn for change in result.changes)


def sent(result: Result) -> float:
    """Median bytes of a change, over the websocket and as fetched points."""
    return median(change.bytes + change.points for change in result.changes)


def _found(results: list[Result], side: str, size: int) -> Result | None:
    return next((r for r in results if r.side == side and r.size == size and r.changes), None)


def all_goals(results: list[Result]) -> list[Goal]:
    """Every requirement in order."""
    sizes = sorted({r.size for r in results})
    made: list[Goal | None] = []
    for floor in FLOORS:
        made += [_against_floor(results, floor, size) for size in sizes if size <= FLOOR_UP_TO]
    made += [_against_plain(results, side) for side in ("circles", "circles_tips", "cluster", "heat", "geojson")]
    made += [_bytes(results, size) for size in sizes]
    made += [_polygons(results), *_pan(results), _redrawn(results)]
    return [goal for goal in made if goal]


def ingest_goals(found: Measured) -> list[Goal]:
    """Speed and memory of an import, and of points into units."""
    csv, points = found.csv, found.points
    rows, memory = csv["rows_per_s"], csv["largest_mb"]
    goals = [
        Goal(f"CSV: at least {ROWS_PER_S:,} rows/s end to end", f"{rows:,.0f} rows/s", rows >= ROWS_PER_S),
        Goal(f"CSV: at most {MEMORY_MB:,} MB", f"{memory:,.0f} MB", memory <= MEMORY_MB),
    ]
    words = f"points into units: at least {SJOIN_RATIO} times sjoin, not one row different"
    if not points:
        return [*goals, Goal(words, "no layer of real communes here", None)]
    told = f"{points['times']:.1f} times, {points['rows_different']:,.0f} rows different"
    return [*goals, Goal(words, told, points["times"] >= SJOIN_RATIO and points["rows_different"] == 0)]


def _against_floor(results: list[Result], floor: str, size: int) -> Goal | None:
    ours, least = _found(results, "ours", size), _found(results, floor, size)
    if not ours or not least:
        return None
    ratio = drawn(ours) / drawn(least)
    words = f"{size:,} points: a change takes at most {FLOOR_RATIO} times the {floor}"
    best = min(c.drawn for c in ours.changes), min(c.drawn for c in least.changes)
    measured = f"{drawn(ours):.0f} / {drawn(least):.0f} ms = {ratio:.2f} (fastest: {best[0] / best[1]:.2f})"
    return Goal(words, measured, ratio <= FLOOR_RATIO)


def _against_plain(results: list[Result], side: str) -> Goal | None:
    ours, plain = _found(results, "ours", PLAIN_SIZE), _found(results, side, PLAIN_SIZE)
    if not ours or not plain:
        return None
    ratio = drawn(plain) / drawn(ours)
    words = f"{PLAIN_SIZE:,} points: at least {PLAIN_RATIO} times faster than {side}"
    return Goal(words, f"{drawn(plain):.0f} / {drawn(ours):.0f} ms = {ratio:.1f}", ratio >= PLAIN_RATIO)


def _bytes(results: list[Result], size: int) -> Goal | None:
    ours = _found(results, "ours", size)
    if not ours:
        return None
    limit = BYTES_PER_POINT * size + BYTES_FIXED
    words = f"{size:,} points: at most {BYTES_PER_POINT} bytes per point + {BYTES_FIXED // 1000} kB"
    return Goal(words, f"{sent(ours):,.0f} of {limit:,} bytes", sent(ours) <= limit)


def _polygons(results: list[Result]) -> Goal | None:
    ours = [change for r in results if r.side == "ours" for change in r.changes]
    if not ours:
        return None
    most = max(change.polygons for change in ours)
    return Goal("polygons are not sent again", f"{most} bytes fetched besides points, at most, per change", most == 0)


def _pan(results: list[Result]) -> list[Goal]:
    found = next((r for r in results if r.side == "ours" and r.size == PAN_SIZE and r.pans), None)
    if not found:
        return []
    frame, task = median(p.median for p in found.pans), max(p.longest for p in found.pans)
    return [
        Goal(
            f"{PAN_SIZE:,} points: pan at most {PAN_MEDIAN} ms per frame", f"{frame:.1f} ms median", frame <= PAN_MEDIAN
        ),
        Goal(
            f"{PAN_SIZE:,} points: no task over {PAN_TASK} ms while panning", f"{task:.0f} ms longest", task <= PAN_TASK
        ),
    ]


def _redrawn(results: list[Result]) -> Goal | None:
    seen = [r for r in results if r.redrawn is not None]
    if not seen:
        return None
    same = [f"{r.side} at {r.size:,}" for r in seen if not r.redrawn]
    return Goal("a change is really drawn: the pixels differ", ", ".join(same) or "on every side", not same)
