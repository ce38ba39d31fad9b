"""Tools that read lists and articles."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from unabridged.archive.records.core import Query
from unabridged.archive.records.library import FoldedHeadlines
from unabridged.errors import InvalidValue, NotFound
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.text.cursors import make_cursor, read_cursor, read_offset
from unabridged.mcp_server.text.parts import part_of
from unabridged.mcp_server.text.times import parse_moment
from unabridged.mcp_server.text.untrusted import label
from unabridged.mcp_server.tools import rendering
from unabridged.mcp_server.tools.answers import ArticleList, ArticlePart, FeedList
from unabridged.mcp_server.tools.arguments import (
    LARGEST_ID,
    Arguments,
    AsOfArguments,
    ChangesArguments,
    FeedsArguments,
    ListArguments,
    ReadArguments,
    SearchArguments,
)
from unabridged.mcp_server.tools.rendering import Reply

MOST_NAMES = 100
"""Folders and tags that an answer names."""

_Named = TypeVar("_Named")


def place_of(arguments: Arguments, cursor: str | None) -> str | None:
    """Return the place at which a call continues. Raises InvalidValue for a cursor of another call."""
    return read_cursor(type(arguments).__name__, arguments.model_dump(mode="json"), cursor)


def cursor_at(arguments: Arguments, place: str | int | None) -> str | None:
    """Return the cursor that continues a call at a place, None at the end."""
    if place is None:
        return None
    return make_cursor(type(arguments).__name__, arguments.model_dump(mode="json"), str(place))


def article_number(caller: Caller, ref: int | str) -> int:
    """Return the number of an article that is named by number or address. Raises NotFound."""
    if isinstance(ref, str) and ref.isascii() and ref.isdecimal():
        ref = min(int(ref), LARGEST_ID)
    if isinstance(ref, int):
        return ref
    found = caller.library.articles.find(ref)
    if found is None:
        raise NotFound(
            f"The archive has no article with the address {label(ref)[:200]}. "
            "search_articles finds articles by their words."
        )
    return found.id


def feed_number(caller: Caller, ref: int | str) -> int:
    """Return the number of a subscription that is named by number or address. Raises NotFound."""
    if isinstance(ref, str) and ref.isascii() and ref.isdecimal():
        ref = min(int(ref), LARGEST_ID)
    if isinstance(ref, str):
        stored = caller.archive.feeds.find(ref)
        ref = LARGEST_ID if stored is None else stored.id
    try:
        return caller.library.subscriptions.get(ref).feed.id
    except NotFound:
        raise NotFound("There is no such subscription. list_feeds gives numbers and addresses.") from None


def _by_name(what: str, wanted: str, all_of: tuple[_Named, ...], name: Callable[[_Named], str]) -> _Named:
    found = next((one for one in all_of if name(one).casefold() == wanted.strip().casefold()), None)
    if found is not None:
        return found
    known = ", ".join(label(name(one)) for one in all_of[:MOST_NAMES]) or "none"
    raise InvalidValue(f"There is no {what} {label(wanted)[:100]!r}. There are: {known}.")


def folder_number(caller: Caller, name: str) -> int:
    """Return the number of a folder. Raises InvalidValue, which names the folders that there are."""
    return _by_name("folder", name, caller.library.subscriptions.folder_names(), lambda one: one.name).id


def tag_number(caller: Caller, name: str) -> int:
    """Return the number of a tag. Raises InvalidValue, which names the tags that there are."""
    return _by_name("tag", name, caller.library.tags.all(), lambda one: one.name).id


def scope_of(caller: Caller, given: ListArguments | ChangesArguments) -> Query:
    """Return the list of a feed, folder and tag. Raises NotFound, InvalidValue."""
    return Query(
        feed=None if given.feed is None else feed_number(caller, given.feed),
        folder=None if given.folder is None else folder_number(caller, given.folder),
        tag=None if given.tag is None else tag_number(caller, given.tag),
    )


def search_articles(caller: Caller, given: SearchArguments) -> Reply:
    """Search the articles of a person. Raises BadQuery, NotFound."""
    found = caller.library.search.hits(
        given.query,
        history=given.removed,
        sort=given.sort,
        before=place_of(given, given.cursor),
        limit=given.limit,
        now=caller.clock(),
    )
    numbers = [hit.headline.id for hit in found.hits]
    under = caller.library.stories.folding_among(numbers, "first") if given.fold_copies else {}
    folded = {number for others in under.values() for number in others}
    answer = ArticleList(
        articles=[
            rendering.hit_line(hit, under.get(hit.headline.id, ()))
            for hit in found.hits
            if hit.headline.id not in folded
        ],
        next_cursor=cursor_at(given, found.next),
        not_indexed=found.waiting,
    )
    what = "Articles whose earlier versions had these words" if given.removed else "Articles with these words"
    return rendering.article_list(answer, what)


def list_unread(caller: Caller, given: ListArguments) -> Reply:
    """List articles, newest first. Raises NotFound, InvalidValue."""
    place = place_of(given, given.cursor)
    query = replace(
        scope_of(caller, given),
        unread=not given.include_read,
        starred=given.starred,
        since=None if given.since is None else parse_moment(given.since, now=caller.clock()),
        before=place,
        limit=given.limit,
    )
    found = _headlines(caller, query, fold=given.fold_copies)
    answer = ArticleList(
        articles=[
            rendering.article_line(line, copies=found.under.get(line.id, ())) for line in found.headlines
        ],
        total=caller.library.articles.count(query) if place is None else None,
        next_cursor=cursor_at(given, found.next),
    )
    return rendering.article_list(answer, "Articles" if given.include_read else "Unread articles")


def _headlines(caller: Caller, query: Query, *, fold: bool) -> FoldedHeadlines:
    if fold:
        return caller.library.stories.folded_headlines(query, "first")
    page = caller.library.articles.headlines(query)
    return FoldedHeadlines(headlines=page.headlines, next=page.next)


def read_article(caller: Caller, given: ReadArguments) -> Reply:
    """Read a version of an article, or the part of it at a cursor. Raises NotFound, InvalidValue."""
    place = place_of(given, given.cursor)
    number = article_number(caller, given.article)
    stored = caller.library.articles.get(number)
    version = stored.revision if given.version is None else given.version
    version, offset = pinned(place, version)
    return article_reply(caller, number, version, given, offset)


def pinned(place: str | None, version: int) -> tuple[int, int]:
    """Return the version and the offset in it at which an article goes on. Raises InvalidValue."""
    if place is None:
        return version, 0
    number, _, offset = place.partition(":")
    return read_offset(number), read_offset(offset)


def article_reply(
    caller: Caller,
    number: int,
    version: int,
    given: ReadArguments | AsOfArguments,
    offset: int,
    answer_type: type[ArticlePart] = ArticlePart,
    **more: object,
) -> Reply:
    """Return a part of one version of an article. more: further fields of the answer."""
    library = caller.library
    current = library.articles.get(number)
    shown = library.articles.revision(number, version)
    stored = rendering.version_of(current, shown)
    text = rendering.document(stored)
    part = part_of(text, offset, given.characters)
    facts = rendering.article_facts(
        stored,
        shown.line,
        current=current.revision,
        tags=library.tags.by_article([number]).get(number, ()),
        address=caller.article_address(number),
    )
    answer = answer_type.model_validate(
        {
            **facts,
            **more,
            "markdown": "",
            "total_characters": len(text),
            "next_cursor": cursor_at(given, None if part.next is None else f"{version}:{part.next}"),
        }
    )
    return rendering.article_part(answer, part, offset)


def list_feeds(caller: Caller, given: FeedsArguments) -> Reply:
    """List subscriptions, by folder and title. Raises InvalidValue."""
    mine = caller.library.subscriptions
    offset = read_offset(place_of(given, given.cursor))
    folder = None if given.folder is None else folder_number(caller, given.folder)
    found, total = mine.page(offset, given.limit, folder=folder, words=given.words or "")
    after = offset + len(found)
    answer = FeedList(
        feeds=[rendering.feed_line(one) for one in found],
        total=total,
        folders=[label(one.name) for one in mine.folder_names()[:MOST_NAMES]],
        tags=[label(one.name) for one in caller.library.tags.all()[:MOST_NAMES]],
        next_cursor=cursor_at(given, after if found and after < total else None),
    )
    return rendering.feed_list(answer)
