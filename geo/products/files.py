"""A map as a file."""

from __future__ import annotations

from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.render import static

EXPORTS = ("png", "pdf", "json")
"""Kinds of file a map can be had as."""


def export(spec: MapSpec, kind: str, *, size: str = "", theme: str = "light") -> bytes:
    """A map as a file, the same to the byte whoever asks for it.

    Parameters
    ----------
    spec : MapSpec
    kind : {"png", "pdf", "json"}
    size : {"1080p", "4k", "a4", "a3"}
        Without it, 1080p for PNG and A4 for PDF; JSON has none.
    theme : {"light", "projector", "projector-light"}

    Raises
    ------
    InputError
        If kind, size or theme is not known.
    """
    if kind not in EXPORTS:
        raise InputError("static.kind_unknown", kind=kind, known=", ".join(EXPORTS))
    if kind == "json":
        return spec.to_json().encode()
    return static.render(spec, kind, size=size or ("a4" if kind == "pdf" else "1080p"), theme=theme)
