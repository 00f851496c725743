"""A sheet of paper to draw on in CSS pixels, y downwards: matplotlib without axes.

What is drawn later lies above. Nothing here knows what a map is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_pdf import Verbatim
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedBbox
from numpy.typing import NDArray

from geo.cartography.spec import Mark, Pattern, Stroke, Style
from geo.render.static import lettering
from geo.render.static.lettering import LINE, Weight

__all__ = ["PT", "Align", "Canvas", "Rect", "Tag", "symbol_path", "vertices"]

PT = 0.75
"""Points per CSS pixel."""

Align = Literal["left", "center", "right"]

Tag = Literal["H1", "P", "Figure"]
"""Kinds of structure element a PDF is tagged with."""

_TILE: dict[Pattern, float] = {"hatch": 7, "slant": 8, "cross": 8, "dots": 7, "fine_dots": 5}
_DOT: dict[Pattern, float] = {"dots": 1.25, "fine_dots": 0.9}
_DIAMOND = 1.2533
"""Half diagonal of a diamond over the radius of the circle of equal area."""


@dataclass(frozen=True)
class Rect:
    """A box on the sheet in px, y downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Length of the horizontal edge."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Length of the vertical edge."""
        return self.y1 - self.y0

    def inset(self, by: float) -> Rect:
        """The box with every edge moved inwards."""
        return Rect(self.x0 + by, self.y0 + by, self.x1 - by, self.y1 - by)

    def meets(self, other: Rect) -> bool:
        """True where the two boxes have points in common."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def holds(self, other: Rect) -> bool:
        """True where the other box lies within this one."""
        return self.x0 <= other.x0 and other.x1 <= self.x1 and self.y0 <= other.y0 and other.y1 <= self.y1

    @property
    def path(self) -> Path:
        """Its outline."""
        x = (self.x0, self.x1, self.x1, self.x0, self.x0)
        return Path(list(zip(x, (self.y0, self.y0, self.y1, self.y1, self.y0))), closed=True)


def vertices(path: Path) -> NDArray[np.float64]:
    """The corners of a path, shape (n, 2)."""
    return np.asarray(path.vertices, float)


def symbol_path(symbol: str, x: float, y: float, radius: float) -> Path:
    """A circle, or a diamond of the same area."""
    if symbol == "diamond":
        d = radius * _DIAMOND
        return Path([(x, y - d), (x + d, y), (x, y + d), (x - d, y), (x, y - d)], closed=True)
    return Path.circle((x, y), radius)


def mark_path(mark: Mark, x: float, y: float, weight: float = 1.0) -> Path:
    """The polygon of a mark around a place."""
    corners = np.array(mark.corners) * mark.size / 2 * weight + (x, y)
    return Path([*corners, corners[0]], closed=True)


class Canvas:
    """A sheet of `width` by `height` px."""

    def __init__(self, width: float, height: float, paper: str) -> None:
        self.sheet = Rect(0, 0, width, height)
        self.figure = Figure(figsize=(width / 96, height / 96), dpi=96, facecolor=paper)
        self.tags: list[Tag] = []
        self.px = Affine2D().scale(1 / 96, -1 / 96).translate(0, height / 96) + self.figure.dpi_scale_trans

    @contextmanager
    def tag(self, kind: Tag) -> Iterator[None]:
        """What is drawn inside is one element of the document's structure; nothing of it shows in a picture."""
        number = len(self.tags)
        self.tags.append(kind)
        self._add(_Mark(f"/{kind} <</MCID {number}>> BDC"))
        yield
        self._add(_Mark("EMC"))

    def _add(self, artist: Artist, clip: Rect | None = None, place: Transform | None = None) -> None:
        artist.set_transform(self.px if place is None else place + self.px)
        if clip is not None:
            artist.set_clip_box(TransformedBbox(Bbox.from_extents(clip.x0, clip.y0, clip.x1, clip.y1), self.px))
        artist.set_zorder(len(self.figure.artists))
        self.figure.add_artist(artist)

    def fill(self, path: Path, color: str, *, clip: Rect | None = None, place: Transform | None = None) -> None:
        """Fill a path; `place` takes its coordinates to px."""
        if len(vertices(path)):
            self._add(PathPatch(path, facecolor=color, edgecolor="none", linewidth=0), clip, place)

    def stroke(
        self, path: Path, line: Stroke, *, weight: float = 1.0, clip: Rect | None = None, place: Transform | None = None
    ) -> None:
        """Draw along a path; `weight` multiplies width and dashes."""
        if not len(vertices(path)):
            return
        unit = weight * PT
        dashes = (0.0, [d * unit for d in line.dash]) if line.dash else "solid"
        cap: Literal["round", "butt"] = "round" if line.dash and line.dash[0] < 2 else "butt"
        patch = PathPatch(
            path, fill=False, edgecolor=line.color, linewidth=line.width * unit, linestyle=dashes, joinstyle="round",
            capstyle=cap,
        )  # fmt: skip
        self._add(patch, clip, place)

    def paint(
        self, path: Path, style: Style, *, weight: float = 1.0, clip: Rect | None = None, place: Transform | None = None
    ) -> None:
        """Fill, pattern and outline of a style."""
        if style.fill:
            self.fill(path, style.fill, clip=clip, place=place)
        if style.pattern != "none" and len(vertices(path)):
            self._pattern(path, style, weight, clip, place)
        if style.stroke:
            self.stroke(path, style.stroke, weight=weight, clip=clip, place=place)

    def _pattern(self, path: Path, style: Style, weight: float, clip: Rect | None, place: Transform | None) -> None:
        """A pattern over the whole box of the path, cut out along it, so that it runs on from unit to unit."""
        outline = path if place is None else place.transform_path(path)
        low, high = vertices(outline).min(axis=0), vertices(outline).max(axis=0)
        if clip is not None:
            low, high = np.maximum(low, (clip.x0, clip.y0)), np.minimum(high, (clip.x1, clip.y1))
        if (low >= high).any():
            return
        cut = outline if clip is None else _within(outline, clip)
        if not len(vertices(cut)):  # its box reaches into the window, it does not
            return
        box, step = Rect(*low, *high), _TILE[style.pattern] * weight
        if style.pattern in _DOT:
            size = 2 * _DOT[style.pattern] * weight * PT
            marks: Artist = self._dots(box, step, size, style.ink)
        else:
            lines = _diagonals(box, step, style.pattern)
            marks = LineCollection(lines, colors=style.ink, linewidths=0.9 * weight * PT)
        self._add(marks)
        marks.set_clip_path(cut, self.px)

    @staticmethod
    def _dots(box: Rect, step: float, size: float, ink: str) -> Line2D:
        x = np.arange(np.floor(box.x0 / step), box.x1 / step) * step + step / 2
        y = np.arange(np.floor(box.y0 / step), box.y1 / step) * step + step / 2
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        return _markers(grid, Path.unit_circle(), size, Style(fill=ink), 0.0)

    def symbols(self, at: NDArray[np.float64], symbol: str, style: Style, size: float, clip: Rect) -> None:
        """The same symbol at many places: `at` in px, shape (n, 2), `size` its diameter."""
        edge = style.stroke.width * size / 7 if style.stroke else 0.0
        scale = _DIAMOND if symbol == "diamond" else 1.0
        self._add(_markers(at, symbol_path(symbol, 0, 0, scale), size * PT * scale, style, edge * PT), clip)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        color: str,
        weight: Weight = "regular",
        *,
        align: Align = "left",
        angle: float = 0.0,
        alpha: float | None = None,
        clip: Rect | None = None,
    ) -> None:
        """One line of text, its baseline at `y`, taken literally whatever it holds."""
        shown = lettering.clean(text)
        if not shown:
            return
        artist = Text(
            x, y, shown, color=color, fontproperties=lettering.font(shown, weight), ha=align, va="baseline",
            alpha=alpha, rotation=angle, rotation_mode="anchor", parse_math=False,
        )  # fmt: skip
        artist.set_fontsize(size * PT)
        self._add(artist, clip)

    def lines(
        self,
        lines: Sequence[str],
        x: float,
        y: float,
        size: float,
        color: str,
        weight: Weight = "regular",
        *,
        align: Align = "left",
    ) -> float:
        """Lines of text below each other, the first one's top at `y`; gives where the next would begin."""
        for i, line in enumerate(lines):
            self.text(line, x, y + size * (LINE * i + 1.02), size, color, weight, align=align)
        return y + size * LINE * len(lines)

    def halo(self, texts: Iterable[tuple[str, float, float]], size: float, color: str, weight: Weight) -> None:
        """Soft ground under centred lines of text, so that their letters stay text and can be searched."""
        outlines = [
            TextPath((0, 0), lettering.clean(text), size=size, prop=lettering.font(text, weight)).transformed(
                Affine2D().scale(1, -1).translate(x - lettering.width(lettering.clean(text), size, weight) / 2, y)
            )
            for text, x, y in texts
        ]
        if outlines:
            self.stroke(Path.make_compound_path(*outlines), Stroke(color, size * 0.28))


class _Mark(Artist):
    """Writes a marked-content operator into a PDF page, and nothing anywhere else."""

    def __init__(self, operator: str) -> None:
        super().__init__()
        self._operator = operator.encode()

    def draw(self, renderer: Any) -> None:
        """Write the operator where the page is a PDF."""
        if (file := getattr(renderer, "file", None)) is not None:
            file.output(Verbatim(self._operator))  # type: ignore[no-untyped-call]


def _markers(at: NDArray[np.float64], marker: Path, size: float, style: Style, edge: float) -> Line2D:
    """Markers along an invisible line: one glyph drawn many times, in Agg as in PDF."""
    color = style.stroke.color if style.stroke else "none"
    return Line2D(
        at[:, 0], at[:, 1], linestyle="none", marker=marker, markersize=size, markerfacecolor=style.fill,
        markeredgecolor=color, markeredgewidth=edge,
    )  # fmt: skip


def _diagonals(box: Rect, step: float, pattern: Pattern) -> list[NDArray[np.float64]]:
    """Lines at 45 degrees through the corners of a grid of `step` px: rising, falling, or both."""
    found = []
    if pattern in ("hatch", "cross"):  # x + y = k
        for k in np.arange(np.floor((box.x0 + box.y0) / step), (box.x1 + box.y1) / step + 1) * step:
            found.append(np.array([(box.x0, k - box.x0), (box.x1, k - box.x1)]))
    if pattern in ("slant", "cross"):  # y - x = k
        for k in np.arange(np.floor((box.y0 - box.x1) / step), (box.y1 - box.x0) / step + 1) * step:
            found.append(np.array([(box.x0, box.x0 + k), (box.x1, box.x1 + k)]))
    return found


def _within(path: Path, clip: Rect) -> Path:
    """The path cut to a box; its rings stay closed."""
    return path.clip_to_bbox(Bbox.from_extents(clip.x0, clip.y0, clip.x1, clip.y1), inside=True)
