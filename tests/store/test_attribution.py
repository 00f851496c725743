import numpy as np
import pandas as pd

from geo.schema import UnitSystem


def _rows(*places: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(places, columns=["unit_system", "unit_code", "lon", "lat"])


def test_whole_units_are_followed_and_divided_ones_need_a_point(store):
    attribution = store.snapshot().attribution(UnitSystem.CURRENT)
    rows = _rows(
        ("current", "30346", np.nan, np.nan),
        ("legacy", "30337", np.nan, np.nan),
        ("legacy", "30358", 105.25, 10.05),
        ("legacy", "30358", np.nan, np.nan),
        ("legacy", "30358", 106.0, 10.05),
        ("current", "12345", 105.05, 10.05),
    )
    names = [*attribution.units, "open"]
    assert [names[n] for n in attribution.index(rows)] == ["30346", "30337", "30352", "open", "open", "open"]


def test_a_code_counts_in_its_own_system_only(store):
    attribution = store.snapshot().attribution(UnitSystem.CURRENT)
    assert ("current", "30346") in attribution.whole
    assert attribution.divided == {"30334", "30355", "30358"}


def test_rows_without_coordinate_columns_are_placed_by_code(store):
    attribution = store.snapshot().attribution(UnitSystem.CURRENT)
    rows = _rows(("legacy", "30358", 105.05, 10.05), ("current", "30337", 0.0, 0.0))[["unit_system", "unit_code"]]
    assert attribution.index(rows).tolist() == [3, 0]


def test_on_legacy_units_only_legacy_codes_count(demo_store):
    attribution = demo_store.snapshot().attribution(UnitSystem.LEGACY)
    rows = _rows(("legacy", "30358", np.nan, np.nan), ("current", "30337", 105.1, 10.8))
    assert attribution.units[attribution.index(rows)[0]] == "30358"
    assert attribution.index(rows)[1] == 298


def test_no_rows_give_no_positions(store):
    assert store.snapshot().attribution(UnitSystem.CURRENT).index(_rows()).tolist() == []
