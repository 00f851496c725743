"""The command that tells what is not as usual in the latest month: on the screen, in files, or by mail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from geo.cli.folders import make
from geo.cli.mail import Letter, Post, post_of, send
from geo.cli.runner import Runner, app, command, said
from geo.errors import InputError
from geo.files import write_whole
from geo.products.documents.digests import as_html, as_text, subject, written
from geo.products.programme.alerts import Changes, Of, Place, digest
from geo.text import Lang
from geo.views import verdict

_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]

Measures = Annotated[list[str] | None, typer.Option("--measure", help=said("opt_alerts_measure"))]
Since = Annotated[datetime | None, typer.Option("--since", formats=_FORMATS, help=said("opt_alerts_since"))]
Folder = Annotated[Path | None, typer.Option("--to", help=said("opt_alerts_to"), metavar="FOLDER")]
Receivers = Annotated[list[str] | None, typer.Option("--mail-to", help=said("opt_mail_to"), metavar="ADDRESS")]
Server = Annotated[str, typer.Option("--smtp", help=said("opt_smtp"), metavar="HOST:PORT")]
Sender = Annotated[str, typer.Option("--from", help=said("opt_mail_from"), metavar="ADDRESS")]
Starttls = Annotated[bool, typer.Option("--starttls", help=said("opt_starttls"))]


@command(app, "alerts")
def alerts(
    runner: Runner,
    measure: Measures = None,
    since: Since = None,
    to: Folder = None,
    mail_to: Receivers = None,
    smtp: Server = "",
    sender: Sender = "",
    starttls: Starttls = False,
) -> None:
    """What is not as usual in the latest month, and what changed in the records."""
    post = _post(to, mail_to or [], smtp, sender, starttls=starttls)
    snapshot, lang = runner.snapshot(), runner.lang
    found = digest(snapshot, measure or (), since.date() if since else None)
    text = written(snapshot, found, lang)
    plain, page = as_text(text), as_html(text)
    result: dict[str, Any] = {
        "month": found.month,
        "outside": found.outside,
        "title": text.title,
        "marks": text.marks,
        "data_date": snapshot.today,
        "sentence": text.sentence,
        "measures": [_measure(one, lang) for one in found.measures],
        "records": _records(found.changes),
        "stamps": dict(text.stamps),
    }
    if to is not None:
        make(to)
        files = [to / f"digest-{found.month}.{kind}" for kind in ("txt", "html")]
        for file, content in zip(files, (plain, page)):
            write_whole(file, content.encode())
        done = (runner.t("report_done", file=file) for file in files)
        runner.tell({**result, "files": files}, text.title, text.sentence, *done)
    elif post:
        send(Letter(subject(found, text), plain, page), post)
        told = ", ".join(post.receivers)
        runner.tell({**result, "mailed": post.receivers}, text.sentence, runner.t("mail_done", receivers=told))
    else:
        runner.tell(result, plain.rstrip("\n"))


def _post(to: Path | None, receivers: list[str], smtp: str, sender: str, *, starttls: bool) -> Post | None:
    """How a mail would go; None where none is asked for."""
    if not receivers:
        if smtp or sender or starttls:
            raise InputError("cli.mail_to_whom")
        return None
    if to is not None:
        raise InputError("cli.mail_or_folder")
    if not smtp or not sender:
        raise InputError("cli.mail_how")
    return post_of(smtp, sender, receivers, starttls=starttls)


def _measure(one: Of, lang: Lang) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "total": float(one.total) if np.isfinite(one.total) else None,
        "hidden": one.hidden,
        "tone": one.tone,
        "verdict": verdict(one.score, lang),
        "reporting": one.reporting,
        "outside": None if one.masked else len(one.places),
        "by_chance": None if one.masked else one.chance,
        "communes": [_place(place, lang) for place in one.places],
    }


def _place(place: Place, lang: Lang) -> dict[str, Any]:
    words = {"tone": place.tone, "verdict": verdict(place.score, lang), "certain": place.certain}
    return {"code": place.code, "name": place.name, "count": place.count, **words}


def _records(found: Changes) -> dict[str, Any]:
    return {
        "since": found.since,
        "came": [{"dataset": one.dataset, "batches": one.batches, "rows": one.rows} for one in found.came],
        "taken_back": found.back,
        "erased": found.erased,
        "late": dict(found.late),
    }
