"""Routes to save pages for reading later: by address, or with the HTML as the browser shows it."""

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged import urls
from unabridged.archive.records.core import Change
from unabridged.errors import DocumentError, UnabridgedError
from unabridged.extraction.html.stated_address import stated_address
from unabridged.serve.base_path import own_origin
from unabridged.serve.context import AppContext, Context, read_upload
from unabridged.serve.error_pages import status_of
from unabridged.serve.languages.messages import gettext

router = APIRouter()

_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,4000}")

Text = Annotated[str, Query(max_length=8000)]


@router.get("/save")
def save_page(
    request: Request, context: Context, url: Text = "", text: Text = "", title: Text = ""
) -> Response:
    """Show the form to save a page. Other apps share an address as `url`, or within `text` or `title`."""
    shared = next((found[0] for one in (url, text, title) if (found := _ADDRESS.search(one))), url)
    return _save_page(request, context, shared)


def _save_page(
    request: Request, context: AppContext, url: str = "", error: UnabridgedError | None = None
) -> Response:
    answer = context.render(
        request,
        "save.html",
        status=200 if error is None else status_of(error),
        title=gettext("Save a page"),
        sidebar=context.sidebar(),
        url=url,
        error=error,
        bookmarklet=bookmarklet(context.address(request, "")),
    )
    # The bookmark's window gets the page from the window that opened it.
    answer.headers["cross-origin-opener-policy"] = "unsafe-none"
    return answer


def bookmarklet(address: str) -> str:
    """Return the bookmark that opens the form with the present page. address: of the reader.

    It sends the page as the browser shows it as soon as the form says that it is ready.
    """
    origin = own_origin(address)
    return (
        "javascript:(()=>{"
        f"const w=open('{address}/save?url='+encodeURIComponent(location.href));"
        "const page={url:location.href,html:'<!doctype html>'+document.documentElement.outerHTML};"
        "addEventListener('message',e=>{if(e.source===w&&e.data==='ready')"
        f"w.postMessage(page,'{origin}')}})"
        "})()"
    )


@router.post("/save")
async def save(request: Request, context: Context) -> Response:
    """Save a page: the given HTML, or what its address answers."""
    url = ""
    try:
        upload = await read_upload(request, context.signer, needed=False)
        url = upload.fields.get("url", "").strip()
        change = await save_for(context, url, upload.data)
    except UnabridgedError as exc:
        return await asyncio.to_thread(_save_page, request, context, url, exc)
    return RedirectResponse(f"/a/{change.article_id}", 303)


async def save_for(context: AppContext, url: str, html: bytes) -> Change:
    """Save a page for the viewer. html: empty to fetch it. Raises UnabridgedError."""
    user = context.known_viewer.user.id
    if not html:
        return await context.poller.save_url(url, user=user)
    address = urls.absolute(url, None) or stated_address(html)
    if not address:
        raise DocumentError(gettext("The page does not say where it is from. Give its address, too."))
    return await context.poller.save_html(address, html, user=user)
