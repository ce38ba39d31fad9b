"""Texts of the reader in the language of the request. English is the source: a text is its own key."""

import gettext as catalogues
from contextvars import ContextVar

_SOURCE = catalogues.NullTranslations()

translations: ContextVar[catalogues.NullTranslations] = ContextVar("translations", default=_SOURCE)
"""Catalogue of the request's language, set where a request begins."""


def gettext(message: str) -> str:
    """Return a text in the language of the request."""
    return translations.get().gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a text that a count asks for in the language of the request."""
    return translations.get().ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """Return a text that means something else elsewhere. context: says which meaning it has here."""
    return translations.get().pgettext(context, message)


def later(message: str) -> str:
    """Mark a text of a constant for the catalogues; `gettext` translates it when it is shown."""
    return message
