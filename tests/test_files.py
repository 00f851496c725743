"""Files are read and written whole, or the cause is named: what is no file is left alone."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from geo import errors, files
from geo.errors import InputError, cause
from geo.files import read_whole, scratch, write_whole


def _fifo(path: Path) -> Path:
    os.mkfifo(path)
    return path


def _database(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("make", "why"),
    [(_fifo, "thiết bị hoặc ống dẫn"), (_database, "cơ sở dữ liệu"), (_folder, "là thư mục")],
)
def test_what_is_no_such_file_is_never_replaced(tmp_path, make, why):
    there = make(tmp_path / "x")
    before = there.stat().st_ino
    with pytest.raises(InputError) as caught:
        write_whole(there, b"x")
    assert why in caught.value.message("vi")
    assert there.stat().st_ino == before
    assert os.listdir(tmp_path) == ["x"]


def test_a_way_to_what_the_process_has_open_is_no_target():
    with pytest.raises(InputError) as caught:
        write_whole(Path("/dev/fd/1"), b"x")
    assert "thiết bị" in caught.value.message("vi")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "\ud800"])
def test_a_name_no_file_can_have_is_said(tmp_path, name):
    for act in (lambda path: write_whole(path, b"x"), read_whole):
        with pytest.raises(InputError) as caught:
            act(tmp_path / name)
        assert "tên quá dài, có ký tự không dùng được" in caught.value.message("vi")
    assert os.listdir(tmp_path) == []


def test_a_link_stays_and_the_file_it_leads_to_is_written(tmp_path):
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "old")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "old").read_bytes() == b"new"


def test_a_pipe_is_not_waited_for(tmp_path):
    with pytest.raises(InputError) as caught:
        read_whole(_fifo(tmp_path / "x"))
    assert "ống dẫn" in caught.value.message("vi")


def test_a_disk_that_is_full_from_the_start_is_called_that(monkeypatch):
    def none(*_args, **_named):
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(files, "TemporaryDirectory", none)
    monkeypatch.setattr(errors, "_seen", lambda _at: "disk_full")
    with pytest.raises(InputError) as caught, scratch():
        pass
    assert "đĩa đã đầy" in caught.value.message("vi")


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "x"), sqlite3.OperationalError("database or disk is full"), RuntimeError("sqlite3_step: database or disk is full")],
)  # fmt: skip
def test_a_full_disk_is_called_that_whoever_says_so(error):
    with pytest.raises(InputError) as caught, scratch():
        raise error
    assert "đĩa đã đầy" in caught.value.message("vi")


def test_other_faults_in_scratch_stay_what_they_are():
    with pytest.raises(ZeroDivisionError), scratch():
        raise ZeroDivisionError


class _Place:
    f_frsize, f_files, f_favail = 4096, 1000, 1000

    def __init__(self, free: int) -> None:
        self.f_bavail = free


@pytest.mark.parametrize("said", ["unable to open database file", "disk I/O error", "attempt to write a readonly database"])  # fmt: skip
@pytest.mark.parametrize(("free", "may", "vi"), [(0, True, "đĩa đã đầy"), (999, False, "không có quyền")])
def test_a_look_at_the_place_tells_what_the_database_does_not(tmp_path, monkeypatch, said, free, may, vi):
    monkeypatch.setattr(errors.os, "statvfs", lambda _path: _Place(free))
    monkeypatch.setattr(errors.os, "access", lambda _path, _mode: may)
    found = cause(sqlite3.OperationalError(said), at=tmp_path / "antt.sqlite")
    assert vi in found.message("vi")


def test_an_error_of_the_machines_is_told_from_one_of_the_programs():
    assert errors.of_the_machine(OSError(errno.ENOSPC, "x")).key == "core.unwritable"
    assert errors.of_the_machine(OSError(errno.EROFS, "x", "/a")).params["file"] == "/a"
    assert errors.of_the_machine(ValueError("disk is full")) is None
    assert errors.of_the_machine(FileNotFoundError(errno.ENOENT, "x")) is None
