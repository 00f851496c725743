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
    count, people = np.asarray(events, float), np.asarray(population, float)
    if count.ndim != 1 or count.shape != people.shape or not (np.isfinite(count).all() and np.isfinite(people).all()):
        raise ValueError("events and population must be finite and as many")
    if (count < 0).any() or (people < 0).any() or people.sum() <= 0:
        raise ValueError("events and population must not be negative, and somebody must live somewhere")
    overall = count.sum() / people.sum()
    raw = np.divide(count, people, out=np.full(len(count), overall), where=people > 0)
    between = (people * (raw - overall) ** 2).sum() / people.sum() - overall / people.mean()
    between = max(0.0, float(between))
    noise = np.divide(overall, people, out=np.full(len(count), np.inf), where=people > 0)
    weight = between / (between + noise) if between > 0 else np.zeros(len(count))
    return np.asarray(weight * raw + (1.0 - weight) * overall)
