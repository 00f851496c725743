"""The digest of a month: its verdicts are the map's, tips are told of the province alone, files are repeatable."""

from __future__ import annotations

import html
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError, NotFoundError
from geo.products.documents.digests import as_html, as_text, said_of, written
from geo.products.programme.alerts import DIGESTED, Of, changes_since, digest
from geo.products.situation.counts import counts
from geo.products.situation.usual import judged
from geo.schema import EVENT_MEASURES, MASKED_MEASURES, MONTHLY_MEASURES, YEARLY_MEASURES, Measure, Query
from geo.store import open_store
from geo.text import day_of, number, t
from geo.views import tone, verdict
from tests.young import province, young_store_in

MONTH = (date(2026, 10, 1), date(2026, 10, 31))
OPEN = [measure for measure in DIGESTED if measure not in MASKED_MEASURES]


def test_it_is_of_events_and_months_and_of_no_year():
    assert set(DIGESTED) == EVENT_MEASURES | MONTHLY_MEASURES
    assert not set(DIGESTED) & YEARLY_MEASURES


@pytest.mark.parametrize("measure", OPEN)
def test_verdicts_are_those_of_the_map(demo_store, measure):
    snapshot = demo_store.snapshot()
    (found,) = digest(snapshot, [measure]).measures
    query = Query(measure, *MONTH)
    counted, rule = counts(snapshot, query), judged(snapshot, query)
    assert found.total == counted.total
    assert found.tone == tone(rule.total)
    assert number(counted.total, "vi") in said_of(found, "vi")
    assert verdict(rule.total, "vi") in said_of(found, "vi")
    score = rule.score[counted.readable].dropna()
    outside = {code for code in score.index if tone(score[code]) in ("up", "down")}
    assert {place.code for place in found.places} == outside
    assert {place.code for place in found.places if place.certain} == set(rule.certain(list(score.index)))
    assert all(place.count == counted.now[place.code] for place in found.places)


def test_something_planted_is_found(demo_store):
    found = digest(demo_store.snapshot())
    assert any(one.places for one in found.measures)
    assert found.outside == sum(one.stands_out for one in found.measures)


def test_of_tips_the_province_alone_is_told(demo_store):
    snapshot = demo_store.snapshot()
    found = digest(snapshot)
    for one in found.measures:
        assert one.masked == (one.measure in MASKED_MEASURES)
        if one.masked:
            assert (one.places, len(one.scores)) == ((), 0)
    names = set(snapshot.units()["name"])
    (section, _) = written(snapshot, digest(snapshot, sorted(MASKED_MEASURES & set(DIGESTED))), "vi").sections
    assert not [item for item in section.items if item.below]
    said = " ".join(" ".join((item.line, *item.notes)) for item in section.items)
    assert not [name for name in names if name in said]


def test_a_total_that_may_not_be_known_is_called_hidden():
    whole = Of(Measure.TIP, True, np.nan, True, np.nan, (3, 102), pd.Series(dtype=float))
    assert said_of(whole, "vi") == t("alerts.line_hidden", "vi", measure=t("map.measure_tip", "vi"))
    assert not any(letter.isdigit() for letter in said_of(whole, "en"))
    assert "chưa có báo cáo" in said_of(replace(whole, hidden=False), "vi")
    assert "chưa xét" in said_of(replace(whole, begun=False), "vi")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_both_forms_say_the_same_with_their_marks(demo_store, lang):
    snapshot = demo_store.snapshot()
    text = written(snapshot, digest(snapshot), lang)
    plain, page = as_text(text), as_html(text)
    said = html.unescape(re.sub(r"<[^>]+>", "", page))
    for words in (*text.marks, text.title, text.data_date, text.sentence, *(line for _, line in text.stamps)):
        assert words in plain
        assert words in said
    for section in text.sections:
        for item in section.items:
            for words in (item.line, *item.notes, *item.below):
                assert words in plain
                assert words in said
    assert t("map.demo_mark", lang) in text.marks
    assert len(text.marks) == 2
    assert text.stamps[1][1] != t("map.suppression_none", lang)
    assert t("map.method_change", lang) in plain
    assert "://" not in page


def test_it_is_the_same_to_the_byte(demo_store):
    def made():
        snapshot = open_store(demo_store.url).snapshot()
        text = written(snapshot, digest(snapshot), "vi")
        return as_text(text).encode(), as_html(text).encode()

    assert made() == made()


def test_what_comes_from_data_is_escaped(demo_store):
    snapshot = demo_store.snapshot()
    found = digest(snapshot, OPEN)
    one = next(one for one in found.measures if one.places)
    place = replace(one.places[0], name="<b>&</b>")
    text = written(snapshot, replace(found, measures=(replace(one, places=(place,)),)), "vi")
    assert "<b>" not in as_html(text)
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in as_html(text)


def test_a_measure_without_records_of_the_month_is_not_judged(demo_store, tmp_path):
    store = _copy(demo_store, tmp_path)
    for batch in store.batches().query("dataset == 'cases'")["id"]:
        store.withdraw(int(batch), who="cli")
    found = {one.measure: one for one in digest(store.snapshot()).measures}
    assert {measure for measure, one in found.items() if not one.begun} == {
        Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT,
    }  # fmt: skip
    assert (found[Measure.CASE].tone, found[Measure.CASE].places) == ("none", ())
    assert found[Measure.DEN_CLEARED].tone == "usual"


def _copy(store, folder):
    shutil.copyfile(store.url.removeprefix("sqlite:///"), folder / "antt.sqlite")
    return open_store(f"sqlite:///{folder / 'antt.sqlite'}")


def test_changes_are_counted_from_their_day(demo_store):
    snapshot = demo_store.snapshot()
    first = min(map(day_of, snapshot.batches["imported_at"]))
    found = changes_since(snapshot, first, MONTH[0])
    told = snapshot.batches[snapshot.batches["dataset"] != "zones"]
    assert len(told) < len(snapshot.batches)
    assert sum(one.batches for one in found.came) == len(told)
    assert sum(one.rows for one in found.came) == told["rows"].sum()
    assert (found.back, found.erased) == (0, 0)
    delays = snapshot.delays()
    of_before = delays[delays["day"] < "2026-10-01"].groupby("dataset")["rows"].sum()
    assert dict(found.late) == of_before.to_dict()
    last = max(map(day_of, snapshot.batches["imported_at"]))
    after = changes_since(snapshot, last + timedelta(days=1), MONTH[0])
    assert (after.came, after.back, after.erased, after.late) == ((), 0, 0, ())


def test_what_was_taken_back_is_counted(demo_store, tmp_path):
    store = _copy(demo_store, tmp_path)
    by_dataset = store.batches().groupby("dataset")["id"].first()
    for dataset in ("monthly", "zones"):
        store.withdraw(int(by_dataset[dataset]), who="cli")
    changes = changes_since(store.snapshot(), date(2000, 1, 1), MONTH[0])
    assert (changes.back, changes.erased) == (1, 0)
    assert sum(one.batches for one in changes.came) == (store.batches()["dataset"] != "zones").sum()


def test_since_is_the_day_after_the_month_unless_said(demo_store):
    snapshot = demo_store.snapshot()
    found = digest(snapshot, [Measure.CASE])
    assert (found.month, found.first, found.last) == ("2026-10", *MONTH)
    assert found.changes.since == date(2026, 11, 1)
    assert digest(snapshot, [Measure.CASE], date(2026, 1, 5)).changes.since == date(2026, 1, 5)


@pytest.mark.parametrize("name", ["theft", "", "festival", "reintegrated", "CASE"])
def test_a_measure_that_is_not_of_months_is_said(demo_store, name):
    with pytest.raises(InputError) as refused:
        digest(demo_store.snapshot(), ["case", name])
    assert refused.value.key == "alerts.measure_unknown"
    assert "den_cleared" in refused.value.message("vi")


def test_a_store_without_records_says_so(tmp_path):
    with province("92"), pytest.raises(NotFoundError):
        digest(young_store_in(tmp_path).snapshot())


def test_a_store_that_has_only_begun_compares_nothing(tmp_path):
    with province("92"):
        found = digest(young_store_in(tmp_path, [date(2026, 8, 1)]).snapshot())
    assert (found.month, found.outside) == ("2026-08", 0)
    assert {one.tone for one in found.measures} == {"none"}
    assert not [place for one in found.measures for place in one.places]
