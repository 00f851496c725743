"""One run: for every size all sides are open at once and take turns, so that whatever else the machine does falls on all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from tests.bench import browser, sides
from tests.bench.browser import Change, Frames, Open
from tests.bench.sides import Side

Say = Callable[[str], None]

_WARM_UP = 2
_FEWEST = 2
_LOADS, _CHANGES = 0.35, 0.85
"""When page loads, then changes, end, as a share of the time of a size."""

_SHARE = 25.0
"""Seconds of changes a side may take per size; a slower one gets fewer rounds, but two."""


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes
    ----------
    sizes : tuple of int
    names : tuple of str
    rounds, loads, moves : int
        Changes, page loads, pans and zooms of each side and size.
    seconds : float
        Of the whole; every size gets an equal share of what is left, and fewer rounds where that is not enough.
    """

    sizes: tuple[int, ...]
    names: tuple[str, ...]
    rounds: int
    loads: int
    moves: int
    seconds: float


@dataclass
class Result:
    """What was measured of one side at one size; `redrawn` says that the map's pixels differ after a change."""

    side: str
    size: int
    changes: list[Change] = field(default_factory=list)
    first_loads: list[float] = field(default_factory=list)
    later_loads: list[float] = field(default_factory=list)
    pans: list[Frames] = field(default_factory=list)
    zooms: list[Frames] = field(default_factory=list)
    redrawn: bool | None = None
    trouble: str = ""

    @property
    def spent(self) -> float:
        """Seconds its changes took."""
        return sum(change.drawn for change in self.changes) / 1000


class Run:
    """The measuring itself; results fill up as it goes."""

    def __init__(self, plan: Plan, say: Say) -> None:
        self.plan, self.say = plan, say
        self.results: list[Result] = []
        self._end = time.monotonic() + plan.seconds
        self._until = self._end

    @property
    def over(self) -> bool:
        """True when the time for this part of the run has passed."""
        return time.monotonic() > self._until

    def all(self) -> list[Result]:
        """Measure everything planned, as far as the time goes."""
        with browser.chromium() as chromium:
            for i, size in enumerate(self.plan.sizes):
                begun = time.monotonic()
                self._size(chromium, size, begun, max(30.0, (self._end - begun) / (len(self.plan.sizes) - i)))
        return self.results

    def _size(self, chromium: Browser, size: int, begun: float, seconds: float) -> None:
        """One size in `seconds`: a third for page loads, most of the rest for changes."""
        compared = sides.of_size(size, self.plan.names)
        results = {side.name: Result(side.name, size) for side in compared}
        self.results.extend(results.values())
        with sides.served(compared) as addresses:
            self._until = begun + seconds * _LOADS
            self._loads(chromium, compared, addresses, results)
            self._until = begun + seconds * _CHANGES
            opened = [
                o for side in compared if (o := self._open(chromium, side, addresses[side.name], results[side.name]))
            ]
            self._changes(opened, results)
            self._until = begun + seconds
            self._moves(opened, results)
            for one in opened:
                one.page.context.close()

    def _open(self, chromium: Browser, side: Side, address: str, result: Result) -> Open | None:
        page = browser.context(chromium).new_page()
        try:
            return browser.load(side, address, page)
        except (TimeoutError, PlaywrightError) as error:
            result.trouble = str(error).splitlines()[0]
            page.context.close()
            return None

    def _loads(
        self, chromium: Browser, compared: tuple[Side, ...], addresses: dict[str, str], results: dict[str, Result]
    ) -> None:
        """Page loads, by a browser that has nothing of the page and again by the same one."""
        for turn in range(self.plan.loads + 1):
            for side in compared:
                result = results[side.name]
                if result.trouble or (turn and self.over):
                    continue
                self.say(f"{side.points or result.size:,} points: page load {turn}, {side.name}")
                opened = self._open(chromium, side, addresses[side.name], result)
                if opened is None:
                    continue
                if turn:  # the very first is the server's own start
                    again = browser.load(side, addresses[side.name], opened.page.context.new_page())
                    result.first_loads.append(opened.loaded)
                    result.later_loads.append(again.loaded)
                opened.page.context.close()

    def _changes(self, opened: list[Open], results: dict[str, Result]) -> None:
        for turn in range(_WARM_UP + self.plan.rounds):
            for one in opened:
                result = results[one.side.name]
                late = result.spent > _SHARE or self.over
                if result.trouble or (late and len(result.changes) >= _FEWEST):
                    continue
                self.say(f"{result.size:,} points: change {turn - _WARM_UP + 1}, {one.side.name}")
                self._change(one, result, keep=turn >= _WARM_UP)

    def _change(self, one: Open, result: Result, *, keep: bool) -> None:
        looks = one.side.name not in sides.FLOORS and result.redrawn is None
        try:
            before = browser.picture(one) if looks else b""
            change = browser.change(one)
            result.redrawn = before != browser.picture(one) if looks else result.redrawn
        except PlaywrightError as error:
            result.trouble = str(error).splitlines()[0]
            return
        if change is None:
            result.trouble = f"not finished in {browser.LIMIT_MS / 1000:.0f} s"
        elif keep or change.drawn > 1000 * _SHARE / 4:
            result.changes.append(change)

    def _moves(self, opened: list[Open], results: dict[str, Result]) -> None:
        for _ in range(self.plan.moves):
            for one in opened:
                result = results[one.side.name]
                if one.side.name in sides.FLOORS or result.trouble or (result.pans and self.over):
                    continue
                self.say(f"{result.size:,} points: pan and zoom, {one.side.name}")
                result.pans.append(browser.pan(one))
                result.zooms.append(browser.zoom(one))
