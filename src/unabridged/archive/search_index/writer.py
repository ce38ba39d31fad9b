"""Writer of the full-text index: adds and removes documents.

Every function runs inside the transaction that changes the article. On SQLite the index is contentless, so
that removing a document needs its tokens again: they are computed from the indexed version, and a digest
tells if they are the same. If they differ (another Unicode table, another list of letters), the whole index
is rebuilt, so that no orphaned tokens stay behind.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from unabridged.archive.records.encoding import storable
from unabridged.archive.search_index import tokenizer
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import LISTED, articles, revisions, to_microseconds
from unabridged.archive.storage.tables_search import ANALYSIS, MERGING, UNINDEXED, search_docs, search_state
from unabridged.model import Article

CHUNK = 500

NUMBER_BITS = 30
"""Low bits of an index row number: the article's number. The high bits are the seconds of its time."""

NUMBER_MASK = (1 << NUMBER_BITS) - 1
MAX_SECONDS = (1 << 33) - 1
"""Seconds from 1970 to 2242, as many as fit into a row number."""

OLDER_VERSIONS = 20
"""Number of earlier versions whose removed lines are indexed, newest first."""

MERGE_PAGES = 2000
"""Pages of 4 kB merged in one transaction, which takes a few tenths of a second."""

FIELDS = ("text", "title", "author", "tag", "fact", "past")
FIELD_MARK = "\ue002"
"""On PostgreSQL, prefix of a field's tokens, followed by the field's first letter; text tokens have none."""

LOST_MARK = "\ue003"
"""On PostgreSQL, prefix of a token that lost some positions; alone, it stands for any token. Without it,
phrases of any words would have to be checked in every row with one very frequent word."""

HIGHEST_POSITION = 16_383
MOST_POSITIONS = 256
MOST_BYTES = 1_000_000
"""Limits of a tsvector: highest position, positions per lexeme, and (a little below the limit) bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Index entry of a version. fields: name -> tokens in order, and single letters."""

    article_id: int
    place: int
    revision: int
    fields: dict[str, tuple[list[str], list[str]]]

    def columns(self) -> tuple[str, ...]:
        """Return the FTS5 column values, in the order of FIELDS."""
        return tuple(" ".join((*tokens, *letters)) for tokens, letters in map(self._field, FIELDS))

    def _field(self, name: str) -> tuple[list[str], list[str]]:
        return self.fields.get(name, ([], []))


def place_of(at: datetime, article_id: int) -> int:
    """Return the index row number of an article: it rises with time and contains the article number."""
    seconds = max(0, min(to_microseconds(at) // 1_000_000, MAX_SECONDS))
    return seconds << NUMBER_BITS | article_id & NUMBER_MASK


def digest_of(columns: Sequence[str]) -> int:
    """Hash a document's tokens to a signed 64-bit integer."""
    hashed = hashlib.blake2b("\n".join(columns).encode(), digest_size=8).digest()
    return int.from_bytes(hashed, "big", signed=True)


# Documents


def parts_of(article: Article) -> tuple[str, ...]:
    """Return the searchable parts of an article."""
    return tuple(map(storable, (article.title, *article.authors, *article.tags, article.text)))


def document(
    article_id: int, at: datetime, revision: int, article: Article, older: Sequence[Article] = ()
) -> Document:
    """Build the index entry of an article. older: its other versions, newest first."""
    absent = {"author": not article.authors, "tag": not article.tags}
    names = ("text", "title", "author", "tag", "fact")
    fields = {name: field_tokens(article, name) for name in names if not absent.get(name)}
    lost = removed_lines(fields["text"][0], older)
    if lost:
        fields["past"] = tokenizer.document_tokens(lost)
    return Document(article_id=article_id, place=place_of(at, article_id), revision=revision, fields=fields)


def field_tokens(article: Article, name: str) -> tuple[list[str], list[str]]:
    """Return the tokens of a field of an article (text, title, author, tag or fact), and single letters."""
    if name == "fact":
        hosts = tokenizer.host_tokens(_host(storable(article.url)))
        languages = tokenizer.language_tokens(article.language)
        return [], [
            *(f"{FIELD_MARK}s{one}" for one in hosts),
            *(f"{FIELD_MARK}l{one}" for one in languages),
        ]
    parts = {"title": (article.title,), "author": article.authors, "tag": article.tags}
    return tokenizer.document_tokens(map(storable, parts[name]) if name in parts else parts_of(article))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def removed_lines(now: Sequence[str], older: Sequence[Article]) -> tuple[str, ...]:
    """Return lines of earlier versions that the tokens of the current one do not contain."""
    flat = f" {' '.join(now)} "
    lost: dict[str, str] = {}
    for article in older[:OLDER_VERSIONS]:
        for line in (article.title, *article.text.splitlines()):
            wanted, _ = tokenizer.query_tokens(line)
            key = " ".join(wanted)
            if wanted and f" {key}" not in flat:
                lost.setdefault(key, line)
    return tuple(lost.values())


# Adding


def index_new(conn: Connection, fresh: Iterable[tuple[int, datetime, int, Article]]) -> None:
    """Index new articles, given as number, time in lists, version, article."""
    _insert(conn, [document(number, at, revision, article) for number, at, revision, article in fresh])


def index_stored(conn: Connection, article_ids: Sequence[int]) -> None:
    """Index stored articles; any old entries must be removed first (`unindex`)."""
    for start in range(0, len(article_ids), CHUNK):
        _insert(conn, stored_documents(conn, article_ids[start : start + CHUNK]))


def stored_documents(conn: Connection, article_ids: Sequence[int]) -> list[Document]:
    """Build the index entries of stored articles, except duplicates of others."""
    query = select(articles.c.id, articles.c.sort_at, articles.c.revision)
    query = query.where(articles.c.id.in_(article_ids), LISTED)
    wanted = {row.id: (row.sort_at, row.revision) for row in conn.execute(query.order_by(articles.c.id))}
    return _documents(conn, wanted)


def _documents(conn: Connection, wanted: dict[int, tuple[datetime, int]]) -> list[Document]:
    """Build index entries. wanted: article number -> time in lists, version."""
    current: dict[int, Article] = {}
    others: dict[int, list[Article]] = {}
    found = select(revisions.c.article_id, revisions.c.number, revisions.c.record)
    found = found.where(revisions.c.article_id.in_(list(wanted)))
    for row in conn.execute(found.order_by(revisions.c.article_id, revisions.c.number.desc())):
        article = article_of(row.record, f"article {row.article_id}, version {row.number}")
        if article is None:
            continue
        if row.number == wanted[row.article_id][1]:
            current[row.article_id] = article
        else:
            others.setdefault(row.article_id, []).append(article)
    return [
        document(number, at, revision, current[number], others.get(number, ()))
        for number, (at, revision) in wanted.items()
        if number in current
    ]


def _insert(conn: Connection, documents: Sequence[Document]) -> None:
    if not documents:
        return
    columns = [one.columns() for one in documents]
    rows = [
        {"article_id": one.article_id, "place": one.place, "revision": one.revision, "digest": digest_of(own)}
        for one, own in zip(documents, columns, strict=True)
    ]
    conn.execute(insert(search_docs), rows)
    if conn.dialect.name == "sqlite":
        names = ", ".join(FIELDS)
        put = f"INSERT INTO search_index (rowid, {names}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        given = [(one.place, *own) for one, own in zip(documents, columns, strict=True)]
        conn.exec_driver_sql(put, given)
    else:
        statement = text(
            "INSERT INTO search_index (place, article_id, tokens, clipped)"
            " VALUES (:place, :article_id, CAST(:tokens AS tsvector), :clipped)"
        )
        conn.execute(statement, [_postgres_row(one) for one in documents])


def _postgres_row(one: Document) -> dict[str, Any]:
    tokens, clipped = tsvector(one)
    return {"place": one.place, "article_id": one.article_id, "tokens": tokens, "clipped": clipped}


def tsvector(one: Document) -> tuple[str, bool]:
    """Return a document as a tsvector literal, and whether positions of tokens were lost (see LOST_MARK).

    Positions in the title have weight A. https://www.postgresql.org/docs/current/textsearch-limitations.html
    """
    places: dict[str, list[str]] = {}
    lost: set[str] = set()
    used, begin = 0, 1
    for name, (tokens, letters) in one.fields.items():
        mark = "" if name in ("text", "fact") else FIELD_MARK + name[0]
        title_end = tokens.index(tokenizer.GAP, 1) if name == "text" else 0
        for place, token in enumerate(tokens):
            mine = places.setdefault(mark + token, [])
            if begin + place > HIGHEST_POSITION:
                lost.add("")
            elif len(mine) == MOST_POSITIONS - 1:
                lost.add(mark + token)
            elif place < title_end:
                mine.append(f"{begin + place}A")
            else:
                mine.append(str(begin + place))
        begin += len(tokens) + 1
        for letter in letters:
            places.setdefault(mark + letter, [])
    kept = []
    for token, mine in places.items():
        used += len(token.encode()) + 2 * len(mine) + 4
        if used > MOST_BYTES:
            lost.add("")
            break
        kept.append(f"'{token}':{','.join(mine)}" if mine else f"'{token}'")
    kept += [f"'{LOST_MARK}{token}'" for token in sorted({""} if "" in lost else lost)]
    return " ".join(kept), bool(lost)


# Removing


def unindex(conn: Connection, article_ids: Sequence[int]) -> None:
    """Remove articles from the index; call it before anything changes that their entries were built from."""
    for start in range(0, len(article_ids), CHUNK):
        mine = search_docs.c.article_id.in_(article_ids[start : start + CHUNK])
        if conn.dialect.name == "sqlite" and not _delete_from_fts(conn, mine):
            start_over(conn)
            return
        conn.execute(delete(search_docs).where(mine))


def _delete_from_fts(conn: Connection, mine: Any) -> bool:
    """Remove documents from FTS5. False: the tokens differ from the indexed ones, and nothing was removed."""
    query = select(search_docs, articles.c.sort_at).join(articles, articles.c.id == search_docs.c.article_id)
    rows = {row.article_id: row for row in conn.execute(query.where(mine))}
    made = _documents(conn, {number: (row.sort_at, row.revision) for number, row in rows.items()})
    if len(made) != len(rows):
        return False
    given = []
    for one in made:
        columns, row = one.columns(), rows[one.article_id]
        if digest_of(columns) != row.digest:
            return False
        given.append(("delete", row.place, *columns))
    if given:
        names = ", ".join(("search_index", "rowid", *FIELDS))
        conn.exec_driver_sql(f"INSERT INTO search_index ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", given)
    return True


def start_over(conn: Connection) -> None:
    """Empty the index and mark all articles as not indexed."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    conn.execute(delete(search_docs))
    last = conn.execute(select(func.max(articles.c.id))).scalar() or 0
    set_state(conn, UNINDEXED, last)
    set_state(conn, ANALYSIS, tokenizer.VERSION)


# Merging after deletion


def request_merge(conn: Connection) -> None:
    """Request a merge after a deletion: FTS5 keeps deleted words in old segments until they are merged."""
    if conn.dialect.name == "sqlite":
        set_state(conn, MERGING, 1)


def needs_merge(conn: Connection) -> bool:
    return bool(state_of(conn, MERGING))


def merge_some(conn: Connection) -> None:
    """Merge some pages of the index; the request ends with the last ones.

    A negative number starts a merge of everything; no change means done. https://sqlite.org/fts5.html#the_merge_command
    """
    pages = MERGE_PAGES if state_of(conn, MERGING) == 2 else -MERGE_PAGES
    before = _changes(conn)
    conn.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (pages,))
    set_state(conn, MERGING, 2 if pages < 0 or _changes(conn) - before >= 2 else 0)


def _changes(conn: Connection) -> int:
    return int(conn.exec_driver_sql("SELECT total_changes()").scalar_one())


# State


def is_stale(conn: Connection) -> bool:
    """Tell if the index was built by another version of the tokenizer."""
    return (state_of(conn, ANALYSIS) or 1) != tokenizer.VERSION


_STATE = select(search_state.c.value).where(search_state.c.name == bindparam("state"))


def state_of(conn: Connection, name: str) -> int | None:
    found = conn.execute(_STATE, {"state": name}).scalar()
    return None if found is None else int(found)


def set_state(conn: Connection, name: str, value: int) -> None:
    if not conn.execute(update(search_state).where(search_state.c.name == name).values(value=value)).rowcount:
        conn.execute(insert(search_state), {"name": name, "value": value})


def index_more(conn: Connection, limit: int) -> int:
    """Index some missing articles, newest first. Returns the highest number still to check."""
    lock = select(search_state.c.value).where(search_state.c.name == UNINDEXED).with_for_update()
    top = conn.execute(lock).scalar() or 0
    if not top:
        return 0
    absent = ~select(search_docs.c.place).where(search_docs.c.article_id == articles.c.id).exists()
    query = select(articles.c.id).where(articles.c.id <= top, absent, LISTED).order_by(articles.c.id.desc())
    found = list(conn.execute(query.limit(limit)).scalars())
    index_stored(conn, found)
    left = found[-1] - 1 if len(found) == limit else 0
    set_state(conn, UNINDEXED, left)
    return left
