"""Folder names of the document tree, made of the names of sources."""

import re
import unicodedata

MAX_SLUG = 60
SAVED = "saved"
"""The source of pages kept by hand that have no address to be named after."""

_UNFIT = re.compile(r"[^\w.-]+")


def slug_of(name: str) -> str:
    """A folder name made of a source's name: letters of any script, digits, dots, dashes; never empty."""
    flat = unicodedata.normalize("NFKC", name).strip().casefold()
    slug = _UNFIT.sub("-", flat).strip("-._")[:MAX_SLUG].rstrip("-._")
    return slug or SAVED
