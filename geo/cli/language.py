"""The language of the command line."""

from __future__ import annotations

from collections.abc import Sequence

from geo import settings
from geo.errors import AnttError
from geo.text import LANGS, Lang

__all__ = ["language"]


def language(arguments: Sequence[str]) -> Lang:
    """The language asked for on the command line; the installation's where none is."""
    given = list(arguments)
    for n, argument in enumerate(given):
        wanted = argument.removeprefix("--lang=") if argument.startswith("--lang=") else ""
        if argument == "--lang":
            wanted = next(iter(given[n + 1 : n + 2]), "")
        if wanted in LANGS:
            return wanted
    try:
        return settings.load().lang
    except AnttError:
        return "vi"
