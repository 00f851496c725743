"""Which unit each row means, on the units of its own time."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.problems import Problems
from geo.ingest.checking.reference import Ground
from geo.schema import CURRENT_SINCE, UnitSystem
from geo.text import fold, nearest
from geo.units.names import match

__all__ = ["read_units"]

_OFFICE = re.compile(
    r"^(?:công an|ca|ca[xp]\.?|catt\.?|ubnd|ủy ban nhân dân|uỷ ban nhân dân|ubmttq|mttq|đảng ủy)\s+(?=\S)",
    re.IGNORECASE,
)
_GIVEN = ["unit", "district", "province"]


def read_units(
    rows: pd.DataFrame, days: NDArray[np.datetime64], ground: Ground, problems: Problems, heading: str
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """System and code of every row's unit; "" where it cannot be told, with a problem.

    The day of the record says on which list the name is looked for first: the former one before 1 July 2025, the
    present one since. A name that list does not have is looked for on the other. Where a district is given, the name is
    a former one.

    Parameters
    ----------
    rows : DataFrame of str
        Columns `unit`, and `district`, `province` where there are such.
    days : ndarray of datetime64, shape (n,)
        NaT counts as the present.
    heading : str
        Heading of the unit column, for messages.
    """
    given = pd.DataFrame({name: rows[name].str.strip() if name in rows else "" for name in _GIVEN}, index=rows.index)
    given["old"] = days < np.datetime64(CURRENT_SINCE)
    number = given.groupby([*_GIVEN, "old"], sort=False).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    unique = given.iloc[first]
    found = _match_all(unique, ground)
    system, code, how, hint = (np.array([f[k] for f in found], object)[number] for k in range(4))
    for key in ("unit_empty", "unit_none", "unit_ambiguous"):
        wrong = how == key
        if wrong.any():
            problems.add(key, rows.index[wrong], heading, given["unit"][wrong], hints=list(hint[wrong]))
    return system, code


_Found = tuple[str, str, str, str]
"""System, code, problem key or "", hint."""


def _match_all(unique: pd.DataFrame, ground: Ground) -> list[_Found]:
    written = [_OFFICE.sub("", unit) for unit in unique["unit"]]
    full = [", ".join(p for p in (u, d, v) if p) for u, d, v in zip(written, unique["district"], unique["province"])]
    by_system = {
        UnitSystem.CURRENT: match(written, pd.DataFrame(ground.current[["code", "name", "kind"]])).to_dict("records"),
        UnitSystem.LEGACY: match(full, ground.legacy).to_dict("records"),
    }
    districts = {fold(d.split(" ", 1)[-1]) for d in ground.legacy["district"]}
    found = []
    for n, (unit, old, district) in enumerate(zip(written, unique["old"], unique["district"])):
        in_district = bool(district) or any(part in districts for part in _behind_comma(unit))
        order = (
            (UnitSystem.LEGACY, UnitSystem.CURRENT) if old or in_district else (UnitSystem.CURRENT, UnitSystem.LEGACY)
        )
        found.append(_decide(unit, [(s, by_system[s][n]) for s in order], ground))
    return found


def _behind_comma(unit: str) -> list[str]:
    parts = re.split(r"[,;()]|\s-\s", unit)[1:]
    return [re.sub(r"^(?:huyen|h\.|thi xa|tx\.?|thanh pho|tp\.?|quan)\s*", "", fold(part)) for part in parts]


def _decide(unit: str, matches: list[tuple[UnitSystem, dict[Hashable, Any]]], ground: Ground) -> _Found:
    """The first list on which the name means one unit; a name with several meanings there is not looked for further."""
    if not unit:
        return "", "", "unit_empty", ""
    for system, row in matches:
        if row["code"] is not None:
            return system.value, row["code"], "", ""
        if row["how"] == "ambiguous":
            return "", "", "unit_ambiguous", _listed(row["candidates"], system, ground)
    near = next((row["candidates"] for _, row in matches if row["candidates"]), "")
    return "", "", "unit_none", _listed(near, matches[0][0], ground) or _nearest(unit, ground)


def _listed(codes: str, system: UnitSystem, ground: Ground) -> str:
    """Candidates as a person would write them."""
    if not codes:
        return ""
    units = ground.legacy if system is UnitSystem.LEGACY else ground.current
    chosen = units[units["code"].isin(codes.split(","))].head(6)
    places = chosen["district"] if "district" in chosen else [""] * len(chosen)
    return "; ".join(
        f"{kind} {name}{', ' if place else ''}{place} ({code})"
        for kind, name, place, code in zip(chosen["kind"], chosen["name"], places, chosen["code"])
    )


def _nearest(unit: str, ground: Ground) -> str:
    return "; ".join(
        ground.by_folded_name[name] for name in nearest(fold(unit), ground.by_folded_name, most=2, least=0.75)
    )
