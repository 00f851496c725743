"""The help of a command with its headings in the reader's language; the parser writes them in English only."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from typer.core import TyperCommand

from geo.cli.language import language
from geo.text import Lang, t

__all__ = ["Command", "Spoken", "asked_for"]

_HEADINGS = {"Options": "options", "Arguments": "arguments", "Commands": "commands"}
_USAGE = {"[OPTIONS]": "any_option", "COMMAND": "any_command", "[ARGS]...": "any_argument"}
_HELP_OF_HELP = "Show this message and exit."
_NOTES = re.compile(r"\[(?P<notes>[^\[\]]*)\]$")


class Spoken:
    """A help formatter that translates what the parser itself says; what the commands say is translated already.

    Parameters
    ----------
    formatter : HelpFormatter
        The parser's own, to which everything goes.
    lang : {"vi", "en"}
    """

    def __init__(self, formatter: Any, lang: Lang) -> None:
        self._formatter, self._lang = formatter, lang

    def __getattr__(self, name: str) -> Any:
        return getattr(self._formatter, name)

    def _said(self, name: str) -> str:
        return t(f"cli.parser_{name}", self._lang)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How a command is called."""
        words = (self._said(_USAGE[word]) if word in _USAGE else word for word in args.split(" "))
        self._formatter.write_usage(prog, " ".join(words), prefix or f"{self._said('usage')}: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """A heading with what stands below it."""
        with self._formatter.section(self._said(_HEADINGS[name]) if name in _HEADINGS else name):
            yield

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **options: Any) -> None:
        """Names with what they are."""
        self._formatter.write_dl([(name, self._of_parameter(about)) for name, about in rows], *args, **options)

    def _of_parameter(self, about: str) -> str:
        if about == _HELP_OF_HELP:
            return self._said("help")
        return _NOTES.sub(lambda found: f"[{'; '.join(map(self._note, found['notes'].split('; ')))}]", about)

    def _note(self, note: str) -> str:
        if note == "required":
            return self._said("required")
        return note.replace("default: ", f"{self._said('default')}: ", 1) if note.startswith("default: ") else note


class Command(TyperCommand):
    """A command whose help is in one language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As the parser's own, but for its words."""
        super().format_help(ctx, Spoken(formatter, asked_for(ctx)))  # type: ignore[arg-type]


def asked_for(ctx: Any) -> Lang:
    """The language of the command line that is being answered."""
    return language(getattr(ctx.find_root().command, "given", None) or sys.argv)
