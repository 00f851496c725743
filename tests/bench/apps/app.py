"""The script named by `BENCH_SCRIPT` as an application, with the product's fonts and what folium needs, from installed
packages.
"""

from __future__ import annotations

import os
from pathlib import Path

import folium
import streamlit as st
from folium.plugins import FastMarkerCluster, HeatMap
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from xstatic.pkg import leaflet, leaflet_markercluster

from geo.ui.routes import routes

_FROM_COMPONENT = "../../bench"
_FILES = {
    "leaflet.js": Path(leaflet.BASE_DIR) / "leaflet.js",
    "leaflet.css": Path(leaflet.BASE_DIR) / "leaflet.css",
    "cluster.js": Path(leaflet_markercluster.BASE_DIR) / "leaflet.markercluster.js",
    "cluster.css": Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.css",
    "cluster_default.css": Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.Default.css",
    "heat.js": Path(folium.__file__).parent / "templates" / "leaflet_heat.min.js",
}


async def _file(request: Request) -> FileResponse:
    path = _FILES[request.path_params["name"]]
    return FileResponse(path, headers={"Cache-Control": "private, max-age=31536000, immutable"})


def _at(*names: str) -> list[tuple[str, str]]:
    return [(name, f"{_FROM_COMPONENT}/{name}") for name in names]


def _host() -> None:
    """folium's own addresses name other machines; these are the same libraries, without those the map does not use."""
    folium.Map.default_js, folium.Map.default_css = _at("leaflet.js"), _at("leaflet.css")
    FastMarkerCluster.default_js = _at("cluster.js")
    FastMarkerCluster.default_css = _at("cluster.css", "cluster_default.css")
    HeatMap.default_js = _at("heat.js")


_host()
app = st.App(Path(__file__).parent / os.environ["BENCH_SCRIPT"], routes=[*routes(), Route("/bench/{name}", _file)])
