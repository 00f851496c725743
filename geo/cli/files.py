"""Commands on files the program made or makes of several maps: reopen, atlas."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo import settings
from geo.cli.runner import Runner, app, command, said
from geo.errors import InputError
from geo.files import read_whole, write_whole
from geo.products.documents.atlas import atlas as make_atlas
from geo.products.documents.recipes import read_recipe
from geo.products.documents.reopen import again, is_as_exported
from geo.products.documents.reopen import reopen as open_again
from geo.question import address
from geo.text import t
from geo.worker import read_apart

File = Annotated[Path, typer.Argument(help=said("arg_made"), metavar="FILE")]
To = Annotated[Path | None, typer.Option("--to", help=said("opt_again"), metavar="FILE")]
Target = Annotated[Path, typer.Option("--to", help=said("opt_to"), metavar="FILE")]
Address = Annotated[str, typer.Option("--view", help=said("opt_view"))]
Size = Annotated[str, typer.Option("--size", help=said("opt_size"))]


@command(app, "reopen")
def reopen(runner: Runner, file: File, to: To = None) -> None:
    """Open the view a file was made from, say what differs today, and make the file again."""
    content = read_whole(file)
    recipe = read_apart(read_recipe, content, file.name, name=file.name)
    snapshot = runner.snapshot()
    kind = {"atlas": "pdf"}.get(recipe.made.get("kind", ""), recipe.made.get("kind", ""))
    if to and to.suffix.lower() != f".{kind}":
        raise InputError("cli.kind_of_made", made=kind)
    found = open_again(snapshot, recipe)
    if to:
        with runner.progress("cli.step_draw") as step:
            write_whole(to, again(snapshot, recipe))
            step(1.0, "cli.step_done")
    items = [
        {
            "title": item.spec.title, "fingerprint": item.spec.fingerprint, "same": item.same,
            "differences": list(item.differences),
            "address": address.link_to(item.question, {**address.DEFAULTS, "lang": settings.load().lang}),
        }
        for item in found
    ]  # fmt: skip
    lines = [
        line
        for item, entry in zip(found, items)
        for line in (item.spec.title, entry["address"], *(item.differences or [t("recipe.same", runner.lang)]))
    ]
    is_whole = is_as_exported(snapshot, recipe, found, content)
    if is_whole is not None:
        lines.append(t(f"recipe.{'' if is_whole else 'not_'}as_exported", runner.lang))
    runner.tell({"file": file, "maps": items, "made": recipe.made, "as_exported": is_whole, "written": to}, *lines)


@command(app, "atlas")
def atlas(runner: Runner, to: Target, view: Address = "", size: Size = "a4") -> None:
    """A PDF file with a page for every commune."""
    if to.suffix.lower() != ".pdf":
        raise InputError("cli.kind_of_made", made="pdf")
    snapshot = runner.snapshot()
    asked = address.question_at(view, snapshot.today, lang=runner.lang)
    with runner.progress("cli.step_draw") as step:
        content = make_atlas(snapshot, asked, size=size, step=lambda done, of: step(done / of, "cli.step_draw"))
        write_whole(to, content)
        step(1.0, "cli.step_done")
    runner.tell({"file": to, "bytes": len(content)}, runner.t("atlas_done", file=to))
