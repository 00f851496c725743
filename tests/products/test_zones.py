"""Priority areas over time: saved, changed, divided, ended, undone, exported and brought in again; and what is counted."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.ingest import commit, prepare
from geo.products.answer import answer
from geo.products.documents.files import export
from geo.products.programme.area_card import area_card
from geo.products.programme.area_map import area_figures
from geo.products.records.zone_files import zones_file
from geo.products.records.zone_history import history_of
from geo.products.records.zone_shapes import along_border, around, divided_by, of_communes, place_of
from geo.products.records.zones import Saved, Sketch, divide, finish, save, sketch_of
from geo.products.situation.area_counts import area_counts, area_cube, known_to_commune
from geo.schema import PROTECTED_ZONES, Dataset, Measure, Provenance, Query, ZoneKind
from geo.store import Batch, open_store
from geo.store.default_boundaries import add_default_boundaries
from geo.units.likeness import areas_along
from tests.asking import ask

YEAR = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))
SQUARE = shapely.box(105.42, 10.36, 105.44, 10.38)
BESIDE = shapely.box(105.44, 10.36, 105.46, 10.38)
PARK = Sketch(
    "Khu công nghiệp số 9", ZoneKind.INDUSTRIAL_PARK, SQUARE, date(2026, 1, 1), None, "Công an tỉnh", "12/QĐ-UBND"
)


@pytest.fixture(scope="module")
def areas_file(demo, tmp_path_factory):
    """A file with the demo's areas and a month of reports, and nothing else: a save is checked against all of it."""
    path = tmp_path_factory.mktemp("areas") / "antt.sqlite"
    held = open_store(f"sqlite:///{path}")
    add_default_boundaries(held)
    zones = next(batch for batch in demo.batches if batch.dataset is Dataset.ZONES)
    months = demo.batches[[batch.dataset for batch in demo.batches].index(Dataset.MONTHLY) + 1]
    month = months.rows[months.rows["month"] == months.rows["month"].max()]
    held.append_all([zones, replace(months, rows=month.reset_index(drop=True))])
    held.backup(path.with_name("kept.sqlite"))
    return path.with_name("kept.sqlite")


@pytest.fixture
def store(areas_file, tmp_path):
    shutil.copyfile(areas_file, tmp_path / "antt.sqlite")
    return open_store(f"sqlite:///{tmp_path / 'antt.sqlite'}")


def saved(found) -> Saved:
    assert isinstance(found, Saved), found.problems[["key", "advice"]]
    return found


def keys_of(found) -> list[str]:
    assert not isinstance(found, Saved)
    return list(found.problems["key"])


def raw(store) -> dict[str, bytes]:
    """Shapes of all areas that stand, as bytes, by key."""
    return dict(zip(store.zones()["key"], shapely.to_wkb(store.zones().geometry.to_numpy())))


def test_a_change_keeps_the_key_and_undo_brings_the_former_back(store):
    before = raw(store)
    made = saved(save(store, [PARK], "vi", who="t"))
    (key,) = made.keys
    wider = shapely.box(105.42, 10.36, 105.45, 10.38)
    changed = saved(
        save(store, [replace(sketch_of(store.snapshot(), key), shape=wider, decision="13/QĐ-UBND")], "vi", who="b")
    )
    assert changed.keys == (key,)
    now = sketch_of(store.snapshot(), key)
    assert (now.shape.equals(wider), now.decision, now.since, now.source) == (
        True,
        "13/QĐ-UBND",
        date(2026, 1, 1),
        "Công an tỉnh",
    )
    steps = history_of(store.snapshot(), key, "vi")
    assert [(step.batch, step.who, step.what) for step in steps] == [
        (changed.batch, "b", "Sửa hình, số quyết định"),
        (made.batch, "t", "Tạo địa bàn"),
    ]
    store.withdraw(changed.batch)
    assert sketch_of(store.snapshot(), key) == replace(PARK, key=key, batch=made.batch)
    assert [step.active for step in history_of(store.snapshot(), key, "vi")] == [False, True]
    store.withdraw(made.batch)
    assert raw(store) == before
    with pytest.raises(InputError):
        sketch_of(store.snapshot(), key)


def test_who_is_overtaken_while_he_changes_an_area_is_told_and_nothing_is_written(store):
    (key,) = saved(save(store, [PARK], "vi", who="a")).keys
    mine, others = (sketch_of(store.snapshot(), key) for _ in range(2))
    saved(save(store, [replace(others, decision="14/QĐ-UBND")], "vi", who="b"))
    before = store.version
    halves = [replace(PARK, name=f"Khu công nghiệp số {n}", shape=s) for n, s in enumerate(_halves(SQUARE), 1)]
    for late in (
        lambda: save(store, [replace(mine, decision="15/QĐ-UBND")], "vi", who="a"),
        lambda: divide(store, key, halves, "vi", who="a", batch=mine.batch),
    ):
        with pytest.raises(InputError) as caught:
            late()
        assert caught.value.key == "areas.changed_meanwhile"
    assert store.version == before
    assert sketch_of(store.snapshot(), key).decision == "14/QĐ-UBND"


def _halves(shape):
    west, south, east, north = shape.bounds
    middle = (west + east) / 2
    return shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)


def test_a_division_ends_the_whole_and_undo_makes_it_whole_again(store):
    (key,) = saved(save(store, [PARK], "vi", who="t")).keys
    before = raw(store)
    parts = divided_by(SQUARE, shapely.LineString([(105.43, 10.35), (105.43, 10.39)]))
    sketches = [replace(PARK, name=f"Khu công nghiệp số 9 {letter}", shape=part) for letter, part in zip("AB", parts)]
    made = saved(divide(store, key, sketches, "vi", who="t"))
    snapshot = store.snapshot()
    assert len(made.keys) == 2
    assert key not in made.keys
    assert set(made.keys) <= set(snapshot.zones["key"])
    assert key not in set(snapshot.zones["key"])
    assert snapshot.zones_kept.set_index("key").loc[key, "divided"]
    assert shapely.union_all(snapshot.zones.set_index("key").geometry[list(made.keys)].to_numpy()).equals(SQUARE)
    store.withdraw(made.batch)
    assert raw(store) == before
    assert key in set(store.snapshot().zones["key"])


def test_what_is_not_touched_stays_to_the_byte(store):
    before = raw(store)
    (key,) = saved(save(store, [PARK], "vi", who="t")).keys
    finish(store, key, date.today(), "vi", who="t")
    after = raw(store)
    assert {k: v for k, v in after.items() if k != key} == before
    assert after[key] == shapely.to_wkb(SQUARE)


def test_an_area_holds_from_its_first_day_to_its_last(store):
    today = date.today()
    (key,) = saved(save(store, [replace(PARK, since=today)], "vi", who="t")).keys
    assert key in set(store.snapshot().zones["key"])
    ended = saved(save(store, [replace(PARK, key=key, since=None, until=today - timedelta(days=1))], "vi", who="t"))
    assert key not in set(store.snapshot().zones["key"])
    assert key in set(store.snapshot().zones_kept["key"])
    store.withdraw(ended.batch)
    assert key in set(store.snapshot().zones["key"])
    late = saved(save(store, [replace(PARK, key=key, since=today + timedelta(days=1))], "vi", who="t"))
    assert key not in set(store.snapshot().zones["key"])
    assert late.keys == (key,)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"shape": shapely.Polygon([(105.4, 10.3), (105.45, 10.35), (105.45, 10.3), (105.4, 10.35)])}, "shape_invalid"),
        ({"shape": shapely.box(106.6, 10.7, 106.7, 10.8)}, "shape_outside"),
        ({"name": ""}, "name_empty"),
        ({"name": "Nhà ông Nguyễn Văn An"}, "name_personal"),
        ({"name": "Khu Xyzzy"}, "name_asked"),
        ({"since": date(2026, 5, 1), "until": date(2026, 4, 1)}, "zone_reversed"),
        ({"source": "Nguyễn Văn An"}, "zone_source"),
        ({"decision": "theo lời ông An"}, "zone_decision"),
        ({"decision": "0912345678"}, "zone_decision"),
    ],
)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_is_wrong_is_said_and_nothing_is_written(store, changes, problem, lang):
    version = store.version
    found = save(store, [replace(PARK, **changes)], lang, who="t")
    assert keys_of(found) == [problem]
    assert found.problems["advice"].iloc[0]
    assert store.version == version


def test_a_name_that_was_asked_about_can_be_confirmed(store):
    assert saved(save(store, [replace(PARK, name="Khu Xyzzy")], "vi", who="t", names_confirmed=True))


def test_areas_of_one_kind_do_not_lie_over_each_other(store):
    (key,) = saved(save(store, [PARK], "vi", who="t")).keys
    over = replace(PARK, name="Khu công nghiệp số 10", shape=shapely.box(105.43, 10.36, 105.45, 10.38))
    found = save(store, [over], "vi", who="t")
    assert keys_of(found) == ["zone_overlaps"]
    assert "Khu công nghiệp số 9" in found.problems["advice"].iloc[0]
    assert saved(save(store, [replace(over, kind=ZoneKind.EDUCATION)], "vi", who="t"))
    assert saved(save(store, [replace(over, shape=BESIDE)], "vi", who="t"))
    sliver = shapely.box(105.40, 10.36, 105.42 + 1e-5, 10.38)
    assert saved(save(store, [replace(over, name="Khu công nghiệp số 11", shape=sliver)], "vi", who="t"))
    assert saved(save(store, [replace(sketch_of(store.snapshot(), key), name="Khu công nghiệp số 8")], "vi", who="t"))


DRAWN = {
    "the same": lambda shape: shape,
    "wider": lambda shape: shape.buffer(0.0006),
    "smaller": lambda shape: shape.buffer(-0.0006),
    "in pieces with another far away": lambda shape: shapely.union_all(
        [shape, shapely.box(105.1, 10.2, 105.102, 10.202)]
    ),
    "around it": lambda shape: shape.buffer(0.02).difference(shape),
}


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("kind", sorted(PROTECTED_ZONES))
def test_no_other_kind_is_drawn_along_a_community(store, kind, drawn):
    community = store.zones().set_index("kind").geometry[kind].iloc[0]
    other = replace(PARK, kind=ZoneKind.COMPLEX_AREA, name="Địa bàn phức tạp 7", shape=DRAWN[drawn](community))
    assert "zone_along" in keys_of(save(store, [other], "vi", who="t"))


def test_no_community_is_drawn_along_another_area(store):
    saved(save(store, [replace(PARK, kind=ZoneKind.COMPLEX_AREA)], "vi", who="t"))
    found = save(store, [replace(PARK, kind=ZoneKind.RELIGIOUS_AREA, name="Khu vực 7")], "vi", who="t")
    assert keys_of(found) == ["zone_along"]


def test_an_area_cannot_become_one_along_a_community_by_its_kind(store):
    zones = store.zones()
    zone = zones[zones["kind"] == ZoneKind.RELIGIOUS_AREA].iloc[0]
    twin = Sketch("Khu vực 8", ZoneKind.RELIGIOUS_AREA, zone.geometry.buffer(-0.0003))
    found = save(store, [twin], "vi", who="t")
    assert keys_of(found) == ["zone_overlaps"]
    apart = saved(save(store, [replace(twin, shape=SQUARE)], "vi", who="t"))
    moved = replace(sketch_of(store.snapshot(), apart.keys[0]), kind=ZoneKind.COMPLEX_AREA, shape=zone.geometry)
    assert keys_of(save(store, [moved], "vi", who="t")) == ["zone_along"]


def test_along_is_told_of_wholes_parts_holes_and_pieces_together():
    outline = shapely.box(0, 0, 1, 1)
    left, right = shapely.box(0, 0, 0.5, 1), shapely.box(0.5, 0, 1, 1)
    ring = shapely.box(-2, -2, 3, 3).difference(outline)
    assert areas_along([outline.buffer(0.02), ring, shapely.box(4, 4, 5, 5)], [outline]) == {0: [0], 1: [0]}
    assert areas_along([left, right], [outline]) == {0: [0], 1: [0]}
    assert areas_along([left], [outline]) == {}
    assert areas_along([], [outline]) == areas_along([outline], []) == {}


def test_an_older_store_shows_no_community_that_another_area_runs_along(store):
    frame = gpd.GeoDataFrame(
        {"name": ["Vùng 1", "Địa bàn 1"], "kind": ["religious_area", "complex_area"], "invented": False},
        geometry=[SQUARE, SQUARE.buffer(0.0002)], crs="EPSG:4326",
    )  # fmt: skip
    store.append(Batch(Dataset.ZONES, frame, Provenance("z", "1", "t")))
    snapshot = store.snapshot()
    assert snapshot.withheld == ("Vùng 1",)
    assert "Vùng 1" not in set(snapshot.zones["name"]) | set(snapshot.zones_kept["name"])
    assert b"V\xc3\xb9ng 1" not in zones_file(snapshot, "geojson", "vi")


# ---- files ----


def _in(store, content: bytes, name: str, folder):
    (folder / name).write_bytes(content)
    return prepare(folder / name, store=store)


@pytest.mark.parametrize("kind", ["gpkg", "geojson"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_export_that_comes_back_changes_nothing(store, tmp_path, kind, lang):
    (key,) = saved(save(store, [replace(PARK, until=date(2030, 12, 31))], "vi", who="t")).keys
    content = zones_file(store.snapshot(), kind, lang)
    assert zones_file(store.snapshot(), kind, lang) == content
    again = _in(store, content, f"z.{kind}", tmp_path)
    assert (again.accepted, again.checked.duplicates) == (0, len(store.zones())), again.checked.problems
    with pytest.raises(InputError):
        commit(again, store, who="t")
    assert key in set(store.zones()["key"])


@pytest.mark.parametrize("kind", ["gpkg", "geojson"])
def test_only_what_was_changed_in_a_file_changes(store, tmp_path, kind):
    (key,) = saved(save(store, [PARK], "vi", who="t")).keys
    before = raw(store)
    path = tmp_path / f"out.{kind}"
    path.write_bytes(zones_file(store.snapshot(), kind, "vi"))
    frame = gpd.read_file(path, layer="zones" if kind == "gpkg" else None)
    frame["name"] = frame["name"].where(frame["key"] != key, "Khu công nghiệp số 12")
    frame["decision"] = frame["decision"].where(frame["key"] != key, "77/KH-CAT")
    frame.to_file(tmp_path / f"in.{kind}", driver="GPKG" if kind == "gpkg" else "GeoJSON")
    ready = prepare(tmp_path / f"in.{kind}", store=store)
    assert ready.accepted == 1, ready.checked.problems
    batch = commit(ready, store, who="t")
    assert raw(store) == before  # names and decisions are no shapes
    now = sketch_of(store.snapshot(), key)
    assert (now.name, now.decision, now.since) == ("Khu công nghiệp số 12", "77/KH-CAT", date(2026, 1, 1))
    store.withdraw(batch)
    assert sketch_of(store.snapshot(), key).name == PARK.name


@pytest.mark.parametrize("kind", ["gpkg", "geojson"])
def test_another_store_takes_the_same_areas(store, demo, tmp_path, kind):
    saved(save(store, [PARK], "vi", who="t"))
    other = bare(demo, tmp_path, ())
    batch = commit(_in(other, zones_file(store.snapshot(), kind, "vi"), f"z.{kind}", tmp_path), other, who="t")
    mine, theirs = store.zones().set_index("key"), other.zones().set_index("key")
    assert set(mine.index) == set(theirs.index)
    facts = ["name", "kind", "since", "until", "source", "decision"]
    assert theirs.loc[mine.index, facts].equals(mine[facts])
    far = shapely.hausdorff_distance(mine.geometry.to_numpy(), theirs.geometry[mine.index].to_numpy())
    assert far.max() <= (0 if kind == "gpkg" else 1e-6)
    other.withdraw(batch)
    assert other.zones().empty


# ---- figures ----


def bare(demo, folder, kinds):
    """A store with the demo's records, and its areas of some kinds only."""
    number = len(list(folder.glob("bare*.sqlite")))
    made = open_store(f"sqlite:///{folder / f'bare{number}.sqlite'}")
    add_default_boundaries(made)
    for batch in demo.batches:
        rows = batch.rows
        if batch.dataset is Dataset.ZONES:
            rows = rows.assign(key=[f"d{n}" for n in range(len(rows))])
            rows = rows[rows["kind"].isin(list(kinds))].reset_index(drop=True)
        if len(rows):
            made.append(replace(batch, rows=rows))
    return made


def test_counts_inside_are_the_points_inside(demo_store):
    snapshot = demo_store.snapshot()
    counted = area_counts(snapshot, YEAR)
    points = snapshot.points(YEAR)
    for key, count in counted.items():
        shape = snapshot.zones.set_index("key").geometry[key]
        assert count == shapely.intersects_xy(shape, points.lon, points.lat).sum()
    assert set(counted.index) == set(snapshot.zones["key"][~snapshot.zones["kind"].isin(PROTECTED_ZONES)])
    cube, whole = area_cube(snapshot, Measure.CASE), snapshot.cube(Measure.CASE)
    assert (cube.first, cube.last) == (whole.first, whole.last)


def test_what_is_known_to_the_commune_only_stands_apart(demo_store):
    snapshot = demo_store.snapshot()
    code = "30307"
    own = replace(YEAR, units=(code,))
    placed = len(snapshot.points(own).lon)
    assert known_to_commune(snapshot, YEAR, (code,)) == snapshot.points(own).without_point
    cube = snapshot.cube(Measure.CASE)
    assert (
        placed + known_to_commune(snapshot, YEAR, (code,)) == cube.counts(YEAR.start, YEAR.end)[cube.units.index(code)]
    )
    assert known_to_commune(snapshot, YEAR, ()) == 0


@pytest.fixture(scope="module")
def with_and_without(demo, tmp_path_factory):
    """The demo with its communities, and without."""
    folder = tmp_path_factory.mktemp("communities")
    return [bare(demo, folder, kinds) for kinds in (set(ZoneKind), set(ZoneKind) - PROTECTED_ZONES)]


@pytest.mark.parametrize("measure", [Measure.CASE, Measure.DEN_CLEARED])
def test_figures_are_the_same_with_and_without_communities(with_and_without, measure):
    with_all, without = with_and_without
    question = ask("areas", measure=measure)
    one, other = (answer(store.snapshot(), question) for store in (with_all, without))
    assert (one.table, one.sentence) == (other.table, other.sentence)
    assert export(one, "csv").splitlines()[-20:] == export(other, "csv").splitlines()[-20:]
    figures = [area_figures(store.snapshot(), one.recipe.question) for store in (with_all, without)]
    assert figures[0].now.equals(figures[1].now)
    assert figures[0].score.equals(figures[1].score)
    assert figures[0].certain == figures[1].certain


@pytest.mark.parametrize("measure", [Measure.CASE, Measure.DEN_CLEARED, Measure.CASE_CLEARED, Measure.SUSPECT])
def test_of_a_community_nothing_is_counted(demo_store, measure):
    snapshot = demo_store.snapshot()
    communities = snapshot.zones[snapshot.zones["kind"].isin(PROTECTED_ZONES)]
    spec = answer(snapshot, ask("areas", measure=measure))
    said = {row.texts[0] for row in spec.table.rows}
    assert not said & set(communities["name"])
    for kind in ("csv", "geojson"):
        features = export(spec, kind)
        assert b"events" not in features or kind == "csv"
    for key in communities["key"]:
        card = area_card(snapshot, ask("areas", measure=measure, area=key))
        assert (card.inside, card.apart, card.trend, card.protected) == ((), "", None, True)
        labels = [figure.label.removesuffix(" tại địa bàn") for figure in card.programme]
        assert labels == ["Buổi tuyên truyền", "Lượt người tham dự"]
        assert ("«tại địa bàn»" in card.of_communes) == card.programme[0].label.endswith(" tại địa bàn")


def test_where_nothing_was_there_is_no_chart_of_it(demo_store):
    snapshot = demo_store.snapshot()
    for key in snapshot.zones["key"]:
        card = area_card(snapshot, ask("areas", measure=Measure.CASE, area=key))
        assert card.trend is None or card.trend.frame["count"].sum() > 0
    inside = area_counts(snapshot, replace(YEAR, start=date(2013, 1, 1)))
    busiest = area_card(snapshot, ask("areas", measure=Measure.CASE, area=inside.idxmax()))
    assert busiest.trend is not None


def test_areas_are_ranked_by_change_and_tips_are_not_asked_of_them(demo_store):
    spec = answer(demo_store.snapshot(), ask("areas", measure=Measure.CASE))
    found = area_figures(demo_store.snapshot(), spec.recipe.question)
    scores = found.score.abs().dropna()
    assert scores.is_monotonic_decreasing
    assert Measure.TIP not in type(spec.recipe.question).measures


def test_programme_figures_are_those_of_the_communes(demo_store):
    snapshot = demo_store.snapshot()
    spec = answer(snapshot, ask("areas", measure=Measure.SESSION))
    assert {row.texts[0] for row in spec.table.rows} == set(snapshot.zones["name"])
    assert "xã mà địa bàn nằm trong" in spec.sentence


def test_an_ended_area_has_no_figures(demo_folder, tmp_path):
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "antt.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'antt.sqlite'}")
    (key,) = saved(save(store, [PARK], "vi", who="t")).keys
    card = area_card(store.snapshot(), ask("areas", measure=Measure.CASE, area=key))
    assert card.inside
    assert card.trend is not None
    saved(save(store, [replace(PARK, key=key, since=None, until=date(2026, 1, 1))], "vi", who="t"))
    card = area_card(store.snapshot(), ask("areas", measure=Measure.CASE, area=key))
    assert (card.inside, card.trend, card.programme) == ((), None, ())
    assert area_card(store.snapshot(), ask("areas", measure=Measure.CASE, area="none")) is None


# ---- shapes without a mouse ----


@given(st.floats(104.5, 105.5), st.floats(9.8, 10.6), st.floats(10, 20_000))
def test_a_circle_is_as_wide_as_was_asked(lon, lat, metres):
    from geo.crs import project, utm_of

    shape = around(lon, lat, metres)
    corners = shapely.get_coordinates(shape)
    metric = utm_of(lon)
    x, y = project(corners[:, 0], corners[:, 1], "EPSG:4326", metric)
    cx, cy = project([lon], [lat], "EPSG:4326", metric)
    assert np.allclose(np.hypot(x - cx[0], y - cy[0]), metres, rtol=1e-3)


@pytest.mark.parametrize("text", ["10.3711, 105.4323", "105.4323 10.3711", "10°22'16\"N 105°25'56\"E"])
def test_a_typed_place_is_read(text):
    lon, lat = place_of(text)
    assert (round(lon, 2), round(lat, 2)) == (105.43, 10.37)


@pytest.mark.parametrize("text", ["", "abc", "1, 2", "10.3"])
def test_what_is_no_place_is_said(text):
    with pytest.raises(InputError) as caught:
        place_of(text)
    assert caught.value.key == "areas.no_place"


def test_the_belt_follows_the_border(demo_store):
    snapshot = demo_store.snapshot()
    narrow, wide = along_border(snapshot, 1_000), along_border(snapshot, 2_000)
    assert narrow.is_valid
    assert 1.6 < wide.area / narrow.area < 2.4
    assert narrow.intersection(wide).area / narrow.area > 0.98
    for metres in (0, 50_000):
        with pytest.raises(InputError):
            along_border(snapshot, metres)


def test_whole_communes_and_lines_that_do_not_divide(demo_store):
    layer = demo_store.snapshot().layer().set_index("code")
    assert of_communes(demo_store.snapshot(), ["30307"]).equals(layer.geometry["30307"])
    with pytest.raises(InputError):
        of_communes(demo_store.snapshot(), [])
    with pytest.raises(InputError) as caught:
        divided_by(SQUARE, shapely.LineString([(105.43, 10.37), (105.43, 10.39)]))
    assert caught.value.key == "areas.not_divided"
    zigzag = shapely.LineString([(105.42 + 0.002 * n, 10.35 if n % 2 else 10.39) for n in range(10)])
    with pytest.raises(InputError) as caught:
        divided_by(SQUARE, zigzag)
    assert caught.value.key == "areas.many_parts"


def test_a_file_of_areas_says_what_it_is(demo_store):
    whole = json.loads(zones_file(demo_store.snapshot(), "geojson", "vi"))
    said = {line["caption"]: line["text"] for line in whole["about"]}
    assert "DỮ LIỆU MINH HOẠ" in said["Dấu"].upper()
    assert set(whole["features"][0]["properties"]) == {"name", "kind", "since", "until", "source", "decision", "key"}
