"""Where high or low values gather: the local statistics Gi* and local Moran, with false discoveries under control."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, eye_array
from scipy.stats import norm

from geo.analysis.permutation import window_p

Correction = Literal["fdr", "none"]
Floats = NDArray[np.float64]


def gi_star(values: ArrayLike, weights: Any, *, alpha: float = 0.05, correction: Correction = "fdr") -> pd.DataFrame:
    """Getis and Ord's Gi*: is the sum of a unit and its neighbours larger or smaller than chance would have it?

    `z_i = (sum_j w_ij x_j - mean(x) W_i) / (s sqrt((n sum_j w_ij^2 - W_i^2) / (n - 1)))` with `w_ii = 1`.

    Parameters
    ----------
    values : array_like, shape (n,)
        Counts or rates; the index of a Series is kept.
    weights : libpysal W or Graph
        In the order of `values`. Made binary; each unit is added as its own neighbour.
    alpha : float
        Level of the labels.
    correction : {"fdr", "none"}
        Benjamini and Hochberg's false discovery rate, doi:10.1111/j.2517-6161.1995.tb02031.x, or none.

    Returns
    -------
    DataFrame[z, p, p_adjusted, label], n rows
        `p` is two-sided; `label` is hot, cold or none.

    Raises
    ------
    ValueError
        If sizes differ, a value is missing or too large to be squared, or a Series is in another order than the
        weights.
    TypeError
        If the weights are neither W nor Graph.

    References
    ----------
    Ord and Getis (1995), doi:10.1111/j.1538-4632.1995.tb00912.x.
    """
    x = _checked(values, weights)
    w = _with_self(_binary(weights, len(x)))
    links = np.asarray(w.sum(axis=1)).ravel()
    spread = _spread(x)
    scale = spread * np.sqrt(np.maximum(len(x) * links - links**2, 0.0) / (len(x) - 1))
    z = np.divide(w @ x - x.mean() * links, scale, out=np.zeros(len(x)), where=scale > 0)
    p = 2.0 * norm.sf(np.abs(z))
    return _labelled(values, z, p, alpha, correction)


def gi_star_exact(
    values: ArrayLike, weights: Any, *, alpha: float = 0.05, correction: Correction = "fdr"
) -> pd.DataFrame:
    """As `gi_star`, with p from all ways of dealing the values out over the map instead of the normal distribution.

    On skewed counts the normal distribution calls communes hot on most maps without any structure; this does not. It
    needs no seed: see `geo.analysis.permutation`. A single busy unit is never significant, however busy: of n units it
    lies in a window of d with probability d / n.
    """
    x = _checked(values, weights)
    w = _with_self(_binary(weights, len(x)))
    p = _two_sided(*window_p(x, w, np.asarray(w.sum(axis=1)).ravel()))
    z = gi_star(x, weights)["z"].to_numpy()
    return _labelled(values, z, p, alpha, correction)


def local_moran(
    values: ArrayLike, weights: Any, *, alpha: float = 0.05, correction: Correction = "fdr"
) -> pd.DataFrame:
    """Local Moran: is a unit like its neighbours (high among high, low among low) or unlike them?

    `I_i = (n - 1) z_i sum_j w_ij z_j / sum z^2` with weights that sum to one per unit.

    Returns
    -------
    DataFrame[i, p, p_adjusted, quadrant, label], n rows
        `quadrant` is high-high, low-high, low-low or high-low; `label` is the quadrant where significant, else none.
        `p` is from all ways of dealing the values out, and two-sided: twice the smaller tail, where esda gives the tail
        itself.

    References
    ----------
    Anselin (1995), doi:10.1111/j.1538-4632.1995.tb00338.x.
    """
    x = _checked(values, weights)
    w = _binary(weights, len(x))
    links = np.asarray(w.sum(axis=1)).ravel()
    share = csr_array(w.multiply((1.0 / np.maximum(links, 1.0))[:, None]))
    z = x - x.mean() if _spread(x) else np.zeros(len(x))
    total = float((z**2).sum()) or 1.0
    lag = share @ z
    moran = (len(x) - 1) * z * lag / total
    p = _two_sided(*window_p(x, w, links))
    quadrant = np.where(z > 0, np.where(lag > 0, "high-high", "high-low"), np.where(lag > 0, "low-high", "low-low"))
    adjusted = _adjusted(p, correction)
    label = np.where(adjusted <= alpha, quadrant, "none")
    columns = {"i": moran, "p": p, "p_adjusted": adjusted, "quadrant": quadrant, "label": label}
    return pd.DataFrame(columns, index=_index(values))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """P values adjusted so that those at most alpha hold at most a share alpha of false discoveries."""
    values = np.asarray(p, float)
    order = np.argsort(values)[::-1]
    ranks = np.arange(len(values), 0, -1)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(values[order] * len(values) / ranks))
    return adjusted


def _adjusted(p: Floats, correction: Correction) -> Floats:
    if correction not in get_args(Correction):
        raise ValueError(f"correction must be one of {', '.join(get_args(Correction))}")
    return benjamini_hochberg(p) if correction == "fdr" else p


def _labelled(values: ArrayLike, z: Floats, p: Floats, alpha: float, correction: Correction) -> pd.DataFrame:
    adjusted = _adjusted(p, correction)
    label = np.where(adjusted > alpha, "none", np.where(z > 0, "hot", "cold"))
    return pd.DataFrame({"z": z, "p": p, "p_adjusted": adjusted, "label": label}, index=_index(values))


def _index(values: ArrayLike) -> pd.Index | None:
    return values.index if isinstance(values, pd.Series) else None


def _checked(values: ArrayLike, weights: Any) -> Floats:
    x = np.asarray(values, float)
    if x.ndim != 1 or len(x) < 3 or not np.isfinite(x).all():
        raise ValueError("values must be one row of at least three finite numbers")
    with np.errstate(over="ignore"):
        if not np.isfinite(((x - x.mean()) ** 2).sum()):
            raise ValueError("values are too large to be squared: give them in another unit")
    if isinstance(values, pd.Series):
        _same_order(values.index, weights)
    return x


def _same_order(index: pd.Index, weights: Any) -> None:
    """Refuse a Series whose labels are those of the weights in another order: its values would go to other units."""
    named = getattr(weights, "unique_ids", getattr(weights, "id_order", None))
    ids = pd.Index([] if named is None else named)
    if len(ids) == len(index) and not ids.equals(index) and ids.sort_values().equals(index.sort_values()):
        raise ValueError("values stand in another order than the weights: reindex them")


def _spread(x: Floats) -> float:
    """Standard deviation; exactly zero where all values are the same, for the mean of equal values may be rounded."""
    return float(x.std()) if np.ptp(x) > 0 else 0.0


def _binary(weights: Any, n: int) -> csr_array:
    """The neighbours of a libpysal W or Graph as ones, without self."""
    if not hasattr(weights, "sparse"):
        raise TypeError(f"weights must be a libpysal W or Graph, not {type(weights).__name__}")
    matrix = csr_array(weights.sparse).astype(float)
    if matrix.shape != (n, n):
        raise ValueError(f"weights are for {matrix.shape[0]} units, values for {n}")
    matrix.setdiag(0.0)
    matrix.eliminate_zeros()
    matrix.data[:] = 1.0
    return matrix


def _with_self(matrix: csr_array) -> csr_array:
    return csr_array(matrix + eye_array(matrix.shape[0]))


def _two_sided(up: Floats, down: Floats) -> Floats:
    return np.minimum(1.0, 2.0 * np.minimum(up, down))


Five = Literal["new_hot", "persistent_hot", "former_hot", "cold", "none"]


def change_of(before: ArrayLike, now: ArrayLike) -> list[Five]:
    """The five classes of change between two sets of labels of `gi_star`.

    Hot now and not before is `new_hot`, hot both times `persistent_hot`, hot before only `former_hot`; of the others,
    cold now is `cold`, the rest `none`.

    Raises
    ------
    ValueError
        If sizes differ.
    """
    was, is_now = np.asarray(before, object), np.asarray(now, object)
    if was.shape != is_now.shape:
        raise ValueError("labels before and now must be as many")
    hot, had = is_now == "hot", was == "hot"
    found = np.select(
        [hot & had, hot, had, is_now == "cold"], ["persistent_hot", "new_hot", "former_hot", "cold"], default="none"
    )
    return [str(label) for label in found]  # type: ignore[misc]
