"""Briefings: questions in an order, kept as YAML that a person can read and a scheduled job can run.

A period is saved by its name where it has one ("days28", "this_quarter"), so that the same file makes each week's deck
of that week.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.products.answer import answer
from geo.question import altered, codec
from geo.question.codec import question_of
from geo.question.periods import Preset
from geo.question.types import QUESTIONS, AnyQuestion
from geo.store import Snapshot
from geo.text import LANGS, Lang, fold, t

__all__ = ["LONGEST", "Briefing", "dump", "maps", "parse", "slide"]

VERSION = 1
_RATIOS = ("16:9", "4:3")
LONGEST = 200
"""Slides a briefing may have."""


@dataclass(frozen=True)
class Briefing:
    """Questions in an order, each asked by a slide.

    Attributes
    ----------
    title : str
    slides : tuple of Question
    ratio : {"16:9", "4:3"}
    numbers : bool
        Whether a deck follows each map by its table and chart.
    public : bool
        Made for the public: communes only, whatever the slides show.
    lang : {"vi", "en"}
    """

    title: str
    slides: tuple[AnyQuestion, ...] = ()
    ratio: str = "16:9"
    numbers: bool = True
    public: bool = False
    lang: Lang = "vi"

    @property
    def name(self) -> str:
        """What its file is called: the title in plain letters."""
        return re.sub(r"[^a-z0-9]+", "-", fold(self.title)).strip("-")[:60] or "ban-tin"


def maps(snapshot: Snapshot, briefing: Briefing) -> list[MapSpec]:
    """The maps of a briefing, in order.

    Raises
    ------
    InputError
        If there is none, or one cannot be made; the message says which.
    """
    if not briefing.slides:
        raise InputError("products.no_maps")
    return [slide(snapshot, briefing, number) for number in range(len(briefing.slides))]


def slide(snapshot: Snapshot, briefing: Briefing, number: int) -> MapSpec:
    """The map of one slide, counted from 0; see `maps`."""
    question = altered(briefing.slides[number], lang=briefing.lang, public=briefing.public)
    try:
        return answer(snapshot, question)
    except InputError as error:
        raise InputError("briefing.slide_failed", number=number + 1, why=error) from error


def dump(briefing: Briefing) -> str:
    """A briefing as YAML."""
    slides = [
        {"page": question.page, **{name: _plain(name, value) for name, value in _kept(question).items()}}
        for question in briefing.slides
    ]
    whole = {
        "briefing": VERSION, "title": briefing.title, "lang": briefing.lang, "ratio": briefing.ratio,
        "numbers": briefing.numbers, "public": briefing.public, "slides": slides,
    }  # fmt: skip
    return str(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False, width=120))


def _kept(question: AnyQuestion) -> dict[str, Any]:
    """What a slide says of its question: always its measure and period, never its language, which is the briefing's."""
    fields = codec.written(question)
    always = {"measure": question.query.measure, "period": question.period}
    return {name: value for name, value in {**always, **fields}.items() if name != "lang"}


def _plain(name: str, value: Any) -> Any:
    if name == "limits":
        return codec.limits_text(value)
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


def parse(text: str | bytes, today: date) -> Briefing:
    """Inverse of `dump`; what is left out has its default.

    Parameters
    ----------
    text : str or bytes
        As a file holds it: UTF-8, with or without a byte order mark.
    today : date
        Day of the newest record, from which periods with a name are counted.

    Raises
    ------
    InputError
        If the text is not YAML, names something unknown, or is of a later version.
    """
    whole = _whole(text)
    if unknown := set(whole) - {"briefing", "title", "lang", "ratio", "numbers", "public", "slides"}:
        raise InputError("briefing.key", slide="–", key=sorted(map(str, unknown))[0])
    _check(whole, "lang", LANGS)
    _check(whole, "ratio", _RATIOS)
    for flag in ("numbers", "public"):
        _check(whole, flag, (True, False))
    slides = whole.get("slides") or []
    if len(slides) > LONGEST:
        raise InputError("briefing.too_long", n=len(slides), most=LONGEST)
    return Briefing(
        title=_title(whole),
        slides=tuple(_slide(entry, number, today) for number, entry in enumerate(slides, 1)),
        ratio=str(whole.get("ratio", "16:9")),
        numbers=bool(whole.get("numbers", True)),
        public=bool(whole.get("public", False)),
        lang=whole.get("lang", "vi"),
    )


def _whole(text: str | bytes) -> dict[str, Any]:
    """The mapping that a briefing's file holds, of a version that can be read."""
    try:
        whole = yaml.load(text.decode("utf-8-sig") if isinstance(text, bytes) else text, _Loader)
    except UnicodeDecodeError as error:
        raise InputError("briefing.not_utf8") from error
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
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
    return whole


def _title(whole: dict[str, Any]) -> str:
    lang: Lang = "en" if whole.get("lang") == "en" else "vi"
    return str(whole.get("title") or t("briefing.untitled", lang))[:120]


def _check(whole: dict[str, Any], key: str, allowed: Sequence[object]) -> None:
    if key in whole and whole[key] not in allowed:
        known = ", ".join(str(a).lower() if isinstance(a, bool) else str(a) for a in allowed)
        raise InputError("briefing.value", slide="–", key=key, value=whole[key], known=known)


def _slide(entry: object, number: int, today: date) -> AnyQuestion:
    if not isinstance(entry, dict):
        raise InputError("briefing.not_briefing")
    page = str(entry.get("page", "map"))
    if page not in QUESTIONS:
        raise InputError("briefing.value", slide=number, key="page", value=page, known=", ".join(QUESTIONS))
    asked = {key: value for key, value in entry.items() if key not in ("page", *_NO_MORE)}
    given = {key: _field(str(key), value, number) for key, value in asked.items()}
    if "from" in given and "period" not in given:
        given["period"] = Preset.CUSTOM
    if len({"from", "to"} & given.keys()) == 1 or ("from" in given and given["from"] > given["to"]):
        raise InputError("briefing.half_period", slide=number)
    if given.get("commune") and page != "change":
        raise InputError("briefing.value", slide=number, key="commune", value=given["commune"], known="page: change")
    return question_of(page, given, today)


def _field(key: str, value: object, number: int) -> Any:
    """A value of YAML as the question holds it."""
    if key not in codec.DEFAULTS or key == "lang":
        raise InputError("briefing.key", slide=number, key=key)
    known = codec.known_values(key)
    if value is None:
        raise InputError("briefing.value", slide=number, key=key, value="", known=known)
    if isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(v, Mapping | list) for v in value)):
        raise InputError("briefing.value", slide=number, key=key, value="…", known=known)
    if codec.is_list(key) != isinstance(value, list):
        known = "[...]" if codec.is_list(key) else known
        raise InputError("briefing.value", slide=number, key=key, value=value, known=known)
    if isinstance(value, bool) != codec.takes(key, bool) and str(value) not in _FORMER.get(key, ()):
        raise InputError("briefing.value", slide=number, key=key, value=value, known=known)
    try:
        return codec.field_of(key, _text(value))
    except ValueError as error:
        if key == "limits":  # the page has always let people keep limits that are none, and drawn natural breaks
            return ()
        raise InputError("briefing.value", slide=number, key=key, value=value, known=known) from error


_NO_MORE = ("permutations",)
"""Keys that briefings could have once: every p of hot spots is exact now, and there is nothing to choose."""

_FORMER = {"in_time": ("0", "1")}
"""How flags were written that had no true and false once."""


def _text(value: Any) -> Any:
    """Numbers and days as they are written, lists of such texts: YAML takes 30307 for a number."""
    if isinstance(value, list):
        return [str(item) for item in value]
    return value if isinstance(value, bool) else value.isoformat() if isinstance(value, date) else str(value)
