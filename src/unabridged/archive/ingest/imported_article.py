"""Saving of articles imported from files."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from unabridged import limits
from unabridged.archive.articles.deletion import remove_tombstones
from unabridged.archive.articles.document_numbers import assign_number, get_or_add_source
from unabridged.archive.articles.edits import count_edits
from unabridged.archive.articles.text_compare import comparison_tokens, stable_text
from unabridged.archive.articles.version_policy import Decision, classify_change, stable_text_hash
from unabridged.archive.articles.versions import (
    CurrentVersion,
    NewArticle,
    NewVersion,
    add_addresses,
    add_articles,
    add_versions,
    article_ids_at,
    current_version,
    deliver,
    make_current,
    next_version_number,
)
from unabridged.archive.library import read_state, tags
from unabridged.archive.records.core import Change
from unabridged.archive.records.imports import Imported, ImportedVersion
from unabridged.archive.search_index.writer import index_stored
from unabridged.archive.storage.identity import address_key, digest
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, documents, revisions
from unabridged.cleaning import clean_article, clean_line, clean_name, sane_instant
from unabridged.model import Article
from unabridged.text.slugs import slug_of


def import_article(conn: Connection, given: Imported, now: datetime, user: int) -> Change:
    """Save an imported article; the same file a second time changes nothing."""
    imported = _cleaned(given, now)
    keys = _keys(imported)
    known = article_ids_at(conn, keys)
    found = next((known[key] for key in keys if key in known), None)
    remove_tombstones(conn, keys)  # an import brings a deleted article back
    change = (
        _add_article(conn, imported, now) if found is None else _update_article(conn, found, imported, now)
    )
    _assign_number(conn, change.article_id, imported)
    deliver(conn, user, [change.article_id], now)
    _apply_marks(conn, user, change.article_id, imported, now)
    return change


def _cleaned(given: Imported, now: datetime) -> Imported:
    """Clean every record of a file."""
    older = tuple(
        replace(
            version,
            article=clean_article(version.article, now=now),
            saved=sane_instant(version.saved) or now,
            reason=clean_line(version.reason)[: limits.NOTE],
        )
        for version in given.older
    )
    return replace(
        given,
        article=clean_article(given.article, now=now),
        older=older,
        source_title=clean_name(given.source_title or "") or None,
        first_seen=sane_instant(given.first_seen),
        revised=sane_instant(given.revised),
    )


def _apply_marks(conn: Connection, user: int, article_id: int, imported: Imported, now: datetime) -> None:
    """Add the marks that the file has for the user; marks that exist stay."""
    if imported.read:
        read_state.set_read(conn, user, [article_id], True, now)
    if imported.starred:
        read_state.set_starred(conn, user, [article_id], True, now)
    if imported.tags:
        tags.add(conn, user, [article_id], imported.tags, now)


def _keys(imported: Imported) -> list[bytes]:
    """Return the keys that identify an import: its addresses; if it has none, its text."""
    urls = (imported.article.url, imported.article.canonical_url)
    keys = [key for key in map(address_key, urls) if key is not None]
    return keys or [digest("words", stable_text_hash(imported.article).hex())]


def _add_article(conn: Connection, imported: Imported, now: datetime) -> Change:
    source = get_or_add_source(conn, slug_of(imported.source), imported.source_title)
    row = NewArticle(
        article=imported.article,
        first_seen=min(imported.first_seen or now, now),
        source_id=source,
        page_state="waiting" if imported.fetch else "none",
        page_next_try_at=now if imported.fetch else None,
    )
    [number] = add_articles(conn, [row])
    decision = classify_change(None, imported.article)
    older = [_older_version(number, version, imported, now) for version in imported.older]
    add_versions(conn, [*older, _version(number, imported.revision, imported, now, decision)])
    conn.execute(update(articles).where(articles.c.id == number).values(revision=imported.revision))
    if imported.edit or any(version.edit for version in imported.older):
        count_edits(conn, number)
    index_stored(conn, [number])
    add_addresses(conn, [(number, key, imported.article.url) for key in _keys(imported)])
    return Change(kind="new", article_id=number, revision=imported.revision, reason=decision.reason)


def _older_version(
    article_id: int, version: ImportedVersion, imported: Imported, now: datetime
) -> NewVersion:
    return NewVersion(
        article_id=article_id,
        number=version.number,
        source=imported.origin,
        article=version.article,
        saved=min(version.saved, now),
        reason=version.reason,
        edit=version.edit,
    )


def _update_article(conn: Connection, article_id: int, imported: Imported, now: datetime) -> Change:
    current = current_version(conn, article_id)
    kept = imported.fetch or current.source in ("page", "replay", "archive")
    if kept or _is_held(conn, current, imported):
        return Change(kind="same", article_id=article_id, revision=current.number, reason="already here")
    decision = classify_change(current.article, imported.article)
    if decision.kind != "changed":
        return Change(
            kind=decision.kind, article_id=article_id, revision=current.number, reason=decision.reason
        )
    number = next_version_number(conn, article_id)
    make_current(conn, _version(article_id, number, imported, now, decision), current)
    return Change(kind="changed", article_id=article_id, revision=number, reason=decision.reason)


def _is_held(conn: Connection, current: CurrentVersion, imported: Imported) -> bool:
    """Say whether a version has the words of an imported article, in its text or in its Markdown.

    Markdown cannot hold all that a text says: an article that went through it is known by its Markdown.
    """
    if _same_words(current.article, imported):
        return True
    others = (revisions.c.article_id == current.row["id"]) & (revisions.c.number != current.number)
    found = conn.execute(select(revisions.c.number, revisions.c.record).where(others)).all()
    named = ((row.record, f"article {current.row['id']}, version {row.number}") for row in found)
    return any(
        _same_words(article, imported)
        for article in (article_of(*one) for one in named)
        if article is not None
    )


def _same_words(held: Article, imported: Imported) -> bool:
    given = imported.article
    if stable_text_hash(held) == stable_text_hash(given):
        return True
    if (held.title, held.authors) != (given.title, given.authors):
        return False
    mine = comparison_tokens(stable_text(held.markdown))
    theirs = filter(None, (given.markdown, imported.markdown))
    return any(comparison_tokens(stable_text(text)) == mine for text in theirs)


def _version(
    article_id: int, number: int, imported: Imported, now: datetime, decision: Decision
) -> NewVersion:
    return NewVersion(
        article_id=article_id,
        number=number,
        source=imported.origin,
        article=imported.article,
        saved=min(imported.revised or now, now),
        reason=decision.reason,
        edit=imported.edit and decision.kind == "new",
    )


def _assign_number(conn: Connection, article_id: int, imported: Imported) -> None:
    """Give an article without a number in the document tree the number that its file had."""
    if imported.number is None:
        return
    placed = select(documents.c.number).where(documents.c.article_id == article_id)
    if conn.execute(placed).first() is None:
        source = conn.execute(select(articles.c.source_id).where(articles.c.id == article_id)).scalar_one()
        assign_number(conn, source, article_id, imported.number)
