"""Briefings are kept in the store: nobody's change is lost, and one with a mistake is shown with it."""

import multiprocessing
from dataclasses import replace
from datetime import date

import pytest

from geo.errors import InputError, NotFoundError
from geo.products.documents import shelf
from geo.products.documents.briefings import Briefing, dump
from geo.schema import Measure
from geo.store import TextChangedError, open_store
from tests.asking import ask
from tests.homes import home_in

TODAY = date(2026, 10, 31)
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def home(tmp_path):
    with home_in(tmp_path) as folder:
        yield folder


@pytest.fixture
def kept(home):
    return open_store(f"sqlite:///{home / 'antt.sqlite'}").texts


def titles(kept):
    return [item.title for item in shelf.listed(kept)]


def test_briefings_are_kept_changed_and_forgotten(kept):
    name = shelf.bring(kept, Briefing("Giao ban tuần 47", (ask(),)))
    assert name == "giao-ban-tuan-47"
    assert shelf.listed(kept)[0] == shelf.Listed(name, "Giao ban tuần 47")
    assert shelf.load(kept, name, TODAY).slides == (ask(),)
    shelf.change(kept, name, TODAY, lambda briefing: replace(briefing, title="Khác"))
    assert shelf.bring(kept, Briefing("Giao bàn tuần 47")) == "giao-ban-tuan-47-2"
    assert shelf.load(kept, name, TODAY).title == "Khác"
    shelf.remove(kept, "giao-ban-tuan-47-2")
    shelf.remove(kept, name)
    assert titles(kept) == ["Giao ban tuần"]
    assert not shelf.is_own(kept, "giao-ban-tuan")
    for bad in ("none", "../antt", "a/b", ""):
        with pytest.raises(NotFoundError):
            shelf.load(kept, bad, TODAY)
        with pytest.raises(NotFoundError):
            shelf.remove(kept, bad)


def test_one_that_the_product_brings_becomes_the_offices_own_by_a_change(kept):
    shelf.change(kept, "giao-ban-tuan", TODAY, lambda briefing: replace(briefing, title="Của tôi"))
    assert titles(kept) == ["Của tôi"]
    shelf.remove(kept, "giao-ban-tuan")
    assert titles(kept) == ["Giao ban tuần"]


def _adding(url, name, each, measure):
    texts = open_store(url).texts
    for _ in range(each):
        shelf.add(texts, name, ask(measure=measure), TODAY)


@pytest.mark.usefixtures("home")
def test_what_several_add_at_once_is_all_there(tmp_path):
    url = f"sqlite:///{tmp_path / 'antt.sqlite'}"
    store = open_store(url)
    name = shelf.bring(store.texts, Briefing("Chung"))
    store.database.close()
    children = [FORK.Process(target=_adding, args=(url, name, 10, m)) for m in (Measure.CASE, Measure.DEN_CLEARED) * 2]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    slides = shelf.load(store.texts, name, TODAY).slides
    assert len(slides) == 40
    assert sum(slide.query.measure is Measure.CASE for slide in slides) == 20


def test_a_text_is_written_only_after_the_version_it_was_made_from(kept):
    assert kept.keep("briefing", "a", "1", after=0) == 1
    for stale in (0, 2):
        with pytest.raises(TextChangedError):
            kept.keep("briefing", "a", "2", after=stale)
    assert kept.keep("briefing", "a", "2", after=1) == 2
    with pytest.raises(TextChangedError):
        kept.forget("briefing", "a", after=1)
    assert kept.get("briefing", "a").text == "2"
    kept.forget("briefing", "a", after=2)
    assert kept.get("briefing", "a") is None


def test_only_the_newest_of_a_kind_may_be_kept(kept):
    for n in range(5):
        kept.keep("mapping", f"m{n}", "{}", after=0)
    kept.keep("briefing", "b", "x", after=0)
    kept.keep_newest("mapping", 2)
    assert len(kept.all("mapping")) == 2
    assert kept.get("briefing", "b")


WRONG = {
    "typo.yaml": b"briefing: 1\ntitle: A\nslides:\n  - {colour: red}",
    "not-yaml.yaml": b"briefing: [1",
    "latin.yaml": "briefing: 1\ntitle: Giao ban tuần".encode("utf-16"),
    "control.yaml": b"briefing: 1\ntitle: \x01\x02",
    "Ten Co Dau Cach.yaml": b"briefing: 1\ntitle: A",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_with_a_mistake_is_listed_with_it_and_stays(kept, home, name):
    (home / "briefings").mkdir()
    path = home / "briefings" / name
    path.write_bytes(WRONG[name])
    (item,) = [item for item in shelf.listed(kept) if item.problem]
    assert item.title == name
    assert item.problem.message("vi") != item.problem.message("en")
    assert path.read_bytes() == WRONG[name]
    with pytest.raises((InputError, NotFoundError)):
        shelf.load(kept, item.name, TODAY)


def test_a_file_in_the_folder_comes_in_by_itself(kept, home):
    (home / "briefings").mkdir()
    path = home / "briefings" / "tuan-48.yaml"
    path.write_text(dump(Briefing("Tuần 48", (ask(),))), "utf-8")
    assert titles(kept)[0] == "Tuần 48"
    assert shelf.is_own(kept, "tuan-48")
    assert not path.exists()
    assert (home / "briefings" / "nhap" / "tuan-48.yaml").is_file()


def test_briefings_go_with_a_backup(home, tmp_path):
    store = open_store(f"sqlite:///{home / 'antt.sqlite'}")
    shelf.bring(store.texts, Briefing("Giữ lại"))
    store.backup(tmp_path / "copy.sqlite")
    shelf.remove(store.texts, "giu-lai")
    store.restore(tmp_path / "copy.sqlite")
    assert titles(store.texts)[0] == "Giữ lại"
