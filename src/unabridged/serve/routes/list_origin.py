"""The list from which an article was opened: its neighbours there, and the way back to its place."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from unabridged.archive.records import core
from unabridged.archive.records.library import FoldedHeadlines
from unabridged.archive.records.search import Sort
from unabridged.errors import BadQuery, NotFound
from unabridged.serve.context import AppContext
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.security import safe_next

LIST_PAGE = 40
"""Articles on a page of a list."""
FRESH = 200
"""New articles of a list up to which those that are folded are told apart."""
SEARCH_PAGE = 30
"""Hits on a page of a search."""
MAX_LENGTH = 8000
"""Characters of a list's address; longer ones are ignored."""
MAX_PARAMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrigin:
    """A list as it was when an article was opened from it.

    path, params: of its address. query: its articles; None for a search. seen: time at which it was shown.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    query: core.Query | None = None
    seen: datetime | None = None

    def address(self, **changed: str) -> str:
        """Return the address of the list, with changed parameters."""
        params = {**self.params, **changed}
        return self.path + (f"?{urlencode(params)}" if params else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """An article in its list: the next newer and older one, and the address of its place in the list.

    unread: the next unread one, in the list's order, else the one before; oldest_first: that order.
    """

    newer: int | None = None
    older: int | None = None
    unread: int | None = None
    oldest_first: bool = False
    back: str = ""
    suffix: str = ""


def origin_suffix(address: str, seen: datetime) -> str:
    """Return the query string of links from a list to its articles. seen: the present time."""
    params = {"list": address}
    if "show=unread" in address:
        params["seen"] = _stamp(seen)
    return f"?{urlencode(params)}"


def read_origin(context: AppContext, address: str, seen: str) -> ListOrigin | None:
    """Parse what `origin_suffix` made; None for anything else, and for lists that are gone."""
    if not address or len(address) > MAX_LENGTH or safe_next(address, default="") != address:
        return None
    parts = urlsplit(address)
    given = dict(parse_qsl(parts.query)) if parts.query.count("&") < MAX_PARAMS else {}
    params: dict[str, str] = {
        name: given[name] for name in ("show", "order", "q", "sort", "history", "before") if name in given
    }
    if parts.path == "/search":
        return ListOrigin(path=parts.path, params=params) if params.get("q", "").strip() else None
    place = next(
        (one for one in PLACES if parts.path.startswith(one) and (one != "/" or parts.path == one)), ""
    )
    with suppress(NotFound):
        where = PLACES[place](context, unquote(parts.path.removeprefix(place))) if place else None
        if where is not None:
            shown = params.get("show")
            at = _time(seen)
            query = replace(
                where,
                unread=shown == "unread",
                starred=shown == "starred",
                oldest=params.get("order") == "oldest",
                read_since=at,
                limit=LIST_PAGE,
            )
            return ListOrigin(path=parts.path, params=params, query=query, seen=at)
    return None


def _stamp(at: datetime) -> str:
    """Return a time without characters that an address escapes: "20261120T140500.123456Z"."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo and at.year > 1970 else None


def _tag(context: AppContext, name: str) -> core.Query:
    return core.Query(tag=feeds.feed_number(name))


PLACES: Mapping[str, Callable[[AppContext, str], core.Query]] = {
    "/feeds/": lambda context, name: core.Query(feed=feeds.feed_number(name)),
    "/folders/": lambda context, name: core.Query(folder=feeds.get_folder(context, name).id),
    "/sources/": lambda context, name: core.Query(source=feeds.get_source(context, name).slug),
    "/tags/": _tag,
    "/searches/": lambda context, name: core.Query(
        search=context.library.searches.scope(feeds.feed_number(name), now=context.clock())
    ),
    "/muted": lambda context, name: core.Query(muted=True),
    "/": lambda context, name: core.Query(),
}
"""Beginning of a list's path -> query of its articles, given the rest of the path."""


def list_headlines(context: AppContext, query: core.Query) -> FoldedHeadlines:
    """Return a page of a list, with near-duplicates folded if the viewer wishes that."""
    front = context.preferences.front
    if front is not None:
        return context.library.stories.folded_headlines(query, front)
    found = context.library.articles.headlines(query)
    return FoldedHeadlines(headlines=found.headlines, next=found.next)


def _neighbours(context: AppContext, article_id: int, query: core.Query) -> tuple[int | None, int | None]:
    """Return the next newer and the next older article that a list shows the viewer."""
    front = context.preferences.front
    if front is not None:
        return context.library.stories.folded_neighbours(article_id, query, front)
    return context.library.articles.neighbours(article_id, query)


def count_fresh(context: AppContext, query: core.Query, beyond: int) -> int:
    """Count the unread articles of a list that came after an item, but for those that it folds.

    Of more than FRESH new ones, all count.
    """
    fresh = replace(query, beyond=beyond, unread=True)
    front = context.preferences.front
    count = context.library.articles.count(fresh)
    if front is None or not 0 < count <= FRESH:
        return count
    numbers = [line.id for line in context.library.articles.headlines(replace(fresh, limit=FRESH)).headlines]
    under = context.library.stories.folding(query, numbers, front)
    folded = {number for others in under.values() for number in others}
    return sum(number not in folded for number in numbers)


def surroundings(context: AppContext, stored: core.StoredArticle, origin: ListOrigin) -> Surroundings:
    """Find an article's neighbours in the list from which it was opened."""
    found = _in_search(context, stored, origin) if origin.query is None else _in_list(context, stored, origin)
    suffix = {"list": origin.address()}
    if origin.seen is not None:
        suffix["seen"] = _stamp(origin.seen)
    return replace(
        found,
        back=f"{found.back}#a{stored.id}",
        suffix=f"?{urlencode(suffix)}",
        unread=_next_unread(context, stored, origin.query or core.Query()),
        oldest_first=origin.query is not None and origin.query.oldest,
    )


def _next_unread(context: AppContext, stored: core.StoredArticle, query: core.Query) -> int | None:
    """Return the next unread article of a list; behind its end, the last unread one before the article."""
    unread = replace(query, unread=True, read_since=None)
    newer, older = _neighbours(context, stored.id, unread)
    ahead, behind = (newer, older) if query.oldest else (older, newer)
    return ahead or behind


def _in_list(context: AppContext, stored: core.StoredArticle, origin: ListOrigin) -> Surroundings:
    assert origin.query is not None
    newer, older = _neighbours(context, stored.id, origin.query)
    page = replace(origin.query, before=origin.params.get("before"))
    with suppress(NotFound):
        if any(line.id == stored.id for line in list_headlines(context, page).headlines):
            return Surroundings(newer=newer, older=older, back=origin.address())
    start = stored.oldest_cursor if origin.query.oldest else stored.list_cursor
    return Surroundings(newer=newer, older=older, back=origin.address(before=start))


def _in_search(context: AppContext, stored: core.StoredArticle, origin: ListOrigin) -> Surroundings:
    """Find neighbours among the hits of a page; behind its last one comes the first of the next page."""
    sort: Sort = "best" if origin.params.get("sort") == "best" else "newest"
    history = origin.params.get("history") in ("1", "true", "on", "yes")
    words, before = origin.params["q"], origin.params.get("before")

    def page(start: str | None, limit: int) -> tuple[tuple[int, ...], str | None]:
        hits = context.library.search.ids(
            words, history=history, sort=sort, before=start, limit=limit, now=context.clock()
        )
        return hits.article_ids, hits.next

    with suppress(BadQuery, NotFound):
        ids, following = page(before, SEARCH_PAGE)
        if stored.id not in ids and following:
            before = following
            ids, following = page(before, SEARCH_PAGE)
        if stored.id in ids:
            place = ids.index(stored.id)
            rest = ids[place + 1 : place + 2]
            if not rest and following:
                rest, _ = page(following, 1)
            return Surroundings(
                newer=ids[place - 1] if place else None,
                older=next(iter(rest), None),
                back=origin.address(**({"before": before} if before else {})),
            )
    return Surroundings(back=origin.address())
