"""Rows of priority zones: a name, a kind, and an area given as a shape, a circle or a whole commune."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, project
from geo.errors import InputError
from geo.ingest.checking.cells import Check, codes_of, read_number
from geo.ingest.checking.coordinates import parse_crs, read_coordinates
from geo.ingest.checking.zone_facts import zone_facts
from geo.ingest.checking.zone_neighbours import find_overlaps, refuse_along
from geo.ingest.checking.zone_units import with_communes
from geo.ingest.checking.zones_held import held_by_key
from geo.ingest.recognising.codes import code_list
from geo.ingest.source import Note
from geo.personal.zone_names import NameOf, name_of
from geo.schema import PROTECTED_ZONES, ZONE_COLUMNS
from geo.text import is_printable, number
from geo.units.around import widened
from geo.units.likeness import areas_like_units
from geo.units.names import LONGEST

__all__ = ["names_of", "with_shapes", "zone_rows"]

_Shapes = NDArray[np.object_]

_RADIUS_M = (1.0, 50_000.0)
_CHANGED = 0.001
"""Largest share of its area that repairing a shape may change."""

_OUTSIDE = {True: 0.5, False: 0.05}
"""Largest share of its area that may lie outside the province, by whether the boundaries are approximate: four real
communes of 102 lie outside the approximate province and its margin by 7 to 39 %."""

_CELL = 32_000
"""Characters a cell of a spreadsheet holds."""


def zone_rows(check: Check) -> pd.DataFrame:
    names = names_of(check)
    kind = codes_of(check, "kind", code_list("zone_kind"), required=True)
    shapes, whole = _areas(check)
    given = np.array([shape is not None for shape in shapes], bool)
    check.refuse("shape_empty", ~given & ~check.bad, _shown(check))
    held = held_by_key(check, shapes)
    shapes = _valid(check, held.shapes)
    _inside(check, shapes, ~whole & ~held.same)
    _of_their_own(check, kind, shapes)
    columns = {
        "key": held.keys,
        "name": names,
        "kind": kind,
        **zone_facts(check),
        "divided": False,
        "invented": held.invented,
        "geometry": pd.Series(shapes, check.rows.index, object),
    }
    rows = pd.DataFrame(columns, index=check.rows.index)[list(ZONE_COLUMNS)]
    kept = held.same & (held.kinds == kind).to_numpy(bool)
    find_overlaps(check, rows, kept, _shown(check))
    refuse_along(check, rows, kept, _shown(check))
    return rows[~check.bad]


def _of_their_own(check: Check, kind: pd.Series, shapes: _Shapes) -> None:
    """Refuse areas of a protected kind that are communes: what is counted of those would be counted of the area."""
    ground = check.reference.ground
    layers = [(ground.current, ground.approximate)]
    if ground.former is not None:
        layers.append((ground.former, ground.former_approximate))
    like: dict[int, list[str]] = {}
    asked = np.flatnonzero(kind.isin(PROTECTED_ZONES).to_numpy(bool) & ~check.bad).tolist()
    for units, approximate in layers:
        named = dict(zip(units["code"], units["kind"] + " " + units["name"]))
        for at, codes in areas_like_units([shapes[n] for n in asked], units, approximate=approximate).items():
            like.setdefault(asked[at], [named[code] for code in codes])
    refused = np.isin(np.arange(len(shapes)), list(like))
    shown = _shown(check)
    hints = [", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "") for _, names in sorted(like.items())]
    check.problems.add("zone_is_communes", check.rows.index[refused], str(shown.name), shown[refused], hints=hints)
    check.bad |= refused


_NAMED = 3
"""Communes that a message names."""


def with_shapes(check: Check, rows: pd.DataFrame) -> pd.DataFrame:
    """Refused rows of a map file with their shapes as WKT, so that they can be corrected and imported again."""
    shapes, column = check.table.shapes, check.mapping.columns.get("shape")
    if shapes is None or column is None:
        return rows
    texts = ["" if s is None else shapely.to_wkt(s, rounding_precision=6) for s in shapes.loc[rows.index]]
    return rows.assign(**{column: [text if len(text) <= _CELL else "" for text in texts]})


def names_of(check: Check) -> pd.Series:
    """Names of areas or models, refused where they are a person's, and asked about where they may be."""
    names = check.text("name")
    assert names is not None
    names = names.str.split().str.join(" ").str.normalize("NFC")
    check.refuse("name_empty", (names == "").to_numpy(bool), names)
    check.refuse("name_controls", ~names.map(is_printable).to_numpy(bool), names)
    check.refuse("name_long", (names.str.len() > LONGEST).to_numpy(bool), names, limit=LONGEST)
    places = check.reference.ground.names
    told = np.array([name_of(name, places) for name in names], object)
    check.refuse("name_personal", (told == NameOf.PERSON) & ~check.bad, names)
    if not check.reference.names_confirmed:
        check.refuse("name_asked", (told == NameOf.UNKNOWN) & ~check.bad, names)
    return names


def _shown(check: Check) -> pd.Series:
    """What stands for the area in messages."""
    column = next(
        check.mapping.columns[n] for n in ("shape", "place", "lon", "x", "unit") if n in check.mapping.columns
    )
    return check.rows[column]


def _areas(check: Check) -> tuple[_Shapes, NDArray[np.bool_]]:
    """Shape, circle or commune of every row, the first that is given, None where nothing is; and which are communes."""
    found = _drawn(check)
    centres, at = _centres(check)
    radius = _radius(check)
    thin = np.array([s is not None and shapely.get_dimensions(s) < 2 for s in found], bool)
    round_ = np.isfinite(radius)
    check.refuse("shape_not_area", thin & ~round_, _shown(check))
    bare = np.array([s is None for s in found], bool) & at
    check.refuse("radius_empty", bare & ~round_ & ~check.bad, _shown(check))
    found[bare & round_] = centres[bare & round_]
    wide = (thin | bare) & round_
    found[wide] = [widened(shape, metres) for shape, metres in zip(found[wide], radius[wide])]
    left = np.array([s is None for s in found], bool) & ~check.bad
    return with_communes(check, found, left), left


def _drawn(check: Check) -> _Shapes:
    """Shapes of the map file, or read from WKT."""
    found = np.full(len(check.rows), None, object)
    text = check.text("shape")
    if text is None:
        return found
    if check.table.shapes is not None:
        found[:] = check.table.shapes.loc[check.rows.index].to_numpy()
        return _in_degrees(check, found)
    written = (text != "").to_numpy(bool)
    found[written] = shapely.from_wkt(text[written].str.replace(r"^SRID=\d+;", "", regex=True), on_invalid="ignore")
    found[:] = [None if s is None or s.is_empty else shapely.force_2d(s) for s in found]
    unread = written & np.array([s is None for s in found], bool)
    check.refuse("shape_unreadable", unread, text)
    return _in_degrees(check, found)


def _in_degrees(check: Check, shapes: _Shapes) -> _Shapes:
    """Shapes in metres brought to WGS 84 by the system a person named."""
    metric = np.array([s is not None and max(map(abs, s.bounds)) > 180 for s in shapes], bool)
    if not metric.any():
        return shapes
    if not check.reference.crs:
        raise InputError("ingest.crs_needed", file=check.table.name)
    crs = parse_crs(check.reference.crs)
    check.crs_used = True

    def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(project(xy[:, 0], xy[:, 1], crs, WGS84))

    shapes[metric] = [shapely.transform(shape, degrees) for shape in shapes[metric]]
    return shapes


def _centres(check: Check) -> tuple[_Shapes, NDArray[np.bool_]]:
    """Points of the columns that say where, and which rows have one."""
    n, ground = len(check.rows), check.reference.ground
    none = pd.Series("", index=check.rows.index, dtype=object)
    places = read_coordinates(
        check.rows,
        check.mapping,
        crs=check.reference.crs,
        codes=none,
        centres=ground.centres,
        file=check.table.name,
    )
    if places is None:
        return np.full(n, None, object), np.zeros(n, bool)
    check.notes += places.notes
    check.crs_used |= places.metric
    shown = places.texts.rename(places.column)
    check.refuse("place_half", places.half, shown)
    check.refuse("place_unreadable", places.unreadable, shown)
    return shapely.points(places.lon, places.lat), np.isfinite(places.lon)


def _radius(check: Check) -> NDArray[np.float64]:
    """Metres; NaN where none is given."""
    text = check.text("radius")
    if text is None:
        return np.full(len(check.rows), np.nan)
    parts = text.str.lower().str.extract(r"^(?P<number>.*?)\s*(?P<unit>km|m|mét|met)?\.?$")
    metres = parts["unit"].map({"km": 1_000.0}).fillna(1.0).to_numpy(float)
    values = np.array([read_number(cell) for cell in parts["number"].fillna("")], float) * metres
    low, high = _RADIUS_M
    wrong = (text != "").to_numpy(bool) & ~((values >= low) & (values <= high))
    said = {name: number(metres, check.reference.lang) for name, metres in (("low", low), ("high", high))}
    check.refuse("radius_unreadable", wrong, text, **said)
    return np.asarray(np.where(wrong, np.nan, values), float)


def _valid(check: Check, shapes: _Shapes) -> _Shapes:
    """Shapes that cross themselves a little are repaired and counted; others are refused."""
    wrong = np.array([s is not None and not s.is_valid for s in shapes], bool) & ~check.bad
    if not wrong.any():
        return shapes
    repaired, hints = 0, []
    refused = np.zeros(len(shapes), bool)
    for n in np.flatnonzero(wrong):
        fixed = _areas_of(shapely.make_valid(shapes[n]))
        if fixed is not None and abs(fixed.area - shapes[n].area) <= _CHANGED * fixed.area:
            shapes[n], repaired = fixed, repaired + 1
        else:
            refused[n] = True
            hints.append(shapely.is_valid_reason(shapes[n]).partition("[")[2].rstrip("]"))
    if repaired:
        check.notes.append(Note.of("ingest.note_shapes_repaired", count=repaired))
    shown = _shown(check)
    check.problems.add("shape_invalid", check.rows.index[refused], str(shown.name), shown[refused], hints=hints)
    check.bad |= refused
    return shapes


def _areas_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 2]
    whole = shapely.union_all(parts) if parts else None
    return whole if whole is not None and whole.area > 0 else None


def _inside(check: Check, shapes: _Shapes, asked: NDArray[np.bool_]) -> None:
    """Refuse what lies outside the province by more than a little; its own communes are not asked about."""
    outline = check.reference.ground.outline
    shapely.prepare(outline)
    share = np.zeros(len(shapes))
    for n in np.flatnonzero(asked & ~check.bad):
        shape = shapes[n]
        if shape is None or shapely.contains_properly(outline, shape):
            continue
        share[n] = 1 - shapely.intersection(outline, shape).area / shape.area if shape.area > 0 else 1.0
    wrong = share > _OUTSIDE[check.reference.ground.approximate]
    shown = _shown(check)
    hints = [number(100 * part, check.reference.lang) for part in share[wrong]]
    check.problems.add("shape_outside", check.rows.index[wrong], str(shown.name), shown[wrong], hints=hints)
    check.bad |= wrong
