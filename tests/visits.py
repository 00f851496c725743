"""Visits without a browser: a websocket that asks for runs of the script as a browser does, for tests under load."""

from __future__ import annotations

import asyncio
import html
import json
import re
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.error import HTTPError

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_OFFER = re.compile(r'<a class="antt-button[^>]*href="(files/[^"]+)"[^>]*>([^<]+)</a>')


T = TypeVar("T")


def apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run in a thread of its own: a browser's tests hold the event loop of theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Visit:
    """One tab of one person.

    Attributes
    ----------
    offers : dict of str to str
        Files the page offers: label to address.
    cookie : str
        What ties them to the visit.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.offers: dict[str, str] = {}
        self.cookie = ""
        self.sent = 0
        self._socket: Any = None

    async def open(self, page: str) -> None:
        """Load a page and let its script run once."""
        status, headers, _ = await self.ask("GET", page)
        assert status == 200, status
        self.cookie = headers["Set-Cookie"].partition(";")[0]
        self._socket = await websockets.connect(
            f"{self.address.replace('http', 'ws')}/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit"), websockets.Subprotocol("PLACEHOLDER_AUTH_TOKEN")],
            additional_headers={"Cookie": self.cookie},
            origin=websockets.Origin(self.address),
            max_size=None,
        )
        await self.run(page)

    async def run(self, page: str) -> None:
        """Let the script run at an address, as after a link, and take all it sends."""
        name, _, query = page.partition("?")
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = name
        message.rerun_script.is_history_navigation = True
        await self._socket.send(message.SerializeToString())
        while True:
            said = ForwardMsg()
            said.ParseFromString(await self._socket.recv())
            self.sent += 1
            for found in self._texts(said):
                self.offers |= {html.unescape(label): address for address, label in _OFFER.findall(found)}
            if said.WhichOneof("type") == "script_finished":
                return

    def _texts(self, said: ForwardMsg) -> Iterator[str]:
        if said.WhichOneof("type") == "delta" and said.delta.new_element.WhichOneof("type") == "html":
            yield said.delta.new_element.html.body

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def take(self, label: str, *, patience: float = 240.0) -> tuple[str, bytes]:
        """Name and content of a file, as the script of the page gets it."""
        status, _, body = await self.ask("POST", self.offers[label])
        said = json.loads(body)
        async with asyncio.timeout(patience):
            while status == 200 and said["state"] == "working":
                await asyncio.sleep(0.3)
                status, _, body = await self.ask("GET", said["at"])
                said = json.loads(body)
        assert said["state"] == "ready", said
        status, _, content = await self.ask("GET", said["file"])
        assert status == 200, status
        return said["name"], content

    async def ask(self, method: str, path: str) -> tuple[int, Any, bytes]:
        """Status, headers and body of a request of this visit."""
        return await asyncio.to_thread(self._ask, method, path)

    def _ask(self, method: str, path: str) -> tuple[int, Any, bytes]:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        request = urllib.request.Request(f"{self.address}/{path}", method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=240) as answer:
                return answer.status, answer.headers, answer.read()
        except HTTPError as error:
            return error.code, error.headers, error.read()
