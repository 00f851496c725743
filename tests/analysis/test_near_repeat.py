"""Knox's test against the published example, brute force and its own null."""

import numpy as np
import pyogrio
import pytest
from libpysal.examples import get_path

from geo.analysis.near_repeat import knox


@pytest.fixture(scope="module")
def burkitt() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """188 cases in the West Nile district of Uganda, the data pointpats tests its own Knox with."""
    frame = pyogrio.read_dataframe(get_path("burkitt.shp"))
    return frame["X"].to_numpy(float), frame["Y"].to_numpy(float), frame["T"].to_numpy(float)


def test_burkitt_lymphoma_at_20_and_5(burkitt):
    x, y, days = burkitt
    assert len(x) == 188
    # pointpats takes pairs up to and including 20 and 5; left-closed bands end just above.
    result = knox(x, y, days, distance_breaks_m=[np.nextafter(20, 21)], day_breaks=[np.nextafter(5, 6)])
    assert result.observed.iloc[0, 0] == 13
    assert result.expected.iloc[0, 0] == pytest.approx(10.14, abs=0.005)
    assert result.p.iloc[0, 0] == pytest.approx(0.2, abs=0.05)


def _brute(x, y, days, space, time, p):
    counts = np.zeros((len(space), len(time)), int)
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            gap = abs(x[i] - x[j]) ** p + abs(y[i] - y[j]) ** p
            a = np.searchsorted(space, gap ** (1 / p), side="right")
            b = np.searchsorted(time, abs(days[i] - days[j]), side="right")
            if a < len(space) and b < len(time):
                counts[a, b] += 1
    return counts


@pytest.mark.parametrize(("metric", "p"), [("euclidean", 2), ("manhattan", 1)])
def test_every_pair_is_counted_once_in_its_left_closed_band(metric, p):
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 30, (2, 90)).astype(float)
    days = rng.integers(0, 40, 90).astype(float)
    space, time = [5, 10, 20], [1, 7, 14]
    result = knox(x, y, days, distance_breaks_m=space, day_breaks=time, metric=metric, permutations=9)
    assert result.observed.to_numpy().tolist() == _brute(x, y, days, space, time, p).tolist()
    assert result.observed.index.tolist() == ["[0, 5)", "[5, 10)", "[10, 20)"]
    assert result.observed.columns.tolist() == ["[0, 1)", "[1, 7)", "[7, 14)"]


def test_days_with_fractions_fall_into_the_same_bands():
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 100, (2, 120))
    days = rng.integers(0, 60, 120).astype(float)
    breaks = {"distance_breaks_m": [10, 30], "day_breaks": [3, 9], "permutations": 9}
    whole = knox(x, y, days, **breaks)
    moved = knox(x, y, days + 0.25, **breaks)
    assert whole.observed.equals(moved.observed)


def test_the_expectation_is_the_mean_over_permutations():
    rng = np.random.default_rng(5)
    x, y = rng.normal(0, 50, (2, 150))
    days = rng.integers(0, 100, 150).astype(float)
    result = knox(x, y, days, distance_breaks_m=[30], day_breaks=[10], permutations=1)
    shuffled = [
        knox(x, y, rng.permutation(days), distance_breaks_m=[30], day_breaks=[10], permutations=1).observed.iloc[0, 0]
        for _ in range(300)
    ]
    assert np.mean(shuffled) == pytest.approx(result.expected.iloc[0, 0], rel=0.02)


def test_false_alarms_stay_at_their_level_without_structure():
    alarms = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        x, y = rng.uniform(0, 1_000, (2, 150))
        result = knox(
            x, y, rng.integers(0, 200, 150), distance_breaks_m=[100], day_breaks=[14], permutations=99, seed=seed
        )
        alarms += result.p.iloc[0, 0] <= 0.05
    assert 2 <= alarms <= 20


def test_repeats_are_found():
    rng = np.random.default_rng(6)
    x, y, days = rng.uniform(0, 10_000, 300), rng.uniform(0, 10_000, 300), rng.integers(0, 700, 300)
    again = rng.choice(300, 40, replace=False)
    x, y = np.append(x, x[again] + 60), np.append(y, y[again])
    days = np.append(days, days[again] + rng.integers(1, 10, 40))
    result = knox(x, y, days, distance_breaks_m=[200, 1_000], day_breaks=[14, 60])
    assert result.p.iloc[0, 0] == 0.001
    assert result.ratio.iloc[0, 0] > 5


@pytest.mark.parametrize("breaks", [[], [0, 5], [5, 5], [-1]])
def test_bad_breaks_are_refused(breaks):
    with pytest.raises(ValueError, match="breaks"):
        knox([0.0], [0.0], [0.0], distance_breaks_m=breaks, day_breaks=[7])


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_handful_of_events_is_no_error(n):
    result = knox(np.arange(n), np.arange(n), np.arange(n), distance_breaks_m=[5], day_breaks=[5], permutations=9)
    assert result.observed.to_numpy().sum() == (n == 2)


BANDS = {"distance_breaks_m": [100, 200, 400], "day_breaks": [7, 14, 28]}


def _towns(seed, *, drifting=False, repeats=0):
    """Events in twelve towns; in half of them they may become more over the year, in the others fewer."""
    rng = np.random.default_rng(seed)
    town = rng.integers(12, size=600)
    x, y = rng.normal(0, 400, 600) + 3000 * (town % 4), rng.normal(0, 400, 600) + 3000 * (town // 4)
    share = rng.random(600)
    if drifting:
        share = np.where(town % 2 == 0, np.sqrt(share), 1 - np.sqrt(share))
    day = np.floor(365 * share)
    again = rng.integers(600, size=repeats)
    near, soon = rng.normal(0, 40, (2, repeats)), rng.integers(0, 7, repeats)
    return (
        np.concatenate([x, x[again] + near[0]]), np.concatenate([y, y[again] + near[1]]),
        np.concatenate([day, day[again] + soon]), np.concatenate([town, town[again]]),
    )  # fmt: skip


def test_however_many_bands_are_looked_at_few_patterns_without_repeats_have_one_beyond_chance():
    alone = together = 0
    for seed in range(40):
        x, y, day, _ = _towns(seed)
        found = knox(x, y, day, permutations=399, **BANDS)
        alone += (found.p <= 0.05).any(axis=None)
        together += (found.p_adjusted <= 0.05).any(axis=None)
    assert together <= 6 < alone


def test_towns_that_grow_and_shrink_are_no_near_repeats_where_dates_stay_in_their_town():
    wrong = right = 0
    for seed in range(12):
        x, y, day, town = _towns(seed, drifting=True)
        wrong += (knox(x, y, day, permutations=399, **BANDS).p_adjusted <= 0.05).any(axis=None)
        right += (knox(x, y, day, areas=town, permutations=399, **BANDS).p_adjusted <= 0.05).any(axis=None)
    assert wrong >= 11
    assert right <= 3


def test_planted_repeats_are_found_and_the_band_they_are_in():
    x, y, day, town = _towns(0, repeats=30)
    found = knox(x, y, day, areas=town, **BANDS)
    assert found.p_adjusted.iloc[0, 0] <= 0.01
    assert found.observed.iloc[0, 0] - found.expected.iloc[0, 0] == pytest.approx(30, rel=0.4)


def test_one_area_for_all_is_none_at_all():
    x, y, day, _ = _towns(1)
    whole = knox(x, y, day, permutations=199, **BANDS)
    one = knox(x, y, day, areas=np.zeros(len(x)), permutations=199, **BANDS)
    assert (whole.observed == one.observed).all(axis=None)
    assert np.allclose(whole.expected, one.expected, rtol=0.05)
    with pytest.raises(ValueError, match="areas"):
        knox(x, y, day, areas=[1, 2], permutations=9, **BANDS)
