"""Search of a user: hits with highlighted snippets."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from unabridged.archive.articles import queries
from unabridged.archive.records.core import Articles
from unabridged.archive.records.query_tree import Tree
from unabridged.archive.records.search import Hit, HitIds, Hits, Sort
from unabridged.archive.search import executor, highlight, query_language
from unabridged.archive.search.executor import SearchRequest
from unabridged.archive.search_index import rebuild
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, revisions

MOST_HITS = 1000


def _asked(
    words: str,
    user: int,
    now: datetime | None,
    limit: int,
    *,
    history: bool = False,
    sort: Sort = "newest",
    before: str | None = None,
) -> SearchRequest:
    """Parse a search. Raises BadQuery."""
    tree = query_language.parse(words, now=now or datetime.now(UTC))
    limit = max(1, min(limit, MOST_HITS))
    return SearchRequest(tree=tree, user=user, past=history, sort=sort, before=before, limit=limit)


class Search:
    """Full-text search in one user's articles: `archive.library(user).search`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def hits(
        self,
        words: str,
        *,
        history: bool = False,
        sort: Sort = "newest",
        before: str | None = None,
        limit: int = 20,
        now: datetime | None = None,
    ) -> Hits:
        """Return a page of articles that match a search, with snippets of their texts.

        history: words that only earlier versions had, and the publisher removed. sort: "newest" or "best"
        (of the newest 2,000 hits). before: the `next` of the page before. now: what before:7d counts from.
        Raises BadQuery, which says what to type; NotFound for an invalid cursor.
        """
        asked = _asked(words, self._user, now, limit, history=history, sort=sort, before=before)
        with self._db.reading() as conn:
            places = executor.find(conn, asked)
            waiting = rebuild.count_waiting(conn)
            return Hits(hits=_hits(conn, places, asked), next=places.next, waiting=waiting)

    def ids(
        self,
        words: str,
        *,
        history: bool = False,
        sort: Sort = "newest",
        before: str | None = None,
        limit: int = 1000,
        now: datetime | None = None,
    ) -> HitIds:
        """Return only the article numbers that `hits` would find: a page of them, and the next cursor."""
        asked = _asked(words, self._user, now, limit, history=history, sort=sort, before=before)
        with self._db.reading() as conn:
            return executor.find(conn, asked)

    def articles(
        self, words: str, *, before: str | None = None, limit: int = 50, now: datetime | None = None
    ) -> Articles:
        """Return a page of articles that match a search, with bodies, newest first.

        Raises BadQuery, NotFound.
        """
        asked = _asked(words, self._user, now, limit, before=before)
        with self._db.reading() as conn:
            page = executor.find(conn, asked)
            found = queries.articles_by_id(conn, page.article_ids, self._user)
        whole = executor.articles_in_order(found, page.article_ids)
        return Articles(articles=tuple(whole), next=page.next)


def _hits(conn: Connection, places: HitIds, asked: SearchRequest) -> tuple[Hit, ...]:
    numbers = places.article_ids
    lines = queries.headlines_by_id(conn, numbers, asked.user, text=not asked.past)
    past = _past_texts(conn, numbers, asked.tree) if asked.past else {}
    wanted = highlight.term_matchers(query_language.highlight_terms(asked.tree))
    ordered = executor.articles_in_order(lines, numbers)
    titles = highlight.marked_lines([line.title for line, _ in ordered], wanted)
    texts = [past.get(line.id, (current, None)) for line, current in ordered]
    shown = highlight.snippets([text for text, _ in texts], wanted)
    return tuple(
        Hit(headline=line, title=title, snippet=snippet, version=version)
        for (line, _), title, snippet, (_, version) in zip(ordered, titles, shown, texts, strict=True)
    )


def _past_texts(conn: Connection, numbers: tuple[int, ...], tree: Tree) -> dict[int, tuple[str, int | None]]:
    """Return text and number of the newest older version with all words; else of the one with most."""
    found: dict[int, tuple[str, int | None]] = {}
    parts = highlight.term_matchers(query_language.highlight_terms(tree))
    for number in numbers:
        current = select(articles.c.revision).where(articles.c.id == number).scalar_subquery()
        query = select(revisions.c.number, revisions.c.record)
        query = query.where(revisions.c.article_id == number, revisions.c.number != current)
        best = -1
        for row in conn.execute(query.order_by(revisions.c.number.desc())):
            article = article_of(row.record, f"article {number}, version {row.number}")
            if article is None:
                continue
            there = highlight.count_terms(f"{article.title}\n{article.text}", parts)
            if there > best:
                best = there
                found[number] = (f"{article.title}\n{article.text}", row.number)
        found.setdefault(number, ("", None))
    return found
