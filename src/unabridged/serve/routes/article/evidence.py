"""Evidence of one version: the proof bundle, the raw page as a file, and a safe view of it."""

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.archive.records.core import Snapshot, StoredArticle, StoredRevision
from unabridged.errors import NotFound
from unabridged.formats.proof.bundle import bundle_name, proof_bundle
from unabridged.serve.context import AppContext, Context
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.media import without_pictures
from unabridged.serve.routes.pages import Id, VersionNumber
from unabridged.serve.security import MEDIA_CSP
from unabridged.serve.views.article import article_heading
from unabridged.serve.views.evidence import raw_page_facts

router = APIRouter()

MOST_SHOWN = 2_000_000
"""Characters of a raw page that its view shows; the file has all of it."""


@router.get("/a/{article_id}/v/{number}/proof.zip")
def proof(context: Context, article_id: Id, number: VersionNumber) -> Response:
    """Return the proof bundle of a version."""
    data = proof_bundle(context.library, article_id, number)
    return _download(data, "application/zip", bundle_name(article_id, number))


@router.get("/a/{article_id}/v/{number}/raw")
def raw(context: Context, article_id: Id, number: VersionNumber) -> Response:
    """Return the raw page byte for byte, as a file that no program opens as a page."""
    _, page = _raw_page(context, article_id, number)
    name = f"article-{article_id}-version-{number}-raw-page.txt"
    return _download(page.body, "application/octet-stream", name)


@router.get("/a/{article_id}/v/{number}/page")
async def page(request: Request, context: Context, article_id: Id, number: VersionNumber) -> Response:
    """Show the raw page sanitised: its words and structure, without pictures, styles and scripts."""
    found, raw = await asyncio.to_thread(_raw_page, context, article_id, number)
    html = await context.poller.context.extractor.safe_html(
        raw.body, url=raw.url, content_type=raw.headers.get("content-type")
    )
    return await asyncio.to_thread(_render, request, context, found, raw, html)


def _raw_page(context: AppContext, article_id: int, number: int) -> tuple[StoredRevision, Snapshot]:
    """Return a version and its raw page. Raises NotFound."""
    found = context.library.articles.revision(article_id, number)
    if found.line.snapshot is None:
        raise NotFound(
            gettext(
                "No raw page is kept of version {number}: its text is the feed’s own or was imported."
            ).format(number=number)
        )
    return found, context.library.articles.snapshot(found.line.snapshot)


def _render(
    request: Request, context: AppContext, found: StoredRevision, raw: Snapshot, html: str
) -> Response:
    stored: StoredArticle = context.library.articles.get(found.article_id)
    return context.render(
        request,
        "raw_page.html",
        view=article_heading(stored),
        number=found.line.number,
        facts=raw_page_facts(found.line, raw, context.moment()),
        cut=len(html) > MOST_SHOWN,
        body=without_pictures(html[:MOST_SHOWN]),
    )


def _download(data: bytes, kind: str, name: str) -> Response:
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": MEDIA_CSP,
        "cache-control": "private, no-cache",
    }
    return Response(data, media_type=kind, headers=headers)
