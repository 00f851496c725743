"""The choices on the analysis pages: they change the finding, are said on the map, and agree with the library."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import shapely

from geo import crs, settings
from geo.analysis import clusters as cluster_analysis
from geo.cartography.spec import MapSpec, OutlineLayer, UnitLayer, ZoneLayer
from geo.errors import InputError
from geo.products.analyses.of_communes import ANALYSES
from geo.products.answer import answer
from geo.question.types import QUESTIONS, measures_for
from geo.schema import Dataset, Measure, Query
from geo.store import open_store
from geo.store.default_boundaries import add_default_boundaries
from tests.asking import about, analysis, before_after, near_repeats, situation

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda.getisord import G_Local
    from libpysal.graph import Graph

YEAR = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))
CHOICES = {
    "hotspots": [
        {}, {"neighbours": "distance"}, {"basis": "rates"}, {"basis": "counts"}, {"statistic": "moran"}, {"by": "grid"}, {"by": "grid", "cell_m": 5_000},
        {"by": "grid", "neighbours": "distance"}, {"by": "grid", "statistic": "moran"}, {"by": "grid", "basis": "counts", "cell_m": 5_000},
    ],
    "change": [{}, {"change_of": "hot"}, {"change_of": "hot", "neighbours": "distance"}, {"earlier_from": date(2023, 11, 1)}],
    "scan": [{}, {"in_time": True}],
}  # fmt: skip
ALL = [(name, how) for name in ANALYSES for how in CHOICES.get(name, [{}])]


def _everything(store, query=YEAR):
    """Every result of every analysis with every choice: layers, table, sentence."""
    specs = [analysis(store, name, query, **how) for name, how in ALL]
    specs += [analysis(store, "clusters", query, algorithm="hdbscan" if h else "dbscan") for h in (False, True)]
    specs += [analysis(store, "density", query)]
    specs += [before_after(store, query, **c).spec for c in ({}, {"cleared_by": "den"})]
    found = near_repeats(store, query)
    return [*((s.layers, s.table, s.sentence, s.legend) for s in specs), (found.sentence, found.sheet.table)]


@pytest.fixture(scope="module")
def everything(demo_store):
    return _everything(demo_store)


def test_every_result_is_the_same_with_and_without_zones(demo, everything, tmp_path):
    bare = open_store(f"sqlite:///{tmp_path / 'bare.sqlite'}")
    add_default_boundaries(bare)
    for batch in demo.batches:
        if batch.dataset is not Dataset.ZONES:
            bare.append(batch)
    assert bare.snapshot().zones.empty
    assert _everything(bare) == everything


def test_nothing_is_worked_out_per_zone(demo_store, everything):
    """No zone is named, outlined or listed by any analysis, of the two protected kinds or any other."""
    names = set(demo_store.snapshot().zones["name"])
    assert names
    said = repr(everything)
    assert not [name for name in names if f"'{name}'" in said]
    kinds = {layer.kind for result in everything[:-1] for layer in result[0] if isinstance(layer, ZoneLayer)}
    assert kinds == {"grid", "density", "area"}


@pytest.mark.parametrize(("name", "how"), ALL)
def test_every_choice_is_a_whole_map_in_both_languages(demo_store, name, how):
    for lang in ("vi", "en"):
        spec = analysis(demo_store, name, YEAR, lang, **how)
        assert MapSpec.from_json(spec.to_json()) == spec
        assert spec.sentence.endswith((".", ")."))
        assert spec.table.rows
        assert len(spec.stamps) == 7


def test_every_choice_has_its_own_fingerprint(demo_store):
    for name, choices in CHOICES.items():
        prints = {analysis(demo_store, name, YEAR, **how).fingerprint for how in choices}
        assert len(prints) == len(choices)


def _legend_of(spec: MapSpec) -> dict[str, str]:
    layer = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    labels = [entry.label for entry in spec.legend[0].entries]
    return {cell.code: labels[cell.cls] for cell in layer.cells}


def test_scores_by_commune_are_those_of_esda(demo_store):
    layer = demo_store.boundary_units(1).set_index("code")
    counts = demo_store.snapshot().cube(Measure.CASE).counts(YEAR.start, YEAR.end)[:-1].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        w = Graph.build_contiguity(layer, rook=False).to_W()
        theirs = G_Local(counts, w, transform="B", star=True, permutations=0)
    spec = analysis(demo_store, "hotspots", YEAR, basis="counts")
    ours = {row.code: row.values[2] for row in spec.table.rows}
    alone = {code for code, near in w.neighbors.items() if not near}
    assert {code for code, score in ours.items() if score is None} == alone
    assert set(alone) == {c for c, label in _legend_of(spec).items() if label == "Không có xã giáp, không xét"}
    for code, score in zip(layer.index, theirs.Zs):
        assert code in alone or ours[code] == pytest.approx(score, abs=1e-9)


def test_cells_hold_every_event_with_a_place_and_say_their_size(demo_store):
    spec = analysis(demo_store, "hotspots", YEAR, by="grid", cell_m=5_000)
    found = demo_store.snapshot().points(YEAR)
    assert f"{found.without_point} vụ chỉ biết xã" in spec.sentence
    assert "ô vuông 5 km, 8 ô kề" in spec.stamps[3].text
    hot = [row for row in spec.table.rows if row.texts[-1].startswith("Cao rõ")]
    assert f"{len(hot)} ô cao rõ rệt" in spec.sentence
    metric = "EPSG:32648"
    x, y = crs.project(found.lon, found.lat, crs.WGS84, metric)
    drawn = [layer for layer in spec.layers if isinstance(layer, ZoneLayer) and layer.label.startswith("Cao rõ")]
    shapes = [_polygon(zone.rings, metric) for layer in drawn for zone in layer.zones]
    inside = sum(int(shapely.intersects_xy(shape, x, y).sum()) for shape in shapes)
    # Corners are rounded to a metre, so an event on an edge may fall to the other side.
    assert inside == pytest.approx(sum(row.values[1] for row in hot), abs=2)
    assert sum(shape.area for shape in shapes) == pytest.approx(len(hot) * 25e6, rel=0.001)


def _polygon(rings, metric):
    shape = shapely.Polygon()
    for ring in rings:
        xy = np.array(ring)
        shape = shape ^ shapely.Polygon(np.column_stack(crs.project(xy[:, 0], xy[:, 1], crs.WGS84, metric)))
    return shape


def test_cells_are_for_events_only(demo_store):
    sessions = replace(YEAR, measure=Measure.SESSION)
    spec = analysis(demo_store, "hotspots", sessions, by="grid", cell_m=5_000)
    assert spec == analysis(demo_store, "hotspots", sessions)


def test_the_scan_in_time_names_its_months_and_bounds_its_period(demo_store, demo):
    spec = analysis(demo_store, "scan", YEAR, in_time=True)
    unit = demo.truth["emerging"]["unit"]
    assert _legend_of(spec)[unit].startswith("Vĩnh Thông, ")
    assert "–10/2026: " in _legend_of(spec)[unit]
    for start in (date(2026, 9, 1), date(2013, 1, 1)):
        with pytest.raises(InputError) as caught:
            analysis(demo_store, "scan", replace(YEAR, start=start), in_time=True)
        assert caught.value.key == "analysis.scan_months"


def test_only_events_are_scanned_in_time(demo_store):
    sessions = replace(YEAR, measure=Measure.SESSION)
    assert analysis(demo_store, "scan", sessions, in_time=True) == analysis(demo_store, "scan", sessions)


@pytest.fixture(scope="module")
def partly_peopled(demo, tmp_path_factory):
    """The demo with the population of three communes left out. Read only: it is shared."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('partly') / 'partly.sqlite'}")
    add_default_boundaries(store)
    missing = ["30307", "30316", "31078"]
    for batch in demo.batches:
        if batch.dataset is Dataset.POPULATION:
            batch = replace(batch, rows=batch.rows[~batch.rows["unit_code"].isin(missing)])
        store.append(batch)
    return store, missing


@pytest.mark.parametrize(("name", "how"), [("rates", {}), ("scan", {})])
def test_a_missing_population_is_no_data_and_never_a_rate_of_nothing(partly_peopled, name, how):
    store, missing = partly_peopled
    spec = analysis(store, name, YEAR, **how)
    classes = _legend_of(spec)
    assert {code for code, label in classes.items() if label == "Không có số liệu"} == set(missing)
    rows = {row.code: row for row in spec.table.rows}
    column = 1 if name == "rates" else 2
    for code in missing:
        assert rows[code].values[column] is None
        assert rows[code].texts[column] == "–"
    assert all(row.values[column] is not None for code, row in rows.items() if code not in missing)


def test_hot_spots_of_rates_leave_out_communes_without_people(partly_peopled):
    store, missing = partly_peopled
    spec = analysis(store, "hotspots", replace(YEAR, per="per_10k"))
    assert {c for c, label in _legend_of(spec).items() if label == "Không có số liệu"} == set(missing)
    assert set(_legend_of(analysis(store, "hotspots", YEAR, basis="counts")).values()).isdisjoint({"Không có số liệu"})


@pytest.mark.parametrize("by_hdbscan", [False, True])
@pytest.mark.parametrize("least", [5, 40])
def test_no_outline_stands_for_fewer_events_than_the_setting(demo_store, monkeypatch, by_hdbscan, least):
    monkeypatch.setattr(settings, "load", lambda: replace(settings.Settings(), min_count=least))
    term = replace(YEAR, start=date(2024, 1, 1))
    method = cluster_analysis.hdbscan if by_hdbscan else cluster_analysis.dbscan
    name = method.__name__
    # Small clusters, so that the setting has something to hold back.
    monkeypatch.setattr(cluster_analysis, name, lambda x, y: method(x, y, min_points=8))
    spec = analysis(demo_store, "clusters", term, algorithm="hdbscan" if by_hdbscan else "dbscan")
    outlines = next(layer for layer in spec.layers if isinstance(layer, OutlineLayer)).outlines
    assert len(outlines) == len(spec.table.rows) > 0
    assert all(row.values[1] >= least for row in spec.table.rows)
    found = demo_store.snapshot().points(term)
    for outline, row in zip(outlines, spec.table.rows):
        inside = shapely.intersects_xy(shapely.Polygon(outline.ring), found.lon, found.lat).sum()
        assert inside >= row.values[1] - 1 >= least - 1


def test_the_situation_map_keeps_the_same_limit(demo_store, monkeypatch):
    def sizes(least):
        monkeypatch.setattr(settings, "load", lambda: replace(settings.Settings(), min_count=least))
        spec = situation(demo_store, YEAR, clusters=True)
        outlines = next(layer for layer in spec.layers if isinstance(layer, OutlineLayer)).outlines
        return [int(outline.lines[0].split(": ")[1].split(" vụ")[0]) for outline in outlines]

    every = sizes(5)
    assert min(every) < 100 <= max(every)
    assert sizes(100) == [size for size in every if size >= 100]


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("page", [page for page in QUESTIONS if page not in ("map", "overview", "before_after")])
def test_a_page_refuses_just_the_measures_it_is_not_for(demo_store, page, measure):
    question = about(page, Query(measure, YEAR.start, YEAR.end))
    if measure in measures_for(page):
        assert answer(demo_store.snapshot(), question).table.rows
        return
    with pytest.raises(InputError) as caught:
        answer(demo_store.snapshot(), question)
    refusals = (
        "analysis.masked", "places.no_places", "programme.not_outreach", "programme.no_indicator", "map.by_year",
        "programme.no_targets_of", "programme.no_stage", "programme.no_return", "report.no_indicator", "areas.no_measure",
    )  # fmt: skip
    assert caught.value.key in refusals
