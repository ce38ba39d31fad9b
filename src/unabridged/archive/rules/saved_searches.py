"""Saved searches of users, and the articles that they match, stored so that each is a list.

An article is added when it comes or when its text, its feeds or its tags change; the conditions is:, after:
and before: are evaluated when the list is shown. Articles that were there before are found by the index of
search, page by page.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.query_tree import SearchScope, Tree
from unabridged.archive.records.rules import SavedSearch, SearchDraft
from unabridged.archive.rules.matching import FeedNames, Subject, matches
from unabridged.archive.rules.subjects import CHUNK, names_in, parsed
from unabridged.archive.search import executor, query_language
from unabridged.archive.search.executor import SearchRequest
from unabridged.archive.search_index import rebuild
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.tables import articles
from unabridged.archive.storage.tables_rules import saved_searches, search_items
from unabridged.errors import BadQuery, InvalidValue, NotFound
from unabridged.text.controls import spaced

MAX_SEARCHES = 200
"""Saved searches of one user."""

MAX_NAME = 100
"""Characters of the name of a saved search."""

FILL_STEP = 1000
"""Articles that are added to a new search in one transaction."""

NO_NAMES: frozenset[str] = frozenset()

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Time at which the lasting part of a query is parsed: it has no times in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSearch:
    """Saved search with the lasting part of its query. feeds: for each condition feed: of it."""

    id: int
    tree: Tree
    feeds: FeedNames


# The searches of a user


def clean_name(name: str) -> str:
    """Return the name of a saved search as it is stored. Raises InvalidValue."""
    clean = " ".join(spaced(storable(name)).split())
    if not clean or len(clean) > MAX_NAME:
        raise InvalidValue(f"The name of a saved search has 1 to {MAX_NAME} characters.")
    return clean


def check_query(query: str, now: datetime) -> str:
    """Return the query of a saved search as it is stored. Raises BadQuery."""
    clean = " ".join(spaced(storable(query)).split())
    query_language.split_passing(query_language.parse(clean, now=now))
    return clean


def checked(draft: SearchDraft, now: datetime) -> dict[str, Any]:
    """Return the columns of a search. Raises BadQuery, InvalidValue."""
    return {
        "name": clean_name(draft.name),
        "query": check_query(draft.query, now),
        "unread_only": draft.unread_only,
    }


def add(conn: Connection, user: int, draft: SearchDraft, now: datetime) -> SavedSearch:
    """Save a search, with the newest articles. Raises BadQuery, InvalidValue."""
    row = checked(draft, now) | {"user_id": user, "created": now, "next": ""}
    mine = saved_searches.c.user_id == user
    stored = conn.execute(select(func.count()).select_from(saved_searches).where(mine)).scalar_one()
    if stored >= MAX_SEARCHES:
        raise InvalidValue(f"There are {MAX_SEARCHES} saved searches already. Remove some first.")
    number = conn.execute(insert(saved_searches).returning(saved_searches.c.id), row).scalar_one()
    fill_step(conn, number)
    return get(conn, user, number)


def change(conn: Connection, user: int, search_id: int, draft: SearchDraft, now: datetime) -> SavedSearch:
    """Change a search; with another query its articles are looked for anew."""
    before, values = get(conn, user, search_id), checked(draft, now)
    conn.execute(update(saved_searches).where(saved_searches.c.id == search_id).values(**values))
    if values["query"] != before.query:
        start_over(conn, search_id)
        fill_step(conn, search_id)
    return get(conn, user, search_id)


def remove(conn: Connection, user: int, search_id: int) -> None:
    mine = (saved_searches.c.id == search_id) & (saved_searches.c.user_id == user)
    if conn.execute(delete(saved_searches).where(mine)).rowcount == 0:
        raise _no_search(search_id)


def get(conn: Connection, user: int, search_id: int) -> SavedSearch:
    """Return a search. Raises NotFound."""
    mine = (saved_searches.c.id == search_id) & (saved_searches.c.user_id == user)
    row = conn.execute(select(saved_searches).where(mine)).first()
    if row is None:
        raise _no_search(search_id)
    return _search(row)


def list_searches(conn: Connection, user: int) -> tuple[SavedSearch, ...]:
    """Return a user's searches by name."""
    query = select(saved_searches).where(saved_searches.c.user_id == user)
    rows = conn.execute(query.order_by(func.lower(saved_searches.c.name), saved_searches.c.id))
    return tuple(map(_search, rows))


def scope_of(search: SavedSearch, now: datetime) -> SearchScope:
    """Return a search as the condition of a list. Raises BadQuery."""
    lasting, passing = query_language.split_passing(parsed(search.query, now, rule=False))
    return SearchScope(id=search.id, passing=passing, is_open=lasting is None)


def _search(row: Row[tuple[object, ...]]) -> SavedSearch:
    return SavedSearch(
        id=row.id,
        name=row.name,
        query=row.query,
        unread_only=bool(row.unread_only),
        created=row.created,
        complete=row.next is None,
    )


def _no_search(search_id: int) -> NotFound:
    return NotFound(f"There is no saved search {search_id}. `unabridged searches list` shows the numbers.")


# Articles that come or change


def prepared_searches(
    conn: Connection, user: int, *, names: frozenset[str] = NO_NAMES
) -> list[PreparedSearch]:
    """Return the searches that have lasting parts. names: only those with conditions of these names."""
    query = select(saved_searches.c.id, saved_searches.c.query).where(saved_searches.c.user_id == user)
    found = []
    for row in conn.execute(query):
        tree = _lasting(row.query)
        if tree is not None and (not names or query_language.conditions_named(tree, names)):
            found.append(PreparedSearch(id=row.id, tree=tree, feeds=names_in(conn, user, tree)))
    return found


def _lasting(query: str) -> Tree | None:
    try:
        return query_language.split_passing(parsed(query, _ANY_TIME, rule=False))[0]
    except BadQuery:  # of an earlier version of the language
        return None


def memberships(
    searches: Collection[PreparedSearch], article_id: int, subject: Subject
) -> list[dict[str, Any]]:
    """Return the rows of the searches that an article belongs to. Pure."""
    return [
        {"search_id": one.id, "article_id": article_id, "sort_at": subject.at}
        for one in searches
        if matches(one.tree, subject, one.feeds)
    ]


def add_articles(conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add articles to searches. rows: as `memberships` returns them."""
    insert_rows(conn, search_items, rows, skip=True)


def take_out(conn: Connection, searches: Collection[PreparedSearch], article_ids: Sequence[int]) -> None:
    """Take articles out of searches, before it is found again to which they belong."""
    for one in searches:
        for start in range(0, len(article_ids), CHUNK):
            part = search_items.c.article_id.in_(article_ids[start : start + CHUNK])
            conn.execute(delete(search_items).where(search_items.c.search_id == one.id, part))


# Articles that were there before


def start_over(conn: Connection, search_id: int) -> None:
    """Empty a search; its articles are looked for anew."""
    conn.execute(delete(search_items).where(search_items.c.search_id == search_id))
    conn.execute(update(saved_searches).where(saved_searches.c.id == search_id).values(next=""))


def start_over_with(conn: Connection, user: int, name: str) -> None:
    """Empty a user's searches that have conditions of a name, because what it names changed."""
    for one in prepared_searches(conn, user, names=frozenset([name])):
        start_over(conn, one.id)


def unfilled(conn: Connection) -> int | None:
    """Return the number of a search to which articles are still to be added, None if there is none."""
    query = select(saved_searches.c.id).where(saved_searches.c.next.is_not(None))
    found: int | None = conn.execute(query.order_by(saved_searches.c.id).limit(1)).scalar()
    return found


def fill_step(conn: Connection, search_id: int) -> bool:
    """Add some of the articles that were there before, newest first; returns whether more are left.

    While the index of search is incomplete, nothing is added: that is done once it is complete.
    """
    lock = select(saved_searches).where(saved_searches.c.id == search_id).with_for_update()
    row = conn.execute(lock).first()
    if row is None or row.next is None:
        return False
    tree = _lasting(row.query)
    following = None
    if tree is not None:
        if rebuild.count_waiting(conn):
            return True
        request = SearchRequest(tree=tree, user=row.user_id, before=row.next or None, limit=FILL_STEP)
        found = executor.find(conn, request)
        _add(conn, search_id, found.article_ids)
        following = found.next
    conn.execute(update(saved_searches).where(saved_searches.c.id == search_id).values(next=following))
    return following is not None


def _add(conn: Connection, search_id: int, article_ids: Sequence[int]) -> None:
    times = select(articles.c.id, articles.c.sort_at).where(articles.c.id.in_(article_ids))
    rows = [
        {"search_id": search_id, "article_id": number, "sort_at": at} for number, at in conn.execute(times)
    ]
    add_articles(conn, rows)
