"""Counts, tags, saved searches, rules and highlights as records of the API."""

from unabridged.api_records import library as records
from unabridged.archive.records.core import Counts
from unabridged.archive.records.library import Highlight, Tag
from unabridged.archive.records.rules import Rule, SavedSearch
from unabridged.serve.viewer import Viewer


def me(viewer: Viewer) -> records.Me:
    """Return the person of a token."""
    return records.Me(id=viewer.user.id, name=viewer.user.name, role=viewer.user.role, scope=viewer.scope)


def counts(found: Counts) -> records.Counts:
    return records.Counts(
        articles=found.articles,
        unread=found.unread,
        starred=found.starred,
        feeds=found.feeds,
        versions=found.revisions,
        pages_waiting=found.pages_waiting,
    )


def tag(found: Tag) -> records.Tag:
    return records.Tag(id=found.id, name=found.name, articles=found.articles, unread=found.unread)


def saved_search(found: SavedSearch) -> records.SavedSearch:
    return records.SavedSearch(
        id=found.id,
        name=found.name,
        query=found.query,
        unread_only=found.unread_only,
        created=found.created,
        complete=found.complete,
        unread=found.unread,
    )


def rule(found: Rule) -> records.Rule:
    return records.Rule(
        id=found.id,
        action=found.action,
        query=found.query,
        feed=found.feed_id,
        folder=found.folder_id,
        created=found.created,
    )


def highlight(found: Highlight) -> records.Highlight:
    return records.Highlight(
        id=found.id,
        article=found.article_id,
        version=found.number,
        exact=found.quote.exact,
        prefix=found.quote.prefix,
        suffix=found.quote.suffix,
        note=found.note,
        created=found.created,
        title=found.title,
        url=found.url,
    )
