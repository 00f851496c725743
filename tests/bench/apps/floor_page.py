"""The floor with the product's page around it: every widget is there, an empty component stands for the map, and the
data are asked for once.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.cartography.spec import MapSpec
from geo.products import answer
from geo.render import web
from geo.settings import ROOT
from geo.ui import map_component
from geo.ui.routes import routes
from tests.bench.apps import question


def _show(_spec: MapSpec, _look: web.Look, *, key: str, on_click: Callable[[str], None] | None = None) -> None:  # noqa: ARG001
    question.empty(f"{key}_face")


_first: list[MapSpec] = []
_asked = answer.situation


def _situation(*args: object) -> MapSpec:
    if not _first:
        _first.append(_asked(*args))  # type: ignore[arg-type]
    return _first[0]


map_component.show = _show
answer.situation = _situation
app = st.App(ROOT / "geo" / "ui" / "main.py", routes=routes())
