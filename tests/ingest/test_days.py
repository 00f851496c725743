from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.recognising.days import birth_year, is_month_first, read_day, read_month

FIFTH = date(2024, 3, 5)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "05/03/2024", "5/3/2024", "5-3-24", "05.03.2024", "2024-03-05", "2024/3/5", "20240305", "2024-03-05 15:30",
        "2024-03-05T15:30:00+07:00", "15h30 ngày 05/03/2024", "15 giờ 30 phút, ngày 5/3/2024", "05/03/2024 3:30 PM",
        "ngày 5 tháng 3 năm 2024", "Ngày 05 tháng 03 năm 2024", "5 Mar 2024", "March 5, 2024", "45356", "45356.65",
        " 05 / 03 / 2024 ",
    ],
)  # fmt: skip
def test_the_fifth_of_march_however_it_is_written(text):
    assert read_day(text).day == FIFTH


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "date_empty"), ("31/02/2024", "date_impossible"), ("2023-02-29", "date_impossible"),
        ("99/99/9999", "date_impossible"), ("tháng 3/2024", "date_only_month"), ("03/2024", "date_only_month"),
        ("hôm qua", "date_unreadable"), ("5/3", "date_unreadable"), ("0", "date_unreadable"), ("12345678901", "date_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_day_says_why(text, problem):
    assert read_day(text) == (None, problem)


@pytest.mark.parametrize(
    "text",
    ["tháng 3/2024", "Tháng 3 năm 2024", "T3/2024", "03/2024", "3-2024", "2024-03", "202403", "05/03/2024", "45356"],
)
def test_march_however_it_is_written(text):
    assert read_month(text).day == date(2024, 3, 1)


def test_a_month_with_its_year_in_another_column():
    assert read_month("tháng 3", 2024).day == date(2024, 3, 1)
    assert read_month("3", 2024).day == date(2024, 3, 1)
    assert read_month("13", 2024) == (None, "month_impossible")
    assert read_month("3") == (None, "month_unreadable")


def test_day_numbers_of_old_macintosh_books_count_from_1904():
    assert read_day("43894", since_1904=True).day == FIFTH


def test_a_column_in_american_order_is_told_by_days_above_twelve_only():
    assert is_month_first(["03/25/2024", "03/05/2024"])
    assert not is_month_first(["03/05/2024", "04/06/2024"])
    assert not is_month_first(["25/03/2024", "03/25/2024"])
    assert read_day("03/25/2024").problem == "date_impossible"


@given(DAYS)
def test_every_day_is_read_back_from_every_form(day):
    serial = str((day - date(1899, 12, 30)).days)
    for text in (
        f"{day:%d/%m/%Y}",
        day.isoformat(),
        f"{day:%Y%m%d}",
        serial,
        f"ngày {day.day} tháng {day.month} năm {day.year}",
    ):
        assert read_day(text).day == day


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    assert (read_day(text).day is None) == bool(read_day(text).problem)
    assert (read_month(text).day is None) == bool(read_month(text).problem)


@given(DAYS, st.integers(0, 3000))
def test_birth_years_are_found_in_days_and_alone(day, offset):
    assert birth_year(f"{day:%d/%m/%Y}") == day.year
    assert birth_year(str((day + timedelta(offset)).year % 100)) is None
