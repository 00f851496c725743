"""Files a visit takes along: offered, made, held for minutes, and handed to nobody else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from starlette.applications import Starlette

from geo.errors import InputError
from geo.ui import downloads, routes
from geo.ui.downloads import HELD_S, Made, Offer
from geo.ui.index_page import VISIT
from tests.visits import apart

APP = Starlette(routes=routes.routes())
OURS, OTHERS = "visit-of-ours", "visit-of-others"


def ask(method: str, path: str, visit: str = OURS) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a request."""
    cookie = [(b"cookie", f"{VISIT}={visit}".encode())] if visit else []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": f"/{path}", "raw_path": f"/{path}".encode(), "query_string": b"", "headers": cookie,
        "server": ("testserver", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    apart(APP(scope, receive, send))  # type: ignore[arg-type]
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.fixture
def offered() -> Callable[..., Offer]:
    """Offers a file to our visit; the test holds it, as a session does."""

    def make(what: Callable[[], Made], lang: str = "vi") -> Offer:
        made = Offer(f"offer-{time.monotonic_ns()}", OURS, what, lang)  # type: ignore[arg-type]
        downloads._offers[made.token] = made
        return made

    return make


def started(offer: Offer) -> dict[str, Any]:
    status, headers, body = ask("POST", f"files/{offer.token}")
    assert status == 200
    assert headers["cache-control"] == "no-store"
    return finished(json.loads(body))


def finished(said: dict[str, Any]) -> dict[str, Any]:
    for _ in range(400):
        if said["state"] != "working":
            break
        time.sleep(0.01)
        said = json.loads(ask("GET", said["at"])[2])
    return said


def text(content: bytes, name: str = "bang.csv") -> Callable[[], Made]:
    return lambda: Made(name, lambda _step: content)


def test_a_file_is_made_and_handed_over(offered):
    offer = offered(text(b"a;b\n", "Bảng số liệu.csv"))
    said = started(offer)
    assert (said["state"], said["name"]) == ("ready", "Bảng số liệu.csv")
    status, headers, body = ask("GET", said["file"])
    assert (status, body) == (200, b"a;b\n")
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"].startswith("text/csv")
    assert headers["x-content-type-options"] == "nosniff"
    disposition = headers["content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''B%E1%BA%A3ng%20s%E1%BB%91%20li%E1%BB%87u.csv"
    assert ask("GET", said["file"])[2] == b"a;b\n"  # a second time, within the minutes


def test_nobody_guesses_the_name_of_a_file(offered):
    said = [started(offered(text(b"x"))) for _ in range(20)]
    tokens = {one["file"].split("/")[1] for one in said}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 32


@pytest.mark.parametrize("visit", [OTHERS, "", OURS[:-1], OURS + "x"])
def test_another_visit_gets_nothing(offered, visit):
    offer = offered(text(b"secret"))
    said = started(offer)
    token = said["file"].split("/")[1]
    for method, path in (
        ("POST", f"files/{offer.token}"), ("GET", f"files/{offer.token}"), ("GET", said["file"]),
        ("GET", f"files/{token}/state"),
    ):  # fmt: skip
        status, headers, body = ask(method, path, visit)
        assert status == 404
        assert b"secret" not in body
        assert headers["cache-control"] == "no-store"


def test_a_visit_without_a_cookie_is_offered_nothing(offered):
    offer = offered(text(b"secret"))
    offer.visit = ""
    assert ask("POST", f"files/{offer.token}", "")[0] == 404


def test_a_file_is_held_for_minutes_and_no_longer(offered, monkeypatch):
    said = started(offered(text(b"x")))
    assert ask("GET", said["file"])[0] == 200
    now = time.monotonic()
    monkeypatch.setattr(downloads.time, "monotonic", lambda: now + HELD_S - 5)
    assert ask("GET", said["file"])[0] == 200
    monkeypatch.setattr(downloads.time, "monotonic", lambda: now + HELD_S + 5)
    status, _, body = ask("GET", said["file"])
    assert status == 404
    assert "không còn được giữ" in json.loads(body)["message"]


def test_files_together_take_no_more_room_than_there_is(offered, monkeypatch):
    monkeypatch.setattr(downloads, "ROOM", 5_000)
    monkeypatch.setattr(downloads, "_FRESH_S", -1.0)
    monkeypatch.setattr(downloads, "_held", downloads._Held())
    said = [started(offered(text(bytes(1_000)))) for _ in range(4)]
    assert ask("GET", said[2]["file"])[0] == 200  # has arrived, so it goes first
    said += [started(offered(text(bytes(1_000)))) for _ in range(2)]
    assert [ask("GET", one["file"])[0] for one in said] == [200, 200, 404, 200, 200, 200]


def test_room_is_kept_though_nobody_fetches(offered, monkeypatch):
    monkeypatch.setattr(downloads, "ROOM", 5_000)
    monkeypatch.setattr(downloads, "_FRESH_S", -1.0)
    monkeypatch.setattr(downloads, "_held", downloads._Held())
    for _ in range(30):
        started(offered(text(bytes(1_000))))
    assert sum(file.size for file in downloads._held._files.values()) <= 6_000


def test_a_file_larger_than_the_room_still_arrives(offered, monkeypatch):
    monkeypatch.setattr(downloads, "ROOM", 10)
    assert len(ask("GET", started(offered(text(bytes(1_000))))["file"])[2]) == 1_000


def test_an_impatient_person_gets_one_file_and_delays_nobody(offered):
    go = Event()

    def slow(_step: downloads.Step) -> bytes:
        go.wait(20)
        return b"book"

    offer = offered(lambda: Made("book.pdf", slow, of="all", long=True))
    asked = {json.loads(ask("POST", f"files/{offer.token}")[2])["at"] for _ in range(5)}
    other = offered(lambda: Made("second.pdf", slow, of="other", long=True))
    ask("POST", f"files/{other.token}")
    assert len(asked) == 1
    assert started(offered(text(b"x")))["state"] == "ready"
    go.set()
    assert finished({"state": "working", "at": asked.pop()})["state"] == "ready"


def test_a_visit_that_is_over_offers_nothing(offered):
    token = offered(text(b"x")).token
    assert ask("POST", f"files/{token}")[0] == 404


def test_what_is_meant_is_what_is_on_the_screen_when_the_button_is_pressed(offered):
    screen = ["first"]

    def what() -> Made:
        shown = screen[0]
        return Made("x.csv", lambda _step: shown.encode())

    offer = offered(what)
    screen[0] = "second"
    begun = json.loads(ask("POST", f"files/{offer.token}")[2])
    screen[0] = "third"
    assert ask("GET", finished(begun)["file"])[2] == b"second"


def test_a_long_one_says_how_far_it_is(offered):
    go, told = Event(), Event()

    def make(step: downloads.Step) -> bytes:
        step(0.25)
        told.set()
        go.wait(10)
        return b"x"

    offer = offered(lambda: Made("x.pdf", make))
    said = json.loads(ask("POST", f"files/{offer.token}")[2])
    assert told.wait(10)
    said = json.loads(ask("GET", said["at"])[2])
    assert (said["state"], said["share"]) == ("working", 0.25)
    go.set()
    assert finished(said)["state"] == "ready"


def _refused(_step: downloads.Step) -> bytes:
    raise InputError("ui.limits_bad")


def _broken(_step: downloads.Step) -> bytes:
    raise RuntimeError("the secret inside")


@pytest.mark.parametrize(("lang", "words"), [("vi", "Ngưỡng phải là"), ("en", "Limits must be")])
def test_one_that_cannot_be_made_says_why(offered, lang, words):
    said = started(offered(lambda: Made("x.pdf", _refused), lang))
    assert said["state"] == "failed"
    assert said["message"].startswith(words)


def test_a_fault_gives_a_code_and_not_its_text(offered, caplog):
    said = started(offered(lambda: Made("x.pdf", _broken)))
    assert said["state"] == "failed"
    assert "secret" not in said["message"]
    (record,) = caplog.records
    assert record.args[0] in said["message"]
    assert "the secret inside" in caplog.text


def test_one_that_fails_before_it_is_begun_says_so_too(offered):
    def what() -> Made:
        raise InputError("ui.limits_bad")

    assert started(offered(what))["message"].startswith("Ngưỡng phải là")


def test_a_browser_without_our_script_is_led_to_the_file(offered):
    offer = offered(text(b"x"))
    status, headers, _ = ask("GET", f"files/{offer.token}")
    assert status == 303
    assert ask("GET", f"files/{headers['location'].removeprefix('./')}")[2] == b"x"


@pytest.mark.parametrize("path", ["files/x/y/z", "files/../secret", "files/%2e%2e/x", "files/x/state"])
def test_nonsense_finds_nothing(path):
    assert ask("GET", path)[0] == 404
