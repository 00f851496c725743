"""The year as a table: communes by month, with the festivals at the end."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from geo.cartography.spec import MapSpec
from geo.products.programme.festivals import calendar
from geo.question import Festivals
from geo.schema import Festival
from geo.store import Snapshot
from geo.text import number, t
from geo.ui import blocks


def show(snapshot: Snapshot, spec: MapSpec) -> None:
    """Sessions of each month and both festivals, commune by commune; those without any stand out."""
    question, lang = spec.recipe.question, spec.lang
    assert isinstance(question, Festivals)
    year = int(question.year)
    frame, names = calendar(snapshot, year), snapshot.units()["name"]
    blocks.heading(t("programme.calendar_title", lang, year=year), t("programme.calendar_help", lang))
    heads = [t("programme.month_short", lang, n=n) for n in range(1, 13)]
    heads += [t(f"programme.festival_{one}", lang) for one in Festival]
    head = "".join(f'<th scope="col">{html.escape(word)}</th>' for word in ("", *heads))
    columns = [*range(1, 13), *(one.value for one in Festival)]
    lines = []
    for code in names.sort_values(kind="stable").index:
        cells = "".join(_cell(float(frame[column][code]), lang) for column in columns)
        lines.append(f'<tr><th scope="row">{html.escape(names[code])}</th>{cells}</tr>')
    st.html(
        f'<div class="antt-calendar"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def _cell(value: float, lang: str) -> str:
    if np.isnan(value):
        return '<td class="silent"></td>'
    kind = "none" if value == 0 else "some" if value < 5 else "many"
    return f'<td class="{kind}">{number(value, lang)}</td>'  # type: ignore[arg-type]
