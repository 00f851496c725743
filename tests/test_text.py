import re
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import text
from geo.schema import Measure
from geo.settings import ROOT


def test_every_message_has_both_languages_and_the_same_placeholders():
    number = re.compile(r"\{(\w+)\|[^{}|]*\|[^{}|]*\}")
    for key, entry in text.catalogue().items():
        names = {
            lang: {field for _, field, _, _ in string.Formatter().parse(number.sub("", entry[lang])) if field}
            for lang in text.LANGS
        }
        assert names["vi"] == names["en"], key
        inflected = set(number.findall(entry["en"]))
        assert inflected <= names["en"] | {"n"}, key
        assert not number.search(entry["vi"]), key


@pytest.mark.parametrize(("n", "said"), [(1, "1 commune clearly up"), (0, "0 communes"), (21, "21 communes")])
def test_words_follow_their_number_in_english(n, said):
    values = {"up": n, "down": 3, "chance": "1", "surest": ""}
    assert said in text.t("map.sentence_changes", "en", **values)
    assert "up to 1 commune past" in text.t("map.sentence_changes", "en", **values)
    assert f"{n} xã tăng rõ" in text.t("map.sentence_changes", "vi", **values)


def test_every_measure_has_a_noun_for_one_and_for_many():
    for measure in Measure:
        assert text.noun_of(measure, "1", "en") != text.noun_of(measure, "2", "en")
        assert text.noun_of(measure, "1", "vi") == text.noun_of(measure, "1.234", "vi")


def test_sentences_for_command_staff_hold_no_p_value():
    """Its number stands in tables; a sentence says in words how sure one can be."""
    shown = re.compile(r"(some|none|sentence\w*|class|legend|interval|alone|said_\w+|sure_\w+)$")
    for key, entry in text.catalogue().items():
        if key.split(".")[0] in {"analysis", "before_after", "change", "places", "map"} and shown.search(key):
            for lang in text.LANGS:
                assert "{p}" not in entry[lang], key
                assert not re.search(r"\bp\s*=", entry[lang]), key


def test_every_key_in_the_code_is_in_the_catalogue():
    literal = re.compile(r"""\bt\(\s*["']([a-z0-9_]+\.[a-z0-9_]+)["']""")
    keys = {key for path in (ROOT / "geo").rglob("*.py") for key in literal.findall(path.read_text("utf-8"))}
    keys |= {key for path in (ROOT / "pages").rglob("*.py") for key in literal.findall(path.read_text("utf-8"))}
    assert keys
    assert keys <= set(text.catalogue())


def test_no_message_shouts_or_smiles():
    for key, entry in text.catalogue().items():
        for lang in text.LANGS:
            assert "!" not in entry[lang], key
            assert not re.search("[\U0001f300-\U0001faff]", entry[lang]), key


@pytest.mark.parametrize(
    ("value", "digits", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (-7, 0, "\u22127", "\u22127"),
        (-0.001, 1, "0,0", "0.0"),
        (1_198_650, 0, "1.198.650", "1,198,650"),
    ],
)
def test_numbers_are_written_in_the_language_of_the_page(value, digits, vi, en):
    assert text.number(value, "vi", digits=digits) == vi
    assert text.number(value, "en", digits=digits) == en


def test_signs_and_shares():
    assert text.signed(3, "vi") == "+3"
    assert text.signed(0, "vi") == "0"
    assert text.percent(0.256, "vi", digits=1) == "25,6\u202f%"
    assert text.percent(0.256, "en", digits=1) == "25.6%"


@pytest.mark.parametrize(
    ("start", "end", "vi"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), "01/2023–12/2023"),
        (date(2024, 3, 1), date(2024, 3, 31), "tháng 3/2024"),
        (date(2026, 11, 24), date(2026, 11, 24), "24/11/2026"),
        (date(2026, 10, 4), date(2026, 10, 31), "04/10/2026–31/10/2026"),
    ],
)
def test_periods(start, end, vi):
    assert text.period(start, end, "vi") == vi


@pytest.mark.parametrize(
    ("stamp", "vi", "en"),
    [
        ("2026-11-24T01:15:09+00:00", "24/11/2026 08:15", "24 Nov 2026 08:15"),
        ("2026-11-24T01:15:09", "24/11/2026 08:15", "24 Nov 2026 08:15"),
        ("2026-12-31T18:30:00+00:00", "01/01/2027 01:30", "1 Jan 2027 01:30"),
        ("2026-11-24T08:15:00+07:00", "24/11/2026 08:15", "24 Nov 2026 08:15"),
    ],
)
def test_moments_are_told_in_the_time_of_the_country(stamp, vi, en):
    assert (text.clock(stamp, "vi"), text.clock(stamp, "en")) == (vi, en)


def test_folding_forgets_diacritics_case_and_spaces():
    assert text.fold("  ĐẶC khu  Óc Eo ") == "dac khu oc eo"


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(value):
    assert text.fold(text.fold(value)) == text.fold(value)
