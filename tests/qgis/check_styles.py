"""`make test-qgis`: exported GeoPackages open in QGIS with their styles applied and look like the map.

Not part of `make test`: QGIS takes long to install.
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from geo import export
from geo.cartography.spec import UnitLayer
from geo.schema import Measure, Per, Query
from tests.asking import situation
from tests.homes import home_in

YEAR = (date(2025, 11, 1), date(2026, 10, 31))


@pytest.fixture
def home(tmp_path):
    with home_in(tmp_path):
        yield tmp_path


def _drawn(package: Path) -> tuple[list[dict[str, object]], Path]:
    picture = package.with_suffix(".png")
    command = ["/usr/bin/python3", str(Path(__file__).parent / "draw.py"), str(package), str(picture)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout.strip().splitlines()[-1]), picture


def _looks_as_it_did(picture: Path, name: str) -> None:
    """The picture is what it was when a person last looked at it; `ANTT_KEEP=1` keeps this one instead."""
    kept = Path(__file__).parent / f"{name}.png"
    now = Image.open(picture).convert("RGB").resize((600, 500), Image.Resampling.LANCZOS)
    if os.environ.get("ANTT_KEEP"):
        now.quantize(192).save(kept, optimize=True)
    soft = [np.asarray(p.convert("RGB").filter(ImageFilter.GaussianBlur(2)), float) for p in (now, Image.open(kept))]
    apart = np.abs(soft[0] - soft[1]).max(axis=2)
    assert apart.mean() < 1.5, f"{name}: {apart.mean():.2f} apart on average"
    assert (apart > 40).mean() < 0.004, f"{name}: {(apart > 40).mean():.2%} of the picture differs"


def _share(picture: Path, color: str) -> float:
    pixels = np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3)
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return float((np.abs(pixels.astype(int) - wanted).max(axis=1) <= 2).mean())


def test_a_rate_map_has_its_classes(demo_store, home):
    spec = situation(demo_store, Query(Measure.CASE, *YEAR, per=Per.PEOPLE))
    (home / "rate.gpkg").write_bytes(export.render(spec, "gpkg"))
    layers, picture = _drawn(home / "rate.gpkg")
    _looks_as_it_did(picture, "rate")
    labels = {entry.label for group in spec.legend for entry in group.entries if entry.symbol == "fill"}
    assert layers[0]["renderer"] == "categorizedSymbol"
    assert set(layers[0]["labels"]) <= labels
    units = next(x for x in spec.layers if isinstance(x, UnitLayer))
    used = {cell.cls for cell in units.cells}
    for i in used:
        assert _share(picture, units.classes[i].fill) > 0.0001
    assert sum(_share(picture, units.classes[i].fill) for i in used) > 0.15


def test_symbols_zones_and_clusters_are_drawn(demo_store, home):
    zones = ("border", "industrial_park")
    spec = situation(demo_store, Query(Measure.DEN_CLEARED, *YEAR), clusters=True, zones=zones)
    (home / "dens.gpkg").write_bytes(export.render(spec, "gpkg"))
    layers, picture = _drawn(home / "dens.gpkg")
    _looks_as_it_did(picture, "dens")
    assert [layer["name"] for layer in layers] == [
        "communes",
        "zones_border",
        "zones_industrial_park",
        "events",
        "symbols",
        "clusters",
    ]
    shown = {layer["name"]: layer["shown"] for layer in layers}
    assert (shown["symbols"], shown["events"]) == (True, False)  # single events only from the zoom of the map
    assert _share(picture, "#b3261e") > 0.0005  # clusters
    assert _share(picture, "#8a3b1e") > 0.0003  # the border
    assert _share(picture, "#3d8c87") + _share(picture, "#0f766e") > 0.001  # diamonds, translucent over land
