"""What takes long can be ended, by a link or by going elsewhere, and is offered again."""

import threading
import time

import pytest
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from geo.ui import working
from tests.homes import home_in
from tests.visits import apart


def _page():
    import streamlit as st

    from geo.ui import session, working
    from geo.worker import heavy
    from tests.worker import deeds

    session.begin("near_repeat")
    with working.working():
        found = heavy(deeds.sleep_for_ever) if st.session_state.get("long", True) else heavy(deeds.plus, 1, b=2)
    st.write(f"found {found}")


def _stop(work: str) -> int:
    return apart(working.stop(Request({"type": "http", "path_params": {"work": work}}))).status_code


def _stop_soon() -> None:
    for _ in range(600):
        if working._at_work:
            assert _stop(next(iter(working._at_work))) == 204
            return
        time.sleep(0.05)


@pytest.fixture
def page(demo_folder):
    with home_in(demo_folder):
        yield AppTest.from_function(_page, default_timeout=60)


def test_a_link_ends_it_and_it_is_offered_again(page):
    threading.Thread(target=_stop_soon, daemon=True).start()
    page.run()
    assert not page.exception
    assert "dừng" in page.info[0].value
    page.session_state["long"] = False
    page.button(key="go_on").click().run()
    assert page.markdown[-1].value == "found 3"
    assert not working._at_work


def test_nobody_ends_what_they_cannot_name():
    assert _stop("x") == 404
