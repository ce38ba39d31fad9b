"""Highlights and notes: made in an article, listed together, written as Markdown."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from unabridged.errors import InvalidValue
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.pages import Id, VersionNumber
from unabridged.serve.security import safe_next
from unabridged.serve.views.highlights import highlight_line, highlights_markdown, quote_in
from unabridged.text.quotes import Quote

router = APIRouter()

PER_PAGE = 50


@router.post("/a/{article_id}/v/{number}/highlight")
def add(request: Request, context: Context, article_id: Id, number: VersionNumber, form: Form) -> Response:
    """Mark words of a version, selected or typed."""
    given = Quote(exact=form.get("exact", ""), prefix=form.get("prefix", ""), suffix=form.get("suffix", ""))
    made = add_highlight(context, article_id, number, given, form.get("note", ""))
    back = safe_next(form.get("next", ""), default=f"/a/{article_id}/v/{number}").partition("#")[0]
    return _done(request, f"{back}#highlight-{made}")


def add_highlight(context: AppContext, article_id: int, number: int, given: Quote, note: str) -> int:
    """Mark words of a version for the viewer; returns the highlight's number.

    Raises NotFound; InvalidValue if the words are not in the text.
    """
    html = context.library.articles.revision(article_id, number).article.html
    quote = quote_in(html, given)
    if quote is None:
        raise InvalidValue(
            gettext("These words are not in the text. Copy them from it, whole words in one piece.")
        )
    return context.library.highlights.add(article_id, number, quote, note, now=context.clock())


def _done(request: Request, target: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"done": True})
    return RedirectResponse(target, 303)


@router.post("/highlights/{highlight_id}/note")
def set_note(request: Request, context: Context, highlight_id: Id, form: Form) -> Response:
    """Replace the note of a highlight."""
    context.library.highlights.set_note(highlight_id, form.get("note", ""))
    return _done(request, safe_next(form.get("next", ""), default="/highlights"))


@router.post("/highlights/{highlight_id}/remove")
def remove(request: Request, context: Context, highlight_id: Id, form: Form) -> Response:
    """Remove a highlight with its note."""
    context.library.highlights.remove(highlight_id)
    return _done(request, safe_next(form.get("next", ""), default="/highlights"))


@router.get("/highlights")
def highlights(
    request: Request, context: Context, before: Annotated[int | None, Query(ge=1, lt=10**15)] = None
) -> Response:
    """Show all highlights of the person, newest first."""
    moment = context.moment()
    found = context.library.highlights.page(before, PER_PAGE + 1)
    return context.render(
        request,
        "highlights.html",
        title=gettext("Highlights"),
        sidebar=context.sidebar(),
        highlights=[highlight_line(one, moment) for one in found[:PER_PAGE]],
        older=f"/highlights?before={found[PER_PAGE - 1].id}" if len(found) > PER_PAGE else "",
    )


@router.get("/highlights.md")
def highlights_file(context: Context) -> Response:
    """Return all highlights of the person as a Markdown file."""
    headers = {
        "content-disposition": 'attachment; filename="highlights.md"',
        "cache-control": "private, no-cache",
    }
    text = highlights_markdown(context.library.highlights.by_article())
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
