"""Routes of the API for an article's near-duplicates and the sources that it names."""

from unabridged.api_records import articles as records
from unabridged.serve.api.route import ArticleId, api_router
from unabridged.serve.api.routes.articles import tags_of
from unabridged.serve.api.views import articles as views
from unabridged.serve.context import Context

router = api_router("articles")


@router.get("/articles/{article_id}/copies")
def copies(context: Context, article_id: ArticleId) -> records.HeadlinePage:
    """List the articles with nearly the same text, by number.

    New texts are compared within a minute after they come.
    """
    found = context.library.stories.copies(article_id)
    tags = tags_of(context, (line.id for line in found))
    return records.HeadlinePage(
        articles=[views.headline(line, tags.get(line.id, ())) for line in found], next=None
    )


@router.get("/articles/{article_id}/credits")
def credits(context: Context, article_id: ArticleId) -> records.CreditList:
    """List the sources that the current text names, in its order: a reading of its sentences, not a fact."""
    return records.CreditList(
        credits=[views.credit(one) for one in context.library.stories.credits(article_id)]
    )
