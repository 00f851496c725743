"""Put the demo into a store."""

from __future__ import annotations

from geo.demo.batches import SEED, Progress, _silent, generate
from geo.store import Store
from geo.store.default_boundaries import add_default_boundaries

__all__ = ["install"]


def install(store: Store, progress: Progress = _silent, *, seed: int = SEED) -> list[int]:
    """Generate the demo and append it, whole or not at all, on approximate boundaries where there are none.

    Parameters
    ----------
    store : Store
    progress : callable
        Called with the share done, 0 to 1, and the message key of what comes next.
    seed : int

    Returns
    -------
    list of int
        Numbers of the batches.
    """
    progress(0.0, "demo.boundaries")
    add_default_boundaries(store)
    demo = generate(seed, lambda share, key: progress(0.3 + share * 0.3, key))
    numbers = store.append_all(demo.batches, progress=lambda share: progress(0.6 + 0.4 * share, "demo.writing"))
    progress(1.0, "demo.ready")
    return numbers
