"""A file of boundaries is what its name says, or it is written again, or nothing is drawn from it."""

import hashlib

import pytest

from geo.cartography import basemap
from geo.errors import NotFoundError
from tests.homes import home_in

CONTENT = b'{"type": "Topology"}'
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def path(tmp_path, monkeypatch):
    basemap.load.cache_clear()
    monkeypatch.setattr(basemap, "_origins", [])
    with home_in(tmp_path):
        assert basemap.keep(CONTENT) == NAME
        yield tmp_path / "boundaries" / f"{NAME}.json"
    basemap.load.cache_clear()


DAMAGE = {"cut": CONTENT[:-4], "other": b'{"type": "Topolog!"}', "empty": b"", "more": CONTENT + b" "}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_named_and_not_read(path, damage):
    path.write_bytes(DAMAGE[damage])
    assert basemap.damaged() == [path]
    with pytest.raises(NotFoundError):
        basemap.load(NAME)


@pytest.mark.parametrize("damage", [*DAMAGE, "gone"])
def test_it_is_written_again_from_where_it_comes_from(path, damage):
    path.unlink() if damage == "gone" else path.write_bytes(DAMAGE[damage])
    basemap.comes_from(lambda sha256: CONTENT if sha256 == NAME else None)
    assert basemap.load(NAME) == CONTENT
    assert path.read_bytes() == CONTENT


def test_keeping_it_again_mends_it(path):
    path.write_bytes(b"")
    basemap.keep(CONTENT)
    assert path.read_bytes() == CONTENT
    assert basemap.damaged() == []


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("name", ["x" * 300, "../" + "a" * 61, "", "A" * 64])
def test_a_name_that_is_no_hash_finds_nothing(name):
    with pytest.raises(NotFoundError):
        basemap.load(name)
