"""The seventeen categories by their definitions, as a truth table."""

import numpy as np
import pytest

from geo.analysis.emerging import CATEGORIES, classify

H, C, N = "H", "C", "."
TABLE = [
    # steps, p, sign, category
    (".........H", 1.0, 0, "new hot spot"),
    (".......HHH", 1.0, 0, "consecutive hot spot"),
    ("HHHHHHHHHH", 0.01, 1, "intensifying hot spot"),
    ("HHHHHHHHHH", 0.60, 1, "persistent hot spot"),
    ("HHHHHHHHHH", 0.01, -1, "diminishing hot spot"),
    (".HHHHHHHHH", 0.01, 1, "intensifying hot spot"),
    ("H.HH...H.H", 1.0, 0, "sporadic hot spot"),
    ("H.HH.C.H.H", 1.0, 0, "oscillating hot spot"),
    ("HHHHHHHHH.", 1.0, 0, "historical hot spot"),
    (".........C", 1.0, 0, "new cold spot"),
    (".......CCC", 1.0, 0, "consecutive cold spot"),
    ("CCCCCCCCCC", 0.01, -1, "intensifying cold spot"),
    ("CCCCCCCCCC", 0.60, -1, "persistent cold spot"),
    ("CCCCCCCCCC", 0.01, 1, "diminishing cold spot"),
    ("C.CC...C.C", 1.0, 0, "sporadic cold spot"),
    ("C.CC.H.C.C", 1.0, 0, "oscillating cold spot"),
    ("CCCCCCCCC.", 1.0, 0, "historical cold spot"),
    ("..........", 1.0, 0, "no pattern"),
    ("H.HH......", 0.01, 1, "no pattern"),
    ("C........H", 1.0, 0, "new hot spot"),
    ("C......HHH", 1.0, 0, "consecutive hot spot"),
]


def _spots(steps: str, sign: str) -> np.ndarray:
    return np.array([[s == sign for s in steps]])


@pytest.mark.parametrize(("steps", "p", "sign", "expected"), TABLE)
def test_the_truth_table(steps, p, sign, expected):
    assert classify(_spots(steps, H), _spots(steps, C), [p], [sign]) == [expected]


def test_all_seventeen_are_in_the_table():
    assert len(CATEGORIES) == len(set(CATEGORIES)) == 17
    assert {row[3] for row in TABLE} == set(CATEGORIES)


def test_several_units_keep_their_order():
    rows = [row for row in TABLE if len(row[0]) == 10]
    hot = np.vstack([_spots(row[0], H) for row in rows])
    cold = np.vstack([_spots(row[0], C) for row in rows])
    assert classify(hot, cold, [r[1] for r in rows], [r[2] for r in rows]) == [r[3] for r in rows]


def test_contradictions_are_refused():
    with pytest.raises(ValueError, match="at once"):
        classify([[True]], [[True]], [1.0], [0])
    with pytest.raises(ValueError, match="same units"):
        classify([[True]], [[False]], [1.0, 1.0], [0])
