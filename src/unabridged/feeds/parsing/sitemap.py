"""A news sitemap to a Feed: the newest articles of sites that have no feed any more.

The format is Google's (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap):
addresses with title, date and language, no text.
"""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from unabridged.feeds.parsing.channel import MAX_ENTRIES
from unabridged.feeds.parsing.entries import read_label
from unabridged.feeds.parsing.namespaces import local_name
from unabridged.feeds.parsing.values import Scope, address, children_by_name, clock, split_words, text_of
from unabridged.feeds.parsing.xml_tree import Tree
from unabridged.model import Entry, Feed


def read_news_sitemap(tree: Tree, *, url: str, now: datetime | None) -> Feed | None:
    """Return the feed of a sitemap whose addresses carry news titles, None for any other document."""
    if local_name(str(tree.root.tag)) != "urlset":
        return None
    scope = Scope(base=url, now=now)
    entries = tuple(_entries(tree.root, scope))
    if not entries:
        return None
    left = len(entries) - MAX_ENTRIES
    return Feed(
        url=url,
        format="sitemap",
        title=next((entry.source_title for entry in entries if entry.source_title), ""),
        language=entries[0].language,
        entries=entries[:MAX_ENTRIES],
        notes=tree.notes + ((f"{left} more entries not read",) if left > 0 else ()),
    )


def _entries(root: etree._Element, scope: Scope) -> Iterator[Entry]:
    for element in root:
        groups = children_by_name(element, scope.names)
        link = address(next((text_of(loc) for loc in groups.get("loc", ())), ""), scope.base)
        for news in groups.get("news:news", ()):
            inner = children_by_name(news, scope.names)
            title = read_label(inner, ("news:title",), scope)
            if not link or not title:
                continue
            published = _text(inner, "news:publication_date")
            publication = _nested(inner, "news:publication", scope)
            yield Entry(
                guid=link,
                url=link,
                title=title,
                published=clock(published, "published", scope) if published else None,
                language=_text(publication, "news:language") or None,
                tags=tuple(split_words(_text(inner, "news:keywords"))),
                lead_image=_image(groups, scope),
                source_title=_text(publication, "news:name") or None,
                base=link,
            )


_Groups = dict[str, list[etree._Element]]


def _nested(groups: _Groups, name: str, scope: Scope) -> _Groups:
    elements = groups.get(name)
    return children_by_name(elements[0], scope.names) if elements else {}


def _text(groups: _Groups, name: str) -> str:
    elements = groups.get(name)
    return text_of(elements[0]) if elements else ""


def _image(groups: _Groups, scope: Scope) -> str | None:
    inner = _nested(groups, "image:image", scope)
    return address(_text(inner, "image:loc"), scope.base)
