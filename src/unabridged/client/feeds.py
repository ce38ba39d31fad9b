"""Feeds and folders of the library."""

from collections.abc import Iterator

from unabridged.api_records import feeds as records
from unabridged.api_records.base import ContentFormat
from unabridged.client.connection import Connection


class Feeds:
    """Subscriptions and folders of a person: `client.feeds`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, *, folder: int | None = None, words: str = "") -> Iterator[records.Feed]:
        """Yield the subscriptions by folder and title. words: of title or address."""
        params = {"folder": folder, "words": words}
        for page in self._connection.pages("/feeds", records.FeedPage, params):
            yield from page.feeds

    def get(self, feed_id: int) -> records.Feed:
        """Return one subscription. Raises NoSuchThing."""
        return self._connection.get(f"/feeds/{feed_id}", records.Feed)

    def discover(self, url: str) -> list[records.FoundFeed]:
        """Return the feeds of a site. Raises SiteFailed."""
        return self._connection.get("/feeds/discover", records.FoundFeeds, {"url": url}).feeds

    def preview(self, url: str, *, format: ContentFormat = "html") -> records.FeedPreview:
        """Return a feed with its first articles whole; nothing is kept. Raises SiteFailed."""
        params = {"url": url, "format": format}
        return self._connection.get("/feeds/preview", records.FeedPreview, params)

    def add(self, url: str, *, folder: str | None = None, title: str | None = None) -> records.AddedFeed:
        """Subscribe to a feed, or to the feed of a site. Raises InvalidRequest, SiteFailed."""
        body = records.NewFeed(url=url, folder=folder, title=title)
        return self._connection.send("POST", "/feeds", records.AddedFeed, body)

    def change(self, feed_id: int, change: records.FeedChange) -> records.Feed:
        """Change a subscription: only the fields that were given. Raises NoSuchThing, Forbidden."""
        return self._connection.send("PATCH", f"/feeds/{feed_id}", records.Feed, change)

    def remove(self, feed_id: int) -> None:
        """End a subscription; its articles stay. Raises NoSuchThing."""
        self._connection.delete(f"/feeds/{feed_id}")

    def folders(self) -> list[records.Folder]:
        """Return the folders by name."""
        return self._connection.get("/folders", records.FolderList).folders

    def add_folder(self, name: str) -> records.Folder:
        """Make a folder that stays when no feed is in it. Raises InvalidRequest for a name in use."""
        return self._connection.send("POST", "/folders", records.Folder, records.NewName(name=name))

    def rename_folder(self, folder_id: int, name: str) -> list[records.Folder]:
        """Rename a folder, and return all folders. Raises NoSuchThing."""
        body = records.NewName(name=name)
        return self._connection.send("PATCH", f"/folders/{folder_id}", records.FolderList, body).folders

    def remove_folder(self, folder_id: int) -> None:
        """Remove a folder; its feeds stay. Raises NoSuchThing."""
        self._connection.delete(f"/folders/{folder_id}")

    def health(self) -> list[records.Finding]:
        """Return the problems of the person's feeds, broken things first."""
        return self._connection.get("/health", records.FindingList).findings
