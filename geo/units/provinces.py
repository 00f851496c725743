"""Which province communes are of, by their codes: these run through the country province by province."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.settings import REFERENCE

__all__ = ["name_of", "province_of", "refuse_other"]


def province_of(codes: Iterable[str]) -> str:
    """Code of the province that most of the communes are of, former ones too; empty where most are of none known.

    Parameters
    ----------
    codes : iterable of str
        Five digits each.
    """
    given = pd.Series(list(codes), dtype=object)
    runs = _runs()
    place = np.searchsorted(runs["first"].to_numpy(object), given.to_numpy(object), side="right") - 1
    within = (place >= 0) & (given <= runs["last"].to_numpy(object)[place]).to_numpy(bool)
    counted = Counter(np.where(within, runs["province"].to_numpy(object)[place], "").tolist())
    return str(counted.most_common(1)[0][0]) if counted else ""


def name_of(province: str) -> str:
    """What a province is called; its code where it has none."""
    named = dict(zip(_runs()["province"], _runs()["name"]))
    return str(named.get(province, province))


def refuse_other(shown: str, codes: Iterable[str], province: str) -> None:
    """Raise InputError if most of the communes of a layer called `shown` are of another province than this one."""
    if (found := province_of(codes)) not in ("", province):
        said = {"found": found, "found_name": name_of(found), "set": province, "set_name": name_of(province)}
        raise InputError("units.other_province", file=shown, **said)


@lru_cache(maxsize=1)
def _runs() -> pd.DataFrame:
    """Runs of codes: province, name, first, last."""
    return pd.read_csv(REFERENCE / "code_runs.csv", dtype=str)
