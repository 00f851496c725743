"""How columns were mapped last time, for sources with the same headings."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from geo.errors import InputError
from geo.ingest.recognising.mapping import Mapping, signature

__all__ = ["recall", "remember"]

_FILE = "mappings.json"
_KEPT = 500


def recall(home: Path, header: tuple[str, ...]) -> Mapping | None:
    """The mapping confirmed for these headings; None where there is none that still fits."""
    stored = _load(home).get(signature(header))
    if stored is None:
        return None
    try:
        mapping = Mapping.from_dict(stored)
        mapping.check(header)
    except InputError:  # written by another version, or by hand
        return None
    return Mapping(
        mapping.dataset,
        mapping.columns,
        mapping.measures,
        mapping.confidence,
        tuple(column for column in header if column not in mapping.used),
    )


def remember(home: Path, header: tuple[str, ...], mapping: Mapping) -> None:
    """Keep a mapping that a person confirmed; the oldest beyond 500 are forgotten."""
    kept = _load(home)
    kept.pop(signature(header), None)
    kept[signature(header)] = mapping.to_dict()
    text = json.dumps(dict(list(kept.items())[-_KEPT:]), ensure_ascii=False, indent=1)
    home.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=home, delete=False, encoding="utf-8") as file:
        file.write(text)
    os.replace(file.name, home / _FILE)


def _load(home: Path) -> dict[str, Any]:
    try:
        found = json.loads((home / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
