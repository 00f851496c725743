"""The history of imports as a person reads it."""

from __future__ import annotations

import sqlite3

import pandas as pd
import pytest

from geo.products.records import imports
from geo.schema import Dataset, Provenance
from geo.store import Batch, Store, open_store

ROW = {"unit_system": "current", "unit_code": "30307", "measure": "tip", "value": 7}


@pytest.fixture
def store(tmp_path) -> Store:
    """One batch in use, and one taken back."""
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    for month, dropped in (("2026-08-01", ("Họ tên", "CCCD")), ("2026-09-01", ())):
        rows = pd.DataFrame([{"month": month, **ROW}])
        batch = Batch(Dataset.MONTHLY, rows, Provenance("bao-cao.xlsx", "ab" * 32, "phân tích"), 3, dropped)
        opened.append(batch)
    opened.withdraw(2, who="phân tích")
    opened.database.close()
    with sqlite3.connect(tmp_path / "store.sqlite") as raw:
        raw.execute("UPDATE batch SET imported_at = '2026-11-24T01:15:09+00:00'")
        raw.execute("UPDATE batch SET withdrawn_at = '2026-11-24T18:30:00+00:00' WHERE id = 2")
    raw.close()
    return opened


def test_history_says_who_when_which_file_and_what_was_dropped(store):
    shown = imports.history(store.snapshot(), "vi").set_index("id")
    assert len(shown.loc[1, "Mã tệp"]) == 12
    assert shown.loc[1, "Mã tệp"] != "ab" * 6, "a code of the store's own, not the file's hash"
    assert shown.loc[1, "Lúc (giờ Việt Nam)"] == "24/11/2026 08:15"
    assert shown.loc[1, ["Người nhập", "Tệp", "Cột đã bỏ"]].tolist() == [
        "phân tích", "bao-cao.xlsx", "Họ tên, CCCD",
    ]  # fmt: skip
    assert shown.loc[1, ["Số dòng", "Không nhập", "Thời gian"]].tolist() == ["1", "3", "tháng 8/2026"]
    assert shown["Trạng thái"].to_dict() == {1: "Đang dùng", 2: "Đã hoàn tác 25/11/2026 01:30, phân tích"}
    assert shown["active"].to_dict() == {1: True, 2: False}


def test_history_in_english(store):
    shown = imports.history(store.snapshot(), "en").set_index("id")
    assert shown.loc[1, "When (Vietnam time)"] == "24 Nov 2026 08:15"
    assert shown.loc[2, "Columns dropped"] == ""
