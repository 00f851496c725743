"""The store and its reading: `open_store`, `Batch`, `Store`, and the `Snapshot` everything shown is made of."""

from geo.store.boundaries import BoundaryVersion
from geo.store.memory import remembered
from geo.store.records import Batch
from geo.store.snapshot import EVERYBODY, Reader, Snapshot
from geo.store.store import Store, VersionError, open_store
from geo.store.texts import Text, TextChangedError, Texts

__all__ = [
    "EVERYBODY", "Batch", "BoundaryVersion", "Reader", "Snapshot", "Store", "Text", "TextChangedError",
    "Texts", "VersionError", "open_store", "remembered",
]  # fmt: skip
