import csv
import json
import shutil
from datetime import date

import openpyxl
import pytest

from geo.errors import InputError
from geo.ingest import Mapping, PrivacyError, commit, errors_file, prepare
from geo.schema import Dataset, Measure, Query
from geo.store import open_store
from tests.ingest import files
from tests.ingest.conftest import TODAY, write
from tests.ingest.files import HEADER, ROWS, csv_text

YEARS = (date(2013, 1, 1), date(2026, 10, 31))
BAD = ["V9/2024", "31/02/2024", "An Phú", "", "Trộm cắp", "", "-1", "", ""]
PERSONAL = [*HEADER, "Họ và tên", "Ghi chú"]


def totals(store):
    """Every count by unit, those that cannot be attributed among them."""
    return {measure: store.snapshot().cube(measure).counts(*YEARS).tolist() for measure in Measure}


def prepared(store, tmp_path, content=None, name="vu.csv", **options):
    return prepare(write(tmp_path / name, content or csv_text()), store=store, today=TODAY, **options)


def test_good_rows_come_in_as_one_batch_that_says_where_it_came_from(store, tmp_path):
    steps = []
    preview = prepared(store, tmp_path, csv_text([*ROWS, BAD]))
    assert (preview.accepted, preview.rejected, preview.period) == (3, 1, (date(2024, 3, 5), date(2025, 9, 7)))
    number = commit(preview, store, who="an", progress=lambda share, key: steps.append((share, key)))
    batch = store.batches().iloc[0]
    assert (batch.id, batch.dataset, batch.source, batch.who, batch.rows, batch.rejected) == (
        number,
        "cases",
        "vu.csv",
        "an",
        3,
        1,
    )
    assert store.batches_of(preview.sha256) == (batch.id,)
    assert preview.sha256 not in store.batches().astype(str).to_string()
    assert len(store.query(Query(Measure.CASE, *YEARS))) == 3
    assert steps[-1] == (1.0, "ingest.step_done")
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)


def test_undo_restores_every_total(demo_folder, tmp_path):
    shutil.copyfile(demo_folder / "antt.sqlite", tmp_path / "copy.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    before = totals(store)
    number = commit(prepared(store, tmp_path), store, who="t")
    assert totals(store)[Measure.CASE] != before[Measure.CASE]
    store.withdraw(number)
    assert totals(store) == before
    assert store.batches().iloc[0].withdrawn_at


def test_the_same_file_twice_changes_nothing_and_says_so(store, tmp_path):
    number = commit(prepared(store, tmp_path), store, who="t")
    version = store.version
    again = prepared(store, tmp_path, lang="en")
    assert again.imported_before == (number,)
    assert any(f"batch {number}" in note.message("en") for note in again.notes)
    assert (again.accepted, again.checked.duplicates) == (0, 3)
    with pytest.raises(InputError) as caught:
        commit(again, store, who="t")
    assert caught.value.key == "ingest.nothing_new"
    assert store.version == version


def test_without_record_numbers_the_same_file_twice_changes_nothing_either(store, tmp_path):
    text = csv_text([["", *row[1:]] for row in ROWS])
    commit(prepared(store, tmp_path, text), store, who="t")
    assert prepared(store, tmp_path, text).accepted == 0


def test_a_file_of_bad_rows_only_is_refused_with_its_first_problem(store, tmp_path):
    with pytest.raises(InputError, match="in row 2") as caught:
        commit(prepared(store, tmp_path, csv_text([BAD]), lang="en"), store, who="t")
    assert caught.value.key == "ingest.nothing_good"
    assert store.version == prepared(store, tmp_path).version


@pytest.mark.parametrize("name", ["loi.csv", "loi.xlsx"])
def test_bad_rows_go_to_a_file_that_can_be_corrected_and_imported(store, tmp_path, name):
    preview = prepared(store, tmp_path, csv_text([*ROWS, BAD]))
    commit(preview, store, who="t")
    assert errors_file(preview, tmp_path / name) == 1
    if name.endswith(".csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            header, row = csv.reader(file)
    else:
        header, row = (
            [c or "" for c in r] for r in openpyxl.load_workbook(tmp_path / name).active.iter_rows(values_only=True)
        )
    assert header[: len(HEADER)] == HEADER
    assert row[:2] == BAD[:2]
    assert "Ngày không có thật" in row[-2]
    fixed = dict(zip(HEADER, row)) | {"Ngày xảy ra": "28/02/2024", "Huyện": "Huyện An Phú", "Số đối tượng": "1"}
    corrected = csv_text([[fixed[h] for h in HEADER] + row[len(HEADER) :]], header)
    again = prepared(store, tmp_path, corrected, "sua.csv")
    assert (again.accepted, again.rejected) == (1, 0)
    commit(again, store, who="t")
    assert len(store.query(Query(Measure.CASE, *YEARS))) == 4


def test_cells_that_look_like_formulas_stay_text_in_the_file_of_errors(store, tmp_path):
    text = csv_text([["=cmd|' /C calc'!A0", *ROWS[0][1:]]])
    preview = prepared(store, tmp_path, text)
    errors_file(preview, tmp_path / "e.csv")
    assert "'=cmd" in (tmp_path / "e.csv").read_text("utf-8-sig")
    errors_file(preview, tmp_path / "e.xlsx")
    assert openpyxl.load_workbook(tmp_path / "e.xlsx").active["A2"].data_type == "s"


def test_the_file_of_errors_must_be_writable(store, tmp_path):
    preview = prepared(store, tmp_path, csv_text([BAD]))
    with pytest.raises(InputError):
        errors_file(preview, tmp_path / "none" / "e.csv")
    with pytest.raises(InputError):
        errors_file(preview, tmp_path / "e.pdf")


def test_columns_of_persons_stop_the_file_and_are_dropped_on_demand(store, tmp_path):
    text = csv_text([[*ROWS[0], "Nguyễn Văn Kín", "gặp ở quán"], [*BAD, "Trần Thị Lộ", "x"]], PERSONAL)
    with pytest.raises(PrivacyError) as caught:
        prepared(store, tmp_path, text)
    assert store.batches().empty
    listed = [finding.column for finding in caught.value.findings]
    assert listed == ["Họ và tên", "Ghi chú"]
    preview = prepared(store, tmp_path, text, drop=listed)
    commit(preview, store, who="t")
    batch = store.batches().iloc[0]
    assert json.loads(batch.dropped) == listed
    errors_file(preview, tmp_path / "e.csv")
    stored = (tmp_path / "store.sqlite").read_bytes() + (tmp_path / "store.sqlite-wal").read_bytes()
    for secret in ("Nguyễn Văn Kín", "Trần Thị Lộ", "quán"):
        assert secret.encode() not in stored
        assert secret not in (tmp_path / "e.csv").read_text("utf-8-sig")
        assert secret not in preview.checked.problems.to_csv()
    assert any("Họ và tên" in note.message("vi") for note in preview.notes)


def test_free_text_alone_is_dropped_without_stopping(store, tmp_path):
    preview = prepared(store, tmp_path, csv_text([[*ROWS[0], "chuyện riêng"]], [*HEADER, "Ghi chú"]))
    assert (preview.dropped, preview.accepted) == (("Ghi chú",), 1)


def test_a_confirmed_mapping_is_used_again_for_the_same_headings(store, tmp_path):
    header = ["A", "B", "C", "D"]
    mapping = Mapping(Dataset.DENS, {"record_id": "A", "date": "B", "unit": "C", "kind": "D"})
    row = ["T1", "05/08/2025", "Phường Long Xuyên", "Đá gà"]
    commit(prepared(store, tmp_path, csv_text([row], header), mapping=mapping), store, who="t")
    again = prepared(store, tmp_path, csv_text([["T2", *row[1:]]], header), "sau.csv")
    assert (again.mapping.dataset, again.mapping.columns, again.accepted) == (Dataset.DENS, mapping.columns, 1)
    assert any(note.key == "ingest.note_remembered" for note in again.notes)


def test_a_mapping_is_remembered_where_columns_were_dropped_too(store, tmp_path):
    text = csv_text([[*ROWS[0], "Nguyễn Văn A", ""]], PERSONAL)
    commit(prepared(store, tmp_path, text, drop_personal=True), store, who="t")
    again = prepared(store, tmp_path, text.replace("V01", "V77"), drop_personal=True)
    assert again.accepted == 1
    assert any(note.key == "ingest.note_remembered" for note in again.notes)


def test_other_records_may_come_in_between_check_and_write(store, tmp_path):
    mine = prepared(store, tmp_path, csv_text(ROWS[:1]), "a.csv")
    commit(prepared(store, tmp_path, csv_text(ROWS[1:]), "b.csv"), store, who="other")
    commit(mine, store, who="me")
    assert len(store.query(Query(Measure.CASE, *YEARS))) == 3


def test_the_same_records_that_came_in_meanwhile_are_not_doubled(store, tmp_path):
    mine = prepared(store, tmp_path)
    commit(prepared(store, tmp_path), store, who="other")
    with pytest.raises(InputError) as caught:
        commit(mine, store, who="me")
    assert caught.value.key == "ingest.came_meanwhile"
    assert len(store.batches()) == 1


def test_a_named_sheet_is_read_and_the_others_are_named(store, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Tháng 3"
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    second = book.create_sheet("Tháng 4")
    for row in [HEADER, ROWS[0]]:
        second.append(row)
    content = files.saved(book)
    first = prepared(store, tmp_path, content, "b.xlsx")
    assert first.accepted == 3
    assert any("Tháng 4" in note.message("vi") for note in first.notes)
    assert prepared(store, tmp_path, content, "b.xlsx", sheet="Tháng 4").accepted == 1
    with pytest.raises(InputError, match="Tháng 3, Tháng 4"):
        prepared(store, tmp_path, content, "b.xlsx", sheet="Tháng 5")


@pytest.mark.parametrize(("name", "content"), [("tcvn3", files.tcvn3(csv_text())), ("vni", files.vni(csv_text()).encode("cp1252")), ("cp1258", files.cp1258(csv_text())), ("utf-16-le", csv_text().encode("utf-16")), ("utf-8", csv_text().encode())])  # fmt: skip
def test_the_encoding_is_named_and_the_text_is_right(store, tmp_path, name, content):
    preview = prepared(store, tmp_path, content)
    assert preview.source.encoding == name
    assert preview.table.rows.iloc[0]["Xã/phường"] == "Mỹ Bình"
    assert preview.table.header == tuple(HEADER)


def _features(text: str) -> bytes:
    """Features without a place, under the headings and with the cells of the list."""
    lines = [line.split(",") for line in text.splitlines()]
    fields = [dict(zip(lines[0], line)) for line in lines[1:]]
    return files.geojson(
        [{"type": "Feature", "properties": {k: v for k, v in f.items() if v}, "geometry": None} for f in fields]
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", lambda write: files.workbook([[write(c) for c in row] for row in files.ROWS], [write(c) for c in HEADER])),
        ("a.ods", lambda write: files.ods([[write(c) for c in row] for row in files.ROWS], [write(c) for c in HEADER])),
        ("a.csv", lambda write: write(csv_text()).encode()),
        ("b.csv", lambda write: write(csv_text(separator=";")).encode("utf-16")),
        ("a.geojson", lambda write: _features(write(csv_text()))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("write", [files.vni, lambda text: files.tcvn3(text).decode("cp1252")], ids=["vni", "tcvn3"])
def test_text_typed_in_old_fonts_is_read_in_files_of_unicode(store, tmp_path, name, content, write):
    preview = prepared(store, tmp_path, content(write), name)
    assert preview.accepted == 3
    assert preview.table.rows.iloc[0]["Xã/phường"] == "Mỹ Bình"
    assert {"Ngày xảy ra", "Loại vụ"} <= set(preview.table.header)
    assert any("VNI" in note.message("vi") for note in preview.notes)


def test_the_encoding_may_be_overridden(store, tmp_path):
    preview = prepared(store, tmp_path, files.tcvn3(csv_text()), encoding="TCVN3")
    assert (preview.source.encoding, preview.accepted) == ("tcvn3", 3)
    with pytest.raises(InputError, match="klingon"):
        prepared(store, tmp_path, encoding="klingon")
    with pytest.raises(InputError):
        prepared(store, tmp_path, separator=";;")


def test_a_report_that_comes_again_with_tips_in_it_is_said_to_be_there_and_no_other(store, tmp_path):
    text = "Tháng,Xã,Buổi tuyên truyền,Tin tố giác\n09/2026,An Phú,3,5\n"
    commit(prepared(store, tmp_path, text, "thang.csv"), store, who="an")
    again = prepared(store, tmp_path, text, "thang-2.csv")
    assert again.checked.problems["key"].tolist() == ["duplicate_in_store", "reported_in_store"]
    other = prepared(store, tmp_path, text.replace(",3,5", ",4,6"), "thang-3.csv")
    assert other.checked.problems["key"].tolist() == ["conflict_in_store", "reported_in_store"]
