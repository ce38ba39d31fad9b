"""Full-text feed responses (RSS, Atom, JSON) for one feed, a folder, a source or all articles."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response

from unabridged.archive.records.core import Articles, Folder, Query, Source, StoredArticle
from unabridged.archive.records.items import EVERYTHING, StreamPart
from unabridged.archive.records.library import Tag
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
from unabridged.fetch.response_headers import http_date as read_http_date
from unabridged.serve.context import AppContext
from unabridged.serve.full_text.negotiation import accept_weights
from unabridged.serve.languages.messages import gettext
from unabridged.serve.publishing.archives import FeedDivider, archived
from unabridged.serve.views import lists
from unabridged.serve.views.rules import search_path

ARCHIVE_SECONDS = 604_800
"""Time for which a reader need not ask for an archive document again: texts may still be edited."""

FORMATS = (*WRITERS, "html")
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedScope:
    """List of articles published as a feed. path: without extension. urn: permanent id of the feed.

    params: of its address, beside a token and the place in it. part: its items in the order of their
    delivery, if it is divided into archive documents. mixed: the articles come from several sources. story:
    number of the story whose articles it has, instead of those of the query.
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
    params: Mapping[str, str] = field(default_factory=dict)
    part: StreamPart | None = None
    story: int | None = None

    def address(self, format_name: str = "", **more: str) -> str:
        """Return the path of the feed in a format, or of its list, with its parameters and further ones."""
        params = urlencode({**self.params, **more})
        return self.path + (f".{format_name}" if format_name else "") + (f"?{params}" if params else "")


def shown(scope: FeedScope, show: str) -> FeedScope:
    """Return the feed of a list's unread or starred articles; of all for any other value of `show`.

    Those starred last come first: an old article that is starred today is news of that feed.
    """
    if show not in ("unread", "starred") or scope.story is not None:
        return scope
    starred = show == "starred"
    return replace(
        scope,
        query=replace(scope.query, unread=show == "unread", starred=starred, lately_starred=starred),
        urn=f"{scope.urn}:{show}",
        title=f"{scope.title}: {show}",
        params={**scope.params, "show": show},
        part=None,
    )


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
            part=EVERYTHING,
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
        part=StreamPart(kind="feed", number=feed.id),
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
        part=StreamPart(kind="folder", number=folder.id),
    )


def get_tag(context: AppContext, key: str) -> Tag:
    """Return the tag with a number. Raises NotFound."""
    number = int(key) if re.fullmatch(r"[1-9][0-9]{0,14}", key) else 0
    found = next((one for one in context.library.tags.all() if one.id == number), None)
    if found is None:
        raise NotFound(gettext("There is no such tag. A tag without articles is removed."))
    return found


def tag_scope(context: AppContext, key: str) -> FeedScope:
    """Return the scope of `/tags/<number>`. Raises NotFound."""
    tag = get_tag(context, key)
    return FeedScope(
        query=Query(tag=tag.id),
        path=lists.tag_path(tag.id),
        urn=f"urn:unabridged:tag:{tag.id}",
        title=tag.name,
        description=f"Full text of all articles with the tag {tag.name}.",
    )


def saved_search_scope(context: AppContext, key: str) -> FeedScope:
    """Return the scope of `/searches/<number>`. Raises NotFound."""
    number = feed_number(key)
    found = context.library.searches.get(number)
    return FeedScope(
        query=Query(search=context.library.searches.scope(number, now=context.clock())),
        path=search_path(found),
        urn=f"urn:unabridged:saved-search:{found.id}",
        title=found.name,
        description=gettext("Full text of all articles that match the search {query}.").format(
            query=found.query
        ),
    )


def search_scope(q: str) -> FeedScope:
    """Return the scope of `/search?q=…`, whose articles a search finds."""
    digest = hashlib.sha256(q.encode("utf-8", "replace")).hexdigest()[:32]
    return FeedScope(
        query=Query(),
        path="/search",
        urn=f"urn:unabridged:search:{digest}",
        title=f"Unabridged: {q}",
        description=f"Full text of all articles that match the search {q}.",
        params={"q": q},
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


def story_number(key: str) -> int:
    """Parse the number of a story in a URL. Raises NotFound."""
    if not re.fullmatch(r"[1-9][0-9]{0,9}", key):
        raise NotFound(gettext("There is no story “{name}”.").format(name=key[:40]))
    return int(key)


def story_scope(context: AppContext, key: str) -> FeedScope:
    """Return the scope of `/story/<number>`, by an earlier number of the story, too. Raises NotFound."""
    found = context.library.stories.get(story_number(key))
    return FeedScope(
        query=Query(),
        path=lists.story_path(found.number),
        urn=f"urn:unabridged:story:{found.number}",
        title=found.first.title or gettext("Story {n}").format(n=found.number),
        description=gettext("Articles that, by our reckoning, report on one event."),
        language=found.first.language,
        story=found.number,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """Articles of one document. next, archive: parameters of the documents before it, None if there are none.

    is_archive: the document always has these articles.
    """

    articles: tuple[StoredArticle, ...]
    next: Mapping[str, str] | None = None
    archive: Mapping[str, str] | None = None
    is_archive: bool = False

    @property
    def is_settled(self) -> bool:
        """Say whether all articles of an archive document have been read from their pages."""
        return self.is_archive and all(one.page.state != "waiting" for one in self.articles)


def feed_page(request: Request, context: AppContext, scope: FeedScope) -> FeedPage:
    """Return the articles of a feed that a request asks for: the newest, or older ones. Raises NotFound."""
    size = context.settings.serve.feed_limit
    given, before = request.query_params.get("archive"), request.query_params.get("before")
    if scope.story is not None:
        return _story_page(request, context, scope.story, size)
    if scope.part is None or before is not None:
        return listed_page(context.library.articles.page(replace(scope.query, limit=size, before=before)))
    library = context.library
    if given is None:
        divider: FeedDivider = request.app.state.feed_divider
        section = divider.growing(library, context.known_viewer.user.id, scope.part, size)
    else:
        section = archived(library, scope.part, _item_number(given), size)
    older = {"archive": str(section.older)} if section.older else None
    return FeedPage(
        articles=tuple(sorted(library.items.articles(section.items), key=_newest_first)),
        next=older,
        archive=older,
        is_archive=given is not None,
    )


def _story_page(request: Request, context: AppContext, story: int, size: int) -> FeedPage:
    """Return articles of a story, the newest first, after the one that `before` names. Raises NotFound."""
    articles = [one.headline for one in reversed(context.library.stories.get(story).articles)]
    before = request.query_params.get("before")
    if before is not None:
        place = next((place for place, one in enumerate(articles) if str(one.id) == before), None)
        if place is None:
            raise NotFound(f"{before[:40]!r} is not a place in a list. Start from the first page.")
        articles = articles[place + 1 :]
    shown = articles[:size]
    found = context.library.items.articles([one.item_id for one in shown if one.item_id is not None])
    return FeedPage(
        articles=tuple(sorted(found, key=_newest_first)),
        next={"before": str(shown[-1].id)} if len(articles) > size else None,
    )


def _item_number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,14}", text):
        raise NotFound(f"{text[:40]!r} is not a place in a list. Start from the first page.")
    return int(text)


def _newest_first(stored: StoredArticle) -> tuple[float, int]:
    return -stored.at.timestamp(), -stored.id


def folded_page(context: AppContext, scope: FeedScope, page: FeedPage, *, is_search: bool) -> FeedPage:
    """Return a page without the near-duplicates that the feed folds.

    The one that came first stays, so that what was published once is not replaced by a longer copy. Of a
    search, the articles of the page are compared.
    """
    numbers, stories = [one.id for one in page.articles], context.library.stories
    under = (
        stories.folding_among(numbers, "first")
        if is_search
        else stories.folding(scope.query, numbers, "first")
    )
    folded = {number for others in under.values() for number in others}
    return replace(page, articles=tuple(one for one in page.articles if one.id not in folded))


def listed_page(found: Articles) -> FeedPage:
    """Return a page of a list as a document."""
    return FeedPage(articles=found.articles, next={"before": found.next} if found.next else None)


def feed_response(
    request: Request, context: AppContext, scope: FeedScope, format_name: str, page: FeedPage
) -> Response:
    """Return articles as a feed document, or 304 if the client's copy is current."""
    token = request.query_params.get("token")
    own = {"token": token} if token else {}
    place = {
        name: request.query_params[name] for name in ("archive", "before") if name in request.query_params
    }

    def address(**more: str) -> str:
        return context.address(request, scope.address(format_name, **more, **own))

    items = tuple(feed_item(stored, mixed=scope.mixed) for stored in page.articles)
    document = FeedDocument(
        title=scope.title,
        self_url=address(**place),
        id=scope.urn,
        site_url=scope.site_url or context.address(request, scope.address()),
        description=scope.description,
        language=scope.language,
        updated=max((item.updated for item in items), default=None),
        next_url=address(**page.next) if page.next else None,
        prev_archive=address(**page.archive) if page.archive else None,
        archive=page.is_archive,
        current_url=address() if place else None,
        icon=scope.icon,
        hubs=(context.address(request, "/hub"),) if not place and has_hub(context, token) else (),
    )
    body = WRITERS[format_name](document, items)
    answer = conditional(request.headers, body, CONTENT_TYPES[format_name], document.updated)
    for hub in document.hubs:
        answer.headers["link"] = f'<{hub}>; rel="hub", <{document.self_url}>; rel="self"'
    if page.is_settled:
        answer.headers["cache-control"] = f"private, max-age={ARCHIVE_SECONDS}"
    return answer


def has_hub(context: AppContext, token: str | None) -> bool:
    """Say whether our hub takes subscribers of a feed: its address alone opens it, and lets nobody change.

    token: in the address of the feed.
    """
    viewer = context.known_viewer
    return viewer.way == "open" or (bool(token) and viewer.scope == "read")


def feed_item(stored: StoredArticle, *, mixed: bool) -> FeedItem:
    """Return an article as a feed item. mixed: the feed has several sources."""
    return FeedItem(
        id=f"urn:unabridged:article:{stored.id}",
        article=stored.article,
        updated=stored.revised,
        source_title=stored.feed_title if mixed else None,
        edits=stored.edits,
        edited=stored.edited,
        note=_note_of(stored),
    )


def _note_of(stored: StoredArticle) -> str:
    """Return why an article is the feed's own text; "" for the text of its page, and while that is read."""
    failure = stored.page.failure
    if stored.revision_source != "feed" or stored.page.state != "failed" or failure is None:
        return ""
    return f"The page could not be read: {failure.message}"


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
        if_modified_since=read_http_date(headers.get("if-modified-since", "")),
    )
    if fresh:
        return Response(status_code=304, headers=validators)
    return Response(body, media_type=media_type, headers=validators)
