"""What reaches a page: masking holds through every part, and zones change no figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from geo.analysis.usual import predict
from geo.cartography.spec import CircleLayer, MapSpec, OutlineLayer, PointLayer, UnitLayer, ZoneLayer
from geo.errors import InputError, NotFoundError
from geo.export import features
from geo.export.about import about as colophon
from geo.products.situation.commune_card import unit_card
from geo.products.situation.counts import counts, published
from geo.products.situation.overview import overview
from geo.products.situation.search import search
from geo.products.situation.trend import trend
from geo.schema import (
    MASKED_MEASURES,
    PROTECTED_ZONES,
    YEARLY_MEASURES,
    Measure,
    Per,
    Query,
    UnitSystem,
    ZoneKind,
    add_months,
    month_end,
)
from geo.text import t
from tests.asking import about, situation
from tests.truth import bare_cube

YEAR = Query(Measure.DEN_CLEARED, date(2025, 11, 1), date(2026, 10, 31))
OTHER_ZONES = tuple(kind for kind in ZoneKind if kind not in PROTECTED_ZONES)
EVERYTHING = {"clusters": True, "zones": tuple(ZoneKind), "points": "always"}


def _layer(spec: MapSpec, kind: type):
    return next((layer for layer in spec.layers if isinstance(layer, kind)), None)


def _column(spec: MapSpec, key: str) -> dict[str, tuple[str, float | None]]:
    place = [c.key for c in spec.table.columns].index(key)
    return {row.code: (row.texts[place], row.values[place]) for row in spec.table.rows}


@pytest.mark.parametrize("measure", [m for m in Measure if m not in MASKED_MEASURES | YEARLY_MEASURES])
def test_the_table_adds_up_to_the_total_of_the_sentence(demo_store, measure):
    query = replace(YEAR, measure=measure, start=date(2015, 1, 1), end=date(2015, 12, 31))
    spec = situation(demo_store, query)
    total = sum(value or 0 for _, value in _column(spec, "count").values())
    assert total == demo_store.snapshot().cube(measure).counts(query.start, query.end).sum()


def test_circles_tooltips_and_table_say_the_same(demo_store):
    spec = situation(demo_store, YEAR)
    table = _column(spec, "count")
    for circle in _layer(spec, CircleLayer).circles:
        assert circle.text == table[circle.code][0]
    for cell in _layer(spec, UnitLayer).cells:
        assert cell.lines[0].startswith(table[cell.code][0])


@settings(deadline=None, max_examples=25)
@given(months=st.integers(0, 165), length=st.integers(1, 12), measure=st.sampled_from(sorted(MASKED_MEASURES - YEARLY_MEASURES)),
       per=st.sampled_from(Per), compare=st.booleans())  # fmt: skip
def test_small_tip_counts_are_readable_nowhere(demo_store, months, length, measure, per, compare):
    start = add_months(date(2013, 1, 1), min(months, 165 - length + 1))
    query = published(demo_store.snapshot(), Query(measure, start, month_end(add_months(start, length - 1)), per=per))
    spec = situation(demo_store, query, compare=compare)
    cube = bare_cube(demo_store, measure)
    true = dict(zip(cube.units, cube.counts(query.start, query.end)[:-1]))
    small = {code for code, count in true.items() if 0 < count < 5}
    masked = t("map.tip_masked", "vi")
    cells = {cell.code: cell for cell in _layer(spec, UnitLayer).cells}
    table = {key: _column(spec, key) for key in ("count", "per_10k", "per_km2", "change")}
    circles = _layer(spec, CircleLayer)
    for code in small:
        assert cells[code].lines == (masked,)
        assert all(column[code] == ("đã che", None) for column in table.values())
        assert circles is None or code not in {circle.code for circle in circles.circles}


def test_hidden_counts_cannot_be_had_by_subtraction(demo_store):
    for month in (date(2026, 9, 1), date(2015, 2, 1), date(2020, 6, 1)):
        spec = situation(demo_store, Query(Measure.TIP, month, month_end(month)))
        cube = bare_cube(demo_store, Measure.TIP)
        true = dict(zip([*cube.units, ""], cube.counts(month, month_end(month))))
        hidden = [code for code, (text, _) in _column(spec, "count").items() if text == "đã che"]
        assert len(hidden) >= 2
        assert sum(true[code] for code in hidden) >= 5


def test_a_chosen_few_communes_do_not_give_a_hidden_count_away(demo_store):
    month = Query(Measure.TIP, date(2026, 9, 1), date(2026, 9, 30))
    whole = _column(situation(demo_store, month), "count")
    hidden = next(code for code, (text, _) in whole.items() if text == "đã che")
    shown = next(code for code, (text, _) in whole.items() if text != "đã che")
    spec = situation(demo_store, replace(month, units=(hidden, shown)))
    assert _column(spec, "count")[hidden] == ("đã che", None)
    assert "tổng số không hiện" in spec.sentence
    card = unit_card(demo_store.snapshot(), hidden, replace(month, measure=Measure.TIP), "vi")
    assert card is not None
    assert card.figures[0].value == "đã che"


def test_the_trend_of_a_commune_hides_the_months_the_map_hides(demo_store):
    code = "31069"
    found = trend(demo_store.snapshot(), replace(YEAR, measure=Measure.TIP, units=(code,)), "vi").frame
    cube = bare_cube(demo_store, Measure.TIP)
    true = cube.series(found.index[0].date(), month_end(found.index[-1].date()), units=(code,))
    small = (true > 0) & (true < 5)
    assert small.any()
    assert found["count"][small].isna().all()


def test_no_band_is_made_of_a_hidden_month(demo_store):
    """Bands can be worked out from the months that are shown, so that hidden ones have no part in them."""
    hidden = 0
    for code in demo_store.snapshot().units().index[::4]:
        found = trend(demo_store.snapshot(), replace(YEAR, measure=Measure.TIP, units=(code,)), "vi", months=120).frame
        counts = found["count"].to_numpy()
        hidden += int(np.isnan(counts).sum())
        rolling = len(found) - 12  # the months of the period are held against those before it, all by one fit
        windows = np.lib.stride_tricks.sliding_window_view(counts[:rolling], 72)[:-1]
        model = predict(windows, np.zeros((len(windows), 1)))
        band = np.column_stack([model.expected, model.low, model.high])
        assert found[["mean", "low", "high"]].to_numpy()[72:rolling] == pytest.approx(band, nan_ok=True)
    assert hidden > 500


@pytest.mark.parametrize("measure", [Measure.CASE, Measure.DEN_CLEARED, Measure.TIP])
def test_zones_change_no_figure_class_or_cluster(demo_store, measure):
    query = replace(YEAR, measure=measure)
    with_zones = situation(demo_store, query, **EVERYTHING)
    without = situation(demo_store, query, **{**EVERYTHING, "zones": ()})
    assert _layer(without, ZoneLayer) is None
    assert {layer.kind for layer in with_zones.layers if isinstance(layer, ZoneLayer)} == set(map(str, ZoneKind))
    others = [layer for layer in with_zones.layers if not isinstance(layer, ZoneLayer)]
    assert others == list(situation(demo_store, query, **{**EVERYTHING, "zones": (), "points": "never"}).layers)
    plain = situation(demo_store, query, **{**EVERYTHING, "zones": OTHER_ZONES})
    assert [layer for layer in plain.layers if not isinstance(layer, ZoneLayer)] == list(without.layers)
    assert (with_zones.table, with_zones.sentence, with_zones.figures) == (
        without.table,
        without.sentence,
        without.figures,
    )


@pytest.mark.parametrize("points", ["auto", "always"])
@pytest.mark.parametrize("kind", sorted(PROTECTED_ZONES))
def test_beside_outlines_of_communities_events_are_drawn_by_commune_alone(demo_store, kind, points):
    plain = situation(demo_store, replace(YEAR, measure=Measure.CASE), points=points, clusters=True)
    spec = situation(demo_store, replace(YEAR, measure=Measure.CASE), points=points, clusters=True, zones=(kind,))
    assert _layer(plain, PointLayer)
    assert not _layer(spec, PointLayer)
    assert _layer(spec, CircleLayer).until_zoom > 30
    assert _layer(spec, OutlineLayer)
    assert any("theo xã" in group.note for group in spec.legend)


@pytest.mark.parametrize("kind", [*sorted(PROTECTED_ZONES), ZoneKind.BORDER])
def test_a_data_file_with_outlines_of_communities_holds_no_events_and_no_clusters(demo_store, kind):
    spec = situation(demo_store, replace(YEAR, measure=Measure.CASE), clusters=True, zones=(kind, ZoneKind.BORDER))
    plain = situation(demo_store, replace(YEAR, measure=Measure.CASE), points="always", clusters=True)
    points = _layer(plain, PointLayer)
    both = MapSpec.from_json(structs.replace(spec, layers=(*spec.layers, points)).to_json())
    for made in (spec, both):
        held, said = set(features.layers(made)), " ".join(text for _, text in colophon(made))
        assert f"zones_{kind}" in held
        assert bool(held & {"events", "clusters"}) == (kind not in PROTECTED_ZONES)
        assert (t("export.left_out", "vi") in said) == (kind in PROTECTED_ZONES)


def test_nothing_is_counted_for_a_zone(demo_store):
    spec = situation(demo_store, replace(YEAR, measure=Measure.CASE), **EVERYTHING)
    for layer in spec.layers:
        if isinstance(layer, ZoneLayer):
            assert set(layer.__struct_fields__) == {"kind", "label", "style", "zones", "mark"}
            assert not any(char.isdigit() for char in layer.label)


def test_dens_are_never_added_to_cases_and_the_legend_says_so(demo_store):
    spec = situation(demo_store, YEAR, clusters=True)
    notes = " ".join(group.note for group in spec.legend)
    assert t("map.legend_enforcement", "vi") in notes
    dens = demo_store.snapshot().cube(Measure.DEN_CLEARED).counts(YEAR.start, YEAR.end).sum()
    assert f"{dens} tụ điểm" in spec.sentence.replace(".", "")


def test_points_are_those_of_the_query_and_lie_in_the_province(demo_store):
    spec = situation(demo_store, replace(YEAR, measure=Measure.CASE), points="always")
    layer = _layer(spec, PointLayer)
    rows = demo_store.query(replace(YEAR, measure=Measure.CASE))
    assert layer.count == rows["lon"].notna().sum()
    assert layer.paper
    assert len(layer.packed) == layer.count * 4
    assert len(layer.mercator()[0]) == layer.count


def test_clusters_hold_what_their_badge_says(demo_store):
    spec = situation(demo_store, replace(YEAR, measure=Measure.CASE), clusters=True)
    outlines = _layer(spec, OutlineLayer).outlines
    assert [o.badge for o in outlines] == [str(n) for n in range(1, len(outlines) + 1)]
    assert all(o.ring[0] == o.ring[-1] for o in outlines)


def test_a_demo_map_says_that_it_is_one_and_what_it_was_made_from(demo_store):
    for lang in ("vi", "en"):
        spec = situation(demo_store, replace(YEAR, kinds=("cards",)), lang)
        captions = {stamp.caption for stamp in spec.stamps}
        for name in ("period", "data", "filters", "method", "suppression", "boundary", "source"):
            assert t(f"map.stamp_{name}", lang) in captions
        assert spec.demo_mark == t("map.demo_mark", lang)
        assert spec.boundary.warning == t("map.approximate", lang)
        assert MapSpec.from_json(spec.to_json()) == spec


def test_the_same_question_gives_the_same_map_to_the_byte(demo_store):
    first = situation(demo_store, YEAR, **EVERYTHING).to_json()
    demo_store._taken.clear()  # as another process would make it
    assert situation(demo_store, YEAR, **EVERYTHING).to_json() == first
    assert MapSpec.from_json(first).to_json() == first


@pytest.mark.parametrize("per", [Per.PEOPLE, Per.AREA])
def test_rates_are_fills_and_counts_are_symbols(demo_store, per):
    spec = situation(demo_store, replace(YEAR, per=per))
    assert _layer(spec, CircleLayer) is None
    assert len({cell.cls for cell in _layer(spec, UnitLayer).cells}) >= 4
    counted = situation(demo_store, YEAR)
    assert len({cell.cls for cell in _layer(counted, UnitLayer).cells}) <= 2


def test_what_cannot_be_attributed_is_counted_and_said(demo_store):
    query = replace(YEAR, measure=Measure.SESSION, start=date(2016, 1, 1), end=date(2016, 12, 31))
    spec = situation(demo_store, query)
    count = demo_store.snapshot().cube(Measure.SESSION).counts(query.start, query.end)[-1]
    assert count > 0
    assert spec.table.rows[-1].values[2] == count
    assert any(stamp.caption == t("map.stamp_unattributed", "vi") for stamp in spec.stamps)


def test_a_unit_that_sends_no_report_has_no_data_rather_than_zero(demo_store):
    query = Query(Measure.SESSION, date(2012, 1, 1), date(2012, 12, 31))
    spec = situation(demo_store, query)
    assert {cell.lines for cell in _layer(spec, UnitLayer).cells} == {(t("map.tip_no_data", "vi"),)}


def test_an_empty_answer_says_what_to_change(demo_store):
    query = Query(Measure.CASE, date(2001, 1, 1), date(2001, 12, 31))
    spec = situation(demo_store, query, **EVERYTHING)
    assert spec.sentence == t("map.sentence_none", "vi")


def test_the_overview_finds_the_planted_changes_first(demo, demo_store):
    page = overview(demo_store.snapshot(), about("overview", replace(YEAR, measure=Measure.CASE)))
    planted = {code for change in demo.truth["changes"] for code in change["units"]} | {demo.truth["emerging"]["unit"]}
    names = demo_store.snapshot().units()
    found = {f"{names.kind[code]} {names['name'][code]}" for code in planted}
    assert all(figure.label in found for figure in page.changed)
    assert page.changed[0].tone in ("up", "down")
    assert len(page.figures) == 5


def test_verdicts_agree_between_card_and_map(demo_store):
    spec = situation(demo_store, replace(YEAR, measure=Measure.CASE))
    verdicts = _column(spec, "verdict")
    for code in ("30307", "30760", "31078"):
        card = unit_card(demo_store.snapshot(), code, replace(YEAR, measure=Measure.CASE), "vi")
        assert card is not None
        assert card.figures[0].verdict == verdicts[code][0]


def test_a_commune_card_lists_its_former_units(demo_store):
    card = unit_card(demo_store.snapshot(), "30688", YEAR, "vi")
    assert card is not None
    assert card.title == "Xã Óc Eo"
    assert any("Vọng Thê" in line for line in card.origins)
    assert unit_card(demo_store.snapshot(), "99999", YEAR, "vi") is None


def test_search_by_present_and_former_name(demo_store):
    assert search(demo_store.snapshot(), "oc eo")[0].codes == ("30688",)
    assert search(demo_store.snapshot(), "vinh thanh van")[0].codes == ("30742",)
    assert search(demo_store.snapshot(), "khong co xa nay") == []


def test_a_withdrawn_batch_takes_its_demo_mark_and_its_figures_along(demo, tmp_path):
    from geo.store import open_store
    from geo.store.default_boundaries import add_default_boundaries

    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    add_default_boundaries(store)
    ids = [store.append(batch) for batch in demo.batches if batch.dataset == "dens"]
    before = situation(store, YEAR)
    store.withdraw(ids[-1])
    after = situation(store, YEAR)
    assert after.sentence != before.sentence
    store.withdraw(ids[0])
    with pytest.raises(NotFoundError):
        _ = store.snapshot().today


def test_units_carry_area_people_and_boxes(demo_store):
    frame = demo_store.snapshot().units()
    assert len(frame) == 102
    assert frame["people"].sum() == 4_952_238
    assert 9_000 < frame["area_km2"].sum() < 11_000
    assert np.isfinite(frame[["minx", "miny", "maxx", "maxy"]]).all().all()
    assert isinstance(frame.index, pd.Index)


def test_history_on_the_former_units_adds_up_to_the_same_total(demo_store):
    term = Query(Measure.CASE, date(2015, 1, 1), date(2015, 12, 31))
    old = situation(demo_store, replace(term, system=UnitSystem.LEGACY))
    new = situation(demo_store, term)
    assert len(_layer(old, UnitLayer).cells) == 298
    assert old.boundary.sha256 != new.boundary.sha256
    total = [sum(value or 0 for _, value in _column(spec, "count").values()) for spec in (old, new)]
    assert total[0] == total[1]


def test_tips_are_not_shown_on_former_units_where_hidden_ones_could_be_worked_out(demo_store):
    query = Query(Measure.TIP, date(2015, 1, 1), date(2015, 12, 31), system=UnitSystem.LEGACY)
    with pytest.raises(InputError):
        counts(demo_store.snapshot(), query)
    spec = situation(demo_store, query)
    assert spec.recipe.question.query.system is UnitSystem.CURRENT
    assert len(_layer(spec, UnitLayer).cells) == 102
    card = unit_card(demo_store.snapshot(), "30286", replace(query, measure=Measure.CASE), "vi")
    assert card is not None
    assert all("Tin" not in figure.label for figure in card.figures)
    assert card.origins == ("Phường Long Xuyên",)


PERIODS = [
    (date(year, first, 1), month_end(date(year + more, last, 1)))
    for year in (2016, 2025)
    for more in (0, 1)
    for first in (1, 3, 6)
    for last in (3, 8, 12)
    if (year + more, last) >= (year, first)
]


def test_no_difference_of_two_periods_gives_a_hidden_count(demo_store):
    """All that can be asked of any pair of periods: what is shown of one minus what is shown of the other."""
    shown = {}
    for start, end in [*PERIODS, *((date(2025, m, 1), month_end(date(2025, m, 1))) for m in range(1, 13))]:
        query = published(demo_store.snapshot(), Query(Measure.TIP, start, end))
        spec = situation(demo_store, Query(Measure.TIP, start, end))
        shown[query.start, query.end] = {c: v for c, (_, v) in _column(spec, "count").items() if v is not None}
    for (a, b), one in shown.items():
        for (c, d), other in shown.items():
            if (a, b) == (c, d) or not (a <= c and d <= b):
                continue
            for code in set(one) & set(other) - {""}:
                rest = one[code] - other[code]
                months = [m for m in _months(a, b) if not c <= m <= d]
                if len(months) == 1:
                    assert not 0 < rest < 5, (code, a, b, c, d)
    assert shown


def _months(start: date, end: date) -> list[date]:
    found, month = [], start
    while month <= end:
        found.append(month)
        month = add_months(month, 1)
    return found


def test_a_former_unit_map_ends_with_the_former_units(demo_store):
    late = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31), system=UnitSystem.LEGACY)
    with pytest.raises(InputError) as caught:
        situation(demo_store, late)
    assert caught.value.key == "map.former_units_ended"
    spec = situation(demo_store, replace(late, start=date(2025, 1, 1)))
    assert spec.period == "01/2025–06/2025"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_clusters_over_dens_are_said_to_be_of_cases(demo_store, lang):
    spec = situation(demo_store, YEAR, lang, clusters=True)
    layer = _layer(spec, OutlineLayer)
    name = {"vi": "Cụm vụ việc", "en": "Clusters of cases"}[lang]
    assert layer.label == name
    assert name in next(stamp.text for stamp in spec.stamps if stamp.caption == t("map.stamp_method", lang))
    assert any(group.title.startswith(name) for group in spec.legend)
    of = {"vi": "Cụm vụ việc số 1: ", "en": "Cluster 1 of cases: "}[lang]
    assert layer.outlines[0].lines[0].startswith(of)


def test_a_filter_of_communes_is_where_the_map_goes_and_what_it_names(demo_store):
    chosen = ("30307", "30313")
    whole, spec = situation(demo_store, YEAR), situation(demo_store, replace(YEAR, units=chosen))
    units = demo_store.snapshot().units().loc[list(chosen)]
    west, south, east, north = spec.frames[0].bbox
    assert west < units["minx"].min()
    assert east > units["maxx"].max()
    assert south < units["miny"].min()
    assert north > units["maxy"].max()
    assert north - south < 0.6 < whole.frames[0].bbox[3] - whole.frames[0].bbox[1]
    assert set(spec.labels) == set(chosen)
    assert len(whole.labels) == len(demo_store.snapshot().units())
