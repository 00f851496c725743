"""Whatever is given: a sentence and an exit code that means something, no traceback and no wait.

Bounded and the same in every run; what it has found stands as an example of its own beside the code that was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from typer.testing import CliRunner, Result

from geo.cartography.spec import MapSpec
from geo.cli import commands
from geo.errors import AnttError
from geo.export import KINDS
from geo.products.documents import briefings
from geo.products.documents.files import export
from geo.question import address
from geo.question.types import QUESTIONS
from geo.render import assets
from geo.store import open_store
from geo.ui.routes import routes
from tests.asking import answered, ask
from tests.homes import home_in
from tests.question.questions import TODAY
from tests.visits import apart

FEW = settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(FEW, max_examples=120)

ODD = st.sampled_from(
    ["", " ", ".", "~", "-", "--", "0", "-1", "1", "NaN", "inf", "1e400", "9" * 25, "x" * 300, "a/" * 3000, "\0", "\ud800", "é", "a\nb"]
)  # fmt: skip
"""What people, scripts and other programs hand over by mistake."""

PATHS = (
    st.sampled_from(["folder", "pipe", "empty.json", "bytes.csv", "bytes.yaml", "loop", "no/such", "map.json/x"]) | ODD
)
"""Names of files of the folder below, and of none. No devices: whoever runs this as root would lose them."""


@pytest.fixture(scope="module")
def place(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with odd things in it, and an installation with the demo."""
    folder = tmp_path_factory.mktemp("odd?#%20 ơ")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "empty.json").touch()
    for name in ("bytes.csv", "bytes.yaml"):
        (folder / name).write_bytes(bytes(range(256)) * 4)
    (folder / "loop").symlink_to(folder / "loop")
    before = Path.cwd()
    with home_in(folder / "home") as home:
        home.mkdir()
        shutil.copyfile(demo_folder / "antt.sqlite", home / "antt.sqlite")
        os.chdir(folder)
        assert _run("map", "--view", "?m=case", "--out", "map.json").exit_code == 0
        yield folder
        os.chdir(before)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands(), list(arguments), input="")


def _or_told(act: Callable[[], object]) -> object:
    """What is made; or the sentence that says why nothing is."""
    try:
        return act()
    except AnttError as error:
        return error.message("vi")


def _is_told(result: Result) -> bool:
    """Whether it ended as documented, and a person can read why."""
    said = result.exit_code == 0 or len(result.output.strip()) > 10
    return result.exit_code in (0, 2, 3) and said and "Traceback" not in result.output


LINES = st.one_of(
    st.tuples(st.just("import"), PATHS, st.just("--dry-run")),
    st.tuples(st.just("import"), st.just("map.json"), st.sampled_from(["--encoding", "--separator", "--crs", "--sheet"]), ODD),
    st.tuples(st.just("boundaries"), st.sampled_from(["import", "use", "list"]), PATHS),
    st.tuples(st.sampled_from(["undo", "reopen", "template", "nothing"]), PATHS),
    st.tuples(st.just("restore"), PATHS, st.just("--yes")),
    st.tuples(st.just("backup"), st.sampled_from(["folder", "pipe", "loop/x", "home/antt.sqlite", "map.json/x"])),
    st.tuples(st.just("export"), PATHS, st.just("--to"), PATHS),
    st.tuples(st.just("map"), st.just("--measure"), st.sampled_from(["case", "tip_off", "x"]), st.just("--from"), ODD, st.just("--to"), ODD),
    st.tuples(st.just("map"), st.just("--measure"), st.just("case"), st.just("--from"), st.sampled_from(["0001-01-01", "9999-12-31"]),
              st.just("--to"), st.just("9999-12-31")),
    st.lists(st.sampled_from(["map", "--json", "--lang", "--view", "--debug=x", "boundaries", "--help"]) | ODD, max_size=4),
)  # fmt: skip


@settings(MORE, max_examples=250)
@given(line=LINES, as_json=st.booleans())
def test_command_lines(place, line, as_json):
    result = _run(*line, *(["--json"] if as_json else []))
    assert _is_told(result), (line, result.output)
    assert open_store(f"sqlite:///{place / 'home' / 'antt.sqlite'}".replace("%", "%25").replace("?", "%3F")).version > 0


NAMES = st.sampled_from(sorted(address.SHORT.values()))
VALUES = ODD | st.sampled_from(
    ["case", "tip", "custom", "0001-01-01", "9999-12-31", "2026-02-30", "30307", "months", "1"]
)


@MORE
@given(page=st.sampled_from([*QUESTIONS, "nothing", "", "%00"]), given_=st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_addresses(page, given_):
    asked = f"/{page}?" + "&".join(f"{name}={value}" for name, value in given_)
    question = _or_told(lambda: address.question_at(asked, TODAY))
    assert question
    if not isinstance(question, str):
        assert address.question_at(address.link_to(question), TODAY).page == question.page


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8) | st.sampled_from([*QUESTIONS, "case"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(address.SHORT)), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@MORE
@given(slides=PLAIN, more=st.dictionaries(st.sampled_from(["title", "lang", "ratio", "public"]), PLAIN, max_size=2), cut=st.integers(0, 90), tail=st.binary(max_size=6))  # fmt: skip
def test_briefings(slides, more, cut, tail):
    whole = json.dumps({"briefing": 1, "slides": slides, **more}).encode()
    for text in (whole, whole[:cut] + tail):
        assert _or_told(lambda text=text: briefings.parse(text, TODAY))


@pytest.fixture(scope="module")
def described(demo_store, place) -> dict[str, Any]:
    del place
    spec = answered(demo_store, ask(clusters=True))
    return json.loads(spec.to_json())


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for step, below in inner:
        yield (*path, step)
        yield from _places(below, (*path, step))


NEW = st.sampled_from(
    [None, True, 0, -1, 1e308, 2**63, "", "x", "\0", "#zzzzzz", "<b>", "x" * 500, [], {}, [[]], [1, 2]]
)


@FEW
@given(data=st.data(), value=NEW, kind=st.sampled_from(["csv", "geojson", "json", "html", "gpkg", "xlsx"]))
def test_descriptions(described, data, value, kind):
    assert kind in (*KINDS, "json", "html")
    path = data.draw(st.sampled_from(list(_places(described))))
    altered = json.loads(json.dumps(described))
    inner = altered
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert _or_told(lambda: export(MapSpec.from_json(json.dumps(altered)), kind))


@MORE
@given(below=st.sampled_from(["leaflet", "fonts", "antt", "page", "boundaries", "published", "v-0123456789ab", ""]), name=ODD | st.text(max_size=30))  # fmt: skip
def test_asset_addresses(below, name):
    assert assets.find(f"{below}/{name}") is None or name.strip("./")


@pytest.mark.parametrize("path", ["/assets/" + "a" * 300, "/assets/antt/" + "a" * 300, "/assets/" + "a/" * 3000, "/assets/%00", "/assets/antt/%2e%2e/web.py", "/assets/", "/files/" + "a" * 300, "/files/" + "a" * 300 + "/state"])  # fmt: skip
def test_addresses_of_the_server(path):
    assert 400 <= apart(_status(path)) < 500


async def _status(path: str) -> int:
    """Status code of a request to the server's own routes."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = path.encode()
    scope = {"type": "http", "method": "GET", "path": unquote(path), "raw_path": raw, "query_string": b"", "headers": [],
             "http_version": "1.1", "scheme": "http", "root_path": "", "client": ("x", 1), "server": ("x", 80)}  # fmt: skip
    await Starlette(routes=routes())(scope, receive, send)
    return int(sent[0]["status"])
