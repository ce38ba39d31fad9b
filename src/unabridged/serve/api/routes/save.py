"""Route of the API that saves a page for reading later."""

import asyncio
import base64
import binascii
import codecs

from fastapi import Request
from starlette.responses import Response

from unabridged.api_records import library as records
from unabridged.errors import DocumentError
from unabridged.serve.api.route import FETCHING, UploadRoute, api_router
from unabridged.serve.context import Context
from unabridged.serve.routes.save import save_for

router = api_router("articles", UploadRoute)


@router.post("/save", dependencies=FETCHING, status_code=201, responses={200: {"model": records.Saved}})
async def save_page(
    request: Request, context: Context, response: Response, body: records.SaveRequest
) -> records.Saved:
    """Save a page: the given HTML, or what its address answers. 200 where it was there already."""
    change = await save_for(context, body.url.strip(), _html(body))
    stored = await asyncio.to_thread(context.library.articles.get, change.article_id)
    response.status_code = 201 if change.kind == "new" else 200
    return records.Saved(
        id=change.article_id,
        change=change.kind,
        version=change.revision,
        reason=change.reason,
        title=stored.article.title,
        completeness=stored.article.completeness.kind,
        url=context.address(request, f"/a/{change.article_id}"),
    )


def _html(asked: records.SaveRequest) -> bytes:
    """Return the page that was sent along, b"" without one. Raises DocumentError.

    HTML sent as text gets a byte order mark, which counts before a charset in the page.
    """
    try:
        given = base64.b64decode(asked.html_base64, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise DocumentError(f"html_base64 is not in base64: {exc}.") from None
    if given or not asked.html:
        return given
    return codecs.BOM_UTF8 + asked.html.encode("utf-8", "replace")
