"""A call in a process of its own gives what the function gives, and ends whatever the function does."""

import ast
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from geo.errors import InputError
from geo.settings import PACKAGE
from geo.worker import Allowance, Stopped, Why, call, calls, heavy, read_apart, watching
from tests.worker import deeds

MUCH = Allowance(60)


def test_the_answer_comes_back():
    assert call(deeds.plus, 2, b=3, allowance=MUCH) == 5
    assert call(deeds.its_process, allowance=MUCH) != os.getpid()


def test_errors_come_back_in_both_languages():
    with pytest.raises(InputError) as caught:
        call(deeds.refuse, "a.csv", allowance=MUCH)
    assert caught.value.message("vi") != caught.value.message("en")
    assert "a.csv" in caught.value.message("vi")


def test_a_fault_of_the_program_is_told_with_its_place():
    with pytest.raises(RuntimeError, match=r"deeds\.py.*a fault of the program|a fault of the program"):
        call(deeds.go_wrong, allowance=MUCH)


@pytest.mark.parametrize("function", [deeds.sleep_for_ever, deeds.hold_everything])
def test_what_never_ends_is_ended(function):
    begun = time.monotonic()
    with pytest.raises(Stopped) as caught:
        call(function, allowance=Allowance(1))
    assert caught.value.why is Why.TIME
    assert time.monotonic() - begun < 30


def test_what_takes_too_much_is_ended():
    with pytest.raises(Stopped) as caught:
        call(deeds.take, 400_000_000, allowance=Allowance(60, memory_bytes=200_000_000))
    assert caught.value.why is Why.MEMORY
    assert call(deeds.take, 100_000_000, allowance=Allowance(60, memory_bytes=300_000_000)) == 100_000_000


def test_what_kills_its_process_kills_nothing_else():
    with pytest.raises(Stopped) as caught:
        call(deeds.die, allowance=MUCH)
    assert caught.value.why is Why.DIED
    assert call(deeds.plus, 1, allowance=MUCH) == 1


def test_what_it_writes_is_bounded(tmp_path):
    with pytest.raises((Stopped, RuntimeError)):
        call(deeds.write, tmp_path / "a", 2_000_000, allowance=Allowance(60, file_bytes=1_000_000))
    assert (tmp_path / "a").stat().st_size <= 1_000_000


def test_progress_is_told_on_the_way():
    told = []
    assert call(deeds.go_on, allowance=MUCH, progress=lambda *said: told.append(said)) == "there"
    assert 2 <= len(told) <= 5
    assert set(told) == {(0.5, "ingest.step_read")}


def test_who_watches_may_end_it():
    def enough(_share, _key):
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), watching(enough):
        heavy(deeds.sleep_for_ever)
    assert time.monotonic() - begun < 30


def test_somebody_may_end_it():
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped) as caught:
        call(deeds.sleep_for_ever, allowance=MUCH, stop=stop)
    assert caught.value.why is Why.ASKED


def test_settings_are_those_of_the_one_who_asks(monkeypatch):
    monkeypatch.setenv("ANTT_MARKING", "MẬT")
    assert call(deeds.setting, allowance=MUCH) == "MẬT"
    monkeypatch.delenv("ANTT_MARKING")
    assert call(deeds.setting, allowance=MUCH) == ""


def test_calls_at_once_do_not_wait_for_each_other():
    found: list[int] = []

    def one_that_takes_long():
        with contextlib.suppress(Stopped):
            call(deeds.sleep_for_ever, allowance=Allowance(5))

    slow = threading.Thread(target=one_that_takes_long)
    slow.start()
    many = [threading.Thread(target=lambda n=n: found.append(call(deeds.plus, n, allowance=MUCH))) for n in range(6)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert sorted(found) == list(range(6))
    slow.join()


def test_a_server_that_is_gone_is_started_again():
    call(deeds.plus, 1, allowance=MUCH)
    process, _ = calls._server()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert call(deeds.plus, 4, allowance=MUCH) == 4


def test_nothing_is_left_when_the_one_who_asks_is_killed():
    code = (
        "import threading, os, time\n"
        "from geo.worker import Allowance, call, calls\n"
        "from tests.worker import deeds\n"
        "threading.Thread(target=lambda: call(deeds.sleep_for_ever, allowance=Allowance(2)), daemon=True).start()\n"
        "print(calls._server()[0].pid, flush=True)\n"
        "time.sleep(0.8)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, timeout=60)
    group = int(done.stdout)
    for _ in range(100):
        left = subprocess.run(["pgrep", "-P", str(group)], capture_output=True, text=True).stdout.split()
        if not left and not os.path.exists(f"/proc/{group}"):
            break
        time.sleep(0.1)
    assert not os.path.exists(f"/proc/{group}")


def test_a_file_that_takes_too_long_is_refused_by_its_name(monkeypatch, tmp_path):
    monkeypatch.setattr("geo.worker.foreign._SECONDS", 1.0)
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(InputError, match=r"a\.csv") as caught:
        read_apart(forever, tmp_path / "a.csv")
    assert caught.value.key == "core.stopped_time"


def forever(_path):
    time.sleep(600)


def test_where_processes_cannot_fork_one_is_started_for_each_call(monkeypatch):
    monkeypatch.setattr(calls, "_CAN_FORK", False)
    assert call(deeds.plus, 2, b=3, allowance=MUCH) == 5
    told = []
    assert call(deeds.go_on, allowance=MUCH, progress=lambda *said: told.append(said)) == "there"
    assert told
    with pytest.raises(InputError):
        call(deeds.refuse, "a.csv", allowance=MUCH)
    with pytest.raises(Stopped) as caught:
        call(deeds.sleep_for_ever, allowance=Allowance(3))
    assert caught.value.why is Why.TIME


def test_what_files_from_outside_are_read_with_is_imported_before_the_first():
    """Their time is short: it must not go into importing, which under load takes longer than the reading."""
    asked = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        named = {
            name.asname or name.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for name in node.names
        }
        inside = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "read_apart":
                name = node.args[0].id
                asked.add((named.get(name, inside), name))
    assert len(asked) >= 3
    code = "import sys; from geo.worker import server\nfor name in server.READY: __import__(name)\nprint(*sys.modules)"
    ready = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    for module, name in asked:
        where = getattr(importlib.import_module(module), name).__module__
        assert where in ready, f"{name} of {where}"
