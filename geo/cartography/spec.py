"""`MapSpec`: a frozen, fully resolved description of one map, and the only thing a renderer gets to see.

Every text in it is final (language, number formatting, masking), every class and colour is chosen, every order is the
drawing order. Screen, paper, slide and table are drawn from the same description, so they cannot disagree. It
serialises to canonical JSON; the SHA-256 of that JSON is its fingerprint.

Lengths on the map face are CSS pixels (1/96 inch); geographic coordinates are WGS 84 degrees, longitude first.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from geo.cartography.values import (
    Address,
    Color,
    Digits,
    Ink,
    Latitude,
    Length,
    Longitude,
    Metres,
    Number,
    Words,
    as_long,
    rising,
)
from geo.errors import InputError
from geo.question.recipe import Recipe, of_version_1
from geo.text import Lang

SPEC_VERSION = 2

Pattern = Literal["none", "hatch", "dots", "cross", "fine_dots", "slant"]
Symbol = Literal["fill", "circle", "diamond", "line", "zone", "badge"]
Bbox = tuple[Longitude, Latitude, Longitude, Latitude]
Place = tuple[Longitude, Latitude]
Ring = Annotated[tuple[Place, ...], msgspec.Meta(min_length=3)]


class Stroke(msgspec.Struct, frozen=True):
    """A line: colour, width in px, and dash lengths in px (empty means solid)."""

    color: Ink
    width: Length
    dash: tuple[Length, ...] = ()


class Style(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one thing is drawn: fill colour (empty for none), pattern over it in `ink`, and outline."""

    fill: Color = ""
    pattern: Pattern = "none"
    ink: Color = ""
    stroke: Stroke | None = None

    def __post_init__(self) -> None:
        if self.pattern != "none" and not self.ink:
            raise ValueError("a pattern has no ink")


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One unit in a fill layer: which class it is in, and the lines its tooltip shows under the name."""

    code: str
    name: str
    cls: int
    lines: tuple[str, ...] = ()


class UnitLayer(msgspec.Struct, frozen=True, tag="units", omit_defaults=True):
    """Every unit filled by its class; `labels` are what the classes are called, in their order."""

    classes: tuple[Style, ...]
    cells: tuple[Cell, ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.labels:
            as_long("classes", len(self.classes), labels=self.labels)
        if strange := next((cell for cell in self.cells if not 0 <= cell.cls < len(self.classes)), None):
            raise ValueError(f"unit {strange.code}: there is no class {strange.cls}")


class Circle(msgspec.Struct, frozen=True):
    """A graduated symbol at a unit's label point; the area is proportional to the count."""

    code: str
    radius: Length
    text: str


class CircleLayer(msgspec.Struct, frozen=True, tag="circles", omit_defaults=True):
    """Counts as graduated symbols: circles, or diamonds for dens cleared.

    Drawn on the screen below zoom `until_zoom`, and on paper where `paper` is true.
    """

    style: Style
    circles: tuple[Circle, ...]
    symbol: Symbol = "circle"
    until_zoom: Length = 99.0
    paper: bool = True


class PointLayer(msgspec.Struct, frozen=True, tag="points", omit_defaults=True):
    """Events as points.

    `packed` holds little-endian unsigned 16-bit pairs (x, y), positions in `frame`, a box in Web Mercator metres
    (EPSG:3857); 65535 is the box's right or top edge; base64 in JSON. Drawn on the screen from zoom `from_zoom`.
    """

    symbol: Symbol
    style: Style
    size: Length
    count: int
    frame: tuple[Metres, Metres, Metres, Metres]
    packed: bytes
    from_zoom: Length = 0.0
    paper: bool = True

    def __post_init__(self) -> None:
        as_long("points", 4 * self.count, bytes=self.packed)
        rising("points", self.frame)

    def mercator(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The places, east and north, shape (count,) each: Web Mercator (EPSG:3857) metres."""
        pairs = np.frombuffer(self.packed, "<u2").reshape(-1, 2) / 65535
        low, high = np.array(self.frame[:2]), np.array(self.frame[2:])
        east, north = (low + pairs * (high - low)).T
        return east, north


class Outline(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cluster: its outline, the rank in its badge, the lines of its tooltip, and where the badge's middle stands."""

    ring: Ring
    badge: str
    lines: tuple[str, ...]
    at: Place | None = None

    @property
    def badge_at(self) -> tuple[float, float]:
        """Where the badge stands, degrees; in descriptions that do not say so, on top of the outline."""
        return self.at or max(self.ring, key=lambda corner: corner[1])


class OutlineLayer(msgspec.Struct, frozen=True, tag="outlines", omit_defaults=True):
    """Clusters of events as unfilled outlines; `label` says of which."""

    stroke: Stroke
    outlines: tuple[Outline, ...]
    label: str = ""


class Mark(msgspec.Struct, frozen=True):
    """What stands in the place of an area that is drawn smaller than `size` px: a polygon in a circle of that width.

    Attributes
    ----------
    corners : tuple of (float, float)
        From the middle, in radii, to the right and down.
    style : Style
    size : float
    """

    corners: Annotated[tuple[tuple[float, float], ...], msgspec.Meta(min_length=3)]
    style: Style
    size: Length


class Zone(msgspec.Struct, frozen=True):
    """One priority zone: the rings of its polygons, holes among them (`rings_of`), and its name."""

    name: str
    rings: tuple[Ring, ...]


class ZoneLayer(msgspec.Struct, frozen=True, tag="zones", omit_defaults=True):
    """The priority zones of one kind; `mark` where some of them may be too small to be seen."""

    kind: str
    label: str
    style: Style
    zones: tuple[Zone, ...]
    mark: Mark | None = None


Layer = UnitLayer | CircleLayer | PointLayer | OutlineLayer | ZoneLayer


class LegendEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the legend: a swatch (symbol, style, size in px, the rank inside a badge, the mark over it) and its
    label."""

    symbol: Symbol
    style: Style
    label: str
    size: Length = 0.0
    text: str = ""
    mark: Mark | None = None


class LegendGroup(msgspec.Struct, frozen=True, omit_defaults=True):
    """Legend lines under one heading; `hint` is a note that only makes sense on a screen."""

    title: str
    entries: tuple[LegendEntry, ...]
    note: str = ""
    hint: str = ""


class Boundary(msgspec.Struct, frozen=True):
    """Which boundary version the map is drawn on; `sha256` names its geometry (a TopoJSON document)."""

    label: str
    sha256: Address
    attribution: str
    warning: str = ""


class Frame(msgspec.Struct, frozen=True):
    """A window on the map: the main one first, then the island insets with their captions."""

    bbox: Bbox
    label: str = ""

    def __post_init__(self) -> None:
        rising("frame", self.bbox)


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A key figure: its value, its change, and the verdict in plain words (`tone`: up, down, usual or none)."""

    label: str
    value: str
    change: str = ""
    verdict: str = ""
    tone: Literal["up", "down", "usual", "none"] = "none"


class Column(msgspec.Struct, frozen=True):
    """A table column; `digits` is for numeric columns."""

    key: str
    label: str
    numeric: bool = False
    digits: Digits = 0


class Row(msgspec.Struct, frozen=True):
    """A table row: what is shown, and the numbers to sort by (None where text, masked or missing)."""

    code: str
    texts: tuple[str, ...]
    values: tuple[Number | None, ...]


class Table(msgspec.Struct, frozen=True):
    """The table behind the map, in its default order."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            as_long(f"row {row.code}", len(self.columns), texts=row.texts, values=row.values)


class Stamp(msgspec.Struct, frozen=True):
    """A line of the colophon: caption and text (period, data date, filters, source, method ...)."""

    caption: str
    text: str


class Series(msgspec.Struct, frozen=True, tag="series"):
    """A line over named places in an order, such as months, with the band it was expected in; None where hidden or not
    known.

    Attributes
    ----------
    title, note : str
    names : tuple of str
        What each place is called.
    marks : tuple of (int, str)
        Places that are named on the axis, and how.
    counts, low, high : tuple of float or None
        `low` and `high` all None where nothing was expected.
    ticks : tuple of (float, str)
        Values named on the other axis.
    words : tuple of str
        What the line, the lower and the upper edge of the band are called.
    """

    title: str
    note: str
    names: tuple[str, ...]
    marks: tuple[tuple[int, str], ...]
    counts: tuple[Number | None, ...]
    low: tuple[Number | None, ...]
    high: tuple[Number | None, ...]
    ticks: tuple[tuple[Number, str], ...]
    words: tuple[str, str, str] = ("", "", "")

    def __post_init__(self) -> None:
        as_long("chart", len(self.names), counts=self.counts, low=self.low, high=self.high)
        if (strange := next((at for at, _ in self.marks if not 0 <= at < len(self.names)), None)) is not None:
            raise ValueError(f"chart: there is no place {strange}")


class Planned(Series, frozen=True, tag="planned"):
    """A line beside the one that was planned for it.

    Attributes
    ----------
    plan : tuple of float or None
    plan_word : str
        What it is called.
    """

    plan: tuple[Number | None, ...] = ()
    plan_word: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        as_long("chart", len(self.names), plan=self.plan)


class Bar(msgspec.Struct, frozen=True):
    """One bar: its name, its length, and the number as it is written."""

    name: str
    value: Number
    text: str


class Bars(msgspec.Struct, frozen=True, tag="bars"):
    """Bars in the order given, mostly from the longest to the shortest; `digits` decimals in their numbers."""

    title: str
    items: tuple[Bar, ...]
    color: Ink
    digits: Digits = 0


Chart = Series | Planned | Bars


class MapSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One map, resolved. See the module's text for units and CRS.

    Attributes
    ----------
    title, sentence
        A sentence of fact, and the one sentence that answers the question of the page.
    period, data_date, marking, demo_mark
        Shown by every renderer; `marking` and `demo_mark` may be empty.
    stamps
        The colophon in reading order: period, data date, filters, method, suppression, boundaries, source.
    frames
        The main window first, then insets.
    layers
        In drawing order, lowest first.
    labels
        Unit codes in the order in which their names claim room; a renderer drops a name that would overlap.
    words
        The few fixed captions a renderer needs (north, legend, fingerprint, ...).
    recipe
        The question it answers, and the versions of data and boundaries it was made from.
    chart
        A chart of the same numbers, where there is one.
    show
        What stands where the map stands: the map, the table behind it, or the chart.
    """

    lang: Lang
    title: Words
    sentence: Words
    period: str
    data_date: str
    marking: str
    demo_mark: str
    boundary: Boundary
    frames: Annotated[tuple[Frame, ...], msgspec.Meta(min_length=1)]
    layers: tuple[Layer, ...]
    legend: tuple[LegendGroup, ...]
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]
    stamps: tuple[Stamp, ...]
    table: Table
    words: dict[str, str]
    recipe: Recipe
    chart: Chart | None = None
    show: Literal["map", "table", "chart"] = "map"
    version: int = SPEC_VERSION

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, UTF-8."""
        return msgspec.json.encode(self, order="sorted").decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> MapSpec:
        """Inverse of `to_json`.

        Raises
        ------
        InputError
            If the text is not a map description, was altered into something invalid, or is of a later version.
        """
        try:
            head = msgspec.json.decode(text, type=_Head)
            if head.version > SPEC_VERSION:
                raise InputError("map.spec_from_future", version=head.version, known=SPEC_VERSION)
            return msgspec.json.decode(text, type=cls) if head.version > 1 else _of_version_1(text)
        except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
            raise InputError("map.spec_invalid", detail=error) from error

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


class Plate(msgspec.Struct, frozen=True):
    """The page of one commune in an atlas: what stands beside its part of the province's map."""

    code: str
    title: str
    sentence: str
    bbox: Bbox
    figures: tuple[Figure, ...]
    series: Series
    origins_title: str
    origins: tuple[str, ...]


class _Head(msgspec.Struct):
    version: int


def _of_version_1(text: str | bytes) -> MapSpec:
    """A description whose recipe is JSON text of its own."""
    values: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
    made = of_version_1(msgspec.json.decode(values.get("recipe", ""), type=dict[str, Any]))
    return msgspec.convert({**values, "recipe": msgspec.to_builtins(made), "version": SPEC_VERSION}, MapSpec)


def fingerprint_of_version_1(spec: MapSpec, recipe: dict[str, Any]) -> str:
    """The fingerprint the same map had when its recipe was JSON text of its own.

    Parameters
    ----------
    recipe : dict
        As it was in that text.
    """
    text = json.dumps(recipe, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    values = {**msgspec.json.decode(spec.to_json(), type=dict[str, Any]), "recipe": text, "version": 1}
    return hashlib.sha256(msgspec.json.encode(values, order="sorted")).hexdigest()


def with_changes(spec: MapSpec, **changes: object) -> MapSpec:
    """A copy of `spec` with some fields replaced."""
    return msgspec.structs.replace(spec, **changes)


def main_column(spec: MapSpec) -> int | None:
    """The column of the table that the map is about: that of its denominator, or the first number that is no rank."""
    numbers = {column.key: i for i, column in enumerate(spec.table.columns) if column.numeric and column.key != "rank"}
    return numbers.get(str(spec.recipe.question.query.per), next(iter(numbers.values()), None))
