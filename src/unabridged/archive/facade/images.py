"""Images of an archive: pictures of articles and icons of feeds, queued, fetched and stored."""

from collections.abc import Iterable
from datetime import datetime

from unabridged.archive.articles import stored_images
from unabridged.archive.records.library import KeptImage, PendingImage
from unabridged.archive.storage.engine import Database


class Images:
    """Stored images and those to fetch: `archive.images`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def queue(self, now: datetime, *, everything: bool = False, limit: int = 100) -> int:
        """Queue pictures to fetch: of starred articles and pages saved by hand, or of all articles.

        Returns of how many articles (at most `limit`; 0: all are queued).
        """
        with self._db.reading() as conn:
            numbers = stored_images.unqueued_articles(conn, everything, limit)
        if numbers:
            self._db.writing(lambda conn: stored_images.queue_images(conn, numbers, now))
        return len(numbers)

    def queue_icons(self, now: datetime, *, limit: int = 100) -> int:
        """Queue the icons of subscribed feeds that are not queued yet. Returns how many."""
        with self._db.reading() as conn:
            found = bool(stored_images.feeds_without_icon(conn, 1))
        return self._db.writing(lambda conn: stored_images.queue_icons(conn, now, limit)) if found else 0

    def claim(
        self, now: datetime, limit: int, *, lease: float = 300.0, bucket: int | None = None
    ) -> tuple[PendingImage, ...]:
        """Lease images to fetch; others get them again after `lease` seconds unless saved before.

        bucket: only this part, which has all images of its registrable domains.
        """
        with self._db.reading() as conn:
            due = stored_images.has_due_images(conn, now)
        return (
            self._db.writing(lambda conn: stored_images.claim_images(conn, now, limit, lease, bucket))
            if due
            else ()
        )

    def save(self, image_id: int, kind: str, body: bytes, *, now: datetime) -> str:
        """Save an image's bytes. kind: media type, checked by the caller. Returns their SHA-256 (hex)."""
        return self._db.writing(lambda conn: stored_images.save_image(conn, image_id, kind, body, now))

    def record_failure(self, image_id: int, why: str, *, next_try_at: datetime | None) -> None:
        """Record that an image could not be fetched. next_try_at: None to give up."""
        self._db.writing(lambda conn: stored_images.record_failure(conn, image_id, why, next_try_at))

    def find(self, url: str) -> KeptImage | None:
        """Return the image at this address, if it is stored. Raises ArchiveError when it fails its hash."""
        with self._db.reading() as conn:
            return stored_images.stored_image(conn, url)

    def icon(self, feed_id: int) -> KeptImage | None:
        """Return the icon of a feed or its site, if it is stored."""
        with self._db.reading() as conn:
            return stored_images.feed_icon(conn, feed_id)

    def icons(self, feed_ids: Iterable[int]) -> dict[int, str]:
        """Map those of the feeds that have a stored icon to its SHA-256 (hex)."""
        wanted = sorted(set(feed_ids))
        if not wanted:
            return {}
        with self._db.reading() as conn:
            return stored_images.stored_icons(conn, wanted)
