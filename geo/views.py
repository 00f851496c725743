"""Analysis results to a `MapSpec`: wording, classes, symbols, legend, stamps and table, all decided here.

Pure: the same inputs give the same map, to the byte. Reading the data is the business of `geo.products`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis import change
from geo.cartography import legend, symbology
from geo.cartography.classify import MASKED, NO_DATA, ZERO, Classes, Scheme, classify
from geo.cartography.spec import (
    Bbox,
    Boundary,
    Cell,
    Circle,
    CircleLayer,
    Column,
    Figure,
    Frame,
    Layer,
    LegendEntry,
    LegendGroup,
    MapSpec,
    Outline,
    OutlineLayer,
    PointLayer,
    Row,
    Stamp,
    Style,
    Table,
    UnitLayer,
    ZoneLayer,
)
from geo.schema import ENFORCEMENT_MEASURES, MASKED_MEASURES, Measure, Per, Query
from geo.text import Lang, day, number, percent, period, signed, t


@dataclass(frozen=True)
class Context:
    """What every map of an installation shares.

    Attributes
    ----------
    boundary : Boundary
    frames : tuple of Frame
        Main window, then insets.
    data_date : date
        Day of the newest record.
    data_version : int
    population_year : int or None
    demo : bool
        True where any record shown is invented.
    """

    lang: Lang
    boundary: Boundary
    frames: tuple[Frame, ...]
    data_date: date
    data_version: int
    organisation: str
    marking: str
    min_count: int
    demo: bool
    population_year: int | None = None


@dataclass(frozen=True)
class Options:
    """How the viewer wants the map drawn.

    Attributes
    ----------
    scheme : Scheme
    k : int
        Number of classes, 3 to 7.
    limits : tuple of float
        Upper class limits for `Scheme.FIXED`.
    compare : bool
        Show the change on the previous period instead of the level.
    points : {"auto", "always", "never"}
        Single events from a zoom on, at every zoom, or not at all.
    clusters : bool
    zones : tuple of str
        Zone kinds drawn.
    labels : bool
    """

    scheme: Scheme = Scheme.NATURAL
    k: int = 5
    limits: tuple[float, ...] = ()
    compare: bool = False
    points: str = "auto"
    clusters: bool = False
    zones: tuple[str, ...] = ()
    labels: bool = True


@dataclass(frozen=True)
class Cluster:
    """A case cluster ready to draw: its ring in degrees, its size and its share of all events."""

    ring: tuple[tuple[float, float], ...]
    count: int
    share: float


@dataclass(frozen=True)
class ClusterResult:
    """The clusters of one query, largest first, with the settings they were found with."""

    clusters: tuple[Cluster, ...]
    eps_m: float
    min_points: int


@dataclass(frozen=True)
class Situation:
    """Everything one map of the situation is made from.

    Attributes
    ----------
    query : Query
    units : DataFrame[name, kind, area_km2, people], index code
    counts, before : Series, index code
        Counts of the period and of the one before, masked ones NaN and marked in `hidden`, missing ones NaN.
    hidden : Series of bool
        True where a count of either period is masked.
    total, total_before : float
        Of the whole scope, unattributed ones included.
    unattributed : int
        Counted in the total but in no unit.
    z : Series of float
        Change of each unit in standard deviations of its usual variation; NaN where there is nothing to compare.
    z_total : float
        The same of the total.
    figures : tuple of Figure
    points : ndarray of uint16, shape (n, 2), optional
        Positions in `frame`, for measures that are events.
    frame : Bbox
        Box of `points` in EPSG:3857 metres.
    """

    query: Query
    units: pd.DataFrame
    counts: pd.Series
    before: pd.Series
    hidden: pd.Series
    total: float
    total_before: float
    unattributed: int
    z: pd.Series
    z_total: float
    points: NDArray[np.uint16] | None = None
    frame: Bbox = (0.0, 0.0, 1.0, 1.0)
    clusters: ClusterResult | None = None
    zones: tuple[ZoneLayer, ...] = ()
    figures: tuple[Figure, ...] = ()
    shown_units: frozenset[str] = field(default_factory=frozenset)


def verdict(z: float, lang: Lang) -> str:
    """The plain word for a change of `z` standard deviations."""
    return t(f"map.verdict_{tone(z)}", lang)


def tone(z: float) -> str:
    """up, down, usual, or none where there is nothing to compare."""
    if np.isnan(z):
        return "none"
    if abs(z) <= change.USUAL:
        return "usual"
    return "up" if z > 0 else "down"


def situation_map(s: Situation, context: Context, options: Options) -> MapSpec:
    """The map of one measure: circles for counts, fills for rates, a diverging fill for change.

    Parameters
    ----------
    s : Situation
    context : Context
    options : Options

    Returns
    -------
    MapSpec
    """
    writer = _Writer(s, context, options)
    fill, groups = writer.fill()
    layers: list[Layer] = [fill, *s.zones, *writer.circles(), *writer.points(), *writer.outlines()]
    groups = [*groups, *writer.other_groups()]
    return MapSpec(
        lang=context.lang,
        title=writer.title(),
        sentence=writer.sentence(),
        period=period(s.query.start, s.query.end, context.lang),
        data_date=t("map.data_date", context.lang, date=day(context.data_date, context.lang)),
        marking=context.marking,
        demo_mark=t("map.demo_mark", context.lang) if context.demo else "",
        boundary=context.boundary,
        frames=context.frames,
        layers=tuple(layers),
        legend=tuple(groups),
        labels=writer.labels(),
        figures=s.figures,
        stamps=writer.stamps(),
        table=writer.table(),
        words=_words(context.lang),
        recipe=writer.recipe(),
    )


def _words(lang: Lang) -> dict[str, str]:
    return {name: t(f"map.{name}", lang) for name in ("north", "legend", "failed", "fingerprint")}


@dataclass(frozen=True)
class _Writer:
    """One map being written: the three inputs, and a method for each part of the description."""

    s: Situation
    context: Context
    options: Options

    # -- words ---------------------------------------------------------------------------------------------------------

    @property
    def lang(self) -> Lang:
        return self.context.lang

    @property
    def measure(self) -> str:
        name = t(f"map.measure_{self.s.query.measure}", self.lang)
        kinds = self.s.query.kinds
        if not kinds:
            return name
        first = t(f"map.kind_{kinds[0]}", self.lang)
        rest = t("map.kinds_more", self.lang, first=first, n=len(kinds) - 1) if len(kinds) > 1 else first
        return t("map.title_kinds", self.lang, measure=name, kinds=rest.lower())

    @property
    def noun(self) -> str:
        return t(f"map.noun_{self.s.query.measure}", self.lang)

    @property
    def before_period(self) -> str:
        earlier = self.s.query.previous()
        return period(earlier.start, earlier.end, self.lang)

    def title(self) -> str:
        when = period(self.s.query.start, self.s.query.end, self.lang)
        if self.options.compare:
            lowered = self.measure[0].lower() + self.measure[1:]
            return t("map.title_change", self.lang, measure=lowered, period=when, before=self.before_period)
        if self.s.query.per is Per.COUNT:
            return t("map.title_count", self.lang, measure=self.measure, period=when)
        per = t(f"map.per_{self.s.query.per}", self.lang)
        return t("map.title_rate", self.lang, measure=self.measure, per=per, period=when)

    def sentence(self) -> str:
        s, lang = self.s, self.lang
        if s.total == 0:
            return t("map.sentence_none", lang)
        scope = t("map.scope_units", lang, n=len(s.query.units)) if s.query.units else t("map.scope_province", lang)
        values = {"scope": scope, "total": number(s.total, lang), "noun": self.noun}
        if np.isnan(s.total_before):
            first = t("map.sentence_total", lang, **values)
        else:
            moved = signed(s.total - s.total_before, lang)
            first = t(
                "map.sentence_change",
                lang,
                **values,
                change=moved,
                before=self.before_period,
                verdict=verdict(s.z_total, lang),
            )
        return f"{first}. {self._second_sentence()}".strip()

    def _second_sentence(self) -> str:
        if self.options.compare:
            z = self.s.z[self._in_scope()]
            up, down = int((z > change.USUAL).sum()), int((z < -change.USUAL).sum())
            return t("map.sentence_changes", self.lang, up=up, down=down)
        values = self._values()[self._in_scope()]
        top = values[values > 0].sort_values(ascending=False, kind="stable").head(3)
        if top.empty:
            return ""
        digits = 0 if self.s.query.per is Per.COUNT else 1
        names = [f"{self.s.units.name[code]} ({number(top[code], self.lang, digits=digits)})" for code in top.index]
        return t("map.sentence_top", self.lang, names=", ".join(names))

    # -- numbers -------------------------------------------------------------------------------------------------------

    def _in_scope(self) -> pd.Series:
        wanted = self.s.query.units
        index = self.s.units.index
        return pd.Series(index.isin(wanted) if wanted else np.ones(len(index), bool), index=index)

    def _values(self) -> pd.Series:
        return rate(self.s.counts, self.s.units, self.s.query.per)

    @property
    def _digits(self) -> int:
        return 0 if self.s.query.per is Per.COUNT else 2

    # -- layers --------------------------------------------------------------------------------------------------------

    def fill(self) -> tuple[UnitLayer, list[LegendGroup]]:
        """The unit layer and its legend: change classes, rate classes, or plain land under circles."""
        if self.options.compare:
            index, styles, group = self._change_classes()
        elif self.s.query.per is Per.COUNT:
            index, styles, group = self._ground_classes()
        else:
            index, styles, group = self._rate_classes()
        states = {ZERO: "zero", MASKED: "masked", NO_DATA: "no_data"}
        present = {states[i] for i in np.unique(index) if i in states}
        extra = legend.state_entries(present, self.context.min_count, self.lang)
        if self.options.compare:
            extra = [entry for entry in extra if entry.style != symbology.ZERO]
        groups = [LegendGroup(group.title, (*group.entries, *extra), group.note)] if group.entries or extra else []
        return self._unit_layer(index, styles), groups

    def _unit_layer(self, index: NDArray[np.int64], styles: tuple[Style, ...]) -> UnitLayer:
        classes = (*styles, symbology.ZERO, symbology.NO_DATA, symbology.MASKED)
        place = {ZERO: len(styles), NO_DATA: len(styles) + 1, MASKED: len(styles) + 2}
        units = self.s.units
        cells = tuple(
            Cell(code, units.name[code], place.get(int(i), int(i)), self._tip(code)) for code, i in zip(units.index, index)
        )
        return UnitLayer(classes, cells)

    def _change_classes(self) -> tuple[NDArray[np.int64], tuple[Style, ...], LegendGroup]:
        z = self.s.z.to_numpy()
        index = np.full(len(z), NO_DATA, np.int64)
        limits = [-change.STRONG, -change.USUAL, change.USUAL, change.STRONG]
        known = np.isfinite(z)
        index[known] = np.searchsorted(limits[:2], z[known], side="right") + np.searchsorted(
            limits[2:], z[known], side="left"
        )
        index[self.s.hidden.to_numpy()] = MASKED
        styles = symbology.change_ramp()
        names = ("strong_down", "down", "usual", "up", "strong_up")
        entries = tuple(LegendEntry("fill", st, t(f"map.class_{n}", self.lang)) for st, n in zip(styles, names))
        title = t("map.legend_change", self.lang, before=self.before_period)
        return index, styles, LegendGroup(title, tuple(reversed(entries)), self._enforcement_note())

    def _rate_classes(self) -> tuple[NDArray[np.int64], tuple[Style, ...], LegendGroup]:
        classes = self._classes()
        styles = symbology.ramp(self.s.query.measure, len(classes.upper))
        per = t(f"map.per_{self.s.query.per}", self.lang)
        title = t("map.legend_fill", self.lang, measure=self.measure, per=per)
        return classes.index, styles, legend.fill_group(title, classes, styles, self.lang, self._enforcement_note())

    def _classes(self) -> Classes:
        return classify(
            self._values(),
            scheme=self.options.scheme,
            k=self.options.k,
            masked=self.s.hidden,
            limits=self.options.limits or None,
        )

    def _ground_classes(self) -> tuple[NDArray[np.int64], tuple[Style, ...], LegendGroup]:
        counts = self.s.counts.to_numpy(float)
        index = np.where(np.isnan(counts), NO_DATA, np.where(counts == 0, ZERO, 0)).astype(np.int64)
        index[self.s.hidden.to_numpy()] = MASKED
        return index, (symbology.LAND,), LegendGroup(t("map.legend_other", self.lang), ())

    def _enforcement_note(self) -> str:
        return t("map.legend_enforcement", self.lang) if self.s.query.measure in ENFORCEMENT_MEASURES else ""

    @property
    def _symbol(self) -> str:
        return "diamond" if self.s.query.measure is Measure.DEN_CLEARED else "circle"

    def circles(self) -> list[CircleLayer]:
        """Graduated symbols for counts; none on rate and change maps, nor where single points are always shown."""
        if self.options.compare or self.s.query.per is not Per.COUNT or self.options.points == "always":
            return []
        counts = self.s.counts[self._in_scope() & (self.s.counts > 0)]
        top = float(counts.max()) if len(counts) else 0.0
        ordered = counts.sort_values(ascending=False, kind="stable")
        drawn = tuple(
            Circle(str(c), round(legend.radius(v, top), 2), number(v, self.lang)) for c, v in ordered.items()
        )
        until = POINT_ZOOM if self.s.points is not None and self.options.points == "auto" else 99.0
        style = symbology.symbol_style(self.s.query.measure)
        return [CircleLayer(style, drawn, symbol=self._symbol, until_zoom=until)]  # type: ignore[arg-type]

    def points(self) -> list[PointLayer]:
        """Single events, where the measure has places."""
        if self.s.points is None or self.options.points == "never" or self.options.compare:
            return []
        packed = base64.b64encode(np.ascontiguousarray(self.s.points, "<u2").tobytes()).decode()
        always = self.options.points == "always"
        return [
            PointLayer(
                symbol=self._symbol,  # type: ignore[arg-type]
                style=symbology.point_style(self.s.query.measure),
                size=7.0,
                count=len(self.s.points),
                frame=self.s.frame,
                packed=packed,
                from_zoom=0.0 if always else POINT_ZOOM,
                paper=always,
            )
        ]

    def outlines(self) -> list[OutlineLayer]:
        """Case clusters, largest first."""
        if self.s.clusters is None or not self.options.clusters:
            return []
        outlines = tuple(
            Outline(
                cluster.ring,
                str(rank),
                (
                    t(
                        "map.tip_cluster",
                        self.lang,
                        rank=rank,
                        n=number(cluster.count, self.lang),
                        share=percent(cluster.share, self.lang, digits=1),
                    ),
                ),
            )
            for rank, cluster in enumerate(self.s.clusters.clusters, 1)
        )
        return [OutlineLayer(symbology.CLUSTER, outlines)]

    def labels(self) -> tuple[str, ...]:
        """Names claim room by value, then by area."""
        if not self.options.labels:
            return ()
        order = pd.DataFrame({"value": self._values().fillna(0.0), "area": self.s.units.area_km2})
        return tuple(order.sort_values(["value", "area"], ascending=False, kind="stable").index)

    # -- legend, tooltip, stamps, table --------------------------------------------------------------------------------

    def other_groups(self) -> list[LegendGroup]:
        """Legend of circles, points, clusters and zones."""
        groups = []
        if circles := self.circles():
            groups.append(self._circle_group(circles[0]))
        elif self.points():
            groups.append(self._point_group())
        if (outlines := self.outlines()) and self.s.clusters:
            groups.append(legend.cluster_group(outlines[0], self.s.clusters.min_points, self.lang))
        if self.s.zones:
            groups.append(legend.zone_group(list(self.s.zones), self.lang))
        return groups

    def _circle_group(self, layer: CircleLayer) -> LegendGroup:
        top = max((self.s.counts[c.code] for c in layer.circles), default=0.0)
        entries = tuple(
            LegendEntry(layer.symbol, layer.style, number(v, self.lang), legend.radius(v, top))
            for v in legend.circle_sizes(float(top))
        )
        notes = [self._enforcement_note()]
        if self.points():
            notes.append(t("map.legend_points_zoom", self.lang))
        title = t("map.legend_circles", self.lang, measure=self.measure)
        return LegendGroup(title, entries, " ".join(n for n in notes if n))

    def _point_group(self) -> LegendGroup:
        style = symbology.point_style(self.s.query.measure)
        entry = LegendEntry(self._symbol, style, t("map.legend_points", self.lang, noun=self.noun), 4.5)  # type: ignore[arg-type]
        return LegendGroup(self.measure, (entry,), self._enforcement_note())

    def _tip(self, code: str) -> tuple[str, ...]:
        s, lang = self.s, self.lang
        if s.hidden[code]:
            return (t("map.tip_masked", lang, n=self.context.min_count),)
        count = s.counts[code]
        if np.isnan(count):
            return (t("map.tip_no_data", lang),)
        lines = [self._value_line(code, count)]
        before = s.before[code]
        if not np.isnan(before):
            moved = signed(count - before, lang)
            said = verdict(s.z[code], lang)
            lines.append(t("map.tip_before", lang, value=number(before, lang), change=moved, verdict=said))
        return tuple(lines)

    def _value_line(self, code: str, count: float) -> str:
        values = {"noun": self.noun, "count": number(count, self.lang)}
        if self.s.query.per is Per.COUNT:
            return t("map.tip_value", self.lang, value=values["count"], noun=self.noun)
        value = number(self._values()[code], self.lang, digits=self._digits)
        return t("map.tip_rate", self.lang, value=value, per=t(f"map.per_{self.s.query.per}", self.lang), **values)

    def filters(self) -> str:
        """The filters in words."""
        parts = []
        if self.s.query.kinds:
            kinds = ", ".join(t(f"map.kind_{k}", self.lang).lower() for k in self.s.query.kinds)
            parts.append(t("map.filter_kinds", self.lang, kinds=kinds))
        if self.s.query.units:
            names = [self.s.units.name.get(code, code) for code in self.s.query.units]
            shown = ", ".join(names[:6]) + (f" … ({len(names)})" if len(names) > 6 else "")
            parts.append(t("map.filter_units", self.lang, units=shown))
        return "; ".join(parts) or t("map.filters_none", self.lang)

    def method(self) -> str:
        """How the numbers became classes, symbols and outlines."""
        lang, options = self.lang, self.options
        if options.compare:
            parts = [t("map.method_change", lang)]
        elif self.s.query.per is Per.COUNT:
            parts = [t("map.method_circles", lang)]
        else:
            parts = [t(f"map.method_{options.scheme}", lang, k=len(self._classes().upper))]
        if self.s.query.per is Per.PEOPLE and self.context.population_year:
            parts.append(t("map.method_people", lang, year=self.context.population_year))
        if options.clusters and self.s.clusters:
            found = self.s.clusters
            parts.append(t("map.method_clusters", lang, eps=number(found.eps_m, lang), n=found.min_points))
        return "; ".join(parts)

    def stamps(self) -> tuple[Stamp, ...]:
        """The colophon in reading order."""
        lang, context = self.lang, self.context
        masked = self.s.query.measure in MASKED_MEASURES
        rule = "map.suppression_rule" if masked else "map.suppression_none"
        source = "map.source_demo" if context.demo else "map.source_line"
        lines = {
            "period": period(self.s.query.start, self.s.query.end, lang),
            "data": day(context.data_date, lang),
            "filters": self.filters(),
            "method": self.method(),
            "suppression": t(rule, lang, top=context.min_count - 1),
            "boundary": context.boundary.attribution,
            "source": t(source, lang, organisation=context.organisation),
        }
        if self.s.unattributed:
            lines["unattributed"] = t("map.unattributed", lang, n=number(self.s.unattributed, lang), noun=self.noun)
        return tuple(Stamp(t(f"map.stamp_{name}", lang), text) for name, text in lines.items())

    def table(self) -> Table:
        """One row per unit in scope, largest first, and what no unit holds in the last row."""
        keys = ("name", "kind", "count", "per_10k", "per_km2", "before", "change", "verdict")
        numeric = {"count": 0, "per_10k": 2, "per_km2": 2, "before": 0, "change": 0}
        columns = tuple(
            Column(key, t(f"map.column_{key}", self.lang), key in numeric, numeric.get(key, 0)) for key in keys
        )
        counts = self.s.counts[self._in_scope()]
        order = counts.fillna(-1).sort_values(ascending=False, kind="stable").index
        rows = [self._row(code) for code in order]
        if self.s.unattributed:
            rows.append(self._unattributed_row(len(keys)))
        return Table(columns, tuple(rows))

    def _row(self, code: str) -> Row:
        s, lang = self.s, self.lang
        unit, count, before = s.units.loc[code], float(s.counts[code]), float(s.before[code])
        numbers = {
            "count": count,
            "per_10k": count / unit.people * 10_000 if unit.people > 0 else np.nan,
            "per_km2": count / unit.area_km2 if unit.area_km2 > 0 else np.nan,
            "before": before,
            "change": count - before,
        }
        blank = t("map.class_masked_text", lang) if s.hidden[code] else "–"
        texts = [unit["name"], unit.kind]
        for key, value in numbers.items():
            digits = 2 if key.startswith("per_") else 0
            write = signed if key == "change" else number
            texts.append(blank if np.isnan(value) else write(value, lang, digits=digits))
        texts.append("–" if s.hidden[code] else verdict(s.z[code], lang))
        values = [None, None, *(None if np.isnan(v) else float(v) for v in numbers.values()), None]
        return Row(code, tuple(texts), tuple(values))

    def _unattributed_row(self, width: int) -> Row:
        texts = [t("map.row_unattributed", self.lang), "", number(self.s.unattributed, self.lang)]
        values: list[float | None] = [None, None, float(self.s.unattributed)]
        rest = width - len(texts)
        return Row("", tuple(texts + [""] * rest), tuple(values + [None] * rest))

    def recipe(self) -> str:
        """What the map was made from, as canonical JSON."""
        made_from = {
            "query": self.s.query.to_dict(),
            "options": {k: v for k, v in vars(self.options).items()},
            "data_version": self.context.data_version,
            "boundary": self.context.boundary.sha256,
            "lang": self.lang,
        }
        return json.dumps(made_from, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


POINT_ZOOM = 11.5
"""From this zoom on, single events are told apart on a screen; below it, units show counts."""


def rate(counts: pd.Series, units: pd.DataFrame, per: Per) -> pd.Series:
    """Counts as they are, per 10,000 people, or per km2; NaN where the denominator is missing or zero."""
    if per is Per.PEOPLE:
        return counts / units.people.where(units.people > 0) * 10_000
    if per is Per.AREA:
        return counts / units.area_km2.where(units.area_km2 > 0)
    return counts.astype(float)
