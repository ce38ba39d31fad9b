"""Saving what was made of an article's page, or why nothing was."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from unabridged.archive.articles.deletion import lift
from unabridged.archive.articles.document_numbers import source_of_page
from unabridged.archive.articles.duplicates import join_known
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
    no_article,
    observe,
)
from unabridged.archive.raw_pages.store import save_snapshot
from unabridged.archive.records.core import Change, Failure, Validators
from unabridged.archive.records.encoding import storable
from unabridged.archive.search_index.writer import index_stored
from unabridged.archive.storage.tables import articles
from unabridged.cleaning import clean_article
from unabridged.model import Article, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page and what was made of it. The times, validators: as `Archive.save_page` describes them."""

    article: Article
    page: Page
    now: datetime
    next_check_at: datetime | None = None
    retry_at: datetime | None = None
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A look at a page that brought none, as `Archive.record_page_failure` describes it."""

    failure: Failure
    now: datetime
    next_try_at: datetime | None
    status: int | None = None
    taken_down: bool = False


def save_page(conn: Connection, article_id: int, given: Reading) -> Change:
    reading = replace(given, article=clean_article(given.article))
    current = current_version(conn, article_id)
    decision = _judge(current, reading.article)
    number = current.number
    joined = current.row["same_as"]
    if decision.kind in ("new", "changed"):
        number = next_number(conn, article_id)
        make_current(conn, _version(conn, article_id, number, reading, decision), current)
        _learn_addresses(conn, joined or article_id, reading)
    _observe(conn, article_id, number, reading, decision)
    _close(conn, current, reading, decision)
    if decision.kind != "worse" and joined is None:
        join_known(conn, article_id, reading.article, reading.page, reading.now)
    return Change(kind=decision.kind, article_id=article_id, revision=number, reason=decision.reason)


def _judge(current: Current, article: Article) -> Decision:
    """Compare with the page we had; the first page is compared with the feed's own text."""
    if current.source == "feed":
        return decide_first_page(current.article, article)
    return decide(current.article, article)


def _version(
    conn: Connection, article_id: int, number: int, reading: Reading, decision: Decision
) -> NewVersion:
    return NewVersion(
        article_id=article_id,
        number=number,
        source="page",
        article=reading.article,
        saved=reading.now,
        reason=decision.reason,
        fetched=reading.page.fetched,
        snapshot=save_snapshot(conn, reading.page, article_id),
    )


def _learn_addresses(conn: Connection, article_id: int, reading: Reading) -> None:
    """A page that was believed tells other addresses of its article."""
    known = known_addresses(reading.article, reading.page)
    add_addresses(conn, [(article_id, key, url) for key, url in known])


def _observe(conn: Connection, article_id: int, number: int, reading: Reading, decision: Decision) -> None:
    observe(
        conn,
        article_id,
        reading.now,
        kind=decision.kind,
        reason=storable(decision.reason),
        url=storable(reading.page.final_url),
        status=reading.page.status,
        revision=number,
        body_hash=hashlib.sha256(reading.page.body).digest(),
    )


def _close(conn: Connection, current: Current, reading: Reading, decision: Decision) -> None:
    """Put on the article's row how its page stands now."""
    row = current.row
    worse = decision.kind == "worse"
    values: dict[str, Any] = {
        "page_tried": reading.now,
        "page_attempts": row["page_attempts"] + 1 if worse else 0,
        "page_next_try_at": _next_look(row["same_as"], reading.retry_at if worse else reading.next_check_at),
        "page_state": "failed" if worse and current.source == "feed" else "read",
    }
    if not worse:
        values |= _believed(reading.validators)
    completeness = reading.article.completeness.kind
    kind = completeness if completeness != "full" else "worse"
    values |= _failure(Failure(kind=kind, message=decision.reason) if worse else None)
    conn.execute(update(articles).where(articles.c.id == row["id"]).values(**values))


def _next_look(same_as: int | None, planned: datetime | None) -> datetime | None:
    """When a page is looked at again: of one article under two addresses, one page is."""
    return planned if same_as is None else None


def _believed(validators: Validators) -> dict[str, Any]:
    """A page that was believed: it is there, and says by what it is to be known again."""
    return {
        "page_etag": validators.etag,
        "page_last_modified": validators.last_modified,
        "taken_down": None,
    }


def _failure(failure: Failure | None) -> dict[str, Any]:
    return {
        "page_failure_kind": failure and failure.kind,
        "page_failure_message": failure and storable(failure.message),
        "page_failure_advice": failure and storable(failure.advice),
    }


def record_page_failure(conn: Connection, article_id: int, missed: Missed) -> None:
    row = _page_row(conn, article_id)
    failure = missed.failure
    values = _failure(failure) | {
        "page_state": "read" if row.page_state == "read" else "failed",
        "page_attempts": row.page_attempts + 1,
        "page_tried": missed.now,
        "page_next_try_at": _next_look(row.same_as, missed.next_try_at),
    }
    if missed.taken_down:
        values["taken_down"] = row.taken_down or missed.now
    conn.execute(update(articles).where(articles.c.id == article_id).values(**values))
    observe(
        conn,
        article_id,
        missed.now,
        kind="gone" if missed.taken_down else "failed",
        reason=storable(f"{failure.kind}: {failure.message}"),
        url=row.url,
        status=missed.status,
        revision=row.revision,
    )


def record_unchanged(
    conn: Connection, article_id: int, now: datetime, next_check_at: datetime | None
) -> Change:
    row = _page_row(conn, article_id)
    values = _failure(None) | {
        "page_attempts": 0,
        "page_tried": now,
        "page_next_try_at": _next_look(row.same_as, next_check_at),
        "taken_down": None,
    }
    conn.execute(update(articles).where(articles.c.id == article_id).values(**values))
    reason = "the site says that nothing changed"
    observe(conn, article_id, now, kind="same", reason=reason, url=row.url, status=304, revision=row.revision)
    return Change(kind="same", article_id=article_id, revision=row.revision, reason=reason)


def _page_row(conn: Connection, article_id: int) -> Row[Any]:
    row = conn.execute(select(articles).where(articles.c.id == article_id)).first()
    if row is None:
        raise no_article(article_id)
    return row


def save_article(conn: Connection, given: Reading, user: int) -> Change:
    """Keep a page by hand: as a new article, or as another look at one that is known."""
    reading = replace(given, article=clean_article(given.article))
    keys = [key for key, _ in known_addresses(reading.article, reading.page) if key is not None]
    known = articles_at(conn, keys)
    found = next((known[key] for key in keys if key in known), None)
    lift(conn, keys)  # who saves an erased article by hand wants it back
    change = _keep_new(conn, reading) if found is None else save_page(conn, found, reading)
    deliver(conn, user, [change.article_id], reading.now, mute=False)
    return change


def _keep_new(conn: Connection, reading: Reading) -> Change:
    decision = decide(None, reading.article)
    row = NewArticle(
        article=reading.article,
        first_seen=reading.now,
        source_id=source_of_page(conn, reading.article.url),
        page_state="read",
        page_next_try_at=reading.next_check_at,
    )
    [number] = add_articles(conn, [row])
    add_versions(conn, [_version(conn, number, 1, reading, decision)])
    believed = _believed(reading.validators) | {"revision": 1, "page_tried": reading.now}
    conn.execute(update(articles).where(articles.c.id == number).values(**believed))
    index_stored(conn, [number])
    _learn_addresses(conn, number, reading)
    _observe(conn, number, 1, reading, decision)
    return Change(kind="new", article_id=number, revision=1, reason=decision.reason)
