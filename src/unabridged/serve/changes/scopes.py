"""Scopes of lists of changes: all articles, a feed, folder, source, tag, saved search, or one article."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unabridged.archive.records.changes import ChangeQuery
from unabridged.archive.records.core import Query
from unabridged.errors import NotFound
from unabridged.serve.context import AppContext
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.views import lists
from unabridged.serve.views.article import article_heading
from unabridged.serve.views.rules import search_path

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeScope:
    """Articles whose changes are listed. path: of the list of changes, without extension.

    name: of the feed, folder …, "" for all articles. articles_path: address of the articles. urn: permanent
    id of the feed of changes.
    """

    query: ChangeQuery
    path: str
    name: str
    articles_path: str
    urn: str
    mixed: bool = True


def change_scope(context: AppContext, name: str) -> ChangeScope:
    """Return the scope of `/changes/<name>`: "all", "starred", "feeds/7", "a/12" … Raises NotFound."""
    kind, slash, key = name.partition("/")
    if name in ("", ALL):
        return _scope(Query(), "", "/", "all")
    if name == "starred":
        return _scope(Query(starred=True), gettext("Starred"), "/?show=starred", "starred", path="/starred")
    if not slash or kind not in _SCOPES:
        raise NotFound(gettext("There is no list of changes “{name}”.").format(name=name[:100]))
    return _SCOPES[kind](context, key)


def _scope(
    query: Query, name: str, articles_path: str, urn: str, *, path: str = "", mixed: bool = True
) -> ChangeScope:
    return ChangeScope(
        query=ChangeQuery(scope=query),
        path=f"/changes{path or (articles_path if articles_path != '/' else '/all')}",
        name=name,
        articles_path=articles_path,
        urn=f"urn:unabridged:changes:{urn}",
        mixed=mixed,
    )


def _feed(context: AppContext, key: str) -> ChangeScope:
    found = context.library.subscriptions.get(feeds.feed_number(key))
    number = found.feed.id
    return _scope(Query(feed=number), found.title, lists.feed_path(number), f"feed:{number}", mixed=False)


def _folder(context: AppContext, key: str) -> ChangeScope:
    found = feeds.get_folder(context, key)
    return _scope(Query(folder=found.id), found.name, lists.folder_path(found.name), f"folder:{found.id}")


def _source(context: AppContext, key: str) -> ChangeScope:
    found = feeds.get_source(context, key)
    path = lists.source_path(found.slug)
    return _scope(Query(source=found.slug), found.title, path, f"source:{found.slug}", mixed=False)


def _tag(context: AppContext, key: str) -> ChangeScope:
    found = feeds.get_tag(context, key)
    return _scope(Query(tag=found.id), found.name, lists.tag_path(found.id), f"tag:{found.id}")


def _search(context: AppContext, key: str) -> ChangeScope:
    number = feeds.feed_number(key)
    found = context.library.searches.get(number)
    query = Query(search=context.library.searches.scope(number, now=context.clock()))
    return _scope(query, found.name, search_path(found), f"saved-search:{number}")


def _article(context: AppContext, key: str) -> ChangeScope:
    number = feeds.feed_number(key)
    heading = article_heading(context.library.articles.get(number))
    return ChangeScope(
        query=ChangeQuery(article=number),
        path=f"/changes/a/{number}",
        name=heading.title,
        articles_path=f"/a/{number}",
        urn=f"urn:unabridged:changes:article:{number}",
        mixed=False,
    )


_SCOPES: Mapping[str, Callable[[AppContext, str], ChangeScope]] = {
    "feeds": _feed,
    "folders": _folder,
    "sources": _source,
    "tags": _tag,
    "searches": _search,
    "a": _article,
}
"""First part of the name of a scope -> its scope, given the rest of the name."""
