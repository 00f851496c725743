"""The spatial scan as a map, and its form in space and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis import scan, space_time
from geo.cartography.spec import Style
from geo.errors import InputError
from geo.products.analyses.study import PLAIN, Study, cells, sure, unit_table, with_unknown
from geo.question import Scan
from geo.schema import Per, add_months, month_end, month_start
from geo.text import number, period, t
from geo.views.analysis import Finding, UnitClass
from geo.views.inputs import rate
from geo.worker import heavy

_RAMP = ("#8f2f06", "#c9560f", "#ee9a5a", "#f7cfa8")
_LEVEL = 0.05
_MOST_MONTHS, _LONGEST, _PAST = 36, 6, 24

Found = Sequence[scan.ScanCluster | space_time.Cylinder]


def scanned(study: Study[Scan]) -> Finding:
    """Areas that hold more than expected: for their people, or over some months for their own share of everything."""
    known = study.counts.notna() if study.question.in_time else study.peopled
    if not known.any():
        raise InputError("analysis.no_people")
    found, words, sentence = _cylinders(study) if study.question.in_time else _circles(study, known)
    return _finding(study, known, found, words, sentence)


def _circles(study: Study[Scan], known: pd.Series) -> tuple[Found, list[str], str]:
    """Communes without known people take no part."""
    lang, inside = study.lang, known.to_numpy(bool)
    x, y = (axis[inside] for axis in study.centres)
    every = heavy(scan.spatial_scan, x, y, study.counts[known], study.exposure[known])
    found = [c for c in every if c.p <= _LEVEL][: len(_RAMP)]
    codes = study.units.index[known]
    words = [_class("analysis.scan_class", study, codes, c, rank) for rank, c in enumerate(found, 1)]
    if not found:
        return found, words, t("analysis.scan_none", lang, noun=study.noun(2))
    return found, words, t("analysis.scan_some", lang, **_said(study, found[0]), **_first(study, codes, found[0]))


def _cylinders(study: Study[Scan]) -> tuple[Found, list[str], str]:
    lang, query = study.lang, study.query
    cube = study.snapshot.cube(query.measure)
    start = max(query.start, cube.first)  # a month before the first record is not one without events
    asked = cube.table(start, query.end, kinds=query.kinds)
    if not 6 <= len(asked) <= _MOST_MONTHS:
        raise InputError("analysis.scan_months", months=len(asked), most=_MOST_MONTHS)
    first = max(cube.first, add_months(month_start(start), -_PAST))
    past = cube.table(first, start - timedelta(days=1), kinds=query.kinds)
    table = pd.concat([past, asked]).reindex(columns=study.units.index)
    every = heavy(
        space_time.space_time_scan,
        *study.centres,
        table.to_numpy(float),
        max_months=min(_LONGEST, len(asked) // 2),
        since=len(past),
    )
    found = [c for c in every if c.p <= _LEVEL][: len(_RAMP)]
    whens, codes = [_when(table.index, c, study) for c in found], study.units.index
    words = [
        _class("analysis.scan_time_class", study, codes, c, rank, when=when)
        for rank, (c, when) in enumerate(zip(found, whens), 1)
    ]
    if not found:
        return found, words, t("analysis.scan_time_none", lang, noun=study.noun(2))
    said = {**_said(study, found[0]), **_first(study, codes, found[0])}
    return found, words, t("analysis.scan_time_some", lang, when=whens[0], **said)


def _class(
    key: str, study: Study[Scan], codes: pd.Index, found: scan.ScanCluster | space_time.Cylinder, rank: int, **more: str
) -> str:
    """The legend's words for one area, which has its commune's name where it is a single one."""
    alone = len(found.members) == 1
    name = str(study.units["name"][codes[found.members[0]]])
    area = name if alone else t("analysis.scan_area", study.lang, rank=rank)
    return t(key, study.lang, area=area, **_said(study, found), **more)


def _when(months: pd.Index, cylinder: space_time.Cylinder, study: Study[Scan]) -> str:
    first, last = months[cylinder.first], months[cylinder.last]
    return period(date(first.year, first.month, 1), month_end(date(last.year, last.month, 1)), study.lang)


def _said(study: Study[Scan], found: scan.ScanCluster | space_time.Cylinder) -> dict[str, str]:
    observed = number(found.observed, study.lang)
    expected = number(found.expected, study.lang, digits=0)
    return {"observed": observed, "expected": expected, "noun": study.noun(observed)}


def _first(study: Study[Scan], codes: pd.Index, found: scan.ScanCluster | space_time.Cylinder) -> dict[str, object]:
    """What the sentence says of the first area besides its counts."""
    inside = [str(code) for code in codes[found.members]]
    return {
        "n": len(inside),
        "names": study.names(inside),
        "risk": number(found.relative_risk, study.lang, digits=1),
        "sure": sure(found.p, study.lang),
    }


def _finding(study: Study[Scan], known: pd.Series, found: Found, words: list[str], sentence: str) -> Finding:
    lang, frame = study.lang, study.units
    of_known: NDArray[np.int64] = np.full(int(known.sum()), len(found), np.int64)
    for rank, cluster in enumerate(found):
        of_known[cluster.members] = rank
    pair = (
        *(UnitClass(Style(fill=color), label) for color, label in zip(_RAMP, words)),
        UnitClass(PLAIN, t("analysis.scan_rest", lang)),
    )
    classes, index = with_unknown(study, pair, of_known, known)
    places = pd.Series(index, frame.index)
    order = places.sort_values(kind="stable").index
    level = [*(c.p for c in found), np.nan, np.nan]
    values = pd.DataFrame({"value": study.counts, "per": rate(study.counts, frame, Per.PEOPLE)}).loc[order]
    values["p"] = [level[i] for i in places[order]]
    columns = [("value", t("analysis.column_value", lang), 0), ("per", t("map.column_per_10k", lang), 2),
               ("p", t("analysis.column_area_p", lang), 3)]  # fmt: skip
    timed = study.question.in_time
    return Finding(
        title=t("analysis.scan_time_title" if timed else "analysis.scan_title", lang, **study.words),
        sentence=sentence,
        method=t("analysis.scan_time_method", lang, months=_LONGEST, past=_PAST)
        if timed
        else t("analysis.scan_method", lang),
        classes=classes,
        cells=cells(study, index, [(line, classes[i].label) for line, i in zip(study.value_lines(), index)]),
        labels=tuple(order),
        legend_title=t("analysis.scan_time_legend" if timed else "analysis.scan_legend", lang),
        table=unit_table(study, columns, values, [classes[i].label for i in places[order]]),
    )
