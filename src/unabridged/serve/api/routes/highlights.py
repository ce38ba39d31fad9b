"""Routes of the API for highlights and notes."""

from starlette.responses import Response

from unabridged.api_records import library as records
from unabridged.archive.records.library import Highlight
from unabridged.errors import NotFound
from unabridged.serve.api.route import EMPTY, ArticleId, Cursor, Limit, Number, api_router, number_of
from unabridged.serve.api.views import library as views
from unabridged.serve.context import AppContext, Context
from unabridged.serve.routes.article.highlights import add_highlight as add_for
from unabridged.text.quotes import Quote

router = api_router("highlights")


@router.get("/highlights")
def highlights(context: Context, limit: Limit = 50, cursor: Cursor = None) -> records.HighlightPage:
    """List the highlights, newest first."""
    found = context.library.highlights.page(number_of(cursor), limit + 1)
    shown = found[:limit]
    return records.HighlightPage(
        highlights=[views.highlight(one) for one in shown],
        next=str(shown[-1].id) if len(found) > limit else None,
    )


@router.get("/articles/{article_id}/highlights")
def highlights_of_article(context: Context, article_id: ArticleId) -> records.HighlightPage:
    """List the highlights of an article, oldest first."""
    context.library.articles.get(article_id)
    found = context.library.highlights.of_article(article_id)
    return records.HighlightPage(highlights=[views.highlight(one) for one in found], next=None)


@router.post("/highlights", status_code=201)
def add_highlight(context: Context, body: records.NewHighlight) -> records.Highlight:
    """Mark words of an article, with a note."""
    version = body.version
    if version is None:
        version = context.library.articles.get(body.article).revision
    given = Quote(exact=body.exact, prefix=body.prefix, suffix=body.suffix)
    made = add_for(context, body.article, version, given, body.note)
    return views.highlight(_one(context, made))


@router.patch("/highlights/{highlight_id}")
def set_note(context: Context, highlight_id: Number, body: records.HighlightChange) -> records.Highlight:
    """Replace the note of a highlight."""
    context.library.highlights.set_note(highlight_id, body.note)
    return views.highlight(_one(context, highlight_id))


def _one(context: AppContext, number: int) -> Highlight:
    """Return a highlight. Raises NotFound."""
    found = context.library.highlights.page(number + 1, 1)
    if not found or found[0].id != number:
        raise NotFound(f"There is no highlight {number}.")
    return found[0]


@router.delete("/highlights/{highlight_id}", **EMPTY)
def remove_highlight(context: Context, highlight_id: Number) -> Response:
    """Remove a highlight with its note."""
    context.library.highlights.remove(highlight_id)
    return Response(status_code=204)
