"""Stories of the library."""

from collections.abc import Iterator
from datetime import datetime

from unabridged.api_records import stories as records
from unabridged.client.connection import Connection


class Stories:
    """Stories of a person's articles: `client.stories`. They are found by rules, and nobody checks them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(
        self, *, since: datetime | None = None, feed: int | None = None, articles: int = 2
    ) -> Iterator[records.StoryLine]:
        """Yield the stories, the one with the newest article first; pages are asked for as they are needed.

        since: of the newest article, with a zone. feed: with an article of this feed. articles: at least so
        many. Raises NoSuchThing.
        """
        params = {"since": since, "feed": feed, "articles": articles}
        for page in self._connection.pages("/stories", records.StoryPage, params):
            yield from page.stories

    def get(self, number: int) -> records.Story:
        """Return a story, also by an earlier number of it. Raises NoSuchThing."""
        return self._connection.get(f"/stories/{number}", records.Story)

    def of_article(self, article_id: int) -> records.StoryOfArticle:
        """Return the story that an article is in. Raises NoSuchThing for an article that is not there."""
        return self._connection.get(f"/articles/{article_id}/story", records.StoryOfArticle)
