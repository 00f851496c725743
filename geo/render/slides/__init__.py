"""`MapSpec`s as slides that stay editable: every commune a shape, legend and figures as text, tables and charts native.

Each map takes two slides, the map and the numbers behind it. Method and filters stand in the notes, the recipe of the
file in its properties. The same maps give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.presentation import Presentation as Deck

from geo.cartography.recipe import seal
from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.files import repeatable_zip, write_whole
from geo.render import static
from geo.render.slides import panel
from geo.render.slides.drawing import EMU, Drawing
from geo.render.slides.map_shapes import draw_face, is_dense
from geo.render.slides.numbers import draw_chart, draw_numbers, draw_table
from geo.render.slides.package import custom_properties, read_property
from geo.render.static import lettering
from geo.render.static.canvas import Rect

_Draw = Callable[[Deck, MapSpec, Rect, int, int], None]

_WHITE = RGBColor(0xFF, 0xFF, 0xFF)

__all__ = ["RATIOS", "deck", "read_recipe", "render"]

RATIOS = {"16:9": (1280, 720), "4:3": (960, 720)}
"""Slide formats in CSS pixels."""

_RECIPE = "ANTT recipe"
_MARGIN = 26.0
_TITLE_ONLY = 5
_SIDE = 268.0


def deck(
    specs: Sequence[MapSpec], path: str | Path, *, ratio: str = "16:9", numbers: bool = True, title: str = ""
) -> None:
    """Write maps as a PPTX file, which is complete or absent.

    Parameters
    ----------
    specs : sequence of MapSpec
    path : str or Path
    ratio : {"16:9", "4:3"}
    numbers : bool
        Follow each map by a slide with its table and chart.
    title : str
        Of the file; the first map's where not given.

    Raises
    ------
    InputError
        If there is no map, or the ratio is not known.
    NotFoundError
        If this installation lacks the geometry that a map names.
    """
    write_whole(Path(path), render(specs, ratio=ratio, numbers=numbers, title=title))


def render(
    specs: Sequence[MapSpec],
    *,
    ratio: str = "16:9",
    numbers: bool = True,
    title: str = "",
    step: Callable[[float], None] = lambda _: None,
) -> bytes:
    """The file's content; see `deck`. `step` is told what share of the slides is drawn."""
    if not specs:
        raise InputError("products.no_maps")
    if ratio not in RATIOS:
        raise InputError("products.ratio_unknown", ratio=ratio, known=", ".join(RATIOS))
    made = Presentation()
    width, height = RATIOS[ratio]
    made.slide_width, made.slide_height = width * EMU, height * EMU  # type: ignore[assignment]
    slides = [draw for spec in specs for draw in _slides_of(spec, numbers=numbers)]
    for number, (draw, spec) in enumerate(slides, 1):
        draw(made, spec, Rect(0, 0, width, height), number, len(slides))
        step(number / len(slides))
    _about(
        made,
        specs,
        title or specs[0].title,
        seal(specs, kind="pptx", size=ratio, numbers=str(int(numbers)), title=title),
    )
    target = BytesIO()
    made.save(target)
    return repeatable_zip(target.getvalue())


def _slides_of(spec: MapSpec, *, numbers: bool) -> list[tuple[_Draw, MapSpec]]:
    """A map and the numbers behind it, or the table or chart that a view is shown by."""
    if spec.show != "map":
        return [(_exhibit_slide, spec)]
    return [(_map_slide, spec), (_numbers_slide, spec)] if numbers else [(_map_slide, spec)]


def _slide(made: Deck, spec: MapSpec, sheet: Rect) -> tuple[Drawing, Rect]:
    slide = made.slides.add_slide(made.slide_layouts[_TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _WHITE
    notes = slide.notes_slide.notes_text_frame
    if notes is not None:
        code = f"{spec.words.get('fingerprint', '')}: {spec.fingerprint}"
        said = [spec.sentence, *(f"{s.caption}: {s.text}" for s in spec.stamps), code]
        notes.text = "\n".join(map(lettering.clean, said))
    return Drawing(slide, spec.lang), sheet.inset(_MARGIN)


def _map_slide(made: Deck, spec: MapSpec, sheet: Rect, page: int, pages: int) -> None:
    drawing, body = _slide(made, spec, sheet)
    top = panel.head(drawing, spec, body)
    bottom = panel.foot(drawing, spec, body, page, pages)
    side = _SIDE if sheet.width > 1000 else _SIDE * 0.86
    face = Rect(body.x0, top + 8, body.x1 - side - 16, bottom - 8)
    if is_dense(spec):
        drawing.picture(spec.title, static.face_png(spec, face.width, face.height), face, spec.sentence)
    else:
        draw_face(drawing, spec, face)
    panel.side(drawing, spec, Rect(face.x1 + 16, top + 8, body.x1, bottom - 8))


def _numbers_slide(made: Deck, spec: MapSpec, sheet: Rect, page: int, pages: int) -> None:
    drawing, body = _slide(made, spec, sheet)
    top = panel.head(drawing, spec, body)
    bottom = panel.foot(drawing, spec, body, page, pages)
    draw_numbers(drawing, spec, Rect(body.x0, top + 14, body.x1, bottom - 10))


def _exhibit_slide(made: Deck, spec: MapSpec, sheet: Rect, page: int, pages: int) -> None:
    drawing, body = _slide(made, spec, sheet)
    top = panel.head(drawing, spec, body)
    bottom = panel.foot(drawing, spec, body, page, pages)
    area = Rect(body.x0, top + 14, body.x1, bottom - 10)
    if spec.show == "chart" and spec.chart:
        draw_chart(drawing, spec.chart, area, size=13)
    else:
        draw_table(drawing, spec, area, size=12)


def _about(made: Deck, specs: Sequence[MapSpec], title: str, recipe: str) -> None:
    """Properties of the file: title, language, the end of the maps' period as its date, and the recipe."""
    core = made.core_properties
    core.title, core.subject = lettering.clean(title)[:250], lettering.clean(specs[0].sentence)[:250]
    core.author = core.last_modified_by = ""
    core.keywords = specs[0].fingerprint
    core.language = {"vi": "vi-VN", "en": "en-GB"}[specs[0].lang]
    last = max(spec.recipe.question.reading.end for spec in specs).isoformat()
    core.created = core.modified = datetime.fromisoformat(last)
    core.revision = 1
    package = made.part.package
    content = custom_properties({_RECIPE: recipe})
    part = Part(PackURI("/docProps/custom.xml"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, package, content)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def read_recipe(pptx: bytes) -> str | None:
    """The recipe in the properties of a PPTX file; None where it has none."""
    return read_property(pptx, _RECIPE)
