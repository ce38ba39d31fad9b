"""Maintenance of an archive: retention, finishing deletions, verifying, backing up, copying, sizes."""

from datetime import datetime
from functools import partial
from pathlib import Path

from unabridged.archive.articles import deletion
from unabridged.archive.events import channels, event_log
from unabridged.archive.maintenance import backup, sizes, status, verify
from unabridged.archive.migrations.runner import check
from unabridged.archive.raw_pages import store
from unabridged.archive.records.maintenance import (
    Copied,
    DatabaseVersion,
    DayGrowth,
    LastCheck,
    LeaseHolder,
    Sizes,
    Verified,
    Watch,
    WorkerReport,
    unwatched,
)
from unabridged.archive.search_index import writer
from unabridged.archive.storage.engine import Database


class Maintenance:
    """Upkeep of the whole archive: `archive.maintenance`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def check_writable(self) -> None:
        """Raise ArchiveUnwritable if nothing can be saved now."""
        self._db.writing(lambda conn: None)

    def check_schema(self) -> None:
        """Raise SchemaTooNew or SchemaTooOld if the archive no longer has the schema of this program."""
        check(self._db)

    def delete_expired(self, now: datetime) -> int:
        """Delete articles past their folders' retention, except starred and tagged ones. Returns how many."""
        with self._db.reading() as conn:
            expires = deletion.has_retention(conn)
        deleted = 0
        while expires and (more := self._db.writing(lambda conn: deletion.delete_expired(conn, now))):
            deleted += more
        self.finish_deletions()  # also those of a deletion that was interrupted
        return deleted

    def delete_old_events(self, before: datetime) -> None:
        """Delete events of earlier than a time, and dead letters of such; in small transactions."""
        with self._db.reading() as conn:
            after: int | None = 0 if event_log.has_old(conn, before) else None
        while after is not None:
            after = self._db.writing(partial(event_log.delete_old, before=before, after=after))
        with self._db.reading() as conn:
            expired = channels.has_old_letters(conn, before)
        if expired:
            self._db.writing(lambda conn: channels.delete_old_letters(conn, before))

    def finish_deletions(self) -> None:
        """Recompress raw pages and merge the search index after deletions.

        It takes small transactions, so that others can write; interrupted, the next call goes on.
        """
        finish_deletions(self._db)

    def verify(self, *, watch: Watch = unwatched) -> Verified:
        """Recompute every hash and follow every reference; damage is reported, nothing is changed."""
        return verify.verify(self._db, watch)

    def sizes(self) -> Sizes:
        """Measure the space that the archive takes, by kind and by site."""
        return sizes.measure(self._db)

    def check_up(self, *, now: datetime, watch: Watch = unwatched) -> Verified:
        """Verify the archive and store the result for `last_check`."""
        found = verify.verify(self._db, watch)
        if not found.unchecked:
            self._db.writing(lambda conn: status.note_check(conn, found.broken, now))
        return found

    def last_check(self) -> LastCheck | None:
        """Return the result of the last `check_up`; None if there was none."""
        with self._db.reading() as conn:
            return status.last_check(conn)

    def growth(self, since: datetime) -> tuple[DayGrowth, ...]:
        """Return the bytes added on each day (UTC) since a time, oldest first."""
        with self._db.reading() as conn:
            return status.growth(conn, since)

    def lease_holders(self, now: datetime) -> tuple[LeaseHolder, ...]:
        """Return the processes that poll feeds now, the busiest first."""
        with self._db.reading() as conn:
            return status.lease_holders(conn, now)

    def worker_report(self) -> WorkerReport | None:
        """Return the workers and their queues; None on SQLite, and where no worker was started yet."""
        with self._db.reading() as conn:
            return status.worker_report(conn)

    def database_version(self) -> DatabaseVersion:
        """Return product and version of the database, and the version of the tables."""
        with self._db.reading() as conn:
            return status.database_version(conn)

    def back_up(self, file: Path, *, replace: bool = False, watch: Watch = unwatched) -> int:
        """Write the archive as of now into one SQLite file, while others write; returns its bytes.

        replace: replace an existing file once the new one is complete. Raises ArchiveUnwritable.
        """
        return backup.back_up(self._db, file, watch, replace=replace)

    def copy_to(self, dsn: str, *, watch: Watch = unwatched) -> Copied:
        """Copy everything into an empty database at another address, in one transaction, checked by hashes.

        Raises ArchiveError when it is not empty; then nothing was changed there.
        """
        return backup.copy_to(self._db, dsn, watch)


def finish_deletions(db: Database) -> None:
    """Recompress raw pages and merge the search index after deletions, in small transactions."""
    while _has_loose_pages(db):
        db.writing(store.recompress_some)
    while _needs_merge(db):
        db.writing(writer.merge_some)


def _has_loose_pages(db: Database) -> bool:
    with db.reading() as conn:
        return store.needs_recompression(conn)


def _needs_merge(db: Database) -> bool:
    with db.reading() as conn:
        return writer.needs_merge(conn)
