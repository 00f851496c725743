"""The document of every page: Streamlit's own, with our scripts and faces in it, at a path for each page.

A visit gets a cookie here that the files made for it are tied to. The bare address and those of former links lead on to
the page they mean; a page that does not exist is said so.
"""

from __future__ import annotations

import html
import secrets
from functools import lru_cache
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode

import streamlit
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from geo import settings
from geo.question import address
from geo.render import assets
from geo.text import Lang, t

VISIT = "antt_visit"
"""Name of the cookie of a visit."""

SCRIPTS = ("links", "keys", "files", "print")
"""Our scripts in `browser/`, in the order in which they must load: before Streamlit's, for they tell it where it is."""

_STREAMLIT = Path(streamlit.__file__).parent / "static"


@lru_cache(maxsize=1)
def document() -> str:
    """Streamlit's document with our scripts before its first."""
    root = f"./assets/{assets.version()}/page"
    ours = "".join(f'<script src="{root}/{name}.js"></script>\n    ' for name in SCRIPTS)
    before, script, after = (_STREAMLIT / "index.html").read_text("utf-8").partition("<script")
    sheets = (
        f'<link rel="stylesheet" href="{root}/fonts.css" />\n    '
        f'<link rel="stylesheet" href="{root}/print.css" media="print" />\n    '
    )
    return f"{before}{sheets}{ours}{script}{after}"


@lru_cache(maxsize=1)
def _files() -> frozenset[str]:
    """Names of the files beside Streamlit's document."""
    return frozenset(path.name for path in _STREAMLIT.iterdir() if path.is_file()) - {"index.html"}


async def page(request: Request) -> Response:
    """The document of a page."""
    response = HTMLResponse(document(), headers={"Cache-Control": "no-cache"})
    if VISIT not in request.cookies:
        secure = request.url.scheme == "https"
        response.set_cookie(VISIT, secrets.token_urlsafe(24), httponly=True, samesite="lax", secure=secure)
    return response


async def first(request: Request) -> Response:
    """From the bare address, or one with the page as a parameter, to the page it means; the rest of it goes along."""
    params = dict(request.query_params)
    named = address.read(params).get("page", address.FIRST)
    params.pop("page", None)
    query = urlencode(params, safe=",.")
    return RedirectResponse(f"./{named}{query and '?'}{query}", 307, headers={"Cache-Control": "no-cache"})


async def below(request: Request) -> Response:
    """From the path the application lies below to what is there: relative addresses need its slash."""
    return RedirectResponse(f"{request.url.path}/", 307)


async def other(request: Request) -> Response:
    """A file of Streamlit's, or a word that there is no such page."""
    name = request.path_params["name"]
    if name in _files():
        return FileResponse(_STREAMLIT / name, headers={"Cache-Control": "no-cache"})
    known = settings.load().lang
    lines = "".join(
        f'<p lang="{lang}">{html.escape(t("ui.no_page", lang, name=name[:60]))} '
        f'<a href="./{address.FIRST}">{html.escape(t(f"ui.page_{address.FIRST}", lang))}</a></p>'
        for lang in (known, *(lang for lang in get_args(Lang) if lang != known))
    )
    sheet = f'<link rel="stylesheet" href="./assets/{assets.version()}/page/fonts.css">'
    look = "font: 18px/1.6 'Be Vietnam Pro', sans-serif; color: #20262d; background: #fbfaf7; padding: 12vh 10vw"
    said = f'<body style="{look}">{lines}</body>'
    return HTMLResponse(f'<!DOCTYPE html><meta charset="utf-8"><title>404</title>{sheet}{said}', 404)
