"""A `MapSpec` as one HTML file that needs no network: the same map as on the screen, with its colophon and its table.

It carries what the map shows and nothing else: texts, classes, outlines, and the columns of the table. A policy in the
file itself forbids the browser to ask anyone for anything.
"""

from __future__ import annotations

import base64
import html
import json
import re
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import fontpkg_be_vietnam_pro
from fontTools import subset
from fontTools.ttLib import TTFont

from geo.cartography import basemap
from geo.cartography.recipe import seal
from geo.cartography.spec import MapSpec
from geo.files import write_whole
from geo.render import assets, web
from geo.render.web import Addresses, Look, js_literal

__all__ = ["render", "write"]

_WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
_LETTERS = [
    *range(0x20, 0x250),
    *range(0x300, 0x340),
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),
    0x20AB,
    0x2212,
    0x2192,
]
"""Latin with all of Vietnamese, punctuation and signs; other characters fall back to the reader's own typefaces."""

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "connect-src data:; base-uri 'none'; form-action 'none'"
)
_STYLE = """
body { overflow: auto; margin: 0; background: #fbfaf7; }
.antt-sheet { height: calc(100vh - 40px); padding: 14px 18px 0; box-sizing: border-box; }
.antt-more { font-family: "Be Vietnam Pro", sans-serif; color: #20262d; padding: 8px 20px 24px;
  font-size: 14px; line-height: 1.45; }
.antt-more dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 6px 0 14px; }
.antt-more dt { font-weight: 600; color: #59616a; } .antt-more dd { margin: 0; }
.antt-more table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.antt-more th, .antt-more td { padding: 3px 12px; border-bottom: 1px solid #e2ddd2; text-align: left; }
.antt-more th { background: #0b5d57; color: #fff; font-weight: 600; }
.antt-more .n { text-align: right; }

"""


def write(spec: MapSpec, path: str | Path) -> None:
    """Write a map as an HTML file, which is complete or absent.

    Raises
    ------
    InputError
        If the file cannot be written.
    NotFoundError
        If this installation lacks the geometry that the map names.
    """
    write_whole(Path(path), render(spec))


def render(spec: MapSpec) -> bytes:
    """The file's content: the same bytes for the same map."""
    title = html.escape(spec.title)
    page = f"""<!DOCTYPE html>
<html lang="{spec.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="fingerprint" content="{spec.fingerprint}">
<title>{title}</title>
<style>{_leaflet("leaflet.css")}{_own("map.css")}{_STYLE}</style>
<script type="application/json" id="antt-recipe">{_in_script(seal([spec], kind="html"))}</script>
</head>
<body>
<div id="map" role="application" aria-label="{title}"></div>
<section class="antt-more">
{_colophon(spec)}
{_table(spec)}
</section>
<script>window.AnttFonts = {js_literal({name: _font(name) for name in _WEIGHTS})};</script>
<script>{_leaflet("leaflet.js")}</script>
{"".join(f"<script>{_own(f'{name}.js')}</script>" for name in web.SCRIPTS)}
<script>
{_start(spec)}
</script>
</body>
</html>
"""
    return page.encode()


def _start(spec: MapSpec) -> str:
    options = {_camel(name): value for name, value in web.MAP_OPTIONS.items()}
    options |= {"center": web.CENTRE, "zoom": web.ZOOM}
    addresses = Addresses(
        geometry=lambda sha256: _data(_geometry(sha256), "application/json"),
        zones=lambda content: _data(content, "application/json"),
        points=None,
    )
    payload = web.payload_at(spec, Look(), addresses)
    return f"AnttMap.attach(L.map('map', {js_literal(options)}));\nantt.update({js_literal(payload)});"


_DISPLAYED = ("code", "name", "kind", "label")
"""What the page shows of a unit besides its shape."""


@lru_cache(maxsize=4)
def _geometry(sha256: str) -> bytes:
    """The boundaries without the columns that nobody sees."""
    topology = json.loads(basemap.load(sha256))
    for unit in topology["objects"]["units"]["geometries"]:
        unit["properties"] = {name: unit["properties"][name] for name in _DISPLAYED}
    return json.dumps(topology, ensure_ascii=False, separators=(",", ":")).encode()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _in_script(text: str) -> str:
    """JSON that cannot end the element it stands in; what it says stays the same."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _leaflet(name: str) -> str:
    """A file of Leaflet, without the pictures its style sheet would fetch: this map uses none of them."""
    found = assets.find(f"leaflet/{name}")
    assert found is not None
    text = found.content.decode()
    if name.endswith(".css"):
        return re.sub(r"url\([^)]*\)", "none", text)
    return re.sub(r"//# sourceMappingURL=\S*", "", text).replace("</script", "<\\/script")


@cache
def _own(name: str) -> str:
    found = assets.find(f"antt/{name}")
    assert found is not None
    return found.content.decode().replace("</script", "<\\/script")


@cache
def _font(weight: str) -> str:
    """A weight of the typeface with the letters that Vietnamese and English need."""
    path = Path(fontpkg_be_vietnam_pro.__file__).parent / "files" / f"BeVietnamPro-{weight}.ttf"
    options = subset.Options(flavor="woff", notdef_outline=True, hinting=False)
    options.recalc_timestamp = False
    with TTFont(path, recalcTimestamp=False) as font:
        chosen = subset.Subsetter(options)
        chosen.populate(unicodes=_LETTERS)
        chosen.subset(font)
        font.flavor = "woff"
        target = BytesIO()
        font.save(target)
    return _data(target.getvalue(), "font/woff")


def _colophon(spec: MapSpec) -> str:
    code = (spec.words.get("fingerprint", ""), spec.fingerprint)
    lines = [*((stamp.caption, stamp.text) for stamp in spec.stamps), code]
    said = "".join(f"<dt>{html.escape(a)}</dt><dd>{html.escape(b)}</dd>" for a, b in lines)
    marks = " · ".join(mark for mark in (spec.marking, spec.demo_mark, spec.boundary.warning) if mark)
    return f"<p><strong>{html.escape(marks)}</strong></p><dl>{said}</dl>"


def _table(spec: MapSpec) -> str:
    columns, rows = spec.table.columns, spec.table.rows
    if not rows:
        return ""
    numeric = [' class="n"' if column.numeric else "" for column in columns]
    head = "".join(f'<th scope="col"{n}>{html.escape(c.label)}</th>' for c, n in zip(columns, numeric))
    body = "".join(
        "<tr>" + "".join(f"<td{n}>{html.escape(text)}</td>" for text, n in zip(row.texts, numeric)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
