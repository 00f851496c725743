"""`python -m geo import` and `template`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from geo import settings
from geo.cli import commands
from geo.store import open_store
from tests.ingest.conftest import write
from tests.ingest.files import HEADER, ROWS, csv_text

BAD = ["V9/2024", "31/02/2024", "Mỹ Bình", "Long Xuyên", "Trộm cắp", "", "", "", ""]


@pytest.fixture
def home(bare, tmp_path, monkeypatch):
    monkeypatch.setenv("ANTT_HOME", str(tmp_path / "home"))
    settings.load.cache_clear()
    (tmp_path / "home").mkdir()
    bare.backup(tmp_path / "home" / "antt.sqlite")
    yield tmp_path
    settings.load.cache_clear()


def run(*arguments, code=0):
    result = CliRunner().invoke(commands(), [*map(str, arguments), "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def store():
    return open_store(settings.load().url)


def test_import_writes_a_batch_and_the_file_of_errors_and_undo_takes_it_back(home):
    file = write(home / "vu.csv", csv_text([*ROWS, BAD]))
    checked = run("import", file, "--dry-run")
    assert (checked["batch"], checked["accepted"], checked["rejected"]) == (None, 3, 1)
    assert store().batches().empty
    done = run("import", file, "--errors", home / "loi.xlsx", "--yes")
    assert (done["batch"], done["dataset"], done["encoding"], done["problem_counts"]) == (
        1,
        "cases",
        "utf-8",
        {"date_impossible": 1},
    )
    assert (home / "loi.xlsx").is_file()
    again = run("import", file, code=2)
    assert (again["ok"], again["error"]) == (False, "ingest.nothing_new")
    run("undo", 1)
    assert run("import", file)["batch"] == 2


def test_columns_of_persons_stop_it_until_they_are_to_be_dropped(home):
    file = write(home / "vu.csv", csv_text([[*ROWS[0], "Nguyễn Văn A"]], [*HEADER, "Họ tên"]))
    refused = run("import", file, code=2)
    assert refused["error"] == "ingest.privacy_stop"
    assert "Họ tên" in refused["message"]
    done = run("import", file, "--drop-personal")
    assert (done["dropped"], done["accepted"]) == (["Họ tên"], 1)


def test_people_read_what_was_found(home):
    file = write(home / "vu.csv", csv_text([*ROWS, BAD]))
    result = CliRunner().invoke(commands(), ["import", str(file), "--lang", "en"])
    assert result.exit_code == 0
    for said in ("3 good records, 1 rows refused", "There is no such day", "Encoding: utf-8", "as batch 1", "undo 1"):
        assert said in result.stdout


def test_a_template_is_written(home):
    assert run("template", "dens", "--to", home / "mau.xlsx")["dataset"] == "dens"
    assert (home / "mau.xlsx").stat().st_size > 5000
    assert run("template", "zones", "--to", home / "dia-ban.xlsx")["dataset"] == "zones"


def test_zones_come_in_and_go_again(home):
    text = "Tên địa bàn,Loại địa bàn,Kinh độ,Vĩ độ,Bán kính (m)\nKhu Một,KCN,105.43,10.37,500\nKhu Hai,Vùng lạ,105.43,10.37,500\n"
    file = write(home / "dia-ban.csv", text)
    done = run("import", file, "--yes")
    assert (done["dataset"], done["accepted"], done["problem_counts"]) == ("zones", 1, {"code_unknown": 1})
    assert store().snapshot().zones["name"].tolist() == ["Khu Một"]
    run("undo", done["batch"])
    assert store().snapshot().zones.empty
