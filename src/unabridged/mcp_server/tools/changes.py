"""Tool that lists what publishers took out of articles, put in or took down."""

import asyncio
import time

from unabridged.archive.records.changes import ARTICLE_CHANGE_KINDS, ArticleChange, ChangeQuery
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.text.times import parse_moment
from unabridged.mcp_server.tools import rendering
from unabridged.mcp_server.tools.answers import ChangeList
from unabridged.mcp_server.tools.arguments import ChangesArguments
from unabridged.mcp_server.tools.reading import (
    article_number,
    cursor_at,
    place_of,
    scope_of,
)
from unabridged.mcp_server.tools.rendering import Reply

COMPARING_SECONDS = 5.0
"""Seconds after which the further edits of an answer are listed without their words."""


async def list_changes(caller: Caller, given: ChangesArguments) -> Reply:
    """List changes by publishers, newest first, with the words. Raises NotFound, InvalidValue."""
    query = await asyncio.to_thread(_query, caller, given)
    found = await asyncio.to_thread(caller.library.articles.changes, query)
    ends = time.monotonic() + COMPARING_SECONDS
    lines = []
    for change in found.changes:
        words = await _words(caller, change) if time.monotonic() < ends else None
        lines.append(rendering.change_line(change, words))
    return rendering.change_list(ChangeList(changes=lines, next_cursor=cursor_at(given, found.next)))


def _query(caller: Caller, given: ChangesArguments) -> ChangeQuery:
    now = caller.clock()
    return ChangeQuery(
        scope=scope_of(caller, given),
        article=None if given.article is None else article_number(caller, given.article),
        since=None if given.since is None else parse_moment(given.since, now=now),
        until=None if given.until is None else parse_moment(given.until, now=now, end_of_day=True),
        kinds=tuple(given.kinds) or ARTICLE_CHANGE_KINDS,
        before=place_of(given, given.cursor),
        limit=given.limit,
    )


async def _words(caller: Caller, change: ArticleChange) -> str | None:
    """Return the changed words of an edit with some words around them; None for other changes."""
    if change.kind != "edited" or change.before is None or change.after is None:
        return None
    mine = caller.library.articles
    older = (await asyncio.to_thread(mine.revision, change.article_id, change.before)).article
    newer = (await asyncio.to_thread(mine.revision, change.article_id, change.after)).article
    texts, titles = await caller.compare((older.text, newer.text), (older.title, newer.title))
    return await asyncio.to_thread(rendering.changed_words, titles, texts)
