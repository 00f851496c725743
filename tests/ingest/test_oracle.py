"""Whoever may bring figures in cannot find a hidden one out by trying."""

from __future__ import annotations

import hashlib
import json

import openpyxl
import pytest

from geo.errors import InputError
from geo.ingest import commit, errors_file, prepare
from geo.ingest.recognising.mapping import Mapping
from geo.products.records.imports import history
from geo.schema import MASKED_MEASURES, YEARLY_MEASURES, Dataset, Measure
from geo.text import t
from tests.ingest.conftest import TODAY, write

MONTHS = ("2026-08", "2026-09")
UNITS = ("Long Xuyên", "Bình Đức", "Mỹ Thới", "Mỹ Hòa Hưng", "Cô Tô", "Hà Tiên")


def _file(tmp_path, measure, counts, name="bao_cao.csv"):
    heading = t(f"map.measure_{measure}", "vi")
    lines = [f"Tháng,Đơn vị,{heading}"]
    lines += [f"{month},{unit},{count}" for month in MONTHS for unit, count in zip(UNITS, counts)]
    return write(tmp_path / name, "\n".join(lines))


@pytest.fixture
def reported(store, tmp_path):
    """A store with small counts of both masked measures."""
    for measure in sorted(MASKED_MEASURES - YEARLY_MEASURES):
        ready = prepare(_file(tmp_path, measure, (1, 2, 3, 4, 9, 0), f"{measure}.csv"), store=store, today=TODAY)
        assert ready.accepted == len(MONTHS) * len(UNITS)
        commit(ready, store, who="t")
    return store


def _said(ready, tmp_path):
    """All that a check says: the page's table, notes and figures, and the workbook of rows to correct."""
    checked = ready.checked
    told = [
        checked.problems.drop(columns="value").to_dict("records"), [note.message("vi") for note in ready.notes],
        ready.accepted, ready.rejected, checked.duplicates, checked.total, ready.imported_before,
    ]  # fmt: skip
    errors_file(ready, tmp_path / "e.xlsx")
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    told += [len(list(sheet.iter_rows())) for sheet in book]
    return json.dumps(told, default=str)


@pytest.mark.parametrize("measure", sorted(MASKED_MEASURES - YEARLY_MEASURES))
def test_a_check_says_the_same_whatever_count_is_tried(reported, tmp_path, measure):
    said = set()
    for tried in (0, 1, 2, 3, 4, 9, 250):
        ready = prepare(_file(tmp_path, measure, [tried] * len(UNITS)), store=reported, today=TODAY)
        assert ready.accepted == 0
        said.add(_said(ready, tmp_path))
    assert len(said) == 1


@pytest.mark.parametrize("measure", sorted(MASKED_MEASURES - YEARLY_MEASURES))
def test_the_very_file_is_not_known_again(reported, tmp_path, measure):
    """Else who has the form of a commune's file would try the few counts it may hold."""
    same = prepare(_file(tmp_path, measure, (1, 2, 3, 4, 9, 0)), store=reported, today=TODAY)
    other = prepare(_file(tmp_path, measure, (1, 2, 3, 3, 9, 0)), store=reported, today=TODAY)
    assert _said(same, tmp_path) == _said(other, tmp_path)


def test_what_was_reported_is_never_written_over(reported, tmp_path):
    before = reported.snapshot().publication(Measure.TIP)
    ready = prepare(_file(tmp_path, Measure.TIP, (4, 4, 4, 4, 4, 4)), store=reported, today=TODAY)
    assert set(ready.checked.problems["key"]) == {"reported_in_store"}
    after = reported.snapshot().publication(Measure.TIP)
    assert (before.hidden == after.hidden).all()
    assert before.total.tolist() == after.total.tolist() == [19.0, 19.0]


def test_other_measures_are_compared_as_before(store, tmp_path):
    commit(prepare(_file(tmp_path, Measure.SESSION, range(6)), store=store, today=TODAY), store, who="t")
    keys = [
        set(prepare(_file(tmp_path, Measure.SESSION, counts), store=store, today=TODAY).checked.problems["key"])
        for counts in (range(6), [7] * 6)
    ]
    assert keys == [{"duplicate_in_store"}, {"conflict_in_store"}]


def test_the_history_of_imports_tells_rows_and_months_alone(reported):
    told = history(reported.snapshot(), "vi").astype(str).to_numpy().ravel().tolist()
    assert "12" in told
    assert not {"19", "38"} & set(told)


@pytest.mark.parametrize("measure", sorted(MASKED_MEASURES - YEARLY_MEASURES))
@pytest.mark.parametrize("other", [Measure.SESSION, None], ids=["another measure", "population"])
def test_the_very_file_is_not_known_again_when_it_is_read_as_something_else(reported, tmp_path, measure, other):
    """Which column means what is for whoever imports to say."""
    said = set()
    for third in (1, 2, 3, 4):
        path = _file(tmp_path, measure, (1, 2, third, 4, 9, 0), f"{measure}.csv")
        heading = t(f"map.measure_{measure}", "vi")
        columns = {"month": "Tháng", "unit": "Đơn vị"} | ({str(other): heading} if other else {"people": heading})
        mapping = Mapping(Dataset.MONTHLY if other else Dataset.POPULATION, columns)
        try:
            ready = prepare(path, store=reported, mapping=mapping, today=TODAY)
        except InputError as error:
            said.add(error.key)
            continue
        said.add(json.dumps([ready.imported_before, [note.key for note in ready.notes], ready.accepted]))
    assert len(said) == 1


def test_nothing_handed_out_is_made_of_the_file_alone(reported, tmp_path):
    """Who can guess a file could else see whether it is the one."""
    shown = [reported.batches(), reported.snapshot().batches, history(reported.snapshot(), "vi")]
    everything = " ".join(frame.astype(str).to_string(max_colwidth=None) for frame in shown)
    for measure in sorted(MASKED_MEASURES - YEARLY_MEASURES):
        content = _file(tmp_path, measure, (1, 2, 3, 4, 9, 0), f"{measure}.csv").read_bytes()
        for name in ("sha256", "sha1", "md5", "blake2b"):
            assert hashlib.new(name, content).hexdigest()[:10] not in everything
    assert reported.batches()["file_code"].is_unique
