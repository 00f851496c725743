"""What the other sides draw: the cases of the chosen kinds, and the communes with their counts."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.bench import data

COLOURS = ("#f3eee4", "#f6d9b8", "#eeb07c", "#dc7f46", "#b6521f")
POINT = "#7a1f3d"


@lru_cache(maxsize=4)
def _columns(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64], pd.Categorical, pd.Categorical]:
    rows = data.cases(n)
    codes = data.communes()["code"]
    unit = pd.Categorical(rows["unit_code"], categories=codes)
    return rows["lat"].to_numpy(), rows["lon"].to_numpy(), pd.Categorical(rows["kind"]), unit


def points(n: int, kinds: tuple[str, ...]) -> NDArray[np.float64]:
    """Latitude and longitude of the cases of these kinds, shape (m, 2)."""
    lat, lon, kind, _ = _columns(n)
    chosen = kind.isin(kinds)
    return np.column_stack([lat[chosen], lon[chosen]])


def communes(n: int, kinds: tuple[str, ...]) -> dict[str, Any]:
    """The communes as GeoJSON, with name, count and colour; as many corners as the product's own screen geometry."""
    _, _, kind, unit = _columns(n)
    counts = np.bincount(unit.codes[kind.isin(kinds)], minlength=len(unit.categories))
    classes = np.searchsorted(np.quantile(counts, [0.2, 0.4, 0.6, 0.8]), counts)
    features = json.loads(_geometry())["features"]
    for feature, count, cls in zip(features, counts, classes):
        feature["properties"] |= {"count": int(count), "fill": COLOURS[cls]}
    return {"type": "FeatureCollection", "features": features}


@lru_cache(maxsize=1)
def _geometry() -> str:
    layer = data.communes().copy()
    layer["geometry"] = layer.geometry.simplify(0.0004)
    return str(layer[["name", "geometry"]].to_json())


def legend() -> str:
    """A legend as plain HTML."""
    rows = "".join(f'<div><i style="background:{c};width:18px;height:12px;display:inline-block"></i> {i}</div>'
                   for i, c in enumerate(COLOURS, 1))  # fmt: skip
    return f'<div style="position:fixed;bottom:20px;right:20px;background:white;z-index:999;padding:6px">{rows}</div>'
