"""Saving of pages captured elsewhere (WARC), each with its raw bytes and the time of its fetch."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from unabridged.archive.articles.deletion import remove_tombstones
from unabridged.archive.articles.document_numbers import source_of_page
from unabridged.archive.articles.edits import mark_by_time
from unabridged.archive.articles.version_policy import Decision, classify_change, decide_first_page
from unabridged.archive.articles.versions import (
    CurrentVersion,
    NewArticle,
    NewVersion,
    add_addresses,
    add_articles,
    add_observation,
    add_versions,
    article_ids_at,
    current_version,
    deliver,
    make_current,
    next_version_number,
    page_addresses,
)
from unabridged.archive.raw_pages.store import save_snapshot
from unabridged.archive.records.core import Change
from unabridged.archive.records.imports import ImportedPage
from unabridged.archive.search_index.writer import index_stored, unindex
from unabridged.archive.storage.tables import articles, observations, revisions
from unabridged.cleaning import clean_article
from unabridged.model import Article, Page


def import_page(conn: Connection, given: ImportedPage, now: datetime, user: int) -> Change:
    """Save a captured page and the article extracted from it; a second time, nothing changes.

    A capture older than the article's current page only goes into the article's history.
    """
    capture = replace(given, article=clean_article(given.article))
    pairs = page_addresses(capture.article, capture.page)
    keys = [key for key, _ in pairs if key is not None]
    known = article_ids_at(conn, keys)
    found = next((known[key] for key in keys if key in known), None)
    if found is not None and _is_stored(conn, found, capture.page):
        return _unchanged(conn, found)
    remove_tombstones(conn, keys)  # an import brings a deleted article back
    change = _add_article(conn, capture, now) if found is None else _update_article(conn, found, capture, now)
    if change.kind in ("new", "changed"):
        add_addresses(conn, [(change.article_id, key, url) for key, url in pairs])
    deliver(conn, user, [change.article_id], now)
    return change


def known_page(conn: Connection, page: Page) -> Change | None:
    """Return what importing a capture would return if it is stored already, None if it is not."""
    pairs = page_addresses(Article(url=page.final_url), page)
    for number in article_ids_at(conn, [key for key, _ in pairs if key is not None]).values():
        if _is_stored(conn, number, page):
            return _unchanged(conn, number)
    return None


def _is_stored(conn: Connection, article_id: int, page: Page) -> bool:
    """Say whether these bytes made a version of the article, or were recorded at this exact time."""
    key = hashlib.sha256(page.body).digest()
    version = select(revisions.c.number).where(
        revisions.c.article_id == article_id, revisions.c.snapshot_hash == key
    )
    fetch = select(observations.c.id).where(
        observations.c.article_id == article_id,
        observations.c.at == page.fetched,
        observations.c.body_hash == key,
    )
    return any(conn.execute(query.limit(1)).first() is not None for query in (version, fetch))


def _unchanged(conn: Connection, article_id: int) -> Change:
    query = select(articles.c.revision).where(articles.c.id == article_id)
    revision = conn.execute(query).scalar_one()
    return Change(kind="same", article_id=article_id, revision=revision, reason="already here")


def _add_article(conn: Connection, capture: ImportedPage, now: datetime) -> Change:
    row = NewArticle(
        article=capture.article,
        first_seen=min(capture.page.fetched, now),
        source_id=source_of_page(conn, capture.article.url),
        page_state="read",
    )
    [number] = add_articles(conn, [row])
    decision = classify_change(None, capture.article)
    add_versions(conn, [_version(conn, number, 1, capture, now, decision)])
    shown = update(articles).where(articles.c.id == number)
    conn.execute(shown.values(revision=1, page_tried=capture.page.fetched))
    index_stored(conn, [number])
    return _record_observation(conn, number, 1, capture, decision)


def _update_article(conn: Connection, article_id: int, capture: ImportedPage, now: datetime) -> Change:
    current = current_version(conn, article_id)
    fetched = _current_page_time(conn, current)
    if fetched is not None and capture.page.fetched < fetched:
        return _add_to_history(conn, current, capture, now)
    decision = _classify(current, capture.article, has_page=fetched is not None)
    number = current.number
    if decision.kind in ("new", "changed"):
        number = next_version_number(conn, article_id)
        make_current(conn, _version(conn, article_id, number, capture, now, decision), current)
        read = update(articles).where(articles.c.id == article_id)
        conn.execute(read.values(page_state="read", page_tried=capture.page.fetched))
    return _record_observation(conn, article_id, number, capture, decision)


def _current_page_time(conn: Connection, current: CurrentVersion) -> datetime | None:
    """Return when the page of the current version was fetched, None if it has no page."""
    mine = revisions.c.article_id == current.row["id"]
    query = select(revisions.c.fetched).where(mine, revisions.c.number == current.number)
    return conn.execute(query).scalar()


def _classify(current: CurrentVersion, article: Article, *, has_page: bool) -> Decision:
    """Compare with the current version; the first page of an article is saved even if no word differs."""
    if current.source == "feed":
        return decide_first_page(current.article, article)
    decision = classify_change(current.article, article)
    if decision.kind == "same" and not has_page:
        return Decision(kind="changed", reason="the page itself; no word changed")
    return decision


def _add_to_history(
    conn: Connection, current: CurrentVersion, capture: ImportedPage, now: datetime
) -> Change:
    """Save an older capture as a version if it differs from the current one, which stays current."""
    decision = classify_change(current.article, capture.article)
    if decision.kind == "changed":
        number = next_version_number(conn, current.row["id"])
        reason = f"an older page: {decision.reason}"
        row = _version(conn, current.row["id"], number, capture, now, Decision(kind="changed", reason=reason))
        unindex(conn, [row.article_id])
        add_versions(conn, [row])
        mark_by_time(conn, row.article_id)
        index_stored(conn, [row.article_id])
        return _record_observation(
            conn, row.article_id, number, capture, Decision(kind="changed", reason=reason)
        )
    return _record_observation(conn, current.row["id"], current.number, capture, decision)


def _version(
    conn: Connection, article_id: int, number: int, capture: ImportedPage, now: datetime, decision: Decision
) -> NewVersion:
    return NewVersion(
        article_id=article_id,
        number=number,
        source="page",
        article=capture.article,
        saved=now,
        reason=decision.reason,
        fetched=capture.page.fetched,
        snapshot=save_snapshot(conn, capture.page, article_id),
    )


def _record_observation(
    conn: Connection, article_id: int, number: int, capture: ImportedPage, decision: Decision
) -> Change:
    """Record the capture under the time of its fetch, so that it is recognised the next time."""
    add_observation(
        conn,
        article_id,
        capture.page.fetched,
        kind=decision.kind,
        reason=decision.reason,
        url=capture.page.final_url,
        status=capture.page.status,
        revision=number,
        body_hash=hashlib.sha256(capture.page.body).digest(),
    )
    return Change(kind=decision.kind, article_id=article_id, revision=number, reason=decision.reason)
