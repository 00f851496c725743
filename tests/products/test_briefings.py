"""Views in an order: as YAML, as decks, for the public."""

from __future__ import annotations

import io
import itertools
import unicodedata
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation

from geo.cartography.spec import CircleLayer, OutlineLayer, PointLayer, UnitLayer, ZoneLayer
from geo.errors import InputError
from geo.products.analyses.change import control_chart
from geo.products.documents import briefings
from geo.products.documents.atlas import atlas
from geo.products.documents.briefings import Briefing
from geo.products.documents.files import export, export_all
from geo.products.documents.recipes import read_recipe
from geo.products.documents.reopen import again, reopen
from geo.products.situation.trend import trend
from geo.question import OfYear, altered
from geo.question.periods import Preset
from geo.question.types import QUESTIONS, SHOWS
from geo.schema import Measure, Per, Scheme, UnitSystem, ZoneKind
from tests.asking import answered, ask, usual_measure
from tests.homes import home_in
from tests.question.questions import TODAY, questions

BRIEFINGS = st.builds(
    Briefing, title=st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).filter(lambda s: s.strip()),
    slides=st.lists(questions(lang="vi"), max_size=4).map(tuple), ratio=st.sampled_from(["16:9", "4:3"]), numbers=st.booleans(), public=st.booleans(), lang=st.sampled_from(["vi", "en"]),
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path):
    with home_in(tmp_path):
        yield tmp_path


@given(BRIEFINGS)
def test_a_briefing_survives_yaml(briefing):
    assert briefings.parse(briefings.dump(briefing), TODAY) == briefing


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
        ("briefing: 1\nslides:\n  - {from: 'null', to: 2026-03-01}", "briefing.value"),
        ("briefing: 1\nslides:\n  - {title: [a]}", "briefing.value"),
        ("briefing: 1\ntitle: [a, b]", "briefing.value"),
        ("briefing: true", "briefing.value"),
        ("briefing: 1\nbriefing: 1", "briefing.not_yaml"),
        ("a: &a [x]\nbriefing: 1\ntitle: *a", "briefing.not_yaml"),
        (f"briefing: {'9' * 5000}", "briefing.not_yaml"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(text, key):
    with pytest.raises(InputError) as error:
        briefings.parse(text, TODAY)
    assert error.value.key == key
    assert error.value.message("vi") != error.value.message("en")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_a_file_in_another_encoding_is_refused_as_that(encoding):
    text = unicodedata.normalize("NFD", "briefing: 1\ntitle: Bản tin à\n") if encoding == "cp1258" else "briefing: 1"
    with pytest.raises(InputError) as caught:
        briefings.parse(text.encode(encoding, "ignore"), TODAY)
    assert caught.value.key == "briefing.not_utf8"


def test_a_byte_order_mark_is_no_fault():
    assert briefings.parse("briefing: 1\ntitle: Tuần".encode("utf-8-sig"), TODAY).title == "Tuần"


def test_control_characters_and_endless_nesting_are_no_briefing():
    for text in (b"briefing: 1\ntitle: a\x07b", b"\x00", b"[" * 20_000, b"a: " + b"{" * 20_000, b"\xff\xfe\x00\xd8"):
        with pytest.raises(InputError):
            briefings.parse(text, TODAY)


def test_limits_that_are_none_are_natural_breaks_as_ever():
    (slide,) = briefings.parse('briefing: 1\nslides:\n  - {scheme: fixed, limits: "5; 1"}', TODAY).slides
    assert slide == ask(scheme=Scheme.NATURAL)


def test_a_period_by_name_moves_with_the_data(demo_store):
    briefing = briefings.parse(
        "briefing: 1\nslides:\n  - {measure: case, period: days28, compare: true, against: year}", TODAY
    )
    (spec,) = briefings.maps(demo_store.snapshot(), briefing)
    assert spec.period == "04/10/2026–31/10/2026"
    assert (
        "cùng kỳ năm trước (04/10/2025–31/10/2025)" in spec.title
        or "04/10/2025" in spec.title + spec.sentence + str(spec.legend)
    )


def test_a_quarter_against_the_same_quarter_a_year_earlier(demo_store):
    view = ask(measure=Measure.CASE, period=Preset.THIS_QUARTER, against="year")
    query = view.reading
    assert (query.start.isoformat(), query.end.isoformat()) == ("2026-10-01", "2026-10-31")
    before = query.previous()
    assert (before.start.isoformat(), before.end.isoformat()) == ("2025-10-01", "2025-10-31")
    spec = answered(demo_store, view)
    then = answered(
        demo_store,
        ask(
            measure=Measure.CASE,
            between=(date(2025, 10, 1), date(2025, 10, 31)),
        ),
    )
    assert [row.values[5] for row in sorted(spec.table.rows, key=lambda r: r.code)] == [
        row.values[2] for row in sorted(then.table.rows, key=lambda r: r.code)
    ]
    assert "cùng kỳ năm trước" in spec.sentence


def test_the_public_gets_communes_only(demo_store):
    view = ask(measure=Measure.CASE, points="always", clusters=True, zones=tuple(map(str, ZoneKind)))
    briefing = Briefing("Công khai", (view,), public=True)
    (spec,) = briefings.maps(demo_store.snapshot(), briefing)
    assert {type(layer) for layer in spec.layers} <= {UnitLayer, CircleLayer}
    assert not any(isinstance(layer, PointLayer | OutlineLayer | ZoneLayer) for layer in spec.layers)
    assert spec.marking == "BẢN CÔNG KHAI"
    for kind in ("html", "geojson", "gpkg"):
        assert b'"symbol": "points"' not in export(spec, kind)
    with pytest.raises(InputError):
        answered(demo_store, ask("clusters", measure=Measure.CASE), public=True)


def test_masking_is_the_same_in_every_product(demo_store):
    view = ask(
        measure=Measure.TIP,
        between=(date(2026, 9, 1), date(2026, 9, 30)),
    )
    for public in (False, True):
        (spec,) = briefings.maps(demo_store.snapshot(), Briefing("Tin", (view,), public=public))
        hidden = [row.texts[0] for row in spec.table.rows if row.code and row.values[2] is None]
        assert len(hidden) > 20
        text = export(spec, "csv").decode()
        for name in hidden[:5]:
            line = next(row for row in text.splitlines() if row.startswith(f"{name},"))
            assert not any(part.isdigit() for part in line.split(",")[2:3])


@pytest.mark.parametrize("kind", ["pptx", "pdf"])
def test_a_briefing_becomes_one_file(demo_store, kind):
    briefing = Briefing("Giao ban", (ask(), ask(measure=Measure.CASE, compare=True)), numbers=False)
    specs = briefings.maps(demo_store.snapshot(), briefing)
    content = export_all(specs, kind, title=briefing.title, numbers=False)
    if kind == "pptx":
        deck = Presentation(io.BytesIO(content))
        assert [s.shapes.title.text for s in deck.slides] == [spec.title for spec in specs]
        assert deck.core_properties.title == "Giao ban"
        return
    book = pypdf.PdfReader(io.BytesIO(content))
    assert [entry.title for entry in book.outline] == [spec.title for spec in specs]
    assert book.metadata.title == "Giao ban"
    assert all(spec.title.split(",")[0] in page.extract_text() for spec, page in zip(specs, book.pages))


def _shown_by(show, **more):
    return ask(**{"measure": Measure.CASE, "show": show, "title": "Tiêu đề riêng", **more})


def test_a_view_is_shown_by_its_table_or_chart_under_a_title_of_its_own(demo_store):
    views = tuple(_shown_by(show) for show in SHOWS)
    specs = briefings.maps(demo_store.snapshot(), Briefing("Giao ban", views))
    assert [spec.show for spec in specs] == ["map", "table", "chart", "chart"]
    assert {spec.title for spec in specs} == {"Tiêu đề riêng"}
    assert len({spec.fingerprint for spec in specs}) == 4
    assert all(not spec.layers and not spec.legend for spec in specs[1:])
    deck = Presentation(io.BytesIO(export_all(specs, "pptx")))
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
    then = trend(demo_store.snapshot(), views[3].reading, "vi").frame["count"]
    assert list(series.values) == then.tolist()
    bars = next(s for s in deck.slides[3].shapes if s.has_chart).chart
    first = sorted((row.values[2] for row in specs[0].table.rows), reverse=True)
    assert list(bars.plots[0].series[0].values) == first[:10]
    assert any("12 dòng đầu trong 102" in s.text_frame.text for s in deck.slides[2].shapes if s.has_text_frame)


def test_a_concentration_shows_its_pareto_curve(demo_store):
    (spec,) = briefings.maps(demo_store.snapshot(), Briefing("Giao ban", (_shown_by("chart", page="concentration"),)))
    shares = spec.chart.counts
    assert (shares[0], round(shares[-1], 6), len(shares)) == (0.0, 100.0, 103)
    steps = [b - a for a, b in itertools.pairwise(shares)]
    assert all(x >= y - 1e-5 for x, y in itertools.pairwise(steps))


@pytest.mark.parametrize("show", SHOWS[1:])
def test_what_is_shown_without_a_map_reopens_the_same(demo_store, show):
    spec = answered(demo_store, _shown_by(show))
    for kind in ("png", "pdf", "pptx", "html"):
        content = export(spec, kind)
        recipe = read_recipe(content, f"it.{kind}")
        (found,) = reopen(demo_store.snapshot(), recipe)
        assert found.same
        assert (found.question.show, found.question.title) == (show, "Tiêu đề riêng")
        assert again(demo_store.snapshot(), recipe) == content
    text = pypdf.PdfReader(io.BytesIO(export(spec, "pdf"))).pages[0].extract_text()
    assert "Tiêu đề riêng" in text
    assert "LƯU HÀNH NỘI BỘ" in text
    page = export(spec, "html").decode()
    assert "'exhibit'" in page
    assert "'points':[]" in page


def test_hidden_counts_are_hidden_in_tables_and_charts(demo_store):
    view = ask(
        measure=Measure.TIP,
        between=(date(2026, 9, 1), date(2026, 9, 30)),
    )
    whole = answered(demo_store, view)
    hidden = {row.texts[0] for row in whole.table.rows if row.code and row.values[2] is None}
    table, chart, months = (answered(demo_store, altered(view, show=show)) for show in SHOWS[1:])
    assert all(row.values[2] is None for row in table.table.rows if row.texts[0] in hidden)
    assert not hidden & {bar.name for bar in chart.chart.items}
    assert months.chart.names[-1] == "09/2026"
    one_unit = altered(view, show="months", query=replace(view.query, units=("30307",)))
    one = answered(demo_store, one_unit)
    rows = trend(demo_store.snapshot(), one_unit.reading, "vi")
    assert [v is None for v in one.chart.counts] == rows.frame["count"].isna().tolist()


def test_the_control_chart_of_a_commune_is_a_slide(demo_store):
    view = ask("change", measure=Measure.CASE, period=Preset.MONTH, commune="30307", show="months")
    briefing = briefings.parse(briefings.dump(Briefing("Giao ban", (view,))), TODAY)
    assert briefing.slides == (view,)
    (spec,) = briefings.maps(demo_store.snapshot(), briefing)
    chart = control_chart(demo_store.snapshot(), "30307", view.reading, "vi")
    assert (spec.title, spec.sentence) == (chart.title, chart.sentence)
    assert list(spec.chart.counts) == chart.trend.frame["count"].tolist()
    content = export(spec, "pptx")
    recipe = read_recipe(content, "it.pptx")
    assert reopen(demo_store.snapshot(), recipe)[0].same
    assert again(demo_store.snapshot(), recipe) == content


def test_near_repeats_are_a_table_on_slides_and_paper(demo_store):
    view = ask("near_repeat", measure=Measure.CASE)
    (spec,) = briefings.maps(demo_store.snapshot(), Briefing("Giao ban", (view,)))
    assert spec.show == "table"
    assert not spec.layers
    (slide,) = Presentation(io.BytesIO(export(spec, "pptx"))).slides
    table = next(s for s in slide.shapes if s.has_table).table
    assert [len(table.rows), len(table.columns)] == [5, 5]
    assert table.cell(1, 1).text == spec.table.rows[0].texts[1]
    with pytest.raises(InputError):
        answered(demo_store, altered(view, show="chart"))


LIMITED = {
    "map": {"units": ("30307",)}, "former": {"page": "map", "unit_system": UnitSystem.LEGACY, "period": Preset.TERM1},
    "overview": {}, "before_after": {}, "session": {"page": "change", "measure": Measure.SESSION, "commune": "30307"},
    "tips": {"page": "map", "measure": Measure.TIP, "period": Preset.YEAR},
    **{page: {"units": ("30307",)} for page in QUESTIONS if page not in ("map", "overview", "before_after")},
}  # fmt: skip
"""Views whose page asks something else than their filters say."""


@pytest.mark.parametrize("show", ["months", "chart"])
@pytest.mark.parametrize("name", LIMITED)
def test_whatever_stands_in_place_of_the_map_answers_its_question(demo_store, name, show):
    page = LIMITED[name].get("page", name)
    view = ask(**{"page": name, "measure": usual_measure(page), "show": show, **LIMITED[name]})
    try:
        spec = answered(demo_store, view)
    except InputError as error:
        of_year = show == "months" and issubclass(QUESTIONS[page], OfYear)
        # Some pages have no bars; all have months but those of a year.
        assert error.key == ("products.by_year" if of_year else "products.nothing_to_show")  # noqa: PT017
        assert of_year or show == "chart"
        return
    asked = spec.recipe.question.query
    if show == "months":
        assert spec.chart.names[-1] == f"{min(asked.end, demo_store.snapshot().today):%m/%Y}"
    content = export(spec, "png")
    assert reopen(demo_store.snapshot(), read_recipe(content, "it.png"))[0].same
    assert again(demo_store.snapshot(), read_recipe(content, "it.png")) == content


def test_bars_are_of_what_the_map_is_about(demo_store):
    clusters = answered(demo_store, ask("clusters", measure=Measure.CASE, show="chart"))
    sizes = [row.values[1] for row in clusters.table.rows]
    assert [bar.value for bar in clusters.chart.items] == sorted(sizes, reverse=True)[:10]
    rate = answered(demo_store, ask(measure=Measure.CASE, per=Per.PEOPLE, show="chart"))
    column = [c.key for c in rate.table.columns].index("per_10k")
    assert rate.chart.title == rate.table.columns[column].label
    assert rate.chart.items[0].value == max(
        row.values[column] for row in rate.table.rows if row.values[column] is not None
    )


def test_what_cannot_be_shown_is_said(demo_store):
    early = ask(
        measure=Measure.CASE,
        between=(date(2013, 1, 1), date(2013, 2, 28)),
        show="months",
    )
    with pytest.raises(InputError) as error:
        answered(demo_store, early)
    assert error.value.key == "products.no_months"
    table = answered(demo_store, ask("hotspots", measure=Measure.CASE, show="table"))
    for kind in ("gpkg", "geojson"):
        with pytest.raises(InputError) as error:
            export(table, kind)
        assert error.value.key == "export.no_layers"
    far = ask("change", measure=Measure.CASE, against="custom", earlier_from=date.fromisoformat("9999-12-31"))
    assert answered(demo_store, far).title
    for kind, more in (("pptx", {"theme": "projector"}), ("csv", {"size": "a3"})):
        with pytest.raises(InputError):
            export(table, kind, **more)
    for text in ("{title: }", "{commune: 30307}", "{units: }"):
        with pytest.raises(InputError) as error:
            briefings.parse(f"briefing: 1\nslides:\n  - {text}", TODAY)
        assert error.value.key == "briefing.value"


def test_a_slide_that_cannot_be_made_is_told_in_one_language(demo_store):
    briefing = Briefing("Công khai", (ask("clusters", measure=Measure.CASE),), public=True)
    with pytest.raises(InputError) as error:
        briefings.maps(demo_store.snapshot(), briefing)
    assert "Bản đồ của trang" in error.value.message("vi")
    assert "The map of the page" in error.value.message("en")
    assert "Bản đồ" not in error.value.message("en")


@pytest.mark.parametrize("page", ["hotspots", "change", "emerging", "concentration", "rates", "overview"])
def test_maps_of_communes_have_a_public_edition(demo_store, page):
    spec = briefings.maps(
        demo_store.snapshot(), Briefing("Công khai", (ask(page, measure=Measure.CASE),), public=True)
    )[0]
    assert {type(layer) for layer in spec.layers} <= {UnitLayer, CircleLayer}
    assert spec.marking == "BẢN CÔNG KHAI"


def test_an_atlas_draws_its_map_whatever_the_view_is_shown_by(demo_store):
    view = ask(measure=Measure.CASE, units=("30307",))
    assert atlas(demo_store.snapshot(), altered(view, show="table", title="x")) == atlas(demo_store.snapshot(), view)
