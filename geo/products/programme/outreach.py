"""Outreach as a question asks for it: all sessions, or those on a topic or of an organiser."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from geo.ingest.recognising.codes import code_list
from geo.products.analyses.study import Study
from geo.products.situation.counts import counts_in, reports_in
from geo.question import Coverage
from geo.store.cube import Cube

__all__ = ["Outreach"]


@dataclass(frozen=True, eq=False)
class Outreach(Study[Coverage]):
    """Sessions, or attendances, and what of them is asked for."""

    @property
    def cube(self) -> Cube:
        """Their counts by month and commune."""
        asked = self.question
        return self.snapshot.part_cube(self.query.measure, topic=asked.topic, organiser=asked.organiser)

    @cached_property
    def counts(self) -> pd.Series:
        return counts_in(self.cube, self.query).reindex(self.units.index)

    @cached_property
    def reports(self) -> tuple[pd.Series | None, int]:
        return reports_in(self.snapshot, self.cube, self.query)

    @property
    def about(self) -> str:
        """The topic and the organiser that are asked for, in words; empty for all."""
        asked = {"topic": self.question.topic, "organiser": self.question.organiser}
        return ", ".join(code_list(name).label(code, self.lang) for name, code in asked.items() if code)

    def with_part(self, measure: str) -> str:
        """What is counted, with the topic and the organiser behind it."""
        return f"{measure} ({self.about})" if self.about else measure
