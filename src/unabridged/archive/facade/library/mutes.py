"""Mute rules of a user."""

from datetime import datetime

from unabridged.archive.articles import mute_rules
from unabridged.archive.records.library import MuteField, MuteKind, MuteRule
from unabridged.archive.storage.engine import Database


class Mutes:
    """Mute rules of one user: `archive.library(user).mutes`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(
        self,
        field: MuteField,
        pattern: str,
        *,
        kind: MuteKind = "words",
        feed: int | None = None,
        now: datetime,
    ) -> MuteRule:
        """Mute future articles and present unread ones; an equal rule that exists is returned.

        Muted articles are stored, delivered as read, with the reason. Raises ArchiveError (a pattern that
        is invalid or matches everything), NotFound (no such subscription of the user's).
        """
        rule = (field, kind, pattern)
        return self._db.writing(lambda conn: mute_rules.add(conn, self._user, rule, feed, now))

    def all(self) -> tuple[MuteRule, ...]:
        """Return the rules, oldest first."""
        with self._db.reading() as conn:
            return mute_rules.list_rules(conn, self._user)

    def remove(self, rule_id: int) -> None:
        """Delete a rule; articles that it muted stay read and marked. Raises NotFound."""
        self._db.writing(lambda conn: mute_rules.remove(conn, self._user, rule_id))
