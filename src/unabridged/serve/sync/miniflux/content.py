"""Calls about the text of entries: the whole text of a page, changes of a text, entries from elsewhere."""

import asyncio
from datetime import datetime

from starlette.responses import Response

from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.items import SECOND, split_stamp
from unabridged.errors import DocumentError, FetchTimeout
from unabridged.formats.links.saved_link import SavedLink, imported_link
from unabridged.serve.publishing.feed_cache import FeedCache
from unabridged.serve.sync.miniflux.answers import NOT_FOUND, Refusal, json_response
from unabridged.serve.sync.miniflux.entries import entry_response, one_entry
from unabridged.serve.sync.miniflux.entry_objects import minutes
from unabridged.serve.sync.miniflux.feeds import knows_feed
from unabridged.serve.sync.miniflux.marks import STATUSES
from unabridged.serve.sync.miniflux.requests import Fields, Sent

READ_SECONDS = 60
"""Seconds in which the page of an entry must be read."""

AS_PUBLISHED = (
    "This archive keeps articles as they were published: their titles and texts cannot be changed by an app."
)


async def fetch_content(sent: Sent) -> Response:
    """Return the whole text of an entry; its page is read first if it was not read yet, and kept.

    A token that may only read gets the text that is stored.
    """
    stored = (await asyncio.to_thread(one_entry, sent)).stored
    if sent.token.scope == "write" and stored.page.state != "read" and stored.article.url:
        stored = await _read(sent, stored)
    text = stored.article
    return json_response({"content": text.html, "reading_time": minutes(text)})


async def _read(sent: Sent, stored: StoredArticle) -> StoredArticle:
    """Read the page of an article now. Raises InvalidURL, FetchError, ExtractError."""
    url, cache = stored.article.url, _slots(sent)
    try:
        async with cache.slots, asyncio.timeout(READ_SECONDS):
            change = await sent.context.poller.save_url(url, user=sent.user)
    except TimeoutError:
        raise FetchTimeout(url, f"{url[:200]} did not answer in {READ_SECONDS} seconds.") from None
    return await asyncio.to_thread(sent.library.articles.get, change.article_id)


def _slots(sent: Sent) -> FeedCache:
    found: FeedCache = sent.request.app.state.feed_cache
    return found


def update_entry(sent: Sent) -> Response:
    """Return an entry whose title and text stay as they are; refuse to change them."""
    fields, found = sent.fields, one_entry(sent)
    article = found.stored.article
    for name, kept in (("title", article.title), ("content", article.html)):
        given = fields.text(name)
        if given == "":
            raise Refusal(400, f"the entry {name} cannot be empty")
        if given not in (None, kept):
            raise Refusal(400, AS_PUBLISHED)
    return entry_response(sent, found, 201)


def import_entry(sent: Sent) -> Response:
    """Save an entry from elsewhere as a page that the caller saved. A known article keeps its text.

    Its page is read later, and its text replaces the one that was sent if it is whole.
    """
    if not knows_feed(sent, sent.numbers["feed"]):
        raise Refusal(404, NOT_FOUND)
    fields = sent.fields
    url = (fields.text("url") or "").strip()
    if not url:
        raise Refusal(400, "url is required")
    made = imported_link(_link(fields, url), "url")
    if isinstance(made, DocumentError):
        raise Refusal(400, str(made))
    change = sent.library.imports.add(made, now=sent.now)
    stored = sent.library.articles.get(change.article_id)
    return json_response({"id": stored.item_id}, 201 if change.kind == "new" else 200)


def _link(fields: Fields, url: str) -> SavedLink:
    status = fields.text("status") or "read"
    if status not in STATUSES:
        raise Refusal(400, "status must be read or unread")
    return SavedLink(
        url=url,
        title=fields.text("title") or "",
        author=fields.text("author") or "",
        tags=tuple(fields.texts("tags")),
        published=_published(fields),
        read=STATUSES[status],
        starred=bool(fields.switch("starred")),
        html=fields.text("content") or "",
    )


def _published(fields: Fields) -> datetime | None:
    """Return the time in `published_at`, in seconds since 1970; None for 0 or nothing."""
    seconds = fields.number("published_at")
    return split_stamp(seconds * SECOND)[0] if seconds and seconds > 0 else None
