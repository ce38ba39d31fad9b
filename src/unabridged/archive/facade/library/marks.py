"""Marks of a user on articles: read, starred, tags, and positions in audio and video."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from unabridged.archive.library import positions, read_state, tags
from unabridged.archive.records.core import Beside, Query
from unabridged.archive.records.library import Position, Tag
from unabridged.archive.rules.filing import refile_for
from unabridged.archive.rules.saved_searches import start_over_with
from unabridged.archive.storage.engine import Database


class Marks:
    """Read and starred flags of one user: `archive.library(user).marks`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def set_read(self, article_ids: Iterable[int], read: bool, *, now: datetime) -> int:
        """Mark articles read or unread; unknown numbers are skipped. Returns how many changed."""
        numbers = tuple(article_ids)
        return self._db.writing(lambda conn: read_state.set_read(conn, self._user, numbers, read, now))

    def set_all_read(
        self, query: Query, *, now: datetime, before: datetime, beside: Beside | None = None
    ) -> int:
        """Mark articles read that match a query (without limit and cursor), delivered up to `before`.

        beside: only those that are newer, or older, than one article. Returns how many changed;
        `undo_all_read` with the same `now` takes exactly these marks back. Raises NotFound.
        """
        return self._db.writing(
            lambda conn: read_state.set_all_read(conn, self._user, query, now, before, beside)
        )

    def undo_all_read(self, at: datetime, *, now: datetime) -> int:
        """Mark unread what `set_all_read` marked at a time, unless it was marked again since."""
        return self._db.writing(lambda conn: read_state.undo_all_read(conn, self._user, at, now))

    def set_starred(self, article_ids: Iterable[int], starred: bool, *, now: datetime) -> int:
        """Star or unstar articles; unknown numbers are skipped. Returns how many changed."""
        numbers = tuple(article_ids)
        return self._db.writing(lambda conn: read_state.set_starred(conn, self._user, numbers, starred, now))


class Tags:
    """Tags of one user: `archive.library(user).tags`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def all(self) -> tuple[Tag, ...]:
        """Return the tags by name, with the number of articles that have each."""
        with self._db.reading() as conn:
            return tags.list_tags(conn, self._user)

    def by_article(self, article_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Map article numbers to the user's own tags; articles without any are left out."""
        with self._db.reading() as conn:
            return tags.tags_by_article(conn, self._user, tuple(article_ids))

    def add(self, article_ids: Iterable[int], names: Iterable[str], *, now: datetime) -> int:
        """Tag articles; numbers that were not delivered to the user are skipped.

        Returns how many articles there were. Raises ArchiveError for an invalid name.
        """
        numbers, wanted = tuple(article_ids), tuple(names)

        def work(conn: Connection) -> int:
            found = tags.add(conn, self._user, numbers, wanted, now)
            refile_for(conn, self._user, numbers, ["tag"])
            return found

        return self._db.writing(work)

    def remove(self, article_ids: Iterable[int], names: Iterable[str], *, now: datetime) -> int:
        """Remove tags from articles; a tag that no article has is deleted. Returns how many articles."""
        numbers, wanted = tuple(article_ids), tuple(names)

        def work(conn: Connection) -> int:
            found = tags.untag(conn, self._user, numbers, wanted, now)
            refile_for(conn, self._user, numbers, ["tag"])
            return found

        return self._db.writing(work)

    def rename(self, tag_id: int, name: str) -> None:
        """Rename a tag; with the name of another tag, the two are merged. Raises NotFound."""

        def work(conn: Connection) -> None:
            tags.rename(conn, self._user, tag_id, name)
            start_over_with(conn, self._user, "tag")

        self._db.writing(work)

    def delete(self, tag_id: int) -> None:
        """Remove a tag from all articles and delete it. Raises NotFound."""

        def work(conn: Connection) -> None:
            tags.remove(conn, self._user, tag_id)
            start_over_with(conn, self._user, "tag")

        self._db.writing(work)


class Positions:
    """Positions of one user in audio and video files: `archive.library(user).positions`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def set(self, article_id: int, media: str, seconds: int, length: int | None, *, now: datetime) -> None:
        """Store the position in a file of an article. Raises NotFound, InvalidValue.

        media: key of the file within the article. length: of the file in seconds; None keeps the one stored.
        """
        self._db.writing(
            lambda conn: positions.store(conn, self._user, article_id, media, seconds, length, now)
        )

    def of_article(self, article_id: int) -> tuple[Position, ...]:
        """Return the positions in the files of an article, the latest first."""
        with self._db.reading() as conn:
            return positions.of_article(conn, self._user, article_id)

    def of_articles(self, article_ids: Iterable[int]) -> tuple[Position, ...]:
        """Return the positions in the files of articles, the latest first."""
        with self._db.reading() as conn:
            return positions.of_articles(conn, self._user, article_ids)

    def latest(self, article_ids: Iterable[int]) -> Mapping[int, Position]:
        """Map article numbers to the latest position there; articles without any are left out."""
        with self._db.reading() as conn:
            return positions.latest(conn, self._user, article_ids)
