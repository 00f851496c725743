"""Running the file of a page. A module of its own: what the main script holds is gone after each run."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import CodeType

from geo.question.address import PAGES
from geo.settings import ROOT
from geo.ui import beginning
from geo.ui.guard import guarded

_FOLDER = ROOT / "pages"


@guarded
def run(name: str) -> None:
    """Run the file of a page as part of this script, so that what two pages share stays on the screen between them."""
    section = PAGES[name]
    beginning.bring_boundaries()
    if section != "data":
        beginning.require_records()
        beginning.on_present_units()
    exec(_code(_FOLDER / section / f"{name}.py"), {"__name__": "__main__"})


@lru_cache
def _code(path: Path) -> CodeType:
    return compile(path.read_text("utf-8"), path, "exec")
