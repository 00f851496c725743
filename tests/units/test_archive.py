"""Zips that mean harm."""

import zipfile

import pytest

from geo.errors import InputError
from geo.units import archive
from geo.units.archive import extract


def zipped(path, entries: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return path


def key_of(path, folder) -> str:
    with pytest.raises(InputError) as error:
        extract(path, folder)
    return error.value.key


def test_files_come_out_in_their_folders(tmp_path):
    extract(zipped(tmp_path / "a.zip", {"x/a.txt": b"1", "b.txt": b"2"}), tmp_path / "out")
    assert (tmp_path / "out" / "x" / "a.txt").read_bytes() == b"1"
    assert (tmp_path / "out" / "b.txt").read_bytes() == b"2"


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "/etc/evil", "..\\evil.txt", "C:\\evil.txt"])
def test_paths_that_lead_out_are_refused(tmp_path, name):
    path = zipped(tmp_path / "a.zip", {"good.txt": b"1", name: b"2"})
    assert key_of(path, tmp_path / "out") == "units.zip_path"
    assert not (tmp_path / "out").exists()


def test_links_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert key_of(tmp_path / "a.zip", tmp_path / "out") == "units.zip_path"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = zipped(tmp_path / "a.zip", {"zeros": bytes(20_000_000)})
    assert key_of(path, tmp_path / "out") == "units.zip_size"
    assert not (tmp_path / "out").exists()


def test_a_listing_that_lies_about_sizes_does_not_help(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {"a": bytes(3_000_000)})
    monkeypatch.setattr(archive, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(archive, "_check", lambda *_: None)
    assert key_of(path, tmp_path / "out") == "units.zip_size"


def test_too_many_entries_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    path = zipped(tmp_path / "a.zip", {f"{i}": b"" for i in range(4)})
    assert key_of(path, tmp_path / "out") == "units.zip_entries"


def test_what_is_no_zip_is_said_to_be_damaged(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    assert key_of(tmp_path / "a.zip", tmp_path / "out") == "units.unreadable"
