"""What the analyses say: plain words for how sure one can be, names of places, and the noun of the measure."""

import io
import re
from dataclasses import replace
from datetime import date
from math import ceil

import openpyxl
import pytest

from geo.analysis.near_repeat import knox
from geo.cartography.spec import MapSpec
from geo.products.analyses import near_repeat
from geo.products.analyses.of_communes import ANALYSES
from geo.products.analyses.scene import scene_of
from geo.products.documents.files import sheet_file
from geo.products.situation.usual import judged
from geo.schema import Measure, Query
from geo.text import t
from tests.asking import analysis, before_after, near_repeats, situation

CASES = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))
DENS = replace(CASES, measure=Measure.DEN_CLEARED)
BOTH = [
    *((name, {}) for name in ANALYSES),
    ("scan", {"in_time": True}),
    ("hotspots", {"by": "grid"}),
    ("hotspots", {"statistic": "moran"}),
]


def _said(spec: MapSpec) -> list[str]:
    """Every text a person reads beside the table and the method."""
    figures = [text for f in spec.figures for text in (f.label, f.value, f.change, f.verdict)]
    legend = [text for g in spec.legend for text in (g.title, g.note, *(e.label for e in g.entries))]
    tips = [line for layer in spec.layers for cell in getattr(layer, "cells", ()) for line in cell.lines]
    return [spec.title, spec.sentence, *figures, *legend, *tips]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("name", "how"), BOTH)
def test_no_sentence_legend_or_tooltip_holds_a_p_value(demo_store, name, how, lang):
    for text in _said(analysis(demo_store, name, CASES, lang, **how)):
        assert not re.search(r"\bp\s*[=<]", text)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("by", ["unit", "den"])
def test_before_and_after_holds_its_p_in_the_table_only(demo_store, by, lang):
    spec = before_after(demo_store, CASES, lang, cleared_by=by).spec
    assert not [text for text in _said(spec) if re.search(r"\bp\s*[=<]", text)]
    assert any(column.key == "p" for column in spec.table.columns)


@pytest.mark.parametrize("how", [{}, {"in_time": True}])
def test_the_scan_names_the_communes_of_its_first_area(demo_store, how):
    spec = analysis(demo_store, "scan", CASES, **how)
    area = spec.table.rows[0].texts[-1]
    named = [row.texts[0] for row in spec.table.rows if row.texts[-1] == area]
    shown = named if len(named) <= 4 else [name for name in named if name in spec.sentence]
    assert len(shown) >= min(3, len(named))
    assert all(name in spec.sentence for name in shown)
    assert "ít có khả năng do ngẫu nhiên" in spec.sentence
    assert all(row.values[3] <= 0.05 for row in spec.table.rows if row.texts[-1] != "Không vượt mức")


@pytest.mark.parametrize("by", ["unit", "grid"])
def test_hot_spots_name_none_but_those_that_are(demo_store, by):
    spec = analysis(demo_store, "hotspots", CASES, by=by)
    plain = {row.texts[0] for row in spec.table.rows if row.texts[-1] == "Không khác mức ngẫu nhiên"}
    said = spec.sentence.partition("Rõ nhất: " if by == "unit" else "Rõ nhất ở: ")[2]
    listed = said.partition(".")[0]
    assert listed
    if by == "grid":  # several cells of a commune, of which some are plain
        plain -= {row.texts[0] for row in spec.table.rows if row.texts[-1] != "Không khác mức ngẫu nhiên"}
    assert not plain & set(listed.split(", "))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_plain_map_says_why_it_is_plain(demo_store, lang):
    spec = analysis(demo_store, "hotspots", CASES, lang, statistic="moran")
    plain = {"vi": "Không khác mức ngẫu nhiên", "en": "Not different from chance"}[lang]
    assert {row.texts[-1] for row in spec.table.rows} == {plain, t("analysis.no_neighbours", lang)}
    assert {"vi": "không tô màu vì không xã nào", "en": "plain because no commune"}[lang] in spec.sentence
    assert "96" in spec.sentence


def test_emerging_says_in_plain_words_what_each_place_did(demo_store):
    spec = analysis(demo_store, "emerging", CASES)
    found = {row.texts[0]: row.texts[-1] for row in spec.table.rows}
    assert found["Vĩnh Thông"] == "Nóng mới nổi"
    assert "Vĩnh Thông những tháng cuối kỳ tăng hẳn so với chính mình trước đó" in spec.sentence
    assert "95 %" in spec.sentence
    assert "Vĩnh Thông has in the last months risen" in analysis(demo_store, "emerging", CASES, "en").sentence


def test_the_overview_says_how_many_communes_chance_alone_may_bring_past_the_limit(demo_store):
    snapshot = demo_store.snapshot()
    spec = situation(demo_store, CASES, points="never", compare=True)
    expected = judged(snapshot, CASES).by_chance(list(snapshot.units().index))
    assert f"có đến {ceil(expected)} xã vượt ngưỡng" in spec.sentence
    assert 0 < expected < 0.01 * 102


def _fills(spec: MapSpec) -> set[str]:
    return {layer.style.fill[:7] for layer in spec.layers if hasattr(layer, "zones")}


def test_dens_are_in_the_colour_of_work_done_wherever_they_lie(demo_store):
    def reddish(color: str) -> bool:
        red, green = int(color[1:3], 16), int(color[3:5], 16)
        return red > green

    assert _fills(analysis(demo_store, "density", DENS))
    assert not [color for color in _fills(analysis(demo_store, "density", DENS)) if reddish(color)]
    held = analysis(demo_store, "concentration", DENS).layers[0].classes[0].fill
    assert not reddish(held)


@pytest.mark.parametrize("how", [{}, {"algorithm": "hdbscan"}])
def test_clusters_and_density_of_dens_speak_of_dens_throughout(demo_store, how):
    for lang, wrong, right in (("vi", r"\bvụ\b|sự việc", "tụ điểm"), ("en", r"\b[Cc]ases?\b|\bevents?\b", "den")):
        for spec in (analysis(demo_store, "clusters", DENS, lang, **how), analysis(demo_store, "density", DENS, lang)):
            texts = [*_said(spec), *(c.label for c in spec.table.columns), *(s.text for s in spec.stamps)]
            assert not [text for text in texts if re.search(wrong, text)]
            assert right in spec.sentence


@pytest.fixture(scope="module")
def planted():
    """Thefts of five years, with the near repeats planted among them."""
    return replace(CASES, kinds=("theft",), start=date(2016, 1, 1), end=date(2020, 12, 31))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_near_repeat_bands_say_what_they_hold(demo_store, lang):
    found = near_repeats(demo_store, CASES, lang)
    days = {"vi": "ngày", "en": "days"}[lang]
    assert found.grid.columns == (f"0–6 {days}", f"7–13 {days}", f"14–27 {days}", f"28–55 {days}")
    under = {"vi": ("dưới 100 m", "100 – dưới 200 m"), "en": ("under 100 m", "100 to under 200 m")}[lang]
    assert found.grid.rows[:2] == under
    assert [column.label for column in found.sheet.table.columns[1:5]] == [
        f"{ {'vi': 'Tỷ số', 'en': 'Ratio'}[lang] }, {band}" for band in found.grid.columns
    ]


def test_near_repeat_tints_are_what_the_key_says_on_screen_and_in_the_workbook(demo_store, planted):
    found = near_repeats(demo_store, planted, "vi")
    scene = scene_of(demo_store.snapshot(), planted)
    breaks = {"distance_breaks_m": near_repeat.DISTANCE_BREAKS, "day_breaks": near_repeat.DAY_BREAKS}
    test = knox(scene.x, scene.y, scene.found.day, areas=scene.found.unit, **breaks)
    adjusted = test.p_adjusted.to_numpy()
    tints = {tint for row in found.grid.tiles for tint in (band.tint for band in row)}
    assert near_repeat.SURE in tints
    for i, row in enumerate(found.grid.tiles):
        for j, band in enumerate(row):
            alone = test.p.iloc[i, j] <= 0.05 and test.ratio.iloc[i, j] > 1
            wanted = near_repeat.SURE if alone and adjusted[i, j] <= 0.05 else near_repeat.ALONE if alone else ""
            assert band.tint == wanted
    page = openpyxl.load_workbook(io.BytesIO(sheet_file(found.sheet, "xlsx"))).active
    top = next(row[0].row for row in page.iter_rows() if row[0].value == found.grid.rows[0])
    for i, row in enumerate(found.grid.tiles):
        for j, band in enumerate(row):
            fill = page.cell(top + i, j + 2).fill
            assert (fill.fgColor.rgb[2:].lower() if fill.fill_type else "") == band.tint.lstrip("#")
    words = [cell.value for row in page.iter_rows() for cell in row]
    assert {meaning for _, meaning in found.grid.key} <= set(words)
