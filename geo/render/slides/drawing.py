"""Native shapes on a slide, in CSS pixels: freeforms, symbols, text, pictures. Nothing here knows what a map is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Literal

import numpy as np
from lxml import etree
from numpy.typing import NDArray
from pptx.oxml.ns import qn
from pptx.slide import Slide

from geo.cartography.spec import Pattern, Stroke, Style
from geo.render.static import lettering
from geo.render.static.canvas import Rect
from geo.text import Lang

__all__ = ["EMU", "Drawing"]

EMU = 9525
"""English Metric Units per CSS pixel."""

_FONT = "Be Vietnam Pro"
_PRESETS: dict[Pattern, str] = {"hatch": "ltUpDiag", "slant": "ltDnDiag", "cross": "diagCross", "dots": "dotGrid",
                                "fine_dots": "dotDmnd"}  # fmt: skip
_GRID = 1000
"""Outlines are rounded to this many EMU, a tenth of a px, on both sides of a border, so that they go on touching."""

Points = NDArray[np.float64]
Anchor = Literal["t", "ctr", "b"]


class Drawing:
    """Draws on one slide; what is drawn later lies above."""

    def __init__(self, slide: Slide, lang: Lang) -> None:
        self.slide = slide
        self.lang = {"vi": "vi-VN", "en": "en-GB"}[lang]
        self._tree = slide.shapes._spTree
        self._last = max((int(i) for i in self._tree.xpath("//p:cNvPr/@id")), default=1)

    def freeform(
        self,
        name: str,
        lines: Iterable[Points],
        style: Style,
        *,
        weight: float = 1.0,
        about: str = "",
        closed: bool = True,
    ) -> bool:
        """One shape of one or more outlines in px, shape (n, 2) each; nothing where none is long enough.

        `about` is the description that a screen reader speaks.
        """
        rounded = [_on_grid(line) for line in lines]
        kept = [line for line in rounded if len(line) > (2 if closed else 1)]
        if not kept:
            return False
        corner = np.min([line.min(axis=0) for line in kept], axis=0)
        size = np.maximum(np.max([line.max(axis=0) for line in kept], axis=0) - corner, 1)
        shape = self._shape(name, corner * _GRID, size * _GRID, about)
        geometry = etree.SubElement(shape.find(qn("p:spPr")), qn("a:custGeom"))
        for part in ("avLst", "gdLst", "ahLst", "cxnLst"):
            etree.SubElement(geometry, qn(f"a:{part}"))
        etree.SubElement(geometry, qn("a:rect"), l="0", t="0", r="r", b="b")
        path = etree.SubElement(
            etree.SubElement(geometry, qn("a:pathLst")), qn("a:path"), w=str(size[0]), h=str(size[1])
        )
        if not closed:
            path.set("fill", "none")
        for line in kept:
            _outline(path, line - corner, closed=closed)
        _painted(shape.find(qn("p:spPr")), style, weight)
        return True

    def shape(self, preset: str, name: str, box: Rect, style: Style, *, weight: float = 1.0, about: str = "") -> None:
        """A shape of PowerPoint's own: `rect`, `ellipse`, `diamond`, `line` ..."""
        shape = self._shape(name, (box.x0 * EMU, box.y0 * EMU), (box.width * EMU, box.height * EMU), about)
        properties = shape.find(qn("p:spPr"))
        etree.SubElement(etree.SubElement(properties, qn("a:prstGeom"), prst=preset), qn("a:avLst"))
        _painted(properties, style, weight)

    def text(
        self,
        name: str,
        lines: Sequence[str],
        box: Rect,
        size: float,
        color: str,
        *,
        bold: bool = False,
        align: Literal["l", "ctr", "r"] = "l",
        anchor: Anchor = "t",
        frame: Stroke | None = None,
        wrap: bool = False,
    ) -> None:
        """Lines of text in a box, taken literally, each a paragraph; `size` in px."""
        shape = self._shape(name, (box.x0 * EMU, box.y0 * EMU), (box.width * EMU, box.height * EMU), "", text=True)
        properties = shape.find(qn("p:spPr"))
        etree.SubElement(etree.SubElement(properties, qn("a:prstGeom"), prst="rect"), qn("a:avLst"))
        _painted(properties, Style(stroke=frame), 1.0)
        self.write(shape, lines, size, color, bold=bold, align=align, anchor=anchor, wrap=wrap)

    def write(
        self,
        shape: Any,
        lines: Sequence[str],
        size: float,
        color: str,
        *,
        bold: bool,
        align: str,
        anchor: Anchor,
        wrap: bool = False,
    ) -> None:
        """Put text into a shape's element, without margins; `wrap` lets it break into lines by itself."""
        body = shape.find(qn("p:txBody"))
        if body is None:
            body = etree.SubElement(shape, qn("p:txBody"))
        for child in list(body):
            body.remove(child)
        frame = etree.SubElement(
            body,
            qn("a:bodyPr"),
            wrap="square" if wrap else "none",
            lIns="0",
            tIns="0",
            rIns="0",
            bIns="0",
            anchor=anchor,
        )
        etree.SubElement(frame, qn("a:noAutofit"))
        for line in lines or [""]:
            paragraph = etree.SubElement(body, qn("a:p"))
            spacing = etree.SubElement(paragraph, qn("a:pPr"), algn=align, marL="0", indent="0")
            etree.SubElement(etree.SubElement(spacing, qn("a:lnSpc")), qn("a:spcPct"), val="100000")
            etree.SubElement(etree.SubElement(spacing, qn("a:spcBef")), qn("a:spcPts"), val="0")
            etree.SubElement(spacing, qn("a:buNone"))
            run = etree.SubElement(paragraph, qn("a:r"))
            look = etree.SubElement(run, qn("a:rPr"), lang=self.lang, sz=str(round(size * 75)), b=str(int(bold)))
            etree.SubElement(etree.SubElement(look, qn("a:solidFill")), qn("a:srgbClr"), val=color.lstrip("#")[:6])
            for script in ("latin", "ea", "cs"):
                etree.SubElement(look, qn(f"a:{script}"), typeface=_FONT)
            etree.SubElement(run, qn("a:t")).text = lettering.clean(line)

    def picture(self, name: str, png: bytes, box: Rect, about: str) -> None:
        """A PNG file in a box."""
        picture = self.slide.shapes.add_picture(
            BytesIO(png), *(round(v * EMU) for v in (box.x0, box.y0, box.width, box.height))
        )
        picture.name = lettering.clean(name)
        picture._element.nvPicPr.cNvPr.set("descr", lettering.clean(about))
        self._last = max(self._last, picture.shape_id)

    def _shape(self, name: str, corner: Any, size: Any, about: str, *, text: bool = False) -> Any:
        self._last += 1
        shape = etree.SubElement(self._tree, qn("p:sp"))
        head = etree.SubElement(shape, qn("p:nvSpPr"))
        named = etree.SubElement(head, qn("p:cNvPr"), id=str(self._last), name=lettering.clean(name))
        if about:
            named.set("descr", lettering.clean(about))
        own = etree.SubElement(head, qn("p:cNvSpPr"))
        if text:
            own.set("txBox", "1")
        etree.SubElement(head, qn("p:nvPr"))
        place = etree.SubElement(etree.SubElement(shape, qn("p:spPr")), qn("a:xfrm"))
        etree.SubElement(place, qn("a:off"), x=str(round(corner[0])), y=str(round(corner[1])))
        etree.SubElement(place, qn("a:ext"), cx=str(max(0, round(size[0]))), cy=str(max(0, round(size[1]))))
        return shape


def _on_grid(line: Points) -> NDArray[np.int64]:
    """Positions on the grid, without those that repeat the one before."""
    steps = np.round(np.asarray(line, float) * EMU / _GRID).astype(np.int64)
    return steps[np.concatenate([[True], (np.diff(steps, axis=0) != 0).any(axis=1)])] if len(steps) else steps


def _outline(path: Any, line: NDArray[np.int64], *, closed: bool) -> None:
    for i, (x, y) in enumerate(line.tolist()):
        step = etree.SubElement(path, qn("a:moveTo" if i == 0 else "a:lnTo"))
        etree.SubElement(step, qn("a:pt"), x=str(x), y=str(y))
    if closed:
        etree.SubElement(path, qn("a:close"))


def _color(parent: Any, color: str) -> None:
    value = etree.SubElement(parent, qn("a:srgbClr"), val=color.lstrip("#")[:6])
    if len(color) == 9:
        etree.SubElement(value, qn("a:alpha"), val=str(round(int(color[7:], 16) / 255 * 100_000)))


def _painted(properties: Any, style: Style, weight: float) -> None:
    """Fill, then line, in the order the schema asks for."""
    if style.pattern != "none" and style.fill:
        pattern = etree.SubElement(properties, qn("a:pattFill"), prst=_PRESETS[style.pattern])
        _color(etree.SubElement(pattern, qn("a:fgClr")), style.ink)
        _color(etree.SubElement(pattern, qn("a:bgClr")), style.fill)
    elif style.fill:
        _color(etree.SubElement(properties, qn("a:solidFill")), style.fill)
    else:
        etree.SubElement(properties, qn("a:noFill"))
    line = etree.SubElement(properties, qn("a:ln"))
    if style.stroke is None:
        etree.SubElement(line, qn("a:noFill"))
        return
    line.set("w", str(round(style.stroke.width * weight * EMU)))
    _color(etree.SubElement(line, qn("a:solidFill")), style.stroke.color)
    if style.stroke.dash:
        dashes = etree.SubElement(line, qn("a:custDash"))
        pairs = list(zip(style.stroke.dash[::2], style.stroke.dash[1::2]))
        for long, gap in pairs:
            unit = 100_000 / style.stroke.width
            etree.SubElement(dashes, qn("a:ds"), d=str(round(long * unit)), sp=str(round(gap * unit)))
    etree.SubElement(line, qn("a:round"))
