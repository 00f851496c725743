"""Drawings as one PDF file: bookmarks, structure tags, language and recipe, the same bytes whenever it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from matplotlib.backends.backend_pdf import PdfPages
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, OutlineItem, Pdf, String

from geo.render.static.canvas import Canvas, Tag
from geo.text import Lang

__all__ = ["RECIPE", "About", "Leaf", "read_recipe", "written"]

RECIPE = "recipe.json"
"""Name of the file within the file that holds the recipe."""


@dataclass(frozen=True)
class Leaf:
    """A page: its drawing, its bookmark, and what a screen reader says of its map."""

    canvas: Canvas
    bookmark: str
    spoken: str


@dataclass(frozen=True)
class About:
    """What the file says of itself."""

    title: str
    subject: str
    recipe: str
    lang: Lang


def written(leaves: Iterable[Leaf], about: About, drawing: Callable[[], AbstractContextManager[None]]) -> bytes:
    """The file; each page is drawn when its turn comes, and let go.

    `drawing` is entered for each page on its own, so that others may draw between two pages of a long file.
    """
    target = BytesIO()
    metadata = {
        "Title": about.title, "Subject": about.subject, "CreationDate": None, "Creator": None,
        "Producer": None,
    }  # fmt: skip
    pages = PdfPages(target, metadata=metadata)
    marked = list(_drawn(leaves, pages, drawing))
    with drawing():
        pages.close()  # type: ignore[no-untyped-call]
    target.seek(0)
    with pikepdf.open(target) as book:
        _bookmark(book, [bookmark for bookmark, _, _ in marked])
        _tag(book, [(tags, spoken) for _, tags, spoken in marked])
        _attach(book, about.recipe)
        book.Root.Lang = String({"vi": "vi-VN", "en": "en-GB"}[about.lang])
        book.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        final = BytesIO()
        book.save(final, deterministic_id=True)
    return final.getvalue()


def _drawn(
    leaves: Iterable[Leaf], pages: PdfPages, drawing: Callable[[], AbstractContextManager[None]]
) -> Iterator[tuple[str, list[Tag], str]]:
    waiting = iter(leaves)
    while True:
        with drawing():
            leaf = next(waiting, None)
            if leaf is None:
                return
            pages.savefig(leaf.canvas.figure)  # type: ignore[no-untyped-call]
        yield leaf.bookmark, leaf.canvas.tags, leaf.spoken


def _attach(book: Pdf, recipe: str) -> None:
    """The recipe as a file within the file: what a viewer lists as properties of the document holds no figures."""
    held = recipe.encode()
    book.attachments[RECIPE] = AttachedFileSpec(
        book, held, filename=RECIPE, mime_type="application/json", relationship=Name.Data
    )


def _bookmark(book: Pdf, titles: Sequence[str]) -> None:
    if len(titles) < 2:
        return
    with book.open_outline() as outline:
        outline.root.extend(OutlineItem(title, number) for number, title in enumerate(titles))


def _tag(book: Pdf, pages: Sequence[tuple[list[Tag], str]]) -> None:
    """The structure tree: a section for each page, an element for each piece of it (ISO 32000-1, 14.7)."""
    root = book.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    sections, parents = [], []
    for number, (page, (tags, spoken)) in enumerate(zip(book.pages, pages)):
        page.obj.StructParents = number
        page.obj.Tabs = Name.S
        section = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=document))
        elements = []
        for place, kind in enumerate(tags):
            element = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=section, Pg=page.obj, K=place)
            if kind == "Figure":
                element.Alt = String(spoken)
            elements.append(book.make_indirect(element))
        section.K = Array(elements)
        sections.append(section)
        parents += [number, book.make_indirect(Array(elements))]
    document.K = Array(sections)
    root.K = Array([document])
    root.ParentTree = book.make_indirect(Dictionary(Nums=Array(parents)))
    root.ParentTreeNextKey = len(sections)
    book.Root.StructTreeRoot = root
    book.Root.MarkInfo = Dictionary(Marked=True)


def read_recipe(pdf: bytes) -> str:
    """The recipe in a PDF, empty where there is none; files from before carry it in their properties.

    Raises
    ------
    pikepdf.PdfError
        If the file is damaged or locked.
    """
    with pikepdf.open(BytesIO(pdf)) as book:
        if RECIPE in book.attachments:
            return str(book.attachments[RECIPE].get_file().read_bytes(), "utf-8")
        return str(book.docinfo.get("/Keywords", ""))
