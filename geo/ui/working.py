"""What takes longer than a moment: how far it is, and a way to end it.

Streamlit runs one thing after the other for a visitor, so a button of its own would be heard when all is done. The way
to end it is a link that the server answers without a page, beside the run that is going on.
"""

from __future__ import annotations

import html
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from streamlit import config
from streamlit.delta_generator import DeltaGenerator

from geo.text import t
from geo.ui import session
from geo.worker import Ended, watching

__all__ = ["stop", "working"]

_PATIENT = 3
"""Times it is told how far it is, four a second, before it is shown."""

_at_work: dict[str, Event] = {}
"""What ends each work, by a name that nobody can guess."""


async def stop(request: Request) -> Response:
    """End a work; the browser stays where it is."""
    event = _at_work.get(request.path_params["work"])
    if event is None:
        return Response(status_code=404)
    event.set()
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@contextmanager
def working() -> Iterator[None]:
    """Where a finding is made that may take long: after a moment it shows how far it is, and a link that ends it.

    When it is ended the page says so and offers to begin again. A visitor who asks for something else ends it too.
    """
    lang, place = session.view().lang, st.empty()
    name, ended, told = secrets.token_urlsafe(16), Event(), 0
    shown: list[DeltaGenerator] = []

    def tell(share: float, key: str) -> None:
        nonlocal told
        told += 1
        if told < _PATIENT:
            return
        if not shown:
            with place.container(horizontal=True, vertical_alignment="center", key="working"):
                shown.append(st.progress(0.0, width="stretch"))
                below = "/".join(("", *filter(None, config.get_option("server.baseUrlPath").split("/"))))
                st.html(f'<a class="antt-stop" href="{below}/work/{name}/stop">{html.escape(t("ui.stop", lang))}</a>')
        shown[0].progress(min(max(share, 0.0), 1.0), t(key, lang))

    _at_work[name] = ended
    try:
        with watching(tell, ended), session.patience():
            yield
    except Ended:
        with place.container():
            st.info(t("ui.stopped", lang))
            st.button(t("ui.go_on", lang), key="go_on", type="primary")
        st.stop()
    finally:
        del _at_work[name]
    place.empty()
