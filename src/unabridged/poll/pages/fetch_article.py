"""One article read whole: its page, and the further pages it goes on to."""

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
    """How the pages of one article are got. own: what its feed's settings say; robots: None where
    robots.txt is not asked."""

    fetcher: Fetcher
    extractor: Extractor
    now: datetime
    own: FeedSettings = field(default_factory=FeedSettings)
    robots: Robots | None = None

    async def ask(self, url: str, known: Validators) -> Page | NotModified:
        """Fetch a page, unless it is still the one we know. Raises FetchError."""
        if self.robots is not None:
            await self.robots.check(url, self.own)
        by_rule = self.extractor.headers(url)
        answer = await self.fetcher.get(
            url,
            etag=known.etag,
            last_modified=known.last_modified,
            accept=by_rule.get("accept", ACCEPT_PAGE),
            own=self.own,
            credentials=rule_cookie(url, by_rule.get("cookie")),
        )
        if isinstance(answer, Page) and not answer.body.strip():
            raise ConnectionFailed(answer.final_url, f"{answer.final_url} answered with an empty page.")
        return answer

    async def page(self, url: str) -> Page:
        """Fetch a page, whatever is known of it. Raises FetchError."""
        answer = await self.ask(url, Validators())
        assert isinstance(answer, Page), "only a conditional request is answered with NotModified"
        return answer


async def fetch_article(
    url: str, *, fetcher: Fetcher, extractor: Extractor, now: datetime, entry: Entry | None = None
) -> ReadPage:
    """Fetch an article's page and those that follow it, and make one article of them.

    A further page that fails is named among the article's warnings. Raises FetchError, ExtractError for
    the first page.
    """
    visit = ArticleFetch(fetcher=fetcher, extractor=extractor, now=now)
    return await _extract_article(await visit.page(url), visit, entry)


async def refetch_article(
    url: str, known: Validators, visit: ArticleFetch, *, entry: Entry | None = None
) -> ReadPage | NotModified:
    """Read an article like `read_whole`, unless its page says that it is still the one we know."""
    answer = await visit.ask(url, known)
    return answer if isinstance(answer, NotModified) else await _extract_article(answer, visit, entry)


async def _extract_article(page: Page, visit: ArticleFetch, entry: Entry | None) -> ReadPage:
    first = await visit.extractor.page(page, entry=entry, now=visit.now)
    if first.is_complete:
        return ReadPage(article=first.article, page=page)
    return ReadPage(article=await _fetch_further_pages(first, visit), page=page, alone=False)


async def _fetch_further_pages(first: PagePart, visit: ArticleFetch) -> Article:
    parts, failed = [first], set[str]()
    for _ in range(MOST_PAGES + 1):
        step = await visit.extractor.join(parts, failed)
        if isinstance(step, Done):
            return step.article
        try:
            page = await visit.page(step.url)
            parts.append(await visit.extractor.page(page, now=visit.now))
        except (FetchError, InvalidURL, ExtractError):
            failed.add(step.url)
    return first.article
