"""Commune boundaries: read from whatever an office has, checked, and made ready for drawing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.errors import InputError
from geo.files import plain_path
from geo.schema import CURRENT_SINCE, UnitSystem
from geo.settings import REFERENCE, load
from geo.text import fold, is_printable, printable
from geo.units.coverage import CoverageReport, Issue, as_multi, clean_coverage, simplify
from geo.units.georeference import to_wgs84
from geo.units.layers import read_layer
from geo.units.names import LONGEST, split_kind, tidy_name
from geo.units.provinces import refuse_other
from geo.units.surroundings import surroundings_for
from geo.units.topology import encode
from geo.worker import read_apart

__all__ = [
    "BoundaryVersion",
    "Prepared",
    "default_legacy_units",
    "default_units",
    "legacy_units",
    "prepare",
    "read_surroundings",
    "read_units",
    "select_province",
]

SIMPLIFY_M = 50.0
_DBF_NAME = 10
COLUMNS = ["code", "name", "kind", "geometry"]

_CODE = "code ma maxa maphuongxa madvhc mahc maphuong madonvi madonvihanhchinh legacycode wardcode communecode xacode"
_NAME = "name ten tenxa tenphuongxa tendvhc tenhc tendonvi tendonvihanhchinh commune ward xa phuongxa fullname tendaydu"
_KIND = "kind loai type loaihinh caphc capdvhc loaixa loaidvhc loaidonvi loaidonvihanhchinh caphanhchinh"
_PROVINCE = "provincecode matinh matp matinhtp"


@dataclass(frozen=True)
class BoundaryVersion:
    """A dated set of boundaries.

    Attributes
    ----------
    province : str
        Province code.
    system : UnitSystem
    valid_from : date
        First day the boundaries hold.
    source : str
        File or package they come from, as a person would name it.
    approximate : bool
        True for the built-in layer; every screen and export then says so.
    """

    province: str
    system: UnitSystem
    valid_from: date
    source: str
    approximate: bool = False


@dataclass(frozen=True)
class Prepared:
    """Boundaries ready to be stored and drawn.

    Attributes
    ----------
    version : BoundaryVersion
    units : GeoDataFrame[code, name, kind, geometry]
        Full detail, a valid coverage, EPSG:4326.
    simple : GeoDataFrame
        The same, simplified for drawing.
    report : CoverageReport
        What was found and repaired.
    topology : bytes
        TopoJSON of `simple`, with the surroundings.
    """

    version: BoundaryVersion
    units: gpd.GeoDataFrame
    simple: gpd.GeoDataFrame
    report: CoverageReport
    topology: bytes


def read_units(path: Path | str, *, encoding: str | None = None, layer: str | None = None) -> gpd.GeoDataFrame:
    """Boundaries from a file of an office.

    Parameters
    ----------
    path : Path or str
        GeoPackage, GeoJSON, shapefile, GeoParquet, a zip of any of these, or a zip or folder of one GeoJSON per unit.
    encoding : str, optional
        Text encoding of a shapefile's table ("tcvn3", "cp1258", "utf-8", …); found out where it is not given.
    layer : str, optional
        Which layer of a GeoPackage, or which file of a zip or folder, its name without the ending; without it, of
        several the one that is called after communes.

    Returns
    -------
    GeoDataFrame[code, name, kind, geometry]
        In EPSG:4326, one row per unit in order of code; names in NFC without their kind; MultiPolygons. A column
        `province_code` is added where the file has one.

    Raises
    ------
    InputError
        If the file is not a layer of communes: what is wrong, how many rows, the first of them.
    """
    path = Path(path)
    rows = read_layer(path, encoding=encoding, layer=layer)
    found = {fold_header(str(column)): str(column) for column in rows.columns if column != rows.geometry.name}
    columns = {role: _pick(found, names) for role, names in (("code", _CODE), ("name", _NAME), ("kind", _KIND))}
    if columns["code"] is None or columns["name"] is None:
        raise InputError("units.no_columns", file=path.name, found=", ".join(found.values()) or "–")
    rows, wider = _without_wider(rows)
    codes = _codes(rows[columns["code"]], path.name)
    placed = to_wgs84(rows, codes=codes, reference=_known_places(), shown=path.name)
    told = rows[columns["kind"]] if columns["kind"] else None
    names, kinds = _names(rows[columns["name"]], told, path.name)
    if not all(kinds):
        beside = _kinds_beside(rows, columns["name"])
        listed = (_listed_kinds().get((code, fold(name)), "") for code, name in zip(codes, names))
        kinds = [kind or full or known or "xã" for kind, full, known in zip(kinds, beside, listed)]
    shapes = as_multi(shapely.make_valid(shapely.force_2d(placed.geometry.to_numpy())))
    units = gpd.GeoDataFrame({"code": codes, "name": names, "kind": kinds}, geometry=shapes, crs=WGS84)
    if province := _pick(found, _PROVINCE):
        units["province_code"] = _text(rows[province]).str.zfill(2).to_numpy()
    units = _one_row_each(units, path.name)
    units.attrs["outline"] = [str(name) for name in _text(wider[columns["name"]])]
    units.attrs["file"] = list(rows.attrs.get("passed_over", ()))
    units.attrs["layer"] = list(rows.attrs.get("other_layers", ()))
    return units


def select_province(units: gpd.GeoDataFrame, code: str) -> gpd.GeoDataFrame:
    """The units of one province out of a layer of several; a layer without the column is taken as it is.

    Raises
    ------
    InputError
        If the layer has none of that province.
    """
    if "province_code" not in units:
        return units
    chosen = units[units.province_code == code]
    if chosen.empty:
        raise InputError("units.no_province", code=code, found=", ".join(sorted(units.province_code.unique())[:10]))
    return chosen.drop(columns="province_code").reset_index(drop=True)


def prepare(
    source: Path | str | gpd.GeoDataFrame,
    *,
    province: str,
    valid_from: date = CURRENT_SINCE,
    system: UnitSystem = UnitSystem.CURRENT,
    name: str | None = None,
    approximate: bool = False,
    encoding: str | None = None,
    layer: str | None = None,
    tolerance_m: float = SIMPLIFY_M,
    progress: Callable[[float, str], None] | None = None,
) -> Prepared:
    """Everything that is done to boundaries before they are stored.

    Parameters
    ----------
    source : Path, str or GeoDataFrame
        File, or units as `read_units` gives them.
    province : str
        Code of the province; taken out of a layer of several.
    valid_from : date
        First day the boundaries hold.
    system : UnitSystem
        Which list of units to compare with.
    name : str, optional
        What to call the source; the file's name by default.
    approximate : bool
    encoding, layer : str, optional
        As in `read_units`.
    tolerance_m : float
        Simplification for drawing.
    progress : callable, optional
        Called with the share done (0 to 1) and the message key of the step that begins.

    Raises
    ------
    InputError
        As `read_units` and `select_province`, or if most units are of another province; nothing is kept.
    """
    step = progress or _silent
    step(0.0, "units.step_read")
    if isinstance(source, gpd.GeoDataFrame):
        frame = source
    else:
        frame = read_apart(read_units, Path(source), encoding=encoding, layer=layer)
    shown = name or (Path(source).name if isinstance(source, Path | str) else "–")
    units = select_province(frame, province)
    refuse_other(shown, units["code"], province)
    step(0.2, "units.step_clean")
    notes = dict(frame.attrs)
    _refuse_flat(shown, units)
    units, report = clean_coverage(units, expected=expected_units(province, system))
    report = CoverageReport((*report.issues, *_noted(notes), *_other_kinds(units, province, system)))
    _refuse_strangers(shown, report, len(units))
    step(0.6, "units.step_simplify")
    simple = simplify(units, tolerance_m)
    step(0.8, "units.step_encode")
    topology = encode(simple, surroundings_for(simple, read_surroundings()))
    step(1.0, "units.step_done")
    version = BoundaryVersion(province, system, valid_from, shown, approximate)
    return Prepared(version, units, simple, report, topology)


def _noted(notes: Mapping[Hashable, Any]) -> Iterator[Issue]:
    """What of a file was passed over."""
    for kind in ("outline", "file", "layer"):
        if names := tuple(notes.get(kind, ())):
            yield Issue(kind, (), names)  # type: ignore[arg-type]


def _other_kinds(units: gpd.GeoDataFrame, province: str, system: UnitSystem) -> list[Issue]:
    """Units whose kind is not that of the list."""
    if province not in reference_provinces():
        return []
    listed = _listed_former() if system is UnitSystem.LEGACY else default_units()
    known = units["code"].map(dict(zip(listed["code"], listed["kind"])))
    other = units[known.notna() & (known != units["kind"])]
    names = tuple(f"{row['kind']} {row['name']}" for _, row in other.iterrows())
    return [Issue("kind", tuple(other["code"]), names)] if len(other) else []


def _refuse_flat(shown: str, units: gpd.GeoDataFrame) -> None:
    """Refuse units that have no area, or that another unit covers: their borders could not be drawn."""
    shapes = shapely.make_valid(units.geometry.to_numpy())
    area = shapely.area(shapes)
    flat = area <= 0
    one, two = shapely.STRtree(shapes).query(shapely.point_on_surface(shapes), predicate="within")
    covers: dict[int, int] = {}
    for inner, outer in zip(one[one != two].tolist(), two[one != two].tolist()):
        shared = shapely.intersection(shapes[inner], shapes[outer])
        if not flat[inner] and shapely.area(shared) >= _COVERED * area[inner]:
            covers.setdefault(inner, outer)
    names = (units["kind"] + " " + units["name"] + " (" + units["code"] + ")").tolist()
    if flat.any():
        raise InputError("units.no_area", file=shown, names=", ".join(names[n] for n in np.flatnonzero(flat)[:_SHOWN]))
    if covers:
        pairs = list(covers.items())[:_SHOWN]
        raise InputError("units.covered", file=shown, pairs="; ".join(f"{names[a]} – {names[b]}" for a, b in pairs))


_COVERED = 0.99
_SHOWN = 5
_SHOWN_LETTERS = 40


def _refuse_strangers(shown: str, report: CoverageReport, count: int) -> None:
    """A layer most of whose units are not of the system is not a layer of that system."""
    strangers = sum(len(issue.units) for issue in report.of("unknown"))
    if strangers > _STRANGERS * count:
        raise InputError("units.not_this_system", file=shown, unknown=strangers, count=count)


_STRANGERS = 0.1
"""Largest share of unknown units that is put down to a change nobody told the code list of."""


def _silent(share: float, key: str) -> None:
    del share, key


def default_units() -> gpd.GeoDataFrame:
    """The built-in approximate layer."""
    return read_units(REFERENCE / "units.geojson")


def default_legacy_units() -> gpd.GeoDataFrame:
    """The built-in approximate layer of former units."""
    return read_units(REFERENCE / "legacy_units.geojson")


def legacy_units() -> pd.DataFrame:
    """The former units of the province that is set, none where the product does not list them.

    Returns
    -------
    DataFrame[code, name, kind, district, province, lon, lat]
    """
    listed = _listed_former()
    return listed if load().province in reference_provinces() else listed.iloc[:0]


def _listed_former() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "legacy_units.csv", dtype={"code": str})


def read_surroundings() -> gpd.GeoDataFrame:
    """Land around the province and the national border: GeoDataFrame[kind, name, geometry] in EPSG:4326."""
    return _reference("surroundings.geojson")


def _reference(name: str) -> gpd.GeoDataFrame:
    with plain_path(REFERENCE / name) as path:
        return gpd.read_file(path)


def expected_units(province: str, system: UnitSystem) -> dict[str, str] | None:
    """Code to name of the units there should be, where the reference files are about that province; else None."""
    listed = _listed_former() if system is UnitSystem.LEGACY else default_units()
    reference = reference_provinces()
    return dict(zip(listed.code, listed.name)) if province in reference else None


def fold_header(text: str) -> str:
    """A column name as it is compared: no diacritics, letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _pick(found: dict[str, str], names: str) -> str | None:
    """The file's column for a role; ten-character names of shapefiles stand for the longer ones they were cut from."""
    wanted = names.split()
    exact = next((found[name] for name in wanted if name in found), None)
    shortened = {header: column for header, column in found.items() if len(column) == _DBF_NAME}
    cut = (column for header, column in shortened.items() for name in wanted if name.startswith(header))
    return exact or next(cut, None)


def _text(values: pd.Series) -> pd.Series:
    """Cells as NFC text; whole numbers without their decimal point."""
    text = values.astype("string").fillna("").str.strip().str.replace(r"\.0$", "", regex=True)
    return text.map(lambda value: " ".join(unicodedata.normalize("NFC", value).split())).astype(object)


def _codes(values: pd.Series, shown: str) -> pd.Series:
    codes = _text(values).map(lambda code: code.zfill(5) if code.isdigit() else code)
    bad = ~codes.str.fullmatch(r"\d{5}").astype(bool)
    if bad.any():
        raise InputError("units.bad_code", file=shown, count=int(bad.sum()), first=str(codes[bad].iloc[0]) or "–")
    return codes


def _names(values: pd.Series, kinds: pd.Series | None, shown: str) -> tuple[list[str], list[str]]:
    split = [split_kind(value) for value in _text(values)]
    names = [tidy_name(name) for _, name in split]
    if not all(names):
        raise InputError("units.no_name", file=shown, count=sum(not name for name in names))
    written = [*names, *(_text(kinds) if kinds is not None else ())]
    for fault, wrong in (
        ("controls", [name for name in written if not is_printable(name)]),
        ("long", [name for name in written if len(name) > LONGEST]),
    ):
        if wrong:
            first = printable(wrong[0])[:_SHOWN_LETTERS]
            raise InputError(f"units.name_{fault}", file=shown, count=len(wrong), first=first, limit=LONGEST)
    given = [split_kind(f"{value} x")[0] for value in _text(kinds)] if kinds is not None else [""] * len(split)
    return names, [told or prefix for told, (prefix, _) in zip(given, split)]


def _kinds_beside(layer: gpd.GeoDataFrame, column: str) -> list[str]:
    """Kinds out of any other column that writes the names of the units in full; empty where none does."""
    names = _text(layer[column]).map(lambda name: fold(tidy_name(split_kind(name)[1])))
    for other in layer.columns:
        if other in (column, layer.geometry.name):
            continue
        split = _text(layer[other]).map(split_kind)
        says = [bool(kind) and fold(tidy_name(name)) == own for (kind, name), own in zip(split, names)]
        if says and sum(says) >= _MOST * len(says):
            return [kind for kind, _ in split]
    return [""] * len(layer)


_MOST = 0.9
"""Share of the units whose full name a column must give to be taken for a column of full names."""


@cache
def _listed_kinds() -> dict[tuple[str, str], str]:
    """Kind by code and folded name, of the lists of present and former units."""
    present = _reference("units.geojson")
    former = _listed_former()
    rows = [
        *zip(former["code"], former["name"], former["kind"]),
        *zip(present["code"], present["name"], present["kind"]),  # of both the present kind counts
    ]
    return {(str(code), fold(str(name))): str(kind) for code, name, kind in rows}


def _without_wider(layer: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The layer without rows that are a district or a province over the others; and those rows."""
    shapes = shapely.make_valid(shapely.force_2d(layer.geometry.to_numpy()))
    inner = shapely.point_on_surface(shapes)
    area = shapely.area(shapes)
    held, holder = shapely.STRtree(shapes).query(inner, predicate="within")
    others = held != holder
    count = np.bincount(holder[others], minlength=len(shapes))
    filled = np.bincount(holder[others], weights=area[held[others]], minlength=len(shapes))
    is_wider = (count >= _OF_SEVERAL) & (filled >= _FILLED * area)
    kept = layer[~is_wider].reset_index(drop=True)
    kept.attrs.update(layer.attrs)
    return kept, layer[is_wider]


_OF_SEVERAL, _FILLED = 3, 0.7
"""A row that holds three others or more, which fill most of it, is no commune."""


def _one_row_each(units: gpd.GeoDataFrame, shown: str) -> gpd.GeoDataFrame:
    """Islands drawn as rows of their own join their unit; one code under two names is an error."""
    clash = units.groupby("code").name.nunique()
    if (clash > 1).any():
        raise InputError("units.duplicate_code", file=shown, count=int((clash > 1).sum()), first=clash.idxmax())
    if units.code.duplicated().any():
        units = units.dissolve("code", as_index=False)
        units = units.set_geometry(gpd.GeoSeries(as_multi(units.geometry.to_numpy()), crs=WGS84))
    order = [c for c in [*COLUMNS[:3], "province_code", "geometry"] if c in units]
    return units[order].sort_values("code").reset_index(drop=True)


def _known_places() -> pd.DataFrame:
    legacy = _listed_former().set_index("code")[["lon", "lat"]]
    centres = _reference("units.geojson").set_index("code").geometry.representative_point()
    current = pd.DataFrame({"lon": centres.x, "lat": centres.y})
    return pd.concat([current, legacy[~legacy.index.isin(current.index)]])


def reference_provinces() -> list[str]:
    """Codes of the provinces whose unit lists, default layer and demo come with the product."""
    return list(pd.read_csv(REFERENCE / "province.csv", dtype=str)["code"])
