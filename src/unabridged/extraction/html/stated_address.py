"""Address that a saved page states: the comment of the program that saved it.

The page's own canonical address is the extractor's business.
"""

import html
import re

from unabridged.text.patterns import lazy_regex
from unabridged.urls import absolute

HEAD = 16_384
"""Bytes at the beginning of a page that are searched."""

MAX_ADDRESS = 2_000

_COMMENTS = (
    # Browsers, https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537628(v=vs.85)
    lazy_regex(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE),
    # https://github.com/gildas-lormeau/SingleFile
    lazy_regex(rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://[^\s>]+)", re.IGNORECASE),
    # https://github.com/Y2Z/monolith
    lazy_regex(rb"<!--\s*Saved from (https?://\S+) at [^>]{0,100} using monolith", re.IGNORECASE),
    # https://www.httrack.com, which leaves the scheme out
    lazy_regex(rb"<!--\s*Mirrored from ([\w.:-]+/[^\s>]*) by HTTrack", re.IGNORECASE),
)


def stated_address(page: bytes) -> str:
    """Return the http(s) address that the program which saved a page left in it, else ""."""
    head = page[:HEAD]
    for comment in _COMMENTS:
        found = comment.search(head)
        if found is not None and len(found[1]) <= MAX_ADDRESS:
            address = html.unescape(found[1].decode("utf-8", "replace"))
            return absolute(address if "://" in address else f"http://{address}", None) or ""
    return ""
