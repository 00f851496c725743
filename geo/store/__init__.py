"""The store and its read model: `open_store`, `Batch`, `Store`, the day-by-unit `Cube` and events as columns."""

from geo.store.boundaries import BoundaryVersion
from geo.store.records import Batch
from geo.store.store import Store, VersionError, open_store

__all__ = ["Batch", "BoundaryVersion", "Store", "VersionError", "open_store"]
