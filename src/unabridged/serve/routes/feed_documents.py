"""Full-text feed responses (RSS, Atom, JSON) for one feed, a folder, a source or all articles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response

from unabridged.archive.records.core import Articles, Folder, Query, Source, StoredArticle
from unabridged.errors import NotFound
from unabridged.feeds.write import (
    CONTENT_TYPES,
    WRITERS,
    FeedDocument,
    FeedItem,
    etag_of,
    http_date,
    still_fresh,
)
from unabridged.serve.context import AppContext
from unabridged.serve.full_text.negotiation import accept_weights
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views import lists

NO_PARAMS: Mapping[str, str] = {}
FORMATS = (*WRITERS, "html")
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedScope:
    """List of articles published as a feed. path: without extension. urn: permanent id of the feed.

    mixed: the articles come from several sources.
    """

    query: Query
    path: str
    urn: str
    title: str
    description: str = ""
    site_url: str | None = None
    language: str | None = None
    icon: str | None = None
    mixed: bool = True


def split_format(name: str) -> tuple[str, str | None]:
    """Split "42.rss" into ("42", "rss"); without a known extension the format is None."""
    stem, dot, extension = name.rpartition(".")
    return (stem, extension) if dot and stem and extension in FORMATS else (name, None)


def feed_number(key: str) -> int:
    """Parse a feed number in a URL. Raises NotFound."""
    if not re.fullmatch(r"[1-9][0-9]{0,14}", key):
        raise NotFound(
            gettext("There is no feed “{name}”. The page of sources lists all of them.").format(name=key[:40])
        )
    return int(key)


def prefers_html(accept: str) -> bool:
    """Say whether an Accept header is that of a browser rather than a feed reader.

    A browser prefers text/html to all feed types; a feed reader names a feed type, or nothing.
    """
    weights = accept_weights(accept)
    rivals = max((weights.get(kind, 0.0) for kind in (*FEED_TYPES, "text/xml")), default=0.0)
    return weights.get("text/html", 0.0) > rivals


def wants_html(request: Request, format_name: str) -> bool:
    """Say whether to show a feed URL as an HTML page; with `?raw` it is always the feed."""
    if format_name == "html":
        return True
    return "raw" not in request.query_params and prefers_html(request.headers.get("accept", ""))


def feed_scope(context: AppContext, key: str) -> FeedScope:
    """Return the scope of `/feeds/<key>`. key: "all" or a feed number. Raises NotFound."""
    if key == "all":
        return FeedScope(
            query=Query(),
            path="/feeds/all",
            urn="urn:unabridged:feed:all",
            title="Unabridged: all articles",
            description="Full text of all articles from all sources.",
        )
    subscription = context.library.subscriptions.get(feed_number(key))
    feed = subscription.feed
    return FeedScope(
        query=Query(feed=feed.id),
        path=lists.feed_path(feed.id),
        urn=f"urn:unabridged:feed:{feed.id}",
        title=subscription.title,
        description=feed.description,
        site_url=feed.site_url,
        language=feed.language,
        icon=feed.icon,
        mixed=False,
    )


def get_folder(context: AppContext, name: str) -> Folder:
    """Return the folder with a name. Raises NotFound."""
    found = lists.find_folder(context.library.subscriptions.folder_names(), name)
    if found is None:
        raise NotFound(
            gettext("There is no folder “{name}”. The page of sources lists all of them.").format(
                name=name[:100]
            )
        )
    return found


def folder_scope(context: AppContext, name: str) -> FeedScope:
    """Return the scope of `/folders/<name>`. Raises NotFound."""
    folder = get_folder(context, name)
    return FeedScope(
        query=Query(folder=folder.id),
        path=lists.folder_path(folder.name),
        urn=f"urn:unabridged:folder:{folder.id}",
        title=folder.name,
        description=f"Full text of all articles in the folder {folder.name}.",
    )


def get_source(context: AppContext, slug: str) -> Source:
    """Return the source with a slug (its folder in the document tree). Raises NotFound."""
    found = next((source for source in context.sources() if source.slug == slug), None)
    if found is None:
        raise NotFound(
            gettext("There is no source “{name}”. The page of sources lists all of them.").format(
                name=slug[:100]
            )
        )
    return found


def source_scope(context: AppContext, slug: str) -> FeedScope:
    """Return the scope of `/sources/<slug>`. Raises NotFound."""
    source = get_source(context, slug)
    return FeedScope(
        query=Query(source=source.slug),
        path=lists.source_path(source.slug),
        urn=f"urn:unabridged:source:{source.slug}",
        title=source.title,
        mixed=False,
    )


def feed_response(request: Request, context: AppContext, scope: FeedScope, format_name: str) -> Response:
    """Return a scope as a feed document, or 304 if the client's copy is current."""
    limit = context.settings.serve.feed_limit
    before = request.query_params.get("before")
    found = context.library.articles.page(replace(scope.query, limit=limit, before=before))
    return document_response(request, context, scope, format_name, found)


def document_response(
    request: Request,
    context: AppContext,
    scope: FeedScope,
    format_name: str,
    found: Articles,
    params: Mapping[str, str] = NO_PARAMS,
) -> Response:
    """Return articles as a feed document. params: query parameters of its URL, without `before`."""
    address = context.address(request, f"{scope.path}.{format_name}")
    before = request.query_params.get("before")
    query = {**params, **({"before": before} if before else {})}
    items = tuple(feed_item(stored, mixed=scope.mixed) for stored in found.articles)
    document = FeedDocument(
        title=scope.title,
        self_url=address + (f"?{urlencode(query)}" if query else ""),
        id=scope.urn,
        site_url=scope.site_url
        or context.address(request, scope.path + (f"?{urlencode(params)}" if params else "")),
        description=scope.description,
        language=scope.language,
        updated=max((item.updated for item in items), default=None),
        next_url=f"{address}?{urlencode({**params, 'before': found.next})}" if found.next else None,
        icon=scope.icon,
    )
    body = WRITERS[format_name](document, items)
    return conditional(request.headers, body, CONTENT_TYPES[format_name], document.updated)


def feed_item(stored: StoredArticle, *, mixed: bool) -> FeedItem:
    """Return an article as a feed item. mixed: the feed has several sources."""
    return FeedItem(
        id=f"urn:unabridged:article:{stored.id}",
        article=stored.article,
        updated=stored.revised,
        source_title=stored.feed_title if mixed else None,
        edits=stored.edits,
        edited=stored.edited,
    )


def conditional(headers: Headers, body: bytes, media_type: str, changed: datetime | None) -> Response:
    """Return a document with its validators, or 304 if the client's copy is current."""
    etag = etag_of(body)
    validators = {"etag": etag, "cache-control": "private, no-cache", "vary": "Accept"}
    if changed:
        validators["last-modified"] = http_date(changed)
    fresh = still_fresh(
        etag,
        changed,
        if_none_match=headers.get("if-none-match"),
        if_modified_since=_http_date(headers.get("if-modified-since")),
    )
    if fresh:
        return Response(status_code=304, headers=validators)
    return Response(body, media_type=media_type, headers=validators)


def _http_date(text: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
