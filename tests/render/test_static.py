"""A map on paper says everything the spec says, inside the sheet, and the same to the byte each time."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pypdf
import pytest
from matplotlib.path import Path
from PIL import Image

from geo.cartography import symbology
from geo.cartography.recipe import seal
from geo.cartography.spec import LegendEntry, LegendGroup, MapSpec, Style, with_changes
from geo.errors import InputError, NotFoundError
from geo.products.documents.files import export
from geo.render import static
from geo.render.static import lettering
from geo.render.static.canvas import Rect
from geo.render.static.ground import ground
from geo.render.static.labels import place_names
from geo.render.static.view import arrange, fit, round_length
from tests.render.conftest import pixels, text_of

KINDS = ("dens", "cases", "rate", "change", "tips", "empty")
HOSTILE = r"Xã $\frac{1}{0}$ <script>alert('1')</script> a_b^c {%s} \alpha"


def _as_read(spec: MapSpec) -> MapSpec:
    return MapSpec.from_json(spec.to_json())


@pytest.mark.parametrize(("kind", "size"), [("png", "1080p"), ("pdf", "a4")])
def test_the_same_map_is_the_same_file(kinds_of_map, kind, size):
    spec = kinds_of_map["dens"]
    again = _as_read(spec)
    assert static.render(spec, kind, size=size) == static.render(again, kind, size=size)


def test_another_process_writes_the_same_file(kinds_of_map, home, tmp_path):
    spec = kinds_of_map["rate"]
    (tmp_path / "spec.json").write_text(spec.to_json(), "utf-8")
    code = (
        "import sys; from pathlib import Path; from geo.cartography.spec import MapSpec; from geo.render import static;"
        "spec = MapSpec.from_json(Path(sys.argv[1]).read_bytes());"
        "static.draw(spec, Path(sys.argv[2]) / 'm.png'); static.draw(spec, Path(sys.argv[2]) / 'm.pdf', size='a4')"
    )
    env = {"ANTT_HOME": str(home), "PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    arguments = [sys.executable, "-c", code, str(tmp_path / "spec.json"), str(tmp_path)]
    subprocess.run(arguments, check=True, env=env, cwd=static.__path__[0] + "/../../..")
    assert (tmp_path / "m.png").read_bytes() == static.render(spec, "png", size="1080p")
    assert (tmp_path / "m.pdf").read_bytes() == static.render(spec, "pdf", size="a4")


def test_threads_do_not_disturb_each_other(kinds_of_map):
    specs = [kinds_of_map["change"], kinds_of_map["tips"]] * 2
    alone = [static.render(spec, "png", size="1080p") for spec in specs[:2]] * 2
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda spec: static.render(spec, "png", size="1080p"), specs)) == alone


@pytest.mark.parametrize(("size", "dots"), [("1080p", (1920, 1080)), ("4k", (3840, 2160))])
def test_png_sizes(kinds_of_map, size, dots):
    assert Image.open(io.BytesIO(static.render(kinds_of_map["tips"], "png", size=size))).size == dots


@pytest.mark.parametrize(("size", "millimetres"), [("a4", (297, 210)), ("a3", (420, 297))])
def test_pdf_sizes(kinds_of_map, size, millimetres):
    page = pypdf.PdfReader(io.BytesIO(static.render(kinds_of_map["tips"], "pdf", size=size))).pages[0]
    found = tuple(round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height))
    assert found == millimetres


@pytest.mark.parametrize("theme", ["light", "projector"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_paper_says_everything(kinds_of_map, kind, theme, tmp_path):
    spec = kinds_of_map[kind]
    text = text_of(static.render(spec, "pdf", size="a3", theme=theme), tmp_path)
    dense = "".join(text.split())  # a line break may stand anywhere
    labels = [entry.label for group in spec.legend for entry in group.entries]
    titles = [part for group in spec.legend for part in (group.title, group.note)]
    stamps = [part for stamp in spec.stamps for part in (stamp.caption, stamp.text)]
    said = [
        spec.title, spec.sentence, spec.period, spec.marking, spec.demo_mark, spec.boundary.warning,
        spec.boundary.attribution, _as_read(spec).fingerprint[:12], *labels, *titles, *stamps,
    ]  # fmt: skip
    assert [part for part in said if "".join(lettering.clean(part).split()) not in dense] == []
    if theme == "light":
        assert spec.data_date in text


def test_letters_are_embedded_as_letters(kinds_of_map):
    page = pypdf.PdfReader(io.BytesIO(static.render(kinds_of_map["change"], "pdf", size="a4"))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    descendants = [font["/DescendantFonts"][0].get_object() for font in fonts if "/DescendantFonts" in font]
    assert fonts
    assert len(descendants) == len(fonts)
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in descendants)


def test_both_files_name_the_map_and_what_it_was_made_from(kinds_of_map):
    spec = _as_read(kinds_of_map["rate"])
    png = Image.open(io.BytesIO(static.render(spec, "png", size="1080p"))).text
    assert (png["Title"], png["Fingerprint"]) == (spec.title, spec.fingerprint)
    assert png["Recipe"] == seal([spec], kind="png", size="1080p", theme="light")
    book = pypdf.PdfReader(io.BytesIO(static.render(spec, "pdf", size="a4")))
    assert book.metadata == {"/Title": spec.title, "/Subject": spec.sentence}
    recipe = seal([spec], kind="pdf", size="a4", theme="light")
    assert book.attachments["recipe.json"] == [recipe.encode()]
    assert "Software" not in png


def test_the_map_has_every_class_colour_on_its_face(kinds_of_map):
    spec = kinds_of_map["rate"]
    picture = pixels(static.render(spec, "png", size="1080p"))
    face = picture[130:1010, 40:1540].reshape(-1, 3)
    drawn = {tuple(color) for color in np.unique(face, axis=0)}
    cells = {cell.cls for cell in spec.layers[0].cells}
    for index in cells:
        style = spec.layers[0].classes[index]
        assert tuple(int(style.fill[i : i + 2], 16) for i in (1, 3, 5)) in drawn


def test_masked_units_are_dotted_and_others_are_not(kinds_of_map):
    ink = tuple(int(symbology.MASKED.ink[i : i + 2], 16) for i in (1, 3, 5))
    dots = {
        kind: int((pixels(static.render(kinds_of_map[kind], "png", size="4k")) == ink).all(axis=-1).sum())
        for kind in ("tips", "rate")
    }
    assert dots["tips"] > 2000
    assert dots["rate"] < 20


def test_text_from_data_is_drawn_as_it_is(kinds_of_map, tmp_path):
    spec = kinds_of_map["change"]
    group = LegendGroup(HOSTILE, (LegendEntry("fill", Style(fill="#ff0000"), HOSTILE),), HOSTILE)
    hostile = with_changes(spec, title=HOSTILE, sentence=HOSTILE, marking=HOSTILE, legend=(group,), demo_mark="")
    text = text_of(static.render(hostile, "pdf", size="a4"), tmp_path).replace(" ", "")
    assert text.count(HOSTILE.replace(" ", "")) >= 3
    static.render(hostile, "png", size="1080p")


def test_control_characters_and_unknown_letters_are_drawn_as_something():
    assert lettering.clean("a\x00\nb\u202e c\t") == "a  b c"
    assert lettering.clean("\U0001f6a8 e\u0302\u0301") == "\ufffd ế"


def _margin(png: bytes, ground_color: tuple[int, int, int]) -> bool:
    """True where the outermost 12 dots of the sheet are blank: nothing runs off it."""
    picture = pixels(png)
    edges = (picture[:12], picture[-12:], picture[:, :12].swapaxes(0, 1), picture[:, -12:].swapaxes(0, 1))
    return all((edge == ground_color).all() for edge in edges)


@pytest.mark.parametrize("times", [4, 12])
def test_nothing_runs_off_the_sheet_however_long(kinds_of_map, times):
    spec = kinds_of_map["dens"]
    many = tuple(
        LegendGroup(f"{group.title} {n}", group.entries, group.note) for n in range(2) for group in spec.legend
    )
    long = with_changes(
        spec, title=" ".join([spec.title] * times), sentence=" ".join([spec.sentence] * 3), legend=many,
        marking=" ".join([spec.marking] * times),
    )  # fmt: skip
    assert _margin(static.render(long, "png", size="1080p"), (255, 255, 255))
    dark = tuple(int(symbology.PROJECTOR.panel[i : i + 2], 16) for i in (1, 3, 5))
    assert _margin(static.render(long, "png", size="1080p", theme="projector"), dark)


def test_names_do_not_overlap_and_the_first_come_first(kinds_of_map):
    spec = kinds_of_map["rate"]
    earth = ground(spec.boundary.sha256)
    view = fit(Rect(0, 0, 900, 900), earth.box(spec.frames[0].bbox), margin=20)
    placed = place_names(spec.labels, earth.units, view, {}, size=14, taken=())
    boxes = [
        Rect(x - lettering.width(name, 14, "medium") / 2, y - 14, x + lettering.width(name, 14, "medium") / 2, y)
        for name, x, y in placed
    ]
    assert len(placed) > 30
    assert not any(a.meets(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert placed[0][0] in [earth.units[code].name for code in spec.labels[:3]]


def test_the_scale_bar_is_true(kinds_of_map):
    """A degree of latitude near 10 N is 110.6 km long."""
    spec = kinds_of_map["rate"]
    earth = ground(spec.boundary.sha256)
    view = fit(Rect(0, 0, 900, 900), earth.box(spec.frames[0].bbox), margin=20)
    (_, y0), (_, y1) = view.at(earth.metres([(105.0, 9.5), (105.0, 10.5)]))
    assert (y0 - y1) / view.scale == pytest.approx(110_600, rel=2e-3)


def _segments(path: Path) -> set[frozenset[tuple[float, float]]]:
    parts = path.to_polygons(closed_only=False)
    points = [[(round(x, 1), round(y, 1)) for x, y in part] for part in parts]
    return {frozenset(pair) for part in points for pair in pairwise(part) if pair[0] != pair[1]}


def test_borders_are_drawn_once(kinds_of_map):
    earth = ground(kinds_of_map["rate"].boundary.sha256)
    inner = _segments(earth.inner)
    outer = set().union(*(_segments(unit.outer) for unit in earth.units.values()))
    around = set().union(*(_segments(unit.path) for unit in earth.units.values()))
    assert len(inner) > 1000
    assert not inner & outer
    assert inner | outer == around


def test_islands_that_fit_stay_in_their_place():
    main, near, far = (0, 0, 100, 100), (-60, 40, -50, 50), (-900, 0, -890, 10)
    view, left = arrange(Rect(0, 0, 400, 200), [main, near, far], margin=10, column=60)
    assert left == [2]
    shown = view.on_sheet((-60, 0, 100, 100))
    assert Rect(60, 0, 400, 200).holds(shown)
    narrow, left = arrange(Rect(0, 0, 220, 200), [main, near, far], margin=10, column=60)
    assert left == [1, 2]
    assert Rect(60, 0, 220, 200).holds(narrow.on_sheet(main))


@pytest.mark.parametrize(("longest", "expected"), [(999, 500), (1000, 1000), (4999, 2000), (0.9, 0.5)])
def test_round_lengths(longest, expected):
    assert round_length(longest) == pytest.approx(expected)


def test_draw_writes_whole_files_only(kinds_of_map, tmp_path):
    spec = kinds_of_map["empty"]
    static.draw(spec, tmp_path / "map.png")
    assert (tmp_path / "map.png").read_bytes() == export(spec, "png", size="1080p")
    broken = with_changes(spec, boundary=with_changes(spec.boundary, sha256="0" * 64))
    with pytest.raises(NotFoundError):
        static.draw(broken, tmp_path / "other.png")
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]


def test_what_is_not_known_is_refused(kinds_of_map):
    spec = kinds_of_map["empty"]
    for arguments in ({"kind": "svg"}, {"size": "a5"}, {"theme": "blue"}):
        with pytest.raises(InputError):
            static.render(spec, **({"kind": "png", "size": "a4", "theme": "light"} | arguments))


def test_export_of_json_is_the_canonical_description(kinds_of_map):
    spec = kinds_of_map["empty"]
    assert export(spec, "json", size="") == spec.to_json().encode()
    with pytest.raises(InputError):
        export(spec, "svg", size="")
