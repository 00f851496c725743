"""One function per map, table or card: joins the store, the analyses and the views.

Pages, the command line and scheduled jobs call these, so they show the same thing. Results are cached under the data
version and the question; a new batch or boundary layer makes a new version.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import crs, settings
from geo.analysis import change, clusters, suppression, trends
from geo.cartography import basemap, symbology
from geo.cartography.spec import Bbox, Boundary, Figure, Frame, MapSpec, ZoneLayer
from geo.cartography.spec import Zone as ZoneShape
from geo.errors import InputError, NotFoundError
from geo.render import static
from geo.schema import (
    EVENT_MEASURES,
    MASKED_MEASURES,
    MONTHLY_MEASURES,
    Measure,
    Query,
    UnitSystem,
    ZoneKind,
    add_months,
    month_end,
    month_start,
)
from geo.store.boundaries import BoundaryVersion
from geo.store.cube import Cube, build_cube, reported
from geo.store.events import points
from geo.store.store import Store
from geo.text import Lang, day, number, percent, period, signed, t
from geo.units.boundaries import legacy_units
from geo.units.crosswalk import LegacyUnit, origins
from geo.units.names import search as search_names
from geo.views import Cluster, ClusterResult, Context, Options, Situation, situation_map, tone, verdict

HEADLINES = (Measure.DEN_CLEARED, Measure.CASE, Measure.TIP, Measure.SESSION, Measure.ATTENDANCE)
"""Measures of the key figures, in order."""


@dataclass(frozen=True)
class Trend:
    """A monthly series with the band in which each month would be expected.

    Attributes
    ----------
    frame : DataFrame[count, mean, low, high], index month
        Hidden counts are NaN.
    label : str
        Measure, for the axis.
    """

    frame: pd.DataFrame
    label: str


@dataclass(frozen=True)
class UnitCard:
    """What opens when a commune is clicked."""

    code: str
    title: str
    figures: tuple[Figure, ...]
    trend: Trend
    origins: tuple[str, ...]
    bbox: Bbox


@dataclass(frozen=True)
class Overview:
    """The first page: five figures, the trend, the map and the communes that changed most."""

    figures: tuple[Figure, ...]
    trend: Trend
    spec: MapSpec
    changed: tuple[Figure, ...]
    compared: str


@dataclass(frozen=True)
class Hit:
    """A commune found by name: what to show, the present units it stands for (a divided one has several), its box."""

    label: str
    codes: tuple[str, ...]
    bbox: Bbox


# -- context -----------------------------------------------------------------------------------------------------------


def context(store: Store, lang: Lang) -> Context:
    """What every map of this installation shares, at the present data version."""
    return _context(store, lang, store.version, settings.load())


@lru_cache(maxsize=16)
def _context(store: Store, lang: Lang, version: int, config: settings.Settings) -> Context:
    active = store.active_boundaries(UnitSystem.CURRENT)
    basemap.keep(store.topology(active.id))
    label = _boundary_label(store, active, lang)
    warning = t("map.approximate", lang) if active.approximate else ""
    boundary = Boundary(
        label=label,
        sha256=active.sha256,
        attribution=" · ".join(dict.fromkeys(part for part in (warning, label, active.source) if part)),
        warning=warning,
    )
    return Context(
        lang=lang,
        boundary=boundary,
        frames=_frames(store, active),
        data_date=_data_date(store, version),
        data_version=version,
        organisation=config.organisation,
        marking=config.marking,
        min_count=config.min_count,
        demo=store.is_demo(),
        population_year=None,
    )


def _boundary_label(store: Store, version: BoundaryVersion, lang: Lang) -> str:
    """The name an office gave its layer; the product's own is called by its number of units and its day."""
    if not version.approximate:
        return version.name
    count = len(store.boundary_units(version.id))
    return t("map.boundary_label", lang, n=count, date=day(version.valid_from, lang))


def _frames(store: Store, version: BoundaryVersion) -> tuple[Frame, ...]:
    """The main window and the island insets, the latter named after their units."""
    names = store.boundary_units(version.id).set_index("code")["name"]
    labels = ["", *(", ".join(names.reindex(f["codes"]).dropna()[:2]) for f in version.frames[1:])]
    boxes = [tuple(float(edge) for edge in f["bounds"]) for f in version.frames]
    return tuple(Frame((b[0], b[1], b[2], b[3]), label) for b, label in zip(boxes, labels))


def data_date(store: Store) -> date:
    """The day of the newest event.

    Raises
    ------
    NotFoundError
        If there are no events yet.
    """
    return _data_date(store, store.version)


@lru_cache(maxsize=8)
def _data_date(store: Store, _version: int) -> date:
    recorded = store.period()
    if recorded is None:
        raise NotFoundError("ui.no_store")
    return recorded[1]


def units(store: Store) -> pd.DataFrame:
    """The current units: name, kind, area_km2, people, and their boxes in degrees, indexed by code."""
    return _units(store, store.version)


@lru_cache(maxsize=4)
def _units(store: Store, _version: int) -> pd.DataFrame:
    layer = store.boundary_units(store.active_boundaries(UnitSystem.CURRENT).id).set_index("code")
    centre = float((layer.total_bounds[0] + layer.total_bounds[2]) / 2)
    frame = pd.DataFrame({"name": layer["name"], "kind": layer["kind"]})
    frame["area_km2"] = layer.to_crs(crs.utm_of(centre)).area / 1e6
    frame["people"] = store.population(UnitSystem.CURRENT).reindex(frame.index)
    return frame.join(layer.bounds)


# -- one situation -----------------------------------------------------------------------------------------------------


def situation(store: Store, query: Query, options: Options, lang: Lang) -> MapSpec:
    """The map of one measure.

    Parameters
    ----------
    store : Store
    query : Query
        On current units. Monthly measures are widened to whole months.
    options : Options
    lang : {"vi", "en"}

    Returns
    -------
    MapSpec
    """
    return _situation(store, whole_months(query), options, lang, store.version, settings.load())


@lru_cache(maxsize=64)
def _situation(
    store: Store, query: Query, options: Options, lang: Lang, version: int, config: settings.Settings
) -> MapSpec:
    shared = _context(store, lang, version, config)
    counted = counts(store, query, min_count=config.min_count)
    has_points = query.measure in EVENT_MEASURES
    packed, frame = _packed_points(store, query, version) if has_points else (None, (0.0, 0.0, 1.0, 1.0))
    made = Situation(
        query=query,
        units=_units(store, version),
        counts=counted.now,
        before=counted.before,
        hidden=counted.hidden,
        total=counted.total,
        total_before=counted.total_before,
        unattributed=counted.unattributed,
        z=counted.z,
        z_total=counted.z_total,
        points=packed,
        frame=frame,
        clusters=_clusters(store, _case_query(query), version) if options.clusters else None,
        zones=_zones(store, options.zones, lang, version),
        figures=tuple(figure(store, replace(query, measure=m, kinds=()), lang) for m in HEADLINES[:3]),
    )
    return situation_map(made, shared, options)


def whole_months(query: Query) -> Query:
    """The query itself, or widened to whole months where its measure is reported by month."""
    if query.measure not in MONTHLY_MEASURES:
        return query
    return replace(query, start=month_start(query.start), end=month_end(query.end), kinds=())


@dataclass(frozen=True)
class Counts:
    """Counts of a period and the one before, masked.

    Attributes
    ----------
    now, before : Series of float, index code
        NaN where hidden or not reported.
    hidden : Series of bool
    total, total_before : float
        Of the scope; NaN where it would give a hidden count away, or nothing is on record.
    unattributed : int
    z : Series of float
        Change of each unit in standard deviations of its own month-to-month variation.
    z_total : float
        The same of the total.
    """

    now: pd.Series
    before: pd.Series
    hidden: pd.Series
    total: float
    total_before: float
    unattributed: int
    z: pd.Series
    z_total: float


def counts(store: Store, query: Query, *, min_count: int) -> Counts:
    """Counts per unit of a query and of the period before, small ones of protected measures masked."""
    return _counts(store, query, min_count, store.version)


@lru_cache(maxsize=256)
def _counts(store: Store, query: Query, min_count: int, _version: int) -> Counts:
    cube = build_cube(store, query.measure, query.system)
    earlier = query.previous()
    known_before = earlier.start >= cube.first
    now, aside = _per_unit(store, cube, query)
    before, _ = _per_unit(store, cube, earlier)
    if not known_before:
        before[:] = np.nan
    hidden = pd.Series(False, index=now.index)
    if query.measure in MASKED_MEASURES:
        hidden = _hidden(store, query, now, min_count) | _hidden(store, earlier, before, min_count)
        now, before = now.mask(hidden), before.mask(hidden)
    scope = list(query.units) or list(now.index)
    leaks = bool(query.units) and bool(hidden[scope].any())
    total = _total(cube, query) if not leaks else float("nan")
    total_before = _total(cube, earlier) if known_before and not leaks else float("nan")
    window = _history(query, cube)
    z = change.poisson_z(before, now) / np.sqrt(change.dispersion(cube.table(*window, kinds=query.kinds)))
    series = cube.series(*window, kinds=query.kinds, units=query.units)
    z_total = change.poisson_z(total_before, total) / np.sqrt(change.dispersion(series))
    aside = 0 if query.units else aside
    return Counts(now, before, hidden, total, total_before, aside, pd.Series(z, index=now.index), float(z_total))


def _per_unit(store: Store, cube: Cube, query: Query) -> tuple[pd.Series, int]:
    """Counts by unit, NaN where a unit sent no report at all, and what cannot be attributed."""
    values = cube.counts(query.start, query.end, query.kinds)
    counts = pd.Series(values[:-1].astype(float), index=pd.Index(cube.units, name="code"))
    if query.measure in MONTHLY_MEASURES:
        counts = counts.where(reported(store, query.start, query.end, query.system))
    return counts, int(values[-1])


def _total(cube: Cube, query: Query) -> float:
    return float(cube.series(query.start, query.end, kinds=query.kinds, units=query.units).sum())


def _history(query: Query, cube: Cube) -> tuple[date, date]:
    """Up to six years of whole months that end with the query."""
    end = query.end if query.end == month_end(query.end) else month_end(add_months(month_start(query.end), -1))
    start = max(month_start(cube.first), add_months(month_start(end), -71))
    return start, max(start, end)


def _hidden(store: Store, query: Query, values: pd.Series, min_count: int) -> pd.Series:
    """Which counts of a period may not be read: by the month's mask for one month, else by the period's own."""
    if month_start(query.start) == month_start(query.end):
        year = _masked_year(store, query.measure, query.start.year, min_count, store.version)
        return year.loc[pd.Timestamp(month_start(query.start))].reindex(values.index, fill_value=False).astype(bool)
    return suppression.mask(values, min_count=min_count).isna() & values.notna()


@lru_cache(maxsize=64)
def _masked_year(store: Store, measure: Measure, year: int, min_count: int, _version: int) -> pd.DataFrame:
    """Months by units of one year, True where hidden; months and units share totals, so they are masked together."""
    table = build_cube(store, measure).table(date(year, 1, 1), date(year, 12, 31)).astype(float)
    return suppression.mask(table, min_count=min_count, totals="both").isna()


def _case_query(query: Query) -> Query:
    kinds = query.kinds if query.measure in (Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT) else ()
    return replace(query, measure=Measure.CASE, kinds=kinds)


@lru_cache(maxsize=8)
def _point_frame(store: Store, _version: int) -> Bbox:
    bounds = _units(store, _version)[["minx", "miny", "maxx", "maxy"]]
    west, south = bounds.min()[["minx", "miny"]] - 0.05
    east, north = bounds.max()[["maxx", "maxy"]] + 0.05
    x, y = crs.web_mercator([west, east], [south, north])
    return (float(x[0]), float(y[0]), float(x[1]), float(y[1]))


def _packed_points(store: Store, query: Query, version: int) -> tuple[NDArray[np.uint16], Bbox]:
    """Positions of the events as 16-bit pairs in the province's Mercator frame; those outside it are left out."""
    frame = _point_frame(store, version)
    found = points(store, query)
    x, y = crs.web_mercator(found.lon, found.lat)
    u = (x - frame[0]) / (frame[2] - frame[0]) * 65535
    v = (y - frame[1]) / (frame[3] - frame[1]) * 65535
    pairs = np.column_stack([u, v]).round()
    inside = ((pairs >= 0) & (pairs <= 65535)).all(axis=1)
    return pairs[inside].astype(np.uint16), frame


@lru_cache(maxsize=64)
def _clusters(store: Store, query: Query, _version: int) -> ClusterResult:
    found = points(store, query)
    if len(found.lon) < clusters.default_min_points(1) + 1:
        return ClusterResult((), 0.0, 0)
    metric = crs.utm_of(float(np.median(found.lon)))
    x, y = crs.project(found.lon, found.lat, crs.WGS84, metric)
    result = clusters.dbscan(x, y)
    drawn = []
    for label in range(min(12, int(result.labels.max()) + 1)):
        member = result.labels == label
        ring = clusters.outline(x[member], y[member], margin_m=max(150.0, result.eps_m / 3))
        lon, lat = crs.project(ring[:, 0], ring[:, 1], metric, crs.WGS84)
        ring_degrees = tuple((round(float(a), 5), round(float(b), 5)) for a, b in zip(lon, lat))
        drawn.append(Cluster(ring_degrees, int(member.sum()), float(member.mean())))
    return ClusterResult(tuple(drawn), result.eps_m, result.min_points)


@lru_cache(maxsize=32)
def _zones(store: Store, kinds: tuple[str, ...], lang: Lang, _version: int) -> tuple[ZoneLayer, ...]:
    if not kinds:
        return ()
    frame = store.zones()
    layers = []
    for kind in ZoneKind:
        chosen = frame[frame.kind == kind]
        if kind not in kinds or chosen.empty:
            continue
        shapes = tuple(ZoneShape(row.name, _rings(row.geometry)) for row in chosen.itertuples(index=False))
        layers.append(ZoneLayer(str(kind), t(f"map.zone_{kind}", lang), symbology.ZONE_STYLES[kind], shapes))
    return tuple(layers)


def _rings(geometry: object) -> tuple[tuple[tuple[float, float], ...], ...]:
    parts = getattr(geometry, "geoms", [geometry])
    return tuple(tuple((round(x, 5), round(y, 5)) for x, y in p.exterior.simplify(0.0003).coords) for p in parts)


# -- figures, trends, cards --------------------------------------------------------------------------------------------


def figure(store: Store, query: Query, lang: Lang) -> Figure:
    """A key figure with its change on the period before and the plain verdict."""
    query = whole_months(query)
    counted = counts(store, query, min_count=settings.load().min_count)
    label = t(f"map.measure_{query.measure}", lang)
    if np.isnan(counted.total):
        return Figure(label, t("map.class_masked_text", lang))
    if np.isnan(counted.total_before):
        return Figure(label, number(counted.total, lang), "", t("map.verdict_none", lang))
    moved = signed(counted.total - counted.total_before, lang)
    if counted.total_before:
        moved += f" ({_signed_percent(counted.total / counted.total_before - 1, lang)})"
    return Figure(label, number(counted.total, lang), moved, verdict(counted.z_total, lang), tone(counted.z_total))  # type: ignore[arg-type]


def _signed_percent(share: float, lang: Lang) -> str:
    text = percent(share, lang, digits=1)
    return f"+{text}" if share > 0 else text


def trend(store: Store, query: Query, lang: Lang, *, months: int = 36) -> Trend:
    """Monthly counts up to the query's end, with the band expected from the eight months before each."""
    cube = build_cube(store, query.measure, query.system)
    end = month_end(query.end)
    start = max(month_start(cube.first), add_months(month_start(end), -(months + 8)))
    series = cube.series(start, end, kinds=query.kinds, units=query.units).astype(float)
    band = trends.expected_band(series)
    if query.measure in MASKED_MEASURES and query.units:
        hidden = _hidden_months(store, query, series)
        series, band = series.mask(hidden), band.mask(hidden)
    frame = pd.DataFrame({"count": series}).join(band).iloc[8:]
    return Trend(frame, t(f"map.measure_{query.measure}", lang))


def _hidden_months(store: Store, query: Query, series: pd.Series) -> pd.Series:
    """Months in which any of the query's units is hidden; their band would give the count away, so it goes too."""
    low = settings.load().min_count
    years = {stamp.year for stamp in series.index}
    tables = [_masked_year(store, query.measure, year, low, store.version) for year in sorted(years)]
    return pd.concat(tables)[list(query.units)].any(axis=1).reindex(series.index, fill_value=False)


def unit_card(store: Store, code: str, query: Query, lang: Lang) -> UnitCard | None:
    """The card of a commune: figures and trend of the query's period, and the old units it was made from."""
    frame = units(store)
    if code not in frame.index:
        return None
    unit = frame.loc[code]
    own = replace(query, units=(code,))
    measures = dict.fromkeys([query.measure, *HEADLINES[:4]])
    figures = tuple(
        figure(store, replace(own, measure=m, kinds=query.kinds if m == query.measure else ()), lang) for m in measures
    )
    return UnitCard(
        code=code,
        title=f"{unit['kind'].capitalize()} {unit['name']}",
        figures=figures,
        trend=trend(store, own, lang),
        origins=tuple(_origin_line(old, lang) for old in origins(code)),
        bbox=(float(unit.minx), float(unit.miny), float(unit.maxx), float(unit.maxy)),
    )


def _origin_line(old: LegacyUnit, lang: Lang) -> str:
    key = "ui.origin_whole" if old.whole else "ui.origin_part"
    return t(key, lang, kind=old.kind, name=old.name, district=old.district)


def overview(store: Store, query: Query, lang: Lang) -> Overview:
    """Everything on the first page."""
    spec = situation(store, query, Options(points="never", compare=True), lang)
    return Overview(
        figures=tuple(figure(store, replace(query, measure=m, kinds=()), lang) for m in HEADLINES),
        trend=trend(store, query, lang),
        spec=spec,
        changed=most_changed(store, query, lang),
        compared=t("ui.compared", lang, before=_period_text(query.previous(), lang)),
    )


def _period_text(query: Query, lang: Lang) -> str:
    return period(query.start, query.end, lang)


def most_changed(store: Store, query: Query, lang: Lang, *, n: int = 3) -> tuple[Figure, ...]:
    """The communes whose change stands out most, largest first."""
    counted = counts(store, whole_months(query), min_count=settings.load().min_count)
    z = counted.z.dropna()
    frame = units(store)
    order = z.abs().sort_values(ascending=False, kind="stable").index[:n]
    return tuple(
        Figure(
            f"{frame.kind[code]} {frame.name[code]}",
            number(counted.now[code], lang),
            signed(counted.now[code] - counted.before[code], lang),
            verdict(z[code], lang),
            tone(z[code]),  # type: ignore[arg-type]
        )
        for code in order
    )


def search(store: Store, text: str) -> list[Hit]:
    """Communes whose present or former name fits, best first."""
    frame = units(store)
    hits = []
    for found in search_names(text, frame.reset_index(), legacy_units()):
        boxes = frame.loc[[code for code in found.codes if code in frame.index]]
        if len(boxes):
            west, south = boxes[["minx", "miny"]].min()
            east, north = boxes[["maxx", "maxy"]].max()
            hits.append(Hit(found.label, tuple(boxes.index), (west, south, east, north)))
    return hits


# -- files -------------------------------------------------------------------------------------------------------------

EXPORTS = ("png", "pdf", "json")
"""Kinds of file a map can be exported as."""


def export(spec: MapSpec, kind: str, *, size: str = "", theme: str = "light") -> bytes:
    """A map as a file, the same to the byte whoever asks for it.

    Parameters
    ----------
    spec : MapSpec
    kind : {"png", "pdf", "json"}
    size : {"1080p", "4k", "a4", "a3"}
        Without it, 1080p for PNG and A4 for PDF; JSON has none.
    theme : {"light", "projector", "projector-light"}

    Raises
    ------
    InputError
        If kind, size or theme is not known.
    """
    if kind not in EXPORTS:
        raise InputError("static.kind_unknown", kind=kind, known=", ".join(EXPORTS))
    if kind == "json":
        return spec.to_json().encode()
    return static.render(spec, kind, size=size or ("a4" if kind == "pdf" else "1080p"), theme=theme)
