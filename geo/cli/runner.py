"""What every command shares: language, output for people or machines, progress, and errors as exit codes."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from functools import wraps
from typing import Annotated, Any, Literal, get_type_hints

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from geo import settings
from geo.cartography import basemap
from geo.cli.help import Command
from geo.cli.language import language
from geo.cli.usage import Commands
from geo.errors import AnttError, InputError, StoreError, of_the_machine
from geo.store import Snapshot, Store, open_store
from geo.store.installed import installed_store
from geo.text import Lang, t

__all__ = ["ExitCode", "Runner", "app", "boundary_commands", "command", "said"]

Step = Callable[[float, str], None]


class ExitCode(IntEnum):
    """What the shell gets back."""

    DONE = 0
    UNEXPECTED = 1
    BAD_INPUT = 2
    STORE = 3


_HELP = language(sys.argv)
"""The language of the help texts, which are written before any option is read."""


def said(name: str) -> str:
    """A help text from the catalogue."""
    return t(f"cli.{name}", _HELP)


app = typer.Typer(cls=Commands, help=said("app"), no_args_is_help=True, add_completion=False, rich_markup_mode=None)
boundary_commands = typer.Typer(cls=Commands, help=said("boundaries"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(boundary_commands, name="boundaries")


basemap.comes_from(lambda sha256: open_store(settings.load().url).topology(sha256))


@dataclass(frozen=True)
class Runner:
    """One run of one command.

    Attributes
    ----------
    lang : {"vi", "en"}
    machine : bool
        Print JSON instead of text.
    """

    lang: Lang
    machine: bool

    def t(self, name: str, /, **params: object) -> str:
        """A sentence of the command line."""
        return t(f"cli.{name}", self.lang, **params)

    def store(self) -> Store:
        """The installation's store, which must be of the province that is set."""
        return installed_store()

    def snapshot(self) -> Snapshot:
        """The store at its present version."""
        return self.store().snapshot()

    def tell(self, result: Mapping[str, Any], *lines: str) -> None:
        """The outcome: `result` as JSON for a machine, else `lines`."""
        if self.machine:
            print(json.dumps({"ok": True, **result}, ensure_ascii=False, default=str))
        else:
            print(*lines, sep="\n")

    @contextmanager
    def progress(self, first: str) -> Iterator[Step]:
        """A bar on standard error; call the step with the share done (0 to 1) and the message key of what comes."""
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
            task = bar.add_task(t(first, self.lang), total=1.0)

            def step(share: float, key: str) -> None:
                bar.update(task, completed=share, description=t(key, self.lang))

            yield step

    def refuse(self, code: ExitCode, key: str, message: str) -> typer.Exit:
        """Say why nothing was done; raise what this returns."""
        if self.machine:
            print(json.dumps({"ok": False, "code": int(code), "error": key, "message": message}, ensure_ascii=False))
        else:
            Console(stderr=True).print(message, style="bold red", markup=False, highlight=False, soft_wrap=True)
        return typer.Exit(code)


Json = Annotated[bool, typer.Option("--json", help=said("opt_json"))]
Language = Annotated[Literal["vi", "en"] | None, typer.Option("--lang", help=said("opt_lang"))]
Debug = Annotated[bool, typer.Option("--debug", help=said("opt_debug"))]


def command(group: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function whose first parameter is the runner; it gets `--json`, `--lang` and `--debug` as well."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        own = list(inspect.signature(function).parameters.values())[1:]
        shared = {"as_json": Json, "lang": Language, "debug": Debug}
        defaults: dict[str, Any] = {"as_json": False, "lang": None, "debug": False}

        @wraps(function)
        def run(**given: Any) -> None:
            machine, lang, debug = (given.pop(option) for option in shared)
            _run(function, given, machine=machine, lang=lang, debug=debug)

        keyword = inspect.Parameter.KEYWORD_ONLY
        mine = [p.replace(annotation=hints[p.name], kind=keyword) for p in own]
        common = [inspect.Parameter(n, keyword, default=defaults[n], annotation=kind) for n, kind in shared.items()]
        run.__signature__ = inspect.Signature([*mine, *common])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in [*mine, *common]}
        group.command(name, cls=Command, help=said(f"help_{function.__name__.rstrip('_')}"))(run)
        return function

    return register


def _run(
    function: Callable[..., None], given: dict[str, Any], *, machine: bool, lang: Lang | None, debug: bool
) -> None:
    runner = Runner(lang or _HELP, machine)
    try:
        function(Runner(lang or settings.load().lang, machine), **given)
    except AnttError as error:
        if debug:
            raise
        is_store = isinstance(error, StoreError) and not isinstance(error, InputError)
        code = ExitCode.STORE if is_store else ExitCode.BAD_INPUT
        raise runner.refuse(code, error.key, error.message(runner.lang)) from error
    except (typer.Exit, typer.Abort, KeyboardInterrupt):
        raise
    except Exception as error:
        if debug:
            raise
        if (known := of_the_machine(error)) is not None:
            raise runner.refuse(ExitCode.BAD_INPUT, known.key, known.message(runner.lang)) from error
        message = runner.t("unexpected", detail=f"{type(error).__name__}: {error}")
        raise runner.refuse(ExitCode.UNEXPECTED, "cli.unexpected", message) from error
