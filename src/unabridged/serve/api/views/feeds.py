"""Feeds, folders, previews and findings as records of the API."""

from unabridged.api_records import feeds as records
from unabridged.api_records.base import ContentFormat
from unabridged.archive.records.core import Failure, Folder, Subscription
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.model import Article
from unabridged.poll.feeds.diagnostics import Finding
from unabridged.poll.reports import FullTextFeed
from unabridged.serve.api.views.articles import content_of


def feed(subscription: Subscription) -> records.Feed:
    stored = subscription.feed
    return records.Feed(
        id=stored.id,
        url=stored.url,
        title=subscription.title,
        folder=subscription.folder,
        site_url=stored.site_url,
        description=stored.description,
        language=stored.language,
        status=stored.status,
        added=subscription.added,
        articles=subscription.articles,
        unread=subscription.unread,
        interval=stored.interval,
        full_text=stored.full_text,
        last_polled=stored.last_polled,
        last_post=stored.last_post,
        next_poll=stored.next_poll_at,
        failures=stored.failures,
        last_failure=_failure(stored.last_failure),
    )


def _failure(found: Failure | None) -> records.FeedFailure | None:
    if found is None:
        return None
    return records.FeedFailure(kind=found.kind, message=found.message, advice=found.advice)


def found_feed(found: FoundFeed) -> records.FoundFeed:
    return records.FoundFeed(url=found.url, title=found.title, type=found.type)


def preview(url: str, made: FullTextFeed, wanted: ContentFormat) -> records.FeedPreview:
    """Return a feed that was read but not kept. url: as it was asked for."""
    return records.FeedPreview(
        url=url,
        title=made.document.title,
        description=made.document.description,
        site_url=made.document.site_url,
        articles=[_preview_article(one.article, wanted) for one in made.items],
    )


def _preview_article(article: Article, wanted: ContentFormat) -> records.PreviewArticle:
    return records.PreviewArticle(
        url=article.url,
        title=article.title,
        authors=list(article.authors),
        published=article.published,
        completeness=article.completeness.kind,
        content=content_of(article, wanted),
        format=wanted,
    )


def folder(found: Folder) -> records.Folder:
    return records.Folder(id=found.id, name=found.name, feeds=found.feeds, unread=found.unread)


def finding(found: Finding) -> records.Finding:
    return records.Finding(
        level=found.level,
        about=found.about,
        name=found.name,
        kind=found.kind,
        what=found.what,
        advice=found.advice,
        feed=found.feed_id,
        since=found.since,
    )
