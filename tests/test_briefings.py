"""Views in an order: as YAML, as decks, for the public."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from geo import products
from geo.cartography.classify import Scheme
from geo.cartography.spec import CircleLayer, OutlineLayer, PointLayer, UnitLayer, ZoneLayer
from geo.errors import InputError, NotFoundError
from geo.products import briefings, state
from geo.products.atlas import atlas
from geo.products.briefings import Briefing
from geo.products.change import control_chart
from geo.products.charts import SHOWS
from geo.products.periods import Preset
from geo.products.reopen import again, read_recipe, reopen
from geo.products.shown import MAP_PAGES, for_public, shown
from geo.products.state import View
from geo.schema import CaseCategory, Measure, Per, Query, UnitSystem, ZoneKind
from tests.homes import home_in

VIEWS = st.builds(
    View,
    page=st.sampled_from(MAP_PAGES), m=st.sampled_from(list(Measure)), t=st.sampled_from(list(Preset)),
    kinds=st.lists(st.sampled_from([str(k) for k in CaseCategory]), unique=True, max_size=3).map(tuple),
    units=st.sampled_from([(), ("30307", "31078")]), per=st.sampled_from(list(Per)), cmp=st.booleans(), pts=st.sampled_from(["auto", "always", "never"]),
    cl=st.booleans(), z=st.lists(st.sampled_from([str(k) for k in ZoneKind]), unique=True).map(tuple), names=st.booleans(),
    scheme=st.sampled_from(list(Scheme)), k=st.integers(3, 7), lim=st.sampled_from(["", "1; 5; 10"]), vs=st.sampled_from(["auto", "year"]),
    show=st.sampled_from(SHOWS), ti=st.sampled_from(["", "Một tiêu đề: \"riêng\", 50 %"]),
)  # fmt: skip
VIEWS = st.tuples(VIEWS, st.booleans()).map(
    lambda pair: replace(pair[0], t=Preset.CUSTOM, a="2025-01-01", b="2025-12-31") if pair[1] else pair[0]
)
BRIEFINGS = st.builds(
    Briefing, title=st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).filter(lambda s: s.strip()),
    views=st.lists(VIEWS, max_size=4).map(tuple), ratio=st.sampled_from(["16:9", "4:3"]), numbers=st.booleans(), public=st.booleans(), lang=st.sampled_from(["vi", "en"]),
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path):
    with home_in(tmp_path):
        yield tmp_path


@given(BRIEFINGS)
def test_a_briefing_survives_yaml(briefing):
    assert briefings.parse(briefings.dump(briefing)) == briefing


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("- 1", "briefing.not_briefing"),
        ("a: [", "briefing.not_yaml"),
        ("!!python/object/apply:os.system [ls]", "briefing.not_yaml"),
        ("briefing: 2\nslides: []", "briefing.from_future"),
        ("briefing: 1\nsurprise: 1", "briefing.key"),
        ("briefing: 1\nlang: fr", "briefing.value"),
        ("briefing: 1\nslides:\n  - {page: imports}", "briefing.value"),
        ("briefing: 1\nslides:\n  - {measure: murder}", "briefing.value"),
        ("briefing: 1\nslides:\n  - {kinds: [theft, nonsense]}", "briefing.value"),
        ("briefing: 1\nslides:\n  - {compare: maybe}", "briefing.value"),
        ("briefing: 1\nslides:\n  - {colour: red}", "briefing.key"),
        ("briefing: 1\nslides:\n  - {from: 2026-02-31, to: 2026-03-01}", "briefing.not_yaml"),
        ("briefing: 1\nslides:\n  - {from: 2026-02-01}", "briefing.half_period"),
        ("briefing: 1\nslides:\n  - {from: 2026-02-01, to: 2026-01-01}", "briefing.half_period"),
        ("briefing: 1\nslides:\n  - {classes: 99}", "briefing.value"),
        ("briefing: 1\ntitle: [a, b]", "briefing.value"),
        ("briefing: true", "briefing.value"),
        ("briefing: 1\nbriefing: 1", "briefing.not_yaml"),
        ("a: &a [x]\nbriefing: 1\ntitle: *a", "briefing.not_yaml"),
        (f"briefing: {'9' * 5000}", "briefing.not_yaml"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(text, key):
    with pytest.raises(InputError) as error:
        briefings.parse(text)
    assert error.value.key == key
    assert error.value.message("vi") != error.value.message("en")


def test_a_period_by_name_moves_with_the_data(demo_store):
    briefing = briefings.parse(
        "briefing: 1\nslides:\n  - {measure: case, period: days28, compare: true, against: year}"
    )
    (spec,) = briefings.maps(demo_store, briefing)
    assert spec.period == "04/10/2026–31/10/2026"
    assert (
        "cùng kỳ năm trước (04/10/2025–31/10/2025)" in spec.title
        or "04/10/2025" in spec.title + spec.sentence + str(spec.legend)
    )


def test_a_quarter_against_the_same_quarter_a_year_earlier(demo_store):
    view = View(m=Measure.CASE, t=Preset.THIS_QUARTER, vs="year")
    query = state.query_of(view, products.data_date(demo_store))
    assert (query.start.isoformat(), query.end.isoformat()) == ("2026-10-01", "2026-10-31")
    before = query.previous()
    assert (before.start.isoformat(), before.end.isoformat()) == ("2025-10-01", "2025-10-31")
    spec = shown(demo_store, view)
    then = shown(demo_store, View(m=Measure.CASE, t=Preset.CUSTOM, a="2025-10-01", b="2025-10-31"))
    assert [row.values[5] for row in sorted(spec.table.rows, key=lambda r: r.code)] == [
        row.values[2] for row in sorted(then.table.rows, key=lambda r: r.code)
    ]
    assert "cùng kỳ năm trước" in spec.sentence


def test_the_public_gets_communes_only(demo_store):
    view = View(m=Measure.CASE, pts="always", cl=True, z=tuple(map(str, ZoneKind)))
    briefing = Briefing("Công khai", (view,), public=True)
    (spec,) = briefings.maps(demo_store, briefing)
    assert {type(layer) for layer in spec.layers} <= {UnitLayer, CircleLayer}
    assert not any(isinstance(layer, PointLayer | OutlineLayer | ZoneLayer) for layer in spec.layers)
    assert spec.marking == "BẢN CÔNG KHAI"
    for kind in ("html", "geojson", "gpkg"):
        assert b'"symbol": "points"' not in products.export(spec, kind)
    with pytest.raises(InputError):
        for_public(replace(view, page="clusters"))


def test_masking_is_the_same_in_every_product(demo_store):
    view = View(m=Measure.TIP, t=Preset.CUSTOM, a="2026-09-01", b="2026-09-30")
    for public in (False, True):
        (spec,) = briefings.maps(demo_store, Briefing("Tin", (view,), public=public))
        hidden = [row.texts[0] for row in spec.table.rows if row.code and row.values[2] is None]
        assert len(hidden) > 20
        text = products.export(spec, "csv").decode()
        for name in hidden[:5]:
            line = next(row for row in text.splitlines() if row.startswith(f"{name},"))
            assert not any(part.isdigit() for part in line.split(",")[2:3])


@pytest.mark.parametrize("kind", ["pptx", "pdf"])
def test_a_briefing_becomes_one_file(demo_store, kind):
    briefing = Briefing("Giao ban", (View(), View(m=Measure.CASE, cmp=True)), numbers=False)
    specs = briefings.maps(demo_store, briefing)
    content = products.export_all(specs, kind, title=briefing.title, numbers=False)
    if kind == "pptx":
        deck = Presentation(io.BytesIO(content))
        assert [s.shapes.title.text for s in deck.slides] == [spec.title for spec in specs]
        assert deck.core_properties.title == "Giao ban"
        return
    book = pypdf.PdfReader(io.BytesIO(content))
    assert [entry.title for entry in book.outline] == [spec.title for spec in specs]
    assert book.metadata.title == "Giao ban"
    assert all(spec.title.split(",")[0] in page.extract_text() for spec, page in zip(specs, book.pages))


def test_briefings_are_kept_and_forgotten(home):
    name = briefings.save(Briefing("Giao ban tuần 47", (View(),)))
    assert name == "giao-ban-tuan-47"
    assert briefings.listed()[0] == (name, "Giao ban tuần 47")
    assert briefings.load(name).views == (View(),)
    assert briefings.save(replace(briefings.load(name), title="Khác"), name) == name
    assert briefings.save(Briefing("Giao bàn tuần 47")) == "giao-ban-tuan-47-2"
    assert briefings.load(name).title == "Khác"
    briefings.remove("giao-ban-tuan-47-2")
    briefings.remove(name)
    assert [title for _, title in briefings.listed()] == ["Giao ban tuần"]
    assert not briefings.is_own("giao-ban-tuan")
    for bad in ("none", "../antt", "a/b", ""):
        with pytest.raises(NotFoundError):
            briefings.load(bad)
    assert list(home.glob("*.yaml")) == []


def _shown_by(show, **more):
    return View(m=Measure.CASE, show=show, ti="Tiêu đề riêng", **more)


def test_a_view_is_shown_by_its_table_or_chart_under_a_title_of_its_own(demo_store):
    views = tuple(_shown_by(show) for show in SHOWS)
    specs = briefings.maps(demo_store, Briefing("Giao ban", views))
    assert [spec.show for spec in specs] == ["map", "table", "chart", "chart"]
    assert {spec.title for spec in specs} == {"Tiêu đề riêng"}
    assert len({spec.fingerprint for spec in specs}) == 4
    assert all(not spec.layers and not spec.legend for spec in specs[1:])
    deck = Presentation(io.BytesIO(products.export_all(specs, "pptx")))
    kinds = [
        [("table" if s.has_table else "chart" if s.has_chart else "") for s in slide.shapes] for slide in deck.slides
    ]
    assert [("table" in k, "chart" in k) for k in kinds] == [
        (False, False),
        (True, True),
        (True, False),
        (False, True),
        (False, True),
    ]
    months = next(s for s in deck.slides[4].shapes if s.has_chart).chart
    series = next(iter(months.plots[0].series))
    then = products.trend(demo_store, state.query_of(views[3], products.data_date(demo_store)), "vi").frame["count"]
    assert list(series.values) == then.tolist()
    bars = next(s for s in deck.slides[3].shapes if s.has_chart).chart
    first = sorted((row.values[2] for row in specs[0].table.rows), reverse=True)
    assert list(bars.plots[0].series[0].values) == first[:10]
    assert any("12 dòng đầu trong 102" in s.text_frame.text for s in deck.slides[2].shapes if s.has_text_frame)


def test_a_concentration_shows_its_pareto_curve(demo_store):
    (spec,) = briefings.maps(demo_store, Briefing("Giao ban", (_shown_by("chart", page="concentration"),)))
    shares = spec.chart.counts
    assert (shares[0], round(shares[-1], 6), len(shares)) == (0.0, 100.0, 103)
    steps = [b - a for a, b in itertools.pairwise(shares)]
    assert all(x >= y - 1e-5 for x, y in itertools.pairwise(steps))


@pytest.mark.parametrize("show", SHOWS[1:])
def test_what_is_shown_without_a_map_reopens_the_same(demo_store, show):
    spec = shown(demo_store, _shown_by(show))
    for kind in ("png", "pdf", "pptx", "html"):
        content = products.export(spec, kind)
        recipe = read_recipe(content, f"it.{kind}")
        (found,) = reopen(demo_store, recipe)
        assert found.same
        assert (found.view.show, found.view.ti) == (show, "Tiêu đề riêng")
        assert again(demo_store, recipe) == content
    text = pypdf.PdfReader(io.BytesIO(products.export(spec, "pdf"))).pages[0].extract_text()
    assert "Tiêu đề riêng" in text
    assert "LƯU HÀNH NỘI BỘ" in text
    page = products.export(spec, "html").decode()
    assert "'exhibit'" in page
    assert "'points':[]" in page


def test_hidden_counts_are_hidden_in_tables_and_charts(demo_store):
    view = View(m=Measure.TIP, t=Preset.CUSTOM, a="2026-09-01", b="2026-09-30")
    whole = shown(demo_store, view)
    hidden = {row.texts[0] for row in whole.table.rows if row.code and row.values[2] is None}
    table, chart, months = (shown(demo_store, replace(view, show=show)) for show in SHOWS[1:])
    assert all(row.values[2] is None for row in table.table.rows if row.texts[0] in hidden)
    assert not hidden & {bar.name for bar in chart.chart.items}
    assert months.chart.names[-1] == "09/2026"
    one = shown(demo_store, replace(view, show="months", units=("30307",)))
    rows = products.trend(
        demo_store, state.query_of(replace(view, units=("30307",)), products.data_date(demo_store)), "vi"
    )
    assert [v is None for v in one.chart.counts] == rows.frame["count"].isna().tolist()


def test_the_control_chart_of_a_commune_is_a_slide(demo_store):
    view = View(page="change", m=Measure.CASE, t=Preset.MONTH, u="30307", show="months")
    briefing = briefings.parse(briefings.dump(Briefing("Giao ban", (view,))))
    assert briefing.views == (view,)
    (spec,) = briefings.maps(demo_store, briefing)
    chart = control_chart(demo_store, "30307", state.query_of(view, products.data_date(demo_store)), "vi")
    assert (spec.title, spec.sentence) == (chart.title, chart.sentence)
    assert list(spec.chart.counts) == chart.trend.frame["count"].tolist()
    content = products.export(spec, "pptx")
    recipe = read_recipe(content, "it.pptx")
    assert reopen(demo_store, recipe)[0].same
    assert again(demo_store, recipe) == content


def test_near_repeats_are_a_table_on_slides_and_paper(demo_store):
    view = View(page="near_repeat", m=Measure.CASE)
    (spec,) = briefings.maps(demo_store, Briefing("Giao ban", (view,)))
    assert spec.show == "table"
    assert not spec.layers
    (slide,) = Presentation(io.BytesIO(products.export(spec, "pptx"))).slides
    table = next(s for s in slide.shapes if s.has_table).table
    assert [len(table.rows), len(table.columns)] == [5, 5]
    assert table.cell(1, 1).text == spec.table.rows[0].texts[1]
    with pytest.raises(InputError):
        shown(demo_store, replace(view, show="chart"))


LIMITED = {
    "map": {"units": ("30307",)}, "former": {"page": "map", "sys": UnitSystem.LEGACY, "t": Preset.TERM1},
    "overview": {"cmp": True}, "before_after": {}, "session": {"page": "change", "m": Measure.SESSION, "u": "30307"},
    "tips": {"page": "map", "m": Measure.TIP, "t": Preset.YEAR},
    **{page: {"units": ("30307",)} for page in MAP_PAGES if page not in ("map", "overview", "before_after")},
}  # fmt: skip
"""Views whose page asks something else than their filters say."""


@pytest.mark.parametrize("show", ["months", "chart"])
@pytest.mark.parametrize("name", LIMITED)
def test_whatever_stands_in_place_of_the_map_answers_its_question(demo_store, name, show):
    view = View(**{"page": name, "m": Measure.CASE, "show": show, **LIMITED[name]})
    try:
        spec = shown(demo_store, view)
    except InputError as error:
        assert error.key == "products.nothing_to_show"  # noqa: PT017 (some pages have no bars, all have months)
        assert show == "chart"
        return
    asked = Query.from_dict(json.loads(spec.recipe)["query"])
    if show == "months":
        assert spec.chart.names[-1] == f"{min(asked.end, products.data_date(demo_store)):%m/%Y}"
    content = products.export(spec, "png")
    assert reopen(demo_store, read_recipe(content, "it.png"))[0].same
    assert again(demo_store, read_recipe(content, "it.png")) == content


def test_bars_are_of_what_the_map_is_about(demo_store):
    clusters = shown(demo_store, View(page="clusters", m=Measure.CASE, show="chart"))
    sizes = [row.values[1] for row in clusters.table.rows]
    assert [bar.value for bar in clusters.chart.items] == sorted(sizes, reverse=True)[:10]
    rate = shown(demo_store, View(m=Measure.CASE, per=Per.PEOPLE, show="chart"))
    column = [c.key for c in rate.table.columns].index("per_10k")
    assert rate.chart.title == rate.table.columns[column].label
    assert rate.chart.items[0].value == max(
        row.values[column] for row in rate.table.rows if row.values[column] is not None
    )


def test_what_cannot_be_shown_is_said(demo_store):
    early = View(m=Measure.CASE, t=Preset.CUSTOM, a="2013-01-01", b="2013-02-28", show="months")
    with pytest.raises(InputError) as error:
        shown(demo_store, early)
    assert error.value.key in ("products.nothing_to_show", "products.no_months")
    table = shown(demo_store, View(page="hotspots", m=Measure.CASE, show="table"))
    for kind in ("gpkg", "geojson"):
        with pytest.raises(InputError) as error:
            products.export(table, kind)
        assert error.value.key == "export.no_layers"
    far = View(page="change", m=Measure.CASE, vs="custom", e="9999-12-31")
    assert shown(demo_store, far).title
    for kind, more in (("pptx", {"theme": "projector"}), ("csv", {"size": "a3"})):
        with pytest.raises(InputError):
            products.export(table, kind, **more)
    for text in ("{title: }", "{commune: 30307}", "{units: }"):
        with pytest.raises(InputError) as error:
            briefings.parse(f"briefing: 1\nslides:\n  - {text}")
        assert error.value.key == "briefing.value"


def test_a_slide_that_cannot_be_made_is_told_in_one_language(demo_store):
    briefing = Briefing("Công khai", (View(page="clusters", m=Measure.CASE),), public=True)
    with pytest.raises(InputError) as error:
        briefings.maps(demo_store, briefing)
    assert "Bản đồ của trang" in error.value.message("vi")
    assert "The map of the page" in error.value.message("en")
    assert "Bản đồ" not in error.value.message("en")


@pytest.mark.parametrize("page", ["hotspots", "change", "emerging", "concentration", "rates", "overview"])
def test_maps_of_communes_have_a_public_edition(demo_store, page):
    spec = briefings.maps(demo_store, Briefing("Công khai", (View(page=page, m=Measure.CASE),), public=True))[0]
    assert {type(layer) for layer in spec.layers} <= {UnitLayer, CircleLayer}
    assert spec.marking == "BẢN CÔNG KHAI"


def test_an_atlas_draws_its_map_whatever_the_view_is_shown_by(demo_store):
    view = View(m=Measure.CASE, units=("30307",))
    assert atlas(demo_store, replace(view, show="table", ti="x")) == atlas(demo_store, view)
