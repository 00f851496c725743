"""The recipe inside a file that this program made, read without anything that a map is made with.

Files are read in a process of their own, whose time is short: what is imported for it counts.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
import zlib

import pikepdf
from lxml import etree
from PIL import Image

from geo.cartography.recipe import FileRecipe, unseal
from geo.errors import InputError, cause
from geo.render import slides
from geo.render.static import document

__all__ = ["read_recipe"]

_DAMAGED = (
    OSError, SyntaxError, ValueError, KeyError, RuntimeError, NotImplementedError, RecursionError, zipfile.BadZipFile,
    zlib.error, pikepdf.PdfError, etree.LxmlError, Image.DecompressionBombError,
)  # fmt: skip
"""What the libraries raise on files that are damaged, locked, or made to harm."""


def read_recipe(content: bytes, name: str) -> FileRecipe:
    """The recipe inside a PNG, PDF, PPTX or HTML file; the kind is told from the content.

    Raises
    ------
    InputError
        If the file is none of these or damaged, or its recipe is missing, altered or of a later version.
    """
    try:
        text = _recipe_text(content)
    except _DAMAGED as error:
        raise InputError("recipe.not_file", name=name, why=cause(error, otherwise="content")) from error
    if text is None:
        raise InputError("recipe.not_kind", name=name)
    return unseal(text)


def _recipe_text(content: bytes) -> str | None:
    """The recipe as written into the file; empty where it has none, None where it is no kind that could have one."""
    if content.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(content)) as picture:
            return str(picture.info.get("Recipe", ""))
    if content.startswith(b"%PDF"):
        return document.read_recipe(content)
    if content.startswith(b"PK"):
        return slides.read_recipe(content) or ""
    if found := re.search(rb'<script type="application/json" id="antt-recipe">(.*?)</script>', content, re.DOTALL):
        return json.dumps(json.loads(html.unescape(found[1].decode())))
    return "" if content.lstrip()[:15].lower().startswith(b"<!doctype html") else None
