"""Pages that a person saves: by address, or with the HTML as their browser shows it."""

import asyncio

from unabridged.archive.records.core import Change
from unabridged.errors import BadStatus, NotAPage
from unabridged.model import Page
from unabridged.poll.context import PollContext
from unabridged.poll.failures import TAKEN_DOWN_STATUSES
from unabridged.poll.feeds.schedule import recheck_at
from unabridged.poll.feeds.typed_address import spellings
from unabridged.poll.one_off import read_address
from unabridged.poll.pages.poll_page import page_validators
from unabridged.poll.pages.web_archives import read_archived


async def save_url(context: PollContext, url: str, user: int) -> Change:
    """Read one page and save it as an article of a user. Raises InvalidURL, FetchError, ExtractError.

    A page that its publisher removed is looked for in the web archives of the settings.
    """
    try:
        read = await read_address(
            url, fetcher=context.fetcher, now=context.clock(), extractor=context.extractor
        )
    except BadStatus as exc:
        change = await _save_archived(context, url, user) if exc.status in TAKEN_DOWN_STATUSES else None
        if change is None:
            raise
        return change
    now = context.clock()
    published = read.article.published or read.article.modified or now
    return await asyncio.to_thread(
        context.archive.library(user).articles.save,
        read.article,
        read.page,
        now=now,
        next_check_at=recheck_at(min(published, now), now, context.settings.recheck, context.jitter()),
        validators=page_validators(read),
    )


async def _save_archived(context: PollContext, url: str, user: int) -> Change | None:
    now, [address] = context.clock(), spellings(url)[:1]
    found = await read_archived(address, context, before=now)
    if found is None:
        return None
    save = context.archive.library(user).articles.save
    return await asyncio.to_thread(save, found.article, found.page, now=now, origin=found.origin)


async def save_html(context: PollContext, url: str, html: bytes, user: int) -> Change:
    """Save a page as the browser of a user showed it.

    Raises InvalidURL; ExtractError if it is no page or has no text.
    """
    now = context.clock()
    headers = {"content-type": "text/html"}
    page = Page(url=url, final_url=url, status=200, headers=headers, body=html, fetched=now)
    article = (await context.extractor.page(page, now=now)).article
    if not article.text:
        raise NotAPage("There is no text of an article in this page. Was it shown to its end?")
    return await asyncio.to_thread(context.archive.library(user).articles.save, article, page, now=now)
