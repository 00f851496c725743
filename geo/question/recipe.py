"""What a map was made from: its question, and the versions of data and boundaries it was answered on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from geo.errors import InputError
from geo.question.types import QUESTIONS, AnyQuestion, Change, altered
from geo.schema import Against

__all__ = ["Recipe", "of_version_1"]


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """What a map was made from.

    Attributes
    ----------
    question
        About fixed days, with what was chosen by itself filled in.
    data_version : int
    boundary : str
        SHA-256 of the geometry.
    """

    question: AnyQuestion
    data_version: int
    boundary: str

    def to_json(self) -> str:
        """Canonical JSON."""
        return msgspec.json.encode(self, order="sorted").decode()


def of_version_1(made: dict[str, Any]) -> Recipe:
    """A recipe as files had it before questions were one value.

    Raises
    ------
    InputError
        If it names an analysis that this program does not have, or cannot have been written by it.
    """
    page = str(made.get("analysis", "map"))
    if page not in QUESTIONS:
        raise InputError("recipe.unknown_analysis", name=page)
    try:
        own = _of_options(made["options"]) if page == "map" else _of_settings(page, made.get("settings", {}))
        shared = {
            "query": made["query"], "lang": made["lang"], "show": made.get("show", "map"),
            "title": made.get("title", ""), "public": made.get("public", False),
        }  # fmt: skip
        if page == "change" and made.get("unit"):
            own["commune"] = made["unit"]
        values = {"question": {"page": page, **shared, **own}, "data_version": made["data_version"]}
        recipe = msgspec.convert({**values, "boundary": made["boundary"]}, Recipe)
        return msgspec.structs.replace(recipe, question=_a_year_earlier(recipe.question))
    except (msgspec.ValidationError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError("recipe.altered") from error


def _of_options(options: dict[str, Any]) -> dict[str, Any]:
    names = {"k": "classes"}
    return {names.get(name, name): value for name, value in options.items()}


def _of_settings(page: str, chosen: dict[str, str]) -> dict[str, Any]:
    """Settings were texts: "True", numbers, lists with commas."""
    if page == "before_after":
        return {
            "cleared_by": chosen["by"], "cleared_month": chosen["month"], "cleared_units": _listed(chosen["units"]),
            "cleared_den": chosen["den"], "radius_m": int(chosen["radius_m"]), "days": int(chosen["days"]),
            "ring": chosen["ring"] == "True", "control_units": _listed(chosen["control"]),
        }  # fmt: skip
    named = {
        "grid": ("by", "grid"), "moran": ("statistic", "moran"),
        "hdbscan": ("algorithm", "hdbscan"), "months": ("in_time", True), "hot": ("change_of", "hot"),
    }  # fmt: skip
    values = {name: value for key, (name, value) in named.items() if chosen.get(key) == "True"}
    if "cell_m" in chosen:
        values["cell_m"] = int(chosen["cell_m"])
    if "near" in chosen:
        values["neighbours"] = chosen["near"]
    if earlier := chosen.get("earlier"):
        values["earlier_from"] = earlier.split(",")[0]
    return values


def _a_year_earlier(question: AnyQuestion) -> AnyQuestion:
    """Days were written down where the question was about the same period of the year before."""
    if not isinstance(question, Change) or question.earlier_from is None:
        return question
    by_year = altered(question, earlier_from=None, query=replace(question.query, against=Against.YEAR))
    return by_year if by_year.earlier == question.earlier else question


def _listed(text: str) -> list[str]:
    return [part for part in text.split(",") if part]
