"""Search, as part of the archive's facade: what is found, where in the text, and how far the index is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from unabridged.archive.articles import queries as reading
from unabridged.archive.maintenance.copy_archive import Watch, unwatched
from unabridged.archive.records.core import OWNER, Articles, Headline, StoredArticle
from unabridged.archive.search import executor, highlight, query_language
from unabridged.archive.search.executor import Asked, Places, Sort
from unabridged.archive.search.highlight import Piece
from unabridged.archive.search.query_language import Tree
from unabridged.archive.search_index import writer
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import LISTED, articles, revisions
from unabridged.archive.storage.tables_search import UNINDEXED, search_docs

BATCH = 200
"""Articles indexed in one transaction: a quarter of a second, in which other writers wait."""

MOST_HITS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that answers a search: its line, and title and passage with the words marked.

    version: the older version that had the words, where they were looked for in what is gone; else None.
    """

    headline: Headline
    title: tuple[Piece, ...]
    passage: tuple[Piece, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A page of hits. next: cursor for the page after it. waiting: articles that are not indexed yet."""

    hits: tuple[Hit, ...]
    next: str | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """How far the index is: articles in it, of how many."""

    indexed: int
    articles: int

    @property
    def waiting(self) -> int:
        return max(0, self.articles - self.indexed)


def _asked(
    words: str,
    user: int,
    now: datetime | None,
    limit: int,
    *,
    history: bool = False,
    sort: Sort = "newest",
    before: str | None = None,
) -> Asked:
    """What is typed, read. Raises BadQuery."""
    tree = query_language.parse(words, now=now or datetime.now(UTC))
    limit = max(1, min(limit, MOST_HITS))
    return Asked(tree=tree, user=user, past=history, sort=sort, before=before, limit=limit)


class Searching:
    """What an archive finds. `_db` is the archive's database."""

    _db: Database

    def search(
        self,
        words: str,
        *,
        user: int = OWNER,
        history: bool = False,
        sort: Sort = "newest",
        before: str | None = None,
        limit: int = 20,
        now: datetime | None = None,
    ) -> Hits:
        """A page of a user's articles that answer a search, with passages of their texts.

        history: what only earlier versions had, and the publisher took out. sort: "newest" or "best" (of
        the newest 2,000 hits). before: the `next` of the page before. now: what before:7d counts from.
        Raises BadQuery, which says what to type; NotFound for a cursor that is none.
        """
        asked = _asked(words, user, now, limit, history=history, sort=sort, before=before)
        with self._db.reading() as conn:
            places = executor.find(conn, asked)
            return Hits(hits=_hits(conn, places, asked), next=places.next, waiting=_waiting(conn))

    def search_ids(
        self,
        words: str,
        *,
        user: int = OWNER,
        history: bool = False,
        sort: Sort = "newest",
        before: str | None = None,
        limit: int = 1000,
        now: datetime | None = None,
    ) -> Places:
        """Like `search`, but only the articles' numbers: a page of them, and the cursor after it."""
        asked = _asked(words, user, now, limit, history=history, sort=sort, before=before)
        with self._db.reading() as conn:
            return executor.find(conn, asked)

    def search_page(
        self,
        words: str,
        *,
        user: int = OWNER,
        before: str | None = None,
        limit: int = 50,
        now: datetime | None = None,
    ) -> Articles:
        """A page of the articles that answer a search, whole, newest first. Raises BadQuery, NotFound."""
        asked = _asked(words, user, now, limit, before=before)
        with self._db.reading() as conn:
            page = executor.find(conn, asked)
            found = reading.some_articles(conn, page.article_ids, user)
        whole = executor.articles_in_order(found, page.article_ids)
        return Articles(articles=tuple(whole), next=page.next)

    def search_articles(
        self, words: str, *, user: int = OWNER, history: bool = False, now: datetime | None = None
    ) -> Iterator[StoredArticle]:
        """Every article that answers a search, whole, newest first, in steady memory. Raises BadQuery."""
        return self._found(_asked(words, user, now, BATCH, history=history))

    def _found(self, asked: Asked) -> Iterator[StoredArticle]:
        place: Asked | None = asked
        while place is not None:
            with self._db.reading() as conn:
                page = executor.find(conn, place)
                found = reading.some_articles(conn, page.article_ids, asked.user)
            yield from executor.articles_in_order(found, page.article_ids)
            place = replace(place, before=page.next) if page.next else None

    # The index

    def index_state(self) -> IndexState:
        """How far the index is."""
        with self._db.reading() as conn:
            return _state(conn)

    def index_more(self, limit: int = BATCH) -> bool:
        """Index some articles that were here before there was an index; whether more are waiting."""
        with self._db.reading() as conn:
            if not writer.state_of(conn, UNINDEXED):
                return False
        return self._db.writing(lambda conn: writer.index_more(conn, limit)) > 0

    def index_all(self, *, watch: Watch = unwatched) -> None:
        """Index everything that waits, in small transactions; stopped half-way, the next call goes on."""
        index_all(self._db, watch)

    def index_anew(self) -> None:
        """Empty the index; everything waits to be indexed again. Texts are not touched."""
        self._db.writing(writer.start_over)


def index_all(db: Database, watch: Watch) -> None:
    """Index everything that waits, in small transactions."""
    with db.reading() as conn:
        if not writer.state_of(conn, UNINDEXED):
            return
        state = _state(conn)
    done, left = 0, 1
    while left:
        watch("indexing", min(done, state.waiting), state.waiting)
        left = db.writing(lambda conn: writer.index_more(conn, BATCH))
        done += BATCH
    watch("indexing", state.waiting, state.waiting)


def _state(conn: Connection) -> IndexState:
    indexed = conn.execute(select(func.count()).select_from(search_docs)).scalar_one()
    total = conn.execute(select(func.count()).select_from(articles)).scalar_one()
    joined = conn.execute(select(func.count()).select_from(articles).where(~LISTED)).scalar_one()
    return IndexState(indexed=int(indexed), articles=int(total - joined))


def _waiting(conn: Connection) -> int:
    return _state(conn).waiting if writer.state_of(conn, UNINDEXED) else 0


def _hits(conn: Connection, places: Places, asked: Asked) -> tuple[Hit, ...]:
    numbers = places.article_ids
    lines = reading.some_headlines(conn, numbers, asked.user, text=not asked.past)
    past = _past_texts(conn, numbers, asked.tree) if asked.past else {}
    wanted = highlight.sought(query_language.wanted(asked.tree))
    ordered = executor.articles_in_order(lines, numbers)
    titles = highlight.marked_lines([line.title for line, _ in ordered], wanted)
    texts = [past.get(line.id, (current, None)) for line, current in ordered]
    shown = highlight.passages([text for text, _ in texts], wanted)
    return tuple(
        Hit(headline=line, title=title, passage=passage, version=version)
        for (line, _), title, passage, (_, version) in zip(ordered, titles, shown, texts, strict=True)
    )


def _past_texts(conn: Connection, numbers: tuple[int, ...], tree: Tree) -> dict[int, tuple[str, int | None]]:
    """The newest older version that has what was looked for; else the one that has most of it."""
    found: dict[int, tuple[str, int | None]] = {}
    parts = highlight.sought(query_language.wanted(tree))
    for number in numbers:
        current = select(articles.c.revision).where(articles.c.id == number).scalar_subquery()
        query = select(revisions.c.number, revisions.c.record)
        query = query.where(revisions.c.article_id == number, revisions.c.number != current)
        best = -1
        for row in conn.execute(query.order_by(revisions.c.number.desc())):
            article = article_of(row.record, f"article {number}, version {row.number}")
            if article is None:
                continue
            there = highlight.count_of(f"{article.title}\n{article.text}", parts)
            if there > best:
                best = there
                found[number] = (f"{article.title}\n{article.text}", row.number)
        found.setdefault(number, ("", None))
    return found
