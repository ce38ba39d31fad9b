"""Records of an article on several pages: a part for each page, and the next step."""

from dataclasses import dataclass

from unabridged.model import Article

MOST_PAGES = 20
"""Maximum pages of one article that are joined; longer chains are calendars, forums or traps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """One page of an article. next_page, single_page: URLs from its rules or links, None if there are none.

    view: another view of the same article (single page, print, AMP), looked for only if this page is
    incomplete.
    """

    article: Article
    next_page: str | None = None
    single_page: str | None = None
    view: str | None = None

    @property
    def is_complete(self) -> bool:
        """True if nothing else needs to be fetched."""
        return self.next_page is None and self.single_page is None and self.view is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Next step: fetch this URL and extract its part."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Last step: nothing more to fetch, the whole article."""

    article: Article
