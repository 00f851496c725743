"""No person ever sees a stack trace: an error becomes a message; an unexpected one, a code that is in the log too."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from geo.errors import AnttError, of_the_machine
from geo.text import t
from geo.ui import session

log = logging.getLogger("geo.ui")
P = ParamSpec("P")


def guarded(body: Callable[P, None]) -> Callable[P, None]:
    """`body`, with a message in its place where it fails."""

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            body(*args, **kwargs)
        except Exception as error:
            tell(error)

    return run


def tell(error: Exception) -> bool:
    """Show what went wrong in plain words; True says that nothing more need be shown."""
    lang = session.view().lang
    title = t("ui.failed_title", lang)
    known = error if isinstance(error, AnttError) else of_the_machine(error)
    if known is not None:
        st.warning(f"**{title}** \n\n{session.quiet(known.message(lang))}")
        return True
    code = secrets.token_hex(3)
    log.error("page failed, code %s", code, exc_info=error)
    st.error(f"**{title}** \n\n{t('ui.failed', lang, code=code)}")
    return True
