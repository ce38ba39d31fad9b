"""Pages of stories: the list, and one story with its articles, credits and timeline; a story as a feed."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.core import Headline
from unabridged.archive.records.stories import LEAST_ARTICLES, StoryDetails, StoryQuery
from unabridged.errors import NotFound
from unabridged.serve.context import AppContext, Context
from unabridged.serve.languages.messages import gettext
from unabridged.serve.publishing.feed_pages import published
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.routes.media import thumb_url
from unabridged.serve.stories import views
from unabridged.serve.views import lists

router = APIRouter()

PAGE = 30
"""Stories on a page."""

MANY = 5
"""Articles of a story from which it is one of the larger ones."""


@router.get("/stories")
def stories(
    request: Request,
    context: Context,
    show: Literal["all", "large"] = "all",
    before: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Show the stories, the one with the newest article first."""
    least = MANY if show == "large" else LEAST_ARTICLES
    query = StoryQuery(before=before, limit=PAGE, articles=least)
    found, moment = context.library.stories.recent(query), context.moment()
    icons = context.archive.images.icons(one.first.feed_id for one in found.stories if one.first.feed_id)
    rows = [
        (one.newest.at, views.story_row(one, moment, thumb_url(one.first.lead_image, context.signer), icons))
        for one in found.stories
    ]
    return context.render(
        request,
        "stories.html",
        sidebar=context.sidebar(),
        title=gettext("Stories"),
        days=views.by_day(rows, moment),
        tabs=_tabs(show),
        waiting=context.archive.analysis.waiting() if not rows else 0,
        older=_older(show, found.next) if found.next else "",
    )


def _older(show: str, cursor: str) -> str:
    return f"/stories?{'show=large&' if show == 'large' else ''}before={cursor}"


def _tabs(show: str) -> tuple[lists.Tab, ...]:
    names = {
        "all": (gettext("All"), "/stories"),
        "large": (gettext("Five articles or more"), "/stories?show=large"),
    }
    return tuple(lists.Tab(name=name, href=href, current=key == show) for key, (name, href) in names.items())


@router.get("/story/{name}")
def story(request: Request, context: Context, name: str) -> Response:
    """Show a story, or return its articles as a full-text feed (`.rss`, `.atom`, `.json`).

    The number of a story that went into another one leads to that one.
    """
    key, format_name = feeds.split_format(name)
    given = feeds.story_number(key)
    current = context.library.stories.current_number(given)
    if current != given:
        ending = f".{format_name}" if format_name else ""
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{lists.story_path(current)}{ending}{query}", 301)
    if format_name not in (None, "html"):
        return published(request, context, feeds.story_scope(context, key), format_name)
    return _page(request, context, context.library.stories.details(current))


def _page(request: Request, context: AppContext, details: StoryDetails) -> Response:
    moment = context.moment()
    headlines = [one.headline for one in details.story.articles[: views.ARTICLES]]
    icons = context.archive.images.icons(one.feed_id for one in headlines if one.feed_id)
    rows = [lists.article_row(one, moment, _thumb(context, one), icons) for one in headlines]
    view = views.story_view(details, rows, moment, linked=_linked(context, details))
    return context.render(
        request,
        "story.html",
        sidebar=context.sidebar(),
        title=view.title,
        view=view,
        suffix="",
    )


def _thumb(context: AppContext, line: Headline) -> str | None:
    return thumb_url(line.lead_image, context.signer)


def _linked(context: AppContext, details: StoryDetails) -> frozenset[int]:
    """Return the other stories of merges and splits that the viewer may open and that are not this one."""
    found = set()
    for event in details.events:
        if event.article is None and event.other is not None and event.other not in found:
            try:
                current = context.library.stories.current_number(event.other)
            except NotFound:
                continue
            if current != details.story.number:
                found.add(event.other)
    return frozenset(found)
