"""The command line: what it does, what it prints for machines, and which exit code it gives."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sys
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner, Result

from geo import settings
from geo.cartography import basemap
from geo.cartography.spec import MapSpec, ZoneLayer
from geo.cli import commands
from geo.products.documents.files import export
from geo.products.situation.counts import counts
from geo.question.types import QUESTIONS
from geo.schema import MASKED_MEASURES, Measure, Query
from geo.settings import ROOT
from geo.store import open_store
from tests.asking import answered, ask, situation, usual_measure
from tests.post import one_mail

MAP = ("map", "--measure", "den_cleared", "--from", "2026-01-01", "--to", "31/10/2026")


def run(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(commands(), [str(a) for a in arguments], input=stdin)


def answer(*arguments: str | Path, code: int = 0, stdin: str | None = None) -> dict:
    """The one JSON object on standard output."""
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    monkeypatch.setenv("ANTT_HOME", str(tmp_path / "home"))
    settings.load.cache_clear()
    yield tmp_path / "home"
    settings.load.cache_clear()


@pytest.fixture
def home(empty_home, demo_folder):
    """An installation with the demo in it."""
    empty_home.mkdir()
    shutil.copyfile(demo_folder / "antt.sqlite", empty_home / "antt.sqlite")
    return empty_home


@pytest.fixture(scope="module")
def demo_home(demo_folder, tmp_path_factory):
    """An installation with the demo in it. Read only: it is shared."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copyfile(demo_folder / "antt.sqlite", folder / "antt.sqlite")
    return folder


@pytest.fixture
def read_only(demo_home, monkeypatch):
    """The shared one, of which nothing is changed meanwhile."""
    monkeypatch.setenv("ANTT_HOME", str(demo_home))
    settings.load.cache_clear()
    before = store().version
    yield demo_home
    assert store().version == before
    settings.load.cache_clear()


@pytest.fixture
def generated(demo, monkeypatch):
    """The demo is not made again, which takes seconds, but taken as it was made for the run."""
    monkeypatch.setattr(sys.modules["geo.demo.install"], "generate", lambda *_: demo)


def store():
    return open_store(settings.load().url)


@pytest.mark.usefixtures("empty_home", "generated")
def test_demo_fills_an_empty_store_and_refuses_a_full_one():
    made = answer("demo")
    assert len(made["batches"]) == 11
    version = store().version
    refused = answer("demo", code=2)
    assert (refused["ok"], refused["error"]) == (False, "cli.not_empty")
    assert store().version == version


@pytest.mark.usefixtures("home", "generated")
def test_demo_made_again_counts_once():
    before = counts(store().snapshot(), Query(Measure.CASE, date(2026, 1, 1), date(2026, 10, 31))).total
    assert run("demo", "--force").exit_code == 0
    after = counts(store().snapshot(), Query(Measure.CASE, date(2026, 1, 1), date(2026, 10, 31))).total
    assert after == before
    assert store().batches().withdrawn_at.notna().sum() == 11


@pytest.mark.usefixtures("read_only")
def test_map_and_export_give_the_files_of_the_page(tmp_path):
    described = run(*MAP)
    spec = MapSpec.from_json(described.stdout)
    query = Query(Measure.DEN_CLEARED, date(2026, 1, 1), date(2026, 10, 31))
    assert spec == situation(store(), query)
    for name, size in (("map.png", "1080p"), ("map.pdf", "a3"), ("map.json", "")):
        made = answer("export", "-", "--to", tmp_path / name, "--size", size, stdin=described.stdout)
        assert made["fingerprint"] == spec.fingerprint
        kind = name.rsplit(".", 1)[1]
        assert (tmp_path / name).read_bytes() == export(spec, kind, size=size)
    assert run("export", tmp_path / "map.json", "--to", tmp_path / "again.png").exit_code == 0
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "map.png").read_bytes()


@pytest.mark.usefixtures("read_only")
def test_map_takes_the_filters(tmp_path):
    arguments = ("--kinds", "cards,dice", "--units", "30337", "--per", "per_km2", "--lang", "en", "--out")
    made = answer(*MAP, *arguments, tmp_path / "m.json")
    spec = MapSpec.from_json((tmp_path / "m.json").read_bytes())
    assert (spec.lang, spec.fingerprint) == ("en", made["fingerprint"])
    asked = spec.recipe.question.query
    assert (asked.kinds, asked.units, asked.per) == (("cards", "dice"), ("30337",), "per_km2")


@pytest.mark.parametrize("page", QUESTIONS)
@pytest.mark.usefixtures("read_only")
def test_map_describes_every_page_in_both_forms_of_its_address(tmp_path, page):
    measure = usual_measure(page)
    wanted = answered(store(), ask(page, measure=measure, title="Giao ban"))
    for text in (f"?page={page}&m={measure}&ti=Giao+ban", f"/{page}?m={measure}&ti=Giao%20ban"):
        made = answer("map", "--view", text, "--out", tmp_path / "m.json")
        assert made["fingerprint"] == wanted.fingerprint
    assert MapSpec.from_json((tmp_path / "m.json").read_bytes()) == wanted


@pytest.mark.usefixtures("read_only")
def test_what_only_briefings_could_ask_is_an_address_too():
    former = MapSpec.from_json(run("map", "--view", "?m=case&t=term1&sys=legacy&cl=0&z=").stdout)
    assert len(former.layers[0].cells) == 298
    assert not [layer for layer in former.layers if isinstance(layer, ZoneLayer)]
    year = MapSpec.from_json(run("map", "--view", "?m=case&t=month&cmp=1&vs=year", "--lang", "en").stdout)
    assert "a year earlier" in year.sentence or "October 2025" in year.title + year.sentence or "10/2025" in year.title
    public = MapSpec.from_json(run("map", "--view", "?m=case&z=border", "--public").stdout)
    assert public.recipe.question.public
    assert not [layer for layer in public.layers if isinstance(layer, ZoneLayer)]


@pytest.mark.parametrize(
    "bad",
    [
        (*MAP, "--kinds", "theft"),
        (*MAP, "--units", "1"),
        (*MAP, "--zones", "moon"),
        ("map", "--measure", "case", "--from", "2026-02-01", "--to", "2026-01-01"),
        ("map", "--measure", "nothing", "--from", "2026-02-01", "--to", "2026-01-01"),
        ("map", "--view", "?page=imports"),
        ("map", "--view", "?page=clusters&m=case", "--public"),
        ("map", "--view", "?m=case", "--measure", "case"),
        ("map", "--view", "?m=case", "--kinds", "theft"),
        ("map", "--view", "?m=case", "--classes", "7"),
        ("map",),
        ("map", "--measure", "case", "--from", "2026-02-01"),
        ("export", "missing.json", "--to", "x.png"),
        ("export", "-", "--to", "x.png"),
        ("undo", "99"),
        ("boundaries", "use", "99"),
        ("boundaries", "import", "missing.gpkg"),
        ("nonsense",),
    ],
)
@pytest.mark.usefixtures("read_only")
def test_bad_input_ends_with_2(bad, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    version = store().version
    result = run(*bad, stdin="no json")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert store().version == version
    assert not (tmp_path / "x.png").exists()


@pytest.mark.usefixtures("home")
def test_undo_and_batches():
    listed = answer("batches")["batches"]
    assert [batch["id"] for batch in listed] == list(range(11, 0, -1))
    answer("undo", "5")
    assert {b["id"]: b["withdrawn_at"] is None for b in answer("batches")["batches"]}[5] is False
    again = answer("undo", "5", code=2)
    assert again["error"] == "store.batch_withdrawn"
    assert re.search(r"lúc \d\d/\d\d/\d{4} \d\d:\d\d;", again["message"])
    assert "đã thu hồi" in run("batches").stdout


@pytest.mark.usefixtures("home")
def test_purge_erases_for_good_and_says_what_still_holds_it():
    assert answer("purge", code=2)["error"] == "cli.purge_which"
    assert answer("purge", "--expired", code=2)["error"] == "cli.purge_no_retention"
    erased = answer("purge", "5", "--yes")
    assert erased["batches"] == [5]
    assert erased["rows"] > 0
    assert answer("purge", "5", "--yes", code=2)["error"] == "store.batch_erased"
    assert "đã xóa hẳn" in run("batches").stdout
    assert "bản sao lưu" in run("purge", "4", "--yes").stdout
    assert answer("check")["ok"]


@pytest.mark.usefixtures("home")
def test_what_was_taken_back_long_ago_is_erased(monkeypatch):
    monkeypatch.setenv("ANTT_RETENTION_DAYS", "30")
    settings.load.cache_clear()
    answer("undo", "5")
    assert answer("purge", "--expired")["batches"] == []
    with store().database.write() as connection:
        connection.exec_driver_sql("UPDATE batch SET withdrawn_at = '2026-01-01T00:00:00+00:00' WHERE id = 5")
    assert answer("purge", "--expired")["batches"] == [5]


@pytest.mark.usefixtures("home")
def test_backup_and_restore_bring_everything_back(tmp_path):
    answer("backup", tmp_path / "copy.sqlite")
    answer("undo", "6")
    answer("restore", tmp_path / "copy.sqlite", "--yes")
    assert store().batches().withdrawn_at.isna().all()


@pytest.mark.usefixtures("home")
def test_restore_of_what_is_no_backup_changes_nothing(tmp_path):
    (tmp_path / "bad.sqlite").write_bytes(b"no store" * 1000)
    version = store().version
    assert answer("restore", tmp_path / "bad.sqlite", code=3)["ok"] is False
    assert answer("restore", tmp_path / "missing.sqlite", code=3)["error"] == "store.backup_missing"
    assert store().version == version


@pytest.mark.usefixtures("home")
def test_check_tells_sound_from_unready():
    found = answer("check")
    assert (found["batches"], [line["system"] for line in found["boundaries"]]) == (11, ["current", "legacy"])
    assert "102" in run("check").stdout


def test_damaged_files_of_boundaries_are_named_and_written_again(home):
    answer("map", "--view", "/map?m=case&t=last12", "--out", home / "m.json")
    (file,) = [path for path in (home / "boundaries").glob("*.json") if path.stem in (home / "m.json").read_text()]
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"1", b"2", 40))
    basemap.load.cache_clear()
    assert basemap.load(file.stem) == whole == file.read_bytes()
    file.write_bytes(b"")
    assert answer("check")["rebuilt"] == [str(file)]
    assert file.read_bytes() == whole
    (home / "boundaries" / f"{'0' * 64}.json").write_bytes(b"{}")
    assert answer("check", code=3)["error"] == "cli.check_lost"


@pytest.mark.usefixtures("home")
def test_altered_boundaries_in_the_store_are_named():
    with store().database.write() as connection:
        connection.exec_driver_sql("UPDATE boundary_version SET topology = x'7b7d' WHERE id = 2")
    assert answer("check", code=3)["error"] == "store.boundaries_altered"


@pytest.mark.usefixtures("empty_home", "generated")
def test_a_demo_that_stops_half_way_leaves_nothing(monkeypatch):
    from geo.store import history

    before, seen = history.record, []

    def third_fails(connection, batch):
        seen.append(batch)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return before(connection, batch)

    with monkeypatch.context() as patch:
        patch.setattr(history, "record", third_fails)
        run("demo")
    assert store().batches().empty
    assert len(answer("demo", "--if-empty")["batches"]) == 11


@pytest.mark.usefixtures("empty_home")
def test_check_without_boundaries_ends_with_3():
    assert answer("check", code=3)["error"] == "cli.check_no_boundaries"


def _layer(path: Path, codes: list[str]) -> Path:
    layer = gpd.read_file(settings.REFERENCE / "units.geojson")
    layer["code"] = [*codes, *layer.code[len(codes) :]]
    layer.to_file(path)
    return path


@pytest.mark.usefixtures("home")
def test_boundaries_are_imported_listed_and_chosen(tmp_path):
    path = _layer(tmp_path / "ranh_gioi.gpkg", [])
    made = answer("boundaries", "import", path, "--name", "Ranh giới thử", "--valid-from", "01/01/2026")
    assert (made["id"], made["units"]) == (3, 102)
    listed = answer("boundaries", "list")["versions"]
    assert [(v["id"], v["active"]) for v in listed] == [(3, True), (2, True), (1, False)]
    assert (listed[0]["name"], listed[0]["valid_from"]) == ("Ranh giới thử", "2026-01-01")
    answer("boundaries", "use", "1")
    assert {v["id"]: v["active"] for v in answer("boundaries", "list")["versions"]} == {3: False, 2: True, 1: True}


@pytest.mark.usefixtures("home")
def test_a_report_names_the_units(tmp_path):
    layer = gpd.read_file(settings.REFERENCE / "units.geojson")
    name = layer.name[5]
    layer.drop(index=5).to_file(tmp_path / "short.gpkg")
    result = run("boundaries", "import", tmp_path / "short.gpkg")
    assert result.exit_code == 0
    assert name in result.stdout


@pytest.mark.usefixtures("home")
def test_a_refused_boundary_file_changes_nothing(tmp_path):
    version, shown = store().version, store().boundary_versions().to_dict("records")
    bad_codes = _layer(tmp_path / "codes.gpkg", ["x1", "x2"])
    points = tmp_path / "points.gpkg"
    gpd.GeoDataFrame({"code": ["30337"], "name": ["A"]}, geometry=[shapely.Point(105, 10)], crs=4326).to_file(points)
    for path, key in ((bad_codes, "units.bad_code"), (points, "units.no_polygons")):
        refused = answer("boundaries", "import", path, code=2)
        assert refused["ok"] is False
        assert refused["error"].startswith("units."), key
    assert store().version == version
    assert store().boundary_versions().to_dict("records") == shown


@pytest.mark.usefixtures("empty_home")
def test_the_first_import_brings_the_boundaries_along(tmp_path):
    assert answer("map", "--view", "/map", code=2)["error"] == "store.no_records"
    (tmp_path / "v.csv").write_text("Số hồ sơ,Ngày,Xã,Loại\nV1,05/08/2026,Xã Óc Eo,Trộm cắp\n", "utf-8")
    assert answer("import", tmp_path / "v.csv", "--dataset", "cases")["accepted"] == 1
    assert len(answer("check")["boundaries"]) == 2
    assert re.search(r"Ranh giới hiện nay: .* từ 01/07/2025", run("check", "--lang", "vi").output)


@pytest.mark.usefixtures("home")
def test_a_store_of_one_province_is_not_served_as_another(monkeypatch, tmp_path):
    monkeypatch.setenv("ANTT_PROVINCE", "92")
    settings.load.cache_clear()
    for command in (("check",), MAP, ("import", tmp_path / "x.csv"), ("batches",)):
        assert answer(*command, code=3)["error"] == "store.other_province"
    assert answer("backup", tmp_path / "copy.sqlite")["ok"]


@pytest.mark.usefixtures("home")
def test_an_unexpected_error_is_short_unless_debugging(monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("geo.cli.runner.installed_store", fail)
    result = run("batches")
    assert result.exit_code == 1
    assert "RuntimeError" in result.stderr
    assert "Traceback" not in result.output
    assert answer("batches", code=1)["code"] == 1
    assert isinstance(run("batches", "--debug").exception, RuntimeError)


def test_a_store_that_cannot_be_opened_ends_with_3(tmp_path, monkeypatch):
    monkeypatch.setenv("ANTT_STORE_URL", f"sqlite:///{tmp_path / 'no' / 'such' / 'place' / 'x.sqlite'}")
    (tmp_path / "no").write_text("a file where a folder should be")
    settings.load.cache_clear()
    try:
        assert answer("batches", code=3)["error"].startswith("store.")
    finally:
        settings.load.cache_clear()


@pytest.mark.usefixtures("home")
def test_serve_starts_streamlit_and_says_where(monkeypatch):
    called = []
    monkeypatch.setattr("geo.cli.serve._until_ended", lambda command: called.append(command) or 0)
    told = answer("serve", "--address", "0.0.0.0", "--port", "8600")
    assert told == {"ok": True, "url": "http://0.0.0.0:8600", "open": True, "erased": 0}
    assert called[0][2:6] == ["-m", "streamlit", "run", str(ROOT / "app.py")]
    assert called[0][-4:] == ["--server.address", "0.0.0.0", "--server.port", "8600"]


@pytest.mark.usefixtures("read_only")
def test_language_of_the_answer():
    assert "Số" not in run("check", "--lang", "en").stdout
    assert "nguyên vẹn" in run("check").stdout


@pytest.mark.usefixtures("home")
def test_progress_goes_to_standard_error_only(tmp_path):
    result = run("backup", tmp_path / "b.sqlite", "--json")
    assert json.loads(result.stdout)["ok"] is True
    assert "100%" in result.stderr


@pytest.mark.usefixtures("read_only")
def test_every_command_says_what_it_does():
    for group in ((), ("boundaries",)):
        shown = run(*group, "--help").stdout
        for command in commands().registered_commands if not group else []:
            assert str(command.name) in shown
    for command in ("demo", "batches", "undo", "backup", "restore", "check", "export", "map", "serve"):
        assert "--json" in run(command, "--help").stdout


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("address", "warned"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)])
def test_serve_warns_where_others_can_reach_it(monkeypatch, address, warned):
    monkeypatch.setattr("geo.cli.serve._until_ended", lambda _command: 0)
    monkeypatch.setattr("geo.cli.serve._refuse_taken", lambda _address, _port: None)
    assert ("CẢNH BÁO" in run("serve", "--address", address).stdout) is warned


@pytest.mark.usefixtures("empty_home")
def test_the_server_says_why_it_cannot_listen():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "đang dùng cổng" in run("serve", "--port", str(port)).stderr
    for address in ("no.such.host.invalid", "999.1.1.1", "", "x" * 300):
        told = answer("serve", "--address", address, "--port", str(port), code=2)
        assert told["error"] == "cli.serve_refused"


@pytest.mark.parametrize("url", ["postgresql://x:abc/z", "nope", "http://["])
@pytest.mark.usefixtures("empty_home")
def test_a_store_that_is_no_address_is_said(monkeypatch, url):
    monkeypatch.setenv("ANTT_STORE_URL", url)
    settings.load.cache_clear()
    assert answer("batches", code=3)["error"] == "store.cannot_open"


@pytest.mark.parametrize(("span", "period"), [("month", "2026-10"), ("quarter", "2026-Q3"), ("year", "2025")])
@pytest.mark.usefixtures("read_only")
def test_a_report_is_written_as_document_and_slides(tmp_path, span, period):
    told = answer("report", "--span", span, "--to", tmp_path / "out" / "deep")
    assert told["period"] == period
    assert sorted(Path(one["file"]).suffix for one in told["files"]) == [".pdf", ".pptx"]
    assert all(Path(one["file"]).stat().st_size == one["bytes"] for one in told["files"])
    again = answer("report", "--span", span, "--period", period, "--to", tmp_path / "again")
    for one, other in zip(told["files"], again["files"]):
        assert Path(one["file"]).read_bytes() == Path(other["file"]).read_bytes()


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (("--period", "2026-11"), "report.not_over"),
        (("--span", "quarter", "--period", "2026-10"), "report.bad_period"),
        (("--period", "2026-13"), "report.bad_period"),
        (("--unit", "99999"), "products.unit_unknown"),
        (("--unit", "xã A"), "products.unit_unknown"),
    ],
)
@pytest.mark.usefixtures("read_only")
def test_a_report_that_cannot_be_made_leaves_nothing(tmp_path, asked, key):
    assert answer("report", *asked, "--to", tmp_path / "out", code=2)["error"] == key
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("read_only")
def test_a_report_goes_to_no_file_that_stands_in_place_of_its_folder(tmp_path):
    (tmp_path / "out").write_text("kept")
    assert answer("report", "--to", tmp_path / "out", code=2)["error"] == "cli.folder_unusable"
    assert answer("report", "--to", tmp_path / "out" / "deep", code=2)["error"] == "cli.folder_unusable"
    assert (tmp_path / "out").read_text() == "kept"


@pytest.mark.usefixtures("read_only")
def test_the_report_of_a_commune_says_nothing_of_its_hidden_counts(tmp_path):
    told = answer("report", "--unit", "31078", "--to", tmp_path)
    assert told["unit"] == "31078"
    assert "tin tố giác" not in told["sentence"]


@pytest.mark.usefixtures("read_only")
def test_alerts_are_printed_or_written_the_same_to_the_byte(tmp_path):
    told = answer("alerts", "--to", tmp_path / "out" / "deep", "--since", "2026-01-01")
    assert [Path(file).name for file in told["files"]] == ["digest-2026-10.txt", "digest-2026-10.html"]
    again = answer("alerts", "--to", tmp_path / "again", "--since", "01/01/2026")
    for one, other in zip(told["files"], again["files"]):
        assert Path(one).read_bytes() == Path(other).read_bytes()
    plain = Path(told["files"][0]).read_text("utf-8")
    assert run("alerts", "--since", "2026-01-01").stdout == plain
    assert (told["month"], told["records"]["since"]) == ("2026-10", "2026-01-01")
    assert told["outside"] > 0
    tips = [one for one in told["measures"] if one["measure"] in MASKED_MEASURES]
    assert len(tips) == 2
    assert all((one["communes"], one["outside"], one["by_chance"]) == ([], None, None) for one in tips)


@pytest.mark.usefixtures("read_only")
def test_alerts_are_of_the_measures_asked_for():
    told = answer("alerts", "--measure", "session", "--measure", "case", "--lang", "en")
    assert [one["measure"] for one in told["measures"]] == ["case", "session"]
    assert "Digest of Oct 2026" in told["title"]


_POST = ("--smtp", "127.0.0.1:9", "--from", "a@b.example")


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (("--measure", "theft"), "alerts.measure_unknown"),
        (("--measure", "festival"), "alerts.measure_unknown"),
        (("--mail-to", "c@d.example"), "cli.mail_how"),
        (("--mail-to", "c@d.example", "--smtp", "127.0.0.1:25"), "cli.mail_how"),
        (("--mail-to", "c@d.example", "--to", "out", *_POST), "cli.mail_or_folder"),
        (("--starttls",), "cli.mail_to_whom"),
        (_POST, "cli.mail_to_whom"),
        (("--mail-to", "nobody", *_POST), "cli.mail_address"),
        (("--mail-to", "c@d.example\nBcc: e@f.example", *_POST), "cli.mail_address"),
        (("--mail-to", "c@d.example", "--smtp", "host", "--from", "a@b.example"), "cli.mail_server"),
        (("--mail-to", "c@d.example", "--smtp", "host:70000", "--from", "a@b.example"), "cli.mail_server"),
        (("--since", "yesterday"), "cli.usage_value"),
    ],
)
@pytest.mark.usefixtures("home")
def test_alerts_that_cannot_be_given_say_why(tmp_path, monkeypatch, asked, key):
    monkeypatch.chdir(tmp_path)
    assert answer("alerts", *asked, code=2)["error"] == key
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("read_only")
def test_alerts_go_to_no_file_that_stands_in_place_of_their_folder(tmp_path):
    (tmp_path / "out").write_text("kept")
    assert answer("alerts", "--to", tmp_path / "out", code=2)["error"] == "cli.folder_unusable"
    assert (tmp_path / "out").read_text() == "kept"


@pytest.mark.usefixtures("read_only")
def test_alerts_go_by_mail_in_both_forms():
    with one_mail() as post:
        told = answer(
            "alerts", "--mail-to", "c@d.example", "--mail-to", "e@f.example", *post.way, "--measure", "letter"
        )
    assert told["mailed"] == ["c@d.example", "e@f.example"]
    assert post.receivers == ["c@d.example", "e@f.example"]
    mail = message_from_bytes(post.content, policy=policy.default)
    assert mail["Subject"].startswith("[LƯU HÀNH NỘI BỘ] [DỮ LIỆU MINH HOẠ] Điểm tin tháng 10/2026")
    assert (mail["From"], mail["To"]) == ("a@b.example", "c@d.example, e@f.example")
    plain, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain.replace("\r\n", "\n") == run("alerts", "--measure", "letter").stdout
    assert "<h1>Điểm tin tháng 10/2026" in page


@pytest.mark.parametrize(
    ("server", "extra", "key"),
    [
        ({}, ("--starttls",), "cli.mail_no_starttls"),
        ({"RCPT": "550 no"}, (), "cli.mail_receivers"),
        ({"MAIL": "553 no"}, (), "cli.mail_refused"),
        ({"DATA": "554 no"}, (), "cli.mail_refused"),
    ],
)
@pytest.mark.usefixtures("read_only")
def test_a_mail_that_is_refused_is_said(server, extra, key):
    with one_mail(server) as post:
        told = answer("alerts", "--measure", "case", "--mail-to", "c@d.example", *post.way, *extra, code=2)
    assert told["error"] == key
    assert post.content == b""


@pytest.mark.usefixtures("read_only")
def test_a_mail_server_that_does_not_answer_is_said():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = answer(
        "alerts", "--measure", "case", "--mail-to", "c@d.example", "--smtp", f"127.0.0.1:{port}", *_POST[2:], code=2
    )
    assert told["error"] == "cli.mail_unreachable"
    assert str(port) in told["message"]
