"""A `MapSpec` on paper: PNG for screens and reports, PDF for print, the same to the byte whenever they are repeated.

It is drawn with matplotlib in the province's UTM zone, so that the scale bar is true. Every word comes from the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Lock

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg

from geo.cartography.recipe import seal
from geo.cartography.sheet import Sheet
from geo.cartography.spec import MapSpec, Plate
from geo.cartography.symbology import LIGHT, THEMES, Theme
from geo.errors import InputError
from geo.files import write_whole
from geo.render.static import plate, projector, sheet, tabular
from geo.render.static.canvas import Canvas
from geo.render.static.document import About, Leaf, written
from geo.render.static.sheet import Lettering, Page, draw_face

__all__ = ["SIZES", "atlas", "book", "draw", "face_png", "render", "sheet_file"]

_MM = 96 / 25.4

SIZES: dict[str, Page] = {
    "1080p": Page(1920, 1080, 1.35, 96, "png"),
    "4k": Page(1920, 1080, 1.35, 192, "png"),
    "a4": Page(297 * _MM, 210 * _MM, 0.86, 96, "pdf"),
    "a3": Page(420 * _MM, 297 * _MM, 1.2, 96, "pdf"),
}
"""Formats by name; the two PNG sizes hold the same drawing, at one and at two dots per px."""

_SETTINGS = {
    "pdf.fonttype": 42,  # letters stay letters: text can be searched and copied
    "pdf.compression": 6,
    "lines.scale_dashes": False,  # dash lengths are px, not multiples of the line's width
    "text.hinting": "none",  # letters as wide as the font says, so that what was measured fits
    "text.usetex": False,
}
_lock = Lock()  # matplotlib's settings and font cache are shared by all threads


@contextmanager
def _drawing() -> Iterator[None]:
    with _lock, matplotlib.rc_context(_SETTINGS):  # type: ignore[arg-type]
        yield


def draw(spec: MapSpec, path: str | Path, *, size: str = "1080p", theme: str = "light") -> None:
    """Write a map to a file, which is complete or absent.

    Parameters
    ----------
    spec : MapSpec
    path : str or Path
        `.png` or `.pdf`; without a suffix, the size decides.
    size : {"1080p", "4k", "a4", "a3"}
        1920x1080 and 3840x2160 dots, or landscape sheets.
    theme : {"light", "projector", "projector-light"}

    Raises
    ------
    InputError
        If size, theme or the file's suffix is not known.
    NotFoundError
        If this installation lacks the geometry that the map names.
    """
    path = Path(path)
    content = render(spec, path.suffix.lower().lstrip(".") or _page(size).kind, size=size, theme=theme)
    write_whole(path, content)


def render(spec: MapSpec, kind: str, *, size: str, theme: str = "light") -> bytes:
    """The file's content; `kind` is "png" or "pdf". See `draw`."""
    if kind not in ("png", "pdf"):
        raise InputError("static.kind_unknown", kind=kind, known="png, pdf")
    if theme not in THEMES:
        raise InputError("static.theme_unknown", theme=theme, known=", ".join(THEMES))
    page = _page(size)
    recipe = seal([spec], kind=kind, size=size, theme=theme)
    if kind == "png":
        with _drawing():
            about = {"Title": spec.title, "Fingerprint": spec.fingerprint, "Recipe": recipe}
            return _picture(_composed(spec, page, THEMES[theme]), page.dpi, about)
    leaves = (_leaf(_composed(spec, page, THEMES[theme]), spec) for _ in range(1))
    return written(leaves, About(spec.title, spec.sentence, recipe, spec.lang), _drawing)


def book(
    specs: Sequence[MapSpec], *, size: str = "a4", title: str = "", step: Callable[[float], None] = lambda _: None
) -> bytes:
    """Several maps as one PDF file, a page each, with bookmarks.

    Parameters
    ----------
    specs : sequence of MapSpec
        At least one.
    size : {"a4", "a3"}
    title : str
        Of the file; the first map's where not given.
    step : callable
        Told what share of the pages is drawn.

    Raises
    ------
    InputError
        If the size is not known.
    NotFoundError
        If this installation lacks the geometry that a map names.
    """
    pages = [replace(_page(size), number=i, of=len(specs)) for i in range(1, len(specs) + 1)]
    recipe = seal(specs, kind="pdf", size=size, title=title)
    about = About(title or specs[0].title, specs[0].sentence, recipe, specs[0].lang)

    def leaves() -> Iterator[Leaf]:
        for spec, page in zip(specs, pages):
            yield _leaf(_composed(spec, page, LIGHT), spec)
            step(page.number / len(pages))

    return written(leaves(), about, _drawing)


def atlas(
    plates: Iterable[Plate],
    spec: MapSpec,
    *,
    size: str = "a4",
    chosen: str = "",
    step: Callable[[int], None] = lambda _: None,
) -> bytes:
    """A page for each commune, with bookmarks.

    Parameters
    ----------
    plates : iterable of Plate
    spec : MapSpec
        The map of the province that the pages show parts of.
    size : {"a4", "a3"}
    chosen : str
        Codes of the communes asked for, with commas; empty for all. Part of the recipe.
    step : callable
        Told how many pages are done.

    Raises
    ------
    InputError
        If the size is not known.
    """
    page = _page(size)
    listed = list(plates)
    recipe = seal([spec], kind="atlas", size=size, units=chosen)

    def leaves() -> Iterator[Leaf]:
        for number, own in enumerate(listed, 1):
            canvas = plate.compose(own, spec, replace(page, number=number, of=len(listed)), LIGHT)
            yield Leaf(canvas, own.title, f"{own.title}. {own.sentence}")
            step(number)

    return written(leaves(), About(spec.title, spec.sentence, recipe, spec.lang), _drawing)


def face_png(spec: MapSpec, width: float, height: float) -> bytes:
    """The map alone, without title and legend, as a PNG picture of two dots per px."""
    with _drawing():
        canvas = Canvas(width, height, "#ffffff")
        draw_face(canvas, spec, canvas.sheet, LIGHT, Lettering(10.5, 0.88), weight=0.9)
        return _picture(canvas, 192, {})


def sheet_file(table: Sheet, kind: str, *, size: str) -> bytes:
    """A table that is no map, as "png" or "pdf"; it holds no recipe, for it is no view of the map."""
    page = _page(size)
    if kind == "png":
        with _drawing():
            return _picture(tabular.compose(table, page, LIGHT), page.dpi, {"Title": table.title})
    leaves = (Leaf(tabular.compose(table, page, LIGHT), table.title, table.sentence) for _ in range(1))
    return written(leaves, About(table.title, table.sentence, "", table.lang), _drawing)


def _page(size: str) -> Page:
    if size not in SIZES:
        raise InputError("static.size_unknown", size=size, known=", ".join(SIZES))
    return SIZES[size]


def _composed(spec: MapSpec, page: Page, theme: Theme) -> Canvas:
    return sheet.compose(spec, page, theme) if theme.name == "light" else projector.compose(spec, page, theme)


def _leaf(canvas: Canvas, spec: MapSpec) -> Leaf:
    return Leaf(canvas, spec.title, f"{spec.title}. {spec.sentence}")


def _picture(canvas: Canvas, dpi: int, about: dict[str, str]) -> bytes:
    """The drawing as PNG without the name of a program in it, so that the same map gives the same bytes."""
    target = BytesIO()
    canvas.figure.set_dpi(dpi)
    FigureCanvasAgg(canvas.figure).print_png(target, metadata={**about, "Software": None})  # type: ignore[no-untyped-call]
    return target.getvalue()
