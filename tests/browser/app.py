"""Starting the application and a Chromium for tests, benchmarks and the README's picture."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Page, ViewportSize, sync_playwright

from geo.settings import ROOT

FRAME = 'iframe[title="streamlit_folium.st_folium"]'
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
# A server does not outlive the tests, even killed ones.
_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
_STORED = "cookies,indexeddb,local_storage,service_workers"
# Streamlit lists, on every component's frame, features that this Chromium does not know.
_HARMLESS = re.compile(r"Unrecognized feature|allow-scripts and allow-same-origin")


def free_port() -> int:
    """A port nobody listens on.

    Below those that the system gives to connections, for a server needs seconds until it listens; of a range of its own
    for every worker.
    """
    first = 20_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for port in random.sample(range(first, first + 1_000), 1_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


@contextmanager
def serving(home: Path, *, below: str = "", port: int = 0, **settings: str) -> Iterator[str]:
    """The application over the store in `home`; gives its address, and ends it afterwards.

    Parameters
    ----------
    home : Path
    below : str
        A path it is to lie below.
    port : int
        Any free one where not given.
    settings : str
        By name.
    """
    port = port or free_port()
    env = {**os.environ, "ANTT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    env |= {f"ANTT_{name.upper()}": value for name, value in settings.items()}
    command = [*_WITH_US, sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.baseUrlPath", below] if below else []
    with running(command, port, cwd=ROOT, env=env, log=home / "server.log", below=below) as address:
        yield address


@contextmanager
def running(
    command: list[str], port: int, *, cwd: Path, env: Mapping[str, str], log: Path, below: str = ""
) -> Iterator[str]:
    """A command that serves on `port`, until the end of the block; gives the address."""
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=cwd, env=env, stdout=output, stderr=subprocess.STDOUT)
        try:
            address = "/".join(filter(None, (f"http://127.0.0.1:{port}", below)))
            _wait(f"{address}/_stcore/health", server)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert server.poll() is None, "the application ended while starting"
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the application did not start")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one found."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert path, "no Chromium found: run tests/browser/chromium.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


class Window:
    """The one window whose tabs the tests' pages are.

    Every context of a browser has a window of its own, which takes Chromium two seconds to make, and caches of its own,
    which have to take in all of Streamlit's scripts again. Tabs share both and nothing else: `tidy` stands between tests.
    """

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
        self._stay = self.context.new_page()  # a window goes with its last tab
        self._cdp = self.context.new_cdp_session(self._stay)
        self._origins: set[str] = set()
        self.context.on("page", lambda page: page.on("framenavigated", lambda frame: self._note(frame.url)))

    def _note(self, url: str) -> None:
        if found := re.match(r"https?://[^/]+", url):
            self._origins.add(found[0])

    def new_page(self, *, viewport: ViewportSize, accept_downloads: bool = True) -> Page:
        """An empty tab, as `Browser.new_page` gives it."""
        assert accept_downloads
        page = self.context.new_page()
        page.set_viewport_size(viewport)
        return page

    def tidy(self) -> None:
        """Close what is still open, and forget cookies and all that pages have stored."""
        for page in self.context.pages:
            if page is not self._stay:
                page.close()
        self.context.clear_cookies()
        for origin in self._origins:
            self._cdp.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": _STORED})
        self._origins.clear()


def _is_fault(kind: str, text: str) -> bool:
    """Errors, and what a chart warns of."""
    return (kind == "error" or text.startswith("WARN")) and not _HARMLESS.search(text)


class Watch:
    """What must not happen on a page: a request to another machine, an error in the console, a failed request."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("request", lambda r: self._request(r.url))
        page.on("response", lambda r: self._note(r.status >= 400, f"{r.status} {r.url}"))
        page.on("console", lambda m: self._note(_is_fault(m.type, m.text), m.text))
        page.on("pageerror", lambda e: self._note(True, str(e)))
        page.on("dialog", lambda d: (self._note(True, f"dialog {d.message}"), d.dismiss()))

    def _request(self, url: str) -> None:
        own = re.match(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]", url) or url.startswith(
            ("data:", "blob:", "about:")
        )
        self._note(not own, f"foreign request {url}")

    def _note(self, bad: bool, text: str) -> None:
        if bad:
            self.faults.append(text)


def map_of(page: Page) -> FrameLocator:
    """The map's frame."""
    return page.frame_locator(FRAME)


def drawn(page: Page) -> str:
    """Wait for a map, and give the identity of what it shows."""
    root = map_of(page).locator("html[data-drawn]")
    root.wait_for(state="attached", timeout=60_000)
    return str(root.get_attribute("data-drawn"))


def redrawn(page: Page, before: str) -> str:
    """Wait until the map shows something else than `before`."""
    map_of(page).locator(f'html[data-drawn]:not([data-drawn="{before}"])').wait_for(state="attached", timeout=60_000)
    return drawn(page)


def settled(page: Page) -> None:
    """Wait until the script has run and the browser had time to paint; on busy cores a run begins only meanwhile."""
    rests = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    for _ in range(20):
        rests.wait_for(timeout=60_000)
        page.wait_for_timeout(350)
        if rests.count():
            return
    raise AssertionError("the script runs on and on")


def colours(page: Page, path: Path) -> int:
    """How many different colours the map face has: a blank one has a handful."""
    map_of(page).locator(".leaflet-container").screenshot(path=path)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")) // 8
    return len(np.unique(pixels.reshape(-1, 3), axis=0))
