"""Articles of the library: lists, texts, versions, comparisons, marks, saved pages."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from unabridged.api_records import articles as records
from unabridged.api_records import library
from unabridged.api_records.base import MOST_ARTICLES, ContentFormat
from unabridged.client.connection import Connection


class Articles:
    """Articles of a person: `client.articles`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(
        self,
        *,
        feed: int | None = None,
        folder: int | None = None,
        tag: int | None = None,
        search: int | None = None,
        unread: bool = False,
        starred: bool = False,
        muted: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
        order: Literal["newest", "oldest"] = "newest",
        content: ContentFormat | None = None,
        copies: Literal["all", "fold"] = "all",
        page_size: int | None = None,
    ) -> Iterator[records.Headline]:
        """Yield all articles of a list; pages are asked for as they are needed.

        content: the format in which their whole texts come along. since, until: with a zone. copies: fold
        leaves out articles with nearly the text of another one, whose `folded` names them.
        """
        params = {
            "feed": feed,
            "folder": folder,
            "tag": tag,
            "search": search,
            "unread": unread,
            "starred": starred,
            "muted": muted,
            "since": since,
            "until": until,
            "order": order,
            "content": content,
            "copies": copies,
            "limit": page_size,
        }
        for page in self._connection.pages("/articles", records.HeadlinePage, params):
            yield from page.articles

    def get(self, article_id: int, *, format: ContentFormat = "html") -> records.Article:
        """Return an article with its whole text. Raises NoSuchThing."""
        return self._connection.get(f"/articles/{article_id}", records.Article, {"format": format})

    def by_url(self, url: str, *, format: ContentFormat = "html") -> records.Article:
        """Return the article at an address. Raises NoSuchThing."""
        params = {"url": url, "format": format}
        return self._connection.get("/articles/by-url", records.Article, params)

    def versions(self, article_id: int) -> list[records.Version]:
        """Return the history of an article, oldest version first. Raises NoSuchThing."""
        return self._connection.get(f"/articles/{article_id}/versions", records.VersionList).versions

    def version(self, article_id: int, number: int, *, format: ContentFormat = "html") -> records.VersionText:
        """Return one version of an article. Raises NoSuchThing."""
        path = f"/articles/{article_id}/versions/{number}"
        return self._connection.get(path, records.VersionText, {"format": format})

    def version_as_of(
        self, article_id: int, time: datetime, *, format: ContentFormat = "html"
    ) -> records.VersionText:
        """Return the version that was the current one at a time. Raises NoSuchThing before the first one."""
        params = {"time": time, "format": format}
        return self._connection.get(f"/articles/{article_id}/versions/as-of", records.VersionText, params)

    def diff(self, article_id: int, older: int, newer: int) -> records.Diff:
        """Compare two versions of an article. Raises NoSuchThing."""
        params = {"older": older, "newer": newer}
        return self._connection.get(f"/articles/{article_id}/diff", records.Diff, params)

    def copies(self, article_id: int) -> list[records.Headline]:
        """Return the person's other articles with nearly the same text. Raises NoSuchThing."""
        return self._connection.get(f"/articles/{article_id}/copies", records.HeadlinePage).articles

    def credits(self, article_id: int) -> list[records.Credit]:
        """Return the sources that an article names, in the order of its text. Raises NoSuchThing."""
        return self._connection.get(f"/articles/{article_id}/credits", records.CreditList).credits

    def changes(
        self,
        *,
        article: int | None = None,
        feed: int | None = None,
        folder: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        kind: Literal["edited", "taken_down", "restored"] | None = None,
        order: Literal["newest", "oldest"] = "newest",
    ) -> Iterator[records.Change]:
        """Yield what publishers did to articles after they came: edits, take-downs, restorations.

        article: one article instead of a list. since, until: of the time when it was noticed, with a zone.
        """
        params = {
            "article": article,
            "feed": feed,
            "folder": folder,
            "since": since,
            "until": until,
            "kind": kind,
            "order": order,
        }
        for page in self._connection.pages("/changes", records.ChangePage, params):
            yield from page.changes

    def mark(
        self,
        article_ids: Iterable[int],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        add_tags: Sequence[str] = (),
        remove_tags: Sequence[str] = (),
    ) -> library.MarkResult:
        """Mark and tag any number of articles, 1,000 a request; unknown ones are skipped.

        Returns the numbers of changed articles. Raises InvalidRequest for the name of a tag.
        """
        total = library.MarkResult(read=0, starred=0, tagged=0, untagged=0)
        numbers = list(article_ids)
        for start in range(0, len(numbers), MOST_ARTICLES):
            change = library.MarkChange(
                articles=numbers[start : start + MOST_ARTICLES],
                read=read,
                starred=starred,
                add_tags=list(add_tags),
                remove_tags=list(remove_tags),
            )
            total = _sum(total, self._connection.send("POST", "/marks", library.MarkResult, change))
        return total

    def read_all(self, scope: library.ReadAll | None = None) -> library.ReadAllResult:
        """Mark a list as read; by default everything. `undo_read_all` takes the answer."""
        return self._connection.send(
            "POST", "/marks/read-all", library.ReadAllResult, scope or library.ReadAll()
        )

    def undo_read_all(self, done: library.ReadAllResult) -> int:
        """Mark unread again what `read_all` marked; returns how many."""
        body = library.UndoReadAll(at=done.at)
        return self._connection.send("POST", "/marks/read-all/undo", library.UndoResult, body).restored

    def save(self, url: str = "", *, html: str | bytes = "") -> library.Saved:
        """Save a page as an article: what its address answers, or the given HTML.

        Raises InvalidRequest if it holds no article, SiteFailed.
        """
        if isinstance(html, bytes):
            encoded = base64.b64encode(html).decode()
            body = library.SaveRequest(url=url, html_base64=encoded)
        else:
            body = library.SaveRequest(url=url, html=html)
        return self._connection.send("POST", "/save", library.Saved, body)


def _sum(one: library.MarkResult, other: library.MarkResult) -> library.MarkResult:
    return library.MarkResult(
        read=one.read + other.read,
        starred=one.starred + other.starred,
        tagged=one.tagged + other.tagged,
        untagged=one.untagged + other.untagged,
    )
