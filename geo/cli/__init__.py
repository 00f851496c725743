"""The command line. Each command is a thin call of the function that the pages use.

Exit codes: 0 done; 1 unexpected error; 2 bad input (a file, value or name that is not usable); 3 the store cannot be
opened, read or written. With `--json`, standard output holds exactly one JSON object; progress goes to standard error.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from geo.worker import warm

if TYPE_CHECKING:
    import typer

__all__ = ["COMMANDS", "commands", "main"]

COMMANDS = {
    "import": "imports", "template": "imports", "boundaries": "boundaries", "map": "maps", "export": "maps",
    "atlas": "files", "report": "reports", "alerts": "alerts", "reopen": "files", "purge": "purge", "serve": "serve",
    "demo": "data", "batches": "data", "undo": "data", "backup": "data", "restore": "data", "check": "data",
}  # fmt: skip
"""Module of each command: one that draws nothing need not wait for all that draws."""

_READ_FILES = ("import", "boundaries", "reopen")


def commands(*arguments: str) -> typer.Typer:
    """The command that the arguments begin with, ready to run; all of them if they begin with none."""
    named = next((word for word in arguments if not word.startswith("-")), "")
    if named in _READ_FILES:
        warm()  # whatever reads files gets ready meanwhile
    for module in [COMMANDS[named]] if named in COMMANDS else dict.fromkeys(COMMANDS.values()):
        importlib.import_module(f"geo.cli.{module}")
    return importlib.import_module("geo.cli.runner").app  # type: ignore[no-any-return]


def main(name: str = "antt") -> None:
    """The console script `antt`."""
    commands(*sys.argv[1:])(prog_name=name)
