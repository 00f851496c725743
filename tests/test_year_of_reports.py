"""A year of monthly reports from all communes, written into the product's own template, brought in in one go."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from geo.cli import commands
from geo.ingest.recognising.codes import code_list
from geo.ingest.reporting.templates import template_bytes
from geo.products.programme.targets import progress
from geo.products.records.quality import quality
from geo.products.situation.counts import counts
from geo.schema import Dataset, Measure, Query, add_months
from geo.store import Store, open_store
from geo.units.boundaries import default_units
from tests.asking import answered, ask
from tests.homes import home_in
from tests.ingest.files import repacked

FIRST = date(2025, 11, 1)
MONTHS = [add_months(FIRST, n) for n in range(12)]
MISSING = 3
VALUES = {Measure.SESSION: 2, Measure.ATTENDANCE: 90, Measure.LETTER: 40, Measure.TIP: 6, Measure.COMMUNITY_MODEL: 0}
"""What every commune reports each month; a model in none."""


def reports(folder: Path) -> tuple[list[Path], list[str]]:
    """One workbook for each commune but the last three, and one commune twice, the second time with other counts."""
    units = default_units()
    named = [f"{kind} {name}" for kind, name in zip(units["kind"], units["name"])]
    ordinary, other = (_filled(VALUES | {Measure.SESSION: sessions}) for sessions in (2, 3))
    paths = []
    for n, name in enumerate([*named[:-MISSING], named[0]]):
        content = other if n == len(named) - MISSING else ordinary
        path = folder / f"bao-cao-{n:03}.xlsx"
        path.write_bytes(repacked(content, lambda _, part, name=name: part.replace(PLACE.encode(), name.encode())))
        paths.append(path)
    return paths, list(units["code"])


PLACE = "(commune)"


def _filled(values: dict[Measure, int]) -> bytes:
    """The template with twelve months of one commune, called `PLACE`."""
    book = openpyxl.load_workbook(BytesIO(template_bytes(Dataset.MONTHLY)))
    sheet = book.worksheets[0]
    heads = [str(sheet.cell(1, n).value).removesuffix(" *") for n in range(1, sheet.max_column + 1)]
    for row, day in enumerate(MONTHS, 2):
        told = {"Tháng": day, "Xã, phường, đặc khu": PLACE}
        told |= {code_list("measure").label(measure, "vi"): value for measure, value in values.items()}
        for head, value in told.items():
            sheet.cell(row, heads.index(head) + 1).value = value
    raw = BytesIO()
    book.save(raw)
    return raw.getvalue()


@pytest.fixture(scope="module")
def brought_in(tmp_path_factory) -> tuple[dict, Store, list[str]]:
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("reports")
    paths, codes = reports(folder)
    with home_in(home):
        result = CliRunner().invoke(commands(), ["import", *map(str, paths), "--yes", "--json"])
        yield (
            json.loads(result.stdout) | {"exit": result.exit_code},
            open_store(f"sqlite:///{home / 'antt.sqlite'}"),
            codes,
        )


def test_each_report_is_a_batch_and_the_one_sent_twice_is_said_to_be(brought_in):
    result, store, _ = brought_in
    assert (result["files"], result["failed"], result["exit"], result["ok"]) == (100, 1, 2, False)
    assert result["accepted"] == 99 * 12 * len(VALUES)
    twice = result["imports"][-1]
    assert twice["error"] == "ingest.nothing_good"
    assert "12" in twice["message"]
    assert len(store.batches()) == 99


def test_totals_are_those_of_the_first_reports_and_nothing_is_a_silent_zero(brought_in):
    _, store, codes = brought_in
    found = counts(store.snapshot(), Query(Measure.SESSION, FIRST, date(2026, 10, 31)))
    assert found.total == 99 * 12 * 2
    assert found.now[codes[-MISSING:]].isna().all()
    assert (found.now[codes[:-MISSING]] == 24).all()
    assert found.reporting(()) == (102, 99, 99)
    models = counts(store.snapshot(), Query(Measure.COMMUNITY_MODEL, FIRST, date(2026, 10, 31)))
    assert (models.now[codes[:-MISSING]] == 0).all()  # they said so
    assert models.now[codes[-MISSING:]].isna().all()


def test_the_pages_say_who_is_missing(brought_in):
    _, store, codes = brought_in
    names = set(store.snapshot().units()["name"][codes[-MISSING:]])
    period = {"measure": Measure.SESSION, "between": (FIRST, date(2026, 10, 31))}
    since = ask("coverage", reach="since", **period)
    for page, question in (("map", ask("map", **period)), ("coverage", since)):
        spec = answered(store, question)
        at = next(n for n, column in enumerate(spec.table.columns) if column.key in ("count", "value"))
        silent = {row.texts[0] for row in spec.table.rows if row.values[at] is None}
        assert silent == names, page
    assert "3 xã chưa từng có báo cáo" in answered(store, since).sentence
    assert {line.split(" (")[0] for line in quality(store.snapshot(), "vi", Measure.SESSION).silent[:MISSING]} == names
    assert progress(store.snapshot(), Measure.SESSION, 2026).done == 99 * 10 * 2
