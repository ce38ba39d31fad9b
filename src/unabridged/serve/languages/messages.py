"""Texts of the reader in the language of the request. English is the source: a text is its own key."""

import gettext as catalogues
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from unabridged.serve.languages.choice import ENGLISH, Language

CATALOGUES = Path(__file__).parent / "catalogues"
DOMAIN = "reader"

language: ContextVar[Language] = ContextVar("language", default=ENGLISH)
"""Language of the request, set where a request begins."""


@cache
def catalogue(code: str) -> catalogues.NullTranslations:
    """Return the texts of a language; English ones where it has no catalogue."""
    compiled = CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not compiled.exists():
        return catalogues.NullTranslations()
    with compiled.open("rb") as file:
        return catalogues.GNUTranslations(file)


def gettext(message: str) -> str:
    """Return a text in the language of the request."""
    return catalogue(language.get().code).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a text that a count asks for in the language of the request."""
    return catalogue(language.get().code).ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """Return a text that means something else elsewhere. context: says which meaning it has here."""
    return catalogue(language.get().code).pgettext(context, message)


def later(message: str) -> str:
    """Mark a text of a constant for the catalogues; `gettext` translates it when it is shown."""
    return message


def sentences(*texts: str) -> str:
    """Join sentences, with a space between them where the language has one. Empty ones are left out."""
    return (" " if language.get().is_spaced else "").join(text for text in texts if text)
