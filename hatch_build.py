"""What a wheel carries besides the package: the script, pages and data that lie beside it in a checkout."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Beside(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the files listed in pyproject.toml into `geo/_app`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; an editable install goes on using those of the checkout."""
        if version == "editable":
            return
        build_data["force_include"] |= {name: f"geo/_app/{name}" for name in self.config["beside"]}
