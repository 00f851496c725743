"""One visit: the store it reads, and what the person has chosen, kept in Streamlit's session state and the address bar.

Widgets write under the names of fields (`geo.question`); a `View` reads them together and forms the page's question.
"""

from __future__ import annotations

import html
import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import settings
from geo.cartography.spec import MapSpec
from geo.question import Question, Situation, address, altered, codec, travel
from geo.question.types import QUESTIONS, AnyQuestion
from geo.render.web import Look
from geo.schema import Measure
from geo.store import Snapshot, Store
from geo.store.installed import installed_store
from geo.text import Lang, measure_within, t

_DATED = ("from", "to", "earlier_from")
"""Fields that may be empty."""


@dataclass(frozen=True)
class View:
    """What a person has chosen by now: where they are, and every field of every page's question."""

    fields: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    @property
    def page(self) -> str:
        """The page of the menu."""
        return str(self.fields["page"])

    @property
    def lang(self) -> Lang:
        """Language of every word."""
        lang: Lang = self.fields["lang"]
        return lang

    @property
    def theme(self) -> str:
        """Projector theme, or empty."""
        return str(self.fields["theme"])

    @property
    def commune(self) -> str:
        """Code of the commune that is open, or empty."""
        return str(self.fields["commune"])

    @property
    def briefing(self) -> str:
        """Name of the briefing in hand, or empty."""
        return str(self.fields["briefing"])

    @property
    def stands_in(self) -> str:
        """That another measure is shown in place of the one that was asked for; empty where it is not.

        Dens are on the one page that does not count them all the same: it sets cases against them.
        """
        away = travel.displaced(self.fields)
        if away is None or away is Measure.DEN_CLEARED:
            return ""
        shown = measure_within(self.fields["measure"], self.lang)
        return t("ui.displaced", self.lang, measure=measure_within(away, self.lang), shown=shown)

    @cached_property
    def question(self) -> AnyQuestion:
        """What the page asks; of a page that asks nothing, what the map would."""
        return self.asked_on(self.page if self.page in QUESTIONS else address.FIRST)

    def asked_on(self, page: str) -> AnyQuestion:
        """What a page would ask one who goes there."""
        there = self.fields if page == self.page else travel.onward(self.fields, page)
        return codec.question_of(page, there, today())


class Current:
    """The map that is on the screen; downloads are made from it when their button is pressed, in a thread of their own.

    Attributes
    ----------
    spec : MapSpec, optional
    question : Question, optional
        What it answers.
    public : bool
        Downloads are editions for the public.
    """

    spec: MapSpec | None = None
    question: Question | None = None
    public: bool = False


def current() -> Current:
    """The one `Current` of this visit."""
    held: Current = st.session_state.current
    return held


def showing(spec: MapSpec) -> None:
    """This map is on the screen now."""
    held = current()
    held.spec, held.question = spec, view().question


def look(view: View, *, remember: bool) -> Look:
    """How the view wants its map shown: theme, open commune, and where to fly."""
    return Look(
        theme=view.theme or "light",
        selected=view.commune,
        fly_to=st.session_state.fly_to,
        nonce=st.session_state.nonce,
        remember=remember,
    )


def default() -> dict[str, Any]:
    """The fields of a first visit."""
    return {**address.DEFAULTS, "lang": settings.load().lang}


def begin(page: str) -> None:
    """Start of every full run. Whoever arrives at an address, by a link, Back or Forward too, gets the view it says.

    Streamlit forgets the value of a widget that was not drawn, and gives a widget its default on another page even
    where one of the same name had a value before. So values are set anew on arrival.
    """
    held = st.session_state
    if "kept" not in held:
        held.update(kept=default(), playing=False, current=Current(), nonce=0, fly_to=None, drawn_lang="")
        held.update(mark=secrets.token_hex(4), turn=0)
        held.kept["page"] = ""
    if held.kept["page"] != page or _history_moved():
        said = st.query_params.to_dict()
        there = travel.fitted(address.arrive(page, said, held.kept, default()))
        held.update(kept=there, playing=False, arrived=said)
        for name in _MADE_OF_FIELDS:
            held.pop(name, None)
        put(**held.kept)
    elif view().lang != held.drawn_lang:  # a box holds the words of its choice, and those are others now
        put(**view().fields)
    held.drawn_lang = view().lang


_MADE_OF_FIELDS = ("dates", "earlier_day")
"""Widgets that show a field in a form of their own, and begin with it on arrival."""


def _history_moved() -> bool:
    """This run answers the browser's Back or Forward, or a link of ours, which works by the same."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _for_widget(name: str, value: object) -> object:
    if name == "limits":
        return codec.limits_text(value) if isinstance(value, tuple) else value
    return list(value) if isinstance(value, tuple) else value


def _from_widget(name: str, value: object) -> object:
    """A field's value of what its widget holds; class limits that are none are none."""
    if name == "limits":
        try:
            return codec.field_of(name, value)
        except ValueError:
            return ()
    return tuple(value) if isinstance(value, list | tuple) else value


def _is_of(name: str, value: object) -> bool:
    """Whether a widget's value is one of the field's; a box can still hold a word of another language."""
    if name not in codec.DEFAULTS or not (type(value) is str or isinstance(value, list | tuple)):
        return True
    try:
        codec.field_of(name, value)
    except ValueError:
        return name == "limits"
    return True


def view() -> View:
    """What the widgets and clicks of this visit have chosen."""
    fields = dict(st.session_state.kept)
    for name in fields:
        value = st.session_state.get(name)
        if (value is not None or (name in _DATED and name in st.session_state)) and _is_of(name, value):
            fields[name] = _from_widget(name, value)
    return View(fields)


def put(**changes: object) -> None:
    """Change fields from code, for instance in a callback."""
    for name, value in changes.items():
        st.session_state[name] = _for_widget(name, value)


def choose(measure: Measure) -> None:
    """Show another measure, of all kinds."""
    there = travel.fitted({**view().fields, "measure": measure, "named": "", "kinds": ()})
    put(**{name: there[name] for name in ("measure", "named", "kinds")})


def redraw(*fragments: str) -> None:
    """Last call of a callback: draw only these fragments again, and what on the page follows from them.

    On the map's page the open table goes with the map, the open card too, and after the rail also the months, for
    other filters may mean other months. Where a clock or keys move the months, the map's own fragment draws them.
    Where the browser goes back or forward the whole page is drawn, by what the address says, whatever a widget held.
    """
    if _history_moved():
        return
    now = view()
    wanted = [name for name in fragments if not (name == "rail" and now.theme)]  # which has none on a projector
    followers = []
    if now.page == "map":
        by_itself = not (now.theme or st.session_state.playing)
        follows = {
            "table": now["tab"] == "table",
            "card": bool(now.commune) or "rail" in fragments,
            "months": "rail" in fragments and by_itself,
        }
        followers = [name for name, does in follows.items() if does and name not in fragments]
    st.rerun([*wanted, *followers])


def redraw_map() -> None:
    """Last call of a callback that changes what the map shows, and nothing of the rail."""
    redraw("desk")


def redraw_map_and_rail() -> None:
    """Last call of a callback after which other filters appear or go."""
    redraw("rail", "desk")


def fly(bbox: tuple[float, float, float, float] | None) -> None:
    """Move the map to a box, or back to the whole province."""
    st.session_state.fly_to = bbox
    st.session_state.nonce += 1


def link_to(question: AnyQuestion, **screen: object) -> str:
    """The address of the page of a question, and where to be on it."""
    bare = {"commune": "", "theme": "", "briefing": "", "tab": ""}
    return address.of_view({**default(), **bare, **codec.plain(question), "page": question.page, **screen}, default())


def link_to_page(page: str, **changes: object) -> str:
    """The address of a page for one who comes from this view, with these changes."""
    return address.of_view({**travel.onward(view().fields, page), **changes}, default())


def map_question() -> Situation:
    """The question as the map's page would ask it."""
    asked = view().asked_on("map")
    assert isinstance(asked, Situation)
    return altered(asked, show="map", title="")


def keep() -> None:
    """Remember the view, and have the browser's bar say it: a step in its history, unless this answers one.

    On a projector and while months play the steps are not the person's, and take the place of the one before.
    """
    held = st.session_state
    before, now = held.kept, view()
    by_itself = held.playing or (before["theme"] and now.theme)
    how = "replace" if held.arrived is not None or by_itself else "push"
    answered = address.write(before, default()) if held.arrived is None else held.arrived
    held.update(kept=now.fields, arrived=None, turn=held.turn + 1)
    said = {
        "address": address.of_view(now.fields, default()),
        "from": urlencode({name: text for name, text in answered.items() if name != "at"}),
        "all": urlencode(address.write(now.fields, default(), all_pages=True), safe=",."),
        "how": how,
        "mark": held.mark,
        "turn": str(held.turn),
    }
    data = " ".join(f'data-antt-{name}="{html.escape(text)}"' for name, text in said.items())
    st.html(f"<div {data}></div>")


def reset() -> None:
    """Every filter and option as the page opens; the page, the language and the briefing in hand stay."""
    first = address.opening(view().page, default())
    put(**{name: value for name, value in first.items() if name not in ("page", "lang", "briefing", "slide", "tab")})
    fly(None)


def switch_language() -> None:
    """Vietnamese to English or back."""
    put(lang="en" if view().lang == "vi" else "vi")


def store() -> Store:
    """The store of this installation; see `installed_store`."""
    return installed_store()


def snapshot() -> Snapshot:
    """The store at its present version; a map, a card or a table is made of one."""
    return store().snapshot()


def today() -> date:
    """The day of the newest record, from which relative periods are counted."""
    return snapshot().today


def quiet(text: str) -> str:
    """Text with Markdown's signs made harmless."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|$~:" else c for c in text)


def patience(what: str = "map") -> AbstractContextManager[None]:
    """A word of patience around what takes long the first time after the data changed: reading them, running sums."""
    first = what, store().version
    if first in _seen:
        return nullcontext()
    _seen.add(first)
    return st.spinner(t("ui.opening", view().lang))


_seen: set[tuple[str, int]] = set()
