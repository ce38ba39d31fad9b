"""The pages of one article while they are read: a part each, and what is to be done next."""

from dataclasses import dataclass

from unabridged.model import Article

MOST_PAGES = 20
"""Pages of one article that are joined; longer chains are calendars, forums or traps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """One page of an article. next_page, single_page: where its rules or links say the rest is; else None.

    view: another view of the same article (on one page, for print, AMP), sought only where this page does
    not hold all of it.
    """

    article: Article
    next_page: str | None = None
    single_page: str | None = None
    view: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing else to be asked for."""
        return self.next_page is None and self.single_page is None and self.view is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """The next thing to do: get this address and extract its part."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Nothing more to fetch: the whole article."""

    article: Article
