"""The plain pattern: a folium map built anew in every run and handed to `st_folium`."""

from __future__ import annotations

import folium
import streamlit as st
from branca.element import Element, MacroElement, Template
from folium.plugins import FastMarkerCluster, HeatMap
from numpy.typing import NDArray
from streamlit_folium import st_folium

from tests.bench.apps import question, shown

MARK = "function (row) { return L.circleMarker(row, {radius: 3, weight: 1, color: '" + shown.POINT + "'}); }"


class _Turn(MacroElement):
    """Says, after everything else of the map's script, that this run's map is there."""

    _template = Template(
        "{% macro script(this, kwargs) %}document.documentElement.dataset.drawn = Date.now();{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()
        self._name = "turn"


def _communes(n: int, kinds: tuple[str, ...]) -> folium.GeoJson:
    return folium.GeoJson(
        shown.communes(n, kinds),
        style_function=lambda f: {
            "fillColor": f["properties"]["fill"],
            "color": "#777",
            "weight": 1,
            "fillOpacity": 0.8,
        },
        tooltip=folium.GeoJsonTooltip(["name", "count"]),
    )


def _layer(name: str, places: NDArray, made: folium.Map) -> None:
    match name:
        case "circles" | "circles_tips":
            for lat, lon in places.tolist():
                tip = f"{lat:.4f}, {lon:.4f}" if name == "circles_tips" else None
                folium.CircleMarker((lat, lon), radius=3, weight=1, color=shown.POINT, tooltip=tip).add_to(made)
        case "cluster":
            FastMarkerCluster(places.tolist(), callback=MARK).add_to(made)
        case "heat":
            HeatMap(places.tolist(), radius=10).add_to(made)
        case "geojson":
            shape = {"type": "MultiPoint", "coordinates": places[:, ::-1].tolist()}
            style = {"radius": 3, "weight": 1, "color": shown.POINT}
            folium.GeoJson(shape, marker=folium.CircleMarker(**style)).add_to(made)


def _map(layer: str, n: int, kinds: tuple[str, ...]) -> folium.Map:
    made = folium.Map(location=(10.2, 105.0), zoom_start=9, tiles=None)
    made.options |= {"maxZoom": 17, "minZoom": 5}
    _communes(n, kinds).add_to(made)
    _layer(layer, shown.points(n, kinds), made)
    made.get_root().html.add_child(Element(shown.legend()))
    made.add_child(_Turn())
    return made


st.set_page_config(layout="wide")
chosen = question.kinds()
st_folium(
    _map(question.wanted("layer", "circles"), int(question.wanted("n", "1000")), chosen),
    height=600,
    use_container_width=True,
    returned_objects=[],
)
