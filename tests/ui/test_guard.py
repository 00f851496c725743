import logging
import re

from streamlit.testing.v1 import AppTest


def _fails_in_words():
    from geo.errors import InputError
    from geo.ui import session
    from geo.ui.guard import guarded

    session.begin("map")

    @guarded
    def body() -> None:
        raise InputError("ui.limits_bad")

    body()


def _fails_unexpectedly():
    from geo.ui import session
    from geo.ui.guard import guarded

    session.begin("map")

    @guarded
    def body() -> None:
        raise RuntimeError("the secret inside")

    body()


def _stops():
    import streamlit as st

    from geo.ui import session
    from geo.ui.guard import guarded

    session.begin("map")

    @guarded
    def body() -> None:
        st.write("before")
        st.stop()

    body()


def test_an_error_meant_for_people_is_shown_in_words():
    app = AppTest.from_function(_fails_in_words).run()
    assert not app.exception
    assert "Ngưỡng phải là các số dương tăng dần" in app.warning[0].value


def test_an_unexpected_error_shows_a_code_that_is_in_the_log(caplog):
    with caplog.at_level(logging.ERROR, "geo.ui"):
        app = AppTest.from_function(_fails_unexpectedly).run()
    assert not app.exception
    shown = app.error[0].value
    assert "the secret inside" not in shown
    code = re.search(r"\b[0-9a-f]{6}\b", shown).group()
    assert code in caplog.text
    assert "the secret inside" in caplog.text


def test_stopping_a_page_is_no_error():
    app = AppTest.from_function(_stops).run()
    assert not app.error
    assert not app.exception
