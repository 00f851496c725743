"""A `MapSpec` on paper: PNG for screens and reports, PDF for print, the same to the byte whenever they are repeated.

It is drawn with matplotlib in the province's UTM zone, so that the scale bar is true. Every word comes from the spec.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from threading import Lock

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf

from geo.cartography.recipe import seal
from geo.cartography.spec import MapSpec
from geo.cartography.symbology import LIGHT, THEMES, Theme
from geo.errors import InputError
from geo.files import write_whole
from geo.render.static import projector, sheet
from geo.render.static.canvas import Canvas
from geo.render.static.sheet import Lettering, Page, draw_face

__all__ = ["SIZES", "draw", "face_png", "render"]

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
    with _lock, matplotlib.rc_context(_SETTINGS):  # type: ignore[arg-type]
        recipe = seal([spec], kind=kind, size=size, theme=theme)
        return _written(_composed(spec, page, THEMES[theme]), spec, kind, page.dpi, recipe)


def face_png(spec: MapSpec, width: float, height: float) -> bytes:
    """The map alone, without title and legend, as a PNG picture of two dots per px."""
    target = BytesIO()
    with _lock, matplotlib.rc_context(_SETTINGS):  # type: ignore[arg-type]
        canvas = Canvas(width, height, "#ffffff")
        draw_face(canvas, spec, canvas.sheet, LIGHT, Lettering(10.5, 0.88), weight=0.9)
        canvas.figure.set_dpi(192)
        FigureCanvasAgg(canvas.figure).print_png(target, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return target.getvalue()


def _page(size: str) -> Page:
    if size not in SIZES:
        raise InputError("static.size_unknown", size=size, known=", ".join(SIZES))
    return SIZES[size]


def _composed(spec: MapSpec, page: Page, theme: Theme) -> Canvas:
    return sheet.compose(spec, page, theme) if theme.name == "light" else projector.compose(spec, page, theme)


def _written(canvas: Canvas, spec: MapSpec, kind: str, dpi: int, recipe: str) -> bytes:
    """The drawing as a file without dates or names of programs in it, so that the same map gives the same bytes."""
    target = BytesIO()
    if kind == "png":
        about_png = {"Title": spec.title, "Fingerprint": spec.fingerprint, "Recipe": recipe, "Software": None}
        canvas.figure.set_dpi(dpi)
        FigureCanvasAgg(canvas.figure).print_png(target, metadata=about_png)  # type: ignore[no-untyped-call]
    else:
        about_pdf = {
            "Title": spec.title, "Subject": spec.sentence, "Keywords": recipe, "CreationDate": None, "Creator": None,
            "Producer": None,
        }  # fmt: skip
        FigureCanvasPdf(canvas.figure).print_pdf(target, metadata=about_pdf)  # type: ignore[no-untyped-call]
    return target.getvalue()
