"""The few errors a person may see. Each carries a message key, so that one catalogue speaks for all of them."""

from __future__ import annotations

from geo.text import Lang, t


class AnttError(Exception):
    """Something a person can act on: what is wrong, how many, the first case, what to do.

    Parameters
    ----------
    key : str
        Message key in the catalogue (`geo/locale`).
    **params
        Values for its placeholders.
    """

    def __init__(self, key: str, /, **params: object) -> None:
        self.key = key
        self.params = params
        super().__init__(self.message("en"))

    def message(self, lang: Lang) -> str:
        """The sentence for a person, in `lang`."""
        return t(self.key, lang, **self.params)


class InputError(AnttError):
    """A file, value or request from outside is not usable; nothing was changed."""


class StoreError(AnttError):
    """The store cannot be opened, read or written."""


class NotFoundError(AnttError):
    """A named thing (unit, batch, boundary version) does not exist."""
