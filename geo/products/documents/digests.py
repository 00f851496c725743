"""The digest of a month as plain text and as one HTML page that asks nobody for anything."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from geo.products.programme.alerts import Changes, Digest, Of
from geo.products.situation.installation import installation
from geo.schema import ENFORCEMENT_MEASURES, Measure
from geo.store import Snapshot
from geo.text import Lang, day, month, number, t
from geo.views import Installation
from geo.views.wording import changes, names_of, suppression, verdict

__all__ = ["Item", "Section", "Written", "as_html", "as_text", "said_of", "subject", "written"]

_STYLE = (
    "body{font-family:'Be Vietnam Pro',sans-serif;max-width:52rem;margin:1.5rem auto;padding:0 1rem;color:#20262d;"
    "line-height:1.45}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.6rem}dt{font-weight:600}dd{margin:0 0 .5rem}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Item:
    """A line, sentences to it, and lines below it."""

    line: str
    notes: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A heading with its lines."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Written:
    """A digest in words.

    Attributes
    ----------
    lang : {"vi", "en"}
    marks : tuple of str
        Classification and demo mark, as far as they apply.
    title, data_date, sentence : str
    sections : tuple of Section
    stamps : tuple of (caption, text)
        Rule, suppression and source.
    """

    lang: Lang
    marks: tuple[str, ...]
    title: str
    data_date: str
    sentence: str
    sections: tuple[Section, ...]
    stamps: tuple[tuple[str, str], ...]


def written(snapshot: Snapshot, found: Digest, lang: Lang) -> Written:
    """A digest in the words of the map."""
    shared = installation(snapshot, lang)
    named = month(found.first, lang)
    key = "alerts.stand_out" if found.outside else "alerts.stand_out_none"
    sections = (
        Section(t("alerts.measures", lang), tuple(_measure(snapshot, one, lang) for one in found.measures)),
        Section(t("alerts.records", lang, since=day(found.changes.since, lang)), _changes(found.changes, named, lang)),
    )
    return Written(
        lang=lang,
        marks=shared.marks,
        title=t("alerts.title", lang, month=named),
        data_date=t("map.data_date", lang, date=day(shared.data_date, lang)),
        sentence=t(key, lang, n=found.outside, of=len(found.measures)),
        sections=sections,
        stamps=_stamps(shared),
    )


def _stamps(shared: Installation) -> tuple[tuple[str, str], ...]:
    lang = shared.lang
    source = t("map.source_demo" if shared.demo else "map.source_line", lang, organisation=shared.organisation)
    texts = {
        "method": f"{t('map.method_change', lang)}. {t('alerts.certain_rule', lang)}",
        "suppression": suppression(Measure.TIP, shared),
        "source": source,
    }
    return tuple((t(f"map.stamp_{name}", lang), text) for name, text in texts.items())


def said_of(one: Of, lang: Lang) -> str:
    """The line of a measure: the province's count and how it stands to what is usual."""
    label = t(f"map.measure_{one.measure}", lang)
    if not one.begun:
        return t("alerts.line_not_begun", lang, measure=label)
    if one.hidden:
        return t("alerts.line_hidden", lang, measure=label)
    if one.total != one.total:  # not a number
        return t("alerts.line_not_reported", lang, measure=label)
    total = number(one.total, lang)
    return t("alerts.line", lang, measure=label, total=total, verdict=verdict(one.score, lang))


def _measure(snapshot: Snapshot, one: Of, lang: Lang) -> Item:
    notes, below = [], []
    if one.reporting and one.begun and one.reporting[0] < one.reporting[1]:
        n, of = (number(count, lang) for count in one.reporting)
        notes.append(t("alerts.reporting", lang, n=n, of=of))
    if one.measure in ENFORCEMENT_MEASURES:
        notes.append(t("alerts.enforcement", lang))
    if one.masked:
        notes.append(t("alerts.masked", lang))
    elif len(one.scores):
        certain = names_of(snapshot.units(), [place.code for place in one.places if place.certain], lang)
        notes.append(changes(one.scores, one.chance, certain, lang))
    for place in one.places:
        key = "alerts.place_certain" if place.certain else "alerts.place"
        words = {"name": place.name, "count": number(place.count, lang), "verdict": verdict(place.score, lang)}
        below.append(t(key, lang, **words))
    return Item(said_of(one, lang), tuple(notes), tuple(below))


def _changes(found: Changes, named: str, lang: Lang) -> tuple[Item, ...]:
    lines = []
    for one in found.came:
        words = {"n": number(one.batches, lang), "rows": number(one.rows, lang)}
        lines.append(t("alerts.came", lang, dataset=t(f"imports.dataset_{one.dataset}", lang), **words))
    lines = lines or [t("alerts.came_none", lang)]
    lines.append(t("alerts.back", lang, n=number(found.back, lang), erased=number(found.erased, lang)))
    late = [t(f"alerts.late_{dataset}", lang, month=named, n=number(n, lang)) for dataset, n in found.late]
    return tuple(Item(line) for line in lines + (late or [t("alerts.late_none", lang, month=named)]))


def subject(found: Digest, text: Written) -> str:
    """The subject of a mail."""
    said = t("alerts.subject", text.lang, title=text.title, n=found.outside)
    return " ".join([*(f"[{mark}]" for mark in text.marks), said])


def as_text(text: Written) -> str:
    """Plain text with lines of any length, ending with a newline."""
    lines = [*_head(text.marks), text.title, text.data_date, "", text.sentence]
    for section in text.sections:
        lines += ["", section.heading, ""]
        for item in section.items:
            lines.append(f"- {item.line}")
            lines += [f"  {note}" for note in item.notes]
            lines += [f"    * {line}" for line in item.below]
    lines += ["", *(f"{caption}: {said}" for caption, said in text.stamps)]
    return "\n".join(lines) + "\n"


def _head(marks: Sequence[str]) -> list[str]:
    return [" · ".join(marks), ""] if marks else []


def as_html(text: Written) -> str:
    """One page with its style in it and nothing else."""
    said = html.escape
    parts = [f"<p><strong>{said(' · '.join(text.marks))}</strong></p>" if text.marks else ""]
    parts.append(f"<h1>{said(text.title)}</h1>\n<p>{said(text.data_date)}</p>\n<p>{said(text.sentence)}</p>")
    for section in text.sections:
        items = "\n".join(_item(item) for item in section.items)
        parts.append(f"<h2>{said(section.heading)}</h2>\n<ul>\n{items}\n</ul>")
    stamps = "".join(f"<dt>{said(caption)}</dt><dd>{said(line)}</dd>" for caption, line in text.stamps)
    body = "\n".join(filter(None, [*parts, f"<dl>{stamps}</dl>"]))
    return (
        f'<!doctype html>\n<html lang="{text.lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{said(text.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _item(item: Item) -> str:
    notes = "".join(f"<br>{html.escape(note)}" for note in item.notes)
    below = "".join(f"<li>{html.escape(line)}</li>" for line in item.below)
    return f"<li>{html.escape(item.line)}{notes}{f'<ul>{below}</ul>' if below else ''}</li>"
