"""Imports run one way, and what must not appear in the product does not."""

import ast
import re
from pathlib import Path

import pytest

from geo.settings import ROOT

FREE = {"schema", "question", "crs", "errors", "settings", "text", "files", "personal", "worker"}
MAY_IMPORT = {
    "schema": set(),
    "question": set(),
    "personal": set(),
    "worker": set(),
    "units": set(),
    "ingest": {"units", "store"},
    "store": {"units", "analysis"},
    "analysis": set(),
    "cartography": set(),
    "views": {"analysis", "cartography"},
    "render": {"cartography", "units"},
    "export": {"cartography"},
    "demo": {"units", "store"},
    "products": {"ingest", "store", "views", "analysis", "render", "export", "cartography", "units"},
    "ui": {"products", "store", "views", "cartography", "render", "ingest"},
    "__main__": {"products", "store", "units", "demo", "cartography", "render", "views", "cli"},
    "cli": {"products", "store", "units", "demo", "cartography", "render", "views", "ingest"},
}
SOURCES = sorted(p for p in (ROOT / "geo").rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found |= {f"{module}.{alias.name}" for alias in node.names} | {module}
    return found


def _part(path: Path) -> str:
    return path.relative_to(ROOT / "geo").parts[0].removesuffix(".py")


BARE = ("_sealed", "cube_of_reports", "store.tables", "store.queries", "store.records", "store.ledger", "_gone_through")
"""What small counts of masked measures could be read by."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_above_the_store_can_reach_a_hidden_count(path):
    if _part(path) == "store":
        return
    text = path.read_text("utf-8")
    assert not [name for name in BARE if name in text or any(name in used for used in _imports(path))]
    for node in ast.walk(ast.parse(text)):  # `Store.query` gives what is recorded, and is for those who keep the store
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "query":
            assert not any(isinstance(arg, ast.Name | ast.Call) and "uery" in ast.dump(arg) for arg in node.args)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path):
    part = _part(path)
    if part == "__init__":
        return
    used = {name.split(".")[1] for name in _imports(path) if name.startswith("geo.") and len(name.split(".")) > 1}
    parts = {p.name.removesuffix(".py") for p in (ROOT / "geo").iterdir()}
    used &= parts
    allowed = FREE | {part} | MAY_IMPORT.get(part, set())
    assert used <= allowed, f"{part} must not import {sorted(used - allowed)}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_streamlit_and_folium_stay_at_the_edge(path):
    roots = {name.split(".")[0] for name in _imports(path)}
    if _part(path) != "ui":
        assert not roots & {"streamlit", "streamlit_folium"}
    if path.relative_to(ROOT).as_posix() != "geo/render/web.py":
        assert not roots & {"folium", "branca"}


def test_pages_lie_in_folders_only():
    assert not list((ROOT / "pages").glob("*.py"))
    assert len(list((ROOT / "pages").glob("*/*.py"))) >= 2


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*/*.py")), ids=lambda p: p.stem)
def test_a_page_asks_products_and_draws_with_ui(path):
    used = {name.split(".")[1] for name in _imports(path) if name.startswith("geo.")}
    assert used <= {"products", "ui", "text", "schema", "question"}
    assert len(path.read_text("utf-8").splitlines()) <= 60


def test_no_address_of_another_machine_is_written_anywhere():
    hosts = re.compile(r"(?:https?:)?//[a-z0-9.-]*(?:jsdelivr|unpkg|cdnjs|d3js|jquery|bootstrapcdn|openstreetmap|"
                       r"cartocdn|googleapis|gstatic|pypi|npmjs|debian)", re.IGNORECASE)  # fmt: skip
    for folder in ("geo", "pages", "data/reference", ".streamlit"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".js", ".css", ".html", ".toml"):
                assert not hosts.search(path.read_text("utf-8")), path


def test_nothing_but_data_and_one_setting_names_the_province():
    named = re.compile(r"an giang|kiên giang|phú quốc", re.IGNORECASE)
    for path in SOURCES:
        if path.name in ("settings.py", "crs.py"):
            continue
        code = ast.unparse(_without_docstrings(ast.parse(path.read_text("utf-8"))))
        assert not named.search(code), path


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


ROOMS = {
    "products": {
        "situation": set(),
        "analyses": {"situation"},
        "programme": {"situation", "analyses"},
        "answer": {"situation", "analyses", "programme"},
        "documents": {"answer", "programme", "situation", "analyses"},
        "records": {"situation"},
    },
    "ingest": {
        "source": {"recognising"},
        "recognising": {"source"},
        "reading": {"source", "recognising"},
        "checking": {"source", "recognising"},
        "pipeline": {"source", "recognising", "reading", "checking"},
        "reporting": {"source", "recognising", "checking", "pipeline"},
    },
}
"""What the rooms of a package may import of each other. `source` and `recognising.fields` hold the words all share."""


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_know_only_what_lies_below_them(package):
    rooms = ROOMS[package]
    for path in sorted((ROOT / "geo" / package).rglob("*.py")):
        room = path.relative_to(ROOT / "geo" / package).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        used = {name.split(".")[2] for name in _imports(path) if name.startswith(f"geo.{package}.")}
        assert used <= rooms[room] | {room}, f"{path.relative_to(ROOT)} must not import {used - rooms[room] - {room}}"


def _modules_in(path: Path, names: dict[str, Path]) -> set[str]:
    """Modules that a module imports, a package's module where it is one that is asked of the package."""
    found = _imports(path)
    asked = {name.rpartition(".")[0] for name in found if name in names}
    of_package = {name.rpartition(".")[0] for name in found if name not in names}
    return {name for name in found if name in names and (name not in asked or name in of_package)}


def test_no_module_imports_itself_in_a_circle():
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in SOURCES}
    graph = {name: _modules_in(path, names) - {name} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_products_take_a_snapshot_and_never_the_store():
    """All but imports, the setting of targets and the drawing of areas, which write, and say so."""
    writing = {ROOT / "geo" / "products" / "records" / name for name in ("imports.py", "targets.py", "zones.py")}
    for path in sorted((ROOT / "geo" / "products").rglob("*.py")):
        if path in writing:
            continue
        used = _imports(path)
        assert not used & {"geo.store.Store", "geo.store.store", "geo.store.open_store", "geo.store.engine"}, path
