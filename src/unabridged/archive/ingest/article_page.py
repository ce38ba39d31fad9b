"""Saving of fetched article pages: new versions, worse results, failures."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from unabridged.archive.articles.deletion import remove_tombstones
from unabridged.archive.articles.document_numbers import source_of_page
from unabridged.archive.articles.duplicates import merge_known_duplicate
from unabridged.archive.articles.version_policy import RANK, Decision, classify_change, decide_first_page
from unabridged.archive.articles.versions import (
    CurrentVersion,
    NewArticle,
    NewVersion,
    add_addresses,
    add_articles,
    add_observation,
    add_versions,
    article_ids_at,
    article_not_found,
    current_version,
    deliver,
    make_current,
    new_article,
    next_version_number,
    page_addresses,
)
from unabridged.archive.library.read_state import show_edit
from unabridged.archive.raw_pages.store import save_snapshot
from unabridged.archive.records.core import Change, Failure, Validators
from unabridged.archive.records.encoding import storable
from unabridged.archive.records.events import EventKind, NewEvent
from unabridged.archive.search_index.writer import index_stored
from unabridged.archive.storage.outbox import note_event
from unabridged.archive.storage.tables import articles
from unabridged.cleaning import clean_article
from unabridged.model import Article, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """Page and the article extracted from it; times and validators as in `archive.ingest.save_page`.

    origin: address at the web archive that the page comes from; None: from its publisher.
    """

    article: Article
    page: Page
    now: datetime
    next_check_at: datetime | None = None
    retry_at: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """Failed fetch of a page, as described in `archive.ingest.record_page_failure`."""

    failure: Failure
    now: datetime
    next_try_at: datetime | None
    status: int | None = None
    taken_down: bool = False


def save_page(conn: Connection, article_id: int, given: PageResult) -> Change:
    result = replace(given, article=clean_article(given.article))
    current = current_version(conn, article_id)
    decision = _classify(current, result.article)
    number = current.number
    same_as = current.row["same_as"]
    if decision.kind in ("new", "changed"):
        number = next_version_number(conn, article_id)
        if make_current(conn, _version(conn, article_id, number, result, decision), current):
            show_edit(conn, article_id, result.now)
        _add_page_addresses(conn, same_as or article_id, result)
    change = Change(kind=decision.kind, article_id=article_id, revision=number, reason=decision.reason)
    _record_observation(conn, change, result, current.row)
    _update_page_state(conn, current, result, decision)
    if decision.kind != "worse" and same_as is None:
        merge_known_duplicate(conn, article_id, result.article, result.page, result.now)
    return change


def save_archived_page(conn: Connection, article_id: int, given: PageResult) -> Change:
    """Save a page from a web archive as a version, unless the stored text is as good.

    The state of the article's own page stays as it is: its publisher has removed it.
    """
    result = replace(given, article=clean_article(given.article))
    current = current_version(conn, article_id)
    decision = _classify_archived(current, result.article)
    number = current.number
    if decision.kind in ("new", "changed"):
        number = next_version_number(conn, article_id)
        make_current(conn, _version(conn, article_id, number, result, decision), current)
    change = Change(kind=decision.kind, article_id=article_id, revision=number, reason=decision.reason)
    _record_observation(conn, change, result)
    return change


def _classify_archived(current: CurrentVersion, article: Article) -> Decision:
    """Compare a text from a web archive with the current version: only a more complete one is better."""
    if current.source == "feed":
        found = decide_first_page(current.article, article)
    elif RANK[article.completeness.kind] <= RANK[current.article.completeness.kind]:
        found = Decision(kind="worse", reason="the stored text is as complete")
    else:
        found = classify_change(current.article, article)
    return replace(found, reason=f"from a web archive: {found.reason}")


def _classify(current: CurrentVersion, article: Article) -> Decision:
    """Compare an article with the current version; its first page is compared with the feed's text."""
    if current.source == "feed":
        return decide_first_page(current.article, article)
    return classify_change(current.article, article)


def _version(
    conn: Connection, article_id: int, number: int, result: PageResult, decision: Decision
) -> NewVersion:
    return NewVersion(
        article_id=article_id,
        number=number,
        source="page" if result.origin is None else "archive",
        article=result.article,
        saved=result.now,
        reason=decision.reason,
        fetched=result.page.fetched,
        snapshot=save_snapshot(conn, result.page, article_id),
        origin=result.origin,
    )


def _add_page_addresses(conn: Connection, article_id: int, result: PageResult) -> None:
    """Add the addresses that a page gives for its article."""
    known = page_addresses(result.article, result.page)
    add_addresses(conn, [(article_id, key, url) for key, url in known])


def _record_observation(
    conn: Connection, change: Change, result: PageResult, row: RowMapping | None = None
) -> None:
    """Record a fetch that returned a page. row: of the article before it; None: it cannot have been gone."""
    back = row is not None and row["taken_down"] is not None and change.kind != "worse"
    add_observation(
        conn,
        change.article_id,
        result.now,
        kind=change.kind,
        reason=storable(change.reason),
        url=storable(result.origin or result.page.final_url),
        status=result.page.status,
        revision=change.revision,
        body_hash=hashlib.sha256(result.page.body).digest(),
        change="restored" if back else None,
    )
    if row is not None and back:
        _note(conn, "article.restored", row, result.now, after=change.revision)


def _note(
    conn: Connection,
    kind: EventKind,
    row: RowMapping,
    at: datetime,
    *,
    before: int | None = None,
    after: int | None = None,
) -> None:
    """Note that the page of an article is gone or back."""
    event = NewEvent(kind=kind, at=at, feed=row["feed_id"], article=row["id"], before=before, after=after)
    note_event(conn, event)


def _update_page_state(
    conn: Connection, current: CurrentVersion, result: PageResult, decision: Decision
) -> None:
    """Write the state of the page and its next check to the article's row."""
    row = current.row
    worse = decision.kind == "worse"
    values: dict[str, Any] = {
        "page_tried": result.now,
        "page_attempts": row["page_attempts"] + 1 if worse else 0,
        "page_next_try_at": _next_check(row["same_as"], result.retry_at if worse else result.next_check_at),
        "page_state": "failed" if worse and current.source == "feed" else "read",
    }
    if not worse:
        values |= _reset_page_state(result.validators)
    completeness = result.article.completeness.kind
    kind = completeness if completeness != "full" else "worse"
    values |= _failure_columns(Failure(kind=kind, message=decision.reason) if worse else None)
    conn.execute(update(articles).where(articles.c.id == row["id"]).values(**values))


def _next_check(same_as: int | None, planned: datetime | None) -> datetime | None:
    """Return when to fetch a page again: as planned, but never for a duplicate (`same_as`)."""
    return planned if same_as is None else None


def _reset_page_state(validators: Validators) -> dict[str, Any]:
    """Return the columns of a page that was saved or is unchanged: its validators, not taken down."""
    return {
        "page_etag": validators.etag,
        "page_last_modified": validators.last_modified,
        "taken_down": None,
    }


def _failure_columns(failure: Failure | None) -> dict[str, Any]:
    return {
        "page_failure_kind": failure and failure.kind,
        "page_failure_message": failure and storable(failure.message),
        "page_failure_advice": failure and storable(failure.advice),
    }


def record_page_failure(conn: Connection, article_id: int, failed: PageFailure) -> None:
    row = _page_row(conn, article_id)
    failure = failed.failure
    values = _failure_columns(failure) | {
        "page_state": "read" if row["page_state"] == "read" else "failed",
        "page_attempts": row["page_attempts"] + 1,
        "page_tried": failed.now,
        "page_next_try_at": _next_check(row["same_as"], failed.next_try_at),
    }
    newly_gone = failed.taken_down and row["taken_down"] is None
    if newly_gone:
        values["taken_down"] = failed.now
        _note(conn, "article.taken_down", row, failed.now, before=row["revision"])
    conn.execute(update(articles).where(articles.c.id == article_id).values(**values))
    add_observation(
        conn,
        article_id,
        failed.now,
        kind="gone" if failed.taken_down else "failed",
        reason=storable(f"{failure.kind}: {failure.message}"),
        url=row["url"],
        status=failed.status,
        revision=row["revision"],
        change="taken_down" if newly_gone else None,
    )


def record_unchanged(
    conn: Connection, article_id: int, now: datetime, next_check_at: datetime | None
) -> Change:
    row = _page_row(conn, article_id)
    values = _failure_columns(None) | {
        "page_attempts": 0,
        "page_tried": now,
        "page_next_try_at": _next_check(row["same_as"], next_check_at),
        "taken_down": None,
    }
    conn.execute(update(articles).where(articles.c.id == article_id).values(**values))
    if row["taken_down"] is not None:
        _note(conn, "article.restored", row, now, after=row["revision"])
    reason = "the site answered that the page has not changed"
    add_observation(
        conn,
        article_id,
        now,
        kind="same",
        reason=reason,
        url=row["url"],
        status=304,
        revision=row["revision"],
        change=None if row["taken_down"] is None else "restored",
    )
    return Change(kind="same", article_id=article_id, revision=row["revision"], reason=reason)


def _page_row(conn: Connection, article_id: int) -> RowMapping:
    """Return an article's row, and lock it for writing. Raises NotFound."""
    lock = select(articles).where(articles.c.id == article_id).with_for_update()
    row = conn.execute(lock).mappings().first()
    if row is None:
        raise article_not_found(article_id)
    return row


def save_article(conn: Connection, given: PageResult, user: int) -> Change:
    """Save a page by hand, as a new article or as a new version of a known one, and deliver it."""
    result = replace(given, article=clean_article(given.article))
    keys = [key for key, _ in page_addresses(result.article, result.page) if key is not None]
    known = article_ids_at(conn, keys)
    found = next((known[key] for key in keys if key in known), None)
    remove_tombstones(conn, keys)  # saving by hand brings a deleted article back
    save = save_page if result.origin is None else save_archived_page
    change = _add_article(conn, result) if found is None else save(conn, found, result)
    deliver(conn, user, [change.article_id], result.now, mute=False)
    return change


def _add_article(conn: Connection, result: PageResult) -> Change:
    decision = classify_change(None, result.article)
    row = NewArticle(
        article=result.article,
        first_seen=result.now,
        source_id=source_of_page(conn, result.article.url),
        page_state="read",
        page_next_try_at=result.next_check_at,
    )
    [number] = add_articles(conn, [row])
    add_versions(conn, [_version(conn, number, 1, result, decision)])
    believed = _reset_page_state(result.validators) | {"revision": 1, "page_tried": result.now}
    conn.execute(update(articles).where(articles.c.id == number).values(**believed))
    index_stored(conn, [number])
    _add_page_addresses(conn, number, result)
    note_event(conn, new_article(number, None, 1, result.article, result.now))
    change = Change(kind="new", article_id=number, revision=1, reason=decision.reason)
    _record_observation(conn, change, result)
    return change
