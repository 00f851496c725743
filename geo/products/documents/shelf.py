"""The briefings of an installation: kept in its store, beside those that the product brings.

A YAML file that lies in the folder `briefings` of the home comes in by itself; one with a mistake stays there and is
listed with what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from geo import settings
from geo.errors import AnttError, InputError, NotFoundError
from geo.files import read_whole
from geo.products.documents.briefings import LONGEST, Briefing, dump, parse
from geo.question.types import AnyQuestion
from geo.store import Text, TextChangedError, Texts
from geo.text import fold

__all__ = ["Listed", "add", "bring", "change", "is_own", "listed", "load", "remove"]

_KIND = "briefing"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_BROUGHT = settings.REFERENCE / "briefings"
_IN = "nhap"
"""Folder of files that have come in."""

Deed = Callable[[Briefing], Briefing]


@dataclass(frozen=True)
class Listed:
    """One briefing in the list.

    Attributes
    ----------
    name : str
    title : str
        Of one with a mistake, its name.
    problem : AnttError, optional
        What is wrong with it.
    """

    name: str
    title: str
    problem: AnttError | None = None


def _folder() -> Path:
    return settings.load().home / "briefings"


def listed(kept: Texts) -> list[Listed]:
    """Every briefing: those kept here, by title, then those the product brings, then files with a mistake."""
    wrong = _come_in(kept)
    own = [_listed(text) for text in kept.all(_KIND)]
    known = {item.name for item in own}
    brought = [_listed(Text(path.stem, path.read_text("utf-8"), 0)) for path in sorted(_BROUGHT.glob("*.yaml"))]
    rest = [item for item in (*brought, *wrong) if item.name not in known]
    return sorted(own, key=lambda item: fold(item.title)) + rest


def _listed(text: Text) -> Listed:
    try:
        return Listed(text.name, parse(text.text, date.today()).title)
    except InputError as error:
        return Listed(text.name, text.name, error)


def _come_in(kept: Texts) -> list[Listed]:
    """Take the files in the folder into the store; gives those that cannot be."""
    wrong = []
    for path in sorted(_folder().glob("*.yaml")):
        try:
            if not _NAME.fullmatch(path.stem):
                raise InputError("briefing.file_name", name=path.name)
            briefing = parse(read_whole(path), date.today())
        except AnttError as error:
            wrong.append(Listed(path.stem, path.name, error))
            continue
        if kept.get(_KIND, path.stem) is None:
            _keep_new(kept, path.stem, briefing)
        (_folder() / _IN).mkdir(exist_ok=True)
        path.replace(_folder() / _IN / path.name)
    return wrong


def _keep_new(kept: Texts, name: str, briefing: Briefing) -> bool:
    """Keep a briefing under a name that is not taken; False where it is."""
    try:
        kept.keep(_KIND, name, dump(briefing), after=0)
    except TextChangedError:
        return False
    return True


def is_own(kept: Texts, name: str) -> bool:
    """Whether a briefing is kept here, and not one that the product brings."""
    return kept.get(_KIND, name) is not None


def load(kept: Texts, name: str, today: date) -> Briefing:
    """The briefing kept under a name; see `parse`.

    Raises
    ------
    NotFoundError
        If there is none.
    InputError
        If it has a mistake.
    """
    return parse(_text(kept.get(_KIND, name), name), today)


def _text(own: Text | None, name: str) -> str | bytes:
    """A briefing's text: the office's own, the product's, or that of a file that waits to be mended."""
    if own is not None:
        return own.text
    for folder in (_BROUGHT, _folder()):
        path = folder / f"{name}.yaml"
        if _NAME.fullmatch(name) and path.is_file():
            return read_whole(path)
    raise NotFoundError("briefing.none", name=name)


def bring(kept: Texts, briefing: Briefing, name: str = "") -> str:
    """Keep a new briefing, and give the name it is kept under: one of its title that is not taken."""
    wanted = name or briefing.name
    names = (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000)))
    return next(free for free in names if _keep_new(kept, free, briefing))


def change(kept: Texts, name: str, today: date, deed: Deed) -> Briefing:
    """Change a briefing as it is by now, whoever has changed it meanwhile; one of the product's becomes the office's.

    Parameters
    ----------
    deed : callable
        Gives the changed briefing; may be called again where somebody else was faster.

    Raises
    ------
    NotFoundError
        If there is none.
    Exception
        What the deed raises; nothing is changed then.
    """
    made: list[Briefing] = []

    def write(text: Text | None) -> str:
        made.append(deed(parse(_text(text, name), today)))
        return dump(made[-1])

    kept.change(_KIND, name, write)
    return made[-1]


def add(kept: Texts, name: str, question: AnyQuestion, today: date) -> tuple[str, int]:
    """Put a question at the end of a briefing, of the first one where none has that name.

    Returns
    -------
    (str, int)
        The briefing's name, and how many slides it has now.

    Raises
    ------
    InputError
        If it has as many slides as one may have.
    """
    known = [item.name for item in listed(kept) if item.problem is None]
    if not known:
        return bring(kept, Briefing("Bản tin", (question,), lang=question.lang)), 1

    def put(briefing: Briefing) -> Briefing:
        if len(briefing.slides) >= LONGEST:
            raise InputError("briefing.too_long", n=len(briefing.slides) + 1, most=LONGEST)
        return replace(briefing, slides=(*briefing.slides, question))

    held = name if name in known else known[0]
    return held, len(change(kept, held, today, put).slides)


def remove(kept: Texts, name: str) -> None:
    """Forget a briefing that is kept here.

    Raises
    ------
    NotFoundError
        If there is none.
    TextChangedError
        If somebody is changing it at this moment.
    """
    found = kept.get(_KIND, name)
    if found is None:
        raise NotFoundError("briefing.none", name=name)
    kept.forget(_KIND, name, after=found.version)
