"""Rates that small populations do not distort."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def empirical_bayes(events: ArrayLike, population: ArrayLike) -> NDArray[np.float64]:
    """Rates drawn towards the overall rate, the more so the fewer people they rest on.

    `r_i = w_i (e_i / n_i) + (1 - w_i) m`, with the overall rate m, the variance between units
    `A = max(0, s^2 - m / mean(n))` and `w_i = A / (A + m / n_i)`.

    Parameters
    ----------
    events, population : array_like, shape (n,)
        Units without people get the overall rate.

    Returns
    -------
    ndarray, shape (n,)
        Events per person.

    Raises
    ------
    ValueError
        If sizes differ, a value is negative or missing, or nobody lives anywhere.

    References
    ----------
    Marshall (1991), Mapping disease and mortality rates using empirical Bayes estimators, doi:10.2307/2347593.
    """
    count, people = _checked(events, population)
    overall, raw, between = _spread(count, people)
    noise = np.divide(overall, people, out=np.full(len(count), np.inf), where=people > 0)
    weight = between / (between + noise) if between > 0 else np.zeros(len(count))
    return np.asarray(weight * raw + (1.0 - weight) * overall)


def standardised(events: ArrayLike, population: ArrayLike) -> NDArray[np.float64]:
    """How far each rate lies from the overall rate, in standard deviations that allow for its number of people.

    `z_i = (e_i / n_i - m) / sqrt(A + m / n_i)` with the overall rate m and the variance between units A of
    `empirical_bayes`; where that is negative, only the second part counts. Maps of it are as even as chance has them
    though populations are not, which raw rates are not.

    Parameters
    ----------
    events, population : array_like, shape (n,)
        Somebody lives in every unit.

    Returns
    -------
    ndarray, shape (n,)
        Zero everywhere where no event is on record.

    Raises
    ------
    ValueError
        As `empirical_bayes`, and if nobody lives in a unit.

    References
    ----------
    Assunção and Reis (1999), doi:10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I.
    """
    count, people = _checked(events, population)
    if (people == 0).any():
        raise ValueError("somebody must live in every unit")
    overall, raw, between = _spread(count, people)
    deviation = np.sqrt(between + overall / people)
    return np.divide(raw - overall, deviation, out=np.zeros(len(count)), where=deviation > 0)


def _checked(events: ArrayLike, population: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    count, people = np.asarray(events, float), np.asarray(population, float)
    if count.ndim != 1 or count.shape != people.shape or not (np.isfinite(count).all() and np.isfinite(people).all()):
        raise ValueError("events and population must be finite and as many")
    if (count < 0).any() or (people < 0).any() or people.sum() <= 0:
        raise ValueError("events and population must not be negative, and somebody must live somewhere")
    return count, people


def _spread(count: NDArray[np.float64], people: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], float]:
    """The overall rate, the rate of each unit, and the variance between units that chance does not explain."""
    overall = float(count.sum() / people.sum())
    raw = np.divide(count, people, out=np.full(len(count), overall), where=people > 0)
    between = (people * (raw - overall) ** 2).sum() / people.sum() - overall / people.mean()
    return overall, raw, max(0.0, float(between))
