"""Every renderer shows title, period, data date, marking, every legend label and the attribution."""

from __future__ import annotations

import html
import subprocess
from datetime import date

import pytest

from geo.render import static, web
from geo.schema import Measure, Per, Query, ZoneKind
from tests.asking import situation

QUESTIONS = [
    (Query(Measure.DEN_CLEARED, date(2025, 11, 1), date(2026, 10, 31)), {"clusters": True, "zones": tuple(ZoneKind)}),
    (Query(Measure.CASE, date(2025, 1, 1), date(2025, 12, 31), per=Per.PEOPLE), {"classes": 7}),
    (Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31)), {"compare": True}),
    (Query(Measure.TIP, date(2026, 9, 1), date(2026, 9, 30)), {}),
]  # fmt: skip


def _screen(spec, _path) -> str:
    return html.unescape(web.build(spec).get_root().render())


def _paper(spec, path) -> str:
    static.draw(spec, path / "map.pdf", size="a4")
    done = subprocess.run(["pdftotext", "-raw", path / "map.pdf", "-"], capture_output=True, text=True, check=True)
    return done.stdout


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("render", [_screen, _paper])
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("query", "drawn"), QUESTIONS, ids=["dens", "rate", "change", "masked"])
def test_what_a_reader_must_know_is_there(demo_store, tmp_path, render, lang, query, drawn):
    spec = situation(demo_store, query, lang, **drawn)
    shown = _squeezed(render(spec, tmp_path))
    wanted = [spec.title, spec.period, spec.data_date, spec.marking, spec.demo_mark, spec.boundary.warning]
    wanted += [spec.boundary.attribution, *(group.title for group in spec.legend)]
    wanted += [entry.label for group in spec.legend for entry in group.entries]
    assert all(wanted)
    missing = [text for text in wanted if _squeezed(text) not in shown]
    assert not missing
