"""A file that this program made, opened again: the same view, and what differs today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.cartography.recipe import FileRecipe, Item, shown_texts
from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.products.answer import answer
from geo.products.documents.atlas import atlas
from geo.products.documents.files import export, export_all
from geo.question import Situation, altered
from geo.question.types import AnyQuestion
from geo.store import Snapshot
from geo.text import Lang, t

__all__ = ["Reopened", "again", "reopen"]

_NAMED = 3
"""How many units a difference names."""


@dataclass(frozen=True)
class Reopened:
    """One map of a file, made anew.

    Attributes
    ----------
    question : Question
    spec : MapSpec
    same : bool
        True where it is the file's own map to the last digit.
    differences : tuple of str
        What is different, one sentence each.
    """

    question: AnyQuestion
    spec: MapSpec
    same: bool
    differences: tuple[str, ...]


def reopen(snapshot: Snapshot, recipe: FileRecipe) -> tuple[Reopened, ...]:
    """Every map of a file, made from the data and boundaries of today.

    Raises
    ------
    InputError
        If a map cannot be made any more, or the recipe does not give the map it claims to.
    """
    return tuple(_reopened(snapshot, item) for item in recipe.items)


def _reopened(snapshot: Snapshot, item: Item) -> Reopened:
    question = item.recipe.question
    spec = answer(snapshot, question)
    if item.is_of(spec):
        return Reopened(question, spec, True, ())
    return Reopened(question, spec, False, tuple(_differences(snapshot, item, spec)))


def _differences(snapshot: Snapshot, item: Item, spec: MapSpec) -> list[str]:
    said, lang = [], spec.lang
    then, now = item.recipe, spec.recipe
    if then.boundary != now.boundary:
        said.append(t("recipe.boundary_changed", lang))
    if then.data_version != now.data_version:
        said.append(t("recipe.data_changed", lang, then=then.data_version, now=now.data_version))
    shown_now = shown_texts(spec)
    moved = [code for code in shown_now if item.shown.get(code) != shown_now[code]]
    moved += [code for code in item.shown if code not in shown_now]
    if moved and shown_now:  # months in place of a map show no figure of any unit: none of them is another one
        named = [_example(snapshot, code, item.shown, shown_now, lang) for code in moved[:_NAMED]]
        listed = "; ".join(named) + (" …" if len(moved) > _NAMED else "")
        said.append(t("recipe.units_changed", lang, n=len(moved), examples=listed))
    return said or [t("recipe.form_changed", lang)]


def _example(snapshot: Snapshot, code: str, then: dict[str, str], now: dict[str, str], lang: Lang) -> str:
    name = snapshot.units()["name"].get(code, code)
    return t("recipe.example", lang, name=name, then=then.get(code, "–"), now=now.get(code, "–"))


def is_as_exported(snapshot: Snapshot, recipe: FileRecipe, items: Sequence[Reopened], content: bytes) -> bool | None:
    """Whether a file is to the byte what was exported: its recipe says what it shows, and not that it still does.

    None where that cannot be told: the data or boundaries are others, or it is an atlas, which takes too long.
    """
    if recipe.made.get("kind") == "atlas" or not all(item.same for item in items):
        return None
    return again(snapshot, recipe) == content


def again(snapshot: Snapshot, recipe: FileRecipe) -> bytes:
    """The file made again, from the data of today: identical where nothing has changed.

    Raises
    ------
    InputError
        If a map cannot be made any more.
    """
    specs = [item.spec for item in reopen(snapshot, recipe)]
    made = recipe.made
    kind, size = made.get("kind", ""), made.get("size", "")
    if kind == "atlas":
        units_asked = tuple(filter(None, made.get("units", "").split(",")))
        question = recipe.items[0].recipe.question
        if not isinstance(question, Situation):
            raise InputError("recipe.altered")
        return atlas(snapshot, altered(question, query=replace(question.query, units=units_asked)), size=size)
    if kind == "pptx" or len(specs) > 1:
        return export_all(specs, kind, size=size, title=made.get("title", ""), numbers=made.get("numbers", "1") == "1")
    return export(specs[0], kind, size=size, theme=made.get("theme", "light"))
