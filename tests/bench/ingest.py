"""How fast files come in: a CSV of a million rows from end to end, and points into full-detail units beside geopandas.

`python -m tests.bench.ingest [--rows N] [--layer FILE] [--out FILE]` prints a table, and with `--out` writes the numbers
as JSON.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from geo.ingest import commit, prepare
from geo.settings import ROOT
from geo.store import open_store
from geo.store.default_boundaries import add_default_boundaries
from geo.units.locate import locate
from geo.worker import warm
from tests.bench.data import cases

LAYER = ROOT.parent / "shared" / "boundaries" / "an_giang_2025.gpkg"
RUNS = 5
ROWS = 1_000_000
QUICK_ROWS = 200_000
HEADINGS = {
    "record_id": "Mã vụ", "date": "Ngày xảy ra", "unit_code": "Mã xã", "kind": "Loại vụ", "status": "Tình trạng",
    "suspects": "Số đối tượng", "lon": "Kinh độ", "lat": "Vĩ độ",
}  # fmt: skip


def write_csv(path: Path, rows: int) -> None:
    """A CSV of invented cases under the headings of an office."""
    cases(rows)[list(HEADINGS)].rename(columns=HEADINGS).to_csv(path, index=False)


def import_once(path: Path, folder: Path, answer: multiprocessing.Queue) -> None:
    """In a process of its own, so that its largest memory is its own too."""
    warm()  # as the command and the server do
    store = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    add_default_boundaries(store)
    seen: list[float] = []
    begun = time.perf_counter()
    preview = prepare(path, store=store, progress=lambda share, _: seen.append(share))
    prepared = time.perf_counter()
    commit(preview, store, who="bench", progress=lambda share, _: seen.append(share))
    done = time.perf_counter()
    answer.put(
        {
            "rows": preview.checked.total,
            "accepted": preview.accepted,
            "prepare_s": prepared - begun,
            "commit_s": done - prepared,
            "rows_per_s": preview.checked.total / (done - begun),
            "largest_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
            "progress_steps": len(seen),
        }
    )


def measure_import(rows: int) -> dict[str, float]:
    """One import of `rows` rows into a new store."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        path = Path(folder) / "cases.csv"
        write_csv(path, rows)
        answer = spawn.Queue()
        child = spawn.Process(target=import_once, args=(path, Path(folder), answer))
        child.start()
        result = answer.get()
        child.join()
    return dict(result)


def measure_locate(rows: int, layer: Path) -> dict[str, float]:
    """The same points through `locate` and through `sjoin`, by turns, medians."""
    units = gpd.read_file(layer)
    shapes = units.geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(shapes)
    rng = np.random.default_rng(1)
    middles = np.array([(p.x, p.y) for p in shapely.point_on_surface(shapes)])
    near = middles[rng.integers(0, len(shapes), rows)] + rng.normal(0, 0.03, (rows, 2))
    anywhere = np.column_stack([rng.uniform(west, east, rows), rng.uniform(south, north, rows)])
    x, y = np.where(rng.random(rows)[:, None] < 0.9, near, anywhere).T
    ours, theirs = [], []
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=units.crs)
    for _ in range(RUNS):
        begun = time.perf_counter()
        mine = locate(x, y, shapes)
        ours.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        joined = gpd.sjoin(points, units[["geometry"]], predicate="within", how="left")
        theirs.append(time.perf_counter() - begun)
    other = joined["index_right"].groupby(joined.index).min().fillna(-1).to_numpy(int)
    return {
        "points": rows,
        "vertices": int(shapely.get_num_coordinates(shapes).sum()),
        "inside_share": float((mine >= 0).mean()),
        "locate_per_s": rows / statistics.median(ours),
        "sjoin_per_s": rows / statistics.median(theirs),
        "times": statistics.median(theirs) / statistics.median(ours),
        "rows_different": int((mine != other).sum()),
    }


@dataclass(frozen=True)
class Measured:
    """What a run found, and against which limits it is judged.

    Attributes
    ----------
    csv : dict of str to float
        One import of a CSV of invented cases, end to end.
    points : dict of str to float
        Points into full-detail units, ours and `geopandas.sjoin`; empty where there is no such layer.
    """

    csv: dict[str, float]
    points: dict[str, float]


def measure(rows: int = ROWS, layer: Path = LAYER) -> Measured:
    """Both measurements; the second needs a layer of real communes, which is no part of the product."""
    (ROOT / "build").mkdir(exist_ok=True)
    if not layer.is_file():
        print(f"points into units: not measured, there is no {layer}", file=sys.stderr)
    return Measured(measure_import(rows), measure_locate(rows, layer) if layer.is_file() else {})


def main(arguments: list[str] | None = None) -> Measured:
    """Run both, print them, and give the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--layer", type=Path, default=LAYER)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    found = measure(given.rows, given.layer)
    for name, numbers in asdict(found).items():
        print(name)
        for key, value in numbers.items():
            print(f"  {key:<16} {value:>14,.2f}")
    if given.out:
        given.out.write_text(json.dumps(asdict(found), indent=1) + "\n", "utf-8")
    return found


if __name__ == "__main__":
    main()
