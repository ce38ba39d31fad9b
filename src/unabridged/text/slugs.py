"""Folder names of the document tree, made from the names of sources."""

import unicodedata

from unabridged.text.patterns import lazy_regex

MAX_SLUG = 60
SAVED = "saved"
"""Source of saved pages without a URL to take the name from."""

_UNFIT = lazy_regex(r"[^\w.-]+")


def slug_of(name: str) -> str:
    """Return a folder name for a source: letters of any script, digits, dots, dashes; never empty."""
    flat = unicodedata.normalize("NFKC", name).strip().casefold()
    slug = _UNFIT.sub("-", flat).strip("-._")[:MAX_SLUG].rstrip("-._")
    return slug or SAVED
