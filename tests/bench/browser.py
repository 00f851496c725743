"""One Chromium, and what is measured in it."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from geo.text import t
from tests.bench import data
from tests.bench.sides import Side

PROBE = Path(__file__).parent / "probe.js"
WINDOW = {"width": 1400, "height": 900}
LIMIT_MS = 60_000
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
_REACTS_MS = 2_000  # a press the page has not reacted to by then is repeated
_MOVE_LIMIT = 8.0  # seconds of dragging, for maps that take long for each frame
_SETTLE = 0.35  # seconds after the drawing in which late messages still count


@dataclass(frozen=True)
class Change:
    """One filter change. Times in milliseconds from the press of the button; `bytes` came over the websocket.

    Attributes
    ----------
    send, first, last, render, marked, drawn : float
        Request sent; first and last message from the server before the map was drawn; the component got its values;
        its script was done; the frame was painted.
    points, polygons : int
        Bytes of files fetched with points, and with anything else.
    longest : float
        The longest task of the browser's main thread meanwhile; 0 where none took over 50 ms.
    """

    send: float
    first: float
    last: float
    render: float
    marked: float
    drawn: float
    bytes: int
    points: int
    polygons: int
    longest: float


@dataclass(frozen=True)
class Frames:
    """Animation frames while the map was moved: gaps between them and the longest task, in milliseconds."""

    median: float
    p95: float
    worst: float
    longest: float


@dataclass
class Open:
    """A side that is open in the browser."""

    side: Side
    page: Page
    loaded: float
    chosen: set[str] = field(default_factory=set)
    turn: int = 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser every side is measured in."""
    path = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


def context(browser: Browser) -> BrowserContext:
    """A profile of its own: nothing cached, the probe in every frame."""
    made = browser.new_context(viewport=WINDOW)
    made.add_init_script(path=PROBE)
    made.set_default_timeout(LIMIT_MS)
    return made


def _needs(side: Side) -> int:
    return side.points * 8 if side.deck else 0


def load(side: Side, address: str, page: Page) -> Open:
    """Open a side; `loaded` of the result is the milliseconds from navigation to the first drawn map."""
    page.bring_to_front()
    page.add_init_script(f"if (window === window.top) window.__bench.needs = {_needs(side)};")
    page.goto(address, wait_until="commit")
    if not page.evaluate(f"__bench.drawn({LIMIT_MS})"):
        raise TimeoutError(f"{side.name}: no map in {LIMIT_MS / 1000:.0f} s")
    took = page.evaluate("__bench.events.find((e) => e.what === 'drawn').at - performance.timeOrigin")
    return Open(side, page, float(took), {str(data.COMMON)})


def change(opened: Open) -> Change | None:
    """Add or remove one rare kind of case; None where the map was not drawn in time.

    The kinds go through the Gray code, so that every change asks a question that was not asked before.
    """
    page = opened.page
    page.bring_to_front()
    opened.turn += 1
    kind = str(data.RARE[((opened.turn & -opened.turn).bit_length() - 1) % len(data.RARE)])
    for _ in range(3):
        _press(page, kind, add=kind not in opened.chosen, needs=_needs(opened.side))
        drawn = page.evaluate(f"__bench.drawn({_REACTS_MS})")
        if drawn or page.evaluate("__bench.events.some((e) => e.what === 'send')"):
            break
    opened.chosen ^= {kind}
    if not drawn and not page.evaluate(f"__bench.drawn({LIMIT_MS})"):
        return None
    time.sleep(_SETTLE)
    found = _read(page)
    page.keyboard.press("Escape")
    time.sleep(0.1)
    return found


def _press(page: Page, kind: str, *, add: bool, needs: int) -> None:
    page.keyboard.press("Escape")
    target = _target(page, kind, add=add)
    target.hover()
    time.sleep(0.1)
    page.evaluate(f"__bench.begin({needs})")
    target.click()


def _target(page: Page, kind: str, *, add: bool) -> Locator:
    """The button that removes a kind, or the entry that adds it, brought to where it can be pressed."""
    label = t(f"map.kind_{kind}", "vi")  # type: ignore[arg-type]
    box = page.locator(".react-aria-ComboBox").filter(has=page.get_by_label(t("ui.kinds", "vi"), exact=True)).first
    if not add:
        return box.get_by_role("button", name=f"Remove {label}", exact=True)
    box.locator("input").click()
    return page.get_by_role("option", name=label, exact=True)


def _read(page: Page) -> Change:
    events = page.evaluate("__bench.events")
    sent = next((e["at"] for e in events if e["what"] == "send"), float("inf"))
    pressed = max(e["at"] for e in events if e["what"] == "input" and e["at"] <= sent)
    drawn = next(e["at"] for e in events if e["what"] == "drawn")

    def at(what: str, *, last: bool) -> float:
        times = [e["at"] for e in events if e["what"] == what and pressed <= e["at"] <= drawn]
        return (times[-1] if last else times[0]) - pressed if times else float("nan")

    files = page.evaluate("(since) => __bench.files(since)", pressed)
    arrays = [f["wire"] for f in files if "/published/" in f["name"]]
    return Change(
        send=at("send", last=False),
        first=at("message", last=False),
        last=at("message", last=True),
        render=at("render", last=True),
        marked=at("marked", last=False),
        drawn=drawn - pressed,
        bytes=sum(e["bytes"] for e in events if e["what"] == "message" and e["at"] >= pressed),
        points=sum(arrays),
        polygons=sum(f["wire"] for f in files) - sum(arrays),
        longest=max((task["ms"] for task in page.evaluate("__bench.longest")), default=0.0),
    )


def _face(opened: Open) -> dict[str, float]:
    """Where the map is in the window."""
    page = opened.page
    if opened.side.deck:
        found = page.get_by_test_id("stDeckGlJsonChart").bounding_box()
    else:
        found = page.frame_locator("iframe").locator(".leaflet-container").first.bounding_box()
    assert found is not None
    return dict(found)


def picture(opened: Open) -> bytes:
    """What the map looks like."""
    opened.page.bring_to_front()
    return bytes(opened.page.screenshot(clip=_face(opened)))  # type: ignore[arg-type]


def pan(opened: Open, *, steps: int = 40) -> Frames:
    """Drag the map to the left and back, in steps of ten pixels."""
    page, box = opened.page, _face(opened)
    page.bring_to_front()
    x, y = box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("__bench.roll()")
    until = time.monotonic() + _MOVE_LIMIT
    for step in [*range(1, steps + 1), *range(steps - 1, 0, -1)]:
        page.mouse.move(x - step * 10, y + step % 3)
        if time.monotonic() > until:
            break
    page.mouse.up()
    time.sleep(0.3)
    return _frames(page)


def zoom(opened: Open, *, times: int = 2) -> Frames:
    """Turn the wheel `times` in and `times` out."""
    page, box = opened.page, _face(opened)
    page.bring_to_front()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.evaluate("__bench.roll()")
    for turn in [-240] * times + [240] * times:
        page.mouse.wheel(0, turn)
        time.sleep(0.4)
    time.sleep(0.3)
    return _frames(page)


def _frames(page: Page) -> Frames:
    found: dict[str, Any] = page.evaluate("__bench.cut()")
    gaps = sorted(found["deltas"]) or [float("nan")]
    return Frames(
        median=statistics.median(gaps),
        p95=gaps[int(0.95 * (len(gaps) - 1))],
        worst=gaps[-1],
        longest=max(found["longest"], default=0.0),
    )
