"""Keys of projector and presenter: what each does, and the list of them that `?` shows.

The script of the page (`browser/keys.js`) reads the list and presses the button a key is bound to, wherever the focus
is. The buttons themselves are out of sight and out of the order of Tab.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from geo.text import t
from geo.ui import session


@dataclass(frozen=True)
class Key:
    """What some keys do.

    Attributes
    ----------
    keys : str
        Their names as browsers have them, with spaces; letters and figures as such, "Space" for the long one.
    shown : str
        As the list shows them; empty where another line of it speaks of them.
    words : str
        What they do, in the language of the view.
    action : callable, optional
        Called when one is pressed.
    go : str
        Or the address it leads to.
    """

    keys: str
    shown: str
    words: str
    action: Callable[[], None] | None = None
    go: str = ""


def bind(place: str, keys: list[Key]) -> None:
    """Bind keys from now on, and as long as what calls this stands on the page; `place` names their container."""
    lang = session.view().lang
    bound: dict[str, dict[str, str]] = {}
    with st.container(key=place):
        for number, key in enumerate(keys):
            button = f"{place}_{number}"
            if key.action:
                st.button(button, key=button, on_click=key.action)
            bound |= {name: {"go": key.go} if key.go else {"press": button} for name in key.keys.split()}
        said = {
            "title": t("ui.keys", lang),
            "hint": t("ui.keys_hint", lang),
            "keys": bound,
            "help": [[key.shown, key.words] for key in keys if key.shown],
        }
        st.html(f'<div data-antt-keys="{html.escape(json.dumps(said, ensure_ascii=False))}"></div>')
