"""What a visitor sends is complete while it is read, readable by the application alone, and gone afterwards."""

from __future__ import annotations

import os
import stat

import pytest

from geo.errors import InputError
from geo.ui import scratch
from geo.ui.scratch import lying
from tests.homes import home_in


@pytest.fixture
def home(tmp_path):
    scratch._swept.cache_clear()
    with home_in(tmp_path):
        yield tmp_path


def _left(home):
    return [path for path in (home / "uploads").rglob("*") if path.exists()]


def test_it_lies_there_whole_and_for_nobody_else(home):
    with lying("../../Nguyễn Văn Tèo.xlsx", b"x" * 5_000) as path:
        assert path.read_bytes() == b"x" * 5_000
        assert path.is_relative_to(home / "uploads")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not _left(home)


def test_it_goes_when_reading_fails(home):
    with pytest.raises(InputError), lying("a.csv", b"x"):
        raise InputError("ingest.empty", file="a.csv")
    assert not _left(home)


def test_two_visits_with_the_same_file_do_not_meet(home):
    with lying("a.csv", b"x") as one, lying("a.csv", b"x") as other:
        assert one != other
    assert not _left(home)


def test_what_a_killed_process_left_goes_at_the_next_start(home):
    gone = next(number for number in range(4_000_000, 5_000_000) if not scratch._is_alive(number))
    for name in (f"{gone}-abc", "0123456789abcdef", f"{os.getppid()}-living"):
        (home / "uploads" / name).mkdir(parents=True)
        (home / "uploads" / name / "a.csv").write_text("Nguyễn Văn Tèo", "utf-8")
    with lying("b.csv", b"x"):
        pass
    assert [path.name for path in (home / "uploads").iterdir()] == [f"{os.getppid()}-living"]


@pytest.mark.usefixtures("home")
def test_no_room_is_said(monkeypatch):
    def full(*_args, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scratch.tempfile, "mkdtemp", full)
    with pytest.raises(InputError) as caught, lying("a.csv", b"x"):
        pass
    assert caught.value.key == "core.unwritable"


def test_a_home_that_is_a_file_or_a_name_no_file_can_have_is_said(home):
    (home / "uploads").write_text("in the way")
    with pytest.raises(InputError) as caught, lying("a.csv", b"x"):
        pass
    assert "chiếm chỗ" in caught.value.message("vi")
    (home / "uploads").unlink()
    for name in ("x" * 300 + ".csv", "a\0b.csv"):
        with pytest.raises(InputError) as caught, lying(name, b"x"):
            pass
        assert "tên quá dài" in caught.value.message("vi")
        assert not _left(home)
