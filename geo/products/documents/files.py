"""Maps as files, and files opened again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from geo import export as data_files
from geo.cartography.sheet import Sheet
from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.export import sheets
from geo.render import page, slides, static
from geo.text import fold

PICTURES = ("png", "pdf", "pptx", "html")
"""Kinds of file that show the map, and carry its recipe."""

EXPORTS = (*PICTURES, *data_files.KINDS, "json")
"""Kinds of file a map can be had as."""


def export(spec: MapSpec, kind: str, *, size: str = "", theme: str = "light") -> bytes:
    """A map as a file, the same to the byte whoever asks for it.

    Parameters
    ----------
    spec : MapSpec
    kind : {"png", "pdf", "pptx", "html", "gpkg", "geojson", "csv", "xlsx", "json"}
    size : str
        "1080p" or "4k" for PNG, "a4" or "a3" for PDF, "16:9" or "4:3" for PPTX; the first where not given.
    theme : {"light", "projector", "projector-light"}
        Of PNG and PDF.

    Raises
    ------
    InputError
        If kind, size or theme is not known, or does not go together.
    """
    if theme != "light" and kind not in ("png", "pdf"):
        raise InputError("products.theme_of_kind", kind=kind, theme=theme)
    if size and kind in EXPORTS and kind not in _SIZES:
        raise InputError("products.no_size", kind=kind, size=size)
    match kind:
        case "png" | "pdf":
            return static.render(spec, kind, size=_size(kind, size), theme=theme)
        case "pptx":
            return slides.render([spec], ratio=_size(kind, size))
        case "html":
            return page.render(spec)
        case "json":
            return spec.to_json().encode()
        case _ if kind in data_files.KINDS:
            return data_files.render(spec, kind)
    raise InputError("static.kind_unknown", kind=kind, known=", ".join(EXPORTS))


_SIZES = {"png": ("1080p", "4k"), "pdf": ("a4", "a3"), "pptx": ("16:9", "4:3")}


def _size(kind: str, size: str) -> str:
    if size and size not in _SIZES[kind]:
        raise InputError("products.size_of_kind", kind=kind, size=size, known=", ".join(_SIZES[kind]))
    return size or _SIZES[kind][0]


def export_all(
    specs: Sequence[MapSpec],
    kind: str,
    *,
    size: str = "",
    title: str = "",
    numbers: bool = True,
    step: Callable[[float], None] = lambda _: None,
) -> bytes:
    """Several maps as one file: slides, or a PDF of one page each.

    Parameters
    ----------
    specs : sequence of MapSpec
    kind : {"pptx", "pdf"}
    size : str
        As of `export`.
    title : str
        Of the file.
    numbers : bool
        Follow each map's slide by one with its table and chart.
    step : callable
        Told what share is drawn.

    Raises
    ------
    InputError
        If there is no map, or kind or size is not known.
    """
    if not specs:
        raise InputError("products.no_maps")
    if kind == "pptx":
        return slides.render(specs, ratio=_size(kind, size), numbers=numbers, title=title, step=step)
    if kind == "pdf":
        return static.book(specs, size=_size(kind, size), title=title, step=step)
    raise InputError("static.kind_unknown", kind=kind, known="pptx, pdf")


_NAME_LETTERS = 90


def file_name(title: str, kind: str, *, size: str = "", public: bool = False) -> str:
    """A name that says what a file shows and sorts well, in letters that every system takes.

    Examples
    --------
    >>> file_name("Vụ việc theo xã, 11/2025–10/2026", "png", size="1080p")
    'vu-viec-theo-xa-11-2025-10-2026-1080p.png'
    """
    words = [fold(title), "cong-khai" if public else "", size.replace(":", "x")]
    whole = "-".join(filter(None, (re.sub("[^0-9a-z]+", "-", word).strip("-")[:_NAME_LETTERS] for word in words)))
    return f"{whole or 'ban-do-antt'}.{kind}"


SHEETS = ("png", "pdf", "xlsx", "csv")
"""Kinds of file a table that is no map can be had as."""


def sheet_file(sheet: Sheet, kind: str) -> bytes:
    """A table that is no map as a file.

    Parameters
    ----------
    sheet : Sheet
    kind : {"png", "pdf", "xlsx", "csv"}
        A picture of 1920x1080 dots; a page of A4, landscape.

    Raises
    ------
    InputError
        If the kind is not known.
    """
    match kind:
        case "png":
            return static.sheet_file(sheet, "png", size="1080p")
        case "pdf":
            return static.sheet_file(sheet, "pdf", size="a4")
        case "xlsx":
            return sheets.workbook(sheet)
        case "csv":
            return sheets.csv_file(sheet)
    raise InputError("static.kind_unknown", kind=kind, known=", ".join(SHEETS))
