"""Pages that somebody else fetched, made articles in child processes like any other."""

import asyncio
from collections.abc import Sequence

from unabridged.errors import ExtractError
from unabridged.extraction.multipage.parts import Fetch
from unabridged.model import Article, Page
from unabridged.poll.extractor.pool import Extractor


async def extract_captured(extractor: Extractor, pages: Sequence[Page]) -> list[Article | ExtractError]:
    """Make an article of each page, as of the time it was fetched; for a page that gives none, the error.

    Nothing is fetched: an article on several pages is the page that is there, and says so.
    """
    return await asyncio.gather(*(_read(extractor, page) for page in pages))


async def _read(extractor: Extractor, page: Page) -> Article | ExtractError:
    try:
        part = await extractor.page(page, now=page.fetched)
        if part.is_complete:
            return part.article
        absent: set[str] = set()
        while isinstance(step := await extractor.join([part], absent), Fetch):
            absent.add(step.url)
        return step.article
    except ExtractError as exc:
        return exc
