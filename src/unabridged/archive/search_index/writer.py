"""The index of search, written with the articles: what a version puts into it, and taking that out again.

Every function works inside the transaction of the article's own change. On SQLite the index holds no
texts, so that taking a document out needs its tokens again: they are made of the version that was put in,
and a digest tells whether they are the same. Where they are not (another Unicode table, another list of
letters), the whole index is made anew rather than left with a ghost.
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
"""Of a place in the index: the article's number; above it stand the seconds of its time."""

NUMBER_MASK = (1 << NUMBER_BITS) - 1
MAX_SECONDS = (1 << 33) - 1
"""Of 1970 to 2242, as many as a row number has room for beside the article."""

OLDER_VERSIONS = 20
"""Other versions than the current one whose lost lines are indexed, newest first."""

MERGED_AT_ONCE = 2000
"""Pages of 4 kB merged in one transaction: a few tenths of a second."""

FIELDS = ("text", "title", "author", "tag", "fact", "past")
FIELD_MARK = "\ue002"
"""On PostgreSQL a field's tokens begin with this mark and its first letter; those of the text carry none."""

LOST_MARK = "\ue003"
"""On PostgreSQL it begins a token that names one of which places had to be left out; alone, it means any.
Without it every row with one frequent word would have to be doubted for all words."""

HIGHEST_POSITION = 16_383
MOST_POSITIONS = 256
MOST_BYTES = 1_000_000
"""What a tsvector holds: positions up to here, so many of one lexeme, and bytes in all (a little below)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A version as the index has it. fields: name -> tokens in their order, and letters in none."""

    article_id: int
    place: int
    revision: int
    fields: dict[str, tuple[list[str], list[str]]]

    def columns(self) -> tuple[str, ...]:
        """What FTS5 is given, by field."""
        return tuple(" ".join((*tokens, *letters)) for tokens, letters in map(self._field, FIELDS))

    def _field(self, name: str) -> tuple[list[str], list[str]]:
        return self.fields.get(name, ([], []))


def place_of(at: datetime, article_id: int) -> int:
    """The row of an article in the index: later times stand higher, and the number can be read from it."""
    seconds = max(0, min(to_microseconds(at) // 1_000_000, MAX_SECONDS))
    return seconds << NUMBER_BITS | article_id & NUMBER_MASK


def digest_of(columns: Sequence[str]) -> int:
    """A fingerprint of a document's tokens."""
    hashed = hashlib.blake2b("\n".join(columns).encode(), digest_size=8).digest()
    return int.from_bytes(hashed, "big", signed=True)


# What a version is made of


def parts_of(article: Article) -> tuple[str, ...]:
    """The parts of an article that words are looked for in."""
    return tuple(map(storable, (article.title, *article.authors, *article.tags, article.text)))


def document(
    article_id: int, at: datetime, revision: int, article: Article, older: Sequence[Article] = ()
) -> Document:
    """What an article puts into the index. older: its other versions, newest first."""
    found = tokenizer.stream(parts_of(article))
    fields = {"text": found, "title": tokenizer.stream((storable(article.title),))}
    if article.authors:
        fields["author"] = tokenizer.stream(map(storable, article.authors))
    if article.tags:
        fields["tag"] = tokenizer.stream(map(storable, article.tags))
    facts = (
        *(f"{FIELD_MARK}s{one}" for one in tokenizer.host_tokens(_host(storable(article.url)))),
        *(f"{FIELD_MARK}l{one}" for one in tokenizer.language_tokens(article.language)),
    )
    fields["fact"] = ([], list(facts))
    lost = lost_lines(found[0], older)
    if lost:
        fields["past"] = tokenizer.stream(lost)
    return Document(article_id=article_id, place=place_of(at, article_id), revision=revision, fields=fields)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def lost_lines(now: Sequence[str], older: Sequence[Article]) -> tuple[str, ...]:
    """The lines of earlier versions whose words do not stand in a row among the tokens of the current one."""
    flat = f" {' '.join(now)} "
    lost: dict[str, str] = {}
    for article in older[:OLDER_VERSIONS]:
        for line in (article.title, *article.text.splitlines()):
            wanted, _ = tokenizer.asked(line)
            key = " ".join(wanted)
            if wanted and f" {key}" not in flat:
                lost.setdefault(key, line)
    return tuple(lost.values())


# Putting in


def index_new(conn: Connection, fresh: Iterable[tuple[int, datetime, int, Article]]) -> None:
    """Index articles that were just made: number, time in lists, version, article."""
    _put(conn, [document(number, at, revision, article) for number, at, revision, article in fresh])


def index_stored(conn: Connection, article_ids: Sequence[int]) -> None:
    """Index articles as they stand in the database; those that are in the index must be taken out before."""
    for start in range(0, len(article_ids), CHUNK):
        _put(conn, stored_documents(conn, article_ids[start : start + CHUNK]))


def stored_documents(conn: Connection, article_ids: Sequence[int]) -> list[Document]:
    """What articles put into the index as they stand in the database: those joined to another, nothing."""
    query = select(articles.c.id, articles.c.sort_at, articles.c.revision)
    query = query.where(articles.c.id.in_(article_ids), LISTED)
    wanted = {row.id: (row.sort_at, row.revision) for row in conn.execute(query.order_by(articles.c.id))}
    return _documents(conn, wanted)


def _documents(conn: Connection, wanted: dict[int, tuple[datetime, int]]) -> list[Document]:
    """The documents of articles at a version: number -> time in lists, version."""
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


def _put(conn: Connection, documents: Sequence[Document]) -> None:
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
        conn.execute(statement, [_row(one) for one in documents])


def _row(one: Document) -> dict[str, Any]:
    tokens, clipped = tsvector(one)
    return {"place": one.place, "article_id": one.article_id, "tokens": tokens, "clipped": clipped}


def tsvector(one: Document) -> tuple[str, bool]:
    """A document as PostgreSQL writes a tsvector, and whether places of tokens had to be left out; then also
    of which, by LOST_MARK.

    The title's own places weigh most. https://www.postgresql.org/docs/current/textsearch-limitations.html
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


# Taking out


def unindex(conn: Connection, article_ids: Sequence[int]) -> None:
    """Take articles out of the index: before anything is changed that their documents were made of."""
    for start in range(0, len(article_ids), CHUNK):
        mine = search_docs.c.article_id.in_(article_ids[start : start + CHUNK])
        if conn.dialect.name == "sqlite" and not _take_out(conn, mine):
            start_over(conn)
            return
        conn.execute(delete(search_docs).where(mine))


def _take_out(conn: Connection, mine: Any) -> bool:
    """Take documents out of FTS5. False: their tokens are not what was put in, nothing was taken out."""
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
    """Empty the index; all that is in the archive waits to be indexed again."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    conn.execute(delete(search_docs))
    last = conn.execute(select(func.max(articles.c.id))).scalar() or 0
    set_state(conn, UNINDEXED, last)
    set_state(conn, ANALYSIS, tokenizer.VERSION)


# What erasing leaves


def owe_merge(conn: Connection) -> None:
    """Note that words were erased for good: FTS5 keeps them in older pieces until those are merged."""
    if conn.dialect.name == "sqlite":
        set_state(conn, MERGING, 1)


def owes_merge(conn: Connection) -> bool:
    return bool(state_of(conn, MERGING))


def merge_some(conn: Connection) -> None:
    """Merge some pages of the index; after the last ones nothing is owed any more.

    Negative begins merging everything; no change is the end. https://sqlite.org/fts5.html#the_merge_command
    """
    pages = MERGED_AT_ONCE if state_of(conn, MERGING) == 2 else -MERGED_AT_ONCE
    before = _changes(conn)
    conn.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (pages,))
    set_state(conn, MERGING, 2 if pages < 0 or _changes(conn) - before >= 2 else 0)


def _changes(conn: Connection) -> int:
    return int(conn.exec_driver_sql("SELECT total_changes()").scalar_one())


# What waits


def is_stale(conn: Connection) -> bool:
    """Whether the index was made by another analysis than this program's."""
    return (state_of(conn, ANALYSIS) or 1) != tokenizer.VERSION


_STATE = select(search_state.c.value).where(search_state.c.name == bindparam("state"))


def state_of(conn: Connection, name: str) -> int | None:
    found = conn.execute(_STATE, {"state": name}).scalar()
    return None if found is None else int(found)


def set_state(conn: Connection, name: str, value: int) -> None:
    if not conn.execute(update(search_state).where(search_state.c.name == name).values(value=value)).rowcount:
        conn.execute(insert(search_state), {"name": name, "value": value})


def index_more(conn: Connection, limit: int) -> int:
    """Index some of the articles that wait, newest first. Returns up to which number others may wait."""
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
