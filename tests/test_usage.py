"""Mistakes on the command line, and why the system or the database failed, in the reader's language."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from geo import settings
from geo.cli import COMMANDS, commands
from geo.errors import AlreadyDoneError, InputError, StoreError, cause
from geo.store import open_store

MISTAKES = [
    (("import", "--jsn"), "cli.usage_option_near", "Không có tùy chọn --jsn", "There is no option --jsn"),
    (("undo", "1", "--zzzzzzzz"), "cli.usage_option", "Không có tùy chọn --zzzzzzzz", "There is no option --zzzzzzzz"),
    (("import",), "cli.usage_missing_argument", "Thiếu tham số FILE", "The argument FILE is missing"),
    (("template", "cases"), "cli.usage_missing_option", "Thiếu tùy chọn bắt buộc --to", "The option --to is missing"),
    (("template", "moon", "--to", "x"), "cli.usage_value", "không nhận giá trị «moon»", 'does not take "moon"'),
    (
        ("undo", "x"),
        "cli.usage_value_unnamed",
        "BATCH: giá trị không dùng được. Dùng: số nguyên",
        "BATCH does not take",
    ),
    (("undo", "1", "2"), "cli.usage_extra", "Thừa tham số: 2", "Too many arguments: 2"),
    (("impotr",), "cli.usage_command", "Không có lệnh «impotr»", 'There is no command "impotr"'),
    (("boundaries", "usee"), "cli.usage_command", "Không có lệnh «usee»", 'There is no command "usee"'),
    (("import", "x", "--sheet"), "cli.usage_option_empty", "--sheet cần một giá trị", "--sheet needs a value"),
]


def run(*arguments):
    return CliRunner().invoke(commands(), list(arguments))


@pytest.mark.parametrize(("arguments", "key", "vi", "en"), MISTAKES)
def test_a_mistake_is_told_in_the_language_asked_for_and_as_json(arguments, key, vi, en):
    at = len(arguments) - 1 if arguments[-1] == "--sheet" else len(arguments)
    told = {lang: run(*arguments[:at], "--lang", lang, *arguments[at:]) for lang in ("vi", "en")}
    for lang, words in (("vi", vi), ("en", en)):
        if arguments[0] in ("impotr", "boundaries"):
            told[lang] = run(*arguments, "--lang", lang)
        assert told[lang].exit_code == 2
        assert words in told[lang].stderr
        assert told[lang].stdout == ""
    for english in ("Usage:", "Error:", "Try ", "Missing", "No such", "Invalid"):
        assert english not in told["vi"].stderr
    machine = run(*arguments[:at], "--json", *arguments[at:])
    answer = json.loads(machine.stdout)
    assert (machine.exit_code, answer["ok"], answer["code"], answer["error"]) == (2, False, 2, key)
    assert vi in answer["message"]


ENGLISH = (
    "Usage:",
    "Options:",
    "Arguments:",
    "Commands:",
    "[OPTIONS]",
    "COMMAND",
    "[ARGS]",
    "Show this",
    "required",
    "default:",
)
VIETNAMESE = ("Cách dùng:", "Tùy chọn:", "[TÙY CHỌN]", "Hiện phần trợ giúp này.")


@pytest.mark.parametrize(
    ("arguments", "also"),
    [((), ("Lệnh:", "LỆNH [THAM SỐ]...")), (("boundaries",), ("Lệnh:",)), (("import",), ("Tham số:", "[bắt buộc]")), (("boundaries", "import"), ("mặc định: current",))],
)  # fmt: skip
def test_help_is_in_the_language_asked_for(arguments, also):
    vi = run(*arguments, "--help").stdout
    assert not [word for word in ENGLISH if word in vi]
    assert not [word for word in (*VIETNAMESE, *also) if word not in " ".join(vi.split())]


@pytest.mark.parametrize("arguments", [("import",), ("boundaries", "import"), ("map",)])
def test_help_is_in_english_where_that_is_asked_for(arguments):
    en = run(*arguments, "--lang", "en", "--help").stdout
    assert "Usage:" in en
    assert "Show this message and exit." in en
    assert not [word for word in VIETNAMESE if word in en]


def test_help_and_no_command_at_all():
    assert run("--help").exit_code == 0
    bare = run()
    assert bare.exit_code == 2
    assert "Cách dùng:" in bare.stderr
    assert "Usage:" not in bare.stderr
    assert "import" in run().output


@pytest.mark.parametrize(
    ("error", "vi", "en"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "đĩa đã đầy", "No space left on device"),
        (PermissionError(errno.EACCES, "Permission denied"), "không có quyền", "Permission denied"),
        (sqlite3.OperationalError("database or disk is full"), "đĩa đã đầy", "disk is full"),
        (sqlite3.OperationalError("database is locked"), "chương trình khác khóa", "locked"),
        (sqlite3.DatabaseError("file is not a database"), "không phải là cơ sở dữ liệu", "not a database"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "không có quyền", "readonly"),
        (sqlite3.IntegrityError("CHECK constraint failed: x"), "mã lỗi IntegrityError", "CHECK constraint"),
    ],
)
def test_a_cause_is_vietnamese_in_a_vietnamese_sentence(error, vi, en):
    raised = StoreError("store.failed", url="sqlite:///x", detail=cause(error))
    assert vi in raised.message("vi")
    assert en in raised.message("en")
    assert str(error.args[-1]) not in raised.message("vi")


def test_a_damaged_file_is_told_without_the_readers_english(tmp_path):
    from geo.ingest.reading.read import read

    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (tmp_path / "a.gpkg").write_bytes(b"SQLite format 3\x00" + b"x" * 500)
    for name in ("a.xlsx", "a.gpkg"):
        with pytest.raises(InputError) as caught:
            read(tmp_path / name)
        assert "nội dung không đúng định dạng" in caught.value.message(
            "vi"
        ) or "không phải là cơ sở dữ liệu" in caught.value.message("vi")


@pytest.fixture
def home(demo_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("ANTT_HOME", str(tmp_path / "home"))
    settings.load.cache_clear()
    (tmp_path / "home").mkdir()
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "home" / "antt.sqlite")
    yield tmp_path
    settings.load.cache_clear()


@pytest.mark.usefixtures("home")
def test_undo_twice_is_a_request_that_cannot_be_met_not_a_broken_store():
    assert run("undo", "3").exit_code == 0
    store = open_store(settings.load().url)
    version = store.version
    again = run("undo", "3")
    assert again.exit_code == 2
    assert "đã được thu hồi" in again.stderr
    assert json.loads(run("undo", "3", "--json").stdout)["error"] == "store.batch_withdrawn"
    assert store.version == version
    with pytest.raises(AlreadyDoneError):
        store.withdraw(3)


def test_each_command_lies_in_the_module_that_is_loaded_for_it():
    every = commands()
    named = {command.name: command.callback.__module__ for command in every.registered_commands}
    named["boundaries"] = every.registered_groups[0].typer_instance.registered_commands[0].callback.__module__
    assert {name: f"geo.cli.{module}" for name, module in COMMANDS.items()} == named


LINES = (["check", "--help"], ["boundaries", "import", "--help"], ["batches"], ["nonsense"])  # fmt: skip

AMONG = """
import json, os, sys, tempfile
from geo.cli import commands
every = commands()
for line in json.loads(sys.argv[1]):
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1), os.dup2(err.fileno(), 2)
            sys.argv[1:] = line
            every(prog_name="antt")
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0), err.seek(0)
        print(json.dumps([code, out.read(), err.read()]))
"""
"""All commands loaded once, and each line said by a child of that process."""


def test_a_command_alone_says_what_it_says_among_all(tmp_path):
    env = {**os.environ, "ANTT_HOME": str(tmp_path), "COLUMNS": "100"}

    def ran(*arguments):
        return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=env, check=False)

    among = ran("-c", AMONG, json.dumps(LINES))
    told = [json.loads(line) for line in among.stdout.splitlines()]
    assert len(told) == len(LINES), among.stderr
    for line, said in zip(LINES, told):
        alone = ran("-c", f"import sys; sys.argv[1:] = {line!r}; from geo.cli import main; main('antt')")
        assert [alone.returncode, alone.stdout, alone.stderr] == said, line
        assert alone.stdout or alone.stderr


def test_a_command_that_draws_nothing_loads_nothing_that_draws():
    code = "import sys; sys.argv[1:] = ['check']; from geo.cli import commands; commands('check'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"matplotlib.pyplot", "pptx", "sklearn", "scipy.stats"} & set(loaded)


@pytest.mark.parametrize("line", [("map", "--view", "/nosuch?m=case"), ("map", "--view", "?page=nosuch&m=case"), ("map", "--view", "/near-repeat"), ("purge", "9" * 20, "--yes")])  # fmt: skip
def test_what_does_not_exist_is_refused_not_passed_over(line, demo_store, tmp_path, monkeypatch):
    shutil.copy(demo_store.database.file, tmp_path / "antt.sqlite")
    monkeypatch.setenv("ANTT_HOME", str(tmp_path))
    settings.load.cache_clear()
    result = CliRunner().invoke(commands(), list(line), input="")
    settings.load.cache_clear()
    assert result.exit_code in (2, 3), result.output
