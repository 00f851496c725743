"""`st.pydeck_chart`: the communes and the points as layers of deck.gl, which Streamlit's own frontend carries."""

from __future__ import annotations

import pandas as pd
import pydeck
import streamlit as st

from tests.bench.apps import question, shown


def _deck(n: int, kinds: tuple[str, ...]) -> pydeck.Deck:
    communes = pydeck.Layer(
        "GeoJsonLayer",
        _coloured(shown.communes(n, kinds)),
        get_fill_color="properties.rgb",
        get_line_color=[119, 119, 119],
        line_width_min_pixels=1,
        pickable=True,
    )
    places = pd.DataFrame(shown.points(n, kinds), columns=["lat", "lon"])
    cases = pydeck.Layer(
        "ScatterplotLayer",
        places,
        get_position=["lon", "lat"],
        get_fill_color=[122, 31, 61],
        get_radius=3,
        radius_units="'pixels'",
    )
    start = pydeck.ViewState(latitude=10.2, longitude=105.0, zoom=8)
    return pydeck.Deck([communes, cases], initial_view_state=start, map_style=None, tooltip={"text": "{name}: {count}"})


def _coloured(communes: dict) -> dict:
    for feature in communes["features"]:
        fill = feature["properties"]["fill"]
        feature["properties"]["rgb"] = [int(fill[i : i + 2], 16) for i in (1, 3, 5)]
    return communes


st.set_page_config(layout="wide")
chosen = question.kinds()
st.pydeck_chart(_deck(int(question.wanted("n", "1000")), chosen), height=600, key="map")
