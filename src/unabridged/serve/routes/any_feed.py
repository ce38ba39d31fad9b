"""Route `/feed?url=…`: the full-text version of any feed, without subscribing."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from unabridged.feeds.write import CONTENT_TYPES
from unabridged.serve.context import AppContext, Context
from unabridged.serve.full_text.negotiated import markdown_of
from unabridged.serve.full_text.negotiation import wanted_form
from unabridged.serve.publishing.feed_cache import CachedFeed, cached_feed
from unabridged.serve.routes import media
from unabridged.serve.routes.feed_documents import conditional, prefers_html
from unabridged.serve.views.any_feed import any_feed_view

router = APIRouter()

Format = Literal["rss", "atom", "json", "html"] | None


@router.get("/feed")
async def any_feed(
    request: Request,
    context: Context,
    url: Annotated[str, Query(min_length=1, max_length=8192)],
    format: Format = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Return the full-text version of any feed, or of the feed of any page; nothing is archived."""
    accept = request.headers.get("accept", "")
    if format is None and wanted_form(accept) == "markdown":
        return await markdown_of(request, context, url, limit)
    found = await cached_feed(request, context, url, limit)
    async with request.app.state.feed_cache.writer_slots:
        return await asyncio.to_thread(_response, request, context, found, url, format)


def _response(request: Request, context: AppContext, found: CachedFeed, url: str, format: Format) -> Response:
    if format == "html" or (format is None and prefers_html(request.headers.get("accept", ""))):
        view = any_feed_view(
            found.feed,
            url,
            context.moment(),
            rewrite_body=lambda body: media.rewrite_body(body, context.signer, context.base_path),
        )
        return context.render(request, "any_feed.html", view=view, title=view.title)
    name = format or "rss"
    body = found.document(name, context.address(request, f"/feed?{request.url.query}"))
    answer = conditional(request.headers, body, CONTENT_TYPES[name], found.changed)
    answer.headers.update(found.headers(context.clock()))
    return answer
