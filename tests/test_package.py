"""The wheel: what is in it, what it asks for, and that it runs where there is no checkout."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Browser

import geo
from geo import settings
from geo.cli import main
from geo.settings import ROOT
from tests.browser.app import Watch, drawn, free_port, running, settled

BESIDE = ("app.py", ".streamlit/config.toml", "data/demo/plan.toml", "data/demo/truth.json")


def _below(folder: str) -> set[str]:
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # Without isolation and without an index: the pinned build packages are here, and nothing is fetched.
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    """Files of the wheel but for its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as an installer lays it out."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def env(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment that knows the wheel and no checkout, with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTT_")}
    home = tmp_path_factory.mktemp("home")
    return {**kept, "PYTHONPATH": str(installed), "ANTT_HOME": str(home), "XDG_DATA_HOME": str(home.parent / "user")}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to stand in, whose own settings of Streamlit must not matter."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text('[theme]\nbackgroundColor = "#ff0000"\n', "utf-8")
    return folder


def _python(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def demo_made(elsewhere: Path, env: dict[str, str]) -> Path:
    """The home folder after `python -m geo demo`."""
    home = Path(env["ANTT_HOME"])
    made = json.loads(_python("-m", "geo", "demo", "--json", cwd=elsewhere, env=env))
    assert made["batches"]
    assert str(home) in made["url"]
    return home


def test_a_wheel_holds_the_package_and_what_lies_beside_it_and_nothing_else(names):
    beside = {*BESIDE, *_below("pages"), *_below("data/reference")}
    assert names == _below("geo") | {f"geo/_app/{name}" for name in beside}


@pytest.mark.parametrize("kind", [
    "geo/render/browser/*.js", "geo/render/browser/*.css", "geo/ui/*.css", "geo/locale/*.toml",
    "geo/store/migrations/*.sql", "geo/_app/pages/*/*.py", "geo/_app/data/reference/*.geojson",
    "geo/_app/data/reference/code_lists/*.csv",
])  # fmt: skip
def test_no_kind_of_file_is_missing(names, kind):
    assert any(PurePosixPath(name).match(kind) for name in names)


def test_pages_lie_in_folders_in_a_wheel_too(names):
    assert not [name for name in names if PurePosixPath(name).match("pages/*.py")]


def test_a_wheel_asks_for_the_pins_of_requirements_txt(installed):
    (metadata,) = installed.glob("*.dist-info")
    built = Distribution.at(metadata)
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert set(built.requires or ()) == {line for line in lines if line and not line.startswith("#")}
    assert built.version == geo.__version__
    assert [(point.name, point.value) for point in built.entry_points] == [("antt", "geo.cli:main")]


def test_in_a_checkout_everything_stays_in_it():
    assert (ROOT / "pyproject.toml").is_file()
    assert ROOT / "var" == settings.HOME


def test_installed_nothing_is_written_or_set_among_the_packages(installed, elsewhere, env):
    code = "import geo; from geo import settings as s; print(geo.__file__, s.ROOT, s.HOME, s.load().marking, sep='\\n')"
    (Path(env["ANTT_HOME"]) / "settings.toml").write_text('marking = "MẬT"', "utf-8")
    package, root, home, marking = _python("-X", "utf8", "-c", code, cwd=elsewhere, env=env).splitlines()
    assert Path(package) == installed / "geo" / "__init__.py"
    assert Path(root) == installed / "geo" / "_app"
    assert installed not in Path(home).parents
    assert marking == "MẬT"


def test_the_command_has_its_name(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["antt", "serve", "--help", "--lang", "en"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "Usage: antt serve " in capsys.readouterr().out


@pytest.mark.browser
def test_the_server_draws_the_map_in_its_own_clothes_and_ends_when_told(elsewhere, env, demo_made, browser: Browser):
    port = free_port()
    command = [sys.executable, "-m", "geo", "serve", "--port", str(port)]
    with running(command, port, cwd=elsewhere, env=env, log=demo_made / "server.log") as address:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        watch = Watch(page)
        page.goto(f"{address}/?p=map")
        assert drawn(page)
        settled(page)
        colour = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        fonts = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
        page.close()
    assert colour == "rgb(251, 250, 247)"
    assert "Be Vietnam Pro" in fonts
    assert not watch.faults
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
