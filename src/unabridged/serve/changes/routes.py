"""Routes of changes: a page for people, and feeds (RSS, Atom, JSON) of edits, take-downs, restorations."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.archive.records.changes import ArticleChanges
from unabridged.feeds.write import CONTENT_TYPES, WRITERS, FeedDocument, FeedItem
from unabridged.model import Article
from unabridged.serve.changes.comparisons import ComparisonCache
from unabridged.serve.changes.excerpts import DiffExcerpt
from unabridged.serve.changes.scopes import ChangeScope, change_scope
from unabridged.serve.changes.views import ChangeView, change_view, kind_tabs
from unabridged.serve.context import AppContext, Context, language_headers
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.views.lists import NO_ICONS

router = APIRouter()

PAGE = 20
"""Changes on a page for people."""

Kind = Literal["all", "edited", "taken_down", "restored"]
Before = Annotated[str | None, Query(max_length=200)]


@router.get("/changes")
async def all_changes(
    request: Request, context: Context, kind: Kind = "all", before: Before = None
) -> Response:
    """Show what publishers changed in all articles."""
    return await _answer(request, context, "", kind, before)


@router.get("/changes.{format_name}")
async def all_changes_feed(
    request: Request, context: Context, format_name: str, kind: Kind = "all", before: Before = None
) -> Response:
    """Return the changes in all articles as a feed (`.rss`, `.atom`, `.json`)."""
    return await _answer(request, context, f"all.{format_name}", kind, before)


@router.get("/changes/{name:path}")
async def changes(
    request: Request, context: Context, name: str, kind: Kind = "all", before: Before = None
) -> Response:
    """Show the changes of a scope ("feeds/7"), or return them as a feed (`.rss`, `.atom`, `.json`)."""
    return await _answer(request, context, name, kind, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A page of changes with what it was asked for. excerpts: by the ids of changes."""

    scope: ChangeScope
    kind: Kind
    found: ArticleChanges
    excerpts: Mapping[str, DiffExcerpt] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.scope.path

    def query(self, before: str | None, token: str | None = None) -> str:
        """Return the query string of a page of this list. token: in the address of a feed."""
        params = {
            **({"token": token} if token else {}),
            **({"kind": self.kind} if self.kind != "all" else {}),
            **({"before": before} if before else {}),
        }
        return f"?{urlencode(params)}" if params else ""

    def views(self, context: AppContext, *, icons: bool = False) -> list[ChangeView]:
        changes = self.found.changes
        numbers = (one.headline.feed_id for one in changes if one.headline.feed_id)
        signs = context.archive.images.icons(numbers) if icons else NO_ICONS
        return [change_view(one, self.excerpts.get(one.id), context.moment(), signs) for one in changes]


async def _answer(
    request: Request, context: AppContext, name: str, kind: Kind, before: str | None
) -> Response:
    key, format_name = feeds.split_format(name)
    as_page = format_name is None or feeds.wants_html(request, format_name)
    limit = PAGE if as_page else context.settings.serve.feed_limit
    listed = await asyncio.to_thread(_read, context, key, kind, before, limit)
    cache: ComparisonCache = request.app.state.comparisons
    excerpts = await cache.compare(context.diff_pool, context.library.articles, listed.found.changes)
    listed = replace(listed, excerpts=excerpts)
    if format_name is None or as_page:
        return await asyncio.to_thread(_page, request, context, listed)
    return await asyncio.to_thread(_feed, request, context, listed, format_name)


def _read(context: AppContext, key: str, kind: Kind, before: str | None, limit: int) -> _Listed:
    scope = change_scope(context, key)
    query = replace(scope.query, before=before or None, limit=limit)
    if kind != "all":
        query = replace(query, kinds=(kind,))
    return _Listed(scope=scope, kind=kind, found=context.library.articles.changes(query))


def _title(scope: ChangeScope) -> str:
    return gettext("Changes: {name}").format(name=scope.name) if scope.name else gettext("Changes")


def _page(request: Request, context: AppContext, listed: _Listed) -> Response:
    following = listed.found.next
    return context.render(
        request,
        "changes.html",
        sidebar=context.sidebar(),
        title=_title(listed.scope),
        scope=listed.scope,
        tabs=kind_tabs("/changes" if listed.path == "/changes/all" else listed.path, listed.kind),
        changes=listed.views(context, icons=True),
        query=listed.query(None),
        older=listed.path + listed.query(following) if following else "",
    )


def _feed(request: Request, context: AppContext, listed: _Listed, format_name: str) -> Response:
    scope = listed.scope
    address = context.address(request, f"{listed.path}.{format_name}")
    items = [_item(request, context, view, mixed=scope.mixed) for view in listed.views(context)]
    following, given = listed.found.next, request.query_params
    token = given.get("token")
    document = FeedDocument(
        title=_title(scope),
        self_url=address + listed.query(given.get("before"), token),
        id=scope.urn + (f":{listed.kind}" if listed.kind != "all" else ""),
        site_url=context.address(request, listed.path + listed.query(None)),
        description=gettext("What publishers changed in articles, took down, and showed again."),
        updated=max((item.updated for item in items), default=None),
        next_url=address + listed.query(following, token) if following else None,
    )
    body = WRITERS[format_name](document, items)
    answer = feeds.conditional(request.headers, body, CONTENT_TYPES[format_name], document.updated)
    answer.headers.update(language_headers() | {"vary": "Accept, Accept-Language, Cookie"})
    return answer


def _item(request: Request, context: AppContext, view: ChangeView, *, mixed: bool) -> FeedItem:
    """Return a change as an item of a feed; its address is that of what changed."""
    at = datetime.fromisoformat(view.datetime)
    base = context.address(request, "")
    template = context.templates.get_template("change_item.html")
    article = Article(
        url=base + view.href,
        title=gettext("{kind}: {title}").format(kind=view.kind_name, title=view.title),
        published=at,
        summary=view.line,
        html=template.render(change=view, base=base),
        text=view.line,
        tags=(view.kind_name,),
    )
    source = view.source if mixed else None
    return FeedItem(id=f"urn:unabridged:change:{view.id}", article=article, updated=at, source_title=source)
