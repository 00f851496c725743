"""Addresses served beside Streamlit's own: pages, libraries, fonts, boundary geometry, published arrays, files."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from streamlit import config

from geo.cartography import basemap
from geo.question.address import PAGES
from geo.render import assets
from geo.ui import downloads, index_page, session, working

_FOR_GOOD = "private, max-age=31536000, immutable"


async def _asset(request: Request) -> Response:
    address = request.path_params["address"]
    found = assets.published(address) or await run_in_threadpool(assets.find, address)
    if found is None:
        return Response(status_code=404, headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": _FOR_GOOD if found.lasting else "no-cache", "X-Content-Type-Options": "nosniff"}
    if found.media_type == assets.ARRAY:
        headers["Content-Encoding"] = "identity"  # deflating positions takes 15 ms of a change and saves 4 %
    return Response(found.content, media_type=found.media_type, headers=headers)


basemap.comes_from(lambda sha256: session.store().topology(sha256))


def routes() -> list[BaseRoute]:
    """Routes for `st.App`, below the path that the server's setting `baseUrlPath` names."""
    below = "/".join(("", *filter(None, config.get_option("server.baseUrlPath").split("/"))))
    return [
        Route(f"{below}/assets/{{address:path}}", _asset, methods=["GET"]),
        Route(f"{below}/files/{{offer}}", downloads.start, methods=["GET", "POST"]),
        Route(f"{below}/files/{{made}}/state", downloads.state, methods=["GET"]),
        Route(f"{below}/files/{{made}}/{{name}}", downloads.hand_over, methods=["GET"]),
        Route(f"{below}/work/{{work}}/stop", working.stop, methods=["GET"]),
        *(Route(f"{below}/{name}", index_page.page, methods=["GET"]) for name in PAGES),
        Route(f"{below}/", index_page.first, methods=["GET"]),
        Route(f"{below}/{{name}}", index_page.other, methods=["GET"]),
        *([Route(below, index_page.below, methods=["GET"])] if below else []),
    ]
