"""Numbers that R gives for the same input: packages stats 4.2.2, spdep 1.2-7 and surveillance 1.20.3 of Debian 12.

The inputs are formulas, so that anyone can have them again; none of the rules was made with these numbers at hand.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from libpysal.weights import lat2W

from geo.analysis import change, hotspots, near_repeat, rates, usual

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    LATTICE = lat2W(10, 10, rook=False)

N = np.arange(100)
COUNTS = (7 * N * N + 3 * N) % 23 + np.where(np.isin(N, [44, 45, 54, 55, 56]), 20, 0)
PEOPLE = 500 + (37 * N) % 911
SHOWN = np.array([0, 5, 11, 44, 45, 55, 56, 77, 99])
X, Y, DAY = (N * 37) % 101, (N * N * 11) % 97, (N * N * 7 + 5 * N) % 120


def test_gi_star_is_that_of_spdep():
    """`localG(y, nb2listw(include.self(nb), style="B"))`."""
    theirs = [-0.6539957301, -0.6345720485, -0.4789131950, 4.0407005068, 3.8748431232, 4.7041300410, 2.2991979795,
              0.8064815275, 0.4965523136]  # fmt: skip
    assert hotspots.gi_star(COUNTS, LATTICE)["z"].to_numpy()[SHOWN] == pytest.approx(theirs, abs=1e-9)
    assert hotspots.gi_star_exact(COUNTS, LATTICE)["z"].to_numpy()[SHOWN] == pytest.approx(theirs, abs=1e-9)


def test_local_moran_is_that_of_spdep():
    """`localmoran(y, nb2listw(nb, style="W"))`, whose variance is over n where ours, as esda's, is over n - 1."""
    theirs = np.array([-0.0077872204, 0.1091277602, 0.0580841304, 3.6655406607, 1.8654126516, 4.2589161896,
                       1.3616434946, 0.0343491093, 0.0057248515])  # fmt: skip
    ours = hotspots.local_moran(COUNTS, LATTICE)["i"].to_numpy()[SHOWN]
    assert ours == pytest.approx(theirs * 99 / 100, abs=1e-9)


def test_smoothed_rates_are_those_of_spdep():
    """`EBest(y, pop)`."""
    theirs = [0.002286612246, 0.009186969637, 0.007207279959, 0.032401541476, 0.018461199428, 0.048342856535,
              0.044004082082, 0.018161212855, 0.031804041154]  # fmt: skip
    assert rates.empirical_bayes(COUNTS, PEOPLE)[SHOWN] == pytest.approx(theirs, abs=1e-11)


def test_standardised_rates_are_those_of_spdep():
    """As `EBImoran.mc` makes them before Moran's I."""
    theirs = [-1.0692549382, -0.2666738895, -0.4794260651, 2.2568739457, 0.7458987127, 4.1109772874, 3.6127852445,
              0.7457722834, 2.3237317447]  # fmt: skip
    assert rates.standardised(COUNTS, PEOPLE)[SHOWN] == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize(
    ("before", "after", "equal", "unlike"),
    [
        (8, 30, 0.000235993371, 0.000000024977),
        (0, 3, 0.125, 0.040865569273),
        (3, 0, 0.125, 0.281727023320),
        (12, 13, 0.5, 0.053538564059),
        (100, 160, 0.000119470952, 0.0),
        (40, 15, 0.000507923597, 0.164319838274),
    ],
)
def test_verdicts_are_the_exact_test_of_r(before, after, equal, unlike):
    """`poisson.test(c(after, before), T = ...)`, one-sided toward the change; over 31 days after and 59 before too."""
    assert change.verdict(before, after)["p"].iloc[0] == pytest.approx(equal, abs=1e-11)
    assert change.verdict(before, after, n1=59, n2=31)["p"].iloc[0] == pytest.approx(unlike, abs=1e-11)


@pytest.mark.parametrize(
    ("days", "metres", "observed", "expected"),
    [(13.5, 20.5, 104, 107.4812121212), (6.5, 30.5, 114, 123.0953535354), (27.5, 9.5, 33, 37.4949494949)],
)
def test_pairs_and_their_expectation_are_those_of_surveillance(days, metres, observed, expected):
    """`knox(dt = dist(d), ds = dist(cbind(x, y)), eps.t, eps.s)`."""
    found = near_repeat.knox(X, Y, DAY, distance_breaks_m=[metres], day_breaks=[days], permutations=9)
    assert found.observed.iloc[0, 0] == observed
    assert found.expected.iloc[0, 0] == pytest.approx(expected, abs=1e-9)


def test_the_p_of_near_repeats_is_that_of_surveillance():
    """The same with `simulate.p.value = TRUE, B = 99999`: 0.675, of as many pairs or more."""
    found = near_repeat.knox(X, Y, DAY, distance_breaks_m=[20.5], day_breaks=[13.5], permutations=4_999)
    assert found.p.iloc[0, 0] == pytest.approx(0.675, abs=0.025)


def test_limits_of_a_steady_series_are_near_those_of_farrington():
    """`farringtonFlexible` with alpha = 0.005, b = 4, w = 3, no trend, negative binomial limits: 44 to 46.

    Ours allow for not knowing the dispersion, so they lie somewhat higher; of a jump by 30 both call eleven months of
    twelve unusual or all of them.
    """
    series = 30 + (7 * np.arange(72) ** 2 + 3 * np.arange(72)) % 17 - 8
    history = np.stack([series[j : 60 + j] for j in range(12)])
    found = usual.predict(history, series[60:72, None])
    assert (found.high[:, 0] >= 44).all()
    assert (found.high[:, 0] <= 46 * 1.15).all()
    jumped = usual.predict(history, series[60:72, None] + 30)
    assert (jumped.p_up[:, 0] <= usual.LEVEL).sum() >= 10
