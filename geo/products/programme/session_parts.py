"""What reports say of sessions: which priority areas they were at, what they were about, and who held them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo.cartography import symbology
from geo.cartography.spec import Bar, Bars
from geo.ingest.recognising.codes import code_list
from geo.products.programme.outreach import Outreach
from geo.schema import Measure, Query
from geo.store import Snapshot
from geo.store.cube import months_since_1970
from geo.text import number, t

__all__ = ["NamedAreas", "chart_of_parts", "named_areas"]


@dataclass(frozen=True, eq=False)
class NamedAreas:
    """Sessions, or attendances, at areas that reports name.

    Attributes
    ----------
    told : DataFrame[month, code]
        Months since January 1970 and present communes of which a report names an area.
    parts : DataFrame[month, area, value]
        Of the sessions that are asked for.
    """

    told: pd.DataFrame
    parts: pd.DataFrame

    def _are_told(self, communes: tuple[str, ...], query: Query) -> bool:
        """Whether reports of these communes name areas in the period."""
        here = self.told["code"].isin(communes) & _within(self.told["month"], query)
        return bool(here.any())

    def of(self, key: str, communes: tuple[str, ...], query: Query) -> tuple[float, date | None] | None:
        """How many at an area in the period, and the first day of the latest month, until its end, with any.

        None where reports of its communes name no area in the period: its figures are then those of the communes.
        """
        if not self._are_told(communes, query):
            return None
        own = self.parts[(self.parts["area"] == key).to_numpy(bool) & (self.parts["value"] > 0).to_numpy(bool)]
        so_far = own[(own["month"] <= months_since_1970(query.end)).to_numpy(bool)]
        last = int(so_far["month"].max()) if len(so_far) else None
        counted = float(own["value"][_within(own["month"], query)].sum())
        return counted, None if last is None else date(1970 + last // 12, last % 12 + 1, 1)


def named_areas(snapshot: Snapshot, measure: Measure, *, topic: str = "", organiser: str = "") -> NamedAreas:
    """What reports say of areas.

    Raises
    ------
    InputError
        If the measure does not come in parts.
    """
    parts = snapshot.parts(measure)
    at_areas = parts[(parts["area"] != "").to_numpy(bool)]
    codes = np.array([*snapshot.attribution().units, ""], object)
    told = at_areas.assign(code=codes[at_areas["unit"].to_numpy()])[["month", "code"]].drop_duplicates()
    return NamedAreas(told, _about(at_areas, topic, organiser)[["month", "area", "value"]])


def chart_of_parts(study: Outreach) -> Bars | None:
    """What the period's sessions were about, or, of one topic, who held them; None where no report says."""
    question, query, lang = study.question, study.query, study.lang
    name = "topic" if not question.topic else "organiser" if not question.organiser else ""
    parts = study.snapshot.parts(query.measure)
    parts = _about(parts[_within(parts["month"], query)], question.topic, question.organiser)
    if not name or not (parts[name] != "").any():
        return None
    by_code = parts[parts[name] != ""].groupby(name)["value"].sum()
    cube = study.snapshot.cube(query.measure)
    everything = parts["value"].sum() if study.about else cube.counts(query.start, query.end).sum()
    known = code_list(name)
    items = [(known.label(str(code), lang), int(n)) for code, n in by_code.sort_values(ascending=False).items() if n]
    if unsaid := int(everything - by_code.sum()):
        items.append((t("programme.part_unsaid", lang), unsaid))
    bars = tuple(Bar(label, n, number(n, lang)) for label, n in items)
    measure = study.with_part(t(f"map.measure_{query.measure}", lang))
    title = t(f"programme.chart_{name}", lang, measure=measure, period=study.words["period"])
    return Bars(title, bars, symbology.ramp(query.measure, 5)[-1].fill or symbology.INK)


def _about(parts: pd.DataFrame, topic: str, organiser: str) -> pd.DataFrame:
    """Those on a topic and of an organiser; empty for any."""
    for name, asked in (("topic", topic), ("organiser", organiser)):
        if asked:
            parts = parts[(parts[name] == asked).to_numpy(bool)]
    return parts


def _within(months: pd.Series, query: Query) -> pd.Series:
    return months.between(months_since_1970(query.start), months_since_1970(query.end))
