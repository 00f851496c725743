"""A disk that is full at any moment: what was begun is not half done, it is said why, and with room it can be done."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo.errors import AnttError
from geo.files import write_whole
from geo.store import open_store
from tests.full_disk import SmallDisk
from tests.store.conftest import SECRETS, old_store
from tests.store.test_kills import ROWS, append_several, bring_boundaries, cases, erase, made, restore, undo

__all__ = ["made"]

FORK = multiprocessing.get_context("fork")
DISK = 40 << 20
ROOMS = (0, 30_000, 300_000, 2_000_000)
"""Bytes left: none, less than a page of a log, some of what is written, nearly all of it."""


def keep_a_text(url: str, _folder: Path) -> None:
    open_store(url).texts.keep("briefing", "a", "x" * 200_000, after=0)


def back_up(url: str, _folder: Path) -> None:
    open_store(url).backup(_beside(url, "copy.sqlite"))


def export(url: str, _folder: Path) -> None:
    write_whole(_beside(url, "map.png"), os.urandom(1_000_000))


def update(url: str, _folder: Path) -> None:
    """Open a store of the version before."""
    open_store(f"sqlite:///{_beside(url, 'old.sqlite')}").database.close()


def _beside(url: str, name: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).parent / name


DEEDS = {
    append_several: 5,
    erase: 1,
    restore: 1,
    undo: 1,
    bring_boundaries: 2,
    keep_a_text: 2,
    back_up: 2,
    export: 2,
    update: 2,
}
"""Batches of cases shown once it is done; two before."""


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_on_a_disk_that_fills_it_is_done_or_said_why_and_not_half_done(deed, made, tmp_path):
    answers = FORK.SimpleQueue()
    child = FORK.Process(target=_on_small_disks, args=(deed, made, tmp_path, answers))
    child.start()
    found = answers.get()
    child.join()
    assert isinstance(found, list), found
    for said, held, left_behind, again in found:
        assert said is None or "đĩa đã đầy" in said or "cỡ tệp" in said, said
        assert held in {2, DEEDS[deed]}
        assert said is not None or held == DEEDS[deed]
        assert not left_behind
        assert again == DEEDS[deed]
    assert any(said for said, *_ in found)


def _on_small_disks(deed: Any, made: Path, folder: Path, answers: Any) -> None:
    try:
        answers.put([_tried(deed, made, folder / str(room), room) for room in ROOMS])
    except BaseException as error:
        answers.put(repr(error))


def _tried(deed: Any, made: Path, folder: Path, room: int) -> tuple[str | None, int, list[str], int]:
    """What is said, batches shown then, files left behind, and batches shown when it is done again with room.

    Of a store of before, updated or not, it is looked whether an update left what it takes out.
    """
    folder.mkdir()
    disk = SmallDisk(folder, DISK)
    shutil.copy(made / "store.sqlite", folder / "s.sqlite")
    old_store(folder / "old.sqlite")
    url, said = f"sqlite:///{folder / 's.sqlite'}", None
    before = _names(folder)
    disk.leave(room)
    try:
        deed(url, made)
    except AnttError as error:
        said = error.message("vi")
    disk.clear()
    store = open_store(url)
    store.check_integrity()
    held = cases(url) // ROWS
    store.database.close()
    new = sorted(_names(folder) - before - {"filler"}) if said else []
    if said:
        deed(url, made)
    if deed is update:
        written = b"".join(path.read_bytes() for path in folder.glob("old.sqlite*"))
        new += [secret for secret in SECRETS if secret.encode() in written]
    return said, held, [name for name in new if not name.endswith(("-wal", "-shm", ".lock"))], cases(url) // ROWS


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}
