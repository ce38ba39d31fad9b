"""Tools that read the history of articles: versions, differences, and what an article said at a time."""

import asyncio
from dataclasses import dataclass

from unabridged.archive.records.changes import version_at
from unabridged.archive.records.core import RevisionLine, StoredArticle, StoredRevision
from unabridged.errors import NotFound
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.text.cursors import read_offset
from unabridged.mcp_server.text.parts import part_of
from unabridged.mcp_server.text.times import parse_moment
from unabridged.mcp_server.text.untrusted import label, visible
from unabridged.mcp_server.tools import rendering
from unabridged.mcp_server.tools.answers import ArticleAsOf, DiffPart, VersionList
from unabridged.mcp_server.tools.arguments import AsOfArguments, DiffArguments, VersionsArguments
from unabridged.mcp_server.tools.reading import article_number, article_reply, cursor_at, pinned, place_of
from unabridged.mcp_server.tools.rendering import Reply


def list_versions(caller: Caller, given: VersionsArguments) -> Reply:
    """List the versions of an article, oldest first. Raises NotFound, InvalidValue."""
    offset = read_offset(place_of(given, given.cursor))
    number = article_number(caller, given.article)
    stored = caller.library.articles.get(number)
    lines = caller.library.articles.revisions(number)
    shown = lines[offset : offset + given.limit]
    after = offset + len(shown)
    answer = VersionList(
        id=number,
        url=visible(stored.article.url),
        title=label(stored.article.title)[: rendering.TITLE],
        taken_down=stored.page.taken_down,
        versions=[rendering.version_line(line) for line in shown],
        next_cursor=cursor_at(given, after if shown and after < len(lines) else None),
    )
    return rendering.version_list(answer, len(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two versions of an article."""

    stored: StoredArticle
    older: StoredRevision
    newer: StoredRevision


async def diff_versions(caller: Caller, given: DiffArguments) -> Reply:
    """Compare two versions of an article, word by word. Raises NotFound, InvalidValue."""
    place = place_of(given, given.cursor)
    pair = await asyncio.to_thread(_pair, caller, given, place)
    older, newer = pair.older.article, pair.newer.article
    texts, titles = await caller.compare((older.text, newer.text), (older.title, newer.title))
    whole = await asyncio.to_thread(rendering.diff_text, titles, texts)
    offset = read_offset(None if place is None else place.rpartition(":")[2])
    part = part_of(whole, offset, given.characters)
    numbers = f"{pair.older.line.number}:{pair.newer.line.number}"
    answer = DiffPart(
        id=pair.stored.id,
        url=visible(pair.stored.article.url),
        older=rendering.version_line(pair.older.line),
        newer=rendering.version_line(pair.newer.line),
        words_added=texts.added,
        words_removed=texts.removed,
        title_changed=bool(titles.added or titles.removed),
        limited=texts.limited,
        diff="",
        total_characters=len(whole),
        next_cursor=cursor_at(given, None if part.next is None else f"{numbers}:{part.next}"),
    )
    return rendering.diff_part(answer, part, offset)


def _pair(caller: Caller, given: DiffArguments, place: str | None) -> _Pair:
    """Return the versions to compare: those of the cursor, those asked for, or those of the last edit."""
    number = article_number(caller, given.article)
    mine = caller.library.articles
    first, last = given.older, given.newer
    if place is not None:
        first, last = (read_offset(one) for one in [*place.split(":"), "", ""][:2])
    lines = mine.revisions(number)
    last = last_change(lines) if last is None else last
    first = version_before(lines, last) if first is None else first
    return _Pair(
        stored=mine.get(number), older=mine.revision(number, first), newer=mine.revision(number, last)
    )


def last_change(lines: tuple[RevisionLine, ...]) -> int:
    """Return the number of the publisher's last edit, or else of the last version."""
    return next((line.number for line in reversed(lines[1:]) if line.edit), lines[-1].number)


def version_before(lines: tuple[RevisionLine, ...], number: int) -> int:
    """Return the number of the version before one; that one, if it is the first."""
    return max((line.number for line in lines if line.number < number), default=number)


def article_as_of(caller: Caller, given: AsOfArguments) -> Reply:
    """Read the version of an article that was current at a time. Raises NotFound, InvalidValue."""
    place = place_of(given, given.cursor)
    at = parse_moment(given.at, now=caller.clock(), end_of_day=True)
    number = article_number(caller, given.article)
    mine = caller.library.articles
    lines = mine.revisions(number)
    first_seen = mine.get(number).first_seen
    line = version_at(lines, first_seen, at)
    if line is None:
        raise NotFound(
            f"The archive first saw article {number} at {first_seen.isoformat()}; it does not know what the "
            f"article said before. Its first version is number {lines[0].number}."
        )
    version, offset = pinned(place, line.number)
    return article_reply(
        caller,
        number,
        version,
        given,
        offset,
        ArticleAsOf,
        asked=at,
        replaced=rendering.version_after(lines, line, at),
        last_confirmed=rendering.confirmed_at(mine.observations(number), line.number, at),
    )
