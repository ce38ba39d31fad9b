"""Routes of the API for an article's near-duplicates and the sources that it names, and for stories."""

from typing import Annotated

from fastapi import Query, Request

from unabridged.api_records import articles as records
from unabridged.api_records import stories as story_records
from unabridged.archive.records.stories import LEAST_ARTICLES, StoryQuery
from unabridged.serve.api.route import ArticleId, Bound, Cursor, Filter, Limit, Number, api_router
from unabridged.serve.api.routes.articles import tags_of
from unabridged.serve.api.views import articles as views
from unabridged.serve.api.views import stories as story_views
from unabridged.serve.context import Context
from unabridged.serve.views.lists import story_path

router = api_router("articles")

Least = Annotated[int, Query(ge=LEAST_ARTICLES, le=1000, description="Only of at least so many articles.")]


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


@router.get("/articles/{article_id}/story")
def story_of_article(context: Context, article_id: ArticleId) -> story_records.StoryOfArticle:
    """Tell which story an article is in, and how many articles of it there are."""
    context.library.articles.get(article_id)  # raises NotFound
    mark = context.library.stories.marks([article_id]).get(article_id)
    if mark is None:
        return story_records.StoryOfArticle(story=None, articles=0)
    return story_records.StoryOfArticle(story=mark.number, articles=mark.articles)


@router.get("/stories")
def stories(
    context: Context,
    since: Bound = None,
    feed: Annotated[Filter, Query(description="Only with an article of this feed.")] = None,
    articles: Least = LEAST_ARTICLES,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> story_records.StoryPage:
    """List the stories, the one with the newest article first. since: of the newest article."""
    query = StoryQuery(since=since, feed=feed, articles=articles, limit=limit, before=cursor)
    found = context.library.stories.recent(query)
    tags = tags_of(context, (line.id for one in found.stories for line in (one.first, one.newest)))
    return story_records.StoryPage(
        stories=[story_views.story_line(one, tags) for one in found.stories], next=found.next
    )


@router.get("/stories/{number}")
def story(request: Request, context: Context, number: Number) -> story_records.Story:
    """Return a story, also by an earlier number of it, with what its articles repeat, add and name."""
    details = context.library.stories.details(number)
    tags = tags_of(context, (one.headline.id for one in details.story.articles))
    link = context.address(request, story_path(details.story.number))
    return story_views.story(details, tags, link=link)
