"""Briefings: saved views in an order, kept as YAML that a person can read and a scheduled job can run.

A period is saved by its name where it has one ("days28", "this_quarter"), so that the same file makes each week's deck
of that week.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from geo import settings
from geo.cartography.spec import MapSpec
from geo.errors import InputError, NotFoundError
from geo.files import write_whole
from geo.products import address, periods
from geo.products.shown import MAP_PAGES, public_edition, shown
from geo.products.state import View
from geo.store.store import Store
from geo.text import LANGS, Lang, fold, t

__all__ = ["Briefing", "add", "dump", "is_own", "listed", "load", "maps", "parse", "remove", "save", "slide"]

VERSION = 1
_RATIOS = ("16:9", "4:3")
_LONGEST = 200
"""Slides a briefing may have."""

_KEYS = {
    "page": "page", "measure": "m", "period": "t", "from": "a", "to": "b", "month": "mo", "kinds": "kinds",
    "units": "units",
    "per": "per", "unit_system": "sys", "compare": "cmp", "against": "vs", "earlier_from": "e", "points": "pts",
    "clusters": "cl", "zones": "z", "labels": "names", "scheme": "scheme", "classes": "k", "limits": "lim", "by": "by",
    "cell_m": "cell", "neighbours": "near", "statistic": "stat", "permutations": "pm", "algorithm": "algo",
    "in_time": "tm", "change_of": "chg", "cleared_by": "tr", "cleared_units": "tu", "cleared_month": "dm",
    "cleared_den": "d", "radius_m": "r", "days": "w", "ring": "ring", "control_units": "ct",
    "show": "show", "title": "ti", "commune": "u",
}  # fmt: skip
"""Names in YAML, and the view's."""


@dataclass(frozen=True)
class Briefing:
    """Views in an order.

    Attributes
    ----------
    title : str
    views : tuple of View
    ratio : {"16:9", "4:3"}
    numbers : bool
        Whether a deck follows each map by its table and chart.
    public : bool
        Made for the public: communes only, whatever the views show.
    lang : {"vi", "en"}
    """

    title: str
    views: tuple[View, ...] = ()
    ratio: str = "16:9"
    numbers: bool = True
    public: bool = False
    lang: Lang = "vi"

    @property
    def name(self) -> str:
        """What its file is called: the title in plain letters."""
        return re.sub(r"[^a-z0-9]+", "-", fold(self.title)).strip("-")[:60] or "ban-tin"


def maps(store: Store, briefing: Briefing) -> list[MapSpec]:
    """The maps of a briefing, in order.

    Raises
    ------
    InputError
        If there is none, or one cannot be made; the message says which.
    """
    if not briefing.views:
        raise InputError("products.no_maps")
    return [slide(store, briefing, number) for number in range(len(briefing.views))]


def slide(store: Store, briefing: Briefing, number: int) -> MapSpec:
    """The map of one slide, counted from 0; see `maps`."""
    view = replace(briefing.views[number], lang=briefing.lang)
    try:
        return public_edition(store, view) if briefing.public else shown(store, view)
    except InputError as error:
        raise InputError("briefing.slide_failed", number=number + 1, why=error) from error


def dump(briefing: Briefing) -> str:
    """A briefing as YAML."""
    default = View()
    slides = []
    for view in briefing.views:
        kept = view if view.t is periods.Preset.CUSTOM else replace(view, a="", b="")
        given = {key: getattr(kept, name) for key, name in _KEYS.items()}
        slides.append(
            {
                key: _plain(value)
                for key, value in given.items()
                if key in ("page", "measure", "period") or value != getattr(default, _KEYS[key])
            }
        )
    whole = {
        "briefing": VERSION, "title": briefing.title, "lang": briefing.lang, "ratio": briefing.ratio,
        "numbers": briefing.numbers, "public": briefing.public, "slides": slides,
    }  # fmt: skip
    return str(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=120))


def _plain(value: Any) -> Any:
    return (
        [str(v) for v in value] if isinstance(value, tuple) else value if isinstance(value, bool | int) else str(value)
    )


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Plain YAML without aliases, which a few lines can make as large as one likes, and without a key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases (*) are not allowed")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise yaml.YAMLError(f'"{twice}" is there twice')
        return super().construct_mapping(node, deep)


def parse(text: str) -> Briefing:
    """Inverse of `dump`; what is left out has its default.

    Raises
    ------
    InputError
        If the text is not YAML, names something unknown, or is of a later version.
    """
    try:
        whole = yaml.load(text, _Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError("briefing.not_yaml", detail=(str(error).splitlines() or ["–"])[0][:200]) from error
    if not isinstance(whole, dict) or "briefing" not in whole or not isinstance(whole.get("slides", []), list):
        raise InputError("briefing.not_briefing")
    version = whole["briefing"]
    if type(version) is not int or version < 1:
        raise InputError("briefing.value", slide="–", key="briefing", value=version, known=VERSION)
    if version > VERSION:
        raise InputError("briefing.from_future", version=version, known=VERSION)
    if not isinstance(whole.get("title", ""), str):
        raise InputError("briefing.value", slide="–", key="title", value="…", known="…")
    if unknown := set(whole) - {"briefing", "title", "lang", "ratio", "numbers", "public", "slides"}:
        raise InputError("briefing.key", slide="–", key=sorted(map(str, unknown))[0])
    _check(whole, "lang", LANGS)
    _check(whole, "ratio", _RATIOS)
    for flag in ("numbers", "public"):
        _check(whole, flag, (True, False))
    slides = whole.get("slides") or []
    if len(slides) > _LONGEST:
        raise InputError("briefing.too_long", n=len(slides), most=_LONGEST)
    return Briefing(
        title=str(whole.get("title") or t("briefing.untitled", whole.get("lang", "vi")))[:120],
        views=tuple(_view(entry, number) for number, entry in enumerate(slides, 1)),
        ratio=str(whole.get("ratio", "16:9")),
        numbers=bool(whole.get("numbers", True)),
        public=bool(whole.get("public", False)),
        lang=whole.get("lang", "vi"),
    )


def _check(whole: dict[str, Any], key: str, allowed: Sequence[object]) -> None:
    if key in whole and whole[key] not in allowed:
        known = ", ".join(str(a).lower() if isinstance(a, bool) else str(a) for a in allowed)
        raise InputError("briefing.value", slide="–", key=key, value=whole[key], known=known)


def _view(entry: object, number: int) -> View:
    if not isinstance(entry, dict):
        raise InputError("briefing.not_briefing")
    given: dict[str, Any] = {}
    for key, value in entry.items():
        name = _KEYS.get(str(key))
        if name is None:
            raise InputError("briefing.key", slide=number, key=key)
        given[name] = _field(name, str(key), value, number)
    if "a" in given and "t" not in given:
        given["t"] = periods.Preset.CUSTOM
    if len({"a", "b"} & given.keys()) == 1 or (given.get("a", "") > given.get("b", "")):
        raise InputError("briefing.half_period", slide=number)
    view = replace(View(), **given)
    if view.page not in MAP_PAGES:
        raise InputError("briefing.value", slide=number, key="page", value=view.page, known=", ".join(MAP_PAGES))
    if view.u and view.page != "change":
        raise InputError("briefing.value", slide=number, key="commune", value=view.u, known="page: change")
    return view


def _field(name: str, key: str, value: object, number: int) -> object:
    """A value of YAML as the view holds it."""
    wanted = type(getattr(View(), name))
    if value is None:
        raise InputError("briefing.value", slide=number, key=key, value="", known=address.known_values(name))
    if wanted is bool and not isinstance(value, bool):
        raise InputError("briefing.value", slide=number, key=key, value=value, known="true, false")
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict | list) for v in value)):
        raise InputError("briefing.value", slide=number, key=key, value="…", known=address.known_values(name))
    if key == "classes" and value not in range(3, 8):
        raise InputError("briefing.value", slide=number, key=key, value=value, known="3, 4, 5, 6, 7")
    if wanted is tuple and not isinstance(value, list):
        raise InputError("briefing.value", slide=number, key=key, value=value, known="[...]")
    if isinstance(value, bool):
        text = "1" if value else "0"
    elif isinstance(value, list):
        text = ".".join(map(str, value))
    else:
        text = value.isoformat() if isinstance(value, date) else str(value)
    try:
        read = address.read_field(name, text)
    except (ValueError, KeyError) as error:
        raise InputError(
            "briefing.value", slide=number, key=key, value=value, known=address.known_values(name)
        ) from error
    if isinstance(value, list) and len(read) != len(value):  # type: ignore[arg-type]
        raise InputError("briefing.value", slide=number, key=key, value=value, known=address.known_values(name))
    return read


_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_BROUGHT = settings.REFERENCE / "briefings"


def _folder() -> Path:
    return settings.load().home / "briefings"


def listed() -> list[tuple[str, str]]:
    """Name and title of every briefing: those kept here, by title, then those the product brings.

    Files that cannot be read are passed over.
    """
    own = _titles(_folder())
    brought = [item for item in _titles(_BROUGHT) if item[0] not in dict(own)]
    return sorted(own, key=lambda item: fold(item[1])) + brought


def _titles(folder: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        if not _NAME.fullmatch(path.stem):
            continue
        try:
            found.append((path.stem, parse(path.read_text("utf-8")).title))
        except (InputError, OSError, UnicodeDecodeError):
            continue
    return found


def is_own(name: str) -> bool:
    """Whether a briefing is kept here, and not one that the product brings."""
    return _NAME.fullmatch(name) is not None and (_folder() / f"{name}.yaml").is_file()


def add(name: str, view: View) -> tuple[str, int]:
    """Put a view at the end of a briefing, of the first one where none has that name.

    Returns
    -------
    (str, int)
        The briefing's name, and how many slides it has now.
    """
    known = [own for own, _ in listed()]
    chosen = load(name if name in known else known[0]) if known else Briefing("Bản tin", lang=view.lang)
    if len(chosen.views) >= _LONGEST:
        raise InputError("briefing.too_long", n=len(chosen.views) + 1, most=_LONGEST)
    kept = replace(
        chosen, views=(*chosen.views, replace(view, p="", br="", sl="", u=view.u if view.page == "change" else ""))
    )
    return save(kept, name if name in known else known[0] if known else ""), len(kept.views)


def load(name: str) -> Briefing:
    """The briefing kept under a name.

    Raises
    ------
    NotFoundError
        If there is none.
    InputError
        If its file is not a briefing.
    """
    path = (_folder() if is_own(name) else _BROUGHT) / f"{name}.yaml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError("briefing.none", name=name)
    return parse(path.read_text("utf-8"))


def save(briefing: Briefing, name: str = "") -> str:
    """Keep a briefing, and give the name it is kept under.

    Parameters
    ----------
    briefing : Briefing
    name : str
        The name it has been kept under until now, which stays, whatever its title becomes; a new briefing gets one of
        its title that is not taken.
    """
    _folder().mkdir(parents=True, exist_ok=True)
    kept = name if is_own(name) else _free(name or briefing.name)
    write_whole(_folder() / f"{kept}.yaml", dump(briefing).encode())
    return kept


def _free(wanted: str) -> str:
    """The name, or the name with the first number that is not taken."""
    names = [wanted, *(f"{wanted}-{n}" for n in range(2, 1_000))]
    return next(name for name in names if not is_own(name))


def remove(name: str) -> None:
    """Forget a briefing that is kept here."""
    if not is_own(name):
        raise NotFoundError("briefing.none", name=name)
    (_folder() / f"{name}.yaml").unlink()
