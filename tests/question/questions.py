"""Random questions of every page, as a person could ask them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from geo.question.codec import own_fields, question_of
from geo.question.periods import Preset
from geo.question.types import CELLS_M, QUESTIONS, RADII_M, SHOWS, WINDOWS, AnyQuestion
from geo.schema import CaseCategory, GameType, Measure, Per, Scheme, UnitSystem, ZoneKind

TODAY = date(2026, 10, 31)

_CODES = st.lists(st.sampled_from(["30307", "31078", "30742"]), max_size=3, unique=True).map(tuple)
_KINDS = [str(kind) for kind in (*CaseCategory, *GameType)]
_MONTHS = st.sampled_from(["", "2026-03", "2021-09"])
_DAYS = st.dates(date(2013, 1, 1), TODAY)
_SHARED: dict[str, st.SearchStrategy[Any]] = {
    "measure": st.sampled_from(Measure), "period": st.sampled_from(Preset),
    "from": _DAYS, "to": _DAYS, "month": _MONTHS,
    "kinds": st.lists(st.sampled_from(_KINDS), unique=True, max_size=3).map(tuple), "units": _CODES,
    "per": st.sampled_from(Per), "unit_system": st.sampled_from(UnitSystem),
    "against": st.sampled_from(["auto", "before", "year", "custom"]), "show": st.sampled_from(SHOWS),
    "title": st.sampled_from(["", 'Một tiêu đề: "riêng", 50 %']), "lang": st.sampled_from(["vi", "en"]),
}  # fmt: skip
_OWN: dict[str, st.SearchStrategy[Any]] = {
    "compare": st.booleans(), "points": st.sampled_from(["auto", "always", "never"]), "clusters": st.booleans(),
    "zones": st.lists(st.sampled_from(ZoneKind), unique=True).map(tuple), "labels": st.booleans(),
    "scheme": st.sampled_from(Scheme), "classes": st.integers(3, 7),
    "limits": st.sampled_from([(), (1.0, 5.0, 10.0), (0.1, 0.25), (1 / 3, 2 / 3)]),
    "by": st.sampled_from(["unit", "grid"]), "cell_m": st.sampled_from(CELLS_M),
    "neighbours": st.sampled_from(["queen", "distance"]), "statistic": st.sampled_from(["gi", "moran"]),
    "basis": st.sampled_from(["past", "rates", "counts"]), "algorithm": st.sampled_from(["dbscan", "hdbscan"]), "in_time": st.booleans(),
    "change_of": st.sampled_from(["counts", "hot"]), "earlier_from": st.none() | _DAYS,
    "commune": st.sampled_from(["", "30307"]), "cleared_by": st.sampled_from(["unit", "den"]), "cleared_units": _CODES,
    "cleared_month": _MONTHS, "cleared_den": st.sampled_from(["", "20210901n2"]), "radius_m": st.sampled_from(RADII_M),
    "days": st.sampled_from(WINDOWS), "ring": st.booleans(), "control_units": _CODES,
    "year": st.sampled_from(["", "2020", "2025"]), "safe_kind": st.sampled_from(["", "hamlet", "school"]),
    "share": st.booleans(), "model_kind": st.sampled_from(["", "conciliation"]),
    "model": st.sampled_from(["", "Camera an ninh minh hoạ", "a: b # c"]),
    "festival": st.sampled_from(["august_19", "november_18"]),
    "span": st.sampled_from(["month", "quarter", "year"]), "dated": st.sampled_from(["", "2026-09", "2026-Q2", "2024"]),
    "about": st.sampled_from(["", "30307"]), "part": st.sampled_from(["map", "figures", "gaps"]),
    "reach": st.sampled_from(["rate", "since"]), "over": st.sampled_from(["communes", "areas"]),
    "topic": st.sampled_from(["", "drugs", "border"]), "organiser": st.sampled_from(["", "front"]),
    "area": st.sampled_from(["", "z12", "0a1b2c3d4e5f6071"]),
    "area_kinds": st.lists(st.sampled_from(ZoneKind), unique=True).map(tuple),
}  # fmt: skip


@st.composite
def questions(draw: st.DrawFn, **fixed: Any) -> AnyQuestion:
    """A question of any page; `fixed` fields have the values given."""
    page = fixed.pop("page", None) or draw(st.sampled_from(list(QUESTIONS)))
    chosen = {**_SHARED, **{name: _OWN[name] for name in own_fields(page)}}
    return question_of(page, {**{name: draw(values) for name, values in chosen.items()}, **fixed}, TODAY)
