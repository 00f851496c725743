"""Whatever bytes a file has, and whatever never ends in it: an answer or a sentence, in time, and the store as it was."""

import contextlib
import sqlite3
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import AnttError, InputError
from geo.ingest import prepare
from geo.units.boundaries import prepare as prepare_boundaries
from tests.ingest import files
from tests.ingest.conftest import TODAY, write

SECONDS = 5.0
SLACK = 3.0
"""For a machine that does other things too."""


def _map_file(folder, name):
    files.points().to_file(folder / name)
    return (folder / name).read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One sound file of every format."""
    folder = tmp_path_factory.mktemp("whole")
    return {
        "a.csv": files.csv_text().encode(), "b.xlsx": files.workbook(), "c.xls": files.xls(), "d.ods": files.ods(),
        "e.gpkg": _map_file(folder, "e.gpkg"), "f.geojson": _map_file(folder, "f.geojson"),
        "g.zip": files.zipped_shapefile(folder, files.points()),
        "h.kml": files.kml(files.placemark("1", "05/03/2026", "Trộm cắp", 105.43, 10.38)).encode()
        if isinstance(files.kml(""), str) else files.kml(files.placemark("1", "05/03/2026", "Trộm cắp", 105.43, 10.38)),
    }  # fmt: skip


changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "twice", "zero", "drop"]), st.integers(0, 255)),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, deeds) -> bytes:
    for share, deed, byte in deeds:
        at = int(share * max(len(content) - 1, 0))
        match deed:
            case "set":
                content = content[:at] + bytes([byte]) + content[at + 1 :]
            case "cut":
                content = content[: max(at, 1)]
            case "twice":
                content = content[:at] + content[at : at + 400] + content[at:]
            case "zero":
                content = content[:at] + bytes(byte) + content[at + byte :]
            case "drop":
                content = content[:at] + content[at + byte :]
    return content


@pytest.mark.parametrize("name", ["a.csv", "b.xlsx", "c.xls", "d.ods", "e.gpkg", "f.geojson", "g.zip", "h.kml"])
def test_changed_bytes_are_answered_or_refused(whole, bare, tmp_path, name):
    version = bare.version

    @settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def check(deeds):
        path = write(tmp_path / name, changed(whole[name], deeds))
        begun = time.monotonic()
        with contextlib.suppress(AnttError):
            found = prepare(path, store=bare, today=TODAY, drop_personal=True, names_confirmed=True)
            assert found.accepted + found.rejected <= found.checked.total + len(found.table.ragged)
        assert time.monotonic() - begun < SECONDS + SLACK

    check()
    assert bare.version == version


@pytest.mark.parametrize("name", ["e.gpkg", "f.geojson", "g.zip"])
def test_changed_boundaries_are_answered_or_refused(whole, tmp_path, name):
    @settings(max_examples=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changes)
    def check(deeds):
        path = write(tmp_path / name, changed(whole[name], deeds))
        with contextlib.suppress(InputError):
            prepare_boundaries(path, province="91", valid_from=TODAY)

    check()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n"


@pytest.fixture
def endless(tmp_path):
    """A GeoPackage with a view that gives rows for ever, listed among its layers."""
    path = tmp_path / "endless.gpkg"
    files.points().to_file(path, layer="vu")
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE VIEW khung AS {ENDLESS}")
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('khung', 'features', 'khung', 4326)"
    )
    connection.execute("INSERT INTO gpkg_geometry_columns VALUES ('khung', 'geom', 'POINT', 4326, 0, 0)")
    connection.commit()
    connection.close()
    return path


def test_a_view_that_never_ends_is_not_asked(endless, bare):
    begun = time.monotonic()
    found = prepare(endless, store=bare, today=TODAY)
    assert time.monotonic() - begun < SECONDS + SLACK
    assert found.accepted > 0
    assert any("khung" in note.message("vi") for note in found.notes)


def test_a_package_of_views_alone_is_refused(endless, bare):
    with contextlib.closing(sqlite3.connect(endless)) as connection:
        for trigger in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger[0]}"')
        for statement in (
            "DELETE FROM gpkg_contents WHERE table_name = 'vu'",
            "DELETE FROM gpkg_geometry_columns WHERE table_name = 'vu'",
            "DELETE FROM gpkg_extensions WHERE table_name = 'vu'",
            "DROP TABLE vu",
        ):
            connection.execute(statement)
        connection.commit()
    with pytest.raises(InputError, match="view"):
        prepare(endless, store=bare, today=TODAY)
    with pytest.raises(InputError):
        prepare_boundaries(endless, province="91", valid_from=TODAY)
