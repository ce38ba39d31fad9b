"""Fetch an article: its page, and its further pages if it has several."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from unabridged.archive.records.core import Validators
from unabridged.config import FeedSettings
from unabridged.errors import ConnectionFailed, ExtractError, FetchError, InvalidURL
from unabridged.extraction.multipage.parts import MOST_PAGES, Done, PagePart
from unabridged.fetch.client import ACCEPT_PAGE, Fetcher
from unabridged.fetch.credentials import rule_cookie
from unabridged.model import Article, Entry, NotModified, Page
from unabridged.poll.extractor.pool import Extractor
from unabridged.poll.reports import ReadPage
from unabridged.poll.robots import Robots


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFetch:
    """Fetches the pages of one article.

    own: request settings of its feed. robots: None if robots.txt is not obeyed. tried: site rules (file name
    -> text) to use in the place of those stored for the same sites.
    """

    fetcher: Fetcher
    extractor: Extractor
    now: datetime
    own: FeedSettings = field(default_factory=FeedSettings)
    robots: Robots | None = None
    tried: Mapping[str, str] = field(default_factory=dict)

    async def get(self, url: str, known: Validators) -> Page | NotModified:
        """Fetch a page conditionally. Raises FetchError."""
        if self.robots is not None:
            await self.robots.check(url, self.own)
        headers = self.extractor.headers(url)
        answer = await self.fetcher.get(
            url,
            etag=known.etag,
            last_modified=known.last_modified,
            accept=headers.get("accept", ACCEPT_PAGE),
            own=self.own,
            credentials=rule_cookie(url, headers.get("cookie")),
        )
        if isinstance(answer, Page) and not answer.body.strip():
            raise ConnectionFailed(answer.final_url, f"{answer.final_url} answered with an empty page.")
        return answer

    async def page(self, url: str) -> Page:
        """Fetch a page unconditionally. Raises FetchError."""
        answer = await self.get(url, Validators())
        assert isinstance(answer, Page), "only a conditional request is answered with NotModified"
        return answer


async def fetch_article(
    url: str, *, fetcher: Fetcher, extractor: Extractor, now: datetime, entry: Entry | None = None
) -> ReadPage:
    """Fetch an article's page and its further pages, and extract one article from them.

    A further page that fails is listed in the article's warnings. Raises FetchError or ExtractError if the
    first page fails.
    """
    fetch = ArticleFetch(fetcher=fetcher, extractor=extractor, now=now)
    return await extract_article(await fetch.page(url), fetch, entry)


async def refetch_article(
    url: str, known: Validators, fetch: ArticleFetch, *, entry: Entry | None = None
) -> ReadPage | NotModified:
    """Fetch an article like `fetch_article`, but return NotModified if its validators still match."""
    answer = await fetch.get(url, known)
    if isinstance(answer, NotModified):
        return answer
    first = await fetch.extractor.fresh_page(answer, entry=entry, now=fetch.now)
    return await _with_further_pages(first, answer, fetch)


async def extract_article(page: Page, fetch: ArticleFetch, entry: Entry | None = None) -> ReadPage:
    """Extract an article from its fetched page, and fetch its further pages. Raises ExtractError."""
    first = await fetch.extractor.page(page, entry=entry, now=fetch.now, tried=fetch.tried)
    return await _with_further_pages(first, page, fetch)


async def _with_further_pages(first: PagePart, page: Page, fetch: ArticleFetch) -> ReadPage:
    if first.is_complete:
        return ReadPage(article=first.article, page=page)
    return ReadPage(article=await _fetch_further_pages(first, fetch), page=page, alone=False)


async def _fetch_further_pages(first: PagePart, fetch: ArticleFetch) -> Article:
    parts, failed = [first], set[str]()
    for _ in range(MOST_PAGES + 1):
        step = await fetch.extractor.join(parts, failed)
        if isinstance(step, Done):
            return step.article
        try:
            page = await fetch.page(step.url)
            parts.append(await fetch.extractor.page(page, now=fetch.now, tried=fetch.tried))
        except (FetchError, InvalidURL, ExtractError):
            failed.add(step.url)
    return first.article
