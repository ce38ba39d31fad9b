"""Extraction of pages that were captured elsewhere, for example in a WARC file."""

import asyncio
from collections.abc import Sequence

from unabridged.errors import ExtractError
from unabridged.extraction.multipage.parts import Fetch
from unabridged.model import Article, Page
from unabridged.poll.extractor.pool import Extractor


async def extract_captured(extractor: Extractor, pages: Sequence[Page]) -> list[Article | ExtractError]:
    """Extract an article from each page as of the time it was fetched; return the error where that fails.

    Nothing is fetched: an article of several pages consists of the captured one, with a warning.
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
