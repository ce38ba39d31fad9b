"""One article read whole: its page, and the further pages it goes on to."""

from collections.abc import Mapping
from datetime import datetime

from unabridged.archive.records import Validators
from unabridged.errors import ConnectionFailed, ExtractError, FetchError, InvalidURL
from unabridged.extract.article import Part
from unabridged.extract.pages import MOST_PAGES, Done
from unabridged.fetch.client import Fetcher
from unabridged.model import Article, Entry, NotModified, Page
from unabridged.poll.extractor import Extractor
from unabridged.poll.reports import ReadPage


async def get_page(url: str, fetcher: Fetcher, headers: Mapping[str, str] | None = None) -> Page:
    """Fetch a page unconditionally. headers: the user's own for its site. Raises FetchError."""
    answer = await fetcher.get(url, headers=headers)
    assert isinstance(answer, Page), "only a conditional request is answered with NotModified"
    return _filled(answer)


def _filled(page: Page) -> Page:
    if not page.body.strip():
        raise ConnectionFailed(page.final_url, f"{page.final_url} answered with an empty page.")
    return page


async def read_whole(
    url: str, *, fetcher: Fetcher, extractor: Extractor, now: datetime, entry: Entry | None = None
) -> ReadPage:
    """Fetch an article's page and those that follow it, and make one article of them.

    A further page that fails is named among the article's warnings. Raises FetchError, ExtractError for
    the first page.
    """
    page = await get_page(url, fetcher, extractor.headers(url))
    return await _made_of(page, fetcher=fetcher, extractor=extractor, now=now, entry=entry)


async def read_again(
    url: str,
    validators: Validators,
    *,
    fetcher: Fetcher,
    extractor: Extractor,
    now: datetime,
    entry: Entry | None = None,
) -> ReadPage | NotModified:
    """Read an article like `read_whole`, unless its page says that it is still the one we know."""
    answer = await fetcher.get(
        url,
        etag=validators.etag,
        last_modified=validators.last_modified,
        headers=extractor.headers(url),
    )
    if isinstance(answer, NotModified):
        return answer
    return await _made_of(_filled(answer), fetcher=fetcher, extractor=extractor, now=now, entry=entry)


async def _made_of(
    page: Page, *, fetcher: Fetcher, extractor: Extractor, now: datetime, entry: Entry | None
) -> ReadPage:
    first = await extractor.page(page, entry=entry, now=now)
    if first.next_page is None and first.single_page is None:
        return ReadPage(article=first.article, page=page)
    article = await _go_on(first, fetcher=fetcher, extractor=extractor, now=now)
    return ReadPage(article=article, page=page, alone=False)


async def _go_on(first: Part, *, fetcher: Fetcher, extractor: Extractor, now: datetime) -> Article:
    parts, failed = [first], set[str]()
    for _ in range(MOST_PAGES + 1):
        step = await extractor.join(parts, failed)
        if isinstance(step, Done):
            return step.article
        try:
            page = await get_page(step.url, fetcher, extractor.headers(step.url))
            parts.append(await extractor.page(page, now=now))
        except (FetchError, InvalidURL, ExtractError):
            failed.add(step.url)
    return first.article
