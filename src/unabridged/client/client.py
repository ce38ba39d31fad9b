"""The client: one person's library on one server, in parts."""

from collections.abc import Iterator
from types import TracebackType
from typing import Literal, Self

from unabridged.api_records import library as records
from unabridged.api_records.articles import Hit, HitPage
from unabridged.client.articles import Articles
from unabridged.client.connection import TIMEOUT, Connection
from unabridged.client.events import Events
from unabridged.client.feeds import Feeds
from unabridged.client.library import Highlights, SavedSearches, Tags
from unabridged.client.stories import Stories


class Client:
    """Client of /api/v1; use it as a context manager, or `close` it.

    address: of the server ("https://news.example.org", with the sub-path of a proxy if there is one).
    timeout: seconds. A busy server is asked again after the time that it names. Every method raises ApiError.
    """

    def __init__(self, address: str, token: str, *, timeout: float = TIMEOUT) -> None:
        self._connection = Connection(address, token, timeout=timeout)
        self.articles = Articles(self._connection)
        self.feeds = Feeds(self._connection)
        self.events = Events(self._connection)
        self.tags = Tags(self._connection)
        self.searches = SavedSearches(self._connection)
        self.highlights = Highlights(self._connection)
        self.stories = Stories(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def me(self) -> records.Me:
        """Return the person of the token, and what the token may do."""
        return self._connection.get("/me", records.Me)

    def counts(self) -> records.Counts:
        """Count articles, unread and starred ones, feeds, versions and pages to be fetched."""
        return self._connection.get("/counts", records.Counts)

    def search(
        self,
        words: str,
        *,
        sort: Literal["newest", "best"] = "newest",
        history: bool = False,
        copies: Literal["all", "fold"] = "all",
    ) -> Iterator[Hit]:
        """Yield the articles that match a search, with snippets; pages are asked for as they are needed.

        history: words that publishers took out. copies: fold leaves out hits with nearly the text of another
        one of their page, whose `article.folded` names them. Raises InvalidRequest, which says what to type.
        """
        params = {"q": words, "sort": sort, "history": history, "copies": copies}
        for page in self._connection.pages("/search", HitPage, params):
            yield from page.hits

    def rules(self) -> list[records.Rule]:
        """Return the rules that set articles aside, oldest first."""
        return self._connection.get("/rules", records.RuleList).rules
