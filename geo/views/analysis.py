"""Maps of an analysis: every unit in one of a few named classes, with the colophon of any other map."""

from __future__ import annotations

from dataclasses import dataclass

from geo.cartography.spec import (
    Cell,
    Chart,
    Figure,
    Layer,
    LegendEntry,
    LegendGroup,
    MapSpec,
    Stamp,
    Style,
    Table,
    UnitLayer,
)
from geo.question import Question
from geo.schema import ENFORCEMENT_MEASURES, Query
from geo.text import Lang, day, period, t
from geo.views.inputs import Installation
from geo.views.wording import suppression


@dataclass(frozen=True)
class UnitClass:
    """A class of an analysis map: its look and its name in the legend."""

    style: Style
    label: str


@dataclass(frozen=True)
class Finding:
    """What an analysis found, ready to be drawn.

    Attributes
    ----------
    title, sentence, method : str
        A sentence of fact, one plain sentence that says what it means and how sure it is, and how it was done.
    classes : tuple of UnitClass
        In legend order, the most striking first.
    cells : tuple of Cell
        One per unit; `cls` is a position in `classes`.
    labels : tuple of str
        Unit codes in the order in which their names claim room.
    legend_title, legend_note : str
    table : Table
    figures : tuple of Figure
    overlays : tuple of Layer
        Drawn over the units, with `overlay_legend`.
    chart : Series or Bars, optional
        Of the same numbers.
    """

    title: str
    sentence: str
    method: str
    classes: tuple[UnitClass, ...]
    cells: tuple[Cell, ...]
    labels: tuple[str, ...]
    legend_title: str
    table: Table
    legend_note: str = ""
    figures: tuple[Figure, ...] = ()
    overlays: tuple[Layer, ...] = ()
    overlay_legend: tuple[LegendGroup, ...] = ()
    chart: Chart | None = None


def finding_map(found: Finding, question: Question, installation: Installation) -> MapSpec:
    """The map of a finding; `question` as it was answered."""
    lang, query = installation.lang, question.query
    groups = _legend(found, query, lang)
    return MapSpec(
        lang=lang,
        title=found.title,
        sentence=found.sentence,
        period=period(query.start, query.end, lang),
        data_date=t("map.data_date", lang, date=day(installation.data_date, lang)),
        marking=installation.marking,
        demo_mark=installation.demo_mark,
        boundary=installation.boundary,
        frames=installation.frames,
        layers=(
            UnitLayer(tuple(c.style for c in found.classes), found.cells, tuple(c.label for c in found.classes)),
            *found.overlays,
        ),
        legend=groups,
        labels=found.labels,
        figures=found.figures,
        stamps=stamps(found.method, query, installation, filters(query, lang)),
        table=found.table,
        chart=found.chart,
        words={name: t(f"map.{name}", lang) for name in ("north", "legend", "failed", "fingerprint", "page", "rows")},
        recipe=installation.recipe(question),
    )


def filters(query: Query, lang: Lang) -> str:
    """The kinds in words."""
    return ", ".join(t(f"map.kind_{k}", lang).lower() for k in query.kinds) or t("map.filters_none", lang)


def _legend(found: Finding, query: Query, lang: Lang) -> tuple[LegendGroup, ...]:
    """The legend; where dens cleared are shown it says that they are no level of crime."""
    entries = tuple(LegendEntry("fill", c.style, c.label) for c in found.classes if c.label)
    groups = (LegendGroup(found.legend_title, entries, found.legend_note),) if entries else ()
    groups = (*groups, *found.overlay_legend)
    if query.measure not in ENFORCEMENT_MEASURES or not groups:
        return groups
    first = groups[0]
    note = " ".join(part for part in (first.note, t("map.legend_enforcement", lang)) if part)
    return (LegendGroup(first.title, first.entries, note, first.hint), *groups[1:])


def stamps(method: str, query: Query, installation: Installation, chosen: str) -> tuple[Stamp, ...]:
    """The colophon of an analysis, as a map or as a table."""
    lang = installation.lang
    source = "map.source_demo" if installation.demo else "map.source_line"
    lines = {
        "period": period(query.start, query.end, lang),
        "data": day(installation.data_date, lang),
        "filters": chosen,
        "method": method,
        "suppression": suppression(query.measure, installation),
        "boundary": installation.boundary.attribution,
        "source": t(source, lang, organisation=installation.organisation),
    }
    return tuple(Stamp(t(f"map.stamp_{name}", lang), text) for name, text in lines.items())
