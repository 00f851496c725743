"""Slides stay editable: communes are shapes with the classes' fills, tables are tables, charts are charts."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from datetime import date

import numpy as np
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn

from geo.cartography.recipe import unseal
from geo.cartography.spec import OutlineLayer, UnitLayer
from geo.errors import InputError
from geo.render import slides
from geo.render.slides.drawing import EMU
from geo.render.slides.package import read_property
from geo.schema import Measure, Query
from tests.asking import situation
from tests.render.conftest import fonts_home


def _opened(content: bytes):
    return Presentation(io.BytesIO(content))


def _freeforms(slide):
    return [s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.FREEFORM]


def _fill(shape) -> str:
    """The colour a shape is filled with; of a pattern, its ground."""
    properties = shape._element.spPr
    found = properties.find(qn("a:solidFill"))
    if found is None:
        found = properties.find(qn("a:pattFill")).find(qn("a:bgClr"))
    return "#" + found.find(qn("a:srgbClr")).get("val").lower()


@pytest.fixture(scope="module")
def decks(kinds_of_map):
    return {name: slides.render([spec]) for name, spec in kinds_of_map.items()}


@pytest.mark.parametrize("name", ["dens", "rate", "change", "tips"])
def test_every_commune_is_a_shape_with_its_name_and_the_fill_of_its_class(decks, kinds_of_map, name):
    layer = next(x for x in kinds_of_map[name].layers if isinstance(x, UnitLayer))
    wanted = sorted((cell.name, layer.classes[cell.cls].fill.lower()) for cell in layer.cells)
    names = {cell.name for cell in layer.cells}
    shapes = [s for s in _freeforms(_opened(decks[name]).slides[0]) if s.name in names]
    assert len(shapes) == len(layer.cells) == 102
    assert sorted((shape.name, _fill(shape)) for shape in shapes) == wanted


def test_shapes_touch_as_on_the_map(decks):
    """Neighbours share their corners to the very unit, so that no gap opens when a deck is edited."""
    corners = []
    for shape in _freeforms(_opened(decks["rate"]).slides[0]):
        if shape.name == "–":
            continue
        path = shape._element.spPr.find(qn("a:custGeom")).find(qn("a:pathLst")).find(qn("a:path"))
        scale = shape.width / int(path.get("w"))
        corners.append(
            {
                (round(shape.left + int(p.get("x")) * scale), round(shape.top + int(p.get("y")) * scale))
                for p in path.iter(qn("a:pt"))
            }
        )
    shared = [len(a & b) for i, a in enumerate(corners) for b in corners[:i]]
    assert sum(n >= 2 for n in shared) > 200


def test_numbers_are_a_table_and_a_chart_with_data(decks, kinds_of_map):
    spec = kinds_of_map["dens"]
    slide = _opened(decks["dens"]).slides[1]
    table = next(s for s in slide.shapes if s.has_table).table
    assert [cell.text for cell in table.rows[1].cells] == list(spec.table.rows[0].texts[:6])
    chart = next(s for s in slide.shapes if s.has_chart).chart
    plotted = list(chart.plots[0].series[0].values)
    counts = sorted((row.values[2] for row in spec.table.rows if row.values[2] is not None), reverse=True)
    assert plotted == counts[:10]
    assert chart.part.chart_workbook.xlsx_part is not None


def test_hidden_counts_are_in_no_slide(decks, kinds_of_map):
    spec = kinds_of_map["tips"]
    masked = [row for row in spec.table.rows if row.code and row.values[2] is None]
    assert masked
    table = next(s for s in _opened(decks["tips"]).slides[1].shapes if s.has_table).table
    shown = {row.cells[0].text: row.cells[2].text for row in table.rows}
    assert all(shown[row.texts[0]] == row.texts[2] for row in masked if row.texts[0] in shown)


def test_notes_hold_method_and_filters(decks, kinds_of_map):
    spec = kinds_of_map["rate"]
    for slide in _opened(decks["rate"]).slides:
        said = slide.notes_slide.notes_text_frame.text
        assert all(stamp.text in said for stamp in spec.stamps)
        assert spec.fingerprint in said


@pytest.mark.parametrize("ratio", ["16:9", "4:3"])
@pytest.mark.parametrize("name", ["dens", "cases", "tips"])
def test_nothing_leaves_the_slide(kinds_of_map, ratio, name):
    deck = _opened(slides.render([kinds_of_map[name]], ratio=ratio))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_dense_points_are_a_picture(decks):
    kinds = [s.shape_type for s in _opened(decks["cases"]).slides[0].shapes]
    assert MSO_SHAPE_TYPE.PICTURE in kinds
    assert MSO_SHAPE_TYPE.FREEFORM not in kinds


def test_a_deck_is_repeated_to_the_byte_and_carries_its_recipe(decks, kinds_of_map):
    spec = kinds_of_map["change"]
    again = slides.render([spec])
    assert again == decks["change"]
    recipe = unseal(read_property(again, "ANTT recipe") or "")
    assert recipe.items[0].fingerprint == spec.fingerprint
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert archive.testzip() is None
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_cannot_be_made_is_said(kinds_of_map, tmp_path):
    with pytest.raises(InputError):
        slides.render([])
    with pytest.raises(InputError):
        slides.render([kinds_of_map["rate"]], ratio="1:1")
    with pytest.raises(InputError):
        slides.deck([kinds_of_map["rate"]], tmp_path / "absent" / "deck.pptx")


def test_libreoffice_keeps_the_shapes(decks, kinds_of_map, tmp_path):
    """A round trip through LibreOffice: still 102 named communes, a table and a chart."""
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "deck.pptx"
    path.write_bytes(decks["rate"])
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is missing"
    subprocess.run(
        [soffice, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pptx", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120, env=fonts_home(tmp_path),
    )  # fmt: skip
    deck = Presentation(tmp_path / "deck.pptx")
    layer = next(x for x in kinds_of_map["rate"].layers if isinstance(x, UnitLayer))
    wanted = sorted((cell.name, layer.classes[cell.cls].fill.lower()) for cell in layer.cells)
    names = {name for name, _ in wanted}
    shapes = [s for s in _freeforms(deck.slides[0]) if s.name in names]
    assert sorted((s.name, _fill(s)) for s in shapes) == wanted
    assert any(s.has_table for s in deck.slides[1].shapes)
    assert any(s.has_chart for s in deck.slides[1].shapes)
    assert np.isclose(deck.slide_width / deck.slide_height, 16 / 9, atol=0.01)


@pytest.mark.parametrize("ratio", ["16:9", "4:3"])
def test_badges_of_clusters_hide_neither_each_other_nor_a_name(make, ratio):
    spec = make(period=(date(2024, 1, 1), date(2026, 10, 31)), clusters=True)
    slide = _opened(slides.render([spec], ratio=ratio)).slides[0]
    ranks = {outline.badge for outline in next(x for x in spec.layers if isinstance(x, OutlineLayer)).outlines}
    ellipses = [s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE and s.width == 18 * EMU]
    badges = [shape for shape in ellipses if shape.name in ranks]
    boxes = [(s.left, s.top, s.left + s.width, s.top + s.height) for s in badges]
    assert {shape.name for shape in badges} == ranks
    assert len(ranks) > 6
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
    assert {s.name for s in _freeforms(slide)} >= {f"Cụm vụ việc {shape.name}" for shape in badges}


@pytest.mark.usefixtures("home")
def test_a_slide_of_chosen_communes_draws_nothing_beyond_its_window(demo_store):
    query = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31), units=("30307", "30313"))
    spec = situation(demo_store, query, clusters=True, zones=("border", "complex_area"))
    slide = _opened(slides.render([spec])).slides[0]
    window = next(s for s in slide.shapes if s.name == spec.title and s.width > slide.shapes[0].height / 2)
    names = {cell.name for layer in spec.layers if isinstance(layer, UnitLayer) for cell in layer.cells}
    drawn = [s for s in _freeforms(slide) if s.name in names]
    assert 3 < len(drawn) < len(names) / 2
    for shape in _freeforms(slide):
        if shape.name.endswith(" –"):  # of the legend beside it
            continue
        assert shape.left >= window.left - 1000
        assert shape.top >= window.top - 1000
        assert shape.left + shape.width <= window.left + window.width + 1000
        assert shape.top + shape.height <= window.top + window.height + 1000
    said = {s.text_frame.text for s in slide.shapes if s.has_text_frame}
    assert said & names == {"Long Xuyên", "Mỹ Hòa Hưng"}
