"""How columns were mapped last time, for sources with the same headings."""

from __future__ import annotations

import json

from geo.errors import InputError
from geo.ingest.recognising.mapping import Mapping, signature
from geo.store import Texts

__all__ = ["recall", "remember"]

_KIND = "mapping"
_KEPT = 500


def recall(kept: Texts, header: tuple[str, ...]) -> Mapping | None:
    """The mapping confirmed for these headings; None where there is none that still fits."""
    found = kept.get(_KIND, signature(header))
    if found is None:
        return None
    try:
        stored = json.loads(found.text)
        placed = {
            part: {name: header[place] for name, place in stored[part].items()} for part in ("columns", "measures")
        }
        mapping = Mapping.from_dict({"dataset": stored["dataset"], **placed})
        mapping.check(header)
    except (InputError, ValueError, KeyError, IndexError, TypeError, AttributeError):  # written by another version
        return None
    return Mapping(
        mapping.dataset,
        mapping.columns,
        mapping.measures,
        mapping.confidence,
        tuple(column for column in header if column not in mapping.used),
    )


def remember(kept: Texts, header: tuple[str, ...], mapping: Mapping) -> None:
    """Keep a mapping that a person confirmed; all but the newest 500 are forgotten.

    Places of columns are kept, not their headings: these may say anything.
    """
    parts = {"columns": mapping.columns, "measures": mapping.measures}
    placed = {part: {name: header.index(heading) for name, heading in named.items()} for part, named in parts.items()}
    text = json.dumps({"dataset": mapping.dataset.value, **placed})
    kept.change(_KIND, signature(header), lambda _found: text)
    kept.keep_newest(_KIND, _KEPT)
