"""Re-extraction runs of an archive: stored pages extracted again, their results saved or undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from unabridged.archive.articles import reextraction
from unabridged.archive.records.library import (
    EVERY_PAGE,
    Replay,
    ReplayChange,
    ReplaySelection,
    ReplaySource,
    Undone,
)
from unabridged.archive.storage.engine import Database


class Reextraction:
    """Re-extraction of stored pages, in runs that can be undone: `archive.reextraction`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def sources(
        self, chosen: ReplaySelection = EVERY_PAGE, *, batch: int = 100, part: tuple[int, int] = (0, 1)
    ) -> Iterator[ReplaySource]:
        """Yield every article whose current version was made of a stored page, in steady memory.

        part: index of the part and number of parts.
        """
        after = 0
        while True:
            with self._db.reading() as conn:
                found = reextraction.sources_after(conn, after, batch, chosen, part)
            yield from found
            if len(found) < batch:
                return
            after = found[-1].article_id

    def newest_sources(self, feed: int, *, limit: int) -> tuple[ReplaySource, ...]:
        """Return the newest articles of a feed whose current version was made of a stored page."""
        with self._db.reading() as conn:
            return reextraction.newest_sources(conn, feed, limit)

    def count_sources(self, chosen: ReplaySelection = EVERY_PAGE) -> int:
        """Count the articles that `sources` would yield."""
        with self._db.reading() as conn:
            return reextraction.count_sources(conn, chosen)

    def begin(self, asked: str, *, now: datetime) -> int:
        """Open a run, under whose number its changes can be undone. asked: its options."""
        return self._db.writing(lambda conn: reextraction.begin(conn, asked, now))

    def apply(self, replay_id: int | None, changes: Sequence[ReplayChange], *, now: datetime) -> int:
        """Save new versions in one transaction, except of articles that have changed meanwhile.

        replay_id: None outside a run, when a page is polled again. Returns how many were saved. Raises
        NotFound.
        """
        return self._db.writing(lambda conn: reextraction.apply(conn, replay_id, changes, now))

    def finish(self, replay_id: int, *, now: datetime) -> None:
        """Close a run."""
        self._db.writing(lambda conn: reextraction.finish(conn, replay_id, now))

    def undo(self, replay_id: int, *, now: datetime) -> Undone:
        """Undo a run: articles get their versions from before, except those with newer versions.

        Raises NotFound for a run that is unknown or already undone.
        """
        return self._db.writing(lambda conn: reextraction.undo(conn, replay_id, now))

    def runs(self) -> tuple[Replay, ...]:
        """Return the runs, oldest first."""
        with self._db.reading() as conn:
            return reextraction.list_replays(conn)
