"""Sessions of outreach that a report gives in parts: where they were, what about, and who held them.

The parts of a commune's month add up to its count. So they come in together or not at all: a sum without one of them
would be another count, and nobody would see it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.ingest.checking.cells import Check, codes_of
from geo.ingest.recognising.codes import code_list
from geo.schema import PART_COLUMNS, SESSION_MEASURES
from geo.text import fold, nearest, t

__all__ = ["come_in_parts", "said_of_sessions", "without_the_incomplete"]

_MONTH = ["month", "unit_system", "unit_code"]
_NAMED = 5
"""Areas that are named where several have the same name."""


def come_in_parts(check: Check) -> bool:
    """Whether the table says where, what about or by whom."""
    return any(name in check.mapping.columns for name in PART_COLUMNS)


def said_of_sessions(check: Check, long: pd.DataFrame) -> pd.DataFrame:
    """Counts with what is said of each: of other measures nothing, and these stand once for a commune and month.

    Parameters
    ----------
    long : DataFrame
        Columns of the store but `PART_COLUMNS`, indexed by row number, several rows of one number in a wide table.
    """
    base = long[~long.index.duplicated()].reindex(check.rows.index)
    said = pd.DataFrame(
        {
            "area": _areas(check, base),
            "topic": codes_of(check, "topic", code_list("topic")).fillna(""),
            "organiser": codes_of(check, "organiser", code_list("organiser")).fillna(""),
        }
    )
    label = base["month"].astype(str).str.cat([base["unit_system"].astype(str), base["unit_code"].astype(str)], sep="|")
    check.together = label.where((base["unit_code"] != "").to_numpy(bool) & base["month"].notna().to_numpy(bool), "")
    found = long.join(said)
    _refuse_repeated(check, found)
    others = ~found["measure"].isin(SESSION_MEASURES)
    found.loc[others, list(PART_COLUMNS)] = ""
    return found


def _areas(check: Check, base: pd.DataFrame) -> pd.Series:
    """Keys of the priority areas that are named, by their names or keys; empty where none is."""
    text = check.text("area")
    if text is None:
        return pd.Series("", check.rows.index, dtype=object)
    zones = check.reference.zones()
    zones = zones[~zones["divided"].to_numpy(bool)]
    by_name: dict[str, list[str]] = {}
    for key, name in zip(zones["key"], zones["name"]):
        by_name.setdefault(fold(name), []).append(key)
    own = {key: [key] for key in zones["key"]}
    lang = check.reference.lang
    numbers, unique = pd.factorize(text)
    keys = [own.get(word.lower()) or by_name.get(fold(word), []) for word in unique]
    unknown = np.array([bool(word) and not found for word, found in zip(unique, keys)], bool)[numbers]
    several = np.array([len(found) > 1 for found in keys], bool)[numbers]
    kinds = {key: f"{t(f'map.zone_{kind}', lang)} ({key})" for key, kind in zip(zones["key"], zones["kind"])}
    names = {fold(name): name for name in zones["name"]}
    near = {word: "; ".join(names[one] for one in nearest(fold(word), names, most=1, least=0.6)) for word in unique}
    same = {word: "; ".join(kinds[key] for key in found[:_NAMED]) for word, found in zip(unique, keys)}
    for problem, wrong, hint in (("area_unknown", unknown, near), ("area_several", several, same)):
        check.problems.add(
            problem, text.index[wrong], str(text.name), text[wrong], hints=[hint[word] for word in text[wrong]]
        )
        check.bad |= wrong
    found = pd.Series(np.array([key[0] if len(key) == 1 else "" for key in keys], object)[numbers], text.index)
    _refuse_elsewhere(check, found, base, dict(zip(zones["key"], zones["geometry"])), text)
    return found


def _refuse_elsewhere(
    check: Check, keys: pd.Series, base: pd.DataFrame, shapes: dict[str, shapely.Geometry], text: pd.Series
) -> None:
    """An area that lies nowhere in the commune of its row is another one, or the commune is."""
    ground = check.reference.ground
    units = dict(zip(ground.current["code"], ground.current.geometry))
    inside: dict[tuple[str, str, str], bool] = {("", "", ""): True}
    wrong = np.zeros(len(keys), bool)
    for n, place in enumerate(zip(keys, base["unit_system"], base["unit_code"])):
        key, system, code = place
        heirs = [units[heir] for heir in ground.heirs.get((system, code), ()) if heir in units]
        if not key or not heirs:
            continue
        if place not in inside:
            inside[place] = bool(shapely.intersects(shapes[key], heirs).any())
        wrong[n] = not inside[place]
    check.refuse("area_elsewhere", wrong, text)


def _refuse_repeated(check: Check, found: pd.DataFrame) -> None:
    """What does not come in parts and stands in several rows of one commune and month: the sum, or one of them?"""
    others = found[~found["measure"].isin(SESSION_MEASURES) & found["value"].notna()]
    key = [*_MONTH, "measure"]
    others = others[others.duplicated(key, keep=False) & (others["unit_code"] != "").to_numpy(bool)]
    if others.empty:
        return
    said = others["area"].str.cat([others["topic"], others["organiser"]], sep="|")
    torn = said.groupby([others[name] for name in key], sort=False).transform("nunique") > 1
    for measure, rows in others[torn.to_numpy(bool)].groupby("measure", sort=False):
        heading = check.mapping.measures.get(str(measure)) or check.mapping.columns["value"]
        check.problems.add("count_once", rows.index, heading, rows["value"].astype("str"))
        check.bad |= check.rows.index.isin(rows.index)


def without_the_incomplete(check: Check, good: pd.DataFrame, refused: NDArray[np.int64]) -> pd.DataFrame:
    """Counts without those of communes and months of which a part is refused; of those too is said why.

    Parameters
    ----------
    refused : ndarray of int
        Numbers of rows that do not come in, those apart that merely stand in the file twice.
    """
    assert check.together is not None
    units = _named_units(check)
    gone = check.rows.index.isin(refused)
    first: dict[str, int] = {}  # what is incomplete, a commune's month or all of a commune's, and the row that is why
    for row, label, unit in zip(check.rows.index[gone], check.together[gone], units[gone]):
        first.setdefault(label or unit, int(row))  # of a row without a month any may lack it
    mine, whose = check.together.reindex(good.index), units.reindex(good.index)
    incomplete = ((mine.isin(first) | whose.isin(first)) & ~good.index.isin(refused)).to_numpy(bool)
    if not incomplete.any():
        return good
    rows = mine[incomplete]
    rows = rows[~rows.index.duplicated()]
    hints = [
        check.table.where(first.get(rows[row], first.get(units[row], 0)), check.reference.lang) for row in rows.index
    ]
    check.problems.add("part_refused", rows.index, "", "", hints=hints)
    return good[~incomplete]


def _named_units(check: Check) -> pd.Series:
    """How each row names its commune, to be told from the labels of months."""
    text = check.text("unit")
    assert text is not None
    return "unit " + text.map(fold)
