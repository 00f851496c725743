"""What a file was made from: the recipe of each of its maps, so that the file opens the same views again.

It travels as one line of canonical JSON in the metadata of PNG, PDF, PPTX and HTML, under a checksum. What the maps
showed per unit goes with it, as the very texts a reader saw, so that a later reopening can say what differs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import msgspec

from geo.cartography.spec import MapSpec, fingerprint_of_version_1, main_column
from geo.errors import InputError
from geo.question.recipe import Recipe, of_version_1

__all__ = ["RECIPE_VERSION", "FileRecipe", "Item", "seal", "shown_texts", "unseal"]

RECIPE_VERSION = 2


class Item(msgspec.Struct, frozen=True):
    """One map: what it was made from, its fingerprint, and the text of the first number of each unit, by code.

    `former` is its recipe as version 1 wrote it, empty otherwise.
    """

    recipe: Recipe
    fingerprint: str
    shown: dict[str, str]
    former: dict[str, Any] = {}

    def is_of(self, spec: MapSpec) -> bool:
        """Whether it is that very map, to the last digit."""
        if not self.former:
            return spec.fingerprint == self.fingerprint
        return fingerprint_of_version_1(spec, self.former) == self.fingerprint and self.recipe == spec.recipe


class FileRecipe(msgspec.Struct, frozen=True):
    """What a file was made from.

    Attributes
    ----------
    items : tuple of Item
        One per map, in the order of the pages.
    made : dict
        How the file was written: kind, size, theme and the like.
    """

    items: tuple[Item, ...]
    made: dict[str, str]


class _SealedItem(msgspec.Struct, frozen=True):
    recipe: dict[str, Any]
    fingerprint: str
    shown: dict[str, str]


class _Sealed(msgspec.Struct, frozen=True):
    antt: int
    items: tuple[_SealedItem, ...]
    made: dict[str, str]
    check: str


class _Head(msgspec.Struct):
    antt: int


def seal(specs: Sequence[MapSpec], **made: str) -> str:
    """The recipe of a file that shows these maps, as one line of JSON with its checksum."""
    items = [
        {"recipe": msgspec.to_builtins(s.recipe), "fingerprint": s.fingerprint, "shown": shown_texts(s)} for s in specs
    ]
    body = {"antt": RECIPE_VERSION, "items": items, "made": made}
    return _canonical({**body, "check": _checksum(body)})


def unseal(text: str) -> FileRecipe:
    """Inverse of `seal`; reads what earlier versions sealed, too.

    Raises
    ------
    InputError
        If the text is not a recipe, was altered, or comes from a later version of the program.
    """
    try:
        version = msgspec.json.decode(text, type=_Head).antt
        if version > RECIPE_VERSION:
            raise InputError("recipe.from_future", version=version, known=RECIPE_VERSION)
        sealed = msgspec.json.decode(text, type=_Sealed)
        body = {key: value for key, value in json.loads(text).items() if key != "check"}
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InputError("recipe.unreadable") from error
    if sealed.check != _checksum(body) or not sealed.items:
        raise InputError("recipe.altered")
    return FileRecipe(tuple(_item(item, version) for item in sealed.items), sealed.made)


def _item(item: _SealedItem, version: int) -> Item:
    if version == 1:
        return Item(of_version_1(item.recipe), item.fingerprint, item.shown, item.recipe)
    try:
        return Item(msgspec.convert(item.recipe, Recipe), item.fingerprint, item.shown)
    except msgspec.ValidationError as error:
        raise InputError("recipe.altered") from error


def shown_texts(spec: MapSpec) -> dict[str, str]:
    """The number of each unit that the map is about as its reader saw it, by code."""
    numeric = main_column(spec)
    return {} if numeric is None else {row.code: row.texts[numeric] for row in spec.table.rows if row.code}


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _checksum(body: object) -> str:
    return hashlib.sha256(f"ban-do-antt {_canonical(body)}".encode()).hexdigest()
