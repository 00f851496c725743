"""Standard output that is full, closed, or whose reader has gone."""

from __future__ import annotations

import errno
import io
import subprocess
import sys

import pytest

from geo.cli.streams import Enduring, enduring, from_stdin, may_be_asked, refusal_of_stdout
from geo.errors import InputError
from geo.settings import ROOT


class _Failing(io.StringIO):
    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code

    def flush(self) -> None:
        raise OSError(self.code, "x")


def test_what_cannot_be_written_ends_nothing():
    stream = Enduring(_Failing(errno.EPIPE))
    assert stream.write("a") == 1
    stream.flush()
    assert isinstance(stream.failed, BrokenPipeError)
    assert stream.write("bc") == 2


@pytest.mark.parametrize(("code", "key"), [(errno.EPIPE, None), (errno.ENOSPC, "core.unwritable")])
def test_a_reader_who_has_enough_is_no_fault_and_a_full_disk_is(monkeypatch, code, key):
    monkeypatch.setattr(sys, "stdout", _Failing(code))
    with enduring():
        print("x")
        found = refusal_of_stdout()
    assert (found and found.key) == key


def test_a_closed_standard_input_is_said(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError):
        from_stdin()


def test_a_pipe_whose_reader_has_gone_leaves_no_trace():
    command = [sys.executable, "-m", "geo", "--help"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_nobody_is_asked_where_nobody_sits(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert not may_be_asked()
