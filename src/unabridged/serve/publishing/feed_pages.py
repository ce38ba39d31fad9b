"""Addresses of feeds: the document for programs, a page for people, and private addresses with a token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged import urls
from unabridged.archive.records.core import StoredArticle
from unabridged.archive.records.library import NewToken
from unabridged.errors import NotFound
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.routes.feed_documents import FeedPage, FeedScope
from unabridged.serve.views import formatting
from unabridged.serve.views.preferences import CHOICES
from unabridged.text.scripts import direction as direction_of

router = APIRouter()

SHOWN = 20
"""Articles listed on the page of a feed."""

TOKEN_NAME = 100
"""Characters of the name of a token."""

NAMES = (("RSS", "rss"), ("Atom", "atom"), ("JSON", "json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article on the page of a feed, with a link to the publisher's page."""

    title: str
    url: str
    source: str
    time: str
    language: str | None
    direction: str


def published(
    request: Request,
    context: AppContext,
    scope: FeedScope,
    format_name: str,
    find: Callable[[], FeedPage] | None = None,
) -> Response:
    """Return a feed to a program, and a page about it to a browser. find: its articles, if a search has them.

    Raises NotFound.
    """
    scope = feeds.shown(scope, request.query_params.get("show", ""))
    page = find() if find else feeds.feed_page(request, context, scope)
    copies = request.query_params.get("copies", "")
    if copies in CHOICES["feed_copies"]:
        scope = replace(scope, params={**scope.params, "copies": copies})
    else:
        copies = context.preferences.feed_copies
    if copies == "fold":
        page = feeds.folded_page(context, scope, page, is_search=find is not None)
    if feeds.wants_html(request, format_name):
        return _person_page(request, context, scope, page)
    return feeds.feed_response(request, context, scope, format_name, page)


def _person_page(
    request: Request, context: AppContext, scope: FeedScope, page: FeedPage, made: NewToken | None = None
) -> Response:
    """Show the page of a feed: its addresses and newest articles. made: a token, shown this once."""
    token = made.secret if made else request.query_params.get("token")
    own = {"token": token} if token else {}
    answer = context.render(
        request,
        "feed_page.html",
        title=scope.title,
        scope=scope,
        addresses=[
            (name, context.address(request, scope.address(format_name, **own))) for name, format_name in NAMES
        ],
        made=made,
        articles=[_listed(context, scope, stored) for stored in page.articles[:SHOWN]],
        show=scope.params.get("show", ""),
        q=scope.params.get("q", ""),
    )
    if token:
        answer.headers["cache-control"] = "no-store"
        answer.headers["referrer-policy"] = "no-referrer"
    return answer


def _listed(context: AppContext, scope: FeedScope, stored: StoredArticle) -> ListedArticle:
    article, moment = stored.article, context.moment()
    words = article.text or article.title
    language = formatting.language_of(article.language or scope.language, words)
    return ListedArticle(
        title=article.title or formatting.fallback_title(article.text, article.url),
        url=urls.web_address(article.url) or "",
        source=(stored.feed_title or stored.source) if scope.mixed else "",
        time=formatting.short_time(stored.at, moment.now, moment.zone),
        language=language,
        direction=direction_of(language, words),
    )


@router.post("/feed-address")
def private_address(request: Request, context: Context, form: Form) -> Response:
    """Make a token that may only read, and show the addresses of a list's feed with it."""
    scope = scope_of_list(context, form)
    made = context.library.tokens.add(
        gettext("Feed: {title}").format(title=scope.title)[:TOKEN_NAME], "read", now=context.clock()
    )
    page = FeedPage(articles=()) if scope.params.get("q") else feeds.feed_page(request, context, scope)
    return _person_page(request, context, scope, page, made)


SCOPES: Mapping[str, Callable[[AppContext, str], FeedScope]] = {
    "/feeds/": feeds.feed_scope,
    "/folders/": feeds.folder_scope,
    "/sources/": feeds.source_scope,
    "/tags/": feeds.tag_scope,
    "/searches/": feeds.saved_search_scope,
    "/story/": feeds.story_scope,
}
"""Beginning of a list's path -> scope of its feed, given the rest of the path."""


def scope_of_list(context: AppContext, form: Mapping[str, str]) -> FeedScope:
    """Return the scope of a list by its form fields: `list` its path, `show`, `q`. Raises NotFound."""
    path = form.get("list", "")
    if path == "/search" and form.get("q"):
        return feeds.search_scope(form["q"])
    for beginning, make in SCOPES.items():
        if path.startswith(beginning):
            scope = make(context, unquote(path.removeprefix(beginning)))
            return feeds.shown(scope, form.get("show", ""))
    raise NotFound(gettext("There is no such list."))
