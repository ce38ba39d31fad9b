"""Taking in pages that somebody else fetched: each with its raw bytes and the clock of its own fetch."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from unabridged.archive.articles.deletion import lift
from unabridged.archive.articles.document_numbers import source_of_page
from unabridged.archive.articles.version_policy import Decision, decide, decide_first_page
from unabridged.archive.articles.versions import (
    Current,
    NewArticle,
    NewVersion,
    add_addresses,
    add_articles,
    add_versions,
    articles_at,
    current_version,
    deliver,
    known_addresses,
    make_current,
    next_number,
    observe,
)
from unabridged.archive.raw_pages.store import save_snapshot
from unabridged.archive.records.core import Change, ImportedPage
from unabridged.archive.search_index.writer import index_stored, unindex
from unabridged.archive.storage.tables import articles, observations, revisions
from unabridged.cleaning import clean_article
from unabridged.model import Article, Page


def import_page(conn: Connection, given: ImportedPage, now: datetime, user: int) -> Change:
    """Take in a page and the article made of it; the same capture a second time changes nothing.

    A capture older than the page that the article shows becomes a version of its history alone.
    """
    one = replace(given, article=clean_article(given.article))
    pairs = known_addresses(one.article, one.page)
    keys = [key for key, _ in pairs if key is not None]
    known = articles_at(conn, keys)
    found = next((known[key] for key in keys if key in known), None)
    if found is not None and _is_held(conn, found, one.page):
        return _same(conn, found)
    lift(conn, keys)  # who imports an erased article wants it back
    change = _add(conn, one, now) if found is None else _compare(conn, found, one, now)
    if change.kind in ("new", "changed"):
        add_addresses(conn, [(change.article_id, key, url) for key, url in pairs])
    deliver(conn, user, [change.article_id], now)
    return change


def known_page(conn: Connection, page: Page) -> Change | None:
    """What importing a capture would answer when it is held already, without reading it; else None."""
    pairs = known_addresses(Article(url=page.final_url), page)
    for number in articles_at(conn, [key for key, _ in pairs if key is not None]).values():
        if _is_held(conn, number, page):
            return _same(conn, number)
    return None


def _is_held(conn: Connection, article_id: int, page: Page) -> bool:
    """Whether these bytes made a version of the article, or were seen there at this very time."""
    key = hashlib.sha256(page.body).digest()
    version = select(revisions.c.number).where(
        revisions.c.article_id == article_id, revisions.c.snapshot_hash == key
    )
    look = select(observations.c.id).where(
        observations.c.article_id == article_id,
        observations.c.at == page.fetched,
        observations.c.body_hash == key,
    )
    return any(conn.execute(query.limit(1)).first() is not None for query in (version, look))


def _same(conn: Connection, article_id: int) -> Change:
    query = select(articles.c.revision).where(articles.c.id == article_id)
    revision = conn.execute(query).scalar_one()
    return Change(kind="same", article_id=article_id, revision=revision, reason="already here")


def _add(conn: Connection, one: ImportedPage, now: datetime) -> Change:
    row = NewArticle(
        article=one.article,
        first_seen=min(one.page.fetched, now),
        source_id=source_of_page(conn, one.article.url),
        page_state="read",
    )
    [number] = add_articles(conn, [row])
    decision = decide(None, one.article)
    add_versions(conn, [_version(conn, number, 1, one, now, decision)])
    shown = update(articles).where(articles.c.id == number)
    conn.execute(shown.values(revision=1, page_tried=one.page.fetched))
    index_stored(conn, [number])
    return _written_down(conn, number, 1, one, decision)


def _compare(conn: Connection, article_id: int, one: ImportedPage, now: datetime) -> Change:
    current = current_version(conn, article_id)
    fetched = _shown_since(conn, current)
    if fetched is not None and one.page.fetched < fetched:
        return _put_into_history(conn, current, one, now)
    decision = _judge(current, one.article, has_page=fetched is not None)
    number = current.number
    if decision.kind in ("new", "changed"):
        number = next_number(conn, article_id)
        make_current(conn, _version(conn, article_id, number, one, now, decision), current)
        read = update(articles).where(articles.c.id == article_id)
        conn.execute(read.values(page_state="read", page_tried=one.page.fetched))
    return _written_down(conn, article_id, number, one, decision)


def _shown_since(conn: Connection, current: Current) -> datetime | None:
    """When the page of the current version was fetched, None where it was made of no page."""
    mine = revisions.c.article_id == current.row["id"]
    query = select(revisions.c.fetched).where(mine, revisions.c.number == current.number)
    return conn.execute(query).scalar()


def _judge(current: Current, article: Article, *, has_page: bool) -> Decision:
    """Compare with what we have; the first page of an article is kept although no word differs."""
    if current.source == "feed":
        return decide_first_page(current.article, article)
    decision = decide(current.article, article)
    if decision.kind == "same" and not has_page:
        return Decision(kind="changed", reason="the page itself; no word changed")
    return decision


def _put_into_history(conn: Connection, current: Current, one: ImportedPage, now: datetime) -> Change:
    """Keep an older capture where it differs from what the article shows, and let that be shown on."""
    decision = decide(current.article, one.article)
    if decision.kind == "changed":
        number = next_number(conn, current.row["id"])
        reason = f"an older page: {decision.reason}"
        row = _version(conn, current.row["id"], number, one, now, Decision(kind="changed", reason=reason))
        unindex(conn, [row.article_id])
        add_versions(conn, [row])
        index_stored(conn, [row.article_id])
        return _written_down(conn, row.article_id, number, one, Decision(kind="changed", reason=reason))
    return _written_down(conn, current.row["id"], current.number, one, decision)


def _version(
    conn: Connection, article_id: int, number: int, one: ImportedPage, now: datetime, decision: Decision
) -> NewVersion:
    return NewVersion(
        article_id=article_id,
        number=number,
        source="page",
        article=one.article,
        saved=now,
        reason=decision.reason,
        fetched=one.page.fetched,
        snapshot=save_snapshot(conn, one.page, article_id),
    )


def _written_down(
    conn: Connection, article_id: int, number: int, one: ImportedPage, decision: Decision
) -> Change:
    """Note the look at the page under the time of its fetch, so that it is known again."""
    observe(
        conn,
        article_id,
        one.page.fetched,
        kind=decision.kind,
        reason=decision.reason,
        url=one.page.final_url,
        status=one.page.status,
        revision=number,
        body_hash=hashlib.sha256(one.page.body).digest(),
    )
    return Change(kind=decision.kind, article_id=article_id, revision=number, reason=decision.reason)
