"""What may be kept of who gave a priority area and by which paper: names of offices and numbers of papers, no more."""

from __future__ import annotations

import re
from collections.abc import Collection

from geo.personal.names import place_names
from geo.text import fold

__all__ = ["LONGEST_OFFICE", "LONGEST_PAPER", "is_office", "is_paper"]

LONGEST_PAPER, LONGEST_OFFICE = 40, 120

_PAPER = re.compile(r"\d{1,6}(?:/(?:19|20)\d\d)?/[A-ZĐƯ]{1,8}(?:-[A-ZĐƯ]{1,10}\d{0,3}){0,3}")
"""A number, the year where it stands there, the kind of paper and who signs: 123/QĐ-UBND, 45/2026/KH-CAT-PV05."""

_OFFICE_WORDS = frozenset(
    word for words in (
        "cong an bo chi huy ban si dieu hanh tinh xa phuong dac",
        "khu huyen thi tran thanh pho so phong don tram to doi ty",
        "uy nhan dan hoi dong mat tran quoc viet nam ubnd hdnd ubmttq mttq ubmt cat cax",
        "doi bien phong quan su cong doan thanh nien phu nu nong cuu chien binh trung uong tu ap khom",
        "an ninh trat phong trao toan bao ve to giao duc dao",
        "tao cong nghiep ban quan ly khu kinh te tuyen dia trong diem",
        "va cac cua thuoc theo de nghi danh muc ban do",
        "so lieu tay nhap thong ke cua police office province committee front",
        "of the commune ward border guard department map list drawn import",
    ) for word in words.split()
)  # fmt: skip
"""Folded words that names of offices are made of."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST_PLACE = 5


def is_paper(text: str) -> bool:
    """Whether it is the number of a decision or plan, or empty."""
    return not text or (len(text) <= LONGEST_PAPER and _PAPER.fullmatch(text) is not None)


def is_office(text: str, places: Collection[str] = ()) -> bool:
    """Whether it is put together of words of offices, names of communes and short numbers, or empty.

    Parameters
    ----------
    text : str
    places : collection of str, optional
        Folded names of communes, with and without their kind, besides those of the reference.
    """
    words = [fold(word) for word in _WORD.findall(text)]
    reached = {0}
    for n, word in enumerate(words):
        if n not in reached:
            continue
        if word in _OFFICE_WORDS or re.fullmatch(r"\d{1,2}|pv?\d{2}", word):
            reached.add(n + 1)
        for length in range(1, _LONGEST_PLACE + 1):
            name = " ".join(words[n : n + length])
            if name in places or (length > 1 and name in place_names()):
                reached.add(n + length)
    return len(text) <= LONGEST_OFFICE and len(words) in reached
