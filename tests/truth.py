"""What is on record, for tests that know more than anything above the store may."""

from __future__ import annotations

from datetime import date

import numpy as np

from geo.schema import Measure, Query
from geo.store import Store
from geo.store.cube import Cube, cube_of_reports


def bare_cube(store: Store, measure: Measure) -> Cube:
    """The cube of a monthly measure on present units, with every small count."""
    rows = store.query(Query(measure, date(2000, 1, 1), date(2100, 1, 1)))
    months = rows["month"].to_numpy("datetime64[M]").astype(np.int64)
    return cube_of_reports(measure, store.snapshot().attribution(), rows.assign(month=months))
