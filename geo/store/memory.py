"""What was computed from a store, kept in memory until the store changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from geo.store.store import Store

__all__ = ["Memory"]

T = TypeVar("T")


class Memory(Generic[T]):
    """Values by key for the latest data version of each store; a newer version drops all of an older one.

    Sessions that ask for the same thing at once wait for one computation.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[int, dict[Hashable, T]]] = {}

    def get(self, store: Store, key: Hashable, build: Callable[[], T]) -> T:
        """The value of `key` at the store's present version, built where it is not there yet."""
        version = store.version
        with self._lock:
            known, values = self._kept.get(store.url, (-1, {}))
            if version > known:  # never back: another thread may have seen a later version meanwhile
                values = {}
                self._kept[store.url] = version, values
            if key not in values:
                values[key] = build()
            return values[key]
