"""What is compared: which server, at which address, and how its map is found in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from geo.settings import ROOT
from tests.bench import data, server

_APPS = Path(__file__).parent / "apps"
_APP = _APPS / "app.py"

_PRODUCT = {
    "page": "map", "m": "case", "t": "custom", "a": data.START.isoformat(), "b": data.END.isoformat(), "pts": "always",
    "cl": "0", "z": "", "lang": "vi",
}  # fmt: skip
"""All points and the communes, as the other sides show them: no clusters and no zones."""


@dataclass(frozen=True)
class Side:
    """One of the things compared.

    Attributes
    ----------
    name : str
    app : Path
        What Streamlit runs.
    script : str
        Which script of `apps/`, where the app is not the product's.
    address : dict
        Parameters of the page.
    home : int
        Which store the server reads, by its number of cases; 0 for none.
    points : int
        How many points it draws.
    deck : bool
        The map is a WebGL canvas of the page and not in a frame of its own.
    largest : int
        Sizes above are not tried.
    stock : bool
        Streamlit keeps its own setting of `runner.postScriptGC`, which the product turns off.
    """

    name: str
    app: Path
    address: dict[str, str]
    script: str = ""
    home: int = 0
    points: int = 0
    deck: bool = False
    largest: int = 1_000_000
    stock: bool = False


def _plain(layer: str, largest: int) -> Side:
    return Side(layer, _APP, {"layer": layer}, "plain.py", largest=largest)


_ALL = (
    Side("floor", _APP, {}, "floor.py"),
    Side("floor_stock", _APP, {}, "floor.py", stock=True),
    Side("floor_page", _APPS / "floor_page.py", _PRODUCT, home=1_000),
    Side("ours", ROOT / "app.py", _PRODUCT),
    _plain("circles", 10_000),
    _plain("circles_tips", 1_000),
    _plain("cluster", 100_000),
    _plain("heat", 100_000),
    _plain("geojson", 100_000),
    Side("pydeck", _APP, {}, "deck.py", deck=True),
)

FLOORS = ("floor", "floor_stock", "floor_page")

NAMES = tuple(side.name for side in _ALL)
QUICK = ("floor", "floor_stock", "floor_page", "ours", "circles", "circles_tips", "pydeck")

LABELS = {
    "floor": "floor: one filter, an empty component",
    "floor_stock": "floor, Streamlit's settings as it comes",
    "floor_page": "floor with our page: an empty component for the map",
    "ours": "ours",
    "circles": "folium: CircleMarkers",
    "circles_tips": "folium: CircleMarkers with tooltips",
    "cluster": "folium: FastMarkerCluster",
    "heat": "folium: HeatMap",
    "geojson": "folium: one GeoJson",
    "pydeck": "st.pydeck_chart (WebGL in software)",
}


def of_size(n: int, names: tuple[str, ...]) -> tuple[Side, ...]:
    """The sides that are tried with `n` points."""
    sides = (side for side in _ALL if side.name in names and n <= side.largest)
    return tuple(_sized(side, n) for side in sides)


def _sized(side: Side, n: int) -> Side:
    if side.name in FLOORS:
        return side
    if side.name == "ours":
        return replace(side, home=n, points=n)
    return replace(side, address={**side.address, "n": str(n)}, points=n)


def _environment(side: Side) -> dict[str, str]:
    env = {"BENCH_SCRIPT": side.script} if side.script else {}
    if side.stock:
        env["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = "true"
    return {**env, "ANTT_HOME": str(data.home(side.home))} if side.home else env


@contextmanager
def served(sides: tuple[Side, ...]) -> Iterator[dict[str, str]]:
    """Run a server for each application in use; gives the address of each side by its name."""
    with server.Servers() as servers:
        found = {}
        for side in sides:
            root = servers.start(side.app, _environment(side))
            found[side.name] = f"{root}/?{urlencode({**side.address, 'kinds': str(data.COMMON)})}"
        yield found
