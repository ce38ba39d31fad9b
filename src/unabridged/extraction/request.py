"""The input of an extraction: a page, and what is known about it."""

from dataclasses import dataclass
from datetime import datetime

from unabridged.extraction.rules.model import SiteRules
from unabridged.model import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """A page to extract.

    url: the page's URL after redirects; links resolve against it. content_type: the HTTP header's value, for
    its charset. entry: the feed's entry, which fills gaps. rules: those of the page's site. now: aware; later
    dates are rejected (with a day's tolerance); None for the system's clock. boilerplate: lines that stand on
    other pages of the site too (`selection.lines.line_key` of their text), which are left out. other_page:
    lines of the only other page of the site that is known: of them a few are left out, while a page that has
    many of them is the same article.
    """

    html: bytes | str
    url: str | None = None
    content_type: str | None = None
    entry: Entry | None = None
    rules: SiteRules | None = None
    now: datetime | None = None
    boilerplate: frozenset[str] = frozenset()
    other_page: frozenset[str] = frozenset()
