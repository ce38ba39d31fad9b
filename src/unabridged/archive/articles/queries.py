"""Queries of articles: lists, single articles, versions, raw pages, counts."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    any_,
    bindparam,
    func,
    literal,
    select,
    tuple_,
)

from unabridged import limits
from unabridged.archive.articles.list_conditions import conditions, joined_list
from unabridged.archive.articles.versions import article_not_found
from unabridged.archive.raw_pages.compression import split_headers
from unabridged.archive.raw_pages.store import joined_page, snapshot_row
from unabridged.archive.records.core import (
    OWNER,
    Articles,
    Counts,
    Failure,
    Headline,
    Headlines,
    Observation,
    PageRecord,
    Query,
    RevisionLine,
    Snapshot,
    StoredArticle,
    StoredRevision,
)
from unabridged.archive.records.encoding import decode_article, text_of
from unabridged.archive.storage.codec import decompress
from unabridged.archive.storage.identity import address_key
from unabridged.archive.storage.row_decoding import converted, entry_of, instant, listed, readable
from unabridged.archive.storage.tables import (
    LISTED,
    addresses,
    articles,
    feeds,
    from_microseconds,
    holds_instant,
    items,
    observations,
    revisions,
    snapshots,
    sources,
    subscriptions,
    to_microseconds,
)
from unabridged.errors import ArchiveError, NotFound
from unabridged.urls import web_address

MAX_LIMIT = 1000
_CURRENT = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
_SHOWN = (
    *("id", "url", "title", "summary", "authors", "lead_image", "language", "words", "published"),
    *("sort_at", "first_seen", "feed_id", "page_state", "edits", "edited"),
)
"""Columns of an article that a headline shows."""

_CURSOR = re.compile(r"(-?\d{1,18})_(\d{1,18})")


@lru_cache(maxsize=100)
def _headline_query(user: int) -> Select[Any]:
    """Select the columns of headlines: articles with a user's item, feed title and source."""
    mine = (items.c.article_id == articles.c.id) & (items.c.user_id == user)
    own = (subscriptions.c.feed_id == articles.c.feed_id) & (subscriptions.c.user_id == user)
    named = func.coalesce(subscriptions.c.title, func.nullif(feeds.c.title, ""), feeds.c.url)
    return (
        select(
            *(articles.c[name] for name in _SHOWN),
            items.c.id.label("item_id"),
            items.c.read,
            items.c.starred,
            items.c.muted,
            named.label("feed_title"),
            sources.c.slug,
        )
        .select_from(articles)
        .outerjoin(items, mine)
        .outerjoin(feeds, feeds.c.id == articles.c.feed_id)
        .outerjoin(subscriptions, own)
        .join(sources, sources.c.id == articles.c.source_id)
    )


@lru_cache(maxsize=100)
def _article_query(user: int) -> Select[Any]:
    """Select the columns of stored articles: those of headlines and the current version."""
    return (
        _headline_query(user)
        .join(revisions, _CURRENT)
        .add_columns(
            *(column for column in articles.c if column.name not in _SHOWN),
            items.c.delivered,
            items.c.changed,
            revisions.c.record,
            revisions.c.source.label("revision_source"),
            revisions.c.saved,
            revisions.c.fetched,
            revisions.c.content_hash,
            revisions.c.snapshot_hash,
        )
    )


def _headline(row: RowMapping) -> Headline:
    return Headline(
        id=row["id"],
        item_id=row["item_id"],
        url=web_address(row["url"]) or "",
        title=row["title"][: limits.TITLE],
        summary=row["summary"][: limits.SUMMARY],
        authors=listed(row["authors"]),
        lead_image=web_address(row["lead_image"]),
        language=row["language"],
        at=row["sort_at"],
        published=instant(row["published"]),
        first_seen=row["first_seen"],
        words=row["words"],
        feed_id=row["feed_id"],
        feed_title=row["feed_title"],
        source=row["slug"],
        read=bool(row["read"]),
        starred=bool(row["starred"]),
        muted=row["muted"],
        page_state=row["page_state"],
        edits=row["edits"],
        edited=row["edited"],
    )


def _stored_article(row: RowMapping) -> StoredArticle:
    return StoredArticle(
        id=row["id"],
        item_id=row["item_id"],
        article=decode_article(decompress(row["record"])),
        revision=row["revision"],
        revision_source=row["revision_source"],
        revised=row["saved"],
        content_hash=row["content_hash"].hex(),
        at=row["sort_at"],
        first_seen=row["first_seen"],
        feed_id=row["feed_id"],
        feed_title=row["feed_title"],
        source=row["slug"],
        page=_page_record(row),
        fetched=row["fetched"],
        snapshot=None if row["snapshot_hash"] is None else row["snapshot_hash"].hex(),
        read=bool(row["read"]),
        starred=bool(row["starred"]),
        muted=row["muted"],
        delivered=row["delivered"],
        changed=row["changed"],
        same_as=row["same_as"],
        edits=row["edits"],
        edited=row["edited"],
    )


def _page_record(row: RowMapping) -> PageRecord:
    failure = None
    if row["page_failure_kind"] is not None:
        failure = Failure(
            kind=row["page_failure_kind"],
            message=row["page_failure_message"] or "",
            advice=row["page_failure_advice"] or "",
        )
    return PageRecord(
        state=row["page_state"],
        attempts=row["page_attempts"],
        tried=row["page_tried"],
        next_try_at=row["page_next_try_at"],
        failure=failure,
        taken_down=row["taken_down"],
    )


# Lists


def count_listed(conn: Connection, query: Query, user: int) -> int:
    counted = select(func.count()).select_from(items).join(articles, articles.c.id == items.c.article_id)
    counted = counted.join(sources, sources.c.id == articles.c.source_id)
    counted, _ = joined_list(counted, query)
    return int(conn.execute(counted.where(*conditions(query, user))).scalar_one())


def _list_query(statement: Select[Any], query: Query, user: int) -> Select[Any]:
    """Narrow a select to one page of a query, in its order."""
    statement, (at, number) = joined_list(statement, query)
    statement = statement.where(*conditions(query, user))
    if query.lately_starred:
        statement = statement.add_columns(at.label("listed_at"))
    if query.before is not None:
        place = tuple_(*_parse_cursor(query.before), types=(at.type, number.type))
        here = tuple_(at, number)
        statement = statement.where(here > place if query.oldest else here < place)
    order = (at, number) if query.oldest else (at.desc(), number.desc())
    return statement.order_by(*order).limit(_limit(query) + 1)


def _limit(query: Query) -> int:
    return max(1, min(query.limit, MAX_LIMIT))


def _parse_cursor(text: str) -> tuple[datetime, int]:
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise NotFound(f"{text[:40]!r} is not a place in a list. Start from the first page.")
    if not holds_instant(int(match[1])):
        raise NotFound(f"{text[:40]!r} is not a place in a list. Start from the first page.")
    return from_microseconds(int(match[1])), int(match[2])


def _next_cursor(rows: Sequence[RowMapping], query: Query) -> str | None:
    """Return the cursor after the last row of the page, None if there is no further row."""
    if len(rows) <= _limit(query):
        return None
    last = rows[_limit(query) - 1]
    at = last["listed_at"] if query.lately_starred else last["sort_at"]
    return f"{to_microseconds(at)}_{last['id']}"


def list_headlines(conn: Connection, query: Query, user: int) -> Headlines:
    rows = conn.execute(_list_query(_headline_query(user), query, user)).mappings().all()
    return Headlines(
        headlines=tuple(readable(rows[: _limit(query)], _headline)), next=_next_cursor(rows, query)
    )


def headlines_among(conn: Connection, query: Query, article_ids: Sequence[int], user: int) -> list[Headline]:
    """Return headlines of those of the articles that match a query, in the order given."""
    statement, _ = joined_list(_headline_query(user), query)
    asked = statement.where(*conditions(query, user), articles.c.id.in_(article_ids))
    found = {line.id: line for line in readable(conn.execute(asked).mappings(), _headline)}
    return [found[number] for number in article_ids if number in found]


def list_articles(conn: Connection, query: Query, user: int) -> Articles:
    rows = conn.execute(_list_query(_article_query(user), query, user)).mappings().all()
    damaged: list[str] = []
    found = tuple(readable(rows[: _limit(query)], _stored_article, passed=damaged.append))
    return Articles(articles=found, next=_next_cursor(rows, query), damaged=tuple(damaged))


def neighbours(conn: Connection, article_id: int, query: Query, user: int) -> tuple[int | None, int | None]:
    """Return the next newer and the next older article of a list, None where there is none."""
    base = select(literal(0)).select_from(items).join(articles, articles.c.id == items.c.article_id)
    base, (at, number) = joined_list(base, query)
    mine = (items.c.user_id == user, items.c.article_id == article_id)
    here = conn.execute(base.with_only_columns(at, number).where(*mine)).first()
    if here is None:
        return None, None
    base = base.with_only_columns(number).join(sources, sources.c.id == articles.c.source_id)
    base = base.where(*conditions(query, user)).limit(1)
    place = tuple_(at, number)
    this = tuple_(*here, types=(at.type, number.type))
    newer = base.where(place > this).order_by(at, number)
    older = base.where(place < this).order_by(at.desc(), number.desc())
    return conn.execute(newer).scalar(), conn.execute(older).scalar()


def newest_item(conn: Connection, user: int) -> int:
    """Return the highest number of a user's items, 0 without any."""
    newest = select(items.c.id).where(items.c.user_id == user).order_by(items.c.id.desc()).limit(1)
    return conn.execute(newest).scalar() or 0


def items_after(conn: Connection, item_id: int, limit: int, user: int) -> tuple[StoredArticle, ...]:
    query = _article_query(user).where(items.c.id > item_id).order_by(items.c.id)
    rows = conn.execute(query.limit(max(1, min(limit, MAX_LIMIT)))).mappings()
    return tuple(readable(rows, _stored_article))


# One article


def get_article(conn: Connection, article_id: int, user: int) -> StoredArticle:
    row = conn.execute(_article_query(user).where(articles.c.id == article_id)).mappings().first()
    if row is None or (user != OWNER and row["item_id"] is None):
        raise article_not_found(article_id)
    return converted(row, _stored_article)


def articles_by_id(conn: Connection, article_ids: Sequence[int], user: int) -> dict[int, StoredArticle]:
    rows = conn.execute(_article_query(user).where(articles.c.id.in_(article_ids))).mappings()
    return {stored.id: stored for stored in readable(rows, _stored_article)}


def headlines_by_id(
    conn: Connection, article_ids: Sequence[int], user: int, *, text: bool = False
) -> dict[int, tuple[Headline, str]]:
    """Map article ids to headlines and texts (without `text`: "")."""
    query = _headlines_by_id_query(user, text, conn.dialect.name == "sqlite")
    rows = conn.execute(query, {"numbers": list(article_ids)}).mappings()

    def with_text(row: RowMapping) -> tuple[Headline, str]:
        return _headline(row), text_of(decompress(row["record"])) if text else ""

    return {line.id: (line, words) for line, words in readable(rows, with_text)}


@lru_cache(maxsize=100)
def _headlines_by_id_query(user: int, text: bool, on_sqlite: bool) -> Select[Any]:
    """Select headlines by article id; on PostgreSQL one statement for any number, so it is planned once."""
    query = _headline_query(user)
    if text:
        query = query.join(revisions, _CURRENT).add_columns(revisions.c.record)
    if on_sqlite:
        return query.where(articles.c.id.in_(bindparam("numbers", expanding=True)))
    return query.where(articles.c.id == any_(bindparam("numbers", type_=ARRAY(BigInteger))))


def duplicate_headlines(conn: Connection, article_id: int, user: int) -> tuple[Headline, ...]:
    """Return headlines of the duplicates that were merged into this article and delivered to the user."""
    rows = conn.execute(_headline_query(user).where(articles.c.same_as == article_id).order_by(articles.c.id))
    return tuple(
        line for line in readable(rows.mappings(), _headline) if user == OWNER or line.item_id is not None
    )


def find_article(conn: Connection, url: str, user: int) -> StoredArticle | None:
    key = address_key(url)
    if key is None:
        return None
    number = conn.execute(select(addresses.c.article_id).where(addresses.c.hash == key)).scalar()
    if number is None:
        return None
    found = articles_by_id(conn, [number], user).get(number)
    return found if found is not None and (user == OWNER or found.item_id is not None) else None


def _revision_line(row: RowMapping) -> RevisionLine:
    return RevisionLine(
        number=row["number"],
        source=row["source"],
        saved=row["saved"],
        content_hash=row["content_hash"].hex(),
        snapshot=None if row["snapshot_hash"] is None else row["snapshot_hash"].hex(),
        title=row["title"][: limits.TITLE],
        words=row["words"],
        reason=row["reason"],
        edit=bool(row["edit"]),
        fetched=row["fetched"],
        completeness=row["completeness"],
        origin=row["origin"],
    )


def list_revisions(conn: Connection, article_id: int) -> tuple[RevisionLine, ...]:
    light = [column for column in revisions.c if column.name not in ("record", "entry")]
    query = select(*light).where(revisions.c.article_id == article_id).order_by(revisions.c.number)
    found = tuple(_revision_line(row) for row in conn.execute(query).mappings())
    if not found:
        raise article_not_found(article_id)
    return found


def get_revision(conn: Connection, article_id: int, number: int) -> StoredRevision:
    """Return one version, checked against its hash."""
    query = select(revisions).where(revisions.c.article_id == article_id, revisions.c.number == number)
    row = conn.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"Article {article_id} has no version {number}.")
    encoded = decompress(row["record"])
    if hashlib.sha256(encoded).digest() != row["content_hash"]:
        raise ArchiveError(
            f"Version {number} of article {article_id} fails its hash: the archive is damaged."
        )
    entry = entry_of(row["entry"], f"the entry of article {article_id}, version {number}")
    return StoredRevision(
        article_id=article_id,
        line=_revision_line(row),
        article=decode_article(encoded),
        entry=entry,
        record=encoded,
    )


def list_observations(conn: Connection, article_id: int) -> tuple[Observation, ...]:
    query = select(observations).where(observations.c.article_id == article_id)
    return tuple(
        Observation(
            at=row.at,
            kind=row.kind,
            reason=row.reason,
            url=row.url,
            status=row.status,
            revision=row.revision,
            body_sha256=None if row.body_hash is None else row.body_hash.hex(),
        )
        for row in conn.execute(query.order_by(observations.c.id))
    )


def get_snapshot(conn: Connection, snapshot_hash: str) -> Snapshot:
    """Return a raw page, checked against its hash."""
    try:
        key = bytes.fromhex(snapshot_hash)
    except ValueError as exc:
        raise NotFound(f"{snapshot_hash[:80]!r} is not a snapshot's hash.") from exc
    row = snapshot_row(conn, key)
    if row is None:
        raise NotFound(f"There is no snapshot {snapshot_hash[:80]}.")
    headers, body = split_headers(joined_page(conn, key))
    return Snapshot(
        hash=snapshot_hash.lower(),
        body=body,
        url=row["url"],
        status=row["status"],
        headers=headers,
        fetched=row["fetched"],
    )


def count_all(conn: Connection, user: int) -> Counts:
    def count(*where: ColumnElement[bool], table: Any = items) -> int:
        return int(conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

    mine = items.c.user_id == user
    joined = items.c.article_id.in_(select(articles.c.id).where(~LISTED))
    return Counts(
        articles=count(mine) - count(mine, joined),
        unread=count(mine, items.c.read.is_(False)),
        starred=count(mine, items.c.starred.is_(True)),
        feeds=count(subscriptions.c.user_id == user, table=subscriptions),
        revisions=count(table=revisions),
        snapshots=count(table=snapshots),
        pages_waiting=count(
            articles.c.page_next_try_at.is_not(None), articles.c.page_state != "read", table=articles
        ),
    )
