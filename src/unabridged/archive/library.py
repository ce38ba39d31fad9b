"""What people do in an archive, as part of its facade: tags, tokens, mute rules, erasing, pictures."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from unabridged.archive import replays
from unabridged.archive.db import Database
from unabridged.archive.records_library import Replay, ReplayChange, ReplaySource, Undone


class Library:
    """The part of `Archive` that is about people's own things; every call is for one user."""

    _db: Database

    # Replays

    def replay_sources(
        self, *, feed: int | None = None, since: datetime | None = None, batch: int = 100
    ) -> Iterator[ReplaySource]:
        """Every article whose current version was made of a page that we hold, in steady memory.

        feed: only those that it showed. since: only pages fetched from then on.
        """
        after = 0
        while True:
            with self._db.reading() as conn:
                found = replays.sources_after(conn, after, batch, feed, since)
            yield from found
            if len(found) < batch:
                return
            after = found[-1].article_id

    def count_replay_sources(self, *, feed: int | None = None, since: datetime | None = None) -> int:
        """How many articles `replay_sources` would give."""
        with self._db.reading() as conn:
            return replays.count_sources(conn, feed, since)

    def begin_replay(self, asked: str, *, now: datetime) -> int:
        """Open a replay, under whose number changes can be taken back. asked: with what options."""
        return self._db.writing(lambda conn: replays.begin(conn, asked, now))

    def apply_replay(self, replay_id: int | None, changes: Sequence[ReplayChange], *, now: datetime) -> int:
        """Save versions made anew in one transaction, each unless its article has changed meanwhile.

        replay_id: None for one made in passing, when a page is looked at again. Returns how many were
        saved. Raises NotFound.
        """
        return self._db.writing(lambda conn: replays.apply(conn, replay_id, changes, now))

    def finish_replay(self, replay_id: int, *, now: datetime) -> None:
        """Close a replay."""
        self._db.writing(lambda conn: replays.finish(conn, replay_id, now))

    def undo_replay(self, replay_id: int, *, now: datetime) -> Undone:
        """Take a replay back: articles stand as before, but for those with newer versions.

        Raises NotFound for an unknown one, and for one taken back already.
        """
        return self._db.writing(lambda conn: replays.undo(conn, replay_id, now))

    def replays(self) -> tuple[Replay, ...]:
        """The replays that were applied, oldest first."""
        with self._db.reading() as conn:
            return replays.every_replay(conn)
