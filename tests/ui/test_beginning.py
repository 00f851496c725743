"""Pages of an installation that has only begun, run as Streamlit runs them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.settings import PACKAGE
from tests.homes import home_in
from tests.young import province, young_store_in

MAIN = PACKAGE / "ui" / "main.py"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with home_in(tmp_path), province("92"):
        yield tmp_path


def _shown(**params: str) -> AppTest:
    """The first page at an address."""
    app = AppTest.from_file(MAIN)
    app.query_params.update(params)
    app.run(timeout=60)
    assert not app.exception
    return app


def _texts(app: AppTest) -> str:
    kinds = ("info", "warning", "error")
    return "\n".join(
        [*(one.value for kind in kinds for one in app.get(kind)), *(one.proto.body for one in app.get("html"))]
    )


@pytest.mark.usefixtures("home")
def test_without_boundaries_the_page_says_how_they_come():
    said = _texts(_shown())
    assert "antt boundaries import" in said
    assert "antt demo" not in said


def test_without_records_the_page_leads_to_the_imports(home):
    young_store_in(home)
    app = _shown()
    assert 'href="imports' in _texts(app)
    assert not app.warning
    assert not app.error


def test_where_there_are_no_former_units_the_present_ones_are_shown_and_it_is_said_once(home):
    young_store_in(home, [date(2026, 8, 1)])
    app = _shown(sys="legacy")
    assert [one.value for one in app.info] == [
        "Kho không có ranh giới các đơn vị trước 7/2025, nên đang hiện các đơn vị hiện nay."
    ]
    assert not app.warning
    assert not app.error


def test_the_search_box_names_communes_of_the_store(home):
    young_store_in(home, [date(2026, 8, 1)])
    assert _shown().text_input(key="search").placeholder == "Ví dụ: o 1, Ô 2, Ô 3"


def test_a_store_of_another_province_is_not_shown(home):
    young_store_in(home, [date(2026, 8, 1)])
    with province("96"):
        app = AppTest.from_file(MAIN).run(timeout=60)
    assert len(app.exception) == 1  # which the application's handler says in words
    assert not app.get("iframe")
    assert "Ô 1" not in _texts(app)


def _charts_no_months():
    import pandas as pd

    from geo.products.situation.trend import Trend
    from geo.ui import blocks

    columns = ["count", "mean", "low", "high"]
    blocks.trend_chart(Trend(pd.DataFrame(columns=columns, index=pd.DatetimeIndex([])), "Vụ việc"), "vi", height=150)


def test_in_place_of_a_chart_without_months_stands_how_many_it_takes():
    app = AppTest.from_function(_charts_no_months).run()
    assert not app.exception
    assert "9 tháng" in app.caption[0].value
