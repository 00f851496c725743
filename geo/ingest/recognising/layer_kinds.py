"""Layers and KML folders named after a kind of priority zone: the name is the kind of what lies in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import tee

import pandas as pd

from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.columns import propose
from geo.ingest.source import RawTable
from geo.schema import Dataset

__all__ = ["KIND", "layer_words", "with_layer_kinds"]

KIND = "layer (kind)"
"""Column of the kind that the name of a layer or folder says."""


def layer_words(layers: Sequence[str], folders: Sequence[tuple[str, ...]] = ()) -> dict[str, str]:
    """What may name a kind, by layer: its own name; of a KML folder that names none, the nearest one around that does.

    Parameters
    ----------
    layers : sequence of str
        Names of the layers in the order of the file.
    folders : sequence of tuple of str
        As `geo.ingest.reading.kml.Outline` has them; those without places of their own may be no layers.
    """
    known = code_list("zone_kind")
    words, left = {}, iter(folders)
    for name in layers:
        ahead, left = tee(left)
        path = next((path for path in ahead if _is_called(name, path[-1])), None)
        words[name] = name if path is None else next((word for word in reversed(path) if known.code(word)), path[-1])
        left = left if path is None else ahead
    return words


def _is_called(layer: str, folder: str) -> bool:
    """Whether a layer is a folder of that name; GDAL numbers those of the same name."""
    return bool(folder) and re.fullmatch(rf"{re.escape(folder)}( \(#\d+\))?", layer) is not None


def with_layer_kinds(tables: list[RawTable], words: dict[str, str], *, aligned: bool) -> list[RawTable]:
    """The tables with one more column, the kind, where no heading says it and the name of some layer does.

    Parameters
    ----------
    words : dict of str to str
        As `layer_words` gives them.
    aligned : bool
        Give all of them the same columns, empty where a layer has none: folders of one KML file are one table that
        the program which wrote it took apart.
    """
    known = code_list("zone_kind")
    bare = [table for table in tables if "kind" not in propose(table, Dataset.ZONES).columns]
    if not any(known.code(words[table.name]) for table in bare):
        return tables
    header = tuple(dict.fromkeys(column for table in bare for column in table.header)) if aligned else ()
    return [_with_kind(table, words[table.name], header) if table in bare else table for table in tables]


def _with_kind(table: RawTable, word: str, header: tuple[str, ...]) -> RawTable:
    columns = (*(header or table.header), KIND)
    rows = table.rows.assign(**{KIND: word}).reindex(columns=list(columns), fill_value="")
    return replace(table, header=columns, rows=pd.DataFrame(rows.astype("str")))
