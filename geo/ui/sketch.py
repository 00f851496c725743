"""What somebody is drawing on the page of priority areas: kept for the visit until it is saved or let go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import shapely
import streamlit as st

from geo.errors import AnttError
from geo.products.records.zone_shapes import around, divided_by
from geo.render.web import Drawing
from geo.text import Lang, t

__all__ = ["Draft", "begin", "draft", "drawing", "drawn", "let_go", "set_draft"]

Tool = Literal["", "polygon", "circle", "line", "edit"]

_MOVABLE = 600
"""Corners up to which each can be moved by hand."""

_SAID = {
    "draw.handlers.polygon.tooltip.start": "draw_polygon_start",
    "draw.handlers.polygon.tooltip.cont": "draw_polygon_on",
    "draw.handlers.polygon.tooltip.end": "draw_polygon_end",
    "draw.handlers.polyline.tooltip.start": "draw_line_start",
    "draw.handlers.polyline.tooltip.cont": "draw_line_on",
    "draw.handlers.polyline.tooltip.end": "draw_line_end",
    "draw.handlers.circle.tooltip.start": "draw_circle_start",
    "draw.handlers.circle.radius": "draw_radius",
    "draw.handlers.simpleshape.tooltip.end": "draw_circle_end",
    "edit.handlers.edit.tooltip.text": "draw_edit",
    "edit.handlers.edit.tooltip.subtext": "draw_edit_more",
}
"""What the drawing library says while one draws, by its own paths."""


@dataclass(frozen=True)
class Draft:
    """An area in hand.

    Attributes
    ----------
    mode : {"new", "edit", "divide"}
    key : str
        Of the area that is changed or divided.
    tool : str
        What the next clicks on the map draw.
    shape : shapely geometry or None
    circle : tuple of (lon, lat, metres) or None
        Where the shape is one that still can be moved as a circle.
    parts : tuple of shapely geometry
        Pieces that a line has made.
    turn : int
        Counts what the page itself put on the map; the browser's own changes leave it.
    problem : str
        What was wrong with the last drawing.
    batch : int, optional
        In which the area was saved last when it was taken in hand.
    """

    mode: Literal["new", "edit", "divide"]
    key: str = ""
    tool: Tool = ""
    shape: shapely.Geometry | None = None
    circle: tuple[float, float, float] | None = None
    parts: tuple[shapely.Geometry, ...] = field(default=())
    turn: int = 0
    problem: str = ""
    batch: int | None = None


def draft() -> Draft | None:
    """The area in hand; None where nothing is drawn."""
    held: Draft | None = st.session_state.get("area_draft")
    return held


def set_draft(**changes: Any) -> None:
    """Change what is in hand, and have the map take it up."""
    held = draft()
    assert held is not None
    st.session_state.area_draft = replace(held, turn=held.turn + 1, **{"problem": "", **changes})


def begin(
    mode: Literal["new", "edit", "divide"],
    *,
    key: str = "",
    shape: shapely.Geometry | None = None,
    batch: int | None = None,
) -> None:
    """Take an area in hand."""
    held = draft()
    tool = "line" if mode == "divide" else _movable(shape) if shape is not None else ""
    turn = held.turn + 1 if held else st.session_state.get("area_turn", 0) + 1
    st.session_state.area_draft = Draft(mode, key, tool, shape, turn=turn, batch=batch)


def let_go() -> None:
    """Nothing is in hand any more."""
    if (held := st.session_state.pop("area_draft", None)) is not None:
        st.session_state.area_turn = held.turn


def _movable(shape: shapely.Geometry) -> Tool:
    return "edit" if shapely.get_num_coordinates(shape) <= _MOVABLE else ""


def put(shape: shapely.Geometry, circle: tuple[float, float, float] | None = None) -> None:
    """Put a shape that was not drawn by hand on the map."""
    set_draft(shape=shape, circle=circle, tool=_movable(shape))


def drawing(lang: Lang) -> Drawing | None:
    """What the map is to show of it."""
    held = draft()
    if held is None:
        return None
    shape: dict[str, Any] | None = None
    if held.circle is not None:
        shape = {"type": "Circle", "at": list(held.circle[:2]), "radius": held.circle[2]}
    elif held.parts:
        shape = _multi(shapely.multipolygons([p for part in held.parts for p in shapely.get_parts(part)]))
    elif held.shape is not None:
        shape = _multi(held.shape)
    return Drawing(
        held.tool, shape, f"{held.mode}{held.turn}", {path: t(f"areas.{k}", lang) for path, k in _SAID.items()}
    )


def _multi(shape: shapely.Geometry) -> dict[str, Any]:
    """A GeoJSON MultiPolygon with every corner to the last digit, rings without their closing corner."""
    rings = [
        [shapely.get_coordinates(ring)[:-1].tolist() for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shape)
    ]
    return {"type": "MultiPolygon", "coordinates": rings}


def drawn(said: dict[str, Any], lang: Lang) -> None:
    """Take in what the browser says was drawn or changed; what is no shape is told and left."""
    held = draft()
    if held is None:
        return
    try:
        _take(held, said)
    except AnttError as error:
        set_draft(problem=error.message(lang))
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        set_draft(problem=t("areas.no_shape", lang))


def _take(held: Draft, said: dict[str, Any]) -> None:
    if said.get("stopped"):
        set_draft(tool="")
        return
    match said["type"]:
        case "Circle":
            lon, lat = map(float, said["at"])
            circle = (lon, lat, float(said["radius"]))
            changes = {"shape": around(*circle), "circle": circle}
        case "LineString":
            assert held.shape is not None
            parts = divided_by(held.shape, shapely.LineString(said["coordinates"]))
            set_draft(parts=tuple(parts), tool="")
            return
        case _:
            shape = shapely.geometry.shape({"type": said["type"], "coordinates": said["coordinates"]})
            if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
                raise ValueError(shape.geom_type)
            changes = {"shape": _kept_single(shape, held.shape), "circle": None}
    if held.tool == "edit":  # the browser goes on with its own
        st.session_state.area_draft = replace(held, problem="", **changes)
    else:
        set_draft(tool="edit", **changes)


def _kept_single(shape: shapely.Geometry, before: shapely.Geometry | None) -> shapely.Geometry:
    """One polygon where the shape in hand was one."""
    single = before is None or before.geom_type == "Polygon"
    parts = shapely.get_parts(shape)
    return parts[0] if single and len(parts) == 1 else shape
