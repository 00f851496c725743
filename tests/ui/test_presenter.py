"""The next slide is made beside the show, once, by one thread, however often the page runs."""

import threading
from types import SimpleNamespace

import pytest

from geo.products.documents.briefings import Briefing
from geo.ui import presenter
from tests.asking import ask


@pytest.fixture
def made(monkeypatch):
    found, gate = [], threading.Event()

    def slide(_snapshot, _briefing, number):
        gate.wait(10)
        found.append((number, threading.current_thread().name))

    monkeypatch.setattr(presenter.briefings, "slide", slide)
    monkeypatch.setattr(presenter.session, "snapshot", lambda: SimpleNamespace(version=1))
    yield found, gate
    gate.set()


def test_one_thread_makes_each_slide_once(made):
    found, gate = made
    briefing = Briefing("A", tuple(ask(title=str(n)) for n in range(60)))
    before = threading.active_count()
    for _ in range(50):
        presenter._make_ready(briefing, 1)
    for number in range(100):
        presenter._make_ready(briefing, number)
    assert threading.active_count() <= before + 1
    assert len(presenter._coming) <= presenter._MOST_COMING
    gate.set()
    presenter._ahead.submit(lambda: None).result(30)
    numbers = [number for number, _ in found]
    assert numbers[0] == 1
    assert len(numbers) == len(set(numbers)) == presenter._MOST_COMING
    assert len({name for _, name in found}) == 1
    assert not presenter._coming
