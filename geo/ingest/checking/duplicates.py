"""Natural keys: when two rows are the same record, within a file and against the store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.ingest.checking.problems import Problems
from geo.schema import PART_COLUMNS, Dataset
from geo.text import fold

__all__ = ["DERIVED", "check_duplicates", "derived_ids"]

DERIVED = "~"
"""Record numbers that begin so are made from the record itself, because its source has none."""

_MONTHLY_KEY = ["month", "unit_system", "unit_code", "measure"]
_PEOPLE_KEY = ["unit_system", "unit_code", "year"]
_KEYS = {
    Dataset.CASES: ["record_id"],
    Dataset.DENS: ["record_id"],
    Dataset.MONTHLY: _MONTHLY_KEY,
    Dataset.POPULATION: _PEOPLE_KEY,
    Dataset.ZONES: ["name", "kind"],
    Dataset.YEARLY: ["year", "unit_system", "unit_code", "measure", "kind"],
    Dataset.TARGETS: ["year", "unit_code", "measure", "value"],
    Dataset.MODELS: ["name", "unit_system", "unit_code"],
}
_SAME = {
    Dataset.CASES: "duplicate_in_file",
    Dataset.DENS: "duplicate_in_file",
    Dataset.ZONES: "zone_in_file",
}
"""What is said of a row that stands in the file before."""

_COMPARED = {
    Dataset.CASES: ["date", "unit_system", "unit_code", "kind"],
    Dataset.DENS: ["date", "unit_system", "unit_code", "kind"],
    Dataset.MONTHLY: ["value"],
    Dataset.POPULATION: ["people"],
    Dataset.ZONES: ["geometry"],
    Dataset.YEARLY: ["value"],
    Dataset.TARGETS: [],
    Dataset.MODELS: ["kind", "since", "until", "members"],
}


def derived_ids(rows: pd.DataFrame) -> list[str]:
    """Record numbers for rows that have none: the same day, unit, kind and place give the same number.

    Where there is no place, status and suspects count as well.
    """
    lon, lat = rows["lon"].to_numpy(float), rows["lat"].to_numpy(float)
    placed = np.isfinite(lon)
    place = [f"{a:.6f}|{b:.6f}" if ok else "" for a, b, ok in zip(lon, lat, placed)]
    status = rows["status"].fillna("").tolist()
    suspects = rows["suspects"].fillna(-1).tolist()
    days = rows["date"].to_numpy("datetime64[D]").astype(str)
    parts = zip(days, rows["unit_system"], rows["unit_code"], rows["kind"], place, status, suspects)
    return [
        DERIVED + hashlib.blake2b("|".join((*map(str, head), where or f"{s}|{k}")).encode(), digest_size=10).hexdigest()
        for *head, where, s, k in parts
    ]


def check_duplicates(
    rows: pd.DataFrame,
    dataset: Dataset,
    known: pd.DataFrame,
    problems: Problems,
    *,
    heading: str = "",
    where: Callable[[int], str] = str,
) -> NDArray[np.bool_]:
    """Which rows are to be left out because the record is in the file or in the store already.

    Parameters
    ----------
    rows : DataFrame
        Columns of the store, indexed by row number.
    known : DataFrame
        What the store holds: the key and the compared columns, and `batch_id`.
    heading : str
        Heading of the column of record numbers, for messages.
    where : callable
        Names a row for a person.
    """
    if dataset is Dataset.ZONES:
        return _double_zones(rows, known, problems, heading, where)
    if dataset is Dataset.MONTHLY and PART_COLUMNS[0] in rows:
        return _double_parts(rows, known, problems, where)
    return _double(rows, dataset, known, problems, heading, where)


def _double_zones(
    rows: pd.DataFrame, known: pd.DataFrame, problems: Problems, heading: str, where: Callable[[int], str]
) -> NDArray[np.bool_]:
    """A zone that comes with its key is a change of that zone, or the very same; others go by name and kind."""
    held = known.drop_duplicates("key").set_index("key") if len(known) else known
    mine = rows["key"].isin(held.index).to_numpy(bool) if len(held) else np.zeros(len(rows), bool)
    same = np.zeros(len(rows), bool)
    for n in np.flatnonzero(mine):
        row, zone = rows.iloc[n], held.loc[rows["key"].iloc[n]]
        facts = all(row[name] == zone[name] or (pd.isna(row[name]) and pd.isna(zone[name])) for name in _FACTS)
        same[n] = facts and shapely.equals_identical(row["geometry"], zone["geometry"])
    if same.any():
        batches = held.loc[rows["key"][same], "batch_id"].astype(str)
        problems.add("duplicate_in_store", rows.index[same], heading, "", hints=list(batches))
    rest = rows[~same]
    if len(known):
        ended = known["divided"].to_numpy(bool) | np.array([_is_past(until) for until in known["until"]], bool)
        known = known[~ended & ~known["key"].isin(rows["key"]).to_numpy(bool)]
    left_out = same.copy()
    left_out[~same] = _double(_comparable(rest), Dataset.ZONES, _comparable(known), problems, heading, where)
    return left_out


def _double_parts(
    rows: pd.DataFrame, known: pd.DataFrame, problems: Problems, where: Callable[[int], str]
) -> NDArray[np.bool_]:
    """Counts that come in parts: each stands once in the file, and their sum is what the store has or has not."""
    if rows.empty:
        return np.zeros(0, bool)
    named = rows.assign(measure=rows["measure"].str.cat([rows[name] for name in PART_COLUMNS], sep="|"))
    left_out = _double(named, Dataset.MONTHLY, pd.DataFrame(), problems, "", where)
    rest = rows[~left_out]
    codes = _codes(rest, known, _MONTHLY_KEY)
    stored, at = _in_store(codes[: len(rest)], codes[len(rest) :])
    if stored.any():
        sums = rest.assign(value=rest["value"].groupby(codes[: len(rest)]).transform("sum"))[stored]
        nothing = pd.Series("", sums.index, dtype="str")
        _say_stored(sums, known.iloc[at[stored]], Dataset.MONTHLY, "", nothing, problems)
    left_out[~left_out] = stored
    return left_out


_FACTS = ("name", "kind", "since", "until", "source", "decision")


def _is_past(until: date | None) -> bool:
    return isinstance(until, date) and not pd.isna(until) and until < date.today()


def _double(
    rows: pd.DataFrame,
    dataset: Dataset,
    known: pd.DataFrame,
    problems: Problems,
    heading: str,
    where: Callable[[int], str],
) -> NDArray[np.bool_]:
    keys = _KEYS[dataset]
    codes = _codes(rows, known, keys)
    mine, theirs = codes[: len(rows)], codes[len(rows) :]
    again = pd.Series(mine).duplicated().to_numpy()
    torn = np.zeros(len(rows), bool) if dataset is Dataset.ZONES else _torn(rows, mine, again, _COMPARED[dataset])
    first_row = pd.Series(rows.index.to_numpy()).groupby(mine).transform("first").to_numpy()
    if keys == ["record_id"] and heading:
        shown = rows["record_id"].where(~rows["record_id"].str.startswith(DERIVED), "")
    else:
        heading, shown = "", pd.Series("", index=rows.index, dtype="str")
    if torn.any():
        other_row = np.where(again, first_row, _next_row(rows, mine))
        hints = [where(int(row)) for row in other_row[torn]]
        problems.add("conflict_in_file", rows.index[torn], heading, shown[torn], hints=hints)
    if (same := again & ~torn).any():
        hints = [where(int(row)) for row in first_row[same]]
        problems.add(_SAME.get(dataset, "count_twice_in_file"), rows.index[same], heading, shown[same], hints=hints)
    stored, at = _in_store(mine, theirs)
    stored &= ~again & ~torn
    if stored.any():
        _say_stored(rows[stored], known.iloc[at[stored]], dataset, heading, shown[stored], problems)
    left_out: NDArray[np.bool_] = again | torn | stored
    return left_out


def _in_store(mine: NDArray[np.int64], theirs: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which keys the store has, and at which place the latest of each."""
    if not len(theirs):
        return np.zeros(len(mine), bool), np.zeros(len(mine), np.int64)
    position = pd.Series(np.arange(len(theirs)), index=theirs)
    position = position[~position.index.duplicated(keep="last")]
    at = position.reindex(mine, fill_value=-1).to_numpy(np.int64)
    return at >= 0, at


def _torn(
    rows: pd.DataFrame, key: NDArray[np.int64], again: NDArray[np.bool_], compared: list[str]
) -> NDArray[np.bool_]:
    """Rows whose key stands in several rows with other content: which of them is right, the file does not say."""
    at = np.flatnonzero(again)
    first = pd.Series(np.flatnonzero(~again), index=key[~again]).reindex(key[at]).to_numpy()
    other = np.zeros(len(at), bool)
    for name in compared:
        values = rows[name]
        other |= _plain(values.iloc[at]).to_numpy() != _plain(values.iloc[first]).to_numpy()
    return np.isin(key, key[at[other]])


def _next_row(rows: pd.DataFrame, key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Row number of the next row with the same key; its own where there is none."""
    own = pd.Series(rows.index.to_numpy())
    return np.asarray(own.groupby(key).shift(-1).fillna(own), np.int64)


def _comparable(zones: pd.DataFrame) -> pd.DataFrame:
    """Zones whose names differ in case, marks or spaces only are one; shapes are compared to the decimetre."""
    if zones.empty:
        return zones
    shapes = shapely.normalize(shapely.set_precision(np.asarray(zones["geometry"], object), 1e-6))
    return pd.DataFrame(zones).assign(name=zones["name"].map(fold), geometry=shapely.to_wkb(shapes, hex=True))


def _codes(rows: pd.DataFrame, known: pd.DataFrame, keys: list[str]) -> NDArray[np.int64]:
    """One number per distinct key, over the file's rows and then the store's."""
    joined = [_plain(rows[key]) for key in keys]
    if len(known):
        joined = [pd.concat([own, _plain(known[key])], ignore_index=True) for own, key in zip(joined, keys)]
    if len(joined) == 1:
        return np.asarray(pd.factorize(joined[0])[0], np.int64)
    return np.asarray(
        pd.DataFrame(dict(enumerate(joined))).groupby(list(range(len(joined))), sort=False).ngroup(), np.int64
    )


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    return values.astype("str").fillna("")


def _say_stored(
    rows: pd.DataFrame, known: pd.DataFrame, dataset: Dataset, heading: str, shown: pd.Series, problems: Problems
) -> None:
    """Already there and equal, or there with other content; of a masked measure only that it is there."""
    equal, told = np.ones(len(rows), bool), np.ones(len(rows), bool)
    for name in _COMPARED[dataset]:
        equal &= _plain(rows[name]).to_numpy() == _plain(known[name]).to_numpy()
        told &= known[name].notna().to_numpy() | (name != "value")
    batches = known["batch_id"].astype(str).to_numpy()
    other = "zone_changed" if dataset is Dataset.ZONES else "conflict_in_store"
    for key, chosen in (("duplicate_in_store", equal & told), (other, ~equal & told), ("reported_in_store", ~told)):
        if chosen.any():
            problems.add(key, rows.index[chosen], heading, shown[chosen], hints=list(batches[chosen]))
