import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cartography import spec as s
from geo.errors import InputError
from geo.question import Recipe
from tests.asking import answered, ask
from tests.question.questions import questions

TEXT = st.text(max_size=24)
COLOR = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
NUMBER = st.floats(-1e6, 1e6, allow_nan=False)
LENGTH = st.floats(0, 500)
STYLE = st.builds(s.Style, fill=COLOR, pattern=st.sampled_from(["none", "hatch", "dots"]), ink=COLOR,
                  stroke=st.none() | st.builds(s.Stroke, COLOR, LENGTH, st.tuples(LENGTH, LENGTH)))  # fmt: skip
RING = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=3, max_size=5).map(tuple)
BBOX = st.tuples(st.floats(-80, -1), st.floats(-80, -1), st.floats(1, 80), st.floats(1, 80))
POINTS = st.integers(0, 6).flatmap(
    lambda n: st.builds(
        s.PointLayer, st.just("circle"), STYLE, LENGTH, st.just(n), BBOX, st.binary(min_size=4 * n, max_size=4 * n)
    )
)
LAYERS = st.lists(
    st.one_of(
        st.builds(s.UnitLayer, st.tuples(STYLE), st.tuples(st.builds(s.Cell, TEXT, TEXT, st.just(0), st.tuples(TEXT)))),
        st.builds(s.CircleLayer, STYLE, st.tuples(st.builds(s.Circle, TEXT, LENGTH, TEXT))),
        POINTS,
        st.builds(s.OutlineLayer, st.builds(s.Stroke, COLOR, LENGTH), st.tuples(st.builds(s.Outline, RING, TEXT, st.tuples(TEXT)))),
        st.builds(s.ZoneLayer, TEXT, TEXT, STYLE, st.tuples(st.builds(s.Zone, TEXT, st.tuples(RING)))),
    ),
    max_size=4,
).map(tuple)  # fmt: skip
MAYBE = st.tuples(st.none() | NUMBER)
CHARTS = st.one_of(
    st.none(),
    st.builds(s.Bars, TEXT, st.tuples(st.builds(s.Bar, TEXT, NUMBER, TEXT)), COLOR, st.integers(0, 3)),
    st.builds(s.Series, TEXT, TEXT, st.tuples(TEXT), st.tuples(st.tuples(st.just(0), TEXT)), MAYBE, MAYBE, MAYBE,
              st.tuples(st.tuples(NUMBER, TEXT)), st.tuples(TEXT, TEXT, TEXT)),
)  # fmt: skip
SPECS = st.builds(
    s.MapSpec,
    lang=st.sampled_from(["vi", "en"]), title=TEXT, sentence=TEXT, period=TEXT, data_date=TEXT, marking=TEXT,
    demo_mark=TEXT, boundary=st.builds(s.Boundary, TEXT, st.from_regex(r"[0-9a-f]{64}", fullmatch=True), TEXT), frames=st.tuples(st.builds(s.Frame, BBOX, TEXT)),
    layers=LAYERS, legend=st.tuples(st.builds(s.LegendGroup, TEXT, st.tuples(st.builds(s.LegendEntry, st.just("fill"), STYLE, TEXT)))),
    labels=st.tuples(TEXT), figures=st.tuples(st.builds(s.Figure, TEXT, TEXT)), stamps=st.tuples(st.builds(s.Stamp, TEXT, TEXT)),
    table=st.builds(s.Table, st.tuples(st.builds(s.Column, TEXT, TEXT)), st.tuples(st.builds(s.Row, TEXT, st.tuples(TEXT), st.tuples(st.none() | NUMBER)))),
    words=st.dictionaries(TEXT, TEXT, max_size=3), recipe=st.builds(Recipe, question=questions(), data_version=st.integers(0, 99), boundary=TEXT), chart=CHARTS, show=st.sampled_from(["map", "table", "chart"]),
)  # fmt: skip


@given(SPECS)
def test_a_description_survives_json(spec):
    again = s.MapSpec.from_json(spec.to_json())
    assert again == spec
    assert again.fingerprint == spec.fingerprint


@given(SPECS, TEXT)
def test_any_change_changes_the_fingerprint(spec, title):
    other = s.with_changes(spec, title=spec.title + "x" + title)
    assert other.fingerprint != spec.fingerprint


@given(SPECS)
def test_json_is_canonical(spec):
    text = spec.to_json()
    plain = json.loads(text)
    assert json.dumps(plain, sort_keys=True, ensure_ascii=False) == json.dumps(plain, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 1, "recipe": 5}',
        '{"version": 1, "recipe": {}}',
        '{"version": "one"}',
        "\x00",
        '{"version": 1, "title": 3}',
    ],
)
def test_what_is_not_a_description_is_refused_in_words(text):
    with pytest.raises(InputError) as caught:
        s.MapSpec.from_json(text)
    assert caught.value.key == "map.spec_invalid"


def test_a_description_from_a_later_version_is_refused():
    with pytest.raises(InputError) as caught:
        s.MapSpec.from_json('{"version": 99}')
    assert caught.value.key == "map.spec_from_future"
    assert "99" in caught.value.message("vi")


def _altered(spec: s.MapSpec, path: tuple[str | int, ...], value: object) -> str:
    """The description as JSON with one value in place of another."""
    whole = json.loads(spec.to_json())
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(whole)


@pytest.fixture(scope="module")
def drawn(demo_store) -> s.MapSpec:
    return answered(demo_store, ask(clusters=True))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("table", "rows", 1, "texts"), ["x"]),
        (("table", "rows", 1, "values"), []),
        (("table", "columns"), []),
        (("table", "rows", 0, "values", 0), 1e300),
        (("layers", 0, "classes", 0, "fill"), "red"),
        (("layers", 0, "classes", 0, "fill"), "#fffff"),
        (("layers", 0, "classes", 0, "fill"), "#ffffff\n"),
        (("layers", 0, "cells", 0, "cls"), 99),
        (("layers", 0, "cells", 0, "cls"), -1),
        (("layers", 0, "labels"), ["x"]),
        (("frames",), []),
        (("frames", 0, "bbox"), [105, 10, 104, 11]),
        (("frames", 0, "bbox"), [105, 10, 1e9, 11]),
        (("boundary", "sha256"), "x" * 500),
        (("legend", 0, "entries", 0, "size"), -1),
        (("legend", 0, "entries", 0, "style"), {"pattern": "dots"}),
        (("legend", 0, "entries", 0, "style"), {"stroke": {"color": "", "width": 1}}),
        (("title",), "x" * 100_000),
        (("sentence",), "x" * 100_000),
        (("recipe",), "not JSON"),
        (("recipe", "question"), None),
    ],
)
def test_a_description_that_was_altered_is_refused_before_anything_is_drawn(drawn, path, value):
    with pytest.raises(InputError, match=r"map description|recipe") as caught:
        s.MapSpec.from_json(_altered(drawn, path, value))
    assert caught.value.key == "map.spec_invalid"


@pytest.mark.parametrize("recipe", ["not JSON", "", None, 3, "[]", "[" * 5000])
def test_a_recipe_of_the_first_version_that_is_not_json_is_refused(drawn, recipe):
    text = _altered(drawn, ("recipe",), recipe)
    with pytest.raises(InputError):
        s.MapSpec.from_json(text.replace('"version": 2', '"version": 1'))


def test_nesting_without_end_is_refused():
    with pytest.raises(InputError):
        s.MapSpec.from_json("[" * 100_000)
