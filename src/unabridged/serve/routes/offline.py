"""Routes for reading offline: the service worker, its list of articles, the page without a connection."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, JSONResponse, Response

from unabridged.archive.records import core
from unabridged.serve.base_path import with_base_path
from unabridged.serve.context import PACKAGE_DIR, AppContext, Context, get_context

router = APIRouter()

MOST_KEPT = 200
"""Newest unread articles that a device keeps."""


@router.get("/sw.js")
def service_worker(context: Annotated[AppContext, Depends(get_context)]) -> Response:
    """Return the service worker. It stands at the root, because it answers for all pages below its own."""
    headers = {"cache-control": "no-cache", "service-worker-allowed": f"{context.base_path}/"}
    return FileResponse(PACKAGE_DIR / "static" / "sw.js", media_type="text/javascript", headers=headers)


@router.get("/offline")
def offline_page(request: Request, context: Annotated[AppContext, Depends(get_context)]) -> Response:
    """Show the page for a device without a connection; its script lists what the device keeps."""
    return context.render(request, "offline.html")


@router.get("/offline.json")
def articles_to_keep(context: Context) -> Response:
    """Return addresses and titles of the newest unread articles."""
    newest = context.library.articles.headlines(core.Query(unread=True, limit=MOST_KEPT)).headlines
    articles = [
        {"href": with_base_path(f"/a/{line.id}", context.base_path), "title": line.title or line.url}
        for line in newest
    ]
    return JSONResponse({"articles": articles}, headers={"cache-control": "private, no-store"})
