"""Mistakes on the command line itself, in the reader's language or as JSON, with the exit code of bad input.

The parser's own sentences are English only; what is wrong is read off its exceptions and said by the catalogue.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from geo.cli.help import Spoken, asked_for
from geo.cli.language import language
from geo.cli.streams import enduring, refusal_of_stdout
from geo.text import Lang, t

__all__ = ["Commands"]

_BAD_INPUT = 2
_ABORTED = 1
_QUOTED = re.compile(r"'([^']*)'")
_LISTED = 15


class Commands(TyperGroup):
    """The group of all commands; its mistakes of usage are told here."""

    given: Sequence[str] = ()

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As the parser's own, but for its words."""
        super().format_help(ctx, Spoken(formatter, asked_for(ctx)))  # type: ignore[arg-type]

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """As the parser's own, but for how it tells what is wrong."""
        self.given = given = list(sys.argv[1:] if args is None else args)
        with enduring():
            try:
                code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
            except typer.Abort:
                if not standalone_mode:
                    raise
                code = _tell(given, "cli.usage_aborted", t("cli.usage_aborted", language(given)), _ABORTED)
            except typer.TyperException as error:
                if not standalone_mode:
                    raise
                code = _refuse(given, error, prog_name or "antt")
            if not code and (unsaid := refusal_of_stdout()) is not None:
                code = _tell(given, unsaid.key, unsaid.message(language(given)), _BAD_INPUT)
        if not standalone_mode:
            return code
        sys.exit(code or 0)


def _refuse(given: list[str], error: typer.TyperException, program: str) -> int:
    if type(error).__name__ == "NoArgsIsHelpError" and "--json" not in given:
        print(error.format_message(), file=sys.stderr)
        return _BAD_INPUT
    key, params = _what(error, language(given))
    context = getattr(error, "ctx", None)
    command = context.command_path if context else program
    message = t(key, language(given), **params)
    return _tell(given, key, f"{message} {t('cli.usage_help', language(given), command=command)}", _BAD_INPUT)


def _tell(given: list[str], key: str, message: str, code: int) -> int:
    if "--json" in given:
        print(json.dumps({"ok": False, "code": code, "error": key, "message": message}, ensure_ascii=False))
    else:
        Console(stderr=True).print(message, style="bold red", markup=False, highlight=False, soft_wrap=True)
    return code


def _what(error: typer.TyperException, lang: Lang) -> tuple[str, dict[str, object]]:
    """Message key and placeholders of a mistake."""
    text = error.message
    named = next(iter(_QUOTED.findall(text)), "")
    param = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            near = ", ".join(getattr(error, "possibilities", None) or ())
            return "cli.usage_option_near" if near else "cli.usage_option", {"option": error.option_name, "near": near}  # type: ignore[attr-defined]
        case "MissingParameter":
            is_option = getattr(param, "param_type_name", "") == "option"
            return f"cli.usage_missing_{'option' if is_option else 'argument'}", {"name": _name(param)}
        case "BadParameter":
            key = "cli.usage_value" if named else "cli.usage_value_unnamed"
            return key, {"name": _name(param), "value": named, "allowed": _allowed(param, lang)}
        case "BadOptionUsage":
            takes_none = "does not take" in text
            return f"cli.usage_option_{'bare' if takes_none else 'empty'}", {"option": error.option_name}  # type: ignore[attr-defined]
        case "NoArgsIsHelpError":
            return "cli.usage_command_missing", {}
    if text.startswith("No such command"):
        return "cli.usage_command", {"name": named}
    if text.startswith("Missing command"):
        return "cli.usage_command_missing", {}
    if "unexpected extra argument" in text:
        return "cli.usage_extra", {"values": text.rpartition("(")[2].rstrip(").")}
    return "cli.usage_other", {}


def _name(param: Any) -> str:
    if param is None:
        return "–"
    if getattr(param, "param_type_name", "") == "option":
        return str(param.opts[-1])
    return str(getattr(param, "metavar", None) or param.name.upper())


def _allowed(param: Any, lang: Lang) -> str:
    """What a parameter takes, in words."""
    kind = getattr(param, "type_descriptor", None)
    if kind is None:
        return "–"
    if kind.is_choice:
        choices = [str(getattr(choice, "value", choice)) for choice in kind.choices]
        return ", ".join(choices[:_LISTED]) + (" …" if len(choices) > _LISTED else "")
    if kind.is_datetime:
        return t("cli.usage_takes_day", lang)
    if kind.is_ranged:
        about = kind.parameter_info
        return t("cli.usage_takes_range", lang, low=about.min, high=about.max)
    return t("cli.usage_takes_number" if kind.annotation in (int, float) else "cli.usage_takes_path", lang)
