"""Small pieces of page: tiles, trend chart, table. Every text from data is escaped here."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.cartography.sheet import Grid, Sheet
from geo.cartography.spec import Bars, Figure, MapSpec, Planned, Series
from geo.products.documents.files import SHEETS, file_name, sheet_file
from geo.products.situation.trend import LEARNED, Trend
from geo.text import Lang, t
from geo.ui import session
from geo.ui.downloads import Made, offer


def _tile(figure: Figure) -> str:
    change = html.escape(figure.change)
    verdict = html.escape(figure.verdict)
    second = f'<div class="change">{change} <span class="verdict">{verdict}</span></div>' if change or verdict else ""
    return (
        f'<div class="antt-tile {figure.tone}"><div class="label">{html.escape(figure.label)}</div>'
        f'<div class="value">{html.escape(figure.value)}</div>{second}</div>'
    )


def tiles(figures: tuple[Figure, ...], *, stacked: bool = False) -> None:
    """Key figures side by side, or one below the other."""
    shape = "antt-column" if stacked else "antt-tiles"
    st.html(f'<div class="{shape}">{"".join(map(_tile, figures))}</div>')


def pair(wide: int, narrow: int, *, key: str = "pair") -> list[DeltaGenerator]:
    """Two columns in these shares: a map and what stands beside it; below it where the window is narrow."""
    with st.container(key=key):
        return st.columns([wide, narrow], gap="medium")


def name_of_page(name: str) -> None:
    """What a page is called; and, where it cannot show the measure a person came with, that it shows another."""
    said = session.view().stands_in
    st.caption(f"{name} · :material/info: **{session.quiet(said)}**" if said else name)


def heading(text: str, note: str = "", *, large: bool = False) -> None:
    """A heading inside a page, with a quiet line under it; large where it is the page's own."""
    below = f'<div class="antt-note">{html.escape(note)}</div>' if note else ""
    size = "antt-heading" if large else ""
    st.html(f'<div class="{size}"><div class="antt-title">{html.escape(text)}</div>{below}</div>')


def grid(shown: Grid) -> None:
    """Figures by two kinds of band: each large, with the line under it, and what the tints mean."""
    heads = "".join(f'<th scope="col">{html.escape(words)}</th>' for words in (shown.corner, *shown.columns))
    rows = []
    for words, tiles in zip(shown.rows, shown.tiles):
        cells = "".join(
            f'<td style="background:{tile.tint or "transparent"}"><b>{html.escape(tile.figure)}</b>'
            f"<span>{html.escape(tile.note)}</span></td>"
            for tile in tiles
        )
        rows.append(f'<tr><th scope="row">{html.escape(words)}</th>{cells}</tr>')
    key = "".join(f'<li><i style="background:{tint}"></i>{html.escape(words)}</li>' for tint, words in shown.key)
    st.html(
        f'<div class="antt-bands"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
        f"<ul>{key}</ul></div>"
    )


def text_table(frame: pd.DataFrame, *, whole: bool = False) -> None:
    """A table of sentences: every cell is wrapped and readable as a whole; long lists scroll unless shown `whole`."""
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in frame.columns)
    lines = (
        "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
        for row in frame.itertuples(index=False, name=None)
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    kind = "antt-list whole" if whole else "antt-list"
    st.html(f'<div class="{kind}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>')


def trend_chart(trend: Trend, lang: Lang, *, height: int) -> None:
    """Monthly counts over the band in which they were expected; months outside it stand out. Why, where none are."""
    if trend.frame.empty:
        st.caption(t("products.no_months", lang, n=LEARNED + 1))
        return
    frame = trend.frame.reset_index(names="month")
    frame["odd"] = (frame["count"] > frame["high"]) | (frame["count"] < frame["low"])
    spec = _trend_spec(trend.label, lang, height)
    _fix_domains(spec, frame)
    st.vega_lite_chart(frame, spec, width="stretch")


def _fix_domains(spec: dict[str, Any], frame: pd.DataFrame) -> None:
    """Say how far both axes reach: Streamlit draws a chart before its data has come, and no data reaches nowhere."""
    top = frame[["count", "high"]].to_numpy(float)
    highest = float(np.nanmax(top)) if np.isfinite(top).any() else 1.0
    ends = [f"{frame['month'].min():%Y-%m-%dT00:00:00}", f"{frame['month'].max():%Y-%m-%dT00:00:00}"]
    spec["encoding"]["x"]["scale"] = {"domain": ends}
    for layer in spec["layer"]:
        layer["encoding"]["y"] = {**layer["encoding"]["y"], "scale": {"domain": [0, max(1.0, highest)], "nice": True}}


def _trend_spec(label: str, lang: Lang, height: int) -> dict[str, Any]:
    axis = {"labelColor": "#59616a", "gridColor": "#ece7dc", "domain": False, "tickColor": "#d9d4c9", "title": None}
    month = {
        "field": "month",
        "type": "temporal",
        "axis": {**axis, "format": "%m/%y", "grid": False, "labelOverlap": True},
    }
    tip = [
        {"field": "month", "type": "temporal", "format": "%m/%Y", "title": t("ui.month", lang)},
        {"field": "count", "type": "quantitative", "title": label, "format": ",.0f"},
        {"field": "low", "type": "quantitative", "title": f"{t('ui.trend_band', lang)} –", "format": ",.0f"},
        {"field": "high", "type": "quantitative", "title": f"{t('ui.trend_band', lang)} +", "format": ",.0f"},
    ]
    count = {"field": "count", "type": "quantitative", "axis": axis}
    return {
        "height": height,
        "config": {"font": "Be Vietnam Pro", "view": {"stroke": None}, "numberFormat": ",.0f"},
        "encoding": {"x": month},
        "layer": [
            {
                "mark": {"aria": False, "type": "area", "color": "#0f766e", "opacity": 0.16},
                "encoding": {"y": {**count, "field": "low"}, "y2": {"field": "high"}},
            },
            {"mark": {"aria": False, "type": "line", "color": "#27303a", "strokeWidth": 1.8}, "encoding": {"y": count}},
            {
                "mark": {"aria": False, "type": "point", "filled": True, "size": 60, "color": "#d9601a", "opacity": 1},
                "transform": [{"filter": "datum.odd"}],
                "encoding": {"y": count, "tooltip": tip},
            },
            {
                "mark": {"aria": False, "type": "point", "opacity": 0, "size": 200},
                "encoding": {"y": count, "tooltip": tip},
            },
        ],
    }


def curve(series: Series, *, height: int = 520) -> None:
    """A line over numbered places, such as the Pareto curve."""
    heading(series.title, series.note)
    frame = pd.DataFrame({"place": range(len(series.counts)), "value": series.counts})
    axis = {"labelColor": "#59616a", "gridColor": "#ece7dc", "domain": False, "tickColor": "#d9d4c9", "title": None}
    named = [value for value, _ in series.ticks]
    tips = [
        {"field": "place", "type": "quantitative", "title": "n"},
        {"field": "value", "type": "quantitative", "title": series.words[0], "format": ",.1f"},
    ]
    spec = {
        "height": height,
        "config": {"font": "Be Vietnam Pro", "view": {"stroke": None}},
        "mark": {"aria": False, "type": "line", "color": "#27303a", "point": {"opacity": 0, "size": 120}},
        "encoding": {
            "x": {"field": "place", "type": "quantitative", "axis": {**axis, "grid": False},
                  "scale": {"domain": [0, len(series.counts) - 1]}},
            "y": {"field": "value", "type": "quantitative", "axis": {**axis, "values": named},
                  "scale": {"domain": [0, max(named)]}},
            "tooltip": tips,
        },
    }  # fmt: skip
    st.vega_lite_chart(frame, spec, width="stretch")


def bars(chart: Bars, *, width: int = 46) -> None:
    """Bars one below the other, each with its number at its end; `width` pixels for each."""
    heading(chart.title)
    frame = pd.DataFrame(
        {"name": [bar.name for bar in chart.items], "value": [bar.value for bar in chart.items],
         "text": [bar.text for bar in chart.items]}
    )  # fmt: skip
    across = {"field": "value", "type": "quantitative", "axis": None}
    spec = {
        "height": width * len(frame),
        "config": {"font": "Be Vietnam Pro", "view": {"stroke": None}},
        "encoding": {
            "y": {"field": "name", "type": "ordinal", "sort": None,
                  "axis": {"title": None, "domain": False, "ticks": False, "labelColor": "#27303a", "labelFontSize": 14,
                           "labelLimit": 260}},
        },
        "layer": [
            {"mark": {"aria": False, "type": "bar", "color": chart.color, "height": {"band": 0.62}},
             "encoding": {"x": across}},
            {"mark": {"aria": False, "type": "text", "align": "left", "dx": 6, "fontSize": 14, "color": "#27303a"},
             "encoding": {"x": across, "text": {"field": "text", "type": "nominal"}}},
        ],
    }  # fmt: skip
    st.vega_lite_chart(frame, spec, width="stretch")


def years(series: Series, *, height: int = 420) -> None:
    """A bar for each year or month, none where it is not known; over them a line of what was planned, where it was."""
    heading(series.title, series.note)
    plan = series.plan if isinstance(series, Planned) else ()
    frame = pd.DataFrame({"year": series.names, "value": series.counts, "plan": plan or None})
    axis = {"labelColor": "#59616a", "gridColor": "#ece7dc", "domain": False, "tickColor": "#d9d4c9", "title": None}
    named = [value for value, _ in series.ticks]
    written = json.dumps({str(float(value)): text for value, text in series.ticks})
    ticks = {**axis, "values": named, "labelExpr": f"({written})[format(datum.value, '.1f')] || datum.label"}
    height_of = {"type": "quantitative", "axis": ticks, "scale": {"domain": [0, max(named)]}}
    planned = (
        [{"field": "plan", "type": "quantitative", "title": series.plan_word, "format": ",.0f"}]
        if isinstance(series, Planned)
        else []
    )
    spec = {
        "height": height,
        "config": {"font": "Be Vietnam Pro", "view": {"stroke": None}},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "sort": None, "axis": {**axis, "labelAngle": 0}},
            "tooltip": [{"field": "year", "type": "ordinal", "title": series.title},
                        {"field": "value", "type": "quantitative", "title": series.words[0], "format": ",.0f"},
                        *planned],
        },
        "layer": [
            {"mark": {"aria": False, "type": "bar", "color": "#0b5d57", "width": {"band": 0.7}},
             "encoding": {"y": {**height_of, "field": "value"}}},
            *([{"mark": {"aria": False, "type": "line", "color": "#b8420a", "strokeWidth": 2,
                         "point": {"color": "#b8420a", "size": 24}},
                "encoding": {"y": {**height_of, "field": "plan"}}}] if planned else []),
        ],
    }  # fmt: skip
    st.vega_lite_chart(frame, spec, width="stretch")


def table(spec: MapSpec) -> None:
    """The table behind the map: sorts by number, and shows the very texts the description holds."""
    rows, columns = spec.table.rows, spec.table.columns
    frame = pd.DataFrame(
        {
            c.label: pd.array([row.values[i] for row in rows], dtype=float) if c.numeric else [r.texts[i] for r in rows]
            for i, c in enumerate(columns)
        }
    )
    styled = frame.style
    for i, column in enumerate(columns):
        if column.numeric:
            texts = {row.values[i]: row.texts[i] for row in rows if row.values[i] is not None}
            styled = styled.format(texts.get, subset=[column.label])
    numeric = [i for i, column in enumerate(columns) if column.numeric]
    missing = {row.texts[i] for row in rows for i in numeric if row.values[i] is None}
    said = missing.pop() if len(missing) == 1 else _NOTHING  # one text for all: the component knows no other
    st.dataframe(styled, hide_index=True, height=640, width="stretch", placeholder=said)


_NOTHING = "–"


def _kinds(primary: bool, more: str) -> str:
    """Classes of what looks like a button."""
    return " ".join(["antt-button", *(["primary"] if primary else []), more]).strip()


def link(
    label: str, to: str, *, icon: str = "", primary: bool = False, disabled: bool = False, wide: bool = False
) -> None:
    """A link to a page of ours that looks like a button; with an `icon`, that is all of it to be seen."""
    kinds = _kinds(primary, (icon and f"icon {icon}") or ("wide" if wide else ""))
    where = 'aria-disabled="true"' if disabled else f'href="{html.escape(to)}" data-antt-go'
    title = f' title="{html.escape(label)}" aria-label="{html.escape(label)}"' if icon else ""
    st.html(f'<a class="{kinds}" role="button" {where}{title}>{"" if icon else html.escape(label)}</a>')


def download(
    label: str, what: Callable[[], Made], lang: Lang, *, key: str, note: str = "", primary: bool = False,
    disabled: bool = False, wide: bool = True,
) -> None:  # fmt: skip
    """A button that hands over a file, made when it is pressed.

    Parameters
    ----------
    label : str
    what : callable
        Says by then what is meant: the file's name, and a function that makes its content.
    lang : {"vi", "en"}
    key : str
        Names the button; one per visit and file.
    note : str
        Shown while the pointer rests on it.
    primary, disabled, wide : bool
        The button that matters; one that cannot be pressed; as wide as its place.
    """
    kinds = _kinds(primary, "wide" if wide else "")
    off = ' aria-disabled="true"' if disabled else ""
    gone = html.escape(t("ui.file_gone", lang))
    st.html(
        f'<a class="{kinds}" role="button" href="{offer(key, what, lang)}" data-antt-file="{gone}" '
        f'title="{html.escape(note)}"{off}>{html.escape(label)}</a>'
    )


_LABELS = {"pdf": "pdf4"}


def sheet_buttons(sheet: Sheet, lang: Lang, *, name: str) -> None:
    """Downloads of a table that is no map."""
    for kind in SHEETS:
        label = t(f"ui.export_{_LABELS.get(kind, kind)}", lang)
        what = partial(_sheet, sheet, kind)
        download(label, what, lang, key=f"sheet_{name}_{kind}")


def _sheet(sheet: Sheet, kind: str) -> Made:
    return Made(file_name(sheet.title, kind), lambda _step: sheet_file(sheet, kind))
