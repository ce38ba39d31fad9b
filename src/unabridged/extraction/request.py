"""What is handed to extraction: a page, and what is known about it."""

from dataclasses import dataclass
from datetime import datetime

from unabridged.extraction.rules.model import SiteRules
from unabridged.model import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest:
    """A page to extract.

    url: where the page was read (after redirects); links resolve against it. content_type: the HTTP header's
    value, for its charset. entry: the feed's item, which fills gaps. rules: those of the page's site.
    now: aware; dates later than a day after it are not believed, None for the system's clock.
    """

    html: bytes | str
    url: str | None = None
    content_type: str | None = None
    entry: Entry | None = None
    rules: SiteRules | None = None
    now: datetime | None = None
