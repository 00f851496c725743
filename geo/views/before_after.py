"""The map of a before-and-after comparison: which area is which, and what the counts say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.analysis.change import Estimate
from geo.cartography.rings import rings_of
from geo.cartography.spec import (
    Cell,
    Column,
    Figure,
    LegendEntry,
    LegendGroup,
    PointLayer,
    Row,
    Stroke,
    Style,
    Table,
    Zone,
    ZoneLayer,
)
from geo.schema import Query
from geo.text import Lang, noun_of, number, signed, t
from geo.views.analysis import Finding, UnitClass

_STYLES = {
    "treated": Style(fill="#0f766e"),
    "ring": Style(fill="#a9d8d0"),
    "control": Style(fill="#7d8fb8"),
    "ring_control": Style(fill="#cdd6e8"),
}
_PLAIN = Style(fill="#f3f1ec")


@dataclass(frozen=True, eq=False)
class Result:
    """What a comparison found.

    Attributes
    ----------
    done : str
        What was done, in words.
    days : int
        Length of the periods before and after.
    of_unit : list of str
        Area of each unit, or empty.
    shapes : dict of area to geometry
        Circles in degrees; empty where areas are communes.
    counts : DataFrame[before, after, p], index area
    estimate : Estimate
    radius_m : int
        Of the circle; 0 where areas are communes.
    month : str
        The month of clearing, in words.
    dens : PointLayer
        The dens of that month.
    """

    done: str
    days: int
    of_unit: list[str]
    shapes: Mapping[str, shapely.Geometry]
    counts: pd.DataFrame
    estimate: Estimate
    radius_m: int
    month: str
    dens: PointLayer


def before_after_finding(result: Result, query: Query, units: pd.DataFrame, lang: Lang) -> Finding:
    """The comparison ready to be drawn."""
    names = [area for area in _STYLES if area in result.of_unit or area in result.shapes]
    fills = [area for area in names if area not in result.shapes]
    classes = (*(UnitClass(_STYLES[area], "") for area in fills), UnitClass(_PLAIN, ""))
    labels = {area: _label(result, area, lang) for area in names}
    cells = tuple(
        Cell(code, name, fills.index(area) if area else len(fills), (labels[area],) if area else ())
        for code, name, area in zip(units.index, units["name"], result.of_unit)
    )
    entries = tuple(LegendEntry("fill", _STYLES[area], labels[area]) for area in names)
    if result.dens.count:
        said = t("before_after.dens", lang, n=number(result.dens.count, lang), month=result.month)
        entries = (*entries, LegendEntry("diamond", result.dens.style, said, 5.0))
    measure = t(f"map.measure_{query.measure}", lang)
    order = np.argsort([area == "" for area in result.of_unit], kind="stable")
    return Finding(
        title=t("before_after.title", lang, measure=measure, done=result.done),
        sentence=_sentence(result, query, lang),
        method=_method(result, lang),
        classes=classes,
        cells=cells,
        labels=tuple(units.index[order]),
        legend_title="",
        table=_table(result, names, lang),
        figures=_figures(result, lang),
        overlays=(*_circles(result, labels), *([result.dens] if result.dens.count else [])),
        overlay_legend=(LegendGroup(t("before_after.legend", lang), entries, _note(result, lang)),),
    )


def _note(result: Result, lang: Lang) -> str:
    """What dens are no measure of, and whether the control is much smaller or larger than what it stands for."""
    before = result.counts["before"]
    uneven = not 0.5 <= (before["control"] + 1) / (before["treated"] + 1) <= 2.0
    notes = [t("map.legend_enforcement", lang), t("before_after.uneven", lang) if uneven else ""]
    return " ".join(note for note in notes if note)


def _label(result: Result, area: str, lang: Lang) -> str:
    row = result.counts.loc[area]
    values = {"before": number(row["before"], lang), "after": number(row["after"], lang)}
    return t("before_after.area_counts", lang, area=t(f"before_after.{area}", lang), **values)


def _sentence(result: Result, query: Query, lang: Lang) -> str:
    e, row = result.estimate, result.counts.loc["treated"]
    verdict = "fewer" if e.high < 0 else "more" if e.low > 0 else "open"
    before = number(row["before"], lang)
    return t(
        f"before_after.sentence_{verdict}", lang, noun=noun_of(query.measure, before, lang),
        before=before, after=number(row["after"], lang), days=result.days,
        value=signed(e.value, lang), low=number(e.low, lang), high=number(e.high, lang),
    )  # fmt: skip


def _method(result: Result, lang: Lang) -> str:
    if result.radius_m:
        return t("before_after.method_den", lang, days=result.days, radius=number(result.radius_m, lang))
    return t("before_after.method_units", lang, days=result.days)


def _figures(result: Result, lang: Lang) -> tuple[Figure, ...]:
    e, row = result.estimate, result.counts.loc["treated"]
    interval = t("before_after.interval", lang, low=number(e.low, lang), high=number(e.high, lang))
    sure = t("before_after.beyond" if e.high < 0 or e.low > 0 else "before_after.within", lang)
    tone = "down" if e.high < 0 else "up" if e.low > 0 else "usual"
    alone = t("before_after.beyond" if row["p"] <= 0.05 else "before_after.within", lang)
    return (
        Figure(
            t("before_after.figure_treated", lang),
            f"{number(row['before'], lang)} → {number(row['after'], lang)}",
            t("before_after.alone", lang),
            alone,
        ),
        Figure(t("before_after.figure_net", lang), signed(e.value, lang), interval, sure, tone),  # type: ignore[arg-type]
    )


def _table(result: Result, names: list[str], lang: Lang) -> Table:
    heads = (
        Column("area", t("before_after.column_area", lang)),
        Column("before", t("before_after.column_before", lang), True),
        Column("after", t("before_after.column_after", lang), True),
        Column("change", t("map.column_change", lang), True),
        Column("p", t("before_after.column_p", lang), True, 3),
    )
    rows = []
    for area in names:
        row = result.counts.loc[area]
        values = (float(row["before"]), float(row["after"]), float(row["after"] - row["before"]), float(row["p"]))
        texts = (number(values[0], lang), number(values[1], lang), signed(values[2], lang))
        p = number(values[3], lang, digits=3)
        rows.append(Row("", (t(f"before_after.{area}", lang), *texts, p), (None, *values)))
    return Table(heads, (*rows, _net_row(result.estimate, lang)))


def _net_row(e: Estimate, lang: Lang) -> Row:
    interval = t("before_after.interval", lang, low=number(e.low, lang), high=number(e.high, lang))
    label = f"{t('before_after.figure_net', lang)} ({interval})"
    return Row("", (label, "–", "–", signed(e.value, lang), "–"), (None, None, None, e.value, None))


def _circles(result: Result, labels: dict[str, str]) -> tuple[ZoneLayer, ...]:
    layers = []
    for area in ("ring", "treated"):
        if area in result.shapes:
            style = Style(fill=f"{_STYLES[area].fill}b0", stroke=Stroke("#0b5d57", 1.2))
            layers.append(ZoneLayer("area", labels[area], style, (Zone("", rings_of(result.shapes[area])),)))
    return tuple(layers)
